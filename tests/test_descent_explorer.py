"""The learning rate explorer: its numbers, its names, its pictures, and moves of all kinds."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lessons
import numpy as np
import pytest
from picture_reader import faults, parts
from printed_sums import assert_comes_out

import backprop_lib as bp
from backprop_lib import LearningRateExplorer
from backprop_lib.i18n import number
from backprop_lib.study.descent import Bowl, descend, descend_factory, regime
from backprop_lib.widgets.descent_explorer import MOST_LAPS, RACERS, places
from backprop_lib.words.descent import regime_name, regime_told

pytestmark = pytest.mark.filterwarnings("error")

PLACES = tuple(places())
METHODS = ("plain", "momentum", "adam")
RATES = (0.001, 0.01, 0.1, 0.2, 0.35, 0.71, 1.0, 1.1, 3.2)


def settings(explorer: LearningRateExplorer) -> dict[str, Any]:
    return {name: getattr(explorer, name) for name in explorer.setting_names()}


# ---- numbers ------------------------------------------------------------------------------------


def test_the_ball_in_the_bowl_is_where_a_plain_loop_puts_it() -> None:
    explorer = LearningRateExplorer(learning_rate=0.1)
    w = 2.0
    for lap in range(11):
        explorer.lap = lap
        loss = number(w * w)
        shown = explorer.view["picture"]
        assert f">w = {number(w)}<" in shown
        assert f">loss {loss}<" in shown
        assert f"loss is {loss}." in explorer.view["caption"]
        if lap < 10:
            new = w - 0.1 * (2 * w)
            explorer.lap = lap + 1
            formula = f"= {number(w)} − 0.1 × {number(2 * w)} = {number(new)}"
            assert explorer.view["formula"].endswith(formula)
            w = new


@pytest.mark.parametrize("method", METHODS)
def test_only_a_plain_turn_of_a_factorys_knob_is_written_as_a_product(method: str) -> None:
    explorer = LearningRateExplorer(learning_rate=0.02, landscape="lemonade", method=method)
    for explorer.lap in (1, 2, 3):
        turn = explorer.view["formula"].rpartition(": ")[2]
        assert (" = " in turn, " → " in turn) == (method == "plain", method != "plain"), turn
        if method == "plain":
            assert_comes_out(turn)


def test_who_is_lost_on_a_way_that_ends_before_the_laps_shown() -> None:
    way = descend_factory(bp.datasets.lemonade_factory(), [2, 1], [1], bp.SGD(0.2), laps=4)
    told = regime_told("shut", way, 10, ["Ana", "Bo", "Cy"])
    assert told == regime_told("shut", way, 4, ["Ana", "Bo", "Cy"])
    assert told.startswith("The gates of Ana and Bo are shut for good")


@pytest.mark.parametrize("rate", RACERS)
def test_the_lemonade_shows_what_laps_of_the_engine_come_to(rate: float) -> None:
    explorer = LearningRateExplorer(learning_rate=rate, landscape="lemonade")
    network = bp.datasets.lemonade_factory()
    for lap in range(4):
        explorer.lap = lap
        last = bp.steps(network, [2, 1], [1], optimizer=bp.SGD(rate))[-1]
        assert f">product {number(last.trace.output.item())}, order 1" in explorer.view["picture"]
        if last.loss >= 1e-4:
            assert f">loss {number(last.loss)}<" in explorer.view["picture"]
        mixes = last.trace.layers[0].pre_activations[0]
        doors = [part for part in parts(explorer.view["picture"]) if "bpf-door" in part.kinds]
        # Three rows of gates, of which the column of this lap is the last.
        assert len(doors) == 3 * (lap + 1)
        assert [door.name == "path" for door in doors[lap :: lap + 1]] == (mixes > 0).tolist()
        network = last.updated


def test_the_race_shows_the_courses_table() -> None:
    race = LearningRateExplorer(learning_rate=0.2, landscape="race", lap=2)
    texts = [part.text for part in parts(race.view["picture"]) if part.name == "text"]
    shown = texts[texts.index("laps") :]
    losses = ("3.089", "0.1068", "0.001025", "0.5335", "1.166")
    rows = dict(zip(map(number, RACERS), losses, strict=True))
    for rate, loss in rows.items():
        assert shown[shown.index(rate) + 1] == loss
    assert race.view["caption"] == "After 2 laps the lowest loss is that of 0.02: 0.001025."
    assert shown.count("lowest") == 1
    race.lap = 0
    assert race.view["caption"] == "At the start all have the same loss, 4."
    race.learning_rate = 10.0
    race.lap = 10
    assert "gone" in race.view["picture"]


def test_the_same_gradients_are_turned_in_three_ways() -> None:
    ways = {method: LearningRateExplorer(method=method).way.points[:3, 0] for method in METHODS}
    np.testing.assert_allclose(ways["plain"], [2, 1.6, 1.28])
    # v = 4, then 0.5 × 4 + 3.2; Adam's first turn is the rate itself.
    np.testing.assert_allclose(ways["momentum"], [2, 1.6, 1.6 - 0.1 * 5.2])
    np.testing.assert_allclose(ways["adam"][:2], [2, 1.9], atol=1e-8)


# ---- names --------------------------------------------------------------------------------------


def test_each_regime_has_its_words_in_caption_and_picture() -> None:
    seen = set()
    for place in ("bowl", "lemonade"):
        for rate in RATES:
            explorer = LearningRateExplorer(learning_rate=rate, landscape=place)
            seen.add(explorer.regime)
            assert f">{regime_name(explorer.regime)}<" in explorer.view["picture"]
            stem = {"explodes": "explodes", "bounces": "for ever", "shut": "shut for good"}
            stem |= {"crawls": "crawls", "smooth": "smooth", "zig-zag": "zig-zag"}
            assert stem[explorer.regime] in explorer.view["caption"]
    explorer = LearningRateExplorer(start_at=0)
    assert "rests" in explorer.view["caption"]
    assert seen | {"rests"} == set(stem) | {"rests"}


def test_the_names_of_those_whose_gates_are_shut() -> None:
    explorer = LearningRateExplorer(learning_rate=0.1, landscape="lemonade")
    assert "The gate of Ana is shut for good" in explorer.view["caption"]
    assert "pinch" not in explorer.view["caption"]
    explorer.learning_rate = 0.2
    assert "The gates of Ana and Bo are shut for good" in explorer.view["caption"]
    assert "Only the pinch of the last floor still learns." in explorer.view["caption"]


def test_an_explosion_ends_the_path_with_a_word() -> None:
    explorer = LearningRateExplorer(learning_rate=3.2)
    assert explorer.way.exploded
    assert f"beyond all bounds after lap {explorer.way.laps}" in explorer.view["picture"]
    assert "off the picture" in explorer.view["picture"]
    assert explorer.lap == 10
    explorer.lap = 1
    assert "beyond all bounds" not in explorer.view["picture"]


def test_the_valley_is_told() -> None:
    explorer = LearningRateExplorer(landscape="two valleys")
    assert "shallow valley" in explorer.view["caption"]
    explorer.learning_rate = 0.35
    assert "deep valley" in explorer.view["caption"]
    explorer.lap = 0
    assert "shallow valley" in explorer.view["caption"]


def test_at_the_start_nothing_is_told_of_what_will_happen() -> None:
    for place in PLACES:
        views = [
            LearningRateExplorer(learning_rate=rate, landscape=place, lap=0).view["caption"]
            for rate in (0.01, 1.1)
        ]
        assert views[0] == views[1]
    assert views[0] == "At the start all have the same loss, 4."
    assert "Ready" in LearningRateExplorer(lap=0).view["caption"]


# ---- settings -----------------------------------------------------------------------------------


def test_another_landscape_begins_at_its_own_start() -> None:
    explorer = LearningRateExplorer(start_at=1)
    starts = {}
    for place in (*PLACES, "bowl"):
        explorer.landscape = place
        starts[place] = explorer.start_at
    assert starts.items() >= {
        "bowl": [2.0], "two valleys": [3.0], "long valley": [3.0, 1.0],
        "lemonade": [0.0], "race": [0.0],
    }.items()  # fmt: skip


NONSENSE: dict[str, list[Any]] = {
    "learning_rate": [0, -1, math.nan, math.inf, "0.1", None, [0.1], True, 1j, 10**400],
    "landscape": ["moon", None, 3, [], {}, "", "x" * 5000],
    "start_at": [[4], [1, 2], [math.nan], [], "here", None, [[1]], [1, 2, 3], {"a": 1}, 1j],
    "lap": [-1, 11, 1.5, "3", None, math.nan, [1], 10**400],
    "method": ["newton", None, 3, [], "PLAIN"],
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_answered_in_a_sentence_and_changes_nothing(name: str) -> None:
    explorer = LearningRateExplorer()
    kept, view = settings(explorer), explorer.view
    for value in NONSENSE[name]:
        setattr(explorer, name, value)
        assert settings(explorer) == kept
        message = explorer.view["message"]
        assert re.match(r"Expected .* came", message), (value, message)
        assert len(message) < 300
        assert {**explorer.view, "message": ""} == view
        with pytest.raises((TypeError, ValueError), match="Expected"):
            LearningRateExplorer(**{name: value}) if value is not None or name not in (
                "start_at",
                "lap",
            ) else explorer.traits()[name].check(explorer, value)
    explorer.lap = 3
    assert explorer.view["message"] == ""


def test_nonsense_laps_are_refused() -> None:
    for laps in (0, -1, 1.5, "10", MOST_LAPS + 1):
        with pytest.raises((TypeError, ValueError), match="Expected"):
            LearningRateExplorer(laps=laps)  # type: ignore[arg-type]
    assert LearningRateExplorer(laps=1).view["caption"]
    assert LearningRateExplorer(laps=MOST_LAPS, landscape="lemonade").view["caption"]


# ---- pictures -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def looks() -> list[LearningRateExplorer]:
    return list(all_looks())


def all_looks() -> Iterator[LearningRateExplorer]:
    for place in PLACES:
        for rate in RATES:
            for lap in (0, 3, 10):
                yield LearningRateExplorer(learning_rate=rate, landscape=place, lap=lap)
    for method in METHODS[1:]:
        for place in PLACES:
            yield LearningRateExplorer(landscape=place, method=method, learning_rate=0.16)
    for laps in (1, 2, 30, MOST_LAPS):
        for place in PLACES:
            yield LearningRateExplorer(landscape=place, laps=laps)
    for rate in (1e-300, 1e-9, 1e9, 1e300):
        for place in PLACES:
            yield LearningRateExplorer(landscape=place, learning_rate=rate)


def test_every_picture_is_sound_and_nothing_overlaps_or_is_cut_off(
    looks: list[LearningRateExplorer],
) -> None:
    for explorer in looks:
        picture = explorer.view["picture"]
        where = settings(explorer)
        assert faults(picture) == set(), where
        for part in parts(picture):
            for key, value in part.element.attrib.items():
                assert key not in ("id", "href"), where
                if key not in ("aria-label", "class"):
                    assert not re.search(r"\b(nan|inf|none)", value, re.I), (where, key, value)
        assert explorer.view["description"]


def test_nothing_leaves_its_chart(looks: list[LearningRateExplorer]) -> None:
    """Lines are cut at the edge: no coordinate lies outside of the picture's view box."""
    for explorer in looks:
        drawn = parts(explorer.view["picture"])
        width, height = (float(x) for x in drawn[0].element.get("viewBox", "").split()[2:])
        for part in drawn:
            if part.name == "path" and {"bpf-trail", "bpf-racer", "bpf-tangent"} & set(part.kinds):
                points = re.findall(r"[ML] ([-\d.e]+) ([-\d.e]+)", part.element.get("d", ""))
                for x, y in points:
                    assert -1 <= part.x + float(x) <= width + 1, settings(explorer)
                    assert -1 <= part.y + float(y) <= height + 1, settings(explorer)


