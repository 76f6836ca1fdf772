"""The factory floor: one Step of a small network as a picture, each worker with all its numbers.

Materials stand at the left, then each floor as a light column of workers, then the product beside
the order. Belts run from left to right into the dials, notes from right to left into the headers of
the cards, on dashed lanes of their own. Larger networks are drawn by ``summary.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from backprop_lib.captions import Names
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, signed
from backprop_lib.pictures import stations
from backprop_lib.pictures.stations import Point
from backprop_lib.pictures.svg import group, path, picture, tag, words
from backprop_lib.steps import Step

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

    def card_height(self, knobs: int) -> float:
        """How tall the card of a worker with so many knobs is."""
        return max(118.0, 34.0 + self.row * (knobs + 1)) if self.row else 54.0

    @property
    def material_height(self) -> float:
        """How tall a material's place is: its name, its crate and, if there is room, its note."""
        return 66.0 if self.row else 38.0


LARGE = Sizes(card=192.0, row=31.0, space=12.0, gap=52.0, material=78.0, decimals=4)
SMALL = Sizes(card=142.0, row=0.0, space=7.0, gap=46.0, material=108.0, decimals=2)
PRODUCT_WIDTH = 136.0
NOTE_LINE = 15.0  # notes come and go at this height of a card
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


def fits(sizes: tuple[int, ...]) -> bool:
    """Whether a network of these sizes can be drawn worker by worker."""
    return len(sizes) <= 5 and max(sizes) <= 8


def draw_floor(
    step: Step, names: Names, example: int = 0, chosen: tuple[int, int] | None = None
) -> str:
    """The SVG of ``step``; ``chosen`` is the (layer, worker) whose card is marked."""
    sizes = LARGE if max(step.network.sizes) <= 4 else SMALL
    columns, width, height = _lay_out(step.network.sizes, sizes)
    parts = [_columns(step, columns, width, height)]
    for layer in range(len(columns) - 1):
        parts += [_belts(step, columns, layer), _lanes(step, columns, layer)]
    parts.append(_product(step, columns[-1], sizes, width, height, example))
    parts.append(_materials(step, columns[0], names, sizes, example))
    for layer, places in enumerate(columns[1:]):
        for worker, place in enumerate(places):
            state = _State(step, layer, worker, example)
            parts.append(_worker(state, place, names, sizes, chosen == (layer, worker)))
    parts.append(phase_band(step, width))
    return picture(width, height, *parts, title=_("Factory floor"))


def _lay_out(counts: tuple[int, ...], sizes: Sizes) -> tuple[list[list[Place]], float, float]:
    """Every place, column by column (the materials first), and the width and height of it all."""
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
        places = [
            _place(left, top + n * (height + sizes.space), width, height, knobs, sizes)
            for n in range(count)
        ]
        columns.append(places)
        left += width + sizes.gap
    return columns, left + PRODUCT_WIDTH + MARGIN, HEAD + inside + below + 1.5 * MARGIN


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
        rows = ((left, top + 38.0),) * knobs
        ship = (right, top + 38.0)
    note_line = top + NOTE_LINE
    return Place(left, top, width, height, rows, ship, (right, note_line), (left, note_line))


@dataclass(frozen=True)
class _State:
    """What one worker knows at this step; what it does not know is None."""

    step: Step
    layer: int
    worker: int
    example: int

    @property
    def gate(self) -> str:
        return self.step.network.layers[self.layer].activation

    @property
    def mix(self) -> float | None:
        if self.layer >= len(self.step.trace.layers):
            return None
        work = self.step.trace.layers[self.layer]
        return float(work.pre_activations[self.example, self.worker])

    @property
    def ships(self) -> float | None:
        if self.layer >= len(self.step.trace.layers):
            return None
        work = self.step.trace.layers[self.layer]
        return float(work.activations[self.example, self.worker])

    @property
    def notes(self) -> tuple[float, float] | None:
        """The note as it arrives, and past the gate."""
        found = self.step.gradients[self.layer]
        if found is None:
            return None
        return (
            float(found.activations[self.example, self.worker]),
            float(found.pre_activations[self.example, self.worker]),
        )

    @property
    def knobs(self) -> list[tuple[float, float | None, float | None]]:
        """Value, gradient and turned value of each weight, then of the bias."""
        layer = self.step.network.layers[self.layer]
        found = self.step.gradients[self.layer]
        turned = self.step.updated.layers[self.layer] if self.step.updated else None
        values = [*layer.weights[:, self.worker], layer.biases[self.worker]]
        gradients = [None] * len(values)
        if found is not None:
            gradients = [*found.weights[:, self.worker], found.biases[self.worker]]
        news = [None] * len(values)
        if turned is not None:
            news = [*turned.weights[:, self.worker], turned.biases[self.worker]]
        return list(zip(values, gradients, news, strict=True))


