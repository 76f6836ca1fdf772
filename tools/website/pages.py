"""The front page, made from the lessons, and JupyterLite's page with what the site adds to it."""

from __future__ import annotations

import base64
import json
import re
import shutil
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from tools.contents import ContentsError, lesson

from .packages import sha256
from .said import SiteError

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "site"
COPIED = ("front-page.js", "icon.svg", "lesson.js", "loading.js", "saved.js", "site.css")
LESSON_PAGE = "notebooks/index.html"
# Where JupyterLite's page starts: our script runs first, and its note is in the page.
START = "await import(\n          '../config-utils.js"
BODY = re.compile(r"<body[^>]*>")

PICTURE = re.compile(r'src="data:image/svg\+xml;base64,([^"]+)"')

Notebook = dict[str, Any]

# What JupyterLite's kernel writes into a notebook when it opens it. Were it not there already, a
# lesson would count as changed, and be kept as the learner's own, as soon as it is looked at.
KERNEL = {
    "kernelspec": {"name": "python", "display_name": "Python (Pyodide)", "language": "python"},
    "language_info": {
        "codemirror_mode": {"name": "python", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.8",
    },
}


def lay_out(site: Path, lessons: list[Path]) -> None:
    """Add the lessons and all pages to a fresh JupyterLite in the folder ``site``."""
    if not lessons:
        raise SiteError("There is no lesson in the folder notebooks/ to put into the site.")
    notebooks = {path: json.loads(path.read_text(encoding="utf-8")) for path in lessons}
    put_contents(site, notebooks)
    put_pictures(site / "pictures", notebooks)
    for name in COPIED:
        shutil.copy(SOURCE / name, site)
    cards = "".join(card(path, notebook) for path, notebook in notebooks.items())
    note = note_about_python("Python is loaded. A lesson now opens within seconds.")
    write(site / "index.html", Template(read("index.html")).substitute(python=note, lessons=cards))
    page = site / LESSON_PAGE
    note = note_about_python("Python is ready.")
    write(page, lesson_page(page.read_text(encoding="utf-8"), note))


def note_about_python(ready: str) -> str:
    """The note that tells how far Python is, and what it says in the end."""
    return Template(read("python.html")).substitute(ready=ready)


def put_contents(site: Path, notebooks: dict[Path, Notebook]) -> None:
    """Put the lessons where JupyterLite looks for a server's files, and list them there."""
    # When a file was changed, git does not know; any fixed moment will do.
    moment = "2026-01-01T00:00:00Z"
    always = {"mimetype": None, "writable": True, "created": moment, "last_modified": moment}
    files = []
    (site / "files").mkdir()
    for path, notebook in notebooks.items():
        text = json.dumps({**notebook, "metadata": KERNEL}, ensure_ascii=False, indent=1)
        write(site / "files" / path.name, text)
        kind = {"type": "notebook", "format": None, "content": None, "size": len(text.encode())}
        files.append({"name": path.name, "path": path.name, **kind, **always})
    folder = {"type": "directory", "format": "json", "content": files, "size": None}
    (site / "api" / "contents").mkdir(parents=True)
    listing = json.dumps({"name": "", "path": "", **folder, **always})
    write(site / "api" / "contents" / "all.json", listing)


def card(path: Path, notebook: Notebook) -> str:
    """The lesson's entry on the front page, from its first cell."""
    try:
        said = lesson(path, notebook)
    except ContentsError as error:
        raise SiteError(str(error)) from error
    told = {
        "title": escape(said.title),
        "aim": escape("After it you can " + said.aim),
        "time": escape(said.time[0].upper() + said.time[1:]),
    }
    return Template(read("card.html")).substitute(told, file=path.name, stem=path.stem)


def put_pictures(folder: Path, notebooks: dict[Path, Notebook]) -> None:
    """Write a picture for each lesson: of an explorer that no lesson before it has shown."""
    folder.mkdir()
    seen: set[str] = set()
    for path, notebook in notebooks.items():
        found = pictures(notebook)
        if not found:
            raise SiteError(f"{path.name} has no picture in its outputs. Run 'make notebooks'.")
        # Of matplotlib's, which are white on a dark page too, only where there is no other.
        found = [one for one in found if "bpf-picture" in one[1]] or found
        _kind, svg = next((one for one in found if one[0] not in seen), found[0])
        seen |= {kind for kind, _svg in found}
        write(folder / f"{path.stem}.svg", with_dark_colours(svg))


def pictures(notebook: Notebook) -> list[tuple[str, str]]:
    """What kind of explorer each saved picture of a lesson is of, and the picture."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    found = []
    for data in (output.get("data", {}) for output in outputs):
        if image := PICTURE.search("".join(data.get("text/html", ""))):
            kind = "".join(data.get("text/plain", "")).split(" | ")[0]
            found.append((kind, base64.b64decode(image[1]).decode("utf-8")))
    return found


def with_dark_colours(svg: str) -> str:
    """The same picture, with the dark colours where the reader's system wants them."""
    dark = (ROOT / "backprop_lib/pictures/static/dark.css").read_text(encoding="utf-8")
    rules = dark.replace(".bpf-dark", ".bpf-picture") + ".bpf-paper { fill: #1d2126; }"
    style = f"<style>@media (prefers-color-scheme: dark) {{ {rules} }}</style>"
    start, end, rest = svg.partition("</style>")
    return start + end + style + rest if "bpf-picture" in svg else svg


def lesson_page(page: str, note: str) -> str:
    """JupyterLite's page of one notebook, with our note, which is there before all else."""
    head = (
        '<link rel="icon" href="../icon.svg" />\n'
        '    <link rel="stylesheet" href="../site.css" />\n  </head>'
    )
    wait = f"await (await import('../lesson.js')).ready;\n        {START}"
    body = BODY.search(page)
    if page.count(START) != 1 or page.count("</head>") != 1 or not body:
        raise SiteError(
            "JupyterLite's page is not as it was in version 0.6.4: look at lesson_page."
        )
    page = page.replace(START, wait).replace("</head>", head)
    return page.replace(body[0], f"{body[0]}\n{note}").replace("<html>", '<html lang="en">')


def list_files(site: Path) -> None:
    """Write what is to be fetched ahead, and the service worker with the hash of every file."""
    python = site / "static" / "pyodide"
    lock = json.loads((python / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    settings = json.loads((site / "jupyter-lite.json").read_text(encoding="utf-8"))
    later = {lock[name]["file_name"] for name in lock.keys() - started_with(settings, lock)}
    listed: dict[str, list[tuple[str, int, str]]] = {"first": [], "later": []}
    for path in sorted(python.iterdir(), key=lambda path: -path.stat().st_size):
        which = "later" if path.name in later else "first"
        name = path.relative_to(site).as_posix()
        listed[which].append((name, path.stat().st_size, sha256(path)[:16]))
    # All lessons and the pages themselves; of JupyterLab's many files, only those that are used.
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if name.split("/")[0] not in ("build", "extensions", "static", "service-worker.js"):
            listed["later"].append((name, path.stat().st_size, sha256(path)[:16]))
    write(site / "python-files.json", json.dumps(listed))
    files = sorted(path for path in site.rglob("*") if path.is_file())
    hashes = {path.relative_to(site).as_posix(): sha256(path)[:16] for path in files}
    hashes.pop("service-worker.js", None)
    worker = read("service-worker.js").replace("FILES = {};", f"FILES = {json.dumps(hashes)};")
    write(site / "service-worker.js", worker)


def started_with(settings: Notebook, lock: Notebook) -> set[str]:
    """The packages that Python loads as it starts, and all that these depend on."""
    plugins = settings["jupyter-config-data"]["litePluginSettings"]
    kernel = plugins["@jupyterlite/pyodide-kernel-extension:kernel"]
    waiting = list(kernel["loadPyodideOptions"]["packages"])
    found: set[str] = set()
    while waiting:
        name = waiting.pop().replace("_", "-")
        if name not in found:
            found.add(name)
            waiting += lock[name]["depends"]
    return found


def read(name: str) -> str:
    """A file of the folder site/ as text."""
    return (SOURCE / name).read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """Write a text file, the same on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")
