"""The floor stepping worker by worker, the ways that stand out, and the checks of lesson 3."""

from __future__ import annotations

import inspect
import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from known import noted, worked
from languages import Foreign, english, named
from picture_reader import Box, Part, card_of, faults, parts, texts
from printed_sums import assert_comes_out, numbers

import backprop_lib as bp
from backprop_lib import engine, i18n
from backprop_lib.checks import (
    CheckResult,
    check_backward_worker,
    check_knob_gradients,
    check_material_notes,
    check_notes,
)
from backprop_lib.datasets import lemonade, lemonade_factory, lemonade_workers
from backprop_lib.engine.moments import by_worker, place_in
from backprop_lib.engine.steps import MATERIALS
from backprop_lib.i18n import number, signed
from backprop_lib.pictures.floor import draw_floor, phase_title
from backprop_lib.pictures.timeline import draw_timeline
from backprop_lib.widgets import FactoryFloor
from backprop_lib.words import Names, caption, workbench

pytestmark = pytest.mark.filterwarnings("error")

MSE = bp.MeanSquaredError()
LEMONADE = Names.of(lemonade_factory(), lemonade().input_names, lemonade_workers())


def lap_of(network: bp.Network, x: Any, target: Any) -> tuple[bp.Step, ...]:
    return (bp.opening(network, x, target), *bp.steps(network, x, target, MSE, bp.SGD(0.01)))


def lemonade_lap() -> tuple[bp.Step, ...]:
    return lap_of(lemonade_factory(), lemonade().inputs, lemonade().targets)


