"""A drawing on its way through the factory and back: seen, worked on, read, and noted.

Above, from left to right, goes the image, with its numbers, and the workers that fired; below, from
right to left, come the ten shares, and the notes to the pixels.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import signed
from backprop_lib.pictures.gallery import LEVELS
from backprop_lib.pictures.svg import Picture, group, path, picture, pressable, tag, words
from backprop_lib.words.pad import fired_words, percent

SIDE, CELL = 8, 24.0
PANEL = SIDE * CELL
LEFT, RIGHT = 8.0, 252.0
TOP, LOWER = 26.0, 262.0
WIDTH, HEIGHT = 478.0, 519.0
BAR_LEFT, BAR_LONGEST, WIDE = 24.0, 118.0, 220.0  # of the ten shares


def draw_reading(image: Array, fired: Array, shares: Array, order: int, notes: Array) -> Picture:
    """The SVG of one image, (64,) from 0 to 1, of what became of it, and of the notes, (64,).

    ``fired`` is what the workers of the first floor ship, (workers,); ``shares``, (10,), says how
    sure the factory is of each digit, and ``notes`` are of the order that asked for ``order``.
    """
    return picture(
        WIDTH,
        HEIGHT,
        title=_("A drawing is read"),
        seen=_panel(LEFT, TOP, _("What it sees"), _seen(image)),
        fired=_panel(RIGHT, TOP, fired_words(fired), _workers(fired)),
        shares=_panel(RIGHT, LOWER, _("What it reads"), _shares(shares, order)),
        notes=_panel(
            LEFT,
            LOWER,
            _("Notes to the pixels, order {order}").format(order=order),
            _paper(image),
            _notes(notes),
        ),
        ways=_ways(),
        legend=_legend(notes),
    )


def ink(image: Array) -> list[int]:
    """An image's pixels, from 0 to 16, as its data say them."""
    found: list[int] = np.rint(image * LEVELS).astype(int).tolist()
    return found


def _panel(left: float, top: float, title: str, *parts: str) -> str:
    return group(words(0, -8, title, class_="bpf-name"), *parts, at=(left, top))


