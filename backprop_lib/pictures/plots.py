"""Pictures for the page, drawn once by matplotlib: losses over the laps, and over learning rates.

Each ``plot_`` function draws data on the axes it is given and returns the artists; it makes no
figure and shows none. ``as_picture`` turns a drawn figure into a value that a notebook shows with a
text that says the same, and that is the same to the letter each time; ``losses_picture`` does both.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle, takewhile
from warnings import catch_warnings, filterwarnings

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, MaxNLocator

from backprop_lib.engine.arrays import as_kind, as_number, as_numbers, as_text
from backprop_lib.engine.losses import bound
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences
from backprop_lib.pictures.chart import marked, tick
from backprop_lib.pictures.svg import tag

PAPER = "#fffdf9"  # as of the drawn pictures
DRAWN = "bpf-drawn"
# An image does not know the theme of its page. Inverted, with its hues turned back, it is dark.
DARK = f'[data-jp-theme-light="false"] .{DRAWN}{{filter:invert(0.92) hue-rotate(180deg)}}'
# Okabe and Ito's colours, each with a line and a mark of its own.
STYLES = (
    ("#0072b2", "-", "o"),
    ("#d55e00", "--", "s"),
    ("#009e73", "-.", "^"),
    ("#8a3ffc", ":", "D"),
    ("#24292e", (0, (6, 2)), "x"),
)
MOST_MARKS = 20  # on one line; more would hide it
MOST_DRAWN = 1e30  # a loss beyond it leaves no room for the others


def plot_losses(axes: Axes, losses: Mapping[str, Sequence[float]]) -> list[Artist]:
    """Draw losses lap by lap, in powers of ten, a line for each name.

    Each sequence holds the loss at the start and after each lap. Returns the lines.

    >>> lines = plot_losses(Figure().subplots(), {"0.01": [4, 0.5911, 0.1068]})
    >>> lines[0].get_ydata().tolist()
    [4.0, 0.5911, 0.1068]
    """
    _as_axes(axes)
    rows = _as_rows(losses)
    drawn: list[Artist] = []
    for (name, numbers), (colour, dash, mark) in zip(rows.items(), cycle(STYLES), strict=False):
        laps = range(len(numbers))
        every = max(1, len(numbers) // MOST_MARKS)
        drawn += axes.plot(
            laps, numbers, color=colour, linestyle=dash, marker=mark, markevery=every, label=name
        )
    if any(value > 0.0 for numbers in rows.values() for value in numbers):
        _in_powers_of_ten(axes, up=True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))  # there is no half a lap
    axes.set_xlabel(_("laps"))
    axes.set_ylabel(_("loss"))
    axes.legend()
    return drawn


def plot_rates(
    axes: Axes, rates: Sequence[float], losses: Sequence[float], start: float
) -> list[Artist]:
    """Draw the loss that is left over the learning rate, both in powers of ten.

    ``losses`` has one number for each of ``rates``; ``start`` is the loss before the first lap,
    which is drawn as a line across. Returns the curve, the line and the mark on the lowest loss.

    >>> curve, line, mark = plot_rates(Figure().subplots(), [0.1, 0.2], [0.5, 0.2], start=4)
    >>> mark.get_text()
    'lowest at 0.2'
    """
    (colour, dash, mark), (other, dashes, _mark) = STYLES[:2]
    _as_axes(axes)
    rates, numbers = _as_row(rates, _("the learning rates")), _as_row(losses, _("the losses"))
    start = as_number(start, _("the loss at the start"))
    if len(rates) != len(numbers):
        raise ValueError(
            _("Expected a loss for each learning rate, but {losses} for {rates} came.").format(
                losses=len(numbers), rates=len(rates)
            )
        )
    if min(rates) <= 0.0 or not start < MOST_DRAWN:
        raise ValueError(
            _("Expected positive learning rates and a loss at the start below {most}.").format(
                most=number(MOST_DRAWN)
            )
        )
    best = min(range(len(numbers)), key=numbers.__getitem__)
    drawn: list[Artist] = []
    drawn += axes.plot(rates, numbers, color=colour, linestyle=dash, marker=mark, markersize=3)
    told = _("loss at the start: {loss}").format(loss=number(start))
    drawn.append(axes.axhline(start, color=other, linestyle=dashes, label=told))
    drawn.append(
        axes.annotate(
            _("lowest at {rate}").format(rate=number(rates[best])),
            (rates[best], numbers[best]),
            xytext=(8, 0),
            textcoords="offset points",
            verticalalignment="center",
        )
    )
    _in_powers_of_ten(axes, up=True, across=True)
    axes.set_xlabel(_("learning rate"))
    axes.set_ylabel(_("loss"))
    axes.legend()
    return drawn


def losses_picture(losses: Mapping[str, Sequence[float]]) -> Picture:
    """The losses lap by lap as a picture to end a cell with; its text says how each line goes.

    A line ends where its loss explodes.

    >>> losses_picture({"broken": [4, 5.2, 7.1], "healthy": [4, 3.1, 2.5]})
    Picture(alternative='The loss lap by lap. broken: from 4 to 7.1. healthy: from 4 to 2.5.')
    >>> losses_picture({"storm": [4, 1e20, 1e40, float("inf")]}).alternative
    'The loss lap by lap. storm: from 4 up beyond all bounds.'
    """
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    rows = _as_rows(losses)
    bounded = {
        name: list(takewhile(min(bound(values[0]), MOST_DRAWN).__ge__, values))
        for name, values in rows.items()
    }
    axes = figure.subplots()
    plot_losses(axes, bounded)
    axes.set_title(_("The loss lap by lap"))
    ways = [_("The loss lap by lap.")]
    for name, values in rows.items():
        whole = len(bounded[name]) == len(values)
        way = (
            _("{name}: from {start} to {end}.")
            if whole
            else _("{name}: from {start} up beyond all bounds.")
        )
        ways.append(way.format(name=name, start=number(values[0]), end=number(values[-1])))
    return as_picture(figure, sentences(*ways))


def plot_learning(axes: Axes, learned: Sequence[float], held_out: Sequence[float]) -> list[Artist]:
    """Draw two losses round by round: on what is learned, and on what was held out.

    Both begin with the loss before the first round. Returns the two lines.

    >>> lines = plot_learning(Figure().subplots(), [2, 0.5, 0.1], [2, 0.9, 1.2])
    >>> [line.get_label() for line in lines]
    ['what it learns', 'held out']
    """
    _as_axes(axes)
    drawn: list[Artist] = []
    lines = ((_("what it learns"), learned), (_("held out"), held_out))
    for (name, values), (colour, dash, _mark) in zip(lines, STYLES, strict=False):
        numbers = _as_row(values, name)
        drawn += axes.plot(range(len(numbers)), numbers, color=colour, linestyle=dash, label=name)
    axes.set_ylim(bottom=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(_("rounds"))
    axes.set_ylabel(_("loss"))
    axes.legend()
    return drawn


def learning_picture(learned: Sequence[float], held_out: Sequence[float]) -> Picture:
    """The same two losses as a picture to end a cell with; its text says how each line goes.

    >>> print(learning_picture([2, 0.5, 0.1], [2, 0.9, 1.2]).alternative)
    Two losses, round by round. What it learns: from 2 to 0.1. Held out: from 2 to 0.9, then 1.2.
    """
    learned, held_out = _as_row(learned, _("what it learns")), _as_row(held_out, _("held out"))
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    plot_learning(axes, learned, held_out)
    axes.set_title(_("Two losses, round by round"))
    told = _(
        "Two losses, round by round. What it learns: from {start} to {end}. "
        "Held out: from {first} to {lowest}, then {last}."
    )
    return as_picture(
        figure,
        told.format(
            start=number(learned[0]),
            end=number(learned[-1]),
            first=number(held_out[0]),
            lowest=number(min(held_out)),
            last=number(held_out[-1]),
        ),
    )


def _as_axes(value: Axes) -> Axes:
    return as_kind(value, Axes, "Figure().subplots()")


def _as_row(values: Sequence[float], name: str, least: int = 1) -> list[float]:
    """Losses in a row, which may have grown beyond all bounds."""
    if not least and isinstance(values, Sequence) and not values:
        return []
    row = as_numbers(values, name, finite=False)
    if row.ndim != 1:
        raise ValueError(
            _("Expected a list of numbers for {name}, but an array of shape {shape} came.").format(
                name=name, shape=row.shape
            )
        )
    found: list[float] = row.tolist()
    return found


def _as_rows(losses: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    as_kind(losses, Mapping, '{"0.01": [4, 0.6, 0.1]}')
    if not losses:
        raise ValueError(_("Expected the losses of one line at least, but none came."))
    return {
        as_text(name, _("the name of a line")): _as_row(values, _("the losses"), least=0)
        for name, values in losses.items()
    }


def _in_powers_of_ten(axes: Axes, up: bool = False, across: bool = False) -> None:
    """Logarithmic axes whose numbers are written as in all other pictures: 0.01, and no power."""
    for wanted, name, axis in ((up, "yscale", axes.yaxis), (across, "xscale", axes.xaxis)):
        if wanted:
            axes.set(**{name: "log"})
            axis.set_major_formatter(_PlainNumbers())
            axis.set_minor_formatter(_PlainNumbers())


class _PlainNumbers(LogFormatter):
    """Matplotlib chooses which places on the axis get a number; how it is written is ours."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return tick(x) if super().__call__(x, pos) else ""

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """All numbers of an axis are written in one way: 10⁻⁴ beside 10⁻⁸."""
        self.set_locs(values)
        shown = [bool(super(_PlainNumbers, self).__call__(x)) for x in values]
        texts = marked([float(x) for x in values])
        return [text if is_shown else "" for text, is_shown in zip(texts, shown, strict=True)]


