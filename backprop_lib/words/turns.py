"""One worker's turn in words: its own sums forward and backward, and how notes meet at last."""

from __future__ import annotations

from backprop_lib.engine.activations import Activation, get_activation
from backprop_lib.engine.steps import MATERIALS, Step, Turn
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number, sentences
from backprop_lib.words.bench import gate_sum, knob_sums, mix_sum, note_sum, sources
from backprop_lib.words.names import Names, labelled, vector


def tell_turn(moment: Step, names: Names, example: int) -> tuple[str, str]:
    """What the worker or the material whose turn it is did, in sentences and as a formula."""
    assert moment.now is not None
    if moment.now[0] == MATERIALS:
        return _material(moment, moment.now, names, example)
    tell = _forward if moment.phase == "forward" else _backward
    told, formula = tell(moment, moment.now, names, example)
    return sentences(*told), formula


def _forward(moment: Step, turn: Turn, names: Names, example: int) -> tuple[list[str], str]:
    layer, worker = turn
    work = moment.trace.layers[layer]
    gate = get_activation(work.activation)
    mix, shipped = work.pre_activations[example, worker], number(work.activations[example, worker])
    told = [
        _("{worker} works: {sum}.").format(
            worker=names.workers[layer][worker], sum=mix_sum(moment, layer, worker, example)
        )
    ]
    told.append(shipped_told(gate, mix, shipped))
    if not gate.is_gate:
        return told, f"a = z = x·w + b = {shipped}"
    return told, f"z = x·w + b = {number(mix)},  a = {gate.name}(z) = {shipped}"


def shipped_told(gate: Activation, mix: float, amount: str) -> str:
    """What a gate does with a mix, and the amount that is shipped then.

    >>> shipped_told(get_activation("relu"), -1.0, "0")
    'The gate is shut: 0 is shipped.'
    """
    is_open = gate.is_open(mix)
    if not gate.is_gate:
        told = _("There is no gate: {amount} is shipped.")
    elif is_open is None:
        told = _("The gate makes {amount} of it, which is shipped.")
    elif is_open:
        told = _("The gate is open: {amount} is shipped.")
    else:
        told = _("The gate is shut: {amount} is shipped.")
    return told.format(amount=amount)


def _backward(moment: Step, turn: Turn, names: Names, example: int) -> tuple[list[str], str]:
    layer, worker = turn
    found, gate = moment.gradients[layer], get_activation(moment.network.layers[layer].activation)
    assert found is not None
    arrived, note = found.activations[example, worker], found.pre_activations[example, worker]
    past = number(note)
    told = [
        _("A note reaches {worker}: {sum}.").format(
            worker=names.workers[layer][worker], sum=note_sum(moment, layer, worker, example)
        )
    ]
    through = gate_sum(moment, layer, worker, example)
    if gate.is_gate:
        is_open = gate.is_open(moment.trace.layers[layer].pre_activations[example, worker])
        if is_open is None or (is_open and note != arrived):
            then = _("Past the gate, with its slope, it is {sum}.")
        elif is_open:
            then = _("The gate is open: {note} passes.")
        else:
            then = _("The gate is shut: {note} passes.")
        told.append(then.format(sum=through, note=past))
    told.append(_gradients(moment, turn, names, example))
    passed = f"∂Loss/∂a · {gate.name}′(z) = {through}" if gate.is_gate else past
    every = "Σ " if len(moment.inputs) > 1 else ""
    weights = vector(found.weights[:, worker])
    return told, f"∂Loss/∂z = {passed},  ∂Loss/∂w = {every}x · ∂Loss/∂z = {weights}"


def _gradients(moment: Step, turn: Turn, names: Names, example: int) -> str:
    layer, worker = turn
    found = moment.gradients[layer]
    assert found is not None
    knobs = [*sources(names, layer), _("pinch")]
    if len(moment.inputs) == 1:
        *sums, _product = knob_sums(moment, layer, worker, example)
        sums.append(number(found.biases[worker]))  # 1 × the note says no more than the note
        sentence = _("The gradients of the knobs: {sums}.")
    else:
        sums = [number(gradient) for gradient in found.weights[: len(knobs) - 1, worker]]
        sums.append(number(found.biases[worker]))
        sentence = _("Over all {orders} orders, the gradients of the knobs: {sums}.")
    each = [labelled(knob, text) for knob, text in zip(knobs, sums, strict=True)]
    if len(found.weights) > len(each) - 1:
        each.insert(-1, "…")
    return sentence.format(sums=listed(each), orders=len(moment.inputs))


def _material(moment: Step, turn: Turn, names: Names, example: int) -> tuple[str, str]:
    layer, material = turn
    assert moment.inputs_gradient is not None
    sentence = _("Where paths meet, notes add. At {material}: {sum}.").format(
        material=names.inputs[material], sum=note_sum(moment, layer, material, example)
    )
    note = number(moment.inputs_gradient[example, material])
    return sentence, f"∂Loss/∂x = Σ ∂Loss/∂z · w = {note}"
