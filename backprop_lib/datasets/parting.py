"""Which examples are held out: a plain rule and no dice, with some of each kind in both parts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.arrays import Array

Mask = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int_]


def held_out(targets: Array, share: float) -> Mask:
    """Whether each example is held out, given the targets (examples, outputs) and a share of them.

    Example i (from 0) is held out when (i + 1) · share reaches the next whole number. Where the
    targets are kinds (all of them 0 or 1), that may leave a kind out of one part, or with less than
    half of its due, as in a table that is sorted in fives. Then equally many examples are held out
    in all, but of each kind its share, evenly.

    >>> held_out(np.array([[0.0], [0.0], [0.0], [0.0], [1.0]] * 2), 0.2).nonzero()[0].tolist()
    [8, 9]
    """
    # Rounded, since 15 × 0.2 is a hair more than 3 for a computer, and 3 × 0.1 / 0.3 a hair less.
    by_place: Mask = np.diff(np.floor(np.round(np.arange(len(targets) + 1) * share, 9))) > 0
    kinds = kinds_of(targets)
    if kinds is None:
        return by_place
    counts, total = np.bincount(kinds), int(by_place.sum())
    if len(counts) == 1 or total > (counts - 1).sum():  # not even one of each is left to train on
        return by_place
    quotas = _quotas(counts, share, total)
    if _is_fair(np.bincount(kinds[by_place], minlength=len(counts)), quotas, counts):
        return by_place
    out = np.zeros(len(targets), dtype=bool)
    for kind, quota in enumerate(quotas):
        out[kinds == kind] = np.diff(np.arange(counts[kind] + 1) * quota // counts[kind]) > 0
    return out


def kinds_of(targets: Array) -> Counts | None:
    """The number of each example's kind, from 0; None where the targets are amounts.

    >>> kinds_of(np.array([[0.0], [1.0], [0.0]])), kinds_of(np.array([[0.5]]))
    (array([0, 1, 0]), None)
    """
    if not np.isin(targets, (0.0, 1.0)).all():
        return None
    _rows, kinds = np.unique(targets, axis=0, return_inverse=True)
    return np.asarray(kinds).ravel()


def _is_fair(tested: Counts, quotas: Counts, counts: Counts) -> bool:
    """Whether both parts have at least half of each kind that they should have, and one of each."""
    trained, wanted = counts - tested, counts - quotas
    return bool((2 * tested >= quotas).all()) and bool((2 * trained >= wanted).all())


def _quotas(counts: Counts, share: float, total: int) -> Counts:
    """How many of each kind are held out, ``total`` in all: its due, rounded by largest remainders.

    A kind of two or more has one in each part where the total allows it; a single one is trained
    on.
    """
    most = counts - 1
    least = np.minimum(most, 1)
    if least.sum() > total:
        least = np.zeros_like(counts)
    quotas: Counts = np.clip(np.floor(counts * share).astype(int), least, most)
    while (short := total - int(quotas.sum())) != 0:
        may = quotas < most if short > 0 else quotas > least
        owed = (counts * share - quotas) * np.sign(short)
        quotas[np.where(may, owed, -np.inf).argmax()] += np.sign(short)
    return quotas
