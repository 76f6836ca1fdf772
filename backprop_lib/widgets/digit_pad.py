"""A sheet to draw a digit on, and the factory that reads it, with its notes to the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop_lib.datasets import digits
from backprop_lib.datasets.files import trained_reader
from backprop_lib.datasets.strokes import MOST_POINTS, MOST_STROKES, Strokes, as_image, as_strokes
from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import Array, as_kind, short
from backprop_lib.engine.diagnosis import diagnose
from backprop_lib.engine.losses import CategoricalCrossEntropy
from backprop_lib.engine.network import Network, Trace
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import sentences
from backprop_lib.pictures.pad import draw_reading, ink
from backprop_lib.widgets.controls import button, pad
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import Setting, Whole
from backprop_lib.words import pad as words

PIXELS, DIGITS = 64, 10
MOST_WORKERS = 256


class Drawing(Setting[Strokes]):
    """A list of strokes, see ``datasets.strokes``."""

    def check(self, explorer: Any, value: Any) -> Strokes:
        """Return the strokes; raises as ``as_strokes`` does."""
        return as_strokes(value)


def _reader(network: object) -> Network:
    """Return a factory that can read, or say why this one cannot."""
    reader = as_kind(network, Network, "trained_reader()")
    assert isinstance(reader, Network)
    first, last = reader.layers[0], reader.layers[-1]
    shape = len(first.weights), len(last.biases), ACTIVATIONS[last.activation].shared
    if shape != (PIXELS, DIGITS, True) or len(first.biases) > MOST_WORKERS:
        raise ValueError(
            _(
                "Expected a factory of 64 pixels, at most {most} workers on its first floor, and "
                "10 answers behind a softmax, but {network} came; "
                'try Network.random([64, 32, 10], output="softmax").'
            ).format(most=MOST_WORKERS, network=short(reader))
        )
    return reader


def _hindrance(network: Network) -> str:
    """What keeps a factory from learning to read the data set's digits, if anything does."""
    test = digits().test
    return str(diagnose(network, test.inputs, test.targets, CategoricalCrossEntropy()) or "")


@in_jupyter
class DigitPad(Explorer):
    """Draw a digit, and see how the factory reads it.

    Settings: ``strokes``, the drawing as a list of strokes, each a list of points from 0 to 100 (x
    to the right, y down), and ``order``, the digit for whose order the notes are (None: the digit
    that is read). ``network`` may be a factory of your own, 64 pixels to 10 answers; without one it
    is the one of ``files.trained_reader``. Raises TypeError or ValueError for anything else.

    >>> pad = DigitPad([[[50, 10], [50, 90]]])
    >>> pad.answer
    1
    """

    strokes = Drawing()
    order = Whole(lambda: _("a digit as the order"), DIGITS - 1, default=None, optional=True)

    def __init__(
        self, strokes: Any = (), network: Network | None = None, order: int | None = None
    ) -> None:
        self.network = trained_reader() if network is None else _reader(network)
        self._why = "" if network is None else _hindrance(self.network)
        self._read: tuple[Strokes, Array, Trace] | None = None
        super().__init__()
        self.start(strokes=strokes, order=order)

    @property
    def image(self) -> Array:
        """The drawing as the factory sees it, (64,) from 0 to 1."""
        return self._reading[0]

    @property
    def shares(self) -> Array:
        """How sure the factory is of each digit, (10,); they add up to 1."""
        shares: Array = self._reading[1].output[0]
        return shares

    @property
    def answer(self) -> int:
        """The digit that is read: the one with the largest share."""
        return int(self.shares.argmax())

    @property
    def notes(self) -> Array:
        """How the loss would change with more ink, (64,): dLoss/dx for the order."""
        trace, loss = self._reading[1], CategoricalCrossEntropy()
        slope = loss.gradient(trace.output, self._target)
        notes: Array = self.network.backward(trace, slope).inputs[0]
        return notes

    @property
    def loss(self) -> float:
        """How wrong the shares are for the order."""
        return CategoricalCrossEntropy().value(self._reading[1].output, self._target)

    @property
    def _asked(self) -> int:
        return self.answer if self.order is None else int(self.order)

    @property
    def _target(self) -> Array:
        return np.eye(DIGITS)[[self._asked]]

    @property
    def _reading(self) -> tuple[Array, Trace]:
        """The image and its way through the factory, worked out once for each drawing."""
        if self._read is None or self._read[0] is not self.strokes:
            image = as_image(self.strokes)
            self._read = self.strokes, image, self.network.forward(image)
        return self._read[1:]

    def draw(self) -> View:
        """What it sees, who fired, what it reads, and where the notes point."""
        trace, notes = self._reading[1], self.notes
        fired = trace.layers[0].activations[0]
        told = words.told(self.shares, is_empty=not self.strokes)
        noted = words.noted(notes, self._asked, self.loss)
        return View(
            title=_("Draw a digit"),
            picture=draw_reading(self.image, fired, self.shares, self._asked, notes),
            caption=sentences(self._full(), told, noted, self._why),
            formula=words.formula(self.shares[self._asked], self.loss),
            description=words.inventory(ink(self.image), fired, self.shares),
            controls=(
                pad("strokes", _("Sheet to draw on"), MOST_POINTS, MOST_STROKES),
                button(_("Undo"), {"strokes": list(self.strokes[:-1])}, off=not self.strokes),
                button(_("Clear"), {"strokes": [], "order": None}, off=not self.strokes),
            ),
        )

    def _full(self) -> str:
        """What to say when the page takes no more points."""
        points = sum(map(len, self.strokes))
        if len(self.strokes) < MOST_STROKES and points < MOST_POINTS:
            return ""
        return _("The sheet is full: press Clear.")
