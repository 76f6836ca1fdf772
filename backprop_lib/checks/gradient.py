"""The checks of lesson 4: a slope by a nudge, the knob at which a gate shuts, and a function."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import starmap
from typing import Any

import numpy.typing as npt

from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    check_number,
    not_tried,
    same,
)
from backprop_lib.checks.trials import Trial, answered, called, check_trials, judged_number
from backprop_lib.checks.watch import watched
from backprop_lib.datasets import lemonade, lemonade_factory
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Network
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.study.nudging import Knob, KnobLoss, Nudged

Function = Callable[[float], float]

LARGER = (10.0, 100.0)  # nudges that many times too large are told apart


def check_nudge(answer: Any, function: Function, at: float, nudge: float) -> CheckResult:
    """Check the slope of ``function`` by a nudge up from ``at``: (f(w + h) - f(w)) / h.

    >>> check_nudge(1.25, lambda w: w * w, at=2, nudge=0.25)
    ✗ Not yet. It is not 1.25. It should be larger.
    >>> check_nudge(1.0625, lambda w: w * w, at=2, nudge=0.25)
    ✗ Not yet. It is not 1.063. That is the change alone. Divide it by the nudge, 0.25.
    """
    if answer is ... or answer is None:
        return not_tried()
    # The function is a cell of the lesson, and a learner may have changed it.
    return answered(lambda: _nudged(answer, function, float(at), nudge), function)


def _nudged(answer: Any, function: Function, at: float, nudge: float) -> CheckResult:
    with watched():
        seen = called(_seen, function, at, nudge)
    if isinstance(seen, CheckResult):
        return seen
    nudged, mistakes = seen
    why = _(
        "The loss went {change} up for a nudge of {nudge}: {change} / {nudge} = {slope}."
    ).format(
        change=number(nudged.above - nudged.here), nudge=number(nudge), slope=number(nudged.up)
    )
    return check_number(answer, nudged.up, why, mistakes)


def _seen(function: Function, at: float, nudge: float) -> tuple[Nudged, Mistakes]:
    nudged = Nudged.at(function, at, nudge)
    return nudged, _mistakes(function, nudged)


def _mistakes(function: Function, seen: Nudged) -> Mistakes:
    """What a slope by a nudge up comes to where something was forgotten."""
    change, h = seen.above - seen.here, number(seen.nudge)
    forgot = _("That is the change alone. Divide it by the nudge, {nudge}.").format(nudge=h)
    itself = _("It is the change that counts: after the nudge, minus before the nudge.")
    brackets = _("Put brackets around the change, and divide all of it.")
    larger = _("Your nudge is too large. Here it is {nudge}.").format(nudge=h)
    return [
        (change, forgot),
        (-change, forgot),
        (-seen.up, _("The size is right. Look at the sign: it is after minus before.")),
        (seen.here, itself),
        (seen.above, itself),
        (seen.here / seen.nudge, itself),
        (seen.above / seen.nudge, itself),
        (seen.above - seen.here / seen.nudge, brackets),
        (change * seen.nudge, _("Divide by the nudge. Do not multiply by it.")),
        (
            seen.nudge / change if change else math.nan,
            _("The other way round: the change divided by the nudge."),
        ),
        *((Nudged.at(function, seen.value, times * seen.nudge).up, larger) for times in LARGER),
        (
            seen.both,
            _(
                "That is what a much smaller nudge shows, or one up and one down. Here it is one "
                "of {nudge}, up."
            ).format(nudge=h),
        ),
    ]


def check_gate(
    answer: Any,
    network: Network,
    x: npt.ArrayLike,
    layer: int = 0,
    worker: int = 0,
    source: int = 0,
) -> CheckResult:
    """Check where a worker's knob for one source stands when its mix comes to 0.

    >>> from backprop_lib.engine.network import Dense
    >>> print(check_gate(3, Network([Dense([[1], [-4]], [0], "relu")]), [2, 1]).hint)
    With the knob at 3 the mix is 2: the gate is still open. Turn the knob down.
    """
    if answer is ... or answer is None:
        return not_tried()
    work = network.forward(x).layers[layer]
    stands_at = float(network.layers[layer].weights[source, worker])
    delivery = float(work.inputs[0, source])
    mix = float(work.pre_activations[0, worker])
    expected = stands_at - mix / delivery  # where mix + delivery × (knob − stands_at) = 0
    value = as_float(answer)
    if value is None or not math.isfinite(value) or same(value, expected):
        why = _("There the mix comes to 0, and a mix has to be above 0 to open the gate.")
        return check_number(answer, expected, why)
    its_mix = mix + delivery * (value - stands_at)
    if its_mix > 0.0:
        hint = _("With the knob at {knob} the mix is {mix}: the gate is still open. {advice}")
    else:
        hint = _("With the knob at {knob} the mix is {mix}: the gate is shut well. {advice}")
    up, down = _("Turn the knob up."), _("Turn the knob down.")
    advice = down if (its_mix > 0.0) == (delivery > 0.0) else up
    return CheckResult(
        False,
        _("It is not {answer}.").format(answer=number(value)),
        hint.format(knob=number(value), mix=number(its_mix), advice=advice),
    )


def _lemonade_loss() -> Function:
    """The loss over Ana's knob for lemons."""
    order = lemonade()
    ana = Knob(layer=0, worker=0, source=0)
    return KnobLoss(lemonade_factory(), order.inputs, order.targets, MeanSquaredError(), ana)


