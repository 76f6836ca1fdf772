"""Losses over one knob or two, with all that is shown and told of them.

A landscape is as plain as a loss can be: its value and its gradient are formulas. Whoever adds one
writes its class here, and nothing elsewhere: explorer, pictures and words ask the landscape.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _

Span = tuple[float, float]  # the lowest and the highest
SHARES = 16  # into which contours part a picture

LANDSCAPES: dict[str, Landscape] = {}  # all that have a name, in the order in which they came


class Landscape(ABC):
    """A loss over one knob or two. One that has a name is offered in ``LANDSCAPES`` by existing.

    Points are arrays (..., knobs), known to fit; ``value`` returns (...), ``gradient`` the points'
    shape. ``start`` is a good place to begin, ``starts`` from where to where each knob may start,
    and ``rates`` the powers of ten that are offered as learning rates. The ``window`` is what a
    picture shows at least: of one knob w and the loss, of two w₁ and w₂.
    """

    start: tuple[float, ...] = (2.0,)
    starts: tuple[Span, ...] = ((-3.0, 3.0), (-2.0, 2.0))
    rates: Span = (-3.0, 0.5)
    window: tuple[Span, Span] = ((-3.3, 3.3), (-0.5, 10.0))

    def __init_subclass__(cls, name: str = "") -> None:
        if name:
            LANDSCAPES[name] = cls()

    @abstractmethod
    def title(self) -> str:
        """What it is, in words."""

    @abstractmethod
    def value(self, points: Array) -> Array:
        """The loss at each point."""

    @abstractmethod
    def gradient(self, points: Array) -> Array:
        """dLoss/dw at each point; it points uphill."""

    def bottom(self, point: Array) -> Array:
        """The lowest point of the valley in which one point, (knobs,), lies; 0 for one valley."""
        return np.zeros_like(point)

    def told(self, point: Array) -> str:
        """A sentence on where one point, (knobs,), lies; nothing where there is one valley."""
        return ""

    @property
    def knobs(self) -> int:
        """How many there are."""
        return len(self.start)

    @property
    def knob_names(self) -> tuple[str, ...]:
        """What formulas call them."""
        return ("w",) if self.knobs == 1 else ("w₁", "w₂")

    def levels(self) -> Array:
        """The losses of two knobs whose contours part the window into equal shares."""
        across, up = (np.linspace(*span, 65) for span in self.window)
        losses = self.value(np.stack(np.meshgrid(across, up), axis=-1))
        return np.quantile(losses, np.arange(1, SHARES) / SHARES)

    def half_axes(self, level: float) -> Array | None:
        """Those of a contour, (2,), which is an ellipse around 0; None where it is none."""
        return None


class Bowl(Landscape, name="bowl"):
    """L = w^2. Every lap multiplies w by 1 - 2 rate.

    >>> Bowl().value(np.array([[3.0]])), Bowl().gradient(np.array([[3.0]]))
    (array([9.]), array([[6.]]))
    """

    def title(self) -> str:
        """What it is, in words."""
        return _("one knob: the bowl w²")

    def value(self, points: Array) -> Array:
        """L = w^2."""
        return np.square(points[..., 0])

    def gradient(self, points: Array) -> Array:
        """dL/dw = 2 w."""
        return 2.0 * points


class TwoValleys(Landscape, name="two valleys"):
    """L = (w^2 - 4)^2 / 8 + w / 2 + 3/2: a deep valley, a hill, and a shallow one to its right.

    >>> [round(place, 2) for place in TwoValleys.LEVEL]
    [-2.11, 0.25, 1.86]
    """

    start = (3.0,)
    window = ((-3.6, 3.6), (-0.4, 8.0))
    # Where the gradient is 0, which is where w^3 - 4 w + 1 = 0: deep bottom, hilltop, other bottom.
    LEVEL = tuple(sorted(np.roots([1.0, 0.0, -4.0, 1.0]).real.tolist()))

    def title(self) -> str:
        """What it is, in words."""
        return _("one knob: two valleys")

    def value(self, points: Array) -> Array:
        """L = (w^2 - 4)^2 / 8 + w / 2 + 3/2."""
        w = points[..., 0]
        return np.square(w * w - 4.0) / 8.0 + w / 2.0 + 1.5

    def gradient(self, points: Array) -> Array:
        """dL/dw = (w^2 - 4) w / 2 + 1/2."""
        return (points * points - 4.0) * points / 2.0 + 0.5

    def is_deep(self, point: Array) -> bool:
        """Whether a point, (1,), lies in the deep valley."""
        return bool(point[0] < self.LEVEL[1])

    def bottom(self, point: Array) -> Array:
        """The lowest point on this side of the hill."""
        return np.array([self.LEVEL[0 if self.is_deep(point) else 2]])

    def told(self, point: Array) -> str:
        """In which of the two a point lies."""
        deep, shallow = _("It is in the deep valley."), _("It is in the shallow valley.")
        return deep if self.is_deep(point) else shallow


class LongValley(Landscape, name="long valley"):
    """L = (w1^2 + 10 w2^2) / 2: ten times as steep across the valley as along it.

    Every lap multiplies w1 by 1 - rate and w2 by 1 - 10 rate: one rate has to serve both.

    >>> LongValley().gradient(np.array([3.0, 1.0]))
    array([ 3., 10.])
    """

    start = (3.0, 1.0)
    window = ((-3.0, 3.0), (-2.6, 2.6))
    STEEPNESS = np.array([1.0, 10.0])  # the curvatures, along and across

    def title(self) -> str:
        """What it is, in words."""
        return _("two knobs: a long valley")

    def value(self, points: Array) -> Array:
        """L = (w1^2 + 10 w2^2) / 2."""
        loss: Array = np.square(points) @ self.STEEPNESS / 2.0
        return loss

    def gradient(self, points: Array) -> Array:
        """dL/dw1 = w1, dL/dw2 = 10 w2."""
        slopes: Array = points * self.STEEPNESS
        return slopes

    def levels(self) -> Array:
        """The losses of the ellipses that meet the w1 axis at 8, 7.5, 7, ..."""
        crossings: Array = np.arange(8.0, 0.0, -0.5)
        return crossings * crossings / 2.0

    def half_axes(self, level: float) -> Array:
        """A level c = (k1 w1^2 + k2 w2^2) / 2 is an ellipse of half axes sqrt(2 c / k)."""
        axes: Array = np.sqrt(2.0 * level / self.STEEPNESS)
        return axes
