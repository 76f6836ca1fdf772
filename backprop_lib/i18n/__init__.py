"""The words and the numbers as a learner reads them, in the language that is chosen at run time."""

from backprop_lib.i18n.catalogues import (
    clean,
    gettext,
    language,
    languages,
    ngettext,
    set_language,
    short,
)
from backprop_lib.i18n.joins import labelled, listed, sentences
from backprop_lib.i18n.numbers import MINUS, SUPERSCRIPTS, factor, number, rounded, signed

__all__ = [
    "MINUS",
    "SUPERSCRIPTS",
    "clean",
    "factor",
    "gettext",
    "labelled",
    "language",
    "languages",
    "listed",
    "ngettext",
    "number",
    "rounded",
    "sentences",
    "set_language",
    "short",
    "signed",
]
