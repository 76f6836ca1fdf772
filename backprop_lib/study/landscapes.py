"""Losses over one knob or two, and the way that an optimizer takes down them, lap by lap.

A landscape is as plain as a loss can be: its value and its gradient are formulas. A real factory's
loss is a landscape too, over all its knobs at once; ``descend_factory`` goes down that one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.arrays import Array, as_count, as_kind, as_numbers, read_only
from backprop_lib.engine.frozen import Frozen, hands_out
from backprop_lib.engine.losses import MeanSquaredError, bound
from backprop_lib.engine.network import Network
from backprop_lib.engine.optimizers import Optimizer, as_optimizer
from backprop_lib.engine.training import train
from backprop_lib.i18n import gettext as _

MOST_LAPS = 100_000  # on one way down, since every lap is kept


class Landscape(ABC):
    """A loss over ``knobs`` numbers; ``start`` is a good place to begin.

    Points are arrays (..., knobs), known to fit; ``value`` returns (...), ``gradient`` the points'
    shape.
    """

    knobs = 1
    start: tuple[float, ...] = (2.0,)

    @abstractmethod
    def value(self, points: Array) -> Array:
        """The loss at each point."""

    @abstractmethod
    def gradient(self, points: Array) -> Array:
        """dLoss/dw at each point; it points uphill."""

    def bottom(self, point: Array) -> Array:
        """The lowest point of the valley in which one point, (knobs,), lies."""
        return np.zeros_like(point)


class Bowl(Landscape):
    """L = w^2. Every lap multiplies w by 1 - 2 rate.

    >>> Bowl().value(np.array([[3.0]])), Bowl().gradient(np.array([[3.0]]))
    (array([9.]), array([[6.]]))
    """

    def value(self, points: Array) -> Array:
        """L = w^2."""
        return np.square(points[..., 0])

    def gradient(self, points: Array) -> Array:
        """dL/dw = 2 w."""
        return 2.0 * points


class TwoValleys(Landscape):
    """L = (w^2 - 4)^2 / 8 + w / 2 + 3/2: a deep valley, a hill, and a shallow one to its right.

    >>> [round(place, 2) for place in TwoValleys.LEVEL]
    [-2.11, 0.25, 1.86]
    """

    start = (3.0,)
    # Where the gradient is 0, which is where w^3 - 4 w + 1 = 0: deep bottom, hilltop, other bottom.
    LEVEL = tuple(sorted(np.roots([1.0, 0.0, -4.0, 1.0]).real.tolist()))

    def value(self, points: Array) -> Array:
        """L = (w^2 - 4)^2 / 8 + w / 2 + 3/2."""
        w = points[..., 0]
        return np.square(w * w - 4.0) / 8.0 + w / 2.0 + 1.5

    def gradient(self, points: Array) -> Array:
        """dL/dw = (w^2 - 4) w / 2 + 1/2."""
        return (points * points - 4.0) * points / 2.0 + 0.5

    def is_deep(self, point: Array) -> bool:
        """Whether a point, (1,), lies in the deep valley."""
        return bool(point[0] < self.LEVEL[1])

    def bottom(self, point: Array) -> Array:
        """The lowest point on this side of the hill."""
        return np.array([self.LEVEL[0 if self.is_deep(point) else 2]])


class LongValley(Landscape):
    """L = (w1^2 + 10 w2^2) / 2: ten times as steep across the valley as along it.

    Every lap multiplies w1 by 1 - rate and w2 by 1 - 10 rate: one rate has to serve both.

    >>> LongValley().gradient(np.array([3.0, 1.0]))
    array([ 3., 10.])
    """

    knobs = 2
    start = (3.0, 1.0)
    STEEPNESS = np.array([1.0, 10.0])  # the curvatures, along and across

    def value(self, points: Array) -> Array:
        """L = (w1^2 + 10 w2^2) / 2."""
        loss: Array = np.square(points) @ self.STEEPNESS / 2.0
        return loss

    def gradient(self, points: Array) -> Array:
        """dL/dw1 = w1, dL/dw2 = 10 w2."""
        slopes: Array = points * self.STEEPNESS
        return slopes


LANDSCAPES: dict[str, Landscape] = {
    "bowl": Bowl(),
    "two valleys": TwoValleys(),
    "long valley": LongValley(),
}


@hands_out("points", "losses", "distances")
@dataclass(frozen=True, eq=False)
class Descent(Frozen):
    """A way down: where the knobs stood and how large the loss was, from the start lap by lap."""

    points: Array  # (laps + 1, knobs)
    losses: Array  # (laps + 1,)
    distances: Array  # (laps + 1,), how far it was from the bottom, or the product from the order
    exploded: bool = False  # the loss went beyond all bounds in the last of these laps or after it

    @property
    def laps(self) -> int:
        """How many laps were taken; fewer than asked for when the numbers exploded."""
        return len(self.losses) - 1


@hands_out("products", "mixes")
@dataclass(frozen=True, eq=False, kw_only=True)
class FactoryDescent(Descent):
    """A factory's way down; ``points`` are all its knobs, ``mixes`` those of its first floor."""

    products: Array  # (laps + 1,)
    mixes: Array  # (laps + 1, workers), above 0 where a gate is open

    def lost(self, lap: int) -> tuple[int, ...]:
        """The workers whose gate was open at the start and is shut after that lap.

        With a single order this is for good: no note passes a shut gate, so nothing turns its knobs
        back. (An optimizer with a memory turns them a bit further yet, but the way they went.)
        """
        last = min(as_count(lap, _("the lap"), least=0), self.laps)
        gone = (self.mixes[0] > 0.0) & (self.mixes[last] <= 0.0)
        return tuple(np.flatnonzero(gone).tolist())


