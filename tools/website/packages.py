"""Gather Python itself and every package that the lessons import, for the browser.

All of it lands in one folder beside a ``pyodide-lock.json``, in which Pyodide looks up what an
``import`` needs. That file lists only what is there, so nothing is ever asked for elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from .said import SiteError

# The npm package that holds Python for the browser. Its hash vouches for everything that comes from
# Pyodide: its own pyodide-lock.json gives the hash of each wheel of that release.
PYODIDE = "0.27.7"
PYODIDE_SHA256 = "89d5d952675eb08e11286e52c7238f1248ce71726e896db9703e73bef23dc343"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
COMPILE = Path(__file__).with_name("compile.mjs")
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")

# What the notebook's kernel loads before it is ready (pyodide-kernel's own list, in worker.ts), so
# that Pyodide fetches it while it starts, and what every lesson imports in its first cell.
KERNEL = ("micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi")
BOOT = (*KERNEL, "ipython", "numpy", "backprop-factory")
# The kernel asks for these, and no lesson does. Their entries name one empty file: with OpenSSL and
# Jedi themselves, four megabytes more would travel.
EMPTY = ("ssl", "jedi")
# matplotlib's metadata asks for these too: PDF files and time zones need them.
LEFT_OUT = (*EMPTY, "fonttools", "pytz")
# From Pyodide's release, with all that they depend on in its lock.
FROM_PYODIDE = ("ipython", "matplotlib", "micropip", "numpy")

# Pure Python from elsewhere: what is imported from a wheel, and what that import needs. The order
# is the one in which they build on each other. Left out is what the package metadata asks for, but
# nothing here imports: the files of JupyterLab's widget manager, which are in the page already.
OTHERS: dict[str, tuple[str, ...]] = {
    "comm": ("traitlets",),
    "ipykernel": (),
    "piplite": ("micropip",),
    "pyodide-kernel": ("ipython",),
    "psygnal": (),
    "typing-extensions": (),
    "widgetsnbextension": (),
    "ipywidgets": ("comm", "ipython", "widgetsnbextension"),
    "anywidget": ("ipywidgets", "psygnal", "typing-extensions"),
    # matplotlib comes when a lesson imports it, or our plots, which need it.
    "backprop-factory": ("numpy", "anywidget"),
}
ALSO_IMPORTED_AS = {"matplotlib": ["backprop_lib.pictures.plots"]}

Lock = dict[str, Any]


def gather(folder: Path, cache: Path, wheels: Path | None, ours: list[Path]) -> None:
    """Fill ``folder`` with Pyodide, its wheels and ours, and write their lock.

    ``wheels`` is a folder with wheels of Pyodide's release; None gets them from there. ``ours``
    are the wheels of `OTHERS`.
    """
    core = pyodide_core(cache)
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copy(core / name, folder)
    release: Lock = json.loads((core / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages: dict[str, Lock] = {}
    for name in needed(release["packages"]):
        entry = release["packages"][name]
        shutil.copy(fetched(entry, wheels, cache), folder)
        packages[name] = {**entry, "imports": entry["imports"] + ALSO_IMPORTED_AS.get(name, [])}
        packages[name]["depends"] = [one for one in entry["depends"] if one not in LEFT_OUT]
    for wheel in ours:
        shutil.copy(wheel, folder)
        packages[normal(wheel.name.split("-")[0])] = entry_of(wheel)
    nothing = empty_wheel(folder)
    packages |= {name: {**entry_of(nothing), "name": name, "imports": []} for name in EMPTY}
    compile_all(core, folder)
    write_lock(folder, {"info": release["info"], "packages": packages})


def compile_all(core: Path, folder: Path) -> None:
    """Compile the Python files in the folder's wheels with that very Python, in Node.js.

    The browser would else do that at each start: it took half of the time until Python was ready.
    """
    command = ["node", str(COMPILE), str(core / "pyodide.mjs"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SiteError(f"Node.js could not compile the packages. It said: {done.stderr[-2000:]}")


def write_lock(folder: Path, lock: Lock) -> None:
    """Write ``pyodide-lock.json`` with the hashes that the files in the folder have now."""
    for entry in lock["packages"].values():
        entry["sha256"] = sha256(folder / entry["file_name"])
    text = json.dumps(lock, indent=1, sort_keys=True)
    (folder / "pyodide-lock.json").write_text(text, encoding="utf-8")


def pyodide_core(cache: Path) -> Path:
    """The unpacked npm package, got through npm once, with its hash checked each time."""
    packed = cache / f"pyodide-{PYODIDE}.tgz"
    if not packed.exists():
        if not (npm := shutil.which("npm")):
            raise SiteError(
                "The site needs npm, which gets Python for the browser, and none was found. "
                "Install Node.js, which brings it, and try again."
            )
        command = [npm, "pack", "--silent", f"pyodide@{PYODIDE}"]
        done = subprocess.run(command, cwd=cache, capture_output=True, text=True)
        if done.returncode:
            raise SiteError(f"npm could not get pyodide@{PYODIDE}. It said: {done.stderr.strip()}")
    check(packed, PYODIDE_SHA256)
    folder = cache / f"pyodide-{PYODIDE}"
    if not folder.is_dir():
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def needed(release: Lock) -> list[str]:
    """The names of Pyodide's packages that go along: `FROM_PYODIDE` and what these depend on."""
    found: list[str] = []
    waiting = list(FROM_PYODIDE)
    while waiting:
        name = normal(waiting.pop())
        if name not in found and name not in LEFT_OUT:
            found.append(name)
            waiting += release[name]["depends"]
    return sorted(found)


