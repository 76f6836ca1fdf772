"""The pictures: pure, well-formed, true to the Step, with nothing early, clipped or overlapping."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from known import noted, worked
from languages import Foreign, english
from picture_reader import (
    CSS,
    Part,
    card_of,
    count,
    drawn_with,
    faults,
    parts,
    text_boxes,
    texts,
    thing_boxes,
)
from references import random_case
from views import KINDS

import backprop_lib as bp
from backprop_lib import i18n
from backprop_lib.datasets import digits, lemonade, lemonade_factory, lemonade_workers
from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.moments import by_worker
from backprop_lib.i18n import number
from backprop_lib.pictures import svg, things
from backprop_lib.pictures.chart import Chart, powers, ticks
from backprop_lib.pictures.floor import draw_floor, fits
from backprop_lib.pictures.gallery import Reading, draw_gallery
from backprop_lib.pictures.neuron import draw_neuron
from backprop_lib.pictures.summary import draw_summary
from backprop_lib.pictures.timeline import draw_timeline
from backprop_lib.widgets.page import text_of
from backprop_lib.words import Names

LEMONADE = Names.of(lemonade_factory(), lemonade().input_names, lemonade_workers())

# ---- reading a picture --------------------------------------------------------------------------


def test_a_note_keeps_off_the_edges_of_its_slip() -> None:
    for value, width in itertools.product((0.7414, -0.2171, -0.0381, 12345.0, -1e-9), (46, 48, 55)):
        picture = svg.picture(100, 50, things.note((20, 25), value, width))
        (word,), (slip,) = text_boxes(parts(picture)), thing_boxes(parts(picture))
        assert word.left >= slip.left + 9 + 2  # right of the arrow and of the edge
        assert word.right <= slip.right - 2


def test_lanes_run_under_the_belts() -> None:
    found = 0
    for step in (one for one in lemonade_lap() if one.phase == "backward"):
        parts = draw_floor(step, Names.of(step.network)).parts
        for layer in (0, 1):
            if parts[f"lanes {layer}"]:
                assert list(parts).index(f"lanes {layer}") < list(parts).index(f"belts {layer}")
                found += 1
    assert found == 2


def test_the_reader_of_pictures_can_say_no() -> None:
    picture = svg.picture(
        100,
        50,
        svg.words(50, 20, "middle", class_="bpf-middle bpf-number"),
        svg.group(svg.words(2, 8, "beside"), at=(40, 14)),
        svg.words(90, 45, "outside"),
        things.crate((20, 36), 1.2345e-22, width=30),
    )
    assert faults(picture) == {"beside on middle", "outside is cut off"}
    turned = {"class_": "bpf-middle", "transform": "translate(50 25) rotate(-90)"}
    upright = svg.words(0, 0, "upright all", **turned), svg.words(44, 12, "across")
    assert faults(svg.picture(100, 50, *upright)) == {
        "across on upright all",
        "upright all is cut off",
    }
    wide = svg.picture(200, 50, things.crate((100, 25), 1.2e22, width=20))
    assert faults(wide) == {"1.2 × 10²² is wider than its bpf-crate"}
    assert drawn_with("stroke-dasharray", "bpf-lane")
    assert not drawn_with("stroke-dasharray", "bpf-belt")


# ---- factories to draw --------------------------------------------------------------------------


def moments(
    network: bp.Network,
    x: Any,
    target: Any,
    loss: bp.Loss | None = None,
    optimizer: bp.Optimizer | None = None,
) -> tuple[bp.Step, ...]:
    loss, optimizer = loss or bp.MeanSquaredError(), optimizer or bp.SGD(0.1)
    return (bp.opening(network, x, target), *bp.steps(network, x, target, loss, optimizer))


def lemonade_lap() -> tuple[bp.Step, ...]:
    return moments(lemonade_factory(), lemonade().inputs, lemonade().targets, None, bp.SGD(0.01))


def lap_of(sizes: tuple[int, ...], hidden: str = "relu", output: str = "relu") -> tuple[Any, ...]:
    network = bp.Network.random(sizes, hidden, output, seed=sum(sizes))
    return moments(network, np.linspace(0.5, 1.5, sizes[0]), np.ones(sizes[-1]))


def filled(step: bp.Step, value: float) -> bp.Step:
    """The same moment with every number that is known replaced by ``value``."""

    def fill(thing: Any) -> Any:
        if isinstance(thing, np.ndarray):
            return np.full(thing.shape, value)
        if isinstance(thing, tuple):
            return tuple(fill(part) for part in thing)
        if isinstance(thing, bp.Dense):
            return bp.Dense(fill(thing.weights), fill(thing.biases), thing.activation)
        if isinstance(thing, bp.Network):
            return bp.Network([fill(layer) for layer in thing.layers])
        if isinstance(thing, (bp.Trace, bp.LayerTrace, bp.LayerGradients)):
            fields = [field.name for field in dataclasses.fields(thing)]
            return type(thing)(**{name: fill(getattr(thing, name)) for name in fields})
        return thing

    parts = {field.name: fill(getattr(step, field.name)) for field in dataclasses.fields(step)}
    if step.loss is not None:
        parts["loss"] = abs(value)
    return dataclasses.replace(step, **parts)


def long_names(network: bp.Network, letters: int) -> Names:
    women = ["Anemones", "Barbaras", "Cyprians", "Dorothea", "Eleonora", "Florence", "Gertrude"]
    short = [name[:letters] for name in [*women, "Henrieta"]]
    return Names.of(network, short[: network.sizes[0]], [short[:n] for n in network.sizes[1:]])


LARGE_SIZES = [(2, 3, 1), (1, 1), (4, 4, 4, 4, 4), (1, 4, 1), (4, 1, 4), (3, 2, 4, 2)]
SMALL_SIZES = [(8, 8, 8, 8, 8), (2, 8, 1), (8, 2, 8), (5, 1), (1, 5, 7, 6)]

Draw = Callable[[bp.Step, Names], str]

EVERY_KIND: list[Any] = [
    pytest.param((2, 3, 1), draw_floor, id="large"),
    pytest.param((3, 5, 2), draw_floor, id="small"),
    pytest.param((9, 16, 3), draw_summary, id="summary"),
]


# ---- all pictures -------------------------------------------------------------------------------


def all_pictures() -> Iterator[tuple[str, Callable[[], str]]]:
    for sizes, draw in (kind.values for kind in EVERY_KIND):
        lap = lap_of(sizes, output="tanh")
        names = Names.of(lap[0].network)
        for place, step in enumerate(lap):
            for chosen in (None, (0, 1)):
                yield (
                    f"{sizes} {place} {chosen}",
                    lambda d=draw, s=step, n=names, c=chosen: d(s, n, 0, c),
                )
            yield f"line {sizes} {place}", lambda lap=lap, place=place: draw_timeline(lap, place)
    for gate in ("identity", "relu", "sigmoid", "tanh"):
        for knob in (-3.0, 0.0, 1e9):
            worker = bp.Dense([[knob], [1.0]], [-0.5], gate)
            yield f"{gate} {knob}", lambda w=worker: draw_neuron(w, [2.0, -1.0], ["lemons", "b"])
    images = digits().test.inputs[:7]
    readings = [Reading(image, n, 3, n / 6) for n, image in enumerate(images)]
    yield "gallery", lambda: draw_gallery(readings)
    yield "one image", lambda: draw_gallery(readings[:1])


ALL = list(all_pictures())


@pytest.mark.parametrize("draw", [draw for _, draw in ALL], ids=[name for name, _ in ALL])
def test_every_picture_is_well_formed_and_without_ids_or_broken_numbers(
    draw: Callable[[], str],
) -> None:
    picture = draw()
    assert draw() == picture
    for part in parts(picture):
        for key, value in part.element.attrib.items():
            assert key not in ("id", "href", "onclick")
            if key not in ("aria-label", "class"):
                assert not re.search(r"\b(nan|inf|none|np\.|array)", value, re.I), (key, value)
                assert "<" not in value
    root = ET.fromstring(picture)
    assert root.get("role")
    assert root.get("aria-label")
    assert [float(x) for x in root.get("viewBox", "").split()][:2] == [0, 0]


@pytest.mark.parametrize(("sizes", "draw"), EVERY_KIND)
def test_drawing_changes_nothing_and_hangs_on_nothing(sizes: Any, draw: Draw) -> None:
    first, second = lap_of(sizes), lap_of(sizes)
    names = Names.of(first[0].network)
    there = [draw(step, names) for step in first]
    bp.Network.random(sizes, seed=9).forward(np.ones(sizes[0]))
    back = [draw(step, names) for step in reversed(second)]
    assert there == back[::-1]


@pytest.mark.parametrize("draw", [draw for _, draw in ALL], ids=[name for name, _ in ALL])
def test_every_word_of_every_picture_is_translated(
    draw: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    for part in parts(draw()):
        for text in (part.text, part.element.get("aria-label", "")):
            assert english(text.replace("lemons", "").replace("material", "")) == []


# ---- numbers of the large floor -----------------------------------------------------------------


def agrees(text: str, true: float, prefix: str = "", decimals: int = 4) -> bool:
    """Whether a text is this number: to four places, or one fewer for each further digit."""
    plain = text.removeprefix(prefix).replace("−", "-").replace("+", "")
    if text.removeprefix(prefix) == "≈0":
        return 0 < abs(true) < 10.0**-decimals
    before = max(1, len(str(int(abs(true)))))
    half = 0.5 * 10.0 ** (before - 1 - decimals)
    return text.startswith(prefix) and abs(float(plain) - true) <= half * 1.0001


def assert_agree(found: list[str], true: Any, prefix: str = "", decimals: int = 4) -> None:
    true = np.ravel(true)
    assert len(found) == len(true), (found, true)
    for text, one in zip(found, true, strict=True):
        assert agrees(text, float(one), prefix, decimals), (found, true)


def floors() -> Iterator[tuple[bp.Step, int]]:
    cases = [
        random_case("relu", "identity", "mse", 31),
        random_case("tanh", "softmax", "cce", 32, examples=3),
        random_case("softmax", "sigmoid", "bce", 33, examples=2),
    ]
    for case in cases:
        layers = [
            bp.Dense(layer.weights[:4, :4], layer.biases[:4], layer.activation)
            for layer in case.network.layers
        ]
        network = bp.Network(layers)
        x, t = np.atleast_2d(case.x)[:, :4], np.atleast_2d(case.target)[:, :4]
        if case.loss == "cce":
            t = np.eye(t.shape[1])[: len(t)]
        lap = moments(network, x, t, case.engine_loss)
        yield from ((step, len(x) - 1) for step in lap)
    yield from ((step, 0) for step in lemonade_lap())


FLOORS = list(floors())


@pytest.mark.parametrize(("step", "example"), FLOORS)
def test_each_worker_of_the_large_floor_shows_the_steps_numbers(
    step: bp.Step, example: int
) -> None:
    picture = draw_floor(step, Names.of(step.network), example)
    for layer, floor in enumerate(step.network.layers):
        for worker in range(floor.weights.shape[1]):
            card = card_of(picture, layer, worker)
            in_crate, notes = texts(card, "bpf-on-crate"), texts(card, "bpf-note")
            mixes = texts(card, "bpf-number", "bpf-middle", without="bpf-on-crate")
            if layer < len(step.trace.layers):
                work = step.trace.layers[layer]
                assert_agree(in_crate, work.activations[example, worker])
                assert_agree(mixes, work.pre_activations[example, worker])
            else:
                assert in_crate == mixes == []

            found = step.gradients[layer]
            slopes = texts(card, "bpf-gradient")
            if found is None:
                assert notes == slopes == []
            else:
                arrived = found.activations[example, worker]
                past = found.pre_activations[example, worker]
                assert_agree(
                    notes, [arrived] if floor.activation == "identity" else [arrived, past]
                )

            knobs = [*floor.weights[:, worker], floor.biases[worker]]
            values = texts(card, "bpf-number", without="bpf-middle")
            if step.updated is None:
                assert_agree(values, knobs)
                if found is not None:
                    assert_agree(slopes, [*found.weights[:, worker], found.biases[worker]], "∂ ")
                assert texts(card, "bpf-turned") == []
            else:
                after = step.updated.layers[layer]
                news = [*after.weights[:, worker], after.biases[worker]]
                moved = [(old, new) for old, new in zip(knobs, news, strict=True) if old != new]
                assert_agree(values, news)
                assert_agree(texts(card, "bpf-turned"), [new for _old, new in moved])
                was = [text for text in texts(card) if text.startswith("was ")]
                assert_agree(was, [old for old, _new in moved], "was ")
                assert len(slopes) == len(knobs) - len(moved)  # who stayed shows why


@pytest.mark.parametrize(("step", "example"), FLOORS)
def test_around_the_workers_the_large_floor_shows_the_steps_numbers(
    step: bp.Step, example: int
) -> None:
    picture = draw_floor(step, Names.of(step.network), example)
    tree = ET.fromstring(picture)
    for worker in [e for e in tree.iter() if "data-value" in e.attrib]:
        worker.clear()
    rest = ET.tostring(tree, encoding="unicode")

    known = len(step.trace.layers) == len(step.network.layers)
    product = step.trace.output[example] if known else []
    assert_agree(texts(rest, "bpf-on-order"), step.target[example])
    assert_agree(texts(rest, "bpf-on-crate"), [*product, *step.inputs[example]])
    notes = []
    if step.output_gradient is not None and step.phase != "update":
        notes += [*step.output_gradient[example]]
    if step.inputs_gradient is not None:
        notes += [*step.inputs_gradient[example]]
    assert_agree(texts(rest, "bpf-note"), notes)
    meter = [] if step.loss is None else [number(step.loss)]
    assert texts(rest, "bpf-number", "bpf-strong") == meter
    assert count(rest, "bpf-meter-fill") == (step.loss is not None)


def test_the_pictures_order_is_the_tuple_given() -> None:
    for step in lemonade_lap():
        picture = draw_floor(step, LEMONADE)
        names = texts(picture, "bpf-name")
        assert sorted(names) == sorted([*LEMONADE.inputs, *itertools.chain(*LEMONADE.workers)])
        for layer, floor in enumerate(LEMONADE.workers):
            for worker, name in enumerate(floor):
                assert texts(card_of(picture, layer, worker), "bpf-name") == [name]


# ---- nothing early ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "draw"), [*EVERY_KIND, pytest.param((9, 16, 12), draw_summary, id="rows")]
)
def test_what_a_later_step_decides_is_not_drawn_by_an_earlier_one(sizes: Any, draw: Draw) -> None:
    x, t = np.linspace(-1, 1, sizes[0]), np.eye(sizes[-1])[0]
    end: str = "softmax"
    cce: bp.Loss = bp.CategoricalCrossEntropy()
    if sizes[-1] == 1:
        end, cce = "sigmoid", bp.BinaryCrossEntropy()
    network, mse = bp.Network.random(sizes, "tanh", end, seed=4), bp.MeanSquaredError()
    names = Names.of(network)

    def drawn(loss: bp.Loss, rate: float) -> list[str]:
        return [draw(step, names) for step in moments(network, x, t, loss, bp.SGD(rate))]

    one, other_loss, other_rate = drawn(cce, 0.5), drawn(mse, 0.5), drawn(cce, 2.5)
    forward, last = len(sizes), len(one) - 1
    assert one[:forward] == other_loss[:forward]
    assert all(a != b for a, b in zip(one[forward:], other_loss[forward:], strict=True))
    assert one[:last] == other_rate[:last]
    if draw is draw_floor:  # a summary has no knobs to turn
        assert one[last] != other_rate[last]


@pytest.mark.parametrize(("sizes", "draw"), EVERY_KIND)
def test_a_floor_that_has_not_worked_shows_no_amount(sizes: Any, draw: Draw) -> None:
    lap = lap_of(sizes)
    first = lap[0].network
    names = Names.of(first)
    # Another first floor: what the second ships would differ, but is it known?
    other = bp.Network(
        [bp.Dense(np.negative(first.layers[0].weights), [0] * sizes[1], "tanh"), *first.layers[1:]]
    )
    one = lap[1]
    two = moments(other, lap[0].inputs, lap[0].target)[1]
    for worker in range(sizes[2]):
        label = [card_of(draw(step, names), 1, worker) for step in (one, two)]
        assert label[0] == label[1]
    for step in (lap[0], one):
        assert count(draw(step, names), "bpf-slip") == 0


# ---- worker by worker ---------------------------------------------------------------------------


def card_texts(picture: str, layer: int, worker: int) -> list[str]:
    return texts(card_of(picture, layer, worker))


@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 5, 2)])
def test_a_worker_shows_nothing_before_the_turn_and_all_after_it(sizes: tuple[int, ...]) -> None:
    lap = lap_of(sizes, "tanh", "identity")
    names = Names.of(lap[0].network)
    whole = {(step.phase, step.layer): draw_floor(step, names) for step in lap}
    for place, moment in enumerate(by_worker(lap)):
        if moment.now is None:
            continue
        picture = draw_floor(moment, names)
        after, before = whole[moment.phase, moment.layer], whole_before(lap, moment, whole)
        for layer, count_ in enumerate(sizes[1:]):
            for worker in range(count_):
                if moment.phase == "forward":
                    reached = worker < worked(moment, layer)
                else:
                    reached = worker < noted(moment, layer)
                expected = after if reached else before
                assert card_texts(picture, layer, worker) == card_texts(expected, layer, worker)
        at_work = [p.element for p in parts(picture) if "bpf-at-work" in p.kinds]
        assert len(at_work) == (moment.now[0] >= 0), place
        for button in [p.element for p in parts(picture) if "data-value" in p.element.attrib]:
            inside = "bpf-at-work" in ET.tostring(button, encoding="unicode")
            assert inside == (button.get("data-value") == f"[{moment.now[0]},{moment.now[1]}]")


def whole_before(lap: tuple[Any, ...], moment: bp.Step, whole: dict[Any, str]) -> str:
    keys = [(step.phase, step.layer) for step in lap]
    return whole[keys[keys.index((moment.phase, moment.layer)) - 1]]


@pytest.mark.parametrize("chosen", [None, (0, 0), (0, 2), (1, 0)])
def test_nothing_overlaps_in_the_lemonade_lap_worker_by_worker(
    chosen: tuple[int, int] | None,
) -> None:
    for moment in by_worker(lemonade_lap()):
        assert faults(draw_floor(moment, LEMONADE, 0, chosen)) == set()
        root = ET.fromstring(draw_floor(moment, LEMONADE, 0, chosen))
        assert not any("id" in element.attrib for element in root.iter())


@pytest.mark.parametrize("sizes", LARGE_SIZES)
def test_what_a_lane_carries_is_the_note_times_the_knob(sizes: tuple[int, ...]) -> None:
    for step in lap_of(sizes, "tanh", "identity"):
        if step.phase != "backward" or step.layer == len(sizes) - 2:
            continue
        for worker in range(sizes[step.layer + 1]):
            picture = draw_floor(step, Names.of(step.network), 0, (step.layer, worker))
            tree = ET.fromstring(picture)
            for card in [e for e in tree.iter() if "data-value" in e.attrib]:
                card.clear()
            rest = ET.tostring(tree, encoding="unicode")
            notes = step.gradients[step.layer + 1].pre_activations[0]
            products = notes * step.network.layers[step.layer + 1].weights[worker]
            shown = texts(rest, "bpf-note")
            for product in products:
                assert any(agrees(text, product, decimals=3) for text in shown), (product, shown)


# ---- dials, gates, meters -----------------------------------------------------------------------


def rotations(picture: str) -> list[float]:
    turned = [part.element.get("transform", "") for part in parts(picture)]
    return [float(m[1]) for t in turned if (m := re.fullmatch(r"rotate\((.+)\)", t))]


def test_a_dials_angle_rises_with_the_weight_and_never_goes_round() -> None:
    weights = [-1e300, -1e6, -3.0, -1.0, -1e-3, 0.0, 1e-3, 1.0, 3.0, 1e6, 1e300]
    angles = [things.dial_angle(weight) for weight in weights]
    assert all(a < b or (a == b and abs(a) == 150) for a, b in itertools.pairwise(angles))
    assert angles == [-angle for angle in reversed(angles)]
    assert max(angles) <= 150


@pytest.mark.parametrize("weight", [1e306, -1e307, 1.7e308, 5e-324])
def test_even_the_largest_weight_has_a_dial(weight: float) -> None:
    picture = svg.picture(40, 40, things.dial((20, 20), 10, weight, -weight))
    assert not re.search("nan|inf", picture)
    assert abs(things.dial_angle(weight)) <= 150


def test_each_dial_points_to_its_weight() -> None:
    lap = lemonade_lap()
    for step, updated in ((lap[2], None), (lap[-1], lap[-1].updated)):
        picture = draw_floor(step, LEMONADE)
        for layer, floor in enumerate(step.network.layers):
            for worker in range(floor.weights.shape[1]):
                olds = [*floor.weights[:, worker], floor.biases[worker]]
                expected = [round(things.dial_angle(old), 1) for old in olds]
                if updated is not None:
                    after = updated.layers[layer]
                    news = [*after.weights[:, worker], after.biases[worker]]
                    pairs = zip(olds, news, strict=True)
                    turns = [(old, new) if old != new else (new,) for old, new in pairs]
                    expected = [
                        round(things.dial_angle(w), 1) + 0.0 for turn in turns for w in turn
                    ]
                assert rotations(card_of(picture, layer, worker)) == expected


def test_at_the_update_a_dial_turns_from_where_it_was() -> None:
    for old, new in ((0.5, 0.46), (-1.0, 2.0), (1.0, 1.0)):
        picture = things.dial((0, 0), 10, new, old)
        start = re.search(r"--from:(.+?)deg", picture)
        assert start
        angle = things.dial_angle(new) + float(start[1])
        assert angle == pytest.approx(things.dial_angle(old), abs=0.06)


def test_the_arc_goes_to_the_pointers_end_on_the_side_of_the_sign() -> None:
    for weight in (-5.0, -0.2, 0.2, 5.0):
        picture = svg.picture(9, 9, things.dial((0, 0), 10, weight))
        (arc,) = [part.element for part in parts(picture) if "bpf-arc" in part.kinds]
        words = arc.get("d", "").split()
        x, y = float(words[-2]), float(words[-1])
        angle = math.degrees(math.atan2(x, -y))
        assert angle == pytest.approx(things.dial_angle(weight), abs=0.1)
        assert words[-3] == ("1" if weight > 0 else "0")


@pytest.mark.parametrize("z", [-2.0, -1e-9, 0.0, 1e-9, 2.0, None])
def test_a_relu_gate_is_drawn_open_where_its_slope_is_one(z: float | None) -> None:
    picture = svg.picture(9, 9, things.gate((0, 0), "relu", z))
    if z is None:
        assert count(picture, "bpf-way") == count(picture, "bpf-bar") == 0
        return
    mix = np.array([z])
    slope = ACTIVATIONS["relu"].backward(np.ones(1), mix, np.maximum(mix, 0.0)).item()
    assert count(picture, "bpf-way") == slope
    assert count(picture, "bpf-bar") == 1 - slope


def test_the_lemonade_gates() -> None:
    for place, step in enumerate(lemonade_lap()):
        picture = draw_floor(step, LEMONADE)
        cards = [card_of(picture, 0, worker) for worker in range(3)]
        opened = [count(card, "bpf-way") for card in cards]
        shut = [count(card, "bpf-bar") for card in cards]
        assert (opened, shut) == (([1, 1, 0], [0, 0, 1]) if place else ([0] * 3, [0] * 3))
        taster = card_of(picture, 1, 0)
        assert count(taster, "bpf-gate") == count(taster, "bpf-bar") == 0
        assert count(taster, "bpf-through") == 1


@pytest.mark.parametrize("gate", ["sigmoid", "tanh", "softmax"])
def test_a_soft_gates_point_rises_with_the_mix_and_is_missing_when_unknown(gate: str) -> None:
    def points(z: float | None) -> list[tuple[float, float]]:
        picture = svg.picture(9, 9, things.gate((0, 0), gate, z))
        return [
            (float(part.element.get("cx", 0)), -float(part.element.get("cy", 0)))
            for part in parts(picture)
            if "bpf-dot" in part.kinds
        ]

    assert points(None) == []
    found = [points(z) for z in (-1e300, -2.0, 0.0, 2.0, 1e300)]
    assert all(len(point) == 1 for point in found)
    for left, right in itertools.pairwise(point[0] for point in found):
        assert left[0] < right[0]
        assert left[1] < right[1]


def test_the_meter_fills_with_the_loss_and_never_flows_over() -> None:
    losses = [0.0, 0.5, 4.0, 1e3, 1e300]
    widths = []
    for loss in losses:
        picture = svg.picture(200, 50, things.meter((10, 30), loss, "loss", 130.0))
        fill = [part.element for part in parts(picture) if "bpf-meter-fill" in part.kinds]
        widths.append(float(fill[0].get("width", "")))
        assert number(loss) in texts(picture)
    assert widths[0] == 0
    assert widths == sorted(widths)
    assert widths[1] < widths[2] < widths[3] <= widths[4] <= 130
    unknown = svg.picture(200, 50, things.meter((10, 30), None, "loss", 130.0))
    assert (count(unknown, "bpf-meter-fill"), texts(unknown)) == (0, ["loss", *MARKS])


MARKS = ["0", "1", "4", "∞"]


def test_the_meter_reaches_just_to_the_mark_of_its_loss() -> None:
    for loss, mark in ((1.0, "1"), (4.0, "4")):
        picture = svg.picture(200, 50, things.meter((10, 30), loss, "loss", 130.0))
        (fill,) = [part.element for part in parts(picture) if "bpf-meter-fill" in part.kinds]
        marks = {part.text: part for part in parts(picture) if part.text in MARKS}
        assert float(marks[mark].element.get("x", "")) == float(fill.get("width", ""))


def test_only_what_moved_is_shown_as_turned() -> None:
    picture = draw_floor(lemonade_lap()[-1], LEMONADE)
    cy, taster = card_of(picture, 0, 2), card_of(picture, 1, 0)
    assert texts(cy, "bpf-turned") == []
    assert texts(cy, "bpf-gradient") == ["∂ 0"] * 3
    assert texts(taster, "bpf-turned") == ["1.96", "0.42", "−0.04"]
    assert count(cy, "bpf-ghost") == 0
    assert count(taster, "bpf-ghost") == 3


@pytest.mark.parametrize("power", range(-14, 4))
def test_a_turned_knob_never_was_what_it_is(power: int) -> None:
    network = bp.Network([bp.Dense([[1.6476]], [-0.3])])
    lap = bp.steps(network, [1], [0], optimizer=bp.SGD(1.37 * 10.0**power))
    card = card_of(draw_floor(lap[-1], Names.of(network)), 0, 0)
    told = list(zip(texts(card, "bpf-turned"), texts(card, "bpf-small"), strict=True))
    assert len(told) == 2
    for now, before in told:
        assert before not in (f"was {now}", "")
        assert before.startswith("was ") or re.match(r"by [+−]\d", before)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-1.76884, 4, "−1.7688"),
        (-1.76884, 2, "−1.77"),
        (-12.345, 4, "−12.345"),
        (123.456, 2, "123"),
        (0.000123, 4, "0.0001"),
        (0.0, 4, "0"),
        (-1e-9, 4, "≈0"),
        (9.99996, 4, "10"),
        (99999.4, 4, "99999"),
    ],
)
def test_brief_numbers(value: float, decimals: int, text: str) -> None:
    assert things.brief(value, decimals) == text


@pytest.mark.parametrize("decimals", [2, 4])
def test_a_brief_number_is_never_far_off_and_never_long(decimals: int) -> None:
    random = np.random.default_rng(0)
    for value in random.normal(size=400) * 10.0 ** random.uniform(-6, 4.9, 400):
        text = things.brief(float(value), decimals)
        assert len(text) <= decimals + 4
        assert agrees(text, float(value), decimals=decimals), (value, text)


# ---- the small floor and the summary ------------------------------------------------------------


def test_the_small_floor_shows_what_is_shipped_and_the_notes() -> None:
    for step in lap_of((3, 6, 5), hidden="tanh"):
        picture = draw_floor(step, Names.of(step.network))
        for layer, floor in enumerate(step.network.layers):
            for worker in range(floor.weights.shape[1]):
                card = card_of(picture, layer, worker)
                known = layer < len(step.trace.layers)
                a = [step.trace.layers[layer].activations[0, worker]] if known else []
                assert_agree(texts(card, "bpf-on-crate"), a, decimals=2)
                found = step.gradients[layer]
                notes = []
                if found is not None:
                    notes = [found.activations[0, worker], found.pre_activations[0, worker]]
                assert_agree(texts(card, "bpf-note"), notes, decimals=2)
                weights = floor.weights[:, worker]
                angles = [round(things.dial_angle(w), 1) for w in weights]
                if step.updated is None:
                    assert rotations(card) == angles
                halos = 0
                if found is not None and step.updated is None:
                    halos = np.count_nonzero(found.weights[:, worker])
                assert count(card, "bpf-halo") == halos
                if halos:
                    negative = [p for p in parts(card) if {"bpf-halo", "bpf-minus"} <= set(p.kinds)]
                    assert len(negative) == np.count_nonzero(found.weights[:, worker] < 0)


def test_small_networks_are_drawn_worker_by_worker_and_larger_ones_are_not() -> None:
    for sizes in ((1, 1), (2, 3, 1), (8, 8, 8, 8, 8), (8, 1)):
        assert fits(sizes)
    for sizes in ((9, 1), (1, 9), (1,) * 6, (8, 8, 8, 8, 8, 8), (64, 32, 10)):
        assert not fits(sizes)


def cells(picture: str, layer: int, workers: int) -> list[Part]:
    """The shades of a floor's cells; of the materials for layer -1."""
    found = [part for part in parts(picture) if "bpf-cell" in part.kinds]
    if layer < 0:
        return [p for p in found if not any("data-value" in up.attrib for up in p.parents)]
    own = {f"[{layer},{n}]" for n in range(workers)}
    return [p for p in found if own & {up.get("data-value") for up in p.parents}]


