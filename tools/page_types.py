"""Check the types of the page's half, backprop_lib/widgets/static/*.js, with TypeScript's compiler.

    python tools/page_types.py            check, with tools/page's own TypeScript; npm installs it
    python tools/page_types.py --write    write schema.d.ts anew, after another control or View

What Python sends, a View and its controls, is described in Python alone (widgets/controls.py);
static/schema.d.ts says the same to TypeScript, and a test holds the two together. Where npm or its
registry is out of reach nothing is checked, which is said, and is a failure if BACKPROP_REQUIRE_TSC
is 1, as it is on GitHub. Nothing at run time needs any of this.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from backprop_lib.widgets import controls
from backprop_lib.widgets.explorer import View

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools" / "page"
SCHEMA = ROOT / "backprop_lib" / "widgets" / "static" / "schema.d.ts"
HEAD = "// What Python sends. tools/page_types.py writes this file: change what it says in Python."
SIMPLE: dict[Any, str] = {
    str: "string", int: "number", float: "number", bool: "boolean", Any: "any",
}  # fmt: skip
# What the page is told besides the View.
MORE = ("  optional: Array<string>; // the settings that may be nothing", "  message: string;")


def as_typescript(kind: Any) -> str:
    """A type of Python's, as its values come to the page through JSON; KeyError for another one."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " | ".join(json.dumps(part) for part in parts)
    if kind == controls.Control:
        return "Control"
    if origin is dict:
        return f"Record<{', '.join(map(as_typescript, parts))}>"
    if origin is list or (origin is tuple and parts[-1] is Ellipsis):
        return f"Array<{as_typescript(parts[0])}>"
    if origin is tuple:
        return f"[{', '.join(map(as_typescript, parts))}]"
    if is_typeddict(kind):
        return str(kind.__name__)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return f"[{', '.join(as_typescript(hints[field.name]) for field in fields(kind))}]"
    return SIMPLE[kind]


def interface(kind: type, more: tuple[str, ...] = ()) -> list[str]:
    """A dictionary or record of Python's, as lines of an interface of the same name."""
    sentence = (kind.__doc__ or "").splitlines()[0]
    lines = [f"/** {sentence} */", f"export interface {kind.__name__} {{"]
    for name, hint in get_type_hints(kind, include_extras=True).items():
        left_out = get_origin(hint) is NotRequired
        inner = get_args(hint)[0] if left_out else hint
        lines.append(f"  {name}{'?' * left_out}: {as_typescript(inner)};")
    return [*lines, *more, "}", ""]


def schema() -> str:
    """All that static/schema.d.ts holds."""
    kinds = get_args(controls.Control)
    lines = [HEAD, ""]
    for kind in kinds:
        lines += interface(kind)
    lines += [f"export type Control = {' | '.join(kind.__name__ for kind in kinds)};", ""]
    return "\n".join(lines + interface(View, MORE)[:-1]) + "\n"


def check() -> int:
    """Install TypeScript where it is missing, and run it; returns what the command exits with."""
    npm = shutil.which("npm")
    if npm is None:
        return unchecked("There is no npm on this machine; it comes with Node.js.")
    lock, installed = TOOLS / "package-lock.json", TOOLS / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=60000"]
        if subprocess.run(command, cwd=TOOLS).returncode:
            return unchecked("npm could not install TypeScript: is there a way to its registry?")
    return subprocess.run([npm, "--silent", "run", "check"], cwd=TOOLS).returncode


def unchecked(why: str) -> int:
    """Say why nothing was checked; that is a failure where it is required."""
    required = os.environ.get("BACKPROP_REQUIRE_TSC") == "1"
    word = "FAILED" if required else "SKIPPED"
    print(f"{word}: the types of the page's half were not checked. {why}", file=sys.stderr)
    return int(required)


def main() -> int:
    """Do what was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write schema.d.ts anew")
    if parser.parse_args().write:
        SCHEMA.write_text(schema(), encoding="utf-8")
        return 0
    return check()


if __name__ == "__main__":
    sys.exit(main())
