"""Say what a Step shows: its sentence, its formula with the numbers in it, and its whole picture.

Sentences are whole and go through gettext with named gaps; names of workers and materials are the
factory's own. With several orders in a batch, ``example`` picks the one that is told; gradients of
knobs are sums over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backprop_lib.activations import slope
from backprop_lib.arrays import Array
from backprop_lib.i18n import factor, number, signed
from backprop_lib.i18n import gettext as _
from backprop_lib.losses import BinaryCrossEntropy, CategoricalCrossEntropy, Loss
from backprop_lib.network import Network
from backprop_lib.steps import Step

MOST_LISTED = 4

Write = Callable[[float], str]  # how an amount is written


@dataclass(frozen=True)
class Names:
    """What the parts of a factory are called: its materials, the workers of each floor."""

    inputs: tuple[str, ...]
    workers: tuple[tuple[str, ...], ...]

    @classmethod
    def of(
        cls,
        network: Network,
        inputs: Sequence[str] | None = None,
        workers: Sequence[Sequence[str]] | None = None,
    ) -> Names:
        """The names given, and plain ones where none are: material 1, workers A1, A2, B1...

        Raises ValueError when there are not as many names as materials or workers.

        >>> Names.of(Network.random([2, 3, 1])).workers
        (('A1', 'A2', 'A3'), ('B1',))
        """
        counts = network.sizes
        if inputs is None:
            inputs = [_("material {n}").format(n=n + 1) for n in range(counts[0])]
        if workers is None:
            workers = [
                [f"{_floor_letter(floor)}{n + 1}" for n in range(count)]
                for floor, count in enumerate(counts[1:])
            ]
        named = (len(inputs), *(len(floor) for floor in workers))
        if named != counts:
            raise ValueError(
                _(
                    "Expected names for {expected} materials and workers, but {named} came; "
                    "give one name to each."
                ).format(expected=list(counts), named=list(named))
            )
        return cls(tuple(inputs), tuple(tuple(floor) for floor in workers))


def _floor_letter(floor: int) -> str:
    return chr(ord("A") + floor) if floor < 26 else f"{floor + 1}-"


@dataclass(frozen=True)
class Caption:
    """What just happened, the same as a formula, and all that the picture shows, in words."""

    sentence: str
    formula: str
    description: str


@dataclass(frozen=True)
class Line:
    """One line of a worker's workbench: what it is, and the sum with its numbers."""

    label: str
    text: str


def caption(step: Step, names: Names, loss: Loss, example: int = 0) -> Caption:
    """The caption of one step.

    >>> from backprop_lib import MeanSquaredError, opening
    >>> network = Network.random([2, 3, 1])
    >>> start = opening(network, [2, 1], [1])
    >>> caption(start, Names.of(network), MeanSquaredError()).sentence
    'An order comes in: material 1 2, material 2 1. Nobody has worked yet.'
    """
    tell = {
        "forward": _opening if step.layer is None else _forward,
        "loss": _loss,
        "backward": _backward,
        "update": _update,
    }[step.phase]
    sentence, formula = tell(step, names, loss, example)
    return Caption(sentence, formula, f"{_inventory(step, names, example)} {sentence}")


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
    gate = step.network.layers[step.layer].activation
    sentence = _(
        "Floor {floor} works: multiply, add, through the gate. It ships {amounts}."
    ).format(floor=step.layer + 1, amounts=named_amounts(names.workers[step.layer], a))
    if gate == "identity":
        formula = f"a = z = x·W + b = {vector(a)}"
    else:
        z = vector(work.pre_activations[example])
        formula = f"z = x·W + b = {z},  a = {gate}(z) = {vector(a)}"
    return sentence, formula


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
    words = sentence.format(
        product=vector(output), target=vector(target), loss=number(step.loss), orders=orders
    )
    return words, _loss_formula(step, loss)