def check_slope_function(function: Any) -> CheckResult:
    """Check a function (f, w, h) -> slope of f at w by a nudge of h, up or down or both.

    >>> check_slope_function(lambda f, w, h: (f(w + h) - f(w)) / h).ok
    True
    """
    tries: list[tuple[str, Function, float, float]] = [
        ("(2 + 3w)²", _machine, 3.0, 0.1),
        ("w²", lambda w: w * w, -2.0, 0.1),
        ("w³", lambda w: w**3, 1.5, 0.25),
        (_("the loss over Ana's knob for lemons"), _lemonade_loss(), 1.0, 0.01),
        (_("the sine of w"), math.sin, 2.0, 0.5),
    ]
    right = _(
        "Your function agrees on {n} functions. At w = {w}, {name} is {value}. The smaller "
        "the nudge, the closer its slope comes to {slope}, until the digits run out."
    ).format(
        n=len(tries), w=number(3.0), name="(2 + 3w)²", value=number(_machine(3.0)),
        slope=number(Nudged.at(_machine, 3.0, 1e-5).both),
    )  # fmt: skip
    return check_trials(function, starmap(_slope_trial, tries), right)


def _machine(w: float) -> float:
    return (2.0 + 3.0 * w) ** 2


def _slope_trial(name: str, f: Function, w: float, h: float) -> Trial:
    case = _("{name} at w = {w} with h = {h}").format(name=name, w=number(w), h=number(h))
    return Trial({"f": f, "w": w, "h": h}, lambda answer: _one_try(answer, f, w, h), case)


def _one_try(answer: Any, f: Function, w: float, h: float) -> CheckResult:
    up, down = Nudged.at(f, w, h), Nudged.at(f, w, -h)
    value = as_float(answer)
    if value is not None and any(same(value, good) for good in (up.both, down.up)):
        return CheckResult(True, "")
    two_nudges = up.above - down.above
    own_h = _("Nudge by h, whatever h is, and divide by h.")
    smaller = _("That is the slope with a much smaller nudge. Take h, whatever h is.")
    both = _("Up and down is a nudge of h twice: divide by (2 * h).")
    mistakes = [
        (two_nudges, both),
        (two_nudges / h, both),
        (two_nudges / 2.0 * h, _("Put brackets around what you divide by: (2 * h).")),
        (up.up / 2.0, _("Up alone is a nudge of h once: divide by h.")),
        *((Nudged.at(f, w, other).up, own_h) for other in (1.0, 0.1, 0.01, 0.001)),
        (Nudged.at(f, w, 1e-6).both, smaller),
        *((up.up * h / other, own_h) for other in (0.1, 0.01, 0.001)),
        *_mistakes(f, up),
    ]
    return judged_number(up.up, mistakes)(answer)
