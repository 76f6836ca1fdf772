"""How wrong is it, as one number: products and orders on a line, squares, and the loss's curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.datasets import lemonade, lemonade_factory
from backprop_lib.engine.arrays import as_count, as_list, as_numbers, short
from backprop_lib.engine.loss import MistakeLoss
from backprop_lib.engine.losses import measures
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences
from backprop_lib.pictures.loss import REACH, draw_loss
from backprop_lib.widgets.controls import Control, choice, slider
from backprop_lib.widgets.explorer import Explorer, Setting, View
from backprop_lib.words.loss import Judged, clean

MOST_ORDERS = 3
FARTHEST = 10.0  # targets lie between -FARTHEST and FARTHEST


def _targets(explorer: LossExplorer, value: object) -> list[float]:
    numbers = as_numbers(value, _("the targets"))
    if numbers.ndim != 1 or len(numbers) > MOST_ORDERS:
        raise ValueError(
            _(
                "Expected a list of one to {most} targets, but an array of shape {shape} came; "
                "try [1, 5]."
            ).format(most=MOST_ORDERS, shape=numbers.shape)
        )
    if abs(numbers).max() > FARTHEST:
        raise ValueError(
            _("Expected targets from {low} to {high}, but {value} came; try [1, 5].").format(
                low=number(-FARTHEST),
                high=number(FARTHEST),
                value=number(numbers[abs(numbers) > FARTHEST][0]),
            )
        )
    return clean(numbers)


def _products(explorer: LossExplorer, value: object) -> list[float]:
    numbers = as_numbers(value, _("the products"))
    targets = np.array(explorer.targets)
    if numbers.shape != targets.shape:
        raise ValueError(
            _(
                "Expected a list of {count} products, one for each order, but an array of shape "
                "{shape} came; for more orders set the targets first."
            ).format(count=len(targets), shape=numbers.shape)
        )
    too_far = abs(numbers - targets) > REACH + 1e-9
    if too_far.any():
        raise ValueError(
            _(
                "Expected a product from {low} to {high} for the order {order}, but {value} came; "
                "try one that is nearer."
            ).format(
                low=number(targets[too_far][0] - REACH),
                high=number(targets[too_far][0] + REACH),
                order=number(targets[too_far][0]),
                value=number(numbers[too_far][0]),
            )
        )
    return clean(numbers)


def _measure(explorer: LossExplorer, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(
            _("Expected a measure as text, but a {kind} came; try squared or absolute.").format(
                kind=type(value).__name__
            )
        )
    if value not in (known := measures()):
        raise ValueError(
            _("Expected a measure, one of {known}, but {value} came; try squared.").format(
                known=", ".join(known), value=short(value)
            )
        )
    return value


def _chosen(explorer: LossExplorer, value: object) -> int:
    place = as_count(value, _("the chosen order"), least=0)
    if place >= len(explorer.targets):
        raise ValueError(
            _("Expected an order from 0 to {most}, but a larger number came; try 0.").format(
                most=len(explorer.targets) - 1
            )
        )
    return place


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

    targets = Setting(_targets)
    products = Setting(_products)
    measure = Setting(_measure, "squared")
    chosen = Setting(_chosen, 0)

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
        self.products = []
        self.set_trait("targets", _targets(self, targets))
        if products is None:
            products = self._kept()
        self.start(targets=targets, products=products, measure=measure, chosen=chosen)

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
        products = [*self.products, *[made] * MOST_ORDERS]
        return clean(
            [
                min(max(product, target - REACH), target + REACH)
                for product, target in zip(products, self.targets, strict=False)
            ]
        )

    def settle(self, setting: str) -> None:
        """Other targets keep the products there are, as near as they have to be."""
        if setting == "targets":
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
