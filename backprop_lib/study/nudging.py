"""Turn one knob a little and look at the loss: the slope by nudging, and what nudging costs.

``gradient_check.py`` judges a whole backward pass; here one knob lies in the learner's hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import (
    Array,
    as_function,
    as_kind,
    as_list,
    as_number,
    as_text,
)
from backprop_lib.engine.frozen import Frozen, hands_out
from backprop_lib.engine.gradient_check import sides_of_kinks
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.network import Dense, LayerGradients, Network, Trace, as_network
from backprop_lib.i18n import gettext as _

Corner = Literal["gate", "kink"]


@dataclass(frozen=True)
class Knob:
    """One number that training turns: a worker's knob for one source, or its pinch."""

    layer: int
    worker: int
    source: int | None  # None is the pinch, which is the bias

    def of(self, layer: Dense | LayerGradients) -> float:
        """This knob's number among a layer's weights and biases, or among their gradients."""
        if not isinstance(layer, Dense | LayerGradients):
            as_kind(layer, Dense, "network.layers[0]")
        if self.source is None:
            return float(layer.biases[self.worker])
        return float(layer.weights[self.source, self.worker])


def knobs(network: Network) -> tuple[Knob, ...]:
    """Every knob, worker by worker: those for its sources in their order, then its pinch.

    >>> from backprop_lib.datasets import lemonade_factory
    >>> found = knobs(lemonade_factory())
    >>> len(found), found[2]
    (13, Knob(layer=0, worker=0, source=None))
    """
    return tuple(
        Knob(number, worker, source)
        for number, layer in enumerate(as_network(network).layers)
        for worker in range(layer.weights.shape[1])
        for source in (*range(layer.weights.shape[0]), None)
    )


@hands_out("inputs", "target")
@dataclass(frozen=True, eq=False)
class KnobLoss(Frozen):
    """The loss as a function of one knob, while all other knobs stay where they are.

    ``inputs`` is (examples, inputs) and ``target`` (examples, outputs), both known to fit.

    >>> from backprop_lib import MeanSquaredError
    >>> from backprop_lib.datasets import lemonade, lemonade_factory
    >>> order = lemonade()
    >>> loss = KnobLoss(
    ...     lemonade_factory(), order.inputs, order.targets, MeanSquaredError(), Knob(0, 0, 0)
    ... )
    >>> loss.stands_at, loss(1.0), loss.gradient(1.0)
    (1.0, 4.0, 16.0)
    """

    network: Network
    inputs: Array
    target: Array
    loss: Loss
    knob: Knob

    def __post_init__(self) -> None:
        as_network(self.network)
        as_loss(self.loss)
        as_kind(self.knob, Knob, "Knob(0, 0, 0)")

    @property
    def stands_at(self) -> float:
        """The knob's own number in the network."""
        return self.knob.of(self.network.layers[self.knob.layer])

    def turned(self, value: float) -> Network:
        """The network with this one knob at ``value``."""
        value = as_number(value, _("the knob"))
        layers = list(self.network.layers)
        layer, knob = layers[self.knob.layer], self.knob
        weights, biases = layer.weights.copy(), layer.biases.copy()
        if knob.source is None:
            biases[knob.worker] = value
        else:
            weights[knob.source, knob.worker] = value
        layers[knob.layer] = Dense.of_own(weights, biases, layer.activation)
        return Network(layers)

    def trace(self, value: float) -> Trace:
        """The forward pass with this knob at ``value``."""
        return self.turned(value).run(self.inputs)

    def of(self, trace: Trace) -> float:
        """The loss of a forward pass."""
        as_kind(trace, Trace, "network.forward(x)")
        return self.loss.raw_value(trace.output, self.target)

    def __call__(self, value: float) -> float:
        """The loss with this knob at ``value``."""
        return self.of(self.trace(value))

    def corner(self, low: float, high: float) -> Corner | None:
        """What is passed as the knob is turned from ``low`` to ``high``, so that the loss may bend.

        "gate" where one opens or shuts, "kink" where that of another gate or of the loss lies.
        There is no corner if the slopes on both sides are the same.
        """
        first, last = self.trace(low), self.trace(high)
        for one, other in zip(first.layers, last.layers, strict=True):
            shut_to = ACTIVATIONS[one.activation].shut_to
            if shut_to is not None and np.any(
                (one.pre_activations > shut_to) != (other.pre_activations > shut_to)
            ):
                return "gate"
        sides = (sides_of_kinks(trace, self.target, self.loss) for trace in (first, last))
        return None if next(sides) == next(sides) else "kink"

    def gradient(self, value: float) -> float:
        """The slope at ``value`` by backpropagation."""
        network = self.turned(value)
        trace = network.run(self.inputs)
        gradients = network.run_back(trace, self.loss.raw_gradient(trace.output, self.target))
        return self.knob.of(gradients.layers[self.knob.layer])


