"""The checks of lesson 10: a factory of the learner's own, each of its four parts on its own.

Such a factory has two floors. Its knobs are a list of four tables, ``[W1, b1, W2, b2]``, and its
gates are two names of the engine's, one for each floor. Every part is tried on random factories
and compared with the engine.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_lib.activations import ACTIVATIONS, slope
from backprop_lib.arrays import Array, as_list
from backprop_lib.checks.loss import check_loss
from backprop_lib.checks.result import (
    CheckResult,
    as_float,
    called,
    no_function,
    not_tried,
    shortened,
)
from backprop_lib.checks.tables import Wanted, alike, as_table, check_tables
from backprop_lib.i18n import gettext as _
from backprop_lib.losses import MeanSquaredError
from backprop_lib.network import Dense, Network, Trace

TRIALS = 20
GATES = ("tanh", "sigmoid")  # of the workers, and of the last floor
CHOICE = ("identity", "relu", "sigmoid", "tanh")
KNOBS = ("W1", "b1", "W2", "b2")

Knobs = Sequence[Array]


def network_of(knobs: Knobs, gates: Sequence[str] = GATES) -> Network:
    """The engine's network with these knobs and gates; TypeError or ValueError as for ``Dense``.

    >>> network_of([[[1, 2]], [0, 0], [[1], [1]], [0]])
    Network(1 → 2 tanh → 1 sigmoid)
    """
    w1, b1, w2, b2 = _as_so_many(knobs, len(KNOBS), _("the knobs, [W1, b1, W2, b2]"))
    one, other = _as_so_many(gates, len(GATES), _("the gates"))
    return Network([Dense(w1, b1, one), Dense(w2, b2, other)])


def _as_so_many(value: object, count: int, name: str) -> list[Any]:
    found = as_list(value, name)
    if len(found) != count:
        raise ValueError(
            _("Expected {count} in the list of {name}, but {found} came.").format(
                count=count, name=name, found=len(found)
            )
        )
    return found


@dataclass(frozen=True)
class _Case:
    """A random factory with random orders, and what the engine makes of it."""

    network: Network
    knobs: list[Array]
    trace: Trace
    targets: Array

    @classmethod
    def draw(cls, random: np.random.Generator, gates: Sequence[str]) -> _Case:
        # More than one of each, and no two counts alike: a table on its side must not fit.
        inputs, workers, products, orders = random.permutation([2, 3, 4, 5]).tolist()
        knobs = [
            random.normal(0.0, 1.0, shape)
            for shape in ((inputs, workers), workers, (workers, products), products)
        ]
        network = network_of(knobs, gates)
        trace = network.forward(random.normal(0.0, 1.0, (orders, inputs)))
        return cls(network, knobs, trace, random.normal(0.0, 1.0, (orders, products)))


def check_own_forward(function: Any, gates: Any = GATES) -> CheckResult:
    """Check a function (x, W1, b1, W2, b2) -> what the workers ship, and the products.

    >>> check_own_forward(lambda x, *knobs: (x, x)).message
    'hidden: the shape (5, 2) is wanted, and (5, 4) came.'
    """
    return _each_case(
        function, gates, lambda case: (case.trace.layers[0].inputs, *case.knobs), _forward_wanted
    )


def _forward_wanted(case: _Case) -> Wanted:
    (first, last), (w1, b1, w2, b2) = case.trace.layers, case.knobs
    one, other = (layer.activation for layer in case.network.layers)
    f, g = ACTIVATIONS[one].forward, ACTIVATIONS[other].forward
    no_gate = _("That is the mix. Send it through the gate.")
    no_pinch = _("The pinch is missing: add b before the gate.")
    late = _("Add the pinch before the gate, not after it.")
    swapped = _("That is the other floor's gate.")
    no_minus = _("In a sigmoid stands e to the power of minus z: np.exp(-z).")
    return [
        (_("hidden"), first.activations, [
            (first.pre_activations, no_gate),
            (f(first.inputs @ w1), no_pinch),
            (f(first.inputs @ w1) + b1, late),
            (g(first.pre_activations), swapped),
            (1.0 - first.activations, no_minus),
        ]),
        (_("product"), last.activations, [
            (last.pre_activations, no_gate),
            (g(last.inputs @ w2), no_pinch),
            (g(last.inputs @ w2) + b2, late),
            (f(last.pre_activations), swapped),
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
    if (refused := no_function(function)) is not None:
        return refused
    random = np.random.default_rng(0)
    for _trial in range(TRIALS):
        product, target = random.normal(0.0, 1.0, (2, *random.integers(2, 5, 2)))
        answer = called(function, product.copy(), target.copy())
        if isinstance(answer, CheckResult):
            return answer
        if (table := as_table(answer)) is not None and table.ndim:
            return CheckResult(
                False,
                _("A number is wanted here, and a whole table came."),
                _("Take the average over the whole table: np.mean."),
            )
        result = check_loss(answer, product.ravel().tolist(), target.ravel().tolist())
        if not result.ok:
            return result
    return _agrees()


def check_own_backward(function: Any, gates: Any = GATES) -> CheckResult:
    """Check a function (x, hidden, product, target, W2) -> gradients of W1, b1, W2 and b2."""

    def arguments(case: _Case) -> tuple[Any, ...]:
        first, last = case.trace.layers
        return first.inputs, first.activations, last.activations, case.targets, case.knobs[2]

    return _each_case(function, gates, arguments, _backward_wanted)


def _backward_wanted(case: _Case) -> Wanted:
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
    rate = 0.5

    def wanted(case: _Case) -> Wanted:
        gradients = [np.cos(knob) for knob in case.knobs]
        return [
            (name, knob - rate * gradient, [
                (knob + rate * gradient, _("That is uphill: take away, do not add.")),
                (knob - gradient, _("The learning rate is missing.")),
                (rate * gradient, _("So far it is turned. Take that away from where it stood.")),
                (knob, _("The knobs were not turned at all.")),
                (knob - rate, _("The gradient is missing: multiply the learning rate by it.")),
            ])
            for name, knob, gradient in zip(KNOBS, case.knobs, gradients, strict=True)
        ]  # fmt: skip

    result = _each_case(
        function, GATES, lambda case: (case.knobs, list(map(np.cos, case.knobs)), rate), wanted
    )
    if not result.ok:
        return result
    old = [np.ones((1, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)]
    called(function, old, [np.ones_like(table) for table in old], rate)
    if not all(alike(table, np.ones_like(table)) for table in old):
        return CheckResult(
            False,
            _("The new knobs are right, but the old ones were changed as well."),
            _("Make a new list of new tables: with k - rate * g, and not k -= rate * g."),
        )
    return result


def check_wired(wire: Any, slider: Any, answer: Any, told: Callable[[float], str]) -> CheckResult:
    """Check a slider: does ``answer.value`` become ``told(slider.value)`` whenever it moves?

    The ends of a slider that counts in powers of ten are powers, and it goes as far as it can.
    """
    here, low, high = (as_float(getattr(slider, name, None)) for name in ("value", "min", "max"))
    if here is None or low is None or high is None or not hasattr(answer, "value"):
        return CheckResult(
            False,
            _("A slider and a place for the answer are wanted."),
            _("Keep the lines that begin with slider and with answer."),
        )
    heard = []
    try:
        try:
            slider.value = low if low < here else high
            heard.append((answer.value, told(slider.value)))
        finally:
            slider.value = here
        heard.append((answer.value, told(here)))
    except Exception as error:  # whatever a learner's own function raises is told
        return CheckResult(
            False,
            _("The slider was moved, and then came: {error}").format(error=shortened(error)),
            _("Try the function by itself, with a number in its brackets."),
        )
    if all(said == wanted for said, wanted in heard):
        return CheckResult(True, _("The slider was moved, and the answer followed."))
    if wire is ... or wire is None:
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


def _each_case(
    function: Any,
    gates: Any,
    arguments: Callable[[_Case], tuple[Any, ...]],
    wanted: Callable[[_Case], Wanted],
) -> CheckResult:
    if (refused := no_function(function)) is not None:
        return refused
    names = list(gates) if isinstance(gates, tuple | list) else []
    if len(names) != 2 or not all(isinstance(name, str) and name in CHOICE for name in names):
        return CheckResult(
            False,
            _("Two gates are wanted, one for each floor."),
            _("Choose from: {names}.").format(names=", ".join(CHOICE)),
        )
    random = np.random.default_rng(0)
    for _trial in range(TRIALS):
        case = _Case.draw(random, gates)
        answer = called(function, *copy.deepcopy(arguments(case)))
        if isinstance(answer, CheckResult):
            return answer
        result = check_tables(answer, wanted(case))
        if not result.ok:
            return result
    return _agrees()


def _agrees() -> CheckResult:
    return CheckResult(
        True, _("It agrees with the engine on {n} random factories.").format(n=TRIALS)
    )
