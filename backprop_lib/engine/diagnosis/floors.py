"""Causes that lie in how the floors stand: gates at their ends or shut, knobs that are alike."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.activations import slope
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.diagnosis.case import Case, Diagnosis
from backprop_lib.engine.network import Trace

FLAT = 0.01  # a soft gate is at its end where its slope is this small a share of its steepest
MOST = 0.75  # a floor is stuck when this share of its gates is at their ends, over all the orders
LARGE_INPUT = 3.0  # inputs below are not far from 0, whatever the knobs make of them
LARGE_TARGET = 100.0  # targets above send notes that throw the gates behind them to their ends
ALIKE = 1e-9  # knobs are, but for rounding
FADED = 1e-3  # the share of the last floor's notes that reaches the first


def softmax_of_one(case: Case) -> Diagnosis | None:
    """A worker that has all of a softmax to itself always ships 1."""
    for number, layer in enumerate(case.network.layers):
        if (gate := case.gate(number)).shared and len(layer.biases) == 1:
            return Diagnosis.of("softmax of one", number, gate.name)
    return None


def explosion(case: Case) -> Diagnosis | None:
    """Amounts that no float can hold."""
    return None if case.overflow is None else Diagnosis.of("beyond all bounds", case.overflow)


def symmetry(case: Case) -> Diagnosis | None:
    """Workers of a floor that are alike, and treated alike: their notes are the same for ever."""
    layers = case.network.layers
    for number in range(case.last):
        before, after = layers[number], layers[number + 1]
        arriving = np.vstack([before.weights, before.biases])
        zero = not (arriving.any() or after.weights.any())
        still = zero and not case.gate(number).alone(np.zeros(1)).any()
        twins = len(before.biases) > 1 and _alike(arriving) and _alike(after.weights.T)
        if still or twins:
            return Diagnosis.of(
                "symmetric start", number, workers=len(before.biases), zero=not arriving.any()
            )
    return None


def _alike(knobs: Array) -> bool:
    """Whether all columns are the same."""
    return bool((np.ptp(knobs, axis=1) <= ALIKE * np.abs(knobs).max(axis=1)).all())


def shut_product(case: Case) -> Diagnosis | None:
    """Gates of the last floor that are shut for all orders, some of which want more than 0."""
    wanted = case.targets > 0.0
    missed = np.all(_shut(case, case.last), axis=0) & np.any(wanted, axis=0)
    if not missed.any():
        return None
    return Diagnosis.of(
        "last floor shut",
        case.last,
        case.gate(case.last).name,
        shut=int(missed.sum()),
        workers=missed.size,
        orders=case.orders,
        wanting=int(np.any(wanted[:, missed], axis=1).sum()),
    )


def shut_floor(case: Case) -> Diagnosis | None:
    """A floor all of whose gates are shut for all orders: no note passes."""
    for number in range(case.last):
        if _shut(case, number).all():
            return Diagnosis.of(
                "floor shut",
                number,
                case.gate(number).name,
                workers=case.network.sizes[number + 1],
                orders=case.orders,
                largest=np.abs(case.inputs).max(),
            )
    return None


def _shut(case: Case, layer: int) -> npt.NDArray[np.bool_]:
    """Which of a layer's gates are shut, (examples, gates)."""
    shut_to = case.gate(layer).shut_to
    return case.trace.layers[layer].pre_activations <= (-np.inf if shut_to is None else shut_to)


def far_inputs(case: Case) -> Diagnosis | None:
    """A floor of soft gates at their ends, since the inputs are far from 0."""
    layer = _stuck_layer(case)
    if layer is None or not _inputs_are_to_blame(case, layer):
        return None
    return _at_ends(case, layer, "inputs far from 0", case.inputs)


def large_knobs(case: Case) -> Diagnosis | None:
    """A floor of soft gates at their ends, since the knobs are too large."""
    layer = _stuck_layer(case)
    if layer is None or _inputs_are_to_blame(case, layer):
        return None
    if layer == case.last and _notes_pass(case):
        return None
    knobs = case.network.layers[layer]
    return _at_ends(case, layer, "knobs too large", knobs.weights, knobs.biases)


def _at_ends(case: Case, layer: int, cause: str, *too_large: Array) -> Diagnosis:
    ends = _ends(case, case.trace, layer)
    return Diagnosis.of(
        cause,
        layer,
        at_end=int(ends.sum()),
        gates=ends.size,
        orders=case.orders,
        largest=max(np.abs(one).max() for one in too_large),
    )


def _stuck_layer(case: Case) -> int | None:
    """The first layer whose soft gates are at their ends, but for a few."""
    soft = (layer for layer in range(case.last + 1) if case.gate(layer).soft)
    return next((one for one in soft if _ends(case, case.trace, one).mean() >= MOST), None)


def _ends(case: Case, trace: Trace, layer: int) -> npt.NDArray[np.bool_]:
    """Which of a layer's soft gates are nearly flat, (examples, gates)."""
    gate, work = case.gate(layer), trace.layers[layer]
    if gate.shared:  # one gate for all the workers; the largest share says how it is
        share = work.activations.max(axis=1, keepdims=True)
        slopes, steepest = share * (1.0 - share), 0.25
    else:
        slopes = np.abs(slope(gate.name, work.pre_activations))
        steepest = np.abs(slope(gate.name, np.linspace(-8.0, 8.0, 33))).max()
    flat: npt.NDArray[np.bool_] = slopes < FLAT * steepest
    return flat


def _inputs_are_to_blame(case: Case, layer: int) -> bool:
    """Whether the gates would be open if only the inputs were no larger than 1."""
    sizes = np.abs(case.inputs).max(axis=0)
    if sizes.max() < LARGE_INPUT:
        return False
    trace = case.network.run(case.inputs / np.maximum(sizes, 1.0))
    if _ends(case, trace, layer).mean() < MOST:
        return True
    # Both are too large: the worse of the two is told.
    knobs = case.network.layers[layer]
    drive = np.sqrt((knobs.weights**2).sum(axis=0).mean() + (knobs.biases**2).mean())
    return bool(np.sqrt((case.inputs**2).mean()) > drive)


def _notes_pass(case: Case) -> bool:
    """Whether notes get past the last gate all the same, as with its own cross-entropy."""
    step = case.trace.layers[-1]
    note = case.loss.raw_gradient(step.activations, case.targets)
    past = case.gate(case.last).backward(note, step.pre_activations, step.activations)
    mistakes = np.abs(step.activations - case.targets).mean() / len(case.targets)
    return bool(np.abs(past).mean() > FLAT * mistakes)


def large_targets(case: Case) -> Diagnosis | None:
    """Targets far from 0, whose notes are too large for the gates on the way."""
    bends = any(case.gate(layer).bends for layer in range(case.last))
    largest = float(np.abs(case.targets).max())
    if largest < LARGE_TARGET or not bends:
        return None
    return Diagnosis.of("targets far from 0", None, largest=largest)


def fading_notes(case: Case) -> Diagnosis | None:
    """Notes that have nearly gone when they reach the first floor."""
    note = case.loss.raw_gradient(case.trace.output, case.targets)
    layers = case.network.run_back(case.trace, note).layers
    first, last = (np.abs(layers[place].pre_activations).max() for place in (0, -1))
    if not last or first > FADED * last:
        return None
    return Diagnosis.of("fading notes", 0, share=first / last, floors=case.last + 1)
