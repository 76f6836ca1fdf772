"""A Step in one sentence and one formula, and all that its picture shows in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.steps import Step
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences, signed
from backprop_lib.words.loss import loss_formula
from backprop_lib.words.names import (
    Names,
    answer,
    is_clear,
    named_amounts,
    named_shares,
    plain_number,
    vector,
)
from backprop_lib.words.turns import tell_turn
from backprop_lib.words.update import tell_update


@dataclass(frozen=True)
class Caption:
    """What just happened, the same as a formula, and all that the picture shows, in words."""

    sentence: str
    formula: str
    description: str


def caption(step: Step, names: Names, loss: Loss, example: int = 0) -> Caption:
    """The caption of one step, or of one worker's moment in it.

    >>> from backprop_lib import MeanSquaredError, Network, opening
    >>> network = Network.random([2, 3, 1])
    >>> start = opening(network, [2, 1], [1])
    >>> caption(start, Names.of(network), MeanSquaredError()).sentence
    'An order comes in: material 1: 2, material 2: 1. Nobody has worked yet.'
    """
    if step.now is not None:
        sentence, formula = tell_turn(step, names, example)
    elif step.phase == "update":
        sentence, formula = tell_update(step, names)
    else:
        tell = {
            "forward": _opening if step.layer is None else _forward,
            "loss": _loss,
            "backward": _backward,
        }[step.phase]
        sentence, formula = tell(step, names, loss, example)
    return Caption(sentence, formula, sentences(_inventory(step, names, example), sentence))


def _opening(step: Step, names: Names, loss: Loss, example: int) -> tuple[str, str]:
    x, t = step.inputs[example], step.target[example]
    sentence = _("An order comes in: {materials}. Nobody has worked yet.").format(
        materials=named_amounts(names.inputs, x)
    )
    return sentence, f"x = {vector(x)},  t = {vector(t)}"


def _forward(step: Step, names: Names, loss: Loss, example: int) -> tuple[str, str]:
    assert step.layer is not None
    work = step.trace.layers[step.layer]
    a = work.activations[example]
    gate = ACTIVATIONS[work.activation]
    if not gate.is_gate:
        sentence = _("Floor {floor} works: multiply and add. It ships {amounts}.")
        formula = f"a = z = x·W + b = {vector(a)}"
    else:
        sentence = _("Floor {floor} works: multiply, add, through the gate. It ships {amounts}.")
        z = vector(work.pre_activations[example])
        writing = plain_number if gate.shared else number  # most shares may be tiny
        formula = f"z = x·W + b = {z},  a = {gate.name}(z) = {vector(a, writing)}"
    last = step.layer + 1 == len(step.network.layers)
    if last and gate.shared and is_clear(a):
        sentence = _("Floor {floor} works: multiply, add, through the gate. It says: {amounts}.")
    amounts = _shipped(step, names, step.layer, a)
    return sentence.format(floor=step.layer + 1, amounts=amounts), formula


def _shipped(step: Step, names: Names, layer: int, amounts: Array) -> str:
    last = layer + 1 == len(step.network.layers)
    if last and ACTIVATIONS[step.network.layers[layer].activation].shared:
        return named_shares(names.workers[layer], amounts)
    return named_amounts(names.workers[layer], amounts)


def _loss(step: Step, names: Names, loss: Loss, example: int) -> tuple[str, str]:
    assert step.loss is not None
    output, target = step.trace.output[example], step.target[example]
    orders = len(step.inputs)
    if orders > 1:
        sentence = _(
            "The product is {product}, the order said {target}. "
            "Over all {orders} orders the loss is {loss}."
        )
    else:
        sentence = _("The product is {product}, the order said {target}: the loss is {loss}.")
    product, order = vector(output), vector(target)
    if ACTIVATIONS[step.network.layers[-1].activation].shared and is_clear(output):
        product = answer(names.workers[-1], output)
        if np.count_nonzero(target) == 1:
            order = names.workers[-1][int(target.argmax())]
    words = sentence.format(product=product, target=order, loss=number(step.loss), orders=orders)
    return words, loss_formula(loss, step.trace.output, step.target, step.loss)


def _backward(step: Step, names: Names, loss: Loss, example: int) -> tuple[str, str]:
    assert step.layer is not None
    found = step.gradients[step.layer]
    assert found is not None
    arrived = found.activations[example]
    sentence = _(
        "Notes reach floor {floor}: {notes}. Each worker works out its knobs' gradients."
    ).format(
        floor=step.layer + 1,
        notes=named_amounts(names.workers[step.layer], arrived, write=signed),
    )
    past = vector(found.pre_activations[example], write=signed)
    gate = ACTIVATIONS[step.network.layers[step.layer].activation]
    if not gate.is_gate:
        formula = f"∂Loss/∂z = ∂Loss/∂a = {past},  ∂Loss/∂W = xᵀ·∂Loss/∂z"
    else:
        formula = (
            f"∂Loss/∂z = ∂Loss/∂a · {gate.name}′(z) = {vector(arrived, write=signed)} → {past},  "
            "∂Loss/∂W = xᵀ·∂Loss/∂z"
        )
    return sentence, formula


def _inventory(step: Step, names: Names, example: int) -> str:
    """All that the picture shows, in words, for those who do not see it."""
    sizes = " → ".join(str(size) for size in step.network.sizes)
    parts = [_("A factory of {sizes}.").format(sizes=sizes)]
    parts.append(
        _("Materials: {amounts}.").format(amounts=named_amounts(names.inputs, step.inputs[example]))
    )
    for floor, work in enumerate(step.trace.layers):
        parts.append(
            _("Floor {floor} ships {amounts}.").format(
                floor=floor + 1,
                amounts=_shipped(step, names, floor, work.activations[example]),
            )
        )
    target = vector(step.target[example])
    if step.loss is None:
        parts.append(_("The order: {target}.").format(target=target))
    else:
        parts.append(
            _("The order: {target}; the loss: {loss}.").format(
                target=target, loss=number(step.loss)
            )
        )
    for floor, found in reversed(list(enumerate(step.gradients))):
        if found is not None:
            notes = found.pre_activations[example]
            parts.append(
                _("Notes past the gates of floor {floor}: {notes}.").format(
                    floor=floor + 1,
                    notes=named_amounts(names.workers[floor], notes, write=signed),
                )
            )
    if step.inputs_gradient is not None:
        notes = step.inputs_gradient[example]
        parts.append(
            _("Notes at the materials: {notes}.").format(
                notes=named_amounts(names.inputs, notes, write=signed)
            )
        )
    return sentences(*parts)
