"""``diagnose`` on factories that were built to fail in a known way, and on others that learn."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprop_lib as bp
from backprop_lib import datasets
from backprop_lib.engine.diagnosis.words import SENTENCES
from backprop_lib.engine.losses import MeanAbsoluteError
from backprop_lib.engine.network import Dense

MSE, MAE = bp.MeanSquaredError(), MeanAbsoluteError()
BCE, CCE = bp.BinaryCrossEntropy(), bp.CategoricalCrossEntropy()
Case = tuple[bp.Network, Any, Any, bp.Loss]
SEEDS = range(10)  # so many cases of each kind


def orders(seed: int, width: int = 2, outputs: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Some orders with inputs around 0, and 0 or 1 in each target, both of them."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(int(random.integers(4, 12)), width))
    t = random.integers(0, 2, (len(x), outputs)).astype(float)
    t[0], t[1] = 0.0, 1.0
    return x, t


def sizes(seed: int, outputs: int = 1) -> list[int]:
    random = np.random.default_rng(seed)
    hidden = random.integers(2, 8, size=random.integers(1, 3)).tolist()
    return [2, *hidden, outputs]


def altered(network: bp.Network, layer: int, change: Callable[[Dense], Dense]) -> bp.Network:
    layers = list(network.layers)
    layers[layer] = change(layers[layer])
    return bp.Network(layers)


# ---- each kind of failure, built on purpose ------------------------------------------------------


def far_inputs(seed: int) -> Case:
    """Measurements near 100, or of some thousands, before soft gates."""
    gate = ["tanh", "sigmoid"][seed % 2]
    x, t = orders(seed)
    size = [100.0, 400.0, 4200.0][seed % 3]
    return bp.Network.random(sizes(seed), gate, seed=seed), size * (1.0 + 0.1 * x), t, MSE


def far_inputs_at_the_end(seed: int) -> Case:
    """One floor of sigmoids, or of a softmax, on centimetres and grams."""
    x, t = orders(seed, outputs=1 + seed % 3)
    x = 500.0 * (1.0 + 0.2 * x)
    if seed % 3 == 0:
        return bp.Network.random([2, 1], output="sigmoid", seed=seed), x, t, [MSE, BCE][seed % 2]
    one_hot = np.eye(3)[np.arange(len(x)) % 3]
    return bp.Network.random([2, 3], output="softmax", seed=seed), x, one_hot, [MSE, CCE][seed % 2]


def far_inputs_without_ends(seed: int) -> Case:
    """Inputs far from 0 and no gate that could stand at its end."""
    x, t = orders(seed, width=2)
    network = bp.Network.random([2, 5, 1], ["relu", "identity"][seed % 2], seed=seed)
    # A relu is open for some of them, whatever the sign of its mix.
    return network, 300.0 * np.sign(x) + 100.0 * x, t, MSE


def large_knobs(seed: int) -> Case:
    gate = ["tanh", "sigmoid"][seed % 2]
    network = bp.Network.random(sizes(seed), gate, seed=seed)

    def change(layer: Dense) -> Dense:
        if seed % 3 == 0:
            return Dense(layer.weights, layer.biases - 40.0, gate)
        return Dense(1000.0 * layer.weights, layer.biases, gate)

    x, t = orders(seed)
    return altered(network, 0, change), x, t, MSE


def floor_shut(seed: int) -> Case:
    """Every relu of some floor shut on every order."""
    counts = sizes(seed)
    network = bp.Network.random(counts, "relu", seed=seed)
    place = seed % (len(counts) - 2)
    x, t = orders(seed)
    return (
        altered(network, place, lambda one: Dense(one.weights, one.biases - 50.0, "relu")),
        x,
        t,
        [MSE, MAE][seed % 2],
    )


def last_floor_shut(seed: int) -> Case:
    """A relu on the last floor, shut on every order, while orders want more than 0."""
    network = bp.Network.random(sizes(seed), "tanh", "relu", seed=seed)
    x, t = orders(seed)
    last = len(network.layers) - 1
    return altered(network, last, lambda one: Dense(one.weights, [-9.0], "relu")), x, t, MSE


def below_a_relu(seed: int) -> Case:
    x, t = orders(seed)
    t[seed % len(t)] = -0.5 - seed
    return bp.Network.random(sizes(seed), "tanh", "relu", seed=seed), x, t, MSE


def above_a_soft_gate(seed: int) -> Case:
    """1 to 4 behind a tanh, −1 behind a sigmoid."""
    x, t = orders(seed)
    if seed % 2:
        t = 1.0 + np.arange(len(x), dtype=float)[:, np.newaxis] % 4
        return bp.Network.random(sizes(seed), output="tanh", seed=seed), x, t, MSE
    return bp.Network.random(sizes(seed), output="sigmoid", seed=seed), x, 2.0 * t - 1.0, MSE


def many_ones_behind_a_softmax(seed: int) -> Case:
    x, _t = orders(seed)
    t = np.ones((len(x), 3))
    t[:, 0] = 0.0
    return bp.Network.random(sizes(seed, 3), output="softmax", seed=seed), x, t, MSE


def softmax_of_one(seed: int) -> Case:
    """No caller can build it; the engine's own door still can."""
    x, t = orders(seed)
    first, *_rest = bp.Network.random([2, 3, 1], seed=seed).layers
    return bp.Network([first, Dense.of_own(np.ones((3, 1)), np.zeros(1), "softmax")]), x, t, MSE


