"""The digit pad on a page: drawn on by mouse, by finger and by keys."""

from __future__ import annotations

import re

import pytest
from lesson_page import Theme, axe
from playwright.sync_api import Locator, expect
from stand_in import StandIn
from thorough import THOROUGH

from backprop_lib import DigitPad
from tests.drawings import DRAWINGS, Strokes, strokes

LINE = [[[50, 10], [50, 90]]]


@pytest.fixture
def drawn() -> DigitPad:
    """The pad in Python."""
    return DigitPad()


@pytest.fixture
def pad(stand_in: StandIn, drawn: DigitPad) -> Locator:
    """The pad on the page, its sheet empty."""
    found = stand_in.show(drawn)
    expect(found).to_have_accessible_name("Draw a digit")
    expect(found.get_by_role("status")).to_contain_text("The sheet is empty.")
    return found


def sheet(pad: Locator) -> Locator:
    return pad.get_by_role("application", name="Sheet to draw on")


def draw(pad: Locator, drawing: Strokes) -> None:
    """Draw with the mouse, from point to point."""
    box = sheet(pad).locator("svg").bounding_box()
    assert box
    mouse = pad.page.mouse
    for stroke in drawing:
        places = [(box["x"] + x * box["width"] / 100, box["y"] + y * box["height"] / 100)
                  for x, y in stroke]  # fmt: skip
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place)
        mouse.up()


def arrived(stand_in: StandIn, drawn: DigitPad, pad: Locator) -> list[list[list[float]]]:
    """The strokes in Python, once they are those of the page."""
    shown = sheet(pad).locator(".bpf-stroke").get_attribute("d") or ""
    stand_in.until(lambda: sum(map(len, drawn.strokes)) == len(re.findall("[ML]", shown)))
    return [[list(point) for point in stroke] for stroke in drawn.strokes]


def test_nine_in_ten_drawings_of_each_digit_are_read_rightly(
    stand_in: StandIn, drawn: DigitPad, pad: Locator
) -> None:
    clear = pad.get_by_role("button", name="Clear")
    every = []
    for digit in range(10):
        answers = []
        for text in DRAWINGS[digit] if THOROUGH else DRAWINGS[digit][::5]:
            draw(pad, strokes(text))
            arrived(stand_in, drawn, pad)
            answers.append(drawn.answer)
            clear.evaluate("button => button.click()")
        # Nine of the ten; a quick run has two of them, and may have met the one that is missed.
        assert answers.count(digit) >= len(answers) - 1, (digit, answers)
        every += [answer == digit for answer in answers]
    assert sum(every) >= 0.9 * len(every)


def test_a_drawing_is_read_while_it_grows_and_can_be_taken_back(
    stand_in: StandIn, drawn: DigitPad, pad: Locator
) -> None:
    first, second = strokes("36,12 28,50 72,50 | 62,20 62,90")
    draw(pad, [first])
    draw(pad, [second])
    found = arrived(stand_in, drawn, pad)
    assert len(found) == 2
    for stroke, wanted in zip(found, (first, second), strict=True):
        for point, meant in zip((stroke[0], stroke[-1]), (wanted[0], wanted[-1]), strict=True):
            assert point == pytest.approx(meant, abs=1.0)
    expect(pad.get_by_role("status")).to_contain_text("It reads 4")
    undo, clear = (pad.get_by_role("button", name=name) for name in ("Undo", "Clear"))
    undo.click()
    expect(sheet(pad).locator(".bpf-stroke")).not_to_have_attribute("d", re.compile("M.*M"))
    assert arrived(stand_in, drawn, pad) == found[:1]
    clear.focus()
    clear.press("Enter")
    expect(pad.get_by_role("status")).to_contain_text("The sheet is empty.")
    expect(clear).to_have_attribute("aria-disabled", "true")
    assert arrived(stand_in, drawn, pad) == []


