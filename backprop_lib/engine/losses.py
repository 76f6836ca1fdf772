"""How wrong a product is, as one number: each loss, its value and its gradient side by side.

Outputs and targets are batches of shape (examples, outputs); one example (outputs,) is a batch of
one. A value is a float, a gradient has the shape of the output. What is averaged over is what
PyTorch averages over by default. A loss that stands in ``LOSSES`` is in every list.
"""

from __future__ import annotations

import numpy as np

from backprop_lib.engine.activations import ABOVE_ZERO, Chances, strictly_inside
from backprop_lib.engine.arrays import Array, as_number, ones
from backprop_lib.engine.loss import Loss, MistakeLoss, Part, Told, Written
from backprop_lib.i18n import gettext as _

TIMES_THE_START = 1e9
LARGEST_SURPRISE = -float(np.log(ABOVE_ZERO))  # at the smallest share that a number can tell
LARGEST = float(np.finfo(np.float64).max)


def bound(start: float) -> float:
    """The loss beyond which training from a loss of ``start`` has exploded.

    It is a billion times the start: orders in grams or in money may begin with a large loss and
    learn all the same. A start below 1 counts as 1, since who begins nearly right may still err.

    >>> bound(4.0), bound(0.001)
    (4000000000.0, 1000000000.0)
    """
    times = TIMES_THE_START * max(1.0, as_number(start, _("the start"), finite=False))
    return min(times, LARGEST)  # no infinity is within bounds


class MeanSquaredError(MistakeLoss):
    """The squared mistake, averaged over all N elements: L = sum (o - t)^2 / N.

    >>> MeanSquaredError().value([3], [1])
    4.0
    >>> MeanSquaredError().gradient([3], [1])
    array([4.])
    """

    name = "mean squared error"
    measure = "squared"
    form, slope_form = "({})²", "2 × ({})"

    def told(self) -> Told:
        """A square, and the average of several."""
        return Told(
            _("squared mistake"),
            _(
                "The product is {product}, the order said {order}. The mistake is {mistake}, "
                "its square is the loss: {loss}."
            ),
            _(
                "The mistakes are {mistakes}, their squares {counted}. "
                "The average of the squares is the loss: {loss}."
            ),
            _("The loss over product {n} is a round valley, lowest at {order}."),
        )

    def raw_value(self, outputs: Array, targets: Array) -> float:
        """L = sum (o - t)^2 / N."""
        mistakes = outputs - targets
        return float(np.vdot(mistakes, mistakes)) / mistakes.size

    def raw_gradient(self, outputs: Array, targets: Array) -> Array:
        """dL/do = 2 (o - t) / N."""
        return (outputs - targets) * (2.0 / outputs.size)


class MeanAbsoluteError(MistakeLoss):
    """The size of the mistake, averaged over all N elements: L = sum |o - t| / N.

    >>> MeanAbsoluteError().value([3], [1])
    2.0
    >>> MeanAbsoluteError().gradient([3], [1])
    array([1.])
    """

    name = "mean absolute error"
    measure = "absolute"
    kinks = (0.0,)
    form, slope_form = "|{}|", "sign({})"

    def told(self) -> Told:
        """A length, and the average of several."""
        return Told(
            _("length of the mistake"),
            _(
                "The product is {product}, the order said {order}. The mistake is {mistake}, "
                "its length is the loss: {loss}."
            ),
            _(
                "The mistakes are {mistakes}, their lengths {counted}. "
                "The average of the lengths is the loss: {loss}."
            ),
            _("The loss over product {n} is a valley with a sharp tip at {order}."),
        )

    def raw_value(self, outputs: Array, targets: Array) -> float:
        """L = sum |o - t| / N."""
        with np.errstate(over="ignore"):
            return float(np.abs(outputs - targets).sum()) / outputs.size

    def raw_gradient(self, outputs: Array, targets: Array) -> Array:
        """dL/do = sign(o - t) / N; 0 at the kink o = t, where there is none, as in PyTorch."""
        with np.errstate(over="ignore"):
            return np.sign(outputs - targets) / outputs.size


