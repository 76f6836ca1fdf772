"""Sums that come out as printed: with as many digits of each number as that takes.

Four digits of each number do not always do. "1.425 − 0.1 × 0.001525 = 1.425" is rounded rightly
everywhere, and says that nothing has changed. So a sum is written with more digits of what stands
on its left, until what is printed there comes to what is printed on the right. Where even that does
not help, it is written with "≈".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import reduce
from operator import add

from backprop_lib.i18n import MINUS, number, rounded

FEW, MOST = 4, 12  # digits: where to begin, and where a longer number would explain nothing
SPARE = 3  # as many more may be needed on the left, so that what is rounded does not show
FAINT = "\u2063"  # between two of these stands what a page shows fainter; else nobody sees them
OF_A_CHANGE = 2  # digits of a change that are to be seen


@dataclass(frozen=True)
class Term:
    """A part of a sum: how it is written first, and after a sign, and what the writing comes to.

    >>> n = Writer(4)
    >>> (n(-1.5) * n(2) + n(-3)).first
    '−1.5 × 2 + (−3)'
    """

    first: str
    later: str
    value: Decimal

    def __add__(self, other: Term) -> Term:
        return self._joined("+", other, self.value + other.value)

    def __sub__(self, other: Term) -> Term:
        return self._joined(MINUS, other, self.value - other.value)

    def __mul__(self, other: Term) -> Term:
        return self._joined("×", other, self.value * other.value)

    def _joined(self, sign: str, other: Term, value: Decimal) -> Term:
        first, later = (f"{text} {sign} {other.later}" for text in (self.first, self.later))
        return Term(first, later, value)

    def within(self, form: str, value: Decimal) -> Term:
        """The same inside of something, such as ``"({})²"``."""
        text = form.format(self.first)
        return Term(text, text, value)


@dataclass(frozen=True)
class Writer:
    """Writes the numbers of a sum with at most so many digits, and some with ``least`` or more."""

    digits: int

    def __call__(self, amount: float, least: int = FEW) -> Term:
        """The number as a term; a negative one stands in brackets after a sign."""
        digits = max(self.digits, least)
        text, exact = number(amount, digits), rounded(amount, digits)
        return Term(text, f"({text})" if text.startswith(MINUS) else text, exact)


def added(terms: Iterable[Term]) -> Term:
    """All of them, one after the other."""
    return reduce(add, terms)


def equation(left: Callable[[Writer], Term], result: float, digits: int = FEW) -> str:
    """A sum and its result, which is written with ``digits`` digits.

    >>> equation(lambda n: n(1.42503) - n(0.1) * n(0.001525), 1.4248775, digits=6)
    '1.42503 − 0.1 × 0.001525 = 1.42488'
    >>> equation(lambda n: n(2) * n(0.1), 0.2)
    '2 × 0.1 = 0.2'
    """
    with localcontext(Context(prec=40, traps=[])):  # too large, or not a number: no error here
        shown, wanted = number(result, digits), rounded(result, digits)
        for some in range(FEW, MOST + SPARE + 1):
            term = left(Writer(some))
            if rounded(term.value, digits) == wanted:
                return f"{term.first} = {shown}"
        return f"{left(Writer(FEW)).first} ≈ {shown}"


def digits_to_tell(old: float, new: float, of: int = OF_A_CHANGE) -> int:
    """How many digits of two numbers show how far apart they are, to so many digits ``of`` that.

    >>> digits_to_tell(1.42503, 1.4248775), digits_to_tell(1.0, 0.84)
    (6, 4)
    """
    change, largest = abs(new - old), max(abs(old), abs(new))
    if not change or not math.isfinite(change):
        return FEW
    first, last = (math.floor(math.log10(size)) for size in (largest, change))
    return max(FEW, first - last + of)
