"""Turning the knobs: SGD, its momentum and Adam against autograd's own and against plain loops."""

import math

import numpy as np
import pytest
from autograd.misc import optimizers as autograd_optimizers
from references import (
    INF,
    NAN,
    NOT_POSITIVE,
    assert_read_only,
    assert_same,
    lemonade,
    random_case,
    refused,
    snapshot,
)

import backprop_lib as bp


def gradients_of(network, case):
    trace = network.forward(case.x)
    return network.backward(trace, case.engine_loss.gradient(trace.output, case.target))


def knobs_of(thing):
    """Every knob (or every knob's gradient) in one long row."""
    return np.concatenate(
        [part.ravel() for layer in thing.layers for part in (layer.weights, layer.biases)]
    )


def gradients_like(network, draw):
    """Gradients whose every number comes from draw(shape)."""
    rows = 1
    layers = tuple(
        bp.LayerGradients(
            weights=draw(layer.weights.shape),
            biases=draw(layer.biases.shape),
            pre_activations=np.zeros((rows, layer.biases.size)),
            activations=np.zeros((rows, layer.biases.size)),
        )
        for layer in network.layers
    )
    return bp.Gradients(layers=layers, inputs=np.zeros((rows, network.layers[0].weights.shape[0])))


def noise(network, laps, seed=0, scale=1.0):
    """A different gradient for every lap, so that state matters."""
    random = np.random.default_rng(seed)
    return [gradients_like(network, lambda s: scale * random.normal(size=s)) for _ in range(laps)]


def walk(optimizer, network, gradients):
    for lap in gradients:
        network = optimizer.update(network, lap)
    return network


# ---- one knob, with a plain loop ------------------------------------------------------------


def plain_momentum(w, gradients, rate, momentum):
    """PyTorch's SGD: v = m v + g; w = w - lr v."""
    v = 0.0
    for g in gradients:
        v = momentum * v + g
        w -= rate * v
    return w


def plain_adam(w, gradients, rate, beta1, beta2, epsilon):
    """Kingma & Ba 2015, algorithm 1, line by line."""
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w -= rate * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + epsilon)
    return w


ONE_KNOB = [3.0, -1.0, 0.5, 0.0, 1e-9, -2.0, 1e6, 0.25]


def after(optimizer, gradients):
    network = bp.Network([bp.Dense([[1.5]], [1.5])])
    laps = [gradients_like(network, lambda s, g=g: np.full(s, g)) for g in gradients]
    layer = walk(optimizer, network, laps).layers[0]
    assert layer.weights[0, 0] == layer.biases[0]  # a bias is a knob like any other
    return float(layer.biases[0])


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("laps", range(1, len(ONE_KNOB) + 1))
def test_momentum_against_a_plain_loop(laps, momentum):
    expected = plain_momentum(1.5, ONE_KNOB[:laps], 0.05, momentum)
    actual = after(bp.SGD(learning_rate=0.05, momentum=momentum), ONE_KNOB[:laps])
    assert actual == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "settings", [(0.001, 0.9, 0.999, 1e-8), (0.3, 0.5, 0.9, 1e-3), (0.1, 0.0, 0.0, 1e-8)]
)
@pytest.mark.parametrize("laps", range(1, len(ONE_KNOB) + 1))
def test_adam_against_a_plain_loop(laps, settings):
    expected = plain_adam(1.5, ONE_KNOB[:laps], *settings)
    rate, beta1, beta2, epsilon = settings
    optimizer = bp.Adam(learning_rate=rate, beta1=beta1, beta2=beta2, epsilon=epsilon)
    assert after(optimizer, ONE_KNOB[:laps]) == pytest.approx(expected, rel=1e-13)


def test_the_settings_that_nobody_named():
    assert after(bp.SGD(), [3.0, 1.0]) == pytest.approx(1.5 - 0.1 * 3 - 0.1 * 1, rel=1e-15)
    expected = plain_adam(1.5, ONE_KNOB, 0.001, 0.9, 0.999, 1e-8)
    assert after(bp.Adam(), ONE_KNOB) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6, 1e100])
def test_adams_first_turn_is_one_learning_rate_whatever_the_gradient(size):
    assert after(bp.Adam(learning_rate=0.01), [size]) == pytest.approx(1.49, rel=1e-6)
    assert after(bp.Adam(learning_rate=0.01), [-size]) == pytest.approx(1.51, rel=1e-6)


def test_adam_leaves_a_knob_alone_that_never_had_a_gradient():
    assert after(bp.Adam(), [0.0] * 5) == 1.5


# ---- whole factories, with autograd's optimizers --------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_plain_sgd_is_one_subtraction(seed):
    case = random_case("tanh", "identity", "mse", seed, examples=4)
    network, gradients = case.network, gradients_of(case.network, case)
    new = bp.SGD(learning_rate=0.3).update(network, gradients)
    expected = knobs_of(network) - 0.3 * knobs_of(gradients)
    np.testing.assert_allclose(knobs_of(new), expected, rtol=1e-15, atol=1e-16)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_sgd_against_autograds_own(momentum):
    network = random_case("tanh", "softmax", "cce", seed=1).network
    laps = noise(network, 40)
    # autograd averages: v' = m v' - (1 - m) g, w += step v'. With v' = -(1 - m) v it is PyTorch's
    # form for step = rate / (1 - m).
    expected = autograd_optimizers.sgd(
        lambda _, lap: knobs_of(laps[lap]),
        knobs_of(network),
        num_iters=len(laps),
        step_size=0.05 / (1 - momentum),
        mass=momentum,
    )
    actual = walk(bp.SGD(learning_rate=0.05, momentum=momentum), network, laps)
    assert_same(knobs_of(actual), expected, 1e-13)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_adam_against_autograds_own(scale):
    network = random_case("tanh", "softmax", "cce", seed=2).network
    laps = noise(network, 40, scale=scale)
    expected = autograd_optimizers.adam(
        lambda _, lap: knobs_of(laps[lap]), knobs_of(network), num_iters=len(laps), step_size=0.01
    )
    actual = walk(bp.Adam(learning_rate=0.01), network, laps)
    assert_same(knobs_of(actual), expected, 1e-13)


