"""Read a lesson, run it here without a kernel or a browser, and say what is wrong with it.

Whatever judges a lesson returns a list of complaints, whole phrases that name the cell, so that one
fault can be told from another. An empty list is praise.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import copy
import functools
import hashlib
import html
import io
import json
import linecache
import os
import pickle
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from IPython.core.formatters import DisplayFormatter

import backprop_lib as bp
from backprop_lib.checks import CheckResult, museum

os.environ.setdefault("MPLBACKEND", "agg")  # figures are drawn, and no window opens

# ---- a lesson as it is on paper --------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    id: str
    kind: str  # "code" or "markdown"
    source: str
    tags: tuple[str, ...] = ()
    hidden: bool = False  # its source is folded away
    outputs: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Lesson:
    """A notebook, by its file's name without the ending."""

    name: str
    folder: Path
    cells: tuple[Cell, ...]

    @property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def markdown(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "markdown"]

    @property
    def exercises(self) -> list[Cell]:
        return [cell for cell in self.code if "exercise" in cell.tags]

    @property
    def questions(self) -> list[Cell]:
        return [cell for cell in self.code if "question" in cell.tags]


def read(path: Path) -> Lesson:
    return lesson(path.stem, path.parent, json.loads(path.read_text(encoding="utf-8"))["cells"])


def lesson(name: str, folder: Path, cells: Iterable[Mapping[str, Any]]) -> Lesson:
    return Lesson(
        name,
        folder,
        tuple(
            Cell(
                id=cell["id"],
                kind=cell["cell_type"],
                source="".join(cell["source"]),
                tags=tuple(cell["metadata"].get("tags", ())),
                hidden=cell["metadata"].get("jupyter", {}).get("source_hidden", False),
                outputs=cell.get("outputs", ()),
            )
            for cell in cells
        ),
    )


# ---- running it -------------------------------------------------------------------------------

FORMATTER = DisplayFormatter()


@dataclass
class Shown:
    """What a cell came to: its last value, and all that a reader sees of it."""

    value: Any = None
    bundles: list[dict[str, str]] = field(default_factory=list)  # text for each kind of output
    printed: str = ""
    error: Exception | None = None
    complaints: list[str] = field(default_factory=list)

    @property
    def look(self) -> tuple[Any, ...]:
        return self.bundles, self.printed, repr(self.error)

    @property
    def words(self) -> str:
        """The output as it is read: without tags, with the text that stands in for a picture."""
        texts = [self.printed]
        for bundle in self.bundles:
            texts.append(bundle.get("text/plain", ""))
            page = re.sub(r'<img[^>]*\balt="([^"]*)"[^>]*>', r" \1 ", bundle.get("text/html", ""))
            texts.append(html.unescape(re.sub(r"<[^>]*>", " ", page)))
        return "\n".join(texts)


