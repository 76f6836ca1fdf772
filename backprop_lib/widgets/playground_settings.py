"""The training playground's settings: what each may be, and the controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.optimizers import SGD, Adam, Optimizer
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.widgets.controls import Control, button, choice, copy, deed, slider
from backprop_lib.widgets.settings import OneOf

if TYPE_CHECKING:
    from backprop_lib.widgets.training_playground import TrainingPlayground

TABLE = "own table"
PLACES = ("xor", "moons", "rings", "spiral")
OWN_NOISE = {"xor": 0.0, "moons": 0.1, "rings": 0.1, "spiral": 0.02, TABLE: 0.0}
OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {
    "plain": SGD,
    "momentum": lambda rate: SGD(rate, momentum=0.9),
    "adam": Adam,
}
SPEEDS = {"slow": 1, "middle": 10, "fast": 100}  # batches a frame
EXAMPLES = 200
MOST_FLOORS, MOST_WORKERS = 4, 8  # what the factory floor draws with every worker
MOST_BATCH, MOST_NOISE, MOST_HELD_OUT, MOST_SEED = 64, 0.5, 0.5, 99
SLOWEST, FASTEST = -3.0, 1.0  # powers of ten that the slider offers as learning rates
MOST_EPOCHS = 5000
WORK = 0.008  # seconds of training a frame at the most


def gates() -> dict[str, str]:
    """Which gates the workers may have, and how each is listed: tanh first, and no gate last."""
    known = [gate for gate in ACTIVATIONS.values() if not gate.shared]
    known.sort(key=lambda gate: (gate.name != "tanh", not gate.is_gate))
    return {gate.name: gate.name if gate.is_gate else _("none") for gate in known}


class Data(OneOf):
    """The name of data; an own table has to be there to be chosen."""

    def check(self, explorer: Any, value: Any) -> str:
        """Return ``value``; ValueError for no such name, and for a table that is not there."""
        if isinstance(value, str) and value == TABLE and explorer.table is None:
            raise ValueError(
                _(
                    "Expected a table of your own first, but none came; "
                    "try TrainingPlayground(data=(inputs, targets))."
                )
            )
        return super().check(explorer, value)


# ---- the controls ---------------------------------------------------------------------------


def controls(playground: TrainingPlayground) -> tuple[Control, ...]:
    """All that can be pressed and pulled, with its words."""
    many, held_out = len(playground.run.train), len(playground.run.held_out or ())
    play = _("Pause") if playground.playing else _("Play")
    speeds = {"slow": _("slow"), "middle": _("middle"), "fast": _("fast")}
    return (
        button(play, {"playing": not playground.playing}, off=playground.over, main=True),
        deed(_("One batch"), "batch", off=playground.over),
        deed(_("One round"), "round", off=playground.over),
        deed(_("Start again"), "again", off=not (
            playground.playing or playground.run.lap or playground.run.exploded
        )),
        deed(
            _("Close the floor") if playground.opened else _("Open on the floor"), "floor"
        ),
        choice("speed", _("Speed"), speeds),
        choice("data", _("Data"), _places(playground)),
        slider("floors", _("Floors"), str(playground.floors), 1, MOST_FLOORS, 1),
        slider("workers", _("Workers on a floor"), str(playground.workers), 1, MOST_WORKERS, 1),
        choice("gate", _("Gate"), gates()),
        choice("optimizer", _("Knobs are turned by"), {
            "plain": _("rate × gradient"), "momentum": _("momentum"), "adam": "Adam",
        }),
        slider("learning_rate", _("Learning rate"), number(playground.learning_rate),
               SLOWEST, FASTEST, 0.05, log=True),
        slider("batch_size", _("Batch size"), _("{n} of {orders}").format(
            n=min(playground.batch_size, many), orders=many), 1, MOST_BATCH, 1),
        slider("noise", _("Noise"), number(playground.noise), 0, MOST_NOISE, 0.01),
        slider("held_out", _("Held out"), _("{percent} %: {n} of {orders}").format(
            percent=number(100 * playground.held_out, 3), n=held_out, orders=many + held_out),
            0, MOST_HELD_OUT, 0.05),
        slider("seed", _("Seed"), str(playground.seed), 0, MOST_SEED, 1),
        copy(_("These settings as code"), playground.settings),
    )  # fmt: skip


def _places(playground: TrainingPlayground) -> dict[str, str]:
    places = {
        "xor": _("XOR"), "moons": _("moons"), "rings": _("two rings"), "spiral": _("spiral"),
    }  # fmt: skip
    return {**places, TABLE: _("own table")} if playground.table is not None else places
