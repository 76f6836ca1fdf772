"""The checker, checked: no false alarm, and no wrong gradient that gets past it."""

import dataclasses
import itertools
import re

import numpy as np
import pytest
from references import (
    ACTIVATIONS,
    ENGINE_LOSSES,
    LEMONS_AND_SUGAR,
    NOT_ROWS_OF_TWO,
    PAIRS,
    SOURNESS,
    lemonade,
    random_case,
    refused,
)

import backprop_lib as bp

FLAWED = 1.0005  # a planted error of 0.05 %, as autograd's tests/test_tests.py plants it


def backprop(network, x, target, loss):
    trace = network.forward(x)
    return network.backward(trace, loss.gradient(trace.output, target))


def planted(gradients, layer, name, flaw):
    """The same gradients, with flaw(array) in one place."""
    array = np.array(getattr(gradients.layers[layer], name))
    changed = dataclasses.replace(gradients.layers[layer], **{name: flaw(array)})
    layers = list(gradients.layers)
    layers[layer] = changed
    return dataclasses.replace(gradients, layers=tuple(layers))


def scaled_at(index, factor=FLAWED, more=0.0):
    def flaw(array):
        array[index] = array[index] * factor + more
        return array

    return flaw


def knobs(network):
    """Every knob's place: layer, array, index."""
    for k, layer in enumerate(network.layers):
        for name in ("weights", "biases"):
            for index in np.ndindex(getattr(layer, name).shape):
                yield k, name, index


# ---- no false alarm -------------------------------------------------------------------------


@pytest.mark.parametrize("examples", [None, 4])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", list(ACTIVATIONS))
def test_backprop_passes_its_check(hidden, output, loss, examples):
    case = random_case(hidden, output, loss, seed=41, examples=examples)
    report = bp.check_gradients(case.network, case.x, case.target, case.engine_loss)
    assert isinstance(report, bp.GradientReport)
    assert report.ok is True
    assert type(report.max_relative_error) is float
    assert 0 <= report.max_relative_error <= 1e-7
    assert isinstance(report.worst, str)
    assert report.at_kink == 0


@pytest.mark.parametrize("seed", range(20))
def test_random_factories_of_all_sizes_pass(seed):
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 8, size=random.integers(2, 5)).tolist()
    hidden = ["tanh", "sigmoid", "relu", "softmax", "identity"][seed % 5]
    network = bp.Network.random(sizes, hidden=hidden, seed=seed)
    x = random.normal(size=(3, sizes[0]))
    report = bp.check_gradients(network, x, random.normal(size=(3, sizes[-1])),
                                bp.MeanSquaredError())  # fmt: skip
    assert report.ok, report


@pytest.mark.parametrize("scale", [1e-3, 1e-2, 1.0, 1e2, 1e3])
@pytest.mark.parametrize("hidden", ["identity", "relu", "tanh"])
def test_small_and_large_units_raise_no_false_alarm(hidden, scale):
    case = random_case(hidden, "identity", "mse", seed=42, examples=3)
    x, target = case.x * scale, case.target * scale
    report = bp.check_gradients(case.network, x, target, bp.MeanSquaredError())
    assert report.ok, report


@pytest.mark.parametrize("score", [5.0, 10.0, 20.0, 40.0])
def test_a_saturated_gate_raises_no_false_alarm(score):
    # Sure and wrong: the loss is large, the slope next to nothing.
    network = bp.Network([bp.Dense([[1.0]], [0.0], "sigmoid"), bp.Dense([[1.0]], [0.0])])
    report = bp.check_gradients(network, [score], [0.0], bp.MeanSquaredError())
    assert report.ok, report


def test_a_factory_that_is_right_already_raises_no_false_alarm():
    network = bp.Network([bp.Dense([[2.0], [1.0]], [0.5])])
    report = bp.check_gradients(network, [1.0, 1.0], [3.5], bp.MeanSquaredError())
    assert report.ok, report


def test_at_the_bottom_of_the_valley_there_is_no_false_alarm():
    # A line through points that do not lie on one: the loss stays, the gradients are rounding.
    random = np.random.default_rng(48)
    x, target = random.normal(size=(20, 2)), random.normal(size=(20, 1))
    best, *_ = np.linalg.lstsq(np.hstack([x, np.ones((20, 1))]), target)
    report = bp.check_gradients(
        bp.Network([bp.Dense(best[:2], best[2])]), x, target, bp.MeanSquaredError()
    )
    assert report.ok, report


def test_a_factory_with_every_gate_shut_raises_no_false_alarm():
    network = bp.Network([bp.Dense([[-1.0], [-1.0]], [0.0], "relu"), bp.Dense([[1.0]], [0.0])])
    report = bp.check_gradients(network, [1.0, 1.0], [1.0], bp.MeanSquaredError())
    assert report.ok, report
    assert report.at_kink == 0


