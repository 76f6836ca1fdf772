"""A lap seen worker by worker: a Step in the midst of its floor, and who has worked by then.

Nothing is computed here. A ``Moment`` holds what its Step holds, and ``worked`` and ``noted`` say
how much of it may be shown. Of a plain Step, all may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backprop_lib.engine.steps import Phase, Step

MATERIALS = -1  # where a layer is meant, the place before the first floor

Station = tuple[int, int]  # a layer and a worker, or MATERIALS and a material


@dataclass(frozen=True, eq=False, repr=False)
class Moment(Step):
    """A Step of which only the stations up to ``now`` have had their turn."""

    now: Station = (0, 0)

    def __repr__(self) -> str:
        return f"Moment({self.phase!r}, now={self.now}, loss={self.loss})"


def by_worker(lap: Sequence[Step]) -> tuple[Step, ...]:
    """Split the steps of a lap so that one worker is at work at a time.

    Last of all the notes come to the materials, one by one. A softmax floor stays whole, since each
    of its workers needs the mixes of all.

    >>> from backprop_lib.engine.network import Dense, Network
    >>> from backprop_lib.engine.steps import steps
    >>> lap = steps(Network([Dense([[1, 2]], [0, 0]), Dense([[1], [1]], [0])]), [3], [1])
    >>> [moment.now for moment in by_worker(lap) if isinstance(moment, Moment)]
    [(0, 0), (0, 1), (1, 0), (1, 0), (0, 0), (0, 1), (-1, 0)]
    """
    moments: list[Step] = []
    for step in lap:
        moments += [Moment(**vars(step), now=now) for now in _stations(step)] or [step]
    return tuple(moments)


def _stations(step: Step) -> Iterator[Station]:
    """Who has a turn in this step, in order; nobody where it happens all at once."""
    if step.layer is None or step.network.layers[step.layer].activation == "softmax":
        return
    yield from ((step.layer, worker) for worker in range(step.network.sizes[step.layer + 1]))
    if step.phase == "backward" and step.layer == 0:
        yield from ((MATERIALS, material) for material in range(step.network.sizes[0]))


def place_in(lap: Sequence[Step], moment: Step) -> int:
    """Where a lap that is split in another way is as far as ``moment``, or just past it.

    >>> from backprop_lib.engine.network import Network
    >>> from backprop_lib.engine.steps import steps
    >>> lap = steps(Network.random([2, 3, 1]), [2, 1], [1])
    >>> place_in(by_worker(lap), lap[1]), place_in(lap, by_worker(lap)[0])
    (3, 0)
    """
    wanted = (moment.phase, moment.layer)
    return max(n for n, other in enumerate(lap) if (other.phase, other.layer) == wanted)


def station(step: Step) -> Station | None:
    """Whose turn it is; None where all of a floor, or the whole factory, is meant."""
    return step.now if isinstance(step, Moment) else None


def worked(step: Step, layer: int) -> int:
    """How many workers of a floor have worked: the first so many."""
    return _so_far(step, "forward", layer) if layer < len(step.trace.layers) else 0


def noted(step: Step, layer: int) -> int:
    """How many workers of a floor, or how many materials, have their notes: the first so many."""
    found = step.inputs_gradient if layer == MATERIALS else step.gradients[layer]
    return 0 if found is None else _so_far(step, "backward", layer)


def _so_far(step: Step, phase: Phase, layer: int) -> int:
    count = step.network.sizes[layer + 1]
    now = station(step)
    if now is None or step.phase != phase:
        return count
    if layer == now[0]:
        return now[1] + 1
    return 0 if layer == MATERIALS else count
