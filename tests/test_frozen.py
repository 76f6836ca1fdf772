"""What is frozen stays so: in what lies under a view, in copies, in its shape, and whoever asks."""

import copy
import importlib
import pickle
import pkgutil
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any

import numpy as np
import pytest
from references import ENGINE_LOSSES, arrays_in, assert_read_only, random_case, snapshot

import backprop_lib as bp
from backprop_lib.datasets import Dataset, lemonade, lemonade_factory, moons, xor
from backprop_lib.engine.frozen import is_locked, locked
from backprop_lib.engine.moments import by_worker
from backprop_lib.engine.network import LayerGradients, LayerTrace
from backprop_lib.engine.optimizers import Optimizer
from backprop_lib.study.descent import Bowl, LongValley, descend, descend_factory
from backprop_lib.study.nudging import Knob, KnobLoss
from backprop_lib.study.runs import Run

ORDER = lemonade()
MSE = bp.MeanSquaredError()


def lap(loss: str = "mse") -> tuple[bp.Step, ...]:
    output = {"mse": "identity", "bce": "sigmoid", "cce": "softmax"}[loss]
    case = random_case("tanh", output, loss, seed=5, examples=3)
    optimizer = bp.Adam(0.1) if loss == "cce" else bp.SGD(0.1, momentum=0.9)
    return bp.steps(case.network, case.x, case.target, case.engine_loss, optimizer)


def trained() -> list[bp.Record]:
    factory, order = bp.Network.random([2, 3, 1]), xor()
    return list(bp.train(factory, order.inputs, order.targets, MSE, bp.SGD(), 3, batch_size=2))


def back() -> bp.Gradients:
    factory = lemonade_factory()
    return factory.backward(factory.forward([2, 1]), np.ones((1, 1)))


def knob_loss() -> KnobLoss:
    return KnobLoss(lemonade_factory(), ORDER.inputs, ORDER.targets, MSE, Knob(0, 0, 0))


def way_down() -> Any:
    return descend_factory(lemonade_factory(), ORDER.inputs, ORDER.targets, bp.SGD(0.01), 3)


THINGS: dict[str, Callable[[], Any]] = {
    "network": lemonade_factory,
    "layer": lambda: bp.Dense(np.ones((2, 3)), np.zeros(3)),
    "trace": lambda: lemonade_factory().forward([2, 1]),
    "trace of a caller's array": lambda: lemonade_factory().forward(np.ones((4, 2))),
    "layer's trace": lambda: lemonade_factory().layers[0].forward(np.ones((1, 2))),
    "gradients": back,
    "layer's gradients": lambda: lap()[-1].gradients[0],
    "opening": lambda: bp.opening(lemonade_factory(), np.array([2.0, 1.0]), np.array([1.0])),
    **{f"lap with {loss}": lambda loss=loss: lap(loss) for loss in ENGINE_LOSSES},
    "moments": lambda: by_worker(lap()),
    "records": trained,
    "moons": moons,
    "split": lambda: tuple(moons().split()),
    "scaled": lambda: moons().scaled(targets=True),
    "part": lambda: moons().parted(0.3),
    "own table": lambda: Dataset("own", np.ones((3, 2)), np.ones((3, 1)), ["a", "b"], ["c"]),
    "descent": lambda: descend(Bowl(), [2], bp.SGD(0.1), 5),
    "descent in a valley": lambda: descend(LongValley(), [3, 1], bp.Adam(0.1), 5),
    "factory's descent": way_down,
    "a knob's loss": knob_loss,
    "a run's network": lambda: Run(xor(), None, lemonade_factory(), bp.SGD(0.1), 4).network,
}
EACH = pytest.mark.parametrize("name", THINGS)


@EACH
def test_no_array_can_be_written_nor_what_lies_under_it(name: str) -> None:
    assert_read_only(THINGS[name]())


def test_every_record_of_the_package_is_frozen() -> None:
    records = {
        kind
        for module in pkgutil.walk_packages(bp.__path__, "backprop_lib.")
        for kind in vars(importlib.import_module(module.name)).values()
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__.startswith("backprop_")
    }
    assert len(records) > 40
    assert [kind.__name__ for kind in records if not kind.__dataclass_params__.frozen] == []


