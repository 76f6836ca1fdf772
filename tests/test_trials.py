"""Every check of a function: the first case is small, round and shown, and all speak alike."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lessons
import numpy as np
import pytest

import backprop_lib.widgets
from backprop_lib import checks
from backprop_lib.checks import CheckResult, watch
from backprop_lib.checks.cases import KNOBS, Case, choice
from backprop_lib.checks.museum import exhibits
from backprop_lib.checks.trials import LONGEST, arguments_told, shown
from backprop_lib.widgets.explorer import Explorer

pytestmark = pytest.mark.filterwarnings("error")

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))

# A check, what is wrong but of the right kind, and what of the first case has to be shown.
FUNCTIONS: dict[str, tuple[Callable[[Any], CheckResult], Callable[..., Any], str]] = {
    "worker": (checks.check_worker_function, lambda *_: 77.25,
               "deliveries = [2, 1], knobs = [3, 1], pinch = 1: you gave 77.25, and right is 8."),
    "loss": (checks.check_loss_function, lambda *_: 77.25,
             "outputs = [3, 1, 6], targets = [1, 2, 2]: you gave 77.25, and right is 7."),
    "backward worker": (checks.check_backward_worker, lambda n, d, k, g: (k, k),
                        "note = 5, deliveries = [2, 1], knobs = [3, −4], gate_open = True: "
                        "you gave 3, and right is 10."),
    "slope": (checks.check_slope_function, lambda *_: 77.25,
              "(2 + 3w)² at w = 3 with h = 0.1: you gave 77.25, and right is 66.9."),
    "update": (checks.check_update_function, lambda *_: [77.25, 0],
               "knobs = [3, 2], gradients = [4, −2], rate = 0.5: you gave [77.25, 0], and right "
               "is [1, 3]."),
    "paths": (checks.check_paths_function, lambda *_: 77.25,
              "the paths [[2, 3], [4, 5]]: you gave 77.25, and right is 26."),
    "batches": (checks.check_batches_function, lambda *_: [[1]],
                "the orders [1, 2, 3, 4, 5] and batches of 2: you gave [[1]], and right is "
                "[[1, 2], [3, 4], [5]]."),
    "share": (checks.check_share_function, lambda *_: 77.25,
              "answers = [3, 8, 1, 5], truths = [3, 0, 1, 5]: you gave 77.25, and right is 0.75."),
    "late update": (checks.check_late_update, lambda w1, w2, *_: (w1 * 9, w2),
                    "w1: you gave [[9, −9], [−9, 18]], and right is [["),
    "added notes": (checks.check_added_notes, lambda *_: 77.25,
                    "knobs = [2, 0.5, 1], notes = [4, 3, −2]: the note: you gave 77.25, and "
                    "right is 7.5."),
    "first note": (checks.check_first_note, lambda p, o: p,
                   "products = [[3], [1]], orders = [[1], [2]]: the first notes: you gave "
                   "[[3], [1]], and right is [[2], [−1]]."),
    "reset": (checks.check_reset, lambda k, *_: 5 * k,
              "find_gradient = 2 * knobs, knobs = [2], rate = 0.1, laps = 3: the knobs: you gave "
              "[10], and right is [1.024]."),
    "gate slope": (checks.check_gate_slope, lambda n, z: z,
                   "note = [[2, −1]], z = [[1, 0.5]]: the notes: you gave [[1, 0.5]], and right "
                   "is [[0.8399, −0.7864]]."),
    "own forward": (checks.check_own_forward, lambda x, *_: (x, x),
                    "x = [[2, 1], [1, 3], [1, 1]], W1 = [[1, −1], [0.5, 1]], b1 = [−1, 0.5], "
                    "W2 = [[1], [0.5]], b2 = [0.5]: hidden: you gave [[2, 1], [1, 3], [1, 1]], "
                    "and right is [["),
    "own loss": (checks.check_own_loss, lambda *_: 77.25,
                 "product = [[3], [2]], target = [[1], [3]]: you gave 77.25, and right is 2.5."),
    "own backward": (checks.check_own_backward, lambda x, h, p, t, w: (w, w[0], 9 * w, w[0]),
                     "W2: you gave [[9], [4.5]], and right is [["),
    "own update": (checks.check_own_update, lambda k, *_: [9 * one for one in k],
                   "knobs = [[[3, 1]], [2, 0], [[1], [2]], [4]], gradients = [[[1.5, 0.5]], "
                   "[1.5, −0.5], [[0.5], [1.5]], [0.5]], rate = 0.5: W1: you gave [[27, 9]], and "
                   "right is [[2.25, 0.75]]."),
}  # fmt: skip
EACH = pytest.mark.parametrize("name", FUNCTIONS)


def test_no_check_of_a_function_is_left_out() -> None:
    there = {
        name
        for name in checks.__all__
        if name.startswith("check_")
        and next(iter(inspect.signature(getattr(checks, name)).parameters)) == "function"
    }
    assert there == {check.__name__ for check, _wrong, _words in FUNCTIONS.values()}


@EACH
def test_the_first_case_is_shown_with_what_came_and_what_is_right(name: str) -> None:
    check, wrong, words = FUNCTIONS[name]
    result = check(wrong)
    assert not result.ok
    assert words in result.message
    assert result.hint
    assert len(str(result)) < 500
    assert "a table of" not in result.message


@EACH
def test_a_forgotten_return_is_read_alike(name: str) -> None:
    result = FUNCTIONS[name][0](lambda *_: None)
    assert (result.ok, result.tried) == (False, True)
    assert result.message == "Your function gives nothing back."
    assert result.hint == "Does its last line begin with return?"


@EACH
def test_a_gap_was_not_tried_and_a_number_is_no_function(name: str) -> None:
    check = FUNCTIONS[name][0]
    assert not check(...).tried
    assert not check(lambda *_: ...).tried
    assert "begins with def" in check(3).hint


@EACH
def test_an_error_names_its_line(name: str) -> None:
    def function(*_given: Any) -> Any:
        return 1 / 0

    result = FUNCTIONS[name][0](function)
    assert "stopped with ZeroDivisionError: division by zero" in result.message
    assert result.hint.endswith(": return 1 / 0")


@EACH
def test_none_waits_for_ever(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def function(*_given: Any) -> Any:
        while True:
            pass

    monkeypatch.setattr(watch, "LIMITS", watch.Limits(0.05))
    assert "does not end" in FUNCTIONS[name][0](function).message


@pytest.mark.parametrize("gates", [(one, other) for one in choice() for other in choice()])
def test_the_small_factory_can_be_shown_and_hides_no_slip(gates: tuple[str, str]) -> None:
    case = Case.small(gates)
    first, last = case.trace.layers
    assert all(len(shown(table)) <= LONGEST for table in (first.activations, last.activations))
    assert len(arguments_told(dict(zip(KNOBS, case.knobs, strict=True)))) < 120
    assert (first.pre_activations > 0).any()
    assert (first.pre_activations < 0).any()
    assert (last.pre_activations > 0).all()  # so that no relu at the end stops all notes
    assert (np.abs(last.activations - case.targets) > 0.1).all()
    assert len({len(first.inputs), first.inputs.shape[1], case.targets.shape[1]}) == 3


# ---- untouched and still broken ------------------------------------------------------------------


def test_what_was_changed_without_effect_counts_as_tried() -> None:
    def plus_first(knobs: Any, notes: Any) -> Any:
        total: Any = 0
        for knob, note in zip(knobs, notes):  # noqa: B905
            total = +knob * note
        return total

    result = checks.check_added_notes(plus_first)
    assert (result.ok, result.tried) == (False, True)
    assert result.message.endswith("it still does just what the exhibit does.")
    assert "+=" in result.hint
    untouched = checks.check_added_notes(exhibits.overwritten_note)
    assert (untouched.ok, untouched.tried) == (False, False)


# ---- no check depends on what was pressed before -------------------------------------------------


def live_names(lesson: lessons.Lesson) -> Iterator[tuple[str, str]]:
    """(exercise, name) where an exercise reads an explorer that somebody may have moved."""
    explorers = {
        name
        for name in dir(backprop_lib.widgets)
        if inspect.isclass(one := getattr(backprop_lib.widgets, name)) and issubclass(one, Explorer)
    }
    live: set[str] = set()
    for cell in lesson.code:
        for part in ast.walk(ast.parse(cell.source)):
            if isinstance(part, ast.Assign) and isinstance(part.value, ast.Call):
                made = {n.id for n in ast.walk(part.value.func) if isinstance(n, ast.Name)}
                if made & explorers:
                    live |= {n.id for n in part.targets if isinstance(n, ast.Name)}
        if "exercise" in cell.tags:
            read = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
            yield from ((cell.id, name) for name in sorted(read & live))


def test_a_live_explorer_in_an_exercise_is_found() -> None:
    cells = [
        {"id": "a", "cell_type": "code", "source": "floor = FactoryFloor.lemonade()",
         "metadata": {}},
        {"id": "b", "cell_type": "code", "source": "check_product(3, floor.moments[2])",
         "metadata": {"tags": ["exercise"]}},
    ]  # fmt: skip
    assert list(live_names(lessons.lesson("x", Path(), cells))) == [("b", "floor")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_check_reads_an_explorer_that_was_moved(path: Path) -> None:
    assert list(live_names(lessons.read(path))) == []
