"""The way of a ball through a chart: dots, arrows from lap to lap, cut off at the chart's edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from backprop_lib.pictures.chart import Chart, share_of
from backprop_lib.pictures.stations import Point
from backprop_lib.pictures.svg import group, path, tag

BALL = 8.0
HEAD = 7.0  # how long an arrow's head is
FAR = 1e6  # pixels; what lies farther out only gives the direction


def spot(chart: Chart, x: float, y: float) -> Point:
    """Where a point stands, in pixels, even far outside of the chart."""
    return (
        _along(x, chart.across, chart.log_across) * chart.width,
        (1.0 - _along(y, chart.up, chart.log)) * chart.height,
    )


def _along(value: float, axis: Point, is_log: bool) -> float:
    return min(max(share_of(value, axis, is_log), -FAR), FAR)


def cut(a: Point, b: Point, width: float, height: float) -> tuple[Point, Point] | None:
    """The part of the line from ``a`` to ``b`` that lies in a box; None when none does.

    By Liang and Barsky 1984: of the way from a to b, each edge takes off what lies beyond it.

    >>> cut((5.0, 5.0), (25.0, 5.0), 10.0, 10.0)
    ((5.0, 5.0), (10.0, 5.0))
    """
    first, last = 0.0, 1.0
    for start, way, size in ((a[0], b[0] - a[0], width), (a[1], b[1] - a[1], height)):
        if way == 0.0:
            if not 0.0 <= start <= size:
                return None
            continue
        meets = sorted((-start / way, (size - start) / way))
        first, last = max(first, meets[0]), min(last, meets[1])
    if first > last:
        return None
    ends = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for t in (first, last)]
    return ends[0], b if last == 1.0 else ends[1]


def trail(
    chart: Chart, points: Sequence[Point], kind: str = "bpf-trail", arrows: bool = False
) -> str:
    """Straight lines from point to point, with ``arrows`` if you like, as far as the chart goes."""
    spots = [spot(chart, *point) for point in points]
    lines: list[object] = []
    heads: list[object] = []
    for a, b in pairwise(spots):
        seen = cut(a, b, chart.width, chart.height)
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
