"""One worker to play with: turn its knobs and pinch, change its gate, watch what it ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backprop_lib.datasets import lemonade
from backprop_lib.engine.activations import ACTIVATIONS, get_activation
from backprop_lib.engine.arrays import Array, as_list, as_numbers, as_rows, as_text, short
from backprop_lib.engine.network import Dense, Network
from backprop_lib.engine.steps import opening
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences
from backprop_lib.pictures.neuron import draw_neuron
from backprop_lib.widgets.controls import Control, choice, slider
from backprop_lib.widgets.explorer import Explorer, Setting, View
from backprop_lib.words import Names, workbench
from backprop_lib.words.turns import shipped_told

REACH = 3.0  # a slider goes from -REACH to REACH
LARGEST = 1e6  # what is larger, no picture holds


def _inputs(worker: NeuronExplorer, value: object) -> list[float]:
    return _one_each(worker, value, _("the inputs"))


def _weights(worker: NeuronExplorer, value: object) -> list[float]:
    return _one_each(worker, value, _("the weights"))


def _one_each(worker: NeuronExplorer, value: object, name: str) -> list[float]:
    """As many numbers as the worker has deliveries."""
    numbers = _small(value, name)
    if numbers.shape != (len(worker.names),):
        raise ValueError(
            _(
                "Expected {count} numbers for {name}, but {value} came; give one for each delivery."
            ).format(count=len(worker.names), name=name, value=short(value))
        )
    return [float(one) for one in numbers]


def _small(value: object, name: str) -> Array:
    numbers = as_numbers(value, name)
    if np.abs(numbers).max() > LARGEST:
        raise ValueError(
            _(
                "Expected numbers from {least} to {most} for {name}, but {value} came; "
                "try smaller ones."
            ).format(least=number(-LARGEST), most=number(LARGEST), name=name, value=short(value))
        )
    return numbers


def _bias(worker: NeuronExplorer, value: object) -> float:
    numbers = _small(value, _("the bias"))
    if numbers.shape != ():
        raise ValueError(
            _("Expected one number for the bias, but {value} came; try 0.5.").format(
                value=short(value)
            )
        )
    return float(numbers)


def _activation(worker: NeuronExplorer, value: Any) -> str:
    gate = get_activation(value)
    if gate.shared:
        raise ValueError(
            _(
                "Expected the gate of one worker, but {gate} came, which a whole floor shares; "
                "try sigmoid."
            ).format(gate=gate.name)
        )
    return gate.name


class NeuronExplorer(Explorer):
    """One worker: deliveries, knobs, a pinch and a gate.

    Settings: ``inputs`` and ``weights`` (a number for each delivery), ``bias``, and ``activation``
    (the name of a gate that no floor shares). Raises TypeError or ValueError for anything else.

    >>> worker = NeuronExplorer(inputs=[2, 1], weights=[1, -1])
    >>> worker.weights = [1, -3]
    >>> worker
    One worker | 2 × 1 + 1 × (−3) + 0 = −1. The gate is shut: 0 is shipped.
    """

    inputs = Setting(_inputs)
    weights = Setting(_weights)
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
        count = as_rows(inputs, _("the inputs")).shape[1]
        if names is None:
            own = lemonade().input_names
            plain = [_("material {n}").format(n=n + 1) for n in range(count)]
            names = own if len(own) == count else plain
        self.names = tuple(as_text(name, _("a name")) for name in as_list(names, _("the names")))
        super().__init__()
        self.start(inputs=inputs, weights=weights, bias=bias, activation=activation)

    @property
    def worker(self) -> Dense:
        """The worker as a layer of one."""
        return Dense([[weight] for weight in self.weights], [self.bias], self.activation)

    def draw(self) -> View:
        """The worker, its sum, and its gate's curve with the point on it."""
        network = Network([self.worker])
        start = opening(network, self.inputs, [0.0])
        moment = replace(start, layer=0, trace=network.forward(self.inputs))
        lines = workbench(moment, Names.of(network, self.names), 0, 0)
        z, a = moment.trace.layers[0].pre_activations.item(), moment.trace.output.item()
        told = sentences(
            _("{sum}.").format(sum=lines[0].text),
            shipped_told(get_activation(self.activation), z, number(a)),
        )
        return View(
            title=_("One worker"),
            picture=draw_neuron(self.worker, self.inputs, self.names),
            caption=told,
            formula=f"z = x·w + b = {number(z)},  a = {self.activation}(z) = {number(a)}",
            description=told,
            controls=self._controls(),
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
        gates = {name: name for name, gate in ACTIVATIONS.items() if not gate.shared}
        return (
            *deliveries,
            *knobs,
            slider("bias", _("pinch"), number(self.bias), *reach),
            choice("activation", _("gate"), gates),
        )
