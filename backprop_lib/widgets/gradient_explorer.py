"""One knob to turn and to nudge: the loss over it, its slope by a nudge and by backpropagation."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.datasets import lemonade, lemonade_factory, lemonade_workers
from backprop_lib.engine.arrays import short
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Gradients, Network, Trace
from backprop_lib.engine.steps import steps
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences, signed
from backprop_lib.pictures.gradient import (
    LONGEST,
    SHORTEST,
    Curve,
    Off,
    draw_all,
    draw_knob,
)
from backprop_lib.study.nudging import KnobLoss, Nudged, cost, knobs
from backprop_lib.widgets.controls import Control, button, choice, slider
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import Number, OneOf, Rate, Setting
from backprop_lib.words import Names, product
from backprop_lib.words import gradient as words
from backprop_lib.words.gradient import DIGITS, Row

REACH = 1.5  # a knob can be turned that far down and up from where it stands
SAMPLES = 61
MOST_KNOBS = 40
JUST_HERE = 1e-9  # a gate that flips within so small a turn does so where the knob stands
NUDGES = [10.0**power for power in range(-15, 1)]


class Lever(Setting[int]):
    """A knob's place in the list, from 0; its name will do as well."""

    def check(self, explorer: Any, value: Any) -> int:
        """Return the place; ValueError for a knob that is not there."""
        names = explorer.knob_names()
        if isinstance(value, str) and value in names:
            return int(names.index(value))
        if not isinstance(value, bool) and isinstance(value, int) and 0 <= value < len(names):
            return value
        raise ValueError(
            _(
                "Expected a knob from 0 to {most}, or its name, but {value} came; try {name!r}."
            ).format(most=len(names) - 1, value=short(value), name=names[0])
        )


def _end(way: float) -> Callable[[Any], float]:
    """How far the chosen knob can be turned, on that side."""
    return lambda explorer: float(explorer.lever.stands_at + way)


