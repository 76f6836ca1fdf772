"""How wrong each product is: a mistake as a length, what it counts as tiles, the loss as a curve.

Every order has a number line with its product and the order itself. The mistake between them counts
as an area: a square of side |mistake| or, for the absolute loss, a strip one tile high. Beside them
the loss is drawn over one of the products, with its slope.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backprop_lib.engine.losses import Loss, MeanAbsoluteError
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.pictures import stations
from backprop_lib.pictures.chart import Chart, ticks
from backprop_lib.pictures.stations import Point
from backprop_lib.pictures.svg import group, path, picture, pressable, tag, words

REACH = 4.0  # a product is drawn up to this far from its order
WIDTH = 784.0
LEFT = 14.0  # of the words before a line
LINE = 126.0  # the left end of the number lines
PLOT = (548.0, 40.0, 222.0, 205.0)  # the chart: left, top, width, height
TANGENT = 42.0  # half the length of the drawn slope
# One order: the square hangs under its own mistake.
WIDE = 320.0
# Several orders: each has a row, with its square beside the line.
TOP, ROW, NARROW, SQUARES, TILE = 28.0, 74.0, 210.0, 366.0, 17.0


@dataclass(frozen=True)
class Line:
    """A number line of so many pixels from value ``low`` to value ``high``."""

    low: float
    high: float
    width: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        return LINE + (value - self.low) / (self.high - self.low) * self.width


def draw_loss(
    products: Sequence[float], targets: Sequence[float], loss: Loss, chosen: int = 0
) -> str:
    """The SVG of one to three ``products`` beside their orders, and the curve over ``chosen``.

    Each product is at most ``REACH`` away from its order.
    """
    width = WIDE if len(products) == 1 else NARROW
    line = Line(min(targets) - REACH, max(targets) + REACH, width)
    draw = _one_order if len(products) == 1 else _orders
    height, parts = draw(products, targets, loss, chosen, line)
    parts.append(_curve(products, targets, loss, chosen))
    return picture(WIDTH, height, *parts, title=_("How wrong?"))


def _one_order(
    products: Sequence[float], targets: Sequence[float], loss: Loss, chosen: int, line: Line
) -> tuple[float, list[str]]:
    """The line above, and under the mistake its square."""
    product, order = products[0], targets[0]
    unit = line.width / (line.high - line.low)
    left = line.at(min(product, order))
    sides = [
        path(["M", line.at(end), 110, "V", 124], class_="bpf-guide") for end in (product, order)
    ]
    return 296.0, [
        words(LEFT, 44, _("order"), class_="bpf-small"),
        _amounts(product, order, 26.0, line),
        _numbers(line, 108.0),
        *sides,
        words(LEFT, 146, _("loss"), class_="bpf-small"),
        _worth(product - order, loss, (LEFT, 168.0)),
        _tiles((left, 124.0), abs(product - order), loss, unit),
        words(LEFT, 216, _("each tile: 1"), class_="bpf-small"),
    ]


def _orders(
    products: Sequence[float], targets: Sequence[float], loss: Loss, chosen: int, line: Line
) -> tuple[float, list[str]]:
    """A row an order, each a button, and at the end the average."""
    parts = [words(SQUARES, TOP - 8, _("each tile: 1"), class_="bpf-small")]
    for place, (product, order) in enumerate(zip(products, targets, strict=True)):
        name = _("order {n}").format(n=place + 1)
        picked = place == chosen
        box = tag(
            "rect",
            x=4.0,
            width=PLOT[0] - 50,
            height=ROW - 4,
            rx=7,
            class_="bpf-card bpf-chosen" if picked else "bpf-card",
        )
        label = _("{order}: product {product}, order {target}, mistake {mistake}").format(
            order=name,
            product=stations.brief(product),
            target=stations.brief(order),
            mistake=stations.brief_signed(product - order),
        )
        parts.append(
            pressable(
                box,
                words(LEFT, 20, name, class_="bpf-name"),
                _amounts(product, order, 2.0, line),
                _tiles_in_row(0.0, abs(product - order), loss),
                _worth(product - order, loss, (SQUARES + REACH * TILE + 7, 32.0)),
                trait="chosen",
                value=place,
                label=label,
                pressed=picked,
                at=(0.0, TOP + ROW * place),
            )
        )
    bottom = TOP + ROW * len(products)
    parts += [_numbers(line, bottom + 10), _average(products, targets, loss, bottom + 20)]
    return max(bottom + 98, 296.0), parts


def _average(products: Sequence[float], targets: Sequence[float], loss: Loss, top: float) -> str:
    value = _value(products, targets, loss)
    total = number(value * len(products))
    size = value if isinstance(loss, MeanAbsoluteError) else math.sqrt(value)
    beside = SQUARES + REACH * TILE + 7
    return group(
        words(LEFT, top + 34, _("loss"), class_="bpf-name"),
        words(LINE, top + 34, _("all of them averaged"), class_="bpf-small"),
        _tiles_in_row(top, size, loss, " bpf-average"),
        words(beside, top + 24, f"{total} / {len(products)}", class_="bpf-number"),
        words(beside, top + 44, f"= {number(value)}", class_="bpf-number bpf-strong"),
    )


def _amounts(product: float, order: float, top: float, line: Line) -> str:
    """The ticket and the crate over their line, and the mistake as an arrow from one to other."""
    floor = top + 60.0
    mistake = product - order
    return group(
        words(LEFT, top + 43, _("product"), class_="bpf-small"),
        words(
            LEFT,
            floor + 4,
            _("mistake {mistake}").format(mistake=stations.brief_signed(mistake, 2)),
            class_="bpf-small",
        ),
        path(["M", LINE, floor, "H", LINE + line.width], class_="bpf-axis"),
        path(["M", line.at(order), top + 14, "V", floor], class_="bpf-guide"),
        _arrow(line.at(order), line.at(product), floor),
        stations.crate((line.at(order), top + 13), order, 46, 21, "order", 2),
        stations.crate((line.at(product), top + 39), product, 46, 21, decimals=2),
    )


def _arrow(start: float, end: float, y: float) -> str:
    if abs(end - start) < 1.0:
        return tag("circle", cx=start, cy=y, r=3.5, class_="bpf-dot")
    way = 1.0 if end > start else -1.0
    head = min(9.0, abs(end - start))
    return group(
        path(["M", start, y - 6, "V", y + 6, "M", start, y, "H", end], class_="bpf-mistake"),
        path(
            ["M", end - way * head, y - 6, "L", end, y, "L", end - way * head, y + 6],
            class_="bpf-mistake",
        ),
    )


def _numbers(line: Line, y: float) -> str:
    marks = [
        words(line.at(value), y, stations.brief(value), class_="bpf-small bpf-middle")
        for value in ticks(line.low, line.high)
    ]
    return group(*marks)


def _tiles_in_row(top: float, size: float, loss: Loss, kind: str = "") -> str:
    high = 1.0 if isinstance(loss, MeanAbsoluteError) else size
    return _tiles((SQUARES, top + (ROW - 4 - TILE * high) / 2), size, loss, TILE, kind)


def _tiles(at: Point, size: float, loss: Loss, unit: float, kind: str = "") -> str:
    """A square of that side, or a strip of that length, ruled into tiles of one by one."""
    if size * unit < 0.5:
        return ""
    high = 1.0 if isinstance(loss, MeanAbsoluteError) else size
    rules: list[object] = []
    for n in range(1, math.ceil(size)):
        rules += ["M", n * unit, 0, "V", high * unit]
    for n in range(1, math.ceil(high)):
        rules += ["M", 0, n * unit, "H", size * unit]
    return group(
        tag("rect", width=size * unit, height=high * unit, class_=f"bpf-loss-area{kind}"),
        path(rules, class_="bpf-tile") if rules else "",
        at=at,
    )


def _worth(mistake: float, loss: Loss, at: Point) -> str:
    """What a mistake counts, on two lines: (−2)² = 4, or |−2| = 2."""
    value = stations.brief(loss.value([mistake], [0.0]), 2)
    return group(
        words(at[0], at[1], worth(mistake, loss, 2), class_="bpf-number"),
        words(at[0], at[1] + 20, f"= {value}", class_="bpf-number bpf-strong"),
    )


def worth(mistake: float, loss: Loss, decimals: int = 4) -> str:
    """How a mistake is counted, without the result.

    >>> from backprop_lib.engine.losses import MeanSquaredError
    >>> worth(-2.0, MeanSquaredError()), worth(-2.0, MeanAbsoluteError())
    ('(−2)²', '|−2|')
    """
    written = stations.brief(mistake, decimals)
    if isinstance(loss, MeanAbsoluteError):
        return f"|{written}|"
    return f"({written})²" if mistake < 0 else f"{written}²"


def _value(products: Sequence[float], targets: Sequence[float], loss: Loss) -> float:
    return loss.value([[product] for product in products], [[target] for target in targets])


def _curve(products: Sequence[float], targets: Sequence[float], loss: Loss, chosen: int) -> str:
    """The loss over one product while the others stay, its point, and its slope there."""
    left, top, width, height = PLOT
    order, here = targets[chosen], products[chosen]
    highest = loss.value([REACH], [0.0])  # and no average of such losses is higher
    chart = Chart((order - REACH, order + REACH), (0.0, highest), width, height, (left, top))
    outputs, orders = np.array([products], dtype=float), np.array([targets], dtype=float)
    value, slope = loss.raw_value(outputs, orders), loss.raw_gradient(outputs, orders)[0, chosen]
    xs = np.linspace(*chart.across, 41)
    ys = []
    for x in xs:
        outputs[0, chosen] = x
        ys.append(min(loss.raw_value(outputs, orders), highest))  # or rounding breaks the ends off
    kink = here == order and isinstance(loss, MeanAbsoluteError)  # there is no one slope
    several = len(products) > 1
    over = _("loss over product {n}") if several else _("loss over the product")
    across = _("product {n}") if several else _("product")
    return chart.draw(
        chart.curve(xs, ys, "bpf-curve bpf-bold"),
        chart.line((here, 0.0), (here, value), (order - REACH, value)),
        "" if kink else chart.through(here, value, float(slope), reach=TANGENT),
        chart.dot(here, value),
        words(0, height + 31, _("slope"), class_="bpf-small"),
        stations.note((52, height + 29), float(slope), 56, 2),
        title=over.format(n=chosen + 1),
        across=across.format(n=chosen + 1),
        up=_("loss"),
    )
