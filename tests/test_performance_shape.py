"""What a move costs, counted and not timed: nothing is computed or drawn that need not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import backprop_lib as bp
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.optimizers import Optimizer
from backprop_lib.widgets import DigitReader, FactoryFloor, NeuronExplorer, Question
from backprop_lib.widgets.explorer import Explorer

Counted = Callable[[Callable[[], Any]], dict[str, int]]


@pytest.fixture
def cost(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """A function that runs something and says how often the engine and the pencil were used."""
    counts: Counter[str] = Counter()

    def count(owner: Any, name: str, what: str) -> None:
        original = getattr(owner, name)

        def counted(*arguments: Any, **more: Any) -> Any:
            counts[what] += 1
            return original(*arguments, **more)

        monkeypatch.setattr(owner, name, counted)

    count(bp.Dense, "forward", "forward")
    count(bp.Dense, "backward", "backward")
    count(MeanSquaredError, "raw_value", "loss")
    count(Optimizer, "turn", "update")
    for kind in (FactoryFloor, NeuronExplorer, Question, DigitReader):
        count(kind, "draw", "draw")

    def run(work: Callable[[], Any]) -> dict[str, int]:
        counts.clear()
        work()
        return dict(counts)

    return run


def move(explorer: Explorer, **changes: Any) -> Callable[[], None]:
    """A move as the page sends it."""
    return lambda: explorer.set_state(changes)


def test_stepping_computes_nothing_and_draws_once(cost: Counted) -> None:
    floor = FactoryFloor.lemonade()
    assert cost(move(floor, position=4)) == {"draw": 1}
    assert cost(move(floor, position=1)) == {"draw": 1}
    assert cost(move(floor, chosen=[0, 1])) == {"draw": 1}
    assert cost(move(floor, position=1)) == {}


def test_nonsense_computes_nothing_and_draws_nothing(cost: Counted) -> None:
    floor = FactoryFloor.lemonade()
    for changes in ({"position": 99}, {"learning_rate": -1}, {"lap": "x"}, {"chosen": [9, 9]}):
        assert cost(move(floor, **changes)) == {}


def test_a_learning_rate_costs_at_most_one_lap_and_draws_once(cost: Counted) -> None:
    floor = FactoryFloor.lemonade()
    floor.lap = 5
    found = cost(move(floor, learning_rate=0.02))
    assert found["draw"] == found["update"] == 1
    assert found.get("forward", 0) <= 2
    assert found.get("backward", 0) <= 2
    assert found.get("loss", 0) <= 1


def test_the_next_lap_is_computed_once_and_drawn_once(cost: Counted) -> None:
    floor = FactoryFloor.lemonade(position=6)
    found = cost(move(floor, lap=1, position=0))
    assert found["draw"] == 1
    assert found["update"] <= 2
    assert found["forward"] <= 4


def test_going_back_some_laps_computes_one_lap(cost: Counted) -> None:
    floor = FactoryFloor.lemonade()
    floor.lap = 50
    found = cost(move(floor, lap=3))
    assert found["forward"] <= 2
    assert found["update"] <= 1


def test_one_worker_works_a_few_times_and_is_drawn_once(cost: Counted) -> None:
    neuron = NeuronExplorer()
    found = cost(move(neuron, bias=0.5))
    assert found["draw"] == 1
    assert found["forward"] <= 3


def test_a_question_computes_nothing(cost: Counted) -> None:
    question = Question("2 × 3?", ("5", False, "No."), ("6", True, "Yes."))
    assert cost(move(question, chosen=1)) == {"draw": 1}


def test_what_was_learned_is_kept(cost: Counted) -> None:
    reader = DigitReader()
    assert cost(move(reader, epoch=2))["update"] == 2 * 45  # 1,438 digits in laps of 32
    assert "update" not in cost(move(reader, epoch=0))
    assert "update" not in cost(move(reader, epoch=2))
    for changes in ({"page": 3}, {"only_mistakes": True, "page": 0}):
        found = cost(move(reader, **changes))
        assert "update" not in found
        assert found["forward"] <= 2 * found["draw"]
