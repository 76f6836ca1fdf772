"""One whole lap as frozen steps: in order, knowing nothing early, moved by nothing from outside."""

import dataclasses

import numpy as np
import pytest
from references import (
    LEMONS_AND_SUGAR,
    NOT_ROWS_OF_TWO,
    SOURNESS,
    assert_read_only,
    assert_same,
    autodiff,
    layers_of,
    lemonade,
    loss_of,
    random_case,
    refused,
    snapshot,
)

import backprop_lib as bp

CASES = [
    pytest.param(random_case("relu", "identity", "mse", 21), id="one order"),
    pytest.param(random_case("tanh", "softmax", "cce", 22, examples=4), id="four orders"),
    pytest.param(random_case("sigmoid", "sigmoid", "bce", 23, examples=1), id="a batch of one"),
    pytest.param(random_case("softmax", "tanh", "mse", 24, examples=3), id="softmax within"),
]


def lap_of(case, optimizer=None):
    return bp.steps(
        case.network, case.x, case.target, case.engine_loss, optimizer or bp.SGD(learning_rate=0.2)
    )


def facts(step):
    """All that a step knows, bit for bit."""
    plain = (step.phase, step.layer, step.loss, len(step.trace.layers))
    known = tuple(layer is not None for layer in step.gradients)
    return plain, known, snapshot(step)


# ---- the order ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_lap_goes_forward_looks_at_the_loss_comes_back_and_turns_the_knobs_once(case):
    lap = lap_of(case)
    last = len(case.layers) - 1
    expected = [("forward", k) for k in range(last + 1)]
    expected += [("loss", None)]
    expected += [("backward", k) for k in range(last, -1, -1)]
    expected += [("update", None)]
    assert isinstance(lap, tuple)
    assert all(isinstance(step, bp.Step) for step in lap)
    assert [(step.phase, step.layer) for step in lap] == expected


def test_a_factory_of_one_floor_has_a_lap_too():
    lap = bp.steps(bp.Network([bp.Dense([[2.0]], [0.0])]), [3.0], [1.0])
    assert [(s.phase, s.layer) for s in lap] == [
        ("forward", 0),
        ("loss", None),
        ("backward", 0),
        ("update", None),
    ]


# ---- what is known, and when ----------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_step_knows_what_is_known_by_then_and_nothing_that_is_not(case):
    floors = len(case.layers)
    for step in lap_of(case):
        forward_done = step.layer + 1 if step.phase == "forward" else floors
        if step.phase in ("forward", "loss"):
            first_note = floors
        else:
            first_note = step.layer if step.phase == "backward" else 0
        assert isinstance(step.trace, bp.Trace)
        assert len(step.trace.layers) == forward_done
        assert (step.loss is None) == (step.phase == "forward")
        assert (step.output_gradient is None) == (step.phase == "forward")
        assert isinstance(step.gradients, tuple)
        assert [g is not None for g in step.gradients] == [k >= first_note for k in range(floors)]
        assert (step.inputs_gradient is None) == (first_note > 0)
        assert (step.updated is None) == (step.phase != "update")
        assert (step.optimizer is None) == (step.phase != "update")


@pytest.mark.parametrize("case", CASES)
def test_what_is_known_is_true(case):
    network = case.network
    trace = network.forward(case.x)
    note = case.engine_loss.gradient(trace.output, case.target)
    gradients = network.backward(trace, note)
    for step in lap_of(case):
        assert snapshot(step.network) == snapshot(network)
        assert_same(step.inputs, np.atleast_2d(case.x), 0)
        assert_same(step.target, np.atleast_2d(case.target), 0)
        for layer, expected in zip(step.trace.layers, trace.layers, strict=False):
            assert snapshot(layer) == snapshot(expected)
        if step.loss is not None:
            assert type(step.loss) is float
            assert step.loss == case.engine_loss.value(trace.output, case.target)
            assert_same(step.output_gradient, note, 0)
        for layer, expected in zip(step.gradients, gradients.layers, strict=True):
            if layer is not None:
                assert isinstance(layer, bp.LayerGradients)
                assert snapshot(layer) == snapshot(expected)
        if step.inputs_gradient is not None:
            assert_same(step.inputs_gradient, gradients.inputs, 0)
        if step.updated is not None:
            expected = bp.SGD(learning_rate=0.2).update(network, gradients)
            assert snapshot(step.updated) == snapshot(expected)


