"""Every lesson in a real browser: its saved pictures before it runs, and a run without an error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import nbformat
import pytest
from lesson_page import UIS, LessonPage
from thorough import in_turns

LESSONS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
Open = Callable[..., AbstractContextManager[LessonPage]]

BROKEN_PICTURES = """notebook => [...notebook.querySelectorAll(".jp-Cell-outputArea img")]
    .filter(image => !(image.complete && image.naturalWidth > 0 && image.alt))
    .map(image => image.outerHTML.slice(0, 200))"""
COUNT_PICTURES = 'notebook => notebook.querySelectorAll(".jp-Cell-outputArea img").length'


def saved_pictures(lesson: LessonPage) -> int:
    """How many saved pictures the page shows, each whole and with a text that says the same."""
    notebook = lesson.page.locator(".jp-NotebookPanel-notebook").first
    assert notebook.evaluate(BROKEN_PICTURES) == []
    shown: int = notebook.evaluate(COUNT_PICTURES)
    return shown


def pictures_in_file(lesson: LessonPage) -> int:
    """How many pictures the outputs of the file hold."""
    cells = nbformat.read(lesson.jupyter.root / lesson.name, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return sum(
        "".join(output.get("data", {}).get("text/html", "")).count("<img") for output in outputs
    )


VISITS = [(ui, name) for turn, name in enumerate(LESSONS) for ui in in_turns(UIS, turn)]


@pytest.mark.parametrize(("ui", "name"), VISITS, indirect=["ui"])
def test_a_lesson_shows_its_saved_pictures_and_runs_without_an_error(
    open_notebook: Open, name: str
) -> None:
    with open_notebook(name, trusted=False) as lesson:
        assert saved_pictures(lesson) == pictures_in_file(lesson) > 0
        assert lesson.run_all() == []
        assert lesson.console_errors == []
        assert lesson.failed_requests == []
        assert lesson.outside_requests == []


def test_a_trusted_lesson_shows_its_saved_pictures_too(open_notebook: Open) -> None:
    with open_notebook(LESSONS[0], trusted=True) as lesson:
        assert saved_pictures(lesson) == pictures_in_file(lesson) > 0
        assert lesson.console_errors == []
