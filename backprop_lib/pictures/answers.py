"""What a factory answers all over a field of two inputs: small images, and the line between.

An image is a PNG of some hundred bytes, so that a picture which changes 20 times a second needs
neither thousands of rectangles nor much of the wire. Its palette goes from dark blue to light
orange and grows lighter all the way: who sees no colours, or prints in grey, sees the same order.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backprop_lib.engine.activations import get_activation
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.network import LayerTrace
from backprop_lib.pictures.chart import share_of

PIXELS = 48  # along each side of the big image
ROOM = 1e-300  # the least room around points, so that a field has a width that can be divided by
TILE = 24  # along each side of a worker's; every second point of the big one
STOPS = ((0, 70, 135), (150, 176, 200), (255, 205, 110))  # for 0, one half and 1
SHADES = 65  # an odd number, so that one half has a shade of its own


def _palette() -> bytes:
    shares = np.linspace(0.0, 1.0, SHADES)
    channels = [np.interp(shares, (0.0, 0.5, 1.0), channel) for channel in zip(*STOPS, strict=True)]
    return np.stack(channels, axis=1).round().astype(np.uint8).tobytes()


PALETTE = _palette()


@dataclass(frozen=True)
class Field:
    """The part of the plane that is shown: the least and the largest of both inputs.

    >>> Field((0.0, 1.0), (0.0, 1.0)).place(0.25, 1.0)
    (0.25, 0.0)
    """

    across: tuple[float, float]
    up: tuple[float, float]

    @classmethod
    def around(cls, inputs: Array) -> Field:
        """A field with room around all the points (examples, 2).

        >>> Field.around(np.array([[0.0, 1.0], [1.0, 1.0]]))
        Field(across=(-0.15, 1.15), up=(0.5, 1.5))
        """
        low, high = inputs.min(axis=0), inputs.max(axis=0)
        most = np.finfo(float).max
        with np.errstate(over="ignore"):  # what is wider than float64 is kept at its ends
            room = np.where(high > low, 0.15 * (high - low), 0.5)
            # Where floats lie far apart or very close, the room is a few steps of theirs.
            room = np.maximum(room, 64.0 * np.spacing(np.maximum(np.abs(low), np.abs(high))))
            room = np.maximum(room, ROOM)
            ends = np.clip([low - room, high + room], -most, most)
        (left, bottom), (right, top) = ends.tolist()
        return cls((left, right), (bottom, top))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point stands as shares of the field, from its left and from its top."""
        bottom, top = self.up
        return share_of(x, self.across), share_of(y, (top, bottom))

    @cached_property
    def grid(self) -> Array:
        """The inputs (PIXELS², 2) of all points, row by row from the top."""
        # In quarters, which is exact, since a whole span may be more than float64 holds.
        xs, ys = (4.0 * np.linspace(a / 4, b / 4, PIXELS) for a, b in (self.across, self.up))
        return np.stack([np.tile(xs, PIXELS), np.repeat(ys[::-1], PIXELS)], axis=1)


def shades(work: LayerTrace, worker: int, activation: str) -> Array:
    """What a worker ships all over the field, as shares (PIXELS, PIXELS) of its gate's reach.

    A sigmoid reaches from 0 to 1 and a tanh from -1 to 1; without an end, the most that is shipped
    here is taken for it.
    """
    shipped = np.nan_to_num(work.activations[:, worker].reshape(PIXELS, PIXELS))
    gate, most = get_activation(activation), float(np.abs(shipped).max()) or 1.0
    if gate.soft:
        return (shipped - gate.low) / (gate.high - gate.low)
    return shipped / most if gate.low == 0.0 else shipped / most / 2.0 + 0.5


def tile(values: Array) -> str:
    """The same in small, as every second point of it."""
    return png(values[:: PIXELS // TILE, :: PIXELS // TILE])


def png(values: Array) -> str:
    """Shares (rows, columns) of the way from blue to orange as an image, a data address.

    W3C, Portable Network Graphics, second edition, 2003: a signature, then chunks, each with its
    length, its name and a checksum; here one byte a pixel, an index into the palette.

    >>> png(np.zeros((1, 1)))[:30]
    'data:image/png;base64,iVBORw0K'
    """
    rows, columns = values.shape
    indices = np.zeros((rows, columns + 1), np.uint8)  # each row begins with its filter, 0: none
    indices[:, 1:] = np.rint(np.clip(values, 0.0, 1.0) * (SHADES - 1))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
        (b"PLTE", PALETTE),
        (b"IDAT", zlib.compress(indices.tobytes(), 6)),
        (b"IEND", b""),
    )
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    ]
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    return "data:image/png;base64," + base64.b64encode(whole).decode()
