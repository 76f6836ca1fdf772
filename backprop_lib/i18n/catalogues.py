"""The catalogues of words, one for each language, and the one that is in use.

Every sentence of the package passes through ``gettext`` or ``ngettext`` at the moment when it is
shown, so ``set_language`` changes whatever is shown next. A sentence is whole, and its gaps have
names: ``gettext("{worker} ships {amount}.").format(worker=..., amount=...)``. Where a catalogue
misses a sentence, the English one is shown. ``locale/README.md`` says how to add a language.
"""

from __future__ import annotations

import os
from operator import index
from typing import TYPE_CHECKING, SupportsIndex

# Importing the package must cost next to nothing: pathlib is not needed, and the standard library's
# gettext is imported where the first translated word is shown.
if TYPE_CHECKING:
    from gettext import GNUTranslations

CATALOGUES = os.path.join(os.path.dirname(__file__), "locale")
ENGLISH = "en"
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
# Surrogates, private use, unassigned; all other signs that cannot be printed are left out.
STAND_INS = dict.fromkeys(("Cs", "Co", "Cn"), "\N{REPLACEMENT CHARACTER}")

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
