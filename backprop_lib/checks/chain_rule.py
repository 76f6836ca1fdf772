"""The checks of lesson 6: a product along a path, a sum over paths, and small machines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from operator import mul
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    as_list,
    check_number,
    not_tried,
    same,
    within,
)
from backprop_lib.checks.trials import Trial, check_trials, judged_number
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Dense, Network
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import labelled, number, sentences
from backprop_lib.study.paths import Amount, Link, Path, Start, gradient_at, paths
from backprop_lib.words.paths import added, multiplied


def check_path(
    answer: Any, network: Network, x: npt.ArrayLike, target: npt.ArrayLike, start: Start
) -> CheckResult:
    """Check the product of the slopes along the one path from ``start`` to the loss.

    >>> from backprop_lib.datasets import lemonade, lemonade_factory
    >>> from backprop_lib.study.nudging import Knob
    >>> order = lemonade()
    >>> check_path(7.5, lemonade_factory(), order.inputs, order.targets, Knob(0, 1, 0))
    ✗ Not yet. It is not 7.5. Along a path the slopes are multiplied, not added.
    """
    (way,) = paths(network, x, target, start)
    mistakes = [(sum(way.slopes), _("Along a path the slopes are multiplied, not added."))]
    mistakes += [
        (math.prod((*way.slopes[:place], *way.slopes[place + 1 :])), _forgotten(link))
        for place, link in enumerate(way.links)
    ]
    mistakes += [
        (math.prod(way.slopes[: place + 1]), _("Go on: that is not yet the loss."))
        for place in range(len(way.links) - 1)
    ]
    return check_number(answer, way.product, f"{multiplied(way)}.", mistakes)


def _forgotten(link: Link) -> str:
    """What to look for when this piece of a path was left out."""
    return {
        "knob": _("The first slope is missing: a knob's mix moves as much as was delivered."),
        "pinch": _("The first slope is missing: a pinch goes into the mix as it is."),
        "belt": _("A knob on the way is missing: what is shipped is multiplied by the next knob."),
        "gate": _("A gate on the way is missing."),
        "loss": _("The last slope is missing: how the loss moves with the product."),
    }[link.kind]


def check_meeting(
    answer: Any, network: Network, x: npt.ArrayLike, target: npt.ArrayLike, start: Start
) -> CheckResult:
    """Check the sum over all paths from ``start`` to the loss.

    >>> from backprop_lib.datasets import lemonade, lemonade_factory
    >>> from backprop_lib.study.paths import Amount
    >>> order = lemonade()
    >>> check_meeting(-8, lemonade_factory(), order.inputs, order.targets, Amount(0, 1))
    ✗ Not yet. It is not −8. That is one path alone. Add what comes along the others.
    """
    ways = paths(network, x, target, start)
    if _each_path(as_list(answer), ways):
        return CheckResult(
            False, _("Those are the paths, one by one."), _("Now add them: one number is wanted.")
        )
    return check_number(
        answer, sum(way.product for way in ways), f"{added(ways)}.", _mistakes_in_a_sum(ways)
    )


def _each_path(answers: list[Any], ways: Sequence[Path]) -> bool:
    """Whether each number is what one of the paths comes to, with or without those of 0."""
    products = [way.product for way in ways]
    given = [as_float(answer) for answer in answers]
    return len(given) > 1 and all(
        value is not None and any(same(value, product) for product in products) for value in given
    )


def _mistakes_in_a_sum(ways: Sequence[Path]) -> Mistakes:
    """What paths come to when one is forgotten, a gate is, or they are not just added."""
    products = [way.product for way in ways]
    alive = [product for product in products if product]
    open_gates = [
        math.prod(link.slope for link in way.links if link.kind != "gate" or link.slope)
        for way in ways
    ]
    average = _("No average: the loss feels all paths at once. Add them.")
    return [
        *((product, _("That is one path alone. Add what comes along the others."))
          for product in alive),
        (math.prod(alive), _("Along a path you multiply. But paths that meet are added.")),
        (sum(open_gates), _("A gate is shut on one path: nothing comes through there.")),
        (sum(map(abs, products)), _("Look at the signs: one path pulls the other way.")),
        (sum(alive) / max(1, len(alive)), average),
        (sum(products) / len(products), average),
        (sum(math.prod(way.slopes[:-1]) for way in ways), _forgotten(ways[0].links[-1])),
    ]  # fmt: skip


def check_machines(square: Any, slopes: Any) -> CheckResult:
    """Check the slopes of (2 + 3w)² at w = 3, and of (x + y)·z at −2, 5, −4 for x, y and z.

    The second is the first example of Stanford's course CS231n, notes on backpropagation.

    >>> check_machines(66, [1, -4, 3])
    ✗ Not yet. x: it is not 1. Go on: the sum is then multiplied by z.
    """
    answers = [square, *as_list(slopes)]
    if len(answers) != 4:
        return CheckResult(
            False,
            _("Four numbers are wanted, and {got} came.").format(got=len(answers)),
            _("Write one for w, and one each for x, y and z."),
        )
    results = [
        (name, check_number(answer, *right))
        for name, answer, right in zip("wxyz", answers, (_square(), *_sum_times()), strict=True)
    ]
    if not any(result.tried for _name, result in results):
        return not_tried()
    for name, result in results:
        if not result.ok:
            return CheckResult(False, labelled(name, within(result.message)), result.hint)
    return CheckResult(
        True, sentences(*(labelled(name, result.message) for name, result in results))
    )


Right = tuple[float, str, Mistakes]  # the answer, why, and what else might be written


def _square() -> Right:
    w, knob, pinch = 3.0, 3.0, 2.0
    network, loss = Network([Dense([[knob]], [pinch])]), MeanSquaredError()
    trace = network.forward([w])
    outer = loss.gradient(trace.output, [[0.0]])
    slope = network.backward(trace, outer).inputs.item()
    mix, steep = trace.output.item(), outer.item()
    return (
        slope,
        _("{sums}.").format(sums=f"{number(steep)} × {number(knob)} = {number(slope)}"),
        [
            (steep, _("That is the outer slope. w itself counts 3 times in the bracket.")),
            (knob, _("That is the inner slope. Now the square: 2 × the bracket.")),
            (mix**2, _("That is what the machine makes. Its slope is asked for.")),
            (mix * knob, _("A square's slope is 2 × what stands in it. The 2 is missing.")),
            (steep + knob, _("Along the way slopes are multiplied, not added.")),
            (2.0 * knob**2 * w, _("In the bracket stands 2 + 3 × 3. Do not forget the 2.")),
            (2.0 * w * knob, _("A square's slope is 2 × what stands in it, and that is 2 + 3w.")),
        ],
    )


def _sum_times() -> list[Right]:
    x, y, z = -2.0, 5.0, -4.0
    network = Network([Dense([[1.0], [1.0]], [0.0]), Dense([[z]], [0.0])])
    trace = network.forward([x, y])
    gradients = network.backward(trace, [[1.0]])
    made = (trace.output.item(), _("That is what the machine makes. Its slope is asked for."))
    total = trace.layers[0].activations.item()
    go_on = (1.0, _("Go on: the sum is then multiplied by z."))
    itself = _("How much does the whole grow when z grows by 1? Once more the sum, x + y.")
    found: list[Right] = [
        (slope, f"1 × ({number(z)}) = {number(slope)}.", [go_on, made,
         (total, _("x and y are multiplied by z, not by each other's sum."))])
        for slope in gradients.inputs[0].tolist()
    ]  # fmt: skip
    of_z = gradients.layers[1].weights.item()
    why = _("{sums}.").format(sums=f"{number(x)} + {number(y)} = {number(of_z)}")
    return [*found, (of_z, why, [(z, itself), (1.0, itself), made])]


def check_paths_function(function: Any, trials: int = 20, seed: int = 0) -> CheckResult:
    """Check a function (a list of paths, each a list of slopes) -> gradient.

    It is tried on two short paths, then on those of random factories, and compared with the
    engine's backward pass.
    """

    def each() -> Iterator[Trial]:
        yield _paths_trial([[2, 3], [4, 5]], 26.0)
        random = np.random.default_rng(seed)
        for _trial in range(trials - 1):
            yield _paths_trial(*_random_paths(random))

    right = _("On {n} factories your function says what the backward pass says.")
    return check_trials(function, each(), right)


def _paths_trial(slopes: list[list[int]], expected: float) -> Trial:
    judge = judged_number(expected, _mistakes_with_paths(slopes))
    return Trial({"all_paths": slopes}, judge, _("the paths {paths}").format(paths=slopes))


def _random_paths(random: np.random.Generator) -> tuple[list[list[int]], float]:
    """The slopes of all paths from a material of a small factory, and its gradient by backward.

    The numbers are whole, and what comes of each typical mistake is another number.
    """
    sizes = [2, int(random.integers(2, 4)), 1]
    network = Network(
        Dense(random.integers(-3, 4, shape), random.integers(1, 5, shape[1]), gate)
        for shape, gate in zip(pairwise(sizes), ("relu", "identity"), strict=True)
    )
    x, target, start = random.integers(-2, 3, 2), random.integers(-3, 4, 1), Amount(0, 0)
    trace = network.forward(x)
    back = network.backward(trace, MeanSquaredError().gradient(trace.output, target[np.newaxis]))
    expected = gradient_at(back, start)
    slopes = [[int(slope) for slope in way.slopes] for way in paths(network, x, target, start)]
    mistakes = _mistakes_with_paths(slopes)
    if len({expected, *(wrong for wrong, _hint in mistakes)}) <= len(mistakes):
        return _random_paths(random)
    return slopes, expected


def _mistakes_with_paths(slopes: list[list[int]]) -> Mistakes:
    products = [math.prod(way) for way in slopes]
    return [
        (0.0, _("A product that begins at 0 stays 0: begin it at 1.")),
        (products[0], _("That is one path alone. Add what comes along the others.")),
        (max(products), _("Not the largest alone: add all paths.")),
        (sum(products) / len(products), _("No average: add all paths.")),
        (math.prod(products), _("Along a path you multiply. But paths that meet are added.")),
        (sum(map(sum, slopes)), _("Along a path the slopes are multiplied, not added.")),
        (math.prod(map(sum, slopes)), _("The other way round: multiply along, add over.")),
        (sum(accumulate(products, mul)), _("Begin each path with a product of 1 of its own.")),
    ]
