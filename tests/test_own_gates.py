"""A gate of one's own: all that shows, checks, trains or keeps it is right."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import printed_sums
import pytest
from autograd import elementwise_grad
from own_things import (
    ALONE,
    BY_HAND,
    CAPPED,
    EACH_GATE,
    EACH_LOSS,
    KNOBS,
    LEAKY,
    SOFTPLUS,
    TARGET,
    Huber,
    Tilted,
    X,
    add,
    factory,
    options,
)
from printed_sums import assert_comes_out
from references import Case, Layer, assert_same, autodiff

import backprop_lib as bp
from backprop_lib.checks.cases import choice
from backprop_lib.datasets import moons
from backprop_lib.datasets.files import load_network, save_network
from backprop_lib.engine.activations import ACTIVATIONS, Activation, slope
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.moments import by_worker
from backprop_lib.engine.network import LayerTrace
from backprop_lib.pictures import things
from backprop_lib.pictures.answers import PIXELS, shades
from backprop_lib.pictures.floor import draw_floor
from backprop_lib.pictures.neuron import draw_neuron
from backprop_lib.pictures.plots import losses_picture
from backprop_lib.study.nudging import Knob
from backprop_lib.study.paths import paths
from backprop_lib.widgets import (
    NeuronExplorer,
    TrainingPlayground,
)
from backprop_lib.words import Names, caption, workbench
from backprop_lib.words import paths as words


@pytest.fixture(autouse=True)
def _added(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch)


@EACH_GATE
@EACH_LOSS
def test_gradients_are_autograds(gate: Activation, loss: Loss) -> None:
    network = factory(gate.name)
    case = Case(
        [Layer(*map(np.array, (k.weights, k.biases)), k.activation) for k in network.layers],
        np.array(X),
        np.array(TARGET),
        loss.name,
    )
    layers, inputs = autodiff(case)
    last = bp.steps(network, X, TARGET, loss)[-1]
    for found, expected in zip(last.gradients, layers, strict=True):
        assert found is not None
        for name, table in expected.items():
            assert_same(getattr(found, name), table, 1e-12, name)
    assert_same(last.inputs_gradient, inputs, 1e-12)


@EACH_GATE
@EACH_LOSS
def test_the_gradient_check_agrees(gate: Activation, loss: Loss) -> None:
    report = bp.check_gradients(factory(gate.name), X, TARGET, loss)
    assert report.ok, report
    assert report.untold == 0


def test_a_kink_within_a_nudge_is_told_and_not_taken_for_a_fault() -> None:
    mixes = [[1e-4, -1e-4]]  # a nudge of 1e-3 passes the kink at 0 of both
    network = bp.Network(
        [bp.Dense(np.eye(2), [0.0, 0.0], "leaky"), bp.Dense([[1.0], [2.0]], [0.0])]
    )
    report = bp.check_gradients(network, mixes, [[3.0]], bp.MeanSquaredError())
    # Both inputs and both pinches; a weight moves its mix by 1e-3 × 1e-4 only.
    assert (report.at_kink, report.ok) == (4, True)
    at_tip = bp.Network([bp.Dense([[1.0]], [0.0])])
    assert bp.check_gradients(at_tip, [[2.0]], [[2.0]], Tilted()).at_kink == 3


@EACH_GATE
def test_a_wrong_slope_is_found(gate: Activation, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Activation(**{**vars(gate), "backward": lambda g, z, a: 1.01 * gate.backward(g, z, a)})
    monkeypatch.setitem(ACTIVATIONS, gate.name, wrong)
    assert not bp.check_gradients(factory(gate.name), X, TARGET, Huber()).ok


@pytest.mark.parametrize(("gate", "spread"), [(SOFTPLUS, 1.0), (LEAKY, 2.0), (CAPPED, 1.0)])
def test_random_knobs_keep_to_the_gates_spread(gate: Activation, spread: float) -> None:
    network = bp.Network.random([400, 300, 1], hidden=gate.name)
    # 120,000 draws: their variance is known to 0.4 %.
    assert np.var(network.layers[0].weights) * 400 == pytest.approx(spread, rel=0.02)


@ALONE
def test_it_trains_and_is_kept(gate: Activation, tmp_path: Path) -> None:
    points = moons(60, noise=0.05)
    network = bp.Network.random([2, 8, 1], hidden=gate.name, seed=3)
    records = list(
        bp.train(network, points.inputs, points.targets, Huber(), bp.Adam(0.05), 200, batch_size=20)
    )
    assert records[-1].loss < 0.3 * records[0].loss
    save_network(records[-1].network, tmp_path / "own.npz")
    again = load_network(tmp_path / "own.npz")
    assert again.layers[0].activation == gate.name
    assert np.array_equal(
        again.forward(points.inputs).output, records[-1].network.forward(points.inputs).output
    )
    told = losses_picture({"own": [record.loss for record in records]}).alternative
    assert told.startswith("The loss lap by lap. own: from ")


def moments(gate: Activation, loss: Loss) -> tuple[list[bp.Step], Names]:
    network = factory(gate.name)
    lap = bp.steps(network, X[0], TARGET[0], loss, bp.SGD(0.1))
    return [*lap, *by_worker(lap)], Names.of(network)


@ALONE
def test_the_workbench_comes_out(gate: Activation) -> None:
    steps, names = moments(gate, Huber())
    lines = [line for step in steps[:6] for line in workbench(step, names, 0, 0)]
    sums = [line.text for line in lines if " = " in line.text and "," not in line.text]
    assert any(text.startswith(f"{gate.name}(") for text in sums)
    for text in sums:
        assert_comes_out(text)
    states = {line.label for line in lines if line.label.startswith("gate")}
    assert states == ({"gate: open"} if gate is CAPPED else {"gate"})


@EACH_GATE
def test_captions_name_the_gate_and_its_numbers(gate: Activation) -> None:
    steps, names = moments(gate, Huber())
    work = steps[0].trace.layers[0]
    formula = caption(steps[0], names, Huber()).formula
    written = printed_sums.numbers(formula)
    assert f"a = {gate.name}(z)" in formula
    printed_sums.assert_numbers(written, *work.pre_activations[0], *work.activations[0])
    turns = [step for step in steps if step.now is not None and step.now[0] == 0]
    sentences = " ".join(caption(step, names, Huber()).sentence for step in turns)
    if gate.shared:  # no worker can ship before the others have mixed
        assert turns == []
    elif gate is CAPPED:
        assert "The gate is open: " in sentences
        assert "The gate is shut: 0 is shipped." not in sentences
    else:
        assert "The gate makes " in sentences
        assert "Past the gate, with its slope, it is " in sentences
        assert "gate is" not in sentences


def test_a_door_of_ones_own_shuts() -> None:
    network = bp.Network([bp.Dense([[1.0]], [-3.0], "capped"), bp.Dense([[1.0]], [0.0])])
    lap = by_worker(bp.steps(network, [2.0], [1.0], Huber()))
    names = Names.of(network)
    told = [caption(step, names, Huber()).sentence for step in lap]
    assert told[0].endswith("The gate is shut: 0 is shipped.")
    assert any("The gate is shut: 0 passes." in sentence for sentence in told)
    assert workbench(lap[-1], names, 0, 0)[1].label == "gate: shut"


@pytest.mark.parametrize(("z", "told"), [(3.0, "The gate is open"), (9.0, "Past the gate, with")])
def test_a_door_that_is_open_and_lets_no_note_pass_is_not_said_to(z: float, told: str) -> None:
    network = bp.Network([bp.Dense([[1.0]], [0.0], "capped"), bp.Dense([[1.0]], [0.0])])
    lap = by_worker(bp.steps(network, [z], [1.0]))
    (turn,) = [step for step in lap if step.phase == "backward" and step.now == (0, 0)]
    assert told in caption(turn, Names.of(network), bp.MeanSquaredError()).sentence
    found = paths(network, [z], [1.0], Knob(0, 0, 0))
    lines = words.lines(
        lap[-1], Names.of(network), Knob(0, 0, 0), found, None, bp.MeanSquaredError()
    )
    assert lines[1].text == ("∂a₁/∂z₁ = 1, for it is open" if z < 6.0 else "∂a₁/∂z₁ = 0")


@ALONE
def test_paths_through_the_gate_add_up_to_the_gradient(gate: Activation) -> None:
    network = factory(gate.name)
    last = bp.steps(network, X[0], TARGET[0])[-1]
    found = paths(network, X[0], TARGET[0], Knob(0, 2, 1))
    assert len(found) == 2
    assert last.gradients[0] is not None
    expected = float(last.gradients[0].weights[1, 2])
    assert math.fsum(path.product for path in found) == pytest.approx(expected, rel=1e-12)
    told = words.lines(last, Names.of(network), Knob(0, 2, 1), found, 0, bp.MeanSquaredError())
    (line,) = [one for one in told if one.label.endswith("(the gate)")]
    mix = np.array(X[0]) @ np.array(KNOBS[0])[:, 2] + KNOBS[1][2]
    slope = float(elementwise_grad(BY_HAND[gate.name])(mix))
    printed_sums.assert_numbers(printed_sums.numbers(line.text)[-1:], slope)


def test_a_gate_that_a_floor_shares_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match="Expected a gate for each worker, but sharp came"):
        paths(factory("sharp"), X[0], TARGET[0], Knob(0, 0, 0))
    with pytest.raises(ValueError, match="Expected a gate for each worker, but sharp came"):
        slope("sharp", np.zeros(2))
    with pytest.raises(ValueError, match="workers behind a sharp, whose shares add up to 1"):
        bp.Dense([[1.0]], [0.0], "sharp")


BOX = (-16.0, -15.0, 16.0, 15.0)


def points(svg: str) -> Iterator[tuple[float, float]]:
    """Every point of a gate's curve and its dot, in the gate's own numbers."""
    for element in ET.fromstring(svg).iter():
        if element.get("class") == "bpf-curve":
            numbers = [float(one) for one in re.findall(r"-?[\d.]+", element.get("d", ""))]
            yield from zip(numbers[::2], numbers[1::2], strict=True)
        if element.get("class") == "bpf-dot":
            yield float(element.get("cx", "")), float(element.get("cy", ""))


@EACH_GATE
@pytest.mark.parametrize("z", [None, -1e300, -70.0, -0.3, 0.0, 2.5, 70.0, 1e300])
def test_no_gate_is_drawn_outside_its_box(gate: Activation, z: float | None) -> None:
    found = list(points(things.gate((0.0, 0.0), gate.name, z)))
    if gate.shut_to is not None:  # a door, without a curve
        assert found == []
        return
    assert len(found) == 17 + (z is not None)
    left, top, right, bottom = BOX
    assert all(left < x < right and top < y < bottom for x, y in found)
    heights = [y for _x, y in found[:17]]
    assert max(heights) - min(heights) > 5.0  # and it is a curve, not a line at the edge
    assert heights == sorted(heights, reverse=True)  # these all rise


def test_gates_that_fall_or_never_end_stay_in_the_box_too(monkeypatch: pytest.MonkeyPatch) -> None:
    slope = np.ones_like
    for name, f in {
        "cube": lambda z: z**3,
        "power": lambda z: np.exp(z**3),
        "pole": lambda z: 1.0 / z,
        "flat": np.zeros_like,
        "falling": lambda z: -np.logaddexp(0.0, z),
    }.items():
        gate = Activation(name, f, lambda g, z, a: g * slope(z))
        monkeypatch.setitem(ACTIVATIONS, name, gate)
        found = list(points(things.gate((0.0, 0.0), name, 3.0)))
        assert found
        assert all(-16 < x < 16 and -15 < y < 15 for x, y in found), name


@EACH_GATE
def test_the_whole_floor_is_drawn(gate: Activation) -> None:
    network = factory(gate.name)
    names = Names.of(network)
    for step in by_worker(bp.steps(network, X[0], TARGET[0], Huber(), bp.SGD(0.1))):
        svg = draw_floor(step, names)
        ET.fromstring(svg)
        assert "nan" not in svg


@ALONE
def test_the_neurons_curve_stays_in_its_chart(gate: Activation) -> None:
    for amount in (-3.0, 0.0, 3.0, 1e5):
        svg = draw_neuron(bp.Dense([[1.0]], [0.0], gate.name), [amount], ["ink"])
        found = list(points(svg.replace("bpf-curve bpf-bold", "bpf-curve")))
        assert len(found) > 40
        assert all(0.0 <= x <= 210.0 and 0.0 <= y <= 210.0 for x, y in found)


@ALONE
def test_shades_go_from_0_to_1(gate: Activation) -> None:
    z = np.linspace(-9.0, 9.0, PIXELS**2)[:, np.newaxis]
    work = LayerTrace(z, z, gate.forward(z), gate.name)
    found = shades(work, 0, gate.name)
    assert 0.0 <= found.min() < 0.5 < found.max() <= 1.0


@ALONE
def test_the_neuron_explorer_offers_it(gate: Activation) -> None:
    explorer = NeuronExplorer([2.0, 1.0], [1.0, -0.5])
    assert gate.name in options(explorer, "activation")
    assert "sharp" not in options(explorer, "activation")
    explorer.activation = gate.name
    assert explorer.message == ""
    ships = float(gate.forward(np.array([[1.5]]))[0, 0])
    printed_sums.assert_numbers(printed_sums.numbers(explorer.view["formula"]), 1.5, ships)
    told = "The gate is open: " if gate is CAPPED else "The gate makes "
    assert told in explorer.view["caption"]


@ALONE
def test_the_playground_offers_it_and_learns_with_it(gate: Activation) -> None:
    playground = TrainingPlayground("xor", floors=2, workers=6, noise=0.0)
    assert gate.name in options(playground, "gate")
    assert "sharp" not in options(playground, "gate")
    playground.gate = gate.name
    assert playground.message == ""
    before = playground.run.score().loss
    playground.train(60)
    assert playground.run.score().loss < before
    ET.fromstring(playground.view["picture"])


def test_a_diagnosis_tells_of_the_gate_by_its_reach() -> None:
    last = bp.Network(
        [bp.Dense(*KNOBS, "tanh"), bp.Dense([[1.0], [1.0], [1.0]], [0.0], "softplus")]
    )
    told = str(bp.diagnose(last, X, [[-3.0], [1.0]], Huber()))
    assert "go down to −3, and the last gate ships nothing below 0." in told
    high = bp.Network([bp.Dense(*KNOBS, "tanh"), bp.Dense([[1.0], [1.0], [1.0]], [0.0], "capped")])
    told = str(bp.diagnose(high, X, [[7.0], [1.0]], Huber()))
    assert "they go from 1 to 7, and the last gate from 0 to 6." in told
    shares = factory("tanh", "sharp")
    told = str(bp.diagnose(shares, X, [[0.5, 0.7], [1.0, 0.0]], Huber()))
    assert told.startswith("The sharp of the last floor ships shares that add up to 1")


def test_only_a_gate_that_shuts_is_called_shut() -> None:
    def told(gate: str) -> str:
        low = bp.Network([bp.Dense(KNOBS[0], [-9.0] * 3, gate), bp.Dense([[1.0]] * 3, [0.0])])
        return str(bp.diagnose(low, X, [[1.0], [2.0]], bp.MeanSquaredError()))

    assert told("capped").startswith("Every capped of floor 1 is shut for all 2 orders")
    for gate in ("softplus", "leaky"):
        assert "shut" not in told(gate)


def test_a_linear_gate_of_ones_own_does_not_bend(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = Activation("twice", lambda z: 2.0 * z, lambda gradient, z, a: 2.0 * gradient)
    monkeypatch.setitem(ACTIVATIONS, "twice", twice)
    inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    network = bp.Network.random([2, 4, 1], hidden="twice", seed=1)
    found = bp.diagnose(network, inputs, targets, bp.MeanSquaredError())
    assert found.cause == "no bend"
    curved = bp.Network.random([2, 4, 1], hidden="softplus", seed=1)
    assert bp.diagnose(curved, inputs, targets, bp.MeanSquaredError()).cause != "no bend"
    assert (
        "a = twice(z)"
        in caption(bp.steps(network, [1, 0], [1])[0], Names.of(network), Huber()).formula
    )


@ALONE
def test_zero_knobs_are_a_symmetric_start_only_where_nothing_is_shipped(gate: Activation) -> None:
    zero = bp.Network([bp.Dense(np.zeros((2, 1)), [0.0], gate.name), bp.Dense([[0.0]], [0.0])])
    found = bp.diagnose(zero, X, [[1.0], [3.0]], bp.MeanSquaredError())
    assert (found.cause == "symmetric start") == (gate is not SOFTPLUS)


def test_lesson_10_offers_what_can_be_told_from_what_is_shipped() -> None:
    # softplus as written above needs its mix, which the lesson's functions do not hand on; and of
    # 6 from a capped nobody can say whether it was just reached.
    assert set(choice()) >= {"identity", "relu", "sigmoid", "tanh", "leaky"}
    assert not {"softplus", "sharp"} & set(choice())
