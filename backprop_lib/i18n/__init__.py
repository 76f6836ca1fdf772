"""The words and the numbers as a learner reads them, in the language that is chosen at run time.

Every sentence of the package passes through ``gettext`` or ``ngettext`` at the moment when it is
shown, so ``set_language`` changes whatever is shown next. A sentence is whole, and its gaps have
names: ``gettext("{worker} ships {amount}.").format(worker=..., amount=...)``. Where a catalogue
misses a sentence, the English one is shown. ``locale/README.md`` says how to add a language.
"""

from __future__ import annotations

import os
from functools import lru_cache
from math import isinf, isnan
from operator import index
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex
from warnings import catch_warnings

# Importing the package must cost next to nothing: pathlib is not needed, and the standard library's
# decimal and gettext are imported where the first number or the first translated word is shown.
if TYPE_CHECKING:
    from decimal import Decimal
    from gettext import GNUTranslations

CATALOGUES = os.path.join(os.path.dirname(__file__), "locale")
ENGLISH = "en"
MINUS = "−"
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
# Surrogates, private use, unassigned; all other signs that cannot be printed are left out.
STAND_INS = dict.fromkeys(("Cs", "Co", "Cn"), "\N{REPLACEMENT CHARACTER}")
MOST_DIGITS = 1000  # no float has more, written out
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_language = ENGLISH
_translations: GNUTranslations | None = None  # English needs none: it is what the code says


def languages() -> tuple[str, ...]:
    """Return the codes that ``set_language`` takes: English first, then each compiled catalogue.

    >>> languages()[0]
    'en'
    """
    folders = os.listdir(CATALOGUES) if os.path.isdir(CATALOGUES) else []
    compiled = sorted(code for code in folders if os.path.isfile(_catalogue(code)))
    return (ENGLISH, *(code for code in compiled if code != ENGLISH))


def language() -> str:
    """Return the code of the language in use.

    >>> language()
    'en'
    """
    return _language


def set_language(code: str) -> None:
    """Show words in the language ``code``, for example "en", from now on.

    A code with a region such as "zh_CN" or "zh-CN" takes the plain language, "zh", where there is
    no catalogue for the region. Raises TypeError for anything but text, and ValueError for a
    language that is not there; then the language in use stays.

    >>> set_language("en-GB")
    >>> language()
    'en'
    """
    global _language, _translations
    found = _find_language(code)
    translations = None
    if found != ENGLISH:
        from gettext import GNUTranslations

        with open(_catalogue(found), "rb") as file:
            translations = GNUTranslations(file)
    _language, _translations = found, translations


def _catalogue(code: str) -> str:
    """Return the path of a language's compiled catalogue, there or not."""
    return os.path.join(CATALOGUES, code, "LC_MESSAGES", "backprop_lib.mo")


def _find_language(code: str) -> str:
    """Return the code there is that fits ``code`` best: zh_Hant_TW, then zh_Hant, then zh."""
    if not isinstance(code, str):
        raise TypeError(
            gettext(
                "Expected the code of a language as text, but {code} came; try one of: {known}."
            ).format(code=short(code), known=", ".join(languages()))
        )
    known = {there.lower(): there for there in languages()}
    parts = code.replace("-", "_").lower().split("_")
    for length in range(len(parts), 0, -1):
        candidate = "_".join(parts[:length])
        if candidate in known:
            return known[candidate]
    raise ValueError(
        gettext(
            "Expected a language that has a catalogue, but {code} came; try one of: {known}."
        ).format(code=short(code), known=", ".join(known.values()))
    )


def gettext(message: str) -> str:
    """Return ``message`` in the language in use, or as it is where there is no translation.

    >>> gettext("a sentence that nobody has translated")
    'a sentence that nobody has translated'
    """
    # A catalogue keeps its own header under the empty message.
    if _translations is None or not message:
        return message
    return _translations.gettext(message)


def ngettext(singular: str, plural: str, n: SupportsIndex) -> str:
    """Return the form that goes with ``n`` things, by the plural rule of the language in use.

    Raises TypeError when ``n`` is not a whole number.

    >>> ngettext("{n} lemon", "{n} lemons", 2).format(n=2)
    '2 lemons'
    """
    try:
        count = index(n)
    except Exception:
        raise TypeError(
            gettext("Expected a whole number of things to count, but {n} came; try 1 or 2.").format(
                n=short(n)
            )
        ) from None
    if _translations is None:
        return singular if count == 1 else plural
    return _translations.ngettext(singular, plural, count)


def short(value: object) -> str:
    """Show any value in a sentence: on one line, without flooding it, and without failing.

    >>> short(list(range(100)))
    '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16...'
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # some objects cannot even be shown
        text = type(value).__name__
    text = text if len(text) <= 60 else text[:57] + "..."
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def clean(text: str) -> str:
    r"""A name as pictures and pages can show it: one line, and only letters and signs.

    Line breaks become blanks; signs that steer a machine or the direction of writing go; half of a
    pair (a lone surrogate), which no file can hold, and signs without a meaning become �.

    >>> clean("soft\nice"), clean("caf\x00é"), clean("x\ud800")
    ('soft ice', 'café', 'x�')
    """
    if not isinstance(text, str):
        raise TypeError(
            gettext("Expected a text, but {value} came; put it in quotes.").format(
                value=short(text)
            )
        )
    if text.isprintable():
        return text
    from unicodedata import category

    # Joiners make one sign of several, in emoji as in Persian and Hindi.
    signs = (
        sign if sign.isprintable() or sign in JOINERS else STAND_INS.get(category(sign), "")
        for sign in " ".join(text.split())
    )
    return "".join(signs)


def number(value: SupportsFloat, digits: int = 4) -> str:
    """Write a number for a learner, with at most ``digits`` significant digits.

    It is rounded as in school (a 5 goes up, away from zero), ends in no idle zeros, has the true
    minus sign, and is a power of ten only below 0.0001 and above 1000000. Raises TypeError when
    ``value`` is not one number, and ValueError when ``digits`` is less than 1.

    >>> number(-1.08), number(1.7688), number(1.7688, digits=5)
    ('−1.08', '1.769', '1.7688')
    >>> number(1.2e-7), number(-0.0), number(float("inf"))
    ('1.2 × 10⁻⁷', '0', '∞')
    """
    exact, most = _one_number(value), _as_digits(digits)
    return gettext("not a number") if isnan(exact) else _written(exact, most)


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
