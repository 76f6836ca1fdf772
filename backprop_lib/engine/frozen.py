"""What is made once and stays as it is: locked arrays, and things that are frozen in copies too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Locked = TypeVar("Locked", bound=npt.NDArray[Any])
Kind = TypeVar("Kind")


def read_only(array: Locked) -> Locked:
    """Lock an array that we made ourselves, and that is no view, so that nobody changes it."""
    array.setflags(write=False)
    return array


def is_locked(array: npt.NDArray[Any]) -> bool:
    """Whether nobody can change an array, nor what it is a view of.

    >>> mine = np.zeros(3)
    >>> is_locked(mine), is_locked(np.broadcast_to(mine, (2, 3))), is_locked(read_only(mine))
    (False, False, True)
    """
    if array.flags.writeable:
        return False
    owner = array.base
    return owner is None or (isinstance(owner, np.ndarray) and not owner.flags.writeable)


def locked(array: Locked) -> Locked:
    """An array that may be somebody's: itself if nobody can change it, else a locked copy."""
    return array if is_locked(array) else read_only(array.copy())


def locked_within(value: Any) -> Any:
    """The same with all arrays locked that are in it, or in its tuples and lists."""
    if isinstance(value, np.ndarray):
        return locked(value)
    if type(value) in (tuple, list):
        return type(value)(map(locked_within, value))
    return value


class Frozen:
    """A frozen dataclass whose arrays are locked; a copy of it, or one from a pickle, is so too."""

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, locked_within(value))


def hands_out(*names: str) -> Callable[[type[Kind]], type[Kind]]:
    """Have a dataclass hand out views of these arrays: whoever gives one a shape keeps it.

    NumPy lets even a locked array be given another shape, in its place. A view takes a tenth of a
    microsecond each time, so what is made and read in every lap of a training hands out itself.
    """

    def with_views(kind: type[Kind]) -> type[Kind]:
        for name in names:
            setattr(kind, name, _view_of(name))
        return kind

    return with_views


def _view_of(name: str) -> property:
    # A property stands before what is kept under its name in the thing's own dictionary.
    def get(thing: Any) -> Any:
        array = thing.__dict__[name]
        return None if array is None else array[...]

    def fill(thing: Any, array: Any) -> None:
        thing.__dict__[name] = array

    return property(get, fill)
