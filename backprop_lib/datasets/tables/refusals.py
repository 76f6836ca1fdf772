"""The sentences for cells that cannot be read, each with the one advice that is right for it."""

from __future__ import annotations

import re

from backprop_lib.datasets.tables.cells import Cell, Kind, look_at, plain
from backprop_lib.engine.arrays import short
from backprop_lib.i18n import gettext as _

WITH_UNIT = re.compile(r"(?P<number>[-+]?[\d.,' ]*\d) ?(?P<unit>[^\W\d_]+[^\s\d]*)")
BOOKKEEPING = re.compile(r"\(([\d.,' ]+)\)|([\d.,' ]*\d)-")  # (5) and 5- are -5 there


def number_expected(row: int, column: str, text: str) -> str:
    """The sentence for a cell that is to be a number, and is none."""
    return _("Expected a number in row {row}, column {column}, but {found} came; {advice}.").format(
        row=row, column=short(column), found=_found(text), advice=_advice(text, column)
    )


def gap_among_words(row: int, column: str, text: str) -> str:
    """The sentence for a cell without a word, where the others have one."""
    advice = _gap_advice(column)
    if text:
        advice += _(", or, if it is one of the kinds, say kinds={column}").format(
            column=short(column)
        )
    return _("Expected a word in row {row}, column {column}, but {found} came; {advice}.").format(
        row=row, column=short(column), found=_found(text), advice=advice
    )


def word_expected(row: int, column: str, text: str) -> str:
    """The sentence for a number among words."""
    return _(
        "Expected a word in row {row}, column {column}, as in most rows there, but {found} came; "
        "write the word that is meant, or, if it is one of the kinds, say kinds={column}."
    ).format(row=row, column=short(column), found=_found(text))


def two_readings(row: int, column: str, text: str, both_signs: bool) -> str:
    """The sentence for a number that is written as two numbers are.

    ``both_signs`` says that the column has points and commas elsewhere, so that no argument helps.
    """
    cell = look_at(text)
    assert cell.point is not None and cell.comma is not None
    readings = sorted((cell.point, cell.comma), reverse=True)
    advice = (
        _("write each number there with a point or none, as one of these two")
        if both_signs
        else _('say decimal="." where the point is the decimal sign, or decimal="," for the comma')
    )
    return _(
        "Expected a number that can be read in one way only in row {row}, column {column}, but "
        "{found} may be {large} or {small}; {advice}."
    ).format(
        row=row, column=short(column), found=_found(text), advice=advice,
        large=_written(readings[0]), small=_written(readings[1]),
    )  # fmt: skip


def other_sign(row: int, column: str, text: str, decimal: str) -> str:
    """The sentence for a number that does not go with the decimal sign that was asked for."""
    cell = look_at(text)
    value = cell.comma if cell.point is None else cell.point
    assert value is not None
    return _(
        "Expected numbers with decimal={decimal} in row {row}, column {column}, but {found} came; "
        "write {number} there, or leave decimal= out."
    ).format(
        decimal=repr(decimal), row=row, column=short(column), found=_found(text),
        number=_written(value).replace(".", decimal),
    )  # fmt: skip


def other_unit(row: int, column: str, text: str, unit: str) -> str:
    """The sentence for a number in another unit than those above it."""
    return _(
        "Expected the same unit in the whole column {column}, but {found} came in row {row}, and "
        "{unit} above; write all of them in one unit."
    ).format(column=short(column), found=_found(text), row=row, unit=short(unit or _("none")))


def _found(text: str) -> str:
    return short(text) if text else _("an empty cell")


def _written(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _advice(text: str, column: str) -> str:
    cell, short_text = look_at(text), plain(text)
    if cell.kind is Kind.GAP:
        return _gap_advice(column)
    if cell.kind is Kind.DATE:
        return _(
            "a date or a time is no amount: write how many days or hours since a first one, or say "
            "leave_out={column}"
        ).format(column=short(column))
    booked = BOOKKEEPING.fullmatch(short_text)
    if booked and _sole(booked[1] or booked[2]):
        return _("write -{number} if it is below zero").format(number=_sole(booked[1] or booked[2]))
    measured = WITH_UNIT.fullmatch(short_text)
    if measured and measured["unit"][0].isalpha() and _sole(measured["number"]):
        return _(
            "write {number}, and the unit above in the first row: {name}; or, if it is a kind and "
            "no amount, say kinds={column}"
        ).format(
            number=_sole(measured["number"]),
            name=short(f"{column} ({measured['unit']})"),
            column=short(column),
        )
    plain_advice = _(
        "write it with digits and a point, such as 1.5, and its unit above in the first row"
    )
    if cell.kind is not Kind.ODD:
        return plain_advice
    return plain_advice + _("; or, if it is a kind and no amount, say kinds={column}").format(
        column=short(column)
    )


def _gap_advice(column: str) -> str:
    return _(
        "fill it, or leave the row out: skip_gaps=True leaves out all rows with gaps, and "
        "leave_out={column} the column"
    ).format(column=short(column))


def _sole(text: str) -> str:
    """The number that a text is, in digits, if it can be only one; else an empty text."""
    cell: Cell = look_at(text)
    if cell.kind is not Kind.NUMBER or cell.is_open:
        return ""
    value = cell.comma if cell.point is None else cell.point
    assert value is not None
    return _written(value)
