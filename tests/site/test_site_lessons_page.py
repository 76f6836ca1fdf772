"""Every lesson of the site from top to bottom, and its explorers under the learner's hands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect
from site_page import SitePage, opened_here
from static_site import SITE, StaticSite

FOLDER = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.name for path in FOLDER.glob("*.ipynb"))


def words_of(outputs: list[dict[str, Any]]) -> list[str]:
    """What a cell's outputs say: printed text, and the texts of values and explorers."""
    found = []
    for output in outputs:
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        found.append("".join(text))
    return found


def saved_words(name: str) -> list[list[str]]:
    cells = json.loads((SITE / "files" / name).read_text(encoding="utf-8"))["cells"]
    return [words_of(cell.get("outputs", [])) for cell in cells]


@pytest.mark.parametrize("name", [pytest.param(LESSONS[0], marks=pytest.mark.smoke), *LESSONS[1:]])
def test_a_lesson_runs_here_and_says_the_same(
    learner: BrowserContext, site: StaticSite, name: str
) -> None:
    with opened_here(learner, site, name) as lesson:
        assert lesson.run_all() == []
        code = [index for index, said in enumerate(saved_words(name)) if said]
        assert {index: words_of(lesson.outputs(index)) for index in code} == {
            index: saved_words(name)[index] for index in code
        }
        assert lesson.console_errors == []
        assert lesson.failed_requests == []
        assert lesson.outside_requests == []


def run_up_to(lesson: SitePage, code: str) -> Locator:
    """Run the lesson's first cell and the one with that code, and return what that one shows."""
    cells = [index for index in range(len(lesson.sources())) if lesson.is_code(index)]
    shown = next(index for index in cells if code in lesson.sources()[index])
    imports = next(index for index in cells if "import" in lesson.sources()[index])
    for index in (imports, shown):
        assert lesson.run_cell(index) == []
    return lesson.output(shown)


@pytest.mark.smoke
def test_the_floor_steps(learner: BrowserContext, site: StaticSite) -> None:
    with opened_here(learner, site, "00_welcome.ipynb") as lesson:
        floor = run_up_to(lesson, "FactoryFloor.lemonade()")
        status = floor.get_by_role("status")
        expect(status).to_contain_text("An order comes in")
        floor.get_by_role("button", name="Next").first.click()
        expect(status).to_contain_text("Floor 1 works")
        assert lesson.python("floor.position") == 1
        assert lesson.axe(floor) == []
        assert lesson.axe(lesson.page.locator("#python, #all-lessons").first) == []


def test_the_learning_rate_explorer_moves(learner: BrowserContext, site: StaticSite) -> None:
    with opened_here(learner, site, "05_update.ipynb") as lesson:
        explorer = run_up_to(lesson, "LearningRateExplorer(")
        rate = explorer.get_by_role("slider", name="Learning rate")
        for power, words in (("-2.5", "crawls"), ("0", "bounces for ever"), ("0.05", "explodes")):
            rate.fill(power)
            expect(explorer.get_by_role("status")).to_contain_text(words)
        rate.press("ArrowLeft")
        expect(rate).to_have_attribute("aria-valuetext", "1")


def test_the_playground_trains(learner: BrowserContext, site: StaticSite) -> None:
    with opened_here(learner, site, "07_training.ipynb") as lesson:
        playground = run_up_to(lesson, 'TrainingPlayground("xor", workers=2')
        play = playground.get_by_role("button", name="Play")
        play.click()
        lesson.page.wait_for_function("() => true")  # the page is alive while Python trains
        expect(playground.get_by_role("button", name="Pause")).to_be_visible()
        lesson.page.wait_for_timeout(1000)
        playground.get_by_role("button", name="Pause").click()
        expect(play).to_be_visible()
        assert lesson.python("team.run.epoch") > 5


def test_the_digit_pad_reads(learner: BrowserContext, site: StaticSite) -> None:
    with opened_here(learner, site, "08_digits.ipynb") as lesson:
        pad = run_up_to(lesson, "pad = DigitPad(")
        lesson.python("pad.set_trait('strokes', [])")
        expect(pad.get_by_role("status").first).to_contain_text("The sheet is empty.")
        sheet = pad.get_by_role("application", name="Sheet to draw on").locator("svg")
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        assert box
        lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 10)
        lesson.page.mouse.down()
        lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 9 / 10)
        lesson.page.mouse.up()
        expect(pad.get_by_role("status").first).to_contain_text("It reads 1")
