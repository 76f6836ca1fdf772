"""Lesson 10's last check: is the slider wired to its answer?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from backprop_lib.checks.result import CheckResult, as_float, not_tried, shortened
from backprop_lib.checks.trials import answered, called
from backprop_lib.checks.watch import watched
from backprop_lib.i18n import gettext as _


def check_wired(wire: Any, slider: Any, answer: Any, told: Callable[[float], str]) -> CheckResult:
    """Check a slider: does ``answer.value`` become ``told(slider.value)`` whenever it moves?

    ``wire`` is a function that wires the two. It is called here, so that what goes wrong in it is
    told. Whatever else it is, the slider was wired before, or is not wired.
    """
    places = _places(slider)
    if places is None or not hasattr(answer, "value"):
        return CheckResult(
            False,
            _("A slider and a place for the answer are wanted."),
            _("Keep the lines that begin with slider and with answer."),
        )
    return answered(lambda: _wired(wire, slider, answer, told, places), wire)


def _places(slider: Any) -> tuple[float, float] | None:
    """Where the slider stands and where else it could; None for what is no slider."""
    here, low, high = (as_float(getattr(slider, name, None)) for name in ("value", "min", "max"))
    if here is None or low is None or high is None:
        return None
    # The ends of a slider that counts in powers of ten are powers, and it goes as far as it can.
    return here, low if low < here else high


def _wired(
    wire: Any, slider: Any, answer: Any, told: Callable[[float], str], places: tuple[float, float]
) -> CheckResult:
    here, other = places
    with watched():
        made = called(wire) if callable(wire) else wire
        if isinstance(made, CheckResult):
            return _explained(made)
        heard: list[tuple[Any, Any]] = []
        try:
            for place in (other, here):
                slider.value = place
                heard.append((answer.value, told(slider.value)))
        except Exception as error:  # whatever a learner's own function raises is told
            with suppress(Exception):
                slider.value = here
            return CheckResult(
                False,
                _("The slider was moved, and then came: {error}").format(error=shortened(error)),
                _("Try the function by itself, with a number in its brackets."),
            )
    return _verdict(made, heard)


def _explained(stopped: CheckResult) -> CheckResult:
    """What goes wrong in a wire is known: three things are wanted, each in its own form."""
    words = stopped.message
    if "not callable" in words:
        hint = _("Hand over the function itself: just its name, without brackets.")
    elif any(word in words for word in ("unpack", "iterable", "len()")):
        hint = _('Each end is a pair, with what is looked at: (slider, "value").')
    elif "TraitError" in words:
        hint = _("A text is wanted there: the function that makes it comes last.")
    else:
        hint = _("Who moves comes first, then who follows, and the function last.")
    return CheckResult(False, words, hint)


def _verdict(made: Any, heard: list[tuple[Any, Any]]) -> CheckResult:
    if all(said == wanted for said, wanted in heard):
        return CheckResult(True, _("The slider was moved, and the answer followed."))
    if made is ... or made is None:
        return not_tried()
    if heard[0][0] == heard[1][0]:
        return CheckResult(
            False,
            _("The slider was moved, and the answer did not follow."),
            _("From (slider, 'value') to (answer, 'value'), and the function last."),
        )
    return CheckResult(
        False,
        _("The slider was moved, and the answer said: {answer}").format(
            answer=shortened(heard[0][0])
        ),
        _("It follows, but with other words. Is it your function that makes them?"),
    )
