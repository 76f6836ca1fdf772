"""A way down, lap by lap: left the ground with the way so far, right the loss over the laps.

Above both stands the name of what the learning rate does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed
from backprop_lib.pictures import things
from backprop_lib.pictures.chart import Chart, decades
from backprop_lib.pictures.descent.trail import ball, dots, trail
from backprop_lib.pictures.svg import Point, picture
from backprop_lib.study.descent import Descent
from backprop_lib.words.descent import regime_name
from backprop_lib.words.names import plain_number

WIDTH, HEIGHT = 720.0, 344.0
TOP, TALL = 72.0, 230.0
LEFT = (48.0, TOP)
WIDE = 310.0
RIGHT = (436.0, TOP)
LAPS_WIDE = 268.0

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


def draw_way(
    shown: Shown,
    chart: Chart,
    ground: str,
    points: Sequence[Point],
    title: str,
    across: str,
    up: str,
    below: str = "",
) -> str:
    """The SVG of a way whose points, up to the lap shown, lie in a chart on its ``ground``."""
    if not chart.holds(*points[-1]):
        title = _("{place}: off the picture").format(place=title)
    way = trail(chart, points, arrows=True), dots(chart, points[:-1]), ball(chart, points)
    left = chart.draw(ground, *way, title=title, across=across, up=up) + below
    mark, colour = MARKS[shown.regime]
    heading = things.band(WIDTH, colour, regime_name(shown.regime), mark, status(shown))
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
