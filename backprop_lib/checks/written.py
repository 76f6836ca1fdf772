"""Numbers as people write them: 3,75 and −2, ½ and ３, 0.5², 2 lemons, three."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from backprop_lib.i18n import gettext as _

_NUMBER = r"[+-]?\s*(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
_POWER = r"(?:\^|\*\*)\s*\(?\s*([+-]?\d+)\s*\)?"
_WRITTEN = re.compile(
    rf"(?P<number>{_NUMBER})\s*"
    rf"(?:(?P<whole>(?<=\s)\d+)?\s*/\s*(?P<below>\d+)|{_POWER}|[×x*·]\s*10\s*{_POWER})?"
    r"\s*[).;]?\s*(?:[^\W\d_][^\d]*)?"  # a bracket too many, and what is counted
)
# 1,234 is one number here and another one there.
_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def read(text: str) -> float | None:
    """The number that a text stands for; None when it stands for none, or for two.

    >>> [read(text) for text in ("3,75", "−2", "½", "1½", "３", "0.5^2", "2 lemons", "three")]
    [3.75, -2.0, 0.5, 1.5, 3.0, 0.25, 2.0, 3.0]
    >>> read("1,234"), read("lemons"), read("2 and 3")
    (None, None, None)
    """
    text = text.strip()
    words = _("zero one two three four five six seven eight nine ten eleven twelve").split()
    if text.casefold() in words:
        return float(words.index(text.casefold()))
    found = _WRITTEN.fullmatch(plain := _plain(text))
    if found is None or _TWO_WAYS.fullmatch(found["number"]):
        return None
    try:
        value = _value(found, plain)
    except (OverflowError, ZeroDivisionError, ValueError):
        return None
    return value if math.isfinite(value) else None


def _plain(text: str) -> str:
    """The same in plain signs: no full-width digits, raised digits or fractions in one letter."""
    text = re.sub("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda up: "^" + up[0].translate(_SUPERSCRIPTS), text)
    # Before a fraction in one letter stands the whole: 1½ is not 11/2.
    text = "".join(
        f" {letter}" if unicodedata.decomposition(letter).startswith("<fraction>") else letter
        for letter in text
    )
    text = unicodedata.normalize("NFKC", text).strip()
    return re.sub("[−–]", "-", text.replace("⁄", "/"))


def _value(found: re.Match[str], plain: str) -> float:
    number, whole, below, power, tens = found.groups()
    value = float(re.sub(r"\s", "", number).replace(",", "."))
    if whole is not None:  # 1 1/2
        part = int(whole) / int(below)
        return value - part if plain.startswith("-") else value + part
    if below is not None:
        return value / int(below)
    if power is not None:  # −3² is −9, as on paper
        raised: float = abs(value) ** int(power)
        return -raised if plain.startswith("-") else raised
    return value * 10.0 ** int(tens) if tens is not None else value


def slip(answer: Any) -> str:
    """What to write in place of what is no number for Python, though a person reads one.

    Nothing where nobody could tell which number was meant.

    >>> slip("3,75")
    'Write it with digits and a point, and without quotes: 3.75.'
    >>> slip((3, 75)), slip((3,)), slip("lemons")
    ('Python takes the comma for two numbers. Write a point: 3.75.', 'Write it alone: 3.', '')
    """
    if isinstance(answer, str) and len(answer) < 100 and (value := read(answer)) is not None:
        hint = _("Write it with digits and a point, and without quotes: {number}.")
        return hint.format(number=f"{value:g}")
    if type(answer) not in (list, tuple) or not 1 <= len(answer) <= 2:  # nobody's own kind
        return ""
    if any(type(part) not in (int, float) for part in answer):
        return ""
    if len(answer) == 1:
        return _("Write it alone: {number}.").format(number=answer[0])
    if isinstance(answer, tuple) and _whole(answer) and answer[1] >= 0:
        hint = _("Python takes the comma for two numbers. Write a point: {number}.")
        return hint.format(number=f"{answer[0]}.{answer[1]}")
    return ""


def _whole(numbers: Sequence[object]) -> bool:
    return all(isinstance(number, int) and abs(number) < 10**9 for number in numbers)
