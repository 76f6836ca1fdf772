"""What the gradient explorer says: the names of knobs, its sentences, and its sums with numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from backprop_lib.i18n import factor, ngettext, number, rounded, sentences
from backprop_lib.i18n import gettext as _
from backprop_lib.study.nudging import Corner, Knob, Nudged, digits_alike
from backprop_lib.words import Line, Names
from backprop_lib.words.sums import FAINT, FEW, digits_to_tell

DIGITS = 6  # of a slope
FORMULAS = {"up": "(L(w + h) − L(w)) / h", "both": "(L(w + h) − L(w − h)) / 2h"}
LONG = 8  # digits of a slope in a sum
ALL_KEPT, EVERY = 16, 40  # digits that the computer keeps, and of what it makes of them


@dataclass(frozen=True)
class Row:
    """One knob: whose it is, for which source, and its slope by either way."""

    worker: str
    source: str
    label: str  # both in words
    nudged: float
    gradient: float


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
    name: str, nudged: Nudged, gradient: float, way: str, corner: Corner | None = None
) -> str:
    """What the nudge did to the loss, what that makes for a slope, and where it is uphill.

    ``corner`` is what there is just where the knob stands.
    """
    above, other = (_up if way == "up" else _both)(nudged).losses()
    here, below = (other, "") if way == "up" else (number(nudged.here), other)
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
    return sentences(told, _direction(gradient, corner))


def _direction(gradient: float, corner: Corner | None) -> str:
    if corner == "kink":
        return _(
            "Just here a gate or the loss has a kink. The curve may have a corner, where turning "
            "up and turning down are not alike."
        )
    if corner:
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
    return f"{FORMULAS[way]} = {(_up if way == 'up' else _both)(nudged).text()}"


def lines(nudged: Nudged, gradient: float, product: str, corner: Corner | None) -> tuple[Line, ...]:
    """Every sum at this knob; ``product`` is how backpropagation comes to its gradient."""
    up, both = _up(nudged), _both(nudged)
    above, here = up.losses()
    foretold = number(nudged.here + gradient * nudged.nudge, min(up.digits(), ALL_KEPT))
    found = [
        Line(_("nudged up"), up.text()),
        Line(_("nudged up and down"), both.text()),
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
    if any(FAINT in line.text for line in found):
        words = _("The faint ones are left over from rounding: the computer keeps about 16 digits.")
        found.append(Line(_("the last digits"), words))
    if corner:
        words = _(
            "Within this nudge a gate opens or shuts, and there the curve may have a corner: such "
            "a nudge tells no slope that one can trust."
        )
        if corner == "kink":
            words = _(
                "Within this nudge lies a kink of a gate or of the loss, and there the curve may "
                "have a corner: such a nudge tells no slope that one can trust."
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
    return sentences(told, verdict)


@dataclass(frozen=True)
class _Quotient:
    """A slope by a nudge with its numbers, to as many digits as it takes to come out as printed.

    Most digits that a tiny nudge asks for are none that the computer keeps: those are faint.
    """

    one: float
    other: float
    size: float
    slope: float

    def digits(self) -> int:
        """How many digits of the losses make the quotient come to the slope that is shown."""
        size, wanted = rounded(self.size), rounded(self.slope, LONG)
        for digits in range(min(ALL_KEPT, digits_to_tell(self.one, self.other, of=FEW)), EVERY):
            one, other = (rounded(Decimal(loss), digits) for loss in (self.one, self.other))
            if rounded((one - other) / size, LONG) == wanted:
                return digits
        return EVERY

    def losses(self) -> tuple[str, str]:
        """Both losses with these digits."""
        digits = self.digits()
        return _exactly(self.one, digits), _exactly(self.other, digits)

    def kept(self) -> int:
        """How many decimals of the losses the computer keeps."""
        return -math.floor(math.log10(math.ulp(max(abs(self.one), abs(self.other))))) - 1

    def text(self) -> str:
        """The whole sum."""
        one, other = (faded(loss, self.kept()) for loss in self.losses())
        size = math.floor(math.log10(self.size))
        told = faded(number(self.slope, LONG), self.kept() + size)
        return f"({one} − {other}) / {_divisor(self.size)} = {told}"


def faded(text: str, decimals: int) -> str:
    """A number as it is written, the digits after so many decimals between two marks."""
    whole, point, rest = text.partition(_("."))
    if len(rest) <= max(decimals, 0) or "×" in text:
        return text
    solid = f"{whole}{point}{rest[: max(decimals, 0)]}"
    return f"{solid}{FAINT}{rest[max(decimals, 0) :]}{FAINT}"


def _exactly(loss: float, digits: int) -> str:
    """A loss with all its digits, those too that stand for nothing but the computer's rounding."""
    if digits <= ALL_KEPT:
        return number(loss, digits)
    text = f"{rounded(Decimal(loss), digits):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", _("."))


def _up(nudged: Nudged) -> _Quotient:
    return _Quotient(nudged.above, nudged.here, nudged.nudge, nudged.up)


def _both(nudged: Nudged) -> _Quotient:
    return _Quotient(nudged.above, nudged.below, 2.0 * nudged.nudge, nudged.both)


def _divisor(size: float) -> str:
    """What stands after a stroke: a power of ten in brackets."""
    text = number(size)
    return f"({text})" if "×" in text else text
