"""What the other explorers hold on a page: controls by mouse and by key, questions, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from finding import TOO_WIDE, button, slider
from lesson_page import Theme, axe
from playwright.sync_api import Locator, expect
from stand_in import StandIn

from backprop_lib import (
    ChainRuleExplorer,
    DigitPad,
    DigitReader,
    FactoryFloor,
    GradientExplorer,
    LearningRateExplorer,
    LossExplorer,
    NeuronExplorer,
    Question,
    TrainingPlayground,
)
from backprop_lib.widgets.explorer import Explorer


def threes() -> Question:
    return Question("2 × 3?", ("6", True, "Two threes."), ("5", False, "That is 2 + 3."))


MAKERS: list[Callable[[], Explorer]] = [
    FactoryFloor.lemonade,
    NeuronExplorer,
    threes,
    DigitReader,
    DigitPad,
    ChainRuleExplorer,
    GradientExplorer.lemonade,
    LearningRateExplorer,
    lambda: LossExplorer.lemonade([[2, 1], [4, 4]], [1, 5]),
    TrainingPlayground,
]
FOCUSABLE = "button, input, select, [tabindex='0']"


@pytest.mark.parametrize(
    ("make", "setting", "nonsense", "words"),
    [
        (FactoryFloor.lemonade, "learning_rate", -1, "positive"),
        (FactoryFloor.lemonade, "position", 99, "from 0 to 6"),
        (NeuronExplorer, "weights", ["x", 1], "Expected"),
        (threes, "chosen", 7, "from 0 to 1"),
        (DigitReader, "epoch", 1000, "from 0 to 20"),
    ],
)
def test_nonsense_is_refused_in_words_and_the_state_kept(
    stand_in: StandIn, make: Callable[[], Explorer], setting: str, nonsense: Any, words: str
) -> None:
    explorer = make()
    shown = stand_in.show(explorer)
    before, picture = getattr(explorer, setting), shown.locator(".bpf-stage").inner_html()
    setattr(explorer, setting, nonsense)
    expect(shown.get_by_role("alert")).to_contain_text(words)
    assert getattr(explorer, setting) == before
    assert shown.locator(".bpf-stage").inner_html() == picture
    explorer.message = ""  # as after the next move that is good
    explorer.show()
    expect(shown.get_by_role("alert")).to_have_count(0)


# One worker


def test_each_knob_of_a_worker_turns_its_own_number(stand_in: StandIn) -> None:
    worker = NeuronExplorer([2, 1], [1, -1], 0)
    explorer = stand_in.show(worker)
    for name, setting, key, value in (
        ("lemons", "inputs", "ArrowRight", [2.1, 1]),
        ("sugar", "inputs", "End", [2.1, 3]),
        ("knob for lemons", "weights", "ArrowLeft", [0.9, -1]),
        ("knob for sugar", "weights", "Home", [0.9, -3]),
        ("pinch", "bias", "ArrowUp", 0.1),
    ):
        slider(explorer, name).press(key)
        stand_in.settled()
        assert getattr(worker, setting) == pytest.approx(value)
        expect(slider(explorer, name)).to_be_focused()
    expect(explorer.get_by_role("status")).to_contain_text("The gate is shut: 0 is shipped.")
    box = slider(explorer, "pinch").bounding_box()
    assert box is not None
    slider(explorer, "pinch").click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    stand_in.settled()
    assert worker.bias == 3


def test_the_gate_of_a_worker_is_chosen_from_a_list(stand_in: StandIn) -> None:
    worker = NeuronExplorer()
    explorer = stand_in.show(worker)
    gate = explorer.get_by_role("combobox", name="gate")
    gate.select_option("sigmoid")
    stand_in.until(lambda: worker.activation == "sigmoid")
    expect(explorer.locator(".bpf-stage").get_by_text("gate: sigmoid")).to_be_visible()
    gate.press("ArrowDown")
    stand_in.until(lambda: worker.activation == "tanh")
    expect(gate).to_be_focused()
    worker.activation = "relu"
    expect(gate).to_have_value("relu")


# Questions


@pytest.fixture
def ana() -> Question:
    return Question(
        "What does Ana <b>ship</b>?",
        ("3 & more", False, "Her knob is −1."),
        ("1", True, "2 − 1 is 1."),
    )


@pytest.fixture
def question(stand_in: StandIn, ana: Question) -> Locator:
    explorer = stand_in.show(ana)
    expect(explorer.get_by_role("radio", checked=True)).to_have_count(0)
    return explorer


def test_words_are_shown_as_words(question: Locator) -> None:
    expect(question.get_by_role("group", name="What does Ana <b>ship</b>?").first).to_be_visible()
    expect(question.get_by_role("radio", name="3 & more")).to_be_visible()
    assert question.locator("b").count() == 0


def test_a_question_by_mouse(ana: Question, question: Locator) -> None:
    question.get_by_role("radio", name="3 & more").check()
    expect(question.get_by_role("status")).to_have_text("Not quite. Her knob is −1.")
    question.get_by_text("1", exact=True).click()
    expect(question.get_by_role("status")).to_have_text("Yes. 2 − 1 is 1.")
    expect(question.get_by_role("radio", name="1")).to_be_checked()
    assert ana.chosen == 1


def test_a_question_by_keys(ana: Question, question: Locator) -> None:
    first, second = question.get_by_role("radio").all()
    first.press("Space")
    expect(question.get_by_role("status")).to_have_text("Not quite. Her knob is −1.")
    first.press("ArrowDown")
    expect(second).to_be_focused()
    expect(question.get_by_role("status")).to_have_text("Yes. 2 − 1 is 1.")
    assert ana.chosen == 1


def test_two_questions_do_not_answer_each_other(
    stand_in: StandIn, ana: Question, question: Locator
) -> None:
    bo = Question("And Bo?", ("2", True, "1 + 1 is 2."), ("0", False, "His gate is open."))
    other = stand_in.show(bo)
    question.get_by_role("radio", name="1").check()
    other.get_by_role("radio", name="0").check()
    expect(other.get_by_role("status")).to_contain_text("Not quite.")
    expect(question.get_by_role("radio", name="1")).to_be_checked()
    assert (ana.chosen, bo.chosen) == (1, 1)


# The digit reader


def test_the_digit_reader_learns_forgets_and_shows_its_mistakes(stand_in: StandIn) -> None:
    reader = DigitReader()
    shown = stand_in.show(reader)
    bar, picture = shown.get_by_role("progressbar", name="Training"), shown.locator(".bpf-stage")
    shown.get_by_role("combobox", name="Speed").select_option("fast")
    button(shown, "Train").click()
    stand_in.runs(90)
    expect(bar).to_have_attribute("value", "20")
    expect(button(shown, "Train")).to_be_focused()
    share = reader.accuracy
    assert share > 0.95
    right = round(359 * share)
    expect(shown.get_by_role("status")).to_contain_text(f"reads {right} rightly")

    answers = picture.locator(".bpf-answer")
    first_page = answers.all_text_contents()
    button(shown, "More digits").press("Enter")
    stand_in.until(lambda: reader.page == 1)
    expect(answers).to_have_count(12)
    expect(answers).not_to_have_text(first_page)

    count = f"({359 - right} mistakes)"
    button(shown, f"Only mistakes {count}").click()
    expect(picture.get_by_text("✗")).to_have_count(min(12, 359 - right))
    expect(picture.get_by_text("✓")).to_have_count(0)
    button(shown, "Show all").press("Space")
    expect(answers).to_have_count(12)

    button(shown, "Forget all").click()
    expect(bar).to_have_attribute("value", "0")
    assert reader.epoch == 0


# The training playground, at rest


def test_data_and_factory_are_chosen_and_the_line_is_copied(stand_in: StandIn) -> None:
    playground = TrainingPlayground("moons", learning_rate=0.1)
    shown = stand_in.show(playground)
    shown.get_by_role("combobox", name="Data").select_option("two rings")
    slider(shown, "Floors").press("ArrowRight")
    expect(shown.locator(".bpf-stage")).to_contain_text("Floor 3")
    slider(shown, "Workers on a floor").fill("6")
    expect(shown.locator(".bpf-stage")).to_contain_text("67 knobs and pinches")
    line = shown.get_by_role("textbox", name="These settings as code")
    expect(line).to_have_value(playground.settings)
    assert "data='rings', floors=3, workers=6" in line.input_value()
    button(shown, "Copy").click()
    expect(button(shown, "Copied")).to_be_visible()
    assert line.evaluate("line => line.value.slice(line.selectionStart, line.selectionEnd)") == (
        line.input_value()
    )
    assert stand_in.wait_long() == 1
    expect(button(shown, "Copy")).to_be_visible()


def test_a_playground_goes_on_by_itself_until_it_is_paused(stand_in: StandIn) -> None:
    playground = TrainingPlayground("moons", learning_rate=0.1)
    told: list[dict[str, Any]] = []
    playground.on_msg(lambda _playground, content, _buffers: told.append(content))
    shown = stand_in.show(playground)
    assert [(word["open"], word["calm"]) for word in told] == [(True, False)]
    big, before = shown.locator("[data-part=big]"), playground.run.lap
    image = big.get_attribute("href") or ""
    button(shown, "Play").click()
    stand_in.until(lambda: playground.run.lap > before)
    stand_in.until(lambda: big.get_attribute("href") != image)
    stand_in.until(lambda: any(word.get("drawn", 0) >= 4 for word in told))
    button(shown, "Pause").click()
    stand_in.settled()
    assert not playground.playing
    stand_in.hide(playground)
    assert told[-1] == {**told[0], "open": False}


# Its keys are its own


@pytest.mark.parametrize("make", MAKERS)
def test_all_that_can_have_the_focus_keeps_its_keys(
    stand_in: StandIn, make: Callable[[], Explorer]
) -> None:
    focusable = stand_in.show(make()).locator(FOCUSABLE)
    kept = focusable.evaluate_all("all => all.map(one => one.dataset.lmSuppressShortcuts)")
    assert len(kept) > 1
    assert set(kept) == {"true"}


@pytest.mark.parametrize("make", MAKERS)
def test_a_narrow_page_keeps_all_within_reach(
    stand_in: StandIn, make: Callable[[], Explorer]
) -> None:
    stand_in.set_width(280)  # about what JupyterLab leaves of 350
    assert stand_in.show(make()).evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_colours_are_those_of_the_readers_machine(
    stand_in: StandIn, make: Callable[[], Explorer], theme: Theme
) -> None:
    stand_in.set_theme(theme)
    shown = stand_in.show(make())
    colour = "element => getComputedStyle(element).getPropertyValue('--bpf-surface')"
    assert shown.evaluate(colour) == {"light": "#ffffff", "dark": "#1d2126"}[theme]
    assert axe(shown) == []
