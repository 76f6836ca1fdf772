"""Bring each column of a table to mean 0 and spread 1, and remember how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backprop_lib.engine.arrays import Array, read_only
from backprop_lib.engine.frozen import Frozen, hands_out


@hands_out("mean", "spread")
@dataclass(frozen=True, eq=False)
class Scale(Frozen):
    """For each column, its mean and its spread (the standard deviation): x is (x - mean) / spread.

    >>> scale = Scale.of(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> scale.mean, scale.spread
    (array([2., 5.]), array([1., 1.]))
    >>> scale.apply(np.array([[4.0, 5.0]]))
    array([[2., 0.]])
    """

    mean: Array  # (columns,)
    spread: Array  # (columns,); 1 for a column that never changes

    @classmethod
    def of(cls, table: Array) -> Scale:
        """The scale of a table (examples, columns) of finite numbers."""
        # From the first row on, and as shares of the largest way, sums can neither overflow nor
        # fade, and a column that never changes has exactly no spread.
        first = table[0] / 2.0
        ways = table / 2.0 - first
        largest = np.abs(ways).max(axis=0)
        shares = ways / np.where(largest > 0.0, largest, 1.0)
        mean = 2.0 * (first + shares.mean(axis=0) * largest)
        spread = 2.0 * shares.std(axis=0) * largest
        still = spread == 0.0
        return cls(
            read_only(np.where(still, table[0], mean)), read_only(np.where(still, 1.0, spread))
        )

    def apply(self, table: Array) -> Array:
        """Scale a table (examples, columns)."""
        # Halves, since the distance of two numbers may be larger than any float.
        with np.errstate(over="ignore"):
            return 2.0 * ((table / 2.0 - self.mean / 2.0) / self.spread)

    def undo(self, table: Array) -> Array:
        """Bring a scaled table (examples, columns) back to its own units."""
        with np.errstate(over="ignore"):
            back: Array = table * self.spread + self.mean
        return back

    def after(self, first: Scale | None) -> Scale:
        """The scale that does ``first`` and then this one, at once."""
        if first is None:
            return self
        mean = first.undo(self.mean[np.newaxis])[0]
        return Scale(read_only(mean), read_only(first.spread * self.spread))
