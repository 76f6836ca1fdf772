"""The slope of the loss at a knob: by backpropagation as a tangent, by a nudge as a secant.

``draw_knob`` shows one knob with the loss over it, and how far off a nudge of each size is;
``draw_all`` shows every knob of the factory, nudged and backpropagated side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import ngettext, number, signed
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.svg import Picture, Point, group, path, picture, pressable, tag, words
from backprop_lib.study.nudging import Nudged, digits_alike
from backprop_lib.words.gradient import DIGITS, Row

WIDTH = 734.0
TOP = 84.0  # where the charts begin, under their key
PLOT = (48.0, 380.0)  # left edge and width of the loss over the knob ...
OFF = (504.0, 218.0)  # ... and of how far off a nudge is
TALL = 262.0
SHORTEST, LONGEST = 1e-15, 1.0  # the nudges that are tried
LEAST, MOST = 1e-16, 1e2  # what is less far off than that is drawn as that; 0 has its own row


@dataclass(frozen=True)
class Curve:
    """The loss over a knob, sampled: ``knob`` and ``loss`` are (samples,)."""

    knob: Array
    loss: Array

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the largest number that the knob is turned to."""
        return float(self.knob[0]), float(self.knob[-1])

    def chart(self) -> Chart:
        """An empty chart on which all of the curve can be seen, with room around it."""
        high = float(self.loss.max())
        low = min(0.0, float(self.loss.min()))
        room = (high - low) or 1.0  # more of it below, for the arrow
        left, width = PLOT
        return Chart(self.reach, (low - 0.1 * room, high + 0.05 * room), width, TALL, (left, TOP))


@dataclass(frozen=True)
class Off:
    """How far a slope by nudging is from backpropagation's, for each of many nudges."""

    nudges: Sequence[float]
    up: Sequence[float]
    both: Sequence[float]


def draw_knob(
    name: str, curve: Curve, nudged: Nudged, gradient: float, way: str, off: Off
) -> Picture:
    """The SVG of one knob; ``way`` ("up" or "both") says which nudge is drawn.

    ``gradient`` is backpropagation's slope where the knob stands.
    """
    return picture(
        WIDTH,
        TOP + TALL + 40.0,
        title=_("Loss over one knob"),
        key=_key(nudged, gradient, way),
        loss=_loss_over_knob(name, curve, nudged, gradient, way),
        off=_off_over_nudge(nudged, gradient, way, off),
    )


@dataclass(frozen=True)
class _Mark:
    """What stands on the points of a line: one path draws them all, which is quick."""

    shape: tuple[object, ...]
    kind: str

    def draw(self, points: Iterable[Point]) -> str:
        """The marks on these points."""
        commands = [part for point in points for part in ("M", *point, *self.shape)]
        return path(commands, class_=self.kind)


_DOT = _Mark(("h", 0), "bpf-dots")  # a line of no length with round ends
_SQUARE = _Mark(("m", -3, -3, "h", 6, "v", 6, "h", -6, "z"), "bpf-mark-hollow")


def _key(nudged: Nudged, gradient: float, way: str) -> str:
    """What each line is, with its slope."""
    tangent = _("backpropagation: slope {slope}").format(slope=signed(gradient, DIGITS))
    if way == "up":
        secant = _("nudged up by {nudge}: slope {slope}")
    else:
        secant = _("nudged up and down by {nudge}: slope {slope}")
    secant = secant.format(nudge=number(nudged.nudge), slope=signed(nudged.slope(way), DIGITS))
    return group(
        *_entry((PLOT[0], 22.0), "bpf-tangent", tangent),
        *_entry((PLOT[0], 44.0), "bpf-secant", secant),
        *_entry((OFF[0], 22.0), "bpf-curve", _("nudged up"), _DOT),
        *_entry((OFF[0], 44.0), "bpf-curve bpf-dashed", _("nudged up and down"), _SQUARE),
    )


def _entry(at: Point, kind: str, text: str, mark: _Mark | None = None) -> list[str]:
    x, y = at
    sample = [path(["M", x, y - 4, "h", 30], class_=kind)]
    if mark:
        sample.append(mark.draw([(x + 15, y - 4)]))
    return [*sample, words(x + 38, y, text)]


