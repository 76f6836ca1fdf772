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
import numpy.typing as npt

from backprop_lib.engine.arrays import Array, all_finite, as_numbers, ones, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed

# In mathematics sigmoid and softmax never reach 0 or 1; in float64 they would round to them. Kept
# strictly inside, a cross-entropy's 1/p stays finite and cancels against the gate's p, but for
# rounding.
ABOVE_ZERO = np.array(np.finfo(np.float64).tiny)
BELOW_ONE = np.array(np.nextafter(1.0, 0.0))


def strictly_inside(p: Array) -> Array:
    """Keep chances strictly between 0 and 1, where their logarithm is finite."""
    if isinstance(p, Chances) and p.of_gate:  # which has kept them so
        return np.asarray(p)
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
    def of_gate(self) -> bool:
        """Whether the mix is known, of which a gate has made them."""
        return self._logs is not None

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
    return gradient * np.sign(a)  # which is that 1 or 0, since a = max(0, z)


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
    powers /= powers.dot(ones(z.shape[1]))[:, np.newaxis]  # their sum over the workers
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
    """One gate: ``forward`` (z to a), ``backward`` (dLoss/da, z, a to dLoss/dz), and its ways.

    Who draws, tells, checks or offers a gate asks it, and not for its name; one that stands in
    ``ACTIVATIONS`` is in every list.

    >>> ACTIVATIONS["relu"].forward(np.array([[1.0, -1.0]]))
    array([[1., 0.]])
    """

    name: str
    forward: Callable[[Array], Array]
    backward: Callable[[Array, Array, Array], Array]
    low: float = -math.inf  # its reach: whatever it ships lies between these two
    high: float = math.inf
    logs: Callable[[Array], tuple[Array, Array]] | None = None  # z to log a and log (1 - a)
    kinks: tuple[float, ...] = ()  # the mixes at which it has no one slope
    shut_to: float | None = None  # up to this mix it ships 0 and lets no note pass, as a shut door
    shared: bool = False  # by all workers of a floor, who ship shares that add up to 1
    spread: float = 1.0  # times 1 / inputs, the variance of random knobs that keeps signals alive
    slope_form: str = ""  # how f'(z) is written with what is shipped: "{a} × (1 − {a})"

    def product(self, z: Array, a: Array) -> Array:
        """What it ships, a = f(z), as the last floor hands it over: chances with their mix."""
        return a if self.logs is None else Chances.of(a, z, self.logs)

    def alone(self, z: Array) -> Array:
        """What one worker ships for each mix of ``z``, of any shape; of two, where all share it.

        >>> ACTIVATIONS["softmax"].alone(np.array([0.0]))
        array([0.5])
        """
        mixes = np.asarray(z, dtype=float).reshape(-1, 1)
        if self.shared:  # the other one's mix is 0
            mixes = np.hstack([mixes, np.zeros_like(mixes)])
        with np.errstate(all="ignore"):
            return self.forward(mixes)[:, 0].reshape(np.shape(z))

    def sides(self, z: Array) -> npt.NDArray[np.bool_]:
        """On which side of each kink the mixes lie."""
        sides: npt.NDArray[np.bool_] = z[..., np.newaxis] > np.array(self.kinks)
        return sides

    def is_open(self, z: float) -> bool | None:
        """Whether it lets a note pass at this mix; None for a gate that never shuts."""
        return None if self.shut_to is None else bool(z > self.shut_to)

    @property
    def is_gate(self) -> bool:
        """Whether there is a gate at all: through identity everything passes."""
        return self.forward is not identity

    @property
    def bends(self) -> bool:
        """Whether its curve is no straight line."""
        steps = np.diff(self.alone(np.arange(-8.0, 9.0)))
        return not np.allclose(steps, steps.mean())

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
        # Half of the mixes are shut out, so the spread is twice as large: He et al. 2015, arXiv
        # 1502.01852.
        Activation("relu", relu, relu_backward, low=0.0, kinks=(0.0,), shut_to=0.0, spread=2.0),
        Activation("sigmoid", sigmoid, sigmoid_backward, 0.0, 1.0, sigmoid_logs,
                   slope_form="{a} × (1 − {a})"),
        Activation("tanh", tanh, tanh_backward, low=-1.0, high=1.0),
        Activation("softmax", softmax, softmax_backward, 0.0, 1.0, softmax_logs, shared=True),
    )
}  # fmt: skip


def get_activation(name: str) -> Activation:
    """Return the activation of that name; an unknown name is a ValueError that lists the known.

    >>> get_activation("tanh").name
    'tanh'
    """
    if isinstance(name, str) and name in ACTIVATIONS:
        return ACTIVATIONS[name]
    told = _("Expected a known activation, but {name} came; try one of: {known}.")
    kind = ValueError if isinstance(name, str) else TypeError
    raise kind(told.format(name=short(name), known=listed(ACTIVATIONS)))


def not_for_each(gate: Activation) -> str:
    """What to say where a gate for each worker is wanted, and one came that a floor shares."""
    return _(
        "Expected a gate for each worker, but {gate} came, which a floor shares; try tanh."
    ).format(gate=gate.name)


def slope(name: str, z: Array) -> Array:
    """The gate's slope f'(z), element by element; a ValueError for a gate that a floor shares.

    >>> slope("relu", np.array([[1.0, -1.0]]))
    array([[1., 0.]])
    """
    gate = get_activation(name)
    if gate.shared:
        raise ValueError(not_for_each(gate))
    z = as_numbers(z, _("the mix"), finite=False)
    with np.errstate(all="ignore"):
        return gate.backward(np.ones_like(z), z, gate.forward(z))
