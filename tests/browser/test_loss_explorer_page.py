"""The loss explorer on a page: by mouse, by keyboard, and heard by a screen reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import LossExplorer


@pytest.fixture
def losses() -> LossExplorer:
    return LossExplorer.lemonade([[2, 1], [4, 4]], [1, 5])


@pytest.fixture
def explorer(stand_in: StandIn, losses: LossExplorer) -> Locator:
    """The explorer as it is at first."""
    found = stand_in.show(losses)
    expect(found).to_have_accessible_name("How wrong?")
    expect(found.get_by_role("status")).to_contain_text("The mistakes are +2, −2")
    return found


def test_a_slider_moves_its_product_by_mouse(losses: LossExplorer, explorer: Locator) -> None:
    slider = explorer.get_by_role("slider", name="product 2")
    box = slider.bounding_box()
    assert box
    slider.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    expect(explorer.get_by_role("status")).to_contain_text("+2, +4")
    assert losses.products == [3, 9]
    expect(slider).to_have_attribute("aria-valuetext", "9")


def test_a_slider_moves_its_product_by_keyboard(losses: LossExplorer, explorer: Locator) -> None:
    slider = explorer.get_by_role("slider", name="product 1")
    slider.focus()
    slider.press("ArrowRight")
    expect(explorer.get_by_role("status")).to_contain_text("+2.1, −2")
    slider.press("End")
    expect(explorer.get_by_role("status")).to_contain_text("+4, −2")
    expect(explorer.locator(".bpf-formula")).to_contain_text("((5 − 1)² + (3 − 5)²) / 2 = 10")
    expect(slider).to_be_focused()
    assert losses.products == [5, 3]


def test_the_measure_is_chosen_by_mouse_and_by_keyboard(
    losses: LossExplorer, explorer: Locator
) -> None:
    measure = explorer.get_by_role("combobox", name="count")
    measure.select_option("length of the mistake")
    expect(explorer.get_by_role("status")).to_contain_text("their lengths 2, 2")
    assert losses.measure == "absolute"
    measure.press("ArrowUp")
    expect(explorer.get_by_role("status")).to_contain_text("their squares 4, 4")
    assert losses.measure == "squared"


def test_a_row_is_chosen_by_mouse_and_by_keyboard(
    stand_in: StandIn, losses: LossExplorer, explorer: Locator
) -> None:
    first = explorer.get_by_role("button", name="order 1: product 3")
    second = explorer.get_by_role("button", name="order 2: product 3")
    expect(first).to_have_attribute("aria-pressed", "true")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(explorer.get_by_role("status")).to_contain_text("slope is −2: with a bit more of pro")
    second.press("ArrowUp")
    expect(first).to_be_focused()
    first.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()
    assert losses.chosen == 0
    # There is always a curve: pressing again or Escape leaves it.
    first.press("Escape")
    first.press("Enter")
    stand_in.settled()
    expect(explorer.get_by_role("alert")).to_have_count(0)
    expect(second).to_have_attribute("aria-pressed", "false")
    second.press(" ")
    expect(second).to_have_attribute("aria-pressed", "true")
    assert losses.chosen == 1
