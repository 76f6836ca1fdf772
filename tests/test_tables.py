"""A table of one's own is read, and every slip in it is told: which row, which column, and what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop_lib.datasets import Dataset
from backprop_lib.tables import read_table

GOOD = "length (cm),width (cm),oak\n9,5,1\n7,6.5,0\n"


def written(folder: Path, text: str | bytes, name: str = "leaves.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, targets: Any = "oak") -> Dataset:
    return read_table(written(folder, text), targets)


def test_a_table_becomes_a_data_set_with_names_and_units(tmp_path: Path) -> None:
    leaves = read(tmp_path, GOOD)
    assert leaves.name == "leaves"
    assert leaves.inputs.tolist() == [[9, 5], [7, 6.5]]
    assert leaves.targets.tolist() == [[1], [0]]
    assert (leaves.input_names, leaves.target_names) == (("length", "width"), ("oak",))
    assert leaves.input_units == ("cm", "cm")
    assert leaves.source == "Read from the file leaves.csv."
    assert not leaves.inputs.flags.writeable
    assert len(leaves.split(every=2).test) == 1


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),  # with the mark that a spreadsheet sets
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.rstrip("\n"),
        GOOD.replace(",", " ,  "),
        "\n\n" + GOOD.replace("\n", "\n\n , ,\n"),  # blank rows
        GOOD.replace("9,5,1", '"9","5","1"').replace("oak", '"oak"'),
        GOOD.replace("9,5,1", "9.0,+5,1e0"),
    ],
)
def test_other_ways_to_write_the_same_table(text: str | bytes, tmp_path: Path) -> None:
    leaves, plain = read(tmp_path, text), read(tmp_path, GOOD)
    assert (leaves.inputs == plain.inputs).all()
    assert (leaves.targets == plain.targets).all()
    assert leaves.input_names == plain.input_names
    assert leaves.input_units == plain.input_units


def test_targets_may_be_several_and_stand_anywhere(tmp_path: Path) -> None:
    text = 'red,"taste, all in all (points)",blue\n1,2,3\n4,5,6\n'
    table = read(tmp_path, text, ["blue", "red"])
    assert table.targets.tolist() == [[3, 1], [6, 4]]
    assert table.target_names == ("blue", "red")
    assert table.input_names == ("taste, all in all",)
    assert table.input_units == ("points",)
    assert read(tmp_path, text, "blue").input_units == ("", "points")
    assert read(tmp_path, "a,b\n1,2\n", "b").input_units == ()


REFUSED: list[tuple[str | bytes, str]] = [
    (GOOD.replace("6.5", "wide"), "a number in row 3, column 'width', but 'wide' came; write it"),
    (GOOD.replace("6.5", ""), "row 3, column 'width', but an empty cell came; fill it"),
    (GOOD.replace("6.5", '"6,5"'), "but '6,5' came; write a point and no comma: 6.5."),
    (GOOD.replace("6.5", "6,5"), "Expected 3 cells in row 3, one for each name, but 4 came: "),
    (GOOD.replace("7,6.5,0", "7,6.5"), "Expected 3 cells in row 3, one for each name, but 2 came"),
    (GOOD.replace("9,5,1", "9,5,1,"), "Expected 3 cells in row 2, one for each name, but 4 came"),
    (GOOD.replace("9,5", "nan,5"), "row 2, column 'length', but 'nan' came"),
    (GOOD.replace("9,5", "9,-inf"), "row 2, column 'width', but '-inf' came"),
    (GOOD.replace("9,5", "1e999,5"), "row 2, column 'length', but '1e999' came"),
    (GOOD.replace("9,5", "1_000,5"), "row 2, column 'length', but '1_000' came"),
    (GOOD.replace("9,5", "9 cm,5"), "row 2, column 'length', but '9 cm' came"),
    ("\n\n" + GOOD.replace("6.5", "wide"), "row 5, column 'width'"),
    ("9,5,1\n7,6.5,0\n", "a name for each column in the first row, but numbers came: '9, 5, 1'"),
    ("length,,oak\n9,5,1\n", "a name for column 2, but its first cell is empty."),
    ("length,length (cm),oak\n9,5,1\n", "a name of its own for each column, but two are called"),
    ("length;width;oak\n9;5;1\n", "commas between the columns, but row 1 has semicolons instead"),
    ("length\twidth\toak\n9\t5\t1\n", "commas between the columns, but row 1 has tabs instead"),
    ("length,width,oak\n9;5;1\n", "Expected 3 cells in row 2, one for each name, but 1 came"),
    ("length,width,oak\n", "at least one row of numbers under the names, but 'leaves.csv' has"),
    ("", "a row of names and rows of numbers, but 'leaves.csv' is empty."),
    ("\n , \n\n", "'leaves.csv' is empty."),
    ('length,width,oak\n9,"5,1\n7,6.5,0\n', "a quote or a cell there has no end"),
    ("oak\n1\n", "Expected a column that is not a target"),
    (GOOD.encode("utf-16"), "but 'leaves.csv' is none, or is not in UTF-8; save the table again"),
    ("Länge,oak\n1,1\n".encode("latin-1"), "is not in UTF-8"),
    (b"PK\x03\x04\xff\xfe\x00", "is not in UTF-8"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_slip_is_told_in_a_sentence(text: str | bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError) as told:
        read(tmp_path, text)
    assert words in str(told.value)
    assert len(str(told.value)) < 260
    assert "\n" not in str(told.value)
    assert str(tmp_path) not in str(told.value)


@pytest.mark.parametrize(
    ("targets", "kind", "words"),
    [
        ("elm", ValueError, "but 'elm' came; there are length, width, oak."),
        (["oak", "oak"], ValueError, "each once, but 'oak' came"),
        (["oak", 3], ValueError, "but 3 came"),
        ([], TypeError, "the name of a column to foretell, but [] came; try 'oak'."),
        (None, TypeError, "but None came; try 'oak'."),
    ],
)
def test_targets_are_looked_at(
    targets: Any, kind: type[Exception], words: str, tmp_path: Path
) -> None:
    with pytest.raises(kind) as told:
        read(tmp_path, GOOD, targets)
    assert words in str(told.value)


def test_a_file_has_to_be_there_and_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match=r"a file called 'lost.csv', but there is none"):
        read_table(tmp_path / "lost.csv", "oak")
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path, "oak")
    with pytest.raises(TypeError, match="Expected the name of a file, but 3 came"):
        read_table(3, "oak")  # type: ignore[arg-type]
    monkeypatch.setattr("backprop_lib.tables.LARGEST", 10)
    with pytest.raises(ValueError, match="Expected a small table"):
        read(tmp_path, GOOD)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=6))
def test_numbers_come_back_to_the_last_digit(rows: list[tuple[float, ...]], tmp_path: Path) -> None:
    text = "a,b,oak\n" + "\n".join(",".join(map(repr, row)) for row in rows)
    table = read(tmp_path, text)
    assert np.column_stack([table.inputs, table.targets]).tolist() == [list(row) for row in rows]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.one_of(st.binary(max_size=60), st.text("a1,;.\"'\n\r\t -0(", max_size=60)))
def test_any_text_is_read_or_refused_in_a_sentence(text: str | bytes, tmp_path: Path) -> None:
    for content in (text, "a,oak\n" + text if isinstance(text, str) else b"a,oak\n" + text):
        try:
            told = ""
            assert np.isfinite(read(tmp_path, content).inputs).all()
        except ValueError as error:
            told = str(error)
        assert not told or told.startswith("Expected")
