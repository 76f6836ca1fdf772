"""What would hurt a newcomer, or leak from a developer's machine, if it slipped into a commit."""

from __future__ import annotations

import doctest
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools import badge, contents

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))

MADE = {
    ".git",
    ".venv",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "node_modules",
}
# In tests, a made-up person's folder is /home/ada.
NEVER_COMMITTED = {
    "the address of a package index": re.compile(
        r"index[-_]?url|find[-_]links|trusted[-_]host|https?://[^\s\"')]+/(simple|pypi|npm)/", re.I
    ),
    "a download address": re.compile(r"https?://[^\s\"')]+\.(whl|tgz|tar\.gz)\b", re.I),
    "a path of one machine": re.compile(
        r"(?<![\w.])/(root|home|work|Users)/(?!ada/)\w|\b[A-Z]:\\+Users\\|/site-packages/|ipykernel_\d",
        re.A,
    ),
}


def committed() -> list[Path]:
    """The files that git knows or would take; without git, all that nothing here has made."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        asked = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / name for name in asked.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if MADE.isdisjoint(path.parts)]
    return [path for path in paths if path.is_file()]


HASHES = re.compile(r"( \\\n +--hash=sha256:[0-9a-f]{64})+$", re.M)


def pins(name: str) -> dict[str, Requirement]:
    """What a requirements file asks for; its hashes stand below each version, and are left out."""
    text = HASHES.sub("", (ROOT / name).read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "."))]
    found = [Requirement(line) for line in lines]
    return {requirement.name.lower(): requirement for requirement in found}


def workflows() -> dict[str, str]:
    folder = ROOT / ".github" / "workflows"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yml")}


def recipe(target: str) -> list[str]:
    """The commands of a target in the Makefile, as a person on Linux would type them."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    body = re.search(rf"^{re.escape(target)}:.*\n((?:\t.*\n)+)", makefile, re.M)
    assert body, f"no target {target} in the Makefile"
    typed = body[1].replace("$(BIN)", ".venv/bin").replace("$(ARGS)", "")
    return [line.strip(" \t@") for line in typed.splitlines()]


# What is committed


def leaks(text: str) -> list[str]:
    found = [(what, pattern.search(text)) for what, pattern in NEVER_COMMITTED.items()]
    return [f"{what}: {match[0]!r}" for what, match in found if match]


def test_no_committed_file_tells_where_it_was_made() -> None:
    paths = [path for path in committed() if path != Path(__file__).resolve()]
    assert ROOT / "requirements.txt" in paths
    found = {}
    for path in paths:
        try:
            found[path.name] = leaks(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # a picture or an array
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "text",
    [
        "--extra-index-url https://mirror.example/simple/",
        "numpy @ https://files.example/packages/numpy-2.4.6-cp311-none-any.whl",
        '"resolved": "https://mirror.example/npm/left-pad/-/left-pad-1.0.0.tgz"',
        "File /home/bo/factory/notebooks/x.py",
        '"file:///root/factory"',
        r"C:\\Users\\ada\\factory",
        "/tmp/ipykernel_4711/1.py",
    ],
)
def test_such_traces_are_recognised(text: str) -> None:
    assert leaks(text)


def test_no_test_module_takes_anything_from_another() -> None:
    """What two of them share stands in a module of its own, such as `picture_reader.py`."""
    taken = re.compile(r"^\s*(?:from|import) (?:tests\.)?test_", re.M)
    assert taken.search("from test_pictures import faults")
    for path in (ROOT / "tests").rglob("*.py"):
        assert not taken.search(path.read_text(encoding="utf-8")), path.name


def test_ordinary_addresses_and_paths_are_not_taken_for_traces() -> None:
    assert not leaks("https://example.org/home/page and notebooks/00_welcome.ipynb, ./work/it")


# Pins


def test_every_pin_names_one_version() -> None:
    found = pins("requirements.txt")
    assert found
    loose = [
        str(pin) for pin in found.values() if not re.fullmatch(r"==[\w.]+", str(pin.specifier))
    ]
    assert loose == []


@pytest.mark.parametrize("name", ["requirements.txt", "site/requirements.txt"])
def test_every_pin_has_the_hashes_of_its_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    without = HASHES.sub(" hashed", text)
    pinned = [line for line in without.splitlines() if not line.startswith("#")]
    assert len(pinned) > 15
    assert [line for line in pinned if not line.endswith(" hashed")] == []
    assert "generate-hashes" in text.split("\n\n")[0]


def test_all_that_the_project_asks_for_is_pinned_within_its_bounds() -> None:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    found = pins("requirements.txt")
    for requirement in (Requirement(line) for group in groups for line in group):
        pin = found.get(requirement.name.lower())
        assert pin, f"{requirement.name} has no pin"
        version = str(pin.specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement} against {pin}"


