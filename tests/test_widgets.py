"""The explorers without a browser: settings as traits, nonsense, laps, words, and what is saved."""

from __future__ import annotations

import gc
import json
import math
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from explorers import again, batch, summary
from languages import Foreign, english
from picture_reader import Page

import backprop_lib as bp
from backprop_lib import i18n
from backprop_lib.datasets import digits, lemonade, lemonade_factory, lemonade_workers
from backprop_lib.i18n import number
from backprop_lib.widgets import DigitReader, FactoryFloor, NeuronExplorer, Question
from backprop_lib.widgets.explorer import Explorer
from backprop_lib.widgets.jupyter import Jupyter
from backprop_lib.widgets.settings import Setting

pytestmark = pytest.mark.filterwarnings("error")

RIGHT, WRONG = "Two threes are six.", "That is 2 + 3."


def question() -> Question:
    return Question("What is 2 × 3?", ("5", False, WRONG), ("6", True, RIGHT), ("7", False, "No."))


MAKERS: dict[str, Callable[[], Any]] = {
    "floor": FactoryFloor.lemonade,
    "batch": batch,
    "summary": summary,
    "neuron": NeuronExplorer,
    "question": question,
    "digits": DigitReader,
}
# What the page shows, without what only counts laps.
SHOWN = (
    "title",
    "picture",
    "timeline",
    "caption",
    "formula",
    "description",
    "lines_title",
    "lines",
)


def shown(explorer: Explorer) -> dict[str, Any]:
    return {key: explorer.view[key] for key in SHOWN}


def settings(explorer: Explorer) -> dict[str, Any]:
    return {name: getattr(explorer, name) for name in explorer.setting_names()}


def control(explorer: Explorer, label: str) -> dict[str, Any]:
    (found,) = [one for one in explorer.view["controls"] if one["label"] == label]
    return found


def press(explorer: Explorer, label: str) -> None:
    """Click a button, as the page does: all its settings arrive in one message."""
    one = control(explorer, label)
    assert one["kind"] == "button"
    if not one["off"]:
        explorer.set_state(dict(one["sets"]))


# ---- settings are traits ------------------------------------------------------------------------


def test_numpys_numbers_are_taken_and_kept_as_plain_ones() -> None:
    floor, neuron = FactoryFloor.lemonade(), NeuronExplorer()
    floor.position, floor.learning_rate = np.int64(3), np.float64(0.02)
    floor.chosen = (np.int32(0), np.int64(1))
    neuron.weights, neuron.bias = np.array([1.0, 2.0]), np.float32(0.5)
    assert (floor.position, floor.learning_rate, floor.chosen) == (3, 0.02, [0, 1])
    assert (neuron.weights, neuron.bias) == ([1.0, 2.0], 0.5)
    kept = [floor.position, *floor.chosen, floor.learning_rate, *neuron.weights, neuron.bias]
    assert [type(one) for one in kept] == [int, int, int, float, float, float, float]
    for explorer in (floor, neuron):
        json.dumps(settings(explorer))


def test_two_floors_can_share_a_learning_rate() -> None:
    one, other = FactoryFloor.lemonade(position=6), FactoryFloor.lemonade(position=6)
    link = traitlets.link((one, "learning_rate"), (other, "learning_rate"))
    one.learning_rate = 0.3
    assert other.learning_rate == 0.3
    assert other.view == one.view
    other.learning_rate = 0.02
    assert one.view == other.view
    one.learning_rate = -1
    assert (one.learning_rate, other.learning_rate) == (0.02, 0.02)
    assert other.view["message"] == ""
    link.unlink()
    follow = traitlets.dlink((one, "learning_rate"), (other, "learning_rate"))
    other.learning_rate = 0.5
    assert one.learning_rate == 0.02
    one.learning_rate = 0.03
    assert other.learning_rate == 0.03
    follow.unlink()


# ---- nonsense -----------------------------------------------------------------------------------


