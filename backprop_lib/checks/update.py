"""The checks of lesson 5: knobs that were turned, a learning rate, and a function that turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    check_each,
    check_number,
    no_number,
    not_tried,
    same,
    shortened,
)
from backprop_lib.checks.trials import Trial, check_trials, shown
from backprop_lib.datasets import lemonade, lemonade_factory
from backprop_lib.engine.optimizers import SGD
from backprop_lib.i18n import factor, listed, ngettext, number
from backprop_lib.i18n import gettext as _
from backprop_lib.study.descent import FactoryDescent, descend_factory, regime

AHEAD = 10  # laps that tell in the long run


def check_turned(
    answers: Any,
    knobs: Sequence[float],
    gradients: Sequence[float],
    rate: float,
    names: Sequence[str],
) -> CheckResult:
    """Check where knobs stand after one turn against their gradients, a number for each.

    >>> check_turned([0.54, 1], [0.5, 1], [4, 2], 0.01, ["knob for lemons", "knob for sugar"])
    ✗ Not yet. Knob for lemons: it is not 0.54. That is uphill: take away, do not add.
    """
    new = [old - rate * gradient for old, gradient in zip(knobs, gradients, strict=True)]

    def check(answer: Any, place: int) -> CheckResult:
        old, turns = knobs[place], [rate * gradient for gradient in gradients]
        swapped = _("That is another knob's gradient: which one belongs to this knob?")
        mistakes = [
            *((old - turn, swapped) for turn in turns),
            *_mistakes_in_a_turn(old, gradients[place], rate),
        ]
        if old == 0.0:
            mistakes.insert(0, (0.0, _("It stood at 0, and it turns too: take its turn away.")))
        return check_number(answer, new[place], mistakes=mistakes)

    sums = (
        f"{number(old)} − {number(rate)} × {factor(gradient)} = {number(turned)}"
        for old, gradient, turned in zip(knobs, gradients, new, strict=True)
    )
    named = [f"{name[:1].upper()}{name[1:]}" for name in names]
    return check_each(answers, named, check, _("{sums}.").format(sums=listed(sums)))


def _mistakes_in_a_turn(old: float, gradient: float, rate: float) -> Mistakes:
    """What the typical slips come to; of two that come to the same the likelier is first."""
    turn = rate * gradient
    return [
        (old + turn, _("That is uphill: take away, do not add.")),
        (old - gradient, _("The learning rate is missing: take away only its share.")),
        (old + gradient, _("The learning rate is missing, and that is uphill.")),
        (turn, _("So far the knob is turned. Take that away from where it stood.")),
        (-turn, _("So far the knob is turned. Take that away from where it stood.")),
        (old * turn, _("Do not multiply the knob: take the turn away from it.")),
        (old * gradient, _("Do not multiply the knob: take the turn away from it.")),
        (old * (1.0 - turn), _("Do not multiply the knob: take the turn away from it.")),
        (old - rate, _("The gradient is missing: multiply the learning rate by it.")),
        (gradient, _("That is the gradient. It only says which way, and how strongly.")),
        (old, _("There it stood before. Now turn it.")),
    ]


def check_rate(answer: Any, wanted: float = 0.01, laps: int = 3) -> CheckResult:
    """Check a learning rate: is the lemonade factory's loss below ``wanted``, and no gate lost?

    >>> check_rate(0.001)
    ✗ Not yet. After 3 laps the loss is 2.719. It crawls: try a larger rate.
    """
    if answer is ... or answer is None:
        return not_tried()
    rate = as_float(answer)
    if rate is None:
        return no_number(answer)
    if rate == 0.0:
        return CheckResult(
            False,
            _("With a rate of 0 no knob is turned at all."),
            _("Take a number above zero."),
        )
    if rate < 0.0:
        return CheckResult(
            False,
            _("With a rate below zero every knob is turned uphill."),
            _("The minus is in the rule already. Take a number above zero."),
        )
    order = lemonade()
    # Further than asked for, since whether it explodes shows only in the long run.
    ahead = max(laps, AHEAD)
    way = descend_factory(lemonade_factory(), order.inputs, order.targets, SGD(rate), ahead)
    if way.laps < laps:
        return CheckResult(
            False, _("The numbers grow beyond all bounds."), _("Try a much smaller rate.")
        )
    told = ngettext("After {n} lap the loss is {loss}.", "After {n} laps the loss is {loss}.", laps)
    message = told.format(n=laps, loss=number(way.losses[laps]))
    if way.losses[laps] < wanted and not way.lost(laps):
        return CheckResult(True, message)
    return CheckResult(False, message, _hint_for_a_rate(way, laps, wanted))


def _hint_for_a_rate(way: FactoryDescent, laps: int, wanted: float) -> str:
    does = regime(way, laps)
    if way.losses[laps] < wanted:
        return _(
            "But gates are shut for good: their workers learn no more from this order. Try a "
            "smaller rate."
        )
    if does in ("explodes", "bounces"):
        return _("That is far too big: try a much smaller rate.")
    if does == "shut":
        return _("A jump was so big that a gate is shut for good: try a smaller rate.")
    if does == "crawls":
        return _("It crawls: try a larger rate.")
    return _("It goes the right way, but too slowly: try a larger rate.")


def check_update_function(function: Any, trials: int = 20, seed: int = 0) -> CheckResult:
    """Check a function (knobs, gradients, rate) -> new knobs, all of them lists of numbers.

    It is tried on two knobs, then on random ones, and compared with plain gradient descent.
    """

    def each() -> Iterator[Trial]:
        yield _update_trial([3.0, 2.0], [4.0, -2.0], 0.5)
        random = np.random.default_rng(seed)
        for _trial in range(trials - 1):
            knobs, gradients = random.integers(1, 9, (2, int(random.integers(2, 5)))).astype(float)
            gradients *= random.choice([-1.0, 1.0], len(gradients))
            rate = float(random.choice([0.5, 0.25, 0.1]))
            yield _update_trial(knobs.tolist(), gradients.tolist(), rate)

    right = _("Your function agrees with the engine on {n} random sets of knobs.")
    return check_trials(function, each(), right)


def _update_trial(knobs: list[float], gradients: list[float], rate: float) -> Trial:
    return Trial(
        {"knobs": knobs, "gradients": gradients, "rate": rate},
        lambda answer: _check_turned_list(answer, knobs, gradients, rate),
    )


def _check_turned_list(
    answer: Any, knobs: list[float], gradients: list[float], rate: float
) -> CheckResult:
    given = answer.tolist() if isinstance(answer, np.ndarray) else answer
    numbers = [as_float(one) for one in given] if isinstance(given, list | tuple) else []
    if len(numbers) != len(knobs) or any(one is None for one in numbers):
        return CheckResult(
            False,
            _("{count} numbers are wanted, and {answer} came.").format(
                count=len(knobs), answer=shortened(answer)
            ),
            _("Give back a list with a new number for each knob."),
        )
    found = [one for one in numbers if one is not None]
    turns = list(zip(knobs, gradients, strict=True))
    new = [old - rate * gradient for old, gradient in turns]
    if _alike(found, new):
        return CheckResult(True, "")
    hints = (_mistakes_in_a_turn(old, gradient, rate) for old, gradient in turns)
    for mistake in zip(*hints, strict=True):
        if _alike(found, [wrong for wrong, _hint in mistake]):
            hint = mistake[0][1]
            break
    else:
        hint = _("New knob = old knob − rate × gradient, for each of them.")
    message = _("You gave {answer}, and right is {right}.")
    return CheckResult(False, message.format(answer=shown(found), right=shown(new)), hint)


def _alike(found: Sequence[float], wanted: Sequence[float]) -> bool:
    return all(same(one, other) for one, other in zip(found, wanted, strict=True))
