"""How wrong each product is: a mistake as a length, what it counts as tiles, the loss as a curve.

Every order has a number line with its product and the order itself. The mistake between them counts
as an area, as wide as the mistake is long: a square, or for the absolute loss a strip one tile
high. Beside them the loss is drawn over one of the products, with its slope.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from backprop_lib.engine.loss import Loss, MistakeLoss
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.pictures import things
from backprop_lib.pictures.chart import Chart, ticks
from backprop_lib.pictures.svg import Point, group, path, picture, pressable, tag, words
from backprop_lib.words.loss import Judged, alone, counted

REACH = 4.0  # a product is drawn up to this far from its order
WIDTH = 784.0
LEFT = 14.0  # of the words before a line
LINE = 126.0  # the left end of the number lines
ROOM = 104.0  # for what a mistake counts
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


def draw_loss(judged: Judged) -> str:
    """The SVG of one to three products beside their orders, and the curve over the chosen one.

    Each product is at most ``REACH`` away from its order.
    """
    width = WIDE if len(judged.products) == 1 else NARROW
    line = Line(min(judged.targets) - REACH, max(judged.targets) + REACH, width)
    draw = _one_order if len(judged.products) == 1 else _orders
    height, parts = draw(judged, line)
    parts.append(_curve(judged))
    return picture(WIDTH, height, *parts, title=_("How wrong?"))


def _one_order(judged: Judged, line: Line) -> tuple[float, list[str]]:
    """The line above, and under the mistake its square."""
    (product,), (order,), loss = judged.products, judged.targets, judged.loss
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
        _tiles((left, 124.0), Area.of(product - order, loss), unit),
        words(LEFT, 216, _each_tile(loss), class_="bpf-small"),
    ]


def _orders(judged: Judged, line: Line) -> tuple[float, list[str]]:
    """A row an order, each a button, and at the end the average."""
    loss = judged.loss
    parts = [words(SQUARES, TOP - 8, _each_tile(loss), class_="bpf-small")]
    for place, (product, order) in enumerate(zip(judged.products, judged.targets, strict=True)):
        name = _("order {n}").format(n=place + 1)
        picked = place == judged.chosen
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
            product=things.brief(product),
            target=things.brief(order),
            mistake=things.brief_signed(product - order),
        )
        parts.append(
            pressable(
                box,
                words(LEFT, 20, name, class_="bpf-name"),
                _amounts(product, order, 2.0, line),
                _tiles_in_row(0.0, Area.of(product - order, loss)),
                _worth(product - order, loss, (SQUARES + REACH * TILE + 7, 32.0)),
                trait="chosen",
                value=place,
                label=label,
                pressed=picked,
                at=(0.0, TOP + ROW * place),
            )
        )
    bottom = TOP + ROW * len(judged.products)
    parts += [_numbers(line, bottom + 10), _average(judged, bottom + 20)]
    return max(bottom + 98, 296.0), parts


def _average(judged: Judged, top: float) -> str:
    value, loss, orders = judged.value, judged.loss, len(judged.products)
    beside = SQUARES + REACH * TILE + 7
    return group(
        words(LEFT, top + 34, _("loss"), class_="bpf-name"),
        words(LINE, top + 34, _("all of them averaged"), class_="bpf-small"),
        _tiles_in_row(top, Area.of(_as_large(value, loss), loss), " bpf-average"),
        words(beside, top + 24, f"{number(value * orders)} / {orders}", class_="bpf-number"),
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
            _("mistake {mistake}").format(mistake=things.brief_signed(mistake, 2)),
            class_="bpf-small",
        ),
        path(["M", LINE, floor, "H", LINE + line.width], class_="bpf-axis"),
        path(["M", line.at(order), top + 14, "V", floor], class_="bpf-guide"),
        _arrow(line.at(order), line.at(product), floor),
        things.crate((line.at(order), top + 13), order, 46, 21, "order", 2),
        things.crate((line.at(product), top + 39), product, 46, 21, decimals=2),
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
        words(line.at(value), y, things.brief(value), class_="bpf-small bpf-middle")
        for value in ticks(line.low, line.high)
    ]
    return group(*marks)


@dataclass(frozen=True)
class Area:
    """What a mistake counts as a rectangle, in tiles."""

    wide: float
    high: float

    @classmethod
    def of(cls, mistake: float, loss: Loss) -> Area:
        """As wide as the mistake is long; wider only where it would be too high."""
        area, wide = counted(loss, mistake) / _tile(loss), abs(mistake)
        if area > wide * REACH:
            wide = area / REACH
        return cls(wide, area / wide if wide else 0.0)


def _tile(loss: Loss) -> float:
    """What a tile counts: 1, or more where the largest area would be too large."""
    largest = max(counted(loss, REACH), counted(loss, -REACH))
    return float(math.ceil(largest / REACH**2)) or 1.0


def _each_tile(loss: Loss) -> str:
    return _("each tile: {worth}").format(worth=number(_tile(loss)))


def _as_large(value: float, loss: Loss) -> float:
    """The mistake that counts so much by itself, found by halving where it may be."""
    low, high = 0.0, REACH
    for _half in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if counted(loss, middle) < value else (low, middle)
    return high


def _tiles_in_row(top: float, area: Area, kind: str = "") -> str:
    return _tiles((SQUARES, top + (ROW - 4 - TILE * area.high) / 2), area, TILE, kind)


def _tiles(at: Point, area: Area, unit: float, kind: str = "") -> str:
    """That rectangle, ruled into tiles."""
    wide, high = (round(side, 9) for side in (area.wide, area.high))
    if wide * unit < 0.5:
        return ""
    rules: list[object] = []
    for n in range(1, math.ceil(wide)):
        rules += ["M", n * unit, 0, "V", high * unit]
    for n in range(1, math.ceil(high)):
        rules += ["M", 0, n * unit, "H", wide * unit]
    return group(
        tag("rect", width=wide * unit, height=high * unit, class_=f"bpf-loss-area{kind}"),
        path(rules, class_="bpf-tile") if rules else "",
        at=at,
    )


def _worth(mistake: float, loss: MistakeLoss, at: Point) -> str:
    """What a mistake counts, on two lines: (−2)² = 4, or |−2| = 2."""
    value = things.brief(counted(loss, mistake), 2)
    form = alone(loss, mistake).format(things.brief(mistake, 2))
    return group(
        things.fitted(at, form, ROOM, 14.0, class_="bpf-number") if form else "",
        words(at[0], at[1] + 20, f"= {value}", class_="bpf-number bpf-strong"),
    )


def _curve(judged: Judged) -> str:
    """The loss over one product while the others stay, its point, and its slope there."""
    left, top, width, height = PLOT
    loss, chosen, value, slope = judged.loss, judged.chosen, judged.value, judged.slope
    order, here = judged.targets[chosen], judged.products[chosen]
    highest = max(counted(loss, REACH), counted(loss, -REACH))  # and no average is higher
    chart = Chart((order - REACH, order + REACH), (0.0, highest), width, height, (left, top))
    made, orders = np.array([judged.products], dtype=float), np.array([judged.targets])
    xs = np.linspace(*chart.across, 41)
    ys = []
    for x in xs:
        made[0, chosen] = x
        ys.append(min(loss.raw_value(made, orders), highest))  # or rounding breaks the ends off
    several = len(judged.products) > 1
    over = _("loss over product {n}") if several else _("loss over the product")
    across = _("product {n}") if several else _("product")
    return chart.draw(
        chart.curve(xs, ys, "bpf-curve bpf-bold"),
        chart.line((here, 0.0), (here, value), (order - REACH, value)),
        "" if judged.at_kink else chart.through(here, value, slope, reach=TANGENT),
        chart.dot(here, value),
        words(0, height + 31, _("slope"), class_="bpf-small"),
        things.note((52, height + 29), slope, 56, 2),
        title=over.format(n=chosen + 1),
        across=across.format(n=chosen + 1),
        up=_("loss"),
    )
