"""A factory too large for cards: each floor as a field of cells, an 8 × 8 image as an image.

A cell is the darker the more its worker ships, or, while the notes come back, the larger its note.
A negative number has a stroke across its cell.
"""

from __future__ import annotations

import math

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.engine.steps import Step
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, signed
from backprop_lib.pictures import stations
from backprop_lib.pictures.floor import HEAD, MARGIN, phase_band
from backprop_lib.pictures.svg import group, path, picture, pressable, tag, words
from backprop_lib.words import Names

CELL = 17.0
FIELD_HEIGHT = 12 * CELL
MOST_ROWS = 12
GAP = 74.0
ROW_WIDTH = 312.0
NARROWEST = 72.0  # the least width of a column, for its heading


def draw_summary(
    step: Step, names: Names, example: int = 0, chosen: tuple[int, int] | None = None
) -> str:
    """The SVG of ``step``; ``chosen`` is the (layer, worker) whose cell is marked."""
    counts = step.network.sizes
    middle = HEAD + 24.0 + FIELD_HEIGHT / 2
    left = MARGIN
    parts = []
    for column, count in enumerate(counts):
        last = column == len(counts) - 1 and count <= MOST_ROWS
        wide = ROW_WIDTH if last else max(NARROWEST, _columns_of(count) * CELL)
        if column:
            parts.append(_funnel(step, column - 1, left, middle))
            left += GAP
        values, is_note = _shown(step, column - 1, example)
        draw = _rows if last else _field
        inset = 0.0 if last else (wide - _columns_of(count) * CELL) / 2
        at = (left + inset, middle)
        parts.append(draw(step, column - 1, values, is_note, names, at, chosen, example))
        parts += _heading(column, count, left + wide / 2)
        if last and not _is_one_of_many(step.target[example]):
            parts.append(words(left + wide, HEAD + 9, _("Order"), class_="bpf-small bpf-end"))
        left += wide
    below = HEAD + FIELD_HEIGHT + 24.0
    height = below + 100.0
    width = max(left + MARGIN, 560.0)
    meter_at = (MARGIN, height - 34.0)
    parts.append(stations.meter(meter_at, step.loss, _("loss"), ROW_WIDTH))
    parts += [
        words(MARGIN, below + 20.0 + 16.0 * n, line, class_="bpf-small")
        for n, line in enumerate(_key(step))
    ]
    parts.append(phase_band(step, width))
    return picture(width, height, *parts, title=_("Factory floor"))


def _heading(column: int, count: int, middle: float) -> list[str]:
    title = _("Floor {n}").format(n=column) if column else _("Materials")
    return [
        words(middle, HEAD - 6, title, class_="bpf-title bpf-middle"),
        words(middle, HEAD + 9, str(count), class_="bpf-small bpf-middle"),
    ]


def _key(step: Step) -> tuple[str, str]:
    if step.phase in ("backward", "update"):
        dark = _("Cells with a thick frame: the darker, the larger the note.")
    else:
        dark = _("The darker a cell, the more it ships.")
    return dark, _("A stroke across means below zero.")


def _shown(step: Step, layer: int, example: int) -> tuple[Array | None, bool]:
    """The numbers of a column, and whether they are notes; None when nothing is known yet."""
    if layer < 0:
        if step.inputs_gradient is not None:
            return step.inputs_gradient[example], True
        return step.inputs[example], False
    found = step.gradients[layer]
    if found is not None:
        return found.pre_activations[example], True
    if layer < len(step.trace.layers):
        return step.trace.layers[layer].activations[example], False
    return None, False


def _columns_of(count: int) -> int:
    """How many cells stand side by side: a square where it is one, a tall field otherwise."""
    root = math.isqrt(count)
    return root if root * root == count else math.ceil(count / MOST_ROWS)


