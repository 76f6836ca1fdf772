"""A page whose Python is gone, or was started afresh, says so: with real kernels, in both UIs.

What the page makes of what they say is tried in test_transport_page.py.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import nbformat
import pytest
from jupyter_process import JupyterProcess
from lesson_page import LessonPage
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, expect

BOTH_UIS = True
CELLS = [
    "from backprop_lib import FactoryFloor\nfloor = FactoryFloor.lemonade()\nfloor",
    "import time\ntime.sleep(6)",
]
AFRESH = "Python was started afresh: run the cell again."
FIRST = re.compile("^Floor 1 works")
SILENT = 3_500  # milliseconds after which the page says that nobody answers


@pytest.fixture
def lesson(
    open_notebook: Callable[..., AbstractContextManager[LessonPage]], jupyter: JupyterProcess
) -> Iterator[LessonPage]:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [new_code_cell(source) for source in CELLS]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), jupyter.root / "silence.ipynb")
    with open_notebook("silence.ipynb") as lesson:
        assert lesson.run_cell(0) == []
        yield lesson
        assert lesson.outside_requests == []


def floor(lesson: LessonPage) -> Locator:
    return lesson.output(0).locator(".bpf")


def press(lesson: LessonPage, name: str) -> None:
    floor(lesson).get_by_role("button", name=name, exact=True).click()


def says(lesson: LessonPage, sentence: str | re.Pattern[str]) -> None:
    expect(floor(lesson).get_by_role("status")).to_have_text(sentence)


def runs_again(lesson: LessonPage) -> None:
    assert lesson.run_cell(0) == []
    press(lesson, "Next")
    says(lesson, FIRST)


def test_a_kernel_that_was_restarted_is_told_at_the_next_move(lesson: LessonPage) -> None:
    press(lesson, "Next")
    says(lesson, FIRST)
    lesson.restart_kernel()
    says(lesson, FIRST)  # until a move asks for more
    press(lesson, "Next")
    says(lesson, AFRESH)
    floor(lesson).get_by_role("slider", name="Step").press("End")
    says(lesson, AFRESH)
    runs_again(lesson)


@pytest.mark.thorough
def test_a_kernel_that_was_killed_is_told(lesson: LessonPage) -> None:
    os.kill(lesson.python("__import__('os').getpid()"), signal.SIGKILL)
    press(lesson, "Next")
    says(lesson, re.compile(r"^Python (does not answer|was started afresh|has stopped)"))
    # Jupyter notices after some seconds, starts another one, and says so.
    lesson.page.locator(".jp-Dialog button").last.click()
    lesson.page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
    )
    press(lesson, "Next")
    says(lesson, AFRESH)
    runs_again(lesson)


@pytest.mark.thorough
def test_a_kernel_that_was_shut_down_is_told(lesson: LessonPage) -> None:
    lesson.shut_down_kernel()
    press(lesson, "Next")
    says(lesson, re.compile("^Python has stopped"))


@pytest.mark.thorough
def test_a_busy_kernel_is_not_taken_for_a_dead_one(lesson: LessonPage) -> None:
    lesson.begin_cell(1)
    press(lesson, "Next")
    lesson.page.wait_for_timeout(SILENT)
    says(lesson, re.compile("^(Floor 1 works|Python is busy)"))
    says(lesson, FIRST)  # at the latest when the cell is done
