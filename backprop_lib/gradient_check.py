"""Check backpropagation by nudging: turn each number a little both ways and look at the loss."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop_lib.arrays import Array
from backprop_lib.i18n import gettext as _
from backprop_lib.losses import Loss, as_loss
from backprop_lib.network import Dense, Gradients, Network, Trace
from backprop_lib.steps import opening

NUDGE = 1e-3
TOLERANCE = 1e-7
# Below this share of the largest gradient, rounding in the loss drowns what a nudge can show ...
SMALLEST_SHARE = 1e-3
# ... and so it does below this share of the loss itself.
ROUNDING = 8.0 * float(np.finfo(float).eps) / (NUDGE * TOLERANCE)


@dataclass(frozen=True)
class GradientReport:
    """How far backprop's gradients are from nudged ones."""

    max_relative_error: float
    worst: str  # which number that was
    compared: int  # how many numbers were nudged and compared
    at_kink: int  # how many were not, since a relu gate flips within the nudge: no slope there

    @property
    def ok(self) -> bool:
        """Whether every number compared agrees to one part in ten million."""
        return self.compared > 0 and self.max_relative_error <= TOLERANCE


def check_gradients(
    network: Network,
    x: npt.ArrayLike,
    target: npt.ArrayLike,
    loss: Loss,
    gradients: Gradients | None = None,
) -> GradientReport:
    """Nudge every weight, bias and input, and compare with ``gradients``.

    Without ``gradients`` the network's own backward pass is checked. The slope is the central
    difference over h and over h/2, combined so that its error falls with h^4 (Richardson
    extrapolation); h is a thousandth of the number, and of 1 where the number is smaller. The
    relative error of one number is |backprop - nudged| over the larger of the two, where anything
    below a thousandth of the largest gradient counts as that, and so does what rounding drowns.
    Raises TypeError or ValueError as ``steps`` does.

    >>> from backprop_lib import MeanSquaredError
    >>> check_gradients(Network.random([2, 3, 1]), [2, 1], [1], MeanSquaredError()).ok
    True
    """
    start = opening(network, x, target)
    as_loss(loss)
    inputs, targets = start.inputs, start.target
    trace = network.forward(inputs)
    if gradients is None:
        gradients = network.backward(trace, loss.gradient(trace.output, targets))
    network.expect(gradients)
    names, parts, slopes = _numbers(network, inputs, gradients)
    found, nudged, places, at_kink = [], [], [], 0
    for name, part, slope in zip(names, parts, slopes, strict=True):
        for place, _value in np.ndenumerate(part):
            by_nudging = _nudged_slope(network, parts, part, place, targets, loss)
            if by_nudging is None:
                at_kink += 1
                continue
            nudged.append(by_nudging)
            found.append(slope[place])
            places.append(f"{name}[{', '.join(map(str, place))}]")
    if not found:
        return GradientReport(0.0, _("none"), 0, at_kink)
    value = loss.value(trace.output, targets)
    errors = _relative_errors(np.array(found), np.array(nudged), value, trace.output)
    worst = int(errors.argmax())
    return GradientReport(float(errors[worst]), places[worst], len(found), at_kink)


def _nudged_slope(
    network: Network,
    parts: list[Array],
    part: Array,
    place: tuple[int, ...],
    targets: Array,
    loss: Loss,
) -> float | None:
    """The slope of the loss at one number of ``part``; None where a gate flips on the way."""
    value = part[place]
    nudge = NUDGE * max(1.0, abs(value))
    runs = []
    for share in (0.0, 1.0, -1.0, 0.5, -0.5):
        part[place] = value + share * nudge
        runs.append(_run(network, parts))
    part[place] = value
    here, *nudged = runs
    if any(open_gates(network, run) != open_gates(network, here) for run in nudged[:2]):
        return None
    far_up, far_down, up, down = (loss.value(run.output, targets) for run in nudged)
    # Central differences over h and h/2; what both get wrong by h^2 cancels.
    by_halves, by_wholes = (up - down) / nudge, (far_up - far_down) / (2.0 * nudge)
    return float((4.0 * by_halves - by_wholes) / 3.0)


def _relative_errors(found: Array, nudged: Array, loss: float, output: Array) -> Array:
    """|found - nudged| over the larger of the two, or over what rounding lets a nudge show."""
    # A loss L = m^2 of a mistake m = o - t is known no better than the output o is: to 2 m eps o,
    # where a nudge makes a mistake of its own.
    mistake = max(math.sqrt(loss), NUDGE)
    rounding = loss + mistake * max(1.0, float(np.abs(output).max()))
    floor = max(SMALLEST_SHARE * float(np.abs(nudged).max()), ROUNDING * rounding)
    errors = np.full(len(found), np.inf)  # what is not even finite is as wrong as can be
    sound = np.isfinite(found)
    sizes = np.maximum(np.abs(found), np.abs(nudged))[sound]
    errors[sound] = np.abs(found - nudged)[sound] / np.maximum(sizes, floor)
    return errors


def _numbers(
    network: Network, inputs: Array, gradients: Gradients
) -> tuple[list[str], list[Array], list[Array]]:
    """The inputs and all knobs: their names, copies that may be nudged, and their gradients."""
    names, parts, slopes = ["inputs"], [inputs.copy()], [gradients.inputs]
    for number, (layer, found) in enumerate(zip(network.layers, gradients.layers, strict=True)):
        names += [f"layers[{number}].weights", f"layers[{number}].biases"]
        parts += [layer.weights.copy(), layer.biases.copy()]
        slopes += [found.weights, found.biases]
    return names, parts, slopes


def _run(network: Network, parts: list[Array]) -> Trace:
    """A forward pass with the numbers that stand in ``parts`` now."""
    inputs, *knobs = (part.copy() for part in parts)
    return Network(
        Dense.of_own(knobs[2 * number], knobs[2 * number + 1], layer.activation)
        for number, layer in enumerate(network.layers)
    ).run(inputs)


def open_gates(network: Network, trace: Trace) -> list[bytes]:
    """Which relu gates stand open, for every example."""
    return [
        (step.pre_activations > 0.0).tobytes()
        for layer, step in zip(network.layers, trace.layers, strict=True)
        if layer.activation == "relu"
    ]
