"""The words: languages switched at run time, plural rules, numbers, and the tool for catalogues."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from gettext import GNUTranslations
from pathlib import Path

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from backprop_lib import i18n
from backprop_lib.i18n import (
    factor,
    gettext,
    language,
    languages,
    listed,
    ngettext,
    number,
    sentences,
    set_language,
)
from backprop_lib.i18n import signed as with_sign

ROOT = Path(__file__).resolve().parent.parent
Words = dict[str | tuple[str, str], str | tuple[str, ...]]

_specification = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
assert _specification is not None
assert _specification.loader is not None
messages = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(messages)


@pytest.fixture(autouse=True)
def own_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Catalogues in a folder of the test's own, and English again at the end."""
    monkeypatch.setattr(i18n.catalogues, "CATALOGUES", str(tmp_path))
    before = language()
    set_language("en")
    yield tmp_path
    monkeypatch.undo()
    set_language(before)


@pytest.fixture
def add_catalogue(own_catalogues: Path) -> Callable[[str, Words], None]:
    """A function that compiles a catalogue for a language, with its true plural rule."""

    def add(code: str, words: Words) -> None:
        catalog = Catalog(locale=code)
        for message, translation in words.items():
            catalog.add(message, translation)
        path = own_catalogues / code / "LC_MESSAGES" / "backprop_lib.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, catalog)

    return add


# Languages


def test_english_is_always_there() -> None:
    assert languages() == ("en",)
    assert language() == "en"
    assert gettext("{n} lemons") == "{n} lemons"


def test_no_folder_of_catalogues_leaves_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n.catalogues, "CATALOGUES", "nowhere")
    assert languages() == ("en",)


def test_switched_at_run_time_and_back(add_catalogue: Callable[[str, Words], None]) -> None:
    add_catalogue("de", {"sugar": "Zucker", "{a} before {b}": "vor {b}: {a}"})
    assert languages() == ("en", "de")
    set_language("de")
    assert language() == "de"
    assert gettext("sugar") == "Zucker"
    assert gettext("{a} before {b}").format(a=1, b=2) == "vor 2: 1"
    set_language("en")
    assert gettext("sugar") == "sugar"


def test_data_sets_speak_the_language_in_use(add_catalogue: Callable[[str, Words], None]) -> None:
    from backprop_lib.datasets import digits, lemonade, lemonade_workers

    add_catalogue(
        "de",
        {
            "sugar": "Zucker",
            "taster": "Kosterin",
            "row {row}, column {column}": "Spalte {column}, Zeile {row}",
        },
    )
    assert digits().train.input_names[8] == "row 2, column 1"
    set_language("de")
    assert lemonade().input_names == ("lemons", "Zucker")
    assert lemonade_workers() == (("Ana", "Bo", "Cy"), ("Kosterin",))
    assert digits().train.input_names[8] == "Spalte 1, Zeile 2"


def test_a_missing_translation_is_shown_in_english(
    add_catalogue: Callable[[str, Words], None],
) -> None:
    add_catalogue("zh", {"sugar": "糖"})
    set_language("zh")
    assert gettext("lemons") == "lemons"
    assert [ngettext("{n} lap", "{n} laps", n) for n in (1, 2)] == ["{n} lap", "{n} laps"]


def test_the_empty_text_stays_empty(add_catalogue: Callable[[str, Words], None]) -> None:
    add_catalogue("de", {"sugar": "Zucker"})
    set_language("de")
    assert gettext("") == ""


def test_three_plural_forms(add_catalogue: Callable[[str, Words], None]) -> None:
    add_catalogue("pl", {("{n} lap", "{n} laps"): ("{n} runda", "{n} rundy", "{n} rund")})
    set_language("pl")
    found = [ngettext("{n} lap", "{n} laps", n).format(n=n) for n in (1, 2, 5, 12, 22, 25)]
    assert found == ["1 runda", "2 rundy", "5 rund", "12 rund", "22 rundy", "25 rund"]


def test_one_plural_form(add_catalogue: Callable[[str, Words], None]) -> None:
    add_catalogue("zh", {("{n} lap", "{n} laps"): ("{n} 圈",)})
    set_language("zh")
    assert [ngettext("{n} lap", "{n} laps", n).format(n=n) for n in (0, 1, 2)] == [
        "0 圈",
        "1 圈",
        "2 圈",
    ]


def test_english_plurals_take_whole_numbers_of_every_kind() -> None:
    counts = (0, 1, np.int64(1), 2)
    assert [ngettext("lap", "laps", n) for n in counts] == ["laps", "lap", "lap", "laps"]


