"""A loss of a few products in words: how wrong each is, what that counts, and the slope for one."""

from __future__ import annotations

from collections.abc import Sequence

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


def mistakes_of(products: Sequence[float], targets: Sequence[float]) -> list[float]:
    """How far each product is from its order."""
    return clean([product - target for product, target in zip(products, targets, strict=True)])


def told(
    products: Sequence[float], targets: Sequence[float], loss: MistakeLoss, value: float
) -> str:
    """The mistakes, what they count, and the loss that this comes to."""
    mistakes = mistakes_of(products, targets)
    return loss.told(several=len(mistakes) > 1).format(
        product=number(products[0]),
        order=number(targets[0]),
        mistake=signed(mistakes[0]),
        mistakes=listed(map(signed, mistakes)),
        counted=listed(number(counted(loss, mistake)) for mistake in mistakes),
        loss=number(value),
    )


def counted(loss: Loss, mistake: float) -> float:
    """What one mistake counts."""
    return loss.raw_value(np.array([[mistake]]), np.zeros((1, 1)))


def slope_told(loss: MistakeLoss, mistakes: Sequence[float], slope: float, chosen: int) -> str:
    """Where the curve goes from the chosen product's point."""
    here, several = mistakes[chosen], len(mistakes) > 1
    if here in loss.kinks and slope == 0.0 and _is_lowest(loss, here, NEAR):
        sentence = _(
            "This is the tip of the curve: on both sides the loss rises at once. It has no "
            "slope here, so 0 is taken."
        )
    elif here in loss.kinks:
        sentence = _("The curve has a corner here, and no one slope; {slope} is taken.")
    elif slope == 0.0 and _is_lowest(loss, here, FAR):
        sentence = _("This is the bottom of the curve: the slope is 0.")
    elif slope == 0.0:
        sentence = _("The curve is flat here: the slope is 0.")
    elif several and slope > 0.0:
        sentence = _("The slope is {slope}: with a bit more of product {n} the loss goes up.")
    elif several:
        sentence = _("The slope is {slope}: with a bit more of product {n} the loss goes down.")
    elif slope > 0.0:
        sentence = _("The slope is {slope}: with a bit more product the loss goes up.")
    else:
        sentence = _("The slope is {slope}: with a bit more product the loss goes down.")
    return sentence.format(slope=signed(slope), n=chosen + 1)


def _is_lowest(loss: Loss, here: float, beside: float) -> bool:
    """Whether the loss is higher on both sides."""
    return all(counted(loss, here + way) > counted(loss, here) for way in (-beside, beside))


def formula(
    products: Sequence[float],
    targets: Sequence[float],
    loss: MistakeLoss,
    chosen: int,
    value: float,
    slope: float,
) -> str:
    """Both sums with their numbers: the loss, and its slope for the chosen product."""
    several = len(products) > 1
    o = f"o{'₁₂₃'[chosen]}" if several else "o"
    shared = f" / {len(products)}" if several else ""
    product, target = products[chosen], targets[chosen]
    steep = loss.forms(product - target)[1].format(f"{number(product)} − {factor(target)}")
    parts = [f"∂Loss/∂{o}", *([steep + shared] if steep else []), signed(slope)]
    outputs, orders = np.array([products]), np.array([targets])
    return f"{loss_formula(loss, outputs, orders, value)},  {' = '.join(parts)}"


def alone(loss: MistakeLoss, mistake: float) -> str:
    """The form in which this mistake stands as one number: without brackets, if it has no minus.

    >>> from backprop_lib.engine.losses import MeanSquaredError
    >>> alone(MeanSquaredError(), -2.0), alone(MeanSquaredError(), 2.0)
    ('({})²', '{}²')
    """
    form = loss.forms(mistake)[0]
    return form if mistake < 0.0 else form.replace("({})", "{}")


def _counted_as(loss: MistakeLoss, mistake: float) -> str:
    """What a mistake counts, as a sum: (−2)² = 4."""
    form, value = alone(loss, mistake), counted(loss, mistake)

    def left(n: Writer) -> Term:
        return n(mistake).within(form, loss.counts(n(mistake).value))

    return equation(left, value) if form else number(value)


def inventory(
    products: Sequence[float],
    targets: Sequence[float],
    loss: MistakeLoss,
    chosen: int,
    value: float,
    slope: float,
) -> str:
    """All that the picture shows, in words."""
    parts = []
    for place, mistake in enumerate(mistakes_of(products, targets)):
        parts.append(
            _(
                "Order {n} said {order}, the product is {product}: mistake {mistake}, "
                "counted as {sum}."
            ).format(
                n=place + 1,
                order=number(targets[place]),
                product=number(products[place]),
                mistake=signed(mistake),
                sum=_counted_as(loss, mistake),
            )
        )
    parts.append(loss.curve().format(n=chosen + 1, order=number(targets[chosen])))
    parts.append(
        _("The point on it stands at product {product} and loss {loss}, slope {slope}.").format(
            product=number(products[chosen]), loss=number(value), slope=signed(slope)
        )
    )
    return sentences(*parts)


def lines(mistakes: Sequence[float]) -> tuple[Line, ...]:
    """What plain adding would say of several mistakes: plus and minus cancel."""
    if len(mistakes) == 1:
        return ()
    first, *rest = mistakes
    sum_ = " + ".join([number(first), *map(factor, rest)])
    return (Line(_("mistakes just added"), f"{sum_} = {number(round(sum(mistakes), 6))}"),)
