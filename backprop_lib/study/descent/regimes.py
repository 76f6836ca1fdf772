"""What a learning rate does on the way down, by name: from crawls and smooth to explodes."""

from __future__ import annotations

import numpy as np

from backprop_lib.engine.arrays import Array, as_count, as_kind
from backprop_lib.i18n import gettext as _
from backprop_lib.study.descent.ways import Descent

SETTLED = 1e-9  # moves are over when they are this small a share of the largest
ALIKE = 1.0 - 1e-6  # two factors are one and the same but for rounding
ENOUGH = 3  # laps in which a knob can turn back twice, and a swing can change twice


def regime(way: Descent, laps: int) -> str:
    """Name what a learning rate does in the ``laps`` shown, seen over a way that may go on.

    - rests: it begins at the bottom, and nothing ever moves.
    - explodes: the loss goes beyond all bounds, or a knob's swings grow and never slow down.
    - bounces: a knob turns back and forth to the end, and its swings neither die down nor explode.
    - shut: a gate of a factory was pushed shut.
    - zig-zag: a knob turns back at least twice, or the loss rises on the way.
    - crawls: less than half of the way to the bottom is done, and no knob turns back.
    - smooth: none of these.

    >>> from backprop_lib.study.descent import Bowl, descend
    >>> from backprop_lib.engine.optimizers import SGD
    >>> rates = (0.01, 0.1, 0.9, 1.0, 1.1)
    >>> [regime(descend(Bowl(), [2], SGD(rate), laps=60), laps=10) for rate in rates]
    ['crawls', 'smooth', 'zig-zag', 'bounces', 'explodes']
    """
    _as_way(way)
    shown = min(as_count(laps, _("the number of laps"), least=0), way.laps)
    moves = np.diff(way.points, axis=0)
    if way.exploded:
        return "explodes"
    if not moves.any():  # with next to no rate nothing moves either, but not for being there
        return "crawls" if way.distances[0] else "rests"
    if unrest := _unrest(moves):
        return unrest
    if way.lost(shown):
        return "shut"
    turned = times_turned_back(way, max(shown, ENOUGH))
    if turned > 1 or _rises(way.losses[: shown + 1]):
        return "zig-zag"
    if way.distances[shown] > way.distances[0] / 2.0 and not turned:
        return "crawls"
    return "smooth"


def times_turned_back(way: Descent, laps: int) -> int:
    """How often the knob that turns back most often does so in these laps, while it still moves.

    >>> from backprop_lib.study.descent import Bowl, descend
    >>> from backprop_lib.engine.optimizers import SGD
    >>> [times_turned_back(descend(Bowl(), [2], SGD(rate), 5), 3) for rate in (0.25, 0.75)]
    [0, 2]
    """
    _as_way(way)
    most = as_count(laps, _("the number of laps"), least=0)
    moves = np.diff(way.points[: most + 1], axis=0)
    noticed = np.where(np.abs(moves) > SETTLED * np.abs(moves).max(initial=0.0), moves, 0.0)
    return int((noticed[:-1] * noticed[1:] < 0.0).sum(axis=0).max(initial=0))


def _as_way(value: Descent) -> Descent:
    """Return ``value`` if it is a way down; else a TypeError says how to come by one."""
    return as_kind(value, Descent, "descend(Bowl(), [2], SGD(0.1), 10)")


def _rises(losses: Array) -> bool:
    """Whether the loss rises in some lap, by more than rounding."""
    return bool((np.diff(losses) > 1e-9 * losses[0]).any())


def _unrest(moves: Array) -> str:
    """Whether some knob comes to no rest, but turns back and forth to the end: "", or its regime.

    Just beside a limit the swings hardly change, and it matters how they do. On a parabola each lap
    multiplies their size s by the same r. Where the valley bends otherwise they may shrink or grow
    at first and then stay. Small swings follow s' = r s - k s^3 there, so that 1 / s^2 rises by
    amounts that each lap divides by r^2: they die down, r <= 1, if it rises no less later on.
    """
    half, quarter = len(moves) // 2, len(moves) // 4
    sizes = np.abs(moves)
    earlier = sizes[half : len(moves) - quarter].max(axis=0, initial=0.0)
    later = sizes[len(moves) - quarter :].max(axis=0, initial=0.0)
    turns = (moves[half:-1] * moves[half + 1 :] < 0.0).sum(axis=0)
    lively = (later >= 0.5 * earlier) & (later > SETTLED * sizes.max())
    lively &= (3 * turns >= len(moves) - half - 1) & (turns > 0)
    found = {_fate(swings) for swings in sizes[half:, lively].T}
    return next((name for name in ("explodes", "bounces") if name in found), "")


def _fate(swings: Array) -> str:
    """What lively swings come to; "" if they die down, or are too few to say."""
    if len(swings) < ENOUGH:
        return ""
    if not swings.all():  # a standstill in between is no steady growing or dying down
        return "bounces"
    changes, rounding = np.diff(swings), 1e-12 * float(swings.max())
    apart = max(1, (len(swings) - 1) // 4 * 2)  # an even number of laps, there and back
    first, middle, last = (float(swings[-1 - n * apart]) for n in (2, 1, 0))
    if (changes > rounding).all() and last / middle >= ALIKE * middle / first:
        return "explodes"
    # By how much 1 / swing² grows, in units of 1 / middle², so that no tiny swing overflows.
    grown, before = middle / last, middle / first
    slowing = grown * grown - 1.0 < ALIKE * (1.0 - before * before)
    return "" if (changes < -rounding).all() and not slowing else "bounces"
