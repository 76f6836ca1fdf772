"""Laps that leave nothing but turned knobs: those of training, which goes many of them.

A lap is that of ``steps``, formula by formula. Here all knobs lie in one row, which is turned in
place, and a network is made of a copy of it when somebody wants to look.
"""

from __future__ import annotations

import math
import sys

import numpy as np

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import Array, all_finite
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.network import Network, knob_gradients, mix, pass_on
from backprop_lib.engine.optimizers import Optimizer


class Laps:
    """A network in training; what it is given must fit it.

    Numbers that become too large are infinite or not-a-number then, and no error: whoever calls
    has NumPy's warnings off.
    """

    def __init__(self, network: Network, loss: Loss, optimizer: Optimizer) -> None:
        self._start, self._loss, self._optimizer = network, loss, optimizer
        self._architecture = network.architecture
        self._row = network.row()
        self._knobs = self._architecture.windows(self._row)
        self._gates = [ACTIVATIONS[name] for name in self._architecture.gates]
        self._take_a_sheet()
        self._own_gate = self._gates[-1].name == loss.gate

    def network(self) -> Network:
        """The network as it is now."""
        return self._architecture.network(self._row.copy())

    def forward(self, x: Array) -> None:
        """Send orders, (examples, inputs), through all floors."""
        self._work = []  # what came to each floor, its mix, and what it shipped
        for gate, (weights, biases) in zip(self._gates, self._knobs, strict=True):
            z = mix(x, weights, biases)
            a = gate.forward(z)
            self._work.append((x, z, a))
            x = a

    def loss(self, targets: Array) -> float:
        """The loss of the last products; infinite where a number is beyond all bounds."""
        gate, (_x, z, a) = self._gates[-1], self._work[-1]
        if not gate.chances:  # others may leave what a loss can judge
            try:
                self._loss.check_outputs(a)
            except ValueError:
                if all_finite(a):
                    raise
                return math.inf
        value = self._loss.raw_value(gate.product(z, a), targets)
        # A shut or saturated gate can hide an infinite knob from the output.
        return value if math.isfinite(value) and all_finite(self._row) else math.inf

    def backward(self, targets: Array) -> None:
        """Carry the notes of the last products back, and turn all knobs."""
        last = len(self._gates) - 1
        gate, (_x, z, a) = self._gates[last], self._work[last]
        if self._own_gate:
            note = self._loss.raw_gradient_of_mix(a, targets)
        else:
            gradient = self._loss.raw_gradient(gate.product(z, a), targets)
            note = gate.backward(gradient, z, a)
        for floor in range(last, -1, -1):
            x, _z, _a = self._work[floor]
            knob_gradients(x, note, *self._gradients[floor])
            if floor:
                gradient = pass_on(note, self._knobs[floor][0])
                _x, z, a = self._work[floor - 1]
                note = self._gates[floor - 1].backward(gradient, z, a)
        self._row -= self._optimizer.turn(self._start, self._slopes)
        if sys.getrefcount(self._slopes) != self._holders:  # an optimizer may keep what it is given
            self._take_a_sheet()

    def _take_a_sheet(self) -> None:
        """For the slopes of all knobs: written anew in each lap, as long as nobody keeps it."""
        self._slopes = np.empty_like(self._row)
        self._gradients = self._architecture.windows(self._slopes)
        self._holders = sys.getrefcount(self._slopes)


def lap(
    network: Network, inputs: Array, targets: Array, loss: Loss, optimizer: Optimizer
) -> Network:
    """The network with its knobs turned once, by orders that fit it."""
    laps = Laps(network, loss, optimizer)
    with np.errstate(all="ignore"):
        laps.forward(inputs)
        laps.backward(targets)
        return laps.network()
