"""Pictures for the page, drawn once by matplotlib: losses over the laps, and over learning rates.

Each function draws data on the axes it is given and returns the artists; none makes a figure, none
shows one. ``as_picture`` turns a drawn figure into a value that a notebook shows with a text that
says the same, and that is the same to the letter each time.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.pictures.chart import tick
from backprop_lib.pictures.svg import tag

PAPER = "#fffdf9"  # as of the drawn pictures
# Okabe and Ito's colours, each with a line and a mark of its own.
STYLES = (
    ("#0072b2", "-", "o"),
    ("#d55e00", "--", "s"),
    ("#009e73", "-.", "^"),
    ("#8a3ffc", ":", "D"),
    ("#24292e", (0, (6, 2)), "x"),
)


def plot_losses(axes: Axes, losses: Mapping[str, Sequence[float]]) -> list[Artist]:
    """Draw losses lap by lap, in powers of ten, a line for each name.

    Each sequence holds the loss at the start and after each lap. Returns the lines.

    >>> lines = plot_losses(Figure().subplots(), {"0.01": [4, 0.5911, 0.1068]})
    >>> lines[0].get_ydata().tolist()
    [4.0, 0.5911, 0.1068]
    """
    drawn: list[Artist] = []
    for (name, values), (colour, dash, mark) in zip(losses.items(), cycle(STYLES), strict=False):
        laps = range(len(values))
        numbers = [float(value) for value in values]
        drawn += axes.plot(laps, numbers, color=colour, linestyle=dash, marker=mark, label=name)
    _in_powers_of_ten(axes, up=True)
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
    numbers = [float(value) for value in losses]
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


def _in_powers_of_ten(axes: Axes, up: bool = False, across: bool = False) -> None:
    """Logarithmic axes whose numbers are written as in all other pictures: 0.01, and no power."""
    for wanted, name, axis in ((up, "yscale", axes.yaxis), (across, "xscale", axes.xaxis)):
        if wanted:
            axes.set(**{name: "log"})
            axis.set_major_formatter(lambda value, _place: tick(value))


@dataclass(frozen=True)
class Picture:
    """A drawn figure as an image, with ``alternative`` as the text that says the same."""

    svg: bytes = field(repr=False)
    alternative: str

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.svg).decode()
        source = f"data:image/svg+xml;base64,{data}"
        return tag("img", src=source, alt=self.alternative, style="max-width:100%")


def as_picture(figure: Figure, alternative: str) -> Picture:
    """Turn a figure into a value to end a cell with; raises ValueError without a text.

    >>> from matplotlib.figure import Figure
    >>> as_picture(Figure(), "an empty sheet")
    Picture(alternative='an empty sheet')
    """
    if not alternative.strip():
        raise ValueError(_("Expected a text that says what the picture shows, but it is empty."))
    file = BytesIO()
    # The same letters each time: no date, no version, and ids that hang on the content alone.
    with rc_context({"svg.hashsalt": "backprop", "svg.fonttype": "none"}):
        nothing = {"Date": None, "Creator": None}
        figure.savefig(file, format="svg", facecolor=PAPER, metadata=nothing)
    return Picture(file.getvalue(), alternative)