def _loss_over_knob(name: str, curve: Curve, nudged: Nudged, gradient: float, way: str) -> str:
    chart = curve.chart()
    w, h = nudged.value, nudged.nudge
    foretold = nudged.here + gradient * h
    parts = [
        chart.curve(curve.knob, curve.loss, "bpf-curve bpf-bold"),
        chart.line((w, chart.up[0]), (w, nudged.here)),
        chart.through(w, nudged.here, gradient),
        chart.through(w + h, nudged.above, nudged.slope(way), "bpf-secant"),
    ]
    if chart.holds(w + h, foretold) and chart.holds(w + h, nudged.above):
        parts.append(chart.line((w + h, foretold), (w + h, nudged.above), kind="bpf-gap"))
    ends = [(w + h, nudged.above)]
    if way == "both":
        ends.append((w - h, nudged.below))
    parts += [
        chart.dot(*end, kind="bpf-hollow-dot", radius=5.0) for end in ends if chart.holds(*end)
    ]
    parts.append(chart.dot(w, nudged.here))
    parts.append(_uphill(chart, w, gradient))
    return chart.draw(*parts, title=_("loss"), across=name)


def _uphill(chart: Chart, knob: float, gradient: float) -> str:
    """An arrow at the foot of the chart that points to where the loss grows."""
    if not gradient:
        return ""
    side = 1.0 if gradient > 0 else -1.0
    x, _y = chart.place(knob, chart.up[0])
    y = chart.height - 11.0
    room = chart.width - x if side > 0 else x
    if room < 76.0:  # no room for its word: it would leave the chart
        return ""
    arrow = ["M", x + 3 * side, y, "h", 17 * side, "m", -6 * side, -5, "l", 6 * side, 5]
    arrow += ["l", -6 * side, 5]
    kind = "bpf-small" if side > 0 else "bpf-small bpf-end"
    return group(
        path(arrow, class_="bpf-uphill"),
        words(x + 25 * side, y + 4, _("uphill"), class_=kind),
    )


def _off_over_nudge(nudged: Nudged, gradient: float, way: str, off: Off) -> str:
    left, width = OFF
    # With room at the ends, so that no mark stands on the frame.
    across, up = (SHORTEST / 3.0, LONGEST * 3.0), (LEAST / 3.0, MOST)
    chart = Chart(across, up, width, TALL, (left, TOP), log=True, log_across=True, zero=True)
    ups, boths = ([_drawn(one) for one in all_] for all_ in (off.up, off.both))
    now = _drawn(abs(nudged.slope(way) - gradient))
    parts = [
        chart.line((nudged.nudge, up[1]), (nudged.nudge, up[0])),
        chart.curve(off.nudges, ups, "bpf-curve"),
        chart.curve(off.nudges, boths, "bpf-curve bpf-dashed"),
        _DOT.draw(map(chart.place, off.nudges, ups)),
        _SQUARE.draw(map(chart.place, off.nudges, boths)),
        chart.dot(nudged.nudge, now, kind="bpf-ring", radius=8.0),
    ]
    return chart.draw(*parts, title=_("how far off nudging is"), across=_("nudge h"))


def _drawn(size: float) -> float:
    """A size as it is drawn: moved to the edge where it is too small or too large; 0 stays 0."""
    return size and min(max(size, LEAST), MOST)


# ---- every knob -------------------------------------------------------------------------------

ROW = 25.0
HEAD = 42.0
BARS = (190.0, 206.0)  # left edge and width of the bars
COLUMNS = (492.0, 614.0, 718.0)  # where nudged, backpropagated and the digits alike end
BAR = 7.0
CHEVRONS = (320.0, 396.0)  # left edge and width of the passes


