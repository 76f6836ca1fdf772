"""The ways between two columns: belts on which crates go forward, lanes on which notes come back.

With a worker or a material in focus, its own ways stand out and the others fade. Each of its lanes
then shows what it carries: the note times the knob that it passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backprop_lib.engine.moments import notes_to
from backprop_lib.engine.steps import Step, Turn
from backprop_lib.pictures import stations
from backprop_lib.pictures.layout import Layout
from backprop_lib.pictures.stations import Point
from backprop_lib.pictures.svg import group, path, tag

MANY = 16  # so many ways between two columns are drawn thin
WIDEST_LOAD = 48.0  # what fits between two columns, with room at both ends


@dataclass(frozen=True)
class _Way:
    """One belt or lane."""

    start: Point
    end: Point
    kind: str
    moves: bool  # something runs on it in this step


def emphasis(focus: Turn | None, *ends: Turn) -> str:
    """The class of a way between these ends: nothing in focus, its own, or another's."""
    if focus is None:
        return ""
    return " bpf-own" if focus in ends else " bpf-faint"


def draw_belts(step: Step, layout: Layout, layer: int, focus: Turn | None) -> str:
    """The belts into one floor; those that carry crates in this step are lit."""
    ways = []
    for source, before in enumerate(layout.columns[layer]):
        for worker, after in enumerate(layout.columns[layer + 1]):
            lit = step.phase == "forward" and step.layer == layer
            lit = lit and step.now in (None, (layer, worker))
            kind = "bpf-belt bpf-lit" if lit else "bpf-belt"
            # A material in focus is one at which notes meet: its belts have nothing to tell then.
            kind += emphasis(focus, *((layer - 1, source),) * (layer > 0), (layer, worker))
            ways.append(_Way(before.ship, after.knobs[source], kind, lit))
    load = tag("rect", x=-7, y=-5, width=14, height=10, rx=2, class_="bpf-crate")
    return _draw(ways, load)


def draw_lanes(
    step: Step, layout: Layout, layer: int, focus: Turn | None, example: int
) -> tuple[str, str]:
    """The lanes out of one floor in the step in which notes run on them, and what they carry.

    They lead to the floor before it, or for layer 0 to the materials.
    """
    # The notes to the first floor go on to the materials in the same step.
    if step.phase != "backward" or step.layer not in ({0} if layer <= 1 else {layer - 1}):
        return "", ""
    ways, carried = [], []
    for to in range(notes_to(step, layer - 1).shape[1]):
        for sender, after in enumerate(layout.columns[layer + 1]):
            own = emphasis(focus, (layer - 1, to), (layer, sender))
            way = _Way(
                after.note_out,
                layout.columns[layer][to].note_in,
                "bpf-lane" + own,
                step.now in (None, (layer - 1, to)),
            )
            ways.append(way)
            if "own" in own and layout.sizes.row:
                found = step.gradients[layer]
                assert found is not None
                note = float(found.pre_activations[example, sender])
                knob = float(step.network.layers[layer].weights[to, sender])
                # In the middle between the columns, where the lane is half of its way down.
                middle = (after.left - layout.sizes.gap / 2, (way.start[1] + way.end[1]) / 2)
                carried.append(_carried(middle, note, knob))
    load = tag("rect", x=-7, y=-5, width=14, height=10, class_="bpf-slip")
    return _draw(ways, load) if ways else "", "".join(carried)


def _draw(ways: Iterable[_Way], load: str) -> str:
    """The ways of each kind as one path, and the loads that a moving picture sends along."""
    ways = list(ways)
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
    second = stations.brief(knob, decimals=2)
    factors = f"{stations.brief(note, decimals=2)}×{f'({second})' if knob < 0 else second}"
    lines = [("bpf-carried", factors), ("bpf-note", stations.brief_signed(note * knob, 3))]
    if _width(factors) > WIDEST_LOAD - 2 or "≈" in factors:  # "about 0 × 0.2" explains nothing
        lines = lines[1:]
    wide = min(WIDEST_LOAD, max(26.0, *(_width(line) + 8 for _kind, line in lines)))
    top = -7.5 * len(lines)
    sheet = tag("rect", x=-wide / 2, y=top, width=wide, height=-2 * top, rx=2, class_="bpf-slip")
    written = [
        stations.fitted(
            (0, top + 15.0 * row + 12.0), line, wide - 6, 12.5, 0.62, class_=f"{kind} bpf-middle"
        )
        for row, (kind, line) in enumerate(lines)
    ]
    return group(sheet, *written, at=at)


def _width(text: str) -> float:
    """About how wide a number on a slip is."""
    return sum(4.5 if letter in ".,()" else 8.0 for letter in text)
