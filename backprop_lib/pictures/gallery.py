"""Small grey images side by side: digits that were read, each with the answer and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _
from backprop_lib.pictures.svg import Picture, group, path, picture, tag, words

TILE, TALL, ACROSS = 116.0, 138.0, 6
IMAGE = 72.0
LEVELS = 16  # as many greys as the digits have


@dataclass(frozen=True)
class Reading:
    """One image, (side * side,) from 0 to 1, what it is, what was read, and how sure."""

    pixels: Array
    truth: int
    answer: int
    sureness: float  # from 0 to 1

    @property
    def right(self) -> bool:
        """Whether it was read as what it is."""
        return self.truth == self.answer


def pixels(values: Array, size: float, at: tuple[float, float]) -> str:
    """A square grey image, (side * side,) from 0 (paper) to 1 (ink), drawn ``size`` wide."""
    side = round(len(values) ** 0.5)
    step = size / side
    levels = np.rint(values * LEVELS).astype(int)
    layers = [tag("rect", width=size, height=size, class_="bpf-cell-frame")]
    for level in np.unique(levels[levels > 0]):
        squares: list[object] = []
        for place in np.flatnonzero(levels == level):
            corner = (step * (place % side), step * (place // side))
            squares += ["M", *corner, "h", step, "v", step, "h", -step, "Z"]
        layers.append(path(squares, class_="bpf-ink", fill_opacity=f"{level / LEVELS:.2f}"))
    return group(*layers, at=at)


def draw_gallery(readings: Sequence[Reading]) -> Picture:
    """The SVG of all the readings; wrong ones have a dashed frame, a cross and the truth."""
    rows = -(-len(readings) // ACROSS)
    tiles = {
        f"tile {n}": _tile(reading, (TILE * (n % ACROSS), TALL * (n // ACROSS)))
        for n, reading in enumerate(readings)
    }
    return picture(TILE * ACROSS, TALL * rows, title=_("Digits that were read"), **tiles)


def _tile(reading: Reading, at: tuple[float, float]) -> str:
    kind = "bpf-right" if reading.right else "bpf-wrong"
    mark = "✓" if reading.right else "✗"
    wide = (TILE - 32) * reading.sureness
    truth = "" if reading.right else _("it is {digit}").format(digit=reading.truth)
    return group(
        tag("rect", x=4.0, y=4.0, width=TILE - 8, height=TALL - 8, rx=6, class_=f"bpf-card {kind}"),
        pixels(reading.pixels, IMAGE, ((TILE - IMAGE) / 2, 12.0)),
        words(16, 106, f"{mark} {reading.answer}", class_=f"bpf-answer {kind}-words"),
        words(TILE - 14, 105, truth, class_="bpf-small bpf-end"),
        tag("rect", x=16.0, y=115.0, width=TILE - 32, height=6.0, rx=3, class_="bpf-meter"),
        tag("rect", x=16.0, y=115.0, width=wide, height=6.0, rx=3, class_=f"bpf-sure {kind}"),
        at=at,
    )
