"""Lesson 3's last check: a worker's way back, as a function of the learner's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from backprop_lib.checks.result import CheckResult, as_list, shortened
from backprop_lib.checks.trials import Trial, check_trials, judged_number
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.network import Dense
from backprop_lib.i18n import gettext as _


def check_backward_worker(function: Any, trials: int = 20, seed: int = 0) -> CheckResult:
    """Check a function (note, deliveries, knobs, gate_open) -> (gradients, notes to send on).

    Both are lists with a number for each knob. It is tried on a small worker, then on random ones,
    with a relu gate, and compared with the engine.
    """

    def each() -> Iterator[Trial]:
        yield _worker_trial(5.0, np.array([2.0, 1.0]), np.array([3.0, -4.0]), True)
        random = np.random.default_rng(seed)
        for trial in range(trials - 1):
            count = int(random.integers(2, 4))
            deliveries = random.choice([-2.0, -1.0, 1.0, 2.0], count)
            knobs = random.choice([-4.0, -3.0, 3.0, 4.0], count)
            note = float(random.choice([-6.0, -5.0, 5.0, 6.0]))
            yield _worker_trial(note, deliveries, knobs, trial % 2 == 1)

    right = _("Your worker agrees with the engine on {n} random workers.")
    return check_trials(function, each(), right)


def _worker_trial(note: float, deliveries: Array, knobs: Array, is_open: bool) -> Trial:
    arguments = {
        "note": note,
        "deliveries": deliveries.tolist(),
        "knobs": knobs.tolist(),
        "gate_open": is_open,
    }
    return Trial(arguments, lambda answer: _one_worker(answer, note, deliveries, knobs, is_open))


def _one_worker(
    answer: Any, note: float, deliveries: Array, knobs: Array, is_open: bool
) -> CheckResult:
    pair = as_list(answer)
    if len(pair) != 2 or any(len(as_list(part)) != len(knobs) for part in pair):
        return CheckResult(
            False,
            _("Two lists are wanted, each with {count} numbers, and {answer} came.").format(
                count=len(knobs), answer=shortened(answer)
            ),
            _("Give back the gradients of the knobs, then the notes to send on."),
        )
    # A pinch that brings the mix to 1 or to −1.
    pinch = (1.0 if is_open else -1.0) - float(deliveries @ knobs)
    floor = Dense(knobs[:, np.newaxis], [pinch], "relu")
    found = floor.backward(floor.forward(deliveries[np.newaxis]), np.array([[note]]))
    onward = floor.pass_on(found.pre_activations)
    stopped = _("The gate is shut, so nothing of the note passes.")
    by_knob = _("A gradient is the note times the delivery, not times the knob.")
    by_delivery = _("A note goes on times the knob, not times the delivery.")
    for n, (gradient, sent) in enumerate(zip(*map(as_list, pair), strict=True)):
        delivery, knob = float(deliveries[n]), float(knobs[n])
        wrongs = [
            (note * delivery, stopped),
            (note * knob, by_knob if is_open else stopped),
            (note, _("A gradient is the note times what was delivered.")),
        ]
        result = judged_number(float(found.weights[n, 0]), wrongs)(gradient)
        if not result.ok:
            return result
        wrongs = [
            (note * knob, stopped),
            (note * delivery, by_delivery if is_open else stopped),
            (note, _("A note goes on times the knob on its way.")),
        ]
        result = judged_number(float(onward[0, n]), wrongs)(sent)
        if not result.ok:
            return result
    return CheckResult(True, "")
