"""The things on a factory floor: crates, notes, dials, gates and meters.

Each function draws one of them around or right of a point, in pixels, and returns SVG text.
"""

from __future__ import annotations

import math

import numpy as np

from backprop_lib.engine.activations import Activation, get_activation
from backprop_lib.i18n import number
from backprop_lib.pictures.svg import Point, breadth, group, path, tag, words

REGULAR, BOLD = 0.62, 0.68  # how wide a letter is, as a share of the type's size
SMALLEST = 0.5


def brief(value: float, decimals: int = 4) -> str:
    """A number for a narrow place: ``decimals`` places below 10, one fewer for each further digit.

    >>> brief(-1.76884), brief(-1.76884, decimals=2), brief(123.456, decimals=2), brief(1e-9)
    ('−1.7688', '−1.77', '123', '≈0')
    """
    size = abs(value)
    if size >= 1e5:
        return number(value, digits=2)
    before = len(str(int(size))) if size >= 1 else 0
    digits = before + decimals - max(0, before - 1)
    if 0 < size < 1:
        digits += math.floor(math.log10(size)) + 1
    return number(value, digits) if digits > 0 or value == 0 else "≈0"


def brief_signed(value: float, decimals: int = 4) -> str:
    """The same with its sign always there.

    >>> brief_signed(0.25), brief_signed(0.0)
    ('+0.25', '0')
    """
    text = brief(value, decimals)
    return f"+{text}" if value > 0 and text != "≈0" else text


def fitted(
    at: Point, text: str, room: float, size: float, letter: float = REGULAR, class_: str = ""
) -> str:
    """Words at a point in type of ``size``, or in smaller type so that they fit into ``room``.

    >>> fitted((0, 5), "−1.2 × 10⁷", room=50, size=14, class_="bpf-number")
    '<text x="0" y="0" transform="translate(0 5) scale(0.576)" class="bpf-number">−1.2 × 10⁷</text>'
    """
    scale = room / (letter * size * max(1, breadth(text)))
    if scale >= 1.0:
        return words(*at, text, class_=class_)
    moved = f"translate({at[0]:g} {at[1]:g}) scale({max(SMALLEST, scale):.3f})"
    return words(0, 0, text, transform=moved, class_=class_)


def crate(
    at: Point,
    amount: float | None,
    width: float = 50,
    height: float = 24,
    kind: str = "crate",
    decimals: int = 4,
) -> str:
    """A crate centred at ``at`` with its amount; an empty place for one when it is not known."""
    left, top = -width / 2, -height / 2
    if amount is None:
        box = tag("rect", x=left, y=top, width=width, height=height, rx=3, class_="bpf-unknown")
        return group(box, at=at)
    look = "bpf-number bpf-middle"
    return group(
        tag("rect", x=left, y=top, width=width, height=height, rx=3, class_=f"bpf-{kind}"),
        fitted((0, 5), brief(amount, decimals), width, 14.0, class_=f"{look} bpf-on-{kind}"),
        at=at,
    )


def slip(at: Point, text: str, width: float = 50) -> str:
    """A note on its way back: a slip of paper with a folded corner, its left middle at ``at``."""
    top, bottom, fold = -10.0, 10.0, 6.0
    sheet = ["M", 0, top, "H", width - fold, "L", width, top + fold, "V", bottom, "H", 0, "Z"]
    corner = ["M", width - fold, top, "V", top + fold, "H", width]
    return group(
        path(sheet, class_="bpf-slip"),
        path(corner, class_="bpf-slip-fold"),
        path(["M", -9, 0, "l", 7, -4, "v", 8, "Z"], class_="bpf-note-arrow"),
        fitted((width / 2, 4.5), text, width - 6, 12.5, BOLD, class_="bpf-note bpf-middle"),
        at=at,
    )


def note(at: Point, value: float, width: float = 50, decimals: int = 4) -> str:
    """A slip with one signed number."""
    return slip(at, brief_signed(value, decimals), width)


def dial_angle(value: float) -> float:
    """Where a dial's pointer stands, in degrees from the top; it never goes all the way round.

    >>> dial_angle(0.0), dial_angle(1.0), dial_angle(-1.0)
    (0.0, 75.0, -75.0)
    """
    return 150.0 * (value / (1.0 + abs(value)))


def dial(at: Point, radius: float, value: float, old: float | None = None) -> str:
    """A knob: its pointer shows the weight, the arc how far it is turned from zero.

    With ``old``, a faint pointer shows where it stood before.
    """
    angle = dial_angle(value)
    end = _on_circle(angle, radius)
    sweep = 1 if angle >= 0 else 0
    side = "bpf-plus" if angle >= 0 else "bpf-minus"
    parts = [tag("circle", r=float(radius), class_="bpf-dial")]
    arc = ["M", 0, -radius, "A", radius, radius, 0, 0, sweep, *end]
    parts.append(path(arc, class_=f"bpf-arc {side}"))
    if old is not None:
        was = tag("line", y2=-radius + 1.0, class_="bpf-ghost")
        parts.append(tag("g", was, transform=f"rotate({dial_angle(old):.1f})"))
    turned = 0.0 if old is None else dial_angle(old) - angle
    pointer = group(
        tag("line", y1=2.0, y2=-radius + 2.0, class_="bpf-pointer"),
        class_="bpf-turn",
        style=f"--from:{turned:.1f}deg",
    )
    parts.append(tag("g", pointer, transform=f"rotate({angle:.1f})"))
    return group(*parts, at=at)


