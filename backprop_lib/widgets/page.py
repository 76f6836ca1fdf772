"""The page's half of every explorer, from the files of ``static/``: one script, one stylesheet."""

from __future__ import annotations

import re
from pathlib import Path

from backprop_lib.pictures.svg import stylesheet

STATIC = Path(__file__).parent / "static"
IMPORT = re.compile(r'^import [^;]* from "\./([\w.]+)";\n', re.M)
EXPORT = re.compile(r"^export (?!default)", re.M)
COMMENT = re.compile(r"^ *(//.*|/\*\*([^*]|\*(?!/))*\*/)\n", re.M)


def text_of(name: str) -> str:
    """A file of ``static/``."""
    return (STATIC / name).read_text(encoding="utf-8")


def joined(name: str, done: set[str] | None = None) -> str:
    """A script with all that it imports before it, as one text, without what only readers need.

    They share one scope then, so no two of them may give the same name to things of their own.
    """
    done = set() if done is None else done
    if name in done:
        return ""
    done.add(name)
    text = text_of(name)
    needed = "".join(joined(other, done) for other in IMPORT.findall(text))
    return needed + EXPORT.sub("", COMMENT.sub("", IMPORT.sub("", text)))


SCRIPT = joined("explorer.js")
STYLE = "\n".join(
    (
        stylesheet("picture.css"),
        text_of("explorer.css"),
        text_of("pad.css"),
        stylesheet("dark.css").replace(".bpf-dark", '[data-jp-theme-light="false"] .bpf'),
        "@media (prefers-color-scheme: dark) {",
        stylesheet("dark.css").replace(".bpf-dark", "body:not([data-jp-theme-light]) .bpf"),
        "}",
    )
)
