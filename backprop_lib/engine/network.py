"""The factory itself: floors of workers, their work forward, and the notes that come back.

Batches are rows. A floor (``Dense``) of m workers that takes n deliveries has weights (n, m) and
biases (m,). Nothing is kept between two calls: ``forward`` returns all that it computed as a
``Trace``, ``backward`` reads that trace and returns ``Gradients``. All of them are frozen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from backprop_lib.engine import refusals
from backprop_lib.engine.activations import ACTIVATIONS, get_activation
from backprop_lib.engine.arrays import (
    Array,
    all_finite,
    as_kind,
    as_list,
    as_numbers,
    as_random,
    as_rows,
    ones,
    read_only,
)
from backprop_lib.engine.frozen import Frozen, hands_out, locked
from backprop_lib.i18n import gettext as _


def mix(x: Array, weights: Array, biases: Array) -> Array:
    """z = x W + b, each row of x an example: what the gates of a floor are given."""
    z: Array = x.dot(weights)  # as x @ weights, in half the time where there are few numbers
    z += biases
    return z


def knob_gradients(x: Array, note: Array, weights: Array, biases: Array) -> None:
    """Write dLoss/dW and dLoss/db, from dLoss/dz, into ``weights`` and ``biases``.

    For one number of each kind, z = x w + b says dL/dw = dL/dz x, and dL/db = dL/dz 1. What meets
    in one knob, from all the examples, is added: x^T does that, and a row of ones.
    """
    np.dot(x.T, note, out=weights)
    np.dot(ones(len(note)), note, out=biases)


def pass_on(note: Array, weights: Array) -> Array:
    """From dLoss/dz, (examples, workers), to the note for the floor before, dLoss/dx.

    Along z = x w + b, dL/dx = dL/dz w. What meets in one input, from all the workers that took it,
    is added: W^T does that.
    """
    sent: Array = note.dot(weights.T)
    return sent


@hands_out("weights", "biases")
@dataclass(frozen=True, eq=False, init=False, repr=False)
class Dense(Frozen):
    """One floor: every worker takes every delivery.

    ``weights`` has shape (inputs, workers), ``biases`` (workers,); both are copied and locked.
    ``activation`` is the name of one of ``ACTIVATIONS``. Raises TypeError or ValueError when these
    are not numbers or do not fit each other, and for a softmax of one worker.

    >>> Dense([[1, 0.5, -1], [-1, 1, 1]], [0, 0, 0], "relu")
    Dense(2 → 3, relu)
    """

    weights: Array
    biases: Array
    activation: str

    def __init__(
        self, weights: npt.ArrayLike, biases: npt.ArrayLike, activation: str = "identity"
    ) -> None:
        own = as_numbers(weights, _("the weights")), as_numbers(biases, _("the biases"))
        gate = get_activation(activation)
        refusals.expect_layer(*own, gate)
        vars(self).update(weights=own[0], biases=own[1], activation=gate.name)

    @classmethod
    def of_own(cls, weights: Array, biases: Array, activation: str) -> Dense:
        """Make a layer of arrays that the engine itself made and that fit: locked, not checked."""
        layer = cls.__new__(cls)
        own = read_only(weights), read_only(biases)
        vars(layer).update(weights=own[0], biases=own[1], activation=activation)
        return layer

    def forward(self, inputs: Array) -> LayerTrace:
        """Multiply, add, send through the gate: z = x W + b, a = f(z); ``inputs`` must fit."""
        own, inputs = vars(self), locked(inputs)
        z = mix(inputs, own["weights"], own["biases"])
        a = ACTIVATIONS[self.activation].forward(z)
        return LayerTrace(inputs, read_only(z), read_only(a), self.activation)

    def backward(self, trace: LayerTrace, gradient: Array) -> LayerGradients:
        """Turn dLoss/da, (examples, workers), into this layer's gradients.

        Along a = f(z), dL/dz = dL/da f'(z) for one number of each kind (softmax, whose workers
        share one gate, has a sum in place of that; see there).
        """
        gate, gradient = ACTIVATIONS[self.activation], locked(gradient)
        note = gate.backward(gradient, trace.pre_activations, trace.activations)
        inputs, workers = trace.inputs.shape[1], note.shape[1]
        weights, biases = np.empty((inputs, workers)), np.empty(workers)
        knob_gradients(trace.inputs, note, weights, biases)
        return LayerGradients(read_only(weights), read_only(biases), read_only(note), gradient)

    def pass_on(self, note: Array) -> Array:
        """The note for the floor before, dLoss/dx, from dLoss/dz, (examples, workers)."""
        return read_only(pass_on(note, vars(self)["weights"]))

    def __repr__(self) -> str:
        inputs, workers = self.weights.shape
        return f"Dense({inputs} → {workers}, {self.activation})"


@dataclass(frozen=True)
class Architecture:
    """What of a network stays as it is when its knobs are turned.

    All knobs fit in one row: layer by layer the weights, row by row, then the biases.
    """

    sizes: tuple[int, ...]  # how many inputs, then how many workers on each floor
    gates: tuple[str, ...]

    @cached_property
    def shapes(self) -> list[tuple[int, int]]:
        """The shape of each layer's weights."""
        return list(pairwise(self.sizes))

    @cached_property
    def _places(self) -> list[tuple[slice, tuple[int, int], slice]]:
        places, end = [], 0
        for inputs, workers in self.shapes:
            start, middle = end, end + inputs * workers
            end = middle + workers
            places.append((slice(start, middle), (inputs, workers), slice(middle, end)))
        return places

    def windows(self, row: Array) -> list[tuple[Array, Array]]:
        """The weights and the biases of each layer, as views of a row of knobs."""
        return [(row[of].reshape(shape), row[rest]) for of, shape, rest in self._places]

    def network(self, row: Array) -> Network:
        """A network on a row of knobs that the engine itself made: it is locked, not checked."""
        made = Network.__new__(Network)
        vars(made).update(architecture=self, _row=read_only(row)[...])
        return made


