"""The training playground in a real notebook: it plays, is stopped and opened, and always ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import nbformat
import pytest
from jupyter_process import JupyterProcess
from lesson_page import LessonPage
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, expect

Open = Callable[..., AbstractContextManager[LessonPage]]

SOURCE = """
import asyncio
from backprop_lib import TrainingPlayground
playground = TrainingPlayground("moons", learning_rate=0.1)
playground
"""
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# All that goes on in the kernel besides ipykernel's own tasks.
TASKS = "[task.get_coro().__qualname__ for task in asyncio.all_tasks() if 'Live' in repr(task)]"


@pytest.fixture(scope="module")
def lesson(open_notebook: Open, jupyter: JupyterProcess) -> Iterator[LessonPage]:
    name = "training_playground.ipynb"
    notebook = new_notebook(cells=[new_code_cell(SOURCE.strip())], metadata=PYTHON)
    nbformat.write(notebook, jupyter.root / name)
    with open_notebook(name) as lesson:
        assert lesson.run_all() == []
        yield lesson


@pytest.fixture
def output(lesson: LessonPage) -> Locator:
    """The playground as it was at first; whatever played in the cell before has ended."""
    lesson.run_cell(0)
    output = lesson.output(0)
    expect(caption(output)).to_contain_text("No knob has been turned yet")
    assert lesson.python(TASKS) == []
    return output


def caption(output: Locator) -> Locator:
    return output.get_by_role("status").first


def button(output: Locator, name: str) -> Locator:
    return output.get_by_role("button", name=name, exact=True)


def test_it_trains_while_the_page_looks_on_and_its_controls_answer(
    lesson: LessonPage, output: Locator
) -> None:
    big = output.locator("[data-part=big]")
    band = output.locator("[data-part=place]")
    before = big.get_attribute("href")
    button(output, "Play").click()
    expect(band).to_contain_text("rounds done")
    expect(big).not_to_have_attribute("href", before or "")
    output.get_by_role("slider", name="Learning rate").fill("-1.5")
    output.get_by_role("combobox", name="Knobs are turned by").select_option("Adam")
    output.get_by_role("button", name="A2 on floor 1: show what it ships").click()
    expect(output.locator(".bpf-stage")).to_contain_text("What A2 ships")
    assert lesson.python("[playground.playing, playground.chosen]") == [True, [0, 1]]
    button(output, "Pause").press("Enter")
    expect(caption(output)).to_contain_text("what A2 would ship")
    expect(button(output, "Play")).to_be_focused()
    assert lesson.python("[playground.learning_rate, playground.optimizer]") == [0.032, "adam"]
    assert lesson.python(TASKS) == []
    rounds = lesson.python("playground.run.epoch")
    expect(band).to_contain_text(f"{rounds} round")
    assert lesson.axe(output) == []


def test_a_batch_a_round_and_the_floor_below(lesson: LessonPage, output: Locator) -> None:
    button(output, "One batch").click()
    expect(caption(output)).to_contain_text("0 rounds done, 16 of 160 orders")
    button(output, "One batch").press("Enter")
    expect(caption(output)).to_contain_text("32 of 160 orders")
    button(output, "Open on the floor").click()
    floor = output.get_by_role("group", name="Factory floor").first
    expect(floor.get_by_role("status")).to_contain_text("An order comes in")
    expect(floor.locator(".bpf-band").first).to_be_in_viewport()
    expect(caption(output)).to_contain_text("a copy of this factory")
    floor.get_by_role("slider", name="Order").press("ArrowRight")
    for words in ("Floor 1 works", "Floor 2 works", "the loss is"):
        button(floor, "Next").click()
        expect(floor.get_by_role("status")).to_contain_text(words)
    assert lesson.axe(output) == []
    assert lesson.python("[playground._floor.position, playground._floor.example]") == [3, 1]
    button(output, "One round").click()
    expect(caption(output)).to_contain_text("1 round done.")
    expect(output.get_by_role("group", name="Factory floor")).to_have_count(0)
    button(output, "Start again").click()
    expect(caption(output)).to_contain_text("No knob has been turned yet")


def test_the_line_is_copied(lesson: LessonPage, output: Locator) -> None:
    button(output, "Copy").click()
    expect(button(output, "Copied")).to_be_visible()
    line = output.get_by_role("textbox", name="These settings as code")
    expect(line).to_have_value(lesson.python("playground.settings"))


ENDS = {
    "run again": lambda lesson: lesson.run_cell(0),
    "cleared": lambda lesson: command(lesson, "notebook:clear-cell-output"),
    "interrupt": lambda lesson: command(lesson, "notebook:interrupt-kernel"),
}


def command(lesson: LessonPage, name: str) -> None:
    """Do what a menu of Jupyter's does."""
    lesson.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_whatever_ends_it_leaves_no_task(
    lesson: LessonPage, output: Locator, end: Callable[[LessonPage], None]
) -> None:
    button(output, "Play").click()
    expect(output.locator("[data-part=place]")).to_contain_text("rounds done")
    lesson.python("globals().__setitem__('before', playground)")
    assert lesson.python("before.playing") is True
    assert lesson.python(TASKS) == ["Live._go_on"]
    end(lesson)
    lesson.page.wait_for_timeout(200)
    assert lesson.python("before.playing") is False
    assert lesson.python(TASKS) == []


def test_a_restart_in_the_middle_of_it_does_no_harm(lesson: LessonPage, output: Locator) -> None:
    button(output, "Play").click()
    expect(output.locator("[data-part=place]")).to_contain_text("rounds done")
    lesson.restart()
    assert lesson.run_cell(0) == []
    expect(caption(lesson.output(0))).to_contain_text("No knob has been turned yet")


def test_it_is_accessible_and_quiet(lesson: LessonPage, output: Locator) -> None:
    assert lesson.axe(output) == []
    assert lesson.console_errors == []
    assert lesson.failed_requests == []
    assert lesson.outside_requests == []
