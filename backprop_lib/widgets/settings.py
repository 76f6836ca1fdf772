"""What can be set in an explorer: each kind of setting checks what comes, and does nothing else.

A limit may hang on the explorer: then it is a function of it. A name is a function, so that it is
translated when it is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
import traitlets

from backprop_lib.engine.arrays import Array, as_count, as_number, as_numbers, as_positive, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number

if TYPE_CHECKING:
    from backprop_lib.widgets.explorer import Explorer

T = TypeVar("T")
Name = Callable[[], str]
Limit = float | Callable[[Any], float]
ROUNDING = 1e-9  # of its reach, by which a slider may miss an end


class Setting(traitlets.TraitType[T, Any]):
    """A synced trait that never takes nonsense; each kind says in ``check`` what that is.

    Where a setting is ``optional``, it may also be None, and a second click lets go of it.
    """

    name: str

    def __init__(self, default: Any = None, optional: bool = False) -> None:
        super().__init__(default_value=default)
        self.optional = optional
        # No echo of each move: Jupyter would hold the new picture back until that has arrived.
        self.tag(sync=True, echo_update=False)

    def check(self, explorer: Any, value: Any) -> T:
        """Return the value to keep; raise TypeError or ValueError with a sentence for nonsense."""
        raise NotImplementedError(f"{type(self).__name__} has to say what it takes.")

    def checked(self, explorer: Explorer, value: Any) -> T | None:
        """Return the value to keep, or None where that is a value too; raises what check raises."""
        return None if value is None and self.optional else self.check(explorer, value)

    def validate(self, obj: Explorer, value: Any) -> Any:
        """Return the value to keep, as traitlets asks for it."""
        kept = obj._trait_values.get(self.name)
        if not obj.started or obj.goes_back:
            return value
        # The value there is, and not its like: [0.0, True] equals [0, 1].
        return kept if _is(value, kept) else self.checked(obj, value)

    def set(self, obj: Any, value: Any) -> None:
        """Take the value with all that follows from it, or keep the last good one and say why."""
        if self.name in obj.stands_fast:
            return
        if not obj.started:
            super().set(obj, value)
            return
        with obj.move(self.name):
            super().set(obj, value)


def _is(value: object, kept: object) -> bool:
    """Whether a setting holds this value already; the page sends some moves twice."""
    try:
        return type(value) is type(kept) and bool(value == kept)
    except Exception:  # any object may come, and its comparison may raise anything
        return False


def now(limit: Any, explorer: Any) -> Any:
    """A limit as it is for this explorer."""
    return limit(explorer) if callable(limit) else limit


class YesNo(Setting[bool]):
    """True or False."""

    def check(self, explorer: Any, value: Any) -> bool:
        """Return ``value``; TypeError for anything but a bool."""
        if not isinstance(value, bool):
            raise TypeError(
                _("Expected True or False, but {value} came; try True.").format(value=short(value))
            )
        return value


class OneOf(Setting[str]):
    """One of some names."""

    def __init__(
        self, name: Name, options: Iterable[str] | Callable[[Any], Iterable[str]], default: str
    ) -> None:
        super().__init__(default)
        self.called, self.options = name, options

    def check(self, explorer: Any, value: Any) -> str:
        """Return ``value``; ValueError for anything else than one of the names."""
        known = tuple(now(self.options, explorer))
        if not isinstance(value, str) or value not in known:
            raise ValueError(
                _("Expected for {name} one of: {options}, but {value} came; try {first!r}.").format(
                    name=self.called(), options=listed(known), value=short(value), first=known[0]
                )
            )
        return value


class Whole(Setting[int]):
    """A whole number from ``least`` to ``most``."""

    def __init__(
        self, name: Name, most: Limit, least: int = 0, default: Any = 0, optional: bool = False
    ) -> None:
        super().__init__(default, optional)
        self.called, self.most, self.least = name, most, least

    def check(self, explorer: Any, value: Any) -> int:
        """Return ``value`` as int; TypeError or ValueError for what is no such number."""
        count, most = as_count(value, self.called(), self.least), now(self.most, explorer)
        if count > most:
            raise _too_far(self.called(), self.least, most, count)
        return count


class Rate(Setting[float]):
    """A positive number from ``least`` to ``most``."""

    def __init__(
        self, name: Name, default: float, least: float = 0.0, most: float = math.inf
    ) -> None:
        super().__init__(default)
        self.called, self.least, self.most = name, least, most

    def check(self, explorer: Any, value: Any) -> float:
        """Return ``value`` as float; TypeError or ValueError for what is no such number."""
        rate = as_positive(value, self.called(), self.most)
        if rate < self.least * (1 - ROUNDING):
            raise _too_far(self.called(), self.least, self.most, rate)
        return rate


class Number(Setting[float]):
    """One number from ``low`` to ``high``."""

    def __init__(self, name: Name, low: Limit, high: Limit, default: float = 0.0) -> None:
        super().__init__(default)
        self.called, self.low, self.high = name, low, high

    def check(self, explorer: Any, value: Any) -> float:
        """Return ``value`` as float; TypeError or ValueError for what is no such number."""
        found = np.array(as_number(value, self.called()))
        return float(_within(found, now(self.low, explorer), now(self.high, explorer), self.called))


class Numbers(Setting[list[float]]):
    """A list of numbers from ``low`` to ``high``, ``least`` to ``most`` of them.

    Both ends may be lists, with an end for each number.
    """

    def __init__(
        self, name: Name, low: Any, high: Any, least: Limit = 1, most: Limit | None = None
    ) -> None:
        super().__init__()
        self.called, self.low, self.high = name, low, high
        self.least, self.most = least, least if most is None else most

    def check(self, explorer: Any, value: Any) -> list[float]:
        """Return ``value`` as a list of floats; TypeError or ValueError for anything else."""
        found = as_numbers(value, self.called())
        least, most = now(self.least, explorer), now(self.most, explorer)
        if found.ndim != 1 or not least <= len(found) <= most:
            raise ValueError(
                _("Expected a list of {count} numbers for {name}, but {value} came; try {some}.")
                .format(
                    count=least if least == most else f"{least}–{most}",
                    name=self.called(), value=short(value), some=[1] * least,
                )
            )  # fmt: skip
        kept = _within(found, now(self.low, explorer), now(self.high, explorer), self.called)
        return [float(one) for one in kept]


def _within(found: Array, low: npt.ArrayLike, high: npt.ArrayLike, name: Name) -> Array:
    """The numbers, put on an end that they miss by rounding; ValueError for one further out."""
    lows, highs = (np.broadcast_to(np.asarray(end, float), found.shape) for end in (low, high))
    slack = ROUNDING * (highs - lows)
    out = (found < lows - slack) | (found > highs + slack)
    if out.any():
        raise _too_far(name(), *(float(one[out][0]) for one in (lows, highs, found)))
    return np.clip(found, lows, highs)


def _too_far(name: str, low: float, high: float, value: float) -> ValueError:
    return ValueError(
        _("Expected {name} from {low} to {high}, but {value} came; try {high}.").format(
            name=name, low=number(low), high=number(high), value=short(value)
        )
    )


class Worker(Setting[list[int]]):
    """[floor, worker], counted from 0, of a factory of ``sizes``; or None for nobody."""

    def __init__(self, sizes: Callable[[Any], tuple[int, ...]]) -> None:
        super().__init__(optional=True)
        self.sizes = sizes

    def check(self, explorer: Any, value: Any) -> list[int]:
        """Return ``value`` as two ints; TypeError or ValueError for who is not there."""
        if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) != 2:
            raise TypeError(
                _(
                    "Expected a floor and a worker, counted from 0, but {value} came; "
                    "try [0, 1], or None for nobody."
                ).format(value=short(value))
            )
        floors = self.sizes(explorer)[1:]
        floor = as_count(value[0], _("a floor"), 0, len(floors) - 1)
        return [floor, as_count(value[1], _("a worker"), 0, floors[floor] - 1)]
