"""What holds of every explorer: moves, nonsense, words in any language, pictures, what is saved.

Each is made in its looks (see ``explorers.py``), and moved by what its own page offers, by values
of about the kind that its settings hold, and by values that nobody should give.
"""

from __future__ import annotations

import base64
import json
import math
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from explorers import KINDS, MADE, MAKERS, Move, again, offers, settings, strange, unsaid
from hostile import HOSTILE
from ipywidgets import Widget
from languages import Backwards, Foreign, english
from picture_reader import Page, faults, parts
from thorough import MOVES

from backprop_lib import i18n
from backprop_lib.widgets import FactoryFloor, GradientExplorer, Question
from backprop_lib.widgets.explorer import Explorer
from backprop_lib.widgets.page import STYLE
from backprop_lib.widgets.settings import OneOf, now

pytestmark = pytest.mark.filterwarnings("error")

Make = Callable[[], Explorer]
EACH = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
FIRST = pytest.mark.parametrize(
    "make", [MADE.get(kind, [kind])[0] for kind in KINDS], ids=[kind.__name__ for kind in KINDS]
)
SENTENCE = re.compile(r"Expected .*\.", re.S)


# ---- what is always so --------------------------------------------------------------------------


def assert_sound(explorer: Explorer) -> None:
    """What is shown can be sent, every picture is sound, and every control holds what is set."""
    json.dumps(settings(explorer), allow_nan=False)
    view = json.loads(json.dumps(explorer.view, allow_nan=False))
    assert (view["title"] and view["caption"]) or isinstance(explorer, Question)
    assert not re.search(r"\b(nan|inf|None)\b", view["caption"] + view["formula"])
    for key in ("picture", "timeline"):
        if view[key]:
            assert_sound_picture(view[key])
    if view["picture"]:
        assert view["description"]
        assert faults(view["picture"]) == set()
    assert_sound_controls(explorer)


STYLED = set(re.findall(r"\.(bpf-[\w-]+)", STYLE))


def assert_sound_picture(picture: str) -> None:
    drawn = parts(picture)
    assert drawn[0].element.get("role") == "img" or drawn[0].element.get("role") == "group"
    for part in drawn:
        assert not {"id", "href"} & set(part.element.attrib) or part.name == "image"
        for key, value in part.element.attrib.items():
            if key not in ("aria-label", "class", "href", "preserveAspectRatio"):
                assert not re.search(r"\b(nan|inf|none)\b", value, re.I), (key, value)
        assert set(part.kinds) - STYLED <= PLAIN, part.kinds
        if part.element.get("role") == "button":
            assert part.element.get("aria-label")
            assert part.element.get("data-lm-suppress-shortcuts") == "true"


# What has no look of its own, but is told apart by a script or a test.
PLAIN = {"bpf-on-order", "bpf-plus", "bpf-band", "bpf-active-route", "bpf-delivered",
         "bpf-on-mix"}  # fmt: skip


def assert_sound_controls(explorer: Explorer) -> None:
    names = set(explorer.setting_names())
    controls = explorer.view["controls"]
    assert len({one["label"] for one in controls}) == len(controls)
    for one in controls:
        assert one["label"]
        assert set(one.get("sets", ())) <= names
        assert one.get("trait") in {*names, None}
        if one["kind"] == "choice":
            assert getattr(explorer, one["trait"]) in [value for value, _words in one["options"]]
        if one["kind"] == "slider":
            held = getattr(explorer, one["trait"])
            held = held if one.get("place") is None else held[one["place"]]
            held = math.log10(held) if one.get("scale") == "log" else held
            assert one["text"]
            assert one["min"] < one["max"]


# ---- moves --------------------------------------------------------------------------------------


