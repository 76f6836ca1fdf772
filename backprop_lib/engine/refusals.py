"""What the network refuses, and the sentences with which it does: ``network`` computes, this reads.

All raise a TypeError or a ValueError that says what was expected, what came, and what to try.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from backprop_lib.engine.activations import Activation
from backprop_lib.engine.arrays import Array, as_count, as_list, short
from backprop_lib.i18n import gettext as _

if TYPE_CHECKING:
    from backprop_lib.engine.network import Gradients, Network, Trace

MOST_WEIGHTS = 2**25  # what a factory of random knobs may have: 268 million bytes


def expect_layer(weights: Array, biases: Array, gate: Activation) -> None:
    """Weights are (inputs, workers), biases (workers,), and nobody shares a gate alone."""
    if weights.ndim != 2:
        raise ValueError(
            _(
                "Expected weights of shape (inputs, workers), but shape {shape} came; "
                "give one row for each input and in it one number for each worker."
            ).format(shape=weights.shape)
        )
    if biases.shape != weights.shape[1:]:
        raise ValueError(
            _(
                "Expected one bias for each worker, shape {expected}, but shape {shape} came; "
                "the weights have {workers} columns, so give {workers} biases."
            ).format(expected=weights.shape[1:], shape=biases.shape, workers=weights.shape[1])
        )
    if gate.shared and weights.shape[1] == 1:
        raise ValueError(
            _(
                "Expected at least two workers behind a {gate}, whose shares add up to 1, but "
                "one came, who would always ship 1; try a sigmoid."
            ).format(gate=gate.name)
        )


def expect_chain(shapes: Sequence[tuple[int, ...]]) -> None:
    """There is a layer, and each takes what the one before ships; ``shapes`` are the weights'."""
    if not shapes:
        raise ValueError(
            _("Expected at least one layer, but none came; try Network([Dense(...)]).")
        )
    for number, ((_inputs, ships), (takes, _workers)) in enumerate(pairwise(shapes), start=1):
        if ships != takes:
            raise ValueError(
                _(
                    "Expected layer {after} to take the {ships} activations that layer "
                    "{before} ships, but its weights have {takes} rows; "
                    "give it {ships} rows."
                ).format(after=number + 1, before=number, ships=ships, takes=takes)
            )


def as_sizes(sizes: Sequence[int]) -> list[int]:
    """Return the sizes of a network of random knobs, the inputs first."""
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
    weights = sum(inputs * workers for inputs, workers in pairwise(counts))
    if weights > MOST_WEIGHTS:
        raise ValueError(
            _("Expected at most {most} weights, but {count} came; try fewer workers.").format(
                most=MOST_WEIGHTS, count=weights
            )
        )
    return counts


def expect_worked(layers: Sequence[object]) -> None:
    """Somebody has worked already, so that there is a product."""
    if not layers:
        raise ValueError(
            _(
                "Expected a trace of at least one layer, but nobody has worked yet; "
                "go on to a later step."
            )
        )


def expect_trace(network: Network, trace: Trace) -> None:
    """The trace has this network's shapes."""
    found = [step.inputs.shape[1:] + step.activations.shape[1:] for step in trace.layers]
    if found != network.architecture.shapes:
        raise ValueError(
            _(
                "Expected a trace of this network {network}, but that of another came; "
                "try network.backward(network.forward(x), ...)."
            ).format(network=short(network))
        )


def expect_gradient(output: tuple[int, ...], gradient: tuple[int, ...]) -> None:
    """The gradient has the shape of the output."""
    if gradient != output:
        raise ValueError(
            _(
                "Expected an output gradient of shape {output}, but shape {shape} came; "
                "try loss.gradient(trace.output, target)."
            ).format(output=output, shape=gradient)
        )


def expect_gradients(network: Network, gradients: Gradients) -> None:
    """The gradients have this network's shapes."""
    shapes = [layer.weights.shape for layer in gradients.layers]
    biases = [layer.biases.shape for layer in gradients.layers]
    if shapes != network.architecture.shapes or biases != [shape[1:] for shape in shapes]:
        raise ValueError(
            _(
                "Expected gradients of {network}, but those of another network came; "
                "try network.backward(...) on this very network."
            ).format(network=short(network))
        )
