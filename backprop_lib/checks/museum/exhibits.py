"""The six exhibits. Every one runs, and every one is wrong. Do not use them for anything else.

Each is what a learner could have written, and has one fault. The lesson shows the very same lines
in a cell, to be mended there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from backprop_lib.engine.arrays import Array


def early_update(
    w1: Array, w2: Array, x: Array, a: Array, o: Array, order: Array, rate: float
) -> tuple[Array, Array]:
    """Broken on purpose: the last floor is turned before its notes have passed.

    For sigmoid gates and one order for two products: ``w1`` is (inputs, workers), ``w2`` (workers,
    2), ``a`` and ``o`` what the two floors shipped. The slope of the mean squared error of two
    products is o - t. On Mazur's factory this gives the loss 0.291027924 that can be found in
    many places, where 0.291027774 is right.
    """
    note2 = (o - order) * o * (1 - o)
    w2 = w2 - rate * np.outer(a, note2)
    note1 = (w2 @ note2) * a * (1 - a)
    w1 = w1 - rate * np.outer(x, note1)
    return w1, w2


def overwritten_note(knobs: Iterable[Array], notes: Iterable[Array]) -> Array | float:
    """Broken on purpose: where paths meet, the last one overwrites the others.

    The note to one worker, from the ``knobs`` that it ships through and the ``notes`` past the
    gates behind them, as many.
    """
    total: Array | float = 0
    for knob, note in zip(knobs, notes):  # noqa: B905  as a learner writes it
        total = knob * note
    return total


def forgotten_minus(products: Array, orders: Array) -> Array:
    """Broken on purpose: the mistake is taken the wrong way round, so every gradient is.

    The first notes of the mean squared error, in the shape of ``products``.
    """
    mistakes = orders - products
    return 2 * mistakes / mistakes.size


def unreset_gradient(
    knobs: Array | float, find_gradient: Callable[[Array | float], Array], rate: float, laps: int
) -> Array | float:
    """Broken on purpose: every lap's gradient is added onto those of the laps before.

    The knobs after so many laps, where ``find_gradient`` gives the gradients at any knobs.
    """
    gradient: Array | float = 0
    for _ in range(laps):
        gradient += find_gradient(knobs)
        knobs = knobs - rate * gradient
    return knobs


def misplaced_slope(note: Array, z: Array) -> Array:
    """Broken on purpose: a tanh gate's slope is taken at what it ships, not at its mix.

    The note past the gate, in the shape of the mix ``z``.
    """
    a = np.tanh(z)
    slope: Array = 1 - np.tanh(a) ** 2
    return note * slope


RATE_FAR_TOO_HIGH = 3.0
"""Broken on purpose: the moons' factory explodes with this learning rate; all else is right."""
