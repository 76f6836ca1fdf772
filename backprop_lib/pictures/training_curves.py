"""The losses of a training run, round by round: on what it trains on, and on what is held out."""

from __future__ import annotations

import numpy as np

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.stations import Point
from backprop_lib.pictures.svg import group, path, words
from backprop_lib.runs import Entry, Run

MOST_POINTS = 120  # of a curve
LEAST_LOSS = 1e-4  # the lower end of the chart
WIDE, TALL = 386.0, 92.0


def draw_curves(run: Run, at: Point, beside: Point) -> str:
    """The chart of both losses at ``at``, told apart by dash, and ``beside`` it what they are."""
    entries = _thinned(run.history)
    epochs = [float(entry.epoch) for entry in entries]
    highest = max(max(entry.train, entry.held_out or 0.0) for entry in run.history[-1:] + entries)
    top = next((10.0**n for n in range(7) if 10.0**n >= highest), 1e7)
    chart = Chart((0.0, _round_up(epochs[-1])), (LEAST_LOSS, top), WIDE, TALL, at, log=True)
    inside = [
        _within(values, top)
        for values in (
            [entry.train for entry in entries],
            [entry.held_out for entry in entries if entry.held_out is not None],
        )
        if values
    ]
    kinds = ("bpf-loss-train", "bpf-loss-held-out")
    curves = [
        chart.curve(epochs, values, f"bpf-loss-curve {kind}")
        for values, kind in zip(inside, kinds, strict=False)
    ]
    drawn = chart.draw(*curves, title=_("Loss, in powers of ten"), across=_("rounds"))
    return drawn + _scores(run, beside)


def _scores(run: Run, at: Point) -> str:
    rows = []
    names = (_("orders it trains on"), _("held-out orders"))
    for held_out, (name, kind) in enumerate(zip(names, ("train", "held-out"), strict=True)):
        if held_out and not run.held_out:
            continue
        score = run.score(held_out=bool(held_out))
        told = _("loss {loss}, right {percent} %").format(
            loss=number(score.loss, 3), percent=number(100 * score.right, 3)
        )
        y = 48.0 * held_out
        rows.append(path(["M", 0, y, "H", 34], class_=f"bpf-loss-curve bpf-loss-{kind}"))
        rows.append(words(44, y + 4, name, class_="bpf-name"))
        rows.append(words(44, y + 22, told, class_="bpf-number"))
    return group(*rows, at=at)


def _within(losses: list[float], top: float) -> list[float]:
    """The losses as the chart can hold them.

    One above ``top`` is drawn at the edge. A curve that falls below ``LEAST_LOSS`` leaves the chart
    there: a line along the edge would say that the loss stays at that.
    """
    below = [True, *(loss < LEAST_LOSS for loss in losses), True]
    return [
        min(loss if below[n] and below[n + 2] else max(loss, LEAST_LOSS), top)
        for n, loss in enumerate(losses)
    ]


def _thinned(history: list[Entry]) -> list[Entry]:
    """Few enough points to draw, the first and the last among them."""
    if len(history) <= MOST_POINTS:
        return history
    places = np.linspace(0, len(history) - 1, MOST_POINTS).round().astype(int)
    return [history[place] for place in places]


def _round_up(epochs: float) -> float:
    """A round number of rounds that is not less."""
    return next(
        (
            step * 10.0**power
            for power in range(1, 9)
            for step in (1.0, 2.0, 5.0)
            if step * 10.0**power >= epochs
        ),
        1e9,
    )