@pytest.mark.parametrize("n", [1.5, 1.0, "1", None])
def test_only_whole_things_are_counted(n: object) -> None:
    with pytest.raises(TypeError, match="Expected a whole number of things to count"):
        ngettext("lap", "laps", n)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["zh", "ZH", "zh_CN", "zh-CN", "zh_Hans_CN", "zh-hans"])
def test_a_region_takes_the_plain_language(
    code: str, add_catalogue: Callable[[str, Words], None]
) -> None:
    add_catalogue("zh", {"sugar": "糖"})
    set_language(code)
    assert language() == "zh"
    assert gettext("sugar") == "糖"


def test_a_region_of_its_own_comes_first(add_catalogue: Callable[[str, Words], None]) -> None:
    add_catalogue("zh", {"sugar": "糖"})
    add_catalogue("zh_TW", {"sugar": "砂糖"})
    set_language("zh-TW")
    assert (language(), gettext("sugar")) == ("zh_TW", "砂糖")


@pytest.mark.parametrize("code", ["xx", "", "_", "../de", "english", "z"])
def test_an_unknown_language_is_refused_and_nothing_changes(
    code: str, add_catalogue: Callable[[str, Words], None]
) -> None:
    add_catalogue("zh", {"sugar": "糖"})
    set_language("zh")
    with pytest.raises(ValueError, match=r"try one of: en, zh\.$"):
        set_language(code)
    assert (language(), gettext("sugar")) == ("zh", "糖")


def test_a_language_is_given_as_text() -> None:
    with pytest.raises(TypeError, match="Expected the code of a language as text, but 7 came"):
        set_language(7)  # type: ignore[arg-type]


def test_importing_needs_the_standard_library_only() -> None:
    code = (
        "import sys, types; house = types.ModuleType('backprop_lib'); "
        "house.__path__ = [sys.argv[1]]; sys.modules['backprop_lib'] = house; "
        "import backprop_lib.i18n; "
        "print({'numpy', 'babel', 'decimal', 'gettext', 'pathlib'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT / "backprop_lib")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "set()"


# What stands beside each other


def test_lists_and_sentences_of_none_one_and_many() -> None:
    assert [listed(parts) for parts in ([], ["a"], ("a", "b", "c"))] == ["", "a", "a, b, c"]
    assert listed(["{a}", "b"], "{after} and {before}") == "b and {a}"
    assert [sentences(*told) for told in ((), ("A.", "", "B."), ("", ""))] == ["", "A. B.", ""]


# Numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.84, "0.84"),
        (-1.08, "−1.08"),
        (0.591053, "0.5911"),
        (1.7688, "1.769"),
        (4.0, "4"),
        (100, "100"),
        (12345, "12350"),
        (999999.9, "1000000"),
        (1e6, "1000000"),
        (1234567, "1.235 × 10⁶"),
        (9999999, "1 × 10⁷"),
        (1e-4, "0.0001"),
        (0.000123456, "0.0001235"),
        (0.00001, "1 × 10⁻⁵"),
        (1.2e-7, "1.2 × 10⁻⁷"),
        (-2.5e22, "−2.5 × 10²²"),
        (5e-324, "5 × 10⁻³²⁴"),
        (0, "0"),
        (-0.0, "0"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "not a number"),
        (np.float64(0.5), "0.5"),
        (np.array(0.5), "0.5"),
        (np.int8(-3), "−3"),
        (True, "1"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_a_five_goes_up_as_in_school() -> None:
    # Plain formatting says 0.12, 2.67 and -2: ties to even, of the binary number at that.
    assert [number(0.125, 2), number(2.675, 3), number(-2.5, 1)] == ["0.13", "2.68", "−3"]


def test_more_digits() -> None:
    assert number(1.7688, digits=5) == "1.7688"
    assert number(0.59105344, digits=8) == "0.59105344"
    assert number(0.1 + 0.2, digits=17) == "0.30000000000000004"


def test_signs_and_brackets() -> None:
    values = (0.84, -1.08, 0, -0.0, float("inf"), float("-inf"))
    assert [with_sign(value) for value in values] == ["+0.84", "−1.08", "0", "0", "+∞", "−∞"]
    assert with_sign(float("nan")) == "not a number"
    assert with_sign(1.7688, digits=5) == "+1.7688"
    assert [factor(value) for value in values] == ["0.84", "(−1.08)", "0", "0", "∞", "(−∞)"]
    assert factor(-1.7688, digits=5) == "(−1.7688)"


def test_not_a_number_is_a_word(add_catalogue: Callable[[str, Words], None]) -> None:
    add_catalogue("de", {"not a number": "keine Zahl"})
    set_language("de")
    assert number(float("nan")) == "keine Zahl"


@pytest.mark.parametrize("write", [number, with_sign, factor])
@pytest.mark.parametrize("value", ["3", None, [1.0], np.array([1.0]), np.ones((2, 2)), 1j])
def test_only_one_number_is_written(write: Callable[[object], str], value: object) -> None:
    with pytest.raises(TypeError, match="Expected one number to write"):
        write(value)


def test_at_least_one_digit() -> None:
    with pytest.raises(ValueError, match="Expected at least 1 significant digit, but 0 came"):
        number(1.5, digits=0)


def _read_back(text: str) -> float:
    plain = text.replace("−", "-")
    mantissa, _, power = plain.partition(" × 10")
    exponent = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(f"{mantissa}e{exponent or 0}")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_what_is_written_is_near(value: float, digits: int) -> None:
    text = number(value, digits)
    # Half a unit in the last digit, and a hair for the reading back; 1.8e308 may round above it.
    assert _read_back(text) == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits)) or (
        abs(value) > 1e307
    )
    assert ("× 10" in text) == (value != 0 and not 1e-4 <= abs(_read_back(text)) <= 1e6)
    assert "-" not in text
    assert "e" not in text
    mantissa = text.partition(" ×")[0]
    assert "." not in mantissa or not mantissa.endswith("0")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_seventeen_digits_lose_nothing(value: float) -> None:
    assert _read_back(number(value, digits=17)) == value


