"""The gradient check accuses nobody who is right: near, far, saturated, at a tip, or trained."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backprop_lib import (
    SGD,
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    Dense,
    GradientReport,
    Loss,
    MeanSquaredError,
    Network,
    check_gradients,
    train,
)
from backprop_lib.datasets import lemonade_factory
from backprop_lib.engine.losses import MeanAbsoluteError


def accused(report: GradientReport) -> bool:
    return report.compared > 0 and not report.ok


@pytest.mark.parametrize("size", [1.0, 12.0, 100.0, 4200.0, 1e5])
@pytest.mark.parametrize("mix", [0.01, 0.84, 3.0])
@pytest.mark.parametrize("gate", ["tanh", "sigmoid"])
def test_large_inputs_raise_no_alarm(size: float, mix: float, gate: str) -> None:
    network = Network([Dense([[mix / size]], [0], gate), Dense([[1]], [0])])
    report = check_gradients(network, [size], [0], MeanSquaredError())
    assert report.ok
    assert report.compared >= 4


@pytest.mark.parametrize("z", [14, 20, 25, 30, 34, 36, 38, 40, 60, 700])
@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("target", [0, 1])
def test_a_gate_at_its_end_raises_no_alarm(z: float, side: float, target: int) -> None:
    network = Network([Dense([[side * z]], [0], "sigmoid")])
    report = check_gradients(network, [1], [target], BinaryCrossEntropy())
    assert not accused(report)
    assert report.compared + report.at_kink + report.untold == 3


@pytest.mark.parametrize("away", [0.0, 1e-12, 1e-6, -3e-4, 9e-4])
def test_the_tip_of_the_absolute_error_is_a_kink(away: float) -> None:
    network = Network([Dense([[1.0]], [0.0])])
    report = check_gradients(network, [1], [1 + away], MeanAbsoluteError())
    assert (report.compared, report.at_kink, report.untold) == (0, 3, 0)
    assert (report.max_relative_error, report.worst) == (0.0, "none")


def trained(seed: int) -> tuple[Network, list[list[float]], np.ndarray, Loss]:
    random = np.random.default_rng(seed)
    hidden = ("tanh", "sigmoid", "relu")[seed % 3]
    x = random.normal(0.0, (1.0, 10.0, 100.0)[seed // 3 % 3], (4, 3))
    yes = (x.sum(axis=1, keepdims=True) > 0).astype(float)
    kinds: list[tuple[str, Loss, np.ndarray]] = [
        ("identity", MeanSquaredError(), yes),
        ("sigmoid", BinaryCrossEntropy(), yes),
        ("softmax", CategoricalCrossEntropy(), np.hstack([yes, 1 - yes])),
        ("identity", MeanAbsoluteError(), yes),
    ]
    gate, loss, targets = kinds[seed % 4]
    start = Network.random([3, 4, targets.shape[1]], hidden, gate, seed=seed)
    optimizer = Adam(0.05) if seed % 2 else SGD(0.3 if gate != "identity" else 0.001)
    *_laps, last = train(start, x, targets, loss, optimizer, 150)
    return last.network, x.tolist(), targets, loss


@pytest.mark.parametrize("seed", range(60))
def test_a_trained_factory_raises_no_alarm(seed: int) -> None:
    assert not accused(check_gradients(*trained(seed)))


@pytest.mark.parametrize("seed", range(0, 60, 5))
def test_a_planted_error_is_caught_wherever_it_can_be_told(seed: int) -> None:
    network, x, targets, loss = trained(seed)
    trace = network.forward(x)
    right = network.backward(trace, loss.gradient(trace.output, targets))
    sound = check_gradients(network, x, targets, loss)
    layer = right.layers[-1]
    largest = max(float(np.abs(one.weights).max()) for one in right.layers)
    place = np.unravel_index(np.abs(layer.weights).argmax(), layer.weights.shape)
    spoilt = layer.weights.copy()
    spoilt[place] *= 1.0005
    wrong = dataclasses.replace(
        right, layers=(*right.layers[:-1], dataclasses.replace(layer, weights=spoilt))
    )
    report = check_gradients(network, x, targets, loss, gradients=wrong)
    # It is caught, or nothing could be told of it: it lies at a kink, or is next to nothing.
    tiny = abs(spoilt[place]) < 1e-3 * largest
    assert not report.ok or tiny or report.untold > sound.untold or sound.at_kink > 0


def test_most_numbers_of_an_ordinary_factory_are_told() -> None:
    told = silent = 0
    for seed in range(40):
        network = Network.random([3, 4, 2], ("tanh", "sigmoid", "relu")[seed % 3], seed=seed)
        random = np.random.default_rng(seed)
        report = check_gradients(
            network, random.normal(size=(2, 3)), random.normal(size=(2, 2)), MeanSquaredError()
        )
        told += report.compared
        silent += report.untold
        assert report.ok
    assert silent <= 0.05 * told


@pytest.mark.parametrize("size", [1e100, 1e150, 1e153, 1e154, 1e155, 1e200, 1e300, 5e-324, 1e-300])
@pytest.mark.parametrize("place", [(1, 0), (0, 1), (1, 1)])
def test_what_overflows_cannot_be_told_and_makes_no_warning(
    size: float, place: tuple[int, int]
) -> None:
    inputs = np.where(place, size, 1.0)
    for network in (lemonade_factory(), Network.random([2, 3, 1], hidden="tanh")):
        report = check_gradients(network, inputs, [1], MeanSquaredError())
        assert not accused(report), report


def test_an_infinite_gradient_is_wrong_wherever_it_can_be_told() -> None:
    factory, loss = lemonade_factory(), MeanSquaredError()
    trace = factory.forward([2, 1])
    right = factory.backward(trace, loss.gradient(trace.output, [[1]]))
    for wrong in (np.inf, -np.inf, np.nan):
        weights = right.layers[0].weights.copy()
        weights[0, 0] = wrong
        layer = dataclasses.replace(right.layers[0], weights=weights)
        planted = dataclasses.replace(right, layers=(layer, right.layers[1]))
        assert accused(check_gradients(factory, [2, 1], [1], loss, planted))
