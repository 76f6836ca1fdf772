"""One bound for all trainings: who grows without end is told so, and who begins high is not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_lib import SGD, Adam, MeanSquaredError, Network, train
from backprop_lib.datasets import Dataset, lemonade, lemonade_factory
from backprop_lib.engine.losses import bound
from backprop_lib.pictures.plots import losses_picture
from backprop_lib.study.descent import Bowl, descend, descend_factory
from backprop_lib.study.runs import Run
from backprop_lib.widgets import TrainingPlayground
from backprop_lib.words.playground import exploded_told

LOSS = MeanSquaredError()
LINE = [[1.0], [2.0], [3.0]]


def of_a_line(slope: float) -> list[list[float]]:
    return [[slope * x] for [x] in LINE]


@pytest.mark.parametrize("rate", [0.25, 0.3, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("slope", [0.0, 2.0, 1e6])
def test_growing_without_end_is_called_so(rate: float, slope: float) -> None:
    # Along a line the loss is a bowl: beyond 3/14 · 1 each lap is further out than the one before.
    start = Network.random([1, 1], seed=3)
    first, *_rest, last = train(start, LINE, of_a_line(slope), LOSS, SGD(rate), 2_000)
    assert not first.exploded
    assert last.exploded
    assert last.loss == math.inf
    sound = LOSS.value(last.network.forward(LINE).output, of_a_line(slope))
    assert sound <= bound(first.loss)


@pytest.mark.parametrize("slope", [1e3, 1e6, 1e9, 1e12])
@pytest.mark.parametrize("optimizer", [SGD(0.1), SGD(0.02, momentum=0.5)])
def test_a_large_loss_at_the_start_is_no_explosion(slope: float, optimizer: SGD) -> None:
    start = Network.random([1, 1], seed=3)
    first, *_rest, last = train(start, LINE, of_a_line(slope), LOSS, optimizer.copy(), 2_000)
    assert first.loss > 1e6
    assert not first.exploded
    assert not last.exploded
    assert last.loss < 1e-6 * first.loss


def test_a_small_loss_that_rises_within_bounds_is_no_explosion() -> None:
    start = lemonade_factory()
    order = lemonade()
    records = train(start, order.inputs, order.targets, LOSS, Adam(0.5), 60)
    losses = [record.loss for record in records]
    assert max(np.diff(losses)) > 0.1  # it does rise
    assert all(map(math.isfinite, losses))


def test_a_playground_that_grows_without_end_says_so() -> None:
    playground = TrainingPlayground(([[1, 5], [2, 5], [3, 5], [4, 5]], [0, 0, 1, 1]))
    playground.train(500)
    assert playground.run.exploded
    assert playground.run.epoch < 500
    assert playground.run.score().loss <= playground.run.most
    assert exploded_told(playground.run, 0.3) in playground.view["caption"]
    assert "the loss passed" in playground.view["caption"]


def test_a_run_that_explodes_keeps_its_last_sound_factory() -> None:
    data = Dataset("line", LINE, of_a_line(2.0), ["x"], ["y"], source="made up")
    run = Run(data, None, Network.random([1, 1], seed=3), SGD(0.5), batch_size=2)
    while not run.exploded:
        run.step()
    assert run.history[-1].train == run.score().loss <= run.most
    before = run.network
    run.step()
    assert run.network is before


def test_ways_down_and_pictures_have_the_same_bound() -> None:
    way = descend(Bowl(), [2.0], SGD(1.5), 200)
    assert way.exploded
    assert way.losses[-1] <= bound(way.losses[0]) < 4 * way.losses[-1]
    factory = descend_factory(lemonade_factory(), [2, 1], [1], SGD(0.3), 200)
    assert np.all(factory.losses <= bound(factory.losses[0]))
    assert "beyond all bounds" in losses_picture({"storm": [4, 1e3, 4.1e9]}).alternative
    assert "to 3.9 × 10⁹" in losses_picture({"calm": [4, 1e3, 3.9e9]}).alternative
