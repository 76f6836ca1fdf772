"""Read a lesson, run it here without a kernel or a browser, and say what is wrong with it.

Whatever judges a lesson returns a list of complaints, whole phrases that name the cell, so that one
fault can be told from another. An empty list is praise.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import hashlib
import html
import io
import json
import linecache
import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import numpy as np
from IPython.core.formatters import DisplayFormatter

import backprop_lib as bp
from backprop_lib.checks import CheckResult
from backprop_lib.datasets import digits, lemonade, lemonade_factory, moons

os.environ.setdefault("MPLBACKEND", "agg")  # figures are drawn, and no window opens
Node = TypeVar("Node", bound=ast.AST)

MOST_CELLS = 32
MOST_LINES = 10
MOST_LINES_OF_A_QUESTION = 14
MOST_MINUTES = 30  # read aloud by a child, guesses and exercises and all
LONGEST_PROMPT = 160  # characters, which is about two lines of a question

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


# ---- solutions --------------------------------------------------------------------------------

FOLDED = re.compile(r"<details>\s*<summary>Show the solution</summary>\n\n(.*)</details>\s*", re.S)
PYTHON = re.compile(r"^```python\n(.*?)\n```$", re.S | re.M)


class Fault(Exception):
    """A solution that cannot be used; its text is a complaint."""


def parsed(source: str) -> ast.Module:
    """The source's tree; an empty one when it is no Python, which running it tells better."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def has_gap(statement: ast.stmt) -> bool:
    return any(isinstance(n, ast.Constant) and n.value is ... for n in ast.walk(statement))


def solution(lesson: Lesson, exercise: Cell) -> str:
    """The source that takes an exercise's place. Raises `Fault`."""
    place = lesson.cells.index(exercise) + 1
    after = lesson.cells[place] if place < len(lesson.cells) else None
    if after is None or after.id != f"{exercise.id}-solution" or after.kind != "markdown":
        raise Fault(f"{exercise.id} is not followed by a text cell {exercise.id}-solution")
    folded = FOLDED.fullmatch(after.source)
    if not folded:
        raise Fault(f"{after.id} is not folded into <details> under 'Show the solution'")
    blocks = PYTHON.findall(folded[1])
    if len(blocks) != 1:
        raise Fault(f"{after.id} has {len(blocks)} blocks of Python, and one is wanted")
    try:
        solved = ast.parse(blocks[0]).body
    except SyntaxError as error:
        raise Fault(f"{after.id} is no Python: {error}") from error
    asked = parsed(exercise.source).body
    if not any(map(has_gap, asked)):
        raise Fault(f"{exercise.id} has no gap ...")
    if any(map(has_gap, solved)):
        raise Fault(f"{after.id} still has a gap")
    for part in asked:
        if not has_gap(part) and ast.dump(part) not in map(ast.dump, solved):
            raise Fault(f"{after.id} does not keep the line: {ast.unparse(part)}")
    return blocks[0]


def solutions(lesson: Lesson) -> tuple[dict[str, str], list[str]]:
    """Each exercise's solution by the exercise's id, and what is wrong with the others."""
    good, found = {}, []
    for cell in lesson.exercises:
        try:
            good[cell.id] = solution(lesson, cell)
        except Fault as fault:
            found.append(str(fault))
    return good, found


def solved_complaints(ran: Run, solved: Iterable[str]) -> list[str]:
    """The checks of the exercises that were solved say right, and all cells run."""
    found = ran.complaints
    for name in solved:
        result = ran.last(name).value
        if not (isinstance(result, CheckResult) and result.ok):
            found.append(f"{name}-solution is not right: {result}")
    return found


def felt_later(lesson: Lesson, exercise: Cell) -> bool:
    """Whether a later cell uses a name to which this exercise gives a value."""
    given = {
        *(part.id for part in _parts(exercise, ast.Name) if isinstance(part.ctx, ast.Store)),
        *(part.name for part in _parts(exercise, ast.FunctionDef)),
    }
    later = lesson.code[lesson.code.index(exercise) + 1 :]
    return any(
        part.id in given and isinstance(part.ctx, ast.Load)
        for cell in later
        for part in _parts(cell, ast.Name)
    )


def _parts(cell: Cell, kind: type[Node]) -> Iterator[Node]:
    return (part for part in ast.walk(parsed(cell.source)) if isinstance(part, kind))


