"""Forward and backward: against autograd, against nudges, frozen, and hard to misuse."""

import dataclasses

import numpy as np
import pytest
from references import (
    ACTIVATIONS,
    NAN,
    NOT_ROWS_OF_TWO,
    PAIRS,
    Layer,
    assert_read_only,
    assert_same,
    autodiff,
    differences,
    forward,
    layers_of,
    lemonade,
    loss_of,
    network_of,
    random_case,
    refused,
    snapshot,
)

import backprop_lib as bp

HIDDEN = list(ACTIVATIONS)
ARRAYS = ("weights", "biases", "pre_activations", "activations")


def backprop(case):
    trace = case.network.forward(case.x)
    return case.network.backward(trace, case.engine_loss.gradient(trace.output, case.target))


# ---- forward --------------------------------------------------------------------------------


@pytest.mark.parametrize("examples", [None, 1, 5])
@pytest.mark.parametrize("output", HIDDEN)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_forward_keeps_every_intermediate(hidden, output, examples):
    case = random_case(hidden, output, "mse", seed=11, examples=examples)
    trace = case.network.forward(case.x)
    zs, activations = forward(case.layers, case.x)
    delivered = [np.atleast_2d(case.x), *activations]
    assert isinstance(trace, bp.Trace)
    assert isinstance(trace.layers, tuple)
    assert len(trace.layers) == len(case.layers)
    for k, layer in enumerate(trace.layers):
        assert isinstance(layer, bp.LayerTrace)
        assert_same(layer.inputs, delivered[k], 1e-14)
        assert_same(layer.pre_activations, zs[k], 1e-14)
        assert_same(layer.activations, activations[k], 1e-14)
    assert_same(trace.output, activations[-1], 1e-14)


def test_a_single_example_is_a_batch_of_one():
    one, batch = lemonade().forward([2, 1]), lemonade().forward([[2, 1]])
    assert snapshot(one) == snapshot(batch)
    assert one.output.shape == (1, 1)


@pytest.mark.parametrize(
    "x",
    [
        np.array([[2, 1]], dtype=np.int8),
        np.array([[2, 1]], dtype=np.float32),
        np.asfortranarray([[2.0, 1.0]]),
        np.array([[0.0, 2.0, 0.0, 1.0]])[:, 1::2],
        np.array([[1.0, 2.0]])[:, ::-1],
        ((2, 1),),
    ],
)
def test_every_way_to_write_numbers_is_taken_and_becomes_float64(x):
    trace = lemonade().forward(x)
    assert_same(trace.layers[0].inputs, [[2.0, 1.0]], 0)
    assert_same(trace.output, [[3.0]], 0)


def test_float32_knobs_become_float64():
    layer = bp.Dense(np.ones((2, 3), np.float32), np.zeros(3, int))
    assert layer.weights.dtype == layer.biases.dtype == np.float64
    assert layer.activation == "identity"


# ---- backward -------------------------------------------------------------------------------


@pytest.mark.parametrize("examples", [None, 1, 6])
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_gradients_against_autograd(hidden, output, loss, seed, examples):
    case = random_case(hidden, output, loss, seed, examples)
    gradients = backprop(case)
    expected, inputs = autodiff(case)
    assert isinstance(gradients, bp.Gradients)
    assert isinstance(gradients.layers, tuple)
    assert len(gradients.layers) == len(expected)
    for k, (layer, reference) in enumerate(zip(gradients.layers, expected, strict=True)):
        assert isinstance(layer, bp.LayerGradients)
        for name in ARRAYS:
            assert_same(getattr(layer, name), reference[name], 1e-12, f"{name} of layer {k}")
    assert_same(gradients.inputs, inputs, 1e-12, "inputs")


@pytest.mark.parametrize("examples", [None, 4])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_gradients_against_central_differences_of_the_engine_itself(hidden, output, loss, examples):
    case = random_case(hidden, output, loss, seed=3, examples=examples)
    gradients = backprop(case)

    def loss_with(layers, x=case.x):
        return case.engine_loss.value(network_of(layers).forward(x).output, case.target)

    for k, layer in enumerate(case.layers):

        def with_part(part, name, k=k):
            changed = case.layers[k]._replace(**{name: part})
            return loss_with([*case.layers[:k], changed, *case.layers[k + 1 :]])

        slopes = differences(lambda W: with_part(W, "weights"), layer.weights)
        assert_same(gradients.layers[k].weights, slopes, 1e-7, f"weights of layer {k}")
        slopes = differences(lambda b: with_part(b, "biases"), layer.biases)
        assert_same(gradients.layers[k].biases, slopes, 1e-7, f"biases of layer {k}")
    slopes = differences(lambda x: loss_with(case.layers, x), case.x)
    assert_same(gradients.inputs, np.atleast_2d(slopes), 1e-7, "inputs")


