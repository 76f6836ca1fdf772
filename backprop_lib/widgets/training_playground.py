"""The training playground: choose data and a factory, watch it learn, stop it, and look inside."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import traitlets

from backprop_lib.datasets import Dataset, moons, rings, spiral, xor
from backprop_lib.engine.arrays import as_count
from backprop_lib.engine.network import Network
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import language, sentences
from backprop_lib.pictures.answers import Field
from backprop_lib.pictures.playground import Scene, draw_playground, moving
from backprop_lib.study.runs import Run, hold_out
from backprop_lib.widgets.explorer import View
from backprop_lib.widgets.factory_floor import FactoryFloor
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.live import Live
from backprop_lib.widgets.playground_settings import (
    EXAMPLES,
    MOST_BATCH,
    MOST_EPOCHS,
    MOST_FLOORS,
    MOST_HELD_OUT,
    MOST_NOISE,
    MOST_SEED,
    MOST_WORKERS,
    OPTIMIZERS,
    OWN_NOISE,
    PLACES,
    SPEEDS,
    TABLE,
    WORK,
    Data,
    controls,
    gates,
)
from backprop_lib.widgets.playground_table import Table, as_code, as_table, shaken
from backprop_lib.widgets.settings import Number, OneOf, Rate, Whole, Worker
from backprop_lib.widgets.threads import LOCK
from backprop_lib.words import Names
from backprop_lib.words.playground import (
    colour_told,
    ended_told,
    exploded_told,
    floor_told,
    standing,
    training_told,
)

# What a run is made of; with another of these it starts again.
MADE_OF = ("data", "floors", "workers", "gate", "noise", "held_out", "seed")


@in_jupyter
class TrainingPlayground(Live):
    """Train a factory on points of two kinds, and see what it answers everywhere.

    ``data`` is "xor", "moons", "rings", "spiral", or an own table (inputs, targets) of two columns
    and one, whose targets are 0 or 1. An own table may also be a Dataset, whose targets may be one
    column for each of two kinds, and it may say how the inputs and the kinds are called: (inputs,
    targets, ["length", "width"], ["oak"]). The factory has ``floors`` floors (1 to 4), the last
    with one worker without a gate, each before it with ``workers`` workers (1 to 8) behind a
    ``gate``. It is trained for the mean squared error by an ``optimizer`` ("plain", "momentum" or
    "adam") with a ``learning_rate`` and a ``batch_size``. ``noise`` is added to the points, the
    share ``held_out`` of them is only looked at, and ``seed`` starts the dice for points, knobs and
    order. Settings are traits: another learning rate, batch size or optimizer goes on from here,
    any other starts again. Raises TypeError or ValueError for anything else.

    >>> playground = TrainingPlayground("xor", floors=2, workers=4)
    >>> playground.train(300)
    >>> playground.run.epoch, playground.run.score().right
    (300, 1.0)
    """

    data = Data(lambda: _("the data"), (*PLACES, TABLE), "moons")
    floors = Whole(lambda: _("the floors"), MOST_FLOORS, least=1, default=2)
    workers = Whole(lambda: _("the workers"), MOST_WORKERS, least=1, default=4)
    gate = OneOf(lambda: _("the gate"), lambda _playground: gates(), "tanh")
    optimizer = OneOf(lambda: _("the optimizer"), OPTIMIZERS, "plain")
    learning_rate = Rate(lambda: _("the learning rate"), 0.3)
    batch_size = Whole(lambda: _("the batch size"), MOST_BATCH, least=1, default=16)
    noise = Number(lambda: _("the noise"), 0.0, MOST_NOISE, 0.1)
    held_out = Number(lambda: _("the share held out"), 0.0, MOST_HELD_OUT, 0.2)
    seed = Whole(lambda: _("the seed"), MOST_SEED)
    speed = OneOf(lambda: _("the speed"), SPEEDS, "middle")
    chosen = Worker(lambda playground: playground.sizes)
    follows = (
        "run", "run.optimizer", "run.batch_size", "_made_of", "_dataset", "_field", "_names",
        "_drawn_picture",
    )  # fmt: skip
    opened = traitlets.Unicode("").tag(sync=True)  # the model of the floor that stands below
    _floor: FactoryFloor | None = None
    _made_of: tuple[Any, ...] = ()
    _turn = 0
    _drawn_picture: tuple[Any, str] = (None, "")

    def __init__(
        self,
        data: str | Table | Dataset = "moons",
        floors: int = 2,
        workers: int = 4,
        gate: str = "tanh",
        optimizer: str = "plain",
        learning_rate: float = 0.3,
        batch_size: int = 16,
        noise: float | None = None,
        held_out: float = 0.2,
        seed: int = 0,
        speed: str = "middle",
    ) -> None:
        self.table: Dataset | None = None
        self._kinds = ("", "")
        if not isinstance(data, str):
            self.table, self._kinds = as_table(data)
        super().__init__()
        own = {} if noise is None else {"noise": noise}
        self.start(
            data=data if isinstance(data, str) else TABLE, floors=floors, workers=workers,
            gate=gate, optimizer=optimizer, learning_rate=learning_rate, batch_size=batch_size,
            held_out=held_out, seed=seed, speed=speed, **own,
        )  # fmt: skip

    # ---- what it does ---------------------------------------------------------------------------

    @property
    def settings(self) -> str:
        """All settings as a line of code that makes the same playground."""
        data = repr(self.data)
        if self.table is not None and self.data == TABLE:
            data = self._table_code
        names = (
            "floors", "workers", "gate", "optimizer", "learning_rate", "batch_size", "noise",
            "held_out", "seed",
        )  # fmt: skip
        rest = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"TrainingPlayground(data={data}, {rest})"

    @cached_property
    def _table_code(self) -> str:
        """The own table as code: whole, so that the line runs wherever it is copied to."""
        assert self.table is not None
        return as_code(self.table, self._kinds)

    @property
    def over(self) -> bool:
        """Whether training has come to its end: exploded, or the most rounds done."""
        return self.run.exploded or self.run.epoch >= MOST_EPOCHS

    def one_batch(self) -> None:
        """Train on the next batch, and stop there."""
        self._train(1)

    def one_epoch(self) -> None:
        """Train to the end of this round, and stop there."""
        self._train(self.run.batches_left)

    def train(self, epochs: int = 1) -> None:
        """Train for so many rounds at once; TypeError or ValueError for what is no such number."""
        count = as_count(epochs, _("the number of rounds"), most=MOST_EPOCHS)
        self.pause()
        run, end = self.run, min(self.run.epoch + count, MOST_EPOCHS)
        self._go_on_while(lambda: self.run is run and run.epoch < end)

    def start_again(self) -> None:
        """Back to the factory with which it began."""
        self.pause()
        self._begin()
        self._moved_on()

    def floor(self) -> FactoryFloor:
        """The factory floor with the batch whose turn is next, to be walked step by step.

        Its last step leaves the knobs as the next batch of the training will leave them.
        """
        inputs, targets = self.run.batch
        return FactoryFloor(
            self.run.network,
            inputs,
            targets,
            loss=self.run.loss,
            optimizer=self.run.optimizer,
            input_names=self.run.train.input_names,
        )

    def act(self, name: str) -> None:
        """What the buttons of the page ask for."""
        acts = {
            "batch": self.one_batch,
            "round": self.one_epoch,
            "again": self.start_again,
            "floor": self._open_floor,
        }
        if name in acts:
            acts[name]()

    def expect_to_play(self) -> None:
        """Raise ValueError where nothing can go on by itself, or nothing is left to do."""
        super().expect_to_play()
        if self.over:
            raise ValueError(
                _("Expected a training that can go on, but this one is over; start it again.")
            )

    def close(self) -> None:
        """Stop, and leave the page with the floor that may be open."""
        self._close_floor()
        super().close()

    def _train(self, batches: int) -> None:
        self.pause()
        run, end = self.run, self.run.lap + batches
        self._go_on_while(lambda: self.run is run and run.lap < end)

    def _go_on_while(self, wanted: Callable[[], bool]) -> None:
        """Step while that is wanted, and show where it has come to, also after an interrupt."""
        try:
            while wanted() and not self.over:
                with LOCK:
                    self.run.step()
        finally:
            self._moved_on()

    def _moved_on(self) -> None:
        self._close_floor()
        self.message = ""
        self.show()

    def advance(self) -> None:
        """A frame's work: some batches, as many as the speed says and the time allows."""
        end = time.perf_counter() + WORK
        for _batch in range(SPEEDS[self.speed]):
            self.run.step()
            if self.over:
                self.playing = False
                return
            if time.perf_counter() > end:
                return

    def frame(self) -> dict[str, Any]:
        """What has changed in the picture, some of it in turns."""
        self._turn += 1
        return moving(self._scene(), self._turn)

    # ---- the run and its settings ---------------------------------------------------------------

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many materials, then how many workers on each floor."""
        return (2, *[self.workers] * (self.floors - 1), 1)

    def _begin(self) -> None:
        self._made_of = self._ingredients()
        self._dataset = self._points()
        train, held_out = hold_out(self._dataset, self.held_out)
        self.run = Run(
            train,
            held_out,
            Network.random(self.sizes, self.gate, seed=self.seed),
            OPTIMIZERS[self.optimizer](self.learning_rate),
            self.batch_size,
            self.seed,
        )
        self._field = Field.around(self._dataset.inputs)
        self._names = Names.of(self.run.network, self._dataset.input_names)

    def _ingredients(self) -> tuple[Any, ...]:
        """The settings that a run is made of."""
        return tuple(getattr(self, name) for name in MADE_OF)

    def _points(self) -> Dataset:
        if self.data == TABLE:
            assert self.table is not None
            return shaken(self.table, self.noise, self.seed) if self.noise else self.table
        if self.data == "xor":
            # The four orders themselves; with noise many, around them.
            return xor(EXAMPLES if self.noise else 4, self.noise, self.seed)
        makers: dict[str, Callable[..., Dataset]] = {
            "moons": moons, "rings": rings, "spiral": spiral,
        }  # fmt: skip
        return makers[self.data](examples=EXAMPLES, noise=self.noise, seed=self.seed)

    def settle(self, changed: Mapping[str, Any]) -> None:
        """Make the run of other ingredients anew, and go on with another optimizer or batch.

        Other data come with their own noise; a factory made anew stands still.
        """
        if "data" in changed:
            self.noise = OWN_NOISE[self.data]
        if self._made_of != self._ingredients():
            self.chosen, self.playing = None, False
            self._begin()
        elif "optimizer" in changed:
            self.run.optimizer = OPTIMIZERS[self.optimizer](self.learning_rate)
        elif "learning_rate" in changed:
            self.run.optimizer = self.run.optimizer.copy(learning_rate=self.learning_rate)
        self.run.batch_size = self.batch_size
        # The floor below shows what the next batch does to this run.
        if self.playing or not changed.keys() <= {"speed", "chosen", "playing"}:
            self._close_floor()

    # ---- the floor below ------------------------------------------------------------------------

    def _open_floor(self) -> None:
        self.pause()
        if self._floor is not None:
            self._close_floor()
            self.show()
            return
        try:
            self._floor = self.floor()
        except ValueError as error:  # its numbers grow beyond all bounds
            self.message = str(error)
            self.show()
            return
        self.opened = self._floor.model_id or ""
        self.show()

    def _close_floor(self) -> None:
        if self._floor is not None:
            self.opened = ""
            self._floor.close()
            self._floor = None

    # ---- drawing --------------------------------------------------------------------------------

    def _scene(self) -> Scene:
        chosen = None if self.chosen is None else (self.chosen[0], self.chosen[1])
        kinds = self._kinds if self.data == TABLE else ("", self.run.train.target_names[0])
        return Scene(self.run, self._field, self._names, chosen, kinds)

    def draw(self) -> View:
        """The factory, its answers, the losses, and all controls."""
        told = standing(self.run)
        if self.playing:
            told = training_told()
        elif self.run.exploded:
            told = exploded_told(self.run, self.learning_rate)
        elif self.over:
            told = sentences(told, ended_told(MOST_EPOCHS))
        if self.opened:
            told = sentences(told, floor_told())
        # While it plays, frames bring what moves: the page may keep the picture that it has.
        drawn_for = (self.run, self.chosen, language())
        if not (self.playing and self._drawn_picture[0] == drawn_for):
            self._drawn_picture = (drawn_for, draw_playground(self._scene()))
        worker = self.chosen and self._names.workers[self.chosen[0]][self.chosen[1]]
        colour = colour_told(worker or None)
        return View(
            title=_("Training playground"),
            picture=self._drawn_picture[1],
            caption=sentences(told, colour),
            description=sentences(standing(self.run), colour),
            controls=controls(self),
        )
