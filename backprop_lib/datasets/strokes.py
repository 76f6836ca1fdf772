"""Turn a drawing of lines into the 64 numbers that a digit is for the factory, as its data were.

The digits of ``datasets.digits`` were scanned and made alike by NIST's programs. What these did can
be seen in the images: they are set upright, they fill a box of 20 by 32 dots in the middle of a
sheet of 32 by 32, and their lines are as thick as it takes for all to have about as much ink. Then
the inked dots in each square of 4 by 4 were counted. A drawing goes the same way here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.arrays import Array, has_gaps, short
from backprop_lib.i18n import gettext as _

Strokes = list[list[list[float]]]

PAPER = 100.0  # points lie from 0 to this: x to the right, y down
MOST_STROKES, MOST_POINTS = 40, 1500

SIDE, SQUARE = 32, 4  # dots along the sheet, and along one pixel
TALL, WIDE = 32.0, 20.0  # the box that a digit fills, in dots
PEN = 4.0  # about as wide as the pen is, in dots; its lines end so far inside the box
# A thin 1 is not pulled as wide as a 0: at most so much more across than up. But up all digits are
# pulled; only a line that lies stays one.
MOST_ACROSS, MOST_UP = 1.5, 4.0
INK = 313  # dots: the mean of the data, in which a 1 has as many as an 8
TIP = 0.03  # of the height: what counts as the topmost and the lowest part
FLAT = 1e-6 * PAPER  # a drawing that is no taller only lies
STEEPEST = 1.0  # a lean of more than 45 degrees is no lean
SPACING = 0.5  # dots from one place of the pen to the next


def as_strokes(value: object) -> Strokes:
    """Return a drawing as a list of strokes, each a list of points [x, y] from 0 to 100.

    No stroke at all is an empty sheet, and a stroke of one point is a dot. Raises TypeError or
    ValueError for anything else, and for more than 40 strokes or 1,500 points.

    >>> as_strokes([[(50, 10), (50, 90)]])
    [[[50.0, 10.0], [50.0, 90.0]]]
    """
    if not isinstance(value, list | tuple):
        raise TypeError(
            _(
                "Expected a list of strokes, but {value} came; try [[[50, 10], [50, 90]]] for one "
                "line down the middle."
            ).format(value=short(value))
        )
    if len(value) > MOST_STROKES:
        raise ValueError(
            _("Expected at most {most} strokes, but {count} came; clear the sheet.").format(
                most=MOST_STROKES, count=len(value)
            )
        )
    drawing = [_stroke(stroke, number) for number, stroke in enumerate(value, start=1)]
    points = sum(map(len, drawing))
    if points > MOST_POINTS:
        raise ValueError(
            _(
                "Expected at most {most} points in all, but {count} came; leave some out, "
                "or clear the sheet."
            ).format(most=MOST_POINTS, count=points)
        )
    return [stroke.tolist() for stroke in drawing]


def _stroke(value: object, number: int) -> Array:
    if not isinstance(value, Sequence | np.ndarray) or isinstance(value, str | bytes):
        raise TypeError(
            _("Expected stroke {n} as a list of points, but {value} came; try {example}.").format(
                n=number, value=short(value), example="[[50, 10], [50, 90]]"
            )
        )
    try:
        found = np.empty(0) if has_gaps(value) else np.asarray(value)
    except Exception:  # points of different lengths, or objects that are no points
        found = np.empty(0)
    if found.ndim != 2 or found.shape[1] != 2 or not len(found) or found.dtype.kind not in "iuf":
        raise ValueError(
            _(
                "Expected stroke {n} as points of two numbers each, but {value} came; "
                "try {example}."
            ).format(n=number, value=short(value), example="[[50, 10], [50, 90]]")
        )
    points = found.astype(np.float64)
    inside = (points >= 0.0) & (points <= PAPER)  # false for what is not a number, too
    if not inside.all():
        row = int(np.flatnonzero(~inside.all(axis=1))[0])
        raise ValueError(
            _(
                "Expected points from 0 to {most}, but point {point} of stroke {n} is {value}; "
                "move it onto the sheet."
            ).format(most=int(PAPER), point=row + 1, n=number, value=points[row].tolist())
        )
    return points


def as_image(strokes: Sequence[npt.ArrayLike]) -> Array:
    """Return a drawing as an image of ``datasets.digits``: (64,) from 0 to 1, row by row.

    ``strokes`` is what ``as_strokes`` returns. An empty sheet is all 0.

    >>> as_image([[[50, 10], [50, 90]]]).reshape(8, 8)[4]
    array([0.  , 0.  , 0.25, 1.  , 1.  , 0.25, 0.  , 0.  ])
    """
    dots = as_dots(strokes)
    pixels = SIDE // SQUARE
    counts = dots.reshape(pixels, SQUARE, pixels, SQUARE).sum(axis=(1, 3))
    image: Array = counts.ravel() / float(SQUARE * SQUARE)
    return image


def as_dots(strokes: Sequence[npt.ArrayLike]) -> npt.NDArray[np.bool_]:
    """Return the sheet, (32, 32): which dots are inked when the drawing is brought into its box."""
    lines = [np.asarray(stroke) for stroke in as_strokes(strokes)]
    if not lines:
        return np.zeros((SIDE, SIDE), dtype=bool)
    pen = _walk(_into_box(_upright(lines)))
    centres = np.arange(SIDE) + 0.5
    across = (centres[:, np.newaxis] - pen[:, 0]) ** 2
    down = (centres[:, np.newaxis] - pen[:, 1]) ** 2
    far = (down[:, np.newaxis, :] + across[np.newaxis, :, :]).min(axis=2)
    # The pen is as thick as it takes: the dots that are nearest to its way are inked.
    dots: npt.NDArray[np.bool_] = far <= np.partition(far, INK - 1, axis=None)[INK - 1]
    return dots


def _upright(lines: list[Array]) -> list[Array]:
    """Push the drawing sideways until the left ends of its top and its bottom are in line.

    So were the data: every 7 stands with the start of its bar above its foot.
    """
    way = _walk(lines, spacing=1.0)
    top, bottom = way[:, 1].min(), way[:, 1].max()
    tall = bottom - top
    if tall < FLAT:
        return lines
    upper = way[way[:, 1] <= top + TIP * tall, 0].min()
    lower = way[way[:, 1] >= bottom - TIP * tall, 0].min()
    lean = min(max((lower - upper) / tall, -STEEPEST), STEEPEST)
    return [np.column_stack([line[:, 0] - lean * (line[:, 1] - top), line[:, 1]]) for line in lines]


def _into_box(lines: list[Array]) -> list[Array]:
    """Stretch the drawing to the box, and lay its middle on the middle of the sheet."""
    low = np.min([line.min(axis=0) for line in lines], axis=0)
    high = np.max([line.max(axis=0) for line in lines], axis=0)
    wide, tall = np.maximum(high - low, 1e-9)  # a dot, or a line, has no width
    across, up = (WIDE - PEN) / wide, (TALL - PEN) / tall
    scale = np.array([min(across, MOST_ACROSS * up), min(up, MOST_UP * across)])
    return [(line - (low + high) / 2.0) * scale + SIDE / 2.0 for line in lines]


def _walk(lines: list[Array], spacing: float = SPACING) -> Array:
    """All places where the pen is, (places, 2), at most ``spacing`` from one to the next."""
    places = [line[:1] for line in lines]
    for line in lines:
        if len(line) == 1:
            continue
        steps = np.hypot(*np.diff(line, axis=0).T)
        counts = np.maximum(np.ceil(steps / spacing).astype(int), 1)
        first = np.repeat(np.arange(len(steps)), counts)
        share = (np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts) + 1) / (
            counts[first]
        )
        places.append(line[first] + (line[first + 1] - line[first]) * share[:, np.newaxis])
    every = np.concatenate(places)
    if len(every) <= MOST_POINTS:
        return every
    # A sheet full of scribble: places that are nearly the same count once.
    columns, rows = np.rint(every / spacing).astype(int).T
    rows -= rows.min()
    once = np.unique(columns * (rows.max() + 1) + rows, return_index=True)[1]
    return every[once]
