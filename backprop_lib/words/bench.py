"""A worker's workbench: every sum that it has done so far, with the numbers in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from backprop_lib.engine.activations import Activation, get_activation, slope
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.moments import gradients_of, notes_to, work_of
from backprop_lib.engine.network import LayerGradients
from backprop_lib.engine.steps import Step
from backprop_lib.i18n import factor, number, signed
from backprop_lib.i18n import gettext as _
from backprop_lib.words.names import MOST_LISTED, Names, vector
from backprop_lib.words.sums import FEW, MOST, Term, Writer, added, digits_to_tell, equation


@dataclass(frozen=True)
class Line:
    """One line of a worker's workbench: what it is, and the sum with its numbers."""

    label: str
    text: str


def workbench(
    step: Step, names: Names, layer: int, worker: int, example: int = 0
) -> tuple[Line, ...]:
    """Every sum that one worker has done so far, a line each.

    >>> from backprop_lib import Dense, Network, steps
    >>> network = Network([Dense([[1], [-1]], [0], "relu")])
    >>> lap = steps(network, [2, 1], [0])
    >>> for line in workbench(lap[0], Names.of(network), 0, 0):
    ...     print(line.label, "|", line.text)
    mix | 2 × 1 + 1 × (−1) + 0 = 1
    gate: open | relu(1) = 1
    """
    if work_of(step, layer, worker) is None:
        return (Line(_("waiting"), _("This worker's deliveries have not come yet.")),)
    lines = [Line(_("mix"), mix_sum(step, layer, worker, example))]
    work = step.trace.layers[layer]
    z, a = work.pre_activations[example], work.activations[example, worker]
    gate = get_activation(step.network.layers[layer].activation)
    if gate.shared:
        lines.append(Line(_("share"), f"{gate.name}({vector(z)}) → {number(a)}"))
    elif gate.is_gate:
        lines.append(Line(gate_state(gate.name, z[worker]), _through(gate, z[worker], a)))
    if gradients_of(step, layer, worker) is None:
        return tuple(lines)
    lines.append(Line(_("note"), note_sum(step, layer, worker, example)))
    if gate.is_gate:
        lines.append(Line(_("past the gate"), gate_sum(step, layer, worker, example)))
    label = _("gradient, {knob}") if step.updated is None else _("turned, {knob}")
    knobs = [_("knob for {source}").format(source=source) for source in sources(names, layer)]
    sums = knob_sums(step, layer, worker, example)
    for knob, text in zip([*knobs, _("pinch")], sums, strict=True):
        lines.append(Line(label.format(knob=knob), text))
    return tuple(lines)


def mix_sum(step: Step, layer: int, worker: int, example: int) -> str:
    """Each delivery times its knob, added, and the pinch: 2 × 1 + 1 × (−1) + 0 = 1."""
    work, floor = step.trace.layers[layer], step.network.layers[layer]
    return _sum_of_products(
        work.inputs[example],
        floor.weights[:, worker],
        work.pre_activations[example, worker],
        extra=floor.biases[worker],
    )


def note_sum(step: Step, layer: int, worker: int, example: int) -> str:
    """The note that arrives: the next floor's notes times the knobs on the way, added.

    ``layer`` −1 and a material will do as well.
    """
    if layer + 1 == len(step.network.layers):
        return _("{note}, straight from the loss").format(
            note=signed(notes_to(step, layer)[example, worker])
        )
    after = _found(step, layer + 1).pre_activations[example]
    knobs = step.network.layers[layer + 1].weights[worker]
    # The note is what the engine found, not a sum done again here.
    return _sum_of_products(after, knobs, notes_to(step, layer)[example, worker])


def gate_sum(step: Step, layer: int, worker: int, example: int) -> str:
    """What of the note passes the gate: the note times the gate's slope, 8 × 1 = 8."""
    found, gate = _found(step, layer), step.network.layers[layer].activation
    arrived, past = found.activations[example, worker], found.pre_activations[example, worker]
    if get_activation(gate).shared:
        return f"{number(arrived)} → {number(past)}"
    z = step.trace.layers[layer].pre_activations[example]
    steepness = slope(gate, z[worker : worker + 1])[0]
    return product(arrived, steepness, past)