@in_jupyter
class GradientExplorer(Explorer):
    """Turn one knob, nudge it, and compare its slope with what backpropagation says.

    ``network`` is any ``Network`` of at most 40 knobs, ``x`` (inputs,) or (examples, inputs),
    ``target`` (outputs,) or (examples, outputs). Settings: ``knob`` (its place from 0, or its
    name), ``weight`` (where it is turned to; all other knobs stay), ``nudge`` (h, from 1 down to
    1e-15), ``way`` ("up" or "both") and ``shows`` ("one" knob or "all"). Choosing another knob puts
    the last one back. Raises TypeError or ValueError as ``steps`` does.

    >>> explorer = GradientExplorer.lemonade(nudge=0.1)
    >>> explorer.gradient, round(explorer.nudged.up, 3)
    (16.0, 17.6)
    """

    knob = Lever(0)
    weight = Number(lambda: _("the knob"), _end(-REACH), _end(REACH))
    nudge = Rate(lambda: _("the nudge"), 0.1, SHORTEST, LONGEST)
    way = OneOf(lambda: _("the way"), ("up", "both"), "up")
    shows = OneOf(lambda: _("what is shown"), ("one", "all"), "one")

    def __init__(
        self,
        network: Network,
        x: npt.ArrayLike,
        target: npt.ArrayLike,
        loss: Loss | None = None,
        input_names: Sequence[str] | None = None,
        worker_names: Sequence[Sequence[str]] | None = None,
        knob: int | str = 0,
        weight: float | None = None,
        nudge: float = 0.1,
        way: str = "up",
        shows: str = "one",
    ) -> None:
        self._loss = MeanSquaredError() if loss is None else as_loss(loss)
        self._order = steps(network, x, target, self._loss)[0]  # refuses what does not fit
        self._names = Names.of(network, input_names, worker_names)
        self._knobs = knobs(network)
        if len(self._knobs) > MOST_KNOBS:
            raise ValueError(
                _(
                    "Expected a network of at most {most} knobs, but one of {count} came; "
                    "try Network.random([2, 3, 1])."
                ).format(most=MOST_KNOBS, count=len(self._knobs))
            )
        self._curves: dict[int, Curve] = {}
        super().__init__()
        own = {} if weight is None else {"weight": weight}
        self.start(knob=knob, **own, nudge=nudge, way=way, shows=shows)

    @classmethod
    def lemonade(cls, **more: Any) -> GradientExplorer:
        """The course's own example: two lemons, one spoon of sugar, and a sourness of 1."""
        order = lemonade()
        return cls(
            lemonade_factory(),
            order.inputs,
            order.targets,
            input_names=order.input_names,
            worker_names=lemonade_workers(),
            **more,
        )

    # ---- what is known of a knob --------------------------------------------------------------

    def _lever(self, network: Network, place: int) -> KnobLoss:
        order = self._order
        return KnobLoss(network, order.inputs, order.target, self._loss, self._knobs[place])

    @property
    def lever(self) -> KnobLoss:
        """The loss as a function of the chosen knob."""
        return self._lever(self._order.network, self.knob)

    @property
    def nudged(self) -> Nudged:
        """The loss here, a nudge up and a nudge down."""
        return Nudged.at(self.lever, self.weight, self.nudge)

    @property
    def gradient(self) -> float:
        """Backpropagation's slope where the knob stands."""
        return self.lever.gradient(self.weight)

    def curve(self, place: int) -> Curve:
        """The loss over a knob, within reach; ValueError where it is not even finite."""
        if place not in self._curves:
            lever = self._lever(self._order.network, place)
            across = np.linspace(lever.stands_at - REACH, lever.stands_at + REACH, SAMPLES)
            losses = np.array([lever(value) for value in across])
            if not np.isfinite(losses).all():
                raise ValueError(
                    _("Expected a finite loss wherever the knob stands; try smaller knobs.")
                )
            self._curves[place] = Curve(across, losses)
        return self._curves[place]

    def knob_names(self) -> list[str]:
        """Each knob in words, in the language in use: «Ana, knob for lemons», «Ana, pinch»."""
        return [words.name_of(knob, self._names) for knob in self._knobs]

    # ---- moving and drawing -------------------------------------------------------------------

    def settle(self, changed: Mapping[str, Any]) -> None:
        """Another knob stands where it stands, and the last one goes back there."""
        if "knob" in changed:
            self.curve(self.knob)  # which says what is wrong with it, if anything is
            self.weight = self.lever.stands_at

    def draw(self) -> View:
        """One knob with the loss over it, or all knobs with both slopes."""
        return self._draw_all() if self.shows == "all" else self._draw_one()

    def _draw_one(self) -> View:
        lever, curve, gradient = self.lever, self.curve(self.knob), self.gradient
        w, h = self.weight, self.nudge
        *tries, nudged = Nudged.many(lever, w, [*NUDGES, h])
        off = Off(
            NUDGES,
            [abs(tried.up - gradient) for tried in tries],
            [abs(tried.both - gradient) for tried in tries],
        )
        name = words.name_of(lever.knob, self._names)
        here = lever.corner(w - JUST_HERE, w) or lever.corner(w, w + JUST_HERE)
        told = words.sentence(name, nudged, gradient, self.way, here)
        low, high = curve.reach
        shown = _(
            "A chart of the loss over the knob, from {low} to {high}, with its tangent and the "
            "line of the nudge. Beside it, how far off nudges from 1 down to {least} are."
        ).format(low=number(low), high=number(high), least=number(SHORTEST))
        return View(
            title=_("Gradient explorer"),
            picture=draw_knob(name, curve, nudged, gradient, self.way, off),
            caption=told,
            formula=words.formula(nudged, self.way),
            description=sentences(shown, told),
            lines_title=name,
            lines=words.lines(
                nudged,
                gradient,
                self._product(gradient),
                lever.corner(w - h if self.way == "both" else w, w + h),
            ),
            controls=self._controls(),
        )

    def _product(self, gradient: float) -> str:
        """The gradient as delivery times note, where there is a single order."""
        if len(self._order.inputs) > 1:
            return number(gradient, DIGITS)
        trace, found = self._backpropagated(self.lever.turned(self.weight))
        knob = self._knobs[self.knob]
        note = found.layers[knob.layer].pre_activations[0, knob.worker]
        deliveries = trace.layers[knob.layer].inputs[0]
        amount = 1.0 if knob.source is None else deliveries[knob.source]
        return product(amount, note, gradient, DIGITS)

    def _backpropagated(self, network: Network) -> tuple[Trace, Gradients]:
        trace = network.run(self._order.inputs)
        return trace, network.run_back(
            trace, self._loss.raw_gradient(trace.output, self._order.target)
        )

    def rows(self) -> list[Row]:
        """Every knob of the factory, with the chosen one turned: nudged and backpropagated."""
        network = self.lever.turned(self.weight)
        _trace, found = self._backpropagated(network)
        rows = []
        for place, knob in enumerate(self._knobs):
            lever = self._lever(network, place)
            nudged = Nudged.at(lever, lever.stands_at, self.nudge)
            row = Row(
                words.worker_of(knob, self._names),
                words.source_of(knob, self._names),
                words.name_of(knob, self._names),
                nudged=nudged.slope(self.way),
                gradient=knob.of(found.layers[knob.layer]),
            )
            rows.append(row)
        return rows

    def _draw_all(self) -> View:
        rows, counted = self.rows(), cost(self._order.network)
        passes = counted.passes if self.way == "up" else counted.passes_both_ways
        told = words.sentence_of_all(rows, passes)
        slopes = [
            _("{knob}: nudged {nudged}, by backpropagation {gradient}.").format(
                knob=row.label,
                nudged=signed(row.nudged, DIGITS),
                gradient=signed(row.gradient, DIGITS),
            )
            for row in rows
        ]
        return View(
            title=_("Gradient explorer"),
            picture=draw_all(rows, self.knob, passes),
            caption=told,
            formula=f"{words.FORMULAS[self.way]} ≈ ∂Loss/∂w",
            description=sentences(told, *slopes),
            controls=self._controls(),
        )

    def _controls(self) -> tuple[Control, ...]:
        names = self.knob_names()
        low, high = self.curve(self.knob).reach
        powers = (math.log10(SHORTEST), math.log10(LONGEST))
        own = self.lever.stands_at
        every = _("all {n} knobs").format(n=len(names))
        return (
            choice("knob", _("Knob"), dict(enumerate(names))),
            slider("weight", _("Turn the knob"), number(self.weight), low, high, 0.01),
            button(_("Put the knob back"), {"weight": own}, off=self.weight == own),
            slider("nudge", _("Nudge h"), number(self.nudge), *powers, 1, log=True),
            choice("way", _("Nudge it"), {"up": _("up"), "both": _("up and down")}),
            choice("shows", _("Show"), {"one": _("one knob"), "all": every}),
        )