def fetched(entry: Lock, wheels: Path | None, cache: Path) -> Path:
    """One wheel of Pyodide's release, out of the folder or out of the release itself."""
    name: str = entry["file_name"]
    path = (wheels or cache) / name
    if wheels and not path.exists():
        raise SiteError(
            f"The folder of Pyodide's wheels has no {name}. Put that file of Pyodide {PYODIDE} "
            "there, or name no folder, and it is fetched from Pyodide's own release."
        )
    if not path.exists():
        try:
            with urllib.request.urlopen(RELEASE + name, timeout=60) as answer:
                part = path.with_suffix(".part")
                part.write_bytes(answer.read())
                part.rename(path)
        except (urllib.error.URLError, OSError) as error:
            raise SiteError(
                f"{name} could not be fetched from Pyodide's release ({error}). Without a network, "
                f"name a folder that has the wheels of Pyodide {PYODIDE}: make site WHEELS=folder"
            ) from None
    check(path, entry["sha256"])
    return path


def check(path: Path, expected: str) -> None:
    """Refuse a file that is not the very one that was meant."""
    if (found := sha256(path)) != expected:
        raise SiteError(
            f"Expected {path.name} with the SHA-256 {expected}, but the file has {found}. "
            "Delete it and try again."
        )


def entry_of(wheel: Path) -> Lock:
    """What the lock says of a pure-Python wheel of `OTHERS`."""
    name, version = wheel.name.split("-")[:2]
    return {
        "name": normal(name),
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "package_type": "package",
        "imports": modules(wheel),
        "depends": list(OTHERS.get(normal(name), ())),
        "unvendored_tests": False,
    }


def modules(wheel: Path) -> list[str]:
    """The names at the top of a wheel that can be imported."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
    return sorted(top.removesuffix(".py") for top in tops if "." not in top.removesuffix(".py"))


def empty_wheel(folder: Path) -> Path:
    """A wheel with nothing in it."""
    path = folder / "left_out-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\nName: left-out\nVersion: 0\n",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "",
        }.items():
            archive.writestr(zipfile.ZipInfo(f"left_out-0.dist-info/{name}"), text)
    return path


def pins(text: str) -> dict[str, tuple[str, str]]:
    """The version of each package in a requirements file, and what to ask pip for: with hashes."""
    joined = text.replace("\\\n", "")
    found = re.findall(r"^(([\w.-]+)==([\w.]+)( +--hash=\S+)*)", joined, re.M)
    return {normal(name): (version, " ".join(asked.split())) for asked, name, version, _ in found}


def normal(name: str) -> str:
    """A package's name in its one normal form.

    >>> normal("Typing_Extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
