"""A factory too large for cards: each floor as a field of cells, an 8 × 8 image as an image.

A cell is the darker the more its worker ships, or, while the notes come back, the larger its note.
A negative number has a stroke across its cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from backprop_lib.engine.arrays import Array
from backprop_lib.engine.moments import notes_to
from backprop_lib.engine.steps import MATERIALS, Step
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, signed
from backprop_lib.pictures import things
from backprop_lib.pictures.floor import HEAD, MARGIN, phase_band
from backprop_lib.pictures.scene import Scene
from backprop_lib.pictures.svg import Picture, Point, group, path, picture, pressable, tag, words
from backprop_lib.words import Names

CELL = 17.0
FIELD_HEIGHT = 12 * CELL
MOST_ROWS = 12
GAP = 74.0
ROW_WIDTH = 312.0
NARROWEST = 72.0  # the least width of a column, for its heading


def draw_summary(
    step: Step, names: Names, example: int = 0, chosen: tuple[int, int] | None = None
) -> Picture:
    """The SVG of ``step``; ``chosen`` is the (layer, worker) whose cell is marked."""
    scene = Scene(step, names, example, chosen)
    counts = step.network.sizes
    middle = HEAD + 24.0 + FIELD_HEIGHT / 2
    left = MARGIN
    parts = {}
    for place, count in enumerate(counts):
        last = place == len(counts) - 1 and count <= MOST_ROWS
        wide = ROW_WIDTH if last else max(NARROWEST, _columns_of(count) * CELL)
        if place:
            parts[f"belts {place}"] = _funnel(step, place - 1, left, middle)
            left += GAP
        inset = 0.0 if last else (wide - _columns_of(count) * CELL) / 2
        draw = _rows if last else _field
        parts[f"floor {place}"] = draw(_Column.of(scene, place - 1), (left + inset, middle))
        heading = _heading(place, count, left + wide / 2)
        if last and not _is_one_of_many(step.target[example]):
            heading += words(left + wide, HEAD + 9, _("Order"), class_="bpf-small bpf-end")
        parts[f"heading {place}"] = heading
        left += wide
    below = HEAD + FIELD_HEIGHT + 24.0
    height = below + 100.0
    width = max(left + MARGIN, 560.0)
    parts["meter"] = things.meter((MARGIN, height - 34.0), step.loss, _("loss"), ROW_WIDTH)
    parts["key"] = "".join(
        words(MARGIN, below + 20.0 + 16.0 * n, line, class_="bpf-small")
        for n, line in enumerate(_key(step))
    )
    parts["band"] = phase_band(step, width)
    return picture(width, height, title=_("Factory floor"), **parts)


def _heading(column: int, count: int, middle: float) -> str:
    title = _("Floor {n}").format(n=column) if column else _("Materials")
    name = words(middle, HEAD - 6, title, class_="bpf-title bpf-middle")
    return name + words(middle, HEAD + 9, str(count), class_="bpf-small bpf-middle")


def _key(step: Step) -> tuple[str, str]:
    if step.phase in ("backward", "update"):
        dark = _("Cells with a thick frame: the darker, the larger the note.")
    else:
        dark = _("The darker a cell, the more it ships.")
    return dark, _("A stroke across means below zero.")


@dataclass(frozen=True)
class _Column:
    """The materials or a floor: what they ship and the notes that came to them, as far as known."""

    scene: Scene
    layer: int  # or MATERIALS
    amounts: list[float]
    notes: list[float]

    @classmethod
    def of(cls, scene: Scene, layer: int) -> _Column:
        step, row = scene.step, scene.example
        amounts, notes = step.inputs[row].tolist(), notes_to(step, MATERIALS)[row].tolist()
        if layer != MATERIALS:
            works, found = step.trace.layers[layer : layer + 1], step.gradients[layer]
            amounts = [amount for work in works for amount in work.activations[row].tolist()]
            notes = [] if found is None else found.pre_activations[row].tolist()
        return cls(scene, layer, amounts, notes)

    def __len__(self) -> int:
        return self.scene.step.network.sizes[self.layer + 1]

    def shown(self, n: int) -> tuple[float | None, bool]:
        """The newest number of one of them, None where there is none, and whether it is a note."""
        if n < len(self.notes):
            return self.notes[n], True
        return (self.amounts[n] if n < len(self.amounts) else None), False

    def button(self, n: int, at: Point, *parts: str) -> str:
        """A worker to press; one of a floor can be tabbed to, arrows do the rest."""
        value, is_note = self.shown(n)
        label = _("{worker}, floor {floor}: ships {amount}")
        if value is None:
            label = _("{worker}, floor {floor}: waiting")
        elif is_note:
            label = _("{worker}, floor {floor}: note {amount}")
        label = label.format(
            worker=self.scene.names.workers[self.layer][n],
            floor=self.layer + 1,
            amount="" if value is None else (signed if is_note else number)(value),
        )
        pressed = self.chosen(n)
        return pressable(
            *parts,
            trait="chosen",
            value=[self.layer, n],
            label=label,
            pressed=pressed,
            at=at,
            tabbed=pressed or n == 0,
        )

    def chosen(self, n: int) -> bool:
        """Whether this worker is the chosen one."""
        return self.scene.chosen == (self.layer, n)


def _columns_of(count: int) -> int:
    """How many cells stand side by side: a square where it is one, a tall field otherwise."""
    root = math.isqrt(count)
    return root if root * root == count else math.ceil(count / MOST_ROWS)


def _field(column: _Column, at: Point) -> str:
    across = _columns_of(len(column))
    top = at[1] - math.ceil(len(column) / across) * CELL / 2
    largest = max(map(abs, column.notes or column.amounts), default=0.0) or 1.0
    cells = []
    for n in range(len(column)):
        place = (at[0] + CELL * (n % across), top + CELL * (n // across))
        cells.append(_cell(column, n, largest, place))
    return group(*cells)


def _cell(column: _Column, n: int, largest: float, at: Point) -> str:
    value, is_note = column.shown(n)
    kind = "bpf-cell bpf-cell-note" if is_note else "bpf-cell"
    size = CELL - 2
    parts = [tag("rect", width=size, height=size, class_="bpf-cell-frame")]
    if value is not None:
        share = abs(value) / largest
        parts.append(tag("rect", width=size, height=size, class_=kind, fill_opacity=f"{share:.2f}"))
        if value < 0 and share > 0.02:
            parts.append(path(["M", 3.0, size / 2, "H", size - 3], class_="bpf-cell-minus"))
    if column.layer == MATERIALS:
        return group(*parts, at=at)
    if column.chosen(n):
        parts.append(tag("rect", width=size, height=size, class_="bpf-card bpf-chosen bpf-hollow"))
    return column.button(n, at, *parts)


def _is_one_of_many(target: Array) -> bool:
    """Whether an order names one of several answers."""
    return len(target) > 1 and bool(((target == 0.0) | (target == 1.0)).all() and target.sum() == 1)


def _rows(column: _Column, at: Point) -> str:
    """The last floor: a row a worker, with its product as a bar, and the one that was ordered."""
    largest = max([1.0, *map(abs, column.amounts)])
    target = column.scene.step.target[column.scene.example]
    one_of_many = _is_one_of_many(target)
    top = at[1] - len(column) * CELL / 2
    y = CELL / 2 + 4

    def bar(share: float, kind: str) -> str:
        return tag("rect", x=34.0, y=2.0, width=86.0 * share, height=CELL - 4, class_=kind)

    rows = []
    for n, name in enumerate(column.scene.names.workers[column.layer]):
        hit = "bpf-hit bpf-chosen" if column.chosen(n) else "bpf-hit"
        parts = [
            tag("rect", width=ROW_WIDTH, height=CELL, class_=f"bpf-card {hit}"),
            words(26, y, name, class_="bpf-small bpf-end"),
            bar(1.0, "bpf-cell-frame"),
        ]
        if n < len(column.amounts):
            parts.append(bar(abs(column.amounts[n]) / largest, "bpf-crate"))
        value, is_note = column.shown(n)
        if value is not None:
            write, kind = (signed, "bpf-gradient") if is_note else (number, "bpf-small")
            parts.append(words(128, y, write(value, digits=2), class_=kind))
        if not one_of_many:
            order = number(target[n], digits=3)
            parts.append(words(ROW_WIDTH, y, order, class_="bpf-small bpf-strong bpf-end"))
        elif target[n] == 1.0:
            parts.append(words(228, y, _("order"), class_="bpf-small bpf-strong"))
        rows.append(column.button(n, (at[0], top + n * CELL), *parts))
    return group(*rows)


def _funnel(step: Step, layer: int, left: float, middle: float) -> str:
    """All the belts between two floors as one band, with how many knobs stand on it."""
    weights = step.network.layers[layer].weights
    lit = step.layer == layer and step.phase in ("forward", "backward")
    kind = f"bpf-funnel bpf-active-{step.phase}" if lit or step.phase == "update" else "bpf-funnel"
    top, bottom = middle - FIELD_HEIGHT / 2, middle + FIELD_HEIGHT / 2
    band = ["M", left + 7, top, "L", left + GAP - 7, top + 18, "V", bottom - 18]
    band += ["L", left + 7, bottom, "Z"]
    arrow = "←" if step.phase == "backward" and lit else "→"
    centre = left + GAP / 2
    return group(
        path(band, class_=kind),
        words(centre, middle - 12, arrow, class_="bpf-number bpf-strong bpf-middle"),
        words(centre, middle + 6, str(weights.size), class_="bpf-number bpf-middle"),
        words(centre, middle + 21, _("knobs"), class_="bpf-small bpf-middle"),
    )
