"""The checks of lesson 2: what a loss is, which products have it, and how steep it is there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    as_list,
    check_number,
    not_tried,
    same,
    too_many,
)
from backprop_lib.checks.trials import Trial, check_trials, judged_number
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.i18n import factor, listed, number, signed
from backprop_lib.i18n import gettext as _
from backprop_lib.words import loss_formula


def check_loss(answer: Any, products: Sequence[float], targets: Sequence[float]) -> CheckResult:
    """Check the mean squared error of ``products``, (orders,), with ``targets`` as many.

    >>> check_loss(2, [3], [1])
    ✗ Not yet. It is not 2. That is the mistake. Now multiply it by itself.
    """
    outputs, orders = np.array([products], dtype=float), np.array([targets], dtype=float)
    value = MeanSquaredError().value(outputs, orders)
    why = loss_formula(MeanSquaredError(), outputs, orders, value) + "."
    return check_number(answer, value, why, mistakes_in_a_loss(outputs, orders))


def mistakes_in_a_loss(outputs: Array, targets: Array) -> Mistakes:
    """What a mean squared error comes to where something was forgotten."""
    mistakes = outputs - targets
    squares = mistakes**2
    average, count = float(squares.mean()), squares.size
    if count == 1:
        alone = mistakes.item()
        return [
            (alone, _("That is the mistake. Now multiply it by itself.")),
            (abs(alone), _("That is the length of the mistake. Now multiply it by itself.")),
            (-average, _("A minus times a minus is a plus: a square is never below zero.")),
            (2.0 * alone, _("That is the mistake times 2. A square is the mistake times itself.")),
            (
                2.0 * abs(alone),
                _("That is the length times 2. A square is the mistake times itself."),
            ),
            (
                float(outputs.item() ** 2 - targets.item() ** 2),
                _("First take the order from the product. Then square what is left."),
            ),
            (
                float((outputs + targets).item() ** 2),
                _("The mistake is the product minus the order, not plus."),
            ),
        ]
    return [
        (
            float(squares.sum()),
            _("That is the sum of the squares. Share it out among all numbers."),
        ),
        (
            float(mistakes.sum()),
            _("Those are the mistakes just added: plus and minus cancel. Square each one first."),
        ),
        (
            float(mistakes.mean()),
            _("Those are the mistakes averaged: plus and minus cancel. Square each one first."),
        ),
        (
            float(np.abs(mistakes).mean()),
            _("That is the average of the lengths. Square each mistake first."),
        ),
        (
            float(mistakes.mean() ** 2),
            _("Square each mistake first, and average then. You did it the other way around."),
        ),
        (
            math.sqrt(average),
            _("That is the side of the average square. The loss is its area, without a root."),
        ),
        (
            float(squares.sum()) / (count - 1),
            _("Count the orders again: by how many do you share?"),
        ),
    ]


def check_products(answers: Any, loss: float, target: float) -> CheckResult:
    """Check both products whose squared mistake is ``loss``, in any order.

    >>> check_products([4, 4], 9, 1)
    ✗ Not yet. 4 is right, but it is there twice. The other one lies on the other side of the order.
    """
    if answers is ... or answers is None:
        return not_tried()
    given = as_list(answers)
    if len(given) != 2:
        return CheckResult(
            False,
            _("Two numbers are wanted here."),
            _("One lies on each side of the order, and a comma parts them.")
            if len(given) < 2
            else too_many(),
        )
    if all(one is ... for one in given):
        return not_tried()
    side = math.sqrt(loss)
    wanted = [target - side, target + side]
    hints = [
        (side, _("That is the mistake. From the order, go that far to each side.")),
        (-side, _("That is the mistake. From the order, go that far to each side.")),
    ]
    sign = _("The size is right. Look at the sign.")
    far = _("It is {loss} away from the order. Which mistake, times itself, gives {loss}?")
    far = far.format(loss=number(loss))
    hints += [(-wanted[0], sign), (-wanted[1], sign), (target + loss, far), (target - loss, far)]
    for one in given:
        value = as_float(one)
        nearest = wanted[0] if value is not None and value < target else wanted[1]
        result = check_number(one, nearest, mistakes=hints)
        if not result.ok:
            return result
    first, second = (as_float(one) or 0.0 for one in given)
    if same(first, second):
        return CheckResult(
            False,
            _("{answer} is right, but it is there twice.").format(answer=number(first)),
            _("The other one lies on the other side of the order."),
        )
    low, high = (f"({number(one)} − {factor(target)})²" for one in wanted)
    return CheckResult(
        True, _("{sums}.").format(sums=listed(f"{side} = {number(loss)}" for side in (low, high)))
    )


def check_slope(
    answer: Any, products: Sequence[float], targets: Sequence[float], order: int = 0
) -> CheckResult:
    """Check the slope of the mean squared error at one of the products.

    >>> check_slope(1, [0.5], [1])
    ✗ Not yet. It is not 1. The size is right. Look at the sign.
    """
    outputs, orders = np.array([products], dtype=float), np.array([targets], dtype=float)
    expected = float(MeanSquaredError().gradient(outputs, orders)[0, order])
    mistake, count = float((outputs - orders)[0, order]), len(products)
    shared = f" / {count}" if count > 1 else ""
    slope = f"2 × ({number(products[order])} − {factor(targets[order])}){shared}"
    why = _("{sums}.").format(sums=f"{slope} = {signed(expected)}")
    mistakes = [
        (mistake, _("That is the mistake. The slope is twice the mistake.")),
        (-mistake, _("Twice the mistake is wanted, and the mistake is product minus order.")),
        (mistake**2, _("That is the loss: how high the curve is. How steep is it there?")),
        (2.0 * mistake**2, _("That is twice the loss. The slope is twice the mistake.")),
        (mistake / 2.0, _("Twice the mistake is wanted, not half of it.")),
    ]
    if count > 1:
        mistakes.append((2.0 * mistake, _("Each order has only its share in the average.")))
    return check_number(answer, expected, why, mistakes)


def check_loss_function(function: Any, trials: int = 20, seed: int = 0) -> CheckResult:
    """Check a function (outputs, targets) -> mean squared error, on lists of numbers."""

    def each() -> Iterator[Trial]:
        yield _loss_trial(np.array([3.0, 1.0, 6.0]), np.array([1.0, 2.0, 2.0]))
        random = np.random.default_rng(seed)
        for _trial in range(trials - 1):
            # Two orders or more, and never all right, so that each slip gives a number of its own.
            targets = random.integers(-5, 6, int(random.integers(2, 6))).astype(float)
            outputs = targets + random.integers(1, 5, len(targets)) * random.choice([-1, 1])
            outputs[0] = 2.0 * targets[0] - outputs[0]
            yield _loss_trial(outputs, targets)

    right = _("Your function agrees with the engine on {n} random cases.")
    return check_trials(function, each(), right)


def _loss_trial(outputs: Array, targets: Array) -> Trial:
    rows, orders = outputs[np.newaxis], targets[np.newaxis]
    return Trial(
        {"outputs": outputs.tolist(), "targets": targets.tolist()},
        judged_number(MeanSquaredError().value(rows, orders), mistakes_in_a_loss(rows, orders)),
    )
