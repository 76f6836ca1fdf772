"""Explorers in a notebook, in both UIs: what goes through the kernel, and what Jupyter does.

What needs no Jupyter is tried on a page of its own: see stand_in.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import nbformat
import pytest
from finding import TOO_WIDE, button, slider, stands_at, worker
from jupyter_process import JupyterProcess
from lesson_page import LessonPage
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, expect

BOTH_UIS = True  # the base of all explorers, and what they share
Open = Callable[..., AbstractContextManager[LessonPage]]

CELLS = {
    "floor": """
import numpy as np
from backprop_lib import (
    ChainRuleExplorer, DigitPad, DigitReader, FactoryFloor, GradientExplorer, LearningRateExplorer,
    LossExplorer, Network, NeuronExplorer, Question, TrainingPlayground,
)
floor = FactoryFloor.lemonade()
floor
""",
    "second view": "floor",
    "worker": "worker = NeuronExplorer()\nworker",
    "question": """
question = Question(
    "What does Ana <b>ship</b>?", ("3 & more", False, "Her knob is −1."), ("1", True, "2 − 1 is 1.")
)
question
""",
    "reader": "reader = DigitReader()\nreader",
    "digits": "digits = reader.floor(3)\ndigits",
    "crowd": """
crowd = FactoryFloor(Network.random([8, 8, 8, 8, 8]), np.ones(8), np.zeros(8), position=5)
crowd
""",
    "backward": 'FactoryFloor.lemonade(pace="worker", position=10)',
    "losses": "LossExplorer.lemonade([[2, 1], [4, 4]], [1, 5])",
    "gradient": "gradient = GradientExplorer.lemonade()\ngradient",
    "paths": "ChainRuleExplorer()",
    "rate": "LearningRateExplorer()",
    "pad": "DigitPad([[[50, 10], [50, 90]]])",
    "playground": 'TrainingPlayground("moons")',
    "spare": "spare = FactoryFloor.lemonade()\nspare",
}
PLACES = list(CELLS)
EXPLORERS = [name for name in CELLS if name != "second view"]

# Which of our timers run: by their waits they are told from those of Jupyter.
WATCH_TIMERS = """() => {
  const ours = [3000, 1600, 700, 900, 300, 90];
  window.running = new Map();
  const { setInterval: set, clearInterval: clear } = window;
  window.setInterval = (what, wait, ...more) => {
    const id = set.call(window, what, wait, ...more);
    if (ours.includes(wait)) window.running.set(id, wait);
    return id;
  };
  window.clearInterval = (id) => {
    window.running.delete(id);
    clear.call(window, id);
  };
}"""


@pytest.fixture(scope="module")
def page_of_all(open_notebook: Open, jupyter: JupyterProcess) -> Iterator[LessonPage]:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(
        cells=[new_code_cell(source.strip()) for source in CELLS.values()], metadata=kernel
    )
    nbformat.write(notebook, jupyter.root / "explorers.ipynb")
    with open_notebook("explorers.ipynb", height=1600) as lesson:
        assert lesson.run_all() == []
        lesson.page.evaluate(WATCH_TIMERS)
        yield lesson


@pytest.fixture
def lesson(page_of_all: LessonPage) -> Iterator[LessonPage]:
    """The one page that all tests share; each has to leave it without an error."""
    yield page_of_all
    assert page_of_all.console_errors == []
    assert page_of_all.outside_requests == []
    assert page_of_all.failed_requests == []
    assert running(page_of_all) == []


def do(lesson: LessonPage, statement: str) -> None:
    """Run a statement in the kernel."""
    lesson.python(f"exec({statement!r})")


def running(lesson: LessonPage) -> list[int]:
    """The waits of the timers of ours that run, in milliseconds."""
    waits: list[int] = lesson.page.evaluate("[...window.running.values()]")
    return waits


def runs(lesson: LessonPage, *waits: int) -> None:
    """Wait until just these timers run."""
    lesson.page.wait_for_function(
        "waits => JSON.stringify([...window.running.values()]) === waits",
        arg=json.dumps(list(waits)).replace(" ", ""),
    )


def place(lesson: LessonPage, name: str) -> Locator:
    """The explorer of a cell."""
    return lesson.output(PLACES.index(name)).locator(".bpf")


@pytest.fixture
def floor(lesson: LessonPage) -> Locator:
    """The lemonade floor at its first moment, nobody chosen."""
    first = "floor.lap, floor.position, floor.learning_rate, floor.chosen = 0, 0, 0.01, None"
    do(lesson, f"floor.position = 1; {first}")
    explorer = place(lesson, "floor")
    stands_at(explorer, 0)
    return explorer


def test_next_and_back_by_mouse(lesson: LessonPage, floor: Locator) -> None:
    for position in (1, 2):
        button(floor, "Next").click()
        stands_at(floor, position)
    assert lesson.python("floor.position") == 2
    button(floor, "Back").click()
    stands_at(floor, 1)
    expect(floor.get_by_role("status")).to_have_text(re.compile("^Floor 1 works"))
    assert lesson.python("floor.position") == 1


def test_what_python_sets_reaches_the_page(lesson: LessonPage, floor: Locator) -> None:
    do(lesson, "floor.learning_rate = 0.05; floor.position = 6; floor.chosen = (0, 2)")
    stands_at(floor, 6)
    expect(slider(floor, "Learning rate")).to_have_attribute("aria-valuetext", "0.05")
    expect(worker(floor, "Cy")).to_have_attribute("aria-pressed", "true")
    expect(floor.get_by_text("The workbench of Cy")).to_be_visible()


def test_two_views_of_one_explorer_stay_in_step(lesson: LessonPage, floor: Locator) -> None:
    second = place(lesson, "second view")
    button(floor, "Next").click()
    stands_at(second, 1)
    slider(second, "Step").press("End")
    stands_at(floor, 6)
    slider(second, "Learning rate").press("End")
    expect(slider(floor, "Learning rate")).to_have_value("1")
    worker(floor, "Bo").click()
    expect(worker(second, "Bo")).to_have_attribute("aria-pressed", "true")
    expect(second.get_by_text("The workbench of Bo")).to_be_visible()


@pytest.mark.parametrize("how", ["run again", "cleared"])
def test_an_output_that_goes_away_stops_playing(lesson: LessonPage, how: str) -> None:
    spare = place(lesson, "spare")
    do(lesson, "played = spare")
    spare.get_by_role("combobox", name="Speed").select_option("slow")
    button(spare, "Play").click()
    runs(lesson, 3000)
    if how == "cleared":
        lesson.page.evaluate("jupyterapp.commands.execute('notebook:clear-cell-output')")
        expect(spare).to_have_count(0)
        runs(lesson)
    lesson.run_cell(PLACES.index("spare"))
    runs(lesson)
    assert lesson.python("played.position") < 6  # it was stopped, and did not just end
    expect(slider(spare, "Step")).to_have_value("0")


def test_nonsense_from_python_is_refused_in_words(lesson: LessonPage, floor: Locator) -> None:
    do(lesson, "floor.learning_rate = -1")
    expect(floor.get_by_role("alert")).to_contain_text("positive")
    assert lesson.python("floor.learning_rate") == 0.01
    button(floor, "Next").click()
    expect(floor.get_by_role("alert")).to_have_count(0)


KINDS = {
    "floor": ["button", "input[type=range]", "select", "[role=button]"],
    "digits": ["[role=button]"],
    "question": ["input[type=radio]"],
    "reader": ["button"],
}


@pytest.mark.parametrize("name", KINDS)
def test_no_key_of_ours_is_taken_by_the_notebook(lesson: LessonPage, name: str) -> None:
    explorer, sources = place(lesson, name), lesson.sources()
    active = "jupyterapp.shell.currentWidget.content.activeCellIndex"
    for kind in KINDS[name]:
        explorer.locator(kind).first.focus()
        cell = lesson.page.evaluate(active)
        for key in ("a", "b", "d", "d", "x", "m", "y", "1", "ArrowDown", "ArrowUp"):
            lesson.page.keyboard.press(key)
        assert lesson.page.evaluate(active) == cell
        assert explorer.evaluate("element => element.contains(document.activeElement)")
    assert lesson.sources() == sources
    assert lesson.page.evaluate("jupyterapp.shell.currentWidget.content.mode") == "command"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(lesson: LessonPage, floor: Locator, theme: Any) -> None:
    do(lesson, "floor.position = 5; floor.chosen = [0, 2]; spare.learning_rate = -1")
    do(
        lesson,
        "question.chosen = 0; digits.chosen = [1, 3]; reader.epoch = 1; gradient.shows = 'all'",
    )
    stands_at(floor, 5)
    expect(place(lesson, "spare").get_by_role("alert")).to_be_visible()
    lesson.set_theme(theme)
    try:
        found = {name: lesson.axe(place(lesson, name)) for name in EXPLORERS}
    finally:
        lesson.set_theme("light")
        do(lesson, "reader.epoch = 0; digits.chosen = None; spare.message = ''; spare.show()")
    assert found == {name: [] for name in EXPLORERS}


def test_a_narrow_page_keeps_all_within_reach(lesson: LessonPage) -> None:
    """At 350 pixels (700 at 200 % zoom) only the pictures are wider, and they can be scrolled."""
    lesson.set_width(350)
    try:
        for name in EXPLORERS:
            assert (name, place(lesson, name).evaluate(TOO_WIDE)) == (name, [])
        crowd = place(lesson, "crowd")
        button(crowd, "Next").click()
        last = crowd.locator(".bpf-column").last
        expect(last).to_have_class(re.compile("bpf-active-backward"))
        expect(last).to_be_in_viewport(ratio=0.5)
    finally:
        lesson.set_width(1400)