def test_every_action_is_named_by_its_commit() -> None:
    used = [line for text in workflows().values() for line in re.findall(r"uses: (.*)", text)]
    assert len(used) >= 7
    by_commit = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used if not by_commit.fullmatch(line)] == []


def test_whoever_tries_the_site_serves_it_to_this_machine_alone() -> None:
    said = [README, (ROOT / "docs" / "classroom.md").read_text(encoding="utf-8")]
    said.append((ROOT / "tools" / "website" / "__main__.py").read_text(encoding="utf-8"))
    commands = [line for text in said for line in re.findall(r"-m http\.server.*", text)]
    assert len(commands) == 3
    assert [line for line in commands if "--bind 127.0.0.1 " not in line] == []


# Binder


def test_binder_gets_a_python_in_the_form_that_it_reads() -> None:
    assert re.fullmatch(r"python-3\.1[12]\n", (ROOT / "binder/runtime.txt").read_text())


def test_binder_installs_this_package_and_keeps_its_own_jupyter() -> None:
    assert "." in (ROOT / "binder/requirements.txt").read_text().splitlines()
    found, ours = pins("binder/requirements.txt"), pins("requirements.txt")
    theirs = {"jupyterlab", "notebook", "ipywidgets", "jupyterlab-widgets", "jupyterlab_widgets"}
    assert theirs.isdisjoint(found)
    assert {name: str(pin) for name, pin in found.items()} == {n: str(ours[n]) for n in found}


# The README


def test_the_readme_tells_the_commands_that_are_run() -> None:
    assert "```sh\nmake lab\n```" in README
    assert "```sh\nmake test\n```" in README
    assert "make test" in (ROOT / ".ci/run").read_text().splitlines()
    assert "run: bash .ci/run" in (ROOT / ".github/workflows/test.yml").read_text()


@pytest.mark.parametrize("target", ["test", "$(READY)", "lab"])
def test_the_plain_commands_are_those_of_the_makefile(target: str) -> None:
    typed = " ".join(recipe(target))
    said = [line for line in README.splitlines() if line.startswith(".venv/bin/python -m ")]
    quiet = typed.replace("--quiet --disable-pip-version-check ", "")
    modules = re.findall(r"\.venv/bin/python -m (?!pip --version)\S+", quiet)
    matching = [line for line in said if line in quiet]
    assert matching
    assert len(matching) == len(modules), f"{typed!r} against {matching}"


def test_every_lesson_is_in_the_lists_of_lessons(capsys: pytest.CaptureFixture[str]) -> None:
    assert contents.main(["--check"]) == 0, capsys.readouterr()
    rows = re.findall(r"^\| \[.+?\]\(notebooks/(.+?)\)", README, re.M)
    assert rows == NOTEBOOKS


def test_a_new_lesson_comes_into_the_lists_with_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("notebooks", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "README.md", tmp_path)
    new = json.loads((ROOT / "notebooks" / NOTEBOOKS[0]).read_text(encoding="utf-8"))
    new["cells"][0]["source"] = (
        "# 11. More: of it\n\n**After this lesson you can** do *more*.\n\n"
        "**Time:** about 25 minutes. **You need:** less."
    )
    del new["metadata"]["teacher"]
    path = tmp_path / "notebooks" / "11_much_more.ipynb"
    path.write_text(json.dumps(new), encoding="utf-8")
    assert contents.main([], tmp_path) == 1
    assert "metadata of 11_much_more.ipynb should hold" in capsys.readouterr().err
    new["metadata"]["teacher"] = {"watch": "the hats", "idea": "less is more"}
    path.write_text(json.dumps(new), encoding="utf-8")
    assert contents.main(["--check"], tmp_path) == 1
    assert capsys.readouterr().out.count("run python tools/contents.py") == 2
    assert contents.main([], tmp_path) == 0
    row = "| [11 Much more](notebooks/11_much_more.ipynb) | do more |\n"
    assert README.count("notebooks/10_build_your_own.ipynb") == 1
    assert row in (tmp_path / "README.md").read_text(encoding="utf-8")
    row = "| [11 Much more](../notebooks/11_much_more.ipynb) | 25 | the hats | less is more |\n"
    assert row in (tmp_path / "docs" / "classroom.md").read_text(encoding="utf-8")
    assert contents.main(["--check"], tmp_path) == 0


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))])
def test_every_link_leads_somewhere(page: str) -> None:
    """To a file that is there, and in it to a heading."""
    for link in re.findall(r"\]\((?!https?://)([^)]+)\)", (ROOT / page).read_text("utf-8")):
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        if anchor:
            lines = target.read_text(encoding="utf-8").splitlines()
            headings = [line.lstrip("# ").lower() for line in lines if line.startswith("#")]
            assert anchor in {re.sub(r"[^\w -]", "", one).replace(" ", "-") for one in headings}


