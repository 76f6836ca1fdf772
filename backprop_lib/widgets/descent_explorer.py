"""Choose a learning rate and watch what it does: a ball on its way down, and the loss beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from backprop_lib.datasets import lemonade, lemonade_factory, lemonade_workers
from backprop_lib.engine.arrays import as_count
from backprop_lib.engine.optimizers import SGD, Adam, Optimizer
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number, sentences
from backprop_lib.pictures.descent import (
    Racer,
    Shown,
    draw_factory,
    draw_landscape,
    draw_race,
    leader,
)
from backprop_lib.study.descent import (
    LANDSCAPES,
    Descent,
    Landscape,
    descend,
    descend_factory,
    regime,
)
from backprop_lib.widgets.controls import Control, choice, play, slider
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import Numbers, OneOf, Rate, Whole
from backprop_lib.words.descent import (
    RULES,
    knob_formula,
    lap_told,
    moves_formula,
    race_told,
    regime_name,
    regime_told,
    way_told,
)
from backprop_lib.words.names import plain_number

RACERS = (0.001, 0.01, 0.02, 0.05, 0.1)
MOMENTUM = 0.5
METHODS: dict[str, Callable[[float], Optimizer]] = {
    "plain": SGD,
    "momentum": lambda rate: SGD(rate, momentum=MOMENTUM),
    "adam": Adam,
}
MOST_LAPS = 60
# To name what happens "for ever", a way is followed beyond the laps shown. A factory's gates tell
# it soon, unless what turns the knobs has a memory.
AHEAD, FACTORY_AHEAD, GATES_AHEAD = 60, 24, 10


def places() -> dict[str, str]:
    """The names of all that one can go down, and what they are in words."""
    return {
        **{name: landscape.title() for name, landscape in LANDSCAPES.items()},
        "lemonade": _("the lemonade factory"),
        "race": _("the lemonade factory: a race"),
    }


def methods() -> dict[str, str]:
    """The names of what makes turns of the gradients, and what they are in words."""
    return {"plain": _("rate × gradient"), "momentum": _("momentum"), "adam": "Adam"}


@lru_cache(maxsize=256)
def _way(
    landscape: Landscape | None, method: str, rate: float, start: tuple[float, ...], laps: int
) -> tuple[Descent, str]:
    """The way down a landscape, or a factory's, and what it is called: the same each time."""
    optimizer = METHODS[method](rate)
    if landscape:
        way = descend(landscape, start, optimizer, max(laps, AHEAD))
    else:
        ahead = max(laps, GATES_AHEAD if method == "plain" else FACTORY_AHEAD)
        order = lemonade()
        way = descend_factory(lemonade_factory(), order.inputs, order.targets, optimizer, ahead)
    return way, regime(way, laps)


def _starts(end: int) -> Callable[[Any], list[float]]:
    """The low (0) or the high end (1) of where each knob may start."""
    return lambda explorer: [reach[end] for reach in explorer.starts]


class Start(Numbers):
    """Where the knobs start; of a single knob the number will do."""

    def check(self, explorer: Any, value: Any) -> list[float]:
        """Return ``value`` as a list of floats; TypeError or ValueError for anything else."""
        one = isinstance(value, int | float) and len(explorer.starts) == 1
        return super().check(explorer, [value] if one else value)


