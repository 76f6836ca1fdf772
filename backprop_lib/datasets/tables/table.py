"""A table gone through twice: once to see what each column is, once to write its numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backprop_lib.datasets.tables.amounts import Signs, amounts, decimal_signs
from backprop_lib.datasets.tables.cells import is_gap
from backprop_lib.datasets.tables.columns import Column, Fault, one_hot
from backprop_lib.datasets.tables.encodings import CHINESE, WESTERN
from backprop_lib.datasets.tables.heads import Heading, as_names, chosen, has_head, headings
from backprop_lib.datasets.tables.rows import Row, Rows, Text, trimmed
from backprop_lib.engine.arrays import Array, read_only, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import ngettext

MOST_NUMBERS = 2**23
SAMPLE = 2**12  # cells that tell whether the first row holds names
LEGACY = {WESTERN: "Windows-1252", CHINESE: "GB 18030"}


class Table:
    """A text with its columns, gone through twice: ``look_over``, then ``numbers``."""

    def __init__(
        self,
        text: Text,
        targets: object,
        leave_out: object,
        kinds: object,
        skip_gaps: bool,
        header: bool | None,
    ) -> None:
        self.text, self.skip_gaps = text, skip_gaps
        sample = _sample(text)
        self.has_head = has_head(sample, header)
        found = headings(sample[0], self.has_head)
        if len(found) == 1:
            _expect_no_title(sample)
        self.width = len(found)
        inputs, wanted = chosen(found, targets, leave_out)
        as_kinds = as_names(kinds, found, _("the names of columns with kinds"))
        self.nameless = [one for one in inputs if not one.is_named]
        self.inputs = [Column(one, one.place in as_kinds) for one in inputs if one.is_named]
        self.targets = [Column(one, one.place in as_kinds) for one in wanted]
        self.columns = sorted(self.inputs + self.targets, key=lambda one: one.heading.place)
        self.count = self.left_out = 0

    def look_over(self, decimal: str | None) -> None:
        """See what every column is; ValueError for the first row that cannot be read."""
        for rows in self._batches():
            for nameless in self.nameless:
                _expect_empty(nameless, rows)
            for column in self.columns:
                column.look_over(rows.numbers, rows.columns[column.heading.place])
            self.count += len(rows.numbers)
        if not self.count:
            raise ValueError(self._nothing())
        if not self.inputs:
            raise ValueError(
                _("Expected a column that is not a target, to foretell from, but all are empty.")
            )
        faults: list[Fault] = [
            fault for column in self.columns if (fault := column.fault(decimal)) is not None
        ]
        if faults:
            raise ValueError(min(faults).told)

    def numbers(self, decimal: str | None) -> tuple[Array, Array]:
        """The inputs and the targets, (examples, columns) each."""
        shown = {sign for one in self.columns if not one.has_words for sign in one.signs}
        signs = {
            one.heading.place: decimal_signs(one, shown, self.text.delimiter, decimal)
            for one in self.columns
        }
        inputs, targets = self._room(self.inputs), self._room(self.targets)
        start = 0
        for rows in self._batches():
            end = start + len(rows.numbers)
            for table, columns in ((inputs, self.inputs), (targets, self.targets)):
                _write(table[start:end], columns, rows, signs)
            start = end
        return read_only(inputs), read_only(targets)

    def _room(self, columns: list[Column]) -> Array:
        """An array for all that these columns become."""
        wide = sum(one.width for one in columns)
        if self.count * wide > MOST_NUMBERS:
            raise ValueError(
                _(
                    "Expected a table of at most {most} million numbers, but {name} makes {rows} "
                    "rows of {columns}; leave rows or columns out."
                ).format(
                    most=MOST_NUMBERS // 2**20, name=short(self.text.name), rows=self.count,
                    columns=wide,
                )
            )  # fmt: skip
        return np.empty((self.count, wide))

    @property
    def source(self) -> str:
        """A sentence on where the numbers come from."""
        said = _("Read from the file {name}.").format(name=self.text.name)
        if self.text.encoding in LEGACY:
            said += " " + _("Its letters were taken for {encoding}.").format(
                encoding=LEGACY[self.text.encoding]
            )
        if self.left_out:
            said += " " + ngettext(
                "{count} row with gaps was left out.",
                "{count} rows with gaps were left out.",
                self.left_out,
            ).format(count=self.left_out)
        return said

    def _batches(self) -> Iterator[Rows]:
        """The rows in use, a batch at a time."""
        self.left_out = 0
        for rows in self.text.body(self.width, self.has_head):
            if self.skip_gaps:
                gaps = {
                    n
                    for one in self.columns
                    for n, cell in enumerate(rows.columns[one.heading.place])
                    if not cell or (not one.as_kinds and is_gap(cell))
                }
                if gaps:
                    self.left_out += len(gaps)
                    keep = [n for n in range(len(rows.numbers)) if n not in gaps]
                    if not keep:
                        continue
                    rows = Rows(*_picked(rows, keep))
            yield rows

    def _nothing(self) -> str:
        if self.left_out:
            return _(
                "Expected a row without a gap, but all {count} rows of {name} have one; leave out "
                "the columns that have most: leave_out=."
            ).format(count=self.left_out, name=short(self.text.name))
        return _(
            "Expected at least one row of numbers under the names, but {name} has none."
        ).format(name=short(self.text.name))


def _sample(text: Text) -> list[Row]:
    """The first rows, as many as it takes to know whether there are names."""
    sample: list[Row] = []
    cells = 0
    for row in text.rows():
        sample.append(row)
        cells += len(row.cells)
        if cells > SAMPLE and len(sample) > 1:
            break
    if not sample:
        raise ValueError(
            _("Expected a row of names and rows of numbers, but {name} is empty.").format(
                name=short(text.name)
            )
        )
    return sample


def _write(table: Array, columns: list[Column], rows: Rows, signs: dict[int, Signs]) -> None:
    """Write what some rows' columns become into their part of the table."""
    left = 0
    for one in columns:
        place = one.heading.place
        cells = rows.columns[place]
        if one.has_words:
            table[:, left : left + one.width] = one_hot(one.words, cells)
        else:
            table[:, left] = amounts(one, rows.numbers, cells, signs[place])
        left += one.width


