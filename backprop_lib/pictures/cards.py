"""A worker's card: its name, knobs and gate, what it ships, and the note that reached it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from backprop_lib.engine.activations import ACTIVATIONS, Activation
from backprop_lib.engine.moments import gradients_of, work_of
from backprop_lib.engine.network import LayerGradients, LayerTrace
from backprop_lib.engine.steps import Step
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, signed
from backprop_lib.pictures import stations
from backprop_lib.pictures.layout import Place, Sizes
from backprop_lib.pictures.svg import breadth, group, pressable, tag, words
from backprop_lib.words import Names
from backprop_lib.words.sums import digits_to_tell

TYPE = 13.5  # the size of a name
MOST_ON_A_CARD = 8  # digits of a turned knob


@dataclass(frozen=True)
class _State:
    """What one worker knows at this step; what it does not know is None."""

    step: Step
    layer: int
    worker: int
    example: int

    @property
    def gate(self) -> Activation:
        return ACTIVATIONS[self.step.network.layers[self.layer].activation]

    @cached_property
    def _work(self) -> LayerTrace | None:
        return work_of(self.step, self.layer, self.worker)

    @cached_property
    def _found(self) -> LayerGradients | None:
        return gradients_of(self.step, self.layer, self.worker)

    @property
    def mix(self) -> float | None:
        return None if self._work is None else self._work.pre_activations[self.example].item()

    @property
    def ships(self) -> float | None:
        return None if self._work is None else self._work.activations[self.example].item()

    @property
    def notes(self) -> tuple[float, float] | None:
        """The note as it arrives, and past the gate."""
        found = self._found
        if found is None:
            return None
        return found.activations[self.example].item(), found.pre_activations[self.example].item()

    @property
    def knobs(self) -> list[tuple[float, float | None, float | None]]:
        """Value, gradient and turned value of each weight, then of the bias."""
        layer = self.step.network.layers[self.layer]
        found = self._found
        turned = self.step.updated.layers[self.layer] if self.step.updated else None
        values = [*layer.weights[:, self.worker], layer.biases[self.worker]]
        gradients = [None] * len(values)
        if found is not None:
            gradients = [*found.weights[:, 0], found.biases[0]]
        news = [None] * len(values)
        if turned is not None:
            news = [*turned.weights[:, self.worker], turned.biases[self.worker]]
        return list(zip(values, gradients, news, strict=True))


def draw_card(
    step: Step,
    layer: int,
    worker: int,
    example: int,
    place: Place,
    names: Names,
    sizes: Sizes,
    chosen: bool,
) -> str:
    """The card of one worker at its place, a button that chooses it."""
    state = _State(step, layer, worker, example)
    name = names.workers[layer][worker]
    kind = "bpf-card bpf-chosen" if chosen else "bpf-card"
    if step.now == (layer, worker):
        kind += " bpf-at-work"
    draw = _large_card if sizes.row else _small_card
    return pressable(
        tag("rect", width=place.width, height=place.height, rx=7, class_=kind),
        *_name(state, name, place, sizes),
        *draw(state, place, sizes),
        _notes(state, place, sizes),
        trait="chosen",
        value=[layer, worker],
        label=_label(state, name),
        pressed=chosen,
        at=(place.left, place.top),
    )


def _name(state: _State, name: str, place: Place, sizes: Sizes) -> list[str]:
    """The name and, where the notes leave room for it, a face before it."""
    if not sizes.row:
        return [stations.fitted((8, 15), name, place.width - 16, TYPE, class_="bpf-name")]
    room = _first_slip(state, place, sizes) - 8
    if breadth(name) * TYPE * stations.REGULAR <= room - 17:
        return [words(26, 21, name, class_="bpf-name"), stations.face((14, 16))]
    return [stations.fitted((7, 21), name, room, TYPE, class_="bpf-name")]


def _first_slip(state: _State, place: Place, sizes: Sizes) -> float:
    """How far to the left the notes on a card reach, once they have come."""
    slips = 2 if state.gate.is_gate else 1
    return place.width - 3 - slips * (_slip_width(sizes) + 9)


def _slip_width(sizes: Sizes) -> float:
    return 55.0 if sizes.row else 48.0


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
    if state.notes is None:
        return ""
    arrived, past = state.notes
    wide = _slip_width(sizes)
    right = place.width - wide - 3
    slips = [stations.note((right, sizes.note_line), arrived, wide, sizes.decimals)]
    if state.gate.is_gate:
        at = (right - wide - 9, sizes.note_line)
        slips.append(stations.note(at, past, wide, sizes.decimals))
    return group(*slips)


def _large_card(state: _State, place: Place, sizes: Sizes) -> list[str]:
    parts = []
    middle = place.width - 36
    room = middle - 32 - 35  # between a dial and the crate
    for row, (value, gradient, turned) in enumerate(state.knobs):
        y = 30.0 + sizes.row * (row + 0.5)
        is_bias = row == len(state.knobs) - 1
        shown, old = _dial_stands(value, turned)
        parts.append(stations.dial((18, y), 8.0 if is_bias else 11.0, shown, old))
        kind = "bpf-number" if old is None else "bpf-number bpf-turned"
        second, small = (_("pinch") if is_bias else "", "bpf-small")
        text = stations.brief(shown)
        if old is not None:
            text, second = _turn_told(old, shown)
        elif gradient is not None:
            second, small = f"∂ {stations.brief_signed(gradient)}", "bpf-gradient"
        at = (35.0, y + (0 if second else 5))
        parts.append(stations.fitted(at, text, room, 14.0, class_=kind))
        if second:
            parts.append(stations.fitted((35, y + 13), second, room, 12.5, class_=small))
    if state.mix is not None:
        mix = stations.brief(state.mix)
        parts.append(stations.fitted((middle, 45), mix, 64.0, 14.0, class_="bpf-number bpf-middle"))
    door = (45.0 + place.height - 32.0) / 2 + 2
    parts.append(stations.gate((middle, door), state.gate.name, state.mix))
    parts.append(stations.crate((middle, place.height - 20), state.ships, 64))
    return parts


def _dial_stands(value: float, turned: float | None) -> tuple[float, float | None]:
    """Where a knob stands, and where it stood if the update has moved it."""
    return (value, None) if turned in (None, value) else (turned, value)


def _turn_told(old: float, new: float) -> tuple[str, str]:
    """Where a knob stands, and where it stood or, where no digit would show that, how far it went.

    >>> _turn_told(1.0, 0.84), _turn_told(1.64762, 1.64758), _turn_told(1.0, 1.0 + 1e-12)
    (('0.84', 'was 1'), ('1.64758', 'was 1.64762'), ('1', 'by +1 × 10⁻¹²'))
    """
    digits = digits_to_tell(old, new)
    if digits > MOST_ON_A_CARD:
        return stations.brief(new), _("by {change}").format(change=signed(new - old, 2))
    told, was = (stations.brief(value) for value in (new, old))
    if told == was or digits > 5:
        told, was = number(new, digits), number(old, digits)
    return told, _("was {value}").format(value=was)


def _small_card(state: _State, place: Place, sizes: Sizes) -> list[str]:
    knobs = state.knobs[:-1]  # the pinch is on the workbench
    largest = max((abs(gradient) for _v, gradient, _t in knobs if gradient is not None), default=0)
    parts = []
    for number_, (value, gradient, turned) in enumerate(knobs):
        at = (12.0 + 15.0 * (number_ % 4), sizes.note_line + 16.0 + 15.0 * (number_ // 4))
        if gradient and turned is None:
            kind = "bpf-halo" if gradient > 0 else "bpf-halo bpf-minus"
            thick = 0.5 + 3.0 * abs(gradient) / largest
            halo = tag("circle", cx=at[0], cy=at[1], r=7.0, class_=kind, stroke_width=thick)
            parts.append(halo)
        shown, old = _dial_stands(value, turned)
        parts.append(stations.dial(at, 6.0, shown, old))
    middle = sizes.note_line + 23.0
    parts.append(stations.gate((place.width - 65, middle), state.gate.name, state.mix, size=0.6))
    crate_at = (place.width - 27, middle)
    parts.append(stations.crate(crate_at, state.ships, 48, 22, decimals=sizes.decimals))
    return parts
