"""The cases of lesson 10: a factory of two floors, with the engine's word on it.

Its knobs are a list of four tables, ``[W1, b1, W2, b2]``, and its gates are two names of the
engine's, one for each floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_lib.engine.activations import ACTIVATIONS, slope
from backprop_lib.engine.arrays import Array, as_list
from backprop_lib.engine.network import Dense, Network, Trace
from backprop_lib.i18n import gettext as _

GATES = ("tanh", "sigmoid")  # of the workers, and of the last floor
KNOBS = ("W1", "b1", "W2", "b2")

Knobs = Sequence[Array]


def network_of(knobs: Knobs, gates: Sequence[str] = GATES) -> Network:
    """The engine's network with these knobs and gates; TypeError or ValueError as for ``Dense``.

    >>> network_of([[[1, 2]], [0, 0], [[1], [1]], [0]])
    Network(1 → 2 tanh → 1 sigmoid)
    """
    w1, b1, w2, b2 = _as_so_many(knobs, len(KNOBS), _("the knobs, [W1, b1, W2, b2]"))
    one, other = _as_so_many(gates, len(GATES), _("the gates"))
    return Network([Dense(w1, b1, one), Dense(w2, b2, other)])


def _as_so_many(value: object, count: int, name: str) -> list[Any]:
    found = as_list(value, name)
    if len(found) != count:
        raise ValueError(
            _("Expected {count} in the list of {name}, but {found} came.").format(
                count=count, name=name, found=len(found)
            )
        )
    return found


@dataclass(frozen=True)
class Case:
    """A factory with its orders, and what the engine makes of it."""

    network: Network
    knobs: list[Array]
    trace: Trace
    targets: Array

    @classmethod
    def small(cls, gates: Sequence[str]) -> Case:
        """Three orders, two workers and one product; a mix of each sign, and none is 0."""
        knobs = [np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([-1.0, 0.5]),
                 np.array([[1.0], [0.5]]), np.array([0.5])]  # fmt: skip
        x, targets = [[2.0, 1.0], [1.0, 3.0], [1.0, 1.0]], [[0.0], [0.5], [2.0]]
        return cls.of(knobs, gates, np.array(x), np.array(targets))

    @classmethod
    def of(cls, knobs: list[Array], gates: Sequence[str], x: Array, targets: Array) -> Case:
        """These knobs and gates, with these orders."""
        network = network_of(knobs, gates)
        return cls(network, knobs, network.forward(x), targets)

    @classmethod
    def draw(cls, random: np.random.Generator, gates: Sequence[str]) -> Case:
        """A random factory with random orders."""
        # More than one of each, and no two counts alike: a table on its side must not fit.
        inputs, workers, products, orders = random.permutation([2, 3, 4, 5]).tolist()
        knobs = [
            random.normal(0.0, 1.0, shape)
            for shape in ((inputs, workers), workers, (workers, products), products)
        ]
        x, targets = (random.normal(0.0, 1.0, (orders, n)) for n in (inputs, products))
        return cls.of(knobs, gates, x, targets)


def choice() -> list[str]:
    """The names of the gates to choose from: those whose slope what they ship alone tells.

    >>> "tanh" in choice(), "softmax" in choice()
    (True, False)
    """
    z = np.linspace(-3.9, 3.9, 24)
    return [
        gate.name
        for gate in ACTIVATIONS.values()
        if not gate.shared
        and np.allclose(slope_from(gate.name, gate.alone(z)), slope(gate.name, z))
    ]


def slope_from(gate: str, shipped: Array) -> Array:
    """The slope of a gate, from what it ships alone: so the mix need not be handed on."""
    # Where a slope asks for z, then only for its sign, which what is shipped shares.
    return ACTIVATIONS[gate].backward(np.ones_like(shipped), shipped, shipped)
