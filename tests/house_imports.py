"""Which modules the package has, and what each imports."""

import ast
import subprocess
import sys
from pathlib import Path

import backprop_lib

HOUSE = Path(backprop_lib.__file__).parent
FILES = sorted(HOUSE.rglob("*.py"))


def dotted(path):
    """backprop_lib/widgets/floor.py is ("widgets", "floor"); a package's __init__.py is itself."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def is_in_the_house(parts):
    place = HOUSE.joinpath(*parts)
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def imports(path):
    """All that a file imports, wherever in it: ("house", parts) or ("outside", name)."""
    here = dotted(path)
    package = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in (alias.name for alias in node.names):
                head, *rest = name.split(".")
                yield ("house", tuple(rest)) if head == HOUSE.name else ("outside", name)
        elif isinstance(node, ast.ImportFrom):
            parts = tuple(node.module.split(".")) if node.module else ()
            if node.level:
                base = package[: len(package) - node.level + 1] + parts
            elif parts and parts[0] == HOUSE.name:
                base = parts[1:]
            else:
                for alias in node.names:
                    yield "outside", f"{node.module}.{alias.name}"
                continue
            for alias in node.names:
                inner = (*base, alias.name)
                yield "house", inner if is_in_the_house(inner) else base


def name(path):
    return str(path.relative_to(HOUSE))


MODULES = [path for path in FILES if dotted(path)]


def fresh(code):
    """What a new interpreter prints, with warnings as errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=HOUSE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout
