"""One worker to play with: turn its knobs and pinch, change its gate, watch what it ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from backprop_lib.datasets import lemonade
from backprop_lib.engine.activations import ACTIVATIONS, get_activation
from backprop_lib.engine.arrays import as_list, as_rows, as_text
from backprop_lib.engine.network import Dense, Network
from backprop_lib.engine.steps import opening
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number, sentences
from backprop_lib.pictures.neuron import draw_neuron
from backprop_lib.widgets.controls import Control, choice, slider
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import Number, Numbers, Setting
from backprop_lib.words import Names, workbench
from backprop_lib.words.turns import shipped_told

REACH = 3.0  # a slider goes from -REACH to REACH
LARGEST = 1e6  # what is larger, no picture holds


class Gate(Setting[str]):
    """The gate of one worker, by its name."""

    def check(self, explorer: Any, value: Any) -> str:
        """Return the gate's name; ValueError for one that a whole floor shares."""
        gate = get_activation(value)
        if gate.shared:
            raise ValueError(
                _(
                    "Expected the gate of one worker, but {gate} came, which a whole floor shares; "
                    "try sigmoid."
                ).format(gate=gate.name)
            )
        return gate.name


def _deliveries(worker: Any) -> int:
    return len(worker.names)


@in_jupyter
class NeuronExplorer(Explorer):
    """One worker: deliveries, knobs, a pinch and a gate.

    Settings: ``inputs`` and ``weights`` (a number for each delivery), ``bias``, and ``activation``
    (the name of a gate that no floor shares). Raises TypeError or ValueError for anything else.

    >>> worker = NeuronExplorer(inputs=[2, 1], weights=[1, -1])
    >>> worker.weights = [1, -3]
    >>> worker
    One worker | 2 × 1 + 1 × (−3) + 0 = −1. The gate is shut: 0 is shipped.
    """

    inputs = Numbers(lambda: _("the inputs"), -LARGEST, LARGEST, _deliveries)
    weights = Numbers(lambda: _("the weights"), -LARGEST, LARGEST, _deliveries)
    bias = Number(lambda: _("the bias"), -LARGEST, LARGEST)
    activation = Gate("relu")

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
