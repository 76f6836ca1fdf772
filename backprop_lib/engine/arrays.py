"""Turn what a caller gives into the arrays that the engine computes with, or say why that fails."""

from __future__ import annotations

import math
import numbers as number_types
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast
from warnings import catch_warnings

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.frozen import is_locked
from backprop_lib.engine.frozen import read_only as read_only
from backprop_lib.i18n import clean
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import short as short

Array = npt.NDArray[np.float64]
Kind = TypeVar("Kind")
Call = TypeVar("Call", bound=Callable[..., Any])

FLOAT64 = np.dtype(np.float64)
MOST = 10**6  # of whatever is counted, where nothing smaller is said: laps, examples, workers


@cache
def ones(count: int) -> Array:
    """A locked row of ones: a product with it is a sum, in less time than ``sum`` takes.

    >>> np.array([[1.0, 2.0], [3.0, 4.0]]).dot(ones(2))
    array([3., 7.])
    """
    return read_only(np.ones(count))


def all_finite(*arrays: Array) -> bool:
    """Whether all numbers are finite.

    >>> all_finite(np.ones((2, 3)), np.array([1e300])), all_finite(np.array([1.0, np.inf]))
    (True, False)
    """
    # One infinity or not-a-number spoils a sum of squares, which is quick to have. Where large
    # numbers spoil it too, each is looked at.
    for one in arrays:  # noqa: SIM110  a generator takes half as long as the sum
        if not (math.isfinite(np.vdot(one, one)) or np.isfinite(one).all()):
            return False
    return True


def as_numbers(value: object, name: str, *, finite: bool = True) -> Array:
    """Return ``value`` as read-only float64 numbers; ``name`` says in errors what it is.

    Raises TypeError for anything but numbers, and ValueError for rows of different lengths, for
    an empty or a masked array, and, unless ``finite`` is False, for infinities and not-a-number.

    >>> as_numbers([[1, 2]], "the inputs")
    array([[1., 2.]])
    """
    found = value if type(value) is np.ndarray else _as_array(value, name)
    float64 = found.dtype == FLOAT64
    if not float64 and found.dtype.kind not in "biuf":
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
    if float64:
        # What nobody can change, as all that the engine makes, needs no copy.
        array = found[...] if is_locked(found) else read_only(np.array(found))
    else:
        with np.errstate(all="ignore"):  # a number that is larger than any float becomes infinite
            array = read_only(np.array(found, dtype=np.float64))
    if finite and not all_finite(array):
        raise ValueError(
            _(
                "Expected finite numbers for {name}, but {value} came; look for a division by "
                "zero or a learning rate that is too large."
            ).format(name=name, value=array[~np.isfinite(array)][0])
        )
    return array


def _as_array(value: object, name: str) -> npt.NDArray[Any]:
    """``value`` as NumPy sees it; ValueError for gaps and for what will not become an array."""
    try:
        if not has_gaps(value):
            if isinstance(value, np.ndarray):
                return np.asarray(value)
            with catch_warnings(action="error"):  # of which there is one for a gap in a list
                return np.asarray(value)
    except MemoryError:
        raise ValueError(
            _("Expected {name} that fit into memory, but {value} came; give fewer numbers.").format(
                name=name, value=short(value)
            )
        ) from None
    except UserWarning:
        pass
    except Exception:  # rows of different lengths, or an object that will not become an array
        raise ValueError(
            _(
                "Expected rows of equal length for {name}, but {value} came; "
                "give each row as many numbers as the others."
            ).format(name=name, value=short(value))
        ) from None
    raise ValueError(
        _(
            "Expected {name} without gaps, but a masked array came, which hides some numbers; "
            "leave those rows out, or try array.filled(0)."
        ).format(name=name)
    )


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


def as_positive(value: object, name: str, most: float = math.inf) -> float:
    """Return ``value`` as a positive finite float of at most ``most``.

    Raises TypeError for anything but a real number, and ValueError for zero, a negative number,
    an infinity, not-a-number or a larger one.

    >>> as_positive(0.1, "the learning rate")
    0.1
    """
    if not _is_number(value, number_types.Real):
        raise TypeError(
            _(
                "Expected a positive number for {name}, but {value} came; try 0.1, without quotes."
            ).format(name=name, value=short(value))
        )
    positive = _as_float(value)
    if not (math.isfinite(positive) and positive > 0.0):
        raise ValueError(
            _("Expected a positive finite number for {name}, but {value} came; try 0.1.").format(
                name=name, value=short(value)
            )
        )
    if positive > most:
        raise ValueError(
            _("Expected {name} of at most {most}, but {value} came; try {most} or less.").format(
                name=name, most=most, value=short(value)
            )
        )
    return positive