# ---- wrong answers ----------------------------------------------------------------------------

WrongAnswers = Sequence[tuple[str, str]]  # what is written in the gap's place, words of the answer

# What nobody should write, and somebody will.
GARBAGE = (
    "None", "'three'", "''", "b''", "object()", "1j", "10**400", "float('nan')", "float('inf')",
    "-float('inf')", "[[], [[]]]", "{'a': 1}", "print", "lambda: 1 / 0", "range(3)", "ValueError",
    "[...]", "__import__('numpy').zeros((2, 0))", "type('Odd', (), {'__float__': lambda s: 1 / 0,"
    " '__repr__': lambda s: 1 / 0, '__eq__': lambda s, o: 1 / 0, '__len__': lambda s: -1})()",
)  # fmt: skip


def with_answer(source: str, answer: str) -> str:
    """The exercise with an answer in place of the statements that hold its gaps."""
    lines, placed = [], False
    for part in parsed(source).body:
        if not has_gap(part):
            lines.append(ast.get_source_segment(source, part) or "")
        elif not placed:
            lines.append(answer)
            placed = True
    return "\n".join(lines)


def with_garbage(source: str, garbage: str) -> str:
    """The exercise with the same expression in place of each of its three dots."""

    class Fill(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.parse(garbage, mode="eval").body if node.value is ... else node

    return ast.unparse(Fill().visit(parsed(source)))


def wrong_answer_complaints(
    exercise: Cell, answers: WrongAnswers, shown: Sequence[Shown]
) -> list[str]:
    """At least two, each tried and not right, and told apart by hints that say what they should."""
    if len(answers) < 2:
        return [f"{exercise.id} has {len(answers)} wrong answers, and two or more are wanted"]
    found = []
    results = []
    for (answer, words), one in zip(answers, shown, strict=False):  # none when a run ended early
        result = one.value
        where = f"{exercise.id} with {answer!r}"
        if one.complaints:
            found += [f"{where} {said}" for said in one.complaints]
        elif not isinstance(result, CheckResult):
            found.append(f"{where} does not end in a check")
        elif result.ok or not result.tried:
            found.append(f"{where} is wrong, and its check says: {result}")
        elif words not in f"{result.message} {result.hint}":
            found.append(f"{where} should hear {words!r}, and hears: {result}")
        elif not result.hint:
            found.append(f"{where} gets no hint: {result}")
        else:
            results.append((answer, words, result.hint))
    found += [
        f"{exercise.id}: {one!r} and {other!r} are other mistakes, and get the same hint: {hint}"
        for (one, words, hint), (other, others, same) in combinations(results, 2)
        if hint == same and words != others
    ]
    return found


def garbage_complaints(exercise: Cell, shown: Sequence[Shown]) -> list[str]:
    """A check answers whatever was written, and never calls it right."""
    found = []
    for garbage, one in zip(GARBAGE, shown, strict=False):  # none when a run ended early
        where = f"{exercise.id} with {garbage}"
        found += [f"{where} {said}" for said in one.complaints]
        if isinstance(one.value, CheckResult):
            if one.value.ok:
                found.append(f"{where} gets: {one.value}")
        elif not one.error:
            found.append(f"{where} does not end in a check")
    return found


# ---- how a lesson is built --------------------------------------------------------------------

FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.S | re.M)
CODE_AND_FORMULAS = re.compile(r"``.*?``|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", re.S)
TABLE = re.compile(r"(?:^\|.*\|[ \t]*$\n?)+", re.M)
OTHER_THAN_PARAGRAPH = re.compile(r"\s*([-*+#>|]\s|\d+\.\s|\||</?\w|-{3,}$|$)")
BASE64 = re.compile(r"base64,[A-Za-z0-9+/=]*")
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/-])/(?:root|home|work|Users|tmp|usr|opt|var|mnt)/\w|\b[A-Z]:\\+\w|\bfile://"
)
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


def structure_complaints(
    lesson: Lesson, shelf: Sequence[str], glossary: Sequence[Row], ran: Run
) -> list[str]:
    """What a lesson lacks of the course's pattern; ``shelf`` are all lessons' names in order."""
    return [
        *_size_complaints(lesson),
        *_text_complaints(lesson),
        *_opening_complaints(lesson),
        *_recap_complaints(lesson, glossary),
        *_link_complaints(lesson, shelf),
        *_question_complaints(lesson, ran),
        *_output_complaints(lesson),
    ]


