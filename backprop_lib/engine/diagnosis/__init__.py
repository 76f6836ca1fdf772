"""Why a factory does not learn: the cause, with its floor and its numbers.

``case.py`` puts a factory before its orders, ``orders.py`` has the causes that lie in the orders
alone, ``floors.py`` those that lie in how the floors stand, and ``words.py`` the sentences.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.arrays import Array
from backprop_lib.engine.diagnosis.case import NOTHING, Case, Diagnosis
from backprop_lib.engine.diagnosis.floors import (
    explosion,
    fading_notes,
    far_inputs,
    large_knobs,
    large_targets,
    shut_floor,
    shut_product,
    softmax_of_one,
    symmetry,
)
from backprop_lib.engine.diagnosis.orders import (
    contradiction,
    out_of_reach,
    same_targets,
    straight_line,
    uneven_columns,
)
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.network import Network
from backprop_lib.engine.steps import opening

__all__ = ["Diagnosis", "diagnose", "examine", "impossible", "why_exploded"]

Check = Callable[[Case], Diagnosis | None]

# What holds however far the factory has come, and what only matters while it is no good. What is
# surer stands before what is likelier: the first that is found is told.
AT_ONCE: tuple[Check, ...] = (softmax_of_one, out_of_reach)
ALWAYS: tuple[Check, ...] = (*AT_ONCE, explosion, contradiction)
UNTIL_LEARNED: tuple[Check, ...] = (
    symmetry,
    shut_product,
    shut_floor,
    far_inputs,
    large_targets,
    large_knobs,
    uneven_columns,
    straight_line,
    same_targets,
    fading_notes,
)
# Why a rate was too large: the knobs of an exploded factory themselves tell nothing any more.
EXPLODED: tuple[Check, ...] = (uneven_columns, large_targets)


def diagnose(
    network: Network, inputs: npt.ArrayLike, targets: npt.ArrayLike, loss: Loss
) -> Diagnosis:
    """Look for what keeps a factory from learning these orders, and name the first cause found.

    ``inputs`` is (examples, inputs), ``targets`` (examples, outputs). Nothing is trained: one pass
    forward, and at most one more and one back. A factory whose loss is less than half of what the
    best unchanging answer would leave has learned, and only what no knobs can mend is told of it.
    The learning rate is not judged. Raises TypeError or ValueError as ``steps`` does.

    >>> from backprop_lib import MeanSquaredError, Network
    >>> network = Network.random([2, 3, 1], hidden="tanh")
    >>> grams = [[90, 80], [70, 95], [80, 60]]
    >>> found = diagnose(network, grams, [[0], [1], [1]], MeanSquaredError())
    >>> found.cause, found.layer
    ('inputs far from 0', 0)
    >>> diagnose(network, [[0, 0], [0, 1], [1, 1]], [[0], [1], [1]], MeanSquaredError())
    Nothing found that would keep this factory from learning.
    """
    start = opening(network, inputs, targets)
    as_loss(loss).check_targets(start.target)
    return examine(network, start.inputs, start.target, loss)


def examine(
    network: Network,
    inputs: Array,
    targets: Array,
    loss: Loss,
    checks: tuple[Check, ...] = (*ALWAYS, *UNTIL_LEARNED),
) -> Diagnosis:
    """``diagnose`` for what is known to fit."""
    case = Case(network, inputs, targets, loss)
    with np.errstate(all="ignore"):
        for check in checks:
            if check in UNTIL_LEARNED and case.learned:
                break
            if found := check(case):
                return found
    return NOTHING


def why_exploded(network: Network, inputs: Array, targets: Array, loss: Loss) -> Diagnosis | None:
    """What made the numbers grow beyond all bounds, besides the rate; None where there is nothing.

    ``network`` is the last sound one.
    """
    return examine(network, inputs, targets, loss, EXPLODED) or None


def impossible(network: Network, inputs: Array, targets: Array, loss: Loss) -> Diagnosis | None:
    """What no training can mend, as can be told before it begins; None where there is nothing."""
    return examine(network, inputs, targets, loss, AT_ONCE) or None
