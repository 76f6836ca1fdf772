"""The training playground: the engine's own numbers, its settings, and a task that always ends."""

from __future__ import annotations

import asyncio
import base64
import json
import math
import random
import re
import signal
import struct
import time
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
import pytest
from picture_reader import drawn_with, faults, parts, texts

import backprop_lib as bp
from backprop_lib import TrainingPlayground, i18n
from backprop_lib.datasets import Dataset, moons, rings, spiral, xor
from backprop_lib.pictures import playground as playground_picture
from backprop_lib.pictures.answers import PIXELS, Field, png
from backprop_lib.pictures.border import border
from backprop_lib.pictures.playground import MOST_TILES, Scene, moving
from backprop_lib.study.runs import Run, hold_out
from backprop_lib.widgets import live, playground_settings, training_playground
from backprop_lib.words.playground import floor_told

pytestmark = pytest.mark.filterwarnings("error")

RUN = {"data", "floors", "workers", "gate", "noise", "held_out", "seed"}  # what starts again
GOES_ON = {"optimizer", "learning_rate", "batch_size"}
SETTINGS = RUN | GOES_ON | {"speed", "chosen", "playing"}
INPUTS, TARGETS = [[0, 0], [1, 2], [2, 1], [0.5, 3]], [0, 1, 1, 0]


def settings(playground: TrainingPlayground) -> dict[str, Any]:
    return {name: getattr(playground, name) for name in playground.setting_names()}


def knobs(network: bp.Network) -> np.ndarray:
    return np.concatenate(
        [array.ravel() for layer in network.layers for array in (layer.weights, layer.biases)]
    )


def told(playground: TrainingPlayground, words: dict[str, Any]) -> None:
    """A word from the page."""
    playground._handle_custom_msg(words, [])


# ---- the numbers are the engine's ---------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 7, 16, 64])
@pytest.mark.parametrize("optimizer", ["plain", "momentum", "adam"])
def test_it_takes_the_laps_of_train(batch_size: int, optimizer: str) -> None:
    rate = 0.01
    playground = TrainingPlayground(
        "moons", optimizer=optimizer, learning_rate=rate, batch_size=batch_size, seed=3
    )
    turner = {"plain": bp.SGD(rate), "momentum": bp.SGD(rate, 0.9), "adam": bp.Adam(rate)}
    data, held_out = hold_out(moons(noise=0.1, seed=3), 0.2)
    assert held_out is not None
    records = bp.train(
        bp.Network.random([2, 4, 1], "tanh", seed=3), data.inputs, data.targets,
        bp.MeanSquaredError(), turner[optimizer], epochs=4, batch_size=batch_size, seed=3,
    )  # fmt: skip
    for record in records:
        if record.epoch:
            playground.one_epoch()
        assert playground.run.epoch == record.epoch
        assert np.array_equal(knobs(playground.run.network), knobs(record.network))
        entry = playground.run.history[-1]
        assert entry.train == pytest.approx(record.loss, rel=1e-12)
        missed = record.network.forward(held_out.inputs).output - held_out.targets
        assert entry.held_out == pytest.approx(float((missed**2).mean()), rel=1e-12)


def test_a_batch_is_a_lap_and_a_round_ends_where_it_ends() -> None:
    playground = TrainingPlayground("moons", batch_size=60)  # 60, 60 and 40 of 160
    for lap, (epoch, taken) in enumerate([(0, 60), (0, 120), (1, 0), (1, 60)], start=1):
        playground.one_batch()
        run = playground.run
        assert (run.lap, run.epoch, run.taken) == (lap, epoch, taken)
    playground.one_epoch()
    assert (playground.run.epoch, playground.run.taken) == (2, 0)
    playground.train(3)
    assert playground.run.epoch == 5
    seen = [point for _batch in range(3) for point in _next_inputs(playground)]
    assert sorted(map(tuple, seen)) == sorted(map(tuple, playground.run.train.inputs.tolist()))


def _next_inputs(playground: TrainingPlayground) -> list[list[float]]:
    inputs: list[list[float]] = playground.run.batch[0].tolist()
    playground.one_batch()
    return inputs


def test_a_score_is_counted_by_hand() -> None:
    network = bp.Network([bp.Dense([[1.0], [0.0]], [0.0])])
    data = Dataset(
        "four", [[0, 0], [0.6, 0], [0.5, 0], [2, 0]], [[0], [0], [1], [1]], ["x", "y"], ["t"]
    )
    score = Run(data, None, network, bp.SGD(0.1), 4).score()
    assert score.loss == pytest.approx((0 + 0.36 + 0.25 + 1) / 4)
    assert score.right == 0.5  # 0 and 2; one half itself is on neither side


def test_a_run_shuffles_with_seed_0_unless_it_is_given_another() -> None:
    def ends(*seed: int) -> list[float]:
        run = Run(xor(), None, bp.Network.random([2, 3, 1]), bp.SGD(0.1), 2, *seed)
        run.step()
        run.step()
        return knobs(run.network).tolist()

    assert ends() == ends(0) != ends(1)


