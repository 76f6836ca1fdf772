"""Every notebook keeps the pattern of a lesson, and its words, sums and exercises can be trusted.

Whatever lies in `notebooks/` is tested. The helpers are in `lessons.py` and the
`lesson_*.py` beside it, the numbers of the engine in `engine_numbers.py`, the answers that learners
give by mistake in `wrong_answers.py`; both are tested here with planted lessons too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import engine_numbers
import lesson_exercises
import lesson_numbers
import lesson_pattern
import lessons
import pytest
from lesson_exercises import GARBAGE, WrongAnswers, garbage_complaints, with_garbage
from lessons import Cell, Lesson, Run, Shown
from wrong_answers import WRONG_ANSWERS

from tools import reading

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
SHELF = [path.stem for path in PATHS]
HARDEST_GRADE = 6

# Numbers in prose that no engine gives, each with its reason. Few, and none that is not needed.
OTHER_NUMBERS: dict[str, dict[str, str]] = {
    "01_forward": {"−3": "there the learner pulls Ana's knob for sugar, to see her gate shut"},
    "05_update": {"−5": "the gradient of a made-up knob, for a gradient below zero"},
}
MOST_OTHER_NUMBERS = 8


class Runs(NamedTuple):
    """A lesson's runs, and what came of the answers that were tried in its exercises."""

    once: Run  # untouched
    twice: Run  # untouched, each cell run twice
    solved: Run  # with all solutions, each cell run twice
    wrong: dict[str, list[Shown]]
    garbage: dict[str, list[Shown]]


def run(lesson: Lesson, wrong_answers: Mapping[tuple[str, str], WrongAnswers]) -> Runs:
    wrong = {
        cell.id: [
            lesson_exercises.with_answer(cell.source, answer)
            for answer, _words in wrong_answers.get((lesson.name, cell.id), ())
        ]
        for cell in lesson.exercises
    }
    garbage = {
        cell.id: [with_garbage(cell.source, garbage) for garbage in GARBAGE]
        for cell in lesson.exercises
    }
    once = lessons.run(lesson, variants={name: wrong[name] + garbage[name] for name in wrong})
    return Runs(
        once=once,
        twice=lessons.run(lesson, times=2),
        solved=lessons.run(lesson, lesson_exercises.solutions(lesson)[0], times=2),
        wrong={name: once.variants.get(name, [])[: len(wrong[name])] for name in wrong},
        garbage={name: once.variants.get(name, [])[len(wrong[name]) :] for name in garbage},
    )


@pytest.fixture(scope="module", params=PATHS, ids=SHELF)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return lessons.read(request.param)


@pytest.fixture(scope="module")
def runs(lesson: Lesson) -> Runs:
    return run(lesson, WRONG_ANSWERS)


def refuse(complaints: Iterable[str]) -> None:
    """Fail with the complaints, a line each."""
    if lines := list(complaints):
        pytest.fail("\n".join(lines), pytrace=False)


def test_there_are_lessons_and_they_are_numbered_in_order() -> None:
    assert SHELF[:2] == ["00_welcome", "01_forward"]
    assert [name[:3] for name in SHELF] == [f"{place:02}_" for place in range(len(SHELF))]


# ---- running and exercises --------------------------------------------------------------------


def test_runs_untouched_and_every_check_says_not_tried_yet(lesson: Lesson, runs: Runs) -> None:
    refuse(lessons.untouched_complaints(lesson, runs.once))


def test_running_each_cell_twice_changes_nothing(runs: Runs) -> None:
    refuse(lessons.twice_complaints(runs.once, runs.twice))


def test_running_each_cell_of_the_solved_lesson_twice_changes_nothing(runs: Runs) -> None:
    refuse(lessons.twice_complaints(runs.solved, runs.solved))


def test_every_solution_is_right_and_the_cells_after_it_run(lesson: Lesson, runs: Runs) -> None:
    solved, complaints = lesson_exercises.solutions(lesson)
    refuse(complaints + lesson_exercises.solved_complaints(runs.solved, solved))


