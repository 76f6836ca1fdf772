"""The factory floor on a page: every control by mouse and by keyboard, found by role and name."""

from __future__ import annotations

import re

import numpy as np
import pytest
from finding import button, slider, stands_at, worker
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import DigitReader, FactoryFloor, Network


@pytest.fixture
def floor() -> FactoryFloor:
    return FactoryFloor.lemonade()


@pytest.fixture
def shown(stand_in: StandIn, floor: FactoryFloor) -> Locator:
    """The lemonade floor at its first moment, nobody chosen."""
    explorer = stand_in.show(floor)
    stands_at(explorer, 0)
    return explorer


# One step at a time


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_next_and_back_by_key(floor: FactoryFloor, shown: Locator, key: str) -> None:
    button(shown, "Next").press(key)
    stands_at(shown, 1)
    expect(button(shown, "Next")).to_be_focused()
    button(shown, "Back").press(key)
    stands_at(shown, 0)
    assert floor.position == 0


def test_at_either_end_a_button_rests_but_keeps_the_focus(
    floor: FactoryFloor, shown: Locator
) -> None:
    back, forth = button(shown, "Back"), button(shown, "Next")
    expect(back).to_have_attribute("aria-disabled", "true")
    back.press("Enter")
    expect(back).to_be_focused()
    assert [floor.position, floor.message] == [0, ""]
    for position in range(1, 7):
        forth.press("Enter")
        stands_at(shown, position)
    expect(back).to_have_attribute("aria-disabled", "false")
    expect(forth).to_have_attribute("aria-disabled", "true")
    forth.press("Enter")
    expect(forth).to_be_focused()
    assert [floor.position, floor.message] == [6, ""]


# The line of time


def test_the_timeline_by_keys(floor: FactoryFloor, shown: Locator) -> None:
    line = slider(shown, "Step")
    for key, position in (("ArrowRight", 1), ("ArrowUp", 2), ("ArrowLeft", 1), ("End", 6)):
        line.press(key)
        stands_at(shown, position)
        assert floor.position == position
    line.press("Home")
    stands_at(shown, 0)
    expect(line).to_be_focused()


def test_a_click_on_a_dot_of_the_timeline_goes_there(stand_in: StandIn) -> None:
    crowd = FactoryFloor(Network.random([8, 8, 8, 8, 8]), np.ones(8), np.zeros(8))
    shown = stand_in.show(crowd)
    dots = shown.locator(".bpf-timeline circle[class*='bpf-step']")
    expect(dots).to_have_count(11)
    line = slider(shown, "Step")
    for position in (0, 10, 1, 9, 5):
        over, dot = line.bounding_box(), dots.nth(position).bounding_box()
        assert over is not None and dot is not None
        across = dot["x"] + dot["width"] / 2 - over["x"]
        line.click(position={"x": across, "y": dot["y"] + dot["height"] / 2 - over["y"]})
        expect(line).to_have_value(str(position))
        stand_in.settled()
        assert crowd.position == position


