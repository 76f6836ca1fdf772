"""A training run that can be stopped after any batch, looked at, and gone on with.

``train`` goes through whole rounds; a ``Run`` takes the same laps one by one, and keeps what it
needs for the next. Looking at it (a score, a picture of all its answers) changes nothing in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop_lib.datasets.dataset import Dataset, as_dataset
from backprop_lib.engine.arrays import Array, as_count, as_kind, as_random
from backprop_lib.engine.diagnosis import Diagnosis, examine, why_exploded
from backprop_lib.engine.laps import lap
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.losses import MeanSquaredError, bound
from backprop_lib.engine.network import Network, as_network
from backprop_lib.engine.optimizers import Optimizer, as_optimizer
from backprop_lib.engine.steps import opening
from backprop_lib.i18n import gettext as _

SOON = 20  # rounds in which nobody asks yet why a factory does not learn


@dataclass(frozen=True)
class Score:
    """How well a factory does: its loss, and the share of orders on the right side of one half."""

    loss: float
    right: float


@dataclass(frozen=True)
class Entry:
    """One point of the loss curves: where the run stood after ``epoch`` rounds."""

    epoch: int
    train: float
    held_out: float | None  # None where nothing is held out


def hold_out(data: Dataset, share: float) -> tuple[Dataset, Dataset | None]:
    """Part the examples evenly into those to train on and a ``share`` that is held out.

    A plain rule and no dice, that of ``datasets.parting``: example i (from 0) is held out when
    (i + 1) · share reaches the next whole number; where that would leave a kind out, some of each
    kind. Where none are held out, the second part is None.

    >>> from backprop_lib.datasets import moons, xor
    >>> hold_out(moons(examples=200), 0.2)[1]
    Dataset(moons: 40 examples, 2 → 1)
    >>> hold_out(xor(), 0.2)[1] is None
    True
    """
    return as_dataset(data).parted(share)


class Run:
    """A factory in training: ``step`` takes one batch forward, back, and turns the knobs.

    The batches are those of ``train`` with the same ``batch_size`` and ``seed``: each round goes
    through all examples in an order of its own. ``batch_size``, ``optimizer`` and its learning rate
    may be changed at any time. When the numbers explode, ``exploded`` is True from then on,
    ``network`` is the last sound one, and a step does nothing.

    >>> from backprop_lib import SGD
    >>> from backprop_lib.datasets import xor
    >>> run = Run(xor(), None, Network.random([2, 4, 1], seed=0), SGD(0.3), batch_size=4)
    >>> for _round in range(300):
    ...     run.step()
    >>> run.epoch, run.score().right
    (300, 1.0)
    """

    def __init__(
        self,
        train: Dataset,
        held_out: Dataset | None,
        network: Network,
        optimizer: Optimizer,
        batch_size: int,
        seed: int = 0,
        loss: Loss | None = None,
    ) -> None:
        self.network, self.optimizer = as_network(network), as_optimizer(optimizer)
        self.loss = MeanSquaredError() if loss is None else as_loss(loss)
        self.train, self.held_out = train, held_out
        for data in (train,) if held_out is None else (train, held_out):
            opening(network, as_dataset(data).inputs, data.targets)
        self.batch_size = as_count(batch_size, _("the size of a batch"))
        self.lap = 0  # batches, from the start
        self.epoch = 0  # whole rounds
        self.taken = 0  # examples of this round that have had their turn
        self.exploded = False
        self._shuffle = as_random(seed)
        self._order = self._shuffle.permutation(len(train))
        self.history = [self._entry()]
        self._sound = self.network  # as the last round left it

    @property
    def batch(self) -> tuple[Array, Array]:
        """The inputs and the targets whose turn is next."""
        some = self._order[self.taken : self.taken + self.batch_size]
        return self.train.inputs[some], self.train.targets[some]

    @property
    def batches_left(self) -> int:
        """How many batches this round still has."""
        return math.ceil((len(self.train) - self.taken) / self.batch_size)

    def step(self) -> None:
        """One lap with the next batch: forward, loss, backward, update; wholly, or not at all."""
        if self.exploded:
            return
        take_back = self._remember()
        try:
            self._lap()
        except BaseException:  # an interrupt, most likely
            take_back()
            raise

    def _remember(self) -> Callable[[], None]:
        """Return what takes a step back, however far it has come."""
        state, known, recall = vars(self).copy(), len(self.history), self.optimizer.remember()
        dice = self._shuffle.bit_generator
        thrown = dice.state if self.batches_left == 1 else None

        def take_back() -> None:
            vars(self).update(state)
            del self.history[known:]
            recall()
            if thrown is not None:
                dice.state = thrown

        return take_back

    def _lap(self) -> None:
        inputs, targets = self.batch
        network = lap(self.network, inputs, targets, self.loss, self.optimizer)
        if not network.finite:
            self.exploded = True
            return
        self.network = network
        self.lap += 1
        self.taken += len(inputs)
        if self.taken >= len(self.train):
            self.epoch += 1
            self.taken = 0
            self._order = self._shuffle.permutation(len(self.train))
            entry = self._entry()
            if entry.train <= self.most:
                self.history.append(entry)
                self._sound = network
            else:
                self.exploded = True
                self.network = self._sound

    def score(self, held_out: bool = False) -> Score:
        """The factory as it is now, on the examples to train on or on those held out."""
        data = self.held_out if as_kind(held_out, bool, "True") else self.train
        if data is None:
            raise ValueError(
                _("Expected examples that are held out, but there are none; try run.score().")
            )
        output = self.network.run(data.inputs).output
        with np.errstate(all="ignore"):
            # On neither side is who says one half, but for the rounding of the last digit.
            side = (output - 0.5) * np.where(data.targets > 0.5, 1.0, -1.0)
            right = float((side > 1e-9).mean())
            return Score(self.loss.raw_value(output, data.targets), right)

    @property
    def most(self) -> float:
        """The loss beyond which this training has exploded."""
        return bound(self.history[0].train)

    def diagnosis(self) -> Diagnosis | None:
        """What keeps the factory from learning, once it has had some rounds; None for nothing."""
        case = self.network, self.train.inputs, self.train.targets, self.loss
        if self.exploded:
            return why_exploded(*case)
        return examine(*case) or None if self.epoch >= SOON else None

    def _entry(self) -> Entry:
        held_out = self.score(held_out=True).loss if self.held_out else None
        return Entry(self.epoch, self.score().loss, held_out)
