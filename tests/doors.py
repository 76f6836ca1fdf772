"""Every public callable of the package, and what to give to each so that it works."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import backprop_lib
from backprop_lib import (
    SGD,
    Dense,
    MeanSquaredError,
    Network,
    steps,
)  # fmt: skip
from backprop_lib.datasets import lemonade, lemonade_factory, moons
from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.study.descent import Bowl, descend, descend_factory
from backprop_lib.study.nudging import Knob
from backprop_lib.words import Names

# ---- good values, by the name of the argument ----------------------------------------------------

LAP = steps(lemonade_factory(), [2, 1], [1])
POINTS = moons(12)


def own_function(*_given: Any) -> float:
    return 1.0


GOOD: dict[str, Callable[[], Any]] = {
    "network": lemonade_factory,
    "x": lambda: [2, 1],
    "inputs": lambda: [2, 1],
    "target": lambda: [1],
    "targets": lambda: [1],
    "order": lambda: [1],
    "loss": MeanSquaredError,
    "optimizer": lambda: SGD(0.1),
    "seed": lambda: 0,
    "laps": lambda: 3,
    "epochs": lambda: 3,
    "function": lambda: own_function,
    "trials": lambda: 3,
    "rate": lambda: 0.1,
    "learning_rate": lambda: 0.1,
    "name": lambda: "tanh",
    "output": lambda: [[3.0]],
    "outputs": lambda: np.array([[3.0]]),
    "way": lambda: descend(Bowl(), [2], SGD(0.1), 5),
    "landscape": Bowl,
    "start": lambda: Knob(0, 0, 0),
    "knob": lambda: Knob(0, 0, 0),
    "gradients": lambda: lemonade_factory().backward(lemonade_factory().forward([2, 1]), [4]),
    "trace": lambda: lemonade_factory().forward([2, 1]),
    "output_gradient": lambda: [4],
    "weights": lambda: [[1.0, 2.0]],
    "biases": lambda: [0.0, 0.0],
    "activation": lambda: "relu",
    "layers": lambda: [Dense([[1.0]], [0.0])],
    "sizes": lambda: [2, 3, 1],
    "examples": lambda: 20,
    "noise": lambda: 0.1,
    "turns": lambda: 1.0,
    "classes": lambda: 3,
    "images": lambda: squares(),
    "copies": lambda: 1,
    "data": lambda: POINTS,
    "share": lambda: 0.2,
    "strokes": lambda: [[[50, 10], [50, 90]]],
    "code": lambda: "en",
    "n": lambda: 2,
    "singular": lambda: "{n} lemon",
    "plural": lambda: "{n} lemons",
    "message": lambda: "a sentence",
    "value": lambda: 0.5,
    "digits": lambda: 4,
    "points": lambda: np.array([[3.0]]),
    "svg": lambda: b"",
    "alternative": lambda: "a picture",
    "figure": lambda: Figure(),
    "axes": lambda: Figure().subplots(),
    "point": lambda: np.array([3.0]),
    "losses": lambda: [4.0, 2.0, 1.0],
    "learned": lambda: [4.0, 2.0],
    "rates": lambda: [0.1, 0.2],
    "lap": lambda: LAP,
    "step": lambda: LAP[-1],
    "names": lambda: Names.of(lemonade_factory()),
    "batch_size": lambda: 4,
    "train": lambda: POINTS,
    "held_out": lambda: None,
    "epoch": lambda: 0,
    "answer": lambda: 3.0,
    "answers": lambda: [1.0, 2.0],
    "layer": lambda: 0,
    "worker": lambda: 0,
    "source": lambda: 0,
    "input_names": lambda: ["a", "b"],
    "target_names": lambda: ["t"],
    "every": lambda: 5,
    "width": lambda: 2,
    "least": lambda: 1,
    "kind": lambda: int,
    "advice": lambda: "3",
    "nudge": lambda: 0.1,
    "nudges": lambda: [0.1],
    "below": lambda: 1.0,
    "above": lambda: 2.0,
    "here": lambda: 1.5,
    "low": lambda: 0.0,
    "high": lambda: 1.0,
    "loss_": lambda: 1.0,
    "amounts": lambda: [1.0, 2.0],
    "moment": lambda: 0,
    "products": lambda: [1.0, 2.0],
    "prompt": lambda: "How many?",
    "question": lambda: "Why?",
    "start_at": lambda: [3.0],
    "method": lambda: "descent",
    "path": lambda: "/nowhere/at/all.npz",
    "one": lambda: 1.0,
    "other": lambda: 2.0,
    "wanted": lambda: 1.0,
    "before": lambda: 4.0,
    "expected": lambda: 3.0,
    "a": lambda: np.array([[1.0]]),
    "z": lambda: np.array([[1.0]]),
}

# And where a call wants another, by its own name.
OF_CALL: dict[str, dict[str, Callable[[], Any]]] = {
    "descend": {"start": lambda: [2.0]},
    "Nudged.at": {"function": lambda: lambda w: w * w},
    "Nudged.many": {"function": lambda: lambda w: w * w},
    "Dataset": {
        "inputs": lambda: [[1, 2], [3, 4]],
        "targets": lambda: [[1], [2]],
        "name": lambda: "d",
    },
    "KnobLoss": {"inputs": lambda: lemonade().inputs, "target": lambda: lemonade().targets},
    "lap": {"network": lambda: Network.random([2, 2, 2]), "order": lambda: [0, 1]},
    "slope": {"z": lambda: np.array([[1.0]])},
    "as_numbers": {"name": lambda: "the inputs", "value": lambda: [1, 2]},
    "as_rows": {"name": lambda: "the inputs", "value": lambda: [1, 2]},
    "as_count": {"value": lambda: 3},
    "as_kind": {"value": lambda: 3, "kind": lambda: int},
    "DigitReader.learn_up_to": {"epoch": lambda: 1},
    "Run": {"network": lambda: Network.random([2, 3, 1])},
    "Network": {"layers": lambda: lemonade_factory().layers},
    "Amount": {"layer": lambda: 0, "place": lambda: 0},
    "as_function": {"value": lambda: abs},
    "as_text": {"value": lambda: "a text"},
    "as_list": {"value": lambda: [1, 2]},
    "as_dataset": {"value": lambda: POINTS},
    "as_loss": {"value": MeanSquaredError},
    "as_network": {"value": lemonade_factory},
    "as_optimizer": {"value": lambda: SGD(0.1)},
    "Dataset.split": {"every": lambda: 2},
    "Nudged.slope": {"way": lambda: "up"},
    "as_strokes": {"value": GOOD["strokes"]},
    "losses_picture": {"losses": lambda: {"a": [4.0, 2.0]}},
    "FactoryDescent.lost": {"lap": lambda: 1},
    "plot_losses": {"losses": lambda: {"a": [4.0, 2.0]}},
    "plot_learning": {"held_out": lambda: [2.0, 1.0]},
    "plot_rates": {"start": lambda: 4.0, "losses": lambda: [1.0, 2.0]},
    "learning_picture": {"held_out": lambda: [2.0, 1.0]},
    "as_path": {"value": lambda: "x"},
    "as_file": {"value": lambda: __file__},
    "BinaryCrossEntropy.value": {"output": lambda: [0.5]},
    "BinaryCrossEntropy.gradient": {"output": lambda: [0.5]},
    "CategoricalCrossEntropy.value": {"output": lambda: [0.5]},
    "CategoricalCrossEntropy.gradient": {"output": lambda: [0.5]},
    "check_best_round": {"held_out": lambda: [2.0, 1.0, 3.0]},
    "check_floor": {"x": lambda: [2, 1], "names": lambda: ["Ana", "Bo", "Cy"]},
    "check_lap_loss": {"step": lambda: LAP[2]},
    "check_product": {"step": lambda: LAP[1]},
    "check_laps": {"orders": lambda: 12},
    "check_nudge": {"at": lambda: 1.0},
    "check_products": {"loss": lambda: 4.0, "target": lambda: 1.0},
    "check_softmax_notes": {
        "shares": lambda: [0.5, 0.5],
        "order": lambda: 1,
        "names": lambda: ["a", "b"],
    },
    "check_slope": {"targets": lambda: [1.0, 2.0]},
    "check_loss": {"targets": lambda: [1.0, 2.0]},
    "check_turned": {
        "knobs": lambda: [1.0, 2.0],
        "gradients": lambda: [1.0, 2.0],
        "names": lambda: ["a", "b"],
    },
    "check_wish": {"knobs": lambda: [1.0, 2.0], "pinch": lambda: 0.0, "wanted": lambda: 2.0},
    "check_knob_gradients": {"sources": lambda: ["a", "b"]},
    "check_wired": {"told": lambda: str},
    "check_number": {"why": lambda: ""},
    "check_notes": {"names": lambda: ["Ana", "Bo", "Cy"]},
    "check_material_notes": {"names": lambda: ["lemons", "sugar"]},
    "network_of": {"knobs": lambda: [[[1, 2]], [0, 0], [[1], [1]], [0]]},
    "Knob.of": {"layer": lambda: lemonade_factory().layers[0]},
}


MADE: dict[str, Callable[[], Any]] = {
    "Dataset": lambda: POINTS.scaled(),
    "Split": lambda: POINTS.split(),
    "FactoryDescent": lambda: descend_factory(lemonade_factory(), [2, 1], [1], SGD(0.01), 3),
}


def squares() -> Any:
    from backprop_lib.datasets import Dataset

    return Dataset("squares", np.ones((3, 9)), np.ones((3, 1)), list("abcdefghi"), ["t"])


# ---- every public callable -----------------------------------------------------------------------

# Rooms whose modules take what the house itself has made: the door is what their __init__ hands on,
# and of pictures and words not even that.
HANDED_ON = {"checks", "datasets", "widgets"}
INNER_ROOMS = {"pictures", "words"}
OWN_DOORS = "pictures.plots checks.museum datasets.strokes datasets.files datasets.whole_files "
OWN_DOORS += "datasets.tables"
BROKEN_ON_PURPOSE = "backprop_lib.checks.museum.exhibits"  # as a learner writes, without a check
# Inner ways, which say that what they take is known to fit.
INNER = {
    "mix", "knob_gradients", "pass_on", "in_a_row", "ones", "Architecture.windows",
    "Architecture.network", "as_sizes", "expect_layer", "expect_chain", "expect_worked",
    "expect_trace", "expect_gradient", "expect_gradients",
    "Laps", "Laps.network", "Laps.forward", "Laps.loss", "Laps.backward", "laps.lap",
    "Network.run", "Network.run_back", "Dense.of_own", "Dense.forward",
    "Dense.backward", "Dense.pass_on", "Loss.raw_value", "Loss.raw_gradient", "Loss.sides",
    "Loss.raw_gradient_of_mix",
    "Loss.check_outputs",
    "Loss.check_targets", "Optimizer.turn", "Optimizer.start", "Optimizer.change",
    "Optimizer.remember",
    "Explorer.start", "Explorer.draw", "Explorer.show", "Explorer.refuse", "Explorer.set_state",
    "Explorer.fallback", "Explorer.setting_names", "Explorer.settle", "Explorer.take",
    "Explorer.move", "Explorer.notify_change", "Live.act", "Live.advance",
    "Live.frame",
    "Live.close", "Live.pause", "Live.expect_to_play", "GradientExplorer.rows",
    "GradientExplorer.curve",
    "Landscape.value", "Landscape.gradient", "Landscape.bottom", "Landscape.told",
    "Landscape.half_axes", "TwoValleys.is_deep", "sides_of_kinks",
    "measures", "Loss.written", "Loss.forms", "MistakeLoss.counts", "MistakeLoss.told",
    "not_for_each", "Activation.alone", "Activation.sides", "Activation.is_open",
    "read_only", "is_locked", "locked", "locked_within", "hands_out",
    "listed", "sentences", "labelled",
    "all_finite", "strictly_inside", "Chances", "Chances.of", "Activation.product",
    *(formula.__name__ for gate in ACTIVATIONS.values()
      for formula in (gate.forward, gate.backward, gate.logs) if formula),
    "by_worker", "place_in", "work_of", "gradients_of", "notes_to", "replace", "told",
    "examine", "impossible", "why_exploded", "Scale.of", "Scale.apply", "Scale.undo", "Scale.after",
}  # fmt: skip
# What the house says of itself: not what a caller gives.
OUR_OWN = {"name", "kind", "advice", "least", "most", "width", "finite"}  # of the as_... functions
# A function that is handed over may raise what it likes: that is its writer's own sentence.
RAISING = {"fails", "a class", "a loss class"}
LENT = {"function", "first_note", "past_gate", "note_to", "turn"}


@dataclass(frozen=True)
class Door:
    """A public callable by its name; ``open()`` finds it afresh, a method with its object."""

    name: str
    open: Callable[[], Callable[..., Any]]
    signature: inspect.Signature

    @property
    def is_check(self) -> bool:
        return self.name.startswith("check_") and self.name not in ("check_gradients",)

    @property
    def asks_for(self) -> list[str]:
        """The names of what a caller gives."""
        return [
            name
            for name, given in self.signature.parameters.items()
            if given.kind not in (given.VAR_POSITIONAL, given.VAR_KEYWORD)
            and not (self.name.startswith("as_") and name in OUR_OWN)
            and not (self.is_check and given.annotation != "Any")  # what a lesson hands it
        ]

    def good(self) -> dict[str, Any]:
        """What to give so that it works."""
        own, found = OF_CALL.get(self.name, {}), {}
        for name, given in self.signature.parameters.items():
            wanted = given.default is given.empty and given.kind is not given.VAR_KEYWORD
            make = own.get(name) or (GOOD.get(name, lambda: None) if wanted else None)
            if make and given.kind is not given.VAR_POSITIONAL:
                found[name] = make()
        return found


def doors() -> list[Door]:
    """Every public callable of the package, each once: functions, classes, and their methods."""
    found: dict[str, Door] = {}
    for module in modules():
        for name in getattr(module, "__all__", vars(module)):
            value = getattr(module, name)
            home = getattr(value, "__module__", "")
            if name.startswith("_") or not home.startswith("backprop_lib"):
                continue
            if home.startswith(BROKEN_ON_PURPOSE):
                continue
            if home != module.__name__ and not hasattr(module, "__all__"):
                continue  # imported from another
            if f"{home.rpartition('.')[2]}.{name}" in INNER or name in INNER:
                continue
            if inspect.isclass(value):
                found |= {door.name: door for door in of_class(value)}
            elif inspect.isfunction(value):
                found[name] = Door(name, lambda value=value: value, inspect.signature(value))
    return list(found.values())


def modules() -> Iterator[ModuleType]:
    """The rooms, and their modules; of a folder within a room, what its __init__ hands on."""
    yield backprop_lib
    for name in OWN_DOORS.split():
        yield importlib.import_module(f"backprop_lib.{name}")
    for room in pkgutil.iter_modules(backprop_lib.__path__, "backprop_lib."):
        kind = room.name.rpartition(".")[2]
        if kind in INNER_ROOMS:
            continue
        yield (opened := importlib.import_module(room.name))
        if kind not in HANDED_ON:
            for found in pkgutil.iter_modules(opened.__path__, f"{room.name}."):
                yield importlib.import_module(found.name)


def is_record(kind: type) -> bool:
    """Whether it only holds what it is given, and looks at nothing."""
    own = {name for base in kind.__mro__ for name in vars(base)}
    made_by_hand = "__post_init__" in own or "__wrapped__" in own
    plain = dataclasses.is_dataclass(kind) and kind.__dataclass_params__.init  # type: ignore
    return issubclass(kind, tuple) or (plain and not made_by_hand)


def of_class(kind: type) -> Iterator[Door]:
    """A class and its own kind of methods, also those that it has inherited here."""
    if inspect.isabstract(kind):
        return
    made = Door(kind.__name__, lambda: kind, inspect.signature(kind))
    if not is_record(kind):
        yield made
    for name in dir(kind):
        owner = next(base for base in kind.__mro__ if name in vars(base))
        inner = {f"{base.__name__}.{name}" for base in kind.__mro__} & INNER
        raw = vars(owner)[name]
        if name.startswith("_") or inner or not owner.__module__.startswith("backprop_lib"):
            continue
        if isinstance(raw, classmethod):
            method = getattr(kind, name)
            yield Door(f"{kind.__name__}.{name}", lambda m=method: m, inspect.signature(method))
        elif inspect.isfunction(raw) and not inspect.iscoroutinefunction(raw):
            bare = inspect.signature(raw)
            signature = bare.replace(parameters=list(bare.parameters.values())[1:])

            def find(name: str = name) -> Any:
                make = MADE.get(kind.__name__, lambda: kind(**made.good()))
                return getattr(make(), name)

            yield Door(f"{kind.__name__}.{name}", find, signature)
