"""Where all stands when a factory is drawn as a graph of stations, and the ways between them.

Materials, then a column of cards for each floor, then the loss. In a card stand a row for each
knob, and beside them, one under the other, the mix, the gate and the crate that is shipped. Ways
are commands of an SVG path.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from backprop_lib.pictures.svg import Point

MARGIN, HEAD = 14.0, 38.0
MATERIAL, CARD, GAP = 58.0, 226.0, 36.0  # widths: of a material, a card, the belts between
LOSS_GAP, LOSS = 86.0, 84.0
ROW, TOP, SPACE = 36.0, 30.0, 10.0  # a knob's row, what is above the first, between two cards
MIDDLE = 141.0  # mix, gate and crate stand here in a card
VALUE, WIDE = 34.0, 62.0  # from where a knob's number is written in a card, and how wide
CRATE = 56.0
ARROW = ["m", -8.0, -5, "l", 7, 5, "l", -7, 5]  # a head, drawn on from the end of a way

Commands = list[object]


@dataclass(frozen=True)
class Card:
    """Where one worker stands, and the stations in it."""

    left: float
    top: float
    knobs: int  # without the pinch, whose row is the last

    @property
    def height(self) -> float:
        """How tall it is."""
        return TOP + ROW * (self.knobs + 1) + 6.0

    @property
    def mix(self) -> Point:
        """The middle of its mix."""
        return self.left + MIDDLE, self.top + TOP + ROW / 2

    @property
    def ship(self) -> Point:
        """The middle of the crate that it ships."""
        return self.left + MIDDLE, self.top + self.height - 23.0

    @property
    def gate(self) -> Point:
        """The middle of its gate."""
        return self.left + MIDDLE, (self.mix[1] + self.ship[1]) / 2

    def row(self, source: int | None) -> Point:
        """The middle of a knob's dial; None is the pinch."""
        place = self.knobs if source is None else source
        return self.left + 18.0, self.top + TOP + ROW * (place + 0.5)

    def to_mix(self, source: int | None) -> Commands:
        """The way from a knob's number to the mix."""
        (_x, y), (to_x, to_y) = self.row(source), self.mix
        x, to_x = self.left + VALUE + WIDE, to_x - CRATE / 2
        return ["M", x - 14, y, "H", x, "C", x + 16, y, to_x - 16, to_y, to_x, to_y]

    def through(self) -> Commands:
        """The way from the mix through the gate into the crate, and out."""
        (x, y), (_x, to_y) = self.mix, self.ship
        return ["M", x, y, "V", to_y, "H", self.left + CARD]


@dataclass(frozen=True)
class Graph:
    """Where everything stands: the materials' crates, the cards of each floor, the loss."""

    materials: tuple[Point, ...]
    floors: tuple[tuple[Card, ...], ...]
    loss_left: float
    height: float

    @classmethod
    @cache
    def of(cls, sizes: tuple[int, ...]) -> Graph:
        """A place for each material and worker of a network of these sizes."""
        steps = [Card(0, 0, knobs).height + SPACE for knobs in sizes[:-1]]
        inside = max(count * step - SPACE for count, step in zip(sizes[1:], steps, strict=True))
        left = MARGIN + MATERIAL + GAP
        floors = []
        for (knobs, count), step in zip(pairwise(sizes), steps, strict=True):
            top = HEAD + (inside - (count * step - SPACE)) / 2
            floors.append(tuple(Card(left, top + step * n, knobs) for n in range(count)))
            left += CARD + GAP
        middle = HEAD + inside / 2 + 8.0
        materials = tuple(
            (MARGIN + MATERIAL / 2, middle + 70.0 * (n - (sizes[0] - 1) / 2))
            for n in range(sizes[0])
        )
        return cls(materials, tuple(floors), left - GAP + LOSS_GAP, HEAD + inside + MARGIN)

    @property
    def width(self) -> float:
        """How wide the whole is."""
        return self.loss_left + LOSS + MARGIN

    @property
    def products(self) -> list[float]:
        """How high each product stands."""
        return [card.ship[1] for card in self.floors[-1]]

    def amount(self, layer: int, place: int) -> Point:
        """The middle of an amount's crate: a material's, or one that a worker ships."""
        return self.floors[layer - 1][place].ship if layer else self.materials[place]

    def leaves(self, layer: int, place: int) -> Point:
        """Where an amount leaves for the next floor."""
        x, y = self.amount(layer, place)
        return (x - MIDDLE + CARD, y) if layer else (x + MATERIAL / 2, y)

    def belt(self, layer: int, source: int, worker: int) -> Commands:
        """The way from where an amount leaves to the knob that it meets."""
        card = self.floors[layer][worker]
        (x, y), (to_x, to_y) = self.leaves(layer, source), card.row(source)
        reach = (card.left - x) / 2
        curve = ["C", x + reach, y, card.left - reach, to_y, card.left, to_y]
        return ["M", x, y, *curve, "H", to_x - 11.0]

    def to_loss(self, place: int) -> Commands:
        """The way from a product to the loss."""
        x, y = self.leaves(len(self.floors), place)
        return ["M", x, y, "H", self.loss_left]
