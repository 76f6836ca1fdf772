"""Turn what a caller gives into the arrays that the engine computes with, or say why that fails."""

from __future__ import annotations

import math
import numbers as number_types
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from backprop_lib.i18n import gettext as _

Array = npt.NDArray[np.float64]
Kind = TypeVar("Kind")


def read_only(array: Array) -> Array:
    """Lock an array that we made ourselves, so that nobody changes it by accident."""
    array.setflags(write=False)
    return array


def all_finite(*arrays: Array) -> bool:
    """Whether all numbers are finite.

    >>> all_finite(np.ones((2, 3)), np.array([1e300])), all_finite(np.array([1.0, np.inf]))
    (True, False)
    """
    # One infinity or not-a-number spoils a sum of squares, which is quick to have. Where large
    # numbers spoil it too, each is looked at.
    return all(math.isfinite(np.vdot(one, one)) or np.isfinite(one).all() for one in arrays)


def as_numbers(value: object, name: str) -> Array:
    """Return ``value`` as read-only float64 numbers; ``name`` says in errors what it is.

    Raises TypeError for anything but numbers, and ValueError for rows of different lengths, for
    an empty array, and for infinities and not-a-number.

    >>> as_numbers([[1, 2]], "the inputs")
    array([[1., 2.]])
    """
    try:
        found = np.asarray(value)
    except Exception:  # rows of different lengths, or an object that will not become an array
        raise ValueError(
            _(
                "Expected rows of equal length for {name}, but {value} came; "
                "give each row as many numbers as the others."
            ).format(name=name, value=short(value))
        ) from None
    if found.dtype.kind not in "biuf":
        raise TypeError(
            _(
                "Expected numbers for {name}, but {value} came; "
                "try a list of numbers such as [2, 1], without quotes."
            ).format(name=name, value=short(value))
        )
    if found.size == 0:
        raise ValueError(
            _(
                "Expected at least one number for {name}, but an array of shape {shape} came; "
                "give it at least one row."
            ).format(name=name, shape=found.shape)
        )
    # What nobody can change, as all that the engine makes, needs no copy.
    own = found.dtype == np.float64 and found.base is None and not found.flags.writeable
    array = found if own else np.array(found, dtype=np.float64)
    if not all_finite(array):
        raise ValueError(
            _(
                "Expected finite numbers for {name}, but {value} came; look for a division by "
                "zero or a learning rate that is too large."
            ).format(name=name, value=array[~np.isfinite(array)][0])
        )
    return read_only(array)


def as_rows(value: object, name: str, width: int | None = None) -> Array:
    """Return ``value`` as a batch (examples, width); one example (width,) is a batch of one.

    Raises what ``as_numbers`` raises, and ValueError for another number of axes or another width.

    >>> as_rows([2, 1], "the inputs", width=2)
    array([[2., 1.]])
    """
    array = given = as_numbers(value, name)
    if array.ndim == 1:
        array = array[np.newaxis, :]
    if array.ndim != 2 or (width is not None and array.shape[1] != width):
        expected = "(examples, {})".format("n" if width is None else width)
        raise ValueError(
            _(
                "Expected {name} of shape {expected}, but shape {shape} came; "
                "put one example in each row."
            ).format(name=name, expected=expected, shape=given.shape)
        )
    return array


def as_positive(value: object, name: str) -> float:
    """Return ``value`` as a positive finite float.

    Raises TypeError for anything but a real number, and ValueError for zero, a negative number,
    an infinity or not-a-number.

    >>> as_positive(0.1, "the learning rate")
    0.1
    """
    if not isinstance(value, number_types.Real) or isinstance(value, bool):
        raise TypeError(
            _(
                "Expected a positive number for {name}, but {value} came; try 0.1, without quotes."
            ).format(name=name, value=short(value))
        )
    try:
        positive = float(value)
    except OverflowError:  # a whole number may be larger than any float
        positive = math.inf
    if not (math.isfinite(positive) and positive > 0.0):
        raise ValueError(
            _("Expected a positive finite number for {name}, but {value} came; try 0.1.").format(
                name=name, value=short(value)
            )
        )
    return positive


def as_count(value: object, name: str, least: int = 1) -> int:
    """Return ``value`` as a whole number that is at least ``least``.

    Raises TypeError for anything but a whole number, and ValueError for one that is too small.

    >>> as_count(3, "the number of epochs")
    3
    """
    if not isinstance(value, number_types.Integral) or isinstance(value, bool):
        raise TypeError(
            _("Expected a whole number for {name}, but {value} came; try 10.").format(
                name=name, value=short(value)
            )
        )
    if value < least:
        raise ValueError(
            _("Expected {name} of at least {least}, but {value} came; try 10.").format(
                name=name, least=least, value=short(value)
            )
        )
    return int(value)


def as_random(seed: object) -> np.random.Generator:
    """Return the stream of random numbers that a seed starts, or the Generator that came.

    Raises TypeError for anything else, and ValueError for a seed below 0.

    >>> int(as_random(0).integers(10)) == int(as_random(0).integers(10))
    True
    """
    if isinstance(seed, np.random.Generator):
        return seed
    if not isinstance(seed, number_types.Integral) or isinstance(seed, bool):
        raise TypeError(
            _(
                "Expected a whole number or a numpy Generator for the seed, but {value!r} came; "
                "try 0."
            ).format(value=seed)
        )
    if int(seed) < 0:
        raise ValueError(
            _("Expected a seed of 0 or more, but {value} came; try 0.").format(value=seed)
        )
    return np.random.default_rng(int(seed))


def as_kind(value: Kind, kind: type[Any], advice: str) -> Kind:
    """Return ``value`` if it is of that class; else a TypeError names the class and the advice.

    >>> as_kind(3, int, "3")
    3
    """
    if not isinstance(value, kind):
        raise TypeError(
            _("Expected a {kind}, but {value} came; try {advice}.").format(
                kind=kind.__name__, value=short(value), advice=advice
            )
        )
    return value


def short(value: object) -> str:
    """Show any value in a sentence: on one line, without flooding it, and without failing.

    >>> short(list(range(100)))
    '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16...'
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # some objects cannot even be shown
        return type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."
