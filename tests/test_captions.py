"""What is said of a step: true numbers, true sums, nothing early, and every word translatable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from known import noted, worked
from languages import Backwards, Foreign, english, named
from printed_sums import NUMBER, agree, assert_comes_out, assert_numbers, exact, numbers
from references import random_case

import backprop_lib as bp
from backprop_lib import i18n
from backprop_lib.datasets import lemonade, lemonade_factory, lemonade_workers
from backprop_lib.engine.moments import by_worker, place_in
from backprop_lib.engine.steps import MATERIALS
from backprop_lib.i18n import factor, number, signed
from backprop_lib.words import Caption, Line, Names, caption, gate_state, workbench
from backprop_lib.words.names import MOST_LISTED, NEXT_TO_NOTHING, is_clear, plain_number

MSE, BCE, CCE = bp.MeanSquaredError(), bp.BinaryCrossEntropy(), bp.CategoricalCrossEntropy()

# ---- another language, in which no English letter is left ---------------------------------------


# ---- reading numbers and sums back from a text --------------------------------------------------


def test_the_reader_of_sums_can_say_no() -> None:
    assert_comes_out("2 × 1 + 1 × (−1) + 0 = 1")
    assert_comes_out("((1 − 2)² + (3 − (−1))²) / 2 = 8.5")
    assert_comes_out("2 × 10⁻⁵ × 3 = 6 × 10⁻⁵")
    assert numbers("A1 −1.5, 2 and +3 × 10⁻⁷; b2 ∞.") == ["−1.5", "2", "+3 × 10⁻⁷", "∞"]
    assert_comes_out("−log 0.0002892 = 8.148")
    assert_comes_out("0.3333 × 1234 = 411.3")
    wrongs = ("2 × 1 + 1 × (−1) + 0 = 1.01", "relu(−1) = −1", "(3 − 1)² = 5", "−1 × 2 = 2")
    for wrong in (*wrongs, "0.3333 × 1234 = 411.8", "−log 0.0002892 = 8.15", "1 × 10⁻⁷ = 0"):
        with pytest.raises(AssertionError):
            assert_comes_out(wrong)


def test_the_reader_of_languages_can_say_no() -> None:
    assert Foreign().gettext("Floor {floor} works.") == "жжжжж {floor} жжжжж."
    assert Backwards().gettext("Floor {floor}: {amount}") == "{amount} ж {floor}"
    assert english("жжжж 3 relu(2), Loss, x·W; and Floor") == ["and", "Floor"]


# ---- laps ---------------------------------------------------------------------------------------


def moments(
    network: bp.Network,
    x: Any,
    target: Any,
    loss: bp.Loss = MSE,
    optimizer: bp.Optimizer | None = None,
) -> tuple[bp.Step, ...]:
    lap = bp.steps(network, x, target, loss, optimizer or bp.SGD(0.01))
    return (bp.opening(network, x, target), *lap)


LEMONADE = Names.of(lemonade_factory(), lemonade().input_names, lemonade_workers())


@pytest.fixture
def lap() -> tuple[bp.Step, ...]:
    return moments(lemonade_factory(), lemonade().inputs, lemonade().targets)


def whole_case(seed: int) -> tuple[bp.Network, np.ndarray, np.ndarray, bp.Loss]:
    """A factory of small whole and half knobs, any gates, one order or a batch of them."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 5, size=random.integers(2, 5))
    ends: list[tuple[str, bp.Loss]] = [
        ("identity", MSE),
        ("relu", MSE),
        ("tanh", MSE),
        ("sigmoid", BCE),
        ("softmax", CCE),
    ]
    output, loss = ends[seed % len(ends)]
    if output == "softmax":
        sizes[-1] = max(sizes[-1], 2)
    layers = []
    for place, (ins, outs) in enumerate(pairwise(sizes)):
        last = place == len(sizes) - 2
        gates = ["identity", "relu", "sigmoid", "tanh", *["softmax"] * int(outs > 1)]
        gate = output if last else random.choice(gates)
        weights = random.integers(-4, 5, (ins, outs)) / 2
        layers.append(bp.Dense(weights, random.integers(-2, 3, outs), str(gate)))
    rows = int(random.choice([1, 1, 2, 4]))
    x = random.integers(-2, 4, (rows, sizes[0])).astype(float)
    target = random.integers(0, 2, (rows, sizes[-1])).astype(float)
    if loss is CCE:
        target = np.eye(sizes[-1])[random.integers(0, sizes[-1], rows)]
    return bp.Network(layers), x, target, loss