def test_a_deep_and_narrow_factory():
    random = np.random.default_rng(5)
    gates = ["tanh", "relu", "sigmoid", "softmax", "identity", "tanh", "identity"]
    layers = [Layer(random.normal(size=(3, 3)), random.normal(size=3), gate) for gate in gates]
    case = random_case("tanh", "identity", "mse", 0)._replace(
        layers=layers, x=random.normal(size=(4, 3)), target=random.normal(size=(4, 3))
    )
    gradients = backprop(case)
    for layer, reference in zip(gradients.layers, autodiff(case)[0], strict=True):
        for name in ARRAYS:
            assert_same(getattr(layer, name), reference[name], 1e-12)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_a_batch_adds_up_its_examples(output, loss):
    case = random_case("tanh", output, loss, seed=7, examples=5)
    together = backprop(case)
    alone = [
        backprop(case._replace(x=x, target=t)) for x, t in zip(case.x, case.target, strict=True)
    ]
    for k, layer in enumerate(together.layers):
        # Alone, an example has the whole loss to itself; in a batch of five a fifth of it.
        assert_same(layer.weights, sum(g.layers[k].weights for g in alone) / 5, 1e-13)
        assert_same(layer.biases, sum(g.layers[k].biases for g in alone) / 5, 1e-13)
        notes = np.concatenate([g.layers[k].pre_activations for g in alone]) / 5
        assert_same(layer.pre_activations, notes, 1e-13)
    assert_same(together.inputs, np.concatenate([g.inputs for g in alone]) / 5, 1e-13)


def test_backward_is_linear_in_the_note_that_comes_in():
    case = random_case("sigmoid", "softmax", "mse", seed=8, examples=3)
    trace = case.network.forward(case.x)
    random = np.random.default_rng(8)
    one, other = random.normal(size=(2, *trace.output.shape))
    sum_of_both = case.network.backward(trace, 2 * one - other)
    first, second = case.network.backward(trace, one), case.network.backward(trace, other)
    for k, layer in enumerate(sum_of_both.layers):
        expected = 2 * first.layers[k].weights - second.layers[k].weights
        assert_same(layer.weights, expected, 1e-12)


def test_other_orders_in_between_change_nothing():
    case = random_case("relu", "sigmoid", "bce", seed=9, examples=4)
    network = case.network
    undisturbed = snapshot(backprop(case))
    trace = network.forward(case.x)
    before = snapshot(trace)
    network.forward(np.full(case.x.shape, 7.0))
    network.backward(network.forward(case.x[:1] * -3), np.ones((1, case.target.shape[1])))
    assert snapshot(trace) == before
    note = case.engine_loss.gradient(trace.output, case.target)
    assert snapshot(network.backward(trace, note)) == undisturbed
    assert snapshot(network.backward(trace, note)) == undisturbed


# ---- frozen ---------------------------------------------------------------------------------


def test_every_array_is_read_only():
    network = lemonade()
    trace = network.forward([2.0, 1.0])
    for thing in (network, trace, network.backward(trace, [[4.0]])):
        assert_read_only(thing)


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (lambda n, t, g: n, "layers"),
        (lambda n, t, g: n.layers[0], "weights"),
        (lambda n, t, g: n.layers[0], "activation"),
        (lambda n, t, g: n, "something_new"),
        (lambda n, t, g: n.layers[0], "something_new"),
        (lambda n, t, g: t, "layers"),
        (lambda n, t, g: t, "output"),
        (lambda n, t, g: t.layers[0], "activations"),
        (lambda n, t, g: g, "inputs"),
        (lambda n, t, g: g.layers[0], "weights"),
    ],
)
def test_no_field_can_be_set(owner, name):
    network = lemonade()
    trace = network.forward([2.0, 1.0])
    thing = owner(network, trace, network.backward(trace, [[4.0]]))
    assert hasattr(thing, name) or name == "something_new"
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
        setattr(thing, name, None)


