"""Another language, in which no English letter is left, and what finds the English in it."""

from __future__ import annotations

import re

import backprop_lib as bp
from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.words import Names

FIELD = re.compile(r"(\{[^{}]*\})")


class Foreign:
    """A catalogue that has every message: its letters replaced, its gaps kept."""

    def gettext(self, message: str) -> str:
        parts = FIELD.split(message)
        return "".join(
            part if FIELD.fullmatch(part) else re.sub("[A-Za-z]", "ж", part) for part in parts
        )

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class Backwards(Foreign):
    """A catalogue in whose sentences the gaps come in the opposite order."""

    def gettext(self, message: str) -> str:
        gaps = FIELD.findall(message)
        return " ж ".join(reversed(gaps)) if gaps else super().gettext(message)


# What mathematics and code call by the same name in every language.
SYMBOLS = {"Loss", "log", "nan", "inf", *" ".join(ACTIVATIONS).split()}


def english(text: str) -> list[str]:
    """The English words in a text that is meant to be in another language."""
    return [word for word in re.findall("[A-Za-z]{2,}", text) if word not in SYMBOLS]


def named(network: bp.Network) -> Names:
    """Names without a digit and without a Latin letter."""
    inputs = ["αβγδεζηθ"[n] * 2 for n in range(network.sizes[0])]
    workers = [["κλμνξοπρ"[n] * 3 for n in range(count)] for count in network.sizes[1:]]
    return Names.of(network, inputs, workers)
