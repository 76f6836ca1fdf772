"""A small chart: two axes with their numbers, and curves, dots and lines laid on them."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import SUPERSCRIPTS, number
from backprop_lib.pictures.svg import Point, group, path, tag, words

BOTTOM = 34.0  # room under the plot for numbers and a name
LEFT = 44.0  # room beside it
TINY = sys.float_info.min  # the least float that has all its digits
FAR = 1e6  # lengths of an axis; what lies farther out only gives the direction
ZERO_ROW = 22.0  # how high the row is at the foot of a chart that counts in powers of ten


@dataclass(frozen=True)
class Chart:
    """A plot of ``width`` by ``height`` pixels whose upper left corner is ``at``.

    ``across`` and ``up`` are the least and the largest value of each axis. With ``log`` the upward
    axis counts in powers of ten, with ``log_across`` the other; such an axis cannot show what is
    not above zero. ``zero`` gives what is exactly 0 a row of its own at the foot.

    >>> chart = Chart((0.0, 10.0), (0.0, 1.0), width=100.0, height=50.0)
    >>> chart.place(5.0, 1.0)
    (50.0, 0.0)
    """

    across: tuple[float, float]
    up: tuple[float, float]
    width: float
    height: float
    at: Point = (0.0, 0.0)
    log: bool = False
    log_across: bool = False
    zero: bool = False

    def place(self, x: float, y: float, least: float = 0.0, most: float = 1.0) -> Point:
        """Where a point stands, in pixels from ``at``; one outside is moved to the edge."""
        share_x = share_of(x, self.across, self.log_across)
        share_y = share_of(y, self.up, self.log)
        left = self.width * min(max(share_x, least), most)
        if self.zero and y == 0.0:
            return left, self.height - ZERO_ROW / 2
        return left, self._tall * (1.0 - min(max(share_y, least), most))

    def spot(self, x: float, y: float) -> Point:
        """Where a point stands, even far outside of the chart."""
        return self.place(x, y, -FAR, FAR)

    def cut(self, a: Point, b: Point) -> tuple[Point, Point] | None:
        """The part of the line between two spots that lies in the chart; None when none does.

        By Liang and Barsky 1984: of the way from a to b, each edge takes off what lies beyond it.

        >>> Chart((0.0, 1.0), (0.0, 1.0), 10.0, 10.0).cut((5.0, 5.0), (25.0, 5.0))
        ((5.0, 5.0), (10.0, 5.0))
        """
        first, last = 0.0, 1.0
        sides = ((a[0], b[0] - a[0], self.width), (a[1], b[1] - a[1], self.height))
        for start, way, size in sides:
            if way == 0.0:
                if not 0.0 <= start <= size:
                    return None
                continue
            meets = sorted((-start / way, (size - start) / way))
            first, last = max(first, meets[0]), min(last, meets[1])
        if first > last:
            return None
        ends = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for t in (first, last)]
        return ends[0], b if last == 1.0 else ends[1]

    @property
    def _tall(self) -> float:
        """How high the part is in which powers of ten are counted."""
        return self.height - ZERO_ROW if self.zero else self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        inside = self.up[0] <= y <= self.up[1] or (self.zero and y == 0.0)
        return inside and self.across[0] <= x <= self.across[1]

    def draw(self, *parts: str, title: str = "", across: str = "", up: str = "") -> str:
        """The frame with its axes and names, and ``parts`` laid on it."""
        frame = [
            tag("rect", width=self.width, height=self.height, rx=4, class_="bpf-plot"),
            *self._ticks(),
            words(0, -9, title, class_="bpf-name"),
            words(self.width, self.height + 31, across, class_="bpf-small bpf-end"),
            words(6, 15, up, class_="bpf-small"),
        ]
        return group(*frame, *parts, at=self.at)

    def curve(self, xs: Iterable[float], ys: Iterable[float], kind: str = "bpf-curve") -> str:
        """A line through points; where it leaves the chart it is broken off."""
        commands: list[object] = []
        inside = False
        for x, y in zip(xs, ys, strict=True):
            if math.isfinite(y) and self.holds(x, y):
                commands += ["L" if inside else "M", *self.place(x, y)]
                inside = True
            else:
                inside = False
        return path(commands, class_=kind) if commands else ""

    def sampled(self, function: Callable[[Array], Array], kind: str = "bpf-curve") -> str:
        """The curve of ``function``, which takes and returns an array."""
        xs = np.linspace(*self.across, 161)
        return self.curve(xs, function(xs), kind)

    def dot(self, x: float, y: float, kind: str = "bpf-dot", radius: float = 6.0) -> str:
        """A point of the chart; one outside stands at the edge."""
        left, top = self.place(x, y)
        return tag("circle", cx=left, cy=top, r=radius, class_=kind)

    def line(self, *points: Point, kind: str = "bpf-guide") -> str:
        """Straight lines from point to point, each moved to the edge where it is outside."""
        first, *rest = [self.place(*point) for point in points]
        return path(["M", *first, *(part for point in rest for part in ("L", *point))], class_=kind)

    def through(
        self, x: float, y: float, slope: float, kind: str = "bpf-tangent", reach: float = math.inf
    ) -> str:
        """The straight line of that slope through a point, as far as the chart goes.

        With ``reach``, only the piece of it that reaches so many pixels to both sides. It is for
        axes that do not count in powers of ten.
        """
        ends = list(self.across)
        if reach < math.inf:
            (left, right), (low, high) = self.across, self.up
            pixels = math.hypot(self.width / (right - left), slope * self.height / (high - low))
            ends = [max(left, x - reach / pixels), min(right, x + reach / pixels)]
        if slope:
            meets = sorted(x + (edge - y) / slope for edge in self.up)
            ends = [max(ends[0], meets[0]), min(ends[1], meets[1])]
        if ends[0] >= ends[1] or not (slope or self.holds(ends[0], y)):
            return ""
        return self.line(*((end, y + slope * (end - x)) for end in ends), kind=kind)

    def label(self, x: float, y: float, text: str, kind: str = "bpf-small") -> str:
        """Words that begin at a point of the chart."""
        return words(*self.place(x, y), text, class_=kind)

    def _ticks(self) -> list[str]:
        parts = []
        xs = powers(*self.across) if self.log_across else ticks(*self.across)
        for x, text in zip(xs, marked(xs), strict=True):
            left, _top = self.place(x, self.up[0])
            parts.append(path(["M", left, 0, "V", self.height], class_="bpf-grid"))
            parts.append(words(left, self.height + 16, text, class_="bpf-small bpf-middle"))
        ys = [*(powers(*self.up) if self.log else ticks(*self.up)), *[0.0] * self.zero]
        for y, text in zip(ys, marked(ys), strict=True):
            _left, top = self.place(self.across[0], y)
            parts.append(path(["M", 0, top, "H", self.width], class_="bpf-grid"))
            parts.append(words(-6, top + 4, text, class_="bpf-small bpf-end"))
        if self.zero:
            parts.append(path(["M", 0, self._tall, "H", self.width], class_="bpf-axis"))
        for axis, is_log in ((self.across, self.log_across), (self.up, self.log)):
            if axis[0] < 0.0 < axis[1] and not is_log:
                left, top = self.place(0.0, 0.0)
                upright = ["M", left, 0, "V", self.height]
                flat = ["M", 0, top, "H", self.width]
                parts.append(path(upright if axis is self.across else flat, class_="bpf-axis"))
        return parts


def share_of(value: float, axis: tuple[float, float], is_log: bool = False) -> float:
    """How far along an axis a value stands, 0 at its low end, 1 at its high end, even far outside.

    An axis without length has all at its middle.

    >>> share_of(3.0, (0.0, 2.0)), share_of(0.0, (-1.7e308, 1.7e308)), share_of(5.0, (5.0, 5.0))
    (1.5, 0.5, 0.5)
    """
    low, high = axis
    if is_log:
        low, high, value = (math.log10(max(one, 1e-300)) for one in (low, high, value))
    if math.isinf(high - low) or math.isinf(value - low):
        low, high, value = low / 4, high / 4, value / 4  # exact, for they are huge
    # Below the least normal float a quotient of two spans can itself leave float64.
    # "+ 0.0" turns -0 into 0.
    return (value - low) / (high - low) + 0.0 if abs(high - low) > TINY else 0.5


def decades(low: float, high: float) -> tuple[float, float]:
    """The powers of ten around two numbers above 0, as far as float64 has them.

    >>> decades(0.02, 30.0), decades(5e-324, 1.7e308)
    ((0.01, 100.0), (1e-300, 1e+308))
    """
    first = min(math.floor(math.log10(max(low, 1e-300))), 307)
    last = min(math.ceil(math.log10(max(high, 1e-300))), 308)
    return 10.0**first, 10.0 ** max(last, first + 1)


def tick(value: float) -> str:
    """A number beside an axis; a power of ten is short.

    >>> tick(0.5), tick(1e-8)
    ('0.5', '10⁻⁸')
    """
    return number(value).removeprefix("1 × ")


def marked(values: Sequence[float]) -> list[str]:
    """The numbers beside an axis: where one is a power of ten, all are, but for 0, 1 and 10.

    >>> marked([0.5, 1]), marked([1e-8, 1e-4, 1]), marked([0.0001, 1.0])
    (['0.5', '1'], ['10⁻⁸', '10⁻⁴', '1'], ['0.0001', '1'])
    """
    texts = [tick(value) for value in values]
    if not any(text.startswith("10") and not text.isdecimal() for text in texts):
        return texts
    return [
        power_of_ten(value) if 0.0 < value < 1.0 or value > 10.0 else text
        for value, text in zip(values, texts, strict=True)
    ]


def power_of_ten(value: float) -> str:
    """A power of ten as one: 10⁻⁴ for 0.0001; any other number as it is written elsewhere."""
    exponent = round(math.log10(value))
    if not math.isclose(value, 10.0**exponent):
        return number(value)
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


def ticks(low: float, high: float, most: int = 6) -> Sequence[float]:
    """Round numbers from ``low`` to ``high``, at most ``most`` of them.

    >>> ticks(0.0, 10.0)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    rough = high / (most - 1) - low / (most - 1)  # high - low may be more than float64 holds
    if rough < TINY:
        return [low]
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in (1.0, 2.0, 5.0, 10.0) if factor * size >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1) if math.isfinite(n * step)]


def powers(low: float, high: float, most: int = 6) -> Sequence[float]:
    """Powers of ten from ``low`` to ``high``, at most ``most`` of them; 1 is one where it is there.

    >>> powers(0.01, 100.0), powers(1e-13, 10.0)
    ([0.01, 0.1, 1.0, 10.0, 100.0], [1e-12, 1e-09, 1e-06, 0.001, 1.0])
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / most))
    return [10.0**n for n in range(first, last + 1) if n % stride == 0]
