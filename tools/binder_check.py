"""Prove the Binder launch as far as it can be proved without a Docker engine.

repo2docker writes the Dockerfile that Binder would build from, and this looks at it. Then a plain
environment gets the very versions that repo2docker's base image brings, and on top of them
binder/requirements.txt, as the Dockerfile does. In that environment all lessons run and are
compared with their stored outputs, and one of them runs in a real browser.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
RUNTIME = "binder/runtime.txt"
REQUIREMENTS = "binder/requirements.txt"
REPO2DOCKER = "tools/binder-requirements.txt"
FROZEN_FOLDER = "repo2docker/buildpacks/conda"

# What a conda package is called on PyPI, where that is not the same.
ON_PYPI = {
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
}
# What a page, a notebook and a widget are shown with: it stays as Binder has it.
KEPT = ("jupyterlab", "notebook", "ipywidgets", "jupyterlab-widgets", "nbconvert")
# What the tests themselves need, in the versions of requirements.txt.
TESTERS = ("axe-playwright-python", "hypothesis", "nbval", "playwright", "pytest")
# Warnings are errors in our own tests; older packages' warnings are not ours to mend.
PYTEST = ("-m", "pytest", "-q", "-rs", "-W", "ignore", "-p", "no:cacheprovider")
STRICT = "addopts=--nbval --nbval-current-env --nbval-cell-timeout=120"
LESSON = "01_forward"

Versions = dict[str, str]


class BinderError(Exception):
    """Binder would not run the lessons; the text is a sentence that says what to do."""


def normal(name: str) -> str:
    """A package's name as pip compares it.

    >>> normal("Jupyterlab_Widgets")
    'jupyterlab-widgets'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted_python(runtime: str) -> str:
    """The Python that binder/runtime.txt asks for: ``python-3.11`` gives ``3.11``."""
    found = re.fullmatch(r"python-(3\.\d+)\s*", runtime)
    if not found:
        raise BinderError(f"{RUNTIME} must read like 'python-3.11', and reads {runtime!r}.")
    return found[1]