def symmetric(seed: int) -> Case:
    """Every knob of a floor alike; of all floors, for a third of them 0."""
    gate = ["tanh", "sigmoid", "relu"][seed % 3]
    knob = 0.0 if seed % 3 == 0 else 0.1 + seed / 10.0
    counts = sizes(seed, outputs=1 + seed % 2)
    ends = [*[gate] * (len(counts) - 2), "identity"]
    layers = [
        Dense(np.full((ins, outs), knob), np.full(outs, knob / 2.0), end)
        for ins, outs, end in zip(counts[:-1], counts[1:], ends, strict=True)
    ]
    x, t = orders(seed, outputs=counts[-1])
    return bp.Network(layers), x, t, MSE


def uneven(seed: int) -> Case:
    """One column thousands of times as large as the other, behind gates that stay open."""
    x, t = orders(seed)
    x = np.vstack([x, -x])  # so that no relu is shut for all
    x[:, seed % 2] *= 10.0 ** (4 + seed % 3)
    return bp.Network.random([2, 6, 1], "relu", seed=seed), x, np.vstack([t, t]), MSE


def close_to_zero(seed: int) -> Case:
    x, t = orders(seed)
    return bp.Network.random(sizes(seed), "tanh", seed=seed), 1e-4 * x, t, MSE


def far_targets(seed: int) -> Case:
    """Prices behind a floor of gates."""
    x, t = orders(seed)
    gate = ["tanh", "sigmoid", "tanh"][seed % 3]
    return bp.Network.random(sizes(seed), gate, seed=seed), x, 250_000.0 + 90_000.0 * t, MSE


def contradictory(seed: int) -> Case:
    """Each order twice, and each time the other answer."""
    x, t = orders(seed)
    gate, loss = [("identity", MSE), ("sigmoid", BCE), ("identity", MAE)][seed % 3]
    network = bp.Network.random(sizes(seed), output=gate, seed=seed)
    return network, np.vstack([x, x]), np.vstack([t, 1.0 - t]), loss


def no_bend(seed: int) -> Case:
    """XOR and rings, without a gate between two floors."""
    data = datasets.xor() if seed % 2 else datasets.rings(seed=seed)
    counts = [2, 1] if seed % 3 else [2, 4, 1]
    network = bp.Network.random(counts, "identity", "sigmoid", seed=seed)
    return network, data.inputs, data.targets, MSE


def fading(seed: int) -> Case:
    x, t = orders(seed)
    return bp.Network.random([2, *[4] * (7 + seed % 3), 1], "sigmoid", seed=seed), x, t, MSE


def all_the_same(seed: int) -> Case:
    x, t = orders(seed)
    return bp.Network.random(sizes(seed), seed=seed), x, np.full_like(t, 3.0 + seed), MSE


