"""`make notebooks` runs lessons and saves them in one form, or says what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tools import notebooks

VIEW = notebooks.WIDGET_VIEW
# What an explorer shows: a live view, and a picture for those who cannot have it.
SHOWS_A_WIDGET = f"""\
from IPython.display import display
display({{{VIEW!r}: {{"model_id": "1"}}, "text/html": "<b>3</b>", "text/plain": "3"}}, raw=True)
display({{{VIEW!r}: {{"model_id": "2"}}}}, raw=True)"""


def code(source: str, **more: Any) -> dict[str, Any]:
    empty = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return {**empty, "source": source, **more}


def words(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


Saved = Callable[..., Path]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    def save(*cells: dict[str, Any], name: str = "07_lesson.ipynb", **metadata: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(notebook(*cells, **metadata)), encoding="utf-8")
        return path

    return save


def ids(*cells: dict[str, Any]) -> list[str]:
    return [cell["id"] for cell in notebooks.normal(notebook(*cells))["cells"]]


# Running


def test_running_twice_gives_the_same_bytes(saved: Saved, capsys: pytest.CaptureFixture) -> None:
    path = saved(
        words("# Ünïcode × − η"),
        code("print('one')\nprint('two', flush=True)\nprint('three')"),
        code(""),
        code("1 + 1", execution_count=41, metadata={"tags": ["exercise"]}),
        code(SHOWS_A_WIDGET, metadata={"jupyter": {"source_hidden": True}}),
        widgets={"state": {}},
    )
    assert notebooks.main([str(path)]) == 0
    first = path.read_bytes()
    assert notebooks.main([str(path)]) == 0
    assert path.read_bytes() == first
    assert "was saved" in capsys.readouterr().out
    assert notebooks.main(["--check", str(path)]) == 0

    result = json.loads(first)
    nbformat.validate(result)
    prints, empty, sums, shows = result["cells"][1:]
    assert [c["execution_count"] for c in (prints, empty, sums, shows)] == [1, None, 2, 3]
    assert prints["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": ["one\n", "two\n", "three\n"]}
    ]
    assert sums["outputs"][0]["data"] == {"text/plain": ["2"]}
    assert sums["outputs"][0]["execution_count"] == 2
    assert [output["data"] for output in shows["outputs"]] == [
        {"text/html": ["<b>3</b>"], "text/plain": ["3"]}
    ]
    assert sums["metadata"] == {"tags": ["exercise"]}
    assert shows["metadata"] == {"jupyter": {"source_hidden": True}}
    assert set(result["metadata"]) == {"kernelspec", "language_info"}
    assert "version" not in result["metadata"]["language_info"]
    assert "Ünïcode × − η".encode() in first
    assert first.endswith(b"}\n")
    assert not first.endswith(b"\n\n")


def test_each_lesson_starts_from_nothing_in_its_own_folder(saved: Saved) -> None:
    first = saved(
        code("import pathlib\nknob = 1\nprint(pathlib.Path('a.ipynb').exists())"), name="a.ipynb"
    )
    second = saved(code("print('knob' in globals())"), name="b.ipynb")
    assert notebooks.main([str(first), str(second)]) == 0
    assert '"True\\n"' in first.read_text(encoding="utf-8")
    assert '"False\\n"' in second.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import sys\nprint('careful', file=sys.stderr)", "wrote to stderr: 'careful'"),
        ("1 / 0", "stopped with ZeroDivisionError: division by zero"),
        ("import os\nos._exit(1)", "ended the kernel"),
        ("import time\ntime.sleep(60)", "took more than 5 seconds"),
        ("object()", "shows a memory address"),
    ],
)
def test_a_cell_that_goes_wrong_is_named_and_nothing_is_saved(
    saved: Saved,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    sentence: str,
) -> None:
    monkeypatch.setattr(notebooks, "SECONDS_PER_CELL", 5)
    path = saved(words("Hello."), code("1"), code(source, id="odd-one"), code("2"))
    before = path.read_bytes()
    assert notebooks.main([str(path)]) == 1
    said = capsys.readouterr().err
    assert f"07_lesson.ipynb: cell 3 of 4 (id odd-one) {sentence}" in said
    assert path.read_bytes() == before


def test_one_bad_lesson_does_not_keep_the_others_from_running(
    saved: Saved, capsys: pytest.CaptureFixture
) -> None:
    bad, good = saved(code("1 / 0"), name="a.ipynb"), saved(code("1 + 1"), name="b.ipynb")
    assert notebooks.main([str(bad), str(good)]) == 1
    assert "a.ipynb" in capsys.readouterr().err
    assert notebooks.complaints(good) == []


@pytest.mark.parametrize("content", ["<<<<<<< ours", "[]", '{"nbformat": 3, "worksheets": []}'])
def test_a_file_that_is_no_notebook_gets_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture, content: str
) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(content)
    for arguments in ([str(path)], ["--check", str(path)]):
        assert notebooks.main(arguments) == 1
        assert capsys.readouterr().err.startswith("odd.ipynb: this is not")


# Cell ids


def test_valid_ids_are_kept() -> None:
    assert ids(words("a", id="story"), code("b", id="Ana_2")) == ["story", "Ana_2"]


def test_missing_invalid_and_repeated_ids_are_made_from_the_content() -> None:
    made = ids(words("a"), code("b", id="two words"), code("c", id="x"), code("d", id="x"))
    assert made[2] == "x"
    assert len(set(made)) == 4
    nbformat.validate(notebooks.normal(notebook(words("a"), code("b", id="two words"))))
    assert ids(code("new"), words("a"), code("b"))[1:] == made[:2], "a new cell moved their ids"


def test_cells_with_the_same_content_get_different_ids() -> None:
    twins = ids(code("go"), code("go"), words("go"))
    assert len(set(twins)) == 3
    assert twins == ids(code("go"), code("go"), words("go"))


# Checking


def in_order() -> dict[str, Any]:
    """A lesson that was run and saved: a story and two cells of code, the second with outputs."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": "2\n"}]
    return notebooks.normal(
        notebook(
            words("Once upon a time", id="story"),
            code("x = 1", id="one", execution_count=1),
            code("print(x + 1)", id="two", execution_count=2, outputs=outputs),
        )
    )