@pytest.mark.parametrize(("share", "held"), [(0.2, [4, 9, 14, 19]), (0.5, list(range(1, 20, 2)))])
def test_held_out_examples_are_spread_evenly(share: float, held: list[int]) -> None:
    data = Dataset("twenty", [[n, 0] for n in range(20)], [[0]] * 20, ["x", "y"], ["t"])
    train, out = hold_out(data, share)
    assert out is not None
    assert out.inputs[:, 0].tolist() == held
    assert len(train) + len(out) == 20
    assert np.array_equal(out.inputs, data.split(round(1 / share)).test.inputs)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 30, 160, 200])
def test_some_are_always_left_to_train_on(count: int) -> None:
    data = Dataset("some", [[n, 0] for n in range(count)], [[0]] * count, ["x", "y"], ["t"])
    for step in range(11):
        train, out = hold_out(data, 0.05 * step)
        assert len(train) >= count / 2
        assert (0 if out is None else len(out)) == int(round(count * 0.05 * step, 9))


def test_the_four_orders_of_xor_are_learnt_with_a_floor_and_not_without() -> None:
    alone = TrainingPlayground("xor", floors=1, learning_rate=0.3)
    alone.train(2000)
    assert alone.run.score().loss == pytest.approx(0.25)
    assert alone.run.score().right == 0.0
    assert alone.run.network.forward(xor().inputs).output == pytest.approx(0.5)
    more = TrainingPlayground("xor", floors=2, learning_rate=0.3)
    more.train(300)
    assert more.run.score().right == 1.0


def test_peeking_changes_nothing() -> None:
    one, other = TrainingPlayground("moons"), TrainingPlayground("moons")
    for _lap in range(25):
        one.one_batch()
        one.chosen = [0, one.run.lap % 4]
        one.floor()
        one.frame()
        one.run.score()
    other._train(25)
    assert np.array_equal(knobs(one.run.network), knobs(other.run.network))


# ---- the floor ----------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["plain", "momentum", "adam"])
def test_the_floor_walks_the_very_batch_that_comes_next(optimizer: str) -> None:
    playground = TrainingPlayground("rings", optimizer=optimizer, learning_rate=0.02)
    playground.train(2)
    playground.one_batch()
    floor = playground.floor()
    inputs, targets = playground.run.batch
    assert np.array_equal(floor.step.inputs, inputs)
    assert np.array_equal(floor.step.target, targets)
    floor.position = len(floor.moments) - 1
    after = floor.step.updated
    assert after is not None
    assert floor.example == 0
    playground.one_batch()
    assert np.array_equal(knobs(after), knobs(playground.run.network))


@pytest.mark.parametrize(
    "move",
    [
        {"data": "rings"}, {"data": "xor"}, {"floors": 3}, {"workers": 2}, {"gate": "relu"},
        {"noise": 0.3}, {"held_out": 0.4}, {"seed": 4}, {"data": "spiral", "noise": 0.3},
        {"optimizer": "adam"}, {"learning_rate": 0.02}, {"batch_size": 5},
    ],
    ids=str,
)  # fmt: skip
def test_other_settings_take_the_floor_and_its_words_away(move: dict[str, Any]) -> None:
    playground, fresh = TrainingPlayground(), TrainingPlayground()
    told(playground, {"act": "floor"})
    assert floor_told() in playground.view["caption"]
    playground.set_state(move)
    fresh.set_state(move)
    assert playground.opened == ""
    assert playground.view == fresh.view


def test_a_choice_that_keeps_the_batch_keeps_the_floor_and_its_words() -> None:
    playground = TrainingPlayground()
    told(playground, {"act": "floor"})
    playground.set_state({"chosen": [0, 1], "speed": "slow"})
    assert playground.opened
    assert floor_told() in playground.view["caption"]


def test_pages_that_say_no_good_bye_are_forgotten() -> None:
    playground = TrainingPlayground()
    for n in range(1000):
        told(playground, {"page": f"page {n}", "open": True})
        told(playground, {"page": "x" * 10_000 + str(n), "open": True})
    assert len(playground._pages) == 16
    assert list(playground._pages)[-1] == "page 999"


def test_the_page_opens_the_floor_below_and_training_closes_it() -> None:
    playground = TrainingPlayground("moons")
    closers: list[Callable[[], None]] = [
        playground.one_batch, playground.one_epoch, playground.start_again,
        lambda: setattr(playground, "seed", playground.seed + 1),
        lambda: setattr(playground, "learning_rate", playground.learning_rate * 2),
        lambda: setattr(playground, "optimizer", "adam"), lambda: playground.train(1),
        lambda: told(playground, {"act": "floor"}), playground.close,
    ]  # fmt: skip
    for close in closers:
        told(playground, {"act": "floor"})
        opened = playground._floor
        assert opened is not None
        assert playground.opened == opened.model_id
        close()
        assert playground.opened == ""
        assert opened.comm is None


# ---- settings -----------------------------------------------------------------------------------


def test_every_setting_is_a_synced_trait_and_is_drawn_once() -> None:
    playground = TrainingPlayground()
    assert set(playground.setting_names()) == SETTINGS
    assert playground.traits(sync=True).keys() >= SETTINGS
    drawn = []
    playground.observe(lambda change: drawn.append(change["new"]), "view")
    moves: list[dict[str, Any]] = [
        {"data": "spiral"}, {"floors": 3}, {"workers": 6}, {"gate": "relu"}, {"seed": 5},
        {"optimizer": "adam"}, {"learning_rate": 0.02}, {"batch_size": 8}, {"noise": 0.2},
        {"held_out": 0.3}, {"chosen": [1, 2]}, {"seed": 6, "workers": 2},
    ]  # fmt: skip
    for count, move in enumerate(moves, start=1):
        playground.set_state(move)
        assert len(drawn) == count, move
        assert {**settings(playground), **move} == settings(playground)


