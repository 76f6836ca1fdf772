"""The way to Python: moves are hurried on, and where nobody answers the page says why.

Whether real kernels say what is taken here for granted is tried in test_silence_page.py.
"""

from __future__ import annotations

import re

import pytest
from finding import button, slider, stands_at
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import FactoryFloor

AFRESH = "Python was started afresh: run the cell again."
STOPPED = re.compile("^Python has stopped")
BUSY = re.compile("^Python is busy")
QUIET = re.compile("^Python does not answer")
FIRST = re.compile("^Floor 1 works")
ORDER = re.compile("^An order comes in")


@pytest.fixture
def floor() -> FactoryFloor:
    return FactoryFloor.lemonade()


@pytest.fixture
def shown(stand_in: StandIn, floor: FactoryFloor) -> Locator:
    return stand_in.show(floor, kernel=True)


def says(shown: Locator, sentence: str | re.Pattern[str]) -> None:
    expect(shown.get_by_role("status")).to_have_text(sentence)


def test_what_is_answered_is_no_silence(stand_in: StandIn, shown: Locator) -> None:
    button(shown, "Next").click()
    says(shown, FIRST)
    assert stand_in.wait_long() == 0


def test_a_move_that_asks_for_nothing_is_not_waited_for(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    stand_in.hold(floor)
    slider(shown, "Step").dispatch_event("input")  # to where it stands already
    assert stand_in.wait_long() == 0
    says(shown, ORDER)


def test_a_quiet_kernel_is_told_until_it_answers(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    stand_in.hold(floor)
    button(shown, "Next").click()
    says(shown, ORDER)
    before = stand_in.page.evaluate("standIn.putOff")
    slider(shown, "Step").press("End")  # does not put it off again
    assert stand_in.page.evaluate("standIn.putOff") == before
    assert stand_in.wait_long() == 1
    says(shown, QUIET)
    stand_in.hold(floor, False)
    stands_at(shown, 6)


def test_a_busy_kernel_is_not_taken_for_a_dead_one(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    stand_in.hold(floor)
    button(shown, "Next").click()
    stand_in.kernel_is("busy")  # with a cell, which is no answer to us
    assert stand_in.wait_long() == 1
    says(shown, BUSY)
    stand_in.hold(floor, False)
    says(shown, FIRST)


def test_a_kernel_that_begins_at_last_takes_the_words_back(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    stand_in.hold(floor)
    button(shown, "Next").click()
    stand_in.wait_long()
    says(shown, QUIET)
    stand_in.kernel_is("busy")  # with a cell
    says(shown, QUIET)
    stand_in.kernel_is("busy", "comm_msg")  # with what a page has sent
    says(shown, ORDER)


@pytest.mark.parametrize(("status", "sentence"), [("dead", STOPPED), ("restarting", AFRESH)])
def test_a_kernel_that_is_lost_is_told_at_the_next_move(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator, status: str, sentence: str
) -> None:
    stand_in.hold(floor)
    stand_in.kernel_is(status)
    says(shown, ORDER)  # until a move asks for more
    button(shown, "Next").click()
    says(shown, sentence)
    stand_in.kernel_is("restarting")
    says(shown, AFRESH)
    stand_in.kernel_is("idle")  # whatever it goes on to say, it knows nothing of us
    says(shown, AFRESH)


def test_a_restart_is_told_to_whoever_waits(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    stand_in.hold(floor)
    button(shown, "Next").click()
    stand_in.kernel_is("autorestarting")
    says(shown, AFRESH)
    assert stand_in.wait_long() == 0


def test_without_jupyter_there_is_no_silence_to_tell(
    stand_in: StandIn, floor: FactoryFloor
) -> None:
    shown = stand_in.show(floor)
    stand_in.hold(floor)
    button(shown, "Next").click()
    assert stand_in.wait_long() == 0
    says(shown, ORDER)


def test_each_move_is_hurried_on_once(
    stand_in: StandIn, floor: FactoryFloor, shown: Locator
) -> None:
    """An empty word follows as soon as the kernel is busy with it; see `hurrying`."""
    words: list[object] = []
    floor.on_msg(lambda _floor, content, _buffers: words.append(content))
    for position in (1, 2):
        button(shown, "Next").click()
        stands_at(shown, position)
        stand_in.settled()
        assert words == [{}] * position
    stand_in.kernel_is("busy")  # with something of its own
    stand_in.settled()
    assert words == [{}] * 2