def _size_complaints(lesson: Lesson) -> Iterator[str]:
    if len(lesson.cells) > MOST_CELLS:
        yield f"it has {len(lesson.cells)} cells, and at most {MOST_CELLS} are wanted"
    for what, cells in (("exercises", lesson.exercises), ("questions", lesson.questions)):
        if len(cells) < 2:
            yield f"it has {len(cells)} {what}, and two or more are wanted"
    for cell in lesson.cells:
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", cell.id) or re.fullmatch(
            r"(?=.*\d)[0-9a-f]{8}", cell.id
        ):
            yield f"{cell.id} is no speaking id"
    for cell in lesson.code:
        most = MOST_LINES_OF_A_QUESTION if cell in lesson.questions else MOST_LINES
        lines = len(cell.source.splitlines())
        if lines > most:
            yield f"{cell.id} has {lines} lines of code, and at most {most} are wanted"


def _text_complaints(lesson: Lesson) -> Iterator[str]:
    """Of the Markdown, what a page would not show as it is meant."""
    for cell in lesson.markdown:
        plain = CODE_AND_FORMULAS.sub("x", FENCE.sub("", cell.source))
        for tag in re.findall(r"<(?!/?(?:details|summary)>)[a-zA-Z/!][^>]*>?", plain):
            yield f"{cell.id} has raw HTML: {tag}"
        if re.search(r"</summary>(?!\n\n)|<details>(?!\n<summary>)", plain):
            yield f"{cell.id}: <summary> comes right after <details>, then an empty line"
        for tag in ("details", "summary"):
            if plain.count(f"<{tag}>") != plain.count(f"</{tag}>"):
                yield f"{cell.id} does not close each <{tag}>"
        if re.search(r"!\[\s*\]", plain):
            yield f"{cell.id} has a picture without a text that stands in for it"
        for line, following in pairwise(plain.splitlines()):
            if not any(map(OTHER_THAN_PARAGRAPH.match, (line, following))) and not re.search(
                r"(  |\\)$", line
            ):
                yield f"{cell.id}: a page joins these lines into one: {line!r} and {following!r}"


def _opening_complaints(lesson: Lesson) -> Iterator[str]:
    titles = [
        line for cell in lesson.markdown for line in headings(cell.source) if line[:2] == "# "
    ]
    first = lesson.cells[0].source
    if len(titles) != 1 or not first.startswith("# "):
        yield f"it has {len(titles)} titles, and one is wanted, at its start"
    for words in ("After this lesson you can", "You need"):
        if words not in first:
            yield f"its first cell does not say: {words}"
    minutes = re.search(r"(\d+) minutes", first)
    if not minutes:
        yield "its first cell does not say how many minutes it takes"
    elif int(minutes[1]) > MOST_MINUTES:
        yield f"it takes {minutes[1]} minutes, and at most {MOST_MINUTES} are wanted"


def headings(source: str) -> list[str]:
    return re.findall(r"^#+ .*$", FENCE.sub("", source), re.M)


Row = tuple[str, str, str]  # in the factory, in mathematics, in code


def glossary(lesson: Lesson) -> list[Row]:
    """The rows of the lesson's glossary, which stands under the heading of its recap."""
    text = "\n\n".join(cell.source for cell in lesson.markdown)
    recap = text.partition("## What you know now")[2]
    for table in TABLE.findall(recap):
        head, _rule, *rows = (
            [part.strip() for part in line.strip().strip("|").split("|")]
            for line in table.splitlines()
        )
        if head == ["in the factory", "in mathematics", "in code"]:
            return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]
    return []


def _recap_complaints(lesson: Lesson, whole: Sequence[Row]) -> Iterator[str]:
    if not any("## What you know now" in headings(cell.source) for cell in lesson.markdown):
        yield "it has no heading '## What you know now'"
    rows = glossary(lesson)
    if not rows:
        yield "its recap has no glossary 'in the factory | in mathematics | in code'"
    known = {name: row for row in whole for name in re.split(r", ", row[0])}
    for row in rows:
        for name in re.split(r", ", row[0]):
            if name not in known:
                yield f"its glossary has {name!r}, which the whole glossary has not"
                continue
            for mine, theirs in zip(row[1:], known[name][1:], strict=True):
                if not _terms(mine) & _terms(theirs):
                    yield f"its glossary calls {name!r} {mine}, the whole glossary {theirs}"