def test_the_summary_shades_each_cell_by_its_number_and_strikes_what_is_negative() -> None:
    for step in lap_of((64, 30, 10), hidden="tanh"):
        picture = draw_summary(step, Names.of(step.network))
        strokes = 0
        for layer in (-1, 0):
            if layer < 0:
                values = (step.inputs if step.inputs_gradient is None else step.inputs_gradient)[0]
            elif step.gradients[0] is not None:
                values = step.gradients[0].pre_activations[0]
            else:
                values = step.trace.layers[0].activations[0] if step.trace.layers else []
            shades = cells(picture, layer, 30)
            assert len(shades) == len(values)
            share = np.abs(values) / np.abs(values).max() if len(values) else []
            found = [float(shade.element.get("fill-opacity", "")) for shade in shades]
            assert found == pytest.approx([round(s, 2) for s in share], abs=0.0101)
            strokes += sum(v < 0 and s > 0.02 for v, s in zip(values, share, strict=True))
            notes = layer >= 0 and step.gradients[0] is not None
            notes |= layer < 0 and step.inputs_gradient is not None
            assert all(("bpf-cell-note" in shade.kinds) == notes for shade in shades)
        assert count(picture, "bpf-cell-minus") == strokes


def test_an_image_is_laid_out_as_an_image() -> None:
    lap = lap_of((64, 30, 10))
    places = [
        (part.x, part.y) for part in cells(draw_summary(lap[0], Names.of(lap[0].network)), -1, 0)
    ]
    grid = np.array(places).reshape(8, 8, 2)
    assert len(np.unique(grid[:, :, 1])) == len(np.unique(grid[:, :, 0])) == 8
    assert (np.diff(grid[:, :, 0], axis=1) > 0).all()
    assert (np.diff(grid[:, :, 1], axis=0) > 0).all()


