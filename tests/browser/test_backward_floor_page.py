"""The floor of lesson 3 on a page: its pace, its turns, and whose ways stand out."""

from __future__ import annotations

import pytest
from lesson_page import Theme, axe
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import FactoryFloor

LOSS = "The product is 3, the order said 1: the loss is 4."
ANA = "A note reaches Ana: 4 × 2 = 8."


@pytest.fixture
def floor() -> FactoryFloor:
    return FactoryFloor.lemonade(pace="worker", position=5)


@pytest.fixture
def explorer(stand_in: StandIn, floor: FactoryFloor) -> Locator:
    """The explorer as it is at first: the loss is known, and no note has gone back."""
    found = stand_in.show(floor)
    expect(found).to_have_accessible_name("Factory floor")
    expect(found.get_by_role("status")).to_have_text(LOSS)
    return found


def go_on(explorer: Locator, told: str) -> None:
    """Press Next, and wait until the caption says what comes then."""
    explorer.get_by_role("button", name="Next", exact=True).click()
    expect(explorer.get_by_role("status")).to_contain_text(told)


def test_next_goes_worker_by_worker_and_then_to_the_materials(
    floor: FactoryFloor, explorer: Locator
) -> None:
    go_on(explorer, "A note reaches taster: +4")
    go_on(explorer, ANA)
    go_on(explorer, "A note reaches Bo: 4 × 0.5 = 2.")
    go_on(explorer, "A note reaches Cy: 4 × 1 = 4. The gate is shut: 0 passes.")
    go_on(explorer, "At lemons: 8 × 1 + 2 × 0.5 + 0 × (−1) = 9.")
    go_on(explorer, "At sugar: 8 × (−1) + 2 × 1 + 0 × 1 = −6.")
    go_on(explorer, "are turned")
    assert floor.position == 12
    back = explorer.get_by_role("button", name="Back")
    back.focus()
    back.press("Enter")
    expect(explorer.get_by_role("status")).to_contain_text("At sugar")


def test_what_a_lane_carries_is_written_on_it(explorer: Locator) -> None:
    go_on(explorer, "A note reaches taster")
    expect(explorer.locator(".bpf-carried")).to_have_count(0)
    go_on(explorer, ANA)
    expect(explorer.locator(".bpf-carried")).to_have_text(["4×2"])
    expect(explorer.locator(".bpf-at-work")).to_have_count(1)
    expect(explorer.get_by_role("button", name="Ana, floor 1: ships 1, note +8")).to_be_visible()
    expect(explorer.get_by_role("button", name="Bo, floor 1: ships 2")).to_be_visible()
    for told in ("reaches Bo", "reaches Cy", "At lemons"):
        go_on(explorer, told)
    expect(explorer.locator(".bpf-carried")).to_have_text(["8×1", "2×0.5", "0×(−1)"])


def test_the_line_of_time_goes_by_the_keyboard_too(floor: FactoryFloor, explorer: Locator) -> None:
    line = explorer.get_by_role("slider", name="Step", exact=True)
    line.focus()
    line.press("ArrowRight")
    expect(explorer.get_by_role("status")).to_contain_text("A note reaches taster")
    line.press("ArrowRight")
    expect(explorer.get_by_role("status")).to_contain_text(ANA)
    expect(line).to_have_attribute("aria-valuetext", "7 of 12: Backward: a note reaches Ana")
    line.press("End")
    expect(explorer.get_by_role("status")).to_contain_text("are turned")
    assert floor.position == 12


def test_the_pace_is_chosen_by_mouse_and_by_keyboard(
    floor: FactoryFloor, explorer: Locator
) -> None:
    pace = explorer.get_by_role("combobox", name="Pace")
    line = explorer.get_by_role("slider", name="Step", exact=True)
    expect(pace).to_have_value("worker")
    pace.select_option("floor by floor")
    expect(line).to_have_attribute("aria-valuetext", "3 of 6: Loss: the product meets the order")
    go_on(explorer, "Notes reach floor 2: taster +4.")
    pace.focus()
    pace.press("ArrowDown")
    expect(line).to_have_attribute("aria-valuetext", "6 of 12: Backward: a note reaches taster")
    expect(pace).to_be_focused()
    assert [floor.pace, floor.position] == ["worker", 6]


def test_a_workers_ways_stand_out_by_mouse_and_by_keyboard(
    floor: FactoryFloor, explorer: Locator
) -> None:
    expect(explorer.locator(".bpf-faint")).to_have_count(0)
    bo = explorer.get_by_role("button", name="Bo, floor 1")
    bo.click()
    expect(bo).to_have_attribute("aria-pressed", "true")
    expect(explorer.locator(".bpf-own").first).to_be_attached()
    expect(explorer.locator(".bpf-faint").first).to_be_attached()
    assert floor.chosen == [0, 1]
    bo.press("ArrowUp")
    ana = explorer.get_by_role("button", name="Ana, floor 1")
    expect(ana).to_be_focused()
    ana.press("Enter")
    expect(explorer.get_by_text("The workbench of Ana")).to_be_visible()
    ana.press("ArrowRight")
    expect(explorer.get_by_role("status")).to_contain_text("A note reaches taster")
    ana.press("ArrowRight")
    expect(explorer.get_by_role("status")).to_contain_text(ANA)
    expect(explorer.locator(".bpf-carried")).to_have_text(["4×2"])
    ana.press("Escape")
    expect(ana).to_have_attribute("aria-pressed", "false")
    assert floor.chosen is None


@pytest.mark.parametrize(("position", "theme"), [(7, "light"), (10, "dark")])
def test_axe_finds_nothing_in_it(
    stand_in: StandIn, floor: FactoryFloor, explorer: Locator, position: int, theme: Theme
) -> None:
    floor.position = position
    expect(explorer.locator(".bpf-carried").first).to_be_visible()
    stand_in.set_theme(theme)
    assert axe(explorer) == []