def descend(landscape: Landscape, start: npt.ArrayLike, optimizer: Optimizer, laps: int) -> Descent:
    """Go down ``landscape`` from ``start``, (knobs,), for so many laps, or until it explodes.

    The optimizer is left as it was. Raises TypeError or ValueError for a start that is not one
    finite number for each knob, and for what is no landscape, optimizer or number of laps.

    >>> from backprop_lib.engine.optimizers import SGD
    >>> descend(Bowl(), [2], SGD(0.25), laps=3).points.ravel()
    array([2.  , 1.  , 0.5 , 0.25])
    """
    as_kind(landscape, Landscape, "Bowl()")
    as_optimizer(optimizer)
    as_count(laps, _("the number of laps"), most=MOST_LAPS)
    point = np.atleast_1d(as_numbers(start, _("the start")))
    if point.shape != (landscape.knobs,):
        raise ValueError(
            _("Expected {knobs} numbers for the start, but shape {shape} came.").format(
                knobs=landscape.knobs, shape=point.shape
            )
        )
    memory = optimizer.start(point)
    with np.errstate(all="ignore"):
        points, losses = [point], [float(landscape.value(point))]
        for _lap in range(laps):
            change, memory = optimizer.change(landscape.gradient(point), memory)
            point = point - change
            loss = float(landscape.value(point))
            if not loss <= bound(losses[0]):  # so that not-a-number ends it too
                break
            points.append(point)
            losses.append(loss)
        way = read_only(np.array(points))
        distances = np.linalg.norm(way - landscape.bottom(points[-1]), axis=1)
    exploded = len(losses) <= laps
    return Descent(way, read_only(np.array(losses)), read_only(distances), exploded)


def descend_factory(
    network: Network,
    inputs: npt.ArrayLike,
    target: npt.ArrayLike,
    optimizer: Optimizer,
    laps: int,
) -> FactoryDescent:
    """Train a factory on one order, (inputs,) and (1,), with the squared mistake as its loss.

    Raises TypeError or ValueError as ``train`` does.

    >>> from backprop_lib.datasets import lemonade_factory
    >>> from backprop_lib.engine.optimizers import SGD
    >>> way = descend_factory(lemonade_factory(), [2, 1], [1], SGD(0.01), laps=2)
    >>> way.losses.round(4), way.lost(2)
    (array([4.    , 0.5911, 0.1068]), ())
    """
    as_count(laps, _("the number of laps"), most=MOST_LAPS)
    optimizer = as_optimizer(optimizer).copy()
    records = train(network, inputs, target, MeanSquaredError(), optimizer, laps)
    sound = list(takewhile(lambda record: not record.exploded, records))
    traces = [record.network.forward(inputs) for record in sound]
    losses = np.array([record.loss for record in sound])
    return FactoryDescent(
        points=read_only(np.array([_all_knobs(record.network) for record in sound])),
        losses=read_only(losses),
        distances=read_only(np.sqrt(losses)),
        exploded=len(sound) <= laps,
        products=read_only(np.array([trace.output[0, 0] for trace in traces])),
        mixes=read_only(np.array([trace.layers[0].pre_activations[0] for trace in traces])),
    )


def _all_knobs(network: Network) -> Array:
    """Every knob in one row: the workers of a floor one after the other, each with its pinch."""
    return np.concatenate(
        [np.vstack([layer.weights, layer.biases]).T.ravel() for layer in network.layers]
    )