def test_the_summarys_rows_show_the_products_and_mark_the_order() -> None:
    lap = lap_of((64, 30, 10), output="softmax")
    target = np.eye(10)[7]
    lap = moments(lap[0].network, lap[0].inputs, target, bp.CategoricalCrossEntropy())
    for step in lap:
        picture = draw_summary(step, Names.of(step.network))
        for worker in range(10):
            row = card_of(picture, 1, worker)
            assert ("order" in texts(row)) == (worker == 7)
            shown = [text for text in texts(row) if text not in ("order", f"B{worker + 1}")]
            if len(step.trace.layers) < 2:
                assert shown == []
            elif step.gradients[1] is None:
                assert shown == [number(step.trace.output[0, worker], digits=2)]
            else:
                past = step.gradients[1].pre_activations[0, worker]
                assert shown == [i18n.signed(past, digits=2)]


def test_a_summary_does_not_mark_the_largest_of_some_amounts_as_the_order() -> None:
    network = bp.Network.random([9, 3])
    lap = moments(network, np.ones(9), [0.2, 0.5, -0.7])
    assert texts(draw_summary(lap[0], Names.of(network))).count("order") == 0


@pytest.mark.parametrize("value", [7.25, 8.75])
def test_a_summary_of_one_product_shows_its_order(value: float) -> None:
    network = bp.Network.random([9, 1])
    for step in moments(network, np.ones(9), [value]):
        assert number(value) in texts(draw_summary(step, Names.of(network)))


