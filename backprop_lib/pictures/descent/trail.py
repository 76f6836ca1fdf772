"""The way of a ball through a chart: dots, arrows from lap to lap, cut off at the chart's edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.svg import Point, group, path, tag

BALL = 8.0
HEAD = 7.0  # how long an arrow's head is


def trail(
    chart: Chart, points: Sequence[Point], kind: str = "bpf-trail", arrows: bool = False
) -> str:
    """Straight lines from point to point, with ``arrows`` if you like, as far as the chart goes."""
    spots = [chart.spot(*point) for point in points]
    lines: list[object] = []
    heads: list[object] = []
    for a, b in pairwise(spots):
        seen = chart.cut(a, b)
        if seen is None:
            continue
        start, end = seen
        lines += ["M", *start, "L", *end]
        length = math.dist(start, end)
        if arrows and length > 1.6 * HEAD:
            # Within the chart the head ends at the dot's rim, at the edge at the edge.
            back = 4.0 if end == b else 0.0
            heads += _head(start, end, length, back)
    if not lines:
        return ""
    drawn = path(lines, class_=kind)
    return drawn + path(heads, class_="bpf-trail-head") if heads else drawn


def _head(start: Point, end: Point, length: float, back: float) -> list[object]:
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    tip = (end[0] - back * along[0], end[1] - back * along[1])
    root = (tip[0] - HEAD * along[0], tip[1] - HEAD * along[1])
    side = (-along[1] * HEAD / 2, along[0] * HEAD / 2)
    return [
        "M", *tip, "L", root[0] + side[0], root[1] + side[1],
        "L", root[0] - side[0], root[1] - side[1], "Z",
    ]  # fmt: skip


def dots(chart: Chart, points: Sequence[Point]) -> str:
    """A dot for each lap that lies in the chart."""
    radius = 3.4 if len(points) <= 21 else 2.2
    return group(
        *(
            chart.dot(*point, kind="bpf-lap", radius=radius)
            for point in points
            if chart.holds(*point)
        )
    )


def ball(chart: Chart, points: Sequence[Point]) -> str:
    """The ball at the last of the points; where the picture moves, another one rolls to it."""
    if not chart.holds(*points[-1]):
        return ""
    at = chart.place(*points[-1])
    shape = tag("circle", r=BALL, class_="bpf-ball")
    rolling = ""
    if len(points) > 1:
        was = chart.place(*points[-2])
        start = f"--dx:{was[0] - at[0]:.0f}px;--dy:{was[1] - at[1]:.0f}px"
        rolling = group(shape, class_="bpf-traveller", style=start)
    return group(shape, rolling, at=at)
