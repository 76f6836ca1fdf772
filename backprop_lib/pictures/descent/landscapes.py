"""The pictures of landscapes: a curve for one knob, a map with lines of equal loss for two."""

from __future__ import annotations

from functools import cache

import numpy as np

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number
from backprop_lib.pictures.border import border
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.descent.frame import LEFT, TALL, WIDE, Shown, draw_way
from backprop_lib.pictures.svg import path, tag
from backprop_lib.study.descent import Landscape

CELL = 5.0  # pixels; contours are looked for on a grid of such cells


def draw_landscape(landscape: Landscape, shown: Shown) -> str:
    """The SVG of a way down a landscape: on a curve, or seen from above where there are two knobs.

    On the curve a piece of the tangent is where the ball is.
    """
    chart, way, seen = landscape_chart(landscape), shown.way, slice(shown.lap + 1)
    axes = landscape.knob_names
    if len(axes) == 1:
        points = list(zip(way.points[seen, 0].tolist(), way.losses[seen].tolist(), strict=True))
        slope = float(landscape.gradient(way.points[shown.lap])[0])
        ground = _curve(landscape) + _tangent(chart, *points[-1], slope)
        digits = 4
    else:
        points = [(one, other) for one, other in way.points[seen].tolist()]
        ground = _contours(landscape, chart)
        digits = 3
    named = zip(axes, points[-1], strict=False)
    title = listed(f"{name} = {number(at, digits)}" for name, at in named)
    return draw_way(shown, chart, ground, points, title, axes[0], (*axes, _("loss"))[1])


def landscape_chart(landscape: Landscape) -> Chart:
    """The chart of the landscape's window; one seen from above is as far across as up.

    >>> from backprop_lib.study.descent import Bowl
    >>> landscape_chart(Bowl()).up
    (-0.5, 10.0)
    """
    low, high = np.transpose(landscape.window)
    if landscape.knobs == 2:
        size = np.array([WIDE, TALL])
        middle, half = (low + high) / 2, ((high - low) / size).max() * size / 2
        low, high = middle - half, middle + half
    across, up = np.transpose([low, high]).tolist()
    return Chart(tuple(across), tuple(up), WIDE, TALL, LEFT)


@cache
def _curve(landscape: Landscape) -> str:
    chart = landscape_chart(landscape)
    return chart.sampled(lambda w: landscape.value(w[:, np.newaxis]))


def _tangent(chart: Chart, w: float, loss: float, slope: float) -> str:
    """A short piece of the straight line that touches the curve at the ball."""
    return chart.through(w, loss, slope, reach=34.0) if chart.holds(w, loss) else ""


@cache
def _contours(landscape: Landscape, chart: Chart) -> str:
    """The contours of a landscape of two knobs in a chart: ellipses where they are, else traced."""
    scale = np.array([chart.width, chart.height]) / np.ptp([chart.across, chart.up], axis=1)
    x, y = chart.spot(0.0, 0.0)
    across = np.linspace(*chart.across, round(chart.width / CELL))
    up = np.linspace(*chart.up[::-1], round(chart.height / CELL))
    losses = landscape.value(np.stack(np.meshgrid(across, up), axis=-1))
    lines = []
    for level in landscape.levels().tolist():
        axes = landscape.half_axes(level)
        if axes is None:
            way = [border(losses, level, chart.width, chart.height)]
            lines.append(path(way, class_="bpf-contour"))
        else:
            rx, ry = (axes * scale).tolist()
            lines.append(tag("ellipse", cx=x, cy=y, rx=rx, ry=ry, class_="bpf-contour"))
    # An inner picture cuts off what reaches beyond its edges, without an id to refer to.
    return tag("svg", *lines, width=chart.width, height=chart.height)
