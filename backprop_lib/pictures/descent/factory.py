"""The picture of a factory's way down: its product on the curve of the loss, and its gates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.pictures import things
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.descent.frame import LEFT, TALL, TOP, WIDE, Shown, draw_way
from backprop_lib.pictures.svg import Point, group, words
from backprop_lib.study.descent import FactoryDescent

DOOR = 26.0  # the height of a row of gates
MOST_DOORS = 11


def draw_factory(shown: Shown, target: float, names: Sequence[str]) -> str:
    """The SVG of a factory's way: its product on the curve of the loss, and its gates lap by lap.

    ``names`` are those of the workers on its first floor.
    """
    way, lap = shown.way, shown.lap
    assert isinstance(way, FactoryDescent)
    chart = Chart((target - 3.4, target + 3.4), (-0.8, 10.0), WIDE, 118.0, LEFT)
    points = list(zip(way.products.tolist(), way.losses.tolist(), strict=True))[: lap + 1]
    title = _("product {product}, order {order}").format(
        product=number(points[-1][0]), order=number(target)
    )
    ground, gates = _loss_curve(chart, target), _gates(way, lap, shown.laps, names)
    return draw_way(shown, chart, ground, points, title, _("product"), _("loss"), gates)


@cache
def _loss_curve(chart: Chart, target: float) -> str:
    return chart.sampled(lambda product: np.square(product - target))


def _gates(way: FactoryDescent, lap: int, laps: int, names: Sequence[str]) -> str:
    """The first floor's gates, a row for each worker and a column for each lap."""
    left, below = LEFT[0], TOP + TALL + 16.0
    top = TOP + TALL - DOOR * (len(names) - 1) - 14.0
    stride = -(-laps // (MOST_DOORS - 1))
    pitch = WIDE / (laps + 1)
    parts = [words(left - 6, below, _("lap"), class_="bpf-small bpf-end")]
    for row, name in enumerate(names):
        y = top + DOOR * row
        parts.append(words(left - 6, y + 4, name, class_="bpf-small bpf-end"))
        for n in range(0, lap + 1, stride):
            at = (left + pitch * (n + 0.5), y)
            parts.append(_gate(at, bool(way.mixes[n, row] > 0.0)))
    for n in range(0, laps + 1, stride):
        x = left + pitch * (n + 0.5)
        parts.append(words(x, below, number(n), class_="bpf-small bpf-middle"))
    return group(*parts)


@cache
def _gate(at: Point, is_open: bool) -> str:
    return things.gate(at, "relu", 1.0 if is_open else 0.0, size=0.66)
