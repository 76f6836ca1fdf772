"""The chain rule explorer on a page: knobs and crates by mouse and keyboard, its lists."""

from __future__ import annotations

import pytest
from lesson_page import axe
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import ChainRuleExplorer


@pytest.fixture
def explorer() -> ChainRuleExplorer:
    return ChainRuleExplorer()


@pytest.fixture
def output(stand_in: StandIn, explorer: ChainRuleExplorer) -> Locator:
    """The explorer as it was at first."""
    output = stand_in.show(explorer)
    expect(caption(output)).to_contain_text("2 × 1 × 2 × 4 = 16")
    return output


def caption(output: Locator) -> Locator:
    return output.get_by_role("status")


def station(output: Locator, name: str) -> Locator:
    return output.get_by_role("button", name=name, exact=True)


def test_a_knob_is_clicked_and_let_go(explorer: ChainRuleExplorer, output: Locator) -> None:
    ana = station(output, "Ana, knob for lemons: 1")
    expect(ana).to_have_attribute("aria-pressed", "true")
    bo = station(output, "Bo, knob for sugar: 1")
    bo.click()
    expect(bo).to_have_attribute("aria-pressed", "true")
    expect(ana).to_have_attribute("aria-pressed", "false")
    expect(caption(output)).to_contain_text("1 × 1 × 0.5 × 4 = 2")
    assert explorer.chosen == [0, 1, 1]
    bo.click()
    expect(caption(output)).to_contain_text("Choose a knob or a crate")
    assert explorer.chosen is None
    assert axe(output) == []


def test_the_keyboard_reaches_every_station_and_keeps_its_place(
    explorer: ChainRuleExplorer, output: Locator
) -> None:
    lemons, sugar = station(output, "lemons: 2"), station(output, "sugar: 1")
    lemons.focus()
    lemons.press("Enter")
    expect(caption(output)).to_contain_text("8 + 1 + 0 = 9")
    expect(lemons).to_be_focused()
    lemons.press("Tab")
    expect(sugar).to_be_focused()
    sugar.press(" ")
    expect(caption(output)).to_contain_text("−8 + 2 + 0 = −6")
    assert explorer.chosen == [0, 1, None]
    sugar.press("ArrowDown")
    expect(station(output, "Ana, knob for lemons: 1")).to_be_focused()
    station(output, "Ana, knob for lemons: 1").press("Escape")
    expect(caption(output)).to_contain_text("Choose a knob or a crate")


def test_one_path_after_the_other(explorer: ChainRuleExplorer, output: Locator) -> None:
    station(output, "lemons: 2").click()
    paths = output.get_by_role("combobox", name="Path")
    paths.select_option("3: lemons → Cy → taster → loss")
    expect(caption(output)).to_contain_text("Path 3 of 3 alone: −1 × 0 × 1 × 4 = 0.")
    assert explorer.path == 3
    paths.focus()
    paths.press("ArrowUp")
    expect(caption(output)).to_contain_text("Path 2 of 3 alone: 0.5 × 1 × 0.5 × 4 = 1.")
    expect(paths).to_be_focused()
    expect(paths).to_have_value("2")
    station(output, "taster, pinch: 0").click()
    expect(caption(output)).to_contain_text("1 × 4 = 4")
    expect(paths).to_have_value("0")
    assert explorer.path == 0


def test_the_other_factory(explorer: ChainRuleExplorer, output: Locator) -> None:
    factory = output.get_by_role("combobox", name="Factory")
    factory.focus()
    factory.press("ArrowDown")
    expect(caption(output)).to_contain_text("0.0006684 + (−0.0002298) ≈ 0.0004386")
    expect(factory).to_be_focused()
    station(output, "product o2: 0.7729").click()
    expect(caption(output)).to_contain_text("Start: product o2.")
    assert [explorer.factory, explorer.chosen] == ["two products", [2, 1, None]]
    factory.select_option("lemonade")
    expect(caption(output)).to_contain_text("2 × 1 × 2 × 4 = 16")


def test_nothing_is_cut_off_and_the_lists_do_not_overlap(
    stand_in: StandIn, output: Locator
) -> None:
    for width in (390, 600, 1300):
        stand_in.set_width(width)
        lists = [output.get_by_role("combobox", name=name) for name in ("Factory", "Path")]
        first, second = (one.bounding_box() for one in lists)
        assert first is not None
        assert second is not None
        assert first["x"] + first["width"] <= second["x"] or first["y"] + 20 <= second["y"]
        # Where the page is too narrow for the picture, it can be scrolled to its end.
        stage = output.locator(".bpf-stage")
        width_of_all = "Math.max(e.clientWidth, e.querySelector('svg').clientWidth)"
        assert stage.evaluate(f"e => e.scrollWidth <= {width_of_all} + 1")
