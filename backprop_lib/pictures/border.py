"""The line on which numbers all over a box pass through one of them."""

from __future__ import annotations

import numpy as np

from backprop_lib.engine.arrays import Array


def border(values: Array, level: float, width: float, height: float) -> str:
    """Where ``values`` (rows, columns), from the top, pass through ``level``: a path in a box.

    Marching squares (Lorensen and Cline 1987, in two dimensions): in each cell of four neighbours a
    straight piece joins the edges on which the level is passed.
    """
    rows, columns = values.shape
    above = values - level
    above[np.abs(above) < 1e-9] = 0.0  # an answer that is the same all over draws no line of dust
    # Where each edge is passed, as a share of its length; flat[i, j] goes right from (i, j).
    flat, steep = _passes(above[:, :-1], above[:, 1:]), _passes(above[:-1], above[1:])
    row, column = np.mgrid[0 : rows - 1, 0 : columns - 1].astype(float)
    # Of each cell: top, left, bottom, right. With four passes this joins top-left, bottom-right.
    xs = np.stack([column + flat[:-1], column, column + flat[1:], column + 1.0], axis=-1)
    ys = np.stack([row, row + steep[:, :-1], row + 1.0, row + steep[:, 1:]], axis=-1)
    passed = np.isfinite(np.stack([flat[:-1], steep[:, :-1], flat[1:], steep[:, 1:]], axis=-1))
    sizes = width / (columns - 1), height / (rows - 1)
    ends = (np.stack([xs[passed], ys[passed]], axis=-1) * sizes).reshape(-1, 4)
    return "".join(f"M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}" for x, y, u, v in ends.tolist())


def _passes(here: Array, there: Array) -> Array:
    """The share of the way from ``here`` to ``there`` at which 0 is passed; else not-a-number."""
    with np.errstate(all="ignore"):
        return np.where((here > 0.0) != (there > 0.0), here / (here - there), np.nan)
