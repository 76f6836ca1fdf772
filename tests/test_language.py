"""A language of one's own: full-width words, other stops, and a comma in numbers.

Its catalogue is made of the template and compiled as a translator's is, so that all which is shown
goes the way of a real language.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from languages import FIELD
from picture_reader import faults, texts
from views import KINDS

import backprop_lib as bp
from backprop_lib import i18n
from backprop_lib.checks.result import check_each, check_number
from backprop_lib.i18n import listed, number, sentences, set_language
from backprop_lib.pictures.svg import breadth
from backprop_lib.widgets.explorer import View

STOPS = {",": "，", ":": "：", ";": "；", ".": "。", "?": "？", "!": "！", "": ""}
WIDE = "[\u3000-\u9fff\uff00-\uffef]"


def translated(message: str) -> str:
    """Two letters become one of full width, and full-width stops stand without blanks."""
    if message == ".":
        return ","
    parts = FIELD.split(message)
    for place, part in enumerate(parts):
        if not FIELD.fullmatch(part):
            part = re.sub("[A-Za-z]+", lambda word: "字" * math.ceil(len(word[0]) / 2), part)
            parts[place] = re.sub("[,:.;] |[.?!:]$| ", lambda stop: STOPS[stop[0].strip()], part)
    return "".join(parts)


@pytest.fixture(scope="module", autouse=True)
def full_width(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The language "zh", as long as a module's tests run."""
    folder = tmp_path_factory.mktemp("locale")
    path = folder / "zh" / "LC_MESSAGES" / "backprop_lib.mo"
    path.parent.mkdir(parents=True)
    catalog = Catalog(locale="zh")
    with (Path(i18n.catalogues.CATALOGUES) / "backprop_lib.pot").open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str) and message.id:
                catalog.add(message.id, translated(message.id))
            elif message.id:
                catalog.add(message.id, (translated(message.id[1]),))
    with path.open("wb") as file:
        write_mo(file, catalog)
    before = i18n.catalogues.CATALOGUES
    i18n.catalogues.CATALOGUES = str(folder)
    set_language("zh")
    yield
    set_language("en")
    i18n.catalogues.CATALOGUES = before


def test_lists_sentences_and_numbers_are_the_languages_own() -> None:
    assert listed(["甲", "乙", "丙"]) == "甲，乙，丙"
    assert sentences("甲。", "", "乙。") == "甲。乙。"
    assert (number(-0.84), number(1.5e-9), number(3)) == ("−0,84", "1,5 × 10⁻⁹", "3")
    result = check_each([2, 5], ["甲", "乙"], lambda answer, n: check_number(answer, 2.5 + n))
    assert re.fullmatch(r"✗ 字+。甲：字+2。字+。", str(result)), str(result)


# ---- views --------------------------------------------------------------------------------------


def said(view: View) -> Iterator[str]:
    """Every text that a learner reads or hears, but the formulas, which are the same everywhere."""
    yield from (view.title, view.caption, view.description)
    yield from (line.text for line in view.lines)
    yield from (control["label"] for control in view.controls if "label" in control)
    yield from texts(view.picture)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_joined_as_english_is(kind: str) -> None:
    for explorer in KINDS[kind]():
        for text in said(explorer.draw()):
            assert not re.search(f"{WIDE}[,;:.]? +{WIDE}|{WIDE}[.,;:]", text), text
            assert not re.search(r"\d\.\d", text), text


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_fits(kind: str) -> None:
    for explorer in KINDS[kind]():
        picture = explorer.draw().picture
        assert faults(picture) == set(), explorer


def test_widths_are_those_of_full_width_letters() -> None:
    assert breadth("字ab") == 4


# ---- the code -----------------------------------------------------------------------------------

HOUSE = Path(bp.__file__).parent
# Code, sums, commands of a picture, and names of states and columns are no words. The codes of
# languages are known before any language is.
NO_WORDS = {
    "', '.join(map(shown, value))", "', '.join(map(str, place))", "', '.join(parts)",
    "', '.join((f'{name}={getattr(self, name)!r}' for name in names))",
    "' '.join(map(str, levels[SIDE * row:SIDE * (row + 1)]))",
    "' '.join((part if isinstance(part, str) else _attribute(part) for part in commands))",
    "', '.join(languages())", "', '.join(known.values())",
    "f'{text} {sign} {other.later}'",
    """f"{f' {sign} '.join(written)} {('=' if exact else '≈')} {number(result)}\"""",
    """f"{text} {('=' if _is_exact(result) else '≈')} {number(result)}\"""",
    "f'{mark} {reading.answer}'",
    "f'{self.factory} {self.chosen} {self.path}'",
    "f'{type(error).__name__}: {error}'", "f'{name}: {word}'",
}  # fmt: skip


def joined_by_hand(code: str) -> list[str]:
    """Where texts are joined as English has it: ", ".join(...), or f"{one} {other}".

    " ".join(text.split()) only tidies a text, and what has numbers of a set form is drawn.
    """
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            sign = node.func.value
            if node.func.attr != "join" or not isinstance(sign, ast.Constant):
                continue
            if re.fullmatch("[,;.]? ", str(sign.value)) and "split()" not in ast.unparse(node):
                found.append(ast.unparse(node))
        elif isinstance(node, ast.JoinedStr):
            gaps = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            between = {part.value for part in node.values if isinstance(part, ast.Constant)}
            plain = len(gaps) > 1 and not any(gap.format_spec for gap in gaps)
            if plain and between and between <= {" ", ", ", ". ", "; ", ": "}:
                found.append(ast.unparse(node))
    return found


def test_whoever_joins_by_hand_is_found() -> None:
    assert joined_by_hand('", ".join(names)') == ["', '.join(names)"]
    for sign in (" ", ", ", ". ", "; ", ": "):
        assert joined_by_hand(f"f'{{told}}{sign}{{why}}'") == [f"f'{{told}}{sign}{{why}}'"]
    assert joined_by_hand('"".join(a), " ".join(a.split()), f"M{x:.1f} {y:.1f}", f"{n} px"') == []


def test_no_words_are_joined_by_hand() -> None:
    found = {
        (path.relative_to(HOUSE).as_posix(), joined)
        for path in HOUSE.rglob("*.py")
        for joined in joined_by_hand(path.read_text(encoding="utf-8"))
        if joined not in NO_WORDS
    }
    assert found == set()