CASES = range(20)


def told(seed: int) -> Iterator[tuple[bp.Step, Names, bp.Loss, int]]:
    """Every step and every example of a random case."""
    network, x, target, loss = whole_case(seed)
    for step in moments(network, x, target, loss, bp.SGD(0.5)):
        for example in range(len(x)):
            yield step, named(network), loss, example


def test_the_random_cases_hold_what_they_are_for() -> None:
    cases = [whole_case(seed) for seed in CASES]
    gates = {layer.activation for network, *_ in cases for layer in network.layers}
    assert gates == {"identity", "relu", "sigmoid", "tanh", "softmax"}
    assert {len(x) for _, x, *_ in cases} == {1, 2, 4}
    assert {type(loss) for *_, loss in cases} == {type(MSE), type(BCE), type(CCE)}


# ---- the sentences of a lap ---------------------------------------------------------------------


def is_told_as_answer(step: bp.Step, layer: int, example: int) -> bool:
    """Whether it is told whom the shares of a product speak for, as some are next to nothing."""
    last = layer == len(step.network.layers) - 1
    softmax = step.network.layers[layer].activation == "softmax"
    return last and softmax and is_clear(step.trace.layers[layer].activations[example])


def expected_numbers(step: bp.Step, loss: bp.Loss, example: int) -> tuple[list[str], list[str]]:
    """The numbers that a sentence has to tell, and those that the formula has to hold."""
    if step.phase == "forward" and step.layer is None:
        x, t = step.inputs[example], step.target[example]
        return [number(one) for one in x], [number(one) for one in (*x, *t)]
    if step.phase == "forward":
        work = step.trace.layers[step.layer]
        a = [number(one) for one in work.activations[example]]
        z = [number(one) for one in work.pre_activations[example]]
        gate = step.network.layers[step.layer].activation
        if gate == "softmax":
            short = [plain_number(one).removeprefix("≈ ") for one in work.activations[example]]
            return [str(step.layer + 1), *a], [*z, *short]
        return [str(step.layer + 1), *a], a if gate == "identity" else [*z, *a]
    if step.phase == "loss":
        product = [number(one) for one in (*step.trace.output[example], *step.target[example])]
        orders = [] if len(step.inputs) == 1 else [str(len(step.inputs))]
        return [*product, *orders, number(step.loss)], [number(step.loss)]
    if step.phase == "backward":
        found = step.gradients[step.layer]
        arrived = [signed(one) for one in found.activations[example]]
        past = [signed(one) for one in found.pre_activations[example]]
        gate = step.network.layers[step.layer].activation
        return [str(step.layer + 1), *arrived], past if gate == "identity" else [*arrived, *past]
    raise AssertionError(step.phase)


@pytest.mark.parametrize("seed", CASES)
def test_every_caption_holds_the_engines_numbers_and_no_others(seed: int) -> None:
    for step, names, loss, example in told(seed):
        said = caption(step, names, loss, example)
        if step.phase == "update":
            assert_tells_the_turns(step, said)
            continue
        in_sentence, in_formula = expected_numbers(step, loss, example)
        last = len(step.network.layers) - 1
        at_product = step.phase == "loss" or (step.phase == "forward" and step.layer == last)
        if at_product and is_told_as_answer(step, last, example):
            assert names.workers[last][step.trace.output[example].argmax()] in said.sentence
            assert set(numbers(said.sentence)) < {
                str(last + 1),
                str(len(step.inputs)),
                *in_sentence,
            }
            continue
        assert numbers(said.sentence) == in_sentence, said.sentence
        if step.phase == "loss":
            assert numbers(said.formula)[-1:] == in_formula, said.formula
        else:
            assert numbers(said.formula) == in_formula, said.formula


