"""What a check says, and the checks that serve every lesson: of a number and of a function.

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

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number

# An answer rounded to four digits is right: off by at most half of its fourth digit.
ROUNDING = 5e-4


@dataclass(frozen=True)
class CheckResult:
    """What a check says: ``ok``, a message, and a hint where one helps."""

    ok: bool
    message: str
    hint: str = ""
    tried: bool = True

    def __str__(self) -> str:
        return " ".join(part for part in (self._mark(), self.message, self.hint) if part)

    def _mark(self) -> str:
        if self.ok:
            return "✓ " + _("Right.")
        return "✗ " + _("Not yet.") if self.tried else "… " + _("Not tried yet.")

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        colour = "#00795b" if self.ok else "#b34a00" if self.tried else "#6a737d"
        return (
            f'<div style="border-left: 5px solid {colour}; padding: 4px 12px; font-size: 15px">'
            f"<b>{html.escape(self._mark())}</b> {html.escape(self.message)} "
            f"{html.escape(self.hint)}</div>"
        )


Mistakes = Sequence[tuple[float, str]]


def not_tried() -> CheckResult:
    """The answer is still the gap."""
    return CheckResult(
        False, _("Put your answer in place of the three dots, and run the cell again."), tried=False
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
        return CheckResult(
            False,
            _("A number is wanted here, and {answer} is none.").format(answer=shortened(answer)),
            _("Write it with digits and a point, such as 0.5, and without quotes."),
        )
    if same(value, expected):
        return CheckResult(True, why)
    hint = next((hint for wrong, hint in mistakes if same(value, wrong)), "")
    if not hint and same(value, -expected):
        hint = _("The size is right. Look at the sign.")
    if not hint:
        hint = _("It should be larger.") if value < expected else _("It should be smaller.")
    return CheckResult(False, _("It is not {answer}.").format(answer=number(value)), hint)


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
            _("Write one number for each of {names}, in brackets.").format(names=", ".join(names)),
        )
    results = [check(answer, place) for place, answer in enumerate(given)]
    if not any(result.tried for result in results):
        return not_tried()
    for name, result in zip(names, results, strict=True):
        if not result.ok:
            message = result.message[:1].lower() + result.message[1:]
            return CheckResult(False, f"{name}: {message}", result.hint)
    return CheckResult(True, why)


def as_list(answer: Any) -> list[Any]:
    """A list, a tuple or an array as a list; anything else as a list of one.

    >>> as_list((1, 2)), as_list("12")
    ([1, 2], ['12'])
    """
    if isinstance(answer, str | bytes) or not isinstance(answer, Sequence | np.ndarray):
        return [answer]
    try:
        return list(answer)
    except Exception:  # a learner's own kind of list may raise anything
        return [answer]


def as_float(answer: Any) -> float | None:
    """The number that an answer stands for; None when it stands for none."""
    if isinstance(answer, str | bool):
        return None
    try:
        value = float(answer)
    except Exception:  # any object may come, and its float() may raise anything
        return None
    return value if math.isfinite(value) else None


def same(value: float, expected: float) -> bool:
    """Whether two numbers agree to four digits."""
    return math.isclose(value, expected, rel_tol=ROUNDING, abs_tol=1e-9)


def shortened(answer: object) -> str:
    """Show an answer in a sentence without flooding it."""
    try:
        text = repr(answer) if not isinstance(answer, Exception) else str(answer)
    except Exception:  # even repr may be the learner's own
        return type(answer).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."


def no_function(answer: Any) -> CheckResult | None:
    """What to say where a function is wanted and none came; None when it is one."""
    if answer is ... or answer is None:
        return not_tried()
    if callable(answer):
        return None
    return CheckResult(
        False,
        _("A function is wanted here, and {answer} is none.").format(answer=shortened(answer)),
        _("Keep the line that begins with def."),
    )


def called(function: Callable[..., Any], *arguments: object) -> Any:
    """The function's answer, or a CheckResult that tells what it stumbled over."""
    try:
        answer = function(*arguments)
    except (Exception, SystemExit) as error:  # whatever a learner's code raises is told
        return CheckResult(
            False,
            _("Your function stopped with {kind}: {error}.").format(
                kind=type(error).__name__, error=shortened(error)
            ),
            _("Call it yourself in a cell of its own, and Python names the line."),
        )
    if isinstance(answer, CheckResult):
        return CheckResult(
            False, _("Your function gives back a check."), _("Give back the number itself.")
        )
    return answer
