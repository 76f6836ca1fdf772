"""Numbers as a learner reads them, with the decimal sign of the language."""

from __future__ import annotations

from functools import lru_cache
from math import isinf, isnan
from operator import index
from typing import TYPE_CHECKING, SupportsFloat
from warnings import catch_warnings

from backprop_lib.i18n.catalogues import gettext, short

if TYPE_CHECKING:  # imported where the first number is shown
    from decimal import Decimal

MINUS = "−"
MOST_DIGITS = 1000  # no float has more, written out
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: SupportsFloat, digits: int = 4) -> str:
    """Write a number for a learner, with at most ``digits`` significant digits.

    It is rounded as in school (a 5 goes up, away from zero), ends in no idle zeros, has the true
    minus sign and the language's decimal sign, and is a power of ten only below 0.0001 and above
    1000000. Raises TypeError when ``value`` is not one number, and ValueError when ``digits`` is
    less than 1.

    >>> number(-1.08), number(1.7688), number(1.7688, digits=5)
    ('−1.08', '1.769', '1.7688')
    >>> number(1.2e-7), number(-0.0), number(float("inf"))
    ('1.2 × 10⁻⁷', '0', '∞')
    """
    exact, most = _one_number(value), _as_digits(digits)
    if isnan(exact):
        return gettext("not a number")
    # Translators: the sign between a number's whole and its decimals, as in 0.84
    return _written(exact, most).replace(".", gettext("."))


@lru_cache(maxsize=4096)  # from one picture to the next, most numbers are the same
def _written(exact: float, digits: int) -> str:
    from decimal import Decimal

    sign = MINUS if exact < 0 else ""
    if isinf(exact):
        return sign + "∞"
    size = rounded(abs(exact), digits)
    if size == 0 or Decimal("1e-4") <= size <= Decimal("1e6"):
        return sign + _without_idle_zeros(size)
    exponent = size.adjusted()
    power = str(exponent).translate(SUPERSCRIPTS)
    return f"{sign}{_without_idle_zeros(size.scaleb(-exponent))} × 10{power}"


def rounded(value: float | Decimal, digits: int = 4) -> Decimal:
    """Return the very number that ``number`` writes, as a decimal to reckon with.

    >>> rounded(1.76884) * 2
    Decimal('3.538')
    """
    from decimal import ROUND_HALF_UP, Context, Decimal

    # repr is the shortest decimal that means this float: what is rounded is what one would read.
    exact = value if isinstance(value, Decimal) else repr(_one_number(value))
    return Context(prec=_as_digits(digits), rounding=ROUND_HALF_UP, traps=[]).create_decimal(exact)


def signed(value: SupportsFloat, digits: int = 4) -> str:
    """Write a number as ``number`` does, always with its sign; only zero has none.

    >>> signed(0.84), signed(-1.08), signed(0)
    ('+0.84', '−1.08', '0')
    """
    return ("+" if _one_number(value) > 0 else "") + number(value, digits)


def factor(value: SupportsFloat, digits: int = 4) -> str:
    """Write a number as ``number`` does, a negative one in brackets: what stands after a ×.

    >>> f"{factor(2)} × {factor(1)} + {factor(1)} × {factor(-1)}"
    '2 × 1 + 1 × (−1)'
    """
    text = number(value, digits)
    return f"({text})" if text.startswith(MINUS) else text


def _one_number(value: SupportsFloat) -> float:
    """Return the float that ``value`` stands for; a numpy scalar is a number, a row is not."""
    if isinstance(value, float):  # nearly all are, and to look for a protocol takes long
        return float(value)
    try:
        if getattr(value, "ndim", 0) == 0 and not isinstance(value, str | bytes):
            with catch_warnings(action="error"):
                return float(value)
    except Exception:  # no number, half of one, or one that is larger than any float
        pass
    raise TypeError(
        gettext("Expected one number to write, but {value} came; try 0.84.").format(
            value=short(value)
        )
    )


def _as_digits(value: object) -> int:
    """Return how many significant digits are wanted: at least 1, and no more than a float has."""
    try:
        digits = min(index(value), MOST_DIGITS)  # type: ignore[arg-type]
    except Exception:
        digits = 0
    if digits < 1:
        raise ValueError(
            gettext("Expected at least 1 significant digit, but {digits} came; try 4.").format(
                digits=short(value)
            )
        )
    return digits


def _without_idle_zeros(value: Decimal) -> str:
    """Write a decimal plainly: 2.50 as 2.5, and 1E+2 as 100."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
