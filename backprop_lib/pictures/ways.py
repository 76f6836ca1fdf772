"""The ways between two columns: belts on which crates go forward, lanes on which notes come back.

With a worker or a material in focus, its own ways stand out and the others fade. Each of its lanes
then shows what it carries: the note times the knob that it passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backprop_lib.engine.moments import notes_to
from backprop_lib.pictures import things
from backprop_lib.pictures.scene import Scene
from backprop_lib.pictures.svg import Point, group, path, tag

MANY = 16  # so many ways between two columns are drawn thin
WIDEST_LOAD = 48.0  # what fits between two columns, with room at both ends


@dataclass(frozen=True)
class _Way:
    """One belt or lane."""

    start: Point
    end: Point
    kind: str
    moves: bool  # something runs on it in this step


def draw_belts(scene: Scene, layer: int) -> str:
    """The belts into one floor; those that carry crates in this step are lit."""
    step, columns = scene.step, scene.layout.columns
    ways = []
    for source, before in enumerate(columns[layer]):
        for worker, after in enumerate(columns[layer + 1]):
            lit = step.phase == "forward" and step.layer == layer and scene.at_work(layer, worker)
            kind = "bpf-belt bpf-lit" if lit else "bpf-belt"
            # A material in focus is one at which notes meet: its belts have nothing to tell then.
            kind += scene.emphasis(*((layer - 1, source),) * (layer > 0), (layer, worker))
            ways.append(_Way(before.ship, after.knobs[source], kind, lit))
    load = tag("rect", x=-7, y=-5, width=14, height=10, rx=2, class_="bpf-crate")
    return _draw(ways, load)


def draw_lanes(scene: Scene, layer: int) -> str:
    """The lanes out of one floor in the step in which notes run on them.

    They lead to the floor before it, or for layer 0 to the materials.
    """
    ways = [way for _to, _sender, way in _lanes(scene, layer)]
    load = tag("rect", x=-7, y=-5, width=14, height=10, class_="bpf-slip")
    return _draw(ways, load) if ways else ""


def draw_loads(scene: Scene, layer: int) -> str:
    """What each lane that stands out carries: the note times the knob that it passes."""
    step, layout = scene.step, scene.layout
    found = step.gradients[layer]
    if found is None or not layout.sizes.row:
        return ""
    carried = []
    for to, sender, way in _lanes(scene, layer):
        if "own" in way.kind:
            note = float(found.pre_activations[scene.example, sender])
            knob = float(step.network.layers[layer].weights[to, sender])
            # In the middle between the columns, where the lane is half of its way down.
            middle = (way.start[0] - layout.sizes.gap / 2, (way.start[1] + way.end[1]) / 2)
            carried.append(_carried(middle, note, knob))
    return "".join(carried)


def _lanes(scene: Scene, layer: int) -> Iterator[tuple[int, int, _Way]]:
    """The lanes out of one floor on which notes have run by now: to whom, from whom, and where."""
    step, columns = scene.step, scene.layout.columns
    # The notes to the first floor go on to the materials in the same step.
    if step.phase != "backward" or step.layer not in ({0} if layer <= 1 else {layer - 1}):
        return
    for to in range(notes_to(step, layer - 1).shape[1]):
        for sender, after in enumerate(columns[layer + 1]):
            kind = "bpf-lane" + scene.emphasis((layer - 1, to), (layer, sender))
            end, moves = columns[layer][to].note_in, scene.at_work(layer - 1, to)
            yield to, sender, _Way(after.note_out, end, kind, moves)


def _draw(ways: list[_Way], load: str) -> str:
    """The ways of each kind as one path, and the loads that a moving picture sends along."""
    thin = " bpf-thin" if len(ways) > MANY else ""
    commands: dict[str, list[object]] = {}
    loads = []
    for way in ways:
        (x, y), (to_x, to_y) = way.start, way.end
        reach = (to_x - x) / 2
        curve = ["M", x, y, "C", x + reach, y, to_x - reach, to_y, to_x, to_y]
        commands.setdefault(way.kind + thin, []).extend(curve)
        if way.moves:
            start = f"--dx:{x - to_x:.0f}px;--dy:{y - to_y:.0f}px"
            loads.append(group(group(load, class_="bpf-traveller", style=start), at=(to_x, to_y)))
    # What stands out is drawn over what fades.
    drawn = sorted(commands, key=lambda kind: "bpf-own" in kind)
    return group(*(path(commands[kind], class_=kind) for kind in drawn), *loads)


def _carried(at: Point, note: float, knob: float) -> str:
    """A slip around ``at`` with the product that a lane carries, and how it came about."""
    second = things.brief(knob, decimals=2)
    factors = f"{things.brief(note, decimals=2)}×{f'({second})' if knob < 0 else second}"
    lines = [("bpf-carried", factors), ("bpf-note", things.brief_signed(note * knob, 3))]
    if _width(factors) > WIDEST_LOAD - 2 or "≈" in factors:  # "about 0 × 0.2" explains nothing
        lines = lines[1:]
    wide = min(WIDEST_LOAD, max(26.0, *(_width(line) + 8 for _kind, line in lines)))
    top = -7.5 * len(lines)
    sheet = tag("rect", x=-wide / 2, y=top, width=wide, height=-2 * top, rx=2, class_="bpf-slip")
    written = [
        things.fitted(
            (0, top + 15.0 * row + 12.0), line, wide - 6, 12.5, 0.62, class_=f"{kind} bpf-middle"
        )
        for row, (kind, line) in enumerate(lines)
    ]
    return group(sheet, *written, at=at)


def _width(text: str) -> float:
    """About how wide a number on a slip is."""
    return sum(4.5 if letter in ".,()" else 8.0 for letter in text)
