"""The chain rule explorer: its sums are the engine's, its picture shows them, nothing breaks it."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from picture_reader import Box, faults, meeting, parts, text_boxes, texts, thing_boxes

import backprop_lib as bp
from backprop_lib.datasets import (
    lemonade,
    lemonade_factory,
    two_products,
    two_products_factory,
)
from backprop_lib.i18n import number
from backprop_lib.pictures.things import brief
from backprop_lib.study.nudging import Knob
from backprop_lib.study.paths import Amount, Link, gradient_at, paths
from backprop_lib.widgets import ChainRuleExplorer
from backprop_lib.words.paths import symbol

pytestmark = pytest.mark.filterwarnings("error")

FACTORIES = {
    "lemonade": (lemonade_factory, lemonade),
    "two products": (two_products_factory, two_products),
}


def all_starts(factory: str) -> Iterator[list[int | None]]:
    sizes = FACTORIES[factory][0]().sizes
    for layer, (before, after) in enumerate(pairwise(sizes)):
        for worker in range(after):
            yield from ([layer, source, worker] for source in (*range(before), None))
    for layer, size in enumerate(sizes):
        yield from ([layer, place, None] for place in range(size))


STARTS = [(factory, start) for factory in FACTORIES for start in all_starts(factory)]
EACH = pytest.mark.parametrize(("factory", "chosen"), STARTS)


def as_start(chosen: list[int | None]) -> Any:
    layer, source, worker = chosen
    return Amount(layer, source) if worker is None else Knob(layer, worker, source)


def engine(factory: str, chosen: list[int | None]) -> float:
    """What the backward pass says, far from any path."""
    network, order = FACTORIES[factory][0](), FACTORIES[factory][1]()
    last = bp.steps(network, order.inputs, order.targets)[-1]
    return gradient_at(bp.Gradients(last.gradients, last.inputs_gradient), as_start(chosen))


def plain(text: str) -> float:
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    text = re.sub(r" × 10([⁻⁰-⁹¹²³]+)", lambda m: f"e{m[1].translate(powers)}", text)
    return float(text.strip("() .").replace("−", "-"))


# ---- sums ---------------------------------------------------------------------------------------


@EACH
def test_the_sums_are_the_engines(factory: str, chosen: list[int | None]) -> None:
    explorer = ChainRuleExplorer(factory, chosen)
    expected = engine(factory, chosen)
    view = explorer.view
    assert plain(re.split("[=≈]", view["formula"])[-1]) == pytest.approx(expected, rel=6e-4)
    if expected:
        times = f"{'up' if expected > 0 else 'down'} by {number(abs(expected))} times that bit."
        assert view["caption"].endswith(times)
    else:
        assert view["caption"].endswith("the loss does not move.")
    count = len(explorer.ways)
    assert f"{count} path" in view["caption"]
    assert len(view["lines"]) == (count + 1 if count > 1 else len(explorer.ways[0].links) + 1) - (
        len(explorer.ways[0].links) == 1
    )
    for way, (_label, text) in zip(explorer.ways, view["lines"], strict=False):
        if count > 1:
            left, result = re.split(" [=≈] ", text)
            assert [plain(one) for one in left.split(" × ")] == pytest.approx(way.slopes, rel=6e-4)
            assert plain(result) == pytest.approx(way.product, rel=6e-4)


@EACH
def test_every_equals_sign_is_true_and_the_rest_is_said_to_be_about(
    factory: str, chosen: list[int | None]
) -> None:
    explorer = ChainRuleExplorer(factory, chosen)
    for path in range(explorer.most + 1):
        explorer.path = path
        for text in (explorer.view["formula"], *(text for _label, text in explorer.view["lines"])):
            for side, sign, other in re.findall(r"([^=≈]+?) ([=≈]) (?=([^=≈]+))", text):
                if re.search("[∂a-z]", side + other):
                    continue
                left = eval(side.replace("×", "*").replace("÷", "/").replace("−", "-"))
                exact = math.isclose(left, plain(other), rel_tol=1e-12, abs_tol=1e-15)
                assert exact or sign == "≈", text
                assert left == pytest.approx(plain(other), rel=2e-3), text


def test_the_course_and_mazur() -> None:
    explorer = ChainRuleExplorer()
    assert explorer.view["formula"].endswith("∂L/∂o = 2 × 1 × 2 × 4 = 16")
    explorer.chosen = [0, 0, None]
    assert explorer.view["formula"] == "∂L/∂x = 8 + 1 + 0 = 9"
    explorer.chosen = [0, 1, None]
    assert explorer.view["formula"] == "∂L/∂x = −8 + 2 + 0 = −6"
    explorer.factory, explorer.chosen = "two products", [0, 0, 0]
    assert explorer.view["formula"] == "∂L/∂w = 0.0006684 + (−0.0002298) ≈ 0.0004386"
    assert len(explorer.ways) == 2


def test_the_symbols_of_a_path_cancel() -> None:
    for factory, chosen in STARTS:
        explorer = ChainRuleExplorer(factory, chosen)
        network = FACTORIES[factory][0]()
        gates = [layer.activation != "identity" for layer in network.layers]
        for way in explorer.ways:
            chain = [symbol(link, gates).replace("∂", "").split("/") for link in way.links]
            assert [over for over, _ in chain[:-1]] == [under for _, under in chain[1:]]
            assert chain[-1] == ["L", "o"]
    no_gate = [False, True]
    assert symbol(Link("knob", 0, 0, 0, 1.0), no_gate) == "∂a₁/∂w"


def test_one_path_at_a_time() -> None:
    explorer = ChainRuleExplorer(chosen=[0, 0, None])
    pictures = {explorer.view["picture"]}
    for path, product in enumerate((8, 1, 0), start=1):
        explorer.path = path
        assert f"Path {path} of 3 alone" in explorer.view["caption"]
        assert f"= {product}. The other paths" in explorer.view["caption"]
        assert explorer.view["formula"].endswith(f"= {product}")
        assert explorer.view["lines"][-1][1].endswith(f"= {product}")
        pictures.add(explorer.view["picture"])
    assert len(pictures) == 4
    assert "for it is shut" in explorer.view["lines"][1][1]


# ---- settings -----------------------------------------------------------------------------------


def test_a_click_chooses_and_a_second_one_lets_go() -> None:
    explorer = ChainRuleExplorer()
    explorer.set_state({"chosen": [1, None, 0]})
    assert "taster, pinch" in explorer.view["caption"]
    explorer.set_state({"chosen": None})
    assert explorer.view["lines"] == []
    assert "Choose a knob or a crate" in explorer.view["caption"]
    assert "bpf-slope" not in explorer.view["picture"]
    assert explorer.ways == ()


def test_the_list_of_paths_names_them_and_takes_what_the_page_sends() -> None:
    explorer = ChainRuleExplorer(chosen=[0, 0, None])
    (control,) = [one for one in explorer.view["controls"] if one["trait"] == "path"]
    assert control["options"] == [
        (0, "all 3, added"),
        (1, "1: lemons → Ana → taster → loss"),
        (2, "2: lemons → Bo → taster → loss"),
        (3, "3: lemons → Cy → taster → loss"),
    ]
    explorer.set_state({"path": 2})
    assert explorer.path == 2
    explorer.chosen = [0, 0, 0]
    assert explorer.path == 0
    (control,) = [one for one in explorer.view["controls"] if one["trait"] == "path"]
    assert control["options"] == [(0, "the only one")]


def test_another_factory_keeps_what_is_there_and_drops_what_is_not() -> None:
    explorer = ChainRuleExplorer(chosen=[0, 1, None], path=3)
    explorer.factory = "two products"
    assert (explorer.chosen, explorer.path) == ([0, 1, None], 3)
    explorer.path = 4
    explorer.factory = "lemonade"
    assert (explorer.chosen, explorer.path) == ([0, 1, None], 0)
    explorer.chosen = [1, 2, 0]
    explorer.factory = "two products"
    assert (explorer.chosen, explorer.path) == ([0, 0, 0], 0)
    explorer.set_state({"factory": "lemonade", "chosen": [0, 0, 2], "path": 0})
    assert (explorer.factory, explorer.chosen) == ("lemonade", [0, 0, 2])


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


NONSENSE: list[Any] = [
    "lemons", "", b"ab", math.nan, math.inf, -1, 10**2, 10**5000, 1.5, 1j, True, [], [1], [0, 0],
    [0, 0, 0, 0], [[0, 0, 0]], ["0", 0, 0], [0, 0, True], [0.0, 0, 0], [None, 0, 0],
    [0, None, None], [None, None, None], [0, 0, 99], [0, 99, 0], [9, 0, 0], [3, 0, None],
    [0, -1, 0], [10**5000, 0, 0], {"chosen": 1}, {0, 1, 2}, (n for n in (0, 0, 0)), np.zeros(3),
    len, object(), Unspeakable(), [Unspeakable(), 0, 0], ..., "５", "²", "-1", "99", "0 ", range(5),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(NONSENSE)))
def test_nonsense_leaves_all_as_it_was_and_is_answered_in_a_sentence(place: int) -> None:
    explorer = ChainRuleExplorer(chosen=[0, 0, None], path=2)
    before, value = explorer.view, NONSENSE[place]
    for name in ("factory", "chosen", "path"):
        setattr(explorer, name, value)
        kept = (explorer.factory, explorer.chosen, explorer.path)
        assert kept == ("lemonade", [0, 0, None], 2), name
        message = explorer.view["message"]
        assert re.fullmatch(r"Expected .* came; try .*\.", message), message
        assert len(message) < 300
        assert {**explorer.view, "message": ""} == {**before, "message": ""}
    explorer.path = 1
    assert explorer.view["message"] == ""


def test_none_is_for_what_is_chosen_only() -> None:
    explorer = ChainRuleExplorer()
    for name in ("factory", "path"):
        setattr(explorer, name, None)
        assert explorer.view["message"].startswith("Expected")
    assert (explorer.factory, explorer.path) == ("lemonade", 0)


def test_a_bad_first_setting_is_refused() -> None:
    for more in ({"factory": "cake"}, {"chosen": [9, 0, 0]}, {"path": 1}, {"chosen": "Ana"}):
        with pytest.raises((TypeError, ValueError), match=r"Expected .* came"):
            ChainRuleExplorer(**more)


def test_another_start_begins_with_all_of_its_paths() -> None:
    explorer = ChainRuleExplorer("two products", chosen=[0, 0, 0])
    explorer.set_state({"path": 2})
    explorer.set_state({"chosen": [0, 0, None]})
    assert (explorer.path, explorer.chosen) == (0, [0, 0, None])
    assert "4 paths lead to the loss" in explorer.view["caption"]
    explorer.set_state({"chosen": [0, 1, None], "path": 3})
    assert explorer.path == 3
    explorer.set_state({"chosen": [9, 9, 9]})  # refused: all stays
    assert (explorer.path, explorer.chosen) == (3, [0, 1, None])


# ---- picture ------------------------------------------------------------------------------------


def crowded_pills(picture: str) -> list[tuple[str, str]]:
    """The slopes' pills that lie on a word, a crate or another pill, or are too narrow."""
    drawn = parts(picture)
    pills = []
    for part in drawn:
        if part.name == "rect" and "bpf-slope" in part.kinds:
            wide, high = (float(part.element.get(key, 0)) for key in ("width", "height"))
            top = part.y + float(part.element.get("y", 0))
            (text,) = (child.text for child in part.parents[-1] if child.text)
            pills.append(Box(part.x, top, part.x + wide, top + high, text, part.parents[-1]))
    words = text_boxes(drawn)
    others = [one for one in words if one.group not in [pill.group for pill in pills]]
    found = meeting(pills, others + thing_boxes(drawn))
    found += [(one, other) for one, other in meeting(pills, pills) if one is not other]
    for pill in pills:
        (own,) = (one for one in words if one.group is pill.group)
        # The reader of pictures takes digits and points for wider than they are.
        if own.right - own.left > pill.right - pill.left:
            found.append((pill, own))
    return [(one.what, other.what) for one, other in found]