@pytest.mark.parametrize("case", CASES)
def test_the_numbers_of_a_lap_against_autograd(case):
    *_, last = lap_of(case)
    expected, inputs = autodiff(case)
    for layer, reference in zip(last.gradients, expected, strict=True):
        for name, array in reference.items():
            assert_same(getattr(layer, name), array, 1e-12, name)
    assert_same(last.inputs_gradient, inputs, 1e-12)
    reference_loss = float(loss_of(case.layers, case.x, case.target, case.loss))
    assert last.loss == pytest.approx(reference_loss, rel=1e-14)
    for new, old, reference in zip(layers_of(last.updated), case.layers, expected, strict=True):
        assert_same(new.weights, old.weights - 0.2 * reference["weights"], 1e-13)
        assert_same(new.biases, old.biases - 0.2 * reference["biases"], 1e-13)


def test_what_nobody_named_is_the_mean_squared_error_and_a_rate_of_a_tenth():
    plain = bp.steps(lemonade(), LEMONS_AND_SUGAR, SOURNESS)
    named = bp.steps(
        lemonade(),
        LEMONS_AND_SUGAR,
        SOURNESS,
        loss=bp.MeanSquaredError(),
        optimizer=bp.SGD(learning_rate=0.1),
    )
    assert [facts(step) for step in plain] == [facts(step) for step in named]


@pytest.mark.parametrize("case", CASES)
def test_the_opening_knows_the_order_and_nothing_else(case):
    step = bp.opening(case.network, case.x, case.target)
    assert isinstance(step, bp.Step)
    assert (step.phase, step.layer) == ("forward", None)
    assert step.trace.layers == ()
    assert step.gradients == (None,) * len(case.layers)
    for unknown in ("loss", "output_gradient", "inputs_gradient", "updated", "optimizer"):
        assert getattr(step, unknown) is None, unknown
    assert snapshot(step.network) == snapshot(case.network)
    assert_same(step.inputs, np.atleast_2d(case.x), 0)
    assert_same(step.target, np.atleast_2d(case.target), 0)
    assert_read_only(step)


# ---- frozen ---------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_every_array_of_every_step_is_read_only(case):
    for step in lap_of(case):
        assert_read_only(step)


def test_no_field_of_a_step_can_be_set():
    for step in bp.steps(lemonade(), LEMONS_AND_SUGAR, SOURNESS):
        for field in dataclasses.fields(step):
            with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
                setattr(step, field.name, None)
        with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
            step.something_new = 1


@pytest.mark.parametrize("case", CASES)
def test_peeking_between_two_steps_changes_nothing(case):
    # STYLE.md: on a library that caches on its layers, such a peek spoilt gradients by 2.46.
    network, lap = case.network, lap_of(case)
    before = [facts(step) for step in lap]
    random = np.random.default_rng(0)
    for k, step in enumerate(lap):
        assert facts(step) == before[k]
        boundary = random.normal(size=(50, np.shape(case.x)[-1]))
        for factory in (network, step.network):
            peek = factory.forward(boundary)
            factory.backward(peek, np.ones_like(peek.output))
        bp.steps(step.network, boundary[0], np.atleast_2d(case.target)[0], case.engine_loss)
        list(bp.train(step.network, case.x, case.target, case.engine_loss, bp.Adam(), epochs=2))
        bp.check_gradients(step.network, case.x, case.target, case.engine_loss)
    assert [facts(step) for step in lap] == before
    assert [facts(step) for step in lap_of(case)] == before


def test_going_back_and_forth_shows_the_same_numbers():
    lap = lap_of(CASES[1].values[0])
    there = [facts(step) for step in lap]
    back = [facts(step) for step in reversed(lap)]
    jumping = {k: facts(lap[k]) for k in np.random.default_rng(0).permutation(len(lap))}
    assert back[::-1] == there == [jumping[k] for k in range(len(lap))]