def _field(
    step: Step,
    layer: int,
    values: Array | None,
    is_note: bool,
    names: Names,
    at: tuple[float, float],
    chosen: tuple[int, int] | None,
    example: int,
) -> str:
    count = step.network.sizes[layer + 1]
    across = _columns_of(count)
    top = at[1] - math.ceil(count / across) * CELL / 2
    largest = 1.0 if values is None else float(np.abs(values).max()) or 1.0
    cells = []
    for n in range(count):
        place = (at[0] + CELL * (n % across), top + CELL * (n // across))
        value = None if values is None else float(values[n])
        cells.append(_cell(step, layer, n, value, largest, is_note, names, place, chosen))
    return group(*cells)


def _cell(
    step: Step,
    layer: int,
    worker: int,
    value: float | None,
    largest: float,
    is_note: bool,
    names: Names,
    at: tuple[float, float],
    chosen: tuple[int, int] | None,
) -> str:
    kind = "bpf-cell bpf-cell-note" if is_note else "bpf-cell"
    size = CELL - 2
    parts = [tag("rect", width=size, height=size, class_="bpf-cell-frame")]
    if value is not None:
        share = abs(value) / largest
        parts.append(tag("rect", width=size, height=size, class_=kind, fill_opacity=f"{share:.2f}"))
        if value < 0 and share > 0.02:
            parts.append(path(["M", 3.0, size / 2, "H", size - 3], class_="bpf-cell-minus"))
    if layer < 0:
        return group(*parts, at=at)
    is_chosen = chosen == (layer, worker)
    if is_chosen:
        parts.append(tag("rect", width=size, height=size, class_="bpf-card bpf-chosen bpf-hollow"))
    return _button(parts, at, layer, worker, value, is_note, names, is_chosen)


def _is_one_of_many(target: Array) -> bool:
    """Whether an order names one of several answers."""
    return len(target) > 1 and bool(((target == 0.0) | (target == 1.0)).all() and target.sum() == 1)


def _button(
    parts: list[str],
    at: tuple[float, float],
    layer: int,
    worker: int,
    value: float | None,
    is_note: bool,
    names: Names,
    chosen: bool,
) -> str:
    """A worker to press; one of a floor can be tabbed to, arrows do the rest."""
    label = _("{worker}, floor {floor}: ships {amount}")
    if value is None:
        label = _("{worker}, floor {floor}: waiting")
    elif is_note:
        label = _("{worker}, floor {floor}: note {amount}")
    label = label.format(
        worker=names.workers[layer][worker],
        floor=layer + 1,
        amount="" if value is None else (signed if is_note else number)(value),
    )
    return pressable(
        *parts,
        trait="chosen",
        value=[layer, worker],
        label=label,
        pressed=chosen,
        at=at,
        tabbed=chosen or worker == 0,
    )


def _rows(
    step: Step,
    layer: int,
    values: Array | None,
    is_note: bool,
    names: Names,
    at: tuple[float, float],
    chosen: tuple[int, int] | None,
    example: int,
) -> str:
    """The last floor: a row a worker, with its product as a bar, and the one that was ordered."""
    count = step.network.sizes[-1]
    known = len(step.trace.layers) == len(step.network.layers)
    output = step.trace.output[example] if known else None
    largest = 1.0 if output is None else max(1.0, float(np.abs(output).max()))
    target = step.target[example]
    top = at[1] - count * CELL / 2
    rows = []
    for n in range(count):
        y = CELL / 2 + 4
        frame = tag("rect", x=34.0, y=2.0, width=86.0, height=CELL - 4, class_="bpf-cell-frame")
        parts = [words(26, y, names.workers[layer][n], class_="bpf-small bpf-end"), frame]
        if output is not None:
            wide = 86.0 * abs(float(output[n])) / largest
            parts.append(
                tag("rect", x=34.0, y=2.0, width=wide, height=CELL - 4, class_="bpf-crate")
            )
        shown = None if output is None else float(output[n])
        if is_note and values is not None:
            text = signed(float(values[n]), digits=2)
            parts.append(words(128, y, text, class_="bpf-gradient"))
        elif shown is not None:
            parts.append(words(128, y, number(shown, digits=2), class_="bpf-small"))
        if not _is_one_of_many(target):
            order = number(target[n], digits=3)
            parts.append(words(ROW_WIDTH, y, order, class_="bpf-small bpf-strong bpf-end"))
        elif target[n] == 1.0:
            parts.append(words(228, y, _("order"), class_="bpf-small bpf-strong"))
        said = (shown, False) if values is None or not is_note else (float(values[n]), True)
        is_chosen = chosen == (layer, n)
        hit = "bpf-hit bpf-chosen" if is_chosen else "bpf-hit"
        parts.insert(0, tag("rect", width=ROW_WIDTH, height=CELL, class_=f"bpf-card {hit}"))
        place = (at[0], top + n * CELL)
        rows.append(_button(parts, place, layer, n, *said, names, is_chosen))
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
