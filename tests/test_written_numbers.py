"""Numbers as people write them are read, or the slip is named; and every check names it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_lib import i18n
from backprop_lib.checks import check_number, check_rate, check_rings, check_wish
from backprop_lib.checks.result import check_each, cut_short, no_number
from backprop_lib.checks.written import read, slip

READ = {
    "3": 3, " 3 ": 3, "+3": 3, "3.": 3, ".5": 0.5, "3.75": 3.75, "3,75": 3.75, "0,015": 0.015,
    "−2": -2, "–2": -2, "- 2": -2, "-0,5": -0.5, "３": 3, "３．５": 3.5, "９，５": 9.5,
    "½": 0.5, "¼": 0.25, "1½": 1.5, "−1½": -1.5, "1/4": 0.25, "1 1/2": 1.5, "½ spoon": 0.5,
    "2 lemons": 2, "3)": 3, "3;": 3, "1e-3": 0.001, "1.4 × 10⁻³": 0.0014, "2 * 10^3": 2000,
    "0.5^2": 0.25, "0.5²": 0.25, "-3^2": -9, "2**3": 8, "three": 3, "Twelve": 12, "0": 0,
}  # fmt: skip
NOT_READ = [
    "", "lemons", "1,234", "12,500", "2 and 3", "2, 3", "--2", "1/0", "3 4", "50 %", "1.2.3",
   "1,2,3",    "0x10", "nan", "inf", "1" + "0" * 90 + "^999", "²", "½½",
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_a_person_reads_is_read(text: str) -> None:
    assert read(text) == pytest.approx(READ[text], abs=1e-12)


@pytest.mark.parametrize("text", NOT_READ)
def test_what_could_be_two_numbers_or_none_is_not(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=30))
def test_no_text_makes_it_stumble(text: str) -> None:
    found = read(text)
    assert found is None or math.isfinite(found)


@given(st.decimals(-1000, 1000, places=2), st.sampled_from(["{}", " {} ", "{} lemons", "{})"]))
def test_decimal_comma_and_true_minus_mean_the_same(value: Any, around: str) -> None:
    for text in (str(value), str(value).replace(".", ","), str(value).replace("-", "−")):
        assert read(around.format(text)) == float(value)


@given(st.integers(0, 50), st.integers(1, 50))
def test_fractions_mean_what_they_say(above: int, below: int) -> None:
    assert read(f"{above}/{below}") == pytest.approx(float(Fraction(above, below)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("3,75", "without quotes: 3.75."),
        ("−2", "without quotes: -2."),
        ("three", "without quotes: 3."),
        ((3, 75), "Write a point: 3.75."),
        ((0, 15), "Write a point: 0.15."),
        ((-2, 5), "Write a point: -2.5."),
        ((3,), "Write it alone: 3."),
        ([3], "Write it alone: 3."),
        ([3, 75], "such as 0.5"),
        ("lemons", "such as 0.5"),
        ((1, 2, 3), "such as 0.5"),
    ],
)
def test_the_slip_is_named_wherever_one_number_is_wanted(answer: Any, words: str) -> None:
    assert words in no_number(answer).hint
    results = [check_number(answer, 3.75), check_rate(answer), check_rings(3, answer)]
    results.append(check_wish([2, 1], answer, [2, 1], wanted=5))
    for result in results:
        assert not result.ok
        assert words in result.hint or (not slip(answer) and "pinch = 0" in result.hint)


def test_a_list_that_a_comma_made_longer_is_told_so() -> None:
    result = check_each([0, 3, 5, 2], ["Ana", "Bo", "Cy"], lambda one, _n: check_number(one, 0))
    assert "3 numbers is wanted, and 4 came" in result.message
    assert "within a number write a point" in result.hint


@pytest.mark.parametrize(
    ("value", "expected", "nearly"),
    [
        (0.59, 0.5911, True),
        (-4.12, -4.125, True),
        (16.2, 16.1601, True),
        (16.1, 16.1601, True),  # cut off, not rounded
        (-4.1, -4.125, True),
        (160, 161, False),  # a count that is one too low
        (3, 3.75, False),
        (4, 3.75, False),
        (0.5, 0.59, False),
        (16.3, 16.16, False),
        (-0.59, 0.5911, False),
        (5, 5.02, True),
        (0, 0.001, False),
    ],
)
def test_too_few_digits_are_told_from_another_number(
    value: float, expected: float, nearly: bool
) -> None:
    assert cut_short(value, expected) == nearly
    assert ("Nearly" in check_number(value, expected).hint) == nearly


@pytest.mark.parametrize(
    ("value", "expected", "words"),
    [
        (-9, -4.125, "larger: nearer to 0"),
        (-1, -4.125, "smaller: further below zero"),
        (0, -4.125, "smaller: below zero"),
        (7, -4.125, "smaller: below zero"),
        (-7, 4.125, "larger."),
        (7, 4.125, "smaller."),
    ],
)
def test_below_zero_it_is_said_which_way(value: float, expected: float, words: str) -> None:
    assert words in check_number(value, expected).hint


def test_exactly_five_is_exactly_five() -> None:
    assert check_wish([2, 1], 0, [2, 1], wanted=5).ok
    assert check_wish([0.1, 4.8], 0, [2, 1], wanted=5).ok  # but for the last bit
    for pinch in (0.002, -0.002, 1e-6):
        result = check_wish([2, 1], pinch, [2, 1], wanted=5)
        assert not result.ok
        assert f"ships {i18n.number(5 + pinch, 9)}" in result.message
    assert check_wish([2, 1], 0.002, [2, 1], wanted=5, within=1e-3).ok
