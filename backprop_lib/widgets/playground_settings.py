"""The training playground's settings: what each may be, and the controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.arrays import as_count, as_positive, short
from backprop_lib.engine.optimizers import SGD, Adam, Optimizer
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.widgets.controls import Control, button, choice, copy, deed, slider

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


def gate_of(playground: TrainingPlayground, value: object) -> str:
    """Check the name of a gate that each worker may have."""
    return one_of(lambda: _("the gate"), list(gates()))(playground, value)


def one_of(name: Callable[[], str], options: Sequence[str]) -> Callable[[Any, object], str]:
    """A check for one of some names."""

    def check(playground: TrainingPlayground, value: object) -> str:
        if not isinstance(value, str) or value not in options:
            raise ValueError(
                _("Expected for {name} one of: {options}, but {value} came; try {first!r}.").format(
                    name=name(), options=", ".join(options), value=short(value), first=options[0]
                )
            )
        return value

    return check


def data_name(playground: TrainingPlayground, value: object) -> str:
    """Check the name of data; an own table has to be there to be chosen."""
    if isinstance(value, str) and value == TABLE and playground.table is None:
        raise ValueError(
            _(
                "Expected a table of your own first, but none came; "
                "try TrainingPlayground(data=(inputs, targets))."
            )
        )
    return one_of(lambda: _("the data"), (*PLACES, TABLE))(playground, value)


def count_of(name: Callable[[], str], most: int) -> Callable[[Any, object], int]:
    """A check for a whole number from 1 to ``most``."""

    def check(playground: TrainingPlayground, value: object) -> int:
        return int(at_most(as_count(value, name()), most, name()))

    return check


def seed_of(playground: TrainingPlayground, value: object) -> int:
    """Check a seed: a whole number, not too long for a slider."""
    return int(at_most(as_count(value, _("the seed"), least=0), MOST_SEED, _("the seed")))


def at_most(value: float, most: float, name: str) -> float:
    """Return ``value``, or raise ValueError where it is more."""
    if value > most:
        raise ValueError(
            _("Expected at most {most} for {name}, but {value} came; try {most}.").format(
                most=most, name=name, value=short(value)
            )
        )
    return value


def share_of(name: Callable[[], str], most: float) -> Callable[[Any, object], float]:
    """A check for a number from 0 to ``most``."""

    def check(playground: TrainingPlayground, value: object) -> float:
        zero = not isinstance(value, bool) and isinstance(value, int | float) and not value
        return 0.0 if zero else at_most(as_positive(value, name()), most, name())

    return check


def rate_of(playground: TrainingPlayground, value: object) -> float:
    """Check a learning rate."""
    return as_positive(value, _("the learning rate"))


def chosen_worker(playground: TrainingPlayground, value: object) -> list[int]:
    """Check a floor and a worker of the factory as it is; None is the factory."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise TypeError(
            _(
                "Expected a floor and a worker, counted from 0, but {value} came; "
                "try [0, 1], or None for the factory."
            ).format(value=short(value))
        )
    floor, worker = (as_count(one, _("a floor or a worker"), least=0) for one in value)
    there = playground.sizes[1:]
    if floor >= len(there) or worker >= there[floor]:
        raise ValueError(
            _("Expected a worker of this factory, but {value} came; try [0, 0].").format(
                value=short(value)
            )
        )
    return [floor, worker]


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