@pytest.mark.parametrize("name", sorted(RUN | GOES_ON))
def test_what_starts_again_and_what_goes_on(name: str) -> None:
    other = {
        "data": "rings", "floors": 3, "workers": 5, "gate": "relu", "noise": 0.3, "held_out": 0.4,
        "seed": 9, "optimizer": "adam", "learning_rate": 0.02, "batch_size": 8,
    }  # fmt: skip
    playground = TrainingPlayground("moons")
    playground.train(3)
    before = playground.run
    setattr(playground, name, other[name])
    assert (playground.run is before) == (name in GOES_ON)
    assert playground.run.epoch == (3 if name in GOES_ON else 0)
    playground.one_batch()
    assert len(_next_inputs(playground)) == playground.batch_size


def test_other_data_come_with_their_own_noise() -> None:
    playground = TrainingPlayground("moons", noise=0.3)
    for data, noise in (("xor", 0.0), ("spiral", 0.02), ("rings", 0.1), ("moons", 0.1)):
        playground.data = data
        assert playground.noise == noise
    playground.set_state({"data": "xor", "noise": 0.25})
    assert (playground.data, playground.noise) == ("xor", 0.25)
    assert len(playground.run.train) == 160  # around the four orders


@pytest.mark.parametrize("data", ["xor", "moons", "rings", "spiral", (INPUTS, TARGETS)])
def test_the_line_of_code_makes_the_same_playground(data: Any) -> None:
    playground = TrainingPlayground(data, seed=4, gate="relu", learning_rate=0.0316, workers=3)
    playground.set_state({"batch_size": 5, "held_out": 0.35, "floors": 3, "optimizer": "adam"})
    again = eval(playground.settings, {"TrainingPlayground": TrainingPlayground})
    assert again.settings == playground.settings
    (copied,) = [one for one in playground.view["controls"] if one["kind"] == "copy"]
    assert copied["text"] == playground.settings
    for one in (playground, again):
        one.start_again()
        one.train(3)
    assert np.array_equal(knobs(again.run.network), knobs(playground.run.network))


@pytest.mark.parametrize("rows", [13, 40, 300])
def test_the_line_of_a_long_own_table_runs_by_itself(rows: int) -> None:
    inputs, targets = moons(rows).inputs, moons(rows).targets
    playground = TrainingPlayground((inputs, targets), learning_rate=0.05)
    again = eval(playground.settings, {"TrainingPlayground": TrainingPlayground})
    assert again.settings == playground.settings
    assert np.array_equal(again.table.inputs, inputs)  # to the last digit
    assert np.array_equal(again.table.targets, targets)
    playground.data = "xor"
    assert len(playground.settings) < 300
    playground.data = "own table"
    assert np.array_equal(playground.run.train.inputs, hold_out(moons(rows), 0.2)[0].inputs)
    playground.noise = 0.1
    assert not np.array_equal(playground.run.train.inputs, hold_out(moons(rows), 0.2)[0].inputs)


def test_names_units_and_kinds_of_an_own_table_stay_in_picture_and_line() -> None:
    one_hot = [[1 - target, target] for target in TARGETS]
    leaves = Dataset("leaves", INPUTS, one_hot, ["length", "width"], ["elm", "oak"], ["cm", "cm"])
    playground = TrainingPlayground(leaves)
    again = eval(playground.settings, {"TrainingPlayground": TrainingPlayground})
    assert again.settings == playground.settings
    for one in (playground, again):
        assert one.run.train.target_names == ("oak",)
        assert {"order 0: elm", "order 1: oak", "length (cm)", "width (cm)"} <= {
            part.text for part in parts(one.view["picture"])
        }
        assert one.table.targets.ravel().tolist() == TARGETS
    named = TrainingPlayground((INPUTS, TARGETS, ["length", "width"], ["oak"]))
    assert {"order 0", "order 1: oak"} <= {part.text for part in parts(named.view["picture"])}
    assert "['length', 'width'], ['oak']" in named.settings
    playground.data = "moons"
    assert "order 1: second moon" in {part.text for part in parts(playground.view["picture"])}


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ([0] * 9 + [1], "all of one kind, so that their percent says little"),
        ([0, 0, 0, 0, 1] * 2, ""),
        ([0, 1], ""),  # nothing is held out
        ([1] * 10, ""),
    ],
)
def test_a_part_that_lacks_a_kind_is_told(targets: list[int], words: str) -> None:
    rows = [[n, n % 3] for n in range(len(targets))]
    caption = TrainingPlayground((rows, targets)).view["caption"]
    assert words in caption
    assert ("of one kind" in caption) == bool(words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (([[0, 0, 1], [1, 2, 1]], [0, 1]), "two columns of inputs"),
        (([[0], [1]], [0, 1]), "two columns of inputs"),
        ((INPUTS, [[0, 1], [1, 1], [1, 0], [0, 1]]), "one of targets"),
        ((INPUTS, [[0, 1, 0]] * 4), "two columns of inputs and one of targets"),
        ((INPUTS, [0, 1, 2, 0]), "targets of 0 or 1, but 2"),
        ((INPUTS, [0, 1, 1]), "a row of targets for each row"),
        (([[0, 0], [1]], [0, 1]), "equal length"),
        ((INPUTS, [0, 1, "one", 0]), "numbers for the targets"),
        (([], []), "at least one number"),
        ((INPUTS, [0, 1, math.nan, 0]), "finite"),
        (INPUTS[:3], "name of data or a table"),
        (3, "name of data or a table"),
        (None, "name of data or a table"),
        ("moon", "xor, moons, rings, spiral"),
        ("own table", "of your own first"),
    ],
)
def test_bad_tables_are_refused_with_a_sentence(data: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match="Expected") as caught:
        TrainingPlayground(data)
    assert words in str(caught.value)


