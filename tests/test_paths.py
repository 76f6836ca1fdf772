"""Every path to the loss: multiplied along, added over, it is the gradient, by an outside judge."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from references import INF, autodiff, random_case, refused, snapshot

import backprop_lib as bp
from backprop_lib.datasets import (
    lemonade,
    lemonade_factory,
    two_products,
    two_products_factory,
    two_products_workers,
)
from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.study.nudging import Knob, knobs
from backprop_lib.study.paths import (
    MOST_PATHS,
    Amount,
    Path,
    Start,
    count_paths,
    gradient_at,
    paths,
)
from backprop_lib.words import Names
from backprop_lib.words.paths import sentence

pytestmark = pytest.mark.filterwarnings("error")


def lemonade_paths(start: Start) -> tuple[Path, ...]:
    return paths(lemonade_factory(), [2, 1], [1], start)


def mazur_paths(start: Start) -> tuple[Path, ...]:
    order = two_products()
    return paths(two_products_factory(), order.inputs, order.targets, start)


def total(ways: tuple[Path, ...]) -> float:
    return math.fsum(way.product for way in ways)


def starts(network: bp.Network) -> list[Start]:
    amounts = [Amount(k, n) for k, size in enumerate(network.sizes) for n in range(size)]
    return [*knobs(network), *amounts]


# ---- the course's numbers ---------------------------------------------------------------------

LESSON_3 = [
    (Amount(2, 0), [4]),
    *((Knob(1, 0, source), [gradient]) for source, gradient in ((0, 4), (1, 8), (2, 0), (None, 4))),
    *((Amount(1, worker), [note]) for worker, note in enumerate((8, 2, 4))),
    *((Knob(0, worker, None), [note]) for worker, note in enumerate((8, 2, 0))),
    *((Knob(0, worker, 0), [slope]) for worker, slope in enumerate((16, 4, 0))),
    *((Knob(0, worker, 1), [slope]) for worker, slope in enumerate((8, 2, 0))),
    (Amount(0, 0), [8, 1, 0]),
    (Amount(0, 1), [-8, 2, 0]),
]


@pytest.mark.parametrize(("start", "products"), LESSON_3)
def test_every_number_of_lesson_3(start: Start, products: list[float]) -> None:
    assert [way.product for way in lemonade_paths(start)] == products


def test_each_number_of_lesson_3_is_there() -> None:
    assert {start for start, _products in LESSON_3} == set(starts(lemonade_factory()))


def test_the_slopes_of_anas_path() -> None:
    (way,) = lemonade_paths(Knob(0, 0, 0))
    assert way.slopes == (2, 1, 2, 4)
    assert [link.kind for link in way.links] == ["knob", "gate", "belt", "loss"]
    assert [(link.layer, link.source, link.worker) for link in way.links] == [
        (0, 0, 0),
        (0, None, 0),
        (1, 0, 0),
        (2, 0, None),
    ]
    assert way.workers == (0, 0)


def test_a_shut_gate_stops_its_own_path_alone() -> None:
    ana, bo, cy = lemonade_paths(Amount(0, 0))
    assert cy.slopes == (-1, 0, 1, 4)
    assert str(cy.product) == "0.0"  # and not -0.0
    assert (ana.product, bo.product) == (8, 1)


def test_mazurs_first_knob_has_two_paths_and_their_sum_is_his() -> None:
    ways = mazur_paths(Knob(0, 0, 0))
    assert [way.workers for way in ways] == [(0, 0), (0, 1)]
    assert ways[0].product > 0 > ways[1].product
    assert f"{total(ways):.9f}" == "0.000438568"
    assert f"{total(mazur_paths(Knob(1, 0, 0))):.9f}" == "0.082167041"


def test_mazurs_new_knobs_follow_from_the_paths() -> None:
    network, new = two_products_factory(), []
    for knob in knobs(network):
        if knob.source is not None:
            value = knob.of(network.layers[knob.layer])
            new.append(value - 0.5 * total(mazur_paths(knob)))
    printed = ".149780716 .19956143 .24975114 .29950229 .35891648 .408666186 .511301270 .561370121"
    for value, text in zip(new, printed.split(), strict=True):
        assert f"{value:.{len(text) - 1}f}" == f"0{text}"


def test_mazurs_factory_is_the_one_in_print() -> None:
    order = two_products()
    output = two_products_factory().forward(order.inputs).output
    assert [f"{one:.8f}" for one in output[0]] == ["0.75136507", "0.77292847"]
    loss = bp.MeanSquaredError().value(output, order.targets)
    assert f"{loss:.9f}" == "0.298371109"
    assert loss == pytest.approx(np.square(output - order.targets).sum() / 2, rel=1e-15)
    assert [len(floor) for floor in two_products_workers()] == [2, 2]


def test_a_square_and_a_sum_times_z() -> None:
    square = bp.Network([bp.Dense([[3.0]], [2.0])])
    (way,) = paths(square, [3.0], [0.0], Amount(0, 0))
    assert way.slopes == (3, 22)
    assert way.product == 66
    machine = bp.Network([bp.Dense([[1.0], [1.0]], [0.0]), bp.Dense([[-4.0]], [0.0])])
    ways = [paths(machine, [-2.0, 5.0], [0.0], start)[0] for start in
            (Amount(0, 0), Amount(0, 1), Knob(1, 0, 0))]  # fmt: skip
    assert [math.prod(way.slopes[:-1]) for way in ways] == [-4, -4, 3]


# ---- any factory ------------------------------------------------------------------------------

CASES = [
    random_case(hidden, output, loss, seed)
    for seed, (hidden, output, loss) in enumerate(
        [
            ("relu", "identity", "mse"),
            ("sigmoid", "sigmoid", "mse"),
            ("tanh", "sigmoid", "bce"),
            ("identity", "tanh", "mse"),
            ("relu", "relu", "mse"),
        ]
    )
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.layers[0].activation)
def test_multiplied_along_and_added_over_they_are_autograds_gradients(case: Any) -> None:
    network = case.network
    floors, inputs = autodiff(case)
    by_autograd: dict[Start, float] = {}
    for layer, found in enumerate(floors):
        for source, worker in np.ndindex(found["weights"].shape):
            by_autograd[Knob(layer, worker, source)] = found["weights"][source, worker]
        for worker, bias in enumerate(found["biases"]):
            by_autograd[Knob(layer, worker, None)] = bias
            by_autograd[Amount(layer + 1, worker)] = found["activations"][0, worker]
    for place, slope in enumerate(inputs[0] if inputs.ndim > 1 else inputs):
        by_autograd[Amount(0, place)] = slope
    assert set(by_autograd) == set(starts(network))

    trace = network.forward(case.x)
    output_gradient = case.engine_loss.gradient(trace.output, np.atleast_2d(case.target))
    gradients = network.backward(trace, output_gradient)
    for start, expected in by_autograd.items():
        ways = paths(network, case.x, case.target, start, case.engine_loss)
        assert total(ways) == pytest.approx(expected, rel=1e-10, abs=1e-13)
        assert gradient_at(gradients, start) == pytest.approx(expected, rel=1e-10, abs=1e-13)
        assert len(ways) == len({way.workers for way in ways}) == count_paths(network, start)


@pytest.mark.parametrize("gate", ["relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("z", [-1.3, 0.4, 2.0])
def test_the_slope_at_a_gate_is_that_of_a_nudge(gate: str, z: float) -> None:
    network = bp.Network([bp.Dense([[z]], [0.0], gate)])
    (way,) = paths(network, [1.0], [0.0], Knob(0, 0, 0))
    up, down = (ACTIVATIONS[gate].forward(np.array([[z + h]])).item() for h in (1e-6, -1e-6))
    assert way.links[1].slope == pytest.approx((up - down) / 2e-6, abs=1e-9)
    if gate == "sigmoid":
        assert 0 < way.links[1].slope <= 0.25


def test_each_floor_of_eight_makes_eight_paths_out_of_one() -> None:
    for floors in range(1, 5):
        network = bp.Network.random([8] * (floors + 1), seed=floors)
        ways = paths(network, np.ones(8), np.zeros(8), Knob(0, 3, 5))
        assert len(ways) == count_paths(network, Knob(0, 0, None)) == 8 ** (floors - 1)
    assert count_paths(bp.Network.random([64, 32, 10]), Amount(0, 0)) == 320


def test_walking_changes_nothing_and_comes_out_the_same_again() -> None:
    network = lemonade_factory()
    before = snapshot(network)
    first = lemonade_paths(Amount(0, 1))
    for start in starts(network):
        paths(network, [9, -9], [5], start)
    assert lemonade_paths(Amount(0, 1)) == first
    assert snapshot(network) == before


def test_a_softmax_below_the_start_is_in_nobodys_way() -> None:
    network = bp.Network(
        [bp.Dense([[1.0, 2.0]], [0.0, 0.0], "softmax"), bp.Dense([[1.0], [3.0]], [0.0])]
    )
    (way,) = paths(network, [1.0], [0.0], Amount(1, 1))
    assert way.slopes[0] == 3
    with refused("softmax"):
        paths(network, [1.0], [0.0], Knob(0, 0, 0))


# ---- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        Knob(2, 0, 0),
        Knob(0, 3, 0),
        Knob(0, 0, 2),
        Knob(-1, 0, 0),
        Knob(0, 10**5000, 0),
        Amount(3, 0),
        Amount(0, 2),
        Amount(2, 1),
        Amount(0, -1),
        Amount("0", 0),  # type: ignore[arg-type]
        Knob(0, 0, True),
        (0, 0, 0),
        None,
    ],
)
def test_a_start_that_is_not_there_is_refused(start: Any) -> None:
    for walk in (lemonade_paths, lambda start: count_paths(lemonade_factory(), start)):
        with refused("came"):
            walk(start)


def test_what_does_not_fit_is_refused() -> None:
    network, start = lemonade_factory(), Knob(0, 0, 0)
    with refused("single example", r"\b2\b"):
        paths(network, [[2, 1], [1, 2]], [[1], [1]], start)
    with refused(r"\b3\b"):
        paths(network, [1, 2, 3], [1], start)
    with refused("inf"):
        paths(network, [INF, 1], [1], start)
    with refused(r"\b2\b"):
        paths(network, [2, 1], [1, 1], start)
    wide = bp.Network.random([2, *[10] * 7])
    assert count_paths(wide, start) == 10**6 > MOST_PATHS
    with refused("1000000", "network.backward"):
        paths(wide, [2, 1], np.ones(10), start)


def test_the_lesson_shows_the_lines_of_network_py() -> None:
    import inspect
    import json
    from pathlib import Path as File

    notebook = File(__file__).parents[1] / "notebooks" / "06_chain_rule.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    (curtain,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "curtain")
    rows = [line for line in curtain.splitlines() if line.startswith("| $\\partial L")]
    code = " ".join(inspect.getsource(bp.engine.network).split())
    assert len(rows) == 4
    for row in rows:
        assert row.split("`")[1] in code


def test_the_order_of_the_lesson_is_the_courses() -> None:
    assert lemonade().inputs.tolist() == [[2, 1]]
    assert lemonade().targets.tolist() == [[1]]


def test_one_path_is_told_as_one_and_several_are_added() -> None:
    names = Names.of(lemonade_factory())
    one, three = lemonade_paths(Knob(1, 0, 0)), lemonade_paths(Amount(0, 0))
    assert (len(one), len(three)) == (1, 3)
    assert "1 path leads to the loss: " in sentence(names, Knob(1, 0, 0), one, None)
    told = sentence(names, Amount(0, 0), three, None)
    assert "3 paths lead to the loss, and where they meet they are added: " in told