def beyond_all_bounds(seed: int) -> Case:
    x, t = orders(seed)
    huge = np.full((2, 3), 1e308)
    network = bp.Network([Dense(huge, np.zeros(3)), Dense(np.full((3, 1), 10.0), [0.0])])
    return network, 50.0 + x, t, MSE


BUILT_TO_FAIL: dict[Callable[[int], Case], str] = {
    far_inputs: "inputs far from 0",
    far_inputs_at_the_end: "inputs far from 0",
    far_inputs_without_ends: "inputs far from 0",
    large_knobs: "knobs too large",
    floor_shut: "floor shut",
    last_floor_shut: "last floor shut",
    below_a_relu: "targets out of reach",
    above_a_soft_gate: "targets out of reach",
    many_ones_behind_a_softmax: "targets out of reach",
    softmax_of_one: "softmax of one",
    symmetric: "symmetric start",
    uneven: "uneven columns",
    close_to_zero: "inputs close to 0",
    far_targets: "targets far from 0",
    contradictory: "contradictory orders",
    no_bend: "no bend",
    fading: "fading notes",
    all_the_same: "same targets",
    beyond_all_bounds: "beyond all bounds",
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("build", BUILT_TO_FAIL, ids=lambda build: build.__name__)
def test_a_factory_built_to_fail_is_told_why(build: Callable[[int], Case], seed: int) -> None:
    found = bp.diagnose(*build(seed))
    assert found.cause == BUILT_TO_FAIL[build], found
    assert found
    assert 30 < len(str(found)) < 400
    assert "{" not in str(found)


def healthy(seed: int) -> tuple[Case, bp.Optimizer, int]:
    """A factory that learns: many kinds of data, gates, losses and sizes; how, and for how long."""
    random = np.random.default_rng(seed)
    kind = ["xor", "moons", "rings", "line", "shares", "curve", "relu end", "tanh end"][seed % 8]
    gate = ["tanh", "relu", "sigmoid"][seed // 8 % 3]
    hidden = [8] * (1 + seed // 24)
    optimizer = bp.Adam(0.03)
    if kind in ("xor", "moons", "rings"):
        data = {
            "xor": datasets.xor(),
            "moons": datasets.moons(60, seed=seed),
            "rings": datasets.rings(60, seed=seed),
        }[kind]
        output, loss = [("identity", MSE), ("sigmoid", BCE), ("sigmoid", MSE)][seed // 8 % 3]
        network = bp.Network.random([2, *hidden, 1], gate, output, seed=seed)
        return (network, data.inputs, data.targets, loss), optimizer, 300
    x = random.normal(size=(30, 3))
    if kind == "line":
        network = bp.Network.random([3, 2], "identity", seed=seed)
        return (network, x, x @ random.normal(size=(3, 2)) + 0.5, MSE), bp.SGD(0.1), 200
    if kind == "shares":
        network = bp.Network.random([3, *hidden, 3], gate, "softmax", seed=seed)
        return (network, x, np.eye(3)[x.argmax(axis=1)], CCE), optimizer, 200
    wave = np.sin(x[:, :1]) + 0.5 * x[:, 1:2]
    end = {"curve": "identity", "relu end": "relu", "tanh end": "tanh"}[kind]
    target = {"curve": wave, "relu end": wave + 3.0, "tanh end": np.tanh(wave)}[kind]
    network = bp.Network.random([3, *hidden, 1], gate, end, seed=seed)
    if kind == "relu end":  # open at first
        last = len(network.layers) - 1
        network = altered(network, last, lambda one: Dense(one.weights, [3.0], "relu"))
    return (network, x, target, MSE), optimizer, 300


@pytest.mark.parametrize("seed", range(48))
def test_nothing_is_found_where_a_factory_learns_neither_before_nor_after(seed: int) -> None:
    (network, x, t, loss), optimizer, epochs = healthy(seed)
    records = list(bp.train(network, x, t, loss, optimizer, epochs))
    same = loss.raw_value(np.broadcast_to(t.mean(axis=0), t.shape), t)
    assert records[-1].loss < 0.4 * same, "this one does not learn at all"
    for record in records[:: len(records) // 10]:
        found = bp.diagnose(record.network, x, t, loss)
        assert found.cause == "nothing found", (record.epoch, found)
        assert not found
    assert records[0].diagnosis is None and records[-1].diagnosis is None


def test_the_courses_own_factories_are_not_accused() -> None:
    lemonade, mazur = datasets.lemonade(), datasets.two_products()
    for network, order in (
        (datasets.lemonade_factory(), lemonade),
        (datasets.two_products_factory(), mazur),
    ):
        assert not bp.diagnose(network, order.inputs, order.targets, MSE)
    images = datasets.digits().train
    for seed in range(3):
        reader = bp.Network.random([64, 32, 10], "relu", "softmax", seed=seed)
        assert not bp.diagnose(reader, images.inputs, images.targets, CCE)


# ---- what is said --------------------------------------------------------------------------------


NEAR_100 = [[90, 80], [70, 95], [80, 60], [100, 90], [95, 70], [60, 85]]
KINDS = [[0], [1], [1], [0], [1], [0]]


def test_the_sentence_has_the_floor_the_orders_and_the_advice() -> None:
    found = bp.diagnose(bp.Network.random([2, 3, 1]), NEAR_100, KINDS, MSE)
    assert str(found) == repr(found)
    assert str(found) == (
        "Every gate of floor 1 stands at its end for all 6 orders: the inputs are far from 0; "
        "scale them. They go up to 100; dataset.scaled() does it."
    )
    assert (found.cause, found.layer) == ("inputs far from 0", 0)
    assert found.numbers == {"at_end": 18.0, "gates": 18.0, "orders": 6.0, "largest": 100.0}


def test_a_floor_that_is_stuck_but_for_a_few_gates_is_told_with_their_count() -> None:
    x = np.array([*NEAR_100, [0, 0]])  # of the last order all gates are open
    found = bp.diagnose(bp.Network.random([2, 3, 1]), x, [*KINDS, [1]], MSE)
    assert "18 of 21 gates of floor 1 stand at their ends, counted for all 7 orders" in str(found)
    assert (found.cause, found.numbers["at_end"], found.numbers["gates"]) == (
        "inputs far from 0", 18, 21,
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_floor_and_the_numbers_are_those_of_the_factory(seed: int) -> None:
    network, x, t, loss = floor_shut(seed)
    found = bp.diagnose(network, x, t, loss)
    place = seed % (len(network.layers) - 1)
    # Every floor behind the one that is shut gets nothing but its own pinches.
    assert found.layer == place
    assert (found.numbers["orders"], found.numbers["workers"]) == (len(x), network.sizes[place + 1])
    network, x, t, loss = last_floor_shut(seed)
    found = bp.diagnose(network, x, t, loss)
    assert (found.layer, found.numbers["wanting"]) == (len(network.layers) - 1, (t > 0).sum())
    network, x, t, loss = contradictory(seed)
    found = bp.diagnose(network, x, t, loss)
    best = {MSE: 0.25, MAE: 0.5, BCE: np.log(2.0)}[loss]
    assert found.numbers["best"] == pytest.approx(best, rel=1e-12)
    assert found.numbers["at_odds"] == len(x)
    network, x, t, loss = above_a_soft_gate(seed)
    low = {"tanh": -1.0, "sigmoid": 0.0}[network.layers[-1].activation]
    found = bp.diagnose(network, x, t, loss)
    assert found.numbers["outside"] == ((t < low) | (t > 1.0)).sum()
    assert (found.numbers["least"], found.numbers["most"]) == (t.min(), t.max())


TANH, RELU = "tanh", "relu"
START = bp.Network.random([2, 3, 1], TANH)
CORNERS = [[0, 1], [1, 0], [1, 1], [0, 0]]
WHOLE: dict[str, tuple[bp.Network, Any, Any, str, int | None, dict[str, float]]] = {
    "targets below 0": (
        START, CORNERS, [[-500], [-400], [-450], [-480]], "targets far from 0", None,
        {"largest": 500},
    ),
    "one large column": (
        START, [[0, 1000], [1, 0], [0.5, 5000], [1, 2]], [[0], [1], [1], [0]], "uneven columns", 0,
        {"column": 2, "size": 5000, "small": 1, "spread": np.std([0, 1, 0.5, 1])},
    ),
    "all wants alike": (START, CORNERS, [[5]] * 4, "same targets", None, {"orders": 4}),
    "the same order again": (START, [[1, 1], [1, 1]], [[5], [5]], "nothing found", None, {}),
    "a single order": (START, [[1, 1]], [[5]], "nothing found", None, {}),
    "a line and no bend": (
        bp.Network.random([2, 3, 1], "identity"),
        CORNERS, [[1], [1], [0], [0]], "no bend", None, {"share": 1},
    ),
    "alike": (
        bp.Network([Dense([[1, 1], [2, 2]], [0, 0], TANH), Dense([[3], [3]], [1])]),
        CORNERS, [[1], [1], [0], [0]], "symmetric start", 0, {"workers": 2, "zero": 0},
    ),
    "all knobs 0": (
        bp.Network([Dense([[0, 0], [0, 0]], [0, 0], TANH), Dense([[0], [0]], [1])]),
        CORNERS, [[1], [1], [0], [0]], "symmetric start", 0, {"workers": 2, "zero": 1},
    ),
    "one worker at 0": (
        bp.Network([Dense([[0], [0]], [0], TANH), Dense([[0]], [1])]),
        CORNERS, [[1], [1], [0], [0]], "symmetric start", 0, {"workers": 1, "zero": 1},
    ),
    "shut by the pinch": (
        bp.Network([Dense([[1, 2], [2, -1]], [-9, -8], RELU), Dense([[3], [2]], [1])]),
        CORNERS, [[1], [1], [0], [0]], "floor shut", 0, {"workers": 2, "orders": 4, "largest": 1},
    ),
    "one product of two shut": (
        bp.Network([Dense([[1, 2], [2, -1]], [1, -8], RELU)]),
        CORNERS, [[1, 1], [1, 0], [0, 2], [0, 0]], "last floor shut", 0,
        {"shut": 1, "workers": 2, "orders": 4, "wanting": 2},
    ),
    "too much for floats": (
        bp.Network([Dense([[1, 2], [2, 1]], [1, 1]), Dense([[1e200], [1e200]], [0]),
                    Dense([[1e200]], [0])]),
        CORNERS, [[1], [1], [0], [0]], "beyond all bounds", 2, {},
    ),
    "shares that are none": (
        bp.Network.random([2, 2], output="softmax"),
        CORNERS, [[1, 0], [0.5, 0.2], [0, 1], [0.9, 0.3]], "targets out of reach", 0,
        {"odd": 2, "sum": 0.7},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_cause_floor_and_numbers_as_worked_out_by_hand(name: str) -> None:
    network, x, t, cause, layer, numbers = WHOLE[name]
    found = bp.diagnose(network, x, t, MSE)
    assert (found.cause, found.layer) == (cause, layer)
    assert found.numbers == pytest.approx(numbers)


def cause(network: bp.Network, x: Any, t: Any, loss: bp.Loss = MSE) -> str:
    return bp.diagnose(network, x, t, loss).cause


# ---- each limit, from both sides -----------------------------------------------------------------


@pytest.mark.parametrize(("gate", "ends_at"), [("tanh", 2.993), ("sigmoid", 5.987)])
def test_a_soft_gate_is_at_its_end_where_its_slope_is_a_hundredth_of_its_steepest(
    gate: str, ends_at: float
) -> None:
    for z, told in ((ends_at - 0.02, False), (ends_at + 0.02, True)):
        network = bp.Network([Dense([[z]], [0], gate), Dense([[1]], [0])])
        assert (cause(network, [[-1], [1]], [[5], [-5]]) == "knobs too large") == told, z


def test_a_softmax_is_at_its_end_where_one_share_leaves_next_to_nothing() -> None:
    # 4 share (1 - share) = 0.01 where the mixes are 5.987 apart.
    for apart, told in ((5.96, False), (6.01, True)):
        network = bp.Network([Dense([[apart / 2, -apart / 2]], [0, 0], "softmax")])
        found = cause(network, [[-1], [1]], [[1, 0], [0, 1]])
        assert (found == "knobs too large") == told, apart


def test_three_quarters_of_the_gates_make_a_floor_stuck() -> None:
    last = Dense([[1], [1], [1], [1]], [0])
    for large, told in ((3, True), (2, False)):
        knobs = [[9.0] * large + [0.1] * (4 - large)]
        network = bp.Network([Dense(knobs, [0.1, 0.2, 0.3, 0.4], TANH), last])
        assert (cause(network, [[-1], [1]], [[1], [-2]]) == "knobs too large") == told


def test_inputs_are_large_from_3_on_and_one_column_is_enough() -> None:
    # At their ends by the inputs: with inputs of at most 1 the gates would be open.
    last = Dense([[1], [1]], [0])
    network = bp.Network([Dense([[1.1, -1.2], [0.0, 0.0]], [0, 0], TANH), last])
    for size, told in ((3.1, True), (2.9, False)):
        x = [[-size, 0.5], [size, 0.1], [-size, 0.2], [size, 0.4]]
        assert (cause(network, x, [[5], [4], [6], [7]]) == "inputs far from 0") == told, size


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_targets_are_large_from_100_on(sign: float) -> None:
    wanted = np.array([[0.5], [0.6], [0.8], [1.0]]) * sign
    assert cause(START, CORNERS, 101 * wanted) == "targets far from 0"
    assert cause(START, CORNERS, 99 * wanted) == "nothing found"


def test_workers_are_alike_only_where_all_their_knobs_are() -> None:
    def told(arriving: Any, leaving: Any, pinches: tuple[float, float] = (0.0, 0.0)) -> bool:
        network = bp.Network([Dense(arriving, pinches, TANH), Dense(leaving, [1])])
        return cause(network, CORNERS, [[-9], [-9], [5], [1]]) == "symmetric start"

    assert told([[1, 1], [2, 2]], [[3], [3]])
    assert told([[1, 1], [2, 2]], [[3], [3]], (0.5, 0.5))
    assert not told([[1, 1], [2, 2.001]], [[3], [3]])
    assert not told([[1, 1], [2, 2]], [[3], [3.001]])
    assert not told([[1, 1], [2, 2]], [[3], [3]], (0.5, 0.501))
    assert told([[0, 0], [0, 0]], [[0], [0]])
    assert not told([[1, 0], [0, 2]], [[0], [0]])
    assert not told([[0, 0], [0, 0]], [[1], [2]])


def test_a_column_in_use_differs_from_its_middle_for_a_fifth_of_the_orders() -> None:
    relu = bp.Network.random([2, 6, 1], RELU, seed=3)
    targets = [[one % 3] for one in range(10)]
    for odd, told in ((2, "uneven columns"), (1, "nothing found")):
        small = [0.001 * (one < odd) for one in range(10)]
        x = [[50.0 + one, small[one]] for one in range(10)]
        assert cause(relu, x, targets) == told


def test_inputs_are_far_from_0_when_they_are_100_times_their_spread() -> None:
    network = bp.Network([Dense([[1.0, 0.5]], [0, 0], RELU), Dense([[1], [2]], [0])])
    for spread, told in ((0.49, True), (0.51, False)):
        x = [[50 - spread], [50 + spread], [50 - spread], [50 + spread]]
        found = bp.diagnose(network, x, [[1], [2], [1], [3]], MSE)
        # The largest is a little more than 50, and the spread is what each order is off by.
        assert (found.cause == "inputs far from 0") == told, spread


def test_the_share_that_a_straight_answer_leaves_is_that_of_least_squares() -> None:
    straight = bp.Network.random([2, 3, 1], "identity")
    shares = set()
    for seed in range(40):
        random = np.random.default_rng(seed)
        x, t = 3.0 + random.normal(size=(30, 2)), 2.0 + random.normal(size=(30, 1))
        design = np.column_stack([x, np.ones(30)])
        rest = t - design @ np.linalg.lstsq(design, t, rcond=None)[0]
        left = float((rest**2).sum() / ((t - t.mean()) ** 2).sum())
        found = bp.diagnose(straight, x, t, MSE)
        assert (found.cause == "no bend") == (left >= 0.9), seed
        if found:
            assert found.numbers["share"] == pytest.approx(left)
        shares.add(left >= 0.9)
    assert shares == {True, False}


def test_where_all_want_nothing_a_loss_of_one_half_is_the_limit() -> None:
    for loss, told in ((0.52, "same targets"), (0.48, "nothing found")):
        network = bp.Network([Dense([[0.001], [0.002]], [loss**0.5])])
        assert cause(network, CORNERS, [[0]] * 4) == told


def test_notes_that_fade_are_measured_from_the_last_floor_to_the_first() -> None:
    thin = [Dense([[0.05, -0.04], [0.03, 0.06]], [0, 0.1], TANH) for _floor in range(4)]
    network = bp.Network([*thin, Dense([[1], [-1]], [0])])
    x, t = np.array(CORNERS, float), np.array([[1.0], [1], [0], [0]])
    trace = network.forward(x)
    found = network.backward(trace, MSE.gradient(trace.output, t)).layers
    first, last = (np.abs(one.pre_activations).max() for one in (found[0], found[-1]))
    told = bp.diagnose(network, x, t, MSE)
    assert (told.cause, told.layer) == ("fading notes", 0)
    assert told.numbers == pytest.approx({"share": first / last, "floors": 5})


def test_what_is_stuck_by_the_knobs_is_not_laid_to_the_inputs_and_the_other_way_round() -> None:
    x = np.array(NEAR_100) / 50.0
    last = Dense([[1], [2]], [0])
    wide = bp.Network([Dense([[90.0, -80.0], [70.0, 60.0]], [0, 0], "tanh"), last])
    assert bp.diagnose(wide, x, KINDS, MSE).cause == "knobs too large"
    mild = bp.Network([Dense([[0.9, -0.8], [0.7, 0.1]], [0, 0], "tanh"), last])
    assert bp.diagnose(mild, 50.0 * x, KINDS, MSE).cause == "inputs far from 0"
    assert not bp.diagnose(mild, x, KINDS, MSE)


def test_gates_at_their_ends_are_no_fault_of_a_factory_that_has_learned() -> None:
    network = bp.Network([Dense([[90.0]], [0], "tanh")])
    assert not bp.diagnose(network, [[-1], [1]], [[-1], [1]], MSE)
    assert bp.diagnose(network, [[-1], [1]], [[1], [-1]], MSE).cause == "knobs too large"


def test_a_sure_factory_that_errs_still_learns_by_a_cross_entropy() -> None:
    network = bp.Network([Dense([[30.0]], [0], "sigmoid")])
    assert not bp.diagnose(network, [[-1], [1]], [[1], [0]], BCE)
    assert bp.diagnose(network, [[-1], [1]], [[1], [0]], MSE).cause == "knobs too large"


def test_a_diagnosis_changes_nothing_and_can_be_kept() -> None:
    network, x = bp.Network.random([2, 3, 1]), np.array(NEAR_100, dtype=float)
    before = x.copy()
    found = bp.diagnose(network, x, KINDS, MSE)
    np.testing.assert_array_equal(x, before)
    for again in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert again == found and str(again) == str(found)
    with pytest.raises(AttributeError):
        found.cause = "none"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "mentions"),
    [
        ({"inputs": [[1, 2, 3]]}, "the inputs"),
        ({"inputs": [["a", "b"]]}, "the inputs"),
        ({"targets": [[0], [1]]}, "one target"),
        ({"network": 3}, "Network"),
        ({"loss": "mse"}, "MeanSquaredError"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(change: dict[str, Any], mentions: str) -> None:
    sound: dict[str, Any] = {
        "network": bp.Network.random([2, 1]), "inputs": [[1, 2]], "targets": [[0]], "loss": MSE,
    }  # fmt: skip
    with pytest.raises((TypeError, ValueError), match=mentions):
        bp.diagnose(**{**sound, **change})


# ---- who says it ---------------------------------------------------------------------------------


def causes(case: Case, optimizer: bp.Optimizer, epochs: int) -> list[str | None]:
    records = bp.train(*case, optimizer, epochs)
    return [record.diagnosis and record.diagnosis.cause for record in records]


def test_the_last_record_of_a_training_says_why_it_did_not_learn() -> None:
    case = bp.Network.random([2, 3, 1]), NEAR_100, KINDS, MSE
    assert causes(case, bp.SGD(0.01), 5) == [None, None, None, None, None, "inputs far from 0"]


def test_targets_out_of_reach_are_told_of_by_the_first_record_already() -> None:
    case = bp.Network.random([1, 3, 1], output="tanh"), [[1], [2], [3], [4]], [[1], [2], [3], [4]]
    found = causes((*case, MSE), bp.SGD(0.1), 3)
    assert found == ["targets out of reach", None, None, "targets out of reach"]


def test_an_explosion_on_inputs_far_from_0_names_them() -> None:
    x = [[1000.0], [2000.0], [3000.0]]
    case = bp.Network.random([1, 1]), x, [[1], [2], [3]], MSE
    assert causes(case, bp.SGD(0.1), 500)[-1] == "inputs far from 0"
    near = bp.Network.random([1, 1]), [[1.0], [2.0], [3.0]], [[1], [2], [3]], MSE
    *_, last = bp.train(*near, bp.SGD(10.0), 1000)
    assert last.exploded and last.diagnosis is None


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        (0.3, "The numbers grew beyond all bounds"),
        (0.01, "Every gate of floor 1 stands at its end for all 32 orders"),
        (0.001, "Every gate of floor 1 stands at its end for all 32 orders"),
    ],
)
def test_the_playground_says_it_and_learns_the_same_orders_scaled(rate: float, told: str) -> None:
    random = np.random.default_rng(1)
    x = random.normal(100.0, 8.0, (40, 2))
    own = datasets.Dataset("own", x, (x[:, :1] > x[:, 1:]).astype(float), ["a", "b"], ["more a"])
    playground = bp.TrainingPlayground(own, learning_rate=rate)
    assert "scale them" not in str(playground)
    playground.train(100)
    assert told in str(playground)
    assert "dataset.scaled() does it" in str(playground)
    scaled = bp.TrainingPlayground(own.scaled(), learning_rate=0.3)
    scaled.train(100)
    assert scaled.run.score().right == 1.0
    assert scaled.run.diagnosis() is None


def test_the_playground_does_not_explain_what_it_has_hardly_tried() -> None:
    playground = bp.TrainingPlayground("xor", floors=1, learning_rate=0.2)
    playground.train(5)
    assert "straight line" not in str(playground)
    playground.train(395)
    assert "the best straight line leaves 100 % of the squared mistake" in str(playground)


def test_the_floor_says_it_at_the_end_of_a_lap_and_not_before() -> None:
    floor = bp.FactoryFloor(bp.Network.random([2, 3, 1]), NEAR_100, KINDS)
    last = len(floor.moments) - 1
    for position in range(last + 1):
        floor.position = position
        assert ("the inputs are far from 0; scale them" in str(floor)) == (position == last)
    floor = bp.FactoryFloor.lemonade(position=last)
    assert "scale" not in str(floor)


def test_the_reader_says_it_when_its_last_record_does() -> None:
    reader = bp.DigitReader()
    reader.train()
    told = str(reader)
    record = reader._learned[-1]
    assert record.diagnosis is None
    why = bp.diagnose(bp.Network.random([2, 3, 1]), NEAR_100, KINDS, MSE)
    reader._learned[-1] = bp.Record(record.epoch, record.network, record.loss, diagnosis=why)
    reader.show()
    assert str(reader) == f"{told} {why}"


def test_the_pad_says_it_of_a_factory_that_cannot_read() -> None:
    from backprop_lib.widgets import DigitPad

    sound = bp.Network.random([64, 12, 10], "relu", "softmax", seed=1)
    assert "relu" not in str(DigitPad([], network=sound))
    shut = altered(sound, 0, lambda one: Dense(one.weights, one.biases - 99.0, "relu"))
    assert "Every relu of floor 1 is shut for all 359 orders" in str(DigitPad([], network=shut))
    assert "relu" not in str(DigitPad([]))


@pytest.mark.parametrize("cause", ["inputs far from 0", "knobs too large"])
def test_gates_at_their_ends_are_counted_unless_all_of_them_are(cause: str) -> None:
    assert SENTENCES[cause]({"at_end": 6, "gates": 6}).startswith("Every gate of floor {floor}")
    assert SENTENCES[cause]({"at_end": 5, "gates": 6}).startswith("{at_end} of {gates} gates")
