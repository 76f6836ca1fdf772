"""The checks of lesson 10: each part alone with every choice of gates, and all four together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as pairs
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from backprop_lib import MeanSquaredError
from backprop_lib.checks import CheckResult, assemble, build, tables
from backprop_lib.checks.assembly import OwnFactory
from backprop_lib.checks.cases import KNOBS, network_of

pytestmark = pytest.mark.filterwarnings("error")

# As the lesson's table writes them.
SHIPS: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda z: np.tanh(z),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "relu": lambda z: np.maximum(0, z),
    "identity": lambda z: z,
}
SLOPES: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda a: 1 - a**2,
    "sigmoid": lambda a: a * (1 - a),
    "relu": lambda a: a > 0,
    "identity": lambda a: 1,
}
BOTH = list(pairs(SHIPS, SHIPS))


def forward_with(one: str, other: str) -> Callable[..., Any]:
    def forward(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        hidden = SHIPS[one](x @ W1 + b1)
        return hidden, SHIPS[other](hidden @ W2 + b2)

    return forward


def backward_with(one: str, other: str) -> Callable[..., Any]:
    def backward(x: Any, hidden: Any, product: Any, target: Any, W2: Any) -> Any:
        note2 = 2 * (product - target) / target.size * SLOPES[other](product)
        note1 = note2 @ W2.T * SLOPES[one](hidden)
        return x.T @ note1, note1.sum(axis=0), hidden.T @ note2, note2.sum(axis=0)

    return backward


def loss(product: Any, target: Any) -> Any:
    return np.mean((product - target) ** 2)


def update(knobs: Any, gradients: Any, rate: Any) -> Any:
    return [k - rate * g for k, g in zip(knobs, gradients, strict=True)]


@pytest.mark.parametrize("gates", BOTH)
def test_right_parts_are_right_with_any_gates(gates: tuple[str, str]) -> None:
    assert build.check_own_forward(forward_with(*gates), gates).ok
    assert build.check_own_backward(backward_with(*gates), gates).ok


@pytest.mark.parametrize("gates", BOTH)
def test_another_choice_of_gates_is_noticed(gates: tuple[str, str]) -> None:
    others = [other for other in BOTH if other != gates]
    assert not any(build.check_own_forward(forward_with(*other), gates).ok for other in others)
    assert not any(build.check_own_backward(backward_with(*other), gates).ok for other in others)


def test_gates_that_are_none_are_refused_in_words() -> None:
    for gates in (["tanh"], ["tanh", "softmax"], "tanh", 3, [[], []], ["tanh", None]):
        for check in (build.check_own_forward, build.check_own_backward):
            result = check(lambda *_: 1, gates)
            assert "Two gates" in result.message
            assert "tanh" in result.hint


CHECKS = {
    "forward": build.check_own_forward,
    "loss": build.check_own_loss,
    "backward": build.check_own_backward,
    "update": build.check_own_update,
}


class Odd:
    def __array__(self, *_args: Any, **_more: Any) -> Any:
        raise RuntimeError("odd")

    def __repr__(self) -> str:
        raise RuntimeError("odd")


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize(
    "answer",
    [None, "text", 3, (), (1, 2), [1, 2, 3, 4], (None,) * 4, Odd(), (Odd(),) * 4, 10**400,
     np.full((3, 3), np.inf), (np.nan,) * 2, [[1], [2, 3]], 1j, {}, ValueError, b"", range(4)],
)  # fmt: skip
def test_whatever_a_part_gives_back_is_answered(name: str, answer: Any) -> None:
    result = CHECKS[name](lambda *_: answer)
    assert not result.ok
    assert result.message


@pytest.mark.parametrize("name", CHECKS)
def test_gaps_are_not_tried_yet(name: str) -> None:
    for gap in (..., lambda *_: ..., lambda *_: (..., ...), lambda *_: [...] * 4):
        result: CheckResult = CHECKS[name](gap)
        right_length = (
            not callable(gap) or gap() is ... or len(gap()) == {"forward": 2}.get(name, 4)
        )
        if name != "loss" and right_length:
            assert not result.tried
        assert not result.ok


def test_a_part_cannot_spoil_what_the_check_knows() -> None:
    def destroys(x: Any, *knobs: Any) -> Any:
        answer = forward_with("tanh", "sigmoid")(x, *knobs)
        for table in (x, *knobs):
            table[...] = 0.0
        return answer

    assert build.check_own_forward(destroys).ok


# ---- together ------------------------------------------------------------------------------------


def test_own_parts_are_taken_and_wrong_ones_are_lent() -> None:
    own = forward_with("tanh", "sigmoid"), loss, backward_with("tanh", "sigmoid"), update
    mine = assemble(*own)
    assert (mine.forward, mine.loss, mine.backward, mine.update) == own
    assert repr(mine) == "All four parts are your own."
    lent = assemble(own[0], max, own[2], ...)
    assert (lent.forward, lent.backward) == (own[0], own[2])
    assert lent.lent == ("loss", "update")
    assert "loss, update" in repr(lent)


@pytest.mark.parametrize("gates", BOTH)
def test_what_the_engine_lends_is_right(gates: tuple[str, str]) -> None:
    lent: OwnFactory = assemble(..., ..., ..., ..., gates)
    assert len(lent.lent) == 4
    assert build.check_own_forward(lent.forward, gates).ok
    assert build.check_own_loss(lent.loss).ok
    assert build.check_own_backward(lent.backward, gates).ok
    assert build.check_own_update(lent.update).ok


def test_the_whole_trains_as_the_engine_does() -> None:
    random = np.random.default_rng(3)
    shapes = ((2, 4), 4, (4, 1), 1)
    knobs = [random.normal(size=shape) for shape in shapes]
    x, target = random.normal(size=(7, 2)), random.uniform(size=(7, 1))
    mine = assemble(forward_with("tanh", "sigmoid"), loss, backward_with("tanh", "sigmoid"), update)
    network = network_of(knobs)
    for _lap in range(5):
        hidden, product = mine.forward(x, *knobs)
        knobs = mine.update(knobs, mine.backward(x, hidden, product, target, knobs[2]), 0.5)
        trace = network.forward(x)
        assert np.allclose(trace.output, product)
        note = MeanSquaredError().gradient(trace.output, target)
        found = network.backward(trace, note)
        network = network_of(
            [
                table - 0.5 * gradient
                for layer, slopes in zip(network.layers, found.layers, strict=True)
                for table, gradient in (
                    (layer.weights, slopes.weights), (layer.biases, slopes.biases),
                )
            ]
        )  # fmt: skip
    assert len(knobs) == len(KNOBS)


# ---- the slider ----------------------------------------------------------------------------------


class Slider:
    """Like a slider of ipywidgets: it tells who listens."""

    min, max = 0.5, 20.0

    def __init__(self, *listens: Callable[[float], None]) -> None:
        self.listens, self._value = listens, 1.0

    @property
    def value(self) -> float:
        return self._value

    @value.setter
    def value(self, value: float) -> None:
        self._value = value
        for listen in self.listens:
            listen(value)


def wired(with_words: Callable[[float], str]) -> tuple[Slider, SimpleNamespace]:
    answer = SimpleNamespace(value="nothing")
    return Slider(lambda value: setattr(answer, "value", with_words(value))), answer


def test_a_wire_is_right_however_it_was_made() -> None:
    slider, answer = wired(str)
    for wire in (object(), None):  # observe() gives nothing back
        assert build.check_wired(wire, slider, answer, str).ok
        assert slider.value == 1.0


def test_a_missing_and_a_wrong_wire_are_told_apart() -> None:
    loose = Slider(), SimpleNamespace(value="nothing")
    assert not build.check_wired(..., *loose, str).tried
    assert "did not follow" in build.check_wired(3, *loose, str).message
    assert "other words" in build.check_wired(3, *wired(repr), "{} laps".format).hint
    assert "Keep the lines" in build.check_wired(3, 4, 5, str).hint
    failing = build.check_wired(3, *wired(lambda value: 1 / 0), str)  # type: ignore[arg-type,return-value]
    assert "division" in failing.message


def test_the_slider_is_put_back_whatever_happens() -> None:
    def told(value: float) -> str:
        raise RuntimeError("no")

    slider = Slider()
    assert not build.check_wired(3, slider, SimpleNamespace(value=""), told).ok
    assert slider.value == 1.0


# ---- tables --------------------------------------------------------------------------------------


def test_a_table_is_numbers_and_nothing_else() -> None:
    assert tables.as_table([[True, False]]) is None
    assert tables.as_table(["1"]) is None
    assert tables.as_table(Odd()) is None
    assert tables.as_table(np.int8(3)) == 3.0


def test_shapes_have_hints_of_their_own() -> None:
    wanted = np.zeros((2, 3))
    hints = {
        tables.check_table(np.zeros(shape), expected, "t").hint
        for shape, expected in (((3, 2), wanted), ((4, 3), wanted[0]), ((5,), wanted))
    }
    assert len(hints) == 3
