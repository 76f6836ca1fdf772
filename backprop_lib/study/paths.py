"""Every way from one number of a factory to its loss, with the slope of each piece of the way.

A nudge is multiplied by a slope at each station that it passes, and where ways meet, what comes in
is added: the product along each path, summed over all paths, is the gradient. ``Network.backward``
gets the same sum without walking one path after the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy.typing as npt

from backprop_lib.engine.activations import ACTIVATIONS, not_for_each, slope
from backprop_lib.engine.arrays import Array, as_count, as_kind, short
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Gradients, Network, as_network
from backprop_lib.engine.steps import opening
from backprop_lib.i18n import gettext as _
from backprop_lib.study.nudging import Knob

MOST_PATHS = 100_000

Kind = Literal["knob", "pinch", "belt", "gate", "loss"]


@dataclass(frozen=True)
class Amount:
    """A number on the belts into a floor: a material, or what a worker of the floor before ships.

    One layer further than the last it is a product.
    """

    layer: int
    place: int

    def of(self, gradients: Gradients) -> float:
        """dLoss/d(amount) of a single example, as the backward pass has it."""
        as_kind(gradients, Gradients, "network.backward(trace, output_gradient)")
        if self.layer == 0:
            return float(gradients.inputs[0, self.place])
        return float(gradients.layers[self.layer - 1].activations[0, self.place])


Start = Knob | Amount


@dataclass(frozen=True)
class Link:
    """One piece of a path: how much its end moves for each bit that its beginning moves.

    ``knob`` leads from a knob to its worker's mix (dz/dw), ``pinch`` from a pinch (dz/db), ``belt``
    from an amount to a mix (dz/dx or dz/da), ``gate`` from a mix to what is shipped (da/dz), and
    ``loss`` from a product to the loss (dL/do).
    """

    kind: Kind
    layer: int
    source: int | None  # whose delivery; of the loss, which product
    worker: int | None  # None of the loss
    slope: float


@dataclass(frozen=True)
class Path:
    """One way to the loss: the worker that it passes on each floor, and its pieces in order."""

    workers: tuple[int, ...]
    links: tuple[Link, ...]

    @property
    def slopes(self) -> tuple[float, ...]:
        """The slope of each piece."""
        return tuple(link.slope for link in self.links)

    @property
    def product(self) -> float:
        """What one bit at the start comes to at the loss, along this path alone."""
        return math.prod(self.slopes) + 0.0  # which turns -0 into 0


def gradient_at(gradients: Gradients, start: Start) -> float:
    """What the backward pass of a single example says of ``start``.

    >>> from backprop_lib.engine.steps import steps
    >>> lap = steps(Network.random([2, 3, 1], seed=1), [2, 1], [1])
    >>> gradients = Gradients(lap[-1].gradients, lap[-1].inputs_gradient)
    >>> gradient_at(gradients, Amount(0, 1)) == gradients.inputs[0, 1].item()
    True
    """
    as_kind(gradients, Gradients, "network.backward(trace, output_gradient)")
    _expect_start(start)
    if isinstance(start, Amount):
        return start.of(gradients)
    return start.of(gradients.layers[start.layer])


def count_paths(network: Network, start: Start) -> int:
    """How many paths lead from ``start`` to the loss: one for each choice of workers on the way.

    >>> count_paths(Network.random([8, 8, 8, 8, 8]), Knob(0, 0, 0))
    512
    """
    return math.prod(len(workers) for workers in _choices(network, start))


def paths(
    network: Network,
    x: npt.ArrayLike,
    target: npt.ArrayLike,
    start: Start,
    loss: Loss = MeanSquaredError(),  # noqa: B008  frozen, without a state
) -> tuple[Path, ...]:
    """Walk every path from ``start`` to the loss, for one example.

    ``x`` is (inputs,) or (1, inputs), ``target`` (outputs,) or (1, outputs). A floor without a gate
    (identity) adds no piece of its own. Raises TypeError or ValueError for numbers that do not fit,
    for a start that is not there, for more than one example, for a softmax gate on the way (which
    all workers share, so that paths fork in it) and for more than 100000 paths.

    >>> from backprop_lib.datasets import lemonade, lemonade_factory
    >>> order = lemonade()
    >>> for path in paths(lemonade_factory(), order.inputs, order.targets, Amount(0, 0)):
    ...     print(path.slopes, path.product)
    (1.0, 1.0, 2.0, 4.0) 8.0
    (0.5, 1.0, 0.5, 4.0) 1.0
    (-1.0, 0.0, 1.0, 4.0) 0.0
    """
    as_loss(loss)
    order = opening(network, x, target)
    if len(order.inputs) > 1:
        raise ValueError(
            _("Expected a single example, but {count} came; give one row at a time.").format(
                count=len(order.inputs)
            )
        )
    many = count_paths(network, start)
    if many > MOST_PATHS:
        raise ValueError(
            _("Expected at most {most} paths, but {count} came; try network.backward.").format(
                most=MOST_PATHS, count=many
            )
        )
    for layer in network.layers[start.layer :]:
        if (gate := ACTIVATIONS[layer.activation]).shared:
            raise ValueError(not_for_each(gate))
    work = network.run(order.inputs).layers
    slopes = _Slopes(
        network,
        deliveries=[floor.inputs[0] for floor in work],
        gates={
            number: slope(network.layers[number].activation, floor.pre_activations[0])
            for number, floor in enumerate(work)
            if number >= start.layer
        },
        at_loss=loss.gradient(work[-1].activations, order.target)[0],
    )
    return tuple(slopes.along(start, route) for route in product(*_choices(network, start)))


@dataclass(frozen=True)
class _Slopes:
    """The slopes of one example's every piece: of knobs, of gates, and at the loss."""

    network: Network
    deliveries: list[Array]
    gates: dict[int, Array]
    at_loss: Array

    def along(self, start: Start, route: tuple[int, ...]) -> Path:
        """The path that passes these workers."""
        links: list[Link] = []
        source = start.place if isinstance(start, Amount) else start.source
        for number, worker in enumerate(route, start.layer):
            layer = self.network.layers[number]
            if not links and isinstance(start, Knob):
                kind: Kind = "pinch" if source is None else "knob"
                own = 1.0 if source is None else self.deliveries[number][source]
            else:
                kind, own = "belt", layer.weights[source, worker]
            links.append(Link(kind, number, source, worker, float(own)))
            if ACTIVATIONS[layer.activation].is_gate:
                links.append(Link("gate", number, None, worker, float(self.gates[number][worker])))
            source = worker
        assert source is not None  # a route that is empty begins at a product
        links.append(
            Link("loss", len(self.network.layers), source, None, float(self.at_loss[source]))
        )
        return Path(route, tuple(links))