@pytest.mark.parametrize(
    ("chosen", "ringed"), [([0, 0, 0], "2"), ([0, 1, 1], "1"), ([1, 2, 0], "0"), ([0, None, 0], "")]
)
def test_what_is_delivered_to_a_knob_is_lit_with_it(chosen: list[int | None], ringed: str) -> None:
    drawn = parts(ChainRuleExplorer(chosen=chosen).view["picture"])
    rings = [part for part in drawn if "bpf-delivered" in part.kinds]
    assert len(rings) == len(ringed) == sum("bpf-lit" in part.kinds for part in drawn)
    for ring in rings:
        x, y, wide = (float(ring.element.get(key, "")) for key in ("x", "y", "width"))
        crates = [part for part in drawn if "bpf-on-crate" in part.kinds]
        inside = [one.text for one in crates if x < one.x < x + wide and y < one.y < y + 31]
        assert inside == [ringed]


def test_a_crowded_pill_is_seen() -> None:
    picture = ChainRuleExplorer(chosen=[0, 0, 0]).view["picture"]
    assert crowded_pills(picture) == []
    assert crowded_pills(picture.replace('y="-10"', 'y="14"', 1)) != []
    assert crowded_pills(picture.replace('width="62"', 'width="12"')) != []


@EACH
def test_the_picture_shows_the_slopes_and_nothing_overlaps(
    factory: str, chosen: list[int | None]
) -> None:
    explorer = ChainRuleExplorer(factory, chosen)
    for path in range(explorer.most + 1):
        explorer.path = path
        lit = explorer.ways[path - 1 : path] if path else explorer.ways
        pieces = {(link.kind, link.layer, link.source, link.worker): link.slope
                  for way in lit for link in way.links}  # fmt: skip
        picture = explorer.view["picture"]
        shown = sorted(texts(picture, "bpf-gradient"))
        assert shown == sorted(f"× {brief(slope)}" for slope in pieces.values())
        assert picture.count("bpf-chosen") == 1
        assert faults(picture) == set()
        assert crowded_pills(picture) == []