def test_small_and_odd_tables_are_taken() -> None:
    for data in (
        ([[1, 1]], [1]),
        ([[1, 1], [1, 1]], [0, 1]),
        ([[1e9, -1e-9], [1e9, 3e-9]], [True, False]),
        Dataset("own", INPUTS, [[target] for target in TARGETS], ["width", "height"], ["sweet"]),
    ):
        playground = TrainingPlayground(data, held_out=0.5)
        playground.train(2)
        assert faults(playground.view["picture"]) == set()


NONSENSE: dict[str, list[Any]] = {
    "data": ["moon", None, 3, [], {}, "", "own table", "x" * 5000, (INPUTS, TARGETS)],
    "floors": [0, -1, 5, 1.5, "2", None, math.nan, True, 10**400],
    "workers": [0, -1, 9, 1.5, "2", None, math.nan, [3]],
    "gate": ["softmax", None, 3, [], "TANH"],
    "optimizer": ["newton", None, 3, []],
    "learning_rate": [0, -1, math.nan, math.inf, "0.1", None, [0.1], True, 1j],
    "batch_size": [0, -1, 65, 1.5, "3", None],
    "noise": [-0.1, 0.51, math.nan, "0.1", None, True, 1j],
    "held_out": [-0.1, 0.51, math.inf, "0.1", None],
    "seed": [-1, 100, 1.5, "3", None, True],
    "speed": ["faster", None, 3],
    "chosen": [[0], [4, 0], [0, 8], [1, 1], "A1", 3, [-1, 0], [0.5, 0], {}],
    "playing": [1, "yes", None, 0],
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_answered_in_a_sentence_and_changes_nothing(name: str) -> None:
    playground = TrainingPlayground()
    playground.train(1)
    kept, view, run = settings(playground), playground.view, playground.run
    for value in NONSENSE[name]:
        setattr(playground, name, value)
        assert settings(playground) == kept
        assert playground.run is run
        message = playground.view["message"]
        assert re.match(r"Expected .* came", message), (value, message)
        assert len(message) < 300
        assert {**playground.view, "message": ""} == view
    for value in (0, -1, 1.5, "3", 10**9):
        with pytest.raises((TypeError, ValueError), match="Expected"):
            playground.train(value)  # type: ignore[arg-type]


def a_move(dice: random.Random, playground: TrainingPlayground) -> dict[str, Any]:
    good: dict[str, Any] = {
        "data": dice.choice(playground_settings.PLACES),
        "floors": dice.randint(1, 4),
        "workers": dice.randint(1, 8),
        "gate": dice.choice(list(playground_settings.gates())),
        "optimizer": dice.choice(sorted(playground_settings.OPTIMIZERS)),
        "learning_rate": 10 ** (dice.randrange(-12, 5) / 4),
        "batch_size": dice.randint(1, 64),
        "noise": dice.randrange(51) / 100,
        "held_out": dice.randrange(11) / 20,
        "seed": dice.randrange(100),
        "speed": dice.choice(sorted(playground_settings.SPEEDS)),
        "chosen": dice.choice([None, [0, 0], [1, 0], [3, 7], [playground.floors - 1, 0]]),
    }
    name = dice.choice(sorted(good))
    if dice.random() < 0.15:
        return {name: dice.choice(NONSENSE[name])}
    if dice.random() < 0.1:
        return good
    return {name: good[name]}


def test_a_thousand_moves_raise_nothing_and_leave_a_consistent_state() -> None:
    moves(1000)


def moves(count: int) -> None:
    dice, playground = random.Random(5), TrainingPlayground()
    acts = ("batch", "round", "again", "floor", "nonsense")
    for n in range(count):
        if dice.random() < 0.3:
            told(playground, dice.choice([{"act": dice.choice(acts)}, {"drawn": n}, {}]))
        else:
            playground.set_state(a_move(dice, playground))
        run = playground.run
        assert run.network.sizes == playground.sizes
        assert run.optimizer.learning_rate == playground.learning_rate
        assert run.batch_size == playground.batch_size
        assert np.isfinite(knobs(run.network)).all()
        assert bool(playground.opened) == (playground._floor is not None)
        if playground.chosen is not None:
            assert playground.chosen[1] < playground.sizes[playground.chosen[0] + 1]
        if n % 50 == 0:
            json.dumps(playground.get_state()["view"])
            assert faults(playground.view["picture"]) == set(), settings(playground)


# ---- explosion ----------------------------------------------------------------------------------


def test_an_explosion_ends_in_a_sentence_and_can_be_started_again() -> None:
    playground = TrainingPlayground("moons", gate="relu", learning_rate=5.0)
    playground.train(500)
    assert playground.run.exploded
    assert playground.over
    assert "grew beyond all bounds" in playground.view["caption"]
    assert np.isfinite(knobs(playground.run.network)).all()
    assert faults(playground.view["picture"]) == set()
    lap = playground.run.lap
    playground.one_batch()
    playground.one_epoch()
    assert playground.run.lap == lap
    told(playground, {"act": "floor"})  # that very batch explodes, and its floor says so
    assert playground.opened == "" or playground._floor is not None
    off = {one["label"] for one in playground.view["controls"] if one.get("off")}
    assert off == {"Play", "One batch", "One round"}
    playground.start_again()
    assert not playground.over
    playground.learning_rate = 0.05
    playground.train(20)
    assert playground.run.score().right > 0.8


# ---- playing ------------------------------------------------------------------------------------


def played(script: Callable[[TrainingPlayground], Coroutine[Any, Any, None]], **more: Any) -> Any:
    """Run a script on a loop as a kernel has it; afterwards no task is left, nothing was logged."""
    complaints: list[dict[str, Any]] = []

    async def main() -> TrainingPlayground:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, one: complaints.append(one))
        playground = TrainingPlayground(**{"data": "moons", **more})
        await script(playground)
        for _turn in range(200):
            if len(asyncio.all_tasks()) == 1:
                break
            await asyncio.sleep(0.005)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert playground._task is None
        assert not playground.playing
        return playground

    playground = asyncio.run(main())
    assert complaints == []
    return playground