def _expect_no_title(sample: list[Row]) -> None:
    """Raise ValueError where the one cell of the first row is no name of an only column."""
    (row, cells), *others = sample
    wide = next((other for other in others if trimmed(other.cells) > 1), None)
    if wide is not None:
        raise ValueError(
            _(
                "Expected a name for each column in row {row}, but it has only {cell}, and row "
                "{other} has {count} cells; take out what stands above the names."
            ).format(row=row, cell=short(cells[0]), other=wide.number, count=trimmed(wide.cells))
        )
    if " " in cells[0]:
        raise ValueError(
            _(
                "Expected commas, semicolons or tabs between the columns, but row {row} has "
                'one cell: {cell}; save the table again as CSV, or say delimiter=" ".'
            ).format(row=row, cell=short(cells[0]))
        )


def _expect_empty(column: Heading, rows: Rows) -> None:
    for number, cell in zip(rows.numbers, rows.columns[column.place], strict=True):
        if cell:
            raise ValueError(
                _(
                    "Expected a name for column {place}, but its first cell is empty, and row "
                    "{row} has {cell} there; write a name, or say leave_out={name}."
                ).format(
                    place=column.place + 1, row=number, cell=short(cell), name=short(column.name)
                )
            )


def _picked(rows: Rows, keep: list[int]) -> tuple[list[int], list[list[str]]]:
    numbers = [rows.numbers[n] for n in keep]
    return numbers, [[column[n] for n in keep] for column in rows.columns]
