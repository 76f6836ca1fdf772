"""The way that an optimizer takes down a landscape, lap by lap.

A real factory's loss is a landscape too, over all its knobs at once; ``descend_factory`` goes down
that one.
"""

from __future__ import annotations

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
from backprop_lib.study.descent.landscapes import Landscape

MOST_LAPS = 100_000  # on one way down, since every lap is kept


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

    def lost(self, lap: int) -> tuple[int, ...]:
        """The workers whose gates are shut for good after that lap; a landscape has none."""
        return ()


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
    >>> from backprop_lib.study.descent import Bowl
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
