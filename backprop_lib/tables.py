"""Read a table of one's own: numbers between commas, with a row of names above them."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path

from backprop_lib.arrays import short
from backprop_lib.datasets import Dataset
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import ngettext
from backprop_lib.whole_files import as_file

LARGEST = 2**24  # bytes
NAME_AND_UNIT = re.compile(r"(.*\S)\s*\(([^()]*)\)")
Row = tuple[int, list[str]]  # the row's number, as a spreadsheet counts, and its cells


def read_table(path: str | os.PathLike[str], targets: str | Sequence[str]) -> Dataset:
    r"""Read a CSV file of numbers; ``targets`` names the columns that are to be foretold.

    The first row holds a name for each column, with its unit in brackets where it has one:
    ``length (cm)``. All other columns are inputs, in their order; blank rows do not count. Raises
    FileNotFoundError, or a ValueError that says which row and which column it is about, what was
    expected there, and what came.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "leaves.csv")
    ...     _length = path.write_text("length (cm),width (cm),oak\n9,5,1\n7,6.5,0\n")
    ...     leaves = read_table(path, targets="oak")
    >>> leaves, leaves.input_names, leaves.input_units
    (Dataset(leaves: 2 examples, 2 → 1), ('length', 'width'), ('cm', 'cm'))
    """
    source = as_file(path)
    head, *rows = _rows(_text(source), source.name)
    names, units = _names(head)
    values = [_values(row, names) for row in rows]
    if not values:
        raise ValueError(
            _("Expected at least one row of numbers under the names, but {name} has none.").format(
                name=short(source.name)
            )
        )
    wanted = _wanted(targets, names)
    inputs = [place for place in range(len(names)) if place not in wanted]
    if not inputs:
        raise ValueError(
            _("Expected a column that is not a target, to foretell from, but all of them are.")
        )
    own_units = [units[place] for place in inputs]
    return Dataset(
        name=source.stem,
        inputs=[[row[place] for place in inputs] for row in values],
        targets=[[row[place] for place in wanted] for row in values],
        input_names=[names[place] for place in inputs],
        target_names=[names[place] for place in wanted],
        input_units=own_units if any(own_units) else (),
        source=_("Read from the file {name}.").format(name=source.name),
    )


def _text(source: Path) -> str:
    if source.stat().st_size > LARGEST:
        raise ValueError(
            _("Expected a small table, but {name} has more than {most} million bytes.").format(
                name=short(source.name), most=LARGEST // 2**20
            )
        )
    try:
        return source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(
            _(
                "Expected a text file, but {name} is none, or is not in UTF-8; save the table "
                "again as CSV (UTF-8)."
            ).format(name=short(source.name))
        ) from None


def _rows(text: str, name: str) -> list[Row]:
    """The rows that are not blank, the first being the names."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error:
        raise ValueError(
            _("Expected plain cells in row {row}, but a quote or a cell there has no end.").format(
                row=reader.line_num
            )
        ) from None
    if not rows:
        raise ValueError(
            _("Expected a row of names and rows of numbers, but {name} is empty.").format(
                name=short(name)
            )
        )
    return rows


def _names(head: Row) -> tuple[list[str], list[str]]:
    """Each column's name, and its unit or an empty text."""
    row, cells = head
    if len(cells) == 1:
        for sign in (";", "\t"):
            if sign in cells[0]:
                raise ValueError(
                    _(
                        "Expected commas between the columns, but row {row} has {sign} instead; "
                        "save the table again with commas."
                    ).format(row=row, sign=_("semicolons") if sign == ";" else _("tabs"))
                )
    if all(_number(cell) is not None for cell in cells):
        raise ValueError(
            _(
                "Expected a name for each column in the first row, but numbers came: {cells}; "
                "write a row of names above them."
            ).format(cells=short(", ".join(cells)))
        )
    names, units = [], []
    for place, cell in enumerate(cells, start=1):
        parts = NAME_AND_UNIT.fullmatch(cell)
        name, unit = (parts[1], parts[2].strip()) if parts else (cell, "")
        if not name:
            raise ValueError(
                _("Expected a name for column {place}, but its first cell is empty.").format(
                    place=place
                )
            )
        if name in names:
            raise ValueError(
                _("Expected a name of its own for each column, but two are called {name}.").format(
                    name=short(name)
                )
            )
        names.append(name)
        units.append(unit)
    return names, units


def _values(row: Row, names: list[str]) -> list[float]:
    number, cells = row
    if len(cells) != len(names):
        raise ValueError(
            ngettext(
                "Expected {count} cell in row {row}, one for each name, but {found} came: {cells}. "
                "Is there a comma too many or too few? Numbers have a point: 1.5.",
                "Expected {count} cells in row {row}, one for each name, but {found} came: "
                "{cells}. Is there a comma too many or too few? Numbers have a point: 1.5.",
                len(names),
            ).format(count=len(names), row=number, found=len(cells), cells=short(", ".join(cells)))
        )
    values = []
    for cell, name in zip(cells, names, strict=True):
        value = _number(cell)
        if value is None:
            raise ValueError(
                _(
                    "Expected a number in row {row}, column {column}, but {found} came; {advice}."
                ).format(row=number, column=short(name), found=_found(cell), advice=_advice(cell))
            )
        values.append(value)
    return values


def _number(cell: str) -> float | None:
    """The finite number that a cell holds, in plain digits; None for anything else."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def _found(cell: str) -> str:
    return short(cell) if cell else _("an empty cell")


def _advice(cell: str) -> str:
    if not cell:
        return _("fill it, or leave the whole row out")
    if re.fullmatch(r"[-+]?\d*,\d+", cell):
        return _("write a point and no comma: {number}").format(number=cell.replace(",", "."))
    return _("write it with digits and a point, such as 1.5, and its unit above in the first row")


def _wanted(targets: object, names: list[str]) -> list[int]:
    """The places of the columns that are to be foretold."""
    asked = [targets] if isinstance(targets, str) else targets
    if not isinstance(asked, list | tuple) or not asked:
        raise TypeError(
            _("Expected the name of a column to foretell, but {value} came; try {name}.").format(
                value=short(targets), name=short(names[-1])
            )
        )
    for name in asked:
        if name not in names or list(asked).count(name) > 1:
            raise ValueError(
                _(
                    "Expected the names of columns to foretell, each once, but {value} came; "
                    "there are {names}."
                ).format(value=short(name), names=", ".join(names))
            )
    return [names.index(name) for name in asked]