def flat(layers: Iterable[Any]) -> np.ndarray:
    """All knobs or gradients in one row."""
    return np.concatenate([part.ravel() for one in layers for part in (one.weights, one.biases)])


def assert_tells_the_turns(step: bp.Step, said: Caption) -> None:
    old, new = flat(step.network.layers), flat(step.updated.layers)
    rate, turns = step.optimizer.learning_rate, np.abs(new - old)
    found = numbers(said.sentence)
    if not turns.any():
        assert found == ["0"]
        return
    assert_numbers(found[:3], np.count_nonzero(turns), turns.size, rate)
    farthest = abs(float(exact(found[4]) - exact(found[3])))
    assert farthest == pytest.approx(turns.max(), rel=0.11)  # two digits of it are shown
    stayed = np.count_nonzero(turns == 0)
    why = ["0"] if stayed and not flat(step.gradients)[turns == 0].any() else []
    assert found[5:] == [str(stayed)] * int(stayed > 1) + why
    # "2 − 0.5 × …": the minus of the formula is no sign.
    formula = [one.strip("−") for one in numbers(said.formula)]
    first = [abs(float(row[0])) for row in (old, flat(step.gradients), new)]
    assert_numbers(formula, first[0], rate, *first[1:])


@pytest.mark.parametrize("seed", CASES)
def test_every_formula_of_a_loss_or_an_update_is_true(seed: int) -> None:
    for step, names, loss, example in told(seed):
        formula = caption(step, names, loss, example).formula
        if step.phase == "update":
            assert_comes_out(formula.rsplit(": ", 1)[1])
        elif step.phase == "loss" and "Σ" not in formula:
            assert formula.startswith("Loss = ")
            assert_comes_out(formula.removeprefix("Loss = "))


def test_the_lemonade_lap_is_told_with_its_names(lap: tuple[bp.Step, ...]) -> None:
    said = [caption(step, LEMONADE, MSE) for step in lap]
    forward, back = lap[1].trace.layers[0], lap[-1].gradients[0]
    ana, bo, cy = forward.activations[0]
    assert f"Ana {number(ana)}, Bo {number(bo)}, Cy {number(cy)}" in said[1].sentence
    ana, bo, cy = back.activations[0]
    assert f"Ana {signed(ana)}, Bo {signed(bo)}, Cy {signed(cy)}" in said[5].sentence
    assert f"lemons {number(lap[0].inputs[0, 0])}" in said[0].sentence
    product, order = lap[2].trace.output.item(), lap[0].target.item()
    loss = number(lap[3].loss)
    assert said[3].formula == f"Loss = ({number(product)} − {factor(order)})² = {loss}"
    assert "Ana" in said[6].formula
    assert [one.sentence for one in said] == list(dict.fromkeys(one.sentence for one in said))


def test_each_gate_is_named_in_its_formula(lap: tuple[bp.Step, ...]) -> None:
    relu, identity = caption(lap[1], LEMONADE, MSE), caption(lap[2], LEMONADE, MSE)
    assert "relu" in relu.formula
    assert "relu" not in identity.formula
    assert "relu′" in caption(lap[5], LEMONADE, MSE).formula
    assert "relu′" not in caption(lap[4], LEMONADE, MSE).formula


def test_a_floor_without_a_gate_is_not_said_to_send_anything_through_one(
    lap: tuple[bp.Step, ...],
) -> None:
    assert "gate" in caption(lap[1], LEMONADE, MSE).sentence
    assert "gate" not in caption(lap[2], LEMONADE, MSE).sentence