def _active_layers(step: Step) -> set[int]:
    """The floors on which something changes in this step."""
    if step.phase == "update":
        return set(range(len(step.network.layers)))
    return set() if step.layer is None else {step.layer}


def _columns(step: Step, columns: list[list[Place]], width: float, height: float) -> str:
    parts = []
    for number_, places in enumerate(columns):
        left, wide = places[0].left - 9, places[0].width + 18
        active = number_ - 1 in _active_layers(step)
        if number_:
            parts.append(
                tag(
                    "rect",
                    x=left,
                    y=HEAD - 22,
                    width=wide,
                    height=height - HEAD + 22 - MARGIN / 2,
                    rx=8,
                    class_=f"bpf-column bpf-active-{step.phase}" if active else "bpf-column",
                )
            )
        title = _("Floor {n}").format(n=number_) if number_ else _("Materials")
        parts.append(words(left + wide / 2, HEAD - 6, title, class_="bpf-title bpf-middle"))
    left = width - MARGIN - PRODUCT_WIDTH
    parts.append(words(left + 34, HEAD - 6, _("Product"), class_="bpf-title bpf-middle"))
    parts.append(words(left + 102, HEAD - 6, _("Order"), class_="bpf-title bpf-middle"))
    return group(*parts)


def _belts(step: Step, columns: list[list[Place]], layer: int) -> str:
    """The belts into one floor; those that carry crates in this step are lit."""
    lit = step.phase == "forward" and step.layer == layer
    ways = [
        (before.ship, place.knobs[source])
        for source, before in enumerate(columns[layer])
        for place in columns[layer + 1]
    ]
    load = tag("rect", x=-7, y=-5, width=14, height=10, rx=2, class_="bpf-crate")
    return _ways(ways, "bpf-belt bpf-lit" if lit else "bpf-belt", load if lit else "")


def _lanes(step: Step, columns: list[list[Place]], layer: int) -> str:
    """The lanes between two columns, drawn in the step in which notes come back on them."""
    # The notes to the first floor go on to the materials in the same step.
    used = step.phase == "backward" and step.layer in ({0} if layer <= 1 else {layer - 1})
    if not used:
        return ""
    ways = [
        (after.note_out, before.note_in)
        for before in columns[layer]
        for after in columns[layer + 1]
    ]
    load = tag("rect", x=-7, y=-5, width=14, height=10, class_="bpf-slip")
    return _ways(ways, "bpf-lane", load)


def _ways(ways: list[tuple[Point, Point]], kind: str, load: str) -> str:
    """Belts or lanes, each with its load, if there is one, that a moving picture sends along."""
    commands: list[object] = []
    loads = []
    for (x, y), (to_x, to_y) in ways:
        reach = (to_x - x) / 2
        commands += ["M", x, y, "C", x + reach, y, to_x - reach, to_y, to_x, to_y]
        if load:
            start = f"--dx:{x - to_x:.0f}px;--dy:{y - to_y:.0f}px"
            loads.append(group(group(load, class_="bpf-traveller", style=start), at=(to_x, to_y)))
    thin = " bpf-thin" if len(ways) > 16 else ""
    return group(path(commands, class_=kind + thin), *loads)