def check(tmp_path: Path, lesson: dict[str, Any]) -> list[str]:
    path = tmp_path / "lesson.ipynb"
    path.write_bytes(notebooks.text(lesson).encode())
    return notebooks.complaints(path)


def test_a_lesson_in_order_has_no_complaints(tmp_path: Path) -> None:
    assert check(tmp_path, in_order()) == []


def forget_to_run(lesson: dict[str, Any]) -> None:
    lesson["cells"][2].update(execution_count=None, outputs=[])


def run_out_of_order(lesson: dict[str, Any]) -> None:
    lesson["cells"][1]["execution_count"] = 3


def record_times(lesson: dict[str, Any]) -> None:
    lesson["cells"][2]["metadata"]["execution"] = {"iopub.status.idle": "2026-01-01T00:00:00Z"}


def keep_widget_state(lesson: dict[str, Any]) -> None:
    lesson["metadata"]["widgets"] = {}


def name_the_python(lesson: dict[str, Any]) -> None:
    lesson["metadata"]["language_info"]["version"] = "3.11.7"


def keep_a_live_view(lesson: dict[str, Any]) -> None:
    lesson["cells"][2]["outputs"] = [
        {
            "output_type": "display_data",
            "data": {VIEW: {"model_id": "1"}, "text/plain": "3"},
            "metadata": {},
        }
    ]


def warn(lesson: dict[str, Any]) -> None:
    lesson["cells"][2]["outputs"][0]["name"] = "stderr"


@pytest.mark.parametrize(
    ("spoil", "phrase"),
    [
        (forget_to_run, "1 of its 2 code cells were not run"),
        (run_out_of_order, "its code cells were not run in order"),
        (record_times, "its metadata tell"),
        (keep_widget_state, "its metadata tell"),
        (name_the_python, "its metadata tell"),
        (keep_a_live_view, "a view of a live widget"),
        (warn, "cell 3 of 3 (id two) wrote to stderr"),
    ],
)
def test_the_check_says_what_is_wrong(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], phrase: str
) -> None:
    lesson = in_order()
    spoil(lesson)
    phrases = check(tmp_path, lesson)
    assert len(phrases) == 1, phrases
    assert phrase in phrases[0]


def test_a_repeated_id_is_found(tmp_path: Path) -> None:
    path = tmp_path / "lesson.ipynb"
    path.write_text(notebooks.text(in_order()).replace('"id": "two"', '"id": "one"'))
    assert notebooks.complaints(path) == ["cell ids are missing, invalid or there twice"]


def test_another_layout_of_the_same_content_is_found(tmp_path: Path) -> None:
    path = tmp_path / "lesson.ipynb"
    path.write_bytes(notebooks.text(in_order()).encode().rstrip(b"\n"))
    assert notebooks.complaints(path) == ["its text is laid out in another way"]


def test_checking_runs_and_writes_nothing(
    saved: Saved, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(notebooks, "NotebookClient")
    path = saved(code("1 + 1"))
    before = path.read_bytes()
    assert notebooks.main(["--check", str(path)]) == 1
    assert path.read_bytes() == before
    said = capsys.readouterr().err
    assert said.startswith("07_lesson.ipynb: ")
    assert "make notebooks" in said


def test_the_lessons_of_this_repository_are_in_order() -> None:
    found = {path.name: notebooks.complaints(path) for path in notebooks.LESSONS.glob("*.ipynb")}
    assert found
    assert {name: phrases for name, phrases in found.items() if phrases} == {}