class Page:
    """What a page does with frames: it counts them, and says at each that it is drawn."""

    def __init__(self, playground: TrainingPlayground, answers: bool = True) -> None:
        self.frames: list[dict[str, Any]] = []
        self.playground, self.answers = playground, answers
        playground.send = self.receive  # type: ignore[method-assign]
        told(playground, {"page": "one", "open": True})

    def receive(self, content: dict[str, Any], buffers: Any = None) -> None:
        self.frames.append(content)
        json.dumps(content)
        if self.answers:
            asyncio.get_running_loop().call_soon(told, self.playground, {"drawn": content["frame"]})


def test_it_plays_until_it_is_paused() -> None:
    async def script(playground: TrainingPlayground) -> None:
        page = Page(playground)
        playground.set_state({"playing": True})
        assert playground.view["controls"][0]["label"] == "Pause"
        assert "It is training" in playground.view["caption"]
        await asyncio.sleep(0.4)
        playground.learning_rate = 0.05  # goes on
        await asyncio.sleep(0.1)
        playground.set_state({"playing": False})
        assert len(page.frames) >= 4
        assert 0 < playground.run.lap <= 10 * len(page.frames)
        assert playground.view["controls"][0]["label"] == "Play"
        assert "rounds done" in playground.view["caption"]

    played(script)


def test_who_asks_for_little_motion_sees_few_frames_of_the_same_training() -> None:
    async def script(playground: TrainingPlayground) -> None:
        page = Page(playground)
        told(playground, {"page": "one", "open": True, "calm": True})
        advances = []
        advance, playground.advance = playground.advance, lambda: advances.append(advance())  # type: ignore[func-returns-value,method-assign]
        playground.playing = True
        for _turn in range(300):
            await asyncio.sleep(0.01)
            if len(page.frames) == 2:
                break
        playground.playing = False
        assert len(advances) == 2 * live.CALM

    played(script)


@pytest.mark.parametrize(("look", "turns"), [({}, 2), ({"floors": 4, "workers": 8}, 4)])
def test_some_frames_together_hold_what_the_picture_holds(look: dict, turns: int) -> None:
    playground = TrainingPlayground("moons", **look)
    playground.one_batch()
    frames = [playground.frame() for _turn in range(turns)]
    frame = {name: part for one in frames for name, part in one.items()}
    assert frame == moving(playground._scene())
    always = {"place", "big", "border"}
    seldom = [name for one in frames for name in one if name not in always]
    assert all(always < one.keys() for one in frames)
    assert len(set(seldom)) == len(seldom)
    assert max(len(one) for one in frames) <= len(always) + 1 + MOST_TILES
    seen = {}
    for part in parts(playground.view["picture"]):
        if name := part.element.get("data-part"):
            seen[name] = part.element.get("href")
    assert set(seen) == set(frame)
    for name, part in frame.items():
        if isinstance(part, dict):
            assert seen[name] == part["href"]
        else:
            assert part in playground.view["picture"]


def test_a_slow_page_is_waited_for_and_one_that_is_gone_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "PATIENCE", 0.3)

    async def script(playground: TrainingPlayground) -> None:
        page = Page(playground, answers=False)
        playground.playing = True
        began = time.monotonic()
        while playground.playing:
            await asyncio.sleep(0.01)
        assert time.monotonic() - began < 3
        assert len(page.frames) == live.AHEAD

    played(script)


