"""Write the lists of lessons in README.md and docs/classroom.md from the lessons themselves.

    python tools/contents.py            after adding a lesson, or changing its first cell
    python tools/contents.py --check    change nothing; exit 1 when a list is out of step

A lesson's first cell says its title, what one can do after it, and how long it takes. What a
teacher should watch for, and which wrong idea the lesson meets, stands in the notebook's metadata:
``"teacher": {"watch": "...", "idea": "..."}``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIRST_CELL = re.compile(
    r"# (?P<title>.+)\n\n\*\*After this lesson you can\*\* (?P<aim>.+)\n\n"
    r"\*\*Time:\*\* (?P<time>.+?)\."
)


class ContentsError(Exception):
    """A lesson that does not say what the lists tell of it; its text is a whole sentence."""


@dataclass(frozen=True)
class Lesson:
    """What a lesson says of itself."""

    path: Path
    title: str  # "6. Chain rule: multiply along paths, add where they meet"
    aim: str  # what one can do after it
    time: str  # "about 30 minutes, with a place for a break"
    teacher: dict[str, str]  # what to watch for, and the wrong idea that it meets

    @property
    def name(self) -> str:
        """Its short name, as its file is called: "06 Chain rule"."""
        number, _, words = self.path.stem.partition("_")
        return f"{number} {words.replace('_', ' ').capitalize()}"


def lesson(path: Path, notebook: dict[str, Any]) -> Lesson:
    """What the notebook in a file says of itself. Raises `ContentsError`."""
    first = FIRST_CELL.match("".join(notebook["cells"][0]["source"]))
    if not first:
        raise ContentsError(
            f"The first cell of {path.name} should hold a title, 'After this lesson you can' and "
            "'Time:', as the other lessons have them: the lists of lessons tell them."
        )
    told = {name: text.replace("*", "") for name, text in first.groupdict().items()}
    return Lesson(path, **told, teacher=notebook.get("metadata", {}).get("teacher", {}))


def readme_row(lesson: Lesson) -> str:
    """The lesson in README.md: where it is, and what one can do after it."""
    return f"| [{lesson.name}](notebooks/{lesson.path.name}) | {lesson.aim.rstrip('.')} |"


def classroom_row(lesson: Lesson) -> str:
    """The lesson in the guide for teachers. Raises `ContentsError`."""
    if not {"watch", "idea"} <= lesson.teacher.keys():
        raise ContentsError(
            f'The metadata of {lesson.path.name} should hold "teacher": {{"watch": "...", "idea": '
            '"..."}}: what to watch for, and the wrong idea that the lesson meets.'
        )
    minutes = re.search(r"\d+", lesson.time)
    assert minutes, lesson.time
    link = f"[{lesson.name}](../notebooks/{lesson.path.name})"
    return f"| {link} | {minutes[0]} | {lesson.teacher['watch']} | {lesson.teacher['idea']} |"


ROWS: dict[str, Callable[[Lesson], str]] = {
    "README.md": readme_row,
    "docs/classroom.md": classroom_row,
}
LIST = re.compile(r"(?:^\| \[\d\d .*\n)+", re.M)  # the rows of a table that begin with a lesson


def pages(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Each page with a list of lessons, and what it should hold."""
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    lessons = [lesson(path, json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    for name, row in ROWS.items():
        rows = "".join(f"{row(one)}\n" for one in lessons)
        before, after = LIST.split((root / name).read_text(encoding="utf-8"), maxsplit=1)
        yield root / name, before + rows + after


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write the lists; with ``--check`` only say which are out of step."""
    check = "--check" in (sys.argv[1:] if arguments is None else arguments)
    try:
        stale = [(page, text) for page, text in pages(root) if page.read_text("utf-8") != text]
    except ContentsError as error:
        print(error, file=sys.stderr)
        return 1
    for page, text in stale:
        name = page.relative_to(root).as_posix()
        if check:
            print(f"{name} lists other lessons than there are: run python tools/contents.py.")
        else:
            page.write_text(text, encoding="utf-8")
            print(f"Wrote {name}.")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