@EACH
def test_what_the_page_offers_is_taken_and_drawn_once(make: Make) -> None:
    for move in offers(make()):
        if "playing" in move:
            continue  # for which there has to be a page
        explorer, other, drawn, heard = make(), make(), [], []
        before, first = settings(explorer), explorer.view
        explorer.observe(lambda change, drawn=drawn: drawn.append(change["new"]), "view")
        explorer.observe(lambda change, heard=heard: heard.append(change["name"]), [*before])
        explorer.set_state(json.loads(json.dumps(move)))
        assert explorer.view["message"] == "", move
        for name, value in move.items():
            assert value is None or getattr(explorer, name) == value
        assert len(drawn) == (explorer.view != first), move
        assert sorted(heard) == sorted(n for n in before if getattr(explorer, n) != before[n])
        assert_sound(explorer)
        if len(move) == 1:
            ((name, value),) = move.items()
            setattr(other, name, value)
            assert settings(other) == settings(explorer)
            assert other.view == explorer.view
        explorer.set_state(before)
        assert explorer.view == first, move


@EACH
def test_random_moves_leave_it_sound_and_equal_settings_show_the_same(make: Make) -> None:
    explorer, dice = make(), random.Random(5)
    taken = 0
    for count in range(MOVES):
        move = a_move(explorer, dice)
        kept, view = settings(explorer), unsaid(explorer)
        explorer.set_state(move)
        if message := explorer.view["message"]:
            assert SENTENCE.fullmatch(message), (move, message)
            assert (settings(explorer), unsaid(explorer)) == (kept, view), move
            continue
        taken += 1
        if count % 10 == 0:
            assert_sound(explorer)
            # Equal settings, equal View, to the byte, however they came about.
            fresh = again(make, explorer)
            assert json.dumps(fresh.view) == json.dumps(unsaid(explorer)), settings(explorer)
    assert taken > MOVES // 3


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Question])
def test_without_a_page_it_draws_the_same(kind: Any) -> None:
    pure = kind.__mro__[1]
    assert not issubclass(pure, Widget)
    of_lemonade = kind in (FactoryFloor, GradientExplorer)
    shown, alone = ((one.lemonade if of_lemonade else one)() for one in (kind, pure))
    dice = random.Random(9)
    for _move in range(20):
        assert json.dumps(alone.view) == json.dumps(shown.view)
        move = a_move(shown, dice)
        shown.set_state(move)
        alone.take(move)


def a_move(explorer: Explorer, dice: random.Random) -> Move:
    if dice.random() < 0.4:
        return dice.choice(list(offers(explorer)))
    names = explorer.setting_names()
    chosen = names if dice.random() < 0.1 else [dice.choice(names)]
    return {name: strange(getattr(explorer, name), dice) for name in chosen}


# ---- nonsense -----------------------------------------------------------------------------------


def is_taken_as_given(kept: Any, given: Any) -> bool:
    """Whether a setting holds, as plain data, what came; None may leave a choice as it is."""
    if given is None or kept is given or (isinstance(given, str) and kept == given):
        return True
    try:
        return bool(np.ravel(kept).tolist() == np.asarray(given, dtype=float).ravel().tolist())
    except (TypeError, ValueError):
        return False


@FIRST
def test_nonsense_is_answered_in_a_sentence_and_changes_nothing(make: Make) -> None:
    explorer = make()
    kept, view = settings(explorer), unsaid(explorer)
    for kind, make_nonsense in HOSTILE.items():
        value = make_nonsense()
        for name in kept:
            setattr(explorer, name, value)
            if message := explorer.view["message"]:
                assert SENTENCE.fullmatch(message), (name, kind, message)
                assert len(message) <= 300, (name, kind)
                assert len(repr(explorer).splitlines()) == 1
            else:
                assert is_taken_as_given(getattr(explorer, name), value), (name, kind)
                json.dumps([settings(explorer), explorer.view], allow_nan=False)
                explorer.set_state(kept)
            assert (settings(explorer), unsaid(explorer)) == (kept, view), (name, kind)