@EACH
def test_what_holds_arrays_can_be_compared_and_kept_in_a_set(name: str) -> None:
    def one() -> Any:
        thing = THINGS[name]()
        return thing[0] if isinstance(thing, tuple | list) else thing

    thing, other = one(), copy.copy(one())
    assert thing != other  # it is that very thing, and no comparison of arrays stops
    assert len({thing, other}) == 2


PICKLED = {
    f"pickle {protocol}": lambda thing, protocol=protocol: pickle.loads(
        pickle.dumps(thing, protocol)
    )
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
}
TWINS = {"copy": copy.copy, "deepcopy": copy.deepcopy} | PICKLED


@EACH
@pytest.mark.parametrize("twin", TWINS)
def test_a_copy_is_as_frozen_and_has_the_same_numbers(twin: str, name: str) -> None:
    thing = THINGS[name]()
    again = TWINS[twin](thing)
    assert_read_only(again)
    assert snapshot(again) == snapshot(thing)


# Made anew in every lap of a training, where a view each time would be too dear.
HAND_OUT_THEMSELVES = (LayerTrace, LayerGradients, Optimizer)


@EACH
def test_nobody_gives_an_array_another_shape(name: str) -> None:
    thing = THINGS[name]()
    before = snapshot(thing)
    for _path, array in arrays_in(thing, but=HAND_OUT_THEMSELVES):
        array.shape = (1, 1, array.size)
    assert snapshot(thing) == before


@pytest.mark.parametrize("field", ["inputs", "activations"])
def test_a_trace_of_another_shape_is_refused(field: str) -> None:
    factory = lemonade_factory()
    trace = factory.forward([2, 1])
    array = getattr(trace.layers[0], field)
    array.shape = (array.size,)
    with pytest.raises(ValueError, match="Expected a trace of this network"):
        factory.backward(trace, [[1.0]])


# ---- what the caller gave stays the caller's ----------------------------------------------------


@pytest.mark.parametrize("gate", ["identity", "relu", "sigmoid", "tanh", "softmax"])
def test_a_layer_locks_no_array_of_its_caller(gate: str) -> None:
    layer = bp.Dense(np.ones((3, 2)), np.zeros(2), gate)
    inputs, note = np.ones((4, 3)), np.ones((4, 2))
    trace = layer.forward(inputs)
    found = layer.backward(trace, note)
    before = snapshot(trace), snapshot(found)
    inputs[...], note[...] = 7.0, 7.0
    assert (snapshot(trace), snapshot(found)) == before


def test_a_loss_that_hands_out_its_own_array_keeps_it() -> None:
    class Stubborn(bp.MeanSquaredError):
        mine = np.ones((1, 1))

        def raw_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
            return self.mine

    factory = bp.Network([bp.Dense([[1.0], [1.0]], [0.0])])  # without a gate, so the note is its
    bp.steps(factory, [2, 1], [1], Stubborn())
    list(bp.train(factory, [[2, 1]], [[1]], Stubborn(), bp.SGD(0.1), 2))
    Stubborn.mine[...] = 2.0


def test_a_view_that_others_can_write_through_is_copied() -> None:
    mine = np.ones(3)
    seen = np.broadcast_to(mine, (2, 3))
    assert not (seen.flags.writeable or is_locked(seen))
    layer = bp.Dense(seen, [0, 0, 0])
    mine[0] = 9.0
    assert layer.weights.tolist() == [[1.0] * 3] * 2


def test_what_is_locked_already_is_not_copied() -> None:
    layer = bp.Dense(np.ones((2, 3)), np.zeros(3))
    assert np.shares_memory(bp.Dense(layer.weights, layer.biases).weights, layer.weights)
    trace = bp.Network([layer]).forward([1, 1])
    assert locked(trace.output) is trace.output


@pytest.mark.parametrize("wrong", [{"network": "factory"}, {"loss": "mse"}, {"knob": (0, 0, 0)}])
def test_a_knobs_loss_refuses_at_once_what_is_none(wrong: dict[str, Any]) -> None:
    given = {"network": lemonade_factory(), "loss": MSE, "knob": Knob(0, 0, 0)} | wrong
    with pytest.raises(TypeError, match=f"^Expected a {next(iter(wrong)).title()}, but .* came"):
        KnobLoss(inputs=ORDER.inputs, target=ORDER.targets, **given)
