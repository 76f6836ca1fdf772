"""Gates and losses as whoever adds them would write them, and what they are by hand.

Nothing but the thing itself is added, and its row in the table.
"""

from __future__ import annotations

import math
from typing import Any

import autograd.numpy as anp
import numpy as np
import printed_sums
import pytest
import references

import backprop_lib as bp
from backprop_lib.engine.activations import ACTIVATIONS, Activation
from backprop_lib.engine.loss import Loss, MistakeLoss
from backprop_lib.engine.losses import LOSSES

LEAK = 0.01


SOFTPLUS = Activation(
    "softplus",
    lambda z: np.logaddexp(0.0, z),
    lambda gradient, z, a: gradient / (1.0 + np.exp(-z)),
    low=0.0,
)


LEAKY = Activation(
    "leaky",
    lambda z: np.where(z > 0.0, z, LEAK * z),
    lambda gradient, z, a: np.where(z > 0.0, gradient, LEAK * gradient),
    kinks=(0.0,),
    spread=2.0 / (1.0 + LEAK**2),
)


CAPPED = Activation(  # Howard et al. 2017, arXiv 1704.04861, as relu6
    "capped",
    lambda z: np.clip(z, 0.0, 6.0),
    lambda gradient, z, a: gradient * ((z > 0.0) & (z < 6.0)),
    low=0.0,
    high=6.0,
    kinks=(0.0, 6.0),
    shut_to=0.0,
)


def _sharp(z: Any) -> Any:
    powers = np.exp(2.0 * (z - z.max(axis=1, keepdims=True)))
    return powers / powers.sum(axis=1, keepdims=True)


SHARP = Activation(
    "sharp",
    _sharp,
    lambda g, z, a: 2.0 * a * (g - (g * a).sum(axis=1, keepdims=True)),
    low=0.0,
    high=1.0,
    shared=True,
)


class Huber(MistakeLoss):
    """Half a square for a mistake up to 1, from there on a straight line (Huber 1964)."""

    name = "Huber loss"

    def raw_value(self, outputs: Any, targets: Any) -> float:
        size = np.abs(outputs - targets)
        return float(np.where(size <= 1.0, size**2 / 2.0, size - 0.5).sum()) / outputs.size

    def raw_gradient(self, outputs: Any, targets: Any) -> Any:
        return np.clip(outputs - targets, -1.0, 1.0) / outputs.size


class WrittenHuber(Huber):
    """The same, which says how it is written too."""

    name = "written Huber"

    def forms(self, mistake: float) -> tuple[str, str]:
        return ("({})² × 0.5", "({})") if abs(mistake) <= 1.0 else ("|{}| − 0.5", "sign({})")


class Tilted(MistakeLoss):
    """Too much counts thrice (Koenker and Bassett 1978): a kink that is no even tip."""

    name = "tilted loss"
    kinks = (0.0,)

    def raw_value(self, outputs: Any, targets: Any) -> float:
        mistakes = outputs - targets
        return float(np.where(mistakes > 0.0, 3.0 * mistakes, -mistakes).sum()) / outputs.size

    def raw_gradient(self, outputs: Any, targets: Any) -> Any:
        return np.where(outputs > targets, 3.0, -1.0) / outputs.size

    def forms(self, mistake: float) -> tuple[str, str]:
        return ("3 × ({})" if mistake > 0.0 else "−1 × ({})"), ""


class LogCosh(Loss):
    """No loss of mistakes one by one, and nothing is said of it but its formulas."""

    name = "log cosh"

    def raw_value(self, outputs: Any, targets: Any) -> float:
        return float(np.log(np.cosh(outputs - targets)).sum())

    def raw_gradient(self, outputs: Any, targets: Any) -> Any:
        return np.tanh(outputs - targets)


GATES = (SOFTPLUS, LEAKY, CAPPED, SHARP)


OWN_LOSSES: tuple[Loss, ...] = (Huber(), WrittenHuber(), Tilted(), LogCosh())


def huber(o: Any, t: Any) -> Any:
    size = anp.abs(o - t)
    return anp.where(size <= 1.0, size**2 / 2.0, size - 0.5).sum() / o.size


# By hand, for autograd.
BY_HAND = {
    "softplus": lambda z: anp.log(1.0 + anp.exp(z)),
    "leaky": lambda z: anp.where(z > 0.0, z, LEAK * z),
    "capped": lambda z: anp.minimum(anp.maximum(z, 0.0), 6.0),
    "sharp": lambda z: anp.exp(2.0 * z) / anp.exp(2.0 * z).sum(axis=1, keepdims=True),
}


LOSSES_BY_HAND = {
    "Huber loss": huber,
    "written Huber": huber,
    "tilted loss": lambda o, t: anp.where(o > t, 3.0 * (o - t), t - o).sum() / o.size,
    "log cosh": lambda o, t: anp.log(anp.cosh(o - t)).sum(),
}


def add(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put them into their tables, and what they are by hand beside what the tests compare with."""
    for gate in GATES:
        monkeypatch.setitem(ACTIVATIONS, gate.name, gate)
        monkeypatch.setitem(references.ACTIVATIONS, gate.name, BY_HAND[gate.name])
    for loss in OWN_LOSSES:
        monkeypatch.setitem(LOSSES, loss.name, loss)
    for name, formula in LOSSES_BY_HAND.items():
        monkeypatch.setitem(references.LOSSES, name, formula)
    alone = {
        "softplus": lambda z: math.log1p(math.exp(z)),
        "leaky": lambda z: max(z, LEAK * z),
        "capped": lambda z: min(max(z, 0.0), 6.0),
    }
    for name, f in alone.items():
        monkeypatch.setitem(printed_sums.FUNCTIONS, name, printed_sums.through(f))


EACH_GATE = pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)


ALONE = pytest.mark.parametrize("gate", [SOFTPLUS, LEAKY, CAPPED], ids=lambda gate: gate.name)


EACH_LOSS = pytest.mark.parametrize("loss", OWN_LOSSES, ids=lambda loss: type(loss).__name__)


KNOBS = ([[1.0, -0.5, 0.3], [-1.0, 1.5, 0.7]], [0.1, -0.2, 0.4])


def factory(hidden: str, last: str = "identity") -> bp.Network:
    return bp.Network(
        [
            bp.Dense(*KNOBS, hidden),
            bp.Dense([[0.8, -0.6], [-0.5, 0.9], [1.1, 0.4]], [0.2, -0.1], last),
        ]
    )


X, TARGET = [[2.0, 1.0], [-1.0, 0.5]], [[0.25, 0.75], [1.5, -2.0]]


def options(explorer: Any, trait: str) -> dict[str, str]:
    (found,) = [one for one in explorer.view["controls"] if one.get("trait") == trait]
    return {str(one[0]): str(one[1]) for one in found["options"]}
