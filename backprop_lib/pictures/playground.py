"""The training playground: the factory with what each worker ships, its answers, and the losses.

What stays while it trains is drawn once; what moves stands in groups and images that bear the name
of a *part* (``data-part``), so that a frame need bring no more than these.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.engine.network import Trace
from backprop_lib.i18n import gettext as _
from backprop_lib.pictures.answers import PIXELS, Field, png, shades, tile
from backprop_lib.pictures.border import border
from backprop_lib.pictures.chart import marked, ticks
from backprop_lib.pictures.orders import draw_legend, draw_orders
from backprop_lib.pictures.svg import (
    Picture,
    breadth,
    clipped,
    group,
    path,
    picture,
    pressable,
    tag,
    words,
)
from backprop_lib.pictures.things import REGULAR, SMALLEST, band, fitted
from backprop_lib.pictures.training_curves import draw_curves
from backprop_lib.study.runs import Run
from backprop_lib.words.names import Names
from backprop_lib.words.playground import (
    place_told,
    title_told,
    worker_told,
)

WIDTH, HEIGHT = 780.0, 566.0
SIZE = 284.0  # of the big image, which stands at
LEFT, TOP = 482.0, 66.0
FLOORS = (112.0, 448.0)  # where the floors begin and end
BIGGEST = 46.0  # a worker's tile
LEGENDS = TOP + SIZE + 50.0  # where the lines stand that say what shapes and colours are
MOST_TILES = 9  # of so many workers a frame of a large factory brings the tiles
CURVES, SCORES = (64.0, 438.0), (LEFT, 474.0)
MOST_ON_AN_AXIS = 36  # letters of an input's name
ROOM = 28.0  # for the numbers left of the big image
# How thick a belt is, for knobs of at least so much.
BELTS = ((0.1, 0.7), (0.5, 1.6), (1.0, 2.8), (2.0, 4.4), (4.0, 6.5))

Parts = dict[str, str | dict[str, str]]


@dataclass(frozen=True)
class Scene:
    """A moment of a run, and the worker whose answers are shown large (None: the factory's)."""

    run: Run
    field: Field
    names: Names
    chosen: tuple[int, int] | None
    kinds: tuple[str, str]  # what orders 0 and 1 are called, or empty texts

    @cached_property
    def trace(self) -> Trace:
        """What every worker makes of every point of the field."""
        return self.run.network.run(self.field.grid)

    @property
    def shown(self) -> tuple[int, int]:
        """Whose answers stand in the big image."""
        return self.chosen or (len(self.run.network.layers) - 1, 0)

    @property
    def is_answer(self) -> bool:
        """Whether these are the factory's own answers, which aim at 0 and 1."""
        return self.shown[0] == len(self.run.network.layers) - 1

    def values(self, layer: int, worker: int) -> Array:
        """What a worker ships all over the field, as shares from blue to orange."""
        work = self.trace.layers[layer]
        if layer == len(self.run.network.layers) - 1:
            # The last floor aims at 0 and 1: these are the ends of its scale.
            return np.nan_to_num(work.activations[:, worker]).reshape(PIXELS, PIXELS)
        return shades(work, worker, self.run.network.layers[layer].activation)


def moving(scene: Scene, turn: int | None = None) -> Parts:
    """The parts that change from frame to frame: what is in a group, or an image's attributes.

    All of them, or with ``turn`` the answers and, in turns, the losses or some of the workers: at
    20 frames a second nobody sees that these come more seldom, and it halves the work.
    """
    layer, worker = scene.shown
    parts: Parts = {
        "place": _place(scene),
        "big": {"href": png(scene.values(layer, worker))},
        "border": _border(scene),
    }
    tiles = [
        (layer, n) for layer, floor in enumerate(scene.names.workers) for n in range(len(floor))
    ]
    shifts = math.ceil(len(tiles) / MOST_TILES)
    now = None if turn is None else turn % (1 + shifts)
    if now in (None, 0):
        parts["losses"] = draw_curves(scene.run, CURVES, SCORES)
    if now in (None, 1):
        parts["belts"] = _belts(scene)
    for place, (layer, worker) in enumerate(tiles):
        if now in (None, 1 + place % shifts):
            parts[f"tile {layer} {worker}"] = {"href": tile(scene.values(layer, worker))}
    return parts


def draw_playground(scene: Scene) -> Picture:
    """The SVG of a moment, with all its parts in place."""
    parts = moving(scene)
    return picture(
        WIDTH,
        HEIGHT,
        title=_("Training playground"),
        place=_part(parts, "place"),
        belts=_part(parts, "belts"),
        materials=_materials(scene),
        workers=_workers(scene, parts),
        answers=_big(scene, parts),
        legend=draw_legend(scene.run, scene.kinds, SIZE, (LEFT, LEGENDS), scene.is_answer),
        key=_key(),
        losses=_part(parts, "losses"),
    )


def _part(parts: Parts, name: str) -> str:
    inside = parts[name]
    assert isinstance(inside, str)
    return group(inside, data_part=name)


def _image(parts: Parts, name: str, size: float) -> str:
    changing = parts[name]
    assert isinstance(changing, dict)
    return tag(
        "image", width=size, height=size, preserveAspectRatio="none", data_part=name, **changing
    )


# ---- the factory ------------------------------------------------------------------------------


def _place(scene: Scene) -> str:
    run = scene.run
    knobs = sum(layer.weights.size + layer.biases.size for layer in run.network.layers)
    many = _("{n} knobs and pinches").format(n=knobs)
    return band(WIDTH, "update", place_told(run), status=many)


def _columns(scene: Scene) -> list[float]:
    """The middle of each floor, from left to right."""
    left, right = FLOORS
    pitch = (right - left) / len(scene.names.workers)
    return [left + pitch * (floor + 0.5) for floor in range(len(scene.names.workers))]


def _rows(count: int) -> tuple[list[float], float]:
    """The middles of so many tiles in a column, and how large they are."""
    pitch = min(72.0, SIZE / count)
    middle = TOP + SIZE / 2
    rows = [middle + pitch * (n - (count - 1) / 2) for n in range(count)]
    return rows, min(BIGGEST, pitch - 5.0)


def _materials(scene: Scene) -> str:
    """A tile for each input, which simply grows from one side to the other."""
    rows, size = _rows(2)
    ramp = np.linspace(0.0, 1.0, PIXELS)
    across = np.tile(ramp, (PIXELS, 1))
    parts = [words(52, TOP - 12, _("Materials"), class_="bpf-title bpf-middle")]
    for middle, name, values in zip(
        rows, scene.names.inputs, (across, across.T[::-1]), strict=True
    ):
        at = (52 - size / 2, middle - size / 2)
        image = tag("image", width=size, height=size, preserveAspectRatio="none", href=tile(values))
        frame = tag("rect", width=size, height=size, rx=3, class_="bpf-tile-frame")
        under = words(size / 2, size + 14, clipped(name, 16), class_="bpf-small bpf-middle")
        parts.append(group(image, frame, under, at=at))
    return "".join(parts)


def _workers(scene: Scene, parts: Parts) -> str:
    drawn = []
    for layer, (middle, floor) in enumerate(zip(_columns(scene), scene.names.workers, strict=True)):
        title = _("Floor {n}").format(n=layer + 1)
        drawn.append(words(middle, TOP - 12, title, class_="bpf-title bpf-middle"))
        rows, size = _rows(len(floor))
        for worker, (row, name) in enumerate(zip(rows, floor, strict=True)):
            chosen = scene.shown == (layer, worker)
            kind = "bpf-card bpf-hollow" + " bpf-chosen" * chosen
            drawn.append(
                pressable(
                    _image(parts, f"tile {layer} {worker}", size),
                    tag("rect", width=size, height=size, rx=3, class_=kind),
                    words(4, 13, name, class_="bpf-tile-name"),
                    trait="chosen",
                    value=[layer, worker],
                    label=worker_told(name, layer),
                    pressed=chosen,
                    at=(middle - size / 2, row - size / 2),
                )
            )
    return "".join(drawn)


def _belts(scene: Scene) -> str:
    """A line for each knob: the thicker the larger it is, dashed where it is below zero."""
    layers = scene.run.network.layers
    middles = [52.0, *_columns(scene)]
    counts = [2, *(len(floor) for floor in scene.names.workers)]
    ways: dict[tuple[bool, int], list[str]] = {}
    for layer, knobs in enumerate(layers):
        (sources, size), (targets, other) = _rows(counts[layer]), _rows(counts[layer + 1])
        start, end = middles[layer] + size / 2, middles[layer + 1] - other / 2
        sizes = np.searchsorted([least for least, _wide in BELTS], np.abs(knobs.weights)) - 1
        below = knobs.weights < 0.0
        for source, y in enumerate(sources):
            for target, to in enumerate(targets):
                kind = int(sizes[source, target])
                if kind >= 0:
                    way = f"M{start:.0f} {y:.0f}L{end:.0f} {to:.0f}"
                    ways.setdefault((bool(below[source, target]), kind), []).append(way)
    return "".join(
        path(
            many,
            class_="bpf-knob-way bpf-minus" if minus else "bpf-knob-way",
            stroke_width=BELTS[kind][1],
        )
        for (minus, kind), many in sorted(ways.items())
    )


# ---- the big image ----------------------------------------------------------------------------


def _big(scene: Scene, parts: Parts) -> str:
    field, (layer, worker) = scene.field, scene.shown
    name = scene.names.workers[layer][worker]
    title = title_told(name if scene.chosen else None)
    return group(
        words(0, -12, title, class_="bpf-name"),
        _image(parts, "big", SIZE),
        _part(parts, "border"),
        draw_orders(scene.run, field, SIZE),
        tag("rect", width=SIZE, height=SIZE, class_="bpf-tile-frame"),
        *_axes(field, scene.names.inputs),
        at=(LEFT, TOP),
    )


def _axes(field: Field, names: Sequence[str]) -> list[str]:
    """The two inputs beside the big image, each with its name and a few round numbers."""
    parts = []
    across, up = (ticks(*axis, most=5) for axis in (field.across, field.up))
    for x, text in zip(across, marked(across), strict=True):
        left = SIZE * field.place(x, field.up[0])[0]
        parts.append(path(["M", left, SIZE, "v", 4], class_="bpf-axis"))
        parts.append(words(left, SIZE + 16, text, class_="bpf-small bpf-middle"))
    beside = marked(up)
    for y, text in zip(up, beside, strict=True):
        down = SIZE * field.place(field.across[0], y)[1]
        parts.append(path(["M", 0, down, "h", -4], class_="bpf-axis"))
        parts.append(fitted((-7, down + 4), text, ROOM, 12.5, class_="bpf-small bpf-end"))
    first, second = (clipped(name, MOST_ON_AN_AXIS) for name in names)
    away = 12.0 + max(ROOM, SMALLEST * REGULAR * 12.5 * max(map(breadth, beside), default=0))
    upright = f"translate({-away:g} {SIZE / 2:g}) rotate(-90)"
    parts.append(words(SIZE / 2, SIZE + 31, first, class_="bpf-small bpf-middle"))
    parts.append(words(0, 0, second, class_="bpf-small bpf-middle", transform=upright))
    return parts


def _border(scene: Scene) -> str:
    """Where the big image's worker changes sides: the answer at one half, a mix at 0."""
    layer, worker = scene.shown
    level = 0.5 if scene.is_answer else 0.0
    mixes = np.nan_to_num(scene.trace.layers[layer].pre_activations[:, worker])
    line = border(mixes.reshape(PIXELS, PIXELS), level, SIZE, SIZE)
    return path([line], class_="bpf-border-under") + path([line], class_="bpf-border")


def _key() -> str:
    """What the lines between the workers are."""
    kinds = (("", _("knob above 0")), (" bpf-minus", _("knob below 0")))
    return group(
        *(
            group(
                path(["M", 0, 0, "H", 30], class_=f"bpf-knob-way{look}", stroke_width=2.8),
                words(38, 4, name, class_="bpf-small"),
                at=(170.0 * place, 0.0),
            )
            for place, (look, name) in enumerate(kinds)
        ),
        at=(FLOORS[0], LEGENDS),
    )
