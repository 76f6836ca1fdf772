"""Every explorer of the package, how each is made, and what may be done to it by page or program.

A new explorer that is made out of nothing needs no line here.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from picture_reader import parts

import backprop_lib as bp
from backprop_lib import widgets
from backprop_lib.datasets import lemonade_factory
from backprop_lib.widgets import (
    ChainRuleExplorer,
    DigitPad,
    DigitReader,
    FactoryFloor,
    GradientExplorer,
    LearningRateExplorer,
    LossExplorer,
    NeuronExplorer,
    Question,
)
from backprop_lib.widgets.explorer import Explorer

Move = dict[str, Any]
ARROW = [[[20.0, 30.0], [50.0, 80.0]], [[50.0, 80.0], [80.0, 30.0]]]


def question() -> Question:
    return Question("2 × 3 = ?", ("5", False, "2 + 3."), ("6", True, "3 + 3."), ("7", False, "7?"))


def batch() -> FactoryFloor:
    orders, sourness = [[2, 1], [3, 1], [0, 3]], [[1], [2], [0]]
    return FactoryFloor(lemonade_factory(), orders, sourness, position=3)


def summary() -> FactoryFloor:
    network = bp.Network.random([9, 12, 3], "tanh", "softmax", seed=2)
    loss = bp.CategoricalCrossEntropy()
    return FactoryFloor(network, np.linspace(-1, 1, 9), [0, 1, 0], loss=loss)


def small() -> FactoryFloor:
    network = bp.Network.random([1, 2, 1], "relu", seed=5)
    return FactoryFloor(network, [[1.0], [-0.5]], [[0.5], [1.0]])


def walked() -> FactoryFloor:
    return FactoryFloor.lemonade(chosen=(0, 1), position=5, pace="worker")


def deep() -> GradientExplorer:
    network = bp.Network.random([2, 3, 3, 2], "tanh", "softmax", seed=6)
    return GradientExplorer(network, [0.5, -1], [1, 0], bp.CategoricalCrossEntropy())


TRAINED = DigitReader()


def reader() -> DigitReader:
    """One that learns along with all the others, so that nothing is learnt twice."""
    made = DigitReader()
    made._learned, made._records = TRAINED._learned, TRAINED._records
    return made


# Each in the looks that differ; one that is not named here is made out of nothing.
MADE: dict[type[Explorer], list[Callable[[], Explorer]]] = {
    ChainRuleExplorer: [ChainRuleExplorer, lambda: ChainRuleExplorer(chosen=(0, 0, None), path=2)],
    DigitReader: [reader],
    DigitPad: [DigitPad, lambda: DigitPad(ARROW, order=7)],
    FactoryFloor: [FactoryFloor.lemonade, walked, small, batch, summary],
    GradientExplorer: [GradientExplorer.lemonade, deep],
    LearningRateExplorer: [
        LearningRateExplorer,
        lambda: LearningRateExplorer(landscape="race", lap=3),
    ],
    LossExplorer: [LossExplorer, lambda: LossExplorer([3, 3], [1, 5], chosen=1)],
    NeuronExplorer: [NeuronExplorer, lambda: NeuronExplorer([1.0, 2.0, 3.0], [1.0, 0.0, -2.0])],
    Question: [question],
}
KINDS: list[type[Explorer]] = [getattr(widgets, name) for name in widgets.__all__]
MAKERS = {
    f"{kind.__name__} {place}": make
    for kind in KINDS
    for place, make in enumerate(MADE.get(kind, [kind]))
}


def settings(explorer: Explorer) -> dict[str, Any]:
    return {name: getattr(explorer, name) for name in explorer.setting_names()}


def unsaid(explorer: Explorer) -> dict[str, Any]:
    """The View without the message."""
    return {**explorer.view, "message": ""}


# ---- what the page offers -----------------------------------------------------------------------


def offers(explorer: Explorer) -> Iterator[Move]:
    """Every move that the page offers now, of a slider both ends and the middle."""
    for control in explorer.view["controls"]:
        yield from of_control(explorer, control)
    if explorer.view["picture"]:
        for part in parts(explorer.view["picture"]):
            if name := part.element.get("data-trait"):
                value = json.loads(part.element.get("data-value", "null"))
                if getattr(explorer, name) != value:
                    yield {name: value}
                elif name in explorer.view["optional"]:
                    yield {name: None}


def of_control(explorer: Explorer, control: dict[str, Any]) -> Iterator[Move]:
    match control:
        case {"kind": "button", "sets": sets, "off": off}:
            if sets and not off:
                yield dict(sets)
        case {"kind": "slider", "trait": name, "min": low, "max": high, "step": step}:
            middle = low + step * round((high - low) / step / 2)
            for value in (low, middle, high):
                value = float(f"{10.0**value:.2g}") if control.get("scale") == "log" else value
                if (place := control.get("place")) is not None:
                    value = [
                        value if n == place else one
                        for n, one in enumerate(getattr(explorer, name))
                    ]
                yield {name: value}
        case {"kind": "choice", "trait": name, "options": options}:
            yield from ({name: value} for value, _words in options)
        case {"kind": "question", "trait": name, "options": options}:
            yield from ({name: place} for place in range(len(options)))
        case {"kind": "play", "trait": name, "last": last}:
            yield {name: 0}
            yield {name: min(last, getattr(explorer, name) + 1)}
        case {"kind": "pad", "trait": name}:
            yield {name: ARROW}
            yield {name: ARROW[:1]}


# ---- what a program may set ---------------------------------------------------------------------


def strange(value: Any, dice: random.Random) -> Any:
    """A value of about that kind, which may be good and may be nonsense."""
    if dice.random() < 0.05:
        return dice.choice([None, -1, 99, 1.5, math.nan, math.inf, "much", [], [0], [[1]], True])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + dice.randint(-3, 3)
    if isinstance(value, float):
        if dice.random() < 0.3:
            return value * 10 ** dice.uniform(-3, 3)
        return round(value + dice.gauss(0, 1), 2)
    if isinstance(value, list):
        if dice.random() < 0.1:
            return value[:-1] if dice.random() < 0.5 else value + value[-1:]
        place = dice.randrange(len(value)) if value else None
        return [strange(one, dice) if n == place else one for n, one in enumerate(value)]
    return dice.choice([0, 1, [0, 0], [0, 1], [1, 0], None]) if value is None else value


def again(make: Callable[[], Explorer], explorer: Explorer) -> Explorer:
    """One that is newly made, and put where another stands."""
    fresh = make()
    fresh.set_state(settings(explorer))
    return fresh