def test_every_solution_is_right_without_the_others(lesson: Lesson) -> None:
    refuse(alone_complaints(lesson))


def alone_complaints(lesson: Lesson) -> list[str]:
    """Only the solutions on which later cells build are run alone; the others change nothing."""
    solved, found = lesson_exercises.solutions(lesson)[0], []
    for cell in lesson.exercises:
        if cell.id in solved and lesson_exercises.felt_later(lesson, cell):
            ran = lessons.run(lesson, {cell.id: solved[cell.id]})
            found += lesson_exercises.solved_complaints(ran, [cell.id])
    return found


def test_wrong_answers_are_told_apart_by_their_hints(lesson: Lesson, runs: Runs) -> None:
    refuse(wrong_answer_complaints(lesson, runs, WRONG_ANSWERS))


def wrong_answer_complaints(
    lesson: Lesson, runs: Runs, wrong_answers: Mapping[tuple[str, str], WrongAnswers]
) -> list[str]:
    return [
        complaint
        for cell in lesson.exercises
        for complaint in lesson_exercises.wrong_answer_complaints(
            cell, wrong_answers.get((lesson.name, cell.id), ()), runs.wrong[cell.id]
        )
    ]


def test_no_check_raises_or_says_right_to_nonsense(lesson: Lesson, runs: Runs) -> None:
    refuse(
        complaint
        for cell in lesson.exercises
        for complaint in garbage_complaints(cell, runs.garbage[cell.id])
    )


def test_every_wrong_answer_belongs_to_an_exercise() -> None:
    there = {(path.stem, cell.id) for path in PATHS for cell in lessons.read(path).exercises}
    assert set(WRONG_ANSWERS) - there == set()


# ---- words and numbers ------------------------------------------------------------------------


def test_keeps_the_pattern_of_a_lesson(lesson: Lesson, runs: Runs) -> None:
    whole = lesson_pattern.glossary(lessons.read(PATHS[0]))
    refuse(lesson_pattern.structure_complaints(lesson, SHELF, whole, runs.once))


def test_every_number_in_prose_comes_from_the_engine_or_an_output(
    lesson: Lesson, runs: Runs
) -> None:
    other = OTHER_NUMBERS.get(lesson.name, {})
    refuse(engine_numbers.number_complaints(lesson, [runs.once, runs.solved], other))


def test_few_other_numbers_are_allowed_and_each_has_a_reason() -> None:
    assert set(OTHER_NUMBERS) - set(SHELF) == set()
    for name, other in OTHER_NUMBERS.items():
        assert len(other) <= MOST_OTHER_NUMBERS, name
        assert all(len(reason.split()) >= 3 for reason in other.values()), name


def test_the_story_is_easy_to_read(lesson: Lesson) -> None:
    # `pytest -rP -k easy_to_read` shows the figures; so does `python tools/reading.py`.
    told = reading.story(cell.source for cell in lesson.markdown)
    hardest = reading.hardest(told)[0]
    print(f"{lesson.name}: Flesch-Kincaid grade {reading.grade(told):.1f}")
    print(f"Its hardest paragraph, {reading.grade([hardest]):.1f}: {hardest}")
    assert reading.grade(told) <= HARDEST_GRADE


# ---- these tests can fail ---------------------------------------------------------------------


def text(name: str, source: str) -> Cell:
    return Cell(name, "markdown", source)


def code(name: str, source: str, *tags: str) -> Cell:
    return Cell(name, "code", source, tags, hidden="question" in tags)


def folded(name: str, source: str) -> Cell:
    return text(
        f"{name}-solution",
        f"<details>\n<summary>Show the solution</summary>\n\n```python\n{source}\n```\n</details>",
    )


ASKS = "Question('{}?', ('{}', True, 'Yes.'), ('{}', False, 'No.'))"