def _corner(place: int) -> tuple[float, float]:
    return CELL * (place % SIDE), CELL * (place // SIDE)


@cache
def _square(left: float, top: float, size: float) -> str:
    """A square's outline; most of them stand where they stood in the picture before."""
    return f"M{left:.6g} {top:.6g}h{size:.6g}v{size:.6g}h{-size:.6g}Z"


def _cells(places: list[int], **attributes: object) -> str:
    """The squares of some pixels, as one shape."""
    return path([_square(*_corner(place), CELL) for place in places], **attributes)


def _frame() -> str:
    return tag("rect", width=PANEL, height=PANEL, class_="bpf-cell-frame")


def _seen(image: Array) -> str:
    """Each pixel as dark as it is inked, with how many of its 16 dots are."""
    levels = ink(image)
    layers, written = [_frame()], []
    for level in sorted(set(levels) - {0}):
        places = [place for place, found in enumerate(levels) if found == level]
        dark = level > LEVELS // 2
        # There is no middle grey, on which neither dark nor light digits could be read.
        depth = 0.36 + 0.64 * level / LEVELS if dark else 0.7 * level / LEVELS
        layers.append(_cells(places, class_="bpf-ink", fill_opacity=f"{depth:.2f}"))
        kind = "bpf-pixel bpf-on-ink" if dark else "bpf-pixel"
        for place in places:
            left, top = _corner(place)
            written.append(words(left + CELL / 2, top + 16, str(level), class_=kind))
    return "".join(layers + written)


def _paper(image: Array) -> str:
    """The same image, faintly, to lay something on."""
    inked = [place for place, level in enumerate(ink(image)) if level > LEVELS // 4]
    return _frame() + (_cells(inked, class_="bpf-ink", fill_opacity="0.12") if inked else "")


def _workers(fired: Array) -> str:
    """A square for each worker, the larger the more it ships; an empty frame is a shut gate."""
    across = max(SIDE, math.ceil(len(fired) ** 0.5))
    step = PANEL / across
    most = float(np.abs(fired).max(initial=0.0)) or 1.0
    frames: list[str] = []
    inside: dict[str, list[str]] = {"bpf-dot": [], "bpf-below": []}
    for place, amount in enumerate(fired.tolist()):
        left, top = step * (place % across) + 1.5, step * (place // across) + 1.5
        whole = step - 3.0
        frames.append(_square(left, top, whole))
        size = round(whole * math.sqrt(abs(amount) / most))
        if amount:
            inset = (whole - size) / 2
            kind = "bpf-dot" if amount > 0 else "bpf-below"
            inside[kind].append(_square(left + inset, top + inset, max(size, 1)))
    return path(frames, class_="bpf-cell-frame") + "".join(
        path(squares, class_=kind) for kind, squares in inside.items() if squares
    )


def _shares(shares: Array, order: int) -> str:
    """Ten bars with their numbers; a click on one makes it the order."""
    read = int(shares.argmax())
    high = PANEL / len(shares)
    rows = []
    for digit, share in enumerate(shares.tolist()):
        top = high * digit
        own = "bpf-strong" if digit == read else ""
        bar = {"x": BAR_LEFT, "y": top + 4, "height": high - 8, "rx": 2}
        chosen = "bpf-card bpf-hit bpf-chosen" if digit == order else "bpf-card bpf-hit"
        name = _("{digit}: {share}, order {digit}").format(digit=digit, share=percent(share))
        rows.append(
            pressable(
                tag("rect", y=top + 0.5, width=WIDE, height=high - 1, rx=4, class_=chosen),
                words(8, top + 14, str(digit), class_=f"bpf-number {own}".strip()),
                tag("rect", width=BAR_LONGEST, class_="bpf-meter", **bar),
                tag("rect", width=BAR_LONGEST * share, class_="bpf-sure-bar", **bar),
                words(BAR_LEFT + BAR_LONGEST + 6, top + 14, percent(share), class_=own or None),
                trait="order",
                value=digit,
                label=name,
                pressed=digit == order,
            )
        )
    return "".join(rows)


def _notes(notes: Array) -> str:
    """A triangle for each note, by its size: up where more ink raises the loss, else down."""
    most = float(np.abs(notes).max(initial=0.0)) or 1.0
    shapes: dict[bool, list[object]] = {True: [], False: []}
    for place, note in enumerate(notes.tolist()):
        size = (CELL - 5.0) * math.sqrt(abs(note) / most)
        if size > 1.5:
            left, top = _corner(place)
            up = note > 0
            shapes[up] += _triangle(left + CELL / 2, top + CELL / 2, size, up)
    kinds = {True: "bpf-raises", False: "bpf-lowers"}
    return "".join(path(found, class_=kinds[up]) for up, found in shapes.items() if found)


def _triangle(x: float, y: float, size: float, up: bool) -> list[object]:
    half = -size / 2 if up else size / 2
    return ["M", x, y + half, "L", x - size / 2, y - half, "H", x + size / 2, "Z"]


def _ways() -> str:
    """The way forward, to the right and down, and the notes' way back."""
    middle, gap = TOP + PANEL / 2, LEFT + PANEL
    back, down = LOWER + PANEL / 2, RIGHT + PANEL / 2
    head = ["m", -7, -5, "l", 7, 5, "l", -7, 5]
    forward = ["M", gap + 8, middle, "H", RIGHT - 8, *head]
    floors = ["M", down, TOP + PANEL + 5, "V", LOWER - 24, "m", -5, -7, "l", 5, 7, "l", 5, -7]
    home = ["M", RIGHT - 8, back, "H", gap + 10]
    tip = ["M", gap + 17, back - 5, "l", -7, 5, "l", 7, 5]
    return (
        path(forward + floors, class_="bpf-pass")
        + path(home, class_="bpf-lane")
        + path(tip, class_="bpf-pass-back")
    )


def _legend(notes: Array) -> str:
    """What the triangles say, and what the largest stands for: pixels go from 0 to 1."""
    y = LOWER + PANEL + 18
    largest = signed(float(notes[np.abs(notes).argmax()]), digits=2)
    return "".join(
        (
            path(_triangle(LEFT + 7, y - 4, 11.0, up=True), class_="bpf-raises"),
            words(LEFT + 18, y, _("more ink raises the loss"), class_="bpf-small"),
            path(_triangle(LEFT + 7, y + 15, 11.0, up=False), class_="bpf-lowers"),
            words(LEFT + 18, y + 19, _("more ink lowers the loss"), class_="bpf-small"),
            words(
                LEFT,
                y + 38,
                _("The largest note is {note}, for a square from empty to full.").format(
                    note=largest
                ),
                class_="bpf-small",
            ),
        )
    )
