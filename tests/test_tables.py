"""A table of one's own is read rightly, and every slip in it is told: row, column, and advice."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_tables import MadeUp, made_up_tables
from thorough import THOROUGH

import backprop_lib as bp
from backprop_lib.datasets import Dataset
from backprop_lib.datasets.files import load_network, save_network
from backprop_lib.datasets.tables import cells, read_table
from backprop_lib.widgets import FactoryFloor, TrainingPlayground

GOOD = "length (cm),width (cm),oak\n9,5,1\n7,6.5,0\n"


def written(folder: Path, text: str | bytes, name: str = "leaves.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, targets: Any = "oak", **options: Any) -> Dataset:
    return read_table(written(folder, text), targets, **options)


def refused(folder: Path, text: str | bytes, targets: Any = "y", **options: Any) -> str:
    """The sentence with which a table is refused."""
    with pytest.raises(ValueError) as told:
        read(folder, text, targets, **options)
    sentence = str(told.value)
    assert sentence.startswith("Expected")
    assert len(sentence) < 500
    assert "\n" not in sentence
    assert str(folder) not in sentence
    return sentence


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
        GOOD.replace("\n", ",,\n"),  # empty columns at the end
        GOOD.replace("9,5,1", "9,5,1,,,"),
        GOOD + ",,\n" * 3,
        GOOD.replace(",", ";"),
        GOOD.replace(",", ";").replace("6.5", "6,5"),
        GOOD.replace(",", "\t"),
        GOOD.replace(",", "\t").replace("6.5", "6,5"),
        GOOD.replace(",", "|"),
        GOOD.replace(",", "，"),
        GOOD.replace(",", "；"),
        "sep=;\n" + GOOD.replace(",", ";"),
        "sep=|\r\n" + GOOD.replace(",", "|"),
        GOOD.replace("6.5", '"6,5"'),
        GOOD.replace(" (cm)", "\u00a0（cm）"),
        GOOD.replace("9,5,1", "９,５,１"),
        GOOD.replace(",width", ",,width").replace("9,", "9,,").replace("7,", "7,,"),
        GOOD.encode("utf-16"),
        GOOD.encode("utf-16-le"),
        GOOD.encode("utf-16-be"),
        GOOD.encode("utf-32"),
        GOOD.replace(",", "\t").encode("utf-16"),  # what Excel calls Unicode text
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
    assert read(tmp_path, text, "taste, all in all (points)").target_names == ("taste, all in all",)
    assert read(tmp_path, "a,b\n1,2\n", "b").input_units == ()


# ---- 2.1 words ----------------------------------------------------------------------------------

WORDS = [
    (["oak", "elm"], ("elm", "oak")),
    (["yes", "no", "yes"], ("no", "yes")),
    (["TRUE", "FALSE"], ("FALSE", "TRUE")),
    (["male", "female", "female"], ("female", "male")),
    (["setosa", "virginica", "versicolor"], ("setosa", "versicolor", "virginica")),
    (["good", "very good", "bad"], ("bad", "good", "very good")),
    (["A12", "B7", "A12"], ("A12", "B7")),
    (["ja", "nein"], ("ja", "nein")),
    (["橡树", "榆树"], ("榆树", "橡树")),
    (["Öl", "Essig"], ("Essig", "Öl")),
    (["three five", "x\ny"], ("three five", "x y")),
    (["<b>", "& co"], ("& co", "<b>")),
]


@pytest.mark.parametrize(("words", "kinds"), WORDS)
def test_words_as_answers_are_one_hot(
    words: list[str], kinds: tuple[str, ...], tmp_path: Path
) -> None:
    text = "w,kind\n" + "".join(f'{n},"{word}"\n' for n, word in enumerate(words))
    table = read(tmp_path, text, "kind")
    assert table.target_names == kinds
    assert table.targets.tolist() == [
        [float(kind == " ".join(word.split())) for kind in kinds] for word in words
    ]
    assert table.inputs.ravel().tolist() == list(range(len(words)))


@pytest.mark.parametrize(("words", "kinds"), WORDS)
def test_words_as_inputs_are_one_hot(
    words: list[str], kinds: tuple[str, ...], tmp_path: Path
) -> None:
    text = "kind,w,y\n" + "".join(f'"{word}",{n},1\n' for n, word in enumerate(words))
    table = read(tmp_path, text, "y")
    assert table.input_names == (*(f"kind: {kind}" for kind in kinds), "w")
    assert table.inputs[:, :-1].tolist() == [
        [float(kind == " ".join(word.split())) for kind in kinds] for word in words
    ]
    both = read(tmp_path, text, ["y", "kind"])
    assert both.target_names == ("y", *(f"kind: {kind}" for kind in kinds))


def test_numbers_may_be_kinds_by_saying_so(tmp_path: Path) -> None:
    text = "w,class,zip\n1,2,00501\n2,10,10001\n3,1,00501\n"
    table = read(tmp_path, text, "class", kinds=["class", "zip"])
    assert table.target_names == ("1", "2", "10")
    assert table.targets.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert table.input_names == ("w", "zip: 00501", "zip: 10001")
    none = read(tmp_path, "w,y\n1,none\n2,-\n3,garage\n", "y", kinds="y")
    assert none.target_names == ("-", "garage", "none")
    assert "an empty cell" in refused(tmp_path, "w,y\n1,a\n2,\n3,b\n", kinds="y")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("w,y\n1,oak\n2,oak\n", "at least two kinds in column 'y', but all 2 rows say 'oak'"),
        ("w,y\n1,oak\n", "at least two kinds in column 'y', but its only row says 'oak'"),
        ("w,y\n1,oak\n2,elm\n3,Oak\n", "row 4 says 'Oak', and row 2 'oak'; write them alike"),
        ("w,y\n1,oak\n2,5\n3,elm\n", "a word in row 3, column 'y', as in most rows there, but '5'"),
        ("w,y\n1,5\n2,oak\n3,6\n", "a number in row 3, column 'y', but 'oak' came; write it with"),
        ("w,y\n1,oak\n2,NA\n3,elm\n", "row 3, column 'y', but 'NA' came; fill it, or leave the"),
        ("w,y\n1,oak\n2,NA\n3,elm\n", "or, if it is one of the kinds, say kinds='y'"),
        ("w,y\n1,oak\n2,2024-01-31\n3,elm\n", "row 3, column 'y', but '2024-01-31' came; a date"),
        ("w,y\n1,<=50K\n2,>50K\n", "'<=50K' came; write it with digits and a point, such as 1.5"),
        ("w,y\n1,<=50K\n2,>50K\n", "or, if it is a kind and no amount, say kinds='y'"),
        ("w,y\n1,oak\n2,9 cm\n3,elm\n", "row 3, column 'y', but '9 cm' came; write 9"),
        (
            "id,y\n" + "".join(f"n{n},{n}\n" for n in range(30)),
            "a few kinds in column 'id', but there are at least 30 in 30 rows; say leave_out='id'",
        ),
        (
            "id,y\n" + "".join(f"n{n % 200},{n}\n" for n in range(900)),
            "a few kinds in column 'id', but there are at least 101 in 900 rows",
        ),
    ],
)
def test_words_that_are_no_kinds_are_told(text: str, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path, text)


def test_words_go_through_training_floor_playground_and_saving(tmp_path: Path) -> None:
    rows = "".join(
        f"{length},{width},{tree}\n"
        for length, width, tree in [
            (9, 2, "willow"), (4, 5, "oak"), (8, 1, "willow"), (6, 5, "oak"), (11, 2, "willow"),
            (7, 6, "oak"),
        ]
    )  # fmt: skip
    leaves = read(tmp_path, f"length (cm),width (cm),tree\n{rows}", "tree").scaled()
    assert leaves.target_names == ("oak", "willow")
    network = bp.Network.random([2, 2], output="softmax", seed=0)
    *_, last = bp.train(
        network, leaves.inputs, leaves.targets, bp.CategoricalCrossEntropy(), bp.SGD(0.5), 200
    )
    output = last.network.forward(leaves.scale([8, 3])).output
    assert leaves.target_names[output.argmax()] == "willow"
    right = last.network.forward(leaves.inputs).output.argmax(axis=1)
    assert (right == leaves.targets.argmax(axis=1)).all()
    path = tmp_path / "trees.npz"
    save_network(last.network, path)
    assert (load_network(path).forward(leaves.scale([8, 3])).output == output).all()
    floor = FactoryFloor(
        last.network, leaves.inputs, leaves.targets, bp.CategoricalCrossEntropy(),
        input_names=leaves.input_names, worker_names=[leaves.target_names],
    )  # fmt: skip
    floor.position = 2
    assert "willow" in floor.view["picture"]
    playground = TrainingPlayground(leaves, held_out=0, floors=1, learning_rate=0.1)
    playground.train(300)
    assert playground.run.score().right == 1.0
    assert "order 1: willow" in playground.view["picture"]


# ---- 2.2 names ----------------------------------------------------------------------------------

NO_NAMES = [
    "5.1,oak\n4.9,elm\n",
    "1,2,3\n4,5,6\n",
    "1,2,3\n",
    "5;1,5\n6;2,5\n",
    "2019,2020,2021\n1,2,3\n4,5,6\n",
    "country,2019,2020\nFR,1,2\nDE,3,4\n",
    "oak,5\nelm,6\noak,7\n",
    "oak,red\nelm,blue\noak,red\n",
    "2024-01-31,5\n2024-02-01,6\n",
    "12:30,oak\n13:30,elm\n",
    "9 cm,oak\n7 cm,elm\n",
    "-1,yes\n-2,no\n",
    "５,oak\n６,elm\n",
    '"5.1","oak"\n"4.9","elm"\n',
]


@pytest.mark.parametrize("text", NO_NAMES)
def test_a_table_without_names_is_told(text: str, tmp_path: Path) -> None:
    told = refused(tmp_path, text, "oak")
    assert "Expected a name for each column in row 1, but" in told
    assert "write a row of names above, or say header=False" in told
    assert "in row 3, but" in refused(tmp_path, "\n\n" + text, "oak")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("oak,elm,y\n1,0,2\n0,1,3\n", ("oak", "elm")),  # the names of kinds
        ("outlook,windy,y\nsunny,no,1\nrain,yes,2\n", ("outlook: rain", "outlook: sunny",
         "windy: no", "windy: yes")),
        ("x,kind,y\n1,kind,3\n2,cruel,4\n", ("x", "kind: cruel", "kind: kind")),
        ("x1,x2,y\n1,2,3\n4,5,6\n", ("x1", "x2")),
        ("2nd,3rd,y\na,b,3\nc,d,6\n", ("2nd: a", "2nd: c", "3rd: b", "3rd: d")),
    ],
)  # fmt: skip
def test_names_are_taken_for_names(text: str, names: tuple[str, ...], tmp_path: Path) -> None:
    assert read(tmp_path, text, "y").input_names == names


def test_one_may_say_whether_there_are_names(tmp_path: Path) -> None:
    table = read(tmp_path, "5.1,oak\n4.9,elm\n", "column 2", header=False)
    assert table.inputs.tolist() == [[5.1], [4.9]]
    assert (table.input_names, table.target_names) == (("column 1",), ("elm", "oak"))
    years = read(tmp_path, "2019,2020\n1,2\n", "2020", header=True)
    assert (years.inputs.tolist(), years.target_names) == ([[1.0]], ("2020",))
    assert "row 3, column 'column 1'" in refused(
        tmp_path, "5.1,oak\n4.9,elm\nx,elm\n", "column 2", header=False
    )
    with pytest.raises(TypeError, match="Expected header=True"):
        read(tmp_path, GOOD, header="no")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("length,,y\n9,5,1\n", "a name for column 2, but its first cell is empty, and row 2 has"),
        (",a,y\n0,1,1\n1,2,0\n", "say leave_out='column 1'"),
        ("length,length (cm),y\n9,5,1\n", "two are called 'length', the columns 1 and 2"),
        ("a,b,y,a\n9,5,1,2\n", "two are called 'a', the columns 1 and 4"),
        ("a,y,y\n9,5,1\n", "two are called 'y', the columns 2 and 3"),
        (
            "a b y\n1 2 3\n",
            "one cell: 'a b y'; save the table again as CSV, or say delimiter=\" \"",
        ),
    ],
)
def test_names_that_are_missing_or_there_twice_are_told(
    text: str, words: str, tmp_path: Path
) -> None:
    assert words in refused(tmp_path, text)


# ---- 2.3 signs ----------------------------------------------------------------------------------

CERTAIN = [
    # (the text of a table whose target is y, its inputs)
    ("a;y\n1,5;1\n2,25;0\n", [1.5, 2.25]),
    ("a;y\n1.234,5;1\n2.500;0\n", [1234.5, 2500]),
    ("a;y\n1 234,5;1\n2 500;0\n", [1234.5, 2500]),
    ("a;y\n1\u00a0234,5;1\n2\u202f500;0\n", [1234.5, 2500]),
    ("a;y\n1'234.5;1\n2’500;0\n", [1234.5, 2500]),
    ('a,y\n"1,234.5",1\n"2,500",0\n', [1234.5, 2500]),
    ('a,y\n"1,234",1\n2.5,0\n', [1234, 2.5]),
    ('a,b,y\n"1,234",0.5,1\n"2,500",0.25,0\n', [1234, 0.5, 2500, 0.25]),
    ('a,y\n"1,234,567",1\n"2,500",0\n', [1234567, 2500]),
    ('a,y\n"12,34,567",1\n2,0\n', [1234567, 2]),
    ("a,y\n1.234,1\n2.5,0\n", [1.234, 2.5]),
    ("a,y\n1.234,1\n2.500,0\n", [1.234, 2.5]),  # commas between columns: the point is decimal
    ("a\ty\n1,5\t1\n1.234\t0\n", [1.5, 1234]),
    ("a|y\n0,125|1\n1,125|0\n", [0.125, 1.125]),
    ("sep=;\na;y\n,5;1\n3;0\n", [0.5, 3]),
    ("a，y\n１．５，1\n－２，0\n", [1.5, -2]),
    ("a;y\n１，５;1\n２，２５;0\n", [1.5, 2.25]),
    ("a,y\n−3,1\n–4,0\n", [-3, -4]),
    ("a;y\n1,5E+03;1\n-2,5e-1;0\n", [1500, -0.25]),
    ("a,y\n5.,1\n.5,0\n", [5, 0.5]),
    ("a,y\n١٢,1\n٣,0\n", [12, 3]),
    ("a,y\n 1 234 ,1\n5,0\n", [1234, 5]),
]


@pytest.mark.parametrize(("text", "inputs"), CERTAIN)
def test_numbers_of_other_countries_are_read(
    text: str, inputs: list[float], tmp_path: Path
) -> None:
    assert read(tmp_path, text, "y").inputs.ravel().tolist() == inputs


@pytest.mark.parametrize(
    ("cells", "unit", "inputs"),
    [
        (["12 %", "7,5%"], "%", [12, 7.5]),
        (["$1.50", "-$2"], "$", [1.5, -2]),
        (["€ 1,50", "2 €"], "€", [1.5, 2]),
        (["1.50 EUR", "EUR 2"], "EUR", [1.5, 2]),
        (["￥5", "￥6"], "¥", [5, 6]),
        (["5元", "6 元"], "元", [5, 6]),
    ],
)
def test_a_sign_beside_the_numbers_is_their_unit(
    cells: list[str], unit: str, inputs: list[float], tmp_path: Path
) -> None:
    text = "a;y\n" + "".join(f"{cell};1\n" for cell in cells)
    table = read(tmp_path, text, "y")
    assert table.inputs.ravel().tolist() == inputs
    assert table.input_units == (unit,)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ('a,y\n"1,234",1\n', "'1,234' may be 1234 or 1.234"),
        ('a,y\n5,0\n"1,000",1\n', "'1,000' may be 1000 or 1"),
        ("a;y\n1,234;1\n", "'1,234' may be 1234 or 1.234"),
        ("a;y\n1.234;1\n", "'1.234' may be 1234 or 1.234"),
        ("a\ty\n-12.345\t1\n", "'-12.345' may be -12.345 or -12345"),
        ("a|y\n123,456|1\n", "'123,456' may be 123456 or 123.456"),
        ("a;y\n１，２３４;1\n", "'１，２３４' may be 1234 or 1.234"),
        ("a;y\n$1.234;1\n", "'$1.234' may be 1234 or 1.234"),
        ('a,b,y\n"1,5",1.234,1\n', "'1.234' may be 1234 or 1.234"),
        ('a,y\n"1,500",1\n', "'1,500' may be 1500 or 1.5"),
    ],
)
def test_two_readings_are_both_shown_and_one_is_asked_for(
    text: str, readings: str, tmp_path: Path
) -> None:
    told = refused(tmp_path, text)
    assert readings in told
    assert 'say decimal="." where the point is the decimal sign, or decimal="," for' in told
    values = [float(one) for one in readings.split(" may be ")[1].split(" or ")]
    found = {read(tmp_path, text, "y", decimal=".").inputs.max()} if '"1,5"' not in text else set()
    found |= {read(tmp_path, text, "y", decimal=",").inputs.max()}
    assert found <= {*values, 5.0}


def test_where_both_signs_are_used_no_argument_is_advised(tmp_path: Path) -> None:
    told = refused(tmp_path, 'a,y\n2.5,0\n"1,5",1\n"1,234",1\n')
    assert "in row 4, column 'a', but '1,234' may be 1234 or 1.234; write each number" in told
    assert "decimal=" not in told
    assert read(tmp_path, 'a,y\n2.5,0\n"1,5",1\n', "y").inputs.ravel().tolist() == [2.5, 1.5]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2024-01-31", "a date or a time is no amount"),
        ("31.1.2024", "a date or a time is no amount"),
        ("1/31/24", "or say leave_out='a'"),
        ("3 Jan 2024", "write how many days or hours since a first one"),
        ("2024年1月31日", "a date or a time is no amount"),
        ("12:30", "a date or a time is no amount"),
        ("9 cm", "write 9, and the unit above in the first row: 'a (cm)'"),
        ("(5)", "write -5 if it is below zero"),
        ("5-", "write -5 if it is below zero"),
        ("1_000", "write it with digits and a point"),
        ("1e999", "write it with digits and a point"),
        ("-inf", "write it with digits and a point"),
        ("two", "write it with digits and a point"),
        ("½", "write it with digits and a point"),
        ("5²", "write it with digits and a point"),
        ("1.2.3", "write it with digits and a point"),
        ("1,234,56", "write it with digits and a point"),
        ("1.23.456", "write it with digits and a point"),
        ("1 2", "write it with digits and a point"),
        ("1,234 kg", "write it with digits and a point"),  # not 1,234: that may be two numbers
        ("5 %", "Expected the same unit in the whole column 'a', but '5 %' came in row 3"),
    ],
)
def test_what_is_no_plain_number_gets_its_own_advice(cell: str, words: str, tmp_path: Path) -> None:
    told = refused(tmp_path, f'a,y\n7,1\n"{cell}",1\n8,1\n')
    assert "row 3" in told
    assert "column 'a'" in told
    assert repr(cell) in told
    assert words in told


def test_what_was_asked_for_holds(tmp_path: Path) -> None:
    told = refused(tmp_path, "a;y\n1,5;1\n1.5;1\n", decimal=",")
    assert "decimal=',' in row 3, column 'a', but '1.5' came; write 1,5 there" in told
    table = read(tmp_path, "a b  y\n1 2 3\n", "y", delimiter=" ")
    assert table.inputs.tolist() == [[1, 2]]
    told = refused(tmp_path, "a|b;y\nx|z;w\nu|v;w\n")
    assert "but ';', '|' may each be it; say which, such as delimiter=';'" in told
    assert read(tmp_path, "a,b;y\n1,5;2\n2,5;1\n", "y").inputs.tolist() == [[1.5], [2.5]]
    for decimal in (";", "", 3, ["."]):
        with pytest.raises(ValueError, match=r'Expected decimal="\."'):
            read(tmp_path, GOOD, decimal=decimal)
    for delimiter in (";;", "", '"', "\n"):
        with pytest.raises(ValueError, match="Expected one sign as the delimiter"):
            read(tmp_path, GOOD, delimiter=delimiter)
    with pytest.raises(ValueError, match="Expected the encoding that"):
        read(tmp_path, GOOD, encoding="klingon")


ENCODED = [
    ("重量,种类\n1,橡树\n2,榆树\n", "gb18030", "种类", ("榆树", "橡树")),
    ("长度（厘米）,性别\n1,男\n2,女\n", "gb18030", "性别", ("女", "男")),
    ("Größe;Art\n1,5;Öl\n2;Tür\n", "cp1252", "Art", ("Tür", "Öl")),
    ("Länge (µm),Qualité\n1,élevé\n2,bas\n", "latin-1", "Qualité", ("bas", "élevé")),
    ("price,kind\n€ 5,oak\n7 €,elm\n", "cp1252", "kind", ("elm", "oak")),
    ("重量\t种类\n1\t橡树\n2\t榆树\n", "utf-16", "种类", ("榆树", "橡树")),
]


@pytest.mark.parametrize(("text", "encoding", "target", "kinds"), ENCODED)
def test_encodings_are_told_where_they_are_certain(
    text: str, encoding: str, target: str, kinds: tuple[str, ...], tmp_path: Path
) -> None:
    table = read(tmp_path, text.encode(encoding), target)
    assert table.target_names == kinds
    assert table.input_names == read(tmp_path, text, target).input_names
    if not encoding.startswith("utf"):
        assert "Its letters were taken for" in table.source


@pytest.mark.parametrize(
    ("text", "encoding", "target"),
    [
        ("вес,y\n1,1\n", "cp1251", "y"),
        ("ä,y\n1,1\n", "cp1252", "y"),
        ("重さ,長さ,y\n1,2,1\n", "euc-jp", "y"),
        ("高,y\n1,1\n", "gb18030", "y"),
        ("重さ,y\n1,1\n", "shift-jis", "y"),
        ("무게,길이가,y\n1,2,1\n", "cp949", "y"),
    ],
)
def test_encodings_are_asked_for_where_they_are_not(
    text: str, encoding: str, target: str, tmp_path: Path
) -> None:
    content = text.encode(encoding)
    plain = read(tmp_path, text, target)
    assert "say which" in refused(tmp_path, content, target)
    asked = read(tmp_path, content, target, encoding=encoding)
    assert asked.input_names == plain.input_names


# ---- 2.4 gaps -----------------------------------------------------------------------------------

GAPS = ["", "NA", "N/A", "n/a", "?", "-", "–", "—", "#NV", "#N/A", "null", "NULL", "None", "nan",
        ".", "...", "#DIV/0!", "k.A.", " ", "<NA>"]  # fmt: skip


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_is_told_and_may_be_left_out(gap: str, tmp_path: Path) -> None:
    text = f"a,b,y\n1,2,3\n4,{gap},6\n7,8,9\n"
    told = refused(tmp_path, text)
    shown = repr(gap) if gap.strip() else "an empty cell"
    assert f"a number in row 3, column 'b', but {shown} came; fill it, or leave the row out" in told
    assert "skip_gaps=True" in told
    assert "leave_out='b'" in told
    table = read(tmp_path, text, "y", skip_gaps=True)
    assert table.inputs.tolist() == [[1, 2], [7, 8]]
    assert table.source.endswith(" 1 row with gaps was left out.")
    table = read(tmp_path, text, "y", leave_out="b")
    assert (table.inputs.tolist(), table.input_names) == ([[1], [4], [7]], ("a",))


def test_rows_and_columns_that_are_left_out_are_not_looked_at(tmp_path: Path) -> None:
    text = "id,note (long),a,y\nx1,?,2,3\nx2,oh,wide,?\nx3,?,8,9\n"
    table = read(tmp_path, text, "y", leave_out=["id", "note (long)"], skip_gaps=True)
    assert (table.inputs.tolist(), table.targets.tolist()) == ([[2], [8]], [[3], [9]])
    told = refused(tmp_path, text, leave_out="id", skip_gaps=True)
    assert "without a gap, but all 3 rows" in told
    assert "or to leave it out, but both" in refused(tmp_path, text, leave_out="y")
    assert "each once, but 'idx' came; there are id, note, a, y." in refused(
        tmp_path, text, leave_out="idx"
    )
    with pytest.raises(TypeError, match="columns to leave out, but 3 came"):
        read(tmp_path, text, "y", leave_out=3)
    with pytest.raises(TypeError, match="skip_gaps=True"):
        read(tmp_path, text, "y", skip_gaps="yes")


# ---- 2.5 rows -----------------------------------------------------------------------------------

REFUSED: list[tuple[str | bytes, str]] = [
    (GOOD.replace("6.5", "wide"), "a number in row 3, column 'width', but 'wide' came; write it"),
    (GOOD.replace("6.5", "6,5"), "Expected 3 cells in row 3, one for each name, but 4 came: "),
    (GOOD.replace("6.5", "6,5"), "Numbers have a point, 1.5, or stand in quotes."),
    (GOOD.replace("7,6.5,0", "7,6.5"), "Expected 3 cells in row 3, one for each name, but 2 came"),
    (GOOD.replace("9,5,1", "9,5,1,,2"), "Expected 3 cells in row 2, one for each name, but 5 came"),
    ("\n\n" + GOOD.replace("6.5", "wide"), "row 5, column 'width'"),
    ('"length\n(cm)",oak\n1,1\nx,0\n', "a number in row 3, column 'length', but 'x' came"),
    ('length,oak\n"1\n2",1\n3,0\n', "a number in row 2, column 'length', but '1\\n2' came"),
    ('"a\n\nb",oak\n1,1\n\n"x\ny",0\n', "in row 4, column 'a b'"),
    ("sep=;\na;oak\n1;1\nx;0\n", "in row 3, column 'a'"),
    ("length,width,oak\n9;5;1\n", "Expected 3 cells in row 2, one for each name, but 1 came"),
    ("length,width,oak\n", "at least one row of numbers under the names, but 'leaves.csv' has"),
    ("", "a row of names and rows of numbers, but 'leaves.csv' is empty."),
    ("\n , \n\n", "'leaves.csv' is empty."),
    ('length,width,oak\n9,"5,1\n7,6.5,0\n', "row 2, but a quote or a cell there has no end"),
    ("oak\n1\n", "Expected a column that is not a target"),
    (",oak\n,1\n", "but all are empty"),
    (b"PK\x03\x04\xff\xfe\x00", "Expected a text file, but 'leaves.csv' is none"),
    (b"\x00\x01\x02\x00", "Expected a text file, but 'leaves.csv' is none"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_slip_is_told_in_a_sentence(text: str | bytes, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path, text, "oak")


@pytest.mark.parametrize(
    ("targets", "kind", "words"),
    [
        ("elm", ValueError, "but 'elm' came; there are length, width, oak."),
        (["oak", "oak"], ValueError, "each once, but 'oak' came"),
        (["oak", 3], ValueError, "but 3 came"),
        ([], TypeError, "the names of columns to foretell, but [] came; try 'oak'."),
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
    monkeypatch.setattr("backprop_lib.datasets.tables.reading.LARGEST", 10)
    with pytest.raises(ValueError, match="Expected a small table"):
        read(tmp_path, GOOD)


# ---- 2.7 and 5.6: how much ----------------------------------------------------------------------


def test_a_wide_table_is_refused_at_once_and_an_unknown_name_is_told_shortly(
    tmp_path: Path,
) -> None:
    start = time.perf_counter()
    for row in (",".join(f"c{n}" for n in range(100_000)), "a,y\n1,2\n" + "1," * 100_000):
        assert "at most 10000 columns" in refused(tmp_path, f"{row}\n{row}\n")
    assert time.perf_counter() - start < 5.0
    many = ",".join(f"column{n}" for n in range(9000))
    told = refused(tmp_path, f"{many}\n{'1,' * 8999}1\n", "colum500")
    assert "column500" in told
    assert "9000 in all" in told
    assert "x, y" in refused(tmp_path, f"x,y,{'z' * 5000}\n1,2,3\n", "no")


def test_too_many_numbers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backprop_lib.datasets.tables.table.MOST_NUMBERS", 20)
    rows = "".join(f"{n},{'abc'[n % 3]}\n" for n in range(8))
    assert "makes 8 rows of 3" in refused(tmp_path, f"w,y\n{rows}")


SIZE = 4_000_000 if THOROUGH else 250_000


@pytest.mark.parametrize(
    "row", ["1,0\n", "0.1234,1\n", '"1,234.5",1\n', "0.5,oak\n0.25,elm\n", "1,2,3,4,5,6,7,8,9,1\n"]
)
def test_a_table_takes_at_most_ten_times_its_size(row: str, tmp_path: Path) -> None:
    columns = row.split("\n")[0].replace('"1,', "1").count(",")
    head = ",".join([f"c{n}" for n in range(columns)] + ["y"])
    path = written(tmp_path, f"{head}\n" + row * (SIZE // len(row)))
    tracemalloc.start()
    try:
        table = read_table(path, "y")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(table) == SIZE // len(row) * row.count("\n")
    assert peak < 10 * path.stat().st_size


# ---- any table ----------------------------------------------------------------------------------

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
@given(
    text=st.one_of(st.binary(max_size=60), st.text("a1,;.\"'\n\r\t -0(%|２，", max_size=60)),
    skip_gaps=st.booleans(),
)
def test_any_text_is_read_or_refused_in_a_sentence(
    text: str | bytes, skip_gaps: bool, tmp_path: Path
) -> None:
    for content in (text, "a,oak\n" + text if isinstance(text, str) else b"a,oak\n" + text):
        try:
            told = ""
            assert np.isfinite(read(tmp_path, content, skip_gaps=skip_gaps).inputs).all()
        except ValueError as error:
            told = str(error)
        assert not told or told.startswith("Expected")
        assert len(told) < 500


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=made_up_tables())
def test_a_made_up_table_is_read_rightly_or_refused_with_row_column_and_advice(
    table: MadeUp, tmp_path: Path
) -> None:
    if table.refusal:
        told = refused(tmp_path, table.content, table.target, **table.options)
        assert all(words in told for words in table.refusal), told
        return
    try:
        data = read(tmp_path, table.content, table.target, **table.options)
    except ValueError:
        told = refused(tmp_path, table.content, table.target, **table.options)
        assert any(words in told for words in table.open_cells), told
        return
    assert data.inputs.tolist() == table.inputs
    assert data.targets.tolist() == table.targets
    assert data.input_names == table.input_names
    assert data.target_names == table.target_names


@settings(max_examples=200)
@given(text=st.text("1234567890.,' -+e%$()", max_size=12))
def test_a_number_is_never_read_as_what_it_cannot_be(text: str) -> None:
    """An own reading of every cell: digits in their order, one decimal sign, threes between."""
    cell = cells.look_at(text)
    plain = "".join(one for one in text if one.isdigit())
    for value, sign in ((cell.point, "."), (cell.comma, ",")):
        if value is None or "e" in text:
            continue
        after = text.partition(sign)[2] if text.count(sign) == 1 else ""
        scale = sum(one.isdigit() for one in after)
        assert abs(value) == pytest.approx(int(plain) / 10**scale)
        assert (value < 0) <= ("-" in text)