# A lesson without a fault, as short as can be.
SOUND = Lesson(
    "07_sound",
    NOTEBOOKS,
    (
        text(
            "title",
            "# 7. A sound lesson\n\n**After this lesson you can** see a fault.\n\n"
            "**Time:** about 5 minutes. **You need:** [00 Welcome](00_welcome.ipynb).",
        ),
        code(
            "tools",
            "from backprop_lib import Question\nfrom backprop_lib.checks import check_number\n"
            "crates = [22, 3]",
        ),
        text("story", "The loss was 4. Now it is 0.5911. Look, 2 × 3 + 1 = 7. You see 22 crates."),
        code(
            "guess-sum", "Question('2 + 3?', ('5', True, 'Yes.'), ('6', False, 'No.'))", "question"
        ),
        code(
            "guess-more", "Question('2 × 3?', ('6', True, 'Yes.'), ('5', False, 'No.'))", "question"
        ),
        code("show", "crates"),
        code("sum", "five = ...\n\ncheck_number(five, 2 + 3)", "exercise"),
        folded("sum", "five = 5\n\ncheck_number(five, 2 + 3)"),
        code("product", "six = ...\n\ncheck_number(six, 2 * 3)", "exercise"),
        folded("product", "six = 2 * 3\n\ncheck_number(six, 2 * 3)"),
        code("build-on-it", "len(crates) + (0 if six is ... else six)"),
        text(
            "recap",
            "## What you know now\n\n- A sum is a sum.\n\n"
            "| in the factory | in mathematics | in code |\n|---|---|---|\n"
            "| knob | weight *w* | `weights` |",
        ),
    ),
)
SOUND_ANSWERS: dict[tuple[str, str], WrongAnswers] = {
    ("07_sound", "sum"): [("five = 4", "larger"), ("five = -5", "sign")],
    ("07_sound", "product"): [("six = 5", "larger"), ("six = 7", "smaller")],
}
WHOLE = [("knob, dial", "weight *w*", "`weights`"), ("pinch", "bias *b*", "`biases`")]


def all_complaints(
    lesson: Lesson,
    wrong_answers: Mapping[tuple[str, str], WrongAnswers] = SOUND_ANSWERS,
    other: Mapping[str, str] | None = None,
) -> list[str]:
    ran = run(lesson, wrong_answers)
    solved, complaints = lesson_exercises.solutions(lesson)
    return [
        *lessons.untouched_complaints(lesson, ran.once),
        *lessons.twice_complaints(ran.once, ran.twice),
        *complaints,
        *lesson_exercises.solved_complaints(ran.solved, solved),
        *alone_complaints(lesson),
        *wrong_answer_complaints(lesson, ran, wrong_answers),
        *(c for e in lesson.exercises for c in garbage_complaints(e, ran.garbage[e.id])),
        *lesson_pattern.structure_complaints(lesson, ["00_welcome", "07_sound"], WHOLE, ran.once),
        *engine_numbers.number_complaints(lesson, [ran.once, ran.solved], other or {}),
    ]


def spoilt(name: str, old: str, new: str) -> Lesson:
    """The sound lesson with other words in one cell."""
    (cell,) = (cell for cell in SOUND.cells if cell.id == name)
    assert old in cell.source
    return exchanged(name, replace(cell, source=cell.source.replace(old, new)))


def exchanged(name: str, *instead: Cell) -> Lesson:
    """The sound lesson with other cells in place of one."""
    cells = [(cell,) if cell.id != name else instead for cell in SOUND.cells]
    return replace(SOUND, cells=tuple(cell for some in cells for cell in some))


