"""Several settings in one message are one move of any explorer: all of it is taken, or nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pytest
from thorough import THOROUGH

from backprop_lib import Question, widgets
from backprop_lib.datasets import lemonade_factory
from backprop_lib.widgets import (
    ChainRuleExplorer,
    DigitPad,
    DigitReader,
    FactoryFloor,
    GradientExplorer,
    LearningRateExplorer,
    LossExplorer,
    NeuronExplorer,
    TrainingPlayground,
    explorer,
)
from backprop_lib.widgets.explorer import Explorer

MOVES = 40 if THOROUGH else 4  # times what a quick run does
STROKE = [[10, 10], [90, 90]]
INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]

# For each explorer a maker, how many moves are tried, and values of each setting: good ones, those
# that are good together with some others only, and nonsense.
Case = tuple[Callable[[], Any], int, dict[str, list[Any]]]
CASES: dict[str, Case] = {
    "floor": (
        lambda: FactoryFloor(lemonade_factory(), [[2, 1], [3, 1]], [[1], [2]]),
        60,
        {
            "position": [0, 3, 6, 12, 13, -1],
            "lap": [0, 1, 3, 500],
            "pace": ["floor", "worker", "run"],
            "rates": [[], [0.1], [0.1, 0.01, 0.1], "none"],
            "learning_rate": [0.001, 0.1, 1e200, "fast"],
            "chosen": [None, [0, 2], [1, 0], [1, 2]],
            "example": [0, 1, 2],
        },
    ),
    "neuron": (
        NeuronExplorer,
        100,
        {
            "inputs": [[1.0, 2.0], [1.0]],
            "weights": [[0.5, -1.0], [1e9, 0.0]],
            "bias": [0.0, 2.0, "much"],
            "activation": ["relu", "tanh", "softmax"],
        },
    ),
    "question": (
        lambda: Question("2 × 3?", ("5", False, "No."), ("6", True, "Yes.")),
        20,
        {"chosen": [None, 0, 1, 2, "6"]},
    ),
    "reader": (
        DigitReader,
        12,
        {"epoch": [0, 1, 2, 99], "page": [0, 3, -1], "only_mistakes": [True, False, 1]},
    ),
    "pad": (
        DigitPad,
        60,
        {"strokes": [[], [STROKE], [STROKE, STROKE], "a line"], "order": [None, 3, 10]},
    ),
    "gradient": (
        GradientExplorer.lemonade,
        60,
        {
            "knob": [0, 2, 6, 99],
            "weight": [1.0, -1.0, 2.5, -2.5],
            "nudge": [0.1, 1e-9, 0],
            "way": ["up", "both", "down"],
            "shows": ["one", "all", "none"],
        },
    ),
    "learning rate": (
        LearningRateExplorer,
        80,
        {
            "learning_rate": [0.01, 1.1, -1],
            "landscape": ["bowl", "long valley", "lemonade", "race", "moon"],
            "start_at": [[0.0], [1.5], [1.0, 1.0], [9.0]],
            "lap": [0, 10, 11],
            "method": ["plain", "momentum", "adam", "luck"],
        },
    ),
    "loss": (
        LossExplorer,
        100,
        {
            "targets": [[1.0], [1.0, 5.0], [9.0, 5.0, 1.0], [99.0]],
            "products": [[3.0], [3.0, 4.0], [8.0, 5.0, 2.0], [50.0]],
            "measure": ["squared", "absolute", "cubed"],
            "chosen": [0, 1, 2, 3],
        },
    ),
    "chain rule": (
        ChainRuleExplorer,
        100,
        {
            "factory": ["lemonade", "two products", "cake"],
            "chosen": [None, [0, 0, 0], [1, 2, 0], [1, 1, 1], [0, 0, None], [9, 9, 9]],
            "path": [0, 1, 2, 3, 4],
        },
    ),
    "playground": (
        lambda: TrainingPlayground((INPUTS, [0, 1, 1, 0])),
        25,
        {
            "data": ["xor", "moons", "own table", "mars"],
            "floors": [1, 2, 3, 9],
            "workers": [1, 5, 0],
            "gate": ["tanh", "relu", "softmax"],
            "optimizer": ["plain", "adam", "luck"],
            "learning_rate": [0.01, 1.0, -1],
            "batch_size": [1, 16, 0],
            "noise": [0.0, 0.2, 3.0],
            "held_out": [0.0, 0.25, 0.9],
            "seed": [0, 7, -1],
            "speed": ["slow", "warp"],
            "chosen": [None, [0, 0], [1, 4], [2, 0]],
            "playing": [False, True, 1],
        },
    ),
}
EACH = pytest.mark.parametrize("name", CASES)


def settings(one: Explorer) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.setting_names()}


def standing(one: Explorer) -> Any:
    """All that a refused move leaves as it was."""
    view = {**one.view, "message": ""}
    return settings(one), view, [attrgetter(name)(one) for name in one.follows]


def a_move(dice: random.Random, values: dict[str, list[Any]], tame: float) -> dict[str, Any]:
    """Some settings in any order; in so large a share of the moves without their last value."""
    names = dice.sample(sorted(values), dice.randint(1, min(3, len(values))))
    tame = dice.random() < tame
    return {name: dice.choice(values[name][: -1 if tame else None]) for name in names}


def test_every_explorer_has_its_case() -> None:
    made = {type(make()).__name__ for make, _count, _values in CASES.values()}
    assert made == set(widgets.__all__)
    for make, _count, values in CASES.values():
        assert set(values) == set(make().setting_names())


@EACH
def test_a_merged_move_is_taken_wholly_or_not_at_all(name: str) -> None:
    make, count, values = CASES[name]
    dice, one, other, heard = random.Random(3), make(), make(), []
    one.observe(lambda change: heard.append(change["name"]), one.setting_names())
    taken = refused = 0
    for _move in range(count * MOVES):
        sent, before = a_move(dice, values, 0.6), standing(one)
        heard.clear()
        one.set_state(json.loads(json.dumps(sent)))
        if one.message:
            refused += 1
            assert one.message.startswith("Expected"), (sent, one.message)
            assert standing(one) == before, sent
            assert heard == [], sent
            one.refuse("")
        else:
            taken += 1
            assert {**settings(one), **sent} == settings(one), sent
            assert one.view == shown(one), sent
        # What came first in the message does not count.
        other.set_state(dict(reversed(sent.items())))
        assert settings(other) == settings(one), sent
        other.refuse("")
    assert min(taken, refused) >= count // 8, (taken, refused)


@EACH
def test_what_the_page_has_sent_is_not_sent_back(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It would come late, and undo what the learner has moved meanwhile.
    make, count, values = CASES[name]
    dice, one, told = random.Random(4), make(), []
    monkeypatch.setattr(type(one), "send_state", lambda _one, key=None: told.append(key))
    taken = 0
    for _move in range(count):
        sent = json.loads(json.dumps(a_move(dice, values, 1.0)))
        told.clear()
        one.set_state(sent)
        if not one.message:
            taken += 1
            assert not set(told) & {key for key in sent if sent[key] == getattr(one, key)}, sent
    assert taken > 0


def shown(one: Explorer) -> dict[str, Any]:
    """What it would show if it were drawn again."""
    before = one.view
    one.show()
    after, one.view = one.view, before
    return after


def test_a_choice_that_the_other_factory_has_not_is_refused_with_its_factory() -> None:
    one = ChainRuleExplorer()
    one.set_state({"chosen": [1, 2, 0], "factory": "two products"})
    assert (one.factory, one.chosen, one.path) == ("lemonade", [0, 0, 0], 0)
    assert one.message.startswith("Expected a delivery from 0 to 1")
    one.set_state({"chosen": [1, 1, 1], "factory": "two products"})
    assert (one.factory, one.chosen, one.message) == ("two products", [1, 1, 1], "")


@EACH
@pytest.mark.parametrize("fault", [ValueError("Expected a picture, but none came."), KeyError("x")])
def test_where_the_picture_fails_the_settings_go_back(
    name: str, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, _count, values = CASES[name]
    one, dice = make(), random.Random(4)
    values = {key: good for key, good in values.items() if key != "playing"}

    def draw(self: Explorer) -> explorer.View:
        raise fault

    moved = 0
    for _move in range(8):
        sent, before, told = a_move(dice, values, 1.0), standing(one), one.message
        with monkeypatch.context() as patched:
            patched.setattr(type(one), "draw", draw)
            try:
                one.set_state(sent)
            except KeyError:
                assert isinstance(fault, KeyError)
        assert standing(one) == before, sent
        moved += one.message != told
        one.message = ""
        one.show()
        assert standing(one) == before, sent
    assert moved > 0


def test_an_interrupted_picture_puts_the_settings_back(monkeypatch: pytest.MonkeyPatch) -> None:
    floor = FactoryFloor.lemonade(position=2)
    before = standing(floor)

    def draw(self: Explorer) -> explorer.View:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(FactoryFloor, "draw", draw)
        with pytest.raises(KeyboardInterrupt):
            floor.learning_rate = 0.3
    assert standing(floor) == before
    floor.learning_rate = 0.3
    assert floor.step.optimizer is None or floor.moments[-1].optimizer.learning_rate == 0.3
