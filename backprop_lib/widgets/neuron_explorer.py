"""One worker to play with: turn its knobs and pinch, change its gate, watch what it ships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backprop_lib.activations import ACTIVATIONS, get_activation
from backprop_lib.arrays import as_numbers
from backprop_lib.captions import Names, workbench
from backprop_lib.datasets import lemonade
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.network import Dense, Network
from backprop_lib.pictures.neuron import draw_neuron
from backprop_lib.steps import steps
from backprop_lib.widgets.explorer import Control, Explorer, Setting, View, choice, slider

REACH = 3.0  # a slider goes from -REACH to REACH


def _list_like(trait: str) -> Any:
    """A check for as many numbers as the worker has deliveries."""

    def check(worker: NeuronExplorer, value: object) -> list[float]:
        numbers = as_numbers(value, _("the {what}").format(what=trait))
        if numbers.shape != (len(worker.names),):
            raise ValueError(
                _(
                    "Expected {count} numbers for {trait}, but {value!r} came; "
                    "give one for each delivery."
                ).format(count=len(worker.names), trait=trait, value=value)
            )
        return [float(value) for value in numbers]

    return check


def _bias(worker: NeuronExplorer, value: object) -> float:
    numbers = as_numbers(value, _("the bias"))
    if numbers.shape != ():
        raise ValueError(
            _("Expected one number for the bias, but {value!r} came; try 0.5.").format(value=value)
        )
    return float(numbers)


def _activation(worker: NeuronExplorer, value: Any) -> str:
    if value == "softmax":
        raise ValueError(
            _(
                "Expected the gate of one worker, but softmax came, which a whole floor shares; "
                "try sigmoid."
            )
        )
    return get_activation(value).name


class NeuronExplorer(Explorer):
    """One worker: deliveries, knobs, a pinch and a gate.

    Settings: ``inputs`` and ``weights`` (a number for each delivery), ``bias``, and ``activation``
    (identity, relu, sigmoid or tanh). Raises TypeError or ValueError for anything else.

    >>> worker = NeuronExplorer(inputs=[2, 1], weights=[1, -1])
    >>> worker.weights = [1, -3]
    >>> worker
    One worker | 2 × 1 + 1 × (−3) + 0 = −1. The gate is shut: 0 is shipped.
    """

    inputs = Setting(_list_like("inputs"))
    weights = Setting(_list_like("weights"))
    bias = Setting(_bias, 0.0)
    activation = Setting(_activation, "relu")

    def __init__(
        self,
        inputs: Sequence[float] = (2.0, 1.0),
        weights: Sequence[float] = (1.0, -1.0),
        bias: float = 0.0,
        activation: str = "relu",
        names: Sequence[str] | None = None,
    ) -> None:
        count = len(as_numbers(inputs, _("the inputs")))
        if names is None:
            own = lemonade().input_names
            plain = [_("material {n}").format(n=n + 1) for n in range(count)]
            names = own if len(own) == count else plain
        self.names = tuple(names)
        super().__init__()
        self.start(inputs=inputs, weights=weights, bias=bias, activation=activation)

    @property
    def worker(self) -> Dense:
        """The worker as a layer of one."""
        return Dense([[weight] for weight in self.weights], [self.bias], self.activation)

    def draw(self) -> View:
        """The worker, its sum, and its gate's curve with the point on it."""
        network = Network([self.worker])
        moment = steps(network, self.inputs, [0.0])[0]
        lines = workbench(moment, Names.of(network, self.names), 0, 0)
        z, a = moment.trace.layers[0].pre_activations.item(), moment.trace.output.item()
        return View(
            title=_("One worker"),
            picture=draw_neuron(self.worker, self.inputs, self.names),
            caption=self._sentence(lines[0].text, z, a),
            formula=f"z = x·w + b = {number(z)},  a = {self.activation}(z) = {number(a)}",
            description=self._sentence(lines[0].text, z, a),
            controls=self._controls(),
        )

    def _sentence(self, total: str, z: float, a: float) -> str:
        if self.activation != "relu":
            return _("{sum}. The gate makes {amount} of it, which is shipped.").format(
                sum=total, amount=number(a)
            )
        if z > 0.0:
            return _("{sum}. The gate is open: {amount} is shipped.").format(
                sum=total, amount=number(a)
            )
        return _("{sum}. The gate is shut: {amount} is shipped.").format(
            sum=total, amount=number(a)
        )

    def _controls(self) -> tuple[Control, ...]:
        reach = (-REACH, REACH, 0.1)
        deliveries = [
            slider("inputs", name, number(self.inputs[place]), *reach, place=place)
            for place, name in enumerate(self.names)
        ]
        knobs = [
            slider(
                "weights",
                _("knob for {source}").format(source=name),
                number(self.weights[place]),
                *reach,
                place=place,
            )
            for place, name in enumerate(self.names)
        ]
        gates = {name: name for name in ACTIVATIONS if name != "softmax"}
        return (
            *deliveries,
            *knobs,
            slider("bias", _("pinch"), number(self.bias), *reach),
            choice("activation", _("gate"), gates),
        )
