"""A column of cells: first looked over as a whole, then turned into numbers or kinds.

A table is gone through twice, a batch of rows at a time, so that it never stands in memory as
texts: once to see what each column is and which decimal sign it has, once to write its numbers.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backprop_lib.datasets.tables import refusals
from backprop_lib.datasets.tables.cells import OTHER, Kind, look_at, plain
from backprop_lib.datasets.tables.heads import Heading, readable
from backprop_lib.engine.arrays import Array, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import ngettext

MOST_KINDS = 100
FEW_KINDS = 10  # so many may be of one row each


class First(NamedTuple):
    """Where something was seen first: a row's number, and the text of the cell."""

    row: int
    text: str


class Fault(NamedTuple):
    """A row that cannot be read, and the sentence that says why; the smallest row is told."""

    row: int
    place: int
    told: str


class Column:
    """What is known of one column: how many cells of each sort it has, and where the first stand.

    ``as_kinds`` says that its cells are names of kinds, even if they look like numbers.
    """

    def __init__(self, heading: Heading, as_kinds: bool) -> None:
        self.heading, self.as_kinds = heading, as_kinds
        self.rows = 0
        self.counts: Counter[Kind] = Counter()
        self.first: dict[Kind, First] = {}
        self.signs: dict[str, First] = {}  # decimal signs that cannot be anything else
        self.units: dict[str, First] = {}  # beside the numbers
        self.kinds: dict[str, int] = {}  # words, and the row where each was first
        self.too_many_kinds = False

    @property
    def has_words(self) -> bool:
        """Whether it holds kinds, and no amounts."""
        return self.as_kinds or (
            self.counts[Kind.WORD] > 0 and self.counts[Kind.WORD] > self.counts[Kind.NUMBER]
        )

    # ---- looking over -------------------------------------------------------------------------

    def look_over(self, numbers: Sequence[int], cells: Sequence[str]) -> None:
        """Take note of some more cells, and of their rows' numbers."""
        self.rows += len(cells)
        if self._are_plain(cells):
            self.counts[Kind.NUMBER] += len(cells)
            self.units.setdefault("", First(numbers[0], cells[0]))
            self.first.setdefault(Kind.NUMBER, First(numbers[0], cells[0]))
            return
        for text, count in Counter(cells).items():
            cell = look_at(text)
            kind = Kind.WORD if self.as_kinds and text else cell.kind
            self.counts[kind] += count
            if kind is Kind.WORD:
                self._note_kind(text, numbers, cells)
            elif kind is Kind.NUMBER and cell.mark not in self.units:
                self.units[cell.mark] = _first(text, numbers, cells)
            if kind is Kind.NUMBER and cell.sign and cell.sign not in self.signs:
                self.signs[cell.sign] = _first(text, numbers, cells)
            if kind not in self.first:
                self.first[kind] = _first(text, numbers, cells)

    def _are_plain(self, cells: Sequence[str]) -> bool:
        """Whether all are numbers in plain digits that tell nothing new of the decimal sign."""
        if self.as_kinds or self.counts[Kind.WORD]:
            return False
        joined = "\n".join(cells)
        used = {sign for sign in OTHER if sign in joined}
        if len(used) == 2 or not used <= set(self.signs) or "_" in joined:
            return False
        try:
            values = list(map(float, joined.replace(",", ".").split("\n")))
        except ValueError:
            return False
        return len(values) == len(cells) and all(map(math.isfinite, values))

    def _note_kind(self, text: str, numbers: Sequence[int], cells: Sequence[str]) -> None:
        word = readable(text)
        if word not in self.kinds and not self.too_many_kinds:
            self.kinds[word] = numbers[cells.index(text)]
            self.too_many_kinds = len(self.kinds) > MOST_KINDS

    # ---- judging ------------------------------------------------------------------------------

    def fault(self, decimal: str | None) -> Fault | None:
        """The first cell that does not go with the rest, or None."""
        name, first = self.heading.name, self.first
        found: list[Fault] = []

        def note(at: First, told: str) -> None:
            found.append(Fault(at.row, self.heading.place, told))

        for kind in (Kind.GAP, Kind.DATE, Kind.ODD):
            if kind in first:
                among_words = kind is Kind.GAP and self.has_words
                tell = refusals.gap_among_words if among_words else refusals.number_expected
                note(first[kind], tell(first[kind].row, name, first[kind].text))
        if self.has_words:
            if Kind.NUMBER in first:
                at = first[Kind.NUMBER]
                note(at, refusals.word_expected(at.row, name, at.text))
            return min(found, default=None) or self._kinds_fault()
        if Kind.WORD in first:
            at = first[Kind.WORD]
            note(at, refusals.number_expected(at.row, name, at.text))
        if decimal is not None and OTHER[decimal] in self.signs:
            at = self.signs[OTHER[decimal]]
            note(at, refusals.other_sign(at.row, name, at.text, decimal))
        units = self._units()
        if len(units) > 1:
            (unit, _above), (_other, at), *_rest = units.items()
            note(at, refusals.other_unit(at.row, name, at.text, unit))
        return min(found, default=None)

    def _units(self) -> dict[str, First]:
        """The units of the numbers, in the order in which they come; that of the name is one."""
        own = self.heading.unit.upper()
        units: dict[str, First] = {}
        for mark, at in self.units.items():
            units.setdefault(mark or (own if own in self.units else ""), at)
        return units

    def _kinds_fault(self) -> Fault | None:
        """What is wrong with the kinds as a whole."""
        column, count = short(self.heading.name), len(self.kinds)
        each_its_own = count > FEW_KINDS and 2 * count > self.rows and not self.as_kinds
        told = ""
        alike: dict[str, str] = {}
        if self.too_many_kinds or each_its_own:
            told = _(
                "Expected a few kinds in column {column}, but there are at least {count} in {rows} "
                "rows; say leave_out={column}, or write fewer kinds."
            ).format(column=column, count=count, rows=self.rows)
        elif count == 1:
            told = ngettext(
                "Expected at least two kinds in column {column}, but its only row says {word}; "
                "add a row of another kind, or say leave_out={column}.",
                "Expected at least two kinds in column {column}, but all {count} rows say {word}; "
                "add a row of another kind, or say leave_out={column}.",
                self.rows,
            ).format(column=column, count=self.rows, word=short(next(iter(self.kinds))))
        elif not self.as_kinds:
            for word in self.kinds:
                other = alike.setdefault(plain(word).casefold(), word)
                if other != word:
                    told = _(
                        "Expected each kind in column {column} written in one way, but row {row} "
                        "says {word}, and row {other} {like}; write them alike, or, if they are "
                        "two kinds, say kinds={column}."
                    ).format(
                        column=column, row=self.kinds[word], word=short(word),
                        other=self.kinds[other], like=short(other),
                    )  # fmt: skip
                    return Fault(self.kinds[word], self.heading.place, told)
        return Fault(sys.maxsize, self.heading.place, told) if told else None

    # ---- what becomes of it -------------------------------------------------------------------

    @property
    def words(self) -> list[str]:
        """The kinds, in the order of their names, or of their numbers where they are numbers."""
        cells = {word: look_at(word) for word in self.kinds}
        if all(cell.kind is Kind.NUMBER for cell in cells.values()):
            return sorted(cells, key=lambda word: cells[word].point or cells[word].comma or 0.0)
        return sorted(cells, key=lambda word: (word.casefold(), word))

    @property
    def width(self) -> int:
        """How many columns of numbers it becomes."""
        return len(self.kinds) if self.has_words else 1

    def names(self, alone: bool = False) -> list[str]:
        """The names of these columns; ``alone`` says that the kinds need no name before theirs."""
        name = self.heading.name
        if not self.has_words:
            return [name]
        return self.words if alone else [f"{name}: {word}" for word in self.words]

    @property
    def unit(self) -> str:
        """The unit over the column, or the sign beside its numbers."""
        if self.has_words:
            return ""
        return self.heading.unit or next((mark for mark in self.units if mark), "")


def one_hot(words: Sequence[str], cells: Sequence[str]) -> Array:
    """A column for each kind: 1 where the cell says so, and 0 else; (cells, kinds)."""
    places = {text: words.index(readable(text)) for text in set(cells)}
    found = np.array([places[text] for text in cells])
    made: Array = (found[:, np.newaxis] == np.arange(len(words))).astype(np.float64)
    return made


def _first(text: str, numbers: Sequence[int], cells: Sequence[str]) -> First:
    return First(numbers[cells.index(text)], text)
