"""The checks of lesson 5: right answers, slips each with a hint of its own, and nonsense."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_lib.checks import CheckResult, check_rate, check_turned, check_update_function

pytestmark = pytest.mark.filterwarnings("error")

KNOBS, GRADIENTS, NAMES = [0.5, 1, 0], [4, 2, 2], ["lemons", "sugar", "pinch"]


def turned(answer: Any) -> CheckResult:
    return check_turned(answer, KNOBS, GRADIENTS, 0.01, NAMES)


class Odd:
    def __float__(self) -> float:
        raise OSError

    def __repr__(self) -> str:
        raise OSError


def test_turned_knobs() -> None:
    for answer in ([0.46, 0.98, -0.02], (0.46, 0.98, -0.02), np.array([0.46, 0.98, -0.02])):
        assert turned(answer).ok
    assert "0.5 − 0.01 × 4 = 0.46" in turned([0.46, 0.98, -0.02]).message
    for answer in (..., None, [..., ..., ...]):
        assert not turned(answer).tried
    half = turned([0.46, ..., ...])
    assert not half.ok
    assert half.hint


def test_each_slip_of_a_turn_has_a_hint_of_its_own() -> None:
    slips: dict[str, Callable[[float, float], float]] = {
        "uphill": lambda w, g: w + 0.01 * g,
        "rate is missing": lambda w, g: w - g,
        "So far the knob is turned": lambda w, g: 0.01 * g,
        "multiply the knob": lambda w, g: w * 0.01 * g,
        "gradient is missing": lambda w, g: w - 0.01,
        "There it stood before": lambda w, g: w,
        "That is the gradient": lambda w, g: g,
    }
    hints = []
    for words, slip in slips.items():
        result = check_turned([slip(3, 7), slip(2, 5)], [3, 2], [7, 5], 0.01, ["a", "b"])
        assert not result.ok
        assert words in result.hint
        hints.append(result.hint)
    assert len(set(hints)) == len(slips)


def test_the_rates_that_are_right_are_those_of_the_engine() -> None:
    right = [n / 5000 for n in range(1, 250) if check_rate(n / 5000).ok]
    assert (right[0], right[-1]) == (0.011, 0.0208)
    assert len(right) == 50  # no gap
    # With 0.5 the loss is 0 after two laps, but two of the three gates were pushed shut.
    lost = check_rate(0.5)
    assert not lost.ok
    assert "from this order" in lost.hint


@pytest.mark.parametrize("answer", [math.nan, math.inf, "0.02", [], Odd(), True, 1j, 10**400])
def test_nonsense_is_no_rate(answer: Any) -> None:
    result = check_rate(answer)
    assert not result.ok
    assert result.hint


@pytest.mark.parametrize("answer", ["text", 3, {}, Odd(), [Odd()] * 3, ["a"] * 3, [math.nan] * 3])
def test_nonsense_is_no_turn(answer: Any) -> None:
    result = turned(answer)
    assert not result.ok
    assert result.hint


def right(knobs: list[float], gradients: list[float], rate: float) -> Any:
    return [w - rate * g for w, g in zip(knobs, gradients, strict=True)]


def in_place(knobs: list[float], gradients: list[float], rate: float) -> Any:
    for place, gradient in enumerate(gradients):
        knobs[place] -= rate * gradient
    return tuple(knobs)


def with_numpy(knobs: list[float], gradients: list[float], rate: float) -> Any:
    return np.array(knobs) - rate * np.array(gradients)


@pytest.mark.parametrize("function", [right, in_place, with_numpy])
def test_right_functions(function: Any) -> None:
    assert check_update_function(function).ok


@pytest.mark.parametrize(
    "function",
    [3, "update", Odd(), lambda: 1, lambda w, g, r: 1 / 0, lambda w, g, r: [Odd()] * len(w),
     lambda w, g, r: "text", lambda w, g, r: Odd(), lambda w, g, r: [math.inf] * len(w)],
)  # fmt: skip
def test_functions_that_do_no_good(function: Any) -> None:
    result = check_update_function(function)
    assert not result.ok
    assert result.tried
    assert result.hint
    assert str(result)


def test_an_untouched_function_is_not_tried() -> None:
    for function in (..., None, lambda w, g, r: ...):
        assert not check_update_function(function).tried