def test_what_the_caller_does_to_his_arrays_later_changes_nothing():
    W, b, x, note = np.ones((2, 1)), np.zeros(1), np.ones((1, 2)), np.ones((1, 1))
    layers = [bp.Dense(W, b)]
    network = bp.Network(layers)
    trace = network.forward(x)
    gradients = network.backward(trace, note)
    before = [snapshot(thing) for thing in (network, trace, gradients)]
    for array in (W, b, x, note):
        array[...] = 99.0
    layers.append(bp.Dense([[5.0]], [5.0]))
    assert [snapshot(thing) for thing in (network, trace, gradients)] == before
    assert len(network.layers) == 1


def test_the_callers_arrays_stay_writable():
    W, b, x = np.ones((2, 1)), np.zeros(1), np.ones((1, 2))
    network = bp.Network([bp.Dense(W, b)])
    network.backward(network.forward(x), [[1.0]])
    for array in (W, b, x):
        assert array.flags.writeable
        assert array.flags.owndata


# ---- random factories -----------------------------------------------------------------------


def test_random_has_the_sizes_and_gates_asked_for():
    network = bp.Network.random([4, 6, 3, 2], hidden="relu", output="softmax", seed=5)
    assert isinstance(network.layers, tuple)
    assert [layer.weights.shape for layer in network.layers] == [(4, 6), (6, 3), (3, 2)]
    assert [layer.biases.shape for layer in network.layers] == [(6,), (3,), (2,)]
    assert [layer.activation for layer in network.layers] == ["relu", "relu", "softmax"]
    plain = bp.Network.random([2, 3, 1])
    assert [layer.activation for layer in plain.layers] == ["tanh", "identity"]
    assert_read_only(network)


def test_random_depends_on_its_seed_and_on_nothing_else():
    def drawn(seed):
        return snapshot(bp.Network.random([3, 4, 2], seed=seed))

    def old_global_state():
        return np.random.get_state()[1].tobytes()

    np.random.seed(1)
    state = old_global_state()
    first = drawn(0)
    assert old_global_state() == state
    np.random.seed(2)
    assert drawn(0) == first == snapshot(bp.Network.random([3, 4, 2]))
    assert drawn(1) != first


@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid"])
def test_random_workers_differ_and_signals_neither_fade_nor_burst(hidden):
    network = bp.Network.random([64, 64, 64, 64, 8], hidden=hidden, seed=3)
    for layer in network.layers:
        columns = {column.tobytes() for column in layer.weights.T}
        assert len(columns) == layer.weights.shape[1]  # alike workers would learn alike for ever
    x = np.random.default_rng(0).normal(size=(50, 64))
    trace = network.forward(x)
    for layer in trace.layers:
        assert 0.02 < layer.activations.std() < 5


@pytest.mark.parametrize(
    ("sizes", "mentions"),
    [
        ([], []),
        ([3], [r"\b3\b|\b1\b"]),
        ([2, 0, 1], [r"\b0\b"]),
        ([2, -3, 1], [r"-3\b"]),
        ([2, 2.5, 1], [r"2\.5"]),
        ([2, "3", 1], ["'3'|\"3\"|str|text"]),
        ([2, None, 1], ["None"]),
        ([2, NAN, 1], ["nan"]),
        ([2, True, 1], ["True"]),
        ("231", ["231"]),
        (None, ["None"]),
        (3, [r"\b3\b"]),
    ],
)
def test_sizes_that_make_no_factory_are_refused(sizes, mentions):
    with refused(*mentions):
        bp.Network.random(sizes)


@pytest.mark.parametrize("gates", [{"hidden": "rleu"}, {"output": "rleu"}])
def test_random_refuses_unknown_gates(gates):
    with refused("rleu", *ACTIVATIONS):
        bp.Network.random([2, 3, 1], **gates)


@pytest.mark.parametrize("seed", ["lemonade", 1.5, -1, NAN])
def test_random_refuses_what_is_no_seed(seed):
    with refused(str(seed)):
        bp.Network.random([2, 3, 1], seed=seed)


# ---- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(("bad", "mentions"), NOT_ROWS_OF_TWO)
def test_bad_inputs_are_refused(bad, mentions):
    with refused(*mentions):
        lemonade().forward(bad)