@pytest.mark.parametrize("optimizer", [bp.SGD(0.1, momentum=0.9), bp.Adam(0.1)])
def test_an_update_that_is_no_single_product_is_not_written_as_one(
    optimizer: bp.Optimizer,
) -> None:
    network, x, t = lemonade_factory(), lemonade().inputs, lemonade().targets
    first = moments(network, x, t, optimizer=optimizer)[-1]
    second = moments(first.updated, x, t, optimizer=first.optimizer)[-1]
    sums = [line.text for line in workbench(second, LEMONADE, 0, 0)[-3:]]
    sums.append(caption(second, LEMONADE, MSE).formula.rsplit(": ", 1)[1])
    news = [*second.updated.layers[0].weights[:, 0], second.updated.layers[0].biases[0]]
    olds = [*second.network.layers[0].weights[:, 0], second.network.layers[0].biases[0]]
    expected = [f"{number(old)} → {number(new)}" for old, new in zip(olds, news, strict=True)]
    assert sums == [*expected, expected[0]]
    said = caption(second, LEMONADE, MSE)
    assert "against its gradient" not in said.sentence
    assert "η" not in said.formula


@pytest.mark.parametrize("momentum", [1e-2, 1e-3, 1e-6, 1e-9])
def test_even_a_little_momentum_is_not_written_as_a_product(momentum: float) -> None:
    network, x, t = lemonade_factory(), lemonade().inputs, lemonade().targets
    optimizer = bp.SGD(0.01, momentum=momentum)
    first = moments(network, x, t, optimizer=optimizer)[-1]
    second = moments(first.updated, x, t, optimizer=first.optimizer)[-1]
    sums = [line.text for line in workbench(second, LEMONADE, 0, 0)[-3:]]
    assert [(" → " in text, "=" in text, "≈" in text) for text in sums] == [
        (True, False, False)
    ] * 3
    plain = moments(first.updated, x, t, optimizer=bp.SGD(0.01))[-1]
    assert all(" = " in line.text for line in workbench(plain, LEMONADE, 0, 0)[-3:])


def test_a_batch_is_told_order_by_order() -> None:
    network, x = lemonade_factory(), [[2, 1], [3, 1], [0, 5]]
    lap = moments(network, x, [[1], [2], [0]])
    sentences = [[caption(step, LEMONADE, MSE, n).sentence for n in range(3)] for step in lap]
    assert all(len(set(told)) == 3 for told in sentences[:-1])
    assert len(set(sentences[-1])) == 1  # the update is the same for all
    assert [numbers(one) for one in sentences[0]] == [["2", "1"], ["3", "1"], ["0", "5"]]


def test_shares_are_listed_while_they_are_few_and_none_is_next_to_nothing() -> None:
    few = np.full(MOST_LISTED, 1.0 / MOST_LISTED)
    assert not is_clear(few)
    assert is_clear(np.append(few, 0.1))
    assert is_clear(np.array([1.0, 0.1 * NEXT_TO_NOTHING]))
    assert not is_clear(np.array([0.1 * NEXT_TO_NOTHING]))


@pytest.mark.parametrize("count", [1, 4, 5, 8, 9, 64])
def test_many_workers_are_cut_short_and_say_so(count: int) -> None:
    network = bp.Network.random([count, count], seed=1)
    names = Names.of(network)
    lap = moments(network, np.arange(1.0, count + 1), np.zeros(count))
    for step in lap:
        said = caption(step, names, MSE)
        assert ("…" in said.description) == (count > 8)
        if step.layer is not None or step is lap[0]:
            assert ("…" in said.formula) == (count > 8)
        assert max(len(part) for part in said.description.split(".")) < 400


# ---- the description ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", CASES)
def test_the_description_holds_all_amounts_and_notes_that_are_known(seed: int) -> None:
    for step, names, loss, example in told(seed):
        said = caption(step, names, loss, example)
        known = [
            [number(one) for one in work.activations[example]]
            for layer, work in enumerate(step.trace.layers)
            if not is_told_as_answer(step, layer, example)
        ]
        known += [
            [signed(one) for one in found.pre_activations[example]]
            for found in step.gradients
            if found is not None
        ]
        known.append([number(one) for one in step.inputs[example]])
        if step.loss is not None:
            known.append([*(number(one) for one in step.target[example]), number(step.loss)])
        found = numbers(said.description)
        for some in known:
            places = range(len(found) - len(some) + 1)
            assert any(found[n : n + len(some)] == some for n in places), (some, said.description)
        assert said.description.endswith(said.sentence)