def _materials(step: Step, places: list[Place], names: Names, sizes: Sizes, example: int) -> str:
    parts = []
    width = 78.0 if sizes.row else 54.0
    for number_, (place, name) in enumerate(zip(places, names.inputs, strict=True)):
        middle = place.ship[0] - width / 2
        amount = float(step.inputs[example, number_])
        parts.append(words(middle, place.top + 8, name, class_="bpf-name bpf-middle"))
        parts.append(
            stations.crate((middle, place.ship[1]), amount, width, 24, decimals=sizes.decimals)
        )
        if step.inputs_gradient is not None:
            at = (place.note_in[0] - 52, place.note_in[1])
            value = float(step.inputs_gradient[example, number_])
            parts.append(stations.note(at, value, 46, sizes.decimals))
    return group(*parts)


def _worker(state: _State, place: Place, names: Names, sizes: Sizes, chosen: bool) -> str:
    name = names.workers[state.layer][state.worker]
    draw = _large_card if sizes.row else _small_card
    card = tag(
        "rect",
        width=place.width,
        height=place.height,
        rx=7,
        class_="bpf-card bpf-chosen" if chosen else "bpf-card",
    )
    shown = words(26 if sizes.row else 8, 21 if sizes.row else 15, name, class_="bpf-name")
    notes = [] if state.notes is None else [_notes(state, place, sizes)]
    return group(
        card,
        shown,
        *draw(state, place, sizes),
        *notes,
        at=(place.left, place.top),
        class_="bpf-worker",
        role="button",
        tabindex=0,
        aria_pressed="true" if chosen else "false",
        aria_label=_label(state, name),
        data_trait="chosen",
        data_value=f"[{state.layer},{state.worker}]",
        data_lm_suppress_shortcuts="true",
    )


def _label(state: _State, name: str) -> str:
    if state.ships is None:
        return _("{worker}, floor {floor}: waiting").format(worker=name, floor=state.layer + 1)
    if state.notes is None:
        return _("{worker}, floor {floor}: ships {amount}").format(
            worker=name, floor=state.layer + 1, amount=number(state.ships)
        )
    return _("{worker}, floor {floor}: ships {amount}, note {note}, past the gate {past}").format(
        worker=name,
        floor=state.layer + 1,
        amount=number(state.ships),
        note=signed(state.notes[0]),
        past=signed(state.notes[1]),
    )


def _notes(state: _State, place: Place, sizes: Sizes) -> str:
    """The note as it came in at the right, and left of it what passed the gate."""
    assert state.notes is not None
    arrived, past = state.notes
    wide = 52 if sizes.row else 46
    right = place.width - wide - 3
    slips = [stations.note((right, NOTE_LINE), arrived, wide, sizes.decimals)]
    if state.gate != "identity":
        at = (right - wide - 9, NOTE_LINE)
        slips.append(stations.note(at, past, wide, sizes.decimals))
    return group(*slips)


def _large_card(state: _State, place: Place, sizes: Sizes) -> list[str]:
    parts = [stations.face((14, 16))]
    for row, (value, gradient, turned) in enumerate(state.knobs):
        y = 30.0 + sizes.row * (row + 0.5)
        is_bias = row == len(state.knobs) - 1
        shown, old = (value, None) if turned is None else (turned, value)
        parts.append(stations.dial((18, y), 8.0 if is_bias else 11.0, shown, old))
        kind = "bpf-number" if turned is None else "bpf-number bpf-turned"
        second, small = (_("pinch") if is_bias else "", "bpf-small")
        if turned is not None:
            second = _("was {value}").format(value=stations.brief(value))
        elif gradient is not None:
            second, small = f"∂ {stations.brief_signed(gradient)}", "bpf-gradient"
        parts.append(words(35, y + (0 if second else 5), stations.brief(shown), class_=kind))
        if second:
            parts.append(words(35, y + 13, second, class_=small))
    middle = place.width - 36
    if state.mix is not None:
        mix = stations.brief(state.mix)
        parts.append(words(middle, 45, mix, class_="bpf-number bpf-middle"))
    door = (45.0 + place.height - 32.0) / 2 + 2
    parts.append(stations.gate((middle, door), state.gate, state.mix))
    parts.append(stations.crate((middle, place.height - 20), state.ships, 64))
    return parts


