"""The digit pad: its numbers, its picture, its settings; and the checks of lesson 8."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from picture_reader import faults, texts

from backprop_lib import DigitPad, Network, checks, i18n
from backprop_lib.checks import check_best_round, check_share_function, check_softmax_notes
from backprop_lib.datasets import digits
from backprop_lib.datasets.files import trained_reader
from backprop_lib.datasets.strokes import MOST_POINTS, MOST_STROKES, as_image
from backprop_lib.words.pad import percent
from tests.drawings import DRAWINGS, strokes

EVERY = [(digit, strokes(text)) for digit, all_of_it in DRAWINGS.items() for text in all_of_it]
LINE = [[[50, 10], [50, 90]]]


def drawn(pad: DigitPad) -> Any:
    return pad._drawn


# ---- numbers, against arithmetic of the test's own ----------------------------------------------


def forward(network: Network, x: Any) -> tuple[Any, Any, Any]:
    first, last = network.layers
    mix = x @ first.weights + first.biases
    fired = np.maximum(mix, 0.0)
    scores = fired @ last.weights + last.biases
    powers = np.exp(scores - scores.max())
    return mix, fired, powers / powers.sum()


@pytest.mark.parametrize("place", range(0, 100, 9))
def test_shares_loss_and_notes_agree_with_plain_arithmetic(place: int) -> None:
    _digit, drawing = EVERY[place]
    order = place % 10
    pad = DigitPad(drawing, order=order)
    mix, fired, shares = forward(pad.network, pad.image)
    assert np.allclose(pad.shares, shares, rtol=1e-12, atol=0)
    assert pad.answer == int(shares.argmax())
    assert np.isclose(pad.loss, -np.log(shares[order]), rtol=1e-9)
    first, last = pad.network.layers
    note = last.weights @ (shares - np.eye(10)[order]) * (mix > 0)
    assert np.allclose(pad.notes, first.weights @ note, rtol=1e-9, atol=1e-15)
    assert f"{np.count_nonzero(fired)} of 64 workers fired" in drawn(pad).picture


def test_the_notes_say_what_more_ink_does() -> None:
    pad = DigitPad(strokes(DRAWINGS[4][8]), order=4)
    for place in (int(pad.notes.argmax()), int(pad.notes.argmin())):
        more = np.array(pad.image)
        more[place] += 1e-6
        loss = -np.log(forward(pad.network, more)[2][4])
        assert np.isclose((loss - pad.loss) / 1e-6, pad.notes[place], rtol=1e-3)


def test_without_an_order_the_notes_are_for_what_is_read() -> None:
    pad = DigitPad(LINE)
    assert pad.order is None
    notes = pad.notes
    pad.order = 1
    assert (pad.notes == notes).all()
    pad.order = 7
    assert not (pad.notes == notes).any()


def test_a_factory_of_one_s_own_reads_too() -> None:
    own = Network.random([64, 10], output="softmax", seed=4)
    pad = DigitPad(LINE, network=own)
    assert np.allclose(pad.shares, own.forward(as_image(LINE)).output[0])
    wide = Network.random([64, 100, 20, 10], hidden="tanh", output="softmax", seed=4)
    assert "100 of 100 workers fired" in drawn(DigitPad(LINE, network=wide)).picture
    assert "bpf-below" in drawn(DigitPad(LINE, network=wide)).picture


# ---- words and picture --------------------------------------------------------------------------


def test_the_sentence_tells_what_is_read_and_how_sure() -> None:
    words = drawn(DigitPad(strokes(DRAWINGS[0][0]))).caption
    assert words.startswith("It reads 0, and is more than 99.9 % sure. Next comes ")
    words = drawn(DigitPad([])).caption
    assert words.startswith("The sheet is empty. Draw a digit! Even of empty paper the factory say")


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_sentence_formula_and_description_tell_the_pad_s_numbers(place: int) -> None:
    pad = DigitPad(EVERY[place][1], order=(place * 3) % 10)
    view = drawn(pad)
    assert f"If {pad.order} was meant, the loss is {i18n.number(pad.loss)}." in view.caption
    at = int(abs(pad.notes).argmax())
    told = i18n.signed(pad.notes[at], digits=2)
    assert f"note is {told}, in row {at // 8 + 1}, column {at % 8 + 1}:" in view.caption
    assert view.caption.endswith(
        "would raise the loss." if pad.notes[at] > 0 else "lower the loss."
    )
    share = float(re.search(r"ln\((.*?)\)", view.formula)[1].replace(" × 10", "e").translate(
        str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))  # type: ignore[index]  # fmt: skip
    assert np.isclose(-np.log(share), pad.loss, rtol=2e-3, atol=1e-9)
    rows = re.findall(r"row \d: ([\d ]+)", view.description)
    assert [int(n) for row in rows for n in row.split()] == (pad.image * 16).tolist()
    for digit, share in enumerate(pad.shares):
        assert f"{digit}: {percent(share)}" in view.description


@pytest.mark.parametrize("place", range(0, 100, 11))
def test_the_picture_is_well_formed_and_shows_the_numbers(place: int) -> None:
    pad = DigitPad(EVERY[place][1])
    picture = drawn(pad).picture
    ET.fromstring(picture)
    inked = [str(round(ink * 16)) for ink in sorted(pad.image) if ink]
    assert sorted(texts(picture, "bpf-pixel"), key=int) == inked
    assert texts(picture, "bpf-strong")[-1] == percent(pad.shares.max())
    buttons = re.findall(r'aria-pressed="(\w+)" aria-label="(\d): [^"]*, order \2"', picture)
    assert [int(digit) for _pressed, digit in buttons] == list(range(10))
    assert [pressed for pressed, _digit in buttons].index("true") == pad.answer


def test_the_picture_has_no_faults() -> None:
    for drawing in ([], LINE, strokes(DRAWINGS[8][5])):
        for order in (None, 0):
            picture = drawn(DigitPad(drawing, order=order)).picture
            assert faults(picture) == set()


def test_up_and_down_are_told_apart_by_shape() -> None:
    picture = drawn(DigitPad(strokes(DRAWINGS[4][8]))).picture
    up, down = (re.search(rf'd="([^"]*)" class="bpf-{kind}"', picture) for kind in
                ("raises", "lowers"))  # fmt: skip
    assert up
    assert down
    # The tip of a triangle, and where its base lies: below it on the page, or above.
    for found, sign in ((up, 1), (down, -1)):
        for tip, base in re.findall(r"M \S+ (\S+) L \S+ (\S+) H", found[1]):
            assert (float(base) - float(tip)) * sign > 0


def test_shares_are_never_said_to_be_all_or_nothing() -> None:
    assert percent(1.0 - 1e-9) == "> 99.9 %"
    assert percent(0.9994) == "99.9 %"
    assert percent(1e-9, told=True) == "less than 0.1 %"
    assert percent(0.0005) == "0.1 %"
    assert percent(0.58) == "58 %"


def test_the_page_is_told_how_much_a_sheet_holds_and_the_learner_when_it_is_full() -> None:
    for full in ([[[n % 100, n % 90] for n in range(MOST_POINTS)]], [[[1, 1]]] * MOST_STROKES):
        assert drawn(DigitPad(full)).caption.startswith("The sheet is full: press Clear. It reads")
    pad, undo, clear = drawn(DigitPad()).controls
    assert (pad["kind"], pad["trait"], pad["most_points"]) == ("pad", "strokes", MOST_POINTS)
    assert undo["off"] is clear["off"] is True
    _pad, undo, clear = drawn(DigitPad([*LINE, *LINE])).controls
    assert undo["sets"] == {"strokes": LINE}
    assert clear["sets"] == {"strokes": [], "order": None}


def test_without_a_kernel_the_same_is_said() -> None:
    pad = DigitPad(LINE)
    assert repr(pad).startswith("Draw a digit | It reads 1, and is ")
    assert "\n" not in repr(pad)
    assert "<img" in pad.fallback()
    assert "It reads 1" in pad.fallback()


# ---- settings -----------------------------------------------------------------------------------

NONSENSE: list[tuple[str, Any, str]] = [
    ("strokes", "scribble", "Expected a list of strokes"),
    ("strokes", [[[50, 190]]], "move it onto the sheet"),
    ("strokes", [[[1, 1]] * 2000], "at most 1500 points"),
    ("order", 10, "Expected a digit as the order from 0 to 9, but 10 came; try 9."),
    ("order", -1, "the order"),
    ("order", "3", "a whole number"),
    ("order", 2.5, "a whole number"),
    ("order", True, "a whole number"),
]


@pytest.mark.parametrize(("name", "value", "words"), NONSENSE)
def test_nonsense_keeps_the_last_good_drawing_and_says_why(
    name: str, value: Any, words: str
) -> None:
    pad = DigitPad(LINE, order=7)
    before = drawn(pad)
    setattr(pad, name, value)
    assert (pad.strokes, pad.order) == (LINE, 7)
    assert words in pad.view["message"]
    assert drawn(pad) == before
    with pytest.raises((TypeError, ValueError)):
        DigitPad(**{name: value})
    pad.order = 3
    assert pad.view["message"] == ""


@pytest.mark.parametrize(
    "network",
    ["reader", Network.random([2, 3, 1]), Network.random([64, 10]),
     Network.random([64, 300, 10], output="softmax")],
)  # fmt: skip
def test_a_factory_that_cannot_read_is_refused(network: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="Expected a"):
        DigitPad(network=network)


def test_the_drawing_is_not_shared_with_whoever_gave_it() -> None:
    given = [[[50.0, 10.0], [50.0, 90.0]]]
    pad = DigitPad(given)
    given[0][1][0] = 0.0
    assert pad.strokes == LINE
    json.dumps(pad.view)


# ---- the checks of lesson 8 ---------------------------------------------------------------------


def test_the_notes_behind_a_softmax_are_shares_less_targets() -> None:
    names = ["a", "b", "c"]
    for shares, order in (([0.7, 0.2, 0.1], 1), ([0.25, 0.25, 0.5], 0)):
        notes = [share - (place == order) for place, share in enumerate(shares)]
        found = check_softmax_notes(notes, shares, order, names)
        assert found.ok, found
        assert not check_softmax_notes(shares, shares, order, names).ok
    assert str(found).endswith("0.25 − 1 = −0.75, 0.25 − 0 = 0.25, 0.5 − 0 = 0.5.")
    assert not check_softmax_notes([..., ..., ...], [0.7, 0.2, 0.1], 1, names).tried


def test_a_share_of_right_answers_is_checked_on_random_digits() -> None:
    def good(answers: Any, truths: Any) -> Any:
        return np.mean(np.array(answers) == np.array(truths))

    assert check_share_function(good).ok
    assert not check_share_function(lambda answers, truths: ...).tried
    assert "gives nothing back" in str(check_share_function(lambda answers, truths: None))
    assert "not rounded" in str(check_share_function(lambda *both: round(good(*both), 2)))
    found = check_share_function(lambda answers, truths: 1.5)
    assert re.search(r"For answers = \[.*\], truths = \[.*\]: you gave 1.5, and", str(found))


def test_the_best_round_is_the_one_with_the_lowest_held_out_loss() -> None:
    losses = [2.3, 0.9, 0.7, 0.8, 0.7 * (1 + 1e-12)]
    assert check_best_round(2, losses).ok
    assert check_best_round(2.0, losses).ok
    assert check_best_round(np.int64(4), losses).ok  # as good as the lowest
    for wrong in (0, 1, 3, -1, 5, 2.5, 0.7, "2", [2]):
        found = check_best_round(wrong, losses)
        assert not found.ok
        assert found.tried
        assert found.hint, wrong
    assert not check_best_round(..., losses).tried
    assert set(checks.__all__) >= {"check_best_round", "check_share_function"}


def test_the_reader_is_shared_and_untouched() -> None:
    assert len(digits().test) == 359
    assert repr(trained_reader()) == repr(DigitPad().network)