def test_the_description_tells_the_order_from_the_start_as_the_picture_does() -> None:
    network = lemonade_factory()
    for order in (7.25, 8.75):
        said = caption(bp.opening(network, [2, 1], [order]), LEMONADE, MSE)
        assert number(order) in numbers(said.description)


# ---- nothing is told before it is known ---------------------------------------------------------


def all_told(step: bp.Step, loss: bp.Loss) -> tuple[Caption, list[tuple[Line, ...]]]:
    names = named(step.network)
    sizes = step.network.sizes[1:]
    benches = [
        workbench(step, names, layer, worker)
        for layer, count in enumerate(sizes)
        for worker in range(count)
    ]
    return caption(step, names, loss), benches


@pytest.mark.parametrize("seed", range(6))
def test_what_a_later_step_decides_is_not_told_by_an_earlier_one(seed: int) -> None:
    case = random_case("tanh", "softmax", "cce", 100 + seed)
    network = case.network
    one = moments(network, case.x, case.target, CCE, bp.SGD(0.1))
    other_loss = moments(network, case.x, case.target, MSE, bp.SGD(0.1))
    other_rate = moments(network, case.x, case.target, CCE, bp.SGD(0.2))
    twins = [(CCE, other_rate, "update"), (MSE, other_loss, "loss")]
    for loss, others, decided in twins:
        same = [all_told(a, CCE) == all_told(b, loss) for a, b in zip(one, others, strict=True)]
        first = [step.phase for step in one].index(decided)
        assert all(same[:first])
        assert not any(same[first:])


@pytest.mark.parametrize("seed", range(6))
def test_a_floor_that_has_not_worked_tells_nothing(seed: int) -> None:
    case = random_case("sigmoid", "sigmoid", "mse", 200 + seed)
    *first, last = case.network.layers
    moved = bp.Network([*first, bp.Dense(last.weights + 1, last.biases - 1, last.activation)])
    one, other = (moments(network, case.x, case.target) for network in (case.network, moved))
    same = [all_told(a, MSE) == all_told(b, MSE) for a, b in zip(one, other, strict=True)]
    assert same == [True] * len(case.network.layers) + [False] * (len(one) - len(first) - 1)


# ---- the workbench ------------------------------------------------------------------------------


def benches(seed: int) -> Iterator[tuple[bp.Step, int, int, int, list[str]]]:
    for step, names, _loss, example in told(seed):
        for layer, count in enumerate(step.network.sizes[1:]):
            for worker in range(count):
                lines = workbench(step, names, layer, worker, example)
                assert all(line.label and line.text for line in lines)
                yield step, layer, worker, example, [line.text for line in lines]