def test_racers_differ_by_more_than_colour() -> None:
    race = LearningRateExplorer(landscape="race", lap=3)
    marks = {}
    for part in parts(race.view["picture"]):
        if "bpf-racer-mark" in part.kinds:
            shape = part.element.get("d") or part.name
            marks.setdefault(part.kinds[1], set()).add(shape)
    assert len(marks) == len(RACERS) + 1
    assert all(len(shapes) == 1 for shapes in marks.values())
    assert len({shape for (shape,) in marks.values()}) == len(RACERS) + 1


@pytest.mark.parametrize(
    ("rate", "settings", "told"),
    [
        (0.1, {}, "never turns back"),
        (0.2, {"landscape": "two valleys"}, "past the bottom once"),
        (1.1, {}, "It explodes: the loss grows"),
        (0.201, {"landscape": "long valley"}, "It explodes in the end"),
        (1.1, {"landscape": "lemonade", "laps": 1}, "It explodes"),
    ],
)
def test_the_caption_tells_no_more_than_is_so(
    rate: float, settings: dict[str, Any], told: str
) -> None:
    assert told in LearningRateExplorer(rate, **settings).view["caption"]


# ---- the lesson ---------------------------------------------------------------------------------

LESSON = lessons.read(Path(__file__).parents[1] / "notebooks" / "05_update.ipynb")