@dataclass(frozen=True)
class Picture:
    """A drawn figure as an image, with ``alternative`` as the text that says the same."""

    svg: bytes = field(repr=False)
    alternative: str

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.svg).decode()
        source = f"data:image/svg+xml;base64,{data}"
        shown = tag("img", src=source, alt=self.alternative, style="max-width:100%", class_=DRAWN)
        return tag("style", DARK) + shown


def as_picture(figure: Figure, alternative: str) -> Picture:
    """Turn a figure into a value to end a cell with; raises ValueError without a text.

    >>> from matplotlib.figure import Figure
    >>> as_picture(Figure(), "an empty sheet")
    Picture(alternative='an empty sheet')
    """
    as_kind(figure, Figure, "Figure()")
    if not as_text(alternative, _("the text that says the same")).strip():
        raise ValueError(_("Expected a text that says what the picture shows, but it is empty."))
    file = BytesIO()
    # The same letters each time and on each processor: no date, no version, no last digits.
    with rc_context({"svg.hashsalt": "backprop", "svg.fonttype": "none"}), catch_warnings():
        # Letters stay letters in the file: who looks at it may well have a font for them.
        filterwarnings("ignore", "Glyph .* missing", UserWarning)
        nothing = {"Date": None, "Creator": None}
        figure.savefig(file, format="svg", facecolor=PAPER, metadata=nothing)
    return Picture(_settled(file.getvalue().decode()).encode(), alternative)


HASHED_ID = re.compile(r"\b[mp][0-9a-f]{10}\b")
PLACES = re.compile(r'(?<= )(?:d|x|y|width|height|points|transform|viewBox)="[^"]*"')
MANY_DIGITS = re.compile(r"-?\d+\.\d{3,}")


def _settled(svg: str) -> str:
    """The same drawing without what hangs on the last bit of a sum, which processors differ in.

    Matplotlib writes coordinates to a millionth of a point, and names what is used twice by a hash
    of the unrounded ones. Here they are rounded to a hundredth, and counted as they come.

    >>> _settled('<path id="p00a134f79f" d="M 28.763521 -0.000001"/><a b="url(#p00a134f79f)"/>')
    '<path id="part1" d="M 28.76 0"/><a b="url(#part1)"/>'
    """
    names: dict[str, str] = {}

    def counted(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"part{len(names) + 1}")

    def rounded(found: re.Match[str]) -> str:
        return f"{round(float(found[0]), 2) + 0.0:.10g}"

    def placed(found: re.Match[str]) -> str:
        return MANY_DIGITS.sub(rounded, found[0])

    return HASHED_ID.sub(counted, PLACES.sub(placed, svg))