@pytest.mark.parametrize("end", ["view", "cell", "close", "again", "data", "batch", "error"])
def test_whatever_ends_it_leaves_no_task(end: str) -> None:
    async def script(playground: TrainingPlayground) -> None:
        Page(playground)
        told(playground, {"page": "two", "open": True})
        playground.playing = True
        await asyncio.sleep(0.05)
        told(playground, {"page": "one", "open": False})
        await asyncio.sleep(0.05)
        assert playground.playing  # another page still looks on
        if end == "error":
            playground.advance = lambda: 1 / 0  # type: ignore[assignment,return-value,method-assign]
            await asyncio.sleep(0.1)
            assert playground.view["message"] == "ZeroDivisionError: division by zero"
        ends: dict[str, Callable[[], object]] = {
            "view": lambda: told(playground, {"page": "two", "open": False}),
            "cell": lambda: TrainingPlayground("moons"),
            "close": playground.close,
            "again": lambda: told(playground, {"act": "again"}),
            "data": lambda: playground.set_state({"data": "xor"}),
            "batch": lambda: told(playground, {"act": "batch"}),
            "error": lambda: None,
        }
        ends[end]()
        assert not playground.playing

    played(script)


def test_pausing_and_playing_at_once_keeps_one_task() -> None:
    async def script(playground: TrainingPlayground) -> None:
        Page(playground)
        for _time in range(5):
            playground.playing = True
            playground.playing = False
            playground.playing = True
            await asyncio.sleep(0.02)
            assert len(asyncio.all_tasks()) == 2
        playground.playing = False

    played(script)


def test_it_can_be_started_again_from_the_moment_it_plays() -> None:
    async def script(playground: TrainingPlayground) -> None:
        again = [one for one in playground.view["controls"] if one.get("act") == "again"]
        assert again[0]["off"]
        playground.playing = True
        again = [one for one in playground.view["controls"] if one.get("act") == "again"]
        assert not again[0]["off"]
        playground.start_again()

    played(script)


def test_it_stops_at_the_end_and_at_an_explosion(monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(playground: TrainingPlayground) -> None:
        Page(playground)
        playground.set_state({"playing": True, "speed": "fast"})
        for _turn in range(400):
            if not playground.playing:
                break
            await asyncio.sleep(0.01)
        assert playground.over
        playground.playing = True
        assert "this one is over" in playground.view["message"]

    assert "beyond all bounds" in played(script, gate="relu", learning_rate=9.0).view["caption"]
    monkeypatch.setattr(training_playground, "MOST_EPOCHS", 12)
    assert "by itself after 12 rounds" in played(script).view["caption"]


def test_an_interrupt_pauses_and_is_given_back() -> None:
    """Between cells ipykernel ignores the interrupt; while training runs it pauses it."""

    async def script(playground: TrainingPlayground) -> None:
        Page(playground)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            playground.playing = True
            await asyncio.sleep(0.05)
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(0.1)
            assert not playground.playing
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        finally:
            signal.signal(signal.SIGINT, before)

    played(script)


def test_an_interrupt_in_the_middle_of_its_work_pauses_too() -> None:
    async def script(playground: TrainingPlayground) -> None:
        Page(playground)

        def interrupted() -> None:
            raise KeyboardInterrupt

        playground.advance = interrupted  # type: ignore[method-assign]
        playground.playing = True
        await asyncio.sleep(0.1)
        assert not playground.playing

    played(script)


def test_plain_python_cannot_play_and_is_told_what_can() -> None:
    playground = TrainingPlayground()
    playground.playing = True
    assert not playground.playing
    assert "try train(10)" in playground.view["message"]
    playground.train(2)
    assert playground.view["message"] == ""
    assert playground.run.epoch == 2


@pytest.mark.parametrize(
    "content",
    [None, 3, [], {"page": 3}, {"drawn": "x"}, {"drawn": 10**9}, {"act": 3}, {"act": "launch"}],
)
def test_strange_words_from_a_page_change_nothing(content: Any) -> None:
    playground = TrainingPlayground()
    state = playground.get_state()
    playground._handle_custom_msg(content, [])
    assert playground.get_state() == state
    assert playground._drawn_last <= playground._sent


# ---- pictures -----------------------------------------------------------------------------------


def pixels(address: str) -> np.ndarray:
    """The palette's indices of a PNG, read by another road than it was written."""
    file = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(file):
        (length,) = struct.unpack(">I", file[place : place + 4])
        name, data = file[place + 4 : place + 8], file[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", file[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(name + data)
        chunks[name] = data
        place += 12 + length
    wide, tall, depth, kind, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, kind, rest) == (8, 3, [0, 0, 0])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(tall, wide + 1)
    assert not rows[:, 0].any()
    assert rows[:, 1:].max() < len(chunks[b"PLTE"]) / 3
    return rows[:, 1:]


def test_an_image_is_a_png_that_grows_lighter() -> None:
    assert pixels(png(np.array([[0.0, 0.5, 1.0], [-1e308, 0.49, 1e308]]))).tolist() == [
        [0, 32, 64], [0, 31, 64],
    ]  # fmt: skip
    from backprop_lib.pictures.answers import PALETTE

    colours = np.frombuffer(PALETTE, np.uint8).reshape(-1, 3).astype(float)
    grey = colours @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(grey) > 0).all()  # so it needs no colour


def test_the_same_answer_all_over_has_one_colour() -> None:
    playground = TrainingPlayground("xor", floors=1, workers=1, learning_rate=0.2)
    playground.train(400)
    assert len(np.unique(pixels(moving(playground._scene())["big"]["href"]))) == 1


