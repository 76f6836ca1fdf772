"""What all gradients cost, by nudging each knob and by backpropagation: counted, and measured.

For the lemonade factory every knob is nudged; for the digit factory a sample of its knobs, and the
time is scaled to all. A nudge also makes a factory with that one knob turned, which takes time and
no multiplication. A ratio within one run says more than milliseconds, which hang on the machine.
``python benchmarks/nudging.py``
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop_lib.datasets import digits, lemonade, lemonade_factory
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.losses import CategoricalCrossEntropy, MeanSquaredError
from backprop_lib.engine.network import Network
from backprop_lib.study.nudging import Cost, KnobLoss, cost, knobs

SAMPLE = 60  # knobs that are timed where there are more
NUDGE = 1e-3
RUNS = 7  # the quickest counts: what else the machine does is not its fault


@dataclass(frozen=True)
class Measured:
    """Seconds for all gradients of one factory and one order, by either way."""

    name: str
    counted: Cost
    nudging: float
    backpropagation: float
    timed: int  # how many knobs were nudged; the rest is scaled

    @property
    def ratio(self) -> float:
        """How many times as long nudging takes."""
        return self.nudging / self.backpropagation


def quickest(work: Callable[[], object], times: int) -> float:
    """Seconds that ``work`` takes, the mean of ``times``, in the quickest of several runs."""
    found = []
    for _run in range(RUNS):
        start = time.perf_counter()
        for _time in range(times):
            work()
        found.append((time.perf_counter() - start) / times)
    return min(found)


def measure(name: str, network: Network, x: Array, target: Array, loss: Loss) -> Measured:
    """Time both ways to all gradients, for one order."""
    every = knobs(network)
    random = np.random.default_rng(0)
    sample = random.permutation(len(every))[:SAMPLE]
    levers = [KnobLoss(network, x, target, loss, every[place]) for place in sample]

    def nudge() -> None:
        for lever in levers:
            lever(lever.stands_at + NUDGE)

    def backpropagate() -> None:
        trace = network.run(x)
        network.run_back(trace, loss.raw_gradient(trace.output, target))

    # One forward pass for each knob, and one without a nudge.
    one_knob = quickest(nudge, times=1) / len(levers)
    counted = cost(network)
    return Measured(
        name, counted, one_knob * counted.passes, quickest(backpropagate, times=50), len(levers)
    )


def both() -> list[Measured]:
    """The lemonade factory and a new digit factory, each with its first order."""
    order, images = lemonade(), digits().train
    reader = Network.random([64, 32, 10], hidden="relu", output="softmax")
    image, label = images.inputs[:1], images.targets[:1]
    return [
        measure("lemonade", lemonade_factory(), order.inputs, order.targets, MeanSquaredError()),
        measure("digits", reader, image, label, CategoricalCrossEntropy()),
    ]


def main() -> None:
    """Print the table."""
    print("factory    knobs   passes   multiplications         times   measured       times")
    print("                   nudging  nudging   backprop  more    nudging  backprop  as long")
    for one in both():
        counted = one.counted
        print(
            f"{one.name:9}{counted.knobs:7,}{counted.passes:9,}{counted.by_nudging:11,}"
            f"{counted.by_backpropagation:9,}{counted.by_nudging / counted.by_backpropagation:8.1f}"
            f"{one.nudging * 1e3:9.2f} ms{one.backpropagation * 1e3:7.3f} ms{one.ratio:8.1f}"
            + ("" if one.timed == counted.knobs else f"  ({one.timed} knobs timed, and scaled)")
        )


if __name__ == "__main__":
    main()