@pytest.mark.parametrize("factory", FACTORIES)
def test_every_amount_is_on_the_picture_and_every_knob_can_be_chosen(factory: str) -> None:
    picture = ChainRuleExplorer(factory, None).view["picture"]
    network, order = FACTORIES[factory][0](), FACTORIES[factory][1]()
    buttons = [part.element for part in parts(picture) if part.element.get("role") == "button"]
    values = [json.loads(one.get("data-value", "")) for one in buttons]
    assert sorted(map(str, values)) == sorted(map(str, all_starts(factory)))
    labels = [one.get("aria-label", "") for one in buttons]
    assert len(set(labels)) == len(labels)
    for one, value, label in zip(buttons, values, labels, strict=True):
        assert (one.get("tabindex"), one.get("aria-pressed")) == ("0", "false")
        assert one.get("data-trait") == "chosen"
        start = as_start(value)
        if isinstance(start, Knob):
            assert plain(label.split(": ")[1]) == start.of(network.layers[start.layer])
    trace = network.forward(order.inputs)
    amounts = texts(picture, "bpf-on-crate")
    for work in trace.layers:
        assert {brief(float(amount)) for amount in work.activations[0]} <= set(amounts)
        mixes = {brief(float(mix)) for mix in work.pre_activations[0]}
        assert mixes <= set(texts(picture, "bpf-on-mix"))
    assert {brief(float(amount)) for amount in order.inputs[0]} <= set(amounts)
    assert {brief(float(amount)) for amount in order.targets[0]} <= set(texts(picture))
    assert brief(bp.MeanSquaredError().value(trace.output, order.targets)) in texts(picture)