def _loss_formula(step: Step, loss: Loss) -> str:
    assert step.loss is not None
    outputs, targets = step.trace.output, step.target
    result = number(step.loss)
    if isinstance(loss, CategoricalCrossEntropy):
        if len(outputs) > 1:
            return f"Loss = −Σ t·log p / {len(outputs)} = {result}"
        return f"Loss = −log {number(float((outputs * targets).sum()))} = {result}"
    if isinstance(loss, BinaryCrossEntropy):
        return f"Loss = −Σ (t·log p + (1 − t)·log(1 − p)) / {outputs.size} = {result}"
    if outputs.size > MOST_LISTED:
        return f"Loss = Σ (o − t)² / {outputs.size} = {result}"
    squares = [
        f"({number(o)} − {factor(t)})²" for o, t in zip(outputs.flat, targets.flat, strict=True)
    ]
    if len(squares) == 1:
        return f"Loss = {squares[0]} = {result}"
    return f"Loss = ({' + '.join(squares)}) / {len(squares)} = {result}"


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
    gate = step.network.layers[step.layer].activation
    if gate == "identity":
        formula = f"∂Loss/∂z = ∂Loss/∂a = {past},  ∂Loss/∂W = xᵀ·∂Loss/∂z"
    else:
        formula = (
            f"∂Loss/∂z = ∂Loss/∂a · {gate}′(z) = {vector(arrived, write=signed)} → {past},  "
            "∂Loss/∂W = xᵀ·∂Loss/∂z"
        )
    return sentence, formula


def _update(step: Step, names: Names, loss: Loss, example: int) -> tuple[str, str]:
    assert step.updated is not None and step.optimizer is not None
    sentence = _(
        "Every knob is turned a little against its gradient, with learning rate {rate}. "
        "The next lap starts with the new knobs."
    ).format(rate=number(step.optimizer.learning_rate))
    first = step.gradients[0]
    assert first is not None
    old, new = step.network.layers[0].weights, step.updated.layers[0].weights
    formula = _update_sum(old[0, 0], first.weights[0, 0], new[0, 0], step.optimizer.learning_rate)
    return sentence, _("w = w − η · ∂Loss/∂w,  for {worker}: {sum}").format(
        worker=names.workers[0][0], sum=formula
    )


def _update_sum(old: float, gradient: float, new: float, rate: float) -> str:
    """How one knob was turned; only plain gradient descent is a single product."""
    if abs(old - rate * gradient - new) <= 1e-12 * max(1.0, abs(old), abs(new)):
        return f"{number(old)} − {number(rate)} × {factor(gradient)} = {number(new)}"
    return f"{number(old)} → {number(new)}"


def workbench(
    step: Step, names: Names, layer: int, worker: int, example: int = 0
) -> tuple[Line, ...]:
    """Every sum that one worker has done so far, a line each.

    >>> from backprop_lib import Dense, steps
    >>> network = Network([Dense([[1], [-1]], [0], "relu")])
    >>> lap = steps(network, [2, 1], [0])
    >>> for line in workbench(lap[0], Names.of(network), 0, 0):
    ...     print(line.label, "|", line.text)
    mix | 2 × 1 + 1 × (−1) + 0 = 1
    gate: open | relu(1) = 1
    """
    floor = step.network.layers[layer]
    weights, bias = floor.weights[:, worker], floor.biases[worker]
    if layer >= len(step.trace.layers):
        return (Line(_("waiting"), _("This worker's deliveries have not come yet.")),)
    work = step.trace.layers[layer]
    x, z, a = (part[example] for part in (work.inputs, work.pre_activations, work.activations))
    lines = [Line(_("mix"), _sum_of_products(x, weights, z[worker], extra=bias))]
    if floor.activation == "softmax":
        text = f"softmax({vector(z)}) → {number(a[worker])}"
        lines.append(Line(_("share"), text))
    elif floor.activation != "identity":
        text = f"{floor.activation}({number(z[worker])}) = {number(a[worker])}"
        lines.append(Line(gate_state(floor.activation, z[worker]), text))
    found = step.gradients[layer]
    if found is None:
        return tuple(lines)

    arrived, past = found.activations[example, worker], found.pre_activations[example, worker]
    lines.append(Line(_("note"), _note_sum(step, layer, worker, example)))
    if floor.activation == "softmax":
        lines.append(Line(_("past the gate"), f"{number(arrived)} → {number(past)}"))
    elif floor.activation != "identity":
        steepness = slope(floor.activation, z[worker : worker + 1])[0]
        text = f"{number(arrived)} × {factor(steepness)} = {number(past)}"
        lines.append(Line(_("past the gate"), text))
    sources = names.inputs if layer == 0 else names.workers[layer - 1]
    knobs = [*sources[: MOST_LISTED * 2], _("pinch")]
    amounts = [*x[: MOST_LISTED * 2], 1.0]
    gradients = [*found.weights[: MOST_LISTED * 2, worker], found.biases[worker]]
    olds = [*weights[: MOST_LISTED * 2], bias]
    news = olds
    if step.updated is not None:
        turned = step.updated.layers[layer]
        news = [*turned.weights[: MOST_LISTED * 2, worker], turned.biases[worker]]
    for knob, amount, gradient, old, new in zip(knobs, amounts, gradients, olds, news, strict=True):
        if step.updated is not None and step.optimizer is not None:
            text = _update_sum(old, gradient, new, step.optimizer.learning_rate)
        elif len(step.inputs) > 1:
            text = _("{gradient}, summed over {orders} orders").format(
                gradient=number(gradient), orders=len(step.inputs)
            )
        else:
            text = f"{number(amount)} × {factor(past)} = {number(gradient)}"
        what = _("knob for {source}") if knob is not knobs[-1] else "{source}"
        label = _("gradient, {knob}") if step.updated is None else _("turned, {knob}")
        lines.append(Line(label.format(knob=what.format(source=knob)), text))
    return tuple(lines)


