"""A factory before its orders, as it is looked at, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backprop_lib.engine.activations import ACTIVATIONS, Activation
from backprop_lib.engine.arrays import Array, all_finite
from backprop_lib.engine.diagnosis.words import told
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.network import Network, Trace

LEARNED = 0.5  # below this share of the loss of the best unchanging answer


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """Why a factory does not learn: the cause by name, its layer, and its numbers.

    ``layer`` counts from 0, and is None where no one layer is at fault; ``gate`` is the name of the
    gate that is. As a text it is a sentence. It is true where a cause was found.

    >>> bool(Diagnosis("softmax of one", layer=0)), bool(NOTHING)
    (True, False)
    """

    cause: str
    layer: int | None = None
    figures: tuple[tuple[str, float], ...] = ()
    gate: str = ""

    @classmethod
    def of(
        cls, cause: str, layer: int | None = None, gate: str = "", **numbers: float
    ) -> Diagnosis:
        """A diagnosis with its numbers by name."""
        figures = tuple((name, float(value)) for name, value in numbers.items())
        return cls(cause, layer, figures, gate)

    @property
    def numbers(self) -> dict[str, float]:
        """What was counted and measured, by name."""
        return dict(self.figures)

    def __bool__(self) -> bool:
        return self != NOTHING

    def __repr__(self) -> str:
        return told(self.cause, self.layer, self.numbers, self.gate)


NOTHING = Diagnosis("nothing found")


@dataclass(frozen=True, eq=False)
class Case:
    """A factory, its orders, and how it does on them; what a check needs is worked out when asked.

    ``inputs`` is (examples, inputs) and ``targets`` (examples, outputs), known to fit.
    """

    network: Network
    inputs: Array
    targets: Array
    loss: Loss

    @cached_property
    def trace(self) -> Trace:
        """The way of the orders through the factory."""
        return self.network.run(self.inputs)

    @cached_property
    def overflow(self) -> int | None:
        """The first layer whose amounts are beyond all bounds."""
        steps = enumerate(self.trace.layers)
        return next((n for n, step in steps if not all_finite(step.pre_activations)), None)

    @cached_property
    def learned(self) -> bool:
        """Whether it is clearly better than an answer that is always the same.

        Raises ValueError where the loss cannot judge the products.
        """
        if self.overflow is not None:
            return False
        self.loss.check_outputs(self.trace.output)
        return self.loss.raw_value(self.trace.output, self.targets) < LEARNED * self.unchanging

    @property
    def unchanging(self) -> float:
        """The loss of the best unchanging answer, or of no answer where that one is perfect."""
        left = best_same(self.loss, self.targets)[1]
        if not (self.targets == self.targets[0]).all():
            return left
        shrug = 1.0 / max(2, self.targets.shape[1]) if self.gate(self.last).chances else 0.0
        return self.loss.raw_value(np.full_like(self.targets, shrug), self.targets) or 1.0

    def gate(self, layer: int) -> Activation:
        """A layer's gate."""
        return ACTIVATIONS[self.network.layers[layer].activation]

    @property
    def last(self) -> int:
        """The last layer's number."""
        return len(self.network.layers) - 1

    @property
    def orders(self) -> int:
        """How many orders there are."""
        return len(self.inputs)


def best_same(loss: Loss, targets: Array) -> tuple[Array, float]:
    """The best answer to give to all of these targets, (outputs,), and the loss that it leaves.

    For a squared mistake and for a cross-entropy it is the mean, for an absolute mistake the
    median.
    """
    answers = [targets.mean(axis=0), np.median(targets, axis=0)]
    losses = [loss.raw_value(np.broadcast_to(one, targets.shape), targets) for one in answers]
    best = int(np.argmin(losses))
    return answers[best], losses[best]
