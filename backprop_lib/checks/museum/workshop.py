"""The factory in which the exhibits are tried: the engine's own work, with one hand exchanged."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import (
    Array,
    as_count,
    as_function,
    as_list,
    as_number,
    as_numbers,
    short,
)
from backprop_lib.engine.gradient_check import GradientReport, check_gradients
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Dense, Gradients, LayerGradients, Network
from backprop_lib.engine.steps import Step, opening
from backprop_lib.i18n import gettext as _

MOST_LAPS = 100_000  # that are taken one after the other here

FirstNote = Callable[[Array, Array], Array]
PastGate = Callable[[Array, Array], Array]
NoteTo = Callable[[Iterable[Array], Iterable[Array]], Array | float]
Turn = Callable[[Array, Array, Array, Array, Array, Array, float], tuple[Array, Array]]


def gradients(
    network: Network,
    x: npt.ArrayLike,
    targets: npt.ArrayLike,
    first_note: FirstNote | None = None,
    past_gate: PastGate | None = None,
    note_to: NoteTo | None = None,
) -> Gradients:
    """The gradients of the mean squared error, found with the hands that are given.

    ``first_note`` gets (products, orders), ``past_gate`` (note, z) at each tanh gate, and
    ``note_to`` the knobs that one worker ships through and the notes behind them, (examples,) each.
    What is not given is as it should be. Raises TypeError or ValueError as ``steps`` does.

    >>> from backprop_lib.datasets import lemonade_factory
    >>> gradients(lemonade_factory(), [2, 1], [1]).layers[0].weights
    array([[16.,  4.,  0.],
           [ 8.,  2.,  0.]])
    """
    start = opening(network, x, targets)
    hands = {"first_note": first_note, "past_gate": past_gate, "note_to": note_to}
    for name, hand in hands.items():
        if hand is not None:
            as_function(hand, name)
    with np.errstate(all="ignore"):
        return _gradients(network, start, first_note, past_gate, note_to)


def _gradients(
    network: Network,
    start: Step,
    first_note: FirstNote | None,
    past_gate: PastGate | None,
    note_to: NoteTo | None,
) -> Gradients:
    trace = network.run(start.inputs)
    products = trace.output
    if first_note is None:
        arrived = MeanSquaredError().raw_gradient(products, start.target)
    else:
        arrived = _handed(first_note(products, start.target), products, "first_note")
    found = []
    for layer, work in zip(reversed(network.layers), reversed(trace.layers), strict=True):
        if past_gate is not None and layer.activation == "tanh":
            note = _handed(past_gate(arrived, work.pre_activations), arrived, "past_gate")
        else:
            gate = ACTIVATIONS[layer.activation]
            note = gate.backward(arrived, work.pre_activations, work.activations)
        found.append(LayerGradients(work.inputs.T @ note, note.sum(axis=0), note, arrived))
        if note_to is None:
            arrived = note @ layer.weights.T
        else:
            told = [note_to(knobs, note.T) for knobs in layer.weights]
            each = [_handed(one, note[:, 0], "note_to") for one in told]
            arrived = np.column_stack(each)
    return Gradients(tuple(reversed(found)), arrived)


def _as_pair(value: object) -> list[Any]:
    found = as_list(value, "turn")
    if len(found) != 2:
        raise ValueError(
            _("Expected turn to give back two tables of weights, but {count} came.").format(
                count=len(found)
            )
        )
    return found


def _handed(value: object, like: Array, name: str) -> Array:
    """What a hand gave back, in the shape in which it is wanted."""
    found = as_numbers(value, name, finite=False)
    if found.shape != like.shape:
        raise ValueError(
            _("Expected {name} to give back the shape {wanted}, but {shape} came.").format(
                name=name, wanted=like.shape, shape=found.shape
            )
        )
    return found


def check(
    network: Network, x: npt.ArrayLike, targets: npt.ArrayLike, **hands: Callable[..., Array]
) -> GradientReport:
    """Compare what these hands find with slopes by nudging, as ``check_gradients`` does.

    >>> from backprop_lib.checks.museum.exhibits import misplaced_slope
    >>> check(Network.random([2, 3, 1]), [2, 1], [1], past_gate=misplaced_slope).ok
    False
    """
    found = gradients(network, x, targets, **hands)
    return check_gradients(network, x, targets, MeanSquaredError(), found)


def losses(
    network: Network,
    x: npt.ArrayLike,
    targets: npt.ArrayLike,
    rate: float,
    laps: int,
    **hands: Callable[..., Array],
) -> list[float]:
    """The loss at the start and after each lap of plain descent, trained with these hands.

    It ends early where the numbers grow beyond all bounds.

    >>> from backprop_lib.datasets import lemonade_factory
    >>> [round(loss, 4) for loss in losses(lemonade_factory(), [2, 1], [1], rate=0.01, laps=2)]
    [4.0, 0.5911, 0.1068]
    """
    start = opening(network, x, targets)
    rate = as_number(rate, _("the learning rate"))
    laps = as_count(laps, _("the number of laps"), least=0, most=MOST_LAPS)
    seen: list[float] = []
    with np.errstate(all="ignore"):
        for _lap in range(laps + 1):
            value = MeanSquaredError().raw_value(network.run(start.inputs).output, start.target)
            if not math.isfinite(value):
                break
            seen.append(value)
            found = gradients(network, start.inputs, start.target, **hands)
            network = Network(
                Dense.of_own(
                    layer.weights - rate * slopes.weights,
                    layer.biases - rate * slopes.biases,
                    layer.activation,
                )
                for layer, slopes in zip(network.layers, found.layers, strict=True)
            )
    return seen


def lap(
    network: Network, x: npt.ArrayLike, order: npt.ArrayLike, rate: float, turn: Turn | None = None
) -> Network:
    """One lap of a factory of two floors, whose pinches stay as they are (as Mazur's do).

    ``turn`` goes back and turns the knobs, as ``early_update`` does; without it all is right.

    >>> from backprop_lib.datasets import two_products, two_products_factory
    >>> mazur, its = two_products_factory(), two_products()
    >>> round(lap(mazur, its.inputs, its.targets, rate=0.5).layers[1].weights[0, 0].item(), 8)
    0.35891648
    """
    start = opening(network, x, order)
    rate = as_number(rate, _("the learning rate"))
    if len(network.layers) != 2:
        raise ValueError(
            _("Expected a factory of two floors, but {network} came.").format(
                network=short(network)
            )
        )
    first, last = network.layers
    if turn is None:
        found = gradients(network, start.inputs, start.target)
        with np.errstate(all="ignore"):
            w1, w2 = (
                layer.weights - rate * slopes.weights
                for layer, slopes in zip(network.layers, found.layers, strict=True)
            )
    else:
        work = network.run(start.inputs)
        a, o = (each.activations[0] for each in work.layers)
        as_function(turn, "turn")
        turned = turn(first.weights, last.weights, start.inputs[0], a, o, start.target[0], rate)
        w1, w2 = map(_handed, _as_pair(turned), (first.weights, last.weights), ("turn", "turn"))
    return Network(
        [Dense(w1, first.biases, first.activation), Dense(w2, last.biases, last.activation)]
    )
