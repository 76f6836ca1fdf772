"""The pattern of a lesson: how it opens, how long it is, how it asks, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lessons import Lesson, Run

import backprop_lib as bp

MOST_CELLS = 32
MOST_LINES = 10
MOST_LINES_OF_A_QUESTION = 14
MOST_MINUTES = 30  # read aloud by a child, guesses and exercises and all
LONGEST_PROMPT = 160  # characters, which is about two lines of a question


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