def random_lap(seed: int) -> tuple[bp.Step, ...]:
    """A factory of one to three floors with small round knobs, any gates, one order or three."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 5, size=random.integers(2, 5))
    gates = ["relu", "relu", "tanh", "sigmoid", "identity", "softmax"]
    layers = [
        bp.Dense(
            random.integers(-4, 5, (ins, outs)) / 2,
            random.integers(-2, 3, outs),
            str(random.choice(gates if outs > 1 else gates[:-1])),
        )
        for ins, outs in pairwise(sizes)
    ]
    rows = int(random.choice([1, 1, 3]))
    x = random.integers(-2, 4, (rows, sizes[0])).astype(float)
    target = random.integers(0, 3, (rows, sizes[-1])).astype(float)
    return lap_of(bp.Network(layers), x, target)


SEEDS = range(12)


# ---- a lap worker by worker ---------------------------------------------------------------------


def turns(moments: Sequence[bp.Step]) -> list[tuple[str, Any]]:
    return [(step.phase, step.now) for step in moments]


def test_the_lemonade_lap_goes_worker_by_worker_and_then_to_the_materials() -> None:
    assert turns(by_worker(lemonade_lap())) == [
        ("forward", None),  # the order comes in
        ("forward", (0, 0)),
        ("forward", (0, 1)),
        ("forward", (0, 2)),
        ("forward", (1, 0)),
        ("loss", None),
        ("backward", (1, 0)),
        ("backward", (0, 0)),
        ("backward", (0, 1)),
        ("backward", (0, 2)),
        ("backward", (MATERIALS, 0)),
        ("backward", (MATERIALS, 1)),
        ("update", None),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_floor_has_a_turn_for_each_worker_unless_its_gate_is_shared(seed: int) -> None:
    lap = random_lap(seed)
    moments = by_worker(lap)
    for step in lap:
        own = [m for m in moments if (m.phase, m.layer) == (step.phase, step.layer)]
        shared = step.layer is None or step.network.layers[step.layer].activation == "softmax"
        if shared:
            assert own == [step]
            continue
        count = step.network.sizes[step.layer + 1]
        expected = [(step.layer, n) for n in range(count)]
        if step.phase == "backward" and step.layer == 0:
            expected += [(MATERIALS, n) for n in range(step.network.sizes[0])]
        assert [m.now for m in own] == expected


# ---- what is told -------------------------------------------------------------------------------


def told(seed: int) -> Iterator[tuple[bp.Step, Names, int]]:
    lap = random_lap(seed)
    for moment in by_worker(lap):
        if moment.now is not None:
            for example in range(len(moment.inputs)):
                yield moment, named(moment.network), example


def sums(sentence: str) -> list[str]:
    """The sums in a sentence, which stand between words and their marks."""
    found = re.findall(r"[^A-Za-zα-ω,:]*? = [−\d.]+(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", sentence)
    return [one.strip(" .") for one in found]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_turn_is_told_with_the_engines_numbers_in_true_sums(seed: int) -> None:
    for moment, names, example in told(seed):
        said = caption(moment, names, MSE, example)
        layer, n = moment.now
        for one in sums(said.sentence):
            assert_comes_out(one)
        got = numbers(said.sentence)
        if moment.phase == "forward":
            assert names.workers[layer][n] in said.sentence
            work = moment.trace.layers[layer]
            assert number(work.pre_activations[example, n]) in got
            assert got[-1] == number(work.activations[example, n])
        elif layer == MATERIALS:
            assert names.inputs[n] in said.sentence
            assert got[-1] == number(moment.inputs_gradient[example, n])
            assert len(sums(said.sentence)) == 1
        else:
            assert names.workers[layer][n] in said.sentence
            found = moment.gradients[layer]
            arrived, past = found.activations[example, n], found.pre_activations[example, n]
            assert {number(arrived), signed(arrived)} & set(got)
            gradients = [*found.weights[:, n], found.biases[n]]
            after = said.sentence[said.sentence.index("radients of the knobs") :]
            if len(moment.inputs) == 1:
                results = [one.rsplit(" = ", 1)[1] for one in sums(after)]
                assert results == [number(one) for one in gradients[:-1]]
                assert numbers(after)[-1] == number(past)
            else:
                assert numbers(after) == [number(one) for one in gradients]


def test_the_lemonade_turns_are_told_in_plain_words() -> None:
    said = [caption(step, LEMONADE, MSE).sentence for step in by_worker(lemonade_lap())]
    assert said[1] == "Ana works: 2 × 1 + 1 × (−1) + 0 = 1. The gate is open: 1 is shipped."
    assert said[6] == (
        "A note reaches taster: +4, straight from the loss. "
        "The gradients of the knobs: Ana 1 × 4 = 4, Bo 2 × 4 = 8, Cy 0 × 4 = 0, pinch 4."
    )
    assert said[9] == (
        "A note reaches Cy: 4 × 1 = 4. The gate is shut: 0 passes. "
        "The gradients of the knobs: lemons 2 × 0 = 0, sugar 1 × 0 = 0, pinch 0."
    )
    assert said[10] == ("Where paths meet, notes add. At lemons: 8 × 1 + 2 × 0.5 + 0 × (−1) = 9.")
    assert len(set(said)) == len(said)
    titles = [phase_title(step, LEMONADE) for step in by_worker(lemonade_lap())]
    assert len(set(titles)) == len(titles)


def everything(step: bp.Step, example: int = 0) -> list[Any]:
    """All that is said and drawn of a moment."""
    names = named(step.network)
    benches = [
        workbench(step, names, layer, n, example)
        for layer, count in enumerate(step.network.sizes[1:])
        for n in range(count)
    ]
    return [caption(step, names, MSE, example), benches, draw_floor(step, names, example)]


def test_what_a_worker_has_not_done_yet_is_neither_said_nor_drawn() -> None:
    # The same knobs but Cy's: nothing differs until Cy's turn but for the knobs themselves.
    workers, taster = lemonade_factory().layers
    weights = workers.weights.copy()
    weights[:, 2] = -weights[:, 2]
    other = bp.Network([bp.Dense(weights, workers.biases, "relu"), taster])
    one, two = (by_worker(lap_of(net, [2, 1], [1])) for net in (lemonade_factory(), other))
    for place in (1, 2):
        a, b = (caption(moments[place], LEMONADE, MSE) for moments in (one, two))
        assert a == b
        for worker in (2,):
            assert workbench(one[place], LEMONADE, 0, worker) == workbench(
                two[place], LEMONADE, 0, worker
            )
            card = card_of(draw_floor(one[place], LEMONADE), 0, worker)
            assert texts(card, "bpf-on-crate") == []
            assert "waiting" in card
    assert caption(one[3], LEMONADE, MSE) != caption(two[3], LEMONADE, MSE)


def written(element: ET.Element, kind: str) -> list[str]:
    return [one.text or "" for one in element.iter() if kind in one.get("class", "").split()]


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_cards_crates_and_notes_show_no_more_than_is_known(seed: int) -> None:
    for moment, names, example in told(seed):
        if example:
            continue
        tree = ET.fromstring(draw_floor(moment, names, example))
        cards = {e.get("data-value"): e for e in tree.iter() if "data-value" in e.attrib}
        for layer, count in enumerate(moment.network.sizes[1:]):
            for n in range(count):
                card = cards[f"[{layer},{n}]"]
                shipped = n < worked(moment, layer)
                assert len(written(card, "bpf-on-crate")) == shipped
                with_note = n < noted(moment, layer)
                assert bool(written(card, "bpf-note")) == with_note
                assert bool(written(card, "bpf-gradient")) == with_note
                assert bool(written(card, "bpf-at-work")) == (moment.now == (layer, n))
                card.clear()
        products = worked(moment, len(moment.network.layers) - 1)
        assert len(written(tree, "bpf-on-crate")) == products + moment.network.sizes[0]


def test_the_end_of_a_floor_shows_the_same_at_either_pace_but_for_what_stands_out() -> None:
    lap = lemonade_lap()
    moments = by_worker(lap)
    for step in lap:
        last = moments[place_in(moments, step)]
        if last.now is not None:
            one, two = (draw_floor(part, LEMONADE) for part in (step, last))
            for layer, n in ((0, 0), (0, 1), (0, 2), (1, 0)):
                assert texts(card_of(one, layer, n)) == texts(card_of(two, layer, n))
        assert [workbench(step, LEMONADE, 0, n) for n in range(3)] == [
            workbench(last, LEMONADE, 0, n) for n in range(3)
        ]


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_no_english_word_is_left_in_another_language(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    for moment, names, example in told(seed):
        said = caption(moment, names, MSE, example)
        title = phase_title(moment, names)
        for text in (said.sentence, said.formula, said.description, title):
            assert english(text) == []
        for element in ET.fromstring(draw_floor(moment, names, example)).iter():
            assert english(element.text or "") == english(element.get("aria-label", "")) == []


# ---- whose ways stand out -----------------------------------------------------------------------


def ways(picture: str, kind: str) -> dict[str, list[tuple[float, ...]]]:
    """The ends of the belts or lanes that stand out, that fade and that do neither."""
    found: dict[str, list[tuple[float, ...]]] = {"bpf-own": [], "bpf-faint": [], "": []}
    for part in parts(picture):
        if part.name == "path" and kind in part.kinds:
            how = next((how for how in ("bpf-own", "bpf-faint") if how in part.kinds), "")
            curves = re.findall(r"M ([-\d. ]+?) C ([-\d. ]+)", part.element.get("d", ""))
            for start, rest in curves:
                ends = (*map(float, start.split()), *map(float, rest.split()[-2:]))
                found[how].append(ends)
    return found


def lit_belts(picture: str) -> set[str]:
    """The belts between two columns that are lit, each as its curve."""
    return {
        curve.strip()
        for part in parts(picture)
        if {"bpf-belt", "bpf-lit"} <= set(part.kinds)
        for curve in part.element.get("d", "").split("M ")
        if "C" in curve
    }


def test_at_a_turn_only_the_belts_to_that_worker_are_lit() -> None:
    lap = lemonade_lap()
    lit = [lit_belts(draw_floor(turn, LEMONADE)) for turn in by_worker(lap)]
    assert [len(belts) for belts in lit] == [0, 2, 2, 2, 3] + [0] * (len(lit) - 5)
    assert lit[1] | lit[2] | lit[3] == lit_belts(draw_floor(lap[1], LEMONADE))
    assert len(lit[1] | lit[2] | lit[3]) == 6
    assert lit[4] == lit_belts(draw_floor(lap[2], LEMONADE))


CHOICES = [None, (0, 0), (0, 1), (0, 2), (1, 0)]


@pytest.mark.parametrize("chosen", CHOICES[1:])
def test_a_chosen_worker_has_its_own_ways_and_the_others_fade(chosen: tuple[int, int]) -> None:
    step = lemonade_lap()[5]  # the notes have reached floor 1 and the materials
    plain, picture = draw_floor(step, LEMONADE), draw_floor(step, LEMONADE, 0, chosen)
    own = {(0, n): (3, 3) for n in range(3)} | {(1, 0): (3, 3)}
    belts, lanes = ways(picture, "bpf-belt"), ways(picture, "bpf-lane")
    assert (len(belts["bpf-own"]), len(lanes["bpf-own"])) == own[chosen]
    assert belts[""] == lanes[""] == []
    for found, kind in ((belts, "bpf-belt"), (lanes, "bpf-lane")):
        all_ways = sorted(found["bpf-own"] + found["bpf-faint"])
        assert all_ways == sorted(ways(plain, kind)[""])
        assert len(all_ways) == 9
    assert ways(plain, "bpf-lane")["bpf-own"] == []
    # What stands out is more than another colour.
    css = bp.pictures.svg.stylesheet("picture.css")
    for kind in ("bpf-belt.bpf-own", "bpf-lane.bpf-own"):
        assert re.search(rf"{re.escape(kind)} {{[^}}]*stroke-width", css)
    assert re.search(r"\.bpf-faint { opacity", css)


def carried(picture: str) -> list[tuple[Part, list[str]]]:
    """The loads on the lanes: each slip with its lines."""
    return [
        (part, [line.text or "" for line in list(part.parents[-1])[1:]])
        for part in parts(picture)
        if part.name == "rect" and "bpf-slip" in part.kinds and "rx" in part.element.attrib
    ]


@pytest.mark.parametrize("chosen", CHOICES[1:])
def test_each_lane_that_stands_out_carries_note_times_knob(chosen: tuple[int, int]) -> None:
    step = lemonade_lap()[5]
    layer, n = chosen
    expected = []
    for floor, weights in enumerate(part.weights for part in step.network.layers):
        note = step.gradients[floor].pre_activations[0]
        for to, sender in np.ndindex(*weights.shape):
            if (floor, sender) == (layer, n) or (floor - 1, to) == (layer, n):
                expected.append((float(note[sender]), float(weights[to, sender])))
    loads = [lines for _part, lines in carried(draw_floor(step, LEMONADE, 0, chosen))]
    assert sorted(loads) == sorted(
        [f"{number(a)}×{f'({number(w)})' if w < 0 else number(w)}", signed(a * w)]
        for a, w in expected
    )
    assert len(loads) == 3


def test_at_a_turn_only_the_lanes_that_are_run_on_carry_something() -> None:
    loads = [
        [lines for _part, lines in carried(draw_floor(moment, LEMONADE))]
        for moment in by_worker(lemonade_lap())
    ]
    assert loads[:7] == [[]] * 7
    assert loads[7:] == [
        [["4×2", "+8"]],
        [["4×0.5", "+2"]],
        [["4×1", "+4"]],
        [["8×1", "+8"], ["2×0.5", "+1"], ["0×(−1)", "0"]],
        [["8×(−1)", "−8"], ["2×1", "+2"], ["0×1", "0"]],
        [],
    ]


def test_on_later_laps_a_load_shows_its_product_at_least() -> None:
    step = FactoryFloor.lemonade(lap=1, position=5).step
    weights, taster = (layer.weights for layer in step.network.layers)
    note, past = (step.gradients[floor].pre_activations[0, 0] for floor in (1, 0))
    expected = [past * weights[0, 0], past * weights[1, 0], note * taster[0, 0]]
    loads = [lines for _part, lines in carried(draw_floor(step, LEMONADE, 0, (0, 0)))]
    assert [float(lines[-1].replace("−", "-")) for lines in loads] == pytest.approx(
        expected, abs=5e-4
    )
    assert [len(lines) for lines in loads] == [1, 1, 1]  # no room for 3.01×0.84


def box(part: Part, group: ET.Element) -> Box:
    left, top, wide, high = (
        float(part.element.get(key, 0)) for key in ("x", "y", "width", "height")
    )
    x, y = part.x + left, part.y + top
    return Box(x, y, x + wide, y + high, part.kinds[0], group)


@pytest.mark.parametrize("lap", [0, 1])
@pytest.mark.parametrize("chosen", CHOICES)
def test_nothing_overlaps_in_the_lemonade_factory(lap: int, chosen: Any) -> None:
    for pace in ("floor", "worker"):
        floor = FactoryFloor.lemonade(pace=pace, lap=lap)
        for position, step in enumerate(floor.moments):
            if step.phase != "backward":
                continue  # the rest is as without a focus, which test_pictures.py looks at
            picture = draw_floor(step, LEMONADE, 0, chosen)
            assert faults(picture) == set()
            loads = [box(part, part.parents[-1]) for part, _lines in carried(picture)]
            cards = [
                box(part, part.parents[-1])
                for part in parts(picture)
                if {"bpf-card", "bpf-crate"} & set(part.kinds) and part.name == "rect"
                if not any("bpf-traveller" in up.get("class", "") for up in part.parents)
            ]
            for n, one in enumerate(loads):
                for other in loads[:n] + cards:
                    apart = (
                        one.right <= other.left + 1
                        or other.right <= one.left + 1
                        or one.bottom <= other.top + 1
                        or other.bottom <= one.top + 1
                    )
                    assert apart, (lap, pace, position, one, other)


# ---- the explorer -------------------------------------------------------------------------------


def test_the_pace_is_floor_by_floor_unless_it_is_asked_for() -> None:
    floor = FactoryFloor.lemonade()
    assert floor.pace == "floor"
    assert len(floor.moments) == 7
    assert all(step.now is None for step in floor.moments)
    (control,) = [one for one in floor.view["controls"] if one.get("trait") == "pace"]
    assert (control["kind"], control["label"]) == ("choice", "Pace")
    assert [value for value, _name in control["options"]] == ["floor", "worker"]


def test_switching_the_pace_keeps_the_place() -> None:
    for position in range(7):
        floor = FactoryFloor.lemonade(position=position)
        here, before = floor.step, dict(floor.view)
        floor.pace = "worker"
        assert (floor.step.phase, floor.step.layer) == (here.phase, here.layer)
        assert floor.view["moment"] == before["moment"]  # nothing moves
        assert floor.view["lines"] == before["lines"]
        floor.pace = "floor"
        assert floor.position == position
        assert floor.view == before
    floor = FactoryFloor.lemonade(pace="worker", position=8)
    floor.pace = "floor"
    assert (floor.step.phase, floor.step.layer) == ("backward", 0)
    floor.pace = "floor"
    assert floor.position == 5
    floor.pace, floor.position = "worker", 8
    floor.pace = "worker"  # the same again changes nothing
    assert floor.position == 8


def test_pace_and_position_may_come_in_one_message() -> None:
    floor = FactoryFloor.lemonade()
    floor.set_state({"pace": "worker", "position": 12})
    assert (floor.pace, floor.position, floor.step.phase) == ("worker", 12, "update")
    floor.set_state({"pace": "floor"})
    assert (floor.position, floor.step.phase) == (6, "update")


def test_laps_and_rates_keep_the_pace() -> None:
    floor = FactoryFloor.lemonade(pace="worker", position=12)
    for move in ({"lap": 1}, {"learning_rate": 0.02}, {"lap": 3, "position": 9}):
        floor.set_state(move)
        assert len(floor.moments) == 13
        for layer in floor.step.network.layers:
            assert np.isfinite(layer.weights).all()
    assert floor.step.phase == "backward"
    assert "note reaches Cy" in floor.view["caption"]


NONSENSE: list[Any] = ["Worker", "", None, 0, 1.5, ["worker"], {"pace": "worker"}, b"worker", True]


@pytest.mark.parametrize("value", NONSENSE)
def test_another_pace_is_refused_with_advice(value: Any) -> None:
    floor = FactoryFloor.lemonade(position=4)
    before = dict(floor.view)
    floor.pace = value
    assert (floor.pace, floor.position) == ("floor", 4)
    assert re.match(r"Expected for the pace .* came; try 'floor'\.", floor.view["message"])
    assert {**floor.view, "message": ""} == before
    with pytest.raises(ValueError, match="Expected for the pace"):
        FactoryFloor.lemonade(pace=value)


def test_a_summary_goes_floor_by_floor_whatever_the_pace() -> None:
    network = bp.Network.random([9, 12, 3], "tanh", seed=2)
    floor = FactoryFloor(network, np.linspace(-1, 1, 9), [0, 1, 0], pace="worker", position=3)
    assert len(floor.moments) == 7
    assert "pace" not in [one.get("trait") for one in floor.view["controls"]]
    floor.pace = "floor"
    floor.pace = "worker"
    assert floor.position == 3
    assert floor.view["message"] == ""


@pytest.mark.parametrize("sizes", [(2, 3, 1), (8, 8, 8, 8, 8), (1, 1)])
def test_the_line_of_time_has_a_dot_for_each_turn_and_larger_ones_for_floors(
    sizes: tuple[int, ...],
) -> None:
    lap = lap_of(bp.Network.random(sizes, "relu"), np.ones(sizes[0]), np.ones(sizes[-1]))
    moments = by_worker(lap)
    ends = {place_in(moments, step) for step in lap}
    for position in range(0, len(moments), 5):
        picture = draw_timeline(moments, position)
        assert faults(picture) == set()
        circles = [p.element for p in parts(picture) if p.name == "circle"]
        *dots, mark = circles
        assert len(dots) == len(moments)
        across = [float(dot.get("cx", 0)) for dot in dots]
        radii = [float(dot.get("r", 0)) for dot in dots]
        assert float(mark.get("cx", 0)) == across[position]
        assert all(radii[n] == max(radii) for n in ends)
        assert all(radii[n] < max(radii) for n in set(range(len(dots))) - ends)
        for (x, r), (next_x, next_r) in pairwise(zip(across, radii, strict=True)):
            assert x + r < next_x - next_r


# ---- the checks of lesson 3 ---------------------------------------------------------------------

FACTORY, NAMES, SOURCES = lemonade_factory(), lemonade_workers()[0], lemonade().input_names
ORDERS = [([1, 3], [1]), ([2, 1], [1]), ([1, 2], [0]), ([3, 1], [2])]


def by_hand(x: Sequence[float], target: Sequence[float]) -> dict[str, Any]:
    """The lemonade factory without the engine: two floors, written out."""
    weights, taster = np.array([[1.0, 0.5, -1.0], [-1.0, 1.0, 1.0]]), np.array([2.0, 0.5, 1.0])
    mix = np.array(x) @ weights
    product = float(np.maximum(mix, 0) @ taster)
    first = 2 * (product - target[0])
    notes = first * taster * (mix > 0)
    return {
        "first": first,
        "notes": notes,
        "knobs": [[*(notes[n] * np.array(x)), notes[n]] for n in range(3)],
        "materials": weights @ notes,
    }


@pytest.mark.parametrize(("x", "target"), ORDERS)
def test_what_is_worked_out_by_hand_is_right(x: list[float], target: list[float]) -> None:
    right = by_hand(x, target)
    answers = [right["first"], *right["notes"]]
    assert check_notes(answers, FACTORY, x, target, NAMES).ok
    assert check_notes(np.array(answers), FACTORY, x, target, NAMES).ok
    for worker, gradients in enumerate(right["knobs"]):
        assert check_knob_gradients(gradients, FACTORY, x, target, SOURCES, worker=worker).ok
    assert check_material_notes(right["materials"], FACTORY, x, target, SOURCES).ok
    for place in range(4):
        wrong = [*answers]
        wrong[place] += 0.25
        result = check_notes(wrong, FACTORY, x, target, NAMES)
        assert not result.ok
        assert result.hint
        assert result.message.startswith(["first note", *NAMES][place])


def test_the_tasters_gradients_can_be_checked_too() -> None:
    result = check_knob_gradients([4, 8, 0, 4], FACTORY, [2, 1], [1], NAMES, layer=1)
    assert result.ok
    assert "1 × 4 = 4, 2 × 4 = 8, 0 × 4 = 0" in result.message


def test_the_sums_in_a_praise_are_true() -> None:
    for x, target in ORDERS:
        right = by_hand(x, target)
        results = [
            check_knob_gradients(right["knobs"][1], FACTORY, x, target, SOURCES, worker=1),
            check_material_notes(right["materials"], FACTORY, x, target, SOURCES),
        ]
        for result in results:
            found = sums(result.message.replace("note: ", "note, ").replace("sugar", ","))
            assert found
            for one in found:
                assert_comes_out(one)


LISTS: dict[str, Callable[[Any], CheckResult]] = {
    "notes": lambda answer: check_notes(answer, FACTORY, [1, 3], [1], NAMES),
    "knobs": lambda answer: check_knob_gradients(answer, FACTORY, [1, 3], [1], SOURCES, worker=1),
    "materials": lambda answer: check_material_notes(answer, FACTORY, [1, 3], [1], SOURCES),
    "function": check_backward_worker,
}


class Broken(list):  # type: ignore[type-arg]
    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no items")

    def __repr__(self) -> str:
        raise RuntimeError("no words")


ODD: list[Any] = [
    0, "5.5", [], [1], [1, 2, 3, 4, 5], [[1], [2]], {"a": 1}, {1, 2}, object(), print, 1j, math.nan,
    [math.nan] * 4, [math.inf] * 3, ["a", "b"], np.array(3.5), np.ones((2, 2)), b"12", Broken([1]),
    [None, 1, 2, 3], lambda: None, lambda *a: 1 / 0, lambda *a: [1, 2], lambda *a: ("ab", "cd"),
    lambda *a: ([None] * 3, [None] * 3), lambda *a: Broken([1, 2]), lambda *a: (Broken(), Broken()),
    lambda *a: (np.ones(3), np.ones(3)), lambda *a: ([[1]] * 3, [[1]] * 3), type, CheckResult,
]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_nonsense_is_answered_and_never_right(name: str) -> None:
    for value in ODD:
        result = LISTS[name](value)
        assert isinstance(result, CheckResult)
        assert not result.ok
        assert str(result)


@pytest.mark.parametrize("name", LISTS)
def test_what_is_untouched_is_not_tried_yet(name: str) -> None:
    for value in (..., None):
        assert not LISTS[name](value).tried
    gaps = {"notes": 4, "knobs": 3, "materials": 2}.get(name)
    if gaps:
        assert not LISTS[name]([...] * gaps).tried
    else:
        assert not LISTS[name](lambda *a: ...).tried
        nothing = LISTS[name](lambda *a: None)  # who forgets the return has tried
        assert nothing.tried
        assert "gives nothing back" in nothing.message


def test_who_can_tell_a_lost_minus_from_a_forgotten_gate() -> None:
    # At the lemons of this order both slips come to the same number; elsewhere they do not.
    result = LISTS["materials"]([6.875, 8.25])
    assert "gate" in result.hint
    assert "minus" in result.hint
    assert "gate" in check_material_notes([-4.125, -2.75], FACTORY, [1, 3], [1], SOURCES).hint
    lost = by_hand([2, 1], [1])["materials"] * [1, 0] + [0, 10]  # 8 + 2 with both minuses lost
    assert "sign" in check_material_notes(lost, FACTORY, [2, 1], [1], SOURCES).hint


def right_function(note: float, deliveries: list[float], knobs: list[float], is_open: bool) -> Any:
    past = note if is_open else 0.0
    return [past * one for one in deliveries], [past * one for one in knobs]


def test_a_right_function_is_right_in_any_kind_of_list() -> None:
    assert check_backward_worker(right_function).ok
    assert check_backward_worker(lambda *a: tuple(map(tuple, right_function(*a)))).ok
    assert check_backward_worker(lambda *a: np.array(right_function(*a))).ok
    assert check_backward_worker(lambda *a: list(map(np.array, right_function(*a)))).ok


def test_the_curtain_shows_the_lines_of_the_engine() -> None:
    path = Path(__file__).parents[1] / "notebooks" / "03_backward.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (curtain,) = ["".join(cell["source"]) for cell in cells if cell["id"] == "curtain"]
    source = inspect.getsource(engine.network)
    (lines,) = re.findall(r"```python\n(.*?)```", curtain, re.S)
    places = [source.index(line.strip()) for line in lines.splitlines() if line]
    assert len(places) == 4
    assert places == sorted(places)