def routes(explorer: ChainRuleExplorer) -> list[tuple[bool, set[str]]]:
    """The lit lines as they lie upon each other, each with its strokes: whether it is dotted."""
    return [
        ("bpf-nothing" in part.kinds, set(re.findall("[^M]+", part.element.get("d", "") + " ")))
        for part in parts(explorer.view["picture"])
        if "bpf-route" in part.kinds and "bpf-thin" not in part.kinds
    ]


def test_where_a_living_path_goes_no_dead_one_hides_it() -> None:
    explorer = ChainRuleExplorer(chosen=[0, 0, None])
    alone = []
    for path in (1, 2, 3):
        explorer.path = path
        alone += routes(explorer)
    assert [dotted for dotted, _strokes in alone] == [False, False, True]
    living, dead = alone[0][1] | alone[1][1], alone[2][1]
    assert living & dead  # the way from the taster's mix to the loss
    explorer.path = 0
    assert routes(explorer) == [(True, dead - living), (False, living)]


def test_a_path_that_brings_nothing_is_drawn_with_dots() -> None:
    explorer = ChainRuleExplorer(chosen=[0, 0, None], path=3)
    assert "bpf-route bpf-nothing" in explorer.view["picture"]
    routes = [part.kinds for part in parts(explorer.view["picture"]) if "bpf-route" in part.kinds]
    assert routes == [["bpf-route", "bpf-nothing"]]
    explorer.path = 1
    assert "bpf-nothing" not in explorer.view["picture"]
    explorer.path = 2
    assert "bpf-nothing" not in explorer.view["picture"]
    explorer.path = 0
    assert explorer.view["picture"].count("M -4 0 H 4 M 0 -4 V 4") == 1  # at the taster
    explorer.factory = "two products"
    assert explorer.view["picture"].count("M -4 0 H 4 M 0 -4 V 4") == 3  # o1, o2 and the loss


def test_the_picture_is_sound_svg_of_the_agreed_width() -> None:
    for factory, chosen in STARTS:
        root = ET.fromstring(ChainRuleExplorer(factory, chosen).view["picture"])
        *_corner, width, height = map(float, root.get("viewBox", "").split())
        assert 640 <= width <= 780
        assert height <= 520
        assert root.get("aria-label")


def test_what_is_saved_says_it_all_without_the_widget() -> None:
    explorer = ChainRuleExplorer("two products", [0, 0, 0])
    page = explorer._repr_mimebundle_()[0]["text/html"]
    assert 'alt="A factory of 2 → 2 → 2.' in page
    for text in ("h1 → o1 → loss", "h1 → o2 → loss", "0.0004386"):
        assert text in page
    assert repr(explorer).startswith("Paths to the loss | Start: h1, knob for i1. 2 paths lead")


def test_paths_agree_with_the_widgets_own() -> None:
    explorer = ChainRuleExplorer(chosen=[0, 1, None])
    assert explorer.ways == paths(lemonade_factory(), [2, 1], [1], Amount(0, 1))
