"""A ball on its way down, lap by lap: on a curve, in a long valley or in a factory, with its loss.

Left is the landscape with the way so far, right the loss over the laps, and above them the name of
what the learning rate does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number
from backprop_lib.pictures import stations
from backprop_lib.pictures.chart import Chart, decades
from backprop_lib.pictures.descent.contours import contours
from backprop_lib.pictures.descent.trail import ball, dots, trail
from backprop_lib.pictures.stations import Point
from backprop_lib.pictures.svg import group, picture, words
from backprop_lib.study.descent import Descent, FactoryDescent, Landscape
from backprop_lib.words.descent import regime_name
from backprop_lib.words.names import plain_number

WIDTH, HEIGHT = 720.0, 344.0
TOP, TALL = 72.0, 230.0
LEFT = (48.0, TOP)
WIDE = 310.0
RIGHT = (436.0, TOP)
LAPS_WIDE = 268.0
MARGIN = 14.0
DOOR = 26.0  # the height of a row of gates
MOST_DOORS = 11

# Each regime's mark and the colour of its band.
MARKS = {
    "ready": ("•", "forward"),
    "rests": ("•", "forward"),
    "crawls": ("…", "forward"),
    "smooth": ("↘", "update"),
    "zig-zag": ("↯", "loss"),
    "bounces": ("↔", "backward"),
    "explodes": ("↗", "backward"),
    "shut": ("✕", "backward"),
}


@dataclass(frozen=True)
class Shown:
    """A way down, of which ``lap`` laps of ``laps`` are shown, and what it is called."""

    way: Descent
    lap: int
    laps: int
    regime: str
    method: str = ""  # in words; nothing for plain gradient descent


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
        ground = contours(landscape, chart)
        digits = 3
    named = zip(axes, points[-1], strict=False)
    title = listed(f"{name} = {number(at, digits)}" for name, at in named)
    left = chart.draw(
        ground,
        *_way(chart, points),
        title=_where(chart, points, title),
        across=axes[0],
        up=(*axes, _("loss"))[1],
    )
    return _both(left, shown)


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
    left = chart.draw(
        _loss_curve(chart, target),
        *_way(chart, points),
        title=_where(chart, points, title),
        across=_("product"),
        up=_("loss"),
    )
    return _both(left + _gates(way, lap, shown.laps, names), shown)


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


@cache
def _loss_curve(chart: Chart, target: float) -> str:
    return chart.sampled(lambda product: np.square(product - target))


def _tangent(chart: Chart, w: float, loss: float, slope: float) -> str:
    """A short piece of the straight line that touches the curve at the ball."""
    return chart.through(w, loss, slope, reach=34.0) if chart.holds(w, loss) else ""


def _way(chart: Chart, points: Sequence[Point]) -> tuple[str, str, str]:
    return trail(chart, points, arrows=True), dots(chart, points[:-1]), ball(chart, points)


def _where(chart: Chart, points: Sequence[Point], title: str) -> str:
    if chart.holds(*points[-1]):
        return title
    return _("{place}: off the picture").format(place=title)


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
    return stations.gate(at, "relu", 1.0 if is_open else 0.0, size=0.66)


def _both(left: str, shown: Shown) -> str:
    mark, colour = MARKS[shown.regime]
    heading = stations.band(WIDTH, colour, regime_name(shown.regime), mark, status(shown))
    title = _("The way down, lap by lap")
    return picture(WIDTH, HEIGHT, heading, left, _loss_chart(shown), title=title)


def status(shown: Shown) -> str:
    """How far the laps are, and what turns the knobs if it is not plain gradient descent."""
    text = _("lap {lap} of {laps}")
    if shown.way.exploded and shown.lap == shown.way.laps:
        text = _("beyond all bounds after lap {lap}")
    told = text.format(lap=shown.lap, laps=shown.laps)
    return listed(filter(None, (shown.method, told)))


def _loss_chart(shown: Shown) -> str:
    """The loss over the laps; in powers of ten where it grows far beyond its start."""
    losses = shown.way.losses[: shown.laps + 1]
    first, peak = float(losses[0]), float(losses.max())
    is_log = peak > 4.0 * first > 0.0  # powers of ten cannot begin at 0
    if is_log:
        up = decades(max(float(losses.min()), 1e-4 * first), peak)
    else:
        up = (-0.055 * (peak or 1.0), 1.1 * (peak or 1.0))
    chart = Chart((0.0, float(shown.laps)), up, LAPS_WIDE, TALL, RIGHT, log=is_log)
    points = [(float(n), float(loss)) for n, loss in enumerate(losses[: shown.lap + 1])]
    return chart.draw(
        trail(chart, points),
        dots(chart, points[:-1]),
        ball(chart, points),
        title=_("loss {loss}").format(loss=plain_number(points[-1][1])),
        across=_("laps"),
        up=_("loss"),
    )
