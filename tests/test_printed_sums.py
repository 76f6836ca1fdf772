"""Every sum that the floor prints comes out as printed, in whatever state the factory is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from printed_sums import NUMBER, assert_comes_out, numbers
from thorough import THOROUGH

import backprop_lib as bp
from backprop_lib.datasets import lemonade, lemonade_factory, lemonade_workers
from backprop_lib.engine.losses import MeanAbsoluteError
from backprop_lib.engine.moments import by_worker
from backprop_lib.words import Names, caption, loss_formula, product, workbench
from backprop_lib.words.bench import update_sum
from backprop_lib.words.names import named_amounts

ONE = NUMBER.replace("[+−]?", "−?", 1)
NEXT = rf"(?:{ONE}|\({ONE}\))"
SUM = re.compile(
    rf"(?<![\w.:(]){ONE}(?: [×+−] {NEXT})+ [=≈] {NUMBER}"
    rf"|(?:relu|sigmoid|tanh)\({ONE}\) [=≈] {NUMBER}"
    rf"|(?<=Loss = )(?!−?Σ).* [=≈] {NUMBER}"
)
SEEDS = range(300 if THOROUGH else 40)


def sums(text: str) -> list[str]:
    """The sums with numbers on both sides in a text, such as "2 × 3 = 6"."""
    return SUM.findall(text)


def test_the_finder_finds_sums_and_the_reader_can_say_no() -> None:
    text = "z = x·w + b = 1.5,  a = relu(z) = 1.5. Ana: 2 × 1 + 1 × (−1) + 0 = 1, relu(−1) = 0."
    assert sums(text) == ["2 × 1 + 1 × (−1) + 0 = 1", "relu(−1) = 0"]
    assert sums("A1: −0.5 × 2 × 10⁻⁷ = −1 × 10⁻⁷") == ["−0.5 × 2 × 10⁻⁷ = −1 × 10⁻⁷"]
    assert sums("Loss = (|3 − 1| + |2 − (−1)|) / 2 = 2.5") == ["(|3 − 1| + |2 − (−1)|) / 2 = 2.5"]
    assert sums("Loss = −log 0.5 = 0.6931") == ["−log 0.5 = 0.6931"]
    assert sums("Loss = Σ (o − t)² / 9 = 2") == []
    assert_comes_out("1.42503 − 0.1 × 0.001525 = 1.42488")
    for wrong in (
        "−log 0.9998 = 0.0001749",
        "(1.235 − 1)² = 0.0553",
        "(|3 − 1| + |2 − (−1)|) / 2 = 3",
        "1.234 × 2.345 = 2.893",
        "1 + 2 ≈ 3.1",
    ):
        with pytest.raises(AssertionError):
            assert_comes_out(wrong)


def floors(seed: int) -> Iterator[tuple[bp.Step, Names, bp.Loss]]:
    """Every moment of the third lap of a factory drawn by dice, step by step and by worker."""
    random = np.random.default_rng(seed)
    sizes = [int(n) for n in random.integers(1, 5, size=random.integers(2, 5))]
    end, loss = [
        ("identity", bp.MeanSquaredError()),
        ("tanh", MeanAbsoluteError()),
        ("sigmoid", bp.BinaryCrossEntropy()),
        ("softmax", bp.CategoricalCrossEntropy()),
    ][seed % 4]
    sizes[-1] = max(2, sizes[-1]) if end == "softmax" else sizes[-1]
    hidden = str(random.choice(["relu", "tanh", "sigmoid"]))
    network = bp.Network.random(sizes, hidden, end, seed=seed)
    x = random.normal(0, 2, sizes[0])
    target = np.eye(sizes[-1])[random.integers(sizes[-1])]
    rate = float(10.0 ** random.uniform(-6, 0))
    optimizer: bp.Optimizer = bp.SGD(rate, momentum=float(random.choice([0.0, 0.0, 0.9])))
    if seed % 7 == 6:
        optimizer = bp.Adam(rate)
    for _lap in range(3):
        lap = bp.steps(network, x, target, loss, optimizer)
        assert lap[-1].updated is not None and lap[-1].optimizer is not None
        network, optimizer = lap[-1].updated, lap[-1].optimizer
    names = Names.of(network)
    for step in (*lap, *by_worker(lap)):
        yield step, names, loss


def printed(seed: int) -> Iterator[str]:
    """Every text that the floor shows in these moments."""
    for step, names, loss in floors(seed):
        said = caption(step, names, loss)
        yield said.formula
        yield said.sentence
        for layer, count in enumerate(step.network.sizes[1:]):
            for worker in range(count):
                yield from (line.text for line in workbench(step, names, layer, worker))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sum_of_a_floor_comes_out_as_printed(seed: int) -> None:
    found = {one for text in set(printed(seed)) for one in sums(text)}
    assert len(found) > 5
    for one in found:
        assert_comes_out(one)


def test_a_turn_is_always_to_be_seen() -> None:
    random, seen = np.random.default_rng(3), 0
    for _ in range(400):
        old, gradient = random.normal(0, 2), random.normal(0, 10.0 ** random.integers(-9, 3))
        rate = float(10.0 ** random.uniform(-4, 0))
        new = old - rate * gradient
        told = update_sum(old, gradient, new, rate)
        assert_comes_out(told)
        first, *_rest, last = numbers(told)
        assert first != last or " ≈ " in told
        seen += " = " in told
    assert seen > 350


@pytest.mark.parametrize("size", [1e-300, 2.464e-13, 1e-9, 1.0, 1e9])
def test_a_turn_with_speed_is_no_product_however_small_the_knob(size: float) -> None:
    told = update_sum(-1.0 * size, 0.2 * size, -1.9 * size, 1.0)
    assert " → " in told
    assert update_sum(-1.0 * size, 0.5 * size, -1.5 * size, 1.0).count(" = ") == 1


@pytest.mark.parametrize("share", [0.9998251, 0.99999, 0.5, 0.0002892, 1 - 1e-8])
def test_the_logarithm_of_a_share_has_the_digits_that_it_needs(share: float) -> None:
    loss = bp.CategoricalCrossEntropy()
    outputs, targets = np.array([[1 - share, share]]), np.array([[0.0, 1.0]])
    told = loss_formula(loss, outputs, targets, loss.value(outputs, targets))
    assert_comes_out(told.removeprefix("Loss = "))
    assert "≈" not in told


def test_names_that_end_in_a_digit_are_kept_apart_from_amounts() -> None:
    assert named_amounts(["4", "Ana"], np.array([0.5, 2.0])) == "4: 0.5, Ana 2"


# ---- the update, as the numbers say ------------------------------------------------------------

LEMONADE = Names.of(lemonade_factory(), lemonade().input_names, lemonade_workers())


def update(rate: float, momentum: float = 0.0) -> str:
    order, optimizer = lemonade(), bp.SGD(rate, momentum)
    lap = bp.steps(lemonade_factory(), order.inputs, order.targets, optimizer=optimizer)
    return caption(lap[-1], LEMONADE, bp.MeanSquaredError()).sentence


def test_the_lemonade_update_says_which_knobs_move_and_which_stay() -> None:
    assert update(0.01) == (
        "9 of 13 knobs and pinches are turned against their gradients, with learning rate 0.01; "
        "most of all Ana, knob for lemons: from 1 to 0.84. The other 4 stay, for their gradients "
        "are 0: all of Cy; taster, knob for Cy. The next lap starts with the new knobs."
    )


def test_a_large_turn_is_not_called_a_little() -> None:
    assert "most of all Ana, knob for lemons: from 1 to −159." in update(10)
    assert all("little" not in update(rate) for rate in (1e-9, 0.01, 10))


def test_no_gradient_no_turn() -> None:
    network = bp.Network([bp.Dense([[1.0]], [0.0])])
    names, loss = Names.of(network), bp.MeanSquaredError()
    at_rest = bp.steps(network, [1], [1])[-1]
    assert caption(at_rest, names, loss).sentence.startswith("Every gradient is 0, so no knob")
    too_small = bp.steps(network, [1e-9], [1], optimizer=bp.SGD(1e-300))[-1]
    assert "no turn is large enough" in caption(too_small, names, loss).sentence or (
        "1 of 2 knobs" in caption(too_small, names, loss).sentence
    )


def test_a_digit_reader_that_is_sure_says_so() -> None:
    network = bp.Network([bp.Dense(np.eye(10)[[3]] * 40, np.zeros(10), "softmax")])
    names = Names.of(network, ["ink"], [[str(n) for n in range(10)]])
    loss = bp.CategoricalCrossEntropy()
    lap = bp.steps(network, [1], np.eye(10)[3], loss)
    forward, judged = (caption(step, names, loss) for step in lap[:2])
    assert "It says: almost surely 3." in forward.sentence
    assert "The product is almost surely 3, the order said 3" in judged.sentence
    assert not re.search("10⁻", forward.sentence + forward.formula)


def test_a_product_keeps_the_digits_it_needs() -> None:
    assert product(2, 8, 16) == "2 × 8 = 16"
    assert_comes_out(product(1.23456, 2.34567, 1.23456 * 2.34567))
