"""How wrong is it, as one number: products and orders on a line, squares, and the loss's curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.datasets import lemonade, lemonade_factory
from backprop_lib.engine.arrays import Array, as_list
from backprop_lib.engine.loss import MistakeLoss
from backprop_lib.engine.losses import measures
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences
from backprop_lib.pictures.loss import REACH, draw_loss
from backprop_lib.widgets.controls import Control, choice, slider
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import Numbers, OneOf, Whole
from backprop_lib.words.loss import Judged, clean

MOST_ORDERS = 3
FARTHEST = 10.0  # targets lie between -FARTHEST and FARTHEST


class CleanNumbers(Numbers):
    """Numbers without the crumbs of binary fractions."""

    def check(self, explorer: Any, value: Any) -> list[float]:
        """Return ``value`` as a list of floats; TypeError or ValueError for anything else."""
        return clean(super().check(explorer, value))


def _orders(explorer: Any) -> int:
    return len(explorer.targets)


def _from_target(way: float) -> Callable[[Any], Array]:
    """How far a product may be from its target, on that side."""
    return lambda explorer: np.add(explorer.targets, way)


@in_jupyter
class LossExplorer(Explorer):
    """One to three products and their orders, and the loss: the average over all orders.

    Settings: ``products`` and ``targets`` (a number an order), ``measure`` ("squared" or
    "absolute"), and ``chosen``, the order from 0 over whose product the curve is drawn. Other
    ``targets`` keep the products there are, as near as they have to be. Without products they are
    what the lemonade factory makes. Raises TypeError or ValueError for anything else.

    >>> explorer = LossExplorer()
    >>> explorer.products = [2]
    >>> print(explorer._drawn.formula)
    Loss = (2 − 1)² = 1,  ∂Loss/∂o = 2 × (2 − 1) = +2
    """

    targets = CleanNumbers(lambda: _("the targets"), -FARTHEST, FARTHEST, 1, MOST_ORDERS)
    products = CleanNumbers(
        lambda: _("the products"), _from_target(-REACH), _from_target(REACH), _orders
    )
    measure = OneOf(lambda: _("the measure"), lambda _explorer: measures(), "squared")
    chosen = Whole(lambda: _("an order"), lambda explorer: _orders(explorer) - 1)

    def __init__(
        self,
        products: Sequence[float] | None = None,
        targets: Sequence[float] | None = None,
        measure: str = "squared",
        chosen: int = 0,
    ) -> None:
        if products is not None:
            products = as_list(products, _("the products"))
        if targets is None:
            wanted = lemonade().targets.item()
            targets = [wanted] * (1 if products is None else len(products))
        super().__init__()
        own = {} if products is None else {"products": products}
        self.start(targets=targets, **own, measure=measure, chosen=chosen)

    @classmethod
    def lemonade(cls, x: npt.ArrayLike, targets: Sequence[float], **more: Any) -> LossExplorer:
        """What the lemonade factory makes of several orders ``x``, (orders, 2), and its loss.

        >>> LossExplorer.lemonade([[2, 1], [4, 2]], [1, 5]).products
        [3.0, 6.0]
        """
        return cls(lemonade_factory().forward(x).output[:, 0].tolist(), targets, **more)

    @property
    def loss(self) -> MistakeLoss:
        """The loss that measures."""
        return measures()[self.measure]

    def _kept(self) -> list[float]:
        """The products as they are for new targets, and where there is none the factory's."""
        made = lemonade_factory().forward(lemonade().inputs).output.item()
        products = [*(self.products or ()), *[made] * MOST_ORDERS]
        return clean(
            [
                min(max(product, target - REACH), target + REACH)
                for product, target in zip(products, self.targets, strict=False)
            ]
        )

    def settle(self, changed: Mapping[str, Any]) -> None:
        """Other targets keep the products there are, as near as they have to be."""
        if "targets" in changed:
            self.chosen = min(self.chosen, len(self.targets) - 1)
            self.products = self._kept()

    def draw(self) -> View:
        """The lines with their squares, the curve, and the sums."""
        judged = Judged(self.products, self.targets, self.loss, self.chosen)
        return View(
            title=_("How wrong?"),
            picture=draw_loss(judged),
            caption=sentences(judged.told(), judged.slope_told()),
            formula=judged.formula(),
            description=judged.inventory(),
            lines=judged.lines(),
            controls=self._controls(),
        )

    def _controls(self) -> tuple[Control, ...]:
        sliders: list[Control] = []
        for place, (product, target) in enumerate(zip(self.products, self.targets, strict=True)):
            label = _("product") if len(self.products) == 1 else _("product {n}")
            sliders.append(
                slider(
                    "products",
                    label.format(n=place + 1),
                    number(product),
                    target - REACH,
                    target + REACH,
                    0.1,
                    place=place,
                )
            )
        labels = {name: loss.told().label for name, loss in measures().items()}
        return (*sliders, choice("measure", _("count"), labels))
