"""Where all stands on the factory floor: materials, then a column of cards for each floor."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backprop_lib.pictures.svg import Point, breadth
from backprop_lib.words import Names

MARGIN = 14.0
HEAD = 62.0  # the band with the phase, and above each floor its name


@dataclass(frozen=True)
class Sizes:
    """How large things are drawn, in pixels."""

    card: float  # the width of a worker's card
    row: float  # the height of a knob's row; 0 puts the dials side by side without numbers
    space: float  # between two cards of a floor
    gap: float  # between two columns
    material: float  # the width of a material's place
    decimals: int  # as many as fit into a crate
    note_line: float = 15.0  # notes come and go at this height of a card

    def card_height(self, knobs: int) -> float:
        """How tall the card of a worker with so many knobs is."""
        if self.row:
            return max(118.0, 34.0 + self.row * (knobs + 1))
        return 39.0 + self.note_line

    @property
    def material_height(self) -> float:
        """How tall a material's place is: its name, its crate and, if there is room, its note."""
        return 66.0 if self.row else 38.0


LARGE = Sizes(card=192.0, row=31.0, space=12.0, gap=58.0, material=78.0, decimals=4)
SMALL = Sizes(card=142.0, row=0.0, space=7.0, gap=46.0, material=108.0, decimals=2)
PRODUCT_WIDTH = 136.0
SHORT = 2  # a name of so many letters leaves room for notes beside it, even on a small card
METER_HEIGHT = 46.0


@dataclass(frozen=True)
class Place:
    """Where a card stands, and where things reach it and leave it."""

    left: float
    top: float
    width: float
    height: float
    knobs: tuple[Point, ...]  # a belt ends at each knob
    ship: Point  # the belts begin here
    note_in: Point
    note_out: Point


@dataclass(frozen=True)
class Layout:
    """Every place, column by column, the materials first, and the size of the whole picture."""

    sizes: Sizes
    columns: tuple[tuple[Place, ...], ...]
    width: float
    height: float


def fits(counts: tuple[int, ...]) -> bool:
    """Whether a network of these sizes can be drawn worker by worker."""
    return len(counts) <= 5 and max(counts) <= 8


def lay_out(counts: tuple[int, ...], names: Names) -> Layout:
    """Find a place for each material and each worker of a network of these sizes."""
    sizes = LARGE if max(counts) <= 4 else SMALL
    if sizes is SMALL and any(breadth(name) > SHORT for floor in names.workers for name in floor):
        sizes = replace(SMALL, note_line=SMALL.note_line + 17.0)
    heights = [sizes.material_height, *(sizes.card_height(knobs) for knobs in counts[:-1])]
    tall = [
        count * height + (count - 1) * sizes.space
        for count, height in zip(counts, heights, strict=True)
    ]
    inside = max(tall)
    # The meter stands under the products, where more room may be needed for it.
    below = max(0.0, METER_HEIGHT - (inside - tall[-1]) / 2)
    columns = []
    left = MARGIN
    for column, (count, height) in enumerate(zip(counts, heights, strict=True)):
        width = sizes.card if column else sizes.material
        top = HEAD + MARGIN / 2 + (inside - tall[column]) / 2
        knobs = counts[column - 1] if column else 0
        columns.append(
            tuple(
                _place(left, top + n * (height + sizes.space), width, height, knobs, sizes)
                for n in range(count)
            )
        )
        left += width + sizes.gap
    whole = (left + PRODUCT_WIDTH + MARGIN, HEAD + inside + below + 1.5 * MARGIN)
    return Layout(sizes, tuple(columns), *whole)


def _place(left: float, top: float, width: float, height: float, knobs: int, sizes: Sizes) -> Place:
    right = left + width
    if not knobs:
        ship = (right, top + 25.0)
        note_in = (right - 8, top + 54.0) if sizes.row else (right - 50, top + 25.0)
        return Place(left, top, width, height, (), ship, note_in, note_in)
    if sizes.row:
        rows = tuple((left, top + 30.0 + sizes.row * (n + 0.5)) for n in range(knobs))
        ship = (right, top + height - 20.0)
    else:
        rows = ((left, top + sizes.note_line + 23.0),) * knobs
        ship = (right, top + sizes.note_line + 23.0)
    note_line = top + sizes.note_line
    return Place(left, top, width, height, rows, ship, (right, note_line), (left, note_line))
