"""Train a factory: lap after lap over the orders, a record an epoch. No printing, no drawing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.arrays import Array, as_count, as_random
from backprop_lib.engine.diagnosis import Diagnosis, examine, impossible, why_exploded
from backprop_lib.engine.laps import Laps
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.losses import bound
from backprop_lib.engine.network import Network
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
    laps = Laps(network, loss, optimizer)
    value = _measure(laps, inputs, targets)
    exploded = not math.isfinite(value)
    yield Record(0, network, value, exploded, impossible(network, inputs, targets, loss))
    if exploded:
        return
    most = bound(value)
    for epoch in range(1, epochs + 1):
        recall = optimizer.remember()
        try:
            with np.errstate(all="ignore"):
                if shuffle is None:
                    # The products that the last record was measured by are those of this lap.
                    laps.backward(targets)
                else:
                    order = shuffle.permutation(len(inputs))
                    for start in range(0, len(order), size):
                        few = order[start : start + size]
                        laps.forward(inputs[few])
                        laps.backward(targets[few])
                laps.forward(inputs)
                value = laps.loss(targets)
                trained = laps.network()
        except BaseException:  # an interrupt: the optimizer stays with the last record's network
            recall()
            raise
        if value > most:
            found = why_exploded(network, inputs, targets, loss)
            yield Record(epoch, network, math.inf, exploded=True, diagnosis=found)
            return
        network = trained
        last = epoch == epochs
        found = examine(network, inputs, targets, loss) or None if last else None
        yield Record(epoch, network, value, diagnosis=found)


def _measure(laps: Laps, inputs: Array, targets: Array) -> float:
    with np.errstate(all="ignore"):
        laps.forward(inputs)
        return laps.loss(targets)
