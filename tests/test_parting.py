"""Held-out examples: today's plain rule for mixed data, and some of each kind for all other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_lib.datasets import Dataset, digits, moons, rings, spiral, xor
from backprop_lib.datasets.parting import held_out
from backprop_lib.study.runs import hold_out


def by_place(count: int, share: float) -> np.ndarray:
    """The rule in whole numbers: example i when (i + 1) · share reaches the next of them."""
    reached = [int(np.floor(round((i + 1) * share, 9))) for i in range(-1, count)]
    return np.diff(reached) > 0


def of_kinds(labels: list[int], one_hot: bool = True) -> Dataset:
    targets = np.eye(max(labels) + 1)[labels] if one_hot else np.array(labels)[:, np.newaxis]
    names = [f"kind {n}" for n in range(targets.shape[1])]
    return Dataset("own", np.arange(len(labels))[:, np.newaxis], targets, ["n"], names)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("make", [moons, rings, spiral])
def test_mixed_data_are_parted_as_ever(make: object, seed: int) -> None:
    data = make(200, seed=seed)  # type: ignore[operator]
    for share in (0.2, 0.25, 0.5):
        assert (held_out(data.targets, share) == by_place(200, share)).all()
    assert np.array_equal(data.split().test.inputs, data.inputs[4::5])


def test_the_digits_are_parted_as_ever() -> None:
    train, test = digits()
    assert (len(train), len(test)) == (1438, 359)
    whole = np.insert(train.targets, np.arange(4, 1437, 4)[: len(test)], test.targets, axis=0)
    assert (held_out(whole, 0.2) == by_place(1797, 0.2)).all()


@pytest.mark.parametrize("one_hot", [True, False])
@pytest.mark.parametrize(
    ("labels", "share"),
    [
        ([0, 0, 0, 0, 1] * 8, 0.2),  # every fifth is of one kind
        ([1, 0, 0, 0, 0] * 8, 0.2),
        ([0] * 20 + [1] * 4, 0.2),
        ([0, 1] * 20, 0.5),
        ([0, 0, 0, 1] * 10, 0.25),
        ([0] * 9 + [1] * 3, 0.2),
    ],
)
def test_both_parts_have_both_kinds(labels: list[int], share: float, one_hot: bool) -> None:
    data = of_kinds(labels, one_hot)
    train, test = hold_out(data, share)
    assert test is not None
    assert len(test) == int(np.floor(round(len(labels) * share, 9)))
    for part in (train, test):
        kinds, counts = np.unique(part.targets[:, -1], return_counts=True)
        assert kinds.tolist() == [0.0, 1.0]
        due = np.bincount(labels) * len(part) / len(data)
        assert (np.abs(counts - due) <= 1.0).all()
        assert part.source == ""
    together = sorted(train.inputs.ravel().tolist() + test.inputs.ravel().tolist())
    assert together == list(range(len(labels)))


def test_many_noisy_switches_have_both_answers_held_out() -> None:
    test = hold_out(xor(200, 0.1), 0.25)[1]
    assert test is not None
    assert np.unique(test.targets, return_counts=True)[1].tolist() == [25, 25]


def test_amounts_are_parted_by_place() -> None:
    amounts = np.array([[1.0], [2.0], [2.0], [2.0], [3.0]] * 4)
    assert held_out(amounts, 0.2).nonzero()[0].tolist() == [4, 9, 14, 19]


def test_a_kind_that_cannot_be_in_both_parts_is_told() -> None:
    train, test = hold_out(of_kinds([0] * 9 + [1]), 0.2)
    assert test is not None
    assert test.source == "This part has no example of the kind 'kind 1'."
    assert train.source == ""
    train, test = of_kinds([0, 1], one_hot=False).split(every=2)
    assert [part.source for part in (train, test)] == [
        "This part has no example of the kind 'kind 0 1'.",
        "This part has no example of the kind 'kind 0 0'.",
    ]


@given(
    labels=st.lists(st.integers(0, 3), min_size=2, max_size=40),
    share=st.sampled_from([0.05, 0.1, 0.2, 0.25, 1 / 3, 0.5]),
    in_order=st.booleans(),
)
def test_wherever_it_can_be_each_kind_is_in_both_parts(
    labels: list[int], share: float, in_order: bool
) -> None:
    labels = sorted(labels) if in_order else labels
    out = held_out(of_kinds(labels).targets, share)
    assert out.sum() == by_place(len(labels), share).sum()
    counts = np.bincount(labels)
    tested = np.bincount(np.array(labels)[out], minlength=len(counts))
    several = counts > 1
    if out.sum() >= several.sum() and len(set(labels)) > 1:
        assert (tested[several] > 0).all()
        if len(labels) - out.sum() >= (counts > 0).sum():
            assert (tested < counts)[counts > 0].all()