# The tool that keeps the catalogues


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small repository with words in it, in a package and in a folder of that."""
    package = tmp_path / "project" / "backprop_lib"
    (package / "widgets").mkdir(parents=True)
    (package / "i18n" / "locale").mkdir(parents=True)
    (package / "drawing.py").write_text(
        "from backprop_lib.i18n import gettext as _, ngettext\n"
        "def show(n):\n"
        "    # Translators: the crate that a worker sends on\n"
        '    return _("{worker} ships "\n'
        '             "{amount}."), ngettext("{n} lap", "{n} laps", len(n))\n',
        encoding="utf-8",
    )
    (package / "widgets" / "floor.py").write_text(
        'from backprop_lib import i18n\nlabel = lambda: i18n.gettext("2 × 1")\n', encoding="utf-8"
    )
    return tmp_path / "project"


def _catalogue_of(project: Path, code: str, ending: str) -> Path:
    return (
        project
        / "backprop_lib"
        / "i18n"
        / "locale"
        / code
        / "LC_MESSAGES"
        / f"backprop_lib.{ending}"
    )


def _translate(project: Path, code: str, message: str, translation: str) -> None:
    path = _catalogue_of(project, code, "po")
    text = path.read_text(encoding="utf-8")
    head, found, tail = text.partition(f'msgid "{message}"\nmsgstr ""')
    assert found
    path.write_text(f'{head}msgid "{message}"\nmsgstr "{translation}"{tail}', encoding="utf-8")


def test_the_extractor_finds_every_call(project: Path) -> None:
    assert messages.main([], project) == 0
    template = (project / "backprop_lib/i18n/locale/backprop_lib.pot").read_text("utf-8")
    assert 'msgid "{worker} ships {amount}."' in template
    assert 'msgid "{n} lap"\nmsgid_plural "{n} laps"' in template
    assert 'msgid "2 × 1"' in template
    assert "#. the crate that a worker sends on" in template
    assert "#: backprop_lib/drawing.py\n" in template
    assert "#: backprop_lib/widgets/floor.py\n" in template


def test_nothing_in_the_template_changes_by_itself(project: Path) -> None:
    messages.main([], project)
    path = project / "backprop_lib" / "i18n" / "locale" / "backprop_lib.pot"
    before = path.read_bytes()
    source = project / "backprop_lib" / "drawing.py"
    source.write_text("# moved down by a line\n" + source.read_text("utf-8"), encoding="utf-8")
    assert messages.main(["--check"], project) == 0
    assert messages.main([], project) == 0
    assert path.read_bytes() == before
    assert str(project).encode() not in before
    assert b"Date" not in before


def test_nothing_in_a_compiled_catalogue_changes_by_itself(project: Path) -> None:
    messages.main(["--add", "de"], project)
    # The format wants a date: it gets a fixed one.
    assert b"POT-Creation-Date: 1970-01-01" in _catalogue_of(project, "de", "mo").read_bytes()


def test_check_says_what_is_stale(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.main(["--check"], project) == 1
    sentence = "backprop_lib/i18n/locale/backprop_lib.pot is stale: run python tools/messages.py"
    assert sentence in capsys.readouterr().out
    assert not (project / "backprop_lib" / "i18n" / "locale" / "backprop_lib.pot").exists()
    assert messages.main([], project) == 0
    assert messages.main(["--check"], project) == 0


def test_a_language_from_its_first_word_to_the_screen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert messages.main(["--add", "pl"], project) == 0
    assert "nplurals=3" in _catalogue_of(project, "pl", "po").read_text("utf-8")
    _translate(project, "pl", "{worker} ships {amount}.", "{amount}: tyle wysyła {worker}.")
    assert messages.main(["--check"], project) == 1
    assert messages.main([], project) == 0
    assert messages.main(["--check"], project) == 0
    locale = project / "backprop_lib" / "i18n" / "locale"
    monkeypatch.setattr(i18n.catalogues, "CATALOGUES", str(locale))
    set_language("pl")
    found = gettext("{worker} ships {amount}.").format(worker="Ana", amount=1)
    assert found == "1: tyle wysyła Ana."
    # Not translated yet: the English plural, not the English singular for every number.
    assert [ngettext("{n} lap", "{n} laps", n) for n in (1, 5)] == ["{n} lap", "{n} laps"]


def test_a_changed_sentence_is_untranslated_and_the_old_one_kept(project: Path) -> None:
    messages.main(["--add", "de"], project)
    _translate(project, "de", "{worker} ships {amount}.", "{worker} liefert {amount}.")
    source = project / "backprop_lib" / "drawing.py"
    source.write_text(source.read_text("utf-8").replace("ships", "sends"), encoding="utf-8")
    assert messages.main([], project) == 0
    text = _catalogue_of(project, "de", "po").read_text("utf-8")
    assert 'msgid "{worker} sends {amount}."\nmsgstr ""' in text
    assert '#~ msgstr "{worker} liefert {amount}."' in text


def test_a_percent_is_no_gap(project: Path) -> None:
    (project / "backprop_lib" / "share.py").write_text('def f(): return _("{n} % of all")\n')
    messages.main(["--add", "zh"], project)
    messages.main([], project)
    _translate(project, "zh", "{n} % of all", "占 {n}%")
    assert messages.main([], project) == 0
    with _catalogue_of(project, "zh", "mo").open("rb") as file:
        assert GNUTranslations(file).gettext("{n} % of all") == "占 {n}%"


@pytest.mark.parametrize(
    "faulty", ["{arbeiter} liefert {amount}.", "{worker} liefert.", "{worker} liefert {amount."]
)
def test_a_translation_with_other_gaps_is_named_and_left_out(
    faulty: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages.main(["--add", "de"], project)
    _translate(project, "de", "{worker} ships {amount}.", faulty)
    assert messages.main([], project) == 1
    assert "de: Expected the gaps ['amount', 'worker']" in capsys.readouterr().out
    with _catalogue_of(project, "de", "mo").open("rb") as file:
        found = GNUTranslations(file).gettext("{worker} ships {amount}.")
    assert found == "{worker} ships {amount}."


@pytest.mark.parametrize(
    ("forms", "code", "shown"),
    [
        (["eine Runde", "{n} Runden"], 0, ["eine Runde", "5 Runden"]),
        (["", "{n} Runden"], 0, ["1 lap", "5 laps"]),
        (["{n} Runde", "{m} Runden"], 1, ["1 lap", "5 laps"]),
    ],
)
def test_a_counted_sentence_needs_all_its_forms_and_no_gap_of_its_own(
    forms: list[str], code: int, shown: list[str], project: Path
) -> None:
    messages.main(["--add", "de"], project)
    messages.main([], project)
    path = _catalogue_of(project, "de", "po")
    text = path.read_text("utf-8")
    for place, form in enumerate(forms):
        text = text.replace(f'msgstr[{place}] ""', f'msgstr[{place}] "{form}"')
    path.write_text(text, encoding="utf-8")
    assert messages.main([], project) == code
    with _catalogue_of(project, "de", "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    found = [compiled.ngettext("{n} lap", "{n} laps", n).format(n=n) for n in (1, 5)]
    assert found == shown


@pytest.mark.parametrize(
    "call",
    ['_(f"{n} laps")', '_("a" + n)', '_("{n}".format(n=n))', 'ngettext("a lap", f"{n} laps", n)'],
)
def test_a_text_that_no_catalogue_can_hold_is_named(
    call: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "backprop_lib" / "wrong.py").write_text(f"def show(n):\n    return {call}\n")
    assert messages.main([], project) == 1
    assert "backprop_lib/wrong.py, line 2: no catalogue can hold" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["nonsense", "", "../de"])
def test_adding_no_language_is_refused(
    code: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert messages.main(["--add", code], project) == 1
    assert "Expected the code of a language" in capsys.readouterr().out


def test_a_language_is_added_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.main(["--add", "de"], project)
    before = _catalogue_of(project, "de", "po").read_bytes()
    assert messages.main(["--add", "de"], project) == 1
    assert "There is a catalogue for de already" in capsys.readouterr().out
    assert _catalogue_of(project, "de", "po").read_bytes() == before


def test_our_own_catalogues_are_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    code = messages.main(["--check"])
    assert code == 0, capsys.readouterr().out
