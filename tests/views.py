"""Each explorer in some of its states, to be looked at one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import backprop_lib as bp
from backprop_lib.widgets.descent_explorer import places
from backprop_lib.widgets.explorer import Explorer


def floors() -> Iterator[Explorer]:
    floor = bp.FactoryFloor.lemonade()
    yield floor
    for pace in ("floor", "worker"):
        floor.pace = pace
        for position in range(len(floor.moments)):
            floor.position = position
            yield floor
    floor.chosen = [0, 0]
    yield floor


def long_names() -> Iterator[Explorer]:
    inputs, workers = (
        ["柠檬的酸味", "白砂糖的甜味"],
        [["小安和小波", "小彩和品尝师"] * 2, ["味道的品尝师"]],
    )
    for counts in ([2, 4, 1], [2, 8, 1]):
        names = [(workers[0] * 2)[: counts[1]], workers[1]]
        network = bp.Network.random(counts)
        floor = bp.FactoryFloor(network, [2, 1], [1], input_names=inputs, worker_names=names)
        for position in range(len(floor.moments)):
            floor.position = position
            yield floor


def descents() -> Iterator[Explorer]:
    for landscape in places():
        for rate in (0.01, 0.1, 1.1):
            yield bp.LearningRateExplorer(rate, landscape, method="momentum")


def others() -> Iterator[Explorer]:
    yield bp.LossExplorer()
    yield bp.LossExplorer(products=[3, 1.5, 2], targets=[1, 1, 1])
    yield bp.GradientExplorer.lemonade()
    yield bp.GradientExplorer.lemonade(shows="all")
    chain = bp.ChainRuleExplorer()
    yield chain
    chain.path = 1
    yield chain
    chain.chosen = None
    yield chain
    yield bp.NeuronExplorer()
    yield bp.DigitPad()
    yield bp.TrainingPlayground()


KINDS: dict[str, Callable[[], Iterator[Explorer]]] = {
    "floors": floors, "long names": long_names, "descents": descents, "others": others,
}  # fmt: skip
