"""Train a factory: lap after lap over the orders, a record an epoch. No printing, no drawing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import Array, all_finite, as_count, as_random, read_only
from backprop_lib.engine.diagnosis import Diagnosis, examine, impossible, why_exploded
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.losses import bound
from backprop_lib.engine.network import Network, Trace
from backprop_lib.engine.optimizers import Optimizer, as_optimizer
from backprop_lib.engine.steps import opening

MOST_EPOCHS = 10**9  # far more than anybody waits for; only those that are asked for are done


@dataclass(frozen=True)
class Record:
    """Where training stands after an epoch (once over all the orders)."""

    epoch: int  # 0 before the first
    network: Network
    loss: float  # of this network, over all the orders
    exploded: bool = False  # the loss grew beyond its bound; ``network`` is the last sound one
    diagnosis: Diagnosis | None = None  # why it does not learn, where that was asked and found


def train(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None = None,
    seed: int | np.random.Generator = 0,
) -> Iterator[Record]:
    """Yield a record of the untrained network, then one after each epoch.

    ``inputs`` is (examples, inputs), ``targets`` (examples, outputs). Without ``batch_size`` an
    epoch is one lap with all the examples; with it, laps of that many in an order shuffled by
    ``seed``, the last lap taking what is left. When the numbers explode, a last record says so
    (``exploded``, a loss of infinity, and the last sound network) and training ends. Arguments are
    checked at once, before the first record: TypeError or ValueError.

    What no training can mend, such as targets out of the last gate's reach, the first record says
    in its ``diagnosis``; the last one says what ``diagnose`` finds at the end.

    >>> from backprop_lib import SGD, MeanSquaredError, Network
    >>> doubling = Network.random([1, 1], seed=0)
    >>> records = train(doubling, [[1], [2]], [[2], [4]], MeanSquaredError(), SGD(0.1), epochs=200)
    >>> *_, last = records
    >>> last.epoch, round(last.loss, 2)
    (200, 0.0)
    """
    first = opening(network, inputs, targets)
    as_count(epochs, "epochs", most=MOST_EPOCHS)
    size = len(first.inputs) if batch_size is None else as_count(batch_size, "batch_size")
    shuffle = as_random(seed) if batch_size is not None else None
    as_optimizer(optimizer)
    as_loss(loss).check_targets(first.target)
    return _epochs(network, first.inputs, first.target, loss, optimizer, epochs, size, shuffle)


def _epochs(
    network: Network,
    inputs: Array,
    targets: Array,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    size: int,
    shuffle: np.random.Generator | None,
) -> Iterator[Record]:
    trace, value = _measure(network, inputs, targets, loss)
    exploded = not math.isfinite(value)
    yield Record(0, network, value, exploded, impossible(network, inputs, targets, loss))
    if exploded:
        return
    most = bound(value)
    for epoch in range(1, epochs + 1):
        trained, recall = network, optimizer.remember()
        try:
            if shuffle is None:
                # The trace that measured the last record is the forward pass of this lap.
                trained = lap(trained, trace, targets, loss, optimizer)
            else:
                order = shuffle.permutation(len(inputs))
                for start in range(0, len(order), size):
                    few = order[start : start + size]
                    trace = trained.run(read_only(inputs[few]))
                    trained = lap(trained, trace, targets[few], loss, optimizer)
        except BaseException:  # an interrupt: the optimizer stays with the last record's network
            recall()
            raise
        trace, value = _measure(trained, inputs, targets, loss)
        if not value <= most:  # so that not-a-number ends it too
            found = why_exploded(network, inputs, targets, loss)
            yield Record(epoch, network, math.inf, exploded=True, diagnosis=found)
            return
        network = trained
        last = epoch == epochs
        found = examine(network, inputs, targets, loss) or None if last else None
        yield Record(epoch, network, value, diagnosis=found)


def lap(
    network: Network, trace: Trace, targets: Array, loss: Loss, optimizer: Optimizer
) -> Network:
    """Turn the knobs once: from a trace that is this network's, and targets that fit it.

    Knobs that become too large for a number are infinite or not-a-number then, and no error.
    """
    with np.errstate(all="ignore"):
        gradient = loss.raw_gradient(trace.output, targets)
        return optimizer.turn(network, network.knob_gradients(trace, gradient))


def _measure(network: Network, inputs: Array, targets: Array, loss: Loss) -> tuple[Trace, float]:
    trace = network.run(inputs)
    # A shut or saturated gate can hide an infinite knob from the output.
    output = trace.output
    if not (network.finite and all_finite(output)):
        return trace, math.inf
    if not ACTIVATIONS[network.layers[-1].activation].chances:  # others may leave a loss's reach
        loss.check_outputs(output)
    return trace, loss.raw_value(output, targets)