def sources(names: Names, layer: int) -> tuple[str, ...]:
    """Where a floor's deliveries come from, by name, as many as are listed."""
    return (names.inputs if layer == 0 else names.workers[layer - 1])[: 2 * MOST_LISTED]


def knob_sums(step: Step, layer: int, worker: int, example: int) -> Iterator[str]:
    """The sum of each knob's gradient, the pinch last, or how it was turned by the update."""
    floor, found = step.network.layers[layer], _found(step, layer)
    past = found.pre_activations[example, worker]
    most = 2 * MOST_LISTED
    amounts = [*step.trace.layers[layer].inputs[example, :most], 1.0]
    gradients = [*found.weights[:most, worker], found.biases[worker]]
    olds = [*floor.weights[:most, worker], floor.biases[worker]]
    news = olds
    if step.updated is not None:
        turned = step.updated.layers[layer]
        news = [*turned.weights[:most, worker], turned.biases[worker]]
    for amount, gradient, old, new in zip(amounts, gradients, olds, news, strict=True):
        if step.updated is not None and step.optimizer is not None:
            yield update_sum(old, gradient, new, step.optimizer.learning_rate)
        elif len(step.inputs) > 1:
            yield _("{gradient}, summed over {orders} orders").format(
                gradient=number(gradient), orders=len(step.inputs)
            )
        else:
            yield product(amount, past, gradient)


def product(one: float, other: float, result: float, digits: int = FEW) -> str:
    """Two numbers multiplied: 2 × (−1) = −2."""
    return equation(lambda n: n(one) * n(other), result, digits)


def _through(gate: Activation, mix: float, shipped: float) -> str:
    """What a gate makes of a mix: relu(−1) = 0."""

    def left(n: Writer) -> Term:
        term = n(mix)
        comes_to = float(gate.alone(np.array(float(term.value))))
        return term.within(gate.name + "({})", Decimal(repr(comes_to)))

    return equation(left, shipped)


def _found(step: Step, layer: int) -> LayerGradients:
    found = step.gradients[layer]
    assert found is not None
    return found


def update_sum(old: float, gradient: float, new: float, rate: float) -> str:
    """How one knob was turned; only plain gradient descent is a single product.

    As many digits are shown as it takes to see the turn.

    >>> update_sum(1.0, 16.0, 0.84, 0.01), update_sum(1.42503, 0.001525, 1.4248775, 0.1)
    ('1 − 0.01 × 16 = 0.84', '1.42503 − 0.1 × 0.001525 = 1.42488')
    """
    # Python's own floats: with a huge rate the product is infinite, which numpy would warn of.
    turned = float(old) - float(rate) * float(gradient)
    digits = min(MOST, digits_to_tell(float(old), float(new)))
    if not abs(turned - float(new)) <= 1e-12 * max(abs(old), abs(new)):
        return f"{number(old, digits)} → {number(new, digits)}"
    told = equation(lambda n: n(old, digits) - n(rate) * n(gradient), new, digits)
    unseen = gradient and number(old, digits) == number(new, digits)
    return told.replace(" = ", " ≈ ") if unseen else told


def _sum_of_products(
    amounts: Array, knobs: Array, result: float, extra: float | None = None
) -> str:
    """2 × 1 + 1 × (−1) + 0 = 1, shortened where there are many."""
    cut = MOST_LISTED if len(amounts) > 2 * MOST_LISTED else len(amounts)

    def left(n: Writer) -> Term:
        products = added(n(a) * n(k) for a, k in zip(amounts[:cut], knobs[:cut], strict=True))
        return products if extra is None or cut < len(amounts) else products + n(extra)

    if cut == len(amounts):
        return equation(left, result)
    pinch = "" if extra is None else f" + {factor(extra)}"
    return f"{left(Writer(FEW)).first} + …{pinch} = {number(result)}"


def gate_state(activation: str, z: float) -> str:
    """Whether a gate is open or shut for this mix, where it ever shuts.

    >>> gate_state("relu", -1.0), gate_state("tanh", 0.3)
    ('gate: shut', 'gate')
    """
    is_open = get_activation(activation).is_open(z)
    return _("gate") if is_open is None else _("gate: open") if is_open else _("gate: shut")
