"""The factory itself: floors of workers, their work forward, and the notes that come back.

Batches are rows. A floor (``Dense``) of m workers that takes n deliveries has weights (n, m) and
biases (m,). Nothing is kept between two calls: ``forward`` returns all that it computed as a
``Trace``, ``backward`` reads that trace and returns ``Gradients``. All of them are frozen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.activations import ACTIVATIONS, get_activation
from backprop_lib.engine.arrays import (
    Array,
    all_finite,
    as_count,
    as_kind,
    as_list,
    as_numbers,
    as_random,
    as_rows,
    read_only,
    short,
)
from backprop_lib.engine.frozen import Frozen, hands_out, locked
from backprop_lib.i18n import gettext as _

MOST_WEIGHTS = 2**25  # what a factory of random knobs may have: 268 million bytes


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
        if not self.layers:
            raise ValueError(
                _(
                    "Expected a trace of at least one layer, but nobody has worked yet; "
                    "go on to a later step."
                )
            )
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
        own_weights = as_numbers(weights, _("the weights"))
        own_biases = as_numbers(biases, _("the biases"))
        if own_weights.ndim != 2:
            raise ValueError(
                _(
                    "Expected weights of shape (inputs, workers), but shape {shape} came; "
                    "give one row for each input and in it one number for each worker."
                ).format(shape=own_weights.shape)
            )
        if own_biases.shape != own_weights.shape[1:]:
            raise ValueError(
                _(
                    "Expected one bias for each worker, shape {expected}, but shape {shape} came; "
                    "the weights have {workers} columns, so give {workers} biases."
                ).format(
                    expected=own_weights.shape[1:],
                    shape=own_biases.shape,
                    workers=own_weights.shape[1],
                )
            )
        gate = get_activation(activation)
        if gate.shared and own_weights.shape[1] == 1:
            raise ValueError(
                _(
                    "Expected at least two workers behind a {gate}, whose shares add up to 1, but "
                    "one came, who would always ship 1; try a sigmoid."
                ).format(gate=gate.name)
            )
        self._fill(own_weights, own_biases, gate.name)

    @classmethod
    def of_own(cls, weights: Array, biases: Array, activation: str) -> Dense:
        """Make a layer of arrays that the engine itself made and that fit: locked, not checked."""
        layer = cls.__new__(cls)
        layer._fill(read_only(weights), read_only(biases), activation)
        return layer

    def _fill(self, weights: Array, biases: Array, activation: str) -> None:
        vars(self).update(weights=weights, biases=biases, activation=activation)

    def forward(self, inputs: Array) -> LayerTrace:
        """Multiply, add, send through the gate: z = x W + b, a = f(z); ``inputs`` must fit."""
        inputs = locked(inputs)
        z = inputs @ self.weights
        z += self.biases
        a = ACTIVATIONS[self.activation].forward(z)
        return LayerTrace(inputs, read_only(z), read_only(a), self.activation)

    def backward(self, trace: LayerTrace, gradient: Array) -> LayerGradients:
        """Turn dLoss/da, (examples, workers), into this layer's gradients.

        For one number of each kind, the chain rule along z = x w + b, a = f(z) says
        dL/dz = dL/da f'(z);  dL/dw = dL/dz x;  dL/db = dL/dz
        (softmax, whose workers share one gate, has a sum in place of the first; see there).
        With rows of examples, what meets in one weight is added: x^T does that.
        """
        gate, gradient = ACTIVATIONS[self.activation], locked(gradient)
        note = gate.backward(gradient, trace.pre_activations, trace.activations)
        return LayerGradients(
            weights=read_only(trace.inputs.T @ note),
            biases=read_only(np.add.reduce(note, axis=0)),
            pre_activations=read_only(note),
            activations=gradient,
        )

    def pass_on(self, note: Array) -> Array:
        """Turn dLoss/dz, (examples, workers), into the note for the floor before, dLoss/dx.

        Along z = x w + b, dL/dx = dL/dz w; what meets in one input, from all the workers that took
        it, is added: W^T does that.
        """
        return read_only(note @ self.weights.T)

    def turned(self, weights: Array, biases: Array) -> Dense:
        """The same layer with its knobs turned back by that much, in arrays that fit."""
        own = vars(self)  # the arrays themselves, without a view: it is done in every lap
        return Dense.of_own(own["weights"] - weights, own["biases"] - biases, self.activation)

    def __repr__(self) -> str:
        inputs, workers = self.weights.shape
        return f"Dense({inputs} → {workers}, {self.activation})"


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Network:
    """A factory: layers one after the other, each taking what the one before ships.

    Raises TypeError for anything but ``Dense`` layers, ValueError for none, or for a layer that
    takes another number of inputs than the layer before it ships.

    >>> network = Network([Dense([[1, -1], [0, 2]], [0, 0], "relu"), Dense([[2], [1]], [0])])
    >>> network
    Network(2 → 2 relu → 1 identity)
    >>> network.forward([3, 1]).output
    array([[6.]])
    """

    layers: tuple[Dense, ...]

    def __init__(self, layers: Iterable[Dense]) -> None:
        own = (layers,) if isinstance(layers, Dense) else tuple(as_list(layers, _("the layers")))
        for layer in own:
            if not isinstance(layer, Dense):
                raise TypeError(
                    _(
                        "Expected Dense layers, but {layer} came; "
                        "try Network([Dense(weights, biases)])."
                    ).format(layer=short(layer))
                )
        if not own:
            raise ValueError(
                _("Expected at least one layer, but none came; try Network([Dense(...)]).")
            )
        for number, (before, after) in enumerate(pairwise(own), start=1):
            ships, takes = before.weights.shape[1], after.weights.shape[0]
            if ships != takes:
                raise ValueError(
                    _(
                        "Expected layer {after} to take the {ships} activations that layer "
                        "{before} ships, but its weights have {takes} rows; "
                        "give it {ships} rows."
                    ).format(after=number + 1, before=number, ships=ships, takes=takes)
                )
        object.__setattr__(self, "layers", own)

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
        if not isinstance(sizes, Sequence) or isinstance(sizes, str) or len(sizes) < 2:
            raise ValueError(
                _(
                    "Expected the sizes of at least the inputs and one layer, but {sizes} came; "
                    "try [2, 3, 1]."
                ).format(sizes=short(sizes))
            )
        counts = [
            as_count(size, _("a size of the network"))
            for size in as_list(sizes, _("the sizes of the network"))
        ]
        many = sum(inputs * workers for inputs, workers in pairwise(counts))
        if many > MOST_WEIGHTS:
            raise ValueError(
                _("Expected at most {most} weights, but {count} came; try fewer workers.").format(
                    most=MOST_WEIGHTS, count=many
                )
            )
        gates = [get_activation(hidden)] * (len(counts) - 2) + [get_activation(output)]
        random = as_random(seed)
        layers = []
        for (inputs, workers), gate in zip(pairwise(counts), gates, strict=True):
            weights = random.normal(0.0, math.sqrt(gate.spread / inputs), (inputs, workers))
            layers.append(Dense(weights, np.zeros(workers), gate.name))
        return cls(layers)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many inputs, then how many workers on each floor.

        >>> Network.random([2, 3, 1]).sizes
        (2, 3, 1)
        """
        return (
            self.layers[0].weights.shape[0],
            *(layer.weights.shape[1] for layer in self.layers),
        )

    @property
    def knobs(self) -> tuple[Array, ...]:
        """All that can be turned: the weights and the biases, layer by layer.

        >>> [knobs.shape for knobs in Network.random([2, 3, 1]).knobs]
        [(2, 3), (3,), (3, 1), (1,)]
        """
        return tuple(knobs for layer in self.layers for knobs in (layer.weights, layer.biases))

    @property
    def finite(self) -> bool:
        """Whether all knobs are finite numbers.

        >>> Network.random([2, 3, 1]).finite
        True
        """
        kept = map(vars, self.layers)
        return all_finite(*(own[name] for own in kept for name in ("weights", "biases")))

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
        fits = isinstance(trace, Trace) and [
            (step.inputs.shape[1:], step.activations.shape[1:]) for step in trace.layers
        ] == [(layer.weights.shape[:1], layer.weights.shape[1:]) for layer in self.layers]
        if not fits:
            raise ValueError(
                _(
                    "Expected a trace of this network {network}, but that of another came; "
                    "try network.backward(network.forward(x), ...)."
                ).format(network=short(self))
            )
        gradient = as_rows(output_gradient, _("the output gradient"), width=self.sizes[-1])
        if gradient.shape != trace.output.shape:
            raise ValueError(
                _(
                    "Expected an output gradient of shape {output}, but shape {shape} came; "
                    "try loss.gradient(trace.output, target)."
                ).format(output=trace.output.shape, shape=gradient.shape)
            )
        return self.run_back(trace, gradient)

    def run_back(self, trace: Trace, gradient: Array) -> Gradients:
        """``backward`` for a trace and a gradient that are known to fit."""
        with np.errstate(all="ignore"):
            layers = self.knob_gradients(trace, gradient)
            return Gradients(layers, self.layers[0].pass_on(layers[0].pre_activations))

    def knob_gradients(self, trace: Trace, gradient: Array) -> tuple[LayerGradients, ...]:
        """``run_back`` without the note to the inputs, which training has no use for."""
        layers = [self.layers[-1].backward(trace.layers[-1], gradient)]
        for place in range(len(self.layers) - 2, -1, -1):
            arriving = self.layers[place + 1].pass_on(layers[-1].pre_activations)
            layers.append(self.layers[place].backward(trace.layers[place], arriving))
        return tuple(reversed(layers))

    def expect(self, gradients: Gradients) -> None:
        """Refuse gradients that are not of this network's shapes: TypeError or ValueError."""
        as_kind(gradients, Gradients, "network.backward(trace, output_gradient)")
        found = [(layer.weights.shape, layer.biases.shape) for layer in gradients.layers]
        if found != [(layer.weights.shape, layer.biases.shape) for layer in self.layers]:
            raise ValueError(
                _(
                    "Expected gradients of {network}, but those of another network came; "
                    "try network.backward(...) on this very network."
                ).format(network=short(self))
            )

    def __repr__(self) -> str:
        floors = "".join(f" → {layer.weights.shape[1]} {layer.activation}" for layer in self.layers)
        return f"Network({self.sizes[0]}{floors})"


def as_network(value: Network) -> Network:
    """Return ``value`` if it is a factory; else a TypeError says how to come by one.

    >>> as_network(Network.random([2, 3, 1]))
    Network(2 → 3 tanh → 1 identity)
    """
    return as_kind(value, Network, "Network.random([2, 3, 1])")
