"""Several learning rates raced against each other: the loss of each over the laps, and a list."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.descent.frame import HEIGHT, TALL, TOP, WIDTH, Shown
from backprop_lib.pictures.descent.trail import trail
from backprop_lib.pictures.svg import Point, group, path, picture, tag, words
from backprop_lib.pictures.things import band
from backprop_lib.words.descent import regime_name
from backprop_lib.words.names import plain_number

LEFT = (62.0, TOP)
WIDE = 370.0
LIST = 458.0  # where the list begins
LIST_WIDE = WIDTH - LIST - 14.0
LOWEST, HIGHEST = 1e-6, 1e2  # of the losses that are shown
STYLES = 5  # as many kinds of line as the style sheet has for racers
OWN = "own"


@dataclass(frozen=True)
class Racer:
    """A learning rate in the race and what is shown of it; ``own`` is the learner's."""

    rate: float
    shown: Shown
    own: bool = False

    def loss(self, lap: int) -> float:
        """The loss after that lap; infinite when the numbers exploded before it."""
        losses = self.shown.way.losses
        return float(losses[lap]) if lap < len(losses) else math.inf


def leader(racers: Sequence[Racer], lap: int) -> Racer:
    """The one with the lowest loss after that lap; of equals the first."""
    return min(racers, key=lambda racer: racer.loss(lap))


def draw_race(racers: Sequence[Racer], lap: int, laps: int, method: str = "") -> str:
    """The SVG of the race when ``lap`` laps of ``laps`` are done."""
    chart = Chart((0.0, float(laps)), (LOWEST, HIGHEST), WIDE, TALL, LEFT, log=True)
    first = leader(racers, lap)
    row = TALL / len(racers)
    lines, rows = [], []
    for place, racer in enumerate(racers):
        style = OWN if racer.own else str(place % STYLES)
        losses = racer.shown.way.losses[: lap + 1].tolist()
        points = [(float(n), max(loss, 1e-300)) for n, loss in enumerate(losses)]
        lines.append(trail(chart, points, kind=f"bpf-racer bpf-racer-{style}"))
        if chart.holds(*points[-1]):
            lines.append(_mark(chart.place(*points[-1]), style))
        at = (LIST, TOP + row * (place + 0.5))
        rows.append(_row(racer, style, at, lap, racer is first))
    drawn = chart.draw(*lines, title=_("loss, in powers of ten"), across=_("laps"), up=_("loss"))
    title, told = _("Race of the learning rates"), _("lap {lap} of {laps}")
    told = told.format(lap=lap, laps=laps)
    heading = band(WIDTH, "forward", title, "⚑", listed(filter(None, (method, told))))
    return picture(WIDTH, HEIGHT, heading, drawn, *rows, title=title)


def _row(racer: Racer, style: str, at: Point, lap: int, is_first: bool) -> str:
    loss = racer.loss(lap)
    told = _("gone") if math.isinf(loss) else plain_number(loss)
    name = _("yours: {rate}") if racer.own else "{rate}"
    parts = [
        path(["M", 0, -3, "H", 34], class_=f"bpf-racer bpf-racer-{style}"),
        _mark((17.0, -3.0), style),
        words(44, 1, name.format(rate=number(racer.rate)), class_="bpf-name"),
        words(LIST_WIDE, 1, told, class_="bpf-number bpf-end"),
        words(44, 16, regime_name(racer.shown.regime), class_="bpf-small"),
    ]
    if is_first:
        parts.append(words(LIST_WIDE, 16, _("lowest"), class_="bpf-small bpf-strong bpf-end"))
    return group(*parts, at=at)


def _mark(at: Point, style: str) -> str:
    """A shape for each racer, so that colour is not needed to tell them apart."""
    shapes: dict[str, list[object]] = {
        "0": ["M", -5, -5, "H", 5, "V", 5, "H", -5, "Z"],
        "1": ["M", 0, -6, "L", 6, 5, "H", -6, "Z"],
        "2": ["M", 0, -6.5, "L", 6.5, 0, "L", 0, 6.5, "L", -6.5, 0, "Z"],
        "3": ["M", 0, 6, "L", 6, -5, "H", -6, "Z"],
        "4": ["M", -5, -5, "L", 5, 5, "M", -5, 5, "L", 5, -5],
    }
    kind = f"bpf-racer-mark bpf-racer-{style}"
    if style == OWN:
        return tag("circle", cx=at[0], cy=at[1], r=6.0, class_=kind)
    return group(path(shapes[style], class_=kind), at=at)
