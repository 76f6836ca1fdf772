"""A loss of a few products in words: how wrong each is, what that counts, and the slope for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.engine.loss import Loss, MistakeLoss, Part
from backprop_lib.i18n import factor, listed, number, sentences, signed
from backprop_lib.i18n import gettext as _
from backprop_lib.words.bench import Line
from backprop_lib.words.names import MOST_LISTED
from backprop_lib.words.sums import Term, Writer, added, equation

NEAR, FAR = 1e-6, 1.0  # how far to look beside a point of the curve


def loss_formula(loss: Loss, outputs: Array, targets: Array, value: float) -> str:
    """How the ``value`` of a loss of ``outputs`` and ``targets``, (examples, outputs), comes about.

    >>> from backprop_lib import MeanSquaredError
    >>> loss_formula(MeanSquaredError(), np.array([[3, 6]]), np.array([[1, 5]]), 2.5)
    'Loss = ((3 − 1)² + (6 − 5)²) / 2 = 2.5'
    """
    written = loss.written(outputs, targets)
    if written is None or not (written.parts or written.symbols):
        return f"Loss = {number(value)}"
    if not written.parts or (len(written.parts) > MOST_LISTED and written.symbols):
        return f"Loss = {written.symbols} / {written.count} = {number(value)}"

    def left(n: Writer) -> Term:
        parts = added(_term(part, n) for part in written.parts)
        count = written.count
        return parts if count == 1 else parts.within(f"({{}}) / {count}", parts.value / count)

    return f"Loss = {equation(left, value)}"


def _term(part: Part, n: Writer) -> Term:
    first, *taken_away = (n(number) for number in part.of)
    inside = first - taken_away[0] if taken_away else first
    return inside.within(part.form, part.counts(inside.value))


def clean(numbers: Array | Sequence[float]) -> list[float]:
    """Without the crumbs of binary fractions: plus and minus cancel to a plain 0."""
    return [float(value) for value in np.round(np.asarray(numbers), 6)]


def counted(loss: Loss, mistake: float) -> float:
    """What one mistake counts."""
    return loss.raw_value(np.array([[mistake]]), np.zeros((1, 1)))


def alone(loss: MistakeLoss, mistake: float) -> str:
    """The form in which this mistake stands as one number: without brackets, if it has no minus.

    >>> from backprop_lib.engine.losses import MeanSquaredError
    >>> alone(MeanSquaredError(), -2.0), alone(MeanSquaredError(), 2.0)
    ('({})²', '{}²')
    """
    form = loss.forms(mistake)[0]
    return form if mistake < 0.0 else form.replace("({})", "{}")


@dataclass(frozen=True)
class Judged:
    """Up to three products beside their orders, and the loss, seen from the ``chosen`` product."""

    products: Sequence[float]
    targets: Sequence[float]
    loss: MistakeLoss
    chosen: int = 0

    @cached_property
    def _rows(self) -> tuple[Array, Array]:
        return np.array([self.products], dtype=float), np.array([self.targets], dtype=float)

    @cached_property
    def value(self) -> float:
        """The loss."""
        return self.loss.raw_value(*self._rows)

    @cached_property
    def slope(self) -> float:
        """How steep it is over the chosen product."""
        return float(self.loss.raw_gradient(*self._rows)[0, self.chosen])

    @cached_property
    def mistakes(self) -> list[float]:
        """How far each product is from its order."""
        made, wanted = self._rows
        return clean((made - wanted)[0])

    @property
    def at_kink(self) -> bool:
        """Whether the chosen mistake is one at which the loss has no one slope."""
        return self.mistakes[self.chosen] in self.loss.kinks

    def told(self) -> str:
        """The mistakes, what they count, and the loss that this comes to."""
        words = self.loss.told()
        return (words.several if len(self.products) > 1 else words.one).format(
            product=number(self.products[0]),
            order=number(self.targets[0]),
            mistake=signed(self.mistakes[0]),
            mistakes=listed(map(signed, self.mistakes)),
            counted=listed(number(counted(self.loss, one)) for one in self.mistakes),
            loss=number(self.value),
        )

    def slope_told(self) -> str:
        """Where the curve goes from the chosen product's point."""
        several = len(self.products) > 1
        if self.at_kink and self.slope == 0.0 and self._is_lowest(NEAR):
            sentence = _(
                "This is the tip of the curve: on both sides the loss rises at once. It has no "
                "slope here, so 0 is taken."
            )
        elif self.at_kink:
            sentence = _("The curve has a corner here, and no one slope; {slope} is taken.")
        elif self.slope == 0.0 and self._is_lowest(FAR):
            sentence = _("This is the bottom of the curve: the slope is 0.")
        elif self.slope == 0.0:
            sentence = _("The curve is flat here: the slope is 0.")
        elif several and self.slope > 0.0:
            sentence = _("The slope is {slope}: with a bit more of product {n} the loss goes up.")
        elif several:
            sentence = _("The slope is {slope}: with a bit more of product {n} the loss goes down.")
        elif self.slope > 0.0:
            sentence = _("The slope is {slope}: with a bit more product the loss goes up.")
        else:
            sentence = _("The slope is {slope}: with a bit more product the loss goes down.")
        return sentence.format(slope=signed(self.slope), n=self.chosen + 1)

    def _is_lowest(self, beside: float) -> bool:
        """Whether the chosen mistake would count more on both sides."""
        here, loss = self.mistakes[self.chosen], self.loss
        return all(counted(loss, here + way) > counted(loss, here) for way in (-beside, beside))

    def formula(self) -> str:
        """Both sums with their numbers: the loss, and its slope for the chosen product."""
        several = len(self.products) > 1
        product, target = self.products[self.chosen], self.targets[self.chosen]
        steep = self.loss.forms(product - target)[1]
        parts = [f"∂Loss/∂o{'₁₂₃'[self.chosen] if several else ''}"]
        if steep:
            shared = f" / {len(self.products)}" if several else ""
            parts.append(steep.format(f"{number(product)} − {factor(target)}") + shared)
        parts.append(signed(self.slope))
        return f"{loss_formula(self.loss, *self._rows, self.value)},  {' = '.join(parts)}"

    def inventory(self) -> str:
        """All that the picture shows, in words."""
        order = _(
            "Order {n} said {order}, the product is {product}: mistake {mistake}, counted as {sum}."
        )
        parts = [
            order.format(
                n=place + 1,
                order=number(self.targets[place]),
                product=number(self.products[place]),
                mistake=signed(mistake),
                sum=self._sum(mistake),
            )
            for place, mistake in enumerate(self.mistakes)
        ]
        wanted, made = number(self.targets[self.chosen]), number(self.products[self.chosen])
        parts.append(self.loss.told().curve.format(n=self.chosen + 1, order=wanted))
        parts.append(
            _("The point on it stands at product {product} and loss {loss}, slope {slope}.").format(
                product=made, loss=number(self.value), slope=signed(self.slope)
            )
        )
        return sentences(*parts)

    def _sum(self, mistake: float) -> str:
        """What a mistake counts, as a sum: (−2)² = 4."""
        form, value = alone(self.loss, mistake), counted(self.loss, mistake)

        def left(n: Writer) -> Term:
            return n(mistake).within(form, self.loss.counts(n(mistake).value))

        return equation(left, value) if form else number(value)

    def lines(self) -> tuple[Line, ...]:
        """What plain adding would say of several mistakes: plus and minus cancel."""
        if len(self.mistakes) == 1:
            return ()
        first, *rest = self.mistakes
        total = " + ".join([number(first), *map(factor, rest)])
        return (
            Line(_("mistakes just added"), f"{total} = {number(round(sum(self.mistakes), 6))}"),
        )