def test_the_timeline_dragged_from_end_to_end(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    slider(shown, "Step").scroll_into_view_if_needed()
    line = slider(shown, "Step").bounding_box()
    assert line is not None
    mouse, middle = stand_in.page.mouse, line["y"] + line["height"] / 2
    mouse.move(line["x"] + 13, middle)
    mouse.down()
    for share in (0.3, 0.6, 1.0):
        mouse.move(line["x"] + line["width"] * share, middle, steps=5)
    stands_at(shown, 6)
    mouse.up()
    stand_in.until(lambda: floor.position == 6)
    stands_at(shown, 6)


# Play


def test_play_runs_to_the_end_and_stops(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    shown.get_by_role("combobox", name="Speed").select_option("fast")
    floor.position = 4
    stands_at(shown, 4)
    button(shown, "Play").click()
    expect(button(shown, "Pause")).to_be_focused()
    assert stand_in.timers == [700]
    stands_at(shown, 6)
    expect(button(shown, "Play")).to_be_focused()
    stand_in.runs()
    assert floor.position == 6


def test_pause_and_another_speed_while_it_plays(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    speed = shown.get_by_role("combobox", name="Speed")
    speed.select_option("slow")
    button(shown, "Play").press("Enter")
    stand_in.runs(3000)
    speed.focus()
    speed.press("ArrowDown")
    stand_in.runs(1600)
    speed.press("ArrowDown")
    stand_in.runs(700)
    stand_in.until(lambda: floor.position > 0)
    button(shown, "Pause").press("Space")
    stand_in.runs()
    expect(button(shown, "Play")).to_be_focused()
    speed.press("ArrowUp")  # changes nothing that rests
    stand_in.runs()


def test_play_at_the_end_begins_again(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    floor.position = 6
    stands_at(shown, 6)
    button(shown, "Play").click()
    stand_in.until(lambda: floor.position < 3)
    button(shown, "Pause").click()
    stand_in.runs()


def test_one_that_goes_away_stops_playing(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    button(shown, "Play").click()
    stand_in.runs(1600)
    stand_in.hide(floor)
    assert stand_in.timers == []


# The learning rate, and lap after lap


def test_the_learning_rate_by_keys_redoes_the_update(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    floor.position = 6
    stands_at(shown, 6)
    rate, picture = slider(shown, "Learning rate"), shown.locator(".bpf-stage")
    for key, value, knob in (("ArrowRight", 0.011, "0.824"), ("Home", 0.0001, "0.9984")):
        rate.press(key)
        expect(picture.get_by_text(knob, exact=True)).to_be_visible()
        expect(rate).to_have_attribute("aria-valuetext", f"{value:g}")
        assert floor.learning_rate == pytest.approx(value)
        assert floor.position == 6
    for _ in range(3):
        rate.press("ArrowRight")
    stand_in.until(lambda: floor.learning_rate == 0.00014)  # no step is lost on a scale of powers


def test_the_learning_rate_by_mouse(floor: FactoryFloor, shown: Locator) -> None:
    rate = slider(shown, "Learning rate")
    box = rate.bounding_box()
    assert box is not None
    rate.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    expect(rate).to_have_attribute("aria-valuetext", "10")
    assert floor.learning_rate == 10


def test_next_lap_and_start_again(stand_in: StandIn, floor: FactoryFloor, shown: Locator) -> None:
    again = button(shown, "Start again")
    expect(again).to_have_attribute("aria-disabled", "true")
    button(shown, "Next lap").click()
    stand_in.until(lambda: [floor.lap, floor.position] == [1, 0])
    expect(shown.locator(".bpf-stage").get_by_text("0.84", exact=True)).to_be_visible()
    button(shown, "Next lap").press("Enter")
    stand_in.until(lambda: floor.lap == 2)
    expect(again).to_have_attribute("aria-disabled", "false")
    again.press("Enter")
    stand_in.until(lambda: [floor.lap, floor.position] == [0, 0])
    stands_at(shown, 0)


# The workers


def test_a_worker_is_chosen_and_left_by_click(floor: FactoryFloor, shown: Locator) -> None:
    ana = worker(shown, "Ana")
    ana.click()
    expect(ana).to_have_attribute("aria-pressed", "true")
    expect(shown.get_by_text("The workbench of Ana")).to_be_visible()
    assert floor.chosen == [0, 0]
    worker(shown, "taster").click()
    expect(shown.get_by_text("The workbench of taster")).to_be_visible()
    expect(ana).to_have_attribute("aria-pressed", "false")
    worker(shown, "taster").click()
    expect(shown.get_by_text("The workbench of")).to_have_count(0)
    assert floor.chosen is None


def test_a_worker_is_chosen_and_left_by_key(floor: FactoryFloor, shown: Locator) -> None:
    bo = worker(shown, "Bo")
    for key, chosen in (("Enter", [0, 1]), ("Space", None), ("Space", [0, 1]), ("Escape", None)):
        bo.press(key)
        expect(bo).to_have_attribute("aria-pressed", "false" if chosen is None else "true")
        expect(bo).to_be_focused()
        assert floor.chosen == chosen


def test_arrows_go_from_worker_to_worker_and_step_to_step(
    floor: FactoryFloor, shown: Locator
) -> None:
    worker(shown, "Ana").press("ArrowDown")
    expect(worker(shown, "Bo")).to_be_focused()
    worker(shown, "Bo").press("ArrowUp")
    worker(shown, "Ana").press("ArrowUp")
    expect(worker(shown, "taster")).to_be_focused()
    for key, position in (("ArrowRight", 1), ("End", 6), ("ArrowLeft", 5), ("Home", 0)):
        worker(shown, "taster").press(key)
        stands_at(shown, position)
        expect(worker(shown, "taster")).to_be_focused()
    worker(shown, "taster").press("ArrowLeft")  # there is nothing before the order
    worker(shown, "taster").press("ArrowRight")
    stands_at(shown, 1)
    assert floor.position == 1


def test_the_focus_survives_a_picture_from_python(floor: FactoryFloor, shown: Locator) -> None:
    worker(shown, "Cy").focus()
    floor.position = 5
    stands_at(shown, 5)
    expect(worker(shown, "Cy")).to_be_focused()
    expect(worker(shown, "Cy")).to_have_attribute("aria-label", re.compile("past the gate 0"))


def test_the_summary_is_walked_by_keys_too(stand_in: StandIn) -> None:
    digits = DigitReader().floor(3)
    digits.position = 2
    shown = stand_in.show(digits)
    worker(shown, "worker 1").press("ArrowDown")
    expect(worker(shown, "worker 2")).to_be_focused()
    worker(shown, "worker 2").press("Enter")
    expect(shown.get_by_text("The workbench of worker 2")).to_be_visible()
    assert digits.chosen == [0, 1]


# Seen and heard


def test_the_status_says_each_caption_once(stand_in: StandIn, shown: Locator) -> None:
    status = shown.get_by_role("status")
    expect(status).to_have_attribute("aria-live", "polite")
    status.evaluate("""element => {
      window.said = [];
      new MutationObserver(() => window.said.push(element.textContent))
        .observe(element, { childList: true, characterData: true, subtree: true });
    }""")
    button(shown, "Next").click()
    stands_at(shown, 1)
    worker(shown, "Ana").click()  # says nothing new
    expect(worker(shown, "Ana")).to_have_attribute("aria-pressed", "true")
    button(shown, "Next").click()
    stands_at(shown, 2)
    said = stand_in.page.evaluate("window.said")
    assert [text[:13] for text in said] == ["Floor 1 works", "Floor 2 works"]


def test_what_moves_rests_where_less_motion_is_wanted(stand_in: StandIn, shown: Locator) -> None:
    travels = "element => getComputedStyle(element).animationName"
    crate = shown.locator(".bpf-traveller").first
    button(shown, "Next").click()
    stands_at(shown, 1)
    assert crate.evaluate(travels) == "bpf-travel"
    stand_in.page.emulate_media(reduced_motion="reduce")
    button(shown, "Next").click()
    stands_at(shown, 2)
    assert crate.evaluate(travels) == "none"