def frozen_name(dockerfile: str, python: str) -> str:
    """The name of the file with the base image's versions that a Dockerfile copies into it.

    repo2docker writes each sign of a copied file's path that is no letter or digit as a minus and
    its code: ``-2e`` is a dot.
    """
    plain = re.sub(r"-([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), dockerfile)
    found = re.search(rf"environment\.py-{re.escape(python)}-[\w-]+?\.lock", plain)
    if not found:
        raise BinderError(
            f"repo2docker has no base image with Python {python}. Write a Python that it supports "
            f"into {RUNTIME}: its page https://repo2docker.readthedocs.io lists them."
        )
    return found[0]


def faults(dockerfile: str) -> list[str]:
    """What is wrong with a Dockerfile: a sentence for each fault, or an empty list."""
    lines = dockerfile.splitlines()
    copies = [place for place, line in enumerate(lines) if re.match(r"COPY .*src/ \$", line)]
    installs = [
        place
        for place, line in enumerate(lines)
        if line.startswith("RUN") and "pip install" in line and REQUIREMENTS in line
    ]
    found = []
    if not installs:
        found.append(f"It does not install {REQUIREMENTS}: is the file where it should be?")
    if not copies:
        found.append("It does not copy the repository into the image, so no lesson would be there.")
    if copies and installs and installs[0] < copies[0]:
        found.append(
            "It installs before it copies the repository, so the package itself cannot be found: "
            f"{REQUIREMENTS} must name the package with a dot, on a line of its own."
        )
    return found


def frozen(text: str) -> tuple[str, Versions]:
    """The Python, and the other Python packages with their versions, in a frozen conda file.

    Each line there ends in NAME-VERSION-BUILD, and the build of a Python package begins with "py".
    """
    python, versions = "", {}
    for line in text.splitlines():
        found = re.search(r"/([^/]+)-([^-/]+)-([^-/]+)\.(?:conda|tar\.bz2)(?:#|$)", line)
        if not found:
            continue
        name, version, build = found[1], found[2], found[3]
        if name == "python":
            python = version
        elif build.startswith("py"):
            versions[normal(ON_PYPI.get(name, name))] = version
    missing = [name for name in KEPT if name not in versions]
    if missing or not python:
        raise BinderError(
            f"repo2docker's frozen file does not name {', '.join(missing) or 'a Python'}. Its form "
            "has changed: mend the function 'frozen' in tools/binder_check.py."
        )
    return python, versions


def changed(before: Versions, after: Versions) -> list[str]:
    """What pip has made of the base: ``name 1.0 became 2.0`` for each package that it replaced."""
    return [
        f"{name} {version} became {after.get(name, 'nothing')}"
        for name, version in sorted(before.items())
        if after.get(name) != version
    ]


def pins(text: str) -> Versions:
    """The exact versions in the text of a requirements file; other lines are passed over."""
    found = re.findall(r"^([\w.-]+)==([\w.]+)", text, re.M)
    return {normal(name): version for name, version in found}


def main() -> int:
    """Check, and say what was seen; the exit status is 1, with a sentence, when a check fails."""
    try:
        version = wanted_python(read(RUNTIME))
        dockerfile, base_file = ask_repo2docker(version)
        print(dockerfile)
        if wrong := faults(dockerfile):
            raise BinderError("\n".join(["The Dockerfile will not do.", *wrong]))
        exact, base = frozen(base_file)
        kept = ", ".join(f"{name} {base[name]}" for name in KEPT)
        say(f"The Dockerfile is in order. Its base brings Python {exact}, {kept}.")
        python = environment(version, exact, base)
        add_lessons(python, base)
        check_lessons(python)
    except BinderError as error:
        print(error, file=sys.stderr)
        return 1
    say(f"All lessons run on what Binder has, and {LESSON} runs in a browser there.")
    return 0


def ask_repo2docker(version: str) -> tuple[str, str]:
    """The Dockerfile that repo2docker writes for this repository, and its base's frozen file."""
    python = made(BUILD / "binder-repo2docker", sys.executable, read(REPO2DOCKER))
    command = [python, "-m", "repo2docker", "--no-build", "--debug", "."]
    dockerfile = run(command, "repo2docker could not make a Dockerfile of this repository.")
    package = "import repo2docker; print(*repo2docker.__path__)"
    folder = Path(run([python, "-c", package], "repo2docker cannot be imported.").strip()).parent
    path = folder / FROZEN_FOLDER / frozen_name(dockerfile, version)
    return dockerfile, path.read_text(encoding="utf-8")


def environment(version: str, exact: str, base: Versions) -> Path:
    """The Python of an environment with the base image's versions."""
    chosen = interpreter(version)
    own = run([chosen, "-c", "import sys; print(sys.version.split()[0])"], "Python did not start.")
    if own.startswith(f"{version}."):
        say(f"The lessons are checked with Python {own.strip()}; Binder has {exact}.")
    else:
        say(
            f"Python {version}, which Binder has, is not here, so the lessons are checked with "
            f"Python {own.strip()}. To be sure, install Python {version} and run this again."
        )
    listed = "".join(f"{name}=={number}\n" for name, number in sorted(base.items()))
    # What is added may replace some of that, so another addition begins with a new environment.
    added = "".join(f"# And {line}\n" for line in read(REQUIREMENTS).splitlines())
    return made(BUILD / "binder-env", chosen, f"# On Python {own}{added}{listed}")


def interpreter(version: str) -> str:
    """A Python of this version when there is one, else the one that runs this."""
    if sys.version.startswith(f"{version}."):
        return sys.executable
    path = shutil.which(f"python{version}")
    # pyenv puts a name on PATH also for versions that it does not start.
    if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
        return path
    return sys.executable


def made(folder: Path, python: str, requirements: str) -> Path:
    """The Python of an environment with exactly these requirements, made anew when they change."""
    own = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    have = folder / "requirements.txt"
    if not (have.exists() and have.read_text(encoding="utf-8") == requirements):
        say(f"Making {folder.relative_to(ROOT)}: the first time, this takes a minute or two.")
        run([python, "-m", "venv", "--clear", folder], "Python could not make an environment.")
        wanted = folder / "wanted.txt"
        wanted.write_text(requirements, encoding="utf-8")
        pip(own, "install", "--no-deps", "-r", wanted)
        wanted.rename(have)
    return own


def add_lessons(python: Path, base: Versions) -> None:
    """Install what the Dockerfile does, and after it what the tests need, which changes nothing."""
    pip(python, "install", "-r", REQUIREMENTS)
    after = installed(python)
    replaced = changed(base, after)
    if shown := [line for line in replaced if line.split()[0] in KEPT]:
        raise BinderError(
            f"{REQUIREMENTS} changes what Binder shows the lessons with: {'; '.join(shown)}. "
            "Widgets may then stay blank: ask for an older version of what it names."
        )
    say(f"Packages of the base that {REQUIREMENTS} replaced: {'; '.join(replaced) or 'none'}.")
    ours = pins(read("requirements.txt"))
    limits = BUILD / "binder-constraints.txt"
    after = {name: number for name, number in after.items() if name != "backprop-factory"}
    limits.write_text("".join(f"{n}=={v}\n" for n, v in sorted((ours | after).items())))
    pip(python, "install", "-c", limits, *(f"{name}=={ours[name]}" for name in TESTERS))


def installed(python: Path) -> Versions:
    """What an environment holds."""
    listed = run([python, "-m", "pip", "list", "--format", "json"], "pip cannot list packages.")
    return {normal(one["name"]): one["version"] for one in json.loads(listed)}


def check_lessons(python: Path) -> None:
    """Run all lessons against their stored outputs, and one in a browser."""
    parts = [
        ("All lessons, against their stored outputs", (STRICT, "notebooks"), "pytest --nbval"),
        (
            f"{LESSON} in a browser, in JupyterLab and in Notebook",
            ("addopts=", "tests/browser/test_lessons_page.py", "-k", LESSON),
            "the browser test",
        ),
    ]
    # The kernels must find the package where pip has put it, and nowhere else.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["BACKPROP_THOROUGH"] = "1"
    for what, (options, *arguments), name in parts:
        start = time.monotonic()
        say(f"{what}:")
        command = [str(python), *PYTEST, "-o", options, *arguments]
        if subprocess.run(command, cwd=ROOT, env=environment).returncode:
            raise BinderError(
                f"{name} fails with Binder's versions: the lines above say where. When "
                "`make test` passes, the difference is in a version that the base brings."
            )
        say(f"That took {time.monotonic() - start:.0f} seconds.")


def read(name: str) -> str:
    """The text of a file of this repository."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BinderError(f"{name} is missing: get it back with 'git checkout {name}'.") from None


def pip(python: Path, *arguments: object) -> None:
    """Run pip, which says itself what is wrong."""
    command = [python, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    run(command, "pip could not install a package: is there a network?")


def run(command: list[object], failure: str) -> str:
    """What a command prints; all that it said is told when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise BinderError(f"{failure} This is what it said:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def say(sentence: str) -> None:
    """Print at once, so that a long wait is explained while it lasts."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