@dataclass(frozen=True)
class Nudged:
    """What a nudge shows of a function f at w: its numbers at w, at w + h and at w - h.

    >>> nudged = Nudged.at(lambda w: w * w, 3.0, 0.5)
    >>> nudged.up, nudged.both
    (6.5, 6.0)
    """

    value: float  # w
    nudge: float  # h
    here: float  # f(w)
    above: float  # f(w + h)
    below: float  # f(w - h)

    @classmethod
    def at(cls, function: Callable[[float], float], value: float, nudge: float) -> Nudged:
        """Nudge ``function`` at ``value`` by ``nudge``, up and down."""
        return cls.many(function, value, [nudge])[0]

    @classmethod
    def many(
        cls, function: Callable[[float], float], value: float, nudges: Iterable[float]
    ) -> list[Nudged]:
        """The same for each of many nudges; the function is asked only once where it is."""
        as_function(function, _("what is nudged"))
        value = as_number(value, _("the place where it is nudged"))

        def at(place: float) -> float:
            return as_number(function(place), _("what your function gives back"), finite=False)

        here = at(value)
        return [
            cls(value, nudge, here, at(value + nudge), at(value - nudge))
            for nudge in map(_as_nudge, as_list(nudges, _("the nudges")))
        ]

    def slope(self, way: str) -> float:
        """The slope by a nudge "up", or by one up and down ("both")."""
        return self.up if as_text(way, _("the way")) == "up" else self.both

    @property
    def up(self) -> float:
        """The slope by a nudge up: (f(w + h) - f(w)) / h, wrong by about f''(w) h / 2."""
        return (self.above - self.here) / self.nudge

    @property
    def both(self) -> float:
        """The slope by a nudge up and down: (f(w + h) - f(w - h)) / 2h, wrong by f'''(w) h² / 6."""
        return (self.above - self.below) / (2.0 * self.nudge)


def _as_nudge(value: object) -> float:
    nudge = as_number(value, _("the nudge"))
    if nudge == 0.0:
        raise ValueError(_("Expected a nudge other than 0, which moves nothing; try 0.001."))
    return nudge


@dataclass(frozen=True)
class Cost:
    """What all gradients of a network cost, by nudging and by backpropagation.

    Counted are the multiplications by and for a knob, for one example: a forward pass makes one for
    each weight, a backward pass two (its gradient, and the note that goes on through it, even to
    the inputs). Gates and the loss come on top, and are few; a bias is only added.
    """

    knobs: int
    weights: int

    @property
    def passes(self) -> int:
        """Forward passes of nudging up: one for each knob, and one without a nudge."""
        return self.knobs + 1

    @property
    def passes_both_ways(self) -> int:
        """Forward passes of nudging up and down: two for each knob."""
        return 2 * self.knobs

    @property
    def by_nudging(self) -> int:
        """Multiplications of all forward passes of nudging up."""
        return self.passes * self.weights

    @property
    def by_backpropagation(self) -> int:
        """Multiplications of one forward and one backward pass."""
        return 3 * self.weights

    def __repr__(self) -> str:
        return _(
            "{knobs} knobs. Nudging: {passes} forward passes, {nudging} multiplications. "
            "Backpropagation: 1 forward and 1 backward pass, {backpropagation} multiplications."
        ).format(
            knobs=f"{self.knobs:,}",
            passes=f"{self.passes:,}",
            nudging=f"{self.by_nudging:,}",
            backpropagation=f"{self.by_backpropagation:,}",
        )


def cost(network: Network) -> Cost:
    """Count what all gradients of ``network`` cost.

    >>> from backprop_lib.datasets import lemonade_factory
    >>> found = cost(lemonade_factory())
    >>> found.passes, found.passes_both_ways, found.by_nudging, found.by_backpropagation
    (14, 26, 126, 27)
    """
    weights = sum(layer.weights.size for layer in as_network(network).layers)
    return Cost(weights + sum(layer.biases.size for layer in network.layers), weights)


def digits_alike(one: float, other: float) -> int | None:
    """To how many digits two numbers agree; None when they are the very same.

    >>> digits_alike(16.16, 16.0), digits_alike(16.0000016, 16.0), digits_alike(4.0, 4.0)
    (2, 7, None)
    """
    one = as_number(one, _("the first number"), finite=False)
    other = as_number(other, _("the second number"), finite=False)
    if one == other:
        return None
    share = abs(one - other) / max(abs(one), abs(other))
    return max(0, math.floor(-math.log10(share))) if math.isfinite(share) else 0
