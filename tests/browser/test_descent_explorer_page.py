"""The learning rate explorer on a page: each kind of control, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from lesson_page import axe
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import LearningRateExplorer


@pytest.fixture
def explorer() -> LearningRateExplorer:
    return LearningRateExplorer()


@pytest.fixture
def output(stand_in: StandIn, explorer: LearningRateExplorer) -> Locator:
    """The explorer as it was at first."""
    output = stand_in.show(explorer)
    expect(caption(output)).to_contain_text("It goes down smoothly")
    return output


def caption(output: Locator) -> Locator:
    return output.get_by_role("status")


def test_the_learning_rate_is_pulled_through_the_regimes(
    explorer: LearningRateExplorer, output: Locator
) -> None:
    rate = output.get_by_role("slider", name="Learning rate")
    for power, words in (("-0.05", "zig-zag"), ("0", "bounces for ever"), ("0.05", "explodes")):
        rate.fill(power)
        expect(caption(output)).to_contain_text(words)
        expect(output.locator(".bpf-stage")).to_contain_text(words)
    assert [explorer.learning_rate, explorer.regime] == [1.1, "explodes"]
    rate.press("ArrowLeft")
    expect(rate).to_have_attribute("aria-valuetext", "1")
    expect(rate).to_be_focused()
    rate.click(position={"x": 2, "y": 10})
    expect(caption(output)).to_contain_text("It crawls")
    assert explorer.learning_rate < 0.002


def test_the_start_and_the_laps_are_moved(explorer: LearningRateExplorer, output: Locator) -> None:
    start = output.get_by_role("slider", name="Start")
    start.press("Home")
    expect(caption(output)).to_contain_text("It began at 9.")
    assert explorer.start_at == [-3]
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
    assert 1 <= explorer.lap < 10


def test_other_landscapes_and_other_ways_to_turn(
    explorer: LearningRateExplorer, output: Locator
) -> None:
    landscape = output.get_by_role("combobox", name="Landscape")
    method = output.get_by_role("combobox", name="Knobs are turned by")
    landscape.select_option("two knobs: a long valley")
    expect(output.get_by_role("slider", name="Start of w₂")).to_have_attribute(
        "aria-valuetext", "1"
    )
    method.select_option("momentum")
    expect(output.locator(".bpf-stage")).to_contain_text("momentum, lap 10 of 10")
    assert axe(output) == []
    landscape.focus()
    landscape.press("ArrowDown")
    expect(output.locator(".bpf-stage")).to_contain_text("order 1")
    expect(landscape).to_be_focused()
    expect(output.get_by_role("slider", name="Start")).to_have_count(0)
    landscape.press("ArrowDown")
    method.select_option("rate × gradient")
    expect(caption(output)).to_contain_text("lowest loss is that of 0.02")
    assert [explorer.landscape, explorer.method] == ["race", "plain"]
    assert axe(output) == []


def test_other_controls_do_not_go_on_with_what_played(stand_in: StandIn, output: Locator) -> None:
    output.get_by_role("button", name="Play").click()
    assert len(stand_in.timers) == 1
    landscape = output.get_by_role("combobox", name="Landscape")
    landscape.select_option("two knobs: a long valley")
    expect(output.get_by_role("slider", name="Start of w₂")).to_be_visible()
    expect(output.get_by_role("button", name="Play")).to_be_visible()
    assert stand_in.timers == []