class Unspeakable:
    """An object that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


class Explosive:
    """An object whose every conversion fails in its own way."""

    def __float__(self) -> float:
        raise OSError("no number")

    def __index__(self) -> int:
        raise KeyError("no index")

    def __array__(self, *_args: Any, **_more: Any) -> np.ndarray:
        raise RuntimeError("no array")

    def __eq__(self, other: object) -> bool:
        raise ArithmeticError("no comparison")

    __hash__ = None  # type: ignore[assignment]


NONSENSE: dict[str, Any] = {
    "None": None,
    "text": "lemons",
    "number as text": "3",
    "empty text": "",
    "bytes": b"ab",
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "-1": -1,
    "a hundred": 10**2,
    "1e400": 1e400,
    "10**400": 10**400,
    "10**5000": 10**5000,
    "1.5": 1.5,
    "complex": 1j,
    "True": True,
    "empty list": [],
    "one in a list": [1],
    "three": [1, 2, 3],
    "nested": [[0, 1]],
    "ragged": [[1], [2, 3]],
    "texts": ["a", "b"],
    "None within": [None, 1],
    "nan within": [math.nan, 1.0],
    "inf within": [1.0, math.inf],
    "True within": [True, "1"],
    "large indices": [0, 99],
    "negative indices": [0, -1],
    "dict": {"position": 1},
    "set": {1, 2},
    "generator": (n for n in (0, 1)),
    "matrix": np.zeros((4, 4)),
    "text array": np.array(["relu", "tanh"]),
    "long list": [0] * 3000,
    "function": len,
    "class": FactoryFloor,
    "object": object(),
    "unspeakable": Unspeakable(),
    "unspeakable within": [Unspeakable(), 1],
    "explosive": Explosive(),
    "Ellipsis": ...,
    "softmax": "softmax",
}

# What is no nonsense for that setting after all.
FINE = {
    ("learning_rate", "a hundred"),
    ("learning_rate", "1.5"),
    ("lap", "a hundred"),
    *(
        (name, kind)
        for name in ("inputs", "weights")
        for kind in ("large indices", "negative indices")
    ),
    ("chosen", "None"),
    ("bias", "-1"),
    ("bias", "a hundred"),
    ("bias", "1.5"),
    ("page", "a hundred"),
    ("only_mistakes", "True"),
}


@pytest.mark.parametrize("kind", NONSENSE)
@pytest.mark.parametrize(
    "make",
    [FactoryFloor.lemonade, NeuronExplorer, question, DigitReader],
    ids=["floor", "neuron", "question", "digits"],
)
def test_nonsense_leaves_all_as_it_was_and_is_answered_in_a_sentence(
    make: Callable[[], Explorer], kind: str
) -> None:
    explorer = make()
    kept, before = settings(explorer), explorer.view
    for name in sorted(explorer.setting_names()):
        if (name, kind) in FINE:
            continue
        setattr(explorer, name, NONSENSE[kind])
        assert settings(explorer) == kept, name
        message = explorer.view["message"]
        assert re.match(r"Expected .* came", message), (name, message)
        assert message.endswith("."), (name, message)
        assert len(message) <= 300, (name, len(message))
        assert {**explorer.view, "message": ""} == {**before, "message": ""}, name
        assert message in repr(explorer) or "\n" in message
        explorer.set_state({name: kept[name]})


def test_a_bad_first_setting_is_refused_with_its_sentence() -> None:
    network = lemonade_factory()
    for more in (
        {"position": 7},
        {"position": -1},
        {"chosen": [1, 1]},
        {"chosen": "Ana"},
        {"learning_rate": 0},
        {"learning_rate": math.nan},
        {"lap": -1},
        {"x": [1, 2, 3]},
        {"x": [[math.nan, 1]]},
        {"target": [1, 2]},
        {"input_names": ["lemons"]},
        {"worker_names": [["Ana"], ["taster"]]},
    ):
        with pytest.raises((TypeError, ValueError), match=r"Expected .* came.*\."):
            FactoryFloor(**{"network": network, "x": [2, 1], "target": [1], **more})
    for more in (
        {"inputs": [1, 2, 3]},
        {"inputs": []},
        {"weights": ["a", "b"]},
        {"bias": [1, 2]},
        {"activation": "softmax"},
        {"activation": "step"},
    ):
        with pytest.raises((TypeError, ValueError), match=r"Expected .* came.*\."):
            NeuronExplorer(**more)


@pytest.mark.parametrize(
    "names", [{"input_names": [1, 2]}, {"worker_names": [[1, 2, 3], ["t"]]}, {"input_names": 5}]
)
def test_names_that_are_no_text_are_refused_with_a_sentence(names: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"Expected .* came.*\."):
        FactoryFloor(lemonade_factory(), [2, 1], [1], **names)


def test_one_delivery_without_brackets_is_refused_with_a_sentence() -> None:
    with pytest.raises((TypeError, ValueError), match=r"Expected .* came.*\."):
        NeuronExplorer(inputs=2, weights=[1])  # type: ignore[arg-type]


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says how much it is")
def test_what_is_remembered_of_moves_does_not_grow() -> None:
    explorer, random = NeuronExplorer(), np.random.default_rng(0)

    def megabytes(moves: int) -> float:
        for _move in range(moves):
            explorer.set_state({"weights": random.uniform(-3, 3, 2).tolist()})
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE") / 1e6

    before = megabytes(5_000)  # by then what pictures have in common is known
    assert megabytes(20_000) - before < 4.0


# ---- the floor: steps ---------------------------------------------------------------------------


@pytest.mark.parametrize("make", [FactoryFloor.lemonade, batch, summary])
def test_stepping_to_and_fro_shows_the_same(make: Callable[[], FactoryFloor]) -> None:
    floor = make()
    last = len(floor.moments) - 1
    there = {}
    for position in range(last + 1):
        floor.position = position
        there[position] = floor.view
    assert len({view["caption"] for view in there.values()}) == last + 1
    assert len({view["picture"] for view in there.values()}) == last + 1
    for position in (*reversed(range(last + 1)), *np.random.default_rng(1).permutation(last + 1)):
        floor.position = int(position)
        assert floor.view == there[position]


def test_other_work_between_two_steps_changes_nothing() -> None:
    floor, quiet = FactoryFloor.lemonade(), FactoryFloor.lemonade()
    for position in range(7):
        network = floor.step.network
        peek = network.forward(np.random.default_rng(position).normal(size=(50, 2)))
        network.backward(peek, np.ones((50, 1)))
        bp.steps(network, [9, 9], [9], optimizer=bp.SGD(1.0))
        floor.position = quiet.position = position
        assert floor.view == quiet.view
    floor.lap = quiet.lap = 3
    assert floor.view == quiet.view


def test_a_floor_leaves_what_it_was_given_alone() -> None:
    network, optimizer = lemonade_factory(), bp.SGD(0.01, momentum=0.9)
    x, target = np.array([[2.0, 1.0]]), np.array([[1.0]])
    floor = FactoryFloor(network, x, target, optimizer=optimizer)
    before = floor.view
    x[0], target[0] = 77.0, 99.0
    floor.position, floor.lap = 6, 4
    floor.position, floor.lap = 0, 0
    assert floor.view == before
    assert network.layers[0].weights.tolist() == lemonade_factory().layers[0].weights.tolist()
    again = FactoryFloor(network, [[2.0, 1.0]], [[1.0]], optimizer=optimizer)
    floor.position = again.position = 6
    assert again.view == floor.view


def test_back_and_next_stop_at_the_ends() -> None:
    floor = FactoryFloor.lemonade()
    assert control(floor, "Back")["off"]
    for expected in range(1, 7):
        press(floor, "Next")
        assert floor.position == expected
    assert control(floor, "Next")["off"]
    press(floor, "Next")
    assert (floor.position, floor.view["message"]) == (6, "")
    for expected in reversed(range(6)):
        press(floor, "Back")
        assert floor.position == expected
    assert control(floor, "Start again")["off"]
    slider = control(floor, "Step")
    assert (slider["min"], slider["max"], slider["step"]) == (0, 6, 1)


def test_the_caption_belongs_to_the_step() -> None:
    floor = FactoryFloor.lemonade(position=3)
    loss, product = floor.step.loss, floor.step.trace.output.item()
    assert number(loss) in floor.view["caption"]
    assert number(product) in floor.view["caption"]
    assert floor.view["description"].endswith(floor.view["caption"])


def test_the_workbench_is_shown_for_the_chosen_worker_only() -> None:
    floor = FactoryFloor.lemonade(position=5)
    assert (floor.view["lines"], floor.view["lines_title"]) == ([], "")
    for place, name in enumerate(("Ana", "Bo", "Cy")):
        floor.chosen = [0, place]
        assert name in floor.view["lines_title"]
        assert floor.view["picture"].count("bpf-chosen") == 1
    floor.chosen = [1, 0]
    assert "taster" in floor.view["lines_title"]
    floor.chosen = None
    assert (floor.view["lines"], floor.view["lines_title"]) == ([], "")


# ---- the floor: learning rate and laps ----------------------------------------------------------


def lemonade_laps(rate: float, count: int) -> list[bp.Step]:
    """The last step of each lap, straight from the engine."""
    network, found = lemonade_factory(), []
    for _ in range(count):
        order = lemonade()
        lap = bp.steps(network, order.inputs, order.targets, optimizer=bp.SGD(rate))
        network = lap[-1].updated
        found.append(lap[-1])
    return found


def test_a_learning_rate_redoes_the_update_at_once() -> None:
    floor = FactoryFloor.lemonade(position=6)
    for rate in (0.001, 0.5, 3.0):
        floor.learning_rate = rate
        expected = lemonade_laps(rate, 1)[0].updated
        assert floor.step.updated.forward([2, 1]).output == expected.forward([2, 1]).output
        assert number(rate) in floor.view["caption"]
        assert control(floor, "Learning rate")["text"] == number(rate)
        assert floor.position == 6


def test_laps_go_on_with_the_turned_knobs() -> None:
    floor = FactoryFloor.lemonade(position=6)
    for lap, expected in enumerate(lemonade_laps(0.01, 4)):
        assert floor.lap == lap
        floor.position = 3
        assert floor.step.loss == expected.loss
        floor.position = 6
        press(floor, "Next lap")
        assert floor.position == 0
    floor.lap = 2
    floor.position = 3
    assert floor.step.loss == lemonade_laps(0.01, 3)[2].loss
    press(floor, "Start again")
    assert (floor.lap, floor.position) == (0, 0)
    assert shown(floor) == shown(FactoryFloor.lemonade())


def test_a_new_rate_holds_from_this_lap_on_and_the_laps_after_it_are_made_anew() -> None:
    floor = FactoryFloor.lemonade()
    floor.lap = 4
    floor.lap = 1
    floor.learning_rate = 0.05
    floor.lap = 2
    first = lemonade_laps(0.01, 1)[0].updated
    second = bp.steps(first, [2, 1], [1], optimizer=bp.SGD(0.05))[-1].updated
    assert floor.moments[0].network.forward([2, 1]).output == second.forward([2, 1]).output


def test_the_rate_that_is_shown_is_the_rate_that_is_used() -> None:
    floor = FactoryFloor.lemonade(position=6)
    floor.lap = 2
    floor.learning_rate = 0.05
    for lap in (0, 1, 2, 3, 0):
        floor.lap = lap
        assert floor.step.optimizer.learning_rate == floor.learning_rate
        assert number(floor.learning_rate) in floor.view["caption"]
        assert shown(floor) == shown(same_as_new_lemonade(floor))


def same_as_new_lemonade(floor: FactoryFloor) -> FactoryFloor:
    order = lemonade()
    return FactoryFloor(
        floor.moments[0].network,
        order.inputs,
        order.targets,
        learning_rate=floor.learning_rate,
        position=floor.position,
        input_names=order.input_names,
        worker_names=lemonade_workers(),
    )


def test_momentum_rolls_on_from_lap_to_lap_and_back() -> None:
    optimizer = bp.SGD(0.01, momentum=0.9)
    floor = FactoryFloor(lemonade_factory(), [2, 1], [1], optimizer=optimizer, position=3)
    network, losses = lemonade_factory(), []
    rolling = bp.SGD(0.01, momentum=0.9)
    for _ in range(4):
        trace = network.forward([2, 1])
        loss = bp.MeanSquaredError()
        losses.append(loss.value(trace.output, [[1.0]]))
        slope = loss.gradient(trace.output, [[1.0]])
        network = rolling.update(network, network.backward(trace, slope))
    for lap in (3, 0, 2, 1, 3):
        floor.lap = lap
        assert floor.step.loss == pytest.approx(losses[lap], rel=1e-12)


EXPLODING = [1e3, 1e20, 1e100, 1e160, 1e300, 1e306, 1e307]


@pytest.mark.parametrize("rate", EXPLODING)
def test_a_rate_that_explodes_ends_in_a_sentence_and_the_floor_still_works(rate: float) -> None:
    network = bp.Network([bp.Dense([[1.0]], [0.0])])  # no gate that could shut
    floor = FactoryFloor(network, [2], [1], learning_rate=0.01)
    floor.learning_rate = rate
    for _ in range(200):
        floor.position = 4
        lap = floor.lap
        if floor.learning_rate != rate or floor.view["message"]:
            break
        press(floor, "Next lap")
        if floor.lap == lap:
            break
    assert re.match(r"Expected finite numbers .* learning rate\.", floor.view["message"])
    floor.learning_rate = 0.01
    for lap in (0, 1, 2):
        floor.lap = lap
        for position in range(len(floor.moments)):
            floor.position = position
            assert floor.view["message"] == ""
    ET.fromstring(floor.view["picture"])


def test_the_last_lap_is_reached_in_a_sentence() -> None:
    floor = FactoryFloor(bp.Network([bp.Dense([[1.0]], [0.0])]), [1], [0], learning_rate=1e-3)
    floor.lap = 199
    press(floor, "Next lap")
    assert floor.lap == 199
    assert floor.view["message"] or control(floor, "Next lap")["off"]


# ---- the floor: batches and large factories -----------------------------------------------------


def test_an_order_of_a_batch_can_be_chosen() -> None:
    floor = batch()
    orders = floor.moments[0].inputs
    assert control(floor, "Order")["max"] == 2
    seen = set()
    for example in range(3):
        floor.example = example
        for position in range(7):
            floor.position = position
            seen.add((position, floor.view["caption"]))
        floor.position = 0
        for amount in orders[example]:
            assert number(amount) in floor.view["caption"]
        floor.position = 3
        product = floor.step.trace.output[example].item()
        assert number(product) in floor.view["caption"]
    assert len(seen) == 3 * 6 + 1  # the update is one for all
    assert not any(one["label"] == "Order" for one in FactoryFloor.lemonade().view["controls"])


def test_the_chosen_order_is_the_one_in_the_picture_and_on_the_workbench() -> None:
    floor = batch()
    floor.chosen = [0, 0]
    for example, order in enumerate(([2, 1], [3, 1], [0, 3])):
        alone = FactoryFloor(lemonade_factory(), order, [[1], [2], [0]][example], chosen=[0, 0])
        floor.example = example
        for position in (0, 1, 2):
            floor.position = alone.position = position
            assert floor.view["picture"] == alone.view["picture"]
            assert floor.view["lines"] == alone.view["lines"]


def test_a_large_factory_is_drawn_as_a_summary_and_a_small_one_is_not() -> None:
    large, small = summary().view["picture"], FactoryFloor.lemonade().view["picture"]
    assert "bpf-cell" in large
    assert "bpf-cell" not in small
    assert "bpf-belt" in small
    assert "bpf-belt" not in large


def test_a_worker_of_a_large_factory_has_a_workbench_too() -> None:
    floor = summary()
    for position in range(len(floor.moments)):
        floor.position = position
        for chosen in ([0, 11], [1, 2]):
            floor.chosen = chosen
            assert floor.view["picture"].count("bpf-chosen") == 1
            assert floor.view["lines"]


# ---- one worker ---------------------------------------------------------------------------------


@pytest.mark.parametrize("gate", ["identity", "relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("bias", [-2.0, 1.5, 2.0, 3.5])
def test_one_worker_says_what_the_engine_says(gate: str, bias: float) -> None:
    neuron = NeuronExplorer([2.0, 1.0, -1.0], [0.5, -1.0, 2.0], bias, gate)
    layer = bp.Dense([[0.5], [-1.0], [2.0]], [bias], gate)
    work = bp.Network([layer]).forward([2, 1, -1]).layers[0]
    z, a = work.pre_activations.item(), work.activations.item()
    assert f"= {number(z)}" in neuron.view["caption"]
    assert number(a) in neuron.view["caption"].rsplit(". ", 1)[1]
    assert f"a = {gate}(z) = {number(a)}" in neuron.view["formula"]
    assert f"b = {number(z)}," in neuron.view["formula"]
    if gate == "relu":
        assert ("open" in neuron.view["caption"]) == (z > 0)
        assert ("shut" in neuron.view["caption"]) == (z <= 0)


def test_each_number_of_one_worker_has_its_slider() -> None:
    neuron = NeuronExplorer([2.0, 1.5], [1.0, -1.25], 0.5)
    sliders = [one for one in neuron.view["controls"] if one["kind"] == "slider"]
    taken = [(one["trait"], one.get("place"), one["text"]) for one in sliders]
    assert taken == [
        ("inputs", 0, "2"),
        ("inputs", 1, "1.5"),
        ("weights", 0, "1"),
        ("weights", 1, "−1.25"),
        ("bias", None, "0.5"),
    ]
    assert len({one["label"] for one in sliders}) == 5
    (choice,) = [one for one in neuron.view["controls"] if one["kind"] == "choice"]
    for value, _name in choice["options"]:
        neuron.activation = value
        assert (neuron.activation, neuron.view["message"]) == (value, "")


@pytest.mark.parametrize("name", ["inputs", "weights", "bias"])
@pytest.mark.parametrize("size", [1e150, 1e160, 1e200, 1e306, 1.7e308, 5e-324])
def test_one_worker_with_a_huge_number_shows_it_or_says_why_not(name: str, size: float) -> None:
    neuron = NeuronExplorer()
    value = size if name == "bias" else [size, -size]
    kept, before = settings(neuron), neuron.view
    setattr(neuron, name, value)
    if neuron.view["message"]:
        assert settings(neuron) == kept
        assert neuron.view["picture"] == before["picture"]
    else:
        assert getattr(neuron, name) == value
        assert shown(neuron) == shown(again(NeuronExplorer, neuron))
    neuron.bias = 1.0
    assert neuron.view["message"] == ""


# ---- questions ----------------------------------------------------------------------------------


def test_each_answer_gets_its_verdict_and_its_reason() -> None:
    asked = question()
    (ask,) = asked.view["controls"]
    assert (ask["label"], ask["options"], ask["verdict"]) == (
        "What is 2 × 3?",
        ["5", "6", "7"],
        "",
    )
    assert asked.view["caption"] == ""
    for place, (verdict, why) in enumerate((("wrong", WRONG), ("right", RIGHT), ("wrong", "No."))):
        asked.chosen = place
        assert asked.view["controls"][0]["verdict"] == verdict
        assert asked.view["caption"].endswith(why)
        others = {WRONG, RIGHT, "No."} - {why}
        assert not any(other in asked.view["caption"] for other in others)
    openings = {asked.view["caption"].removesuffix("No.")}
    asked.chosen = 1
    openings.add(asked.view["caption"].removesuffix(RIGHT))
    assert len(openings) == 2
    asked.chosen = None
    assert asked.view == question().view


def test_a_question_may_have_two_right_answers_but_not_none() -> None:
    both = Question("Which is even?", ("2", True, "a"), ("4", True, "b"))
    for place in (0, 1):
        both.chosen = place
        assert both.view["controls"][0]["verdict"] == "right"
    bad: list[Any] = [
        [],
        [("6", True, "Yes.")],
        [("5", False, "No."), ("7", False, "No.")],
        [("5", False), ("6", True, "Yes.")],
        [("5", False, "No.", 1), ("6", True, "Yes.")],
        [("5", 0, "No."), ("6", 1, "Yes.")],
        [(5, False, "No."), ("6", True, "Yes.")],
        ["abc", ("6", True, "Yes.")],
        [None, ("6", True, "Yes.")],
    ]
    for answers in bad:
        with pytest.raises(ValueError, match=r"^Expected .* came; try "):
            Question("What is 2 × 3?", *answers)


def test_a_prompt_that_is_no_text_is_refused() -> None:
    with pytest.raises((TypeError, ValueError), match=r"^Expected "):
        Question(7, ("5", False, WRONG), ("6", True, RIGHT))  # type: ignore[arg-type]


def test_a_question_on_paper_does_not_give_itself_away() -> None:
    paper = question()._repr_mimebundle_()[0]["text/html"]
    first, folded = paper.split("<details>")
    assert all(text in first for text in ("What is 2 × 3?", ">5<", ">6<", ">7<"))
    assert not any(why in first for why in (WRONG, RIGHT))
    assert all(why in folded for why in (WRONG, RIGHT))


# ---- the digits ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained() -> tuple[DigitReader, dict[str, Any]]:
    reader = DigitReader()
    before = reader.view
    reader.train()
    return reader, before


def test_the_digit_reader_reads_what_it_has_never_seen(trained: Any) -> None:
    reader, before = trained
    assert reader.epoch == 20
    train, test = digits()
    assert not {row.tobytes() for row in train.inputs} & {row.tobytes() for row in test.inputs}
    answers = reader.network.forward(test.inputs).output.argmax(axis=1)
    right = int((answers == test.targets.argmax(axis=1)).sum())
    assert reader.accuracy == right / 359
    assert right / 359 >= 0.95
    found = re.findall(r"\d+(?:\.\d+)?", reader.view["caption"])
    assert found == ["359", str(right), number(100 * right / 359, digits=3)]
    assert control(reader, "Training")["value"] == 20
    assert before["caption"] != reader.view["caption"]


def test_going_back_shows_the_digits_as_they_were_read_then(trained: Any) -> None:
    reader, before = trained
    reader.epoch = 0
    assert reader.view == before
    once = DigitReader()
    once.epoch = 2
    reader.epoch = 2
    assert reader.view == once.view
    reader.epoch = 20
    assert reader.accuracy >= 0.95


def test_training_is_the_same_every_time_and_hangs_on_its_seed() -> None:
    one, two, other = DigitReader(), DigitReader(), DigitReader(seed=1)
    for reader in (one, two, other):
        reader.epoch = 1
    assert one.view == two.view
    assert one.view["picture"] != other.view["picture"]


def test_the_pages_show_every_digit_and_begin_again(trained: Any) -> None:
    reader, _before = trained
    reader.page, reader.only_mistakes = 0, False
    first, told = reader.view, []
    for page in range(30):
        reader.page = page
        told += re.findall(r"a (\d) read as (\d)", reader.view["description"])
    truths = digits().test.targets.argmax(axis=1)
    assert [int(truth) for truth, _ in told] == truths.tolist()
    answers = reader.network.forward(digits().test.inputs).output.argmax(axis=1)
    assert [int(answer) for _, answer in told] == answers.tolist()
    reader.page = 30
    assert reader.view["picture"] == first["picture"]
    reader.page = 0


def test_mistakes_can_be_seen_alone(trained: Any) -> None:
    reader, _before = trained
    reader.only_mistakes = True
    found = re.findall(r"a (\d) read as (\d)", reader.view["description"])
    assert len(found) == min(12, round((1 - reader.accuracy) * 359))
    assert all(truth != answer for truth, answer in found)
    assert reader.view["picture"].count("✗") == len(found)
    reader.only_mistakes = False
    assert "✓" in reader.view["picture"]


def test_one_digit_can_be_taken_to_the_floor(trained: Any) -> None:
    reader, _before = trained
    test = digits().test
    for example in (0, 5, 358):
        floor = reader.floor(example)
        assert floor.moments[0].inputs.tolist() == [test.inputs[example].tolist()]
        floor.position = 3
        share = reader.network.forward(test.inputs[example]).output[0]
        assert floor.step.trace.output[0].tolist() == pytest.approx(share.tolist(), rel=1e-12)
        assert shown(floor)["picture"].count("bpf-cell-frame") == 64 + 32 + 10


@pytest.mark.parametrize("example", [359, -1, "a", None, 1.5])
def test_a_digit_that_is_not_there_is_refused_with_a_sentence(trained: Any, example: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"Expected .* came"):
        trained[0].floor(example)


# ---- what is saved in a notebook ----------------------------------------------------------------


NASTY = '<script>alert("x")</script>&amp;\'<b>'


def nasty_explorers() -> Iterator[Explorer]:
    for sizes in ([2, 3, 1], [2, 5, 1], [9, 3]):
        network = bp.Network.random(sizes)
        floor = FactoryFloor(
            network,
            np.ones(sizes[0]),
            np.ones(sizes[-1]),
            input_names=[NASTY] * sizes[0],
            worker_names=[[NASTY] * count for count in sizes[1:]],
            chosen=[0, 0],
        )
        for position in range(len(floor.moments)):
            floor.position = position
            yield floor
    yield NeuronExplorer(names=[NASTY, NASTY])
    asked = Question(NASTY, (NASTY, True, NASTY), (NASTY, False, NASTY))
    yield asked
    asked.chosen = 0
    yield asked
    asked.chosen = NASTY
    yield asked


def test_what_is_typed_reaches_html_and_svg_escaped() -> None:
    for explorer in nasty_explorers():
        page = Page(explorer._repr_mimebundle_()[0]["text/html"])
        assert not {"script", "b"} & set(page.tags)
        view = explorer.view
        for key in ("picture", "timeline"):
            if view[key]:
                root = ET.fromstring(view[key])
                assert not any(part.tag.endswith(("script", "}b")) for part in root.iter())
        if isinstance(explorer, Question):
            assert NASTY in page.words
        else:
            svg = page.images[0]["src"] or ""
            assert NASTY in ("".join(ET.fromstring(view["picture"]).itertext()) + svg) or (
                NASTY in (page.images[0]["alt"] or "")
            )


def test_a_prompt_of_two_lines_is_one_line_of_text() -> None:
    asked = Question("Ana has 2 × 3.\nHow many?", ("5", False, WRONG), ("6", True, RIGHT))
    assert len(repr(asked).splitlines()) == 1


# ---- the page's half and Python's half ----------------------------------------------------------


def labels(explorer: Explorer) -> list[str]:
    """Every word that the page shows, but for the pictures."""
    view = explorer.view
    found = [view[key] for key in ("title", "caption", "formula", "description", "message")]
    found += [view["lines_title"], *(text for line in view["lines"] for text in line)]
    for one in view["controls"]:
        found += [one[key] for key in ("label", "text", "pause", "speed") if key in one]
        found += [name for name, _wait in one.get("speeds", ())]
        if one["kind"] == "choice":
            found += [name for _value, name in one["options"]]
    return found


def test_a_questions_own_words_are_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    asked = Question("2 × 3 = ?", ("5", False, "2 + 3."), ("6", True, "3 + 3."))
    for chosen in (0, 1, 9, "x"):
        asked.chosen = chosen
        for text in (*labels(asked), Page(asked.fallback()).words):
            assert english(text) in ([], ["x"])


def test_another_language_is_shown_when_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    floor = FactoryFloor.lemonade()
    before = floor.view["caption"]
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    assert floor.view["caption"] == before
    floor.show()
    assert floor.view["caption"] != before


def test_javascript_holds_no_words_for_the_learner() -> None:
    code = re.sub(r"//[^\n]*", "", Jupyter._esm)
    texts = re.findall(r'textContent = "([^"]+)"', code)
    assert texts == []
    assert not re.search(r'"aria-label", "|title: "|placeholder: "', code)


def test_settings_refuse_without_a_trace_in_other_explorers() -> None:
    one, other = FactoryFloor.lemonade(), FactoryFloor.lemonade()
    one.position = 99
    assert other.view["message"] == ""
    one.lap = 3
    assert (other.lap, len(other._laps)) == (0, 1)
    assert all(isinstance(one.traits()[name], Setting) for name in one.setting_names())
