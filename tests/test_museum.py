"""The museum: each exhibit is wrong in just the way that it claims, and nobody else uses it."""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lesson_exercises
import lessons
import numpy as np
import pytest
from house_imports import MODULES, dotted, fresh, imports, name

from backprop_lib import MeanSquaredError, Network
from backprop_lib.checks import museum
from backprop_lib.checks.museum import exhibits, workshop
from backprop_lib.checks.museum import verdicts as checks
from backprop_lib.datasets import moons, two_products, two_products_factory
from backprop_lib.engine.gradient_check import TOLERANCE
from backprop_lib.engine.network import Gradients

pytestmark = pytest.mark.filterwarnings("error")

NOTEBOOK = Path(__file__).resolve().parent.parent / "notebooks" / "09_bug_museum.ipynb"
FUNCTIONS = [one for _name, one in inspect.getmembers(exhibits, inspect.isfunction)
             if one.__module__ == exhibits.__name__]  # fmt: skip
EXERCISES = {
    "late-update": museum.early_update,
    "added-notes": museum.overwritten_note,
    "first-note": museum.forgotten_minus,
    "reset": museum.unreset_gradient,
    "gate-slope": museum.misplaced_slope,
}
CHECKS = {
    "late-update": checks.check_late_update,
    "added-notes": checks.check_added_notes,
    "first-note": checks.check_first_note,
    "reset": checks.check_reset,
    "gate-slope": checks.check_gate_slope,
}


@pytest.fixture(scope="module")
def lesson() -> lessons.Lesson:
    return lessons.read(NOTEBOOK)


@pytest.fixture(scope="module")
def large() -> tuple[Network, Any, Any]:
    data = moons(examples=40)
    return Network.random([2, 5, 4, 1]), data.inputs, data.targets


def true_gradients(network: Network, x: Any, targets: Any) -> Gradients:
    trace = network.forward(x)
    return network.backward(trace, MeanSquaredError().gradient(trace.output, targets))


def agree(found: Gradients, true: Gradients) -> list[bool]:
    """For each floor, whether its knobs' gradients are right."""
    return [
        bool(np.allclose(one.weights, other.weights) and np.allclose(one.biases, other.biases))
        for one, other in zip(found.layers, true.layers, strict=True)
    ]


# ---- nobody can mistake them for the engine ------------------------------------------------------


def test_there_are_six_and_each_says_so() -> None:
    assert len(FUNCTIONS) == len(EXERCISES) == 5
    for function in FUNCTIONS:
        assert (function.__doc__ or "").startswith("Broken on purpose: ")
    assert '"""Broken on purpose: ' in inspect.getsource(exhibits).partition("RATE_FAR_TOO")[2]


def test_nothing_imports_them_but_their_own_checks() -> None:
    users = {
        name(path)
        for path in MODULES
        if dotted(path)[:2] != ("checks", "museum")
        for kind, what in imports(path)
        if kind == "house" and what[:2] == ("checks", "museum")
    }
    assert users == {str(Path("checks", "__init__.py"))}


def test_the_package_and_its_checks_are_not_loaded_with_the_engine() -> None:
    lines = "import backprop_lib, sys; print([m for m in sys.modules if 'museum' in m])"
    assert fresh(lines).strip() == "[]"


def test_without_a_broken_hand_the_workshop_is_the_engine() -> None:
    random = np.random.default_rng(1)
    for hidden, last in (("tanh", "identity"), ("relu", "sigmoid"), ("sigmoid", "tanh")):
        network = Network.random([3, 4, 5, 2], hidden, last, seed=random)
        x, targets = random.normal(size=(6, 3)), random.normal(size=(6, 2))
        found, true = workshop.gradients(network, x, targets), true_gradients(network, x, targets)
        assert agree(found, true) == [True] * 3
        assert np.allclose(found.inputs, true.inputs)


# ---- each is wrong as it claims ------------------------------------------------------------------


