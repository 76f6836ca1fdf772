"""The learning rate explorer in a real notebook: each kind of control, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from lesson_page import LessonPage
from playwright.sync_api import Locator, expect

SOURCE = """
from backprop_lib import LearningRateExplorer
explorer = LearningRateExplorer()
explorer
"""


@pytest.fixture
def output(lesson: LessonPage) -> Locator:
    """The explorer as it was at first."""
    lesson.run_cell(0)
    output = lesson.output(0)
    expect(caption(output)).to_contain_text("It goes down smoothly")
    return output


def caption(output: Locator) -> Locator:
    return output.get_by_role("status")


def test_the_learning_rate_is_pulled_through_the_regimes(
    lesson: LessonPage, output: Locator
) -> None:
    rate = output.get_by_role("slider", name="Learning rate")
    for power, words in (("-0.05", "zig-zag"), ("0", "bounces for ever"), ("0.05", "explodes")):
        rate.fill(power)
        expect(caption(output)).to_contain_text(words)
        expect(output.locator(".bpf-stage")).to_contain_text(words)
    assert lesson.python("[explorer.learning_rate, explorer.regime]") == [1.1, "explodes"]
    rate.press("ArrowLeft")
    expect(rate).to_have_attribute("aria-valuetext", "1")
    expect(rate).to_be_focused()
    rate.click(position={"x": 2, "y": 10})
    expect(caption(output)).to_contain_text("It crawls")
    assert lesson.python("explorer.learning_rate") < 0.002


def test_the_start_and_the_laps_are_moved(lesson: LessonPage, output: Locator) -> None:
    start = output.get_by_role("slider", name="Start")
    start.press("Home")
    expect(caption(output)).to_contain_text("It began at 9.")
    assert lesson.python("explorer.start_at") == [-3]
    lap = output.get_by_role("slider", name="Lap")
    lap.fill("7")
    expect(caption(output)).to_contain_text("After 7 laps")
    lap.press("ArrowRight")
    expect(caption(output)).to_contain_text("After 8 laps")
    play = output.get_by_role("button", name="Play")
    play.click()
    expect(caption(output)).to_contain_text("After 10 laps")
    expect(play).to_have_text("Play")
    play.press("Enter")  # from the start again
    expect(caption(output)).to_contain_text("After 1 lap ")
    output.get_by_role("button", name="Pause").press(" ")
    assert 1 <= lesson.python("explorer.lap") < 10


def test_other_landscapes_and_other_ways_to_turn(lesson: LessonPage, output: Locator) -> None:
    landscape = output.get_by_role("combobox", name="Landscape")
    method = output.get_by_role("combobox", name="Knobs are turned by")
    landscape.select_option("two knobs: a long valley")
    expect(output.get_by_role("slider", name="Start of w₂")).to_have_attribute(
        "aria-valuetext", "1"
    )
    method.select_option("momentum")
    expect(output.locator(".bpf-stage")).to_contain_text("momentum, lap 10 of 10")
    assert lesson.axe(output) == []
    landscape.focus()
    landscape.press("ArrowDown")
    expect(output.locator(".bpf-stage")).to_contain_text("order 1")
    expect(landscape).to_be_focused()
    expect(output.get_by_role("slider", name="Start")).to_have_count(0)
    landscape.press("ArrowDown")
    method.select_option("rate × gradient")
    expect(caption(output)).to_contain_text("lowest loss is that of 0.02")
    assert lesson.python("[explorer.landscape, explorer.method]") == ["race", "plain"]
    assert lesson.axe(output) == []


def test_it_is_accessible_and_quiet(lesson: LessonPage, output: Locator) -> None:
    assert lesson.axe(output) == []
    assert lesson.console_errors == []
    assert lesson.failed_requests == []
    assert lesson.outside_requests == []