# ---- nothing wrong gets past ----------------------------------------------------------------


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", list(ACTIVATIONS))
def test_a_planted_error_of_a_twentieth_of_a_percent_is_caught(hidden, output, loss):
    case = random_case(hidden, output, loss, seed=43, examples=3)
    arguments = (case.network, case.x, case.target, case.engine_loss)
    right = backprop(*arguments)
    assert bp.check_gradients(*arguments, gradients=right).ok
    for layer, name in itertools.product(range(len(case.layers)), ["weights", "biases"]):
        wrong = planted(right, layer, name, lambda array: array * FLAWED)
        report = bp.check_gradients(*arguments, gradients=wrong)
        assert report.ok is False
        assert 1e-4 < report.max_relative_error < 1e-3
        assert np.isfinite(report.max_relative_error)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(random_case("tanh", "identity", "mse", 44, examples=3), id="mse"),
        pytest.param(random_case("sigmoid", "softmax", "cce", 45, examples=3), id="cce"),
    ],
)
def test_a_planted_error_in_a_single_knob_is_caught_and_named(case):
    arguments = (case.network, case.x, case.target, case.engine_loss)
    right = backprop(*arguments)
    named = set()
    for layer, name, index in knobs(case.network):
        wrong = planted(right, layer, name, scaled_at(index))
        report = bp.check_gradients(*arguments, gradients=wrong)
        assert report.ok is False, (layer, name, index)
        assert report.max_relative_error > 1e-4
        named.add(report.worst)
    assert len(named) == len(list(knobs(case.network)))  # each knob has a name of its own


def test_a_planted_error_is_told_however_small_the_loss_is():
    # The loss is 2.25e-12 here, and a knob that is wrong by a hundredth is wrong all the same.
    network = bp.Network([bp.Dense([[1.5]], [0.0]), bp.Dense([[1e-6]], [0.0])])
    arguments = (network, [[1.0]], [[0.0]], bp.MeanSquaredError())
    wrong = planted(backprop(*arguments), 1, "weights", lambda array: array * 1.01)
    report = bp.check_gradients(*arguments, gradients=wrong)
    assert report.max_relative_error == pytest.approx(0.01, rel=0.02)
    assert report.untold == 0


def test_each_of_the_lemonade_factorys_13_knobs_is_watched():
    arguments = (lemonade(), LEMONS_AND_SUGAR, SOURNESS, bp.MeanSquaredError())
    right = backprop(*arguments)
    watched = list(knobs(lemonade()))
    assert len(watched) == 13
    for layer, name, index in watched:
        true = getattr(right.layers[layer], name)[index]
        # Cy's gate is shut: nought is right, and what is not nought is wrong.
        flaw = scaled_at(index) if true else scaled_at(index, more=0.01)
        report = bp.check_gradients(*arguments, gradients=planted(right, layer, name, flaw))
        assert report.ok is False, (layer, name, index)


@pytest.mark.parametrize("loss", ["mse", "bce", "cce"])
def test_everyday_mistakes_are_caught(loss):
    output = {"mse": "tanh", "bce": "sigmoid", "cce": "softmax"}[loss]
    case = random_case("tanh", output, loss, seed=46, examples=4)
    arguments = (case.network, case.x, case.target, case.engine_loss)
    right = backprop(*arguments)
    mistakes = {
        "a forgotten minus": lambda array: -array,
        "a factor of two": lambda array: 2 * array,
        "a mean once too often": lambda array: array / len(case.x),
        "all nought": lambda array: 0 * array,
        "not a number": lambda array: array * np.nan,
        "an infinity": lambda array: array * np.inf,
    }
    for what, mistake in mistakes.items():
        report = bp.check_gradients(*arguments, gradients=planted(right, 0, "weights", mistake))
        assert report.ok is False, what


def test_the_gradients_of_another_order_are_caught():
    case = random_case("tanh", "identity", "mse", seed=47, examples=4)
    loss = case.engine_loss
    other = backprop(case.network, case.x * 1.001, case.target, loss)
    assert not bp.check_gradients(case.network, case.x, case.target, loss, gradients=other).ok


def test_a_wrong_loss_is_caught():
    # The checker nudges the value, so a gradient that does not belong to it shows.
    class Halved(bp.MeanSquaredError):
        def raw_gradient(self, outputs, targets):
            return super().raw_gradient(outputs, targets) / 2

    report = bp.check_gradients(lemonade(), LEMONS_AND_SUGAR, SOURNESS, Halved())
    assert report.ok is False


# ---- kinks ----------------------------------------------------------------------------------


