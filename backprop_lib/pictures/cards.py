"""A worker's card: its name, knobs and gate, what it ships, and the note that reached it."""

from __future__ import annotations

from dataclasses import dataclass

from backprop_lib.engine.activations import ACTIVATIONS, Activation
from backprop_lib.engine.moments import gradients_of, work_of
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, signed
from backprop_lib.pictures import things
from backprop_lib.pictures.layout import Place, Sizes
from backprop_lib.pictures.scene import Scene
from backprop_lib.pictures.svg import breadth, group, pressable, tag, words
from backprop_lib.words.sums import digits_to_tell

TYPE = 13.5  # the size of a name
MOST_ON_A_CARD = 8  # digits of a turned knob


@dataclass(frozen=True)
class _Card:
    """Where a worker's card stands, and what the worker knows; what it does not know is None."""

    place: Place
    sizes: Sizes
    name: str
    floor: int
    gate: Activation
    mix: float | None
    ships: float | None
    notes: tuple[float, float] | None  # the note as it arrives, and past the gate
    knobs: list[tuple[float, float | None, float | None]]  # value, gradient, turned; the bias last

    @classmethod
    def of(cls, scene: Scene, layer: int, worker: int) -> _Card:
        step, row = scene.step, scene.example
        own = step.network.layers[layer]
        work, found = work_of(step, layer, worker), gradients_of(step, layer, worker)
        turned = None if step.updated is None else step.updated.layers[layer]
        values = [*own.weights[:, worker], own.biases[worker]]
        notes, slopes, news = None, [None] * len(values), [None] * len(values)
        if found is not None:
            notes = (found.activations[row].item(), found.pre_activations[row].item())
            slopes = [*found.weights[:, 0], *found.biases]
        if turned is not None:
            news = [*turned.weights[:, worker], turned.biases[worker]]
        return cls(
            place=scene.layout.columns[layer + 1][worker],
            sizes=scene.layout.sizes,
            name=scene.names.workers[layer][worker],
            floor=layer + 1,
            gate=ACTIVATIONS[own.activation],
            mix=None if work is None else work.pre_activations[row].item(),
            ships=None if work is None else work.activations[row].item(),
            notes=notes,
            knobs=list(zip(values, slopes, news, strict=True)),
        )


def draw_card(scene: Scene, layer: int, worker: int) -> str:
    """The card of one worker at its place, a button that chooses it."""
    card, chosen = _Card.of(scene, layer, worker), scene.chosen == (layer, worker)
    kind = "bpf-card bpf-chosen" if chosen else "bpf-card"
    if scene.step.now == (layer, worker):
        kind += " bpf-at-work"
    return pressable(
        tag("rect", width=card.place.width, height=card.place.height, rx=7, class_=kind),
        *_name(card),
        *(_large(card) if card.sizes.row else _small(card)),
        _notes(card),
        trait="chosen",
        value=[layer, worker],
        label=_label(card),
        pressed=chosen,
        at=(card.place.left, card.place.top),
    )


def _name(card: _Card) -> list[str]:
    """The name and, where the notes leave room for it, a face before it."""
    name = card.name
    if not card.sizes.row:
        return [things.fitted((8, 15), name, card.place.width - 16, TYPE, class_="bpf-name")]
    room = _first_slip(card) - 8
    if breadth(name) * TYPE * things.REGULAR <= room - 17:
        return [words(26, 21, name, class_="bpf-name"), things.face((14, 16))]
    return [things.fitted((7, 21), name, room, TYPE, class_="bpf-name")]


def _first_slip(card: _Card) -> float:
    """How far to the left the notes on a card reach, once they have come."""
    slips = 2 if card.gate.is_gate else 1
    return card.place.width - 3 - slips * (_slip_width(card.sizes) + 9)


def _slip_width(sizes: Sizes) -> float:
    return 55.0 if sizes.row else 48.0


def _label(card: _Card) -> str:
    if card.ships is None:
        return _("{worker}, floor {floor}: waiting").format(worker=card.name, floor=card.floor)
    if card.notes is None:
        return _("{worker}, floor {floor}: ships {amount}").format(
            worker=card.name, floor=card.floor, amount=number(card.ships)
        )
    return _("{worker}, floor {floor}: ships {amount}, note {note}, past the gate {past}").format(
        worker=card.name,
        floor=card.floor,
        amount=number(card.ships),
        note=signed(card.notes[0]),
        past=signed(card.notes[1]),
    )


def _notes(card: _Card) -> str:
    """The note as it came in at the right, and left of it what passed the gate."""
    if card.notes is None:
        return ""
    (arrived, past), sizes, wide = card.notes, card.sizes, _slip_width(card.sizes)
    right = card.place.width - wide - 3
    slips = [things.note((right, sizes.note_line), arrived, wide, sizes.decimals)]
    if card.gate.is_gate:
        at = (right - wide - 9, sizes.note_line)
        slips.append(things.note(at, past, wide, sizes.decimals))
    return group(*slips)


def _large(card: _Card) -> list[str]:
    parts = []
    place, sizes = card.place, card.sizes
    middle = place.width - 36
    room = middle - 32 - 35  # between a dial and the crate
    for row, (value, gradient, turned) in enumerate(card.knobs):
        y = 30.0 + sizes.row * (row + 0.5)
        is_bias = row == len(card.knobs) - 1
        shown, old = _dial_stands(value, turned)
        parts.append(things.dial((18, y), 8.0 if is_bias else 11.0, shown, old))
        kind = "bpf-number" if old is None else "bpf-number bpf-turned"
        second, small = (_("pinch") if is_bias else "", "bpf-small")
        text = things.brief(shown)
        if old is not None:
            text, second = _turn_told(old, shown)
        elif gradient is not None:
            second, small = f"∂ {things.brief_signed(gradient)}", "bpf-gradient"
        at = (35.0, y + (0 if second else 5))
        parts.append(things.fitted(at, text, room, 14.0, class_=kind))
        if second:
            parts.append(things.fitted((35, y + 13), second, room, 12.5, class_=small))
    if card.mix is not None:
        mix = things.brief(card.mix)
        parts.append(things.fitted((middle, 45), mix, 64.0, 14.0, class_="bpf-number bpf-middle"))
    door = (45.0 + place.height - 32.0) / 2 + 2
    parts.append(things.gate((middle, door), card.gate.name, card.mix))
    parts.append(things.crate((middle, place.height - 20), card.ships, 64))
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
        return things.brief(new), _("by {change}").format(change=signed(new - old, 2))
    told, was = (things.brief(value) for value in (new, old))
    if told == was or digits > 5:
        told, was = number(new, digits), number(old, digits)
    return told, _("was {value}").format(value=was)


def _small(card: _Card) -> list[str]:
    place, sizes = card.place, card.sizes
    knobs = card.knobs[:-1]  # the pinch is on the workbench
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
        parts.append(things.dial(at, 6.0, shown, old))
    middle = sizes.note_line + 23.0
    parts.append(things.gate((place.width - 65, middle), card.gate.name, card.mix, size=0.6))
    crate_at = (place.width - 27, middle)
    parts.append(things.crate(crate_at, card.ships, 48, 22, decimals=sizes.decimals))
    return parts
