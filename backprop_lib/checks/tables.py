"""What serves the checks of functions that work with whole tables of numbers, NumPy's arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.checks.result import CheckResult, not_tried, shortened
from backprop_lib.checks.trials import LONGEST, shown
from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number

# Code computes to the last digits, so far more of them are compared than of what a hand writes.
CLOSE, NEAR_ZERO = 1e-6, 1e-12

WrongTables = Sequence[tuple[npt.ArrayLike, str]]  # typical wrong tables, each with its hint
# What a function has to give back: for each table its name, the truth, and typical wrong ones.
Wanted = Sequence[tuple[str, npt.ArrayLike, WrongTables]]


def as_table(answer: Any) -> Array | None:
    """The numbers that an answer holds, in float64; None when it holds anything else.

    >>> as_table([[1, 2]]), as_table("12"), as_table([1, [2, 3]])
    (array([[1., 2.]]), None, None)
    """
    try:
        table = np.asarray(answer)
        return table.astype(np.float64) if table.dtype.kind in "iuf" else None
    except Exception:  # a learner's own object may raise anything
        return None


def alike(one: npt.ArrayLike, other: npt.ArrayLike) -> bool:
    """Whether two tables have the same shape and hold the same numbers."""
    first, second = np.asarray(one), np.asarray(other)
    return first.shape == second.shape and bool(
        np.allclose(first, second, rtol=CLOSE, atol=NEAR_ZERO)
    )


def check_table(
    answer: Any, expected: npt.ArrayLike, name: str, mistakes: WrongTables = ()
) -> CheckResult:
    """Check a table of numbers; ``name`` says in a sentence what it is.

    >>> check_table([[1, 3]], [[1, 2]], "the notes")
    ✗ Not yet. the notes: you gave [[1, 3]], and right is [[1, 2]]. Look at column 2 of row 1.
    >>> check_table([1, 2], [[1, 2]], "the notes").message
    'the notes: the shape (1, 2) is wanted, and (2,) came.'
    """
    if answer is ... or answer is None:
        return not_tried()
    table, wanted = as_table(answer), np.asarray(expected, dtype=np.float64)
    if table is None:
        return CheckResult(
            False,
            _("{name}: numbers are wanted, and {answer} came.").format(
                name=name, answer=shortened(answer)
            ),
            _("Look what stands behind return, and what each name holds by then."),
        )
    if table.shape != wanted.shape:
        return _another_shape(table, wanted, name)
    if not np.isfinite(table).all():
        return CheckResult(
            False,
            _("{name}: a number in it is beyond all bounds.").format(name=name),
            _("Is something divided by 0, or an e taken to a huge power?"),
        )
    if alike(table, wanted):
        return CheckResult(True, "")
    return _first_slip(table, wanted, name, mistakes)


def check_tables(answer: Any, wanted: Wanted, look: Sequence[int] = ()) -> CheckResult:
    """Check what a function gave back, one table or several; tell the first slip.

    ``look`` gives the places in the order in which they are looked at, where it is another one.

    >>> check_tables((1, 2), [("the first", 1, []), ("the second", 3, [(2, "That is too few.")])])
    ✗ Not yet. the second: you gave 2, and right is 3. That is too few.
    """
    parts = [answer]
    if len(wanted) > 1:
        parts = list(answer) if isinstance(answer, tuple | list) else []
    if all(part is ... for part in parts) and parts:
        return not_tried()
    if len(parts) != len(wanted):
        return _another_count(answer, len(parts), [name for name, _table, _mistakes in wanted])
    for place in look or range(len(wanted)):
        part, (name, expected, mistakes) = parts[place], wanted[place]
        if part is ... or part is None:
            nothing = _("{name}: this one is still missing.").format(name=name)
            return CheckResult(False, nothing, _("Look where it is made, and at the last line."))
        result = check_table(part, expected, name, mistakes)
        if not result.ok:
            return result
    return CheckResult(True, "")


def _another_count(answer: Any, count: int, names: Sequence[str]) -> CheckResult:
    """Say how many things are wanted; who gave one alone may have a return in a loop."""
    if as_table(answer) is not None or count == 1:
        message = _("{count} things are wanted back: {names}. One came.")
        hint = _("Is return in a loop? Then the first one ends it. Or are some left out there?")
    else:
        message = _("{count} things are wanted back: {names}.")
        hint = _("Keep the line that begins: return")
    return CheckResult(False, message.format(count=len(names), names=listed(names)), hint)


def _another_shape(table: Array, wanted: Array, name: str) -> CheckResult:
    """Say which shape is wanted; a number alone, whose shape is (), is called one number."""
    message = _("{name}: the shape {wanted} is wanted, and {came} came.")
    if not wanted.ndim:
        message = _("{name}: one number is wanted, and a table of the shape {came} came.")
    elif not table.ndim:
        message = _("{name}: the shape {wanted} is wanted, and one number came.")
    hint = _("Print the shapes of what you multiply and add.")
    if table.shape == wanted.shape[::-1]:
        hint = _on_its_side()
    elif wanted.ndim and table.shape[1:] == wanted.shape and len(table) > 1:
        hint = _("It still has a row for each order. Add the rows: .sum(axis=0)")
    return CheckResult(
        False, message.format(name=name, wanted=wanted.shape, came=table.shape), hint
    )


def _first_slip(table: Array, wanted: Array, name: str, mistakes: WrongTables) -> CheckResult:
    """Say which number is wrong, and what it looks like."""
    far = ~np.isclose(table, wanted, rtol=CLOSE, atol=NEAR_ZERO)
    place = tuple(np.argwhere(far)[0].tolist())
    answer, right = shown(table), shown(wanted)
    whole = max(map(len, (answer, right))) <= LONGEST and "(" not in answer and answer != right
    message = _("{name}: you gave {answer}, and right is {right}.")
    if not whole:
        message = _("{name}: there is a {answer} where the engine has {right}.")
        answer, right = (number(one[place], 6) for one in (table, wanted))
    message = message.format(name=name, answer=answer, right=right)
    for wrong, hint in mistakes:
        if alike(table, wrong):
            return CheckResult(False, message, hint)
    if alike(table.T, wanted):
        return CheckResult(False, message, _on_its_side())
    if alike(table, -wanted):
        return CheckResult(False, message, _("The sizes are right. Look at the sign."))
    return CheckResult(False, message, _where(place) if whole else _larger())


def _on_its_side() -> str:
    return _("It lies on its side. Is a .T missing, or is one too many?")


def _where(place: tuple[int, ...]) -> str:
    if len(place) == 2:
        row, column = (n + 1 for n in place)
        return _("Look at column {column} of row {row}.").format(row=row, column=column)
    if place:
        return _("Look at number {n}.").format(n=place[0] + 1)
    return _("Work it out by hand for this one.")


def _larger() -> str:
    return _("A smaller table came out right. What is different where there are more numbers?")
