"""What builds the site, as far as it needs neither a network nor a browser: see also tests/site."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools.website import packages, pages
from tools.website.said import SiteError

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PINS = (ROOT / "site" / "requirements.txt").read_text(encoding="utf-8")
WORKER = (ROOT / "site" / "service-worker.js").read_text(encoding="utf-8")


def wheel(folder: Path, name: str = "numpy-2.0.2-py3-none-any.whl") -> packages.Lock:
    """A small wheel, and what a lock says of it."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("numpy/__init__.py", "")
        archive.writestr("numpy-2.0.2.dist-info/METADATA", "")
    return {"file_name": name, "sha256": packages.sha256(folder / name)}


def test_every_tool_and_wheel_is_pinned_to_one_version() -> None:
    lines = [line for line in PINS.splitlines() if not line.startswith(("#", "    --hash=sha256:"))]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+ \\", line)] == []


def test_a_wheel_is_asked_for_with_the_hashes_of_its_version() -> None:
    pins = packages.pins(PINS)
    assert pins.keys() >= {"anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions"}
    for name, (version, asked) in pins.items():
        assert packages.normal(asked.split("==")[0]) == name
        assert asked.split()[0].endswith(f"=={version}")
        assert re.fullmatch(r"(--hash=sha256:[0-9a-f]{64} ?)+", " ".join(asked.split()[1:]))


def test_a_wheel_comes_out_of_the_folder_that_was_named(tmp_path: Path) -> None:
    entry = wheel(tmp_path)
    assert packages.fetched(entry, tmp_path, tmp_path / "cache") == tmp_path / entry["file_name"]


def test_a_wheel_that_is_missing_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"has no numpy.*\. Put that file of Pyodide 0\.27\.7"):
        packages.fetched({**wheel(tmp_path), "file_name": "numpy-9.whl"}, tmp_path, tmp_path)


def test_a_wheel_that_is_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"Expected numpy.* with the SHA-256 0000"):
        packages.fetched({**wheel(tmp_path), "sha256": "0000"}, tmp_path, tmp_path)


def test_without_a_folder_and_a_network_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "RELEASE", (tmp_path / "nowhere").as_uri() + "/")
    entry = wheel(tmp_path)
    (tmp_path / "cache").mkdir()
    with pytest.raises(SiteError, match=r"could not be fetched.*make site WHEELS=folder"):
        packages.fetched(entry, None, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_npm_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SiteError, match=r"needs npm.*Install Node\.js"):
        packages.pyodide_core(tmp_path)


