"""What the text of one cell may mean: a number, in one reading or in two, a word, or no value."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Kind(Enum):
    """What a cell holds."""

    NUMBER = "number"
    WORD = "word"
    GAP = "gap"  # nothing, or what programs write for nothing
    DATE = "date"  # or a time of day
    ODD = "odd"  # begins like a number, and is none


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that was looked at.

    ``point`` is its number where the point is the decimal sign, ``comma`` where the comma is; None
    where it makes no sense so. ``mark`` is a sign that stood beside the number: %, €.
    """

    kind: Kind
    point: float | None = None
    comma: float | None = None
    mark: str = ""

    @property
    def sign(self) -> str:
        """The decimal sign that this number cannot do without; empty where any will do."""
        if self.kind is not Kind.NUMBER or (self.point is None) == (self.comma is None):
            return ""
        return "," if self.point is None else "."

    @property
    def is_open(self) -> bool:
        """Whether it has two readings: 1,234 and 1.234 may each be a thousand and more, or not."""
        return None not in (self.point, self.comma) and self.point != self.comma


OTHER = {".": ",", ",": "."}  # the two decimal signs
# What other keyboards and programs write for the same sign. Superscripts are none: 5² is not 52.
ALIKE = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},  # full-width forms
    **dict.fromkeys(map(ord, "−–‐‑﹣⁻"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\u2008\u3000"), " "),
    **dict.fromkeys(map(ord, "’‘ʼ٬"), "'"),
    ord("٫"): ",",
    ord("٪"): "%",
    **dict(zip(map(ord, "￠￡￥￦"), "¢£¥₩", strict=True)),
    **dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"), None),  # nothing to see
}  # fmt: skip
GAPS = frozenset(
    """na n/a n.a. n.a n/v k.a. nan null none nil missing unknown <na> - -- --- — —— ? ?? . .. ...
    … #n/a #nv #n/v #na #value! #wert! #div/0! #ref! #bezug! #name? #num! #zahl! #null! #error!
    """.split()
)
ENDLESS = re.compile(r"[-+]?(?:inf|infinity|∞)")
CURRENCY = r"us\$|[$¢£¤¥฿₠-⃀]|\b(?:eur|usd|gbp|chf|jpy|cny|rmb|inr)\b|元|円|원"
NUMBER = re.compile(
    rf"(?P<sign>[-+]?) ?(?P<before>{CURRENCY})? ?(?P<late>[-+]?) ?"
    rf"(?P<body>[\d.,](?:[\d.,' ]*[\d.,])?(?:e[-+]?\d+)?) ?(?P<after>%|‰|{CURRENCY})?"
)
WHOLE = re.compile(r"\d+[.,]")  # 5. and 5, are five in any country


def _forms(decimal: str, groups: str) -> re.Pattern[str]:
    plain = rf"(?:\d+(?:{decimal}\d*)?|{decimal}\d+)(?:e[-+]?\d+)?"
    grouped = rf"[1-9]\d{{0,2}}(?:([{groups}' ])\d{{3}})(?:\1\d{{3}})*(?:{decimal}\d*)?"
    return re.compile(rf"{plain}|{grouped}")


POINT, COMMA = _forms(r"\.", ","), _forms(",", ".")
LAKHS = re.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d*)?")  # 12,34,567, as India groups
MONTHS = (
    "(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|may|mai|june?|juni|july?"
    "|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
DATE = re.compile(
    r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d\d)"
    r"|\d{4}年\d{1,2}月(?:\d{1,2}日)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[-. ]{{1,2}}{MONTHS}[-. ,]*(?:\d{{4}}|\d\d)?"
    rf"|{MONTHS}[. ]+\d{{1,2}}(?:st|nd|rd|th)?,? *\d{{4}})(?:[t ,].*)?"
    r"|\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?[ap]\.?m\.?)?"
)


def plain(text: str) -> str:
    """The text with each sign in its simplest form, and one space where there are several.

    >>> plain("１２，５\u00a0％"), plain("−3")
    ('12,5 %', '-3')
    """
    if not text.isascii():
        digits = {ord(one): str(unicodedata.decimal(one)) for one in text if one.isdecimal()}
        text = text.translate({**ALIKE, **digits})
    return " ".join(text.split())


def is_gap(text: str) -> bool:
    """Whether a cell says that there is no value.

    >>> is_gap("N/A"), is_gap("–"), is_gap("0")
    (True, True, False)
    """
    short = plain(text).casefold()
    return not short or short in GAPS


@lru_cache(maxsize=4096)
def look_at(text: str) -> Cell:
    """What a cell holds.

    >>> look_at("1.234,5").comma, look_at("(5)").kind
    (1234.5, <Kind.ODD: 'odd'>)
    >>> look_at("1,234")
    Cell(kind=<Kind.NUMBER: 'number'>, point=1234.0, comma=1.234, mark='')
    """
    if is_gap(text):
        return Cell(Kind.GAP)
    short = plain(text).casefold()
    number = _as_number(short)
    if number is not None:  # one in each line of a cell are two
        return number if len(text.strip().splitlines()) == 1 else Cell(Kind.ODD)
    if DATE.fullmatch(short):
        return Cell(Kind.DATE)
    first = next((one for one in short if one.isalnum()), "")
    # Other numerals, as ½, are of the category No; 三 is a letter.
    looks_like_one = unicodedata.category(first or "x") in ("Nd", "No")
    odd = looks_like_one or ENDLESS.fullmatch(short)
    return Cell(Kind.ODD if odd else Kind.WORD)


def _as_number(text: str) -> Cell | None:
    found = NUMBER.fullmatch(text)
    if not found or (found["sign"] and found["late"]) or (found["before"] and found["after"]):
        return None
    body = found["body"]
    if WHOLE.fullmatch(body):
        body = body[:-1]
    minus = "-" in (found["sign"], found["late"])
    point, comma = (
        _value(body, form, minus, *signs)
        for form, signs in ((POINT, (",", ".")), (COMMA, (".", ",")))
    )
    if point is None and LAKHS.fullmatch(body):
        point = _value(body.replace(",", ""), POINT, minus, ",", ".")
    if point is None and comma is None:
        return None
    return Cell(Kind.NUMBER, point, comma, (found["before"] or found["after"] or "").upper())


def _value(body: str, form: re.Pattern[str], minus: bool, group: str, decimal: str) -> float | None:
    if not form.fullmatch(body):
        return None
    digits = body.replace(group, "").replace("'", "").replace(" ", "").replace(decimal, ".")
    value = float(digits)
    return (-value if minus else value) if math.isfinite(value) else None