@FIRST
def test_the_page_is_told_what_still_holds(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer, sent = make(), []
    monkeypatch.setattr(type(explorer), "send_state", lambda self, key=None: sent.append(key))
    for name in explorer.setting_names():
        sent.clear()
        explorer.set_state({name: "nonsense"})
        told = {key for one in sent for key in ([one] if isinstance(one, str) else one or [])}
        assert {name, "view"} <= told


@FIRST
def test_the_next_good_move_clears_the_message(make: Make) -> None:
    start = settings(make())
    good = next(m for m in offers(make()) if any(start[name] != m[name] for name in m))
    explorer = make()
    for name in explorer.setting_names():
        explorer.set_state({name: {"no": "setting"}})
        assert explorer.view["message"], name
        explorer.set_state(good)
        fresh = make()
        fresh.set_state(good)
        assert explorer.view == fresh.view
        explorer = make()


# ---- words --------------------------------------------------------------------------------------


def words(explorer: Explorer) -> Iterator[str]:
    """All that is said, in the page, in the pictures, in what is saved, and in one line of text."""
    view = explorer.view
    yield from (view[key] for key in ("title", "caption", "formula", "description", "message"))
    yield from (view["lines_title"], *(text for line in view["lines"] for text in line))
    for one in view["controls"]:
        if one["kind"] != "copy":  # a line of Python
            yield one.get("text", "")
        yield from (one[key] for key in SAID if key in one)
        yield from (name for name, _wait in one.get("speeds", ()))
        if one["kind"] == "choice":
            yield from (name for _value, name in one["options"])
    for key in ("picture", "timeline"):
        if view[key]:
            for part in ET.fromstring(view[key]).iter():
                yield from (part.text or "", part.get("aria-label", ""))
    yield from (repr(explorer), Page(explorer.fallback()).words)


SAID = ("label", "pause", "speed", "button", "done", "hint", "down", "up")


def speaking(make: Make) -> Iterator[Explorer]:
    """As it is made, after each move that the page offers, and refusing nonsense."""
    explorer = make()
    yield explorer
    for move in [*offers(explorer), *({name: 9999} for name in explorer.setting_names())]:
        explorer.set_state(move)
        yield explorer


CODE = {"ln", "sign", "Adam", "int", "own", "table"}  # what is called so in every language


def code(explorer: Explorer) -> set[str]:
    """The words that are values of settings, which a message may name."""
    kinds = (one for one in explorer.traits().values() if isinstance(one, OneOf))
    values = [value for kind in kinds for value in now(kind.options, explorer)]
    return CODE | set(re.findall("[A-Za-z]{2,}", str([*values, *settings(explorer).values()])))


@EACH
def test_no_english_word_is_left_in_another_language(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any(english(text) for text in words(make()))
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    left = {
        (word, text)
        for explorer in speaking(make)
        for text in words(explorer)
        for word in english(text)
        if word not in code(explorer)
    }
    assert left == set()


@EACH
def test_a_language_may_put_the_gaps_in_any_order(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n.catalogues, "_translations", Backwards())
    assert all(isinstance(text, str) for one in speaking(make) for text in words(one))


# ---- what is saved in a notebook ----------------------------------------------------------------


@EACH
def test_a_saved_explorer_says_and_shows_the_same_without_anything_else(make: Make) -> None:
    for explorer in speaking(make):
        data, _metadata = explorer._repr_mimebundle_()
        page = Page(data["text/html"])
        view = explorer.view
        if view["picture"]:
            (image,) = page.images
            assert image["alt"] == view["description"]
            assert len(image["alt"] or "") > 20
            kind, _comma, code = (image["src"] or "").partition(",")
            assert kind == "data:image/svg+xml;base64"
            picture = base64.b64decode(code, validate=True).decode()
            assert ET.fromstring(picture).find("{http://www.w3.org/2000/svg}style") is not None
            outside = picture.replace("http://www.w3.org/2000/svg", "")
            outside = re.sub(r'href="data:image/png;base64,[^"]*"', "", outside)
            assert not re.search(r"https?:|href|url\(|@import|<script|<foreignObject", outside)
        if not isinstance(explorer, Question):  # which does not give itself away
            said = page.words.replace("\u2063", "")
            assert view["caption"].replace("\u2063", "") in said
            assert view["formula"].replace("\u2063", "") in said
        assert data["text/plain"] == repr(explorer)
        assert len(repr(explorer).splitlines()) == 1
        assert not re.search("0x[0-9a-f]{4}|object at", repr(explorer))
        assert " ".join(view["title"].split()) in repr(explorer)


def test_every_kind_of_control_is_known_to_the_page() -> None:
    code = "".join({str(kind._esm) for kind in KINDS})
    known = set(re.findall(r"\w+", re.search(r"const KINDS = \{([^}]*)\}", code)[1]))
    used = {one["kind"] for make in MAKERS.values() for one in make().view["controls"]}
    assert used <= known