@in_jupyter
class LearningRateExplorer(Explorer):
    """Turn knobs against their gradients, lap after lap, and see what the learning rate does.

    Settings: ``learning_rate``; ``landscape``, a name from ``study.descent.LANDSCAPES``, such as
    "bowl" (w²) or "long valley", or "lemonade" (the factory) or "race" (five rates and yours in the
    factory); ``start_at``, a list with a number for each knob; ``lap``, from 0 to ``laps``; and
    ``method``, what makes turns of the gradients: "plain", "momentum" or "adam". Another landscape
    begins at its own start. Raises TypeError or ValueError for anything else.

    >>> LearningRateExplorer(learning_rate=1.1).regime
    'explodes'
    >>> LearningRateExplorer(learning_rate=0.01, landscape="lemonade").way.losses[:3].round(4)
    array([4.    , 0.5911, 0.1068])
    """

    learning_rate = Rate(lambda: _("the learning rate"), 0.1)
    landscape = OneOf(lambda: _("the landscape"), lambda _explorer: places(), "bowl")
    start_at = Start(
        lambda: _("the start"), _starts(0), _starts(1), lambda explorer: len(explorer.starts)
    )
    lap = Whole(lambda: _("a lap"), lambda explorer: explorer.laps)
    method = OneOf(lambda: _("the method"), METHODS, "plain")

    def __init__(
        self,
        learning_rate: float = 0.1,
        landscape: str = "bowl",
        start_at: Sequence[float] | float | None = None,
        lap: int | None = None,
        method: str = "plain",
        laps: int = 10,
    ) -> None:
        self.laps = as_count(laps, _("the number of laps"), most=MOST_LAPS)
        super().__init__()
        own = {} if start_at is None else {"start_at": start_at}
        self.start(
            learning_rate=learning_rate,
            landscape=landscape,
            **own,
            lap=self.laps if lap is None else lap,
            method=method,
        )

    @property
    def own_start(self) -> list[float]:
        """Where the landscape begins; a factory begins with its knobs as they are."""
        return list(self.ground.start) if self.ground else [0.0]

    @property
    def starts(self) -> tuple[tuple[float, float], ...]:
        """From where to where each knob may start."""
        return (self.ground or Landscape).starts[: len(self.own_start)]

    @property
    def ground(self) -> Landscape | None:
        """The landscape that one goes down; None for a factory's."""
        return LANDSCAPES.get(self.landscape)

    @property
    def way(self) -> Descent:
        """The way down, a good way beyond the laps that are shown."""
        return self._named_way(self.learning_rate)[0]

    @property
    def regime(self) -> str:
        """What the learning rate does: see ``regimes.regime``."""
        return self._named_way(self.learning_rate)[1]

    def _named_way(self, rate: float) -> tuple[Descent, str]:
        return _way(self.ground, self.method, rate, tuple(self.start_at), self.laps)

    def _shown(self, rate: float) -> Shown:
        way, name = self._named_way(rate)
        if self.lap == 0:
            name = "ready"  # what will happen is for the learner to guess
        return Shown(way, min(self.lap, way.laps), self.laps, name, self._method_told())

    def _method_told(self) -> str:
        return "" if self.method == "plain" else methods()[self.method]

    def settle(self, changed: Mapping[str, Any]) -> None:
        """Another landscape begins at its own start."""
        if "landscape" in changed:
            self.start_at = self.own_start

    # ---- drawing ------------------------------------------------------------------------------

    def draw(self) -> View:
        """The landscape with the way so far and the loss over the laps, or the race."""
        if self.landscape == "race":
            return self._draw_race()
        shown = self._shown(self.learning_rate)
        way, lap = shown.way, shown.lap
        workers = lemonade_workers()[0]
        if self.ground:
            picture = draw_landscape(self.ground, shown)
            where = self.ground.told(way.points[lap])
            formula = moves_formula(self.method, self.ground, way, lap, self.learning_rate)
        else:
            picture = draw_factory(shown, lemonade().targets.item(), workers)
            where = ""
            formula = knob_formula(self.method, way, lap, self.learning_rate, self._knob())
        does = regime_told(shown.regime, way, self.laps, workers)
        caption = sentences(does, lap_told(way, lap), where)
        return View(
            title=_("Learning rate explorer"),
            picture=picture,
            moment=str(self.lap),
            caption=caption,
            formula=formula,
            description=sentences(caption, way_told(way, lap)),
            controls=self._controls(),
        )

    def _knob(self) -> str:
        """The first worker's first knob in words."""
        return _("{worker}, knob for {source}").format(
            worker=lemonade_workers()[0][0], source=lemonade().input_names[0]
        )

    def _draw_race(self) -> View:
        racers = [Racer(rate, self._shown(rate)) for rate in RACERS]
        racers.append(Racer(self.learning_rate, self._shown(self.learning_rate), own=True))
        first = leader(racers, self.lap)
        caption = race_told(self.lap, first.rate, first.loss(self.lap))
        told = [
            _("{rate} {does}: {losses}.").format(
                rate=number(racer.rate),
                does=regime_name(racer.shown.regime),
                losses=listed(map(plain_number, racer.shown.way.losses[: self.lap + 1])),
            )
            for racer in racers
        ]
        return View(
            title=_("Learning rate explorer"),
            picture=draw_race(racers, self.lap, self.laps, self._method_told()),
            moment=str(self.lap),
            caption=caption,
            formula=RULES[self.method],
            description=sentences(caption, _("The loss of each, lap by lap:"), *told),
            controls=self._controls(),
        )

    # ---- controls -----------------------------------------------------------------------------

    def _controls(self) -> tuple[Control, ...]:
        lap = _("{lap} of {laps}").format(lap=self.lap, laps=self.laps)
        return (
            choice("landscape", _("Landscape"), places()),
            slider(
                "learning_rate", _("Learning rate"), number(self.learning_rate),
                *(self.ground or Landscape).rates, 0.05, log=True,
            ),
            *self._start_sliders(),
            slider("lap", _("Lap"), lap, 0, self.laps, 1),
            play("lap", self.laps, (1500, 800, 350)),
            choice("method", _("Knobs are turned by"), methods()),
        )  # fmt: skip

    def _start_sliders(self) -> list[Control]:
        if not self.ground:
            return []
        names = [_("Start")]
        if self.ground.knobs > 1:
            names = [_("Start of {knob}").format(knob=knob) for knob in self.ground.knob_names]
        return [
            slider("start_at", name, number(at), low, high, 0.1, place=place)
            for place, (name, at, (low, high)) in enumerate(
                zip(names, self.start_at, self.starts, strict=True)
            )
        ]