def as_number(value: object, name: str, *, finite: bool = True) -> float:
    """Return one number as a float; an array without axes is a number, too.

    Raises TypeError for anything but a real number, and, unless ``finite`` is False, ValueError for
    infinities and not-a-number.

    >>> as_number(np.float32(0.5), "the knob")
    0.5
    """
    one = value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
    if not _is_number(one, number_types.Real):
        raise TypeError(
            _("Expected a number for {name}, but {value} came; try 0.1, without quotes.").format(
                name=name, value=short(value)
            )
        )
    number = _as_float(one)
    if finite and not math.isfinite(number):
        raise ValueError(
            _("Expected a finite number for {name}, but {value} came; try 0.1.").format(
                name=name, value=short(value)
            )
        )
    return number


def as_share(value: object, name: str) -> float:
    """Return a number from 0 up to, but not including, 1; raises TypeError or ValueError.

    >>> as_share(0.9, "the momentum")
    0.9
    """
    share = as_number(value, name)
    if not 0.0 <= share < 1.0:
        raise ValueError(
            _("Expected a number from 0 up to 1 for {name}, but {value} came; try 0.9.").format(
                name=name, value=short(value)
            )
        )
    return share


def as_count(value: object, name: str, least: int = 1, most: int = MOST) -> int:
    """Return ``value`` as a whole number that is at least ``least`` and at most ``most``.

    Raises TypeError for anything but a whole number, and ValueError for one that is too small or
    too large.

    >>> as_count(3, "the number of epochs")
    3
    """
    if not _is_number(value, number_types.Integral):
        raise TypeError(
            _("Expected a whole number for {name}, but {value} came; try 10.").format(
                name=name, value=short(value)
            )
        )
    count = int(cast(Any, value))
    if count < least:
        raise ValueError(
            _("Expected {name} of at least {least}, but {value} came; try 10.").format(
                name=name, least=least, value=short(value)
            )
        )
    if count > most:
        raise ValueError(
            _("Expected {name} of at most {most}, but {value} came; try {most} or fewer.").format(
                name=name, most=most, value=short(value)
            )
        )
    return count


def as_random(seed: object) -> np.random.Generator:
    """Return the stream of random numbers that a seed starts, or the Generator that came.

    Raises TypeError for anything else, and ValueError for a seed below 0.

    >>> int(as_random(0).integers(10)) == int(as_random(0).integers(10))
    True
    """
    if isinstance(seed, np.random.Generator):
        return seed
    if not _is_number(seed, number_types.Integral):
        raise TypeError(
            _(
                "Expected a whole number or a numpy Generator for the seed, but {value} came; "
                "try 0."
            ).format(value=short(seed))
        )
    if int(cast(Any, seed)) < 0:
        raise ValueError(
            _("Expected a seed of 0 or more, but {value} came; try 0.").format(value=short(seed))
        )
    return np.random.default_rng(int(cast(Any, seed)))


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


def as_function(value: Call, name: str) -> Call:
    """Return ``value`` if it can be called; else a TypeError says so.

    >>> as_function(abs, "your function")(-1)
    1
    """
    if not callable(value):
        raise TypeError(
            _("Expected a function for {name}, but {value} came; try its name alone.").format(
                name=name, value=short(value)
            )
        )
    return value


def as_text(value: object, name: str) -> str:
    """Return a text as it can be shown (see ``clean``); a TypeError for what is no text.

    >>> as_text("moons", "the name")
    'moons'
    """
    if not isinstance(value, str):
        raise TypeError(
            _("Expected a text for {name}, but {value} came; put it in quotes.").format(
                name=name, value=short(value)
            )
        )
    return clean(value)


def as_list(value: object, name: str, most: int = 10_000) -> list[Any]:
    """Return all that a list, or whatever else can be gone through, holds.

    Raises TypeError for what cannot be gone through, as for a text, and ValueError for more than
    ``most``.

    >>> as_list(range(3), "the layers")
    [0, 1, 2]
    """
    try:
        if isinstance(value, str | bytes):
            raise TypeError
        found = list(islice(cast(Any, value), most + 1))
    except Exception:
        raise TypeError(
            _("Expected a list for {name}, but {value} came; put it in square brackets.").format(
                name=name, value=short(value)
            )
        ) from None
    if len(found) > most:
        raise ValueError(
            _("Expected at most {most} in the list of {name}, but more came.").format(
                most=most, name=name
            )
        )
    return found


def has_gaps(value: object) -> bool:
    """Whether some of the numbers are masked, which NumPy would hand out as if they were not.

    >>> has_gaps(np.ma.masked_equal([1, 99], 99))
    True
    """
    rows = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(row, np.ma.MaskedArray) and np.ma.is_masked(row) for row in rows)


def _is_number(value: object, kind: type[Any]) -> bool:
    """Whether it is of that kind of number; yes and no are none, and a time is none."""
    return isinstance(value, kind) and not isinstance(value, bool | np.timedelta64)


def _as_float(value: Any) -> float:
    """A real number as a float; what is larger than any float is infinite."""
    try:
        with np.errstate(all="ignore"):
            return float(value)
    except OverflowError:
        return math.inf
    except Exception:  # an object that only says it is a number
        return math.nan
