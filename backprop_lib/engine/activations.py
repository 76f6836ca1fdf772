"""The gates: each activation beside its derivative.

Forward, a gate turns a worker's mix z into what it ships, a = f(z). Backward, the chain rule takes
the gradient from a to z: dLoss/dz = dLoss/da · f'(z). Each ``*_backward`` below is that one line,
for a whole batch: it takes (dLoss/da, z, a), all of shape (examples, workers), and returns dLoss/dz
of the same shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_lib.engine.arrays import Array, all_finite, as_numbers, short
from backprop_lib.i18n import gettext as _

# In mathematics sigmoid and softmax never reach 0 or 1; in float64 they would round to them. Kept
# strictly inside, a cross-entropy's 1/p stays finite and cancels against the gate's p, but for
# rounding.
ABOVE_ZERO = np.array(np.finfo(np.float64).tiny)
BELOW_ONE = np.array(np.nextafter(1.0, 0.0))


def strictly_inside(p: Array) -> Array:
    """Keep chances strictly between 0 and 1, where their logarithm is finite."""
    inside: Array = np.minimum(np.maximum(np.asarray(p), ABOVE_ZERO), BELOW_ONE)
    return inside


class Chances(np.ndarray[Any, np.dtype[np.float64]]):
    """What the last floor ships through a gate from 0 to 1, and the mix that it comes from.

    A float64 knows 10⁻³⁰⁰, but no number between 1 - 10⁻¹⁶ and 1: of a sigmoid's product alone,
    what is missing to 1 cannot be told, though of its mix it can, since 1 - f(z) = f(-z). So a
    cross-entropy asks for ``logs``. To all else this is an array like any other; what is computed
    from it, or a part of it, is one without a mix.
    """

    _logs: Callable[[], tuple[Array, Array]] | None

    @classmethod
    def of(cls, a: Array, z: Array, logs: Callable[[Array], tuple[Array, Array]]) -> Chances:
        """The chances ``a`` that a gate has made of the mix ``z``; ``logs`` is the gate's."""
        chances = a.view(cls)
        chances._logs = lambda: logs(z)
        return chances

    @property
    def logs(self) -> tuple[Array, Array] | None:
        """log a and log (1 - a), in this shape; None where the mix is not known, or no number."""
        if self._logs is None:
            return None
        with np.errstate(all="ignore"):
            found = self._logs()
        return found if found[0].shape == self.shape and all_finite(*found) else None

    def __array_finalize__(self, source: object) -> None:
        self._logs = None

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array[()] if return_scalar else np.asarray(array)

    def __repr__(self) -> str:
        return repr(np.asarray(self))


def identity(z: Array) -> Array:
    """No gate: everything passes, f(z) = z."""
    return z


def identity_backward(gradient: Array, z: Array, a: Array) -> Array:
    """f'(z) = 1."""
    return gradient


def relu(z: Array) -> Array:
    """Open for a positive mix, shut for the rest: f(z) = max(0, z)."""
    return np.maximum(z, 0.0)


def relu_backward(gradient: Array, z: Array, a: Array) -> Array:
    """f'(z) = 1 where z > 0, else 0; at the kink z = 0 we take 0, as PyTorch does."""
    return gradient * (z > 0.0)


def sigmoid(z: Array) -> Array:
    """A soft gate between 0 and 1: f(z) = 1 / (1 + e^(-z))."""
    # e^(-|z|) cannot overflow; for a negative z the fraction is widened by e^z.
    small = np.exp(-np.abs(z))
    a = np.where(z >= 0.0, 1.0, small) / (1.0 + small)
    return strictly_inside(a)


def sigmoid_backward(gradient: Array, z: Array, a: Array) -> Array:
    """f'(z) = e^(-z) / (1 + e^(-z))^2 = a (1 - a)."""
    return gradient * a * (1.0 - a)


def sigmoid_logs(z: Array) -> tuple[Array, Array]:
    """log f(z) = -log(1 + e^(-z)), and log(1 - f(z)) = log f(-z)."""
    return -np.logaddexp(0.0, -z), -np.logaddexp(0.0, z)


def tanh(z: Array) -> Array:
    """A soft gate between -1 and 1: f(z) = (e^z - e^(-z)) / (e^z + e^(-z))."""
    return np.tanh(z)


