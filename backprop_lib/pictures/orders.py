"""Orders of two kinds as points, and the legend of their shapes and of the colours behind them."""

from __future__ import annotations

import numpy as np

from backprop_lib.i18n import gettext as _
from backprop_lib.pictures.answers import Field, png
from backprop_lib.pictures.svg import Point, clipped, group, path, tag, words
from backprop_lib.study.runs import Run
from backprop_lib.words.playground import kinds_told, scale_told


def draw_orders(run: Run, field: Field, size: float) -> str:
    """The orders in a square of ``size``: circles for 0, squares for 1; hollow when held out."""
    parts = []
    data = ((run.train, ""), (run.held_out, " bpf-held-out"))
    radius = 3.4 if sum(len(one) for one, _look in data if one) > 40 else 6.0
    for one, look in data:
        if one is None:
            continue
        shapes: tuple[list[str], list[str]] = ([], [])
        for (x, y), (target,) in zip(one.inputs.tolist(), one.targets.tolist(), strict=True):
            right, down = field.place(x, y)
            shapes[target > 0.5].append(_shape(right * size, down * size, radius, target > 0.5))
        for kind, many in enumerate(shapes):
            if many:
                parts.append(path(["".join(many)], class_=f"bpf-point bpf-point-{kind}{look}"))
    return "".join(parts)


def _shape(x: float, y: float, radius: float, square: bool) -> str:
    if square:
        half = radius * 0.9
        return f"M{x - half:.1f} {y - half:.1f}h{2 * half:.1f}v{2 * half:.1f}h{-2 * half:.1f}z"
    turn = f"a{radius} {radius} 0 1 1 "
    return f"M{x - radius:.1f} {y:.1f}{turn}{2 * radius} 0{turn}{-2 * radius} 0z"


def draw_legend(run: Run, kinds: tuple[str, str], wide: float, at: Point, is_answer: bool) -> str:
    """What shapes and colours mean, in so wide a place; ``is_answer`` is not a worker's colour."""
    names = kinds_told(kinds)
    rows = []
    for kind, name in enumerate(names):
        shape = path([_shape(7, kind * 19.0, 5.0, kind == 1)], class_=f"bpf-point bpf-point-{kind}")
        rows += [shape, words(20, 4 + kind * 19.0, clipped(name, 28), class_="bpf-small")]
    if run.held_out:
        for kind in (0, 1):
            shape = _shape(196 + 14 * kind, 0.0, 5.0, kind == 1)
            rows.append(path([shape], class_=f"bpf-point bpf-point-{kind} bpf-held-out"))
        rows.append(words(wide, 4, _("held out"), class_="bpf-small bpf-end"))
    low, high = scale_told(is_answer)
    bar = tag(
        "image",
        x=wide / 2 - 40,
        y=31.0,
        width=80.0,
        height=13.0,
        preserveAspectRatio="none",
        href=png(np.linspace(0.0, 1.0, 32)[np.newaxis]),
    )
    rows.append(words(wide / 2 - 47, 42, low, class_="bpf-small bpf-end"))
    rows += [bar, words(wide / 2 + 47, 42, high, class_="bpf-small")]
    return group(*rows, at=at)
