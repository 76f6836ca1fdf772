"""Causes that lie in the orders, or in what this kind of factory can make of them at all."""

from __future__ import annotations

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.engine.diagnosis.case import Case, Diagnosis, best_same
from backprop_lib.engine.scaling import Scale

NEARLY = 1e-6  # of a gate's reach: a target this little outside is within
HALF = 0.5  # contradictions spoil the orders when they leave this share of the mistake
APART = 100.0  # times as large: no learning rate suits both columns, or a column and the pinch
IN_USE = 0.2  # a column is, when it differs from its middle value for this share of the orders
LEFT = 0.9  # the share of the squared mistake that the best straight answer may leave


def out_of_reach(case: Case) -> Diagnosis | None:
    """Targets that the last gate cannot ship, whatever the knobs."""
    gate, targets = case.gate(case.last), case.targets
    outside = (targets < gate.low - NEARLY) | (targets > gate.high + NEARLY)
    if outside.any():
        return Diagnosis.of(
            "targets out of reach",
            case.last,
            gate.name,
            outside=int(outside.sum()),
            targets=targets.size,
            low=gate.low,
            high=gate.high,
            least=targets.min(),
            most=targets.max(),
        )
    sums = targets.sum(axis=1)
    odd = np.abs(sums - 1.0) > NEARLY
    if gate.shared and odd.any():
        return Diagnosis.of(
            "targets out of reach", case.last, gate.name, odd=int(odd.sum()), sum=sums[odd][0]
        )
    return None


def contradiction(case: Case) -> Diagnosis | None:
    """The same inputs, again and again, with other targets."""
    same: dict[bytes, list[int]] = {}
    for order, row in enumerate(case.inputs + 0.0):  # a zero has no sign then
        same.setdefault(row.tobytes(), []).append(order)
    answers, at_odds = case.targets.copy(), 0
    for alike in same.values():
        wanted = case.targets[alike]
        if (wanted != wanted[0]).any():
            answers[alike] = best_same(case.loss, wanted)[0]
            at_odds += len(alike)
    if not at_odds:
        return None
    best = case.loss.raw_value(answers, case.targets)
    if best < HALF * best_same(case.loss, case.targets)[1]:
        return None
    return Diagnosis.of("contradictory orders", at_odds=at_odds, orders=case.orders, best=best)


def uneven_columns(case: Case) -> Diagnosis | None:
    """Columns so large, or so unlike in size, that no one learning rate suits all the knobs.

    A knob learns as its column is large, squared; the pinch's column is always 1. What counts is
    how large the largest column is and how much the smallest changes, of those that are in use.
    """
    if case.orders < 2:
        return None
    sizes = np.abs(case.inputs).max(axis=0)
    spreads = Scale.of(case.inputs).spread
    middle = np.median(case.inputs, axis=0)
    in_use = (case.inputs != middle).mean(axis=0) >= IN_USE
    large = int(sizes.argmax())
    if not in_use.any():
        small, spread = large, 1.0
    else:
        small = int(np.where(in_use, spreads, np.inf).argmin())
        spread = float(spreads[small])
    figures = {"column": large + 1, "size": sizes[large], "small": small + 1, "spread": spread}
    if (
        small != large
        and sizes[large] >= APART * max(spread, np.finfo(float).tiny)
        and (sizes[large] >= 1.0)
    ):
        return Diagnosis.of("uneven columns", 0, **figures)
    if sizes[large] >= APART * min(1.0, spread) and sizes[large] >= 1.0:
        return Diagnosis.of("inputs far from 0", None, **figures)
    if in_use.any() and spread * APART <= 1.0:
        return Diagnosis.of("inputs close to 0", None, **figures)
    return None


def straight_line(case: Case) -> Diagnosis | None:
    """A factory without a gate between its floors, and orders that no straight line fits."""
    bends = any(case.gate(layer).bends for layer in range(case.last))
    orders, width = case.inputs.shape
    if bends or orders <= width + 1:
        return None
    left = _left_by_a_straight_answer(case.inputs, case.targets)
    if left < LEFT:
        return None
    return Diagnosis.of("no bend", None, share=left)


def _left_by_a_straight_answer(inputs: Array, targets: Array) -> float:
    """The share of the squared mistake that the best straight answer leaves; 0 for no mistake."""
    scaled = Scale.of(inputs).apply(inputs)
    aims = targets - targets.mean(axis=0)
    all_of_it = float((aims**2).sum())
    if not all_of_it:
        return 0.0
    knobs = np.linalg.lstsq(scaled, aims, rcond=None)[0]
    return float(((scaled @ knobs - aims) ** 2).sum()) / all_of_it


def same_targets(case: Case) -> Diagnosis | None:
    """Orders that all want the same."""
    if case.orders < 2 or (case.inputs == case.inputs[0]).all():
        return None
    if not (case.targets == case.targets[0]).all():
        return None
    return Diagnosis.of("same targets", None, orders=case.orders)
