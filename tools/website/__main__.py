"""Build the site into build/site: ``python -m tools.website [--wheels FOLDER]``.

Needs npm and Python, and a network for what is not in build/site-cache yet.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from . import packages, pages
from .said import SiteError

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
SITE = BUILD / "site"
REQUIREMENTS = ROOT / "site" / "requirements.txt"
KERNEL_WHEELS = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# What JupyterLite lays down and no lesson uses.
UNUSED = ("doc", "icon-120x120.png", "icon-512x512.png", "manifest.webmanifest", "package.json")


def main(arguments: list[str] | None = None) -> int:
    """Build the site; the exit status is 1, with a sentence, when that cannot be done."""
    parser = argparse.ArgumentParser(prog="tools.website", description="Build the site.")
    parser.add_argument(
        "--wheels", type=Path, help=f"a folder with the wheels of Pyodide {packages.PYODIDE}"
    )
    wheels = parser.parse_args(arguments).wheels
    try:
        build(wheels.resolve() if wheels else None)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"The site is in {SITE.relative_to(ROOT)}: {size / 1e6:.0f} MB. To look at it, type:")
    print(
        f"  python -m http.server --bind 127.0.0.1 --directory {SITE.relative_to(ROOT).as_posix()}"
    )
    return 0


def build(wheels: Path | None) -> None:
    """Make the folder build/site anew; what was there before stays until the new one is whole."""
    cache, lite, fresh = (BUILD / name for name in ("site-cache", "site-source", "site-new"))
    cache.mkdir(parents=True, exist_ok=True)
    tools = builder_environment(BUILD / "site-venv")
    for folder in (lite, fresh):
        shutil.rmtree(folder, ignore_errors=True)
    packages.gather(lite / "static/pyodide", cache, wheels, our_wheels(tools, cache))
    settings = json.loads((pages.SOURCE / "jupyter-lite.json").read_text(encoding="utf-8"))
    kernel = settings["jupyter-config-data"]["litePluginSettings"][KERNEL]
    kernel["loadPyodideOptions"]["packages"] = list(packages.BOOT)
    pages.write(lite / "jupyter-lite.json", json.dumps(settings))
    shutil.copy(pages.SOURCE / "overrides.json", lite)
    jupyterlite(tools, lite, fresh)
    pages.lay_out(fresh, sorted((ROOT / "notebooks").glob("*.ipynb")))
    pages.list_files(fresh)
    shutil.rmtree(SITE, ignore_errors=True)
    fresh.rename(SITE)


def jupyterlite(tools: Path, lite: Path, output: Path) -> None:
    """Lay down JupyterLite with the settings in ``lite``: only its page of one notebook."""
    options = ["--apps", "notebooks", "--no-sourcemaps", "--no-unused-shared-packages"]
    folders = ["--lite-dir", str(lite), "--output-dir", str(output)]
    # It looks for its extensions where JUPYTER_PATH points too, beside those of its environment.
    environment = {key: value for key, value in os.environ.items() if "JUPYTER" not in key}
    run(
        [tools, "-m", "jupyterlite_core", "build", *folders, *options, "--no-libarchive"],
        "JupyterLite could not be laid down.",
        cwd=lite,
        env=environment,
    )
    for name in UNUSED:
        path = output / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def builder_environment(folder: Path) -> Path:
    """The Python of an environment with exactly site/requirements.txt, made when that changes."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted, have = REQUIREMENTS.read_text(encoding="utf-8"), folder / "requirements.txt"
    if not (have.exists() and have.read_text(encoding="utf-8") == wanted):
        venv.create(folder, clear=True, with_pip=True)
        pip(python, "install", "--no-deps", "-r", REQUIREMENTS)
        pages.write(have, wanted)
    return python


def our_wheels(tools: Path, cache: Path) -> list[Path]:
    """The pure-Python wheels of `packages.OTHERS`: pinned, or the kernel's own, or this one."""
    pins = packages.pins(REQUIREMENTS.read_text(encoding="utf-8"))
    built = cache / "built"
    shutil.rmtree(built, ignore_errors=True)
    run(
        [tools, "-m", "hatchling", "build", "--target", "wheel", "--directory", built],
        "The package's own wheel could not be built.",
        cwd=ROOT,
    )
    found = list(built.glob("*.whl"))
    for wheel in sorted((tools.parent.parent / KERNEL_WHEELS).glob("*.whl"), reverse=True):
        # Of two stand-ins for widgetsnbextension, the newer is that of ipywidgets 8.
        name = wheel.name.split("-")[0]
        if not any(one.name.startswith(f"{name}-") for one in found):
            found.append(wheel)
    for name in packages.OTHERS.keys() & pins.keys():
        version, asked = pins[name]
        stem = f"{name.replace('-', '_')}-{version}"
        if not list(cache.glob(f"{stem}-*.whl")):
            # Of "any" platform, because psygnal also has wheels compiled for other machines.
            form = ["--only-binary", ":all:", "--platform", "any", "--python-version", "3.12"]
            # Hashes are read from a file only.
            pages.write(cache / "asked.txt", asked)
            pip(tools, "download", "--no-deps", *form, "-d", cache, "-r", cache / "asked.txt")
        found += cache.glob(f"{stem}-*.whl")
    return found


def pip(python: Path, *arguments: object) -> None:
    """Run pip, which says itself what is wrong."""
    command = [python, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    run(command, "pip could not get the packages of site/requirements.txt.")


def run(command: list[object], failure: str, **options: object) -> None:
    """Run a command quietly; tell all that it said when it fails."""
    done = subprocess.run(  # type: ignore[call-overload]
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    if done.returncode:
        raise SiteError(f"{failure} This is what it said:\n{(done.stdout + done.stderr)[-3000:]}")


if __name__ == "__main__":
    sys.exit(main())