@pytest.mark.parametrize(
    ("weights", "mentions"),
    [
        (np.zeros(3), [r"\(3,\)"]),
        (np.zeros((2, 3, 1)), [r"\(2, 3, 1\)"]),
        (np.zeros((0, 3)), [r"\(0, 3\)|\b0\b"]),
        (np.zeros((3, 0)), [r"\(3, 0\)|\b0\b"]),
        ([[1.0, NAN, 0.0]], ["nan|not.a.number"]),
        ([[1.0, float("inf"), 0.0]], ["inf"]),
        ("lemons", ["lemons"]),
        ([["1", "2", "3"]], ["text|str|'1'"]),
        ([[1.0, 2.0, 3.0], [1.0]], []),
        (None, ["None"]),
        (2.0, [r"2|\(\)"]),
        ([[1j, 0, 0]], ["1j|complex"]),
    ],
)
def test_weights_that_are_no_table_of_numbers_are_refused(weights, mentions):
    with refused("weights", *mentions):
        bp.Dense(weights, np.zeros(3))


@pytest.mark.parametrize(
    ("biases", "mentions"),
    [
        (np.zeros(2), [r"\b3\b", r"\b2\b"]),
        (np.zeros((1, 3)), [r"\(1, 3\)"]),
        (0.0, [r"\(\)|\b0"]),
        ([0.0, NAN, 0.0], ["nan|not.a.number"]),
        ([0.0, float("-inf"), 0.0], ["-inf"]),
        ("abc", ["abc"]),
        (["1", "2", "3"], ["text|str|'1'"]),
        (None, ["None"]),
        ([], [r"\b0\b|empty"]),
    ],
)
def test_biases_that_do_not_fit_are_refused(biases, mentions):
    with refused("biases", *mentions):
        bp.Dense(np.zeros((2, 3)), biases)


def test_layers_that_do_not_fit_each_other_are_named():
    three, four = bp.Dense(np.zeros((2, 3)), np.zeros(3)), bp.Dense(np.zeros((4, 1)), np.zeros(1))
    fits = bp.Dense(np.zeros((2, 2)), np.zeros(2))
    with refused(r"layer 3\b", r"layer 2\b", r"\b3 activations\b", r"\b4\b"):
        bp.Network([fits, three, four])


@pytest.mark.parametrize(
    ("layers", "mentions"),
    [
        ([], []),
        (None, ["None"]),
        ([None], ["None"]),
        ([[[1.0]]], [r"\[1\.0\]|list"]),
        ("abc", []),
        (3, ["3|int"]),
        ([bp.Dense([[1.0]], [0.0]), "relu"], ["relu|str"]),
    ],
)
def test_what_is_no_list_of_layers_is_refused(layers, mentions):
    with refused(*mentions):
        bp.Network(layers)


@pytest.mark.parametrize(
    ("note", "mentions"),
    [
        (np.zeros((1, 2)), [r"\b2\b", r"\b1\b"]),
        (np.zeros((3, 1)), [r"\b3\b", r"\b1\b"]),
        (np.zeros(2), [r"\b2\b"]),
        ([[NAN]], ["nan|not.a.number"]),
        ([[float("inf")]], ["inf"]),
        ("lemons", ["lemons"]),
        (None, ["None"]),
        ([], [r"empty|\b0\b"]),
    ],
)
def test_notes_that_do_not_fit_are_refused(note, mentions):
    network = lemonade()
    with refused(*mentions):
        network.backward(network.forward([2.0, 1.0]), note)


@pytest.mark.parametrize("trace", [None, "trace", np.zeros((1, 1))])
def test_what_is_no_trace_is_refused(trace):
    with refused("trace"):
        lemonade().backward(trace, [[1.0]])


@pytest.mark.parametrize("sizes", [[2, 4, 1], [3, 3, 1], [2, 3, 1, 1], [2, 1]])
def test_the_trace_of_another_factory_is_refused(sizes):
    other = bp.Network.random(sizes)
    trace = other.forward(np.ones(sizes[0]))
    with refused("trace"):
        lemonade().backward(trace, [[1.0]])


def test_the_reference_and_the_engine_read_a_network_alike():
    # The helpers of the other tests go back and forth between both; this holds them together.
    case = random_case("tanh", "softmax", "cce", seed=12, examples=3)
    again = network_of(layers_of(case.network))
    assert snapshot(again) == snapshot(case.network)
    value = case.engine_loss.value(again.forward(case.x).output, case.target)
    expected = float(loss_of(case.layers, case.x, case.target, "cce"))
    assert value == pytest.approx(expected, rel=1e-14)


def test_where_nobody_has_worked_there_is_no_product():
    with pytest.raises(ValueError, match="Expected a trace of at least one layer, but nobody has"):
        _ = bp.Trace(()).output
