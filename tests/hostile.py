"""Values that nobody should give: ``HOSTILE`` makes each kind afresh, by its name."""

from __future__ import annotations

import decimal
import fractions
from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_lib import (
    Adam,
    BinaryCrossEntropy,
    Dense,
    MeanSquaredError,
    Network,
    steps,
)  # fmt: skip
from backprop_lib.datasets import lemonade_factory, xor


class Unshown:
    """Cannot be shown, compared, counted or taken for a number."""

    def _fail(self, *_given: Any) -> Any:
        raise RuntimeError("no")

    __repr__ = __str__ = __eq__ = __len__ = __bool__ = __float__ = __int__ = __index__ = _fail
    __iter__ = __getitem__ = __array__ = __contains__ = __lt__ = __gt__ = __add__ = __mul__ = _fail
    __hash__ = object.__hash__


class Endless:
    """Gives another one, whenever it is asked."""

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> int:
        return 1


class Loud(str):
    """A text that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Liar(list[Any]):
    """A list that says it is longer than it is."""

    def __len__(self) -> int:
        return 10**9


class OwnFloat(float):
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __repr__(self) -> str:
        return "x" * 10**4

    __hash__ = float.__hash__


class OwnInt(int):
    def __repr__(self) -> str:
        return "many\nlines " * 10**4


class OwnArray(np.ndarray[Any, Any]):
    pass


def within_itself() -> list[Any]:
    ring: list[Any] = []
    ring.append(ring)
    return ring


def nested(depth: int) -> Any:
    deep: Any = 1.0
    for _level in range(depth):
        deep = [deep]
    return deep


def objects() -> np.ndarray[Any, Any]:
    found = np.empty(2, dtype=object)
    found[0], found[1] = Unshown(), "a"
    return found


def fails(*_given: Any, **_named: Any) -> Any:
    raise KeyError("yours")


HOSTILE: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "NotImplemented": lambda: NotImplemented,
    "Ellipsis": lambda: ...,
    "True": lambda: True,
    "False": lambda: False,
    "0": lambda: 0,
    "1": lambda: 1,
    "-1": lambda: -1,
    "-0.0": lambda: -0.0,
    "0.5": lambda: 0.5,
    "a million": lambda: 10**6,
    "a billion": lambda: 10**9,
    "2**63": lambda: 2**63,
    "a huge whole number": lambda: 10**400,
    "a whole number too long to write": lambda: 10**5000,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"),
    "1e308": lambda: 1e308,
    "-1e200": lambda: -1e200,
    "1e200": lambda: 1e200,
    "5e-324": lambda: 5e-324,
    "complex": lambda: 1 + 2j,
    "a decimal": lambda: decimal.Decimal("0.1"),
    "a decimal nan": lambda: decimal.Decimal("sNaN"),
    "a fraction": lambda: fractions.Fraction(10**400, 3),
    "float32": lambda: np.float32(0.1),
    "float16 inf": lambda: np.float16("inf"),
    "longdouble": lambda: np.longdouble("1e4000"),
    "longdouble nan": lambda: np.longdouble("nan"),
    "int8": lambda: np.int8(-3),
    "uint64": lambda: np.uint64(2**63),
    "numpy bool": lambda: np.True_,
    "complex128": lambda: np.complex128(1j),
    "datetime64": lambda: np.datetime64("2020-01-01"),
    "timedelta64": lambda: np.timedelta64(3, "D"),
    "a numpy text": lambda: np.str_("x"),
    "void": lambda: np.void(b"abc"),
    "''": lambda: "",
    "'x'": lambda: "x",
    "'1'": lambda: "1",
    "'nan'": lambda: "nan",
    "a long text": lambda: "x" * 10**5,
    "control characters": lambda: "a\0b\x1b[31m\n\u202e",
    "a lone surrogate": lambda: "\ud800",
    "braces": lambda: "{value} {0} {name!r}",
    "markup": lambda: "<script>&",
    "bytes": lambda: b"12",
    "bytearray": lambda: bytearray(b"12"),
    "memoryview": lambda: memoryview(b"12"),
    "0-d": lambda: np.array(3.0),
    "0-d object": lambda: np.array(None),
    "empty list": lambda: [],
    "empty array": lambda: np.empty((0, 2)),
    "empty columns": lambda: np.empty((2, 0)),
    "zeros": lambda: np.zeros(2),
    "ones (2, 2)": lambda: np.ones((2, 2)),
    "3-d": lambda: np.ones((2, 2, 2)),
    "32-d": lambda: np.ones((1,) * 32),
    "[nan, 1]": lambda: [float("nan"), 1],
    "[inf, 1]": lambda: [float("inf"), 1],
    "[1e200, 1]": lambda: [1e200, 1],
    "[[1e308], [1e308]]": lambda: [[1e308], [1e308]],
    "[1, 2]": lambda: [1, 2],
    "ragged": lambda: [[1, 2], [3]],
    "ragged deep": lambda: [[1, [2]], [3, 4]],
    "[None, 1]": lambda: [None, 1],
    "['a', 1]": lambda: ["a", 1],
    "[10**400]": lambda: [10**400, 1],
    "[True, False]": lambda: [True, False],
    "[1j]": lambda: [1j],
    "[longdouble]": lambda: np.array(["1e4000", "1"], dtype=np.longdouble),
    "[float16]": lambda: np.array([1, 2], dtype=np.float16),
    "[[huge]]": lambda: np.full((3, 3), 1.7e308),
    "masked": lambda: np.ma.masked_array([[1.0, 99.0]], mask=[[False, True]]),
    "masked scalar": lambda: np.ma.masked,
    "list with masked": lambda: [np.ma.masked, 1.0],
    "matrix": lambda: np.ones((1, 2)).view(np.matrix),
    "own array": lambda: np.ones((2, 2)).view(OwnArray),
    "record array": lambda: np.zeros(2, dtype=[("a", float), ("b", int)]),
    "object array": objects,
    "array of texts": lambda: np.array(["a", "b"]),
    "array of times": lambda: np.array(["2020-01-01"], dtype="M8[D]"),
    "readonly": lambda: np.broadcast_to(np.float64(1.0), (2, 2)),
    "strided": lambda: np.ones((4, 4))[::2, ::-2],
    "big-endian": lambda: np.ones((2, 2), dtype=">f8"),
    "within itself": within_itself,
    "nested 40": lambda: nested(40),
    "nested deeply": lambda: nested(100_000),
    "a dict": dict,
    "a dict of numbers": lambda: {0: 1.0, 1: 2.0},
    "a set": lambda: {1, 2},
    "a range": lambda: range(3),
    "a huge range": lambda: range(10**12),
    "a generator": lambda: (n for n in (1, 2)),
    "an endless one": Endless,
    "a list that lies": lambda: Liar([1.0, 2.0]),
    "an object": object,
    "unshown": Unshown,
    "[unshown]": lambda: [Unshown(), Unshown()],
    "a text unshown": lambda: Loud("mean"),
    "own float": lambda: OwnFloat(0.1),
    "own int": lambda: OwnInt(3),
    "a class": lambda: int,
    "a lambda": lambda: lambda *given, **named: None,
    "fails": lambda: fails,
    "a module": lambda: np,
    "an error": lambda: ValueError("x" * 10**4),
    "a network": lambda: Network.random([3, 2, 2], seed=1),
    "a layer": lambda: Dense([[1.0]], [0.0]),
    "a loss": BinaryCrossEntropy,
    "a loss class": lambda: MeanSquaredError,
    "an optimizer": lambda: Adam(0.1),
    "a data set": xor,
    "a generator of dice": lambda: np.random.default_rng(1),
    "old dice": lambda: np.random.RandomState(1),
    "a step": lambda: steps(lemonade_factory(), [2, 1], [1])[-1],
    "a trace": lambda: Network.random([3, 2]).forward([1, 2, 3]),
}
