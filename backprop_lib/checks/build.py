"""The checks of lesson 10: a factory of the learner's own, each of its four parts on its own.

Every part is tried on a small factory, then on random ones, and compared with the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from backprop_lib.checks.cases import GATES, KNOBS, Case, choice, slope_from
from backprop_lib.checks.loss import mistakes_in_a_loss
from backprop_lib.checks.result import CheckResult
from backprop_lib.checks.tables import Wanted, WrongTables, alike, as_table, check_tables
from backprop_lib.checks.trials import (
    Trial,
    called,
    check_trials,
    judged_number,
    no_function,
)
from backprop_lib.checks.wiring import check_wired as check_wired
from backprop_lib.engine.activations import ACTIVATIONS, slope
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed

TRIALS, RATE = 20, 0.5


def check_own_forward(function: Any, gates: Any = GATES) -> CheckResult:
    """Check a function (x, W1, b1, W2, b2) -> what the workers ship, and the products.

    >>> check_own_forward(lambda x, W1, b1, W2, b2: (x @ W1 + b1, x)).hint
    'That is the mix. Send it through the gate.'
    """

    def arguments(case: Case) -> dict[str, Any]:
        return {"x": case.trace.layers[0].inputs, **dict(zip(KNOBS, case.knobs, strict=True))}

    return _each_case(function, gates, arguments, _forward_wanted)


def _forward_wanted(case: Case) -> Wanted:
    (first, last), (w1, b1, w2, b2) = case.trace.layers, case.knobs
    gates = [layer.activation for layer in case.network.layers]
    f, g = (ACTIVATIONS[gate].forward for gate in gates)
    no_gate = _("That is the mix. Send it through the gate.")
    no_pinch = _("The pinch is missing: add b before the gate.")
    late = _("Add the pinch before the gate, not after it.")
    swapped = _("That is the other floor's gate.")
    no_minus = _("In a sigmoid stands e to the power of minus z: np.exp(-z).")
    bracket = _("Add the pinch, and let a minus before the bracket count for all of it: -(… + b).")

    def other_gates(mine: str, mix: Array) -> WrongTables:
        said = _("gates says {mine}, and this floor does what a {other} does.")
        return [
            (ACTIVATIONS[other].forward(mix), said.format(mine=mine, other=other))
            for other in choice()
            if other != mine
        ]

    return [
        (_("hidden"), first.activations, [
            (first.pre_activations, no_gate),
            (f(first.inputs @ w1), no_pinch),
            (f(first.inputs @ w1) + b1, late),
            (f(first.inputs @ w1 - b1), bracket),
            (g(first.pre_activations), swapped),
            *other_gates(gates[0], first.pre_activations),
            (1.0 - first.activations, no_minus),
        ]),
        (_("product"), last.activations, [
            (last.pre_activations, no_gate),
            (g(last.inputs @ w2), no_pinch),
            (g(last.inputs @ w2) + b2, late),
            (g(last.inputs @ w2 - b2), bracket),
            (f(last.pre_activations), swapped),
            *other_gates(gates[1], last.pre_activations),
            (1.0 - last.activations, no_minus),
            (g(first.pre_activations @ w2 + b2),
             _("Floor 2 gets what the workers ship, and that is past their gates.")),
        ]),
    ]  # fmt: skip


def check_own_loss(function: Any) -> CheckResult:
    """Check a function (product, target) -> the mean squared error, one number for all orders.

    >>> check_own_loss(lambda product, target: ((product - target) ** 2).mean()).ok
    True
    """

    def each() -> Iterator[Trial]:
        yield _loss_trial(np.array([[3.0], [2.0]]), np.array([[1.0], [3.0]]))
        random = np.random.default_rng(0)
        for _trial in range(TRIALS - 1):
            yield _loss_trial(*random.normal(0.0, 1.0, (2, *random.integers(2, 5, 2))))

    return check_trials(function, each(), _agrees())


def _loss_trial(product: Array, target: Array) -> Trial:
    rows, orders = product.reshape(1, -1), target.reshape(1, -1)
    right = MeanSquaredError().value(rows, orders)
    number_judge = judged_number(right, mistakes_in_a_loss(rows, orders))

    def judge(answer: Any) -> CheckResult:
        if (table := as_table(answer)) is not None and table.ndim:
            return CheckResult(
                False,
                _("A number is wanted here, and a whole table came."),
                _("Take the average over the whole table: np.mean."),
            )
        return number_judge(answer)

    return Trial({"product": product, "target": target}, judge)


def check_own_backward(function: Any, gates: Any = GATES) -> CheckResult:
    """Check a function (x, hidden, product, target, W2) -> gradients of W1, b1, W2 and b2."""

    def arguments(case: Case) -> dict[str, Any]:
        first, last = case.trace.layers
        return {
            "x": first.inputs,
            "hidden": first.activations,
            "product": last.activations,
            "target": case.targets,
            "W2": case.knobs[2],
        }

    # Floor 2 first: what is wrong in its note is wrong in all that comes after.
    return _each_case(function, gates, arguments, _backward_wanted, look=(2, 3, 0, 1))


def _backward_wanted(case: Case) -> Wanted:
    first, last = case.trace.layers
    one, other = (layer.activation for layer in case.network.layers)
    mistake, w2, orders = last.activations - case.targets, case.knobs[2], len(case.targets)
    first_note = MeanSquaredError().gradient(last.activations, case.targets)
    found = case.network.backward(case.trace, first_note)
    true = [table for layer in found.layers for table in (layer.weights, layer.biases)]
    slopes = slope(one, first.pre_activations), slope(other, last.pre_activations)
    each = 2.0 / mistake.size

    def back(note: Array, slope1: Array | float = slopes[0]) -> list[Array]:
        note1 = note @ w2.T * slope1
        knobs = first.inputs.T @ note1, first.activations.T @ note
        return [knobs[0], note1.sum(axis=0), knobs[1], note.sum(axis=0)]

    spoilt = [
        (back(each * mistake),
         _("The note did not pass the last gate: multiply by its slope.")),
        (back(each * mistake * slope(other, last.activations)),
         _("The last gate's slope is taken at what it ships, not at its mix.")),
        (back(mistake / mistake.size),
         _("That is for cross-entropy. Here the first note has a 2, and passes the last gate.")),
        (back(each * mistake * slope_from(one, last.activations)),
         _("That is the slope of the other floor's gate.")),
        (back(each * mistake * slopes[1], slope_from(other, first.activations)),
         _("On floor 1 that is the slope of the other floor's gate.")),
        (back(mistake * slopes[1]), _("The first note is 2 × (product − target), shared out.")),
        (back(mistake * slopes[1] / mistake.size), _("The slope of a square has a 2 in it.")),
        (back(2.0 * mistake * slopes[1]),
         _("Share the first note out: divide by target.size.")),
        (back(2.0 / orders * mistake * slopes[1]),
         _("Share out among all numbers, not only among the orders: target.size.")),
        (back(-each * mistake * slopes[1]), _("The mistake is product minus target.")),
        (back(each * mistake * slopes[1], 1.0),
         _("The note did not pass the workers' gates: multiply by their slope.")),
        (back(each * mistake * slopes[1], slope(one, first.activations)),
         _("The workers' slope is taken at what they ship, not at their mix.")),
        ([table / orders for table in true],
         _("The loss has averaged already. Over the orders, just add.")),
    ]  # fmt: skip
    return [
        (name, table, [(wrong[n], hint) for wrong, hint in spoilt])
        for n, (name, table) in enumerate(zip(KNOBS, true, strict=True))
    ]


def check_own_update(function: Any) -> CheckResult:
    """Check a function (knobs, gradients, rate) -> new knobs, which leaves the old ones alone.

    >>> turned = check_own_update(lambda knobs, gradients, rate: knobs)
    >>> turned.hint
    'The knobs were not turned at all.'
    """

    def each() -> Iterator[Trial]:
        one = [np.array([[3.0, 1.0]]), np.array([2.0, 0.0]), np.array([[1.0], [2.0]]),
               np.array([4.0])]  # fmt: skip
        yield _update_trial(one, [2.0 - np.abs(knob - 2.5) for knob in one])
        random = np.random.default_rng(0)
        for _trial in range(TRIALS - 1):
            knobs = Case.draw(random, GATES).knobs
            yield _update_trial(knobs, list(map(np.cos, knobs)))

    result = check_trials(function, each(), _agrees())
    if not result.ok:
        return result
    old = [np.ones((1, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)]
    called(function, old, [np.ones_like(table) for table in old], RATE)
    if not all(alike(table, np.ones_like(table)) for table in old):
        return CheckResult(
            False,
            _("The new knobs are right, but the old ones were changed as well."),
            _("Make a new list of new tables: with k - rate * g, and not k -= rate * g."),
        )
    return result


def _update_trial(knobs: list[Array], gradients: list[Array]) -> Trial:
    wanted: Wanted = [
        (name, knob - RATE * gradient, [
            (knob + RATE * gradient, _("That is uphill: take away, do not add.")),
            (knob - gradient, _("The learning rate is missing.")),
            (RATE * gradient, _("So far it is turned. Take that away from where it stood.")),
            (knob, _("The knobs were not turned at all.")),
            (knob - RATE, _("The gradient is missing: multiply the learning rate by it.")),
        ])
        for name, knob, gradient in zip(KNOBS, knobs, gradients, strict=True)
    ]  # fmt: skip
    return Trial(
        {"knobs": knobs, "gradients": gradients, "rate": RATE},
        lambda answer: check_tables(answer, wanted),
    )


def _each_case(
    function: Any,
    gates: Any,
    arguments: Callable[[Case], dict[str, Any]],
    wanted: Callable[[Case], Wanted],
    look: Sequence[int] = (),
) -> CheckResult:
    names = list(gates) if isinstance(gates, tuple | list) else []
    known = choice()
    good = len(names) == 2 and all(isinstance(name, str) and name in known for name in names)
    if no_function(function) is None and not good:
        return CheckResult(
            False,
            _("Two gates are wanted, one for each floor."),
            _("Choose from: {names}.").format(names=listed(known)),
        )

    def each() -> Iterator[Trial]:
        random = np.random.default_rng(0)
        for n in range(TRIALS):
            case = Case.draw(random, names) if n else Case.small(names)
            yield Trial(arguments(case), _judge(wanted(case), look))

    return check_trials(function, each(), _agrees())


def _judge(wanted: Wanted, look: Sequence[int]) -> Callable[[Any], CheckResult]:
    return lambda answer: check_tables(answer, wanted, look)


def _agrees() -> str:
    return _("It agrees with the engine on {n} random factories.")
