"""Drawings become images as the data's are, and hand-made digits are read rightly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backprop_lib.datasets import Dataset, digits
from backprop_lib.datasets.files import trained_reader
from backprop_lib.datasets.strokes import (
    INK,
    MOST_POINTS,
    MOST_STROKES,
    as_dots,
    as_image,
    as_strokes,
)
from tests.drawings import DRAWINGS, strokes
from tools.bending import bent_copies

POINT = st.tuples(st.floats(0, 100), st.floats(0, 100))
DRAWING = st.lists(st.lists(POINT, min_size=1, max_size=8), min_size=1, max_size=5)
IMAGES = {digit: np.array([as_image(strokes(text)) for text in DRAWINGS[digit]])
          for digit in DRAWINGS}  # fmt: skip


# ---- hand-made digits ---------------------------------------------------------------------------


def test_there_are_ten_different_drawings_of_each_digit() -> None:
    assert sorted(DRAWINGS) == list(range(10))
    every = [text for texts in DRAWINGS.values() for text in texts]
    assert len(set(every)) == len(every) == 100
    assert all(as_strokes(strokes(text)) == strokes(text) for text in every)


@pytest.mark.parametrize("digit", range(10))
def test_nine_in_ten_drawings_are_read_rightly(digit: int) -> None:
    answers = trained_reader().forward(IMAGES[digit]).output.argmax(axis=1)
    assert (answers == digit).sum() >= 9, answers


def test_smaller_elsewhere_and_with_more_points_a_drawing_reads_the_same() -> None:
    reader = trained_reader()
    for texts in DRAWINGS.values():
        for text in texts[:3]:
            drawing = [np.array(stroke) for stroke in strokes(text)]
            image = as_image(drawing)
            moved = as_image([stroke * 0.5 + [40.0, 3.0] for stroke in drawing])
            dense = as_image([_with_points_between(stroke) for stroke in drawing])
            assert np.abs(image - moved).max() <= 0.25
            assert np.abs(image - dense).max() <= 0.25
            read = reader.forward(np.array([image, moved, dense])).output.argmax(axis=1)
            assert len(set(read.tolist())) == 1


def _with_points_between(stroke: Any) -> Any:
    places = np.arange(len(stroke))
    every = np.linspace(0, len(stroke) - 1, 8 * (len(stroke) - 1) + 1)
    return np.column_stack([np.interp(every, places, axis) for axis in stroke.T])


# ---- as the data are ----------------------------------------------------------------------------


def test_drawings_have_as_much_ink_as_the_data_and_lie_where_they_lie() -> None:
    train = digits().train
    assert round(train.inputs.sum(axis=1).mean() * 16) == INK
    for digit, images in IMAGES.items():
        theirs = train.inputs[train.targets[:, digit] == 1].reshape(-1, 8, 8)
        ours = images.reshape(-1, 8, 8)
        assert abs(ours.sum(axis=(1, 2)) - theirs.sum(axis=(1, 2)).mean()).max() < 1.5
        for axis in (1, 2):  # the middle of the ink, down and across
            middles = [
                (stack.sum(axis=axis) * np.arange(8)).sum(axis=1) / stack.sum(axis=(1, 2))
                for stack in (ours, theirs)
            ]
            assert abs(middles[0].mean() - middles[1].mean()) < 0.6, digit  # a hand has its own 4s
        # They fill all eight rows, and six columns or (for a 1) fewer.
        assert (ours.sum(axis=2) > 0).all()
        filled = (ours.max(axis=1) > 0.3).sum(axis=1)
        assert filled.max() <= 7
        assert filled.min() >= 2


def test_a_lean_is_taken_out() -> None:
    upright = as_image([[[50, 10], [50, 90]]])
    leaning = as_image([[[62, 10], [38, 90]]])
    assert np.abs(upright - leaning).max() <= 0.25
    # A lean of more than 45 degrees is a line that lies.
    assert as_image([[[10, 48], [90, 52]]]).reshape(8, 8)[0].max() == 0.0


def test_dots_are_counted_in_squares_of_four_by_four() -> None:
    drawing = strokes(DRAWINGS[8][0])
    dots, image = as_dots(drawing), as_image(drawing)
    counts = [[dots[4 * r : 4 * r + 4, 4 * c : 4 * c + 4].sum() for c in range(8)]
              for r in range(8)]  # fmt: skip
    assert image.reshape(8, 8).tolist() == (np.array(counts) / 16).tolist()


def test_an_empty_sheet_and_a_dot() -> None:
    assert as_image([]).tolist() == [0.0] * 64
    dot = as_image([[[3, 97]]]).reshape(8, 8)
    assert (dot == dot.T).all()
    assert (dot == dot[::-1, ::-1]).all()
    assert dot[3:5, 3:5].min() == 1.0


@settings(max_examples=60, deadline=None)
@given(DRAWING)
@example([[(0.0, 2.2250738585072014e-308), (4.0, 0.0)]])  # as flat as can be, and not quite
def test_any_drawing_becomes_an_image_of_the_data_s_kind(drawing: Any) -> None:
    image = as_image(as_strokes(drawing))
    assert image.shape == (64,)
    assert (image * 16 == np.rint(image * 16)).all()
    assert image.min() >= 0.0
    assert image.max() <= 1.0
    assert INK <= image.sum() * 16 <= 2.2 * INK  # of dots that are equally far all are inked


def test_a_sheet_full_of_scribble_takes_no_longer_than_a_moment() -> None:
    scribble = np.random.default_rng(0).uniform(0, 100, (1, MOST_POINTS, 2))
    image = as_image(as_strokes(scribble.tolist()))
    assert INK <= image.sum() * 16 <= 1.2 * INK


# ---- what is refused ----------------------------------------------------------------------------

REFUSED: list[tuple[Any, str]] = [
    (7, "Expected a list of strokes, but 7 came"),
    ("abc", "Expected a list of strokes"),
    (None, "Expected a list of strokes"),
    ({"x": 1}, "Expected a list of strokes"),
    ([5], "Expected stroke 1 as a list of points, but 5 came"),
    (["ab"], "Expected stroke 1 as a list of points, but 'ab' came"),
    ([[[1, 2]], []], "Expected stroke 2 as points of two numbers each"),
    ([[[1, 2, 3]]], "Expected stroke 1 as points of two numbers each"),
    ([[1, 2]], "Expected stroke 1 as points of two numbers each"),
    ([[[1, 2], [3]]], "Expected stroke 1 as points of two numbers each"),
    ([[["a", "b"]]], "Expected stroke 1 as points of two numbers each"),
    ([[[True, False]]], "Expected stroke 1 as points of two numbers each"),
    ([[[1, 2], [3, 101]]], "point 2 of stroke 1 is [3.0, 101.0]; move it onto the sheet"),
    ([[[-0.5, 2]]], "point 1 of stroke 1 is [-0.5, 2.0]"),
    ([[[math.nan, 2]]], "point 1 of stroke 1 is [nan, 2.0]"),
    ([[[math.inf, 2]]], "point 1 of stroke 1"),
    ([[[10**400, 2]]], "Expected stroke 1 as points of two numbers each"),
    ([[[1, 1]]] * (MOST_STROKES + 1), "Expected at most 40 strokes, but 41 came; clear the sheet."),
    ([[[1, 1]] * (MOST_POINTS + 1)], "Expected at most 1500 points in all, but 1501 came"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "words"), REFUSED)
def test_what_is_no_drawing_is_refused_in_a_sentence(value: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError)) as told:
        as_strokes(value)
    assert words in str(told.value)
    assert len(str(told.value)) < 220


def test_tuples_and_arrays_are_drawings_too() -> None:
    assert as_strokes([np.array([[1, 2], [3, 4]])]) == [[[1.0, 2.0], [3.0, 4.0]]]
    assert as_strokes((((1, 2),),)) == [[[1.0, 2.0]]]
    assert as_strokes([]) == []


# ---- bent copies --------------------------------------------------------------------------------


def test_bent_copies_stand_behind_the_originals_with_the_same_targets() -> None:
    train = digits().train
    more = bent_copies(train, copies=2, seed=3)
    assert len(more) == 3 * len(train)
    assert (more.inputs[: len(train)] == train.inputs).all()
    assert (more.targets == np.tile(train.targets, (3, 1))).all()
    assert more.inputs.min() >= 0.0
    assert more.inputs.max() <= 1.0
    assert (bent_copies(train, copies=2, seed=3).inputs == more.inputs).all()
    assert (bent_copies(train, copies=2, seed=4).inputs != more.inputs).any()


def test_a_bent_copy_is_still_like_its_original_and_not_the_same() -> None:
    train = digits().train
    bent = bent_copies(train, seed=0).inputs[len(train) :]
    alike = [np.corrcoef(one, other)[0, 1] for one, other in zip(train.inputs, bent, strict=True)]
    assert 0.5 < np.mean(alike) < 0.9
    answers = trained_reader().forward(bent).output.argmax(axis=1)
    assert (answers == train.targets.argmax(axis=1)).mean() > 0.9


def test_only_square_images_can_be_bent() -> None:
    flat = Dataset("flat", np.zeros((3, 7)), np.zeros((3, 1)), list("abcdefg"), ["t"])
    with pytest.raises(ValueError, match="Expected square images such as 8 × 8, but 7 numbers"):
        bent_copies(flat)
    with pytest.raises(ValueError, match="the number of copies"):
        bent_copies(digits().train, copies=0)