def _layers(network: Network) -> tuple[Dense, ...]:
    """The layers of a row of knobs: windows on it, which are as locked as it is."""
    architecture, layers = network.architecture, []
    knobs = architecture.windows(vars(network)["_row"])
    for (weights, biases), gate in zip(knobs, architecture.gates, strict=True):
        layers.append(Dense.__new__(Dense))
        vars(layers[-1]).update(weights=weights, biases=biases, activation=gate)
    return tuple(layers)


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Network(Frozen):
    """A factory: layers one after the other, each taking what the one before ships.

    Raises TypeError for anything but ``Dense`` layers, ValueError for none, or for a layer that
    takes another number of inputs than the layer before it ships.

    >>> network = Network([Dense([[1, -1], [0, 2]], [0, 0], "relu"), Dense([[2], [1]], [0])])
    >>> network
    Network(2 → 2 relu → 1 identity)
    >>> network.forward([3, 1]).output
    array([[6.]])
    """

    # Those of a row of knobs are made when somebody looks.
    layers: tuple[Dense, ...] = cast(Any, cached_property(_layers))

    def __init__(self, layers: Iterable[Dense]) -> None:
        own = (layers,) if isinstance(layers, Dense) else tuple(as_list(layers, _("the layers")))
        for layer in own:
            as_kind(layer, Dense, "Network([Dense(weights, biases)])")
        refusals.expect_chain([layer.weights.shape for layer in own])
        vars(self).update(layers=own)

    def forward(self, x: npt.ArrayLike) -> Trace:
        """Send ``x``, (examples, inputs) or (inputs,), through all floors; keep every number.

        Raises TypeError or ValueError for anything but finite numbers of that shape. Knobs that
        are far too large give infinities, not an error: the loss will say so.
        """
        return self.run(as_rows(x, _("the inputs"), width=self.sizes[0]))

    def run(self, x: Array) -> Trace:
        """``forward`` for a batch that is known to fit."""
        layers = []
        with np.errstate(all="ignore"):
            for layer in self.layers:
                layers.append(layer.forward(x))
                x = layers[-1].activations
        return Trace(tuple(layers))

    def backward(self, trace: Trace, output_gradient: npt.ArrayLike) -> Gradients:
        """Carry dLoss/d(output), in the output's shape, back to every knob and to the inputs.

        Knob gradients are summed over the examples, since a loss has averaged already. Raises
        ValueError when the trace is another network's, or the gradient has another shape.
        """
        refusals.expect_trace(self, as_kind(trace, Trace, "network.forward(x)"))
        gradient = as_rows(output_gradient, _("the output gradient"), width=self.sizes[-1])
        refusals.expect_gradient(trace.layers[-1].activations.shape, gradient.shape)
        return self.run_back(trace, gradient)

    def run_back(self, trace: Trace, gradient: Array) -> Gradients:
        """``backward`` for a trace and a gradient that are known to fit."""
        layers = []
        with np.errstate(all="ignore"):
            for layer, work in zip(reversed(self.layers), reversed(trace.layers), strict=True):
                layers.append(layer.backward(work, gradient))
                gradient = layer.pass_on(layers[-1].pre_activations)
        return Gradients(tuple(reversed(layers)), gradient)

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        hidden: str = "tanh",
        output: str = "identity",
        seed: int | np.random.Generator = 0,
    ) -> Network:
        """A new factory of the given sizes (inputs, workers..., outputs) with random knobs.

        Weights are drawn from a normal distribution whose variance is the gate's spread / inputs
        (1 / inputs: LeCun et al. 1998, "Efficient BackProp"), so that signals neither fade nor
        swell; biases start at 0.

        >>> Network.random([2, 16, 1], hidden="relu", seed=1)
        Network(2 → 16 relu → 1 identity)
        """
        counts = refusals.as_sizes(sizes)
        gates = [get_activation(hidden)] * (len(counts) - 2) + [get_activation(output)]
        random = as_random(seed)
        layers = []
        for (inputs, workers), gate in zip(pairwise(counts), gates, strict=True):
            weights = random.normal(0.0, math.sqrt(gate.spread / inputs), (inputs, workers))
            layers.append(Dense(weights, np.zeros(workers), gate.name))
        return cls(layers)

    @cached_property
    def architecture(self) -> Architecture:
        """The sizes and the gates.

        >>> Network.random([2, 3, 1]).architecture
        Architecture(sizes=(2, 3, 1), gates=('tanh', 'identity'))
        """
        shapes = [layer.weights.shape for layer in self.layers]
        sizes = (shapes[0][0], *(workers for _inputs, workers in shapes))
        return Architecture(sizes, tuple(layer.activation for layer in self.layers))

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many inputs, then how many workers on each floor.

        >>> Network.random([2, 3, 1]).sizes
        (2, 3, 1)
        """
        return self.architecture.sizes

    @property
    def knobs(self) -> tuple[Array, ...]:
        """All that can be turned: the weights and the biases, layer by layer.

        >>> [knobs.shape for knobs in Network.random([2, 3, 1]).knobs]
        [(2, 3), (3,), (3, 1), (1,)]
        """
        return tuple(knobs for layer in self.layers for knobs in (layer.weights, layer.biases))

    def row(self) -> Array:
        """All knobs in one row, a copy of them: layer by layer the weights, then the biases.

        >>> Network([Dense([[1, 2], [3, 4]], [5, 6])]).row()
        array([1., 2., 3., 4., 5., 6.])
        """
        kept = vars(self).get("_row")
        return in_a_row(self.knobs) if kept is None else kept.copy()

    @property
    def finite(self) -> bool:
        """Whether all knobs are finite numbers.

        >>> Network.random([2, 3, 1]).finite
        True
        """
        return all_finite(self.row())

    def expect(self, gradients: Gradients) -> None:
        """Refuse gradients that are not of this network's shapes: TypeError or ValueError."""
        as_kind(gradients, Gradients, "network.backward(trace, output_gradient)")
        refusals.expect_gradients(self, gradients)

    def __repr__(self) -> str:
        floors = "".join(f" → {layer.weights.shape[1]} {layer.activation}" for layer in self.layers)
        return f"Network({self.sizes[0]}{floors})"