def _choices(network: Network, start: Start) -> list[Sequence[int]]:
    """Which workers a path may pass, floor by floor; ValueError for a start that is not there."""
    sizes = as_network(network).sizes
    _expect_start(start)
    if isinstance(start, Amount):
        _refuse_outside(start.layer, _("a floor"), len(sizes))
        _refuse_outside(start.place, _("a place on its belts"), sizes[start.layer])
        first: list[Sequence[int]] = []
    else:
        _refuse_outside(start.layer, _("a floor"), len(sizes) - 1)
        _refuse_outside(start.worker, _("a worker"), sizes[start.layer + 1])
        if start.source is not None:
            _refuse_outside(start.source, _("a delivery"), sizes[start.layer])
        first = [(start.worker,)]
    return [*first, *(range(size) for size in sizes[start.layer + 1 + len(first) :])]


def _expect_start(value: object) -> None:
    if not isinstance(value, Knob | Amount):
        raise TypeError(
            _("Expected a Knob or an Amount to start from, but {start} came; try {advice}.").format(
                start=short(value), advice="Knob(0, 0, 0)"
            )
        )


def _refuse_outside(value: object, name: str, length: int) -> None:
    if as_count(value, name, least=0) >= length:
        raise ValueError(
            _("Expected {name} from 0 to {most}, but a larger number came; try {most}.").format(
                name=name, most=length - 1
            )
        )