@pytest.mark.parametrize(("sizes", "draw"), EVERY_KIND)
def test_each_worker_is_a_button_with_a_name(sizes: Any, draw: Draw) -> None:
    lap = lap_of(sizes)
    names = Names.of(lap[0].network)
    for step in lap:
        buttons = [
            p.element
            for p in parts(draw(step, names, 0, (0, 1)))
            if "data-value" in p.element.attrib
        ]
        assert len(buttons) == sum(sizes[1:])
        for button in buttons:
            layer, worker = map(int, re.findall(r"\d+", button.get("data-value", "")))
            label = button.get("aria-label", "")
            assert names.workers[layer][worker] in label
            assert button.get("role") == "button"
            assert button.get("data-lm-suppress-shortcuts") == "true"
            chosen = (layer, worker) == (0, 1)
            assert button.get("aria-pressed") == ("true" if chosen else "false")
            own = ET.tostring(button, encoding="unicode")
            assert ("bpf-chosen" in own) == chosen
        assert any(button.get("tabindex") == "0" for button in buttons)


@pytest.mark.parametrize(("sizes", "draw"), EVERY_KIND)
def test_a_buttons_name_says_whether_its_number_is_an_amount_or_a_note(
    sizes: Any, draw: Draw
) -> None:
    lap = lap_of(sizes, hidden="tanh", output="tanh")
    names = Names.of(lap[0].network)

    def label(step: bp.Step) -> str:
        for part in parts(draw(step, names)):
            if part.element.get("data-value") == "[0,0]":
                return re.sub(r"[+−]?\d[\d.]*( × 10\S+)?", "#", part.element.get("aria-label", ""))
        raise AssertionError

    forward, back = lap[1], lap[-2]
    assert label(forward) != label(back)


