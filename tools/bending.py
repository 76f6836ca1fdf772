"""More images out of few: copies that are moved, leaned, stretched and bent a little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backprop_lib.datasets.dataset import Dataset, as_dataset
from backprop_lib.engine.arrays import Array, as_count, as_random
from backprop_lib.i18n import gettext as _

# How far a copy may differ, in pixels or as a share.
MOVE, LEAN, BEND = 1.0, 0.35, 0.65
NARROWEST, WIDEST = 0.6, 1.15
SHORTEST, TALLEST = 0.8, 1.1
MOST_COPIES = 10_000
MOST_NUMBERS = 50_000_000  # in all copies together: 400 million bytes
HANDLES = 3  # along each side of the image: where it is taken hold of, to bend it


def bent_copies(images: Dataset, copies: int = 1, seed: int | np.random.Generator = 0) -> Dataset:
    """The same square images, and after them so many bent copies of each, with the same targets.

    A factory that has seen them reads strange hands better. Raises ValueError for images that are
    not square, and what ``as_count`` and ``as_random`` raise.

    >>> from backprop_lib.datasets import digits
    >>> bent_copies(digits().train, copies=2)
    Dataset(digits: 4314 examples, 64 → 10)
    """
    numbers = as_dataset(images).inputs.size
    most = min(MOST_COPIES, max(1, MOST_NUMBERS // numbers))
    copies = as_count(copies, _("the number of copies"), most=most)
    random = as_random(seed)
    side = round(images.inputs.shape[1] ** 0.5)
    if side * side != images.inputs.shape[1] or side < 2:
        raise ValueError(
            _("Expected square images such as 8 × 8, but {count} numbers an image came.").format(
                count=images.inputs.shape[1]
            )
        )
    squares = images.inputs.reshape(-1, side, side)
    bent = [_bent(squares, random).reshape(len(squares), -1) for _copy in range(copies)]
    return replace(
        images,
        inputs=np.concatenate([images.inputs, *bent]),
        targets=np.tile(images.targets, (copies + 1, 1)),
    )


def _bent(images: Array, random: np.random.Generator) -> Array:
    """Each image once, (images, side, side), as it looks through its own bent glass."""
    count, side, _side = images.shape

    def chance(low: float, high: float) -> Array:
        return random.uniform(low, high, (count, 1, 1))

    places = np.arange(side) - (side - 1) / 2
    down, across = places[:, np.newaxis], places[np.newaxis, :]
    # Where in the old image each pixel of the new one looks.
    wide, tall = chance(NARROWEST, WIDEST), chance(SHORTEST, TALLEST)
    right, lean, lower = chance(-MOVE, MOVE), chance(-LEAN, LEAN), chance(-MOVE / 2, MOVE / 2)
    handles = _between(random.normal(0.0, BEND, (2, count, HANDLES, HANDLES)), side)
    rows = (down - lower) / tall + handles[0] + (side - 1) / 2
    columns = (across - right - lean * down) / wide + handles[1] + (side - 1) / 2
    return _looked_up(images, rows, columns)


def _between(handles: Array, side: int) -> Array:
    """Spread the numbers of a coarse grid evenly over ``side`` × ``side`` pixels."""
    places = np.linspace(0, HANDLES - 1, side)
    weights = np.maximum(1.0 - np.abs(places[:, np.newaxis] - np.arange(HANDLES)), 0.0)
    spread: Array = weights @ handles @ weights.T
    return spread


def _looked_up(images: Array, rows: Array, columns: Array) -> Array:
    """The images' values between their pixels; around an image lies white paper."""
    count, side, _side = images.shape
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2)))
    rows, columns = np.clip(rows, -1.0, side), np.clip(columns, -1.0, side)
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    low, right = rows - top, columns - left
    own = np.arange(count)[:, np.newaxis, np.newaxis]

    def value(row: int, column: int) -> Array:
        found: Array = padded[own, top + 1 + row, left + 1 + column]
        return found

    upper = value(0, 0) * (1.0 - right) + value(0, 1) * right
    lower = value(1, 0) * (1.0 - right) + value(1, 1) * right
    seen: Array = upper * (1.0 - low) + lower * low
    return seen
