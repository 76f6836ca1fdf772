"""A table's text as rows of cells, numbered as a spreadsheet counts them, a few at a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from backprop_lib.datasets.tables.cells import Kind, look_at, plain
from backprop_lib.engine.arrays import as_text, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, ngettext

MOST_COLUMNS = 10_000
DELIMITERS = (",", ";", "\t", "|", "，", "；")
TOLD = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # how Excel tells its own in the first line
SAMPLE, MOST_SAMPLED = 2**16, 100  # letters and rows from which a delimiter is told
AT_ONCE, LEAST = 2**12, 8  # cells in a batch of rows, and rows


class Row(NamedTuple):
    """A row's number, as a spreadsheet counts from 1, and its cells."""

    number: int
    cells: list[str]


class Rows(NamedTuple):
    """Some rows that follow each other: their numbers, and their cells as columns."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Text:
    """The content of a file, its encoding, and its delimiter once that is known."""

    content: bytes
    encoding: str
    name: str
    delimiter: str = ","

    def open(self) -> TextIO:
        """The text from its first row on, after the line that tells the delimiter."""
        text = io.TextIOWrapper(io.BytesIO(self.content), encoding=self.encoding, newline="")
        if not TOLD.fullmatch(text.readline(16)):
            text.seek(0)
        return text

    def rows(self) -> Iterator[Row]:
        """All rows that are not blank; a line break within a cell makes no new row."""
        number = 0
        try:
            lines = _narrow(self.open(), self.delimiter, self.name)
            for number, cells in enumerate(parsed(lines, self.delimiter), start=1):
                stripped = list(map(str.strip, cells))
                if any(stripped):
                    yield Row(number, stripped)
        except csv.Error:
            raise ValueError(
                _(
                    "Expected plain cells in row {row}, but a quote or a cell there has no end."
                ).format(row=number + 1)
            ) from None

    def body(self, width: int, has_head: bool) -> Iterator[Rows]:
        """The rows under the names in batches, each as wide as the names.

        Empty cells beyond that do not count; ValueError for any other number of cells.
        """
        rows = self.rows()
        if has_head:
            next(rows)
        most = max(AT_ONCE // width, LEAST)
        numbers, batch = [], []
        for row in rows:
            numbers.append(row.number)
            batch.append(_fitted(row, width, self.delimiter))
            if len(batch) == most:
                yield Rows(numbers, list(zip(*batch, strict=True)))
                numbers, batch = [], []
        if batch:
            yield Rows(numbers, list(zip(*batch, strict=True)))


def parsed(lines: Iterator[str] | TextIO | list[str], delimiter: str) -> Iterator[list[str]]:
    """What the csv module makes of lines."""
    # Python's module, as RFC 4180 says: quoted cells may hold delimiters, quotes and line breaks.
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def trimmed(cells: Sequence[str]) -> int:
    """How many cells there are up to the last that is not empty.

    >>> trimmed(["a", "", "b", "", ""])
    3
    """
    return next((n for n in range(len(cells), 0, -1) if cells[n - 1].strip()), 0)


def with_delimiter(text: Text, asked: str | None) -> Text:
    """The text with what stands between its columns: as asked, as the file says, or as it looks.

    Raises ValueError where two ways make sense.
    """
    head = text.open().read(SAMPLE)
    told = TOLD.fullmatch(text.content[:64].decode(text.encoding, "ignore").split("\n", 1)[0])
    _expect_narrow(head, text.name)
    if asked is not None:
        return _replace(text, _asked(asked))
    if told:
        return _replace(text, told[1])
    samples = {one: _sample(head, one, len(head) < SAMPLE) for one in DELIMITERS}
    fitting = [one for one, rows in samples.items() if _fits(rows)]
    if len(fitting) > 1:  # the one with cells that make sense
        fitting = [one for one in fitting if not _is_odd(samples[one], one)] or fitting
    if len(fitting) > 1:
        raise ValueError(
            _(
                "Expected one sign between the columns of {name}, but {signs} may each be it; say "
                "which, such as delimiter={first}."
            ).format(
                name=short(text.name), signs=listed(map(repr, fitting)), first=repr(fitting[0])
            )
        )
    if fitting:
        return _replace(text, fitting[0])
    # Some row is wrong; the names tell more than the rest.
    return _replace(text, max(DELIMITERS, key=lambda one: _counts(samples[one])))


def _replace(text: Text, delimiter: str) -> Text:
    return Text(text.content, text.encoding, text.name, delimiter)


def _asked(asked: str) -> str:
    if len(as_text(asked, "delimiter")) != 1 or asked in '"\r\n\0':
        raise ValueError(
            _('Expected one sign as the delimiter, but {value} came; try delimiter=";".').format(
                value=short(asked)
            )
        )
    return asked


def _sample(head: str, delimiter: str, whole: bool) -> list[list[str]]:
    """The first rows that are not blank, as this delimiter makes them."""
    rows = []
    try:
        for cells in parsed(io.StringIO(head, newline=""), delimiter):
            if trimmed(cells):
                rows.append(cells)
            if len(rows) == MOST_SAMPLED:
                return rows
    except csv.Error:
        return rows
    return rows if whole or len(rows) < 3 else rows[:-1]  # the last may be cut


def _fits(rows: list[list[str]]) -> bool:
    width = trimmed(rows[0]) if rows else 0
    return width > 1 and all(trimmed(row) <= width <= len(row) for row in rows)


def _is_odd(rows: list[list[str]], delimiter: str) -> bool:
    """Whether some cells are no values, as where commas within numbers are taken for delimiters."""
    rarer = set(DELIMITERS) - set(",，") if delimiter in ",，" else set()
    return any(
        look_at(cell).kind is Kind.ODD or rarer & set(cell) for row in rows[1:] for cell in row
    )


def _counts(rows: list[list[str]]) -> tuple[int, int]:
    widths = [trimmed(row) for row in rows]
    return max([1, *widths[:1]]), max([1, *widths])


def _expect_narrow(text: str, name: str) -> None:
    for line in text.splitlines():
        for delimiter in DELIMITERS:
            _expect_few(line.count(delimiter), name)


def _narrow(lines: TextIO, delimiter: str, name: str) -> Iterator[str]:
    """The lines; ValueError before one with too many columns is taken apart."""
    for line in lines:
        # Empty cells at the end do not count.
        if line.count(delimiter) >= MOST_COLUMNS:
            _expect_few(line.rstrip(f"\r\n{delimiter}").count(delimiter), name)
        yield line


def _expect_few(delimiters: int, name: str) -> None:
    if delimiters >= MOST_COLUMNS:
        raise ValueError(
            _(
                "Expected a table of at most {most} columns, but {name} has more; leave columns "
                "out in the spreadsheet, and save it again."
            ).format(most=MOST_COLUMNS, name=short(name))
        )


def _fitted(row: Row, width: int, delimiter: str) -> list[str]:
    if len(row.cells) == width:
        return row.cells
    found = trimmed(row.cells)
    if found <= width <= len(row.cells):
        return row.cells[:width]
    sign = {",": _("comma"), ";": _("semicolon"), "\t": _("tab")}.get(delimiter, f"{delimiter!r}")
    slip = _("Is there a {sign} too many or too few?").format(sign=sign)
    if delimiter == "," and found > width:
        slip += " " + _("Numbers have a point, 1.5, or stand in quotes.")
    raise ValueError(
        ngettext(
            "Expected {count} cell in row {row}, one for each name, but {found} came: {cells}. "
            "{slip}",
            "Expected {count} cells in row {row}, one for each name, but {found} came: "
            "{cells}. {slip}",
            width,
        ).format(
            count=width, row=row.number, found=max(found, min(len(row.cells), width)),
            cells=short(plain(listed(row.cells))), slip=slip,
        )
    )  # fmt: skip