# ---- room ---------------------------------------------------------------------------------------


def test_nothing_overlaps_in_the_lemonade_lap() -> None:
    assert [faults(draw_floor(step, LEMONADE)) for step in lemonade_lap()] == [set()] * 7


@pytest.mark.parametrize("letters", [2, 8])
@pytest.mark.parametrize("sizes", LARGE_SIZES + SMALL_SIZES)
def test_nothing_overlaps_with_wide_numbers(sizes: tuple[int, ...], letters: int) -> None:
    found: set[str] = set()
    for gates in (("relu", "identity"), ("tanh", "relu")):
        lap = lap_of(sizes, *gates)
        names = long_names(lap[0].network, letters)
        for step in lap[:1] + lap[len(sizes) - 1 :]:
            found |= faults(draw_floor(filled(step, -12.345), names))
    assert found == set()


@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 6, 5, 2)])
@pytest.mark.parametrize("value", [-1e-9, -0.0001, -99999.0, 1.0])
def test_nothing_overlaps_with_small_and_large_numbers(
    sizes: tuple[int, ...], value: float
) -> None:
    lap = lap_of(sizes)
    found: set[str] = set()
    for step in lap:
        found |= faults(draw_floor(filled(step, value), Names.of(step.network)))
    assert found == set()


@pytest.mark.parametrize("sizes", LARGE_SIZES + SMALL_SIZES[1:])
def test_all_that_a_worker_has_stays_on_the_card(sizes: tuple[int, ...]) -> None:
    for step in lap_of(sizes, "tanh", "identity"):
        picture = draw_floor(filled(step, -1.25), long_names(step.network, 2))
        for worker in [p for p in parts(picture) if "data-value" in p.element.attrib]:
            card = ET.tostring(worker.element, encoding="unicode")
            drawn = parts(card)
            (frame,) = [part for part in drawn if "bpf-card" in part.kinds]
            left, top = frame.x, frame.y
            right = left + float(frame.element.get("width", 0))
            bottom = top + float(frame.element.get("height", 0))
            boxes = [box[:4] for box in text_boxes(drawn) + thing_boxes(drawn)]
            for part in drawn:
                if "bpf-dial" in part.kinds:
                    r = float(part.element.get("r", 0))
                    boxes.append((part.x - r, part.y - r, part.x + r, part.y + r))
            assert boxes
            for box in boxes:
                assert box[0] >= left - 0.5
                assert box[1] >= top - 0.5
                assert box[2] <= right + 0.5
                assert box[3] <= bottom + 0.5


