"""Check backpropagation by nudging: turn each number a little both ways and look at the loss."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import Array
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.network import Dense, Gradients, Network, Trace
from backprop_lib.engine.steps import opening
from backprop_lib.i18n import gettext as _

NUDGE = 1e-3
TOLERANCE = 1e-7
# Below this share of the largest gradient, rounding in the loss drowns what a nudge can show ...
SMALLEST_SHARE = 1e-3
# ... and so it does below this share of the loss itself.
ROUNDING = 8.0 * float(np.finfo(float).eps) / (NUDGE * TOLERANCE)
# Who seems wrong is looked at again with these shares of 1, or of the number where that is larger.
CLOSER = tuple(4.0**-level for level in range(14))
FARTHEST = 0.5  # how far a nudge may move the mix before a gate, beyond which the gate has no slope
TELLS = 1e-4  # the error of a nudged slope, as a share of it, below which 0.05 % would be seen


@dataclass(frozen=True, repr=False)
class GradientReport:
    """How far backprop's gradients are from nudged ones."""

    max_relative_error: float
    worst: str  # which number that was
    compared: int  # how many numbers were nudged and compared
    at_kink: int  # how many were not, since a kink lies within the nudge: no one slope there
    untold: int = 0  # and how many, since rounding drowns what any nudge shows

    @property
    def ok(self) -> bool:
        """Whether every number compared agrees to one part in ten million."""
        return self.compared > 0 and self.max_relative_error <= TOLERANCE

    def __repr__(self) -> str:
        if not self.compared:
            told = _("Nothing told: {kinks} numbers lie at a kink, {untold} are lost in rounding.")
        elif self.ok:
            told = _(
                "Right: {compared} numbers agree with their nudges, {worst} least, to {error}. "
                "Left out: {kinks} at a kink, {untold} lost in rounding."
            )
        else:
            told = _(
                "Wrong: of {compared} numbers {worst} is farthest from its nudge, by {error}. "
                "Left out: {kinks} at a kink, {untold} lost in rounding."
            )
        return told.format(
            compared=self.compared,
            worst=self.worst,
            error=f"{self.max_relative_error:.1e}",
            kinks=self.at_kink,
            untold=self.untold,
        )


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
    A number that disagrees is nudged again, from far to near; it is wrong only if it lies outside
    what the best of these nudges can err by (Ridders 1982, "Accurate computation of F'(x) and
    F'(x) F''(x)", Advances in Engineering Software 4), and untold where that is too much.
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
    with np.errstate(all="ignore"):  # where a nudge overflows, it tells nothing
        return _compared(network, inputs, targets, loss, gradients)


def _compared(
    network: Network, inputs: Array, targets: Array, loss: Loss, gradients: Gradients
) -> GradientReport:
    names, parts, slopes = _numbers(network, inputs, gradients)
    found, nudged, places, spots, at_kink = [], [], [], [], 0
    for name, part, slope in zip(names, parts, slopes, strict=True):
        for place, _value in np.ndenumerate(part):
            by_nudging = _nudged_slope(network, parts, part, place, targets, loss)
            if by_nudging is None:
                at_kink += 1
                continue
            nudged.append(by_nudging)
            found.append(slope[place])
            spots.append((part, place))
            places.append(f"{name}[{', '.join(map(str, place))}]")
    if not found:
        return GradientReport(0.0, _("none"), 0, at_kink)
    output = network.run(inputs).output
    value = loss.value(output, targets)
    if not math.isfinite(value):
        return GradientReport(0.0, _("none"), 0, at_kink, len(found))
    errors = _relative_errors(np.array(found), np.array(nudged), value, output)
    told = np.ones(len(errors), bool)
    largest = max((abs(slope) for slope in found if math.isfinite(slope)), default=0.0)
    for one in np.flatnonzero(~(errors <= TOLERANCE)):  # not-a-number too
        part, place = spots[one]
        nearest, doubt = _closer_slope(network, parts, part, place, targets, loss)
        sound = math.isfinite(found[one])
        size = max(abs(found[one]) if sound else 0.0, abs(nearest), SMALLEST_SHARE * largest)
        told[one] = doubt <= TELLS * size
        if sound:
            apart = abs(found[one] - nearest)
            errors[one] = 0.0 if apart <= TELLS * size + 2.0 * doubt else apart / size
    untold = len(errors) - int(np.count_nonzero(told))
    if not told.any():
        return GradientReport(0.0, _("none"), 0, at_kink, untold)
    worst = int(np.where(told, errors, -1.0).argmax())
    return GradientReport(float(errors[worst]), places[worst], len(found) - untold, at_kink, untold)


def _nudged_slope(
    network: Network,
    parts: list[Array],
    part: Array,
    place: tuple[int, ...],
    targets: Array,
    loss: Loss,
) -> float | None:
    """The slope of the loss at one number of ``part``; None where a kink is on the way."""
    nudge = NUDGE * max(1.0, abs(part[place]))
    here, *nudged = _nudged_runs(network, parts, part, place, nudge)
    sides = sides_of_kinks(here, targets, loss)
    if any(sides_of_kinks(run, targets, loss) != sides for run in nudged[:2]):
        return None
    return _slope_and_doubt(nudged, nudge, targets, loss)[0]


def _closer_slope(
    network: Network,
    parts: list[Array],
    part: Array,
    place: tuple[int, ...],
    targets: Array,
    loss: Loss,
) -> tuple[float, float]:
    """The slope by the nudge that can be trusted most, and how far that may be off."""
    best = 0.0, math.inf
    for share in CLOSER:
        nudge = share * max(1.0, abs(part[place]))
        here, *nudged = _nudged_runs(network, parts, part, place, nudge)
        sides = sides_of_kinks(here, targets, loss)
        near = all(
            sides_of_kinks(run, targets, loss) == sides and _moved(here, run) <= FARTHEST
            for run in nudged[:2]
        )
        if near:
            best = min(best, _slope_and_doubt(nudged, nudge, targets, loss), key=lambda one: one[1])
    return best


def _nudged_runs(
    network: Network, parts: list[Array], part: Array, place: tuple[int, ...], nudge: float
) -> list[Trace]:
    """Forward passes without a nudge, with all of it up and down, and with half of it."""
    value, runs = part[place], []
    for share in (0.0, 1.0, -1.0, 0.5, -0.5):
        part[place] = value + share * nudge
        runs.append(_run(network, parts))
    part[place] = value
    return runs


def _slope_and_doubt(
    nudged: list[Trace], nudge: float, targets: Array, loss: Loss
) -> tuple[float, float]:
    """The slope by two nudges, and how far it may be off, by its curve and by rounding."""
    far_up, far_down, up, down = (loss.value(run.output, targets) for run in nudged)
    # Central differences over h and h/2; what both get wrong by h^2 cancels.
    by_halves, by_wholes = (up - down) / nudge, (far_up - far_down) / (2.0 * nudge)
    slope = (4.0 * by_halves - by_wholes) / 3.0
    # An output is known to eps o, and the loss moves with it by dL/do: much, where it is steep.
    noise = max(
        abs(loss.value(run.output, targets))
        + float(np.abs(loss.gradient(run.output, targets) * run.output).sum())
        for run in nudged[:2]
    )
    doubt = abs(slope - by_halves) + 8.0 * float(np.finfo(float).eps) * noise / nudge
    return float(slope), float(doubt)


def _moved(here: Trace, there: Trace) -> float:
    """How far the mixes before gates have moved at most."""
    return max(
        (
            float(np.abs(one.pre_activations - other.pre_activations).max())
            for one, other in zip(here.layers, there.layers, strict=True)
            if ACTIVATIONS[one.activation].is_gate
        ),
        default=0.0,
    )


def sides_of_kinks(trace: Trace, targets: Array, loss: Loss) -> list[bytes]:
    """On which side of each kink everything lies: of the gates, and of the loss."""
    gates = (ACTIVATIONS[step.activation].sides(step.pre_activations) for step in trace.layers)
    return [*(one.tobytes() for one in gates), loss.sides(trace.output, targets).tobytes()]


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
