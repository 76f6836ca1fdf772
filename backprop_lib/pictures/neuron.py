"""One worker at work: its deliveries and knobs, the mix, and its gate as a curve with a point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backprop_lib.engine.activations import get_activation
from backprop_lib.engine.network import Dense
from backprop_lib.i18n import factor
from backprop_lib.i18n import gettext as _
from backprop_lib.pictures import things
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.svg import Point, group, path, picture, words

WIDTH = 650.0
ROW = 52.0
PLOT = 210.0
SHIPS = "bpf-name bpf-end"
REACH = 6.0  # the curve is drawn for mixes from -REACH to REACH


def draw_neuron(worker: Dense, inputs: Sequence[float], names: Sequence[str]) -> str:
    """The SVG of ``worker``, a layer of one worker, with one delivery for each of its knobs."""
    trace = worker.forward(np.array([inputs], dtype=float))
    z, a = trace.pre_activations.item(), trace.activations.item()
    height = max(PLOT + 74.0, ROW * (len(inputs) + 1) + 66.0)
    middle = height / 2 - 8
    parts = [
        words(64, 20, _("deliveries"), class_="bpf-title bpf-middle"),
        words(190, 20, _("knobs"), class_="bpf-title bpf-middle"),
        words(318, 20, _("mix"), class_="bpf-title bpf-middle"),
    ]
    top = middle - ROW * (len(inputs) + 1) / 2 + ROW / 2 + 8
    for row, (name, amount, weight) in enumerate(
        zip(names, inputs, worker.weights[:, 0], strict=True)
    ):
        parts.append(_delivery(top + ROW * row, middle, name, amount, float(weight)))
    parts.append(_pinch(top + ROW * len(inputs), middle, float(worker.biases[0])))
    parts.append(things.crate((318, middle), z, 62, 30))
    parts.append(path(["M", 350, middle, "H", 390], class_="bpf-belt bpf-lit"))
    parts.append(_gate_plot(worker.activation, z, a, (412.0, middle - PLOT / 2 + 8)))
    return picture(WIDTH, height, *parts, title=_("One worker"))


def _delivery(y: float, middle: float, name: str, amount: float, weight: float) -> str:
    product = things.brief(amount * weight, decimals=2)
    return group(
        path(["M", 96, y, "H", 166], class_="bpf-belt"),
        _way_to_mix(y, middle),
        words(64, y - 18, name, class_="bpf-name bpf-middle"),
        things.crate((64, y), amount, 64, 26, decimals=2),
        things.dial((182, y), 14.0, weight),
        words(202, y - 6, f"× {factor(round(weight, 2))}", class_="bpf-number"),
        words(202, y + 15, f"= {product}", class_="bpf-number bpf-strong"),
    )


def _pinch(y: float, middle: float, bias: float) -> str:
    return group(
        _way_to_mix(y, middle),
        words(160, y + 5, _("pinch"), class_="bpf-name bpf-end"),
        things.dial((182, y), 10.0, bias),
        words(202, y - 6, f"+ {factor(round(bias, 2))}", class_="bpf-number"),
    )


def _way_to_mix(y: float, middle: float) -> str:
    return path(["M", 252, y, "C", 276, y, 268, middle, 287, middle], class_="bpf-belt")


def _gate_plot(activation: str, z: float, a: float, at: Point) -> str:
    """The gate's curve from mix (across) to what is shipped (up), with the point of this mix."""
    gate = get_activation(activation)
    most = 1.2 * max(abs(gate.low), abs(gate.high)) if gate.soft else REACH
    up = (-most, most)
    chart = Chart((-REACH, REACH), up, PLOT, PLOT, at)
    return chart.draw(
        chart.sampled(gate.alone, "bpf-curve bpf-bold"),
        chart.line((z, 0.0), (z, a), (0.0, a)),
        chart.dot(z, a),
        words(PLOT, -9, _("ships {amount}").format(amount=things.brief(a)), class_=SHIPS),
        title=_("gate: {name}").format(name=activation),
        across=_("mix"),
        up=_("ships"),
    )
