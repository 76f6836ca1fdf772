"""The gradient explorer on a page: its lists, sliders, button and rows."""

from __future__ import annotations

import pytest
from lesson_page import axe
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import GradientExplorer


@pytest.fixture
def explorer() -> GradientExplorer:
    return GradientExplorer.lemonade(nudge=0.01)


@pytest.fixture
def output(stand_in: StandIn, explorer: GradientExplorer) -> Locator:
    """The explorer as it was at first."""
    output = stand_in.show(explorer)
    expect(caption(output)).to_contain_text("at 1 the loss is 4.")
    return output


def caption(output: Locator) -> Locator:
    return output.get_by_role("status")


def test_the_knob_is_turned_and_put_back(explorer: GradientExplorer, output: Locator) -> None:
    turn = output.get_by_role("slider", name="Turn the knob")
    turn.focus()
    turn.press("ArrowRight")
    expect(caption(output)).to_contain_text("at 1.01 the loss is 4.1616.")
    assert explorer.weight == 1.01
    expect(turn).to_be_focused()
    turn.fill("0.5")
    expect(caption(output)).to_contain_text("at 0.5 the loss is 0.")
    output.get_by_role("button", name="Put the knob back").click()
    expect(caption(output)).to_contain_text("at 1 the loss is 4.")
    assert explorer.weight == 1


def test_the_nudge_shrinks_by_powers_of_ten(explorer: GradientExplorer, output: Locator) -> None:
    nudge = output.get_by_role("slider", name="Nudge h")
    nudge.focus()
    nudge.press("ArrowLeft")
    expect(caption(output)).to_contain_text("a slope of 16.016.")
    assert explorer.nudge == 0.001
    nudge.press("Home")
    expect(nudge).to_have_attribute("aria-valuetext", "1 × 10⁻¹⁵")
    expect(caption(output)).to_contain_text("a slope of 17.7636.")
    nudge.fill("-1")
    output.get_by_role("combobox", name="Nudge it").select_option("up and down")
    expect(caption(output)).to_contain_text("Nudged down and up by 0.1")
    assert [explorer.nudge, explorer.way] == [0.1, "both"]


def test_another_knob_is_chosen_from_the_list_and_from_the_rows(
    explorer: GradientExplorer, output: Locator
) -> None:
    knob = output.get_by_role("combobox", name="Knob", exact=True)
    knob.select_option("Cy, knob for lemons")
    expect(caption(output)).to_contain_text("Cy, knob for lemons: at −1 the loss is 4.")
    show = output.get_by_role("combobox", name="Show")
    show.focus()
    show.press("ArrowDown")
    expect(caption(output)).to_contain_text("takes 14 passes forward")
    expect(show).to_be_focused()

    row = output.get_by_role("button", name="Bo, knob for sugar")
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    row.click()  # a second click does not let go of it
    expect(row).to_have_attribute("aria-pressed", "true")
    assert explorer.knob == 4
    row.press("ArrowDown")
    output.get_by_role("button", name="Bo, pinch").press("Enter")
    expect(output.get_by_role("button", name="Bo, pinch")).to_have_attribute("aria-pressed", "true")
    assert [explorer.knob, explorer.shows] == [5, "all"]
    expect(knob).to_have_value("5")
    assert axe(output) == []
