"""The names above a table's columns: whether there are any, what they say, and which are wanted."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from backprop_lib.datasets.tables.cells import Kind, look_at
from backprop_lib.datasets.tables.rows import Row, trimmed
from backprop_lib.engine.arrays import short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed

NAME_AND_UNIT = re.compile(r"(.*[^\s(（])\s*[(（]([^()（）]*)[)）]")
UNSEEN = {0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF}
VALUES = (Kind.NUMBER, Kind.DATE, Kind.ODD)
SHOWN = 160  # letters of a list of names


@dataclass(frozen=True)
class Heading:
    """A column's name, its unit (or an empty text), and its place from 0."""

    name: str
    unit: str
    place: int
    is_named: bool = True


def readable(text: str) -> str:
    r"""A name or a word on one line, without signs that no picture can show.

    >>> readable(" w\n(cm)\x00\ufeff ")
    'w (cm)'
    """
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join(
        one
        for one in line
        if ord(one) not in UNSEEN and unicodedata.category(one) not in ("Cc", "Cs")
    ).strip()


def has_head(rows: Sequence[Row], header: object) -> bool:
    """Whether the first row holds the names; ValueError where that cannot be told.

    A word over numbers is a name. A number over numbers, or a word that comes again under itself,
    is more likely a row like the others.
    """
    if header is not None and not isinstance(header, bool):
        raise TypeError(
            _("Expected header=True, header=False or nothing, but {value} came.").format(
                value=short(header)
            )
        )
    if header is not None:
        return header
    first = rows[0].cells[: trimmed(rows[0].cells)]
    under = [
        [row.cells[place] for row in rows[1:] if place < len(row.cells)]
        for place in range(len(first))
    ]
    doubtful = [cell for cell, cells in zip(first, under, strict=True) if _is_value(cell, cells)]
    if not doubtful and not any(map(_is_name, first, under)):
        doubtful = [
            cell for cell, cells in zip(first, under, strict=True) if cell and cell in cells
        ]
    if not doubtful:
        return True
    raise ValueError(
        _(
            "Expected a name for each column in row {row}, but {cell} came, as in the rows under "
            'it; write a row of names above, or say header=False and call them "column 1" and so '
            "on. If these are names, say header=True."
        ).format(row=rows[0].number, cell=short(doubtful[0]))
    )


def _is_value(head: str, under: Sequence[str]) -> bool:
    """Whether a first cell is a number or a date, as those under it."""
    kinds = _kinds(under)
    return look_at(head).kind in VALUES and (not kinds or bool(kinds & set(VALUES)))


def _is_name(head: str, under: Sequence[str]) -> bool:
    """Whether a first cell is a word over numbers or dates."""
    kinds = _kinds(under)
    return look_at(head).kind is Kind.WORD and bool(kinds) and kinds <= set(VALUES)


def _kinds(cells: Sequence[str]) -> set[Kind]:
    return {look_at(cell).kind for cell in cells} - {Kind.GAP}


def headings(row: Row, there: bool) -> list[Heading]:
    """The columns of a table with that first row; without names they are called by their place."""
    cells = row.cells[: trimmed(row.cells)]
    found = []
    for place, cell in enumerate(cells):
        words = readable(cell) if there else ""
        parts = NAME_AND_UNIT.fullmatch(words)
        name, unit = (parts[1], parts[2].strip()) if parts else (words, "")
        plain = _("column {n}").format(n=place + 1)
        found.append(Heading(name or plain, unit, place, bool(name) or not there))
    return found


def chosen(columns: list[Heading], targets: object, leave_out: object) -> tuple[
    list[Heading], list[Heading]
]:  # fmt: skip
    """The columns that are inputs, and those that are targets.

    Raises TypeError or ValueError for names that are not there, and where two are left that are
    called alike, or none.
    """
    last = columns[-1].name
    wanted = _named(targets, columns, _("the names of columns to foretell"), last)
    without = _named(leave_out, columns, _("the names of columns to leave out"), last, none=True)
    both = [one for one in wanted if one in without]
    if both:
        raise ValueError(
            _("Expected to foretell {name} or to leave it out, but both were asked for.").format(
                name=short(both[0].name)
            )
        )
    inputs = [one for one in columns if one not in wanted and one not in without]
    seen: dict[str, Heading] = {}
    for one in (*inputs, *wanted):
        other = seen.setdefault(one.name, one)
        if other is not one:
            places = sorted((other.place + 1, one.place + 1))
            raise ValueError(
                _(
                    "Expected a name of its own for each column, but two are called {name}, the "
                    "columns {first} and {second}; write another name above one of them."
                ).format(name=short(one.name), first=places[0], second=places[1])
            )
    if not inputs:
        raise ValueError(
            _("Expected a column that is not a target, to foretell from, but all of them are.")
        )
    return inputs, wanted


def as_names(asked: object, columns: list[Heading], what: str) -> set[int]:
    """The places of columns that an argument names; ``what`` says in errors what it is."""
    return {one.place for one in _named(asked, columns, what, columns[-1].name, none=True)}


def _named(
    asked: object, columns: list[Heading], what: str, example: str, none: bool = False
) -> list[Heading]:
    names = [asked] if isinstance(asked, str) else asked
    if not isinstance(names, list | tuple) or not (names or none):
        raise TypeError(
            _("Expected {what}, but {value} came; try {name}.").format(
                what=what, value=short(asked), name=short(example)
            )
        )
    found: dict[str, list[Heading]] = {}
    for one in columns:
        found.setdefault(one.name, []).append(one)
        if one.unit:
            found.setdefault(f"{one.name} ({one.unit})", []).append(one)
    seen: set[str] = set()
    for name in names:
        known = isinstance(name, str) and name in found and name not in seen
        seen.add(str(name) if known else "")
        if not known:
            raise ValueError(
                _("Expected {what}, each once, but {value} came; there are {names}.").format(
                    what=what, value=short(name), names=_listed(name, columns)
                )
            )
    return [one for name in names for one in found[name]]


def _listed(asked: object, columns: list[Heading]) -> str:
    """The names that are there, the likeliest ones first where they are many."""
    names = [one.name for one in columns]
    text = listed(names[: SHOWN // 2])
    if len(text) <= SHOWN and len(names) <= SHOWN // 2:
        return text
    like = difflib.get_close_matches(str(asked)[:SHOWN], names[:1000], n=3)
    few = [name if len(name) <= 40 else f"{name[:39]}…" for name in (like or names[:3])]
    return _("{names} and others, {count} in all").format(names=listed(few), count=len(names))