def test_the_early_update_gives_the_number_that_circulates() -> None:
    order, mazur = two_products(), two_products_factory()
    losses, first = [], []
    for turn in (None, museum.early_update):
        turned = museum.lap(mazur, order.inputs, order.targets, rate=0.5, turn=turn)
        output = turned.forward(order.inputs).output
        losses.append(round(MeanSquaredError().value(output, order.targets), 9))
        first.append(turned.layers[0].weights.T.ravel().round(9).tolist())
        assert turned.layers[1].weights.T.ravel() == pytest.approx(
            [0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=1e-9
        )
    assert losses == [0.291027774, 0.291027924]
    assert first[0] == pytest.approx([0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=1e-8)
    assert first[1] == pytest.approx([0.149817639, 0.199635277, 0.249788185, 0.299576370], abs=1e-9)


def test_the_overwritten_note_spoils_only_what_lies_behind_a_meeting(large: Any) -> None:
    broken = museum.gradients(*large, note_to=museum.overwritten_note)
    assert agree(broken, true_gradients(*large)) == [False, True, True]
    small = Network.random([2, 5, 1]), *large[1:]
    broken, true = museum.gradients(*small, note_to=museum.overwritten_note), true_gradients(*small)
    assert agree(broken, true) == [True, True]
    assert not np.allclose(broken.inputs, true.inputs)


def test_the_forgotten_minus_turns_every_gradient_around(large: Any) -> None:
    broken, true = (
        museum.gradients(*large, first_note=museum.forgotten_minus),
        true_gradients(*large),
    )
    for one, other in zip(broken.layers, true.layers, strict=True):
        np.testing.assert_allclose(one.weights, -other.weights)
        np.testing.assert_allclose(one.biases, -other.biases)
    losses = museum.losses(*large, rate=0.01, laps=20, first_note=museum.forgotten_minus)
    assert all(after > before for before, after in itertools.pairwise(losses))


def test_the_unreset_gradient_is_right_for_one_lap_and_then_swings_for_ever() -> None:
    def slope(w: Any) -> Any:
        return 2.0 * w

    assert museum.unreset_gradient(2.0, slope, 0.1, 1) == pytest.approx(1.6)
    assert museum.unreset_gradient(2.0, slope, 0.1, 2) == pytest.approx(0.88)  # not 1.28
    swing = [abs(museum.unreset_gradient(2.0, slope, 0.1, laps)) for laps in range(300)]
    assert max(swing[250:]) == pytest.approx(max(swing[:50]), rel=0.01)


def test_the_misplaced_slope_learns_all_the_same(large: Any) -> None:
    broken = museum.gradients(*large, past_gate=museum.misplaced_slope)
    assert agree(broken, true_gradients(*large)) == [False, False, True]
    healthy = museum.losses(*large, rate=0.1, laps=100)
    slower = museum.losses(*large, rate=0.1, laps=100, past_gate=museum.misplaced_slope)
    assert healthy[-1] < slower[-1] < 0.5 * slower[0]


def test_with_the_rate_far_too_high_only_the_rate_is_wrong() -> None:
    data = moons()
    case = Network.random([2, 8, 8, 1]), data.inputs, data.targets
    assert museum.check(*case).ok
    assert len(museum.losses(*case, rate=museum.RATE_FAR_TOO_HIGH, laps=300)) < 100  # exploded


def test_the_nudge_finds_what_is_wrong_with_the_gradients(large: Any) -> None:
    assert museum.check(*large).ok
    for hand in (
        {"note_to": museum.overwritten_note},
        {"first_note": museum.forgotten_minus},
        {"past_gate": museum.misplaced_slope},
    ):
        assert museum.check(*large, **hand).max_relative_error > 1e4 * TOLERANCE


# ---- the lesson shows the very same lines --------------------------------------------------------


def body(function: ast.FunctionDef) -> list[str]:
    """A function's lines without its docstring or gap, and without types."""
    lines = []
    for part in function.body:
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
            continue
        if isinstance(part, ast.AnnAssign) and part.value is not None:
            part = ast.Assign([part.target], part.value, lineno=0)
        lines.append(ast.unparse(part))
    return lines


@pytest.mark.parametrize("name", EXERCISES)
def test_a_cell_shows_what_the_museum_has(lesson: lessons.Lesson, name: str) -> None:
    (cell,) = (cell for cell in lesson.exercises if cell.id == name)
    shown = lesson_exercises.parsed(cell.source).body[0]
    kept = ast.parse(textwrap.dedent(inspect.getsource(EXERCISES[name]))).body[0]
    assert isinstance(shown, ast.FunctionDef)
    assert isinstance(kept, ast.FunctionDef)
    assert body(shown) == body(kept)
    assert [one.arg for one in shown.args.args] == [one.arg for one in kept.args.args]


# ---- the checks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exhibit_as_it_stands_was_not_tried_yet(name: str) -> None:
    result = CHECKS[name](EXERCISES[name])
    assert (result.ok, result.tried) == (False, False)


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize(
    "function",
    [
        lambda *_: None,
        lambda *_: ...,
        lambda *_: "text",
        lambda *_: [[1], [2, 3]],
        lambda *_: (None, None),
        lambda *_: np.full((2, 2), np.nan),
        lambda: 1,
        7,
    ],
)
def test_whatever_a_function_does_it_is_answered(name: str, function: Callable[..., Any]) -> None:
    result = CHECKS[name](function)
    assert not result.ok
    assert result.message
    assert result.hint or not result.tried
