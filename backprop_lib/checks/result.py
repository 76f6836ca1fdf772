"""What a check says, and the checks that serve every lesson: of a number and of several.

A check never raises, whatever the learner wrote. The right answers come from the engine, and so do
the typical wrong ones, so that the hint can speak to what went wrong.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_lib.checks.written import slip
from backprop_lib.engine.arrays import short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import labelled, listed, number, sentences

# An answer rounded to four digits is right: off by at most half of its fourth digit.
ROUNDING = 5e-4
MOST = 10_000  # numbers in a list; a range may stand for more than there is room for


@dataclass(frozen=True)
class CheckResult:
    """What a check says: ``ok``, a message, and a hint where one helps."""

    ok: bool
    message: str
    hint: str = ""
    tried: bool = True

    def __str__(self) -> str:
        return sentences(self._mark(), self.message, self.hint)

    def _mark(self) -> str:
        if self.ok:
            return "✓ " + _("Right.")
        return "✗ " + _("Not yet.") if self.tried else "… " + _("Not tried yet.")

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        colour = "#00795b" if self.ok else "#b34a00" if self.tried else "#6a737d"
        told = _("{before} {after}").format(before=self.message, after=self.hint)
        return (
            f'<div style="border-left: 5px solid {colour}; padding: 4px 12px; font-size: 15px">'
            f"<b>{html.escape(self._mark())}</b> {html.escape(told)}</div>"
        )


Mistakes = Sequence[tuple[float, str]]


def not_tried() -> CheckResult:
    """The answer is still the gap."""
    return CheckResult(
        False, _("Put your answer in place of the three dots, and run the cell again."), tried=False
    )


def no_number(answer: Any) -> CheckResult:
    """What to say where a number is wanted and something else came.

    >>> no_number("3,75").hint
    'Write it with digits and a point, and without quotes: 3.75.'
    """
    return CheckResult(
        False,
        _("A number is wanted here, and {answer} is none.").format(answer=shortened(answer)),
        slip(answer) or _("Write it with digits and a point, such as 0.5, and without quotes."),
    )


def check_number(
    answer: Any, expected: float, why: str = "", mistakes: Mistakes = ()
) -> CheckResult:
    """Check one number; ``mistakes`` are typical wrong numbers, each with its hint.

    >>> check_number(..., 3)
    … Not tried yet. Put your answer in place of the three dots, and run the cell again.
    >>> check_number(5, 6, mistakes=[(5, "Multiply, do not add.")])
    ✗ Not yet. It is not 5. Multiply, do not add.
    >>> check_number(6, 6, why="Two threes are six.")
    ✓ Right. Two threes are six.
    """
    if answer is ... or answer is None:
        return not_tried()
    value = as_float(answer)
    if value is None:
        return no_number(answer)
    if same(value, expected):
        return CheckResult(True, why)
    hint = next((hint for wrong, hint in mistakes if same(value, wrong)), "")
    if not hint and same(value, -expected):
        hint = _("The size is right. Look at the sign.")
    if not hint and cut_short(value, expected):
        hint = _("Nearly: write it with at least four digits.")
    message = _("It is not {answer}.").format(answer=number(value))
    return CheckResult(False, message, hint or _which_way(value, expected))


def cut_short(value: float, expected: float) -> bool:
    """Whether a number is the right one with too few digits, rounded or cut off.

    >>> cut_short(0.59, 0.5911), cut_short(16.1, 16.16), cut_short(160, 161)
    (True, True, False)
    """
    decimals = len(repr(value).partition(".")[2]) if value != int(value) else 0
    off, last = abs(value - expected), 10.0**-decimals
    rounded = off <= 0.5 * last * (1.0 + 1e-9)
    cut_off = off < last and abs(value) < abs(expected)
    return (rounded or cut_off) and off < 0.05 * abs(expected)


def _which_way(value: float, expected: float) -> str:
    """Up or down; where a number below zero is meant, where that is."""
    if value < expected:
        if expected < 0.0:
            return _("It should be larger: nearer to 0, for it is below zero.")
        return _("It should be larger.")
    if expected < 0.0 <= value:
        return _("It should be smaller: below zero.")
    if expected < 0.0:
        return _("It should be smaller: further below zero.")
    return _("It should be smaller.")


def check_each(
    answers: Any, names: Sequence[str], check: Callable[[Any, int], CheckResult], why: str = ""
) -> CheckResult:
    """Check a list with one answer for each name, by ``check(answer, place)``; tell the first slip.

    >>> check_each([2, 5], ["Ana", "Bo"], lambda answer, place: check_number(answer, 2 + place))
    ✗ Not yet. Bo: it is not 5. It should be smaller.
    """
    if answers is ... or answers is None:
        return not_tried()
    given = as_list(answers)
    if len(given) != len(names):
        return CheckResult(
            False,
            _("A list of {count} numbers is wanted, and {got} came.").format(
                count=len(names), got=len(given)
            ),
            _one_for_each(names, len(given)),
        )
    results = [check(answer, place) for place, answer in enumerate(given)]
    if not any(result.tried for result in results):
        return not_tried()
    for name, result in zip(names, results, strict=True):
        if not result.ok:
            message = labelled(name, within(result.message))
            missing = _("This one is still missing.")
            return CheckResult(False, message, result.hint or missing)
    return CheckResult(True, why)


def within(message: str) -> str:
    """A message as it stands within a sentence, after a colon.

    >>> within("It is not 3."), within("W1: the shape")
    ('it is not 3.', 'W1: the shape')
    """
    return message if message[1:2].isdigit() else message[:1].lower() + message[1:]


def _one_for_each(names: Sequence[str], given: int) -> str:
    each = _("Write one number for each of {names}, in brackets.").format(names=listed(names))
    return sentences(each, too_many() if given > len(names) else "")


def too_many() -> str:
    """What to say where a comma within a number may have made two of it."""
    return _("A comma begins the next number, so within a number write a point: 3.75.")


def as_list(answer: Any) -> list[Any]:
    """A list, a tuple or an array as a list; anything else as a list of one.

    >>> as_list((1, 2)), as_list("12")
    ([1, 2], ['12'])
    """
    if isinstance(answer, str | bytes) or not isinstance(answer, Sequence | np.ndarray):
        return [answer]
    try:
        return list(answer) if len(answer) <= MOST else [answer]
    except Exception:  # a learner's own kind of list may raise anything
        return [answer]


def as_float(answer: Any) -> float | None:
    """The number that an answer stands for; None when it stands for none."""
    if isinstance(answer, str | bool) or (isinstance(answer, np.ndarray) and answer.ndim):
        return None
    try:
        value = float(answer)
    except Exception:  # any object may come, and its float() may raise anything
        return None
    return value if math.isfinite(value) else None


def same(value: float, expected: float, within: float = ROUNDING) -> bool:
    """Whether two numbers agree to four digits, or but for another share of their size."""
    return math.isclose(value, expected, rel_tol=within, abs_tol=1e-9)


def shortened(answer: object) -> str:
    """Show an answer in a sentence without flooding it; an error by its own words.

    >>> shortened([1, 2]), shortened(ValueError("too deep"))
    ('[1, 2]', 'too deep')
    """
    if not isinstance(answer, BaseException):
        return short(answer)
    try:
        text = " ".join(str(answer).split())
    except Exception:  # even an error's words may be the learner's own
        return type(answer).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."
