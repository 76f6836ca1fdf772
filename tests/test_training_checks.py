"""Lesson 7's checks: every answer of some kind, told apart, and none that makes them stumble."""

from __future__ import annotations

import math
from typing import Any

import pytest

from backprop_lib.checks import check_batches_function, check_laps, check_rings

NONSENSE: list[Any] = [
    "three", "", b"", object(), 1j, math.nan, math.inf, [], [[]], {}, print, ValueError, True,
]  # fmt: skip


@pytest.mark.parametrize(
    ("orders", "size", "epochs"), [(160, 16, 30), (160, 60, 30), (4, 64, 7), (7, 7, 1), (200, 1, 3)]
)
def test_laps_are_those_that_training_takes(orders: int, size: int, epochs: int) -> None:
    laps = len(range(0, orders, size))
    result = check_laps([laps, laps * epochs], orders, size, epochs)
    assert result.ok
    assert f"{epochs} × {laps} = {laps * epochs}" in result.message
    assert not check_laps([laps + 1, laps * epochs], orders, size, epochs).ok
    assert not check_laps([laps, laps * epochs + 1], orders, size, epochs).ok
    assert not check_laps([..., ...], orders, size, epochs).tried


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_answered(nonsense: Any) -> None:
    for result in (
        check_laps([nonsense, 3], 160, 60, 30),
        check_laps(nonsense, 160, 60, 30),
        check_rings(nonsense, 0.3),
        check_rings(3, nonsense),
        check_batches_function(nonsense),
        check_batches_function(lambda orders, size: nonsense),
    ):
        assert not result.ok
        assert result.hint


@pytest.mark.parametrize("workers", range(3, 9))
def test_three_workers_or_more_part_the_rings(workers: int) -> None:
    for rate in (0.1, 0.3):
        result = check_rings(workers, rate)
        assert result.ok, (workers, rate, result)
    assert f"{workers} workers are enough" in result.message


@pytest.mark.parametrize(
    ("workers", "rate", "words"),
    [
        (1, 0.3, "One worker draws one line"),
        (2, 0.1, "ends are open"),
        (4, 0.01, "larger rate"),
        (4, 3.0, "beyond all bounds in round"),
        (4, 1e300, "beyond all bounds in round 1."),
        (0, 0.3, "whole number from 1 to 8"),
        (9, 0.3, "whole number from 1 to 8"),
        (3.5, 0.3, "whole number from 1 to 8"),
        (3, 0, "above zero"),
        (3, -1, "above zero"),
    ],
)
def test_other_factories_for_the_rings_get_a_hint(workers: Any, rate: float, words: str) -> None:
    result = check_rings(workers, rate)
    assert not result.ok
    assert words in f"{result.message} {result.hint}"


def test_batches_may_be_any_lists() -> None:
    def as_tuples(orders: list[int], size: int) -> tuple[tuple[int, ...], ...]:
        starts = range(0, len(orders), size)
        return tuple(tuple(orders[start : start + size]) for start in starts)

    assert check_batches_function(as_tuples).ok
    assert "gives nothing back" in check_batches_function(lambda orders, size: None).message
    assert not check_batches_function(lambda orders, size: ...).tried
    assert "stopped with ZeroDivisionError" in str(check_batches_function(lambda o, s: 1 / 0))
    assert "Each batch but the last" in str(
        check_batches_function(lambda orders, size: [[one] for one in orders])
    )
    assert "in the same order" in str(
        check_batches_function(lambda orders, size: as_tuples(orders[::-1], size))
    )


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda orders, size, start: [str(n) for n in orders[start : start + size]], "of orders"),
        (lambda orders, size, start: [n + 0.4 for n in orders[start : start + size]], "same order"),
    ],
)
def test_other_things_than_the_orders_are_no_batches(made: Any, words: str) -> None:
    def batches(orders: list[int], size: int) -> list[list[Any]]:
        return [made(orders, size, start) for start in range(0, len(orders), size)]

    assert words in check_batches_function(batches).hint


def test_an_empty_batch_and_an_early_return_get_a_hint() -> None:
    def one_too_many(orders: list[int], size: int) -> list[list[int]]:
        return [orders[n : n + size] for n in range(0, len(orders) + 1, size)]

    assert "One batch is empty" in check_batches_function(one_too_many).hint
    assert "Only the first batch" in check_batches_function(lambda o, size: [o[:size]]).hint


def test_the_smallest_floor_for_the_rings_is_asked_for() -> None:
    assert check_rings(3, 0.3).hint == "Fewer cannot close a shape."
    assert check_rings(8, 0.3).hint == "Can fewer do it, too?"
    assert "a smaller rate" in check_rings(3, 0.6).hint
