"""COURSE.md's tables, digit for digit, as the engine computes them."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from references import LEMONS_AND_SUGAR, SOURNESS, assert_same, lemonade, snapshot

import backprop_lib as bp
from backprop_lib.datasets import Dataset
from backprop_lib.pictures.descent.landscapes import landscape_chart
from backprop_lib.study.descent import Bowl, descend
from backprop_lib.words.descent import regime_told

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def agrees(number, printed):
    """Rounded to as many digits as are printed, it reads as printed (".75" for 0.75)."""
    digits = len(printed.partition(".")[2])
    return f"{number:.{digits}f}".replace("0.", ".", 1) == printed.replace("0.", ".", 1)


def assert_prints(numbers, *printed):
    numbers = np.ravel(numbers)
    assert len(numbers) == len(printed)
    for number, text in zip(numbers, printed, strict=True):
        assert agrees(number, text), (number, text)


# ---- the lemonade factory -------------------------------------------------------------------


@pytest.fixture
def lap():
    return bp.steps(lemonade(), LEMONS_AND_SUGAR, SOURNESS, optimizer=bp.SGD(learning_rate=0.01))


def test_lemonade_forward(lap):
    workers, taster = lap[1].trace.layers
    assert workers.inputs.tolist() == [[2, 1]]
    assert workers.pre_activations.tolist() == [[1, 2, -1]]
    assert workers.activations.tolist() == [[1, 2, 0]]
    assert taster.inputs.tolist() == [[1, 2, 0]]
    assert taster.activations.tolist() == [[3]]
    assert lap[2].loss == 4


def test_lemonade_backward(lap):
    workers, taster = lap[-1].gradients
    assert lap[2].output_gradient.tolist() == [[4]]
    assert taster.activations.tolist() == taster.pre_activations.tolist() == [[4]]
    assert taster.weights.tolist() == [[4], [8], [0]]
    assert taster.biases.tolist() == [4]
    assert workers.activations.tolist() == [[8, 2, 4]]
    assert workers.pre_activations.tolist() == [[8, 2, 0]]
    ana, bo, cy = workers.weights.T.tolist()
    assert (ana, bo, cy) == ([16, 8], [4, 2], [0, 0])
    assert workers.biases.tolist() == [8, 2, 0]
    assert lap[-1].inputs_gradient.tolist() == [[9, -6]]


def test_lemonade_update(lap):
    workers, taster = lap[-1].updated.layers
    ana, bo, cy = workers.weights.T
    assert_prints(ana, "0.84", "-1.08")
    assert_prints(bo, "0.46", "0.98")
    assert cy.tolist() == [-1, 1]
    assert_same(workers.biases, [-0.08, -0.02, 0.0], 1e-15)
    assert_same(taster.weights, [[1.96], [0.42], [1.0]], 1e-15)
    assert_same(taster.biases, [-0.04], 1e-15)
    assert_same(workers.weights, [[0.84, 0.46, -1], [-1.08, 0.98, 1]], 1e-15)
    product = lap[-1].updated.forward(LEMONS_AND_SUGAR).output
    assert_prints(product, "1.7688")
    assert_same(product, [[1.7688]], 1e-14)
    assert agrees(bp.MeanSquaredError().value(product, SOURNESS), "0.5911")


LAPS = {
    0.001: ("4", "3.513", "3.089"),
    0.01: ("4", "0.5911", "0.1068"),
    0.02: ("4", "0.1639", "0.0010"),
    0.05: ("4", "1.124", "0.5335"),
    0.1: ("4", "2.69", "1.166"),
}


def laps(rate, count):
    """The factory before each lap, and its loss: by steps and, for a second opinion, by train."""
    network, optimizer, seen = lemonade(), bp.SGD(learning_rate=rate), []
    for _ in range(count):
        lap = bp.steps(network, LEMONS_AND_SUGAR, SOURNESS, optimizer=optimizer)
        seen.append((network, lap[-1]))
        network, optimizer = lap[-1].updated, lap[-1].optimizer
    return seen


@pytest.mark.parametrize(("rate", "printed"), LAPS.items())
def test_lemonade_lap_by_lap(rate, printed):
    assert_prints([last.loss for _, last in laps(rate, 3)], *printed)
    records = bp.train(
        lemonade(), LEMONS_AND_SUGAR, SOURNESS, bp.MeanSquaredError(), bp.SGD(rate), epochs=2
    )
    assert_prints([record.loss for record in records], *printed)


def test_of_the_rates_in_the_table_two_hundredths_is_best():
    after_two = {rate: laps(rate, 3)[-1][1].loss for rate in LAPS}
    assert min(after_two, key=after_two.get) == 0.02


def shut(network):
    """Which of Ana, Bo and Cy have their gate shut."""
    scores = network.forward(LEMONS_AND_SUGAR).layers[0].pre_activations[0]
    return [name for name, score in zip(("Ana", "Bo", "Cy"), scores, strict=True) if score <= 0]


def assert_shut_for_good(worker, seen):
    """From the second lap on the gate is shut, no note passes it and its knobs rest."""
    for network, last in seen[1:]:
        workers, taster = last.gradients
        assert network.layers[0].weights[:, worker].tolist() == (
            seen[1][0].layers[0].weights[:, worker].tolist()
        )
        assert workers.pre_activations[0, worker] == 0
        assert not workers.weights[:, worker].any()
        assert workers.biases[worker] == 0
        assert taster.weights[worker, 0] == 0


def test_a_rate_of_a_tenth_pushes_ana_shut_for_good():
    # Bo is pushed almost shut (2, 0.8, 0.21, 0.16) and recovers; see the test after this one.
    seen = laps(0.1, 60)
    assert shut(seen[0][0]) == ["Cy"]
    assert all(shut(network) == ["Ana", "Cy"] for network, _ in seen[1:])
    assert_shut_for_good(0, seen)
    bo = [n.forward(LEMONS_AND_SUGAR).layers[0].activations[0, 1] for n, _ in seen]
    assert_prints(bo[:4], "2.0", "0.8", "0.21", "0.16")


def test_from_a_sixth_on_both_are_pushed_shut_for_good_and_only_the_bias_learns():
    # After one lap Ana's sum is 1 - 48 η and Bo's 2 - 12 η: both shut when η > 1/6.
    assert shut(laps(1 / 6 - 1e-6, 2)[1][0]) == ["Ana", "Cy"]
    assert shut(laps(1 / 6 + 1e-6, 2)[1][0]) == ["Ana", "Bo", "Cy"]
    seen = laps(0.2, 40)
    for worker in range(3):
        assert_shut_for_good(worker, seen)
    for _, last in seen[1:]:
        workers, taster = last.gradients
        assert not workers.weights.any()
        assert not workers.biases.any()
        assert not taster.weights.any()
        assert taster.biases[0] != 0
    # With only its bias left the mistake shrinks by 1 - 2η = 0.6 a lap.
    losses = np.array([last.loss for _, last in seen[1:11]])
    np.testing.assert_allclose(losses[1:] / losses[:-1], 0.6**2, rtol=1e-9)


# ---- Mazur's 2-2-2 factory ------------------------------------------------------------------

MAZUR_IN, MAZUR_TARGET = [0.05, 0.10], [0.01, 0.99]


def mazur(*w, biases=(0.35, 0.60)):
    """w1 and w2 lead to h1, w3 and w4 to h2, w5 and w6 to o1, w7 and w8 to o2."""
    w = np.reshape(w, (2, 2, 2))
    return bp.Network(
        [bp.Dense(w[floor].T, [bias, bias], "sigmoid") for floor, bias in enumerate(biases)]
    )


def mazur_weights(network):
    return np.concatenate([layer.weights.T.ravel() for layer in network.layers])


@pytest.fixture
def mazur_lap():
    network = mazur(0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)
    return bp.steps(network, MAZUR_IN, MAZUR_TARGET, optimizer=bp.SGD(learning_rate=0.5))


def test_mazur_forward_and_loss(mazur_lap):
    last = mazur_lap[-1]
    assert_prints(last.trace.output, ".75136507", ".772928465")
    assert agrees(last.loss, ".298371109")
    half_squares = np.square(last.trace.output - MAZUR_TARGET).sum() / 2
    assert last.loss == pytest.approx(half_squares, rel=1e-15)


def test_mazur_backward(mazur_lap):
    workers, outputs = mazur_lap[-1].gradients
    assert agrees(outputs.weights[0, 0], ".082167041")
    assert agrees(workers.weights[0, 0], ".000438568")


def test_mazur_update(mazur_lap):
    new = mazur_weights(mazur_lap[-1].updated)
    assert_prints(new[4:], ".35891648", ".408666186", ".511301270", ".561370121")
    assert_prints(new[:4], ".149780716", ".19956143", ".24975114", ".29950229")
    # The table does not train the biases, so they are put back.
    loss = bp.MeanSquaredError().value(mazur(*new).forward(MAZUR_IN).output, MAZUR_TARGET)
    assert agrees(loss, ".291027774")
    assert not agrees(loss, ".291027924")


def test_mazurs_circulating_number_is_that_of_updating_before_the_notes_have_passed(mazur_lap):
    # The exhibit for the museum: the last floor's knobs are turned first, then the notes go on.
    old, trace = mazur_lap[-1].network, mazur_lap[-1].trace
    note = mazur_lap[-1].output_gradient
    too_early = bp.Network([old.layers[0], mazur_lap[-1].updated.layers[1]])
    spoilt = too_early.backward(trace, note).layers[0].weights
    wrong = mazur_weights(old) - 0.5 * np.concatenate([spoilt.T.ravel(), np.zeros(4)])
    wrong[4:] = mazur_weights(mazur_lap[-1].updated)[4:]
    assert_prints(wrong[:4], ".149817639", ".199635277", ".249788185", ".299576370")
    loss = bp.MeanSquaredError().value(mazur(*wrong).forward(MAZUR_IN).output, MAZUR_TARGET)
    assert agrees(loss, ".291027924")
    for new, bad in zip(mazur_weights(mazur_lap[-1].updated)[:4], wrong[:4], strict=True):
        assert abs(new - bad) > 3e-5


# ---- CS231n and a square --------------------------------------------------------------------


def test_cs231n_sum_times_z():
    # (x + y) · z: a worker that adds, then one with the knob z.
    network = bp.Network([bp.Dense([[1.0], [1.0]], [0.0]), bp.Dense([[-4.0]], [0.0])])
    trace = network.forward([-2.0, 5.0])
    gradients = network.backward(trace, [[1.0]])
    assert trace.output.tolist() == [[-12]]
    assert gradients.inputs.tolist() == [[-4, -4]]
    assert gradients.layers[1].weights.tolist() == [[3]]


def test_cs231n_sigmoid_neuron():
    network = bp.Network([bp.Dense([[2.0], [-3.0], [-3.0]], [0.0], "sigmoid")])
    trace = network.forward([-1.0, -2.0, 1.0])
    gradients = network.backward(trace, [[1.0]])
    assert_prints(trace.output, ".73")
    assert_prints(gradients.layers[0].weights, "-.20", "-.39", ".20")
    assert_prints(gradients.inputs[0, :2], ".39", "-.59")


def test_cs231n_sigmoid_neuron_with_its_last_knob_as_a_bias():
    network = bp.Network([bp.Dense([[2.0], [-3.0]], [-3.0], "sigmoid")])
    trace = network.forward([-1.0, -2.0])
    gradients = network.backward(trace, [[1.0]])
    assert_prints(trace.output, ".73")
    assert_prints(gradients.layers[0].weights, "-.20", "-.39")
    assert_prints(gradients.layers[0].biases, ".20")
    assert_prints(gradients.inputs, ".39", "-.59")


def test_two_plus_three_w_squared():
    network = bp.Network([bp.Dense([[3.0]], [2.0])])
    last = bp.steps(network, [3.0], [0.0])[-1]
    assert last.loss == 121
    assert last.gradients[0].weights.tolist() == [[66]]


@pytest.mark.parametrize(
    ("rate", "what"),
    [
        (0.1, "smooth"),
        (0.25, "smooth"),
        (0.75, "zig-zag"),
        (0.99, "zig-zag"),
        (1.0, "for ever"),
        (1.25, "grows"),
    ],
)
def test_the_loss_x_squared_changes_by_one_minus_two_rates_a_step(rate, what):
    # The knob x on an input of 1, the order 0, the bias put back to 0 after each turn.
    x, seen = 1.0, [1.0]
    for _ in range(6):
        network = bp.Network([bp.Dense([[x]], [0.0])])
        last = bp.steps(network, [1.0], [0.0], optimizer=bp.SGD(learning_rate=rate))[-1]
        x = float(last.updated.layers[0].weights[0, 0])
        seen.append(x)
    np.testing.assert_allclose(seen, (1 - 2 * rate) ** np.arange(7), rtol=1e-13)
    signs, sizes = np.sign(seen), np.abs(seen)
    assert (signs == 1).all() == (what == "smooth")
    if what == "for ever":
        assert sizes.tolist() == [1] * 7
    else:
        assert (np.diff(sizes) > 0).all() == (what == "grows")
        assert (np.diff(sizes) < 0).all() == (what != "grows")


def test_looking_up_the_numbers_leaves_the_factory_as_it_was(lap):
    assert snapshot(lap[0].network) == snapshot(lemonade()) == snapshot(lap[-1].network)


# ---- what the lessons say in words ----------------------------------------------------------


def prose(name: str) -> str:
    """All text of a lesson."""
    cells = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def test_nine_of_the_thirteen_knobs_move_in_the_first_lap(lap):
    old, new = (
        np.concatenate([part.ravel() for one in net.layers for part in (one.weights, one.biases)])
        for net in (lap[-1].network, lap[-1].updated)
    )
    assert (int((old != new).sum()), old.size) == (9, 13)
    assert "9 of its 13 knobs and pinches were turned" in prose("00_welcome.ipynb")
    assert "So 9 of the 13 move, and 4 stay." in prose("05_update.ipynb")


def test_the_ball_leaves_the_bowls_picture_with_lap_3():
    bowl = Bowl()
    way = descend(bowl, [2.0], bp.SGD(learning_rate=1.1), laps=10)
    chart = landscape_chart(bowl)
    inside = [chart.holds(w, loss) for w, loss in zip(way.points[:, 0], way.losses, strict=True)]
    assert inside.index(False) == 3
    assert "With lap 3 the ball leaves the picture!" in prose("05_update.ipynb")


def test_one_jump_is_told_as_one_jump():
    way = descend(Bowl(), [2.0], bp.SGD(learning_rate=0.5), laps=10)
    assert way.points[1].tolist() == [0.0]
    assert regime_told("smooth", way, laps=10) == (
        "One jump takes it right to the bottom, and there it rests."
    )
    slower = descend(Bowl(), [2.0], bp.SGD(learning_rate=0.4), laps=10)
    assert "never turns back" in regime_told("smooth", slower, laps=10)


def test_another_order_may_open_anas_gate():
    for rate, opens in ((0.05, True), (0.1, False)):
        after = bp.steps(lemonade(), LEMONS_AND_SUGAR, SOURNESS, optimizer=bp.SGD(rate))[-1].updated
        ana = [after.forward(order).layers[0].pre_activations[0, 0] for order in ([2, 1], [3, 0])]
        assert ana[0] < 0
        assert (ana[1] > 0) == opens
    assert "With 0.05, one of 3 lemons and no sugar would." in prose("05_update.ipynb")


def test_the_slope_by_nudging_comes_closer_on_paper_and_goes_wrong_on_a_computer():
    def slope(h):
        nudged = [1 + h, -1, 0]
        ana = max(0.0, 2 * nudged[0] - 1)
        return ((2 * ana + 1 - 1) ** 2 - 4) / h

    off = [abs(slope(10.0**-power) - 16) for power in range(1, 16)]
    best = int(np.argmin(off))
    assert off[: best + 1] == sorted(off[: best + 1], reverse=True)
    assert off[-1] > 1 > off[0] * 0.1
    on_paper = [
        abs(((2 + 4 * h) ** 2 - 4) / h - 16) for h in (Fraction(1, 10**n) for n in range(40))
    ]
    assert on_paper == [16 * Fraction(1, 10**n) for n in range(40)]
    assert "On paper, yes. A computer runs out of digits." in prose("04_gradient.ipynb")


def test_the_players_are_learned_scaled_and_not_as_they_are():
    rows = "170,60,0 180,75,1 165,70,0 190,80,1 175,82,0 185,70,1"
    table = np.array([row.split(",") for row in rows.split()], dtype=float)
    players = Dataset("players", table[:, :2], table[:, 2:], ["height", "weight"], ["plays"])
    right = []
    for data in (players, players.scaled()):
        start, loss = bp.Network.random([2, 1], output="sigmoid"), bp.BinaryCrossEntropy()
        *_, last = bp.train(start, data.inputs, data.targets, loss, bp.SGD(0.1), 300)
        answers = last.network.forward(data.inputs).output > 0.5
        right.append(int((answers == data.targets).sum()))
        assert (last.diagnosis is None) == (data is not players)
    assert right == [3, 6]
    told = prose("08_digits.ipynb")
    assert rows.replace(" ", "\\n") in told
    assert "how many of the six will be right?" in told
    columns = players.scaled().inputs
    np.testing.assert_allclose(columns.mean(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(columns.std(axis=0), 1.0, rtol=1e-14)
    assert "moves each column to mean 0, and gives it the spread 1" in told
