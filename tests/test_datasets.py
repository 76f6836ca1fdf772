"""The data sets: exact facts, the shapes they promise, the same seed again, and what is refused."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits, make_moons

from backprop_lib import datasets
from backprop_lib.datasets import (
    Dataset,
    Split,
    digits,
    lemonade,
    lemonade_factory,
    lemonade_workers,
    moons,
    rings,
    spiral,
    xor,
)

ALL = [
    lemonade,
    xor,
    moons,
    spiral,
    lambda: spiral(classes=3),
    lambda: digits().train,
    lambda: digits().test,
]
SEEDED: list[Callable[..., Dataset]] = [moons, rings, spiral]


def _labels(dataset: Dataset) -> np.ndarray:
    targets = dataset.targets
    return (targets[:, 0] if targets.shape[1] == 1 else targets.argmax(axis=1)).astype(int)


def _rows(inputs: np.ndarray) -> set[bytes]:
    return {row.tobytes() for row in inputs}


# What holds for each of them


@pytest.mark.parametrize("make", ALL)
def test_shapes_names_and_locks(make: Callable[[], Dataset]) -> None:
    dataset = make()
    assert dataset.inputs.dtype == dataset.targets.dtype == np.float64
    assert dataset.inputs.shape == (len(dataset), len(dataset.input_names))
    assert dataset.targets.shape == (len(dataset), len(dataset.target_names))
    assert len(dataset.input_units) in (0, len(dataset.input_names))
    assert all([dataset.name, *dataset.input_names, *dataset.target_names])
    assert len(set(dataset.input_names)) == len(dataset.input_names)
    assert dataset.source.endswith(".")
    with pytest.raises(ValueError, match="read-only"):
        dataset.inputs[0, 0] = 7.0
    with pytest.raises(ValueError, match="read-only"):
        dataset.targets[0, 0] = 7.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        dataset.name = "another"  # type: ignore[misc]


@pytest.mark.parametrize("make", ALL[1:])
def test_targets_are_answers_of_0_and_1(make: Callable[[], Dataset]) -> None:
    targets = make().targets
    assert set(np.unique(targets)) == {0.0, 1.0}
    if targets.shape[1] > 1:
        np.testing.assert_array_equal(targets.sum(axis=1), 1.0)


# A data set of one's own


def _own(**changes: object) -> Dataset:
    given = {
        "name": "weather",
        "inputs": [[20, 1], [8, 3]],
        "targets": [[0], [1]],
        "input_names": ["warmth", "wind"],
        "target_names": ["rain"],
    }
    return Dataset(**(given | changes))  # type: ignore[arg-type]


def test_a_table_of_ones_own() -> None:
    table = np.array([[20, 1], [8, 3]])
    own = _own(inputs=table, input_units=["°C", "m/s"])
    table[0, 0] = 99
    assert own.inputs[0, 0] == 20.0
    assert own.input_names == ("warmth", "wind")
    assert own.input_units == ("°C", "m/s")
    assert own.source == ""
    assert repr(own) == "Dataset(weather: 2 examples, 2 → 1)"
    assert len(own) == 2


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"inputs": [1, 2]}, ValueError, "Expected the inputs as a table .* try values.reshape"),
        ({"targets": [0, 1]}, ValueError, "Expected the targets as a table"),
        ({"inputs": np.ones((2, 2, 2))}, ValueError, r"array of shape \(2, 2, 2\) came"),
        ({"inputs": [[1, 2]]}, ValueError, "1 rows of inputs and 2 rows of targets came"),
        ({"inputs": np.empty((0, 2))}, ValueError, "Expected at least one number"),
        ({"inputs": [[1], [2, 3]]}, ValueError, "Expected rows of equal length"),
        ({"inputs": [[1, np.nan], [2, 3]]}, ValueError, "Expected finite numbers"),
        ({"targets": [[np.inf], [1]]}, ValueError, "Expected finite numbers for the targets"),
        ({"inputs": [["a", "b"], ["c", "d"]]}, TypeError, "Expected numbers for the inputs"),
        ({"input_names": ["warmth"]}, ValueError, "Expected 2 texts for the input names, but 1"),
        ({"input_names": "ab"}, TypeError, "the input names as a list of texts, but 'ab' came"),
        ({"input_names": [1, 2]}, TypeError, "Expected the input names as a list of texts"),
        ({"target_names": None}, TypeError, "Expected the target names as a list of texts"),
        ({"target_names": ["rain", "snow"]}, ValueError, "Expected 1 texts for the target names"),
        ({"target_names": []}, ValueError, "Expected 1 texts for the target names, but 0 came"),
        ({"input_units": ["°C"]}, ValueError, "Expected 2 texts for the input units, but 1 came"),
    ],
)
def test_what_does_not_fit_is_refused(
    changes: dict[str, object], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        _own(**changes)


# Held-out examples


def test_every_fifth_is_held_out() -> None:
    whole = _own(
        inputs=np.arange(12).reshape(12, 1), targets=np.arange(12).reshape(12, 1), input_names=["i"]
    )
    split = whole.split()
    assert isinstance(split, Split)
    assert split.test.inputs.ravel().tolist() == [4, 9]
    assert split.train.inputs.ravel().tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 10, 11]
    for part in split:
        np.testing.assert_array_equal(part.inputs, part.targets)
        assert not part.inputs.flags.writeable
        assert (part.name, part.input_names, part.source) == ("weather", ("i",), "")
    assert whole.split(every=2).test.inputs.ravel().tolist() == [1, 3, 5, 7, 9, 11]


@pytest.mark.parametrize(
    ("every", "error", "sentence"),
    [
        (5, ValueError, "Expected at least 5 examples, .* XOR has 4; try a larger one"),
        (1, ValueError, "of at least 2, but 1 came"),
        (2.5, TypeError, "Expected a whole number"),
    ],
)
def test_a_split_that_cannot_be(every: object, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        xor().split(every)  # type: ignore[arg-type]


# The lemonade


def test_the_order_of_the_course() -> None:
    order = lemonade()
    np.testing.assert_array_equal(order.inputs, [[2.0, 1.0]])
    np.testing.assert_array_equal(order.targets, [[1.0]])
    assert order.input_names == ("lemons", "sugar")
    assert order.input_units == ("pieces", "spoons")
    assert order.target_names == ("sourness",)


def test_the_factory_of_the_course() -> None:
    trace = lemonade_factory().forward(lemonade().inputs)
    np.testing.assert_array_equal(trace.layers[0].pre_activations, [[1.0, 2.0, -1.0]])
    np.testing.assert_array_equal(trace.layers[0].activations, [[1.0, 2.0, 0.0]])
    np.testing.assert_array_equal(trace.output, [[3.0]])
    ana, bo, cy = lemonade_factory().layers[0].weights.T
    assert (ana.tolist(), bo.tolist(), cy.tolist()) == ([1, -1], [0.5, 1], [-1, 1])
    assert lemonade_factory().layers[1].weights.ravel().tolist() == [2, 0.5, 1]


def test_every_worker_has_a_name() -> None:
    floors = lemonade_workers()
    assert floors == (("Ana", "Bo", "Cy"), ("taster",))
    assert tuple(len(floor) for floor in floors) == lemonade_factory().sizes[1:]


# XOR, moons, spiral


def test_xor_is_exclusive_or() -> None:
    for (first, second), (answer,) in zip(xor().inputs, xor().targets, strict=True):
        assert answer == (first != second)
    assert len(_rows(xor().inputs)) == 4


def test_xor_comes_again_and_again_with_noise_around_it() -> None:
    many = xor(examples=403, noise=0.05, seed=2)
    np.testing.assert_array_equal(many.targets[:4], xor().targets)
    np.testing.assert_array_equal(_labels(many)[:400].reshape(100, 4), [_labels(xor())] * 100)
    shift = many.inputs - xor().inputs[np.arange(403) % 4]
    np.testing.assert_allclose(shift.std(), 0.05, rtol=0.1)
    np.testing.assert_array_equal(xor(examples=8, seed=9).inputs, [*xor().inputs] * 2)
    with pytest.raises(ValueError, match="of at least 4, but 3 came"):
        xor(examples=3)


def test_rings_without_noise_are_two_circles() -> None:
    dataset = rings(examples=101, noise=0)
    labels = _labels(dataset)
    for kind, radius, count in ((0, 1.0, 51), (1, 0.4, 50)):
        ring = dataset.inputs[labels == kind]
        assert len(ring) == count
        np.testing.assert_allclose(np.hypot(*ring.T), radius, rtol=1e-14)
        angles = np.sort(np.arctan2(ring[:, 1], ring[:, 0]) % (2 * np.pi))
        np.testing.assert_allclose(np.diff(angles), 2 * np.pi / count, rtol=1e-9)


def test_moons_without_noise_lie_on_two_half_circles() -> None:
    dataset = moons(examples=101, noise=0)
    labels = _labels(dataset)
    first, second = dataset.inputs[labels == 0], dataset.inputs[labels == 1]
    np.testing.assert_allclose(np.hypot(*first.T), 1.0, rtol=1e-14)
    np.testing.assert_allclose(np.hypot(*(second - [1.0, 0.5]).T), 1.0, rtol=1e-14)
    assert first[:, 1].min() >= 0.0
    assert second[:, 1].max() <= 0.5
    # From end to end, evenly.
    for moon in (first, second):
        moon = moon[np.argsort(moon[:, 0])]
        assert moon[-1, 0] - moon[0, 0] == 2.0
        steps = np.hypot(*np.diff(moon, axis=0).T)
        np.testing.assert_allclose(steps, steps[0], rtol=1e-9)


def test_moons_are_those_of_scikit_learn() -> None:
    ours = moons(examples=60, noise=0)
    points, labels = make_moons(60, shuffle=False, noise=None)
    found = np.column_stack([ours.inputs, _labels(ours)])
    expected = np.column_stack([points, labels])
    # Rounded, so that a last bit does not decide which row comes first.
    for table in (found, expected):
        table[:] = table.round(9) + 0.0
        table[:] = table[np.lexsort(table.T)]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("turns", [0.5, 1.0, 2.25])
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_spirals_without_noise_wind_evenly(turns: float, classes: int) -> None:
    dataset = spiral(examples=40 * classes, noise=0, turns=turns, classes=classes)
    labels = _labels(dataset)
    radii = np.hypot(*dataset.inputs.T)
    angles = np.arctan2(dataset.inputs[:, 1], dataset.inputs[:, 0])
    rest = (angles / (2 * np.pi) - turns * radii - labels / classes) % 1.0
    np.testing.assert_allclose(np.minimum(rest, 1.0 - rest), 0.0, atol=1e-12)
    for arm in range(classes):
        np.testing.assert_allclose(np.sort(radii[labels == arm]), np.arange(1, 41) / 40)
    assert dataset.targets.shape[1] == (1 if classes == 2 else classes)


@pytest.mark.parametrize("make", SEEDED)
def test_the_same_seed_gives_the_same_data(make: Callable[..., Dataset]) -> None:
    first, again, other = make(seed=3), make(seed=3), make(seed=4)
    np.testing.assert_array_equal(first.inputs, again.inputs)
    np.testing.assert_array_equal(first.targets, again.targets)
    assert not np.array_equal(first.inputs, other.inputs)
    np.testing.assert_array_equal(make().inputs, make(seed=0).inputs)
    by_generator = make(seed=np.random.default_rng(3))
    np.testing.assert_array_equal(first.inputs, by_generator.inputs)
    np.testing.assert_array_equal(first.inputs, make(seed=np.int64(3)).inputs)


@pytest.mark.parametrize("make", SEEDED)
def test_making_data_leaves_the_global_dice_alone(make: Callable[..., Dataset]) -> None:
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    make()
    assert np.random.random() == expected


@pytest.mark.parametrize("make", SEEDED)
def test_noise_is_a_standard_deviation(make: Callable[..., Dataset]) -> None:
    clean, noisy = make(examples=20_000, noise=0), make(examples=20_000, noise=0.3)
    np.testing.assert_array_equal(clean.targets, noisy.targets)
    shift = noisy.inputs - clean.inputs
    np.testing.assert_allclose(shift.std(axis=0), 0.3, rtol=0.03)
    np.testing.assert_allclose(shift.mean(axis=0), 0.0, atol=0.01)


@pytest.mark.parametrize("make", SEEDED)
def test_the_order_is_mixed(make: Callable[..., Dataset]) -> None:
    # A quarter of the examples at any place holds both answers in fair shares.
    labels = _labels(make(examples=2000))
    assert [abs(part.mean() - 0.5) < 0.1 for part in np.split(labels, 4)] == [True] * 4


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 6), st.integers(0, 50), st.integers(0, 5))
def test_classes_are_balanced(classes: int, more: int, seed: int) -> None:
    examples = classes + more
    for dataset, groups in (
        (spiral(examples, classes=classes, seed=seed), classes),
        (moons(examples, seed=seed), 2),
        (rings(examples, seed=seed), 2),
    ):
        counts = np.bincount(_labels(dataset), minlength=groups)
        assert counts.sum() == len(dataset) == examples
        assert counts.max() - counts.min() <= 1
        assert (np.diff(counts) <= 0).all()


@pytest.mark.parametrize("make", SEEDED)
@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"examples": 0}, ValueError, "the number of examples of at least 2, but 0 came"),
        ({"examples": 1}, ValueError, "the number of examples of at least 2, but 1 came"),
        ({"examples": -5}, ValueError, "of at least 2, but -5 came"),
        ({"examples": 10.0}, TypeError, "Expected a whole number for the number of examples"),
        ({"examples": "ten"}, TypeError, "Expected a whole number for the number of examples"),
        ({"examples": True}, TypeError, "Expected a whole number for the number of examples"),
        ({"noise": -0.1}, ValueError, "Expected finite noise of 0 or more, but -0.1 came"),
        ({"noise": float("nan")}, ValueError, "Expected finite noise of 0 or more, but nan came"),
        ({"noise": float("inf")}, ValueError, "Expected finite noise of 0 or more, but inf came"),
        ({"noise": "0.1"}, TypeError, "Expected a number for the noise, but '0.1' came; try 0.1"),
        ({"noise": None}, TypeError, "Expected a number for the noise"),
        ({"seed": -1}, ValueError, "Expected a seed of 0 or more, but -1 came"),
        ({"seed": 1.5}, TypeError, "Expected a whole number or a numpy Generator for the seed"),
        ({"seed": None}, TypeError, "Expected a whole number or a numpy Generator for the seed"),
    ],
)
def test_arguments_that_make_no_sense(
    make: Callable[..., Dataset],
    arguments: dict[str, object],
    error: type[Exception],
    sentence: str,
) -> None:
    with pytest.raises(error, match=sentence):
        make(**arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"classes": 1}, ValueError, "the number of classes of at least 2, but 1 came"),
        ({"classes": 2.0}, TypeError, "Expected a whole number for the number of classes"),
        ({"classes": 4, "examples": 3}, ValueError, "the number of examples of at least 4, but 3"),
        ({"turns": 0}, ValueError, "Expected a positive finite number for the number of turns"),
        ({"turns": float("inf")}, ValueError, "Expected a positive finite number"),
        ({"turns": "one"}, TypeError, "Expected a positive number for the number of turns"),
    ],
)
def test_spirals_that_make_no_sense(
    arguments: dict[str, object], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        spiral(**arguments)  # type: ignore[arg-type]


# The digits


def test_the_digits_are_those_of_scikit_learn() -> None:
    theirs = load_digits()
    with np.load(datasets.DIGITS, allow_pickle=False) as file:
        assert file["pixels"].dtype == file["labels"].dtype == np.uint8
        np.testing.assert_array_equal(file["pixels"], theirs.data)
        np.testing.assert_array_equal(file["labels"], theirs.target)
    held_out = np.arange(1797) % 5 == 4
    for part, rows in zip(digits(), (~held_out, held_out), strict=True):
        np.testing.assert_array_equal(part.inputs * 16, theirs.data[rows])
        np.testing.assert_array_equal(part.targets, np.eye(10)[theirs.target[rows]])
        np.testing.assert_array_equal(part.inputs.reshape(-1, 8, 8) * 16, theirs.images[rows])


def test_what_is_held_out() -> None:
    train, test = digits()
    assert (len(train), len(test)) == (1438, 359)
    counts = np.bincount(_labels(test), minlength=10).tolist()
    assert counts == [27, 21, 34, 52, 34, 28, 31, 43, 47, 42]
    assert np.bincount(_labels(train), minlength=10).min() == 127
    assert len(_rows(train.inputs)) == 1438
    assert len(_rows(test.inputs)) == 359
    assert not _rows(train.inputs) & _rows(test.inputs)


def test_what_a_pixel_is() -> None:
    train = digits().train
    assert (train.inputs.min(), train.inputs.max()) == (0.0, 1.0)
    assert train.input_names[0] == "row 1, column 1"
    assert train.input_names[63] == "row 8, column 8"
    assert set(train.input_units) == {"ink, 0 to 1"}
    assert "CC BY 4.0" in train.source


def test_the_file_is_small_and_read_late_and_once() -> None:
    assert os.path.getsize(datasets.DIGITS) < 60_000
    code = (
        "from backprop_lib.datasets.handwriting import _digit_arrays, digits\n"
        "print(_digit_arrays.cache_info().misses)\n"
        "digits(), digits()\n"
        "print(_digit_arrays.cache_info().misses)\n"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(datasets.__file__)))
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["0", "1"]