def _terms(cell: str) -> set[str]:
    return set(re.findall(r"[\w∂/·]+", cell.replace("*", "").replace("`", "")))


def _link_complaints(lesson: Lesson, shelf: Sequence[str]) -> Iterator[str]:
    links = [
        (cell.id, link)
        for cell in lesson.markdown
        for link in re.findall(r"\]\(([^)\s]+)[^)]*\)", FENCE.sub("", cell.source))
    ]
    place = shelf.index(lesson.name)
    for neighbour in (*shelf[max(place - 1, 0) : place], *shelf[place + 1 : place + 2]):
        if not any(link.startswith(f"{neighbour}.ipynb") for _id, link in links):
            yield f"it has no link to {neighbour}.ipynb"
    anchors = {line.lstrip("# ").replace(" ", "-") for c in lesson.markdown
               for line in headings(c.source)}  # fmt: skip
    for name, link in links:
        path, _hash, anchor = link.partition("#")
        if re.match(r"\w+:", link):
            continue
        if path.startswith("/") or not (lesson.folder / path).exists():
            yield f"{name} has a link that leads nowhere: {link}"
        elif anchor and not path and anchor not in anchors:
            yield f"{name} has a link to a heading that is not there: {link}"


def _question_complaints(lesson: Lesson, ran: Run) -> Iterator[str]:
    for cell in lesson.code:
        asked = ran.last(cell.id).value
        if isinstance(asked, bp.Question) != (cell in lesson.questions):
            yield f"{cell.id}: a cell is tagged 'question' if it ends in a Question, and only then"
        elif isinstance(asked, bp.Question):
            if not cell.hidden:
                yield f"{cell.id} shows its source, and so its answers"
            if len(asked.prompt) > LONGEST_PROMPT:
                yield f"{cell.id} asks in {len(asked.prompt)} characters, too many to take in"
            reasons = [why.strip() for _text, _right, why in asked.answers]
            texts = [text.strip() for text, _right, _why in asked.answers]
            if "" in reasons or len(set(reasons)) < len(reasons):
                yield f"{cell.id} does not give each answer a reason of its own"
            if "" in texts or len(set(texts)) < len(texts):
                yield f"{cell.id} has an answer that is empty or there twice"


def _output_complaints(lesson: Lesson) -> Iterator[str]:
    """Of sources and saved outputs, what a reader of the page would miss or should not see."""
    for cell in lesson.cells:
        if ABSOLUTE_PATH.search(cell.source):
            yield f"{cell.id} holds a path of one machine"
        for output in cell.outputs:
            data = {kind: "".join(text) for kind, text in output.get("data", {}).items()}
            page = data.get("text/html", "")
            if output.get("name") == "stderr" or output["output_type"] == "error":
                yield f"{cell.id} was saved with an error or a warning"
            if ABSOLUTE_PATH.search(BASE64.sub("", f"{data} {output.get('text', '')}")):
                yield f"{cell.id} was saved with a path of one machine"
            if any(not re.search(r'\balt="[^"]', tag) for tag in re.findall(r"<img\b[^>]*>", page)):
                yield f"{cell.id} shows a picture without a text that stands in for it"
            for kind in set(PICTURES) & set(data):
                told = output.get("metadata", {}).get(kind, {}).get("alt")
                if not (page or told or re.search(r"<title|aria-label=", data[kind])):
                    yield f"{cell.id} shows a picture without a text that stands in for it"


# ---- numbers ----------------------------------------------------------------------------------

NUMBER = re.compile(
    r"(?P<about>(?:about|nearly|almost|roughly|≈)\s+)?"
    r"(?P<written>(?P<sign>(?<![\w.)\]])[−-])?(?<![A-Za-z_0-9.])"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?"
    r"(?:\s*×\s*10(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?)(?![A-Za-z_0-9])"
    r"(?P<unit>\s*(?:%|minutes?\b|seconds?\b))?"
)
PLAIN_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
EXACT = 1e-9