@pytest.mark.parametrize("value", [-123456.0, -1.2e7, -1.2e22])
def test_nothing_overlaps_when_the_numbers_explode(value: float) -> None:
    found: set[str] = set()
    for step in lemonade_lap():
        found |= faults(draw_floor(filled(step, value), LEMONADE))
    assert found == set()


@pytest.mark.parametrize("sizes", LARGE_SIZES)
def test_nothing_overlaps_in_random_factories(sizes: tuple[int, ...]) -> None:
    for gates in (("tanh", "identity"), ("relu", "sigmoid")):
        for step in lap_of(sizes, *gates):
            assert faults(draw_floor(step, Names.of(step.network))) == set()


@pytest.mark.parametrize(
    "sizes", [(64, 32, 10), (9, 1), (2, 20, 1), (2, 9, 9, 9, 9, 9, 2), (3, 200, 3), (2, 13)]
)
def test_nothing_overlaps_in_a_summary(sizes: tuple[int, ...]) -> None:
    found: set[str] = set()
    for step in lap_of(sizes, output="tanh"):
        found |= faults(draw_summary(step, Names.of(step.network)))
        # A factory that is sure of its answer gets the smallest of notes.
        found |= faults(draw_summary(filled(step, -3.1e-5), Names.of(step.network)))
    assert found == set()


