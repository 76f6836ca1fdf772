"""What stands beside each other in a text: the parts of a list, sentences, a name and its words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from backprop_lib.i18n.catalogues import gettext


def listed(parts: Iterable[str], join: str = "") -> str:
    """The parts of a list beside each other, or with another ``join`` of {before} and {after}.

    >>> listed(["Ana 1", "Bo 2", "Cy 0"])
    'Ana 1, Bo 2, Cy 0'
    """
    # Translators: two parts of a list, such as "Ana 1, Bo 2"
    form = (join or gettext("{before}, {after}")).format
    some = list(parts)
    return reduce(lambda before, after: form(before=before, after=after), some) if some else ""


def sentences(*told: str) -> str:
    """Whole sentences one after the other, without those that are empty.

    >>> sentences("The gate is open.", "", "8 passes.")
    'The gate is open. 8 passes.'
    """
    # Translators: two sentences, one after the other; a language may need no blank there
    return listed(filter(None, told), gettext("{before} {after}"))


def labelled(name: str, told: str) -> str:
    """A name, and what is told of it.

    >>> labelled("pixel 7", "0.5")
    'pixel 7: 0.5'
    """
    # Translators: a name and what is told of it, such as "pixel 7: 0.5"
    return gettext("{name}: {told}").format(name=name, told=told)
