"""A factory that learns to read real handwriting in front of the learner, and is then tested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from backprop_lib.datasets import digits
from backprop_lib.engine.arrays import as_count, short
from backprop_lib.engine.losses import CategoricalCrossEntropy
from backprop_lib.engine.network import Network
from backprop_lib.engine.optimizers import SGD
from backprop_lib.engine.training import Record, train
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, ngettext, number, sentences
from backprop_lib.pictures.gallery import Reading, draw_gallery
from backprop_lib.widgets.controls import button, play, progress
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.factory_floor import FactoryFloor
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import Whole, YesNo

SHOWN = 12  # images at a time
WORKERS = 32
EPOCHS = 20
BATCH = 32
MOST_PAGES = 10_000  # after the last page comes the first


@in_jupyter
class DigitReader(Explorer):
    """A factory of 64 pixels, 32 workers and 10 answers, that trains on 1,438 real digits.

    Settings: ``epoch``, how often it has gone through them (0 to 20; going back shows it as it was
    then), ``page``, which of the 359 digits that it never saw are shown, and ``only_mistakes``.

    >>> reader = DigitReader()
    >>> reader.train()
    >>> reader.accuracy > 0.95
    True
    """

    epoch = Whole(lambda: _("an epoch"), EPOCHS)
    page = Whole(lambda: _("a page"), MOST_PAGES)
    only_mistakes = YesNo(False)

    def __init__(self, seed: int = 0) -> None:
        self._data = digits()
        self._seed = seed
        self._records = self._training()
        self._learned: list[Record] = []
        super().__init__()
        self.start()

    def _training(self) -> Iterator[Record]:
        """A training from its start, the same each time."""
        return train(
            Network.random([64, WORKERS, 10], hidden="relu", output="softmax", seed=self._seed),
            self._data.train.inputs,
            self._data.train.targets,
            CategoricalCrossEntropy(),
            SGD(learning_rate=0.1, momentum=0.9),
            epochs=EPOCHS,
            batch_size=BATCH,
            seed=self._seed,
        )

    def settle(self, changed: Mapping[str, Any]) -> None:
        """Train as far as the epoch asks."""
        self.learn_up_to(self.epoch)

    def learn_up_to(self, epoch: int) -> None:
        """Train until that epoch is done."""
        most = as_count(epoch, _("an epoch"), least=0, most=EPOCHS)
        try:
            while len(self._learned) <= most:
                self._learned.append(next(self._records))
        except BaseException:  # an interrupt has ended the training: another one catches up
            self._records = islice(self._training(), len(self._learned), None)
            raise

    def train(self) -> None:
        """Train to the end, showing every epoch."""
        for epoch in range(self.epoch + 1, EPOCHS + 1):
            self.epoch = epoch

    @property
    def network(self) -> Network:
        """The factory as it is after ``epoch`` epochs."""
        return self._learned[self.epoch].network

    @property
    def accuracy(self) -> float:
        """The share of unseen digits that are read rightly, from 0 to 1."""
        test = self._data.test
        answers = self.network.forward(test.inputs).output.argmax(axis=1)
        return float((answers == test.targets.argmax(axis=1)).mean())

    def floor(self, example: int = 0) -> FactoryFloor:
        """The factory floor with this factory, and one unseen digit as its order."""
        test = self._data.test
        if as_count(example, _("the example"), least=0) >= len(test):
            raise ValueError(
                _("Expected an example from 0 to {most}, but {value} came; try 0.").format(
                    most=len(test) - 1, value=short(example)
                )
            )
        workers = [
            [_("worker {n}").format(n=n + 1) for n in range(WORKERS)],
            [str(digit) for digit in range(10)],
        ]
        return FactoryFloor(
            self.network,
            test.inputs[example],
            test.targets[example],
            loss=CategoricalCrossEntropy(),
            input_names=[_("pixel {n}").format(n=n + 1) for n in range(64)],
            worker_names=workers,
        )

    def draw(self) -> View:
        """The progress, how many unseen digits are read rightly, and a page of them."""
        test = self._data.test
        shares = self.network.forward(test.inputs).output
        answers, truths = shares.argmax(axis=1), test.targets.argmax(axis=1)
        wrong = np.flatnonzero(answers != truths)
        pool = wrong if self.only_mistakes and len(wrong) else np.arange(len(truths))
        pages = -(-len(pool) // SHOWN)
        page = self.page % pages
        readings = [
            Reading(test.inputs[n], int(truths[n]), int(answers[n]), float(shares[n].max()))
            for n in pool[SHOWN * page : SHOWN * (page + 1)]
        ]
        right = len(truths) - len(wrong)
        caption = _(
            "Of {all} digits that it has never seen, the factory reads {right} rightly: {share} %."
        ).format(all=len(truths), right=right, share=number(100 * right / len(truths), digits=3))
        # After the last epoch, where it is asked.
        caption = sentences(caption, str(self._learned[self.epoch].diagnosis or ""))
        described = [
            _("a {truth} read as {answer}").format(truth=one.truth, answer=one.answer)
            for one in readings
        ]
        wrong_words = ngettext("{n} mistake", "{n} mistakes", len(wrong)).format(n=len(wrong))
        done = _("{n} of {all} rounds").format(n=self.epoch, all=EPOCHS)
        toggle = _("Show all") if self.only_mistakes else _("Only mistakes")
        return View(
            title=_("The digit factory"),
            picture=draw_gallery(readings),
            caption=caption,
            description=_("Shown: {list}.").format(list=listed(described)),
            controls=(
                progress("epoch", _("Training"), done, self.epoch, EPOCHS),
                play("epoch", EPOCHS, (900, 300, 90), _("Train")),
                button(_("Forget all"), {"epoch": 0}, off=self.epoch == 0),
                button(_("More digits"), {"page": page + 1}),
                button(
                    toggle
                    if self.only_mistakes
                    else _("{label} ({more})").format(label=toggle, more=wrong_words),
                    {"only_mistakes": not self.only_mistakes, "page": 0},
                ),
            ),
        )