def test_there_is_no_complaint_about_a_sound_lesson() -> None:
    assert all_complaints(SOUND) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        # running
        ("show", "crates", "crate", "show stopped with NameError"),
        ("show", "crates", "crates +", "show stopped with SyntaxError"),
        ("show", "crates", "import sys\nprint('oh', file=sys.stderr)", "show wrote to stderr"),
        ("show", "crates", "import warnings\nwarnings.warn('oh')", "show gave a warning: oh"),
        ("show", "crates", "import numpy\nnumpy.array([1]) / 0", "show gave a warning: divide"),
        # twice
        ("show", "crates", "crates.append(1)\ncrates", "show shows something else when it is run"),
        ("show", "crates", "crates.pop()\n0", "build-on-it shows something else when the cells"),
        ("show", "crates", "import random\nprint(random.random())", "show shows something else"),
        ("show", "crates", "object()", "show shows something else when it is run twice"),
        # exercises and solutions
        ("sum", "check_number(five, 2 + 3)", "five", "sum does not end in a check"),
        ("sum", "five = ...", "five = 5", "sum is untouched, and its check says: ✓ Right."),
        ("sum", "five = ...", "five = 4", "sum is untouched, and its check says: ✗ Not yet."),
        ("sum", "five = ...", "five = 4", "sum has no gap"),
        ("sum-solution", "five = 5", "five = 6", "sum-solution is not right: ✗ Not yet."),
        ("sum-solution", "five = 5", "five = six", "sum stopped with NameError"),
        ("sum-solution", "five = 5", "five = ...", "sum-solution still has a gap"),
        ("sum-solution", "five = 5", "five of them", "sum-solution is no Python"),
        ("sum-solution", "2 + 3", "5", "does not keep the line: check_number(five, 2 + 3)"),
        ("sum-solution", "```python", "```", "sum-solution has 0 blocks of Python"),
        ("sum-solution", "Show the", "The", "sum-solution is not folded into <details>"),
        (
            "build-on-it",
            "else six",
            "else 1 / (6 - six)",
            "build-on-it stopped with ZeroDivisionError",
        ),
        (
            "build-on-it",
            "0 if six is ...",
            "0 if five is ...",
            "build-on-it stopped with TypeError",
        ),
        # pattern
        ("show", "crates", "crates" + "\n" * 10 + "crates", "show has 11 lines of code"),
        ("show", "crates", "'/home/ada/lemons.csv'", "show holds a path of one machine"),
        ("title", "# 7.", "## 7.", "it has 0 titles"),
        ("story", "The loss", "# The loss", "it has 2 titles"),
        ("title", "After this lesson", "Soon", "does not say: After this lesson you can"),
        ("title", "You need", "Bring", "does not say: You need"),
        ("title", "5 minutes", "an hour", "does not say how many minutes"),
        ("title", "5 minutes", "90 minutes", "it takes 90 minutes"),
        ("title", "(00_welcome.ipynb)", "(README.md)", "leads nowhere: README.md"),
        ("title", "(00_welcome.ipynb)", "(#some-where)", "a heading that is not there"),
        ("title", "[00 Welcome](00_welcome.ipynb)", "00 Welcome", "no link to 00_welcome.ipynb"),
        ("story", "Look,", "<b>Look</b>,", "story has raw HTML: <b>"),
        ("story", "Look,", "<details>Look,", "story does not close each <details>"),
        ("story", "Look,", "![](look.png)", "story has a picture without a text"),
        ("story", " Look,", "\nLook,", "story: a page joins these lines into one"),
        ("recap", "## What", "## All that", "it has no heading '## What you know now'"),
        ("recap", "in code |", "in Python |", "its recap has no glossary"),
        ("recap", "| knob", "| handle", "its glossary has 'handle', which the whole"),
        ("recap", "weight *w*", "width", "its glossary calls 'knob' width, the whole glossary"),
        ("guess-sum", "'Yes.'", "''", "guess-sum does not give each answer a reason"),
        ("guess-sum", "'Yes.'", "'No.'", "guess-sum does not give each answer a reason"),
        ("guess-sum", "'6'", "'5'", "guess-sum has an answer that is empty or there twice"),
        ("guess-sum", "2 + 3?", "2 + 3? " * 30, "guess-sum asks in 210 characters"),
        ("guess-sum", "Question", "(lambda *a: a)", "tagged 'question' if it ends in a Question"),
        # numbers
        ("story", "0.5911", "0.5912", "story: neither engine nor output gives 0.5912"),
        ("story", "0.5911", "−0.5911", "story: neither engine nor output gives −0.5911"),
        ("story", "22", "1,022", "story: neither engine nor output gives 1,022"),
        ("story", "= 7", "= 8", "story: this does not add up: 2 × 3 + 1 = 8"),
        ("guess-sum", "'Yes.'", "'2 + 3 = 6'", "guess-sum: this does not add up: 2 + 3 = 6"),
        (
            "show",
            "crates",
            "print('The loss is 0.59111.')",
            "show: neither engine nor output gives",
        ),
    ],
)
def test_a_fault_is_found(name: str, old: str, new: str, complaint: str) -> None:
    found = all_complaints(spoilt(name, old, new))
    assert any(complaint in one for one in found), found