def tanh_backward(gradient: Array, z: Array, a: Array) -> Array:
    """f'(z) = 1 - a^2."""
    return gradient * (1.0 - a * a)


def softmax(z: Array) -> Array:
    """Shares that add up to 1 over a floor's workers: f(z)_i = e^(z_i) / sum_j e^(z_j)."""
    # Taking the largest score away changes no share, and no power can overflow any more.
    powers = np.exp(z - np.maximum.reduce(z, axis=1, keepdims=True))
    powers /= np.add.reduce(powers, axis=1, keepdims=True)
    return strictly_inside(powers)


def softmax_backward(gradient: Array, z: Array, a: Array) -> Array:
    """da_i/dz_j = a_i (1[i=j] - a_j), so with g = dLoss/da, dLoss/dz_j = a_j (g_j - sum_i g_i a_i).

    Here one worker's mix moves every worker's share, hence the sum.
    """
    met: Array = np.vecdot(gradient, a)[:, np.newaxis]
    return a * (gradient - met)


def softmax_logs(z: Array) -> tuple[Array, Array]:
    """log f(z)_i = z_i - log sum_j e^(z_j), and log(1 - f(z)_i)."""
    below = z - np.maximum.reduce(z, axis=1, keepdims=True)
    logs = below - np.log(np.add.reduce(np.exp(below), axis=1, keepdims=True))
    return logs, np.log1p(-strictly_inside(np.exp(logs)))


@dataclass(frozen=True)
class Activation:
    """One gate: its name, ``forward`` (z to a) and ``backward`` (dLoss/da, z, a to dLoss/dz).

    Whatever it ships lies between ``low`` and ``high``, its reach.

    >>> ACTIVATIONS["relu"].forward(np.array([[1.0, -1.0]]))
    array([[1., 0.]])
    """

    name: str
    forward: Callable[[Array], Array]
    backward: Callable[[Array, Array, Array], Array]
    low: float = -math.inf
    high: float = math.inf
    logs: Callable[[Array], tuple[Array, Array]] | None = None  # z to log a and log (1 - a)

    def product(self, z: Array, a: Array) -> Array:
        """What it ships, a = f(z), as the last floor hands it over: chances with their mix."""
        return a if self.logs is None else Chances.of(a, z, self.logs)

    @property
    def chances(self) -> bool:
        """Whether all that it ships may be read as chances, from 0 to 1."""
        return (self.low, self.high) == (0.0, 1.0)

    @property
    def soft(self) -> bool:
        """Whether it has an end on both sides, where it is nearly flat."""
        return math.isfinite(self.low) and math.isfinite(self.high)


ACTIVATIONS = {
    gate.name: gate
    for gate in (
        Activation("identity", identity, identity_backward),
        Activation("relu", relu, relu_backward, low=0.0),
        Activation("sigmoid", sigmoid, sigmoid_backward, 0.0, 1.0, sigmoid_logs),
        Activation("tanh", tanh, tanh_backward, low=-1.0, high=1.0),
        Activation("softmax", softmax, softmax_backward, 0.0, 1.0, softmax_logs),
    )
}


def get_activation(name: str) -> Activation:
    """Return the activation of that name; an unknown name is a ValueError that lists the known.

    >>> get_activation("tanh").name
    'tanh'
    """
    if not isinstance(name, str):
        raise TypeError(
            _("Expected the name of an activation, but {name} came; try one of: {known}.").format(
                name=short(name), known=", ".join(ACTIVATIONS)
            )
        )
    if name not in ACTIVATIONS:
        raise ValueError(
            _("Expected a known activation, but {name} came; try one of: {known}.").format(
                name=short(name), known=", ".join(ACTIVATIONS)
            )
        )
    return ACTIVATIONS[name]


def slope(name: str, z: Array) -> Array:
    """The gate's slope f'(z), element by element; not for softmax, whose workers share one gate.

    >>> slope("relu", np.array([[1.0, -1.0]]))
    array([[1., 0.]])
    """
    gate = get_activation(name)
    if gate.name == "softmax":
        raise ValueError(
            _("Expected a gate for each worker, but softmax came, which a floor shares; try tanh.")
        )
    z = as_numbers(z, _("the mix"), finite=False)
    with np.errstate(all="ignore"):
        return gate.backward(np.ones_like(z), z, gate.forward(z))
