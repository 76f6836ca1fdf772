"""Say what a learning rate does: a name for it, a sentence, and the sum behind a lap's move."""

from __future__ import annotations

from collections.abc import Sequence

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, ngettext, number, sentences
from backprop_lib.study.descent import Descent, FactoryDescent, Landscape, times_turned_back
from backprop_lib.words.bench import update_sum
from backprop_lib.words.names import plain_number, vector

AT_ONCE = 1e-12  # of the way: what is left of it after one jump to the bottom


def regime_name(regime: str) -> str:
    """What the learning rate does, in a few words.

    >>> regime_name("bounces")
    'bounces for ever'
    """
    return {
        "ready": _("ready"),
        "rests": _("rests"),
        "crawls": _("crawls"),
        "smooth": _("smooth"),
        "zig-zag": _("zig-zag"),
        "bounces": _("bounces for ever"),
        "explodes": _("explodes"),
        "shut": _("a gate shut for good"),
    }[regime]


def regime_told(regime: str, way: Descent, laps: int, workers: Sequence[str] = ()) -> str:
    """The same as a whole sentence; ``workers`` are the names on a factory's first floor.

    >>> from backprop_lib.engine.optimizers import SGD
    >>> from backprop_lib.study.descent import Bowl, descend
    >>> regime_told("crawls", descend(Bowl(), [2], SGD(0.01), 10), laps=10)
    'It crawls: 10 laps do not take it half of the way.'
    """
    if regime == "shut" and isinstance(way, FactoryDescent):
        return _lost_told(way, laps, workers)
    shown = min(laps, way.laps)
    if regime == "smooth" and shown and way.distances[1] <= AT_ONCE * way.distances[0]:
        return _("One jump takes it right to the bottom, and there it rests.")
    closer = way.distances[shown] < way.distances[0]
    later = way.losses[shown] <= way.losses[0] and way.laps > 0
    return {
        "ready": _("Ready: press Play, or pull the lap."),
        "rests": _("It rests at the bottom: the gradient is 0, so nothing moves."),
        "crawls": ngettext(
            "It crawls: {n} lap does not take it half of the way.",
            "It crawls: {n} laps do not take it half of the way.",
            laps,
        ).format(n=laps),
        "smooth": _("It goes past the bottom once, and from there on smoothly.")
        if times_turned_back(way, shown)
        else _("It goes down smoothly and never turns back."),
        "zig-zag": _("It goes in a zig-zag: past the bottom, back again, and still closer.")
        if closer
        else _("It goes in a zig-zag: past the bottom and back again."),
        "bounces": _("It bounces for ever: to and fro, and never to rest."),
        "explodes": _("It explodes in the end: sooner or later the loss grows and grows.")
        if later
        else _("It explodes: the loss grows and grows."),
    }[regime]


def _lost_told(way: FactoryDescent, laps: int, workers: Sequence[str]) -> str:
    lost = [workers[place] for place in way.lost(laps)]
    still_open = bool((way.mixes[min(laps, way.laps)] > 0.0).any())
    first = ngettext(
        "The gate of {names} is shut for good: of this order no note gets through any more.",
        "The gates of {names} are shut for good: of this order no note gets through any more.",
        len(lost),
    ).format(names=listed(lost, _("{before} and {after}")))
    rest = "" if still_open else _("Only the pinch of the last floor still learns.")
    return sentences(first, rest)


def lap_told(way: Descent, lap: int) -> str:
    """How large the loss is after a lap.

    >>> from backprop_lib.engine.optimizers import SGD
    >>> from backprop_lib.study.descent import Bowl, descend
    >>> lap_told(descend(Bowl(), [2], SGD(0.25), 10), 1)
    'After 1 lap the loss is 1. It began at 4.'
    """
    first = number(way.losses[0])
    if lap == 0:
        return _("At the start the loss is {loss}.").format(loss=first)
    told = ngettext(
        "After {n} lap the loss is {loss}. It began at {first}.",
        "After {n} laps the loss is {loss}. It began at {first}.",
        lap,
    )
    return told.format(n=lap, loss=plain_number(way.losses[lap]), first=first)


def race_told(lap: int, rate: float, loss: float) -> str:
    """Which learning rate leads after a lap, and with what loss.

    >>> race_told(1, 0.02, 0.1639)
    'After 1 lap the lowest loss is that of 0.02: 0.1639.'
    """
    if lap == 0:
        return _("At the start all have the same loss, {loss}.").format(loss=plain_number(loss))
    told = ngettext(
        "After {n} lap the lowest loss is that of {rate}: {loss}.",
        "After {n} laps the lowest loss is that of {rate}: {loss}.",
        lap,
    )
    return told.format(n=lap, rate=number(rate), loss=plain_number(loss))


RULES = {
    "plain": "w = w − η · ∂Loss/∂w",
    "momentum": "v = m · v + ∂Loss/∂w,  w = w − η · v",
    "adam": "w = w − η · ĝ / (√ŝ + ε)",
}


def moves_formula(method: str, landscape: Landscape, way: Descent, lap: int, rate: float) -> str:
    """How a gradient becomes a turn, and the sum for each knob that led to this lap.

    >>> from backprop_lib.engine.optimizers import SGD
    >>> from backprop_lib.study.descent import Bowl, descend
    >>> moves_formula("plain", Bowl(), descend(Bowl(), [2], SGD(0.1), 10), 1, 0.1)
    'w = w − η · ∂Loss/∂w = 2 − 0.1 × 4 = 1.6'
    """
    if lap == 0:
        return RULES[method]
    old, new = way.points[lap - 1], way.points[lap]
    sums = list(map(update_sum, old, landscape.gradient(old), new, [rate] * len(old)))
    if method == "plain" and len(sums) == 1:
        return f"{RULES[method]} = {sums[0]}"
    named = map("{}: {}".format, landscape.knob_names, sums)
    return ",  ".join((RULES[method], *named))


def knob_formula(method: str, way: Descent, lap: int, rate: float, knob: str) -> str:
    """The same for one knob of a factory, its first one, which is called ``knob``."""
    if lap == 0:
        return RULES[method]
    old, new = way.points[lap - 1 : lap + 1, 0].tolist()
    told = f"{number(old)} → {number(new)}"
    if method == "plain":
        told = update_sum(old, (old - new) / rate, new, rate)
    return f"{RULES[method]},  {knob}: {told}"


def way_told(way: Descent, lap: int) -> str:
    """Where the ball stood and how large the loss was, lap by lap, for those who do not see it."""
    if isinstance(way, FactoryDescent):
        places = listed(map(number, way.products[: lap + 1]))
        told = _("The product, lap by lap: {places}. The loss: {losses}.")
    else:
        places = listed(map(vector, way.points[: lap + 1]))
        told = _("The ball stands at, lap by lap: {places}. The loss: {losses}.")
    losses = listed(map(plain_number, way.losses[: lap + 1]))
    return told.format(places=places, losses=losses)