@dataclass(frozen=True)
class Number:
    """A number as it is written, and how far from it the true one may be.

    "0.5911" and "about 0.6" are taken for rounded, "0.5" and "21" are not: a short number is true
    to the last digit, or is said to be about so much.
    """

    written: str
    value: float
    half_a_digit: float
    within: float
    small_talk: bool

    def is_among(self, known: np.ndarray) -> bool:
        return bool((np.abs(known - self.value) <= self.within + EXACT).any())


def numbers(text: str) -> Iterator[Number]:
    """All numbers in a text; a count up to 20, a time, a year and 100 % are small talk."""
    for match in NUMBER.finditer(text):
        whole, decimals = match["digits"].replace(",", ""), match["decimals"] or ""
        power = 10.0 ** int((match["power"] or "0").translate(PLAIN_DIGITS))
        value = float(f"{whole}.{decimals or 0}") * power
        half = 0.5 * 10 ** -len(decimals) * power
        long = len(decimals) > 2 or len((whole + decimals).lstrip("0")) > 2
        rounded = match["about"] or match["power"] or (decimals and long)
        unit = (match["unit"] or "").strip()
        talk = not (decimals or match["sign"] or match["power"]) and (
            value <= 20
            or unit.startswith(("minute", "second"))
            or (unit == "%" and value == 100)
            or (1900 <= value <= 2100 and "," not in match["digits"])
        )
        value = -value if match["sign"] else value
        yield Number(match["written"], value, half, half if rounded else 0.0, talk)


def prose(lesson: Lesson, ran: Run) -> Iterator[tuple[str, str]]:
    """What is told in words: the cell's id and a text, without blocks of code and addresses.

    Of a question, the prompt, the right answers and all reasons; of other code its sentences.
    """
    for cell in lesson.cells:
        if cell.kind == "markdown":
            text = re.sub(r"\]\([^)]*\)", "]", FENCE.sub("", cell.source))
            yield cell.id, re.sub(r"<[^>]*>", " ", text)
        elif isinstance(asked := ran.last(cell.id).value, bp.Question):
            yield cell.id, asked.prompt
            for text, right, why in asked.answers:
                yield cell.id, why
                if right:
                    yield cell.id, text
        else:
            yield from ((cell.id, text) for text in sentences(cell))


def sentences(cell: Cell) -> Iterator[str]:
    """The texts in a cell's code that are more than one word."""
    for part in _parts(cell, ast.Constant):
        if isinstance(part.value, str) and " " in part.value.strip():
            yield part.value


def number_complaints(lesson: Lesson, runs: Sequence[Run], other: Mapping[str, str]) -> list[str]:
    """The numbers that nobody vouches for, and the sums that do not add up.

    A number counts when it is small talk, when the engine or an output of this lesson gives it, or
    when it is what a sum in the same text comes to. ``other`` are further ones, each with a reason.
    """
    known = np.array(
        [
            *(value for make in sources(lesson) for value in make(lesson)),
            *(value for ran in runs for cell in lesson.code for value in _computed(cell, ran)),
        ]
    )
    found, used = [], set()
    for name, text in prose(lesson, runs[0]):
        right, wrong = sums(text)
        found += [f"{name}: this does not add up: {said}" for said in wrong]
        for number in numbers(text):
            if number.written in other:
                used.add(number.written)
            elif not (
                number.small_talk or number.is_among(known) or number.is_among(np.array(right))
            ):
                found.append(f"{name}: neither engine nor output gives {number.written}")
    found += [f"{one} is allowed, and is not there" for one in other if one not in used]
    return found


def _computed(cell: Cell, ran: Run) -> Iterator[float]:
    """The numbers in a cell's output, but for those that its own sentences say."""
    if "question" not in cell.tags:
        said = {number.value for text in sentences(cell) for number in numbers(text)}
        for shown in ran.shown.get(cell.id, ()):
            yield from (n.value for n in numbers(shown.words) if n.value not in said)


# A chain of sums: "2 × 3 + 1 = 6 + 1 = 7".
CHAIN = re.compile(r"[-+−×·*/÷()\d.²³ ]+(?:[=≈][-+−×·*/÷()\d.²³ ]+)+")
END_OF_PART = re.compile(r"\n|[.,:;?!](?=\s|$)|\|")
AS_IN_PYTHON = str.maketrans({"−": "-", "×": "*", "·": "*", "÷": "/", "²": "**2", "³": "**3"})
ARITHMETIC = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop)