class BinaryCrossEntropy(Loss):
    """For yes-or-no orders: L = -sum [t log p + (1 - t) log(1 - p)] / N, with 0 <= p, t <= 1.

    Where the output is a network's own, log p and log (1 - p) are those of its mix, which are right
    however sure it is; a plain number near 1 cannot tell them, and stops at 36.7.

    >>> round(BinaryCrossEntropy().value([0.5], [1]), 4)
    0.6931
    """

    name = "binary cross-entropy"
    gate = "sigmoid"

    def check_outputs(self, outputs: Array) -> None:
        """Outputs are chances: between 0 and 1."""
        _refuse_outside_0_to_1(outputs, _("the output"), _("give the last layer a sigmoid"))

    def check_targets(self, targets: Array) -> None:
        """Targets are 0 (no) or 1 (yes), or a chance between."""
        _refuse_outside_0_to_1(targets, _("the target"), _("use 0 for no and 1 for yes"))

    def raw_value(self, outputs: Array, targets: Array) -> float:
        """L = -sum [t log p + (1 - t) log(1 - p)] / N."""
        log_yes, log_no = _logs(outputs)
        surprises = targets * log_yes + (1.0 - targets) * log_no
        return 0.0 - float(surprises.sum()) / outputs.size

    def raw_gradient(self, outputs: Array, targets: Array) -> Array:
        """dL/dp = [(1 - t) / (1 - p) - t / p] / N."""
        p = strictly_inside(outputs)
        return ((1.0 - targets) / (1.0 - p) - targets / p) / p.size

    def raw_gradient_of_mix(self, outputs: Array, targets: Array) -> Array:
        """dL/dz = (p - t) / N, for the gate's slope p (1 - p) cancels both denominators."""
        return (outputs - targets) / outputs.size

    def written(self, outputs: Array, targets: Array) -> Written:
        """Two logarithms for each output would be too long: in symbols."""
        return Written("−Σ (t·log p + (1 − t)·log(1 − p))", outputs.size)


class CategoricalCrossEntropy(Loss):
    """For one-of-many orders: L = -sum t log p / n, over n examples; targets are one-hot rows.

    >>> round(CategoricalCrossEntropy().value([0.25, 0.75], [0, 1]), 4)
    0.2877
    """

    name = "categorical cross-entropy"
    gate = "softmax"

    def check_outputs(self, outputs: Array) -> None:
        """Outputs are shares: between 0 and 1."""
        _refuse_outside_0_to_1(outputs, _("the output"), _("give the last layer a softmax"))

    def check_targets(self, targets: Array) -> None:
        """Each row names one answer with a 1 and the others with a 0."""
        # Each row adds up to 1, so something is in it, and there are no more nonzeros than rows.
        whole = targets.dot(ones(targets.shape[1])) == 1.0
        if not np.count_nonzero(whole) == np.count_nonzero(targets) == len(targets):
            one_hot = whole & (np.count_nonzero(targets, axis=1) == 1)
            raise ValueError(
                _(
                    "Expected one-hot targets (a single 1 in each row, zeros elsewhere), but the "
                    "row {row} came; try np.eye(classes)[labels]."
                ).format(row=targets[~one_hot][0].tolist())
            )

    def raw_value(self, outputs: Array, targets: Array) -> float:
        """L = -sum t log p / n."""
        surprise = 0.0 - float(np.vdot(targets, np.log(strictly_inside(outputs))))
        if surprise >= LARGEST_SURPRISE:  # the mix takes time, and tells more only of such a share
            surprise = 0.0 - float(np.vdot(targets, _logs(outputs)[0]))
        return surprise / len(outputs)

    def raw_gradient(self, outputs: Array, targets: Array) -> Array:
        """dL/dp = -(t / p) / n."""
        return targets / (strictly_inside(outputs) * -float(len(outputs)))

    def raw_gradient_of_mix(self, outputs: Array, targets: Array) -> Array:
        """dL/dz = (p - t) / n, for the shares add up to 1, and so does a one-hot row."""
        return (outputs - targets) / len(outputs)

    def written(self, outputs: Array, targets: Array) -> Written:
        """Of one row, the share of the answer that was wanted; of several, in symbols."""
        share = float((outputs * targets).sum())
        alone = (Part("−log {}", (share,), lambda p: -p.ln()),) if len(outputs) == 1 else ()
        return Written("−Σ t·log p", len(outputs), alone)


def _logs(outputs: Array) -> tuple[Array, Array]:
    """log p and log (1 - p), of the mix where that is known."""
    logs = outputs.logs if isinstance(outputs, Chances) else None
    if logs is not None:
        return logs
    p = strictly_inside(outputs)
    return np.log(p), np.log1p(-p)


def _refuse_outside_0_to_1(values: Array, name: str, advice: str) -> None:
    if isinstance(values, Chances) and values.of_gate:
        return
    if values.min() < 0.0 or values.max() > 1.0:
        raise ValueError(
            _("Expected numbers from 0 to 1 for {name}, but {value} came; {advice}.").format(
                name=name, value=values[(values < 0.0) | (values > 1.0)][0], advice=advice
            )
        )


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        MeanSquaredError(),
        MeanAbsoluteError(),
        BinaryCrossEntropy(),
        CategoricalCrossEntropy(),
    )
}


def measures() -> dict[str, MistakeLoss]:
    """The losses that count mistakes one by one, by their names as a setting.

    >>> measures()["squared"]
    MeanSquaredError()
    """
    counting = (loss for loss in LOSSES.values() if isinstance(loss, MistakeLoss))
    return {loss.measure or loss.name: loss for loss in counting}
