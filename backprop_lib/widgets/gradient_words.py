"""What the gradient explorer says: the names of knobs, its sentences, and its sums with numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backprop_lib.captions import Line, Names
from backprop_lib.i18n import factor, ngettext, number
from backprop_lib.i18n import gettext as _
from backprop_lib.nudging import Knob, Nudged, digits_alike
from backprop_lib.pictures.gradient import DIGITS, Row

FORMULAS = {"up": "(L(w + h) − L(w)) / h", "both": "(L(w + h) − L(w − h)) / 2h"}
LONG = 8  # digits of a slope in a sum


def worker_of(knob: Knob, names: Names) -> str:
    """Whose knob it is."""
    return names.workers[knob.layer][knob.worker]


def source_of(knob: Knob, names: Names) -> str:
    """For whose delivery the knob is, or that it is the pinch."""
    if knob.source is None:
        return _("pinch")
    return (names.inputs, *names.workers)[knob.layer][knob.source]


def name_of(knob: Knob, names: Names) -> str:
    """A knob in words.

    >>> from backprop_lib import Network
    >>> names = Names.of(Network.random([1, 1]), ["lemons"], [["Ana"]])
    >>> name_of(Knob(0, 0, 0), names), name_of(Knob(0, 0, None), names)
    ('Ana, knob for lemons', 'Ana, pinch')
    """
    words = _("{worker}, pinch") if knob.source is None else _("{worker}, knob for {source}")
    return words.format(worker=worker_of(knob, names), source=source_of(knob, names))


def sentence(
    name: str, nudged: Nudged, gradient: float, way: str, *, at_corner: bool = False
) -> str:
    """What the nudge did to the loss, what that makes for a slope, and where it is uphill.

    ``at_corner`` is whether a gate opens or shuts just where the knob stands.
    """
    here, above, below = _losses(nudged)
    if way == "up":
        told = _(
            "{knob}: at {weight} the loss is {here}. Nudged up by {nudge} it is {above}: a slope "
            "of {slope}. Backpropagation says {gradient}."
        )
    else:
        told = _(
            "{knob}: at {weight} the loss is {here}. Nudged down and up by {nudge} it is {below} "
            "and {above}: a slope of {slope}. Backpropagation says {gradient}."
        )
    told = told.format(
        knob=name,
        weight=number(nudged.value),
        nudge=number(nudged.nudge),
        here=here,
        above=above,
        below=below,
        slope=number(nudged.slope(way), DIGITS),
        gradient=number(gradient, DIGITS),
    )
    return f"{told} {_direction(gradient, at_corner)}"


def _direction(gradient: float, at_corner: bool) -> str:
    if at_corner:
        return _(
            "Just here a gate opens or shuts. The curve may have a corner, where turning up and "
            "turning down are not alike."
        )
    if gradient > 0:
        return _("Turned up a little, the knob makes the loss larger.")
    if gradient < 0:
        return _("Turned up a little, the knob makes the loss smaller.")
    return _("Just here, a tiny turn does nothing to the loss.")


def formula(nudged: Nudged, way: str) -> str:
    """The slope by the nudge, with its numbers."""
    up, both = _quotients(nudged)
    return f"{FORMULAS[way]} = {up if way == 'up' else both}"


def lines(nudged: Nudged, gradient: float, product: str, has_corner: bool) -> tuple[Line, ...]:
    """Every sum at this knob; ``product`` is how backpropagation comes to its gradient."""
    up, both = _quotients(nudged)
    here, above, _below = _losses(nudged)
    foretold = number(nudged.here + gradient * nudged.nudge, _digits(nudged))
    found = [
        Line(_("nudged up"), up),
        Line(_("nudged up and down"), both),
        Line(_("backpropagation"), product),
        Line(
            _("difference"),
            _("{up} nudged up, {both} nudged up and down").format(
                up=number(abs(nudged.up - gradient), 2),
                both=number(abs(nudged.both - gradient), 2),
            ),
        ),
        Line(
            _("the slope says"),
            _("{here} + {nudge} × {gradient} = {foretold}; truly it is {above}").format(
                here=here,
                gradient=factor(gradient, DIGITS),
                nudge=number(nudged.nudge),
                foretold=foretold,
                above=above,
            ),
        ),
    ]
    if has_corner:
        words = _(
            "Within this nudge a gate opens or shuts, and there the curve may have a corner: such "
            "a nudge tells no slope that one can trust."
        )
        found.append(Line(_("a corner?"), words))
    return tuple(found)


def sentence_of_all(rows: Sequence[Row], passes: int) -> str:
    """What it took to nudge all knobs, and how well the slopes agree."""
    told = _(
        "To nudge {knobs} knobs one by one takes {passes} passes forward. Backpropagation finds "
        "all slopes with 1 pass forward and 1 back."
    ).format(knobs=len(rows), passes=passes)
    alike = [digits_alike(row.nudged, row.gradient) for row in rows]
    fewest = min((digits for digits in alike if digits is not None), default=None)
    if fewest is None:
        verdict = _("All slopes are the very same.")
    elif fewest == 0:
        verdict = _("Not all slopes agree: the nudge is too large or too small, or at a corner.")
    else:
        verdict = ngettext(
            "All slopes agree to {n} digit or more.",
            "All slopes agree to {n} digits or more.",
            fewest,
        ).format(n=fewest)
    return f"{told} {verdict}"


def _quotients(nudged: Nudged) -> tuple[str, str]:
    """Both difference quotients with their numbers."""
    here, above, below = _losses(nudged)
    h, two_h = (_divisor(size) for size in (nudged.nudge, 2.0 * nudged.nudge))
    return (
        f"({above} − {here}) / {h} = {number(nudged.up, LONG)}",
        f"({above} − {below}) / {two_h} = {number(nudged.both, LONG)}",
    )


def _divisor(size: float) -> str:
    """What stands after a stroke: a power of ten in brackets."""
    text = number(size)
    return f"({text})" if "×" in text else text


def _losses(nudged: Nudged) -> tuple[str, str, str]:
    """The loss here, above and below, to as many digits as it takes to tell them apart."""
    digits = _digits(nudged)
    here, above, below = (
        number(loss, digits) for loss in (nudged.here, nudged.above, nudged.below)
    )
    return here, above, below


def _digits(nudged: Nudged) -> int:
    """How many digits of a loss show what the nudge did to it, to four digits of its own."""
    largest = max(abs(nudged.here), abs(nudged.above), abs(nudged.below))
    changes = [abs(nudged.above - nudged.here), abs(nudged.above - nudged.below)]
    smallest = min((change for change in changes if change), default=largest)
    if not largest:
        return 4
    return min(17, math.floor(math.log10(largest)) - math.floor(math.log10(smallest)) + 4)