def sums(text: str) -> tuple[list[float], list[str]]:
    """What the sums in a text come to ("2 × 3 + 1 = 7"), and those that do not come to it.

    Left alone: a side in which a name takes part, a chain in brackets, code, and formulas between
    dollar signs.
    """
    right, wrong = [], []
    for part in END_OF_PART.split(CODE_AND_FORMULAS.sub("x", text).replace("**", "")):
        for chain in CHAIN.finditer(part):
            after = part[chain.end() :]
            sides = re.split("[=≈]", chain[0])
            if chain.start() and (chain[0][0] != " " or re.match(r" +[-+−] ", chain[0])):
                sides[0] = ""  # f(2) = ..., or w − 0.01 × 8 = ...
            if re.match(r"[\w(\[]" if chain[0][-1] != " " else "%", after):
                sides[-1] = ""  # ... = 3w, or ... = 97 %
            for one, other in pairwise(map(str.strip, sides)):
                left, result = _worth(one), _worth(other)
                if left is None or result is None:
                    continue
                within = max(_half_a_digit(one), _half_a_digit(other))
                if abs(left - result) <= within + EXACT:
                    right += [left, result]
                else:
                    wrong.append(f"{one} = {other}")
    return right, wrong


def _worth(side: str) -> float | None:
    """The number that a piece of arithmetic comes to; None for what is none."""
    try:
        tree = ast.parse(side.translate(AS_IN_PYTHON), mode="eval")
        if all(isinstance(node, ARITHMETIC) for node in ast.walk(tree)):
            return float(eval(compile(tree, "<sum>", "eval")))
    except (SyntaxError, ArithmeticError, ValueError):
        pass
    return None


def _half_a_digit(side: str) -> float:
    found = list(numbers(side))
    alone = len(found) == 1 and found[0].written == side
    return found[0].half_a_digit if alone and "." in side else 0.0


# ---- the numbers of the engine ----------------------------------------------------------------

RATES = (0.001, 0.01, 0.02, 0.05, 0.1)  # of COURSE.md
LAPS = 3


def lemonade_numbers(lesson: Lesson) -> Iterator[float]:
    """All that happens in the lemonade factory, with each of COURSE.md's rates that is named.

    Three laps with the course's order, and one way forward with each order that a cell sends in.
    """
    order = lemonade()
    text = "\n".join(cell.source for cell in lesson.cells)
    written = {number.value for number in numbers(text)}
    for rate in RATES:
        if rate == 0.01 or rate in written:
            yield rate
            network = lemonade_factory()
            for _lap in range(LAPS):
                last = bp.steps(network, order.inputs, order.targets, optimizer=bp.SGD(rate))[-1]
                yield from _numbers_of_a_lap(last, rate)
                network = last.updated
    for pair in _pairs_of_numbers(lesson):
        trace = lemonade_factory().forward(pair)
        for layer, work in zip(lemonade_factory().layers, trace.layers, strict=True):
            yield from _flat(work.inputs, work.pre_activations, work.activations)
            yield from _flat(work.inputs.T * layer.weights)
        yield from _flat(trace.output - order.targets, (trace.output - order.targets) ** 2)


def _numbers_of_a_lap(last: bp.Step, rate: float) -> Iterator[float]:
    yield last.loss
    yield from _flat(last.inputs, last.target, last.trace.output - last.target)
    yield from _flat(last.output_gradient, last.inputs_gradient)
    for layer, work, found, new in zip(
        last.network.layers, last.trace.layers, last.gradients, last.updated.layers, strict=True
    ):
        yield from _flat(layer.weights, layer.biases, new.weights, new.biases)
        yield from _flat(work.inputs, work.pre_activations, work.activations)
        yield from _flat(found.activations, found.pre_activations, found.weights, found.biases)
        yield from _flat(rate * found.weights, rate * found.biases)  # how far a knob is turned
        yield from _flat(work.inputs.T * layer.weights)  # what a delivery counts
        yield from _flat(found.pre_activations * layer.weights)  # what a note counts