def table_rows(cell: str, cells: int) -> list[list[str]]:
    (source,) = [one.source for one in LESSON.markdown if one.id == cell]
    rows = re.findall(r"^\|(.*)\|$", source, re.M)
    split = [[part.strip(" *") for part in row.split("|")] for row in rows]
    return [row for row in split if len(row) == cells and re.match(r"[\d.]+$", row[0])]


def test_the_lessons_table_of_rates_is_true() -> None:
    words = {
        "crawls": "crawls", "smooth": "smoothly", "zig-zag": "zig-zag",
        "bounces": "bounces for ever", "explodes": "explodes",
    }  # fmt: skip
    rows = table_rows("bowl-play", 2)
    assert len(rows) == 6
    for rate, told in rows:
        way = descend(Bowl(), [2], bp.SGD(float(rate)), 60)
        if rate == "0.5":
            assert way.points[1] == 0
        else:
            assert words[regime(way, 10)] in told


def test_the_lessons_table_of_losses_is_the_engines() -> None:
    rows = table_rows("race-after", 5)
    assert [float(row[0]) for row in rows] == list(RACERS)
    for row in rows:
        explorer = LearningRateExplorer(learning_rate=float(row[0]), landscape="lemonade")
        for printed, loss in zip(row[1:4], explorer.way.losses[1:], strict=False):
            if printed == "almost 0":
                assert 0 < loss < 1e-4
                continue
            digits = len(printed.partition(".")[2])
            assert f"{loss:.{digits}f}" == printed
        assert regime_name(explorer.regime) in row[4]


def test_the_factory_in_the_curtain_has_that_curvature() -> None:
    # The product's slope with each knob is its gradient divided by the first note, 4.
    last = bp.steps(bp.datasets.lemonade_factory(), [2, 1], [1])[-1]
    slopes = [np.concatenate([found.weights.ravel(), found.biases]) / 4 for found in last.gradients]
    sums = [float((part**2).sum()) for part in slopes]
    assert sums == [24 + 1.5, 6]
    assert 2 * sum(sums) == 63


def test_the_code_in_the_curtain_is_that_of_the_optimizers() -> None:
    (curtain,) = [cell.source for cell in LESSON.markdown if cell.id == "curtain"]
    lines = "\n".join(re.findall(r"```python\n(.*?)```", curtain, re.S)).split("\n")
    assert len(lines) > 6
    code = Path(bp.engine.optimizers.__file__).read_text(encoding="utf-8")
    assert [line for line in lines if line not in code] == []
