"""Each gate: its values, its slope, and what it does at the far ends."""

import math

import numpy as np
import pytest
from references import NAN, assert_same, refused

import backprop_lib as bp
from backprop_lib.engine.activations import ACTIVATIONS

NAMES = list(ACTIVATIONS)
LARGEST_BELOW_ONE = np.nextafter(1.0, 0.0)
TINY = np.finfo(float).tiny
SCORES = np.linspace(-3.0, 3.0, 25)


def gate_only(name, width):
    """A floor that does nothing but open and shut its gates: z = x."""
    return bp.Network([bp.Dense(np.eye(width), np.zeros(width), name)])


def shipped(name, scores):
    scores = np.atleast_2d(scores)
    return gate_only(name, scores.shape[1]).forward(scores).output


def slopes(name, scores):
    """f'(z) for a gate that looks at one worker only: the note that comes back for a note of 1."""
    network = gate_only(name, 1)
    trace = network.forward(np.reshape(scores, (-1, 1)))
    gradients = network.backward(trace, np.ones((np.size(scores), 1)))
    return gradients.layers[0].pre_activations[:, 0]


def plain_softmax(row):
    """With Python's floats, and summed exactly."""
    shifted = [math.exp(z - max(row)) for z in row]
    return [e / math.fsum(shifted) for e in shifted]


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("identity", lambda z: z),
        ("relu", lambda z: max(z, 0.0)),
        ("sigmoid", lambda z: 1 / (1 + math.exp(-z))),
        ("tanh", math.tanh),
    ],
)
def test_values_worker_by_worker(name, formula):
    expected = [[formula(float(z)) for z in SCORES]]
    np.testing.assert_allclose(shipped(name, SCORES), expected, rtol=1e-15, atol=0)


def test_softmax_values_row_by_row():
    scores = np.random.default_rng(0).normal(scale=3, size=(7, 4))
    expected = [plain_softmax([float(z) for z in row]) for row in scores]
    np.testing.assert_allclose(shipped("softmax", scores), expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("name", "formula"),
    [("sigmoid", lambda z: 1 / (1 + np.exp(-z))), ("tanh", np.tanh), ("identity", lambda z: z)],
)
def test_slopes_against_a_complex_step(name, formula):
    # Squire and Trapp 1998: Im f(z + ih) / h has no cancellation, hence no error worth the name.
    expected = formula(SCORES + 1e-200j).imag / 1e-200
    np.testing.assert_allclose(slopes(name, SCORES), expected, rtol=1e-13, atol=0)


def test_relu_is_open_above_zero_and_shut_at_zero_and_below():
    scores = [-2.0, -TINY, -0.0, 0.0, TINY, 2.0]
    assert slopes("relu", scores).tolist() == [0, 0, 0, 0, 1, 1]
    assert shipped("relu", scores).tolist() == [[0, 0, 0, 0, TINY, 2]]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1.0, 40.0, 700.0, 1000.0, 1e10, 1e308])
def test_nothing_overflows_and_nothing_is_lost_at_the_far_ends(name, size):
    scores = np.array([[size, -size, 0.0], [-size, -size, size], [size, size, size]])
    output = shipped(name, scores)
    assert np.isfinite(output).all()
    network = gate_only(name, 3)
    gradients = network.backward(network.forward(scores), np.ones((3, 3)))
    assert np.isfinite(gradients.inputs).all()


@pytest.mark.parametrize("name", ["sigmoid", "softmax"])
@pytest.mark.parametrize("size", [37.0, 50.0, 700.0, 710.0, 1000.0, 1e10, 1e308])
def test_probabilities_stay_strictly_between_0_and_1(name, size):
    output = shipped(name, [[size, -size], [-size, size], [0.0, size]])
    assert (output >= TINY).all()
    assert (output <= LARGEST_BELOW_ONE).all()


@pytest.mark.parametrize("inputs", [1, 2, 64])
def test_a_softmax_of_one_has_nothing_to_choose_and_is_refused(inputs):
    with pytest.raises(ValueError, match="try a sigmoid"):
        bp.Dense(np.ones((inputs, 1)), [0.0], "softmax")
    with pytest.raises(ValueError, match="try a sigmoid"):
        bp.Network.random([inputs, 1], output="softmax")
    with pytest.raises(ValueError, match="try a sigmoid"):
        bp.Network.random([inputs, 1, 2], hidden="softmax")
    assert bp.Network.random([inputs, 2], output="softmax").sizes == (inputs, 2)


@pytest.mark.parametrize("z", [-5.0, -37.0, -100.0, -700.0])
def test_small_probabilities_keep_all_their_digits(z):
    expected = math.exp(z) / (1 + math.exp(z))
    assert shipped("sigmoid", [[z]])[0, 0] == pytest.approx(expected, rel=1e-14, abs=0)
    assert shipped("softmax", [[0.0, z]])[0, 1] == pytest.approx(expected, rel=1e-14, abs=0)


@pytest.mark.parametrize("z", [-1000.0, -40.0, -3.0, 0.0, 3.0, 40.0, 1000.0])
def test_sigmoid_is_symmetric(z):
    assert shipped("sigmoid", [[z]]) + shipped("sigmoid", [[-z]]) == pytest.approx(1.0, abs=1e-15)


def test_softmax_rows_add_up_to_one_and_do_not_see_each_other():
    scores = np.random.default_rng(1).normal(scale=100, size=(6, 5))
    output = shipped("softmax", scores)
    np.testing.assert_allclose(output.sum(axis=1), 1.0, rtol=1e-14)
    for row, scores_of_row in zip(output, scores, strict=True):
        assert_same(row[None], shipped("softmax", scores_of_row), 1e-15)


def test_softmax_looks_at_differences_only():
    scores = np.random.default_rng(2).integers(-9, 9, size=(4, 3)).astype(float)
    assert_same(shipped("softmax", scores + 1e6), shipped("softmax", scores), 1e-15)


def test_softmax_slopes_against_its_whole_table():
    # dp_i/dz_j = p_i (δ_ij - p_j)
    scores = np.array([0.3, -1.2, 2.0])
    p = np.array(plain_softmax(scores.tolist()))
    network = gate_only("softmax", 3)
    trace = network.forward(scores)
    for i in range(3):
        note = np.eye(3)[[i]]
        expected = (p[i] * (np.eye(3)[i] - p))[None]
        actual = network.backward(trace, note).layers[0].pre_activations
        assert_same(actual, expected, 1e-14)


@pytest.mark.parametrize("name", ["rleu", "", "Sigmoid function", "soft max"])
def test_an_unknown_gate_is_refused_with_the_list_of_the_known(name):
    with refused(repr(name), *NAMES):
        bp.Dense([[1.0]], [0.0], name)


@pytest.mark.parametrize("name", [None, 3, NAN, ["relu"], np.tanh])
def test_a_gate_that_is_no_name_is_refused_with_the_list_of_the_known(name):
    with refused(*NAMES):
        bp.Dense([[1.0]], [0.0], name)