@pytest.mark.parametrize("seed", CASES)
def test_every_sum_of_every_workbench_is_true_and_the_engines(seed: int) -> None:
    for step, layer, worker, example, texts in benches(seed):
        if layer >= len(step.trace.layers):
            assert len(texts) == 1
            assert numbers(texts[0]) == []
            continue
        gate = step.network.layers[layer].activation
        work, found = step.trace.layers[layer], step.gradients[layer]
        rest = iter(texts)

        mix = next(rest)
        assert_comes_out(mix)
        weights = step.network.layers[layer].weights[:, worker]
        products = [f for a, w in zip(work.inputs[example], weights, strict=True) for f in (a, w)]
        bias = step.network.layers[layer].biases[worker]
        z, a = work.pre_activations[example, worker], work.activations[example, worker]
        assert_numbers(numbers(mix), *products, bias, z)

        if gate == "softmax":
            mixes = [number(one) for one in work.pre_activations[example]]
            assert numbers(next(rest)) == [*mixes, number(a)]
        elif gate != "identity":
            shipped = next(rest)
            assert_comes_out(shipped)
            assert shipped.startswith(f"{gate}(")
            assert_numbers(numbers(shipped), z, a)
        if found is None:
            assert list(rest) == []
            continue

        arrived = found.activations[example, worker]
        past = found.pre_activations[example, worker]
        note = next(rest)
        if layer == len(step.network.layers) - 1:
            assert numbers(note) == [signed(arrived)]
        else:
            assert_comes_out(note)
            after = step.gradients[layer + 1].pre_activations[example]
            ways = step.network.layers[layer + 1].weights[worker]
            met = [f for n, w in zip(after, ways, strict=True) for f in (n, w)]
            assert_numbers(numbers(note), *met, arrived)
        if gate == "softmax":
            assert numbers(next(rest)) == [number(arrived), number(past)]
        elif gate != "identity":
            through = next(rest)
            assert_comes_out(through)
            assert_numbers([numbers(through)[n] for n in (0, -1)], arrived, past)

        knobs = list(rest)
        gradients = [*found.weights[:, worker], found.biases[worker]]
        amounts = [*work.inputs[example], 1.0]
        assert len(knobs) == len(gradients)
        for text, gradient, amount in zip(knobs, gradients, amounts, strict=True):
            if step.updated is not None:
                assert_comes_out(text)
                assert agree(numbers(text)[2].strip("−"), abs(gradient))
            elif len(step.inputs) > 1:
                assert numbers(text) == [number(gradient), str(len(step.inputs))]
            else:
                assert_comes_out(text)
                assert_numbers(numbers(text), amount, past, gradient)
        if step.updated is not None:
            turned = step.updated.layers[layer]
            news = [*turned.weights[:, worker], turned.biases[worker]]
            assert_numbers([numbers(text)[-1] for text in knobs], *news)


def test_the_last_lines_of_a_workbench_say_whether_a_knob_was_turned(lap: tuple[Any, ...]) -> None:
    for step, word in ((lap[-2], "gradient"), (lap[-1], "turned")):
        labels = [line.label for line in workbench(step, LEMONADE, 0, 0)][-3:]
        assert labels == [
            f"{word}, {knob}" for knob in ("knob for lemons", "knob for sugar", "pinch")
        ]


@pytest.mark.parametrize("seed", CASES)
def test_a_negative_factor_or_summand_stands_in_brackets(seed: int) -> None:
    for step, names, loss, example in told(seed):
        texts = [caption(step, names, loss, example).formula]
        for layer in range(len(step.network.layers)):
            texts += [line.text for line in workbench(step, names, layer, 0, example)]
        for text in texts:
            assert not re.search(r"[×+−] −\d", text), text


@pytest.mark.parametrize("seed", CASES)
def test_no_two_lines_of_a_workbench_have_the_same_label(seed: int) -> None:
    for step, names, _loss, example in told(seed):
        for layer, count in enumerate(step.network.sizes[1:]):
            for worker in range(count):
                labels = [line.label for line in workbench(step, names, layer, worker, example)]
                assert len(set(labels)) == len(labels), labels


def test_the_lemonade_workbench_names_each_delivery(lap: tuple[bp.Step, ...]) -> None:
    ana = workbench(lap[-1], LEMONADE, 0, 0)
    taster = workbench(lap[-1], LEMONADE, 1, 0)
    for source in ("lemons", "sugar"):
        assert sum(source in line.label for line in ana) == 1
    for source in ("Ana", "Bo", "Cy"):
        assert sum(source in line.label for line in taster) == 1


def test_a_material_called_pinch_is_still_a_knob(lap: tuple[bp.Step, ...]) -> None:
    # The very string that the code itself uses: a comparison by identity takes it for the bias.
    names = Names.of(lemonade_factory(), [i18n.gettext("pinch"), "sugar"], lemonade_workers())
    labels = [line.label for line in workbench(lap[-1], names, 0, 0)][-3:]
    plain = [line.label for line in workbench(lap[-1], LEMONADE, 0, 0)][-3:]
    assert labels[0] == plain[0].replace("lemons", "pinch")


