"""Every control of every explorer by mouse and by keyboard, in both UIs, found by role and name."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import nbformat
import pytest
from jupyter_process import JupyterProcess
from lesson_page import PATIENCE, LessonPage
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, expect

BOTH_UIS = True  # the base of all explorers, and what they share
Open = Callable[..., AbstractContextManager[LessonPage]]

CELLS = {
    "floor": """
import numpy as np
from backprop_lib import DigitReader, FactoryFloor, Network, NeuronExplorer, Question
floor = FactoryFloor.lemonade()
floor
""",
    "second view": "floor",
    "worker": "worker = NeuronExplorer()\nworker",
    "question": """
question = Question(
    "What does Ana <b>ship</b>?", ("3 & more", False, "Her knob is −1."), ("1", True, "2 − 1 is 1.")
)
question
""",
    "other question": """
other = Question("And Bo?", ("2", True, "1 + 1 is 2."), ("0", False, "His gate is open."))
other
""",
    "reader": "reader = DigitReader()\nreader",
    "digits": "digits = reader.floor(3)\ndigits",
    "crowd": """
crowd = FactoryFloor(Network.random([8, 8, 8, 8, 8]), np.ones(8), np.zeros(8), position=5)
crowd
""",
    "spare": "spare = FactoryFloor.lemonade()\nspare",
}
PLACES = list(CELLS)
EXPLORERS = [name for name in CELLS if name != "second view"]
MOMENTS = [
    "An order comes in",
    "Forward: floor 1 works",
    "Forward: floor 2 works",
    "Loss: the product meets the order",
    "Backward: notes reach floor 2",
    "Backward: notes reach floor 1",
    "Update: the knobs are turned",
]
FOCUSABLE = "button, input, select, [tabindex='0']"

# What reaches over the right edge of an explorer, but for what can be scrolled.
TOO_WIDE = """root => {
  const edge = root.getBoundingClientRect().right + 1;
  return [...root.querySelectorAll(":scope > :not(.bpf-stage, .bpf-timeline) *")]
    .filter((one) => one.getBoundingClientRect().right > edge)
    .map((one) => one.className);
}"""

# Which of our timers run: by their waits they are told from those of Jupyter.
WATCH_TIMERS = """() => {
  const ours = [3000, 1600, 700, 900, 300, 90];
  window.running = new Map();
  const { setInterval: set, clearInterval: clear } = window;
  window.setInterval = (what, wait, ...more) => {
    const id = set.call(window, what, wait, ...more);
    if (ours.includes(wait)) window.running.set(id, wait);
    return id;
  };
  window.clearInterval = (id) => {
    window.running.delete(id);
    clear.call(window, id);
  };
}"""


@pytest.fixture(scope="module")
def page_of_all(open_notebook: Open, jupyter: JupyterProcess) -> Iterator[LessonPage]:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(
        cells=[new_code_cell(source.strip()) for source in CELLS.values()], metadata=kernel
    )
    nbformat.write(notebook, jupyter.root / "explorers.ipynb")
    with open_notebook("explorers.ipynb", height=1600) as lesson:
        assert lesson.run_all() == []
        lesson.page.evaluate(WATCH_TIMERS)
        yield lesson


@pytest.fixture
def lesson(page_of_all: LessonPage) -> Iterator[LessonPage]:
    """The one page that all tests share; each has to leave it without an error."""
    yield page_of_all
    assert page_of_all.console_errors == []
    assert page_of_all.outside_requests == []
    assert page_of_all.failed_requests == []
    assert running(page_of_all) == []


def do(lesson: LessonPage, statement: str) -> None:
    """Run a statement in the kernel."""
    lesson.python(f"exec({statement!r})")


def becomes(lesson: LessonPage, expression: str, value: Any) -> None:
    """Wait until a Python expression has this value."""
    end = time.monotonic() + PATIENCE / 1000
    while (found := lesson.python(expression)) != value:
        assert time.monotonic() < end, f"{expression} is {found!r} and not {value!r}"


def running(lesson: LessonPage) -> list[int]:
    """The waits of the timers of ours that run, in milliseconds."""
    waits: list[int] = lesson.page.evaluate("[...window.running.values()]")
    return waits


def runs(lesson: LessonPage, *waits: int) -> None:
    """Wait until just these timers run."""
    lesson.page.wait_for_function(
        "waits => JSON.stringify([...window.running.values()]) === waits",
        arg=json.dumps(list(waits)).replace(" ", ""),
    )


def place(lesson: LessonPage, name: str) -> Locator:
    """The explorer of a cell."""
    return lesson.output(PLACES.index(name)).locator(".bpf")


def button(explorer: Locator, name: str) -> Locator:
    return explorer.get_by_role("button", name=name, exact=True)


def slider(explorer: Locator, name: str) -> Locator:
    return explorer.get_by_role("slider", name=name, exact=True)


def worker(explorer: Locator, name: str) -> Locator:
    """A worker in the picture, whatever its name goes on to say about its state."""
    return explorer.get_by_role("button", name=re.compile(f"^{name}, floor"))


def stands_at(floor: Locator, position: int) -> None:
    """Wait until a lemonade floor shows this moment, all over."""
    text = f"{position} of 6: {MOMENTS[position]}"
    expect(slider(floor, "Step")).to_have_attribute("aria-valuetext", text)
    expect(slider(floor, "Step")).to_have_value(str(position))
    expect(floor.locator(".bpf-band-words")).to_have_text(MOMENTS[position])


@pytest.fixture
def floor(lesson: LessonPage) -> Locator:
    """The lemonade floor at its first moment, nobody chosen."""
    first = "floor.lap, floor.position, floor.learning_rate, floor.chosen = 0, 0, 0.01, None"
    do(lesson, f"floor.position = 1; {first}")
    explorer = place(lesson, "floor")
    stands_at(explorer, 0)
    return explorer


# One step at a time


def test_next_and_back_by_mouse(lesson: LessonPage, floor: Locator) -> None:
    for position in (1, 2):
        button(floor, "Next").click()
        stands_at(floor, position)
    assert lesson.python("floor.position") == 2
    button(floor, "Back").click()
    stands_at(floor, 1)
    expect(floor.get_by_role("status")).to_have_text(re.compile("^Floor 1 works"))
    assert lesson.python("floor.position") == 1


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_next_and_back_by_key(lesson: LessonPage, floor: Locator, key: str) -> None:
    button(floor, "Next").press(key)
    stands_at(floor, 1)
    expect(button(floor, "Next")).to_be_focused()
    button(floor, "Back").press(key)
    stands_at(floor, 0)
    assert lesson.python("floor.position") == 0


def test_at_either_end_a_button_rests_but_keeps_the_focus(
    lesson: LessonPage, floor: Locator
) -> None:
    back, forth = button(floor, "Back"), button(floor, "Next")
    expect(back).to_have_attribute("aria-disabled", "true")
    back.press("Enter")
    expect(back).to_be_focused()
    assert lesson.python("[floor.position, floor.message]") == [0, ""]
    for position in range(1, 7):
        forth.press("Enter")
        stands_at(floor, position)
    expect(back).to_have_attribute("aria-disabled", "false")
    expect(forth).to_have_attribute("aria-disabled", "true")
    forth.press("Enter")
    expect(forth).to_be_focused()
    assert lesson.python("[floor.position, floor.message]") == [6, ""]


# The line of time


def test_the_timeline_by_keys(lesson: LessonPage, floor: Locator) -> None:
    line = slider(floor, "Step")
    for key, position in (("ArrowRight", 1), ("ArrowUp", 2), ("ArrowLeft", 1), ("End", 6)):
        line.press(key)
        stands_at(floor, position)
        assert lesson.python("floor.position") == position
    line.press("Home")
    stands_at(floor, 0)
    expect(line).to_be_focused()


def test_a_click_on_a_dot_of_the_timeline_goes_there(lesson: LessonPage) -> None:
    crowd = place(lesson, "crowd")
    dots = crowd.locator(".bpf-timeline circle[class*='bpf-step']")
    expect(dots).to_have_count(11)
    line = slider(crowd, "Step")
    for position in (0, 10, 1, 9, 5):
        over, dot = line.bounding_box(), dots.nth(position).bounding_box()
        assert over is not None and dot is not None
        across = dot["x"] + dot["width"] / 2 - over["x"]
        line.click(position={"x": across, "y": dot["y"] + dot["height"] / 2 - over["y"]})
        expect(line).to_have_value(str(position))
        becomes(lesson, "crowd.position", position)


def test_the_timeline_dragged_from_end_to_end(lesson: LessonPage, floor: Locator) -> None:
    slider(floor, "Step").scroll_into_view_if_needed()
    line = slider(floor, "Step").bounding_box()
    assert line is not None
    mouse, middle = lesson.page.mouse, line["y"] + line["height"] / 2
    mouse.move(line["x"] + 13, middle)
    mouse.down()
    for share in (0.3, 0.6, 1.0):
        mouse.move(line["x"] + line["width"] * share, middle, steps=5)
    stands_at(floor, 6)
    mouse.up()
    becomes(lesson, "floor.position", 6)
    stands_at(floor, 6)


# Play


def test_play_runs_to_the_end_and_stops(lesson: LessonPage, floor: Locator) -> None:
    floor.get_by_role("combobox", name="Speed").select_option("fast")
    do(lesson, "floor.position = 4")
    stands_at(floor, 4)
    button(floor, "Play").click()
    expect(button(floor, "Pause")).to_be_focused()
    assert running(lesson) == [700]
    stands_at(floor, 6)
    expect(button(floor, "Play")).to_be_focused()
    runs(lesson)
    assert lesson.python("floor.position") == 6


def test_pause_and_another_speed_while_it_plays(lesson: LessonPage, floor: Locator) -> None:
    speed = floor.get_by_role("combobox", name="Speed")
    speed.select_option("slow")
    button(floor, "Play").press("Enter")
    runs(lesson, 3000)
    speed.focus()
    speed.press("ArrowDown")
    runs(lesson, 1600)
    speed.press("ArrowDown")
    runs(lesson, 700)
    becomes(lesson, "floor.position > 0", True)
    button(floor, "Pause").press("Space")
    runs(lesson)
    expect(button(floor, "Play")).to_be_focused()
    speed.press("ArrowUp")  # changes nothing that rests
    runs(lesson)


def test_play_at_the_end_begins_again(lesson: LessonPage, floor: Locator) -> None:
    do(lesson, "floor.position = 6")
    stands_at(floor, 6)
    button(floor, "Play").click()
    becomes(lesson, "floor.position < 3", True)
    button(floor, "Pause").click()
    runs(lesson)


# The learning rate, and lap after lap


def test_the_learning_rate_by_keys_redoes_the_update(lesson: LessonPage, floor: Locator) -> None:
    do(lesson, "floor.position = 6")
    stands_at(floor, 6)
    rate, picture = slider(floor, "Learning rate"), floor.locator(".bpf-stage")
    for key, value, knob in (("ArrowRight", 0.011, "0.824"), ("Home", 0.0001, "0.9984")):
        rate.press(key)
        expect(picture.get_by_text(knob, exact=True)).to_be_visible()
        expect(rate).to_have_attribute("aria-valuetext", f"{value:g}")
        assert lesson.python("floor.learning_rate") == pytest.approx(value)
        assert lesson.python("floor.position") == 6
    for _ in range(3):
        rate.press("ArrowRight")
    becomes(lesson, "floor.learning_rate", 0.00014)  # no step is lost on a scale of powers


def test_the_learning_rate_by_mouse(lesson: LessonPage, floor: Locator) -> None:
    rate = slider(floor, "Learning rate")
    box = rate.bounding_box()
    assert box is not None
    rate.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    expect(rate).to_have_attribute("aria-valuetext", "10")
    assert lesson.python("floor.learning_rate") == 10


def test_next_lap_and_start_again(lesson: LessonPage, floor: Locator) -> None:
    again = button(floor, "Start again")
    expect(again).to_have_attribute("aria-disabled", "true")
    button(floor, "Next lap").click()
    becomes(lesson, "[floor.lap, floor.position]", [1, 0])
    expect(floor.locator(".bpf-stage").get_by_text("0.84", exact=True)).to_be_visible()
    button(floor, "Next lap").press("Enter")
    becomes(lesson, "floor.lap", 2)
    expect(again).to_have_attribute("aria-disabled", "false")
    again.press("Enter")
    becomes(lesson, "[floor.lap, floor.position]", [0, 0])
    stands_at(floor, 0)


# The workers


def test_a_worker_is_chosen_and_left_by_click(lesson: LessonPage, floor: Locator) -> None:
    ana = worker(floor, "Ana")
    ana.click()
    expect(ana).to_have_attribute("aria-pressed", "true")
    expect(floor.get_by_text("The workbench of Ana")).to_be_visible()
    assert lesson.python("floor.chosen") == [0, 0]
    worker(floor, "taster").click()
    expect(floor.get_by_text("The workbench of taster")).to_be_visible()
    expect(ana).to_have_attribute("aria-pressed", "false")
    worker(floor, "taster").click()
    expect(floor.get_by_text("The workbench of")).to_have_count(0)
    assert lesson.python("floor.chosen") is None


def test_a_worker_is_chosen_and_left_by_key(lesson: LessonPage, floor: Locator) -> None:
    bo = worker(floor, "Bo")
    for key, chosen in (("Enter", [0, 1]), ("Space", None), ("Space", [0, 1]), ("Escape", None)):
        bo.press(key)
        expect(bo).to_have_attribute("aria-pressed", "false" if chosen is None else "true")
        expect(bo).to_be_focused()
        assert lesson.python("floor.chosen") == chosen


def test_arrows_go_from_worker_to_worker_and_step_to_step(
    lesson: LessonPage, floor: Locator
) -> None:
    worker(floor, "Ana").press("ArrowDown")
    expect(worker(floor, "Bo")).to_be_focused()
    worker(floor, "Bo").press("ArrowUp")
    worker(floor, "Ana").press("ArrowUp")
    expect(worker(floor, "taster")).to_be_focused()
    for key, position in (("ArrowRight", 1), ("End", 6), ("ArrowLeft", 5), ("Home", 0)):
        worker(floor, "taster").press(key)
        stands_at(floor, position)
        expect(worker(floor, "taster")).to_be_focused()
    worker(floor, "taster").press("ArrowLeft")  # there is nothing before the order
    worker(floor, "taster").press("ArrowRight")
    stands_at(floor, 1)
    assert lesson.python("floor.position") == 1


def test_the_focus_survives_a_picture_from_python(lesson: LessonPage, floor: Locator) -> None:
    worker(floor, "Cy").focus()
    do(lesson, "floor.position = 5")
    stands_at(floor, 5)
    expect(worker(floor, "Cy")).to_be_focused()
    expect(worker(floor, "Cy")).to_have_attribute("aria-label", re.compile("past the gate 0"))


def test_the_summary_is_walked_by_keys_too(lesson: LessonPage) -> None:
    digits = place(lesson, "digits")
    do(lesson, "digits.position = 2")
    first = worker(digits, "worker 1")
    first.press("ArrowDown")
    expect(worker(digits, "worker 2")).to_be_focused()
    worker(digits, "worker 2").press("Enter")
    expect(digits.get_by_text("The workbench of worker 2")).to_be_visible()
    assert lesson.python("digits.chosen") == [0, 1]
    do(lesson, "digits.chosen = None; digits.position = 0")


# Python and page, page and page


def test_what_python_sets_reaches_the_page(lesson: LessonPage, floor: Locator) -> None:
    do(lesson, "floor.learning_rate = 0.05; floor.position = 6; floor.chosen = (0, 2)")
    stands_at(floor, 6)
    expect(slider(floor, "Learning rate")).to_have_attribute("aria-valuetext", "0.05")
    expect(worker(floor, "Cy")).to_have_attribute("aria-pressed", "true")
    expect(floor.get_by_text("The workbench of Cy")).to_be_visible()


def test_two_views_of_one_explorer_stay_in_step(lesson: LessonPage, floor: Locator) -> None:
    second = place(lesson, "second view")
    button(floor, "Next").click()
    stands_at(second, 1)
    slider(second, "Step").press("End")
    stands_at(floor, 6)
    slider(second, "Learning rate").press("End")
    expect(slider(floor, "Learning rate")).to_have_value("1")
    worker(floor, "Bo").click()
    expect(worker(second, "Bo")).to_have_attribute("aria-pressed", "true")
    expect(second.get_by_text("The workbench of Bo")).to_be_visible()


def test_the_status_says_each_caption_once(lesson: LessonPage, floor: Locator) -> None:
    status = floor.get_by_role("status")
    expect(status).to_have_attribute("aria-live", "polite")
    status.evaluate("""element => {
      window.said = [];
      new MutationObserver(() => window.said.push(element.textContent))
        .observe(element, { childList: true, characterData: true, subtree: true });
    }""")
    button(floor, "Next").click()
    stands_at(floor, 1)
    worker(floor, "Ana").click()  # says nothing new
    expect(worker(floor, "Ana")).to_have_attribute("aria-pressed", "true")
    button(floor, "Next").click()
    stands_at(floor, 2)
    said = lesson.page.evaluate("window.said")
    assert [text[:13] for text in said] == ["Floor 1 works", "Floor 2 works"]


@pytest.mark.parametrize("how", ["run again", "cleared"])
def test_an_output_that_goes_away_stops_playing(lesson: LessonPage, how: str) -> None:
    spare = place(lesson, "spare")
    do(lesson, "played = spare")
    spare.get_by_role("combobox", name="Speed").select_option("slow")
    button(spare, "Play").click()
    runs(lesson, 3000)
    if how == "cleared":
        lesson.page.evaluate("jupyterapp.commands.execute('notebook:clear-cell-output')")
        expect(spare).to_have_count(0)
        runs(lesson)
    lesson.run_cell(PLACES.index("spare"))
    runs(lesson)
    assert lesson.python("played.position") < 6  # it was stopped, and did not just end
    expect(slider(spare, "Step")).to_have_value("0")


# Nonsense

NONSENSE = [
    ("floor", "floor.learning_rate", "-1", "positive"),
    ("floor", "floor.position", "99", "from 0 to 6"),
    ("worker", "worker.weights", "['x', 1]", "Expected"),
    ("question", "question.chosen", "7", "from 0 to 1"),
    ("reader", "reader.epoch", "1000", "from 0 to 20"),
]


@pytest.mark.parametrize(("name", "setting", "nonsense", "words"), NONSENSE)
def test_nonsense_is_refused_in_words_and_the_state_kept(
    lesson: LessonPage, name: str, setting: str, nonsense: str, words: str
) -> None:
    explorer = place(lesson, name)
    before = lesson.python(setting)
    shown = explorer.locator(".bpf-stage").inner_html()
    do(lesson, f"{setting} = {nonsense}")
    expect(explorer.get_by_role("alert")).to_contain_text(words)
    assert lesson.python(setting) == before
    assert explorer.locator(".bpf-stage").inner_html() == shown
    do(lesson, f"{name}.message = ''; {name}.show()")  # as after the next move that is good
    expect(explorer.get_by_role("alert")).to_have_count(0)


def test_words_are_shown_as_words(lesson: LessonPage) -> None:
    question = place(lesson, "question")
    expect(question.get_by_role("group", name="What does Ana <b>ship</b>?").first).to_be_visible()
    expect(question.get_by_role("radio", name="3 & more")).to_be_visible()
    assert question.locator("b").count() == 0


# One worker


def test_each_knob_of_a_worker_turns_its_own_number(lesson: LessonPage) -> None:
    explorer = place(lesson, "worker")
    do(lesson, "worker.inputs, worker.weights, worker.bias = [2, 1], [1, -1], 0")
    for name, setting, key, value in (
        ("lemons", "inputs", "ArrowRight", [2.1, 1]),
        ("sugar", "inputs", "End", [2.1, 3]),
        ("knob for lemons", "weights", "ArrowLeft", [0.9, -1]),
        ("knob for sugar", "weights", "Home", [0.9, -3]),
        ("pinch", "bias", "ArrowUp", 0.1),
    ):
        slider(explorer, name).press(key)
        becomes(lesson, f"worker.{setting}", pytest.approx(value))
        expect(slider(explorer, name)).to_be_focused()
    expect(explorer.get_by_role("status")).to_contain_text("The gate is shut: 0 is shipped.")
    box = slider(explorer, "pinch").bounding_box()
    assert box is not None
    slider(explorer, "pinch").click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    becomes(lesson, "worker.bias", 3)


def test_the_gate_of_a_worker_is_chosen_from_a_list(lesson: LessonPage) -> None:
    explorer = place(lesson, "worker")
    gate = explorer.get_by_role("combobox", name="gate")
    gate.select_option("sigmoid")
    becomes(lesson, "worker.activation", "sigmoid")
    expect(explorer.locator(".bpf-stage").get_by_text("gate: sigmoid")).to_be_visible()
    gate.press("ArrowDown")
    becomes(lesson, "worker.activation", "tanh")
    expect(gate).to_be_focused()
    do(lesson, "worker.activation = 'relu'")
    expect(gate).to_have_value("relu")


# Questions


@pytest.fixture
def question(lesson: LessonPage) -> Locator:
    do(lesson, "question.chosen = other.chosen = None")
    explorer = place(lesson, "question")
    expect(explorer.get_by_role("radio", checked=True)).to_have_count(0)
    return explorer


def test_a_question_by_mouse(lesson: LessonPage, question: Locator) -> None:
    question.get_by_role("radio", name="3 & more").check()
    expect(question.get_by_role("status")).to_have_text("Not quite. Her knob is −1.")
    question.get_by_text("1", exact=True).click()
    expect(question.get_by_role("status")).to_have_text("Yes. 2 − 1 is 1.")
    expect(question.get_by_role("radio", name="1")).to_be_checked()
    assert lesson.python("question.chosen") == 1


def test_a_question_by_keys(lesson: LessonPage, question: Locator) -> None:
    first, second = question.get_by_role("radio").all()
    first.press("Space")
    expect(question.get_by_role("status")).to_have_text("Not quite. Her knob is −1.")
    first.press("ArrowDown")
    expect(second).to_be_focused()
    expect(question.get_by_role("status")).to_have_text("Yes. 2 − 1 is 1.")
    assert lesson.python("question.chosen") == 1


def test_two_questions_do_not_answer_each_other(lesson: LessonPage, question: Locator) -> None:
    other = place(lesson, "other question")
    question.get_by_role("radio", name="1").check()
    other.get_by_role("radio", name="0").check()
    expect(other.get_by_role("status")).to_contain_text("Not quite.")
    expect(question.get_by_role("radio", name="1")).to_be_checked()
    assert lesson.python("[question.chosen, other.chosen]") == [1, 1]


# The digit reader


def test_the_digit_reader_learns_forgets_and_shows_its_mistakes(lesson: LessonPage) -> None:
    reader = place(lesson, "reader")
    bar, picture = reader.get_by_role("progressbar", name="Training"), reader.locator(".bpf-stage")
    reader.get_by_role("combobox", name="Speed").select_option("fast")
    button(reader, "Train").click()
    runs(lesson, 90)
    expect(bar).to_have_attribute("value", "20")
    expect(button(reader, "Train")).to_be_focused()
    share = lesson.python("reader.accuracy")
    assert share > 0.95
    right = round(359 * share)
    expect(reader.get_by_role("status")).to_contain_text(f"reads {right} rightly")

    answers = picture.locator(".bpf-answer")
    first_page = answers.all_text_contents()
    button(reader, "More digits").press("Enter")
    becomes(lesson, "reader.page", 1)
    expect(answers).to_have_count(12)
    expect(answers).not_to_have_text(first_page)

    count = f"({359 - right} mistakes)"
    button(reader, f"Only mistakes {count}").click()
    expect(picture.get_by_text("✗")).to_have_count(min(12, 359 - right))
    expect(picture.get_by_text("✓")).to_have_count(0)
    button(reader, "Show all").press("Space")
    expect(answers).to_have_count(12)

    button(reader, "Forget all").click()
    expect(bar).to_have_attribute("value", "0")
    assert lesson.python("reader.epoch") == 0


# Not the notebook's


def test_all_that_can_have_the_focus_keeps_its_keys(lesson: LessonPage) -> None:
    for name in EXPLORERS:
        focusable = place(lesson, name).locator(FOCUSABLE)
        kept = focusable.evaluate_all("all => all.map(one => one.dataset.lmSuppressShortcuts)")
        assert len(kept) > 1
        assert set(kept) == {"true"}


KINDS = {
    "floor": ["button", "input[type=range]", "select", "[role=button]"],
    "digits": ["[role=button]"],
    "question": ["input[type=radio]"],
    "reader": ["button"],
}


@pytest.mark.parametrize("name", KINDS)
def test_no_key_of_ours_is_taken_by_the_notebook(lesson: LessonPage, name: str) -> None:
    explorer, sources = place(lesson, name), lesson.sources()
    active = "jupyterapp.shell.currentWidget.content.activeCellIndex"
    for kind in KINDS[name]:
        explorer.locator(kind).first.focus()
        cell = lesson.page.evaluate(active)
        for key in ("a", "b", "d", "d", "x", "m", "y", "1", "ArrowDown", "ArrowUp"):
            lesson.page.keyboard.press(key)
        assert lesson.page.evaluate(active) == cell
        assert explorer.evaluate("element => element.contains(document.activeElement)")
    assert lesson.sources() == sources
    assert lesson.page.evaluate("jupyterapp.shell.currentWidget.content.mode") == "command"


# Seen and heard


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(lesson: LessonPage, floor: Locator, theme: Any) -> None:
    do(lesson, "floor.position = 5; floor.chosen = [0, 2]; spare.learning_rate = -1")
    do(lesson, "question.chosen = 0; other.chosen = 0; digits.chosen = [1, 3]; reader.epoch = 1")
    stands_at(floor, 5)
    expect(place(lesson, "spare").get_by_role("alert")).to_be_visible()
    lesson.set_theme(theme)
    try:
        found = {name: lesson.axe(place(lesson, name)) for name in EXPLORERS}
    finally:
        lesson.set_theme("light")
        do(lesson, "reader.epoch = 0; digits.chosen = None; spare.message = ''; spare.show()")
    assert found == {name: [] for name in EXPLORERS}


def test_what_moves_rests_where_less_motion_is_wanted(lesson: LessonPage, floor: Locator) -> None:
    travels = "element => getComputedStyle(element).animationName"
    crate = floor.locator(".bpf-traveller").first
    button(floor, "Next").click()
    stands_at(floor, 1)
    assert crate.evaluate(travels) == "bpf-travel"
    lesson.page.emulate_media(reduced_motion="reduce")
    try:
        button(floor, "Next").click()
        stands_at(floor, 2)
        assert crate.evaluate(travels) == "none"
    finally:
        lesson.page.emulate_media(reduced_motion="no-preference")


def test_a_narrow_page_keeps_all_within_reach(lesson: LessonPage) -> None:
    """At 350 pixels (700 at 200 % zoom) only the pictures are wider, and they can be scrolled."""
    lesson.set_width(350)
    try:
        for name in EXPLORERS:
            assert (name, place(lesson, name).evaluate(TOO_WIDE)) == (name, [])
        crowd = place(lesson, "crowd")
        button(crowd, "Next").click()
        last = crowd.locator(".bpf-column").last
        expect(last).to_have_class(re.compile("bpf-active-backward"))
        expect(last).to_be_in_viewport(ratio=0.5)
    finally:
        lesson.set_width(1400)
