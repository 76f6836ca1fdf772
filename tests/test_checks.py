"""The checks of exercises: untouched, right, typically wrong and nonsense, and never an error."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from languages import Backwards, Foreign, english
from printed_sums import assert_comes_out

import backprop_lib as bp
from backprop_lib import i18n
from backprop_lib.checks import (
    CheckResult,
    check_floor,
    check_number,
    check_wish,
    check_worker,
    check_worker_function,
)
from backprop_lib.datasets import lemonade_factory

pytestmark = pytest.mark.filterwarnings("error")

FACTORY, ORDER, NAMES = lemonade_factory(), [2, 1], ["Ana", "Bo", "Cy"]
# One worker whose every typical mistake gives another number.
PLAIN = bp.Network([bp.Dense([[2.0], [-3.0]], [0.5], "relu")])


def worker(answer: Any) -> CheckResult:
    return check_worker(answer, PLAIN, [4, 1])


def floor(answer: Any) -> CheckResult:
    return check_floor(answer, FACTORY, ORDER, NAMES)


def wish(answer: Any) -> CheckResult:
    return check_wish(answer, 0, ORDER, 5)


def pinch(answer: Any) -> CheckResult:
    return check_wish([2, 1], answer, ORDER, 5)


def number(answer: Any) -> CheckResult:
    return check_number(answer, 6.0)


CHECKS: dict[str, tuple[Callable[[Any], CheckResult], Any]] = {
    "number": (number, 6),
    "worker": (worker, 5.5),
    "floor": (floor, [1, 2, 0]),
    "wish": (wish, [2, 1]),
    "pinch": (pinch, 0),
    "function": (
        check_worker_function,
        lambda x, w, b: max(0, sum(a * k for a, k in zip(x, w, strict=True)) + b),
    ),
}
EACH = pytest.mark.parametrize(("check", "right"), CHECKS.values(), ids=CHECKS.keys())


class NoFloat:
    def __float__(self) -> float:
        raise OSError("no number")


class NoWords:
    def __repr__(self) -> str:
        raise RuntimeError("no words")

    def __str__(self) -> str:
        raise RuntimeError("no words")


class NoLength(list):  # type: ignore[type-arg]
    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no items")


class NotEqual:
    def __eq__(self, other: object) -> bool:
        raise ArithmeticError("no comparison")

    __hash__ = None  # type: ignore[assignment]


NONSENSE: dict[str, Any] = {
    "text": "lemons",
    "number as text": "6",
    "empty text": "",
    "bytes": b"abc",
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "10**400": 10**400,
    "1e308": 1e308,
    "complex": 6 + 0j,
    "True": True,
    "empty list": [],
    "nested": [[1, 2], [3, 4]],
    "ragged": [[1], [2, 3]],
    "texts": ["1", "2", "0"],
    "nans": [math.nan] * 3,
    "infs": [math.inf, -math.inf, math.inf],
    "two infs": [math.inf, -math.inf],
    "huge": [1e308, -1e308],
    "Nones": [None, None, None],
    "two Nones": [None, None],
    "dict": {1: 2},
    "set": {1, 2, 3},
    "range": range(3),
    "array of nothing": np.array([]),
    "array without axes": np.array(3.5),
    "column": np.ones((3, 1)),
    "two in a column": np.ones((2, 1)),
    "array of texts": np.array(["a", "b", "c"]),
    "array of objects": np.array([None, ..., "c"], dtype=object),
    "no float": NoFloat(),
    "no words": NoWords(),
    "no words within": [NoWords(), NoWords(), NoWords()],
    "no length": NoLength([1, 2, 0]),
    "not equal": NotEqual(),
    "class": NoFloat,
    "object": object(),
    "network": PLAIN,
    "NotImplemented": NotImplemented,
}


def assert_said(result: CheckResult) -> None:
    """A check has spoken: a mark, a sentence, and the same as HTML."""
    assert isinstance(result, CheckResult)
    text = repr(result)
    assert text == str(result)
    assert text.startswith(("✓ ", "✗ ", "… "))
    assert text.startswith("✓") == result.ok
    assert text.startswith("…") == (not result.tried)
    assert len(text) < 500
    if not result.ok:
        start = result.message.split(":")[0]
        assert re.match("[A-Z0-9]", start) or start in NAMES, text
        assert result.message.rstrip().endswith("."), text
    Page(result._repr_html_())


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


# ---- every check --------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("gap", [..., None])
def test_a_gap_is_not_tried_yet(check: Callable[[Any], CheckResult], right: Any, gap: Any) -> None:
    result = check(gap)
    assert (result.ok, result.tried) == (False, False)
    assert_said(result)


@EACH
def test_the_right_answer_is_right(check: Callable[[Any], CheckResult], right: Any) -> None:
    result = check(right)
    assert result.ok
    assert_said(result)


@EACH
@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_answered_and_never_raises(
    check: Callable[[Any], CheckResult], right: Any, kind: str
) -> None:
    result = check(NONSENSE[kind])
    assert not result.ok
    assert_said(result)
    # Only a gap has not been tried; None stands for one.
    if "None" not in kind and kind != "array of objects":
        assert result.tried


@EACH
def test_right_wrong_and_untouched_look_different(
    check: Callable[[Any], CheckResult], right: Any
) -> None:
    wrong = (lambda x, w, b: 77.25) if callable(right) else 77.25
    if isinstance(right, list):
        wrong = [77.25] * len(right)
    results = [check(answer) for answer in (right, wrong, ...)]
    assert [result.ok for result in results] == [True, False, False]
    assert [result.tried for result in results] == [True, True, False]
    marks = [repr(result)[0] for result in results]
    assert marks == ["✓", "✗", "…"]
    colours = {result._repr_html_().split("solid ")[1][:7] for result in results}
    assert len(colours) == 3
    assert results[1].hint or results[1].message


@pytest.mark.parametrize("value", ["<script>alert('x')</script>", "&lt;b&gt;", "<b>7</b>"])
@EACH
def test_what_a_learner_wrote_is_escaped_in_html(
    check: Callable[[Any], CheckResult], right: Any, value: str
) -> None:
    page = Page(check(value)._repr_html_())
    assert set(page.tags) == {"div", "b"}
    assert page.tags.count("b") == 1


def test_all_parts_of_a_result_are_escaped() -> None:
    nasty = "<script>&amp;\"'"
    page = Page(CheckResult(False, nasty, nasty)._repr_html_())
    assert set(page.tags) == {"div", "b"}
    assert page.words.count(nasty) == 2


# ---- one number ---------------------------------------------------------------------------------


def test_each_typical_mistake_has_its_own_hint() -> None:
    mistakes = [(5.0, "Multiply."), (-1.0, "The gate."), (6.0, "never said")]

    def hint(answer: float) -> str:
        return check_number(answer, 6, "Two threes.", mistakes).hint

    assert (hint(5), hint(-1)) == ("Multiply.", "The gate.")
    assert len({hint(answer) for answer in (5, -1, -6, 4, 9)}) == 5
    right = check_number(6, 6, "Two threes.", mistakes)
    assert (right.ok, right.message, right.hint) == (True, "Two threes.", "")


def test_too_small_and_too_large_point_the_right_way() -> None:
    for expected in (-3.0, 0.0, 0.25, 1e6):
        far = 10 + abs(expected) / 2
        low, high = (check_number(expected + by, expected).hint for by in (-far, far))
        assert "larger" in low
        assert "smaller" in high


def test_a_number_rounded_to_four_digits_is_right() -> None:
    random = np.random.default_rng(5)
    for expected in random.normal(size=500) * 10.0 ** random.uniform(-3, 6, 500):
        assert check_number(float(f"{expected:.4g}"), float(expected)).ok, expected
        written = i18n.number(float(expected)).replace("−", "-")
        if "×" not in written:
            assert check_number(float(written), float(expected)).ok, expected


def test_the_next_product_of_the_lemonade_factory_may_be_written_as_it_is_shown() -> None:
    last = bp.steps(FACTORY, ORDER, [1], optimizer=bp.SGD(0.01))[-1]
    product = last.updated.forward(ORDER).output.item()
    shown = i18n.number(product)
    assert check_number(float(shown), product).ok, shown


def test_an_answer_off_by_a_hundredth_is_not_right() -> None:
    for expected in (0.05, 1.7688, 5.5, -123.0, 4e5):
        for share in (0.99, 1.01, -1):
            assert not check_number(expected * share, expected).ok


def test_a_small_number_is_not_nothing() -> None:
    assert not check_number(0, 5e-5).ok
    assert not check_number(1e-5, 9e-5).ok
    assert check_number(5e-5, 5e-5).ok


@pytest.mark.parametrize("value", [6, 6.0, np.float64(6), np.int8(6), np.float32(6), np.array(6.0)])
def test_numbers_of_every_kind_are_taken(value: Any) -> None:
    assert check_number(value, 6).ok


def test_no_number_is_told_neither_up_nor_down() -> None:
    result = check_number(math.nan, 6)
    assert not result.ok
    assert "larger" not in repr(result)
    assert "smaller" not in repr(result)
    assert "not not" not in repr(result)


def test_a_number_in_quotes_is_told_so() -> None:
    assert "quotes" in check_number("6", 6).hint


# ---- one worker ---------------------------------------------------------------------------------


def test_a_worker_whose_sum_is_right_is_told_why() -> None:
    result = worker(5.5)
    assert result.ok
    total, gate = result.message.rstrip(".").split(", ")
    assert_comes_out(total)
    assert_comes_out(gate)
    assert check_worker(3, FACTORY, ORDER, layer=1).ok
    assert not check_worker(1, FACTORY, ORDER, layer=1).ok


def test_each_typical_mistake_of_a_worker_has_its_own_hint() -> None:
    shut = bp.Network([bp.Dense([[2.0], [-3.0]], [0.5], "relu")])
    x, knobs, bias = np.array([1.0, 4.0]), np.array([2.0, -3.0]), 0.5
    mix = float(x @ knobs + bias)
    assert mix < 0
    answers = {
        "gate": mix,
        "pinch": mix - bias,
        "signs": float(np.abs(x * knobs).sum()),
        "added": float((x + knobs).sum() + bias),
        "crossed": float(x @ knobs[::-1] + bias),
    }
    hints = {kind: check_worker(value, shut, x).hint for kind, value in answers.items()}
    assert len(set(hints.values())) == len(answers), hints
    assert not any("larger" in hint or "smaller" in hint for hint in hints.values())
    for kind, word in (("gate", "gate"), ("pinch", "pinch"), ("signs", "sign")):
        assert word in hints[kind]
    assert check_worker(0, shut, x).ok


def test_no_hint_speaks_of_a_mistake_that_would_be_right() -> None:
    # Without a pinch and behind an open gate: mix, product and sum are one.
    open_gate = bp.Network([bp.Dense([[1.0], [1.0]], [0.0], "relu")])
    assert check_worker(4, open_gate, [2, 2]).ok


@pytest.mark.parametrize("layer", [0, 1])
def test_every_worker_of_the_lemonade_factory(layer: int) -> None:
    activations = FACTORY.forward(ORDER).layers[layer].activations[0]
    for n, shipped in enumerate(activations):
        for m, answer in enumerate(activations):
            result = check_worker(answer, FACTORY, ORDER, layer, n)
            assert result.ok == (answer == shipped), (n, m)


# ---- a floor ------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [[1, 2, 0], (1, 2, 0), np.array([1.0, 2, 0]), [1.0, 2.00004, 0]])
def test_a_floor_is_taken_as_a_list_a_tuple_or_an_array(answer: Any) -> None:
    assert floor(answer).ok


def test_a_wrong_floor_names_the_first_worker_who_is_wrong() -> None:
    for place, name in enumerate(NAMES):
        answers = [1.0, 2.0, 0.0]
        answers[place] += 7.25
        result = floor(answers)
        assert not result.ok
        assert result.message.startswith(f"{name}:")
    assert "gate" in floor([1, 2, -1]).hint


def test_a_floor_half_filled_in_is_not_yet_and_an_empty_one_not_tried() -> None:
    assert not floor([..., ..., ...]).tried
    assert not floor([None, None, None]).tried
    half = floor([1, ..., ...])
    assert (half.ok, half.tried) == (False, True)
    assert "Bo" in half.message


def test_a_floor_of_the_wrong_length_is_told_how_many() -> None:
    for answer, got in (([1, 2], 2), ([1, 2, 0, 0], 4), (1, 1), ([], 0)):
        result = floor(answer)
        assert not result.ok
        assert "3" in result.message
        assert str(got) in result.message
        assert all(name in result.hint for name in NAMES)


# ---- a wish -------------------------------------------------------------------------------------


def test_every_worker_that_ships_what_is_wished_is_right() -> None:
    for knobs, own in (
        ([2, 1], 0),
        ([2.5, 0], 0),
        ((0, 5), 0),
        (np.array([0, 0]), 5),
        ([3, -1], 0),
    ):
        result = check_wish(knobs, own, ORDER, 5)
        assert result.ok, (knobs, own)
        assert_comes_out(result.message.split(": ")[1].rstrip("."))


def test_a_wish_that_fails_says_which_way_to_turn() -> None:
    less, more, shut = (check_wish(knobs, 0, ORDER, 5) for knobs in ([3, 1], [1, 1], [-1, -1]))
    assert not any(result.ok for result in (less, more, shut))
    assert len({less.hint, more.hint, shut.hint}) == 3
    assert "Less" in less.hint
    assert "More" in more.hint
    assert "gate" in shut.hint
    for result in (less, more, shut):
        assert_comes_out(result.message.split(": ")[1].rstrip("."))


def test_a_wish_without_a_gate_may_be_negative() -> None:
    assert check_wish([-1, 0], 0, ORDER, -2, activation="identity").ok
    assert not check_wish([-1, 0], 0, ORDER, -2).ok


def test_a_wish_with_a_gap_is_not_tried() -> None:
    for knobs, own in ((..., ...), ([1, 1], ...), ([..., 1], 0), (None, 0), ([..., ...], ...)):
        assert not check_wish(knobs, own, ORDER, 5).tried


# ---- a function ---------------------------------------------------------------------------------


def mixed(x: list[float], w: list[float], b: float) -> float:
    return sum(a * k for a, k in zip(x, w, strict=True)) + b


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "no gate": mixed,
    "no pinch": lambda x, w, b: max(0, mixed(x, w, 0)),
    "pinch after the gate": lambda x, w, b: max(0, mixed(x, w, 0)) + b,
}


def test_each_typical_mistake_of_a_function_has_its_own_hint() -> None:
    hints = {}
    for kind, function in FUNCTIONS.items():
        result = check_worker_function(function)
        assert not result.ok
        assert result.tried
        hints[kind] = result.hint
    assert len(set(hints.values())) == len(FUNCTIONS), hints
    assert "gate" in hints["no gate"]
    assert "pinch" in hints["no pinch"]


WRONG_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "always open": lambda x, w, b: abs(mixed(x, w, b)),
    "only two": lambda x, w, b: max(0, x[0] * w[0] + x[1] * w[1] + b),
    "too many": lambda x, w, b: max(0, sum(x[n] * w[n] for n in range(7)) + b),
    "leaky": lambda x, w, b: max(0.01 * mixed(x, w, b), mixed(x, w, b)),
    "constant": lambda x, w, b: 0,
    "nan": lambda x, w, b: math.nan,
    "text": lambda x, w, b: "6",
    "list": lambda x, w, b: [mixed(x, w, b)],
    "itself": lambda x, w, b: FUNCTIONS,
    "unspeakable": lambda x, w, b: NoWords(),
    "raises": lambda x, w, b: 1 / 0,
    "no arguments": lambda: 0,
    "one argument": lambda x: 0,
    "a class": int,
    "builtin": len,
    "endless recursion": lambda x, w, b: WRONG_FUNCTIONS["endless recursion"](x, w, b),
    "assertion": lambda x, w, b: [].pop(),
    "a passed check": lambda x, w, b: CheckResult(True, "I say so."),
    "empties its lists": lambda x, w, b: (x.clear(), w.clear(), 0)[2],
}


@pytest.mark.parametrize("kind", WRONG_FUNCTIONS)
def test_a_wrong_function_is_told_so(kind: str) -> None:
    result = check_worker_function(WRONG_FUNCTIONS[kind])
    assert not result.ok
    assert result.tried
    assert_said(result)


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize("error", [ValueError("<b>no</b>"), Unspeakable(), SystemExit(1)])
def test_what_a_function_raises_is_told(error: BaseException) -> None:
    def function(x: Any, w: Any, b: Any) -> Any:
        raise error

    result = check_worker_function(function)
    assert not result.ok
    assert type(error).__name__ in result.message
    assert_said(result)
    assert set(Page(result._repr_html_()).tags) == {"div", "b"}


def test_a_learners_stop_button_is_answered_with_a_sentence() -> None:
    def function(x: Any, w: Any, b: Any) -> Any:
        raise KeyboardInterrupt

    result = check_worker_function(function)
    assert not result.ok
    assert "You stopped it" in result.message
    assert "raise KeyboardInterrupt" in result.hint
    assert_said(result)


def test_a_function_that_returns_nothing_is_told_what_is_missing() -> None:
    def function(x: list[float], w: list[float], b: float) -> None:
        max(0, mixed(x, w, b))

    result = check_worker_function(function)
    assert not result.ok
    assert "return" in repr(result)


def test_a_function_still_with_its_gap_is_not_tried() -> None:
    assert not check_worker_function(lambda x, w, b: ...).tried


def test_a_function_may_use_numpy_and_is_tried_on_open_and_shut_gates() -> None:
    seen = []

    def function(x: Any, w: Any, b: Any) -> Any:
        seen.append(mixed(x, w, b))
        assert type(x) is type(w) is list
        return np.maximum(0, np.dot(x, w) + b)

    assert check_worker_function(function).ok
    assert min(seen) < 0 < max(seen)
    assert check_worker_function(function, seed=3).ok


def test_the_case_that_failed_is_told_in_full() -> None:
    cases = []

    def function(x: Any, w: Any, b: Any) -> Any:
        cases.append([*x, *w, b])
        return 77.25

    message = check_worker_function(function).message
    assert all(i18n.number(one) in message for one in cases[0])
    assert "77.25" in message


# ---- other languages ----------------------------------------------------------------------------


def results() -> Iterator[CheckResult]:
    for check, right in CHECKS.values():
        for answer in (..., right, -3.5, [1.5, 2.5], [1, 2, -1], "6", math.inf):
            yield check(answer)
    for answer in (0, 100, -5.5, 5, 11.5, 1.5, 4.5):
        yield worker(answer)
    for knobs in ([3, 1], [1, 1], [-1, -1]):
        yield wish(knobs)
    for function in (*FUNCTIONS.values(), WRONG_FUNCTIONS["leaky"], WRONG_FUNCTIONS["text"]):
        yield check_worker_function(function)


def test_no_english_word_is_left_in_another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(bool(english(repr(result))) for result in results()) > 30
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    own = {"Ana", "Bo", "Cy", "ana", "bo", "cy", "lambda", "function", "at", "locals", "CHECKS",
           "deliveries", "knobs", "pinch"}  # fmt: skip
    left = {(word, repr(result)) for result in results() for word in english(repr(result))}
    assert {(word, text) for word, text in left if word not in own and "0x" not in text} == set()


def test_a_language_may_put_the_gaps_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    oks = [result.ok for result in results()]
    monkeypatch.setattr(i18n.catalogues, "_translations", Backwards())
    for result, ok in zip(results(), oks, strict=True):
        assert result.ok == ok
        assert isinstance(repr(result), str)


def test_a_translations_apostrophes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class French(Foreign):
        def gettext(self, message: str) -> str:
            said = super().gettext(message)
            return f"l'{said}" if "ж" in said else said

    monkeypatch.setattr(i18n.catalogues, "_translations", French())
    message = check_worker_function(lambda x, w, b: 77.25).message
    assert message.count("l'") == 2