def test_a_gate_is_open_above_zero_only() -> None:
    # At the kink the engine takes slope 0: a shut gate.
    states = [gate_state("relu", z) for z in (-1.0, 0.0, 5e-324, 1.0)]
    assert states[0] == states[1] != states[2] == states[3]
    assert len({gate_state(gate, z) for gate in ("tanh", "sigmoid") for z in (-1.0, 1.0)}) == 1


@pytest.mark.parametrize("inputs", [1, 4, 8, 9, 30])
def test_a_long_workbench_is_cut_short_and_says_so(inputs: int) -> None:
    network = bp.Network.random([inputs, 2, 1], seed=2)
    lap = moments(network, np.ones(inputs), [1.0])
    lines = workbench(lap[-1], Names.of(network), 0, 1)
    assert len(lines) <= 13
    assert max(len(line.text) for line in lines) < 200
    assert ("…" in lines[0].text) == (inputs > 8)
    if inputs <= 8:
        assert_comes_out(lines[0].text)


# ---- worker by worker ---------------------------------------------------------------------------


def turns(seed: int) -> Iterator[tuple[bp.Step, Names, bp.Loss, int]]:
    """Every single worker's turn in a random case, with the last example."""
    network, x, target, loss = whole_case(seed)
    for step in by_worker(moments(network, x, target, loss, bp.SGD(0.5))):
        if step.now is not None:
            yield step, named(network), loss, len(x) - 1


@pytest.mark.parametrize("seed", CASES)
def test_each_worker_has_one_turn_forward_and_one_back_and_each_material_one(seed: int) -> None:
    network, x, target, loss = whole_case(seed)
    lap = moments(network, x, target, loss)
    expected: list[Any] = []
    for step in lap:
        whole = step.layer is None or network.layers[step.layer].activation == "softmax"
        if whole:
            expected.append((step.phase, None))
            continue
        expected += [(step.phase, (step.layer, n)) for n in range(network.sizes[step.layer + 1])]
        if (step.phase, step.layer) == ("backward", 0):
            expected += [("backward", (MATERIALS, n)) for n in range(network.sizes[0])]
    found = by_worker(lap)
    assert [(one.phase, one.now) for one in found] == expected
    for place, step in enumerate(lap):
        there = place_in(found, step)
        assert place_in(lap, found[there]) == place
        if there + 1 < len(found):
            following = found[there + 1]
            assert (following.phase, following.layer) != (step.phase, step.layer)


@pytest.mark.parametrize("seed", CASES)
def test_every_turn_is_told_with_true_sums_of_the_engines_numbers(seed: int) -> None:
    for moment, names, loss, example in turns(seed):
        layer, worker = moment.now
        said = caption(moment, names, loss, example)
        name = names.inputs[worker] if layer == MATERIALS else names.workers[layer][worker]
        assert name in said.sentence
        assert said.description.endswith(said.sentence)
        sums = re.findall(rf"[(−\d][^:,]*? = {NUMBER}", said.sentence)
        for one in sums:
            assert_comes_out(one)
        found = numbers(said.sentence)
        if layer == MATERIALS:
            assert number(moment.inputs_gradient[example, worker]) == found[-1]
            assert sums
        elif moment.phase == "forward":
            work = moment.trace.layers[layer]
            assert number(work.pre_activations[example, worker]) in found
            assert number(work.activations[example, worker]) == found[-1]
            assert numbers(said.formula)[-1] == found[-1]
            assert sums
        else:
            back = moment.gradients[layer]
            assert number(back.biases[worker]) == found[-1]
            arrived = back.activations[example, worker]
            assert {number(arrived), signed(arrived)} & set(found)
            for gradient in back.weights[:, worker]:
                assert number(gradient) in found
                assert number(gradient) in numbers(said.formula)


