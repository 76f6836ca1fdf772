"""Put a learner's four parts together, with the engine's in place of those that are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from backprop_lib.checks.build import (
    check_own_backward,
    check_own_forward,
    check_own_loss,
    check_own_update,
)
from backprop_lib.checks.cases import GATES, Knobs, network_of, slope_from
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed


@dataclass(frozen=True, repr=False)
class OwnFactory:
    """Four functions that work together: the learner's own, and those that the engine lends."""

    forward: Callable[..., Any]
    loss: Callable[..., Any]
    backward: Callable[..., Any]
    update: Callable[..., Any]
    lent: tuple[str, ...]

    def __repr__(self) -> str:
        if not self.lent:
            return _("All four parts are your own.")
        return _("Lent by the engine, until yours is right: {names}").format(
            names=listed(self.lent)
        )


def assemble(
    forward: Any, loss: Any, backward: Any, update: Any, gates: Sequence[str] = GATES
) -> OwnFactory:
    """Take each part that its check calls right, and the engine's for each other one.

    >>> assemble(..., lambda product, target: ((product - target) ** 2).mean(), ..., ...)
    Lent by the engine, until yours is right: forward, backward, update
    """
    good = {
        "forward": check_own_forward(forward, gates).ok,
        "loss": check_own_loss(loss).ok,
        "backward": check_own_backward(backward, gates).ok,
        "update": check_own_update(update).ok,
    }
    own = {"forward": forward, "loss": loss, "backward": backward, "update": update}
    engine = _engine_parts(gates)
    parts = {name: own[name] if right else engine[name] for name, right in good.items()}
    return OwnFactory(**parts, lent=tuple(name for name, right in good.items() if not right))


def _engine_parts(gates: Sequence[str]) -> dict[str, Callable[..., Any]]:
    """The engine in the form of the learner's four functions."""

    def forward(x: Array, *knobs: Array) -> tuple[Array, Array]:
        first, last = network_of(knobs, gates).forward(x).layers
        return first.activations, last.activations

    def backward(
        x: Array, hidden: Array, product: Array, target: Array, w2: Array
    ) -> tuple[Array, ...]:
        note = MeanSquaredError().gradient(product, target)
        note2 = note * slope_from(gates[1], product)
        note1 = note2 @ w2.T * slope_from(gates[0], hidden)
        return x.T @ note1, note1.sum(axis=0), hidden.T @ note2, note2.sum(axis=0)

    def update(knobs: Knobs, gradients: Knobs, rate: float) -> list[Array]:
        pairs = zip(knobs, gradients, strict=True)
        return [knob - rate * gradient for knob, gradient in pairs]

    return {
        "forward": forward,
        "loss": MeanSquaredError().value,
        "backward": backward,
        "update": update,
    }
