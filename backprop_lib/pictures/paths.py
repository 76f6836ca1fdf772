"""The factory as a graph of stations, with the paths from one knob or amount to the loss lit up.

Left to right: materials, each worker's knobs, mix, gate and what it ships, and the loss. A lit path
carries the local slope at each station; it is dashed where nothing comes through to the loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from backprop_lib.engine.steps import Step
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.pictures import things
from backprop_lib.pictures.graph import (
    ARROW,
    CARD,
    CRATE,
    LOSS,
    LOSS_GAP,
    MATERIAL,
    VALUE,
    WIDE,
    Card,
    Commands,
    Graph,
)
from backprop_lib.pictures.svg import Picture, Point, group, path, picture, pressable, tag, words
from backprop_lib.study.nudging import Knob
from backprop_lib.study.paths import Amount, Link, Path, Start
from backprop_lib.words import Names
from backprop_lib.words.paths import start_name

NARROW = 0.64  # how wide a letter of a slope is: dots and signs are narrower than figures

_Piece = tuple[str, int, int | None, int | None]


@dataclass(frozen=True)
class _Scene:
    """A factory at its loss, where all stands in it, where the lit paths start and what is lit."""

    step: Step
    names: Names
    start: Start | None
    lit: Sequence[Path]

    @cached_property
    def graph(self) -> Graph:
        return Graph.of(self.step.network.sizes)

    @cached_property
    def slopes(self) -> dict[_Piece, Link]:
        """The slope at each lit piece."""
        return {_piece(link): link for way in self.lit for link in way.links}


def draw_paths(step: Step, names: Names, start: Start | None, lit: Sequence[Path]) -> Picture:
    """The SVG of a factory at its loss, for the first example, with the paths ``lit``."""
    scene = _Scene(step, names, start, lit)
    graph, sizes = scene.graph, step.network.sizes
    return picture(
        graph.width,
        graph.height,
        title=_("The factory's paths to the loss"),
        columns=_columns(graph),
        belts=_belts(graph),
        delivered=_delivered(graph, lit),
        route=_route(graph, lit),
        **{f"material {n}": _amount(scene, 0, n) for n in range(sizes[0])},
        **{
            f"card {layer} {n}": _card(scene, layer, n)
            for layer, count in enumerate(sizes[1:])
            for n in range(count)
        },
        loss=_loss(scene),
        meetings=_meetings(scene),
    )


def _piece(link: Link) -> _Piece:
    """The same for all paths that share a piece."""
    kind = "row" if link.kind in ("knob", "pinch", "belt") else link.kind
    return kind, link.layer, link.source, link.worker


def _columns(graph: Graph) -> str:
    parts = [words(graph.materials[0][0], 22, _("Materials"), class_="bpf-title bpf-middle")]
    for number_, floor in enumerate(graph.floors, start=1):
        left = floor[0].left
        title = _("Floor {n}").format(n=number_)
        parts.append(words(left + CARD / 2, 22, title, class_="bpf-title bpf-middle"))
        parts += [
            tag("rect", x=card.left, y=card.top, width=CARD, height=card.height, rx=7,
                class_="bpf-card")
            for card in floor
        ]  # fmt: skip
    return group(*parts)


def _belts(graph: Graph) -> str:
    """Every way at rest: between floors, from knob to mix, through the gate, and to the loss."""
    between: Commands = []
    inside: Commands = []
    for layer, floor in enumerate(graph.floors):
        for worker, card in enumerate(floor):
            for source in range(card.knobs):
                between += graph.belt(layer, source, worker)
                inside += card.to_mix(source)
            inside += card.to_mix(None) + card.through()
    for place in range(len(graph.floors[-1])):
        between += graph.to_loss(place)
    return group(path(between, class_="bpf-belt"), path(inside, class_="bpf-belt bpf-thin"))


def _delivered(graph: Graph, lit: Sequence[Path]) -> str:
    """The belts of what is delivered to a knob at which a path starts: there its slope comes from.

    A ring stands around the crate itself.
    """
    commands: Commands = []
    rings = []
    for link in dict.fromkeys(link for way in lit for link in way.links if link.kind == "knob"):
        assert link.source is not None and link.worker is not None
        commands += graph.belt(link.layer, link.source, link.worker)
        x, y = graph.amount(link.layer, link.source)
        wide = (CRATE if link.layer else MATERIAL) + 7
        rings.append(
            tag("rect", x=x - wide / 2, y=y - 15.5, width=wide, height=31.0, rx=6,
                class_="bpf-mark bpf-delivered")
        )  # fmt: skip
    return group(path(commands, class_="bpf-belt bpf-lit"), *rings) if commands else ""


def _route(graph: Graph, lit: Sequence[Path]) -> str:
    """The lit paths as lines with arrows: whole ones, and dashed where nothing comes through."""
    comes: dict[tuple[object, ...], bool] = {}
    for way in lit:
        for part in _ways(graph, way):
            comes[tuple(part)] = comes.get(tuple(part), False) or way.product != 0.0
    drawn = []
    for alive, kind in ((False, "bpf-route bpf-nothing"), (True, "bpf-route")):
        commands = [one for part, through in comes.items() if through is alive for one in part]
        if commands:
            drawn.append(path(commands, class_=kind))
    loads = [_load(graph, link) for way in lit for link in way.links if link.kind == "belt"]
    return group(*drawn, *dict.fromkeys(loads), class_="bpf-active-route")


def _ways(graph: Graph, way: Path) -> list[Commands]:
    """The pieces of one path as they are drawn."""
    drawn: list[Commands] = []
    for link in way.links:
        if link.kind == "loss":
            assert link.source is not None
            drawn.append([*graph.to_loss(link.source), *ARROW])
        elif link.kind != "gate":
            assert link.worker is not None
            card = graph.floors[link.layer][link.worker]
            if link.kind == "belt":
                assert link.source is not None
                drawn.append([*graph.belt(link.layer, link.source, link.worker), *ARROW])
            drawn += [card.to_mix(link.source), card.through()]
    return drawn


def _load(graph: Graph, link: Link) -> str:
    """The nudge that a moving picture sends along a belt."""
    assert link.source is not None and link.worker is not None
    x, y = graph.leaves(link.layer, link.source)
    to_x, to_y = graph.floors[link.layer][link.worker].row(link.source)
    start = f"--dx:{x - to_x:.0f}px;--dy:{y - to_y:.0f}px"
    bit = path(["M", -8, 0, "L", 0, -8, "L", 8, 0, "L", 0, 8, "Z"], class_="bpf-slope")
    return group(group(bit, class_="bpf-traveller", style=start), at=(to_x, to_y))


def _badge(at: Point, slope: float, width: float = WIDE, height: float = 20.0) -> str:
    """A slope on a path, its left middle at ``at``."""
    kind = "bpf-slope" if slope else "bpf-slope bpf-nothing"
    text = f"× {things.brief(slope)}"
    return group(
        tag("rect", y=-height / 2, width=width, height=height, rx=height / 2, class_=kind),
        things.fitted(
            (width / 2, 4.5), text, width - 8, 12.5, NARROW, class_="bpf-gradient bpf-middle"
        ),
        at=at,
    )


def _card(scene: _Scene, layer: int, worker: int) -> str:
    card, step = scene.graph.floors[layer][worker], scene.step
    floor, work = step.network.layers[layer], step.trace.layers[layer]
    mix = float(work.pre_activations[0, worker])
    parts = [
        things.face((card.left + 14, card.top + 15)),
        words(card.left + 26, card.top + 20, scene.names.workers[layer][worker], class_="bpf-name"),
        things.crate(card.mix, mix, CRATE, 22, kind="mix"),
        things.gate(card.gate, floor.activation, mix, size=0.8),
    ]
    gate = scene.slopes.get(("gate", layer, None, worker))
    if gate is not None:
        parts.append(_badge((card.gate[0] + 18, card.gate[1]), gate.slope, 66.0))
    parts += [
        _knob(scene, card, Knob(layer, worker, source)) for source in (*range(card.knobs), None)
    ]
    return group(*parts, _amount(scene, layer + 1, worker))


def _knob(scene: _Scene, card: Card, knob: Knob) -> str:
    x, y = card.row(knob.source)
    value = knob.of(scene.step.network.layers[knob.layer])
    parts = [things.dial((x, y), 8.0 if knob.source is None else 10.0, value)]
    link = scene.slopes.get(("row", knob.layer, knob.source, knob.worker))
    left = card.left + VALUE
    if link is not None and link.kind == "belt":
        parts.append(_badge((left, y), link.slope))  # the slope is the knob itself
    else:
        two_lines = link is not None or knob.source is None
        value_at = y - 4 if two_lines else y + 5
        parts.append(words(left, value_at, things.brief(value), class_="bpf-number"))
        if link is not None:
            parts.append(_badge((left, y + 9), link.slope, height=16.0))
        elif knob.source is None:
            parts.append(words(left, y + 12, _("pinch"), class_="bpf-small"))
    label = _("{knob}: {value}").format(knob=start_name(scene.names, knob), value=number(value))
    box = (card.left + 3, y - 18.5, VALUE + WIDE, 37.0)
    return _button(parts, box, label, knob == scene.start, [knob.layer, knob.source, knob.worker])


def _amount(scene: _Scene, layer: int, place: int) -> str:
    """A crate that can be chosen: a material, or what a worker ships."""
    x, y = scene.graph.amount(layer, place)
    step, names = scene.step, scene.names
    amounts = step.inputs if layer == 0 else step.trace.layers[layer - 1].activations
    value = float(amounts[0, place])
    parts = [things.crate((x, y), value, CRATE if layer else MATERIAL, 24)]
    if layer == 0:
        parts.append(words(x, y - 19, names.inputs[place], class_="bpf-name bpf-middle"))
    amount = Amount(layer, place)
    label = _("{amount}: {value}").format(amount=start_name(names, amount), value=number(value))
    wide = (CRATE if layer else MATERIAL) + 6
    box = (x - wide / 2, y - 16.5, wide, 33.0)
    return _button(parts, box, label, amount == scene.start, [layer, place, None])


def _button(
    parts: list[str],
    box: tuple[float, float, float, float],
    label: str,
    chosen: bool,
    value: list[int | None],
) -> str:
    left, top, wide, high = box
    kind = "bpf-card bpf-hit bpf-chosen" if chosen else "bpf-card bpf-hit"
    box_drawn = tag("rect", x=left, y=top, width=wide, height=high, rx=6, class_=kind)
    return pressable(*parts, box_drawn, trait="chosen", value=value, label=label, pressed=chosen)


def _loss(scene: _Scene) -> str:
    """The loss, with the order of each product, and the slopes on the ways to it."""
    step, graph = scene.step, scene.graph
    rows, left = graph.products, graph.loss_left
    top, bottom, middle = rows[0] - 84.0, rows[-1] + 22.0, left + LOSS / 2
    assert step.loss is not None
    parts = [
        words(middle, 22, _("Loss"), class_="bpf-title bpf-middle"),
        tag("rect", x=left, y=top, width=LOSS, height=bottom - top, rx=7, class_="bpf-card"),
        words(middle, top + 28, things.brief(step.loss), class_="bpf-answer bpf-middle"),
    ]
    for place, y in enumerate(rows):
        wanted = float(step.target[0, place])
        parts.append(words(middle, y - 18, _("order"), class_="bpf-small bpf-middle"))
        parts.append(things.crate((middle + 4, y), wanted, CRATE, 24, kind="order"))
        link = scene.slopes.get(("loss", len(graph.floors), place, None))
        if link is not None:
            parts.append(_badge((left - LOSS_GAP + 1, y), link.slope, 73.0))
    return group(*parts)


def _meetings(scene: _Scene) -> str:
    """A plus wherever several lit paths meet: before a mix, and at the loss."""
    graph = scene.graph
    mixes: list[Point] = []
    products: list[float] = []
    for link in scene.slopes.values():
        if link.kind == "loss":
            assert link.source is not None
            products.append(graph.products[link.source])
        elif link.kind != "gate":
            assert link.worker is not None
            x, y = graph.floors[link.layer][link.worker].mix
            mixes.append((x - CRATE / 2 - 8, y))
    parts = [_plus(at) for at in dict.fromkeys(mixes) if mixes.count(at) > 1]
    if len(products) > 1:
        first, last = min(products), max(products)
        parts.append(path(["M", graph.loss_left, first, "V", last], class_="bpf-route"))
        parts.append(_plus((graph.loss_left, (first + last) / 2)))
    return group(*parts)


def _plus(at: Point) -> str:
    return group(
        tag("circle", r=8.0, class_="bpf-slope"),
        path(["M", -4, 0, "H", 4, "M", 0, -4, "V", 4], class_="bpf-route bpf-thin"),
        at=at,
    )
