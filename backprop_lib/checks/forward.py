"""The checks of lesson 1: what a worker, a floor and a function of the learner's own ship."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    as_list,
    check_each,
    check_number,
    not_tried,
    same,
)
from backprop_lib.checks.trials import Trial, check_trials, judged_number
from backprop_lib.checks.written import slip
from backprop_lib.engine.activations import ACTIVATIONS, get_activation
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Dense, Network
from backprop_lib.engine.steps import Step
from backprop_lib.i18n import factor, listed, number
from backprop_lib.i18n import gettext as _
from backprop_lib.words import named_amounts


def check_worker(
    answer: Any, network: Network, x: npt.ArrayLike, layer: int = 0, worker: int = 0
) -> CheckResult:
    """Check what one worker ships for the materials ``x``, (inputs,).

    >>> network = Network([Dense([[1], [-2]], [0], "relu")])
    >>> check_worker(-3, network, [1, 2])
    ✗ Not yet. It is not −3. That is the mix before the gate: what does the gate make of it?
    """
    work = network.forward(x).layers[layer]
    floor = network.layers[layer]
    deliveries, weights = work.inputs[0], floor.weights[:, worker]
    bias, mix = floor.biases[worker], work.pre_activations[0, worker]
    products = [
        f"{factor(a) if place else number(a)} × {factor(w)}"
        for place, (a, w) in enumerate(zip(deliveries, weights, strict=True))
    ]
    shipped = work.activations[0, worker]
    sums = [f"{' + '.join(products)} + {factor(bias)} = {number(mix)}"]
    if ACTIVATIONS[floor.activation].is_gate:
        sums.append(f"{floor.activation}({number(mix)}) = {number(shipped)}")
    mistakes = [
        (mix, _("That is the mix before the gate: what does the gate make of it?")),
        (mix - bias, _("Almost: the pinch is still missing.")),
        (float(np.abs(deliveries * weights).sum()), _("Look at the signs of the knobs.")),
        (
            float((deliveries + weights).sum() + bias),
            _("Each delivery is multiplied by its knob, not added to it."),
        ),
        (
            max(0.0, float((deliveries * weights[::-1]).sum() + bias)),
            _("Look which knob belongs to which delivery."),
        ),
    ]
    if layer:
        mixes = network.forward(x).layers[layer - 1].pre_activations[0]
        ungated = float((mixes * weights).sum() + bias)
        mistakes += [
            (ungated, _("Below, a gate is shut: what does that worker really ship?")),
            (float(deliveries.sum()), _("Each delivery still has to be multiplied by its knob.")),
        ]
    return check_number(answer, float(shipped), _("{sums}.").format(sums=listed(sums)), mistakes)


def check_product(answer: Any, step: Step) -> CheckResult:
    """Check the product that was read from a floor, at a step that has one.

    >>> from backprop_lib import steps
    >>> lap = steps(Network([Dense([[3]], [0])]), [1], [1])
    >>> check_product(1, lap[-1])
    ✗ Not yet. It is not 1. That is what the customer ordered. Look at the crate beside it.
    """
    product, order = float(step.trace.output[0, 0]), float(step.target[0, 0])
    why = _("The factory made {product}. The customer wanted {order}.").format(
        product=number(product), order=number(order)
    )
    loss = MeanSquaredError().value(step.trace.output, step.target)
    its_loss = (loss, _("That is the loss, on the meter. Look at the crate above it."))
    return check_number(answer, product, why, [*_not_the_order(order), its_loss])


def check_lap_loss(answer: Any, step: Step, before: float) -> CheckResult:
    """Check the loss that was read from a floor, at a step that has one; ``before`` was the last.

    >>> from backprop_lib import steps
    >>> lap = steps(Network([Dense([[3]], [0])]), [1], [1])
    >>> check_lap_loss(3, lap[-1], before=9)
    ✗ Not yet. It is not 3. That is the product. The loss stands on the meter under it.
    """
    assert step.loss is not None
    product, order = float(step.trace.output[0, 0]), float(step.target[0, 0])
    why = _("The loss went from {before} to {loss} in one lap.").format(
        before=number(before), loss=number(step.loss)
    )
    mistakes = [
        (product, _("That is the product. The loss stands on the meter under it.")),
        (before, _("That was the loss of the lap before. Press Next lap first.")),
        *_not_the_order(order),
    ]
    return check_number(answer, step.loss, why, mistakes)


def _not_the_order(order: float) -> Mistakes:
    return [(order, _("That is what the customer ordered. Look at the crate beside it."))]


def check_floor(
    answers: Any, network: Network, x: npt.ArrayLike, names: Sequence[str], layer: int = 0
) -> CheckResult:
    """Check what all workers of one floor ship: a list with one number for each, in their order.

    >>> network = Network([Dense([[1, 2]], [0, 0], "relu")])
    >>> check_floor([3, 5], network, [3], ["Ana", "Bo"])
    ✗ Not yet. Bo: it is not 5. Each delivery is multiplied by its knob, not added to it.
    """
    shipped = network.forward(x).layers[layer].activations[0]
    why = _("They ship {amounts}.").format(amounts=named_amounts(names, shipped))
    return check_each(
        answers, names, lambda answer, n: check_worker(answer, network, x, layer, n), why
    )


def check_wish(
    knobs: Any,
    pinch: Any,
    x: Sequence[float],
    wanted: float,
    activation: str = "relu",
    within: float = 1e-9,
) -> CheckResult:
    """Check a worker of the learner's own: does it ship ``wanted`` for the materials ``x``?

    It has to be exact: off by no more than ``within`` of its size.

    >>> check_wish([2, 1], 0, [2, 1], 5)
    ✓ Right. Your worker ships 5: 2 × 2 + 1 × 1 + 0 = 5.
    """
    if any(part is ... or part is None for part in (knobs, pinch)):
        return not_tried()
    given = as_list(knobs)
    if any(part is ... for part in given):
        return not_tried()
    if len(given) != len(x):
        return CheckResult(
            False,
            _("{count} knobs are wanted, and {got} came.").format(count=len(x), got=len(given)),
            _("Write one knob for each delivery, and within a number no comma: 0.5."),
        )
    for part in (*given, pinch):
        if as_float(part) is None:
            return CheckResult(
                False,
                _("The knobs and the pinch have to be numbers."),
                slip(part) or _("Try knobs = [1, 1] and pinch = 0, and see what is shipped."),
            )
    *weights, bias = (float(part) for part in (*given, pinch))
    worker = Network([Dense([[weight] for weight in weights], [bias], activation)])
    work = worker.forward(list(x)).layers[0]
    mix, shipped = work.pre_activations.item(), work.activations.item()
    products = " + ".join(
        f"{factor(a) if place else number(a)} × {factor(w)}"
        for place, (a, w) in enumerate(zip(x, weights, strict=True))
    )
    total = f"{products} + {factor(bias)} = {number(mix)}"
    digits = 4 if number(shipped) != number(wanted) else 9  # 5.00001 is not shown as 5
    message = _("Your worker ships {amount}: {sum}.").format(
        amount=number(shipped, digits), sum=total
    )
    if same(shipped, wanted, within):
        return CheckResult(True, message)
    if wanted > 0.0 and get_activation(activation).is_open(mix) is False:
        hint = _("The mix is not above zero, so the gate is shut. Turn a knob up.")
    elif shipped < wanted:
        hint = _("More is wanted. Turn a knob or the pinch up.")
    else:
        hint = _("Less is wanted. Turn a knob or the pinch down.")
    return CheckResult(False, message, hint)


def check_worker_function(function: Any, trials: int = 20, seed: int = 0) -> CheckResult:
    """Check a function (deliveries, knobs, pinch) -> amount of a worker with a relu gate.

    It is tried on a small worker, then on random ones, and compared with the engine.
    """

    def each() -> Iterator[Trial]:
        yield _worker_trial([2.0, 1.0], [3.0, 1.0], 1.0)
        random = np.random.default_rng(seed)
        for _trial in range(trials - 1):
            amounts = random.integers(-3, 4, (2, int(random.integers(2, 4)))).astype(float)
            deliveries, knobs = amounts.tolist()
            yield _worker_trial(deliveries, knobs, float(random.integers(-2, 3)))

    right = _("Your worker agrees with the engine on {n} random workers.")
    return check_trials(function, each(), right)


def _worker_trial(deliveries: list[float], knobs: list[float], pinch: float) -> Trial:
    work = Network([Dense([[knob] for knob in knobs], [pinch], "relu")]).forward(deliveries)
    mix = work.layers[0].pre_activations.item()
    mistakes = [
        (mix, _("The gate is missing: what is below zero must become 0.")),
        (max(0.0, mix - pinch), _("The pinch is missing.")),
        (max(0.0, mix - pinch) + pinch, _("Add the pinch before the gate, not after it.")),
    ]
    return Trial(
        {"deliveries": deliveries, "knobs": knobs, "pinch": pinch},
        judged_number(work.output.item(), mistakes),
    )
