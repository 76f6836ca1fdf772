"""The paths from a knob to the loss: click a knob, and see its slopes multiplied and added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from numbers import Integral
from typing import Any

from backprop_lib.datasets import (
    Dataset,
    lemonade,
    lemonade_factory,
    lemonade_workers,
    two_products,
    two_products_factory,
    two_products_workers,
)
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Network
from backprop_lib.engine.steps import Step, steps
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import labelled, ngettext, sentences
from backprop_lib.pictures.paths import draw_paths
from backprop_lib.study.nudging import Knob
from backprop_lib.study.paths import Amount, Path, Start, count_paths, paths
from backprop_lib.widgets.controls import Control, choice
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import OneOf, Setting, Whole
from backprop_lib.words import Names, caption
from backprop_lib.words import paths as told

LOSS = MeanSquaredError()


@dataclass(frozen=True)
class Factory:
    """A factory that can be chosen: its network, its one order, and who works there."""

    network: Callable[[], Network]
    order: Callable[[], Dataset]
    workers: Callable[[], tuple[tuple[str, ...], ...]]


FACTORIES = {
    "lemonade": Factory(lemonade_factory, lemonade, lemonade_workers),
    "two products": Factory(two_products_factory, two_products, two_products_workers),
}


@cache
def _at_the_loss(factory: str) -> Step:
    """The moment of a lap at which all amounts and the loss are known."""
    network, order = FACTORIES[factory].network(), FACTORIES[factory].order()
    return steps(network, order.inputs, order.targets, LOSS)[len(network.layers)]


@cache
def _ways(factory: str, start: Start) -> tuple[Path, ...]:
    step = _at_the_loss(factory)
    return paths(step.network, step.inputs, step.target, start, LOSS)


class Chosen(Setting[list[int | None]]):
    """[floor, from, to], counted from 0, with a None for a pinch or for an amount."""

    def check(self, explorer: Any, value: Any) -> list[int | None]:
        """Return ``value`` as ints; TypeError or ValueError for what is not in the factory."""
        if (
            not isinstance(value, Sequence)
            or len(value) != 3
            or not all(
                part is None or (isinstance(part, Integral) and not isinstance(part, bool))
                for part in value
            )
        ):
            raise TypeError(
                _(
                    "Expected a floor, from where and to whom, counted from 0, but {kind} came; "
                    "try [0, 0, 0] for a knob, [0, None, 0] for a pinch, [0, 0, None] for an "
                    "amount."
                ).format(kind=type(value).__name__)
            )
        count_paths(_at_the_loss(explorer.factory).network, _start(value))
        return [None if part is None else int(part) for part in value]


def _start(chosen: Sequence[int | None]) -> Start:
    layer, source, worker = chosen
    if layer is None or (source is None and worker is None):
        raise TypeError(
            _("Expected a floor and a knob or an amount on it, but None came; try [0, 0, 0].")
        )
    if worker is None:
        assert source is not None
        return Amount(layer, source)
    return Knob(layer, worker, source)


@in_jupyter
class ChainRuleExplorer(Explorer):
    """Click a knob or a crate, and see every path from it to the loss.

    Settings: ``factory`` ("lemonade", or "two products" for Mazur's 2-2-2 factory), ``chosen`` and
    ``path`` (0 for all paths, or which one). ``chosen`` is [floor, from, to], counted from 0: a
    knob; with None for "from" a pinch; with None for "to" an amount, which is a material on floor 0
    and what a worker ships after it; None for nothing. Raises TypeError or ValueError for anything
    else.

    >>> explorer = ChainRuleExplorer()
    >>> explorer.chosen = [1, 2, 0]
    >>> print(explorer.view["formula"])
    ∂L/∂w = ∂o/∂w · ∂L/∂o = 0 × 4 = 0
    >>> explorer.chosen = [0, 0, None]
    >>> print(explorer.view["formula"])
    ∂L/∂x = 8 + 1 + 0 = 9
    """

    factory = OneOf(lambda: _("the factory"), FACTORIES, "lemonade")
    chosen = Chosen(optional=True)
    path = Whole(lambda: _("a path"), lambda explorer: explorer.most)

    def __init__(
        self,
        factory: str = "lemonade",
        chosen: Sequence[int | None] | None = (0, 0, 0),
        path: int = 0,
    ) -> None:
        super().__init__()
        self.start(factory=factory, chosen=chosen, path=path)

    @property
    def ways(self) -> tuple[Path, ...]:
        """Every path from what is chosen to the loss."""
        return () if self.chosen is None else _ways(self.factory, _start(self.chosen))

    @property
    def most(self) -> int:
        """The largest number of a path that can be shown alone; 0 where there is only one."""
        return len(self.ways) if len(self.ways) > 1 else 0

    def settle(self, changed: Mapping[str, Any]) -> None:
        """What no longer fits goes back to what always does, and another start to all its paths."""
        if "factory" in changed and not self._fits():
            self.chosen = [0, 0, 0]
        if "chosen" in changed or self.path > self.most:
            self.path = 0

    def _fits(self) -> bool:
        try:
            self._declared()["chosen"].checked(self, self.chosen)
        except (TypeError, ValueError):
            return False
        return True

    def draw(self) -> View:
        """The factory with the paths of what is chosen, and their sums."""
        step, ways = _at_the_loss(self.factory), self.ways
        order = FACTORIES[self.factory].order()
        names = Names.of(step.network, order.input_names, FACTORIES[self.factory].workers())
        only = self.path - 1 if self.path else None
        lit = ways if only is None else ways[only : only + 1]
        all_told = caption(step, names, LOSS).description
        title = _("Paths to the loss")
        if self.chosen is None:
            sentence = _(
                "Choose a knob or a crate: click on it, or go there with Tab and press Enter."
            )
            return View(
                title=title,
                picture=draw_paths(step, names, None, ()),
                moment=self.factory,
                caption=sentence,
                description=sentences(all_told, sentence),
                controls=self._controls(names, ways),
            )
        start = _start(self.chosen)
        sentence = told.sentence(names, start, ways, only)
        lines = told.lines(step, names, start, ways, only, LOSS)
        each = (_("{sums}.").format(sums=labelled(line.label, line.text)) for line in lines)
        return View(
            title=title,
            picture=draw_paths(step, names, start, lit),
            moment=f"{self.factory} {self.chosen} {self.path}",
            caption=sentence,
            formula=told.formula(step, start, lit),
            description=sentences(all_told, sentence, *each),
            lines_title=told.start_name(names, start),
            lines=lines,
            controls=self._controls(names, ways),
        )

    def _controls(self, names: Names, ways: Sequence[Path]) -> tuple[Control, ...]:
        factories = {
            "lemonade": _("lemonade"),
            "two products": _("two products"),
        }
        if self.chosen is None:
            shown = {0: _("none")}
        else:
            start = _start(self.chosen)
            each = [told.way_name(names, start, way) for way in ways]
            everything = ngettext("the only one", "all {count}, added", len(ways))
            shown = {0: everything.format(count=len(ways))}
            if len(ways) > 1:
                shown |= {n: labelled(str(n), way) for n, way in enumerate(each, start=1)}
        return (
            choice("factory", _("Factory"), factories),
            choice("path", _("Path"), shown),
        )