def _small_card(state: _State, place: Place, sizes: Sizes) -> list[str]:
    knobs = state.knobs[:-1]  # the pinch is on the workbench
    largest = max((abs(gradient) for _v, gradient, _t in knobs if gradient is not None), default=0)
    parts = []
    for number_, (value, gradient, turned) in enumerate(knobs):
        at = (12.0 + 15.0 * (number_ % 4), 31.0 + 15.0 * (number_ // 4))
        if gradient and turned is None:
            kind = "bpf-halo" if gradient > 0 else "bpf-halo bpf-minus"
            thick = 0.5 + 3.0 * abs(gradient) / largest
            halo = tag("circle", cx=at[0], cy=at[1], r=7.0, class_=kind, stroke_width=thick)
            parts.append(halo)
        shown, old = (value, None) if turned is None else (turned, value)
        parts.append(stations.dial(at, 6.0, shown, old))
    parts.append(stations.gate((place.width - 65, 38), state.gate, state.mix, size=0.6))
    crate_at = (place.width - 27, 38)
    parts.append(stations.crate(crate_at, state.ships, 48, 22, decimals=sizes.decimals))
    return parts


def _product(
    step: Step, last: list[Place], sizes: Sizes, width: float, height: float, example: int
) -> str:
    left = width - MARGIN - PRODUCT_WIDTH
    depth = len(step.network.layers)
    lit = " bpf-lit" if step.phase == "forward" and step.layer == depth - 1 else ""
    thin = "" if sizes.row else " bpf-thin"
    crate_height = 26 if sizes.row else 22
    parts = []
    for output, place in enumerate(last):
        y = place.ship[1]
        made = (
            float(step.trace.output[example, output]) if len(step.trace.layers) == depth else None
        )
        wanted = float(step.target[example, output])
        parts += [
            path(["M", *place.ship, "H", left + 6], class_=f"bpf-belt{lit}{thin}"),
            stations.crate((left + 34, y), made, 58, crate_height, decimals=sizes.decimals),
            stations.crate(
                (left + 102, y), wanted, 58, crate_height, kind="order", decimals=sizes.decimals
            ),
        ]
        if step.output_gradient is not None and step.phase != "update":
            at = (left + 14, place.note_in[1])
            value = float(step.output_gradient[example, output])
            parts.append(stations.note(at, value, 50, sizes.decimals))
            lane = ["M", at[0] - 8, at[1], "H", place.note_in[0]]
            parts.append(path(lane, class_="bpf-lane"))
    at = (left + 6, height - MARGIN - 20)
    parts.append(stations.meter(at, step.loss, _("loss"), PRODUCT_WIDTH - 6))
    return group(*parts)


PHASE_MARKS = {"forward": "→", "loss": "=", "backward": "←", "update": "↻"}


def phase_title(step: Step) -> str:
    """The phase in a few words, for the band above the floor.

    >>> from backprop_lib import Network, opening
    >>> phase_title(opening(Network.random([2, 1]), [2, 1], [1]))
    'An order comes in'
    """
    floor = 0 if step.layer is None else step.layer + 1
    if step.phase == "forward" and step.layer is None:
        return _("An order comes in")
    return {
        "forward": _("Forward: floor {n} works"),
        "loss": _("Loss: the product meets the order"),
        "backward": _("Backward: notes reach floor {n}"),
        "update": _("Update: every knob is turned"),
    }[step.phase].format(n=floor)


def phase_band(step: Step, width: float) -> str:
    """The band at the top that says the phase at a glance: its words, its colour and its arrow."""
    wide = width - 2 * MARGIN
    return group(
        tag("rect", width=wide, height=26.0, rx=6, class_=f"bpf-band bpf-band-{step.phase}"),
        words(14, 18, PHASE_MARKS[step.phase], class_="bpf-band-mark"),
        words(36, 18, phase_title(step), class_="bpf-band-words"),
        at=(MARGIN, 6),
    )