@pytest.mark.parametrize("gate", ["identity", "relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("deliveries", [1, 2, 3, 4, 6, 8])
def test_nothing_overlaps_around_one_worker(deliveries: int, gate: str) -> None:
    found: set[str] = set()
    for value in (-3.0, 2.9, 0.1):
        worker = bp.Dense(np.full((deliveries, 1), value), [value], gate)
        names = ["lemonade", "sugarloa"] * 4
        found |= faults(draw_neuron(worker, [value] * deliveries, names[:deliveries]))
    assert found == set()


def test_nothing_overlaps_on_the_line_of_time_or_among_the_digits() -> None:
    for sizes in ((1, 1), (2, 3, 1), (8, 8, 8, 8, 8), (1,) * 8):
        lap = lap_of(sizes)
        for place in range(len(lap)):
            assert faults(draw_timeline(lap, place)) == set()
    images = digits().test.inputs[:12]
    assert faults(draw_gallery([Reading(image, 8, 8, 1.0) for image in images])) == set()
    assert faults(draw_gallery([Reading(image, 3, 8, 0.1) for image in images])) == set()


# ---- colour is never alone ----------------------------------------------------------------------


def test_positive_and_negative_knobs_differ_by_more_than_colour() -> None:
    arcs = {
        weight: next(
            p
            for p in parts(svg.picture(9, 9, things.dial((0, 0), 9, weight)))
            if "bpf-arc" in p.kinds
        )
        for weight in (-1.0, 1.0)
    }
    assert drawn_with("stroke-dasharray", *arcs[-1.0].kinds)
    assert not drawn_with("stroke-dasharray", *arcs[1.0].kinds)
    assert drawn_with("stroke-dasharray", "bpf-halo", "bpf-minus")


def test_belts_and_lanes_amounts_orders_and_notes_differ_by_more_than_colour() -> None:
    back = draw_floor(lemonade_lap()[5], LEMONADE)
    assert count(back, "bpf-lane") > 0
    assert count(back, "bpf-note-arrow") == count(back, "bpf-slip") - count_travelling(back) > 0
    assert drawn_with("stroke-dasharray", "bpf-lane")
    assert drawn_with("stroke-dasharray", "bpf-order")
    assert not drawn_with("stroke-dasharray", "bpf-crate")
    assert drawn_with("stroke-dasharray", "bpf-ghost")


def count_travelling(picture: str) -> int:
    return sum(
        "bpf-slip" in part.kinds
        and any("bpf-traveller" in up.get("class", "") for up in part.parents)
        for part in parts(picture)
    )


def test_each_phase_has_its_words_and_its_mark() -> None:
    lap = lemonade_lap()
    bands = [
        tuple(
            texts(draw_floor(step, LEMONADE), kind)[0]
            for kind in ("bpf-band-mark", "bpf-band-words")
        )
        for step in lap
    ]
    marks = {step.phase: mark for step, (mark, _) in zip(lap, bands, strict=True)}
    assert len(set(marks.values())) == 4
    assert len({words for _, words in bands}) == len(lap)


def test_what_moves_is_what_changes_in_this_step() -> None:
    lit = {
        place: (count(picture, "bpf-lit") > 0, count(picture, "bpf-lane") > 0)
        for place, picture in enumerate(draw_floor(step, LEMONADE) for step in lemonade_lap())
    }
    assert [place for place, (belts, _) in lit.items() if belts] == [1, 2]
    assert 5 in [place for place, (_, lanes) in lit.items() if lanes]
    active = [
        [
            f"bpf-active-{phase}" in draw_floor(step, LEMONADE)
            for phase in ("forward", "backward", "update")
        ]
        for step in lemonade_lap()
    ]
    assert active == [
        [False] * 3,
        [True, False, False],
        [True, False, False],
        [False] * 3,
        [False, True, False],
        [False, True, False],
        [False, False, True],
    ]


def test_a_wrong_answer_is_marked_by_more_than_colour() -> None:
    image = digits().test.inputs[0]
    right, wrong = (draw_gallery([Reading(image, 3, answer, 0.5)]) for answer in (3, 8))
    assert any("✓ 3" in text for text in texts(right))
    assert any("✗ 8" in text for text in texts(wrong))
    assert any("3" in text for text in texts(wrong, "bpf-small"))
    assert count(wrong, "bpf-wrong") > 0
    assert drawn_with("stroke-dasharray", "bpf-card", "bpf-wrong")
    assert not drawn_with("stroke-dasharray", "bpf-card", "bpf-right")


def test_every_class_that_is_drawn_with_is_in_the_style_sheet() -> None:
    known = set(re.findall(r"\.(bpf-[\w-]+)", CSS + text_of("explorer.css")))
    # Hooks that have no look of their own.
    hooks = {"bpf-plus", "bpf-band", "bpf-on-order", "bpf-on-mix", "bpf-delivered"}
    hooks.add("bpf-active-route")
    pictures = [draw() for _, draw in ALL]
    pictures += [view.draw().picture for views in KINDS.values() for view in views()]
    used = {kind for picture in pictures for part in parts(picture) for kind in part.kinds}
    assert used - known - hooks == set()


# ---- single parts -------------------------------------------------------------------------------


def test_the_line_of_time_has_a_dot_for_each_step_and_one_mark() -> None:
    lap = lemonade_lap()
    for place in range(len(lap)):
        picture = draw_timeline(lap, place)
        dots = [p for p in parts(picture) if p.name == "circle" and "bpf-mark" not in p.kinds]
        (mark,) = [p for p in parts(picture) if "bpf-mark" in p.kinds]
        assert len(dots) == len(lap)
        across = [float(dot.element.get("cx", 0)) for dot in dots]
        assert across == sorted(set(across))
        assert float(mark.element.get("cx", 0)) == across[place]
        done = ["bpf-done" in dot.kinds for dot in dots]
        assert done == [n <= place for n in range(len(lap))]
        assert texts(picture) == ["order", "forward", "loss", "backward", "update"]
        (now,) = texts(picture, "bpf-now")
        phase = lap[place].phase if place else "order"
        assert now == phase


def test_a_digit_is_drawn_pixel_by_pixel() -> None:
    image = digits().test.inputs[3]
    picture = draw_gallery([Reading(image, 1, 1, 1.0)])
    shades = {}
    for part in parts(picture):
        if "bpf-ink" in part.kinds:
            squares = len(re.findall("M", part.element.get("d", "")))
            shades[float(part.element.get("fill-opacity", ""))] = squares
    levels, counts = np.unique(np.round(image * 16) / 16, return_counts=True)
    expected = {
        round(float(level), 2): int(n) for level, n in zip(levels, counts, strict=True) if level
    }
    assert shades == expected


@pytest.mark.parametrize("gate", ["relu", "tanh", "identity"])
def test_one_worker_shows_the_mix_and_what_is_shipped(gate: str) -> None:
    worker = bp.Dense([[1.0]], [-3.5], gate)
    picture = draw_neuron(worker, [2.0], ["lemons"])
    work = bp.Network([worker]).forward([2.0]).layers[0]
    crates = texts(picture, "bpf-on-crate")
    assert_agree(crates[:1], 2.0, decimals=2)
    assert_agree(crates[1:], work.pre_activations)
    (ships,) = [text for text in texts(picture) if text.startswith("ships ")]
    assert_agree([ships], work.activations, "ships ")
    assert f"gate: {gate}" in texts(picture)


def test_one_worker_shows_its_numbers() -> None:
    worker = bp.Dense([[1.5], [-2.25]], [0.5], "relu")
    picture = draw_neuron(worker, [2.0, 1.0], ["lemons", "sugar"])
    found = " | ".join(texts(picture))
    for expected in ("lemons", "sugar", "× 1.5", "× (−2.25)", "= 3", "= −2.25", "+ 0.5", "1.25"):
        assert expected in found
    assert [round(things.dial_angle(w), 1) for w in (1.5, -2.25, 0.5)] == rotations(picture)


@pytest.mark.parametrize("z", [-1.5, 0.0, 0.75, 2.5])
@pytest.mark.parametrize("gate", ["identity", "relu", "sigmoid", "tanh"])
def test_the_point_lies_on_the_gates_curve(gate: str, z: float) -> None:
    picture = draw_neuron(bp.Dense([[z]], [0.0], gate), [1.0], ["a"])
    (dot,) = [part.element for part in parts(picture) if "bpf-dot" in part.kinds]
    (curve,) = [part.element for part in parts(picture) if "bpf-bold" in part.kinds]
    pairs = re.findall(r"[ML] ([-\d.]+) ([-\d.]+)", curve.get("d", ""))
    xs, ys = np.array(pairs, dtype=float).T
    expected = np.interp(float(dot.get("cx", 0)), xs, ys)
    assert float(dot.get("cy", 0)) == pytest.approx(expected, abs=0.6)


def test_a_chart_puts_points_in_their_places_and_strays_on_its_edge() -> None:
    chart = Chart((-1.0, 1.0), (0.0, 10.0), 100.0, 50.0)
    assert parts(chart.draw())[0].element.get("transform", "translate(0 0)") == "translate(0 0)"
    assert chart.place(0.0, 5.0) == (50.0, 25.0)
    assert chart.place(99.0, -99.0) == (100.0, 50.0)
    log = Chart((0.0, 1.0), (0.01, 100.0), 100.0, 40.0, log=True)
    assert log.place(0.0, 1.0) == (0.0, 20.0)
    assert log.place(0.0, 0.0) == (0.0, 40.0)
    gap = chart.curve([-1, -0.5, 0, 0.5], [1, 99, 2, float("nan")])
    assert re.findall("[ML]", gap) == ["M", "M"]
    assert chart.curve([0.0], [99.0]) == ""


@pytest.mark.parametrize(
    "reach", [(0.0, 10.0), (-6.0, 6.0), (0.001, 0.0172), (-1.2, 1.2), (3, 1e7)]
)
def test_ticks_are_round_few_and_inside(reach: tuple[float, float]) -> None:
    low, high = reach
    found = ticks(low, high)
    assert 2 <= len(found) <= 6
    size = high - low
    assert all(low - 1e-9 * size <= tick <= high + 1e-9 * size for tick in found)
    steps = np.diff(found)
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert re.fullmatch(r"[125]e[+-]\d+", f"{steps[0]:.0e}")


def test_powers_are_few_and_inside() -> None:
    assert powers(0.01, 100.0) == [0.01, 0.1, 1.0, 10.0, 100.0]
    far = powers(1e-9, 1e9)
    assert len(far) <= 6
    assert all(1e-9 <= one <= 1e9 for one in far)


# ---- writing SVG --------------------------------------------------------------------------------

NASTY = "<b onload=\"x('&amp;')\">&lt;"


def test_all_that_is_written_is_escaped() -> None:
    picture = svg.picture(
        10, 10, svg.words(0, 0, NASTY, aria_label=NASTY), svg.tag("g", data_x=NASTY), title=NASTY
    )
    root = ET.fromstring(picture)
    text, group = root
    assert (text.text, text.get("aria-label")) == (NASTY, NASTY)
    assert (group.get("data-x"), root.get("aria-label")) == (NASTY, NASTY)


@pytest.mark.parametrize(("sizes", "draw"), EVERY_KIND)
def test_names_are_escaped_in_every_picture(sizes: Any, draw: Draw) -> None:
    lap = lap_of(sizes)
    names = Names.of(lap[0].network, [NASTY] * sizes[0], [[NASTY] * n for n in sizes[1:]])
    for step in lap:
        picture = draw(step, names)
        assert not any(part.name == "b" for part in parts(picture))
        labels = [part.element.get("aria-label", "") for part in parts(picture)]
        assert sum(NASTY in label for label in labels) == sum(sizes[1:])
        if draw is draw_floor:
            assert texts(picture).count(NASTY) == sum(sizes)


def test_a_picture_alone_carries_its_style_and_asks_for_nothing() -> None:
    for name, draw in ALL[:: len(ALL) // 12]:
        alone = svg.standalone(draw())
        root = ET.fromstring(alone)
        style = root.find("{http://www.w3.org/2000/svg}style")
        assert style is not None, name
        assert style.text == svg.stylesheet("picture.css")
        without = alone.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"url\(|href|@import|https?:|src=|<script", without), name


def test_an_image_says_the_same_in_words() -> None:
    image = svg.image(draw_floor(lemonade_lap()[3], LEMONADE), f"loss 4 {NASTY}")
    tag = ET.fromstring(image)
    assert tag.tag == "img"
    assert tag.get("alt") == f"loss 4 {NASTY}"
    assert tag.get("src", "").startswith("data:image/svg+xml;base64,")


def test_numbers_of_pixels_are_short() -> None:
    assert svg.tag("a", x=1 / 3, y=-0.0001, z=1e6, n=2) == '<a x="0.33" y="0" z="1000000" n="2"/>'
    assert svg.tag("a", "<b/>", class_="c", stroke_width=2.0, gone=None) == (
        '<a class="c" stroke-width="2"><b/></a>'
    )
