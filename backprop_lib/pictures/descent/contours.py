"""Lines of equal loss over two knobs, as on a map."""

from __future__ import annotations

from functools import cache

import numpy as np

from backprop_lib.pictures.border import border
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.svg import path, tag
from backprop_lib.study.descent import Landscape

CELL = 5.0  # pixels; contours are looked for on a grid of such cells


@cache
def contours(landscape: Landscape, chart: Chart) -> str:
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