STDERR = {"output_type": "stream", "name": "stderr", "text": "oh"}
PLAIN_PICTURE = {"output_type": "display_data", "data": {"image/png": "iVBOR"}, "metadata": {}}
NAMELESS = {"output_type": "display_data", "data": {"text/html": ["<img src='a'>"]}}
TOLD_PATH = {"output_type": "stream", "name": "stdout", "text": ["/home/ada/lemons.csv"]}


@pytest.mark.parametrize(
    ("faulty", "complaint"),
    [
        (exchanged("sum-solution"), "sum is not followed by a text cell sum-solution"),
        (exchanged("sum", code("sum", "2 + 3")), "it has 1 exercises"),
        (exchanged("guess-sum"), "it has 1 questions"),
        (exchanged("show", *[code("show", "1")] * 30), "it has 41 cells"),
        (exchanged("show", code("e3b0c442", "crates")), "e3b0c442 is no speaking id"),
        (
            exchanged("guess-sum", Cell("guess", "code", SOUND.cells[3].source, ("question",))),
            "guess shows its source",
        ),
        (exchanged("guess-sum", replace(SOUND.cells[3], tags=())), "tagged 'question' if"),
        (exchanged("show", replace(SOUND.cells[5], outputs=[STDERR])), "saved with an error"),
        (exchanged("show", replace(SOUND.cells[5], outputs=[PLAIN_PICTURE])), "shows a picture"),
        (exchanged("show", replace(SOUND.cells[5], outputs=[NAMELESS])), "shows a picture"),
        (exchanged("show", replace(SOUND.cells[5], outputs=[TOLD_PATH])), "a path of one machine"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_in_its_cells_is_found(faulty: Lesson, complaint: str) -> None:
    found = all_complaints(faulty)
    assert any(complaint in one for one in found), found


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ([], "sum has 0 wrong answers"),
        ([("five = 4", "larger")], "sum has 1 wrong answers"),
        ([("five = 4", "larger"), ("five = 5", "larger")], "is wrong, and its check says: ✓ Right"),
        ([("five = 4", "larger"), ("five = ...", "larger")], "its check says: … Not tried yet"),
        (
            [("five = 4", "larger"), ("five = 3", "sign")],
            "should hear 'sign', and hears: ✗",
        ),
        ([("five = 4", "larger"), ("five = 3", "It should")], "get the same hint: It should be"),
        ([("five = 4", "larger"), ("five = 1 / 0", "")], "stopped with ZeroDivisionError"),
    ],
)
def test_a_fault_in_the_wrong_answers_is_found(answers: WrongAnswers, complaint: str) -> None:
    found = all_complaints(SOUND, {**SOUND_ANSWERS, ("07_sound", "sum"): answers})
    assert any(complaint in one for one in found), found


@pytest.mark.parametrize(
    ("check", "complaint"),
    [
        ("float(five)", "sum with 'three' stopped with ValueError"),
        (
            "CheckResult(five is not Ellipsis, 'Yes', tried=five is not Ellipsis)",
            "sum with None gets: ✓ Right",
        ),
        ("five", "sum with None does not end in a check"),
    ],
)
def test_a_check_that_nonsense_takes_in_is_found(check: str, complaint: str) -> None:
    source = f"from backprop_lib.checks import CheckResult\nfive = ...\n{check}"
    found = all_complaints(exchanged("sum", code("sum", source, "exercise")))
    assert any(complaint in one for one in found), found


def test_an_allowed_number_passes_and_one_that_is_not_there_is_found() -> None:
    odd = spoilt("story", "22 crates", "4711 crates")
    assert all_complaints(odd) == ["story: neither engine nor output gives 4711"]
    assert all_complaints(odd, other={"4711": "so many there are"}) == []
    assert all_complaints(SOUND, other={"4711": "so many there are"}) == [
        "4711 is allowed, and is not there"
    ]


def test_a_figure_is_seen_an_await_is_waited_for_and_display_shows() -> None:
    source = (
        "import asyncio\nimport matplotlib.pyplot as plt\nimport random\n"
        "from IPython.display import display\nfigure, ax = plt.subplots(figsize=(1, 1))\n"
        "ax.plot([0, {height}])\ndisplay(7)\nawait asyncio.sleep(0, result=8)"
    )
    drawn = exchanged("show", code("show", source.format(height=1)))
    assert all_complaints(drawn) == []
    shown = lessons.run(drawn).last("show")
    assert shown.value == 8
    assert [sorted(bundle) for bundle in shown.bundles] == [["text/plain"]] * 2 + [["image"]]
    wobbly = exchanged("show", code("show", source.format(height="random.random()")))
    assert "show shows something else when it is run twice" in all_complaints(wobbly)


def test_an_answer_takes_the_place_of_all_gaps_and_of_nothing_else() -> None:
    source = "knobs = [..., ...]  # two\npinch = ...\n\nx = 1\ncheck(knobs, pinch, x)"
    assert lesson_exercises.with_answer(source, "knobs = [1, 2]\npinch = 3") == (
        "knobs = [1, 2]\npinch = 3\nx = 1\ncheck(knobs, pinch, x)"
    )
    assert with_garbage(source, "'π'") == (
        "knobs = ['π', 'π']\npinch = 'π'\nx = 1\ncheck(knobs, pinch, x)"
    )


# ---- numbers and sums -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "within", "small_talk"),
    [
        ("20", 20, 0, True),
        ("21", 21, 0, False),
        ("−1", -1, 0, False),
        ("(−1)", -1, 0, False),
        ("3 − 1", 3, 0, True),
        ("-0.16", -0.16, 0, False),
        ("0.0010", 0.001, 0.00005, False),
        ("about 0.6", 0.6, 0.05, False),
        ("1,438 digits", 1438, 0, False),
        ("1438x1", None, 0, False),
        ("35 minutes", 35, 0, True),
        ("in 1986", 1986, 0, True),
        ("100 %", 100, 0, True),
        ("97.2 %", 97.2, 0.05, False),
        ("about 97 %", 97, 0.5, False),
        ("1.2 × 10⁻⁷", 1.2e-7, 0.05e-7, False),
        ("0.5911.", 0.5911, 0.00005, False),
        ("x_1 or w2", None, 0, False),
    ],
)
def test_a_number_is_read_as_it_is_written(
    written: str, value: float | None, within: float, small_talk: bool
) -> None:
    found = [
        number for number in lesson_numbers.numbers(written) if number.written != "1" or value == 1
    ]
    if value is None:
        assert found == []
        return
    assert found[0].value == pytest.approx(value, rel=1e-12)
    assert found[0].within == pytest.approx(within)
    assert found[0].small_talk == small_talk


