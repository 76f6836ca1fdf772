"""The checks of lesson 8: notes behind a softmax, the share of right answers, the best round."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from backprop_lib.checks.result import (
    CheckResult,
    as_float,
    check_each,
    check_number,
    not_tried,
    same,
)
from backprop_lib.checks.trials import Trial, check_trials, judged_number
from backprop_lib.engine.losses import CategoricalCrossEntropy
from backprop_lib.engine.network import Dense, Network
from backprop_lib.i18n import factor, listed, number
from backprop_lib.i18n import gettext as _


def check_softmax_notes(
    answers: Any, shares: Sequence[float], order: int, names: Sequence[str]
) -> CheckResult:
    """Check the notes past a softmax, one for each share, when the order asks for ``order``.

    >>> check_softmax_notes([-0.7, 0.8, -0.1], [0.7, 0.2, 0.1], 1, ["a", "b", "c"])
    ✗ Not yet. a: it is not −0.7. Share − target, and not the other way round.
    """
    targets = np.eye(len(shares))[order]
    # Scores whose softmax is these shares: their logarithms.
    gate = Network([Dense(np.eye(len(shares)), np.zeros(len(shares)), "softmax")])
    trace = gate.forward(np.log(shares))
    slope = CategoricalCrossEntropy().gradient(trace.output, targets[np.newaxis])
    notes = gate.backward(trace, slope).layers[0].pre_activations[0]

    def check(answer: Any, place: int) -> CheckResult:
        share, target, note = float(shares[place]), float(targets[place]), float(notes[place])
        mistakes = [
            (-note, _("Share − target, and not the other way round.")),
            (share, _("That is the share. Take the target away: 1 for the order, 0 for others.")),
            (share - 1.0, _("The target is 1 only for the digit that was ordered.")),
            (share + target, _("Take the target away, do not add it.")),
            (-1.0 / share, _("That is the note before the softmax. Past it: share − target.")),
            (target, _("That is the target. Take it away from the share.")),
        ]
        return check_number(answer, note, mistakes=mistakes)

    sums = [
        f"{number(share)} − {factor(target)} = {number(note)}"
        for share, target, note in zip(shares, targets, notes.round(12), strict=True)
    ]
    return check_each(answers, names, check, why=_("{sums}.").format(sums=listed(sums)))


def check_share_function(function: Any, trials: int = 20, seed: int = 0) -> CheckResult:
    """Check a function (answers, truths) -> the share of answers that are right, from 0 to 1.

    It is tried on lists of whole numbers, few at first.
    """

    def each() -> Iterator[Trial]:
        yield _share_trial([3, 8, 1, 5], [3, 0, 1, 5])
        random = np.random.default_rng(seed)
        for _trial in range(trials - 1):
            yield _share_trial(*random.integers(0, 4, (2, int(random.integers(4, 12)))).tolist())

    right = _("Your function is right on {n} random sets of digits.")
    return check_trials(function, each(), right)


def _share_trial(answers: list[int], truths: list[int]) -> Trial:
    count = len(truths)
    right = sum(answer == truth for answer, truth in zip(answers, truths, strict=True))
    mistakes = [
        (float(right), _("That is how many are right. Divide it by how many there are.")),
        (1.0 - right / count, _("That is the share of mistakes.")),
        (100.0 * right / count, _("That is in percent. A share goes from 0 to 1.")),
        (float(count), _("That is how many there are.")),
        # Of whole lists that are compared, or with //, which leaves the rest out.
        (float(right // count), _("Compare digit by digit, and divide with / and not //.")),
        *((round(right / count, n), _("Give back the share itself, not rounded.")) for n in (1, 2)),
    ]
    return Trial({"answers": answers, "truths": truths}, judged_number(right / count, mistakes))


def check_best_round(answer: Any, held_out: Sequence[float]) -> CheckResult:
    """Check the round after which the held-out loss is lowest; ``held_out`` begins with round 0.

    >>> check_best_round(3, [2.3, 0.9, 0.7, 0.8])
    ✗ Not yet. It is not round 3. That is the last one. By then the held-out loss has risen again.
    """
    if answer is ... or answer is None:
        return not_tried()
    value = as_float(answer)
    lowest = min(held_out)
    best, last = held_out.index(lowest), len(held_out) - 1
    if value is None:
        return check_number(answer, best)
    if same(value, lowest) and value != best:
        return CheckResult(
            False,
            _("{answer} is the lowest held-out loss.").format(answer=number(value)),
            _("Which round was that? Write its number."),
        )
    if not value.is_integer() or not 0 <= value <= last:
        return CheckResult(
            False,
            _("It is not {answer}.").format(answer=number(value)),
            _("The rounds have the whole numbers from 0 to {last}.").format(last=last),
        )
    found = int(value)
    if found == best or math.isclose(held_out[found], lowest, rel_tol=1e-9):
        return CheckResult(
            True,
            _("After round {n} the held-out loss is lowest: {loss}.").format(
                n=found, loss=number(lowest)
            ),
        )
    message = _("It is not round {n}.").format(n=found)
    if found == last:
        hint = _("That is the last one. By then the held-out loss has risen again.")
    elif found < best:
        hint = _("There the held-out loss is {loss}. After more rounds it is lower still.")
    else:
        hint = _("There the held-out loss is {loss}. It was lower before.")
    return CheckResult(False, message, hint.format(loss=number(held_out[found])))