def test_what_the_caller_does_to_his_arrays_later_changes_nothing():
    x, target = np.array(LEMONS_AND_SUGAR), np.array(SOURNESS)
    lap, start = bp.steps(lemonade(), x, target), bp.opening(lemonade(), x, target)
    before = [facts(step) for step in (start, *lap)]
    x[:], target[:] = 99.0, -99.0
    assert [facts(step) for step in (start, *lap)] == before


# ---- the optimizer --------------------------------------------------------------------------

OPTIMIZERS = [
    pytest.param(lambda: bp.SGD(0.05), id="SGD"),
    pytest.param(lambda: bp.SGD(0.05, momentum=0.9), id="momentum"),
    pytest.param(lambda: bp.Adam(0.05), id="Adam"),
]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_computing_steps_twice_gives_the_same(make):
    case = CASES[1].values[0]
    optimizer = make()
    first = [facts(step) for step in lap_of(case, optimizer)]
    assert [facts(step) for step in lap_of(case, optimizer)] == first
    assert [facts(step) for step in lap_of(case, make())] == first


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_laps_go_on_with_the_optimizer_of_the_last_update(make):
    case = CASES[1].values[0]
    network, optimizer = case.network, make()
    by_hand, own = case.network, make()
    for _ in range(6):
        last = bp.steps(network, case.x, case.target, case.engine_loss, optimizer)[-1]
        network, optimizer = last.updated, last.optimizer
        assert type(optimizer) is type(own)
        trace = by_hand.forward(case.x)
        note = case.engine_loss.gradient(trace.output, case.target)
        by_hand = own.update(by_hand, by_hand.backward(trace, note))
        assert snapshot(network) == snapshot(by_hand)


@pytest.mark.parametrize("make", OPTIMIZERS[1:])
def test_using_a_steps_optimizer_does_not_wear_out_the_step(make):
    case = CASES[1].values[0]
    last = lap_of(case, make())[-1]

    def next_lap():
        return facts(
            bp.steps(last.updated, case.x, case.target, case.engine_loss, last.optimizer)[-1]
        )

    assert next_lap() == next_lap()


# ---- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [bp.steps, bp.opening])
@pytest.mark.parametrize(("bad", "mentions"), NOT_ROWS_OF_TWO)
def test_bad_orders_are_refused(call, bad, mentions):
    with refused(*mentions):
        call(lemonade(), bad, SOURNESS)


@pytest.mark.parametrize("call", [bp.steps, bp.opening])
@pytest.mark.parametrize(
    ("target", "mentions"),
    [
        ([1.0, 2.0], [r"\b2\b", r"\b1\b"]),
        ([[1.0], [2.0]], [r"\b2\b", r"\b1\b"]),
        ([float("nan")], ["nan|not.a.number"]),
        ([float("inf")], ["inf"]),
        ("sour", ["sour"]),
        (["1"], ["text|str|'1'"]),
        (None, ["None"]),
        ([], [r"empty|\b0\b"]),
        (np.zeros((1, 1, 1)), [r"\(1, 1, 1\)"]),
    ],
)
def test_bad_targets_are_refused(call, target, mentions):
    with refused(*mentions):
        call(lemonade(), LEMONS_AND_SUGAR, target)


@pytest.mark.parametrize("call", [bp.steps, bp.opening])
def test_what_is_no_factory_is_refused(call):
    with refused("network"):
        call(None, LEMONS_AND_SUGAR, SOURNESS)
    with refused("network"):
        call([2, 3, 1], LEMONS_AND_SUGAR, SOURNESS)


@pytest.mark.parametrize("loss", ["mse", None, 4.0, bp.MeanSquaredError])
def test_what_is_no_loss_is_refused(loss):
    with refused("loss"):
        bp.steps(lemonade(), LEMONS_AND_SUGAR, SOURNESS, loss=loss)


@pytest.mark.parametrize("optimizer", ["sgd", 0.1, 0, bp.SGD])
def test_what_is_no_optimizer_is_refused(optimizer):
    with refused("optimizer"):
        bp.steps(lemonade(), LEMONS_AND_SUGAR, SOURNESS, optimizer=optimizer)