def _on_circle(angle: float, radius: float) -> Point:
    turned = math.radians(angle)
    return radius * math.sin(turned), -radius * math.cos(turned)


def gate(at: Point, activation: str, z: float | None, size: float = 1.0) -> str:
    """A gate centred at ``at``: a door if it shuts, else its curve with a point on it."""
    own = get_activation(activation)
    scaled = f"translate({at[0]:g} {at[1]:g}) scale({size:g})"
    if not own.is_gate:
        return tag(
            "g",
            path(["M", -12, 0, "H", 10, "m", -6, -5, "l", 6, 5, "l", -6, 5], class_="bpf-through"),
            transform=scaled,
        )
    frame = tag("rect", x=-16.0, y=-15.0, width=32.0, height=30.0, rx=2, class_="bpf-gate")
    parts = _curve(own, z) if own.shut_to is None else [] if z is None else _door(own.is_open(z))
    return tag("g", frame, *parts, transform=scaled)


def _door(is_open: bool | None) -> list[str]:
    if is_open:
        leaf = path(["M", -11, -11, "L", -2, -7, "V", 15, "H", -11, "Z"], class_="bpf-door")
        way = path(["M", -4, 3, "H", 11, "m", -5, -4, "l", 5, 4, "l", -5, 4], class_="bpf-way")
        return [leaf, way]
    shut = tag("rect", x=-11.0, y=-11.0, width=22.0, height=26.0, class_="bpf-door")
    bar = path(["M", -13, 2, "H", 13], class_="bpf-bar")
    return [shut, bar]


def _curve(activation: Activation, z: float | None) -> list[str]:
    """What it ships over the mixes from -4 to 4, as high as its reach or as it gets."""
    mixes = np.linspace(-4.0, 4.0, 17)
    if z is not None:
        mixes = np.append(mixes, np.clip(z, -4.0, 4.0))
    ships = np.nan_to_num(activation.alone(mixes))
    low = activation.low if math.isfinite(activation.low) else ships.min()
    high = activation.high if math.isfinite(activation.high) else ships.max()
    heights = 10.0 - 20.0 * np.clip((ships - low) / (high - low or 1.0), 0.0, 1.0)
    along = np.column_stack([mixes * 3.5, heights])
    curve = path(["M", *along[0].tolist(), "L", *along[1:17].ravel().tolist()], class_="bpf-curve")
    dots = [tag("circle", cx=x, cy=y, r=3.2, class_="bpf-dot") for x, y in along[17:].tolist()]
    return [curve, *dots]


def face(at: Point) -> str:
    """A worker with a hard hat."""
    return group(
        path(["M", -6, 9, "a", 6, 6, 0, 0, 1, 12, 0, "Z"], class_="bpf-overall"),
        tag("circle", r=4.6, class_="bpf-face"),
        path(
            ["M", -5.6, -1, "a", 5.6, 5.6, 0, 0, 1, 11.2, 0, "h", 1.6, "h", -14.4, "Z"],
            class_="bpf-hat",
        ),
        at=at,
    )


MARKS = (0.0, 1.0, 4.0, math.inf)  # the losses that are marked under a meter


def meter(at: Point, loss: float | None, label: str, width: float) -> str:
    """The loss as a meter: the bar is loss / (1 + loss) of the whole, so that any loss fits.

    Marks under it say which loss is how far along, for the bar is not even.
    """
    parts = [
        words(0, -8, label, class_="bpf-small"),
        tag("rect", width=float(width), height=12.0, rx=6, class_="bpf-meter"),
    ]
    if loss is not None:
        filled = width * _along(loss)
        round_ = min(6.0, filled / 2)
        parts.append(tag("rect", width=filled, height=12.0, rx=round_, class_="bpf-meter-fill"))
        kind = "bpf-number bpf-strong bpf-end"
        parts.append(fitted((width, -7), number(loss), width - 36, 14.0, BOLD, class_=kind))
    for mark in MARKS:
        x = width * _along(mark)
        inside = 0.0 < mark < math.inf
        if inside:
            parts.append(path(["M", x, 8, "V", 15], class_="bpf-axis"))
        kind = (
            "bpf-small bpf-middle" if inside else "bpf-small" if not mark else "bpf-small bpf-end"
        )
        parts.append(words(x, 25, number(mark), class_=kind))
    return group(*parts, at=at)


def _along(loss: float) -> float:
    """How far along a meter a loss stands, from 0 to 1."""
    return 1.0 if math.isinf(loss) else loss / (1.0 + loss)


def band(width: float, colour: str, title: str, mark: str = "", status: str = "") -> str:
    """The band at the top of a picture of that width: a mark, what happens, and how far it is.

    ``colour`` is a phase's: forward, loss, backward or update.
    """
    wide = width - 28
    kind = "bpf-band-words"
    return group(
        tag("rect", width=wide, height=26.0, rx=6, class_=f"bpf-band bpf-band-{colour}"),
        words(14, 18, mark, class_="bpf-band-mark") if mark else "",
        words(36 if mark else 14, 18, title, class_=kind),
        words(wide - 14, 18, status, class_=f"{kind} bpf-end") if status else "",
        at=(14, 6),
    )