# ---- what an update leaves alone ------------------------------------------------------------

OPTIMIZERS = [
    pytest.param(lambda: bp.SGD(0.1), id="SGD"),
    pytest.param(lambda: bp.SGD(0.1, momentum=0.9), id="momentum"),
    pytest.param(lambda: bp.Adam(0.1), id="Adam"),
]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_an_update_makes_a_new_frozen_factory_and_spoils_nothing(make):
    network = lemonade()
    laps = noise(network, 3)
    before = snapshot(network), [snapshot(lap) for lap in laps]
    optimizer = make()
    first = optimizer.update(network, laps[0])
    kept = snapshot(first)
    walk(optimizer, first, laps[1:])
    assert (snapshot(network), [snapshot(lap) for lap in laps]) == before
    assert snapshot(first) == kept
    assert isinstance(first, bp.Network)
    assert [layer.activation for layer in first.layers] == ["relu", "identity"]
    assert_read_only(first)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_every_optimizer_keeps_its_own_state(make):
    network = lemonade()
    laps, others = noise(network, 4, seed=1), noise(network, 4, seed=2)
    expected = knobs_of(walk(make(), network, laps))
    mine, neighbours, moved = make(), make(), network
    for lap, other in zip(laps, others, strict=True):
        neighbours.update(network, other)
        moved = mine.update(moved, lap)
    assert knobs_of(moved).tolist() == expected.tolist()


@pytest.mark.parametrize("make", OPTIMIZERS[1:])
def test_state_outlives_a_lap(make):
    network = lemonade()
    laps = noise(network, 2)
    worn = make()
    worn.update(network, laps[0])
    assert (
        knobs_of(worn.update(network, laps[1])).tolist()
        != knobs_of(make().update(network, laps[1])).tolist()
    )


# ---- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [bp.SGD, bp.Adam])
@pytest.mark.parametrize(("rate", "mentions"), NOT_POSITIVE)
def test_a_learning_rate_has_to_be_a_positive_finite_number(kind, rate, mentions):
    with refused("learning.rate", *mentions):
        kind(learning_rate=rate)


@pytest.mark.parametrize("kind", [bp.SGD, bp.Adam])
@pytest.mark.parametrize("rate", [1, 0.5, np.float64(0.5), np.float32(0.5), np.int64(1), 1e-300])
def test_every_positive_number_is_a_learning_rate(kind, rate):
    network = lemonade()
    kind(learning_rate=rate).update(network, noise(network, 1)[0])


@pytest.mark.parametrize("momentum", [-0.1, 1.5, NAN, INF, "0.9", None, [0.9]])
def test_a_momentum_that_makes_no_sense_is_refused(momentum):
    with refused("momentum", str(momentum).strip("[]")):
        bp.SGD(momentum=momentum)


@pytest.mark.parametrize("name", ["beta1", "beta2"])
@pytest.mark.parametrize("beta", [-0.1, 1.0, 1.5, NAN, INF, "0.9", None])
def test_betas_that_make_no_sense_are_refused(name, beta):
    with refused(name, str(beta).removesuffix(".0")):
        bp.Adam(**{name: beta})


@pytest.mark.parametrize("epsilon", [-1e-8, NAN, INF, "1e-8", None])
def test_an_epsilon_that_makes_no_sense_is_refused(epsilon):
    with refused("epsilon", str(epsilon)):
        bp.Adam(epsilon=epsilon)


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("sizes", [[2, 4, 1], [3, 3, 1], [2, 3, 1, 1], [2, 1]])
def test_gradients_of_another_factory_are_refused(make, sizes):
    foreign = noise(bp.Network.random(sizes), 1)[0]
    with refused("gradients"):
        make().update(lemonade(), foreign)


@pytest.mark.parametrize("make", OPTIMIZERS[1:])
@pytest.mark.parametrize("sizes", [[2, 4, 1], [3, 3, 1], [2, 3, 1, 1], [2, 1]])
def test_a_worn_optimizer_refuses_another_factory(make, sizes):
    optimizer, network, other = make(), lemonade(), bp.Network.random(sizes)
    laps = noise(network, 2)
    moved = optimizer.update(network, laps[0])
    with refused("network|factory", kinds=ValueError):
        optimizer.update(other, noise(other, 1)[0])
    # And the refusal has not spoilt what it had kept.
    expected = walk(make(), network, laps)
    assert knobs_of(optimizer.update(moved, laps[1])).tolist() == knobs_of(expected).tolist()


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_an_update_refuses_what_is_no_factory_and_what_are_no_gradients(make):
    network = lemonade()
    gradients = noise(network, 1)[0]
    with refused("network"):
        make().update(None, gradients)
    with refused("gradients"):
        make().update(network, None)
    with refused("gradients"):
        make().update(network, network)


def test_an_optimizer_of_ones_own_cannot_be_half_used():
    with pytest.raises(TypeError, match=r"start and change.* rename yours"):

        class Hasty(bp.SGD):
            def update(self, network, gradients):
                return network
