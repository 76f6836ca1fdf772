"""The factory floor to walk on: a lap forward and backward, step by step, with every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy.typing as npt

from backprop_lib.datasets import lemonade, lemonade_factory, lemonade_workers
from backprop_lib.engine.arrays import as_list, as_positive, short
from backprop_lib.engine.diagnosis import diagnose
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.moments import by_worker, place_in
from backprop_lib.engine.network import Network
from backprop_lib.engine.optimizers import SGD, Optimizer, as_optimizer
from backprop_lib.engine.steps import Step, opening, steps
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences
from backprop_lib.pictures.floor import draw_floor, fits, phase_title
from backprop_lib.pictures.summary import draw_summary
from backprop_lib.pictures.timeline import draw_timeline
from backprop_lib.widgets.controls import Control, button, choice, play, slider
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import OneOf, Rate, Setting, Whole, Worker
from backprop_lib.words import Line, Names, caption, workbench

SLOWEST, FASTEST = -4.0, 1.0  # powers of ten that the slider offers as learning rates
MOST_LAPS = 200
PACES = ("floor", "worker")


class Rates(Setting[list[float]]):
    """The learning rates of the laps before this one, in their order."""

    def check(self, explorer: Any, value: Any) -> list[float]:
        """Return ``value`` as floats; TypeError or ValueError for anything but a rate a lap."""
        given = as_list(value, _("the learning rates"))
        if len(given) != explorer.lap:
            raise ValueError(
                _("Expected a learning rate for each of {count} laps, but {value} came.").format(
                    count=explorer.lap, value=short(value)
                )
            )
        return [as_positive(rate, _("the learning rate")) for rate in given]


@in_jupyter
class FactoryFloor(Explorer):
    """Take an order through a factory, a step at a time, forwards and backwards.

    ``network`` is any ``Network``, ``x`` (inputs,) or (examples, inputs), ``target`` (outputs,) or
    (examples, outputs). Settings: ``position`` in the lap (0 is before the first step), ``lap``,
    ``learning_rate``, the ``rates`` of the laps before, ``chosen`` ([floor, worker] from 0, or
    None), ``example`` of a batch, and ``pace``: a step takes a whole "floor" or one "worker". Up to
    four floors of eight workers are drawn with each worker, larger factories as a summary, which
    always goes floor by floor. Raises TypeError or ValueError as ``steps`` does.

    >>> floor = FactoryFloor.lemonade()
    >>> floor.position = 3
    >>> floor
    Factory floor | The product is 3, the order said 1: the loss is 4.
    """

    learning_rate = Rate(lambda: _("the learning rate"), 0.01)
    lap = Whole(lambda: _("a lap"), MOST_LAPS - 1)
    rates = Rates([])
    pace = OneOf(lambda: _("the pace"), PACES, "floor")
    position = Whole(lambda: _("a position"), lambda floor: len(floor._paced(floor.pace)) - 1)
    chosen = Worker(lambda floor: floor.moments[0].network.sizes)
    example = Whole(lambda: _("an example"), lambda floor: len(floor._inputs) - 1)
    follows = ("_steps", "_laps", "_rates", "moments")

    def __init__(
        self,
        network: Network,
        x: npt.ArrayLike,
        target: npt.ArrayLike,
        loss: Loss | None = None,
        optimizer: Optimizer | None = None,
        learning_rate: float | None = None,
        input_names: Sequence[str] | None = None,
        worker_names: Sequence[Sequence[str]] | None = None,
        lap: int = 0,
        position: int = 0,
        chosen: Sequence[int] | None = None,
        pace: str = "floor",
    ) -> None:
        self._names = Names.of(network, input_names, worker_names)
        self._loss = MeanSquaredError() if loss is None else as_loss(loss)
        self._why: tuple[tuple[Step, ...], str] = ((), "")  # of a lap, worked out once
        # Each lap's network, with the optimizer as it is before that lap.
        self._laps = [(network, SGD(0.01) if optimizer is None else as_optimizer(optimizer))]
        start = opening(network, x, target)
        self._inputs, self._targets = start.inputs, start.target
        self._rates: tuple[float, ...] = (self._laps[0][1].learning_rate,)
        self.moments = self._steps = self._lap_of(*self._laps[0])
        super().__init__()
        self.start(
            learning_rate=self._rates[0] if learning_rate is None else learning_rate,
            lap=lap, pace=pace, position=position, chosen=chosen,
        )  # fmt: skip

    @classmethod
    def lemonade(cls, x: npt.ArrayLike | None = None, **more: Any) -> FactoryFloor:
        """The course's own example: two lemons, one spoon of sugar, and a sourness of 1.

        ``x`` sends other amounts of lemons and sugar in.
        """
        order = lemonade()
        return cls(
            lemonade_factory(),
            order.inputs if x is None else x,
            order.targets,
            input_names=order.input_names,
            worker_names=lemonade_workers(),
            **more,
        )

    @property
    def step(self) -> Step:
        """The moment that is shown."""
        return self.moments[self.position]

    def settle(self, changed: Mapping[str, Any]) -> None:
        """Work out another lap, and stay where we are when it is parted in another way.

        The laps to come are made with the rate that is set now.
        """
        if "lap" in changed:
            self.rates = [*self.rates, *[self.learning_rate] * self.lap][: self.lap]
        rates = (*self.rates, self.learning_rate)
        if rates != self._rates:
            self._work_out(rates)
        self.moments = self._paced(self.pace)
        if "pace" in changed:
            before = self._paced(changed["pace"])
            here = before[changed.get("position", self.position) or 0]
            self.position = place_in(self.moments, here)

    def _work_out(self, rates: tuple[float, ...]) -> None:
        """Go through laps with these rates; ValueError when the numbers explode on the way.

        What is known of laps before is taken as far as their rates were the same.
        """
        laps = self._laps[:]
        for lap, (rate, (network, optimizer)) in enumerate(zip(rates, laps, strict=False)):
            if optimizer.learning_rate != rate:
                laps[lap:] = [(network, optimizer.copy(learning_rate=rate))]
                break
        for rate in rates[len(laps) :]:
            last = self._lap_of(*laps[-1])[-1]
            assert last.updated is not None and last.optimizer is not None
            laps.append((last.updated, last.optimizer.copy(learning_rate=rate)))
        self._steps = self._lap_of(*laps[len(rates) - 1])
        self._laps, self._rates = laps, rates

    def _lap_of(self, network: Network, optimizer: Optimizer) -> tuple[Step, ...]:
        lap = steps(network, self._inputs, self._targets, self._loss, optimizer)
        return (opening(network, self._inputs, self._targets), *lap)

    def _paced(self, pace: str | None) -> tuple[Step, ...]:
        by_turns = pace == "worker" and fits(self._steps[0].network.sizes)
        return by_worker(self._steps) if by_turns else self._steps

    def draw(self) -> View:
        """The floor at this position, its caption, and the chosen worker's workbench."""
        step, names = self.step, self._names
        chosen = None if self.chosen is None else (self.chosen[0], self.chosen[1])
        paint = draw_floor if fits(step.network.sizes) else draw_summary
        told = caption(step, names, self._loss, self.example)
        why = self._hindrance()
        bench: tuple[Line, ...] = ()
        title = ""
        if chosen is not None:
            bench = workbench(step, names, *chosen, self.example)
            title = _("The workbench of {worker}").format(
                worker=names.workers[chosen[0]][chosen[1]]
            )
        return View(
            title=_("Factory floor"),
            picture=paint(step, names, self.example, chosen),
            moment=self._moment_shown(),
            timeline=draw_timeline(self.moments, self.position),
            caption=sentences(told.sentence, why),
            formula=told.formula,
            description=sentences(told.description, why),
            lines_title=title,
            lines=bench,
            controls=self._controls(),
        )

    def _hindrance(self) -> str:
        """At the end of a lap, what keeps this factory from learning, if anything does."""
        if self.step.phase != "update":
            return ""
        step = self.step
        if self._why[0] is not self._steps:
            found = diagnose(step.network, step.inputs, step.target, self._loss)
            self._why = (self._steps, str(found or ""))
        return self._why[1]

    def _moment_shown(self) -> str:
        """The same at either pace where the picture shows as much, so that nothing moves then."""
        whole = place_in(self._steps, self.step)
        ends = self.position == place_in(self.moments, self.step)
        return f"{self.lap}.{whole}" if ends else f"{self.lap}.{whole}.{self.step.now}"

    def _controls(self) -> tuple[Control, ...]:
        last = len(self.moments) - 1
        place = _("{n} of {last}: {phase}").format(
            n=self.position, last=last, phase=phase_title(self.step, self._names)
        )
        controls: list[Control] = [
            slider("position", _("Step"), place, 0, last, 1, over_picture=True),
            button(_("Back"), {"position": self.position - 1}, off=self.position == 0),
            button(_("Next"), {"position": self.position + 1}, off=self.position == last),
            play("position", last, (3000, 1600, 700)),
            *self._pace_control(),
            slider(
                "learning_rate",
                _("Learning rate"),
                number(self.learning_rate),
                SLOWEST,
                FASTEST,
                0.05,
                log=True,
            ),
            button(
                _("Next lap"),
                {"lap": self.lap + 1, "position": 0},
                off=self.lap == MOST_LAPS - 1,
            ),
            button(
                _("Start again"), {"lap": 0, "position": 0}, off=not (self.lap or self.position)
            ),
        ]
        orders = len(self._inputs)
        if orders > 1:
            text = _("{n} of {orders}").format(n=self.example + 1, orders=orders)
            controls.append(slider("example", _("Order"), text, 0, orders - 1, 1))
        return tuple(controls)

    def _pace_control(self) -> tuple[Control, ...]:
        """The choice of a pace; a summary shows no single worker's turn."""
        if not fits(self.step.network.sizes):
            return ()
        paces = (_("floor by floor"), _("worker by worker"))
        return (choice("pace", _("Pace"), dict(zip(PACES, paces, strict=True))),)
