"""One whole lap of the factory, forward, loss, backward and update, as a tuple of frozen Steps.

A Step holds all that is known at its moment, and nothing that is not. Next, back, slider, picture
and caption are then one operation: taking the Step at an index.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.arrays import Array, as_rows
from backprop_lib.engine.frozen import Frozen, hands_out, locked
from backprop_lib.engine.loss import Loss, as_loss
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.engine.network import Gradients, LayerGradients, Network, Trace, as_network
from backprop_lib.engine.optimizers import SGD, Optimizer, as_optimizer
from backprop_lib.i18n import gettext as _

Phase = Literal["forward", "loss", "backward", "update"]
Turn = tuple[int, int]  # a layer and a worker, or MATERIALS and a material
MATERIALS = -1  # where a layer is meant, the place before the first floor


@hands_out("inputs", "target", "output_gradient", "inputs_gradient")
@dataclass(frozen=True, eq=False)
class Step(Frozen):
    """A moment of a lap. What is not known yet is None, or missing at the end of ``trace``."""

    phase: Phase
    layer: int | None  # the layer at work; None when the whole factory is meant
    network: Network  # with the knobs as they are during this lap
    inputs: Array  # (examples, inputs)
    target: Array  # (examples, outputs)
    trace: Trace  # of the layers that have worked
    gradients: tuple[LayerGradients | None, ...]  # of each layer, once the notes have passed it
    loss: float | None = None
    output_gradient: Array | None = None  # dLoss/d(output), (examples, outputs)
    inputs_gradient: Array | None = None  # dLoss/dx, (examples, inputs)
    optimizer: Optimizer | None = None  # as it is after the update; ``copy()`` it to go on
    updated: Network | None = None  # with the knobs turned
    now: Turn | None = None  # whose turn it is; None when all of a floor, or the factory, is meant

    def __repr__(self) -> str:
        turn = "" if self.now is None else f", now={self.now}"
        return f"Step({self.phase!r}, layer={self.layer}{turn}, loss={self.loss})"


def opening(network: Network, x: npt.ArrayLike, target: npt.ArrayLike) -> Step:
    """The moment before a lap: the order has come in, and nobody has worked yet.

    Takes and raises what ``steps`` does.
    """
    as_network(network)
    inputs = as_rows(x, _("the inputs"), width=network.sizes[0])
    targets = as_rows(target, _("the target"), width=network.sizes[-1])
    if len(inputs) != len(targets):
        raise ValueError(
            _(
                "Expected one target for each of the {inputs} inputs, but {targets} came; "
                "give both the same number of rows."
            ).format(inputs=len(inputs), targets=len(targets))
        )
    unknown = (None,) * len(network.layers)
    return Step("forward", None, network, inputs, targets, Trace(()), unknown)


def steps(
    network: Network,
    x: npt.ArrayLike,
    target: npt.ArrayLike,
    loss: Loss = MeanSquaredError(),  # noqa: B008  frozen, without a state
    optimizer: Optimizer | None = None,
) -> tuple[Step, ...]:
    """Take an order through one lap, and return its moments in their order.

    ``x`` is (examples, inputs) or (inputs,), ``target`` (examples, outputs) or (outputs,). There is
    one forward step a layer, one for the loss, one backward step a layer from the last to the
    first, and one update, when all notes have passed. The optimizer, SGD(0.1) if none is given, is
    left as it was: the last step's ``optimizer`` has its memory after the lap. Raises TypeError or
    ValueError for numbers that do not fit, and ValueError when they grow beyond all bounds.

    >>> from backprop_lib.engine.network import Dense
    >>> lap = steps(Network([Dense([[3.0]], [0.0])]), [1.0], [1.0], optimizer=SGD(0.25))
    >>> [step.phase for step in lap]
    ['forward', 'loss', 'backward', 'update']
    >>> lap[1].loss, lap[2].gradients[0].weights, lap[3].updated.layers[0].weights
    (4.0, array([[4.]]), array([[2.]]))
    """
    now = opening(network, x, target)
    as_loss(loss)
    turner = SGD(0.1) if optimizer is None else as_optimizer(optimizer).copy()
    lap = []
    arriving = now.inputs
    with np.errstate(all="ignore"):
        for number, layer in enumerate(network.layers):
            work = layer.forward(arriving)
            arriving = work.activations
            now = replace(now, layer=number, trace=Trace((*now.trace.layers, work)))
            lap.append(now)
        _refuse_explosion(now.trace.output)

        note = locked(loss.gradient(now.trace.output, now.target))
        value = loss.value(now.trace.output, now.target)
        now = replace(now, phase="loss", layer=None, loss=value, output_gradient=note)
        _refuse_explosion(value, note)
        lap.append(now)

        for number, layer in reversed(list(enumerate(network.layers))):
            found = layer.backward(now.trace.layers[number], note)
            note = layer.pass_on(found.pre_activations)
            known = (*now.gradients[:number], found, *now.gradients[number + 1 :])
            now = replace(now, phase="backward", layer=number, gradients=known)
            if number == 0:
                now = replace(now, inputs_gradient=note)
            _refuse_explosion(found.weights, found.biases, note)
            lap.append(now)

    all_known = tuple(found for found in now.gradients if found is not None)
    updated = turner.update(network, Gradients(all_known, note))
    _refuse_explosion(*updated.knobs)
    now = replace(now, phase="update", layer=None, optimizer=turner.copy(), updated=updated)
    return (*lap, now)


def _refuse_explosion(*values: Array | float) -> None:
    if not all(np.isfinite(value).all() for value in values):
        raise ValueError(
            _(
                "Expected finite numbers all through the factory, but they grew beyond all bounds; "
                "try smaller knobs or a smaller learning rate."
            )
        )
