"""A data set scaled to mean 0 and spread 1, which remembers how; against numbers worked by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_lib.datasets import Dataset, Split, moons
from backprop_lib.study.runs import hold_out
from backprop_lib.widgets.playground_table import shaken

PEOPLE = Dataset(
    "people",
    [[150, 50, 7], [170, 60, 7], [190, 100, 7]],
    [[10], [20], [60]],
    ["height", "weight", "size"],
    ["price"],
    ["cm", "kg", ""],
    source="Made up.",
)


def test_each_column_comes_to_mean_0_and_spread_1_and_one_that_never_changes_to_0() -> None:
    scaled = PEOPLE.scaled()
    np.testing.assert_allclose(scaled.inputs.mean(axis=0), 0.0, atol=1e-15)
    np.testing.assert_allclose(scaled.inputs.std(axis=0), [1.0, 1.0, 0.0], rtol=1e-15)
    # By hand: mean 170, and the spread is the root of (400 + 0 + 400) / 3.
    np.testing.assert_allclose(scaled.inputs[:, 0], np.sqrt(1.5) * np.array([-1, 0, 1]), rtol=1e-15)
    assert repr(scaled) == "Dataset(people: 3 examples, 3 → 1, scaled)"


def test_names_stay_units_are_spreads_and_the_targets_are_let_alone_unless_asked() -> None:
    scaled = PEOPLE.scaled()
    assert (scaled.name, scaled.input_names, scaled.target_names, scaled.source) == (
        "people", ("height", "weight", "size"), ("price",), "Made up.",
    )  # fmt: skip
    assert scaled.input_units == ("spreads",) * 3
    np.testing.assert_array_equal(scaled.targets, PEOPLE.targets)
    np.testing.assert_array_equal(scaled.unscale([20.0]), [20.0])
    np.testing.assert_allclose(PEOPLE.scaled(targets=True).targets.std(), 1.0)
    assert not scaled.inputs.flags.writeable
    np.testing.assert_array_equal(PEOPLE.inputs[:, 0], [150, 170, 190])


def test_a_new_order_is_scaled_the_same_way_and_a_product_brought_back() -> None:
    scaled = PEOPLE.scaled(targets=True)
    np.testing.assert_array_equal(scaled.scale(PEOPLE.inputs), scaled.inputs)
    np.testing.assert_array_equal(scaled.scale(PEOPLE.inputs[1]), scaled.inputs[1])
    np.testing.assert_allclose(scaled.scale([170, 70, 8]), [0.0, 0.0, 1.0], atol=1e-15)
    np.testing.assert_allclose(scaled.unscale(scaled.targets), PEOPLE.targets, rtol=1e-15)
    np.testing.assert_allclose(scaled.unscale([0.0]), [30.0], rtol=1e-15)


def test_who_scales_twice_still_scales_and_unscales_from_the_first_numbers() -> None:
    part = PEOPLE.scaled(targets=True).split(every=3).train
    again = part.scaled(targets=True)
    np.testing.assert_allclose(again.scale(PEOPLE.inputs[:2]), again.inputs, atol=1e-14)
    np.testing.assert_allclose(again.unscale(again.targets), PEOPLE.targets[:2], rtol=1e-14)
    np.testing.assert_allclose(again.inputs[:, :2], [[-1, -1], [1, 1]], rtol=1e-14)


def test_what_is_held_out_is_scaled_as_what_is_trained_on() -> None:
    raw = moons(100, seed=2).split()
    train, test = raw.scaled()
    mean, spread = raw.train.inputs.mean(axis=0), raw.train.inputs.std(axis=0)
    np.testing.assert_allclose(test.inputs, (raw.test.inputs - mean) / spread, rtol=1e-12)
    np.testing.assert_array_equal(test.scale([1, 2]), train.scale([1, 2]))
    assert isinstance(raw.scaled(targets=True), Split)
    np.testing.assert_array_equal(
        raw.scaled(targets=True).test.unscale([0.0]), raw.scaled(targets=True).train.unscale([0.0])
    )


def test_parts_and_shaken_and_split_sets_remember_their_scale() -> None:
    scaled = moons(100, seed=2).scaled(targets=True)
    train, held_out = hold_out(scaled, 0.2)
    assert held_out is not None
    for part in (train, held_out, *scaled.split(), shaken(scaled, 0.1, 3)):
        np.testing.assert_array_equal(part.scale([1, 2]), scaled.scale([1, 2]))
        np.testing.assert_array_equal(part.unscale([1]), scaled.unscale([1]))


@pytest.mark.parametrize("constant", [0.0, 7.0, -3.3, 0.1, 1e16, 1e300, -1.7e308, 5e-324])
@pytest.mark.parametrize("examples", [1, 3, 7])
def test_a_column_that_never_changes_becomes_0_whatever_it_is(
    constant: float, examples: int
) -> None:
    data = Dataset("still", [[constant]] * examples, [[0]] * examples, ["x"], ["y"])
    assert (data.scaled().inputs == 0.0).all()
    assert data.scaled().scale([constant]) == [0.0]


@pytest.mark.parametrize(
    "column", [[1e308, -1e308], [1.7e308, 1.6e308], [5e-324, 0.0], [1e16, 1e16 + 2.0], [1e-300, 0]]
)
def test_the_largest_and_the_smallest_numbers_make_no_trouble(column: list[float]) -> None:
    data = Dataset("odd", [[one] for one in column], [[0], [1]], ["x"], ["y"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scaled = data.scaled()
    assert np.isfinite(scaled.inputs).all()
    if column != [5e-324, 0.0]:  # half of the smallest number there is, is none
        assert np.ptp(scaled.inputs) == pytest.approx(2.0, rel=1e-9)


NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12))
def test_any_table_comes_to_mean_0_and_spread_1_or_0_and_back(rows: list[tuple[float, float]]):
    data = Dataset("any", rows, [row[:1] for row in rows], ["a", "b"], ["c"])
    scaled = data.scaled(targets=True)
    np.testing.assert_allclose(scaled.inputs.mean(axis=0), 0.0, atol=1e-6)
    for column, spread in zip(data.inputs.T, scaled.inputs.std(axis=0), strict=True):
        assert spread == pytest.approx(0.0 if len(set(column + 0.0)) == 1 else 1.0, abs=1e-6)
    np.testing.assert_allclose(scaled.unscale(scaled.targets), data.targets, rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("call", "mentions"),
    [
        (lambda: PEOPLE.scale([1, 2, 3]), "data.scaled()"),
        (lambda: PEOPLE.scaled().scale([1, 2]), "the inputs"),
        (lambda: PEOPLE.scaled().scale("x"), "the inputs"),
        (lambda: PEOPLE.scaled().unscale([1, 2]), "the products"),
        (lambda: PEOPLE.scaled(like=PEOPLE), "like=train.scaled()"),
        (lambda: PEOPLE.scaled(like=moons().scaled()), "the same columns"),
        (lambda: PEOPLE.scaled(like="train"), "Expected a Dataset"),  # type: ignore[arg-type]
        (lambda: PEOPLE.scaled(targets="yes"), "targets=True"),  # type: ignore[arg-type]
        (lambda: Dataset("d", [[1]], [[2]], ["x"], ["y"], input_scale=3), "Scale"),  # type: ignore[arg-type]
        (
            lambda: Dataset("d", [[1]], [[2]], "x", "y", input_scale=PEOPLE.scaled().input_scale),
            "a list of texts",
        ),
        (
            lambda: Dataset(
                "d", [[1]], [[2]], ["x"], ["y"], input_scale=PEOPLE.scaled().input_scale
            ),
            "3",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(call, mentions: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal:
        call()
    assert mentions in str(refusal.value)