def test_a_line_ends_at_the_edge_of_the_sheet(
    stand_in: StandIn, drawn: DigitPad, pad: Locator
) -> None:
    draw(pad, [[[50, 50], [50, 130]]])
    (line,) = arrived(stand_in, drawn, pad)
    assert line[-1] == [pytest.approx(50, abs=0.5), 100]
    expect(pad.get_by_role("alert")).to_have_count(0)


def test_it_is_drawn_on_by_keys(stand_in: StandIn, drawn: DigitPad, pad: Locator) -> None:
    paper = sheet(pad)
    paper.focus()
    for key in ("Home", *("ArrowUp",) * 8):
        paper.press(key)
    paper.press(" ")
    for key in ("ArrowDown",) * 16:
        paper.press(key)
    expect(pad.get_by_text("pen down at 50 across, 90 down")).to_have_count(1)
    paper.press(" ")
    for key in ("ArrowLeft", "Shift+ArrowDown"):
        paper.press(key)
    expect(pad.get_by_text("pen lifted at 45 across, 91 down")).to_have_count(1)
    expect(pad.get_by_role("status")).to_contain_text("It reads 1")
    expect(paper).to_be_focused()
    (line,) = arrived(stand_in, drawn, pad)
    assert (line[0], line[-1], len(line)) == ([50, 10], [50, 90], 17)


def test_a_finger_draws_and_a_second_finger_does_not_disturb(
    stand_in: StandIn, drawn: DigitPad, pad: Locator
) -> None:
    sheet(pad).locator("svg").evaluate(
        """sheet => {
          const box = sheet.getBoundingClientRect();
          sheet.setPointerCapture = () => {}; // no real finger is there to be held
          const touch = (type, pointerId, x, y) => sheet.dispatchEvent(new PointerEvent(type, {
            pointerId, pointerType: "touch", bubbles: true,
            clientX: box.left + x * box.width / 100, clientY: box.top + y * box.height / 100 }));
          touch("pointerdown", 7, 40, 20);
          touch("pointermove", 7, 40, 50);
          touch("pointerdown", 8, 90, 90);
          touch("pointermove", 8, 10, 90);
          touch("pointermove", 7, 40, 80);
          touch("pointercancel", 7, 40, 80);
          touch("pointermove", 7, 90, 80);
          delete sheet.setPointerCapture;
        }"""
    )
    (line,) = arrived(stand_in, drawn, pad)
    assert line == [pytest.approx(point, abs=0.5) for point in ([40, 20], [40, 50], [40, 80])]
    assert sheet(pad).locator("svg").evaluate("e => getComputedStyle(e).touchAction") == "none"


def test_strokes_from_python_are_shown_and_nonsense_is_told(drawn: DigitPad, pad: Locator) -> None:
    drawn.strokes = LINE
    expect(sheet(pad).locator(".bpf-stroke")).to_have_attribute("d", "M50,10L50,90")
    drawn.strokes = [[[50, 10], [50, 190]]]
    expect(pad.get_by_role("alert")).to_contain_text("Expected points from 0 to 100")
    expect(sheet(pad).locator(".bpf-stroke")).to_have_attribute("d", "M50,10L50,90")


def test_an_order_is_chosen_by_mouse_and_by_key(drawn: DigitPad, pad: Locator) -> None:
    drawn.strokes = LINE
    expect(pad.get_by_role("status")).to_contain_text("If 1 was meant")
    seven = pad.get_by_role("button", name=re.compile("order 7$"))
    seven.click()
    expect(pad.get_by_role("status")).to_contain_text("If 7 was meant")
    expect(seven).to_have_attribute("aria-pressed", "true")
    assert drawn.order == 7
    seven.press("Enter")
    expect(pad.get_by_role("status")).to_contain_text("If 1 was meant")
    assert drawn.order is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_it(
    stand_in: StandIn, drawn: DigitPad, pad: Locator, theme: Theme
) -> None:
    drawn.strokes = LINE
    expect(pad.get_by_role("status")).to_contain_text("It reads 1")
    stand_in.set_theme(theme)
    assert axe(pad) == []