def _note_sum(step: Step, layer: int, worker: int, example: int) -> str:
    """The note that arrives: the next floor's notes times the knobs on the way, added."""
    found = step.gradients[layer]
    assert found is not None
    arrived = found.activations[example, worker]
    if layer + 1 == len(step.network.layers):
        return _("{note}, straight from the loss").format(note=signed(arrived))
    after = step.gradients[layer + 1]
    assert after is not None
    knobs = step.network.layers[layer + 1].weights[worker]
    return _sum_of_products(after.pre_activations[example], knobs, arrived)


def _sum_of_products(
    amounts: Array, knobs: Array, result: float, extra: float | None = None
) -> str:
    """2 × 1 + 1 × (−1) + 0 = 1, shortened where there are many."""
    products = [
        f"{factor(a) if place else number(a)} × {factor(k)}"
        for place, (a, k) in enumerate(zip(amounts, knobs, strict=True))
        if place < MOST_LISTED or len(amounts) <= 2 * MOST_LISTED
    ]
    if len(products) < len(amounts):
        products.append("…")
    if extra is not None:
        products.append(factor(extra))
    return f"{' + '.join(products)} = {number(result)}"


def gate_state(activation: str, z: float) -> str:
    """Whether a gate is open or shut for this mix; soft gates are always a little open.

    >>> gate_state("relu", -1.0), gate_state("tanh", 0.3)
    ('gate: shut', 'gate')
    """
    if activation == "relu":
        return _("gate: open") if z > 0.0 else _("gate: shut")
    return _("gate")


def named_amounts(names: Sequence[str], amounts: Array, write: Write = number) -> str:
    """Name each amount: «Ana 1, Bo 2, Cy 0», shortened where there are many."""
    parts = [
        f"{name} {write(amount)}"
        for name, amount in zip(names[: 2 * MOST_LISTED], amounts, strict=False)
    ]
    if len(amounts) > len(parts):
        parts.append("…")
    return ", ".join(parts)


def vector(amounts: Array, write: Write = number) -> str:
    """Write numbers as (1, 2, 0), and one number without brackets."""
    if len(amounts) == 1:
        return write(amounts[0])
    parts = [write(amount) for amount in amounts[: 2 * MOST_LISTED]]
    if len(amounts) > len(parts):
        parts.append("…")
    return f"({', '.join(parts)})"


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
                amounts=named_amounts(names.workers[floor], work.activations[example]),
            )
        )
    if step.loss is not None:
        parts.append(
            _("The order: {target}; the loss: {loss}.").format(
                target=vector(step.target[example]), loss=number(step.loss)
            )
        )
    for floor, found in reversed(list(enumerate(step.gradients))):
        if found is not None:
            parts.append(
                _("Notes past the gates of floor {floor}: {notes}.").format(
                    floor=floor + 1,
                    notes=named_amounts(
                        names.workers[floor], found.pre_activations[example], write=signed
                    ),
                )
            )
    return " ".join(parts)
