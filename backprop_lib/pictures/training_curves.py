"""The losses of a training run, round by round: on what it trains on, and on what is held out."""

from __future__ import annotations

import math

import numpy as np

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.svg import Point, group, path, words
from backprop_lib.study.runs import Entry, Run

MOST_POINTS = 120  # of a curve
# The axis reaches this far, and further where the losses do; below the last of these it is dust.
USUAL, SMALLEST, LARGEST = (1e-4, 1.0), 1e-40, 1e300
WIDE, TALL = 386.0, 92.0


def draw_curves(run: Run, at: Point, beside: Point) -> str:
    """The chart of both losses at ``at``, told apart by dash, and ``beside`` it what they are."""
    entries = _thinned(run.history)
    epochs = [float(entry.epoch) for entry in entries]
    both = {
        "bpf-loss-train": [entry.train for entry in entries],
        "bpf-loss-held-out": [e.held_out for e in entries if e.held_out is not None],
    }
    up = _reach([loss for losses in both.values() for loss in losses])
    chart = Chart((0.0, _round_up(epochs[-1])), up, WIDE, TALL, at, log=True)
    drawn = [_curve(chart, epochs, losses, kind) for kind, losses in both.items() if losses]
    told = chart.draw(*drawn, title=_("Loss, in powers of ten"), across=_("rounds"))
    return told + _scores(run, beside)


def _curve(chart: Chart, epochs: list[float], losses: list[float], kind: str) -> str:
    """A loss round by round; before the first round is done, its one point."""
    if len(losses) > 1:
        return chart.curve(epochs, losses, f"bpf-loss-curve {kind}")
    left, top = chart.place(epochs[0], losses[0])
    return path(["M", left, top, "h", 9], class_=f"bpf-loss-curve {kind}")


def _reach(losses: list[float]) -> tuple[float, float]:
    """The powers of ten between which all these losses lie.

    >>> _reach([1.15, 2e-13]), _reach([0.4, 0.0]), _reach([3e8])
    ((1e-13, 10.0), (0.0001, 1.0), (0.0001, 1000000000.0))
    """
    shown = [*USUAL, *np.clip([loss for loss in losses if loss > 0.0], SMALLEST, LARGEST)]
    down = math.floor(math.log10(min(shown)) + 1e-9)
    up = math.ceil(math.log10(max(shown)) - 1e-9)
    return 10.0**down, 10.0**up


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
