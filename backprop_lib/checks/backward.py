"""The checks of lesson 3: notes past the gates, gradients of knobs, and notes where paths meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.checks.loss import check_slope
from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    check_each,
    check_number,
    same,
)
from backprop_lib.datasets import lemonade
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.network import LayerGradients, Network
from backprop_lib.engine.steps import Step, steps
from backprop_lib.i18n import factor, listed, number, signed
from backprop_lib.i18n import gettext as _
from backprop_lib.words import named_amounts, vector

Check = Callable[[Any, int], CheckResult]


def check_notes(
    answers: Any,
    network: Network,
    x: npt.ArrayLike,
    target: npt.ArrayLike,
    names: Sequence[str],
) -> CheckResult:
    """Check the first note and, past their gates, the notes of the workers of the first floor.

    For a factory of two floors with one product: ``x`` is (inputs,), ``target`` (1,), and
    ``names`` has a name for each worker of the first floor.

    >>> from backprop_lib.engine.network import Dense
    >>> network = Network([Dense([[1, -1]], [0, 0], "relu"), Dense([[2], [3]], [0])])
    >>> check_notes([6, 12, 18], network, [2], [1], ["Ana", "Bo"])
    ✗ Not yet. Bo: it is not 18. This gate was shut. What does it let pass?
    """
    step = _notes_passed(network, x, target)
    product, order = step.trace.output.item(), step.target.item()
    found, first = _found(step, 0), _found(step, 1).pre_activations.item()
    arrived, past = found.activations[0], found.pre_activations[0]
    shipped, knobs = step.trace.layers[0].activations[0], network.layers[1].weights[:, 0]

    def check(answer: Any, place: int) -> CheckResult:
        if place == 0:
            return check_slope(answer, [product], [order])
        n = place - 1
        return check_number(
            answer,
            float(past[n]),
            mistakes=[
                (
                    float(arrived[n]) if past[n] == 0.0 else 0.0,
                    _("This gate was shut. What does it let pass?")
                    if past[n] == 0.0
                    else _("This gate was open: it lets the note pass."),
                ),
                (
                    float(first * shipped[n]),
                    _("That is the note times what was shipped. A note goes on through the knob."),
                ),
                (
                    float((product - order) * knobs[n]),
                    _("That begins with the mistake. Begin with the first note."),
                ),
                (
                    float((product - order) ** 2 * knobs[n]),
                    _("That begins with the loss. Begin with the first note."),
                ),
                (first, _("That is the first note. Multiply it by the knob on its way.")),
                (float(first + knobs[n]), _("Multiply the note by the knob. Do not add them.")),
            ],
        )

    other = _before(network, step)
    theirs = [_found(other, 1).pre_activations.item(), *_found(other, 0).pre_activations[0]]
    why = _("They arrive as {arrived}. Past the gates: {past}.").format(
        arrived=named_amounts(names, arrived, write=signed),
        past=named_amounts(names, past, write=signed),
    )
    return check_each(answers, [_("first note"), *names], _knowing(check, theirs), why)


def check_knob_gradients(
    answers: Any,
    network: Network,
    x: npt.ArrayLike,
    target: npt.ArrayLike,
    sources: Sequence[str],
    layer: int = 0,
    worker: int = 0,
) -> CheckResult:
    """Check the gradients of one worker's knobs and, last, of its pinch.

    ``sources`` names where its deliveries come from.

    >>> from backprop_lib.engine.network import Dense
    >>> network = Network([Dense([[1], [3]], [0])])
    >>> check_knob_gradients([20, 30, 10], network, [2, 1], [0], ["lemons", "sugar"])
    ✗ Not yet. sugar: it is not 30. That is the note times the knob. Take the delivery instead.
    """
    step = _notes_passed(network, x, target)
    found = _found(step, layer)
    deliveries = step.trace.layers[layer].inputs[0]
    note, past = float(found.activations[0, worker]), float(found.pre_activations[0, worker])
    knobs = network.layers[layer].weights[:, worker]
    first = step.output_gradient
    assert first is not None

    def check(answer: Any, place: int) -> CheckResult:
        if place == len(deliveries):
            untouched = _("A pinch of 0 is a knob all the same: turn it up, and the mix grows.")
            once = _("Nothing is delivered to a pinch. Its gradient is the note itself.")
            each = [(past * float(delivery), once) for delivery in deliveries]
            return check_number(answer, past, mistakes=[(0.0, untouched), *each])
        delivery, knob = float(deliveries[place]), float(knobs[place])
        swapped = _("Look which delivery goes through which knob.")
        mistakes = [
            (note * delivery, _("This gate was shut. What does it let pass?")),
            (past, _("That is the note. Multiply it by what was delivered.")),
            (past * knob, _("That is the note times the knob. Take the delivery instead.")),
            (delivery, _("That is what was delivered. Multiply it by the note.")),
            (delivery + past, _("Multiply the delivery by the note. Do not add them.")),
            (
                delivery * float(first[0, 0]),
                _("That is the delivery times the first note. Which note reached this worker?"),
            ),
            *((past * float(other), swapped) for other in deliveries),
        ]
        return check_number(answer, delivery * past, mistakes=mistakes)

    gradients = [*found.weights[:, worker], found.biases[worker]]
    its = _found(_before(network, step), layer)
    theirs = [*its.weights[:, worker], its.biases[worker]]
    sums = [
        f"{number(delivery)} × {factor(past)} = {number(gradient)}"
        for delivery, gradient in zip(deliveries, gradients, strict=False)
    ]
    why = _("Delivery × note: {sums}. The pinch takes the note itself, {note}.").format(
        sums=listed(sums), note=number(past)
    )
    return check_each(answers, [*sources, _("pinch")], _knowing(check, theirs), why)


def check_material_notes(
    answers: Any,
    network: Network,
    x: npt.ArrayLike,
    target: npt.ArrayLike,
    names: Sequence[str],
) -> CheckResult:
    """Check the notes that come to the materials, where the paths of all workers meet.

    >>> from backprop_lib.engine.network import Dense
    >>> network = Network([Dense([[1, 3]], [0, 0]), Dense([[1], [2]], [0])])
    >>> check_material_notes([72], network, [1], [1], ["lemons"])
    ✗ Not yet. lemons: it is not 72. That leaves a path out. Where paths meet, notes are added.
    """
    step = _notes_passed(network, x, target)
    found, expected = _found(step, 0), step.inputs_gradient
    assert expected is not None
    weights = network.layers[0].weights
    arrived, past = found.activations[0], found.pre_activations[0]
    each = _("Those are the notes just added. First multiply each by the knob on its way.")
    by_delivery = _("That is the notes times the delivery. A note goes on through the knob.")

    def check(answer: Any, place: int) -> CheckResult:
        paths = past * weights[place]
        delivery = float(step.inputs[0, place])
        return check_number(
            answer,
            float(expected[0, place]),
            mistakes=[
                *_forgotten(arrived, past, weights[place]),
                *_paths_left_out(paths),
                (float(past.sum()), each),
                (float(past.sum()) * delivery, by_delivery),
            ],
        )

    other = _before(network, step).inputs_gradient
    theirs = [] if other is None else list(other[0])
    sums = [
        _("{name} {amount}").format(name=name, amount=f"{_sum(past, row)} = {number(note)}")
        for name, row, note in zip(names, weights, expected[0], strict=True)
    ]
    why = _("Where paths meet, notes add: {sums}.").format(sums=listed(sums))
    return check_each(answers, names, _knowing(check, theirs), why)


def _forgotten(arrived: Array, past: Array, knobs: Array) -> Mistakes:
    """Notes that should have been stopped by a gate, and minuses left out."""
    ungated, unsigned = float((arrived * knobs).sum()), float(np.abs(past * knobs).sum())
    gate = _("A note is in it that met a shut gate.")
    sign = _("Look at the signs of the knobs.")
    if same(ungated, unsigned):  # who can tell which of the two it was?
        both = _("Did a note pass a shut gate? Or did a minus get lost on the way?")
        return [(ungated, both)]
    return [(ungated, gate), (unsigned, sign)]


def _paths_left_out(paths: Array) -> Mistakes:
    """What comes out with only some of the paths."""
    some = [float(path) for path in paths if path != 0.0]
    parts = chain.from_iterable(combinations(some, count) for count in range(1, len(some)))
    hint = _("That leaves a path out. Where paths meet, notes are added.")
    return [(sum(part), hint) for part in parts]


def _sum(notes: Array, knobs: Array) -> str:
    return " + ".join(
        f"{factor(note) if place else number(note)} × {factor(knob)}"
        for place, (note, knob) in enumerate(zip(notes, knobs, strict=True))
    )


def _before(network: Network, step: Step) -> Step:
    """The notes of the order that the lesson has walked through, or of this one where it cannot."""
    order = lemonade()
    if step.inputs.shape != order.inputs.shape or step.target.shape != order.targets.shape:
        return step
    return _notes_passed(network, order.inputs, order.targets)


def _knowing(check: Check, theirs: Sequence[float]) -> Check:
    """A check that knows the number of the order before, where it is wrong here."""

    def knowing(answer: Any, place: int) -> CheckResult:
        result, value = check(answer, place), as_float(answer)
        if result.ok or value is None or not same(value, theirs[place]):
            return result
        hint = _("That is of the order before, {materials}. Begin anew with this one.")
        return replace(result, hint=hint.format(materials=vector(lemonade().inputs[0])))

    return knowing


def _notes_passed(network: Network, x: npt.ArrayLike, target: npt.ArrayLike) -> Step:
    """The step at which all notes of a lap have been passed."""
    return steps(network, x, target)[-2]


def _found(step: Step, layer: int) -> LayerGradients:
    found = step.gradients[layer]
    assert found is not None
    return found
