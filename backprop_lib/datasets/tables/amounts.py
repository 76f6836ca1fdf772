"""The numbers of a column, and which decimal sign those have that can be read in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backprop_lib.datasets.tables import refusals
from backprop_lib.datasets.tables.cells import OTHER, look_at, plain
from backprop_lib.datasets.tables.columns import Column
from backprop_lib.engine.arrays import Array


class Signs(NamedTuple):
    """How numbers like 1,234 and 1.234 are read.

    ``by_look`` has the decimal sign for a number with just the one or the other sign in it;
    ``disagree`` says that the other numbers of the table show both.
    """

    by_look: dict[str, str]
    disagree: bool = False


def decimal_signs(column: Column, others: set[str], delimiter: str, decimal: str | None) -> Signs:
    """Which decimal sign the numbers of a column have that may have either.

    What was asked for holds; else what the column's other numbers show, or the table's (``others``)
    if they agree. In a table with commas between its columns a lone point is a decimal point,
    unless there are decimal commas, too.
    """
    if decimal is not None:
        return Signs(dict.fromkeys(OTHER, decimal))
    shown = set(column.signs) or others
    if len(shown) > 1:
        return Signs({}, disagree=True)
    plain_csv = delimiter == ","
    if not shown:
        return Signs({".": "."} if plain_csv else {})
    (sign,) = shown
    if plain_csv and sign == ",":  # 1.234 may have been typed by another hand
        return Signs({sign: sign})
    return Signs(dict.fromkeys(OTHER, sign))


def amounts(column: Column, numbers: Sequence[int], cells: Sequence[str], signs: Signs) -> Array:
    """The numbers of some cells; ValueError where ``signs`` leaves it open which is meant."""
    joined = "\n".join(cells)
    used = [sign for sign in OTHER if sign in joined]
    if not used or (len(used) == 1 and signs.by_look.get(used[0]) == used[0]):
        try:
            return np.array(list(map(float, joined.replace(",", ".").split("\n"))))
        except ValueError:  # with signs between thousands, or a unit
            pass
    return np.array([_amount(column, *one, signs) for one in zip(numbers, cells, strict=True)])


def _amount(column: Column, row: int, text: str, signs: Signs) -> float:
    cell = look_at(text)
    value = cell.comma if cell.point is None else cell.point
    if cell.is_open:
        sign = signs.by_look.get("." if "." in plain(text) else ",")
        if sign is None:
            name = column.heading.name
            raise ValueError(refusals.two_readings(row, name, text, signs.disagree))
        value = cell.point if sign == "." else cell.comma
    assert value is not None
    return value