def _pairs_of_numbers(lesson: Lesson) -> Iterator[list[float]]:
    for cell in lesson.code:
        for part in _parts(cell, ast.List):
            with contextlib.suppress(ValueError):  # of a list that holds names
                pair = ast.literal_eval(part)
                if len(pair) == 2 and all(isinstance(one, int | float) for one in pair):
                    yield pair


def digit_numbers(lesson: Lesson) -> Iterator[float]:
    """How large the digit factory is, and how many digits it learns from and is tested on."""
    from backprop_lib.widgets import digit_reader

    split = digits()
    yield from (len(split.train), len(split.test), len(split.train) + len(split.test))
    yield from (*split.train.inputs.shape, *split.train.targets.shape)
    yield from (digit_reader.WORKERS, digit_reader.EPOCHS, digit_reader.BATCH)


def pad_numbers(lesson: Lesson) -> Iterator[float]:
    """How the factory of the digit pad was trained."""
    from tools import train_reader

    yield from (train_reader.WORKERS, train_reader.COPIES)


def nudging_numbers(lesson: Lesson) -> Iterator[float]:
    """Ana's knob for lemons, nudged by less and less, and turned down by a tenth."""
    explorer = bp.GradientExplorer.lemonade()
    for nudge in (1.0, 0.1, 0.01, 0.001):
        explorer.nudge = nudge
        yield from (nudge, explorer.weight + nudge, explorer.nudged.above, explorer.nudged.up)
    explorer.weight = 0.9
    yield from (explorer.weight, explorer.gradient)


def rate_numbers(lesson: Lesson) -> Iterator[float]:
    """The learning rates at which the slider of the explorer stops, rounded as the page does."""
    from backprop_lib.widgets import learning_rate_explorer

    low, high = learning_rate_explorer.SLOWEST, learning_rate_explorer.FASTEST
    for power in np.arange(low, high + 0.01, 0.05):
        yield float(f"{10**power:.2g}")


def own_factory_numbers(lesson: Lesson) -> Iterator[float]:
    """How many lines the learner's factory has, how many laps it trains, and on how many moons."""
    known, unseen = moons().split()
    yield from (len(known), len(unseen))
    lines = 0
    for cell in lesson.code:
        with contextlib.suppress(Fault):
            source = solution(lesson, cell) if cell in lesson.exercises else cell.source
            for part in parsed(source).body:
                if isinstance(part, ast.FunctionDef) and part.name != "after":  # the slider's
                    lines += len(ast.unparse(part).splitlines())
        yield from (
            part.value.value
            for part in _parts(cell, ast.keyword)
            if part.arg == "laps" and isinstance(part.value, ast.Constant)
        )
    yield lines


def training_numbers(lesson: Lesson) -> Iterator[float]:
    """How many orders there are in the playground and its exercises, and where XOR gets stuck."""
    from backprop_lib.checks import training as checks
    from backprop_lib.widgets import playground_settings as own

    playground = bp.TrainingPlayground("moons")
    assert playground.run.held_out is not None
    yield from (own.EXAMPLES, len(playground.run.train), len(playground.run.held_out))
    yield from (own.MOST_BATCH, playground.learning_rate, 100 * checks.WANTED)
    for cell in lesson.exercises:
        for orders, size in re.findall(r"orders=(\d+), batch_size=(\d+)", cell.source):
            yield from (float(orders), float(size), float(orders) % float(size))
    stuck = bp.TrainingPlayground("xor", workers=2, learning_rate=0.2, seed=1)
    stuck.train(400)
    yield stuck.run.score().loss


# Where numbers come from when a word stands in a lesson's code; "" stands in all.
SOURCES: dict[str, Callable[[Lesson], Iterable[float]]] = {
    "": lemonade_numbers,
    "DigitReader": digit_numbers,
    "DigitPad": pad_numbers,
    "GradientExplorer": nudging_numbers,
    "LearningRateExplorer": rate_numbers,
    "TrainingPlayground": training_numbers,
    "assemble": own_factory_numbers,
}


def sources(lesson: Lesson) -> list[Callable[[Lesson], Iterable[float]]]:
    code = "\n".join(cell.source for cell in lesson.code)
    return [make for word, make in SOURCES.items() if word in code]


def _flat(*arrays: Any) -> Iterator[float]:
    for array in arrays:
        yield from np.ravel(array).tolist()
