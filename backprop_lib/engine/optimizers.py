"""Turn the knobs: an optimizer makes a new network of a network and its gradients.

What an optimizer remembers between two updates (a speed, an average) it keeps itself, so one
optimizer goes with one network. Gradients and networks are left as they were.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from backprop_lib.engine.arrays import Array, as_kind, as_positive, as_share, short
from backprop_lib.engine.frozen import Frozen, locked_within
from backprop_lib.engine.network import Gradients, Network, as_network
from backprop_lib.i18n import gettext as _


@dataclass(frozen=True)
class Optimizer(Frozen, ABC):
    """What the optimizers share: a learning rate, a memory, and the walk over all knobs."""

    learning_rate: float
    # Empty, or the sizes of the network that it serves, and what it remembers of the knobs.
    _memory: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)

    def __init_subclass__(cls) -> None:
        # Training has checked already, and calls turn: an overridden update would be passed over.
        if "update" in vars(cls):
            raise TypeError(
                _(
                    "Expected {optimizer} to define start and change, but it redefines update, "
                    "which checks and then calls them; rename yours, or define turn."
                ).format(optimizer=cls.__name__)
            )

    def __post_init__(self) -> None:
        rate = as_positive(self.learning_rate, _("the learning rate"))
        object.__setattr__(self, "learning_rate", rate)

    def update(self, network: Network, gradients: Gradients) -> Network:
        """Return a new network with every knob turned against its gradient.

        Raises ValueError when the gradients, or what this optimizer remembers, belong to a network
        of other shapes.
        """
        as_network(network).expect(gradients)
        recall = self.remember()
        try:
            with np.errstate(all="ignore"):
                row = network.row()
                row -= self.turn(network, gradients.row())
                return network.architecture.network(row)
        except BaseException:  # an interrupt: nobody gets the network, so nothing is remembered
            recall()
            raise

    def turn(self, network: Network, slopes: Array) -> Array:
        """What to take off ``network.row()``, for slopes in such a row, which are kept by nobody.

        Raises ValueError when what this optimizer remembers belongs to a network of other sizes.
        """
        if not self._memory:
            self._memory[:] = network.sizes, self.start(network.row())
        sizes, entry = self._memory
        if network.sizes != sizes:
            raise ValueError(
                _(
                    "Expected the network that this optimizer has served before, but {network} "
                    "came, of other shapes; make a new optimizer for it."
                ).format(network=short(network))
            )
        change, entry = self.change(slopes, entry)
        self._memory[:] = sizes, entry
        return change

    def remember(self) -> Callable[[], None]:
        """Return what takes the memory back to what it is now, for work that is broken off."""
        memory = self._memory[:]

        def recall() -> None:
            self._memory[:] = memory

        return recall

    def copy(self, learning_rate: float | None = None) -> Self:
        """A twin with the same memory, of its own, and if you like with another learning rate.

        >>> SGD(learning_rate=0.1, momentum=0.9).copy(learning_rate=0.2)
        SGD(learning_rate=0.2, momentum=0.9)
        """
        rate = self.learning_rate if learning_rate is None else learning_rate
        twin = dataclasses.replace(self, learning_rate=rate)
        # What is remembered is replaced, never written into, so what is locked may be shared.
        twin._memory.extend(locked_within(self._memory))
        return twin

    @abstractmethod
    def start(self, knobs: Array) -> Any:
        """What is remembered of an array of knobs before its first update."""

    @abstractmethod
    def change(self, slopes: Array, entry: Any) -> tuple[Array, Any]:
        """How much to take off the knobs, and what to remember from now on."""


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent: w = w - rate · dLoss/dw, if you like with momentum.

    With momentum m (0 <= m < 1) the knobs roll: v = m v + dLoss/dw, w = w - rate · v, in PyTorch's
    form of Polyak 1964. Raises TypeError or ValueError for a rate that is not positive and finite.

    >>> SGD(learning_rate=0.01)
    SGD(learning_rate=0.01, momentum=0.0)
    """

    learning_rate: float = 0.1
    momentum: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "momentum", as_share(self.momentum, _("the momentum")))

    def start(self, knobs: Array) -> Array:
        """No speed."""
        return np.zeros_like(knobs)

    def change(self, slopes: Array, entry: Array) -> tuple[Array, Array]:
        """v = m v + g; w falls by rate · v."""
        if not self.momentum:  # the speed is the gradient itself, and is forgotten
            return self.learning_rate * slopes, entry
        speed = self.momentum * entry + slopes
        return self.learning_rate * speed, speed


@dataclass(frozen=True)
class Adam(Optimizer):
    """Each knob gets a pace of its own (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1).

    Raises TypeError or ValueError for a rate or an epsilon that is not positive and finite, and for
    a beta outside 0 <= beta < 1.

    >>> Adam(learning_rate=0.01)
    Adam(learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-08)
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "beta1", as_share(self.beta1, "beta1"))
        object.__setattr__(self, "beta2", as_share(self.beta2, "beta2"))
        object.__setattr__(self, "epsilon", as_positive(self.epsilon, "epsilon"))

    def start(self, knobs: Array) -> tuple[int, Array, Array]:
        """No updates yet, no mean, no mean square."""
        return 0, np.zeros_like(knobs), np.zeros_like(knobs)

    def change(
        self, slopes: Array, entry: tuple[int, Array, Array]
    ) -> tuple[Array, tuple[int, Array, Array]]:
        """m and v are running means of g and g^2, divided by the weight so far, 1 - beta^t."""
        times, mean, square = entry
        times += 1
        mean = self.beta1 * mean + (1.0 - self.beta1) * slopes
        square = self.beta2 * square + (1.0 - self.beta2) * slopes * slopes
        fair_mean = mean / (1.0 - self.beta1**times)
        fair_square = square / (1.0 - self.beta2**times)
        step = self.learning_rate * fair_mean / (np.sqrt(fair_square) + self.epsilon)
        return step, (times, mean, square)


def as_optimizer(value: Optimizer) -> Optimizer:
    """Return ``value`` if it is an optimizer; else a TypeError says how to come by one.

    >>> as_optimizer(SGD(0.1))
    SGD(learning_rate=0.1, momentum=0.0)
    """
    return as_kind(value, Optimizer, "SGD(0.1)")
