"""A lap seen worker by worker: a floor's Step parted into moments that hold no more than is known.

In the midst of a floor the arrays of its trace, or of its gradients, have the columns of those who
have had their turn, so who goes through what is there is right by itself. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.frozen import read_only
from backprop_lib.engine.network import LayerGradients, LayerTrace, Trace
from backprop_lib.engine.steps import MATERIALS, Step, Turn


def by_worker(lap: Sequence[Step]) -> tuple[Step, ...]:
    """Split the steps of a lap so that one worker is at work at a time.

    Last of all the notes come to the materials, one by one. A floor that shares its gate, such as
    a softmax, stays whole, since each of its workers needs the mixes of all.

    >>> from backprop_lib.engine.network import Dense, Network
    >>> from backprop_lib.engine.steps import steps
    >>> lap = steps(Network([Dense([[1, 2]], [0, 0]), Dense([[1], [1]], [0])]), [3], [1])
    >>> [moment.now for moment in by_worker(lap) if moment.now]
    [(0, 0), (0, 1), (1, 0), (1, 0), (0, 0), (0, 1), (-1, 0)]
    >>> by_worker(lap)[0].trace.output, by_worker(lap)[1].trace.output
    (array([[3.]]), array([[3., 6.]]))
    """
    moments: list[Step] = []
    for step in lap:
        moments += [_by_then(step, turn) for turn in _turns(step)] or [step]
    return tuple(moments)


def _turns(step: Step) -> Iterator[Turn]:
    """Who has a turn in this step, in order; nobody where it happens all at once."""
    if step.layer is None or ACTIVATIONS[step.network.layers[step.layer].activation].shared:
        return
    yield from ((step.layer, worker) for worker in range(step.network.sizes[step.layer + 1]))
    if step.phase == "backward" and step.layer == 0:
        yield from ((MATERIALS, material) for material in range(step.network.sizes[0]))


def _by_then(step: Step, turn: Turn) -> Step:
    """A step as far as it has gone when this turn is done."""
    layer, place = turn
    so_far = slice(place + 1)
    if layer == MATERIALS:
        assert step.inputs_gradient is not None
        return replace(step, now=turn, inputs_gradient=_part(step.inputs_gradient, so_far))
    if step.phase == "forward":
        *before, work = step.trace.layers
        return replace(step, now=turn, trace=Trace((*before, _work(work, so_far))))
    found = step.gradients[layer]
    assert found is not None
    known = (*step.gradients[:layer], _found(found, so_far), *step.gradients[layer + 1 :])
    return replace(step, now=turn, gradients=known, inputs_gradient=None)


def _work(work: LayerTrace, workers: slice) -> LayerTrace:
    z, a = (_part(array, workers) for array in (work.pre_activations, work.activations))
    return replace(work, pre_activations=z, activations=a)


def _found(found: LayerGradients, workers: slice) -> LayerGradients:
    knobs, notes = (found.weights, found.biases), (found.pre_activations, found.activations)
    return LayerGradients(*(_part(array, workers) for array in (*knobs, *notes)))


def _part(array: Array, columns: slice) -> Array:
    """Some columns, as a copy: through a view one could still see the others."""
    return read_only(array[..., columns].copy())


def work_of(step: Step, layer: int, worker: int) -> LayerTrace | None:
    """What one worker has made of its deliveries, in arrays of one column; None before its turn."""
    if layer >= len(step.trace.layers):
        return None
    work = step.trace.layers[layer]
    own = slice(worker, worker + 1)
    return _work(work, own) if worker < work.activations.shape[1] else None


def gradients_of(step: Step, layer: int, worker: int) -> LayerGradients | None:
    """The note to one worker and its knobs' gradients, in one column each; None before its turn."""
    found = step.gradients[layer]
    if found is None or worker >= len(found.biases):
        return None
    return _found(found, slice(worker, worker + 1))


def notes_to(step: Step, layer: int) -> Array:
    """The notes that have come so far to a layer or to the MATERIALS: (examples, so many)."""
    notes = step.inputs_gradient
    if layer != MATERIALS:
        found = step.gradients[layer]
        notes = None if found is None else found.activations
    return np.empty((len(step.inputs), 0)) if notes is None else notes


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