def draw_all(rows: Sequence[Row], chosen: int, passes: int) -> Picture:
    """The SVG of every knob, nudged and backpropagated, and what it took: ``passes`` forwards."""
    largest = max(max(abs(row.nudged), abs(row.gradient)) for row in rows) or 1.0
    below = any(min(row.nudged, row.gradient) < 0 for row in rows)
    bars = _Bars(largest, below)
    bottom = HEAD + ROW * len(rows)
    left = BARS[0] + (BARS[1] / 2 if below else 0.0)
    return picture(
        WIDTH,
        bottom + 74.0,
        title=_("All knobs, nudged and backpropagated"),
        headings="".join(_headings()),
        axis=path(["M", left, HEAD, "V", bottom], class_="bpf-axis"),
        **{f"row {n}": _row(rows, n, n == chosen, bars) for n in range(len(rows))},
        passes=_passes(bottom, passes),
    )


@dataclass(frozen=True)
class _Bars:
    """How long a bar is: from a zero at the left, or in the middle where some go below it."""

    largest: float
    below: bool

    def draw(self, value: float, y: float, kind: str) -> str:
        left, width = BARS
        room = width / 2 if self.below else width
        size = room * abs(value) / self.largest
        zero = left + (room if self.below else 0.0)
        x = zero - size if value < 0 else zero
        return tag("rect", x=x, y=y, width=size, height=BAR, class_=kind) if size > 0.2 else ""


def _headings() -> list[str]:
    names = (_("nudged"), _("backpropagation"), _("digits alike"))
    kinds = ("bpf-bar-nudged", "bpf-bar-back", "")
    parts = [words(14, HEAD - 20, _("knob"), class_="bpf-title")]
    for x, name, kind in zip(COLUMNS, names, kinds, strict=True):
        parts.append(words(x, HEAD - 20, name, class_="bpf-title bpf-end"))
        if kind:
            parts.append(tag("rect", x=x - 26, y=HEAD - 13, width=26.0, height=6.0, class_=kind))
    return parts


def _row(rows: Sequence[Row], place: int, chosen: bool, bars: _Bars) -> str:
    row = rows[place]
    first = not place or rows[place - 1].worker != row.worker
    alike = digits_alike(row.nudged, row.gradient)
    told = _("all") if alike is None else str(alike)
    numbers = (signed(row.nudged, DIGITS), signed(row.gradient, DIGITS), told)
    middle = ROW / 2
    hit = "bpf-card bpf-hit bpf-chosen" if chosen else "bpf-card bpf-hit"
    parts = [
        tag("rect", x=6.0, y=1.0, width=WIDTH - 12, height=ROW - 2, rx=4, class_=hit),
        words(14, middle + 5, row.worker if first else "", class_="bpf-name"),
        words(104, middle + 5, row.source),
        bars.draw(row.nudged, middle - BAR - 1, "bpf-bar-nudged"),
        bars.draw(row.gradient, middle + 1, "bpf-bar-back"),
        *(
            words(x, middle + 5, text, class_="bpf-number bpf-end")
            for x, text in zip(COLUMNS, numbers, strict=True)
        ),
    ]
    if first and place:
        parts.append(path(["M", 6, 0, "H", WIDTH - 6], class_="bpf-grid"))
    label = _("{knob}: nudged {nudged}, backpropagated {gradient}").format(
        knob=row.label, nudged=numbers[0], gradient=numbers[1]
    )
    at = (0.0, HEAD + ROW * place)
    return pressable(
        *parts, trait="knob", value=place, label=label, pressed=chosen, at=at, tabbed=chosen
    )


def _passes(top: float, passes: int) -> str:
    """A mark for each pass through the factory, forward and backward."""
    left, width = CHEVRONS
    gap = min(16.0, width / passes)
    forwards = [part for n in range(passes) for part in ("M", left + gap * n, 23, *_FORWARD)]
    nudging = ngettext(
        "by nudging: {n} pass forward", "by nudging: {n} passes forward", passes
    ).format(n=passes)
    return group(
        words(14, 28, nudging),
        path(forwards, class_="bpf-pass"),
        words(14, 54, _("by backpropagation: 1 forward, 1 back")),
        path(["M", left, 49, *_FORWARD], class_="bpf-pass"),
        path(["M", left + gap + 5, 49, *_BACKWARD], class_="bpf-pass-back"),
        at=(0.0, top),
    )


_FORWARD = ("m", 0, -5, "l", 5, 5, "l", -5, 5)
_BACKWARD = ("m", 0, -5, "l", -5, 5, "l", 5, 5)