def drawn_curve(playground: TrainingPlayground) -> list[tuple[float, float]]:
    """The points of the curve of the orders that it trains on, in pixels of the chart."""
    (curve,) = (
        part.element.get("d", "")
        for part in parts(playground.view["picture"])
        if "bpf-loss-train" in part.kinds and part.element.get("d", "").count("L") > 3
    )
    return [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", curve)]


@pytest.mark.parametrize(
    ("settings", "rounds"),
    [
        ({"data": "xor", "workers": 2, "learning_rate": 0.2, "seed": 4}, 400),  # to 2 × 10⁻¹³
        ({"data": "xor", "workers": 4, "optimizer": "momentum", "learning_rate": 0.1}, 700),
        ({"data": "moons", "learning_rate": 0.1, "seed": 3}, 60),
        ({"data": "moons", "gate": "relu", "learning_rate": 0.6}, 40),
        ({"data": "moons", "gate": "relu", "learning_rate": 0.9}, 40),
    ],
)
def test_the_axis_follows_the_losses_however_far_they_go(
    settings: dict[str, Any], rounds: int
) -> None:
    playground = TrainingPlayground(**settings)
    playground.train(rounds)
    losses = np.array([entry.train for entry in playground.run.history])
    some = np.unique(np.linspace(0, len(losses) - 1, 120).round().astype(int))
    heights = np.array([y for _x, y in drawn_curve(playground)])
    assert len(heights) == len(some)  # none is left out,
    assert heights.min() >= 0.0
    assert heights.max() <= 92.0  # none leaves the chart,
    decades = np.log10(losses[some])
    slope, start = np.polyfit(decades, heights, 1)
    np.testing.assert_allclose(heights, slope * decades + start, atol=0.02)  # and none is moved
    assert -92.0 / 4 <= slope < 0.0


def test_before_the_first_round_the_loss_has_its_mark() -> None:
    playground = TrainingPlayground("xor", workers=2, seed=4)
    (mark,) = (
        part.element.get("d", "")
        for part in parts(playground.view["picture"])
        if "bpf-loss-train" in part.kinds and "h 9" in part.element.get("d", "")
    )
    height = float(mark.split()[2])
    share = (1 - math.log10(playground.run.score().loss)) / 5  # of the way from 10 to 0.0001
    assert height == pytest.approx(92 * share, abs=0.01)


@pytest.mark.parametrize("floors", [2, 3])
def test_each_knob_below_zero_is_a_dashed_line_and_no_other(floors: int) -> None:
    playground = next(  # with no knob that is too small to be drawn
        one
        for seed in range(100)
        for one in [TrainingPlayground("xor", workers=3, floors=floors, seed=seed)]
        if np.abs(np.concatenate([layer.weights.ravel() for layer in one.run.network.layers])).min()
        > 0.1
    )
    drawn = {
        tuple(map(float, numbers)): "bpf-minus" in part.kinds
        for part in parts(playground.view["picture"])
        if "bpf-knob-way" in part.kinds
        for numbers in re.findall(
            r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", part.element.get("d", "")
        )
    }
    columns = sorted({(start, end) for start, _, end, _ in drawn})
    assert len(columns) == len(playground.run.network.layers) == floors
    signs = []
    for column, layer in zip(columns, playground.run.network.layers, strict=True):
        ways = {way: minus for way, minus in drawn.items() if (way[0], way[2]) == column}
        rows, targets = sorted({way[1] for way in ways}), sorted({way[3] for way in ways})
        assert (len(rows), len(targets)) == layer.weights.shape
        for (source, target), knob in np.ndenumerate(layer.weights):
            minus = ways[column[0], rows[source], column[1], targets[target]]
            assert minus == (knob < 0.0), (source, target, knob)
            signs.append(minus)
    assert {True, False} <= set(signs)
    assert drawn_with("stroke-dasharray", "bpf-knob-way", "bpf-minus")
    assert not drawn_with("stroke-dasharray", "bpf-knob-way")


@pytest.mark.parametrize(
    ("data", "across", "up", "names"),
    [
        ("xor", ["0", "0.5", "1"], ["0", "0.5", "1"], ["first switch", "second switch"]),
        ("moons", ["0", "2"], ["−1", "0", "1"], ["x", "y"]),
        (
            ([[170, 60], [160, 75], [180, 75]], [1, 0, 1]),
            ["160", "170", "180"],
            ["60", "65", "70", "75"],
            ["material 1", "material 2"],
        ),
        (([[2.5, 1e-6], [2.5, 3e-6]], [0, 1]), ["2", "2.5", "3"], None, None),
    ],
)
def test_both_axes_have_names_and_round_numbers_in_their_places(
    data: Any, across: list[str], up: list[str] | None, names: list[str] | None
) -> None:
    playground = TrainingPlayground(data, noise=0.0 if data == "xor" else None)
    scene = playground._scene()
    found = ET.fromstring(_big_image(scene)).iter("text")
    placed = [(one.text or "", one.get("x"), one.get("y")) for one in found]
    below = [(text, float(x or 0)) for text, x, y in placed if y == "300"]
    beside = [(text, float(y or 0) - 4) for text, x, y in placed if x == "-7"]
    assert [text for text, _x in below] == across
    for text, x in below:
        right, _down = scene.field.place(_number(text), scene.field.up[0])
        assert x == pytest.approx(284 * right, abs=0.01)
    if up is not None:
        assert [text for text, _y in beside] == up
        for text, y in beside:
            _right, down = scene.field.place(scene.field.across[0], _number(text))
            assert y == pytest.approx(284 * down, abs=0.01)
    assert names is None or set(names) <= {text for text, _x, _y in placed}


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


def _big_image(scene: Scene) -> str:
    return playground_picture._big(scene, moving(scene))


def test_the_images_show_what_the_factory_answers() -> None:
    playground = TrainingPlayground("xor", learning_rate=0.3)
    playground.train(300)
    scene = playground._scene()
    frame = moving(scene)
    big = pixels(frame["big"]["href"])
    for (x, y), (target,) in zip(xor().inputs, xor().targets, strict=True):
        right, down = scene.field.place(x, y)
        seen = big[round(down * (PIXELS - 1)), round(right * (PIXELS - 1))]
        assert seen >= 55 if target else seen <= 9
    for layer, work in enumerate(scene.trace.layers):
        for worker in range(work.activations.shape[1]):
            tile = pixels(frame[f"tile {layer} {worker}"]["href"])
            shipped = work.activations[:, worker].reshape(PIXELS, PIXELS)[::2, ::2]
            order = np.argsort(shipped.ravel())
            assert (np.diff(tile.ravel()[order].astype(int)) >= 0).all()


def test_the_border_runs_where_the_answer_is_one_half() -> None:
    field = Field((-1.0, 1.0), (-1.0, 1.0))
    distance = np.hypot(*field.grid.T).reshape(PIXELS, PIXELS)
    line = border(distance, 0.6, 200.0, 200.0)
    points = np.array(re.findall(r"[ML](\S+) ([\d.]+)", line), float)
    radii = np.hypot(points[:, 0] / 100 - 1, points[:, 1] / 100 - 1)
    assert len(points) > 100
    assert np.abs(radii - 0.6).max() < 0.005
    assert border(distance, 5.0, 200.0, 200.0) == ""


@pytest.mark.parametrize("data", [xor(), moons(), rings(), spiral()])
def test_each_point_is_in_the_picture_with_its_shape(data: Dataset) -> None:
    name = {"XOR": "xor", "two rings": "rings"}.get(data.name, data.name)
    playground = TrainingPlayground(name)
    drawn: dict[tuple[bool, bool], int] = {}
    for part in parts(playground.view["picture"]):
        in_legend = part.element.get("d", "").count("M") == 1
        if "bpf-point" in part.kinds and not in_legend:
            held = "bpf-held-out" in part.kinds
            square = "bpf-point-1" in part.kinds
            d = part.element.get("d", "")
            assert ("h" in d) == square
            drawn[held, square] = d.count("M")
    for held, one in ((False, playground.run.train), (True, playground.run.held_out)):
        if one is not None:
            ones = int(one.targets.sum())
            assert drawn[held, True] == ones
            assert drawn[held, False] == len(one) - ones


LOOKS: list[dict[str, Any]] = [
    {}, {"data": "xor"}, {"data": "xor", "floors": 1}, {"data": "rings", "gate": "relu"},
    {"data": "spiral", "floors": 4, "workers": 8, "optimizer": "adam", "learning_rate": 0.01},
    {"data": "moons", "floors": 3, "workers": 5, "gate": "sigmoid"},
    {"data": "moons", "gate": "identity", "held_out": 0.0, "noise": 0.5},
    {"data": "moons", "learning_rate": 9.0}, {"data": (INPUTS, TARGETS), "held_out": 0.5},
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_every_picture_is_sound_and_nothing_overlaps(look: dict[str, Any]) -> None:
    playground = TrainingPlayground(**look)
    for epochs in (0, 1, 30):
        if epochs:
            playground.train(epochs)
            playground.one_batch()
        for chosen in (None, [0, 0]):
            playground.chosen = chosen
            assert faults(playground.view["picture"]) == set(), (look, epochs)
            for part in parts(playground.view["picture"]):
                for key, value in part.element.attrib.items():
                    if key not in ("href", "aria-label", "class"):
                        assert not re.search(r"\b(nan|inf)\b", value), (key, value)


def test_the_words_say_the_scores() -> None:
    playground = TrainingPlayground("moons")
    playground.train(5)
    train, held_out = playground.run.score(), playground.run.score(held_out=True)
    assert f"The loss is {i18n.number(train.loss, 3)}" in playground.view["caption"]
    assert "The colour is not an input" in playground.view["caption"]
    held = f"{i18n.number(held_out.loss, 3)}, and {i18n.number(100 * held_out.right, 3)} %"
    assert f"On the held-out orders: {held}." in playground.view["caption"]
    drawn = texts(playground.view["picture"], "bpf-number")
    for score in (train, held_out):
        loss, right = i18n.number(score.loss, 3), i18n.number(100 * score.right, 3)
        assert f"loss {loss}, right {right} %" in drawn
    playground.chosen = [0, 2]
    assert "what A3 would ship" in playground.view["caption"]
    assert repr(playground).count("\n") == 0


def test_a_frame_is_small() -> None:
    # All parts of it, of which a page gets some at a time: typically 12 kB, at the largest 30 kB.
    for look, size in (({}, 20_000), (LOOKS[4], 40_000)):
        playground = TrainingPlayground(**look)
        playground.train(3)
        assert len(json.dumps(moving(playground._scene()))) < size