def on_the_kink(z):
    """A ReLU worker whose sum is z, then one without a gate.

    Three knobs and two inputs move that sum; the two knobs behind it do not.
    """
    workers = bp.Dense([[1.0], [-1.0]], [z], "relu")
    return bp.Network([workers, bp.Dense([[2.0]], [0.5])])


@pytest.mark.parametrize("z", [0.0, 1e-12, -1e-12, 1e-9, -1e-9])
def test_a_gate_that_a_nudge_would_flip_is_not_compared(z):
    network = on_the_kink(z)
    report = bp.check_gradients(network, [1.0, 1.0], [1.0], bp.MeanSquaredError())
    assert report.at_kink == 5
    assert report.ok, report


def test_behind_a_kink_the_others_are_still_watched():
    network = on_the_kink(0.0)
    arguments = (network, [1.0, 1.0], [1.0], bp.MeanSquaredError())
    wrong = planted(backprop(*arguments), 1, "biases", lambda array: array * FLAWED)
    report = bp.check_gradients(*arguments, gradients=wrong)
    assert report.ok is False
    assert report.at_kink == 5


@pytest.mark.parametrize("z", [0.1, -0.1])
def test_a_gate_well_off_its_kink_is_compared(z):
    network = on_the_kink(z)
    report = bp.check_gradients(network, [1.0, 1.0], [1.0], bp.MeanSquaredError())
    assert report.at_kink == 0
    assert report.ok, report


# ---- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(("bad", "mentions"), NOT_ROWS_OF_TWO)
def test_bad_inputs_are_refused(bad, mentions):
    with refused(*mentions):
        bp.check_gradients(lemonade(), bad, SOURNESS, bp.MeanSquaredError())


@pytest.mark.parametrize(
    ("target", "mentions"),
    [([1.0, 2.0], [r"\b2\b"]), (None, ["None"]), ([float("nan")], ["nan|not.a.number"])],
)
def test_bad_targets_are_refused(target, mentions):
    with refused(*mentions):
        bp.check_gradients(lemonade(), LEMONS_AND_SUGAR, target, bp.MeanSquaredError())


@pytest.mark.parametrize("sizes", [[2, 4, 1], [3, 3, 1], [2, 3, 1, 1], [2, 1]])
def test_the_gradients_of_another_factory_are_refused(sizes):
    other = bp.Network.random(sizes)
    foreign = backprop(other, np.ones(sizes[0]), [1.0], bp.MeanSquaredError())
    with refused("gradients"):
        bp.check_gradients(
            lemonade(), LEMONS_AND_SUGAR, SOURNESS, bp.MeanSquaredError(), gradients=foreign
        )


def test_what_is_no_factory_no_loss_and_no_gradients_is_refused():
    with refused("network"):
        bp.check_gradients(None, LEMONS_AND_SUGAR, SOURNESS, bp.MeanSquaredError())
    with refused("loss"):
        bp.check_gradients(lemonade(), LEMONS_AND_SUGAR, SOURNESS, "mse")
    with refused("gradients"):
        bp.check_gradients(
            lemonade(), LEMONS_AND_SUGAR, SOURNESS, bp.MeanSquaredError(), gradients="right"
        )


def test_every_loss_has_been_checked():
    assert {loss for _, loss in PAIRS} == set(ENGINE_LOSSES)


def test_a_report_says_in_a_sentence_what_it_told_and_what_it_could_not():
    worker = bp.Network([bp.Dense([[1.0]], [0.0], "relu")])
    loss = bp.MeanSquaredError()
    right = bp.check_gradients(worker, [1], [0], loss)
    assert repr(right).startswith("Right: 3 numbers agree with their nudges, ")
    assert repr(right).endswith("Left out: 0 at a kink, 0 lost in rounding.")
    found = worker.backward(worker.forward([1]), [[3.0]])
    wrong = bp.check_gradients(worker, [1], [0], loss, found)
    assert re.match(
        r"Wrong: of 3 numbers .* is farthest from its nudge, by 3\.3e-01\.", repr(wrong)
    )
    infinite = bp.Network([bp.Dense([[1e200]], [0.0])])
    nothing = bp.check_gradients(
        infinite, [1], [0], loss, infinite.backward(infinite.forward([1]), [[1.0]])
    )
    assert not nothing.ok
    assert repr(nothing) == "Nothing told: 0 numbers lie at a kink, 3 are lost in rounding."


@pytest.mark.parametrize(
    ("error", "ok"), [(0.0, True), (1e-7, True), (1.1e-7, False), (1.0, False)]
)
def test_a_report_is_good_up_to_one_part_in_ten_million(error: float, ok: bool) -> None:
    assert bp.GradientReport(error, "layer 0 weights[0, 0]", compared=1, at_kink=0).ok == ok
    assert not bp.GradientReport(error, "none", compared=0, at_kink=3).ok