def test_the_page_about_the_inside_leads_into_every_room() -> None:
    page = (ROOT / "docs" / "inside.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "backprop_lib").glob("*/__init__.py")}
    assert {room for room in rooms if f"](../backprop_lib/{room}/" not in page} == set()


def test_the_readme_names_every_folder() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in committed() if path.parent != ROOT}
    assert {name for name in folders if name[0] != "." and f"| `{name}/` |" not in README} == set()


def test_the_example_in_the_readme_runs() -> None:
    example = re.search(r"```python\n(.*?)```", README, re.S)
    assert example
    parsed = doctest.DocTestParser().get_doctest(example[1], {}, "README.md", "README.md", 0)
    assert len(parsed.examples) >= 5
    said: list[str] = []
    result = doctest.DocTestRunner().run(parsed, out=said.append)
    assert result.failed == 0, "".join(said)


# The package


def test_the_built_package_carries_all_its_files(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*command, "--directory", tmp_path], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    source = {path.relative_to(ROOT).as_posix() for path in committed()}
    source = {name for name in source if name.startswith("backprop_lib/")}
    assert any(name.startswith("backprop_lib/datasets/data/") for name in source)
    assert source - packed == set()
    assert {name.split("/")[0] for name in packed - source} == {wheel_information(wheel)}


def wheel_information(wheel: Path) -> str:
    return "-".join(wheel.name.split("-")[:2]) + ".dist-info"


# The badge

LESSON = "?labpath=notebooks%2F00_welcome.ipynb"


@pytest.mark.parametrize(
    ("remote", "link"),
    [
        ("https://github.com/ada/factory.git", "gh/ada/factory/HEAD"),
        ("https://github.com/ada/factory", "gh/ada/factory/HEAD"),
        ("https://GitHub.com/ada/factory/", "gh/ada/factory/HEAD"),
        ("git@github.com:ada/factory.git", "gh/ada/factory/HEAD"),
        ("ssh://git@github.com:22/ada/factory.git", "gh/ada/factory/HEAD"),
        ("https://ada:s3cret@github.com/ada/factory.git", "gh/ada/factory/HEAD"),
        ("https://gitlab.com/school/maths/factory.git", "gl/school%2Fmaths%2Ffactory/HEAD"),
        ("git@gitlab.com:ada/factory.git", "gl/ada%2Ffactory/HEAD"),
        (
            "https://git.example/ada/factory.git",
            "git/https%3A%2F%2Fgit.example%2Fada%2Ffactory/HEAD",
        ),
        ("git@git.example:ada/factory", "git/https%3A%2F%2Fgit.example%2Fada%2Ffactory/HEAD"),
    ],
)
def test_the_badge_leads_to_the_first_lesson_of_whoever_publishes(remote: str, link: str) -> None:
    assert badge.binder_link(remote) == f"https://mybinder.org/v2/{link}{LESSON}"


@pytest.mark.parametrize(
    "remote",
    ["../factory.git", "/srv/git/factory.git", "file:///srv/factory.git", r"C:\git\factory"],
)
def test_a_remote_that_binder_cannot_reach_gets_a_sentence(remote: str) -> None:
    with pytest.raises(badge.BadgeError, match="Binder cannot reach"):
        badge.binder_link(remote)


def test_the_badge_replaces_only_what_stands_between_the_comments() -> None:
    before, after = README.split(badge.BEGIN)[0], README.split(badge.END)[1]
    first = badge.with_badge(README, "https://github.com/ada/factory.git")
    assert first.startswith(before)
    assert first.endswith(after)
    assert badge.binder_link("https://github.com/ada/factory.git") in first
    second = badge.with_badge(first, "https://github.com/bo/factory.git")
    assert "ada/factory" not in second
    assert badge.with_badge(second, "https://github.com/bo/factory.git") == second


def test_make_badge_writes_once_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    readme = tmp_path / "README.md"
    readme.write_text(f"Top\n{badge.BEGIN}\n{badge.END}\nEnd\n")
    git("init")
    assert badge.main(tmp_path) == 1
    assert "git remote add origin" in capsys.readouterr().err
    git("remote", "add", "origin", "git@github.com:ada/factory.git")
    assert badge.main(tmp_path) == 0
    written = readme.read_bytes()
    assert b"gh/ada/factory/HEAD" in written
    assert badge.main(tmp_path) == 0
    assert readme.read_bytes() == written
    assert "already" in capsys.readouterr().out
    readme.write_text("No place for it.")
    assert badge.main(tmp_path) == 1
    assert "must hold" in capsys.readouterr().err