@dataclass(frozen=True, eq=False)
class LayerTrace(Frozen):
    """What one layer computed on the way forward, a row an example."""

    inputs: Array  # x, (examples, inputs)
    pre_activations: Array  # z = x W + b, (examples, workers)
    activations: Array  # a = f(z), (examples, workers)
    activation: str = "identity"  # the gate f


@dataclass(frozen=True, eq=False)
class Trace:
    """What a network computed on the way forward, layer by layer."""

    layers: tuple[LayerTrace, ...]

    @property
    def output(self) -> Array:
        """The product: the last layer's activations, (examples, outputs)."""
        refusals.expect_worked(self.layers)
        last = self.layers[-1]
        return ACTIVATIONS[last.activation].product(last.pre_activations, last.activations)


@dataclass(frozen=True, eq=False)
class LayerGradients(Frozen):
    """How the loss would change with each number of one layer."""

    weights: Array  # dLoss/dW, (inputs, workers), summed over the examples
    biases: Array  # dLoss/db, (workers,), summed over the examples
    pre_activations: Array  # dLoss/dz, (examples, workers): each worker's note, past its gate
    activations: Array  # dLoss/da, (examples, workers): each worker's note, as it arrives


@hands_out("inputs")
@dataclass(frozen=True, eq=False)
class Gradients(Frozen):
    """How the loss would change with each number of a network, layer by layer."""

    layers: tuple[LayerGradients, ...]
    inputs: Array  # dLoss/dx, (examples, inputs)

    def row(self) -> Array:
        """dLoss/d(knob) for all knobs, in the order of ``Network.row``."""
        return in_a_row(part for layer in self.layers for part in (layer.weights, layer.biases))


def in_a_row(parts: Iterable[Array]) -> Array:
    """The numbers of all these arrays, one after the other."""
    return np.concatenate([part.ravel() for part in parts])


def as_network(value: Network) -> Network:
    """Return ``value`` if it is a factory; else a TypeError says how to come by one.

    >>> as_network(Network.random([2, 3, 1]))
    Network(2 → 3 tanh → 1 identity)
    """
    return as_kind(value, Network, "Network.random([2, 3, 1])")