def test_the_lock_has_the_hashes_of_the_files_that_are_there(tmp_path: Path) -> None:
    entry = wheel(tmp_path)
    packages.write_lock(tmp_path, {"packages": {"numpy": {**entry, "sha256": "old"}}})
    lock = json.loads((tmp_path / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]["numpy"]["sha256"] == entry["sha256"]


def test_the_names_that_can_be_imported_come_from_the_wheel(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some-1-py3-none-any.whl", "w") as archive:
        for name in ("some/__init__.py", "alone.py", "some-1.dist-info/RECORD", "some/data.txt"):
            archive.writestr(name, "")
    assert packages.modules(tmp_path / "some-1-py3-none-any.whl") == ["alone", "some"]


def test_what_a_package_needs_comes_along_but_not_what_is_left_out() -> None:
    release = {name: {"depends": []} for name in ("numpy", "micropip", "traitlets", "pytz")}
    release["ipython"] = {"depends": ["traitlets", "jedi"]}
    release["matplotlib"] = {"depends": ["numpy", "pytz"]}
    found = packages.needed(release)
    assert found == ["ipython", "matplotlib", "micropip", "numpy", "traitlets"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_has_what_the_front_page_tells_of_it(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    card = pages.card(path, notebook)
    assert f'href="notebooks/index.html?path={path.name}"' in card
    assert re.search(r"<p>After it you can \w.+\.</p>", card)
    assert re.search(r'"minutes">About \d+ minutes[^<]*</p>', card)
    assert "*" not in card
    assert "$" not in card
    assert pages.pictures(notebook)


def test_a_lesson_without_such_a_first_cell_is_named() -> None:
    with pytest.raises(SiteError, match=r"first cell of 11_more\.ipynb should hold a title"):
        pages.card(Path("11_more.ipynb"), {"cells": [{"source": ["# Only a title"]}]})


def test_each_lesson_is_shown_by_an_explorer_that_is_new_in_it(tmp_path: Path) -> None:
    def lesson(*kinds: str) -> pages.Notebook:
        outputs = [
            {"data": {"text/html": f'<img src="data:image/svg+xml;base64,{data}">',
                      "text/plain": f"{kind} | where it stands"}}
            for kind, data in ((kind, {"Floor": "Rmxvb3I=", "Loss": "TG9zcw=="}[kind])
                               for kind in kinds)
        ]  # fmt: skip
        return {"cells": [{"outputs": outputs}]}

    lessons = {"0": lesson("Floor"), "1": lesson("Floor", "Loss"), "2": lesson("Floor")}
    pages.put_pictures(tmp_path / "p", {Path(name): one for name, one in lessons.items()})
    shown = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "p").iterdir()}
    assert shown == {"0": "Floor", "1": "Loss", "2": "Floor"}


def test_a_picture_has_dark_colours_for_a_dark_page() -> None:
    svg = '<svg class="bpf-picture"><style>a{}</style><rect class="bpf-paper"/></svg>'
    dark = pages.with_dark_colours(svg)
    assert dark.count("prefers-color-scheme: dark") == 1
    assert ".bpf-picture { color-scheme: dark" in dark


def test_another_page_of_jupyterlite_is_not_changed_blindly() -> None:
    with pytest.raises(SiteError, match="look at lesson_page"):
        pages.lesson_page("<html><head></head><body></body></html>", "note")


def test_the_service_worker_learns_the_hash_of_every_file(tmp_path: Path) -> None:
    python = tmp_path / "static" / "pyodide"
    python.mkdir(parents=True)
    entry = {**wheel(python), "depends": []}
    packages.write_lock(python, {"packages": {"numpy": entry}})
    kernel = {"@jupyterlite/pyodide-kernel-extension:kernel": {
        "loadPyodideOptions": {"packages": ["numpy"]}}}  # fmt: skip
    settings = {"jupyter-config-data": {"litePluginSettings": kernel}}
    pages.write(tmp_path / "jupyter-lite.json", json.dumps(settings))
    pages.write(tmp_path / "index.html", "front")
    pages.list_files(tmp_path)
    written = (tmp_path / "service-worker.js").read_text(encoding="utf-8")
    hashes = json.loads(re.search(r"const FILES = (\{.+?\});", written)[1])  # type: ignore[index]
    for name, found in hashes.items():
        assert packages.sha256(tmp_path / name).startswith(found)
    assert {"index.html", "python-files.json", "static/pyodide/pyodide-lock.json"} <= hashes.keys()
    listed = json.loads((tmp_path / "python-files.json").read_text(encoding="utf-8"))
    assert [name for name, *_rest in listed["later"]] == ["index.html", "jupyter-lite.json"]
    assert f"static/pyodide/{entry['file_name']}" in [name for name, *_rest in listed["first"]]


TWO_COPIES = """
const vm = require("vm");
const [worker, hosts] = [process.argv[1], "https://school.example"];
const kept = new Map(); // of the host: name of a cache -> addresses
const cache = (name) => ({
  keys: async () => [...kept.get(name)].map((url) => ({ url })),
  delete: async ({ url }) => kept.get(name).delete(url),
  match: async () => undefined,
  put: async (url) => kept.get(name).add(url),
});
const caches = {
  has: async (name) => kept.has(name),
  open: async (name) => (kept.has(name) || kept.set(name, new Set()), cache(name)),
};
const start = (folder, hash) => {
  const heard = {};
  const self = {
    registration: { scope: hosts + folder }, skipWaiting() {},
    clients: { claim() {} }, addEventListener: (name, what) => (heard[name] = what),
  };
  const code = worker.replace("FILES = {};", `FILES = { "a.js": "${hash}" };`);
  vm.runInNewContext(code, {
    self, caches, URL, Object, Map, Set, Promise,
    fetch: async () => ({ status: 200, clone: () => ({}) }),
  });
  return heard;
};
const wait = (event) => new Promise((done) => done()).then(() => Promise.all(event.waiting));
const activate = async (copy) => {
  const event = { waiting: [], waitUntil(what) { this.waiting.push(what); } };
  copy.activate(event);
  await wait(event);
};
const visit = async (copy, url) => {
  const event = {
    request: { method: "GET", url }, waiting: [],
    waitUntil(what) { this.waiting.push(what); },
    respondWith(what) { this.waiting.push(what); },
  };
  copy.fetch(event);
  await Promise.all(event.waiting);
  await Promise.all(event.waiting);
};
(async () => {
  kept.set("backprop-factory", new Set([`${hosts}/one/a.js?0`, `${hosts}/else/a.js?0`]));
  const [one, two] = [start("/one/", "1"), start("/two/", "2")];
  for (const copy of [one, two]) await activate(copy);
  await visit(one, `${hosts}/one/a.js`);
  await visit(two, `${hosts}/two/a.js`);
  await activate(start("/one/", "3")); // a new build of the one
  await activate(two);
  console.log(JSON.stringify(Object.fromEntries([...kept].map(([k, v]) => [k, [...v]]))));
})();
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as building the site does")
def test_two_copies_on_one_host_leave_each_other_what_they_keep() -> None:
    done = subprocess.run(
        ["node", "-e", TWO_COPIES, WORKER], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "backprop-factory": ["https://school.example/else/a.js?0"],  # another's, of an older build
        "backprop-factory /one/": [],  # which its new build fetches anew
        "backprop-factory /two/": ["https://school.example/two/a.js?2"],
    }


def test_the_page_looks_where_the_service_worker_keeps() -> None:
    loading = (ROOT / "site" / "loading.js").read_text(encoding="utf-8")
    assert "`backprop-factory ${new URL(root).pathname}`" in WORKER
    assert "`backprop-factory ${root.pathname}`" in loading


def test_no_page_of_ours_names_another_address() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "site").iterdir()}
    found = {
        name: re.findall(r"https?://(?!www\.w3\.org/)\S+", text) for name, text in texts.items()
    }
    assert {name: what for name, what in found.items() if what} == {}
    assert "FILES = {};" in WORKER
