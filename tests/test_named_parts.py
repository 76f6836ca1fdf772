"""A picture knows its parts by name: joined they are it, and from moment to moment few change."""

from __future__ import annotations

import copy
import json
import pickle
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

import backprop_lib as bp
from backprop_lib.datasets import digits
from backprop_lib.pictures.svg import Picture, picture, tag
from backprop_lib.widgets import (
    ChainRuleExplorer,
    DigitPad,
    FactoryFloor,
    GradientExplorer,
    LearningRateExplorer,
    LossExplorer,
    NeuronExplorer,
    TrainingPlayground,
)
from backprop_lib.widgets.explorer import Explorer


def drawn(explorer: Explorer, **settings: Any) -> Picture:
    """The picture of an explorer after these moves."""
    for name, value in settings.items():
        setattr(explorer, name, value)
    found = explorer.draw().picture
    assert isinstance(found, Picture)
    return found


def large_floor() -> FactoryFloor:
    data, network = digits().test, bp.Network.random([64, 12, 10], "relu", "softmax")
    order = data.inputs[:1], data.targets[:1]
    return FactoryFloor(network, *order, bp.CategoricalCrossEntropy())


# An explorer, and moves of it through several moments of one picture.
MOMENTS: dict[str, tuple[Any, list[dict[str, Any]]]] = {
    "floor": (FactoryFloor.lemonade, [{"position": n} for n in range(7)]),
    "turns": (lambda: FactoryFloor.lemonade(pace="worker"), [{"position": n} for n in range(13)]),
    "summary": (large_floor, [{"position": n} for n in range(7)]),
    "paths": (ChainRuleExplorer, [{"chosen": one} for one in ([0, 0, 0], [1, 0, None], None)]),
    "one knob": (
        lambda: GradientExplorer.lemonade(),
        [{"weight": w, "nudge": h} for w in (0.5, 1.0) for h in (1e-9, 0.5)],
    ),
    "all knobs": (lambda: GradientExplorer.lemonade(shows="all"), [{"knob": n} for n in range(13)]),
    "rates": (LearningRateExplorer, [{"lap": n} for n in range(0, 11, 2)]),
    "loss": (lambda: LossExplorer([3.0, 1.0], [1.0, 2.0]), [{"chosen": n} for n in (0, 1)]),
    "neuron": (NeuronExplorer, [{"bias": b} for b in (-2.0, 0.0, 2.0)]),
    "pad": (DigitPad, [{"order": n} for n in range(10)]),
    "playground": (TrainingPlayground, [{"chosen": one} for one in (None, [0, 0], [1, 2])]),
}


@pytest.fixture(scope="module", params=list(MOMENTS))
def pictures(request: pytest.FixtureRequest) -> list[Picture]:
    make, moves = MOMENTS[request.param]
    explorer = make()
    return [drawn(explorer, **move) for move in moves]


def test_the_parts_in_their_order_are_the_whole(pictures: list[Picture]) -> None:
    for one in pictures:
        assert "".join(one.parts.values()) == one
        first, *inside, last = one.parts.items()
        assert (first[0], last) == ("open", ("close", "</svg>"))
        for name, part in inside:
            assert name.strip()
            ET.fromstring(f"<g>{part}</g>")  # whole elements only


def test_a_part_has_the_same_name_in_every_moment(pictures: list[Picture]) -> None:
    assert all(list(one.parts) == list(pictures[0].parts) for one in pictures)
    assert len(set(pictures)) > 1


def test_what_can_be_pressed_is_a_whole_button(pictures: list[Picture]) -> None:
    for one in pictures:
        root = ET.fromstring(one)
        pressed = [e for e in root.iter() if {"role", "data-trait"} & set(e.attrib) and e != root]
        for button in pressed:
            assert (button.get("role"), button.get("class")) == ("button", "bpf-pressable")
            assert button.get("data-trait")
            json.loads(button.get("data-value", ""))
            assert button.get("aria-pressed") in ("true", "false")
            assert button.get("tabindex") in ("0", "-1")
            assert button.get("aria-label")
            assert button.get("data-lm-suppress-shortcuts") == "true"
        assert not pressed or any(button.get("tabindex") == "0" for button in pressed)


def changed(before: Picture, after: Picture) -> set[str]:
    return {name for name, part in after.parts.items() if before.parts[name] != part}


def test_from_worker_to_worker_only_their_cards_their_ways_and_the_band_change() -> None:
    floor = FactoryFloor.lemonade(pace="worker")
    lap = [drawn(floor, position=n) for n in range(len(floor.moments))]
    steps = [changed(*pair) for pair in pairwise(lap)]
    # Order, Ana, Bo, Cy, taster, loss, the notes to taster, Ana, Bo, Cy, lemons, sugar, update.
    assert steps[1] == {"card 0 0", "card 0 1", "belts 0", "belts 1", "band"}
    assert steps[2] == {"card 0 1", "card 0 2", "belts 0", "belts 1", "band"}
    ways = {"lanes 1", "loads 1", "belts 0", "belts 1"}
    assert steps[7] == {"card 0 0", "card 0 1", *ways, "band"}
    assert steps[10] == {"materials", "lanes 0", "loads 0", "band"}
    assert sum(map(len, steps)) < 0.5 * len(steps) * len(lap[0].parts)


@pytest.mark.parametrize(("pace", "share"), [("floor", 0.7), ("worker", 0.5)])
def test_each_part_once_is_much_less_than_every_moment(pace: str, share: float) -> None:
    floor = FactoryFloor.lemonade(pace=pace)
    lap = [drawn(floor, position=n) for n in range(len(floor.moments))]
    kept = {part for one in lap for part in one.parts.values()}
    assert sum(map(len, kept)) < share * sum(map(len, lap))


def test_a_copy_of_a_picture_knows_its_parts_too() -> None:
    one = picture(20, 10, tag("circle", r=1), title="Dots", second=tag("circle", r=2))
    assert list(one.parts) == ["open", "0", "second", "close"]
    for other in (copy.deepcopy(one), copy.copy(one), pickle.loads(pickle.dumps(one))):
        assert (other, other.parts) == (one, one.parts)