def test_of_many_knobs_only_the_first_and_the_pinch_have_their_gradients_told() -> None:
    many = 3 * MOST_LISTED
    network = bp.Network.random([many, 2, 1], seed=1)
    lap = by_worker(moments(network, np.arange(1.0, many + 1.0), [1]))
    turn = next(one for one in lap if one.phase == "backward" and one.now == (0, 1))
    told = caption(turn, Names.of(network), MSE).sentence
    listed = told.rpartition("The gradients of the knobs: ")[2].rstrip(".").split(", ")
    assert listed[-2] == "…"
    assert listed[-1].startswith("pinch")
    assert 2 < len(listed) < many


@pytest.mark.parametrize("seed", CASES)
def test_nobody_is_told_of_before_their_turn(seed: int) -> None:
    network, x, target, loss_ = whole_case(seed)
    lap = {(s.phase, s.layer): s for s in moments(network, x, target, loss_, bp.SGD(0.5))}
    for moment, names, loss, example in turns(seed):
        forward = moment.phase == "forward"
        layer, worker = moment.now
        for floor, count in enumerate(moment.network.sizes[1:]):
            so_far = [worked(moment, floor), noted(moment, floor)]
            if forward:
                reached = count if floor < layer else worker + 1 if floor == layer else 0
                assert so_far == [reached, 0]
            else:
                reached = count if layer == MATERIALS or floor > layer else 0
                assert so_far == [count, worker + 1 if floor == layer else reached]
            for one in range(count):
                lines = workbench(moment, names, floor, one, example)
                if one >= so_far[0]:
                    assert len(lines) == 1
                    assert numbers(lines[0].text) == []
                elif one >= so_far[1]:
                    assert len(lines) <= 2
                else:
                    assert len(lines) >= 3
        inventories = []
        for step in (moment, lap[moment.phase, moment.layer]):
            said = caption(step, names, loss, example)
            inventories.append(said.description.removesuffix(said.sentence))
        place = 0 if moment.layer == 0 and not forward else moment.layer + 1
        last = (place - 1, moment.network.sizes[place] - 1)
        assert (inventories[0] == inventories[1]) == (moment.now == last)


# ---- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "workers"),
    [
        (["a"], None),
        (["a", "b", "c"], None),
        (None, [["a", "b", "c"]]),
        (None, [["a", "b"], ["c"]]),
        (None, [["a", "b", "c"], ["d"], ["e"]]),
        ([], None),
    ],
)
def test_too_few_or_too_many_names_are_refused(inputs: Any, workers: Any) -> None:
    with pytest.raises(ValueError, match=r"Expected names for \[2, 3, 1\]"):
        Names.of(lemonade_factory(), inputs, workers)


def test_plain_names_are_all_different_even_on_thirty_floors() -> None:
    names = Names.of(bp.Network.random([2] * 31))
    flat = [*names.inputs, *(name for floor in names.workers for name in floor)]
    assert len(set(flat)) == len(flat) == 62


# ---- other languages ----------------------------------------------------------------------------


def everything(seed: int) -> Sequence[str]:
    texts = []
    for step, names, loss, example in (*told(seed), *turns(seed)):
        said = caption(step, names, loss, example)
        texts += [said.sentence, said.formula, said.description]
        for layer in range(len(step.network.layers)):
            for line in workbench(step, names, layer, 0, example):
                texts += [line.label, line.text]
    return texts


@pytest.mark.parametrize("seed", range(10))
def test_no_english_word_is_left_in_another_language(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(seed)
    assert any(english(text) for text in before)
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    after = everything(seed)
    assert [(text, english(text)) for text in after if english(text)] == []
    assert [numbers(text) for text in after] == [numbers(text) for text in before]


def test_plain_names_are_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    names = Names.of(lemonade_factory())
    assert [english(name) for name in names.inputs] == [[], []]
    with pytest.raises(ValueError) as caught:
        Names.of(lemonade_factory(), ["a"])
    assert english(str(caught.value)) == []


@pytest.mark.parametrize("seed", range(10))
def test_a_language_may_put_the_gaps_in_any_order(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(seed)
    monkeypatch.setattr(i18n.catalogues, "_translations", Backwards())
    after = everything(seed)
    assert after != before
    assert [sorted(numbers(text)) for text in after] == [sorted(numbers(text)) for text in before]