@dataclass
class Run:
    """A lesson that was run: what each cell showed, each time."""

    shown: dict[str, list[Shown]] = field(default_factory=dict)
    variants: dict[str, list[Shown]] = field(default_factory=dict)

    @property
    def complaints(self) -> list[str]:
        return [
            f"{name} {said}"
            for name, times in self.shown.items()
            for one in times
            for said in one.complaints
        ]

    def last(self, name: str) -> Shown:
        """What a cell showed last; a cell that was never reached showed nothing."""
        return self.shown[name][-1] if name in self.shown else Shown()


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which works nothing out twice; for what hangs on its arguments alone."""
    kept: dict[bytes, Any] = {}

    @functools.wraps(function)
    def again(*given: Any, **named: Any) -> Any:
        try:
            key = pickle.dumps((given, named))
        except Exception:  # with a function of the cell's own, which no other cell has
            return function(*given, **named)
        if key not in kept:
            kept[key] = function(*given, **named)
        return copy.deepcopy(kept[key])

    return again


# Seconds each, and every cell is run five times and more.
CHECK, LOSSES = remembered(museum.check), remembered(museum.losses)


def run(
    lesson: Lesson,
    instead: Mapping[str, str] | None = None,
    times: int = 1,
    variants: Mapping[str, Sequence[str]] | None = None,
) -> Run:
    """Run the code cells in their order from nothing; an error ends the run.

    ``instead`` holds other sources for some cells, by id. ``variants`` are tried before their cell,
    each with the names as they are then, and leave no name behind.
    """
    done = Run()
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.chdir(lesson.folder), asyncio.Runner() as loop, contextlib.ExitStack() as after:
        after.enter_context(mock.patch.multiple(museum, check=CHECK, losses=LOSSES))
        bp.set_language("en")
        after.callback(bp.set_language, "en")
        for cell in lesson.code:
            label = f"<{lesson.name} {cell.id}>"
            for source in (variants or {}).get(cell.id, ()):
                shown = loop.run(_execute(source, dict(names), label))
                done.variants.setdefault(cell.id, []).append(shown)
            source = (instead or {}).get(cell.id, cell.source)
            for _time in range(times):
                shown = loop.run(_execute(source, names, label))
                done.shown.setdefault(cell.id, []).append(shown)
                if shown.error:
                    return done
    return done


async def _execute(source: str, names: dict[str, Any], label: str) -> Shown:
    """Run one cell as a notebook does: its last expression is its value, and is shown."""
    shown, out, err = Shown(), io.StringIO(), io.StringIO()
    # So that inspect and tracebacks find the source.
    linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)

    def display(*values: Any, **_options: Any) -> None:
        shown.bundles.extend(_bundle(value) for value in values)

    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(record=True) as warned,
        mock.patch("IPython.display.display", display),
    ):
        warnings.simplefilter("always")
        # What plt.show() says here, and does not say in a notebook.
        warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
        names["display"] = display
        try:
            shown.value = await _value(source, names, label)
            if shown.value is not None:
                display(shown.value)
            shown.bundles += _figures()
        except Exception as error:  # whatever a cell raises is reported
            shown.error = error
            line = traceback.extract_tb(error.__traceback__)[-1]
            shown.complaints.append(
                f"stopped with {type(error).__name__}: {error} ({Path(line.filename).name}, "
                f"line {line.lineno})"
            )
    shown.printed = out.getvalue()
    if err.getvalue():
        shown.complaints.append(f"wrote to stderr: {err.getvalue().strip()!r}")
    shown.complaints += [f"gave a warning: {one.message}" for one in warned]
    return shown


async def _value(source: str, names: dict[str, Any], label: str) -> Any:
    tree = ast.parse(source, label)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    value = None
    for part in (tree, last and ast.Expression(last.value)):
        if part is not None:
            mode = "eval" if isinstance(part, ast.Expression) else "exec"
            code = compile(part, label, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            value = eval(code, names)
            if asyncio.iscoroutine(value):
                value = await value
    return value


def _bundle(value: Any) -> dict[str, str]:
    """What a notebook stores of a value: all but the view of a live widget."""
    data, _metadata = FORMATTER.format(value)
    return {kind: str(text) for kind, text in data.items() if "widget-view" not in kind}


def _figures() -> Iterator[dict[str, str]]:
    """Show the matplotlib figures that are open, as a notebook does, and close them."""
    if "matplotlib.pyplot" in sys.modules:
        plt = sys.modules["matplotlib.pyplot"]
        for number in plt.get_fignums():
            canvas = plt.figure(number).canvas
            canvas.draw()
            yield {"image": hashlib.sha256(canvas.buffer_rgba()).hexdigest()}
        plt.close("all")


def untouched_complaints(lesson: Lesson, ran: Run) -> list[str]:
    """Runs from top to bottom, and each exercise says that it was not tried yet."""
    found = ran.complaints
    for cell in lesson.exercises:
        result = ran.last(cell.id).value
        if not isinstance(result, CheckResult):
            found.append(f"{cell.id} does not end in a check")
        elif result.ok or result.tried:
            found.append(f"{cell.id} is untouched, and its check says: {result}")
    return found


def twice_complaints(once: Run, twice: Run) -> list[str]:
    """Each cell shows the same when it is run twice, and so do those after it."""
    found = list(twice.complaints)
    for name, times in twice.shown.items():
        if times[0].look != times[-1].look:
            found.append(f"{name} shows something else when it is run twice")
        if once.last(name).look != times[0].look:
            found.append(f"{name} shows something else when the cells before it are run twice")
    return found