@pytest.mark.parametrize(
    "text",
    [
        "2 × 3 + 1 = 7",
        "Ana: 1 × 1 + 3 × (−1) = **−2**. Her gate is shut.",
        "(3 − 1)² = 4, and so on",
        "1 ÷ 3 ≈ 0.33",
        "10 − 0.01 × 8 = 9.92 = 9.92",
        "| 2 · 2 = 4 | 5 = 4 + 1 |",
    ],
)
def test_a_sum_that_adds_up_is_found_right(text: str) -> None:
    right, wrong = lesson_numbers.sums(text)
    assert right
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    ["2 × 3 = 7", "2 = 2 × 2", "1 ÷ 3 ≈ 0.34", "2 + 2 = 4 = 5", "Ana: 2 × (−1) = **2**"],
)
def test_a_sum_that_does_not_add_up_is_found_wrong(text: str) -> None:
    assert len(lesson_numbers.sums(text)[1]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "w − 0.01 × 8 = 0.92",
        "2 lemons × 3 = 6 lemons",
        "max(0, 1 − 3) = 0",
        "f(2) = 3",
        "1 / 4 = 25 %",
        "z = 3",
        "x = 2 · w",
        "$2 + 2 = 5$",
        "`2 + 2 = 5`",
        "no sum at all",
    ],
)
def test_what_is_more_than_a_sum_is_left_alone(text: str) -> None:
    assert lesson_numbers.sums(text) == ([], [])


def test_the_engine_gives_the_numbers_of_the_rates_that_a_lesson_names() -> None:
    here = list(engine_numbers.lemonade_numbers(SOUND))
    named = list(engine_numbers.lemonade_numbers(spoilt("story", "Look", "At 0.05, look")))
    for value in (-1.08, 1.7688, -0.04, 0.1068, -6):
        assert any(abs(value - one) < 5e-5 for one in here), value
    assert not any(abs(1.124 - one) < 5e-4 for one in here)
    assert any(abs(1.124 - one) < 5e-4 for one in named)


# ---- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "a knob gate note makes turned shipped through loss Bo eyes 7"),
        (2, "worker layer little loses taster order backward being notebook science worker's"),
        (3, "factory lemonade deliver gradient sensitive idea however everything"),
        (4, "derivative activation mathematics delivery"),
    ],
)
def test_syllables_are_counted(count: int, words: str) -> None:
    counted = {word: reading.syllables(word) for word in words.split()}
    assert set(counted.values()) == {count}, counted


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    # 2 sentences, 10 words, 14 syllables: A-na, lit-tle and lem-on-ade have more than one.
    told = ["Ana turns her knobs a little. Then the lemonade flows."]
    assert reading.grade(told) == pytest.approx(0.39 * 10 / 2 + 11.8 * 14 / 10 - 15.59)


def test_a_hard_sentence_raises_the_grade() -> None:
    hard = (
        "Backpropagation systematically differentiates the composite transformation with respect "
        "to every individual parameter, thereby facilitating optimization."
    )
    assert reading.grade([hard]) > 12
    assert reading.hardest(["It is 3.", hard, "Look!"])[0] == hard


def test_the_story_is_what_stands_outside_of_headings_tables_code_formulas_and_folds() -> None:
    page = (
        "# A title\n\n**One** [two](three.ipynb) `four`.\n\n- five\n- six\n\n"
        "| seven | 8 |\n|---|---|\n"
        "```python\nnine\n```\n$$ten$$\n\n<details>\n<summary>eleven</summary>\n\ntwelve\n\n"
        "thirteen</details>\n---\nfourteen"
    )
    assert reading.story([page]) == ["One two it .", "five", "six", "fourteen"]


def test_the_reading_tool_prints_each_lesson_and_its_hardest_paragraphs(
    capsys: pytest.CaptureFixture,
) -> None:
    assert reading.main([]) == 0
    said = capsys.readouterr().out
    for path in PATHS:
        assert f"{path.name}: grade " in said
    assert len(said.splitlines()) <= len(PATHS) * (1 + reading.HARDEST)
