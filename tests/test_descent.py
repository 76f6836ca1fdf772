"""Landscapes and ways down: formulas against nudging, ways against plain loops, and the regimes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import backprop_lib as bp
from backprop_lib import SGD, Adam
from backprop_lib.datasets import lemonade, lemonade_factory
from backprop_lib.engine.losses import bound
from backprop_lib.study.descent import (
    LANDSCAPES,
    Bowl,
    Landscape,
    LongValley,
    TwoValleys,
    descend,
    descend_factory,
    regime,
    times_turned_back,
)

pytestmark = pytest.mark.filterwarnings("error")
EACH = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=LANDSCAPES.keys())
AHEAD, LAPS = 60, 10


# ---- formulas -----------------------------------------------------------------------------------


@EACH
def test_the_gradient_is_what_nudging_says(landscape: Landscape) -> None:
    points = np.random.default_rng(0).uniform(-3, 3, (50, landscape.knobs))
    found = landscape.gradient(points)
    assert found.shape == points.shape
    assert landscape.value(points).shape == (50,)
    for knob in range(landscape.knobs):
        nudge = np.zeros(landscape.knobs)
        nudge[knob] = 1e-5
        slope = (landscape.value(points + nudge) - landscape.value(points - nudge)) / 2e-5
        np.testing.assert_allclose(found[:, knob], slope, rtol=1e-7, atol=1e-7)


@EACH
def test_the_bottom_is_the_lowest_place_around(landscape: Landscape) -> None:
    for point in np.random.default_rng(1).uniform(-3, 3, (20, landscape.knobs)):
        bottom = landscape.bottom(point)
        np.testing.assert_allclose(landscape.gradient(bottom), 0, atol=1e-12)
        around = bottom + np.random.default_rng(2).normal(0, 0.01, (50, landscape.knobs))
        assert (landscape.value(around) >= landscape.value(bottom)).all()
        # Whoever goes down patiently arrives there.
        way = descend(landscape, point, SGD(0.01), laps=3000)
        np.testing.assert_allclose(way.points[-1], bottom, atol=1e-6)


def test_plain_numbers() -> None:
    assert Bowl().value(np.array([3.0])) == 9
    assert TwoValleys().value(np.array([3.0])) == 25 / 8 + 3 / 2 + 3 / 2
    assert LongValley().value(np.array([3.0, 1.0])) == (9 + 10) / 2
    deep, hill, shallow = TwoValleys.LEVEL
    heights = TwoValleys().value(np.array([[deep], [hill], [shallow]]))
    assert heights[0] < heights[2] < heights[1]


@EACH
def test_a_window_shows_every_start_and_little_else(landscape: Landscape) -> None:
    starts = landscape.starts[: landscape.knobs]
    assert len(starts) == landscape.knobs
    for (least, most), (left, right) in zip(starts, landscape.window, strict=False):
        assert left <= least < most <= right
        assert right - left <= 1.31 * (most - least)
    if landscape.knobs == 1:
        (least, most), (low, high) = landscape.starts[0], landscape.window[1]
        tallest = landscape.value(np.linspace(least, most, 101)[:, np.newaxis]).max()
        assert low < 0.0 < tallest < high  # the line of no loss can be seen
        assert high - low <= 1.4 * tallest
    assert landscape.knob_names == {1: ("w",), 2: ("w₁", "w₂")}[landscape.knobs]


def test_the_contours_of_the_long_valley_lie_half_a_knob_apart() -> None:
    valley = LongValley()
    crossings = [float(valley.half_axes(level)[0]) for level in valley.levels()]
    assert crossings == pytest.approx(np.arange(8.0, 0.0, -0.5))
    corner = valley.value(np.array([right for _left, right in valley.window]))
    assert 0.8 * corner < valley.levels().max() < corner


# ---- ways ---------------------------------------------------------------------------------------


def test_a_way_is_what_a_plain_loop_finds() -> None:
    w, walked = 2.0, [2.0]
    for _lap in range(8):
        w = w - 0.3 * (2 * w)
        walked.append(w)
    way = descend(Bowl(), [2], SGD(0.3), laps=8)
    np.testing.assert_allclose(way.points[:, 0], walked, rtol=1e-14)
    np.testing.assert_allclose(way.losses, np.square(walked), rtol=1e-14)
    np.testing.assert_allclose(way.distances, np.abs(walked), rtol=1e-14)
    assert (way.laps, way.exploded) == (8, False)


def test_momentum_and_adam_are_those_of_the_formulas() -> None:
    w, v = 2.0, 0.0
    m = s = 0.0
    x = 2.0
    rolled, paced = [w], [x]
    for lap in range(1, 7):
        v = 0.5 * v + 2 * w
        w -= 0.1 * v
        rolled.append(w)
        m, s = 0.9 * m + 0.1 * 2 * x, 0.999 * s + 0.001 * (2 * x) ** 2
        x -= 0.1 * (m / (1 - 0.9**lap)) / (math.sqrt(s / (1 - 0.999**lap)) + 1e-8)
        paced.append(x)
    way = descend(Bowl(), [2], SGD(0.1, momentum=0.5), laps=6)
    np.testing.assert_allclose(way.points[:, 0], rolled, rtol=1e-12)
    way = descend(Bowl(), [2], Adam(0.1), laps=6)
    np.testing.assert_allclose(way.points[:, 0], paced, rtol=1e-12)


def test_the_optimizer_is_left_as_it_was() -> None:
    optimizer = SGD(0.1, momentum=0.5)
    first = descend(Bowl(), [2], optimizer, laps=5)
    assert (descend(Bowl(), [2], optimizer, laps=5).points == first.points).all()
    order, found = lemonade(), []
    for _time in range(2):
        way = descend_factory(lemonade_factory(), order.inputs, order.targets, optimizer, 3)
        found.append(way.losses.tolist())
    assert found[0] == found[1]


@pytest.mark.parametrize("rate", [1.1, 3.0, 1e100, 1e308])
@EACH
def test_an_explosion_ends_the_way_in_silence(landscape: Landscape, rate: float) -> None:
    way = descend(landscape, landscape.start, SGD(rate), laps=400)
    assert way.exploded
    assert way.laps < 400
    assert np.isfinite(way.points).all()
    assert (way.losses <= bound(way.losses[0])).all()
    assert regime(way, 10) == "explodes"


@pytest.mark.parametrize("rate", [1.1, 3.0, 1e100, 1e308])
def test_a_factory_explodes_in_silence(rate: float) -> None:
    way = descend_factory(lemonade_factory(), [2, 1], [1], SGD(rate), laps=400)
    assert way.exploded
    assert np.isfinite(way.points).all()
    assert regime(way, 10) == "explodes"


LOSSES = {  # COURSE.md's table
    0.001: (4, 3.513, 3.089),
    0.01: (4, 0.5911, 0.1068),
    0.02: (4, 0.1639, 0.0010),
    0.05: (4, 1.124, 0.5335),
    0.1: (4, 2.69, 1.166),
}


@pytest.mark.parametrize("rate", LOSSES)
def test_a_factorys_way_is_what_laps_of_the_engine_come_to(rate: float) -> None:
    way = descend_factory(lemonade_factory(), [2, 1], [1], SGD(rate), laps=10)
    network = lemonade_factory()
    for lap in range(11):
        last = bp.steps(network, [2, 1], [1], optimizer=SGD(rate))[-1]
        assert way.losses[lap] == pytest.approx(last.loss, rel=1e-12)
        assert way.products[lap] == pytest.approx(last.trace.output.item(), rel=1e-12)
        assert way.mixes[lap] == pytest.approx(last.trace.layers[0].pre_activations[0], rel=1e-12)
        ana = [*network.layers[0].weights[:, 0], network.layers[0].biases[0]]
        assert way.points[lap, :3] == pytest.approx(ana)
        network = last.updated
    for found, printed in zip(way.losses, LOSSES[rate], strict=False):
        digits = len(str(printed).partition(".")[2])
        assert round(found, max(digits, 3)) == pytest.approx(printed, abs=0.6 * 10.0**-digits)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: descend(Bowl(), [2, 1], SGD(0.1), 5), "Expected 1 numbers"),
        (lambda: descend(Bowl(), [math.nan], SGD(0.1), 5), "finite"),
        (lambda: descend(Bowl(), "two", SGD(0.1), 5), "Expected numbers"),
        (lambda: descend(Bowl(), [2], 0.1, 5), "Optimizer"),
        (lambda: descend("bowl", [2], SGD(0.1), 5), "Landscape"),
        (lambda: descend(Bowl(), [2], SGD(0.1), 0), "number of laps"),
        (lambda: descend_factory(lemonade_factory(), [2], [1], SGD(0.1), 5), "inputs"),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[], object], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        make()


# ---- regimes ------------------------------------------------------------------------------------


def bowl(rate: float, start: float = 2.0) -> str:
    return regime(descend(Bowl(), [start], SGD(rate), AHEAD), LAPS)


@pytest.mark.parametrize("start", [2.0, -3.0, 0.1])
def test_the_bowls_regimes_are_those_of_the_course(start: float) -> None:
    # Below 0.5 smooth, 0.5 to 1 zig-zag that still arrives, 1 bounces for ever, above it explodes.
    # Half of the way is not done in 10 laps where (1 - 2 rate)^10 > 1/2, below about 0.0335.
    expected = {
        "crawls": (1e-6, 0.001, 0.01, 0.033),
        "smooth": (0.034, 0.1, 0.3, 0.499, 0.5),
        "zig-zag": (0.501, 0.71, 0.9, 0.99, 0.9999),
        "bounces": (1.0,),
        "explodes": (1.0001, 1.01, 1.1, 2.0, 50.0),
    }
    for name, rates in expected.items():
        assert {rate: bowl(rate, start) for rate in rates} == dict.fromkeys(rates, name)


@pytest.mark.parametrize("beside", [1e-3, 1e-4, 1e-5])
def test_the_limit_is_told_from_what_lies_just_beside_it(beside: float) -> None:
    rates = (1.0 - beside, 1.0, 1.0 + beside)
    assert [bowl(rate) for rate in rates] == ["zig-zag", "bounces", "explodes"]
    valley = [regime(descend(LongValley(), [3, 1], SGD(0.2 * rate), AHEAD), LAPS) for rate in rates]
    assert valley == ["zig-zag", "bounces", "explodes"]


@pytest.mark.parametrize("rate", [1.02, 1.1, 1.5, 2.0])
def test_above_1_the_bowl_grows_by_1_minus_2_rates_a_lap(rate: float) -> None:
    way = descend(Bowl(), [2], SGD(rate), 5)
    np.testing.assert_allclose(np.diff(np.log(way.distances)), math.log(2 * rate - 1), rtol=1e-9)


def test_at_the_bottom_the_ball_rests() -> None:
    assert regime(descend(Bowl(), [0], SGD(0.3), AHEAD), LAPS) == "rests"
    assert regime(descend(LongValley(), [0, 0], Adam(0.3), AHEAD), LAPS) == "rests"


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_the_limit_is_2_divided_by_the_steepest_curvature(momentum: float) -> None:
    # With momentum m it is 2 (1 + m) / curvature: where w' = -w solves the rolling too.
    limit = 2 * (1 + momentum) / 10

    def name(rate: float) -> str:
        optimizer = SGD(rate, momentum=momentum)
        return regime(descend(LongValley(), [3, 1], optimizer, AHEAD), LAPS)

    assert name(0.9 * limit) == "zig-zag"
    assert name(limit) == "bounces"
    assert name(1.1 * limit) == "explodes"


@pytest.mark.parametrize("bottom", [0, 2])
@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_just_beside_the_limit_of_a_valley_that_is_no_parabola(
    bottom: int, momentum: float
) -> None:
    # Above the limit the walls hold the ball: it swings to and fro for ever, and does not explode.
    w = TwoValleys.LEVEL[bottom]
    limit = 2 * (1 + momentum) / ((3 * w * w - 4) / 2)
    for start in (w - 0.1, w + 0.1):
        for share, name in ((0.95, "zig-zag"), (0.999, "zig-zag"), (1.001, "bounces")):
            way = descend(TwoValleys(), [start], SGD(share * limit, momentum=momentum), AHEAD)
            assert regime(way, LAPS) == name, (start, share)


@pytest.mark.parametrize("away", [-0.03, -0.01, 0.01, 0.03])
def test_swings_that_grow_ever_more_slowly_by_a_hair_bounce(away: float) -> None:
    w = TwoValleys.LEVEL[0]
    limit = 2 / ((3 * w * w - 4) / 2)
    for share in (1.00001, 1.001):
        way = descend(TwoValleys(), [w + away], SGD(share * limit), AHEAD)
        assert regime(way, LAPS) == "bounces", share
    long = descend(TwoValleys(), [w + away], SGD(1.001 * limit), 4000)
    assert np.ptp(long.points[-2:]) == pytest.approx(np.ptp(long.points[-102:-100]), rel=1e-6)


@pytest.mark.parametrize(
    ("make", "start"),
    [
        (SGD(0.447), -1.7),  # shrinks, but only to a swing of its own
        (SGD(0.631), 2.5),
        (SGD(0.708, momentum=0.5), 0.9),  # four laps to and fro
    ],
)
def test_what_never_comes_to_rest_bounces(make: bp.Optimizer, start: float) -> None:
    way = descend(TwoValleys(), [start], make, 4000)
    assert np.ptp(way.points[-20:]) > 0.1
    assert regime(descend(TwoValleys(), [start], make, AHEAD), LAPS) == "bounces"


def test_a_single_turn_back_is_no_zig_zag() -> None:
    way = descend(TwoValleys(), [3], SGD(0.2), AHEAD)
    assert (np.diff(way.losses[: LAPS + 1]) < 0).all()
    assert [times_turned_back(way, laps) for laps in (0, 1, 2, 10)] == [0, 0, 1, 1]
    assert regime(way, LAPS) == "smooth"


def test_a_rise_counts_unless_it_is_rounding() -> None:
    way = descend(Bowl(), [2], SGD(0.1), AHEAD)
    assert regime(way, LAPS) == "smooth"
    for share, name in ((1e-7, "zig-zag"), (1e-11, "smooth")):
        losses = way.losses.copy()
        losses[5] = losses[4] + share * losses[0]
        assert regime(replace(way, losses=losses), LAPS) == name, share


@EACH
def test_the_rates_that_are_offered_begin_far_below_the_first_and_end_beyond_all_limits(
    landscape: Landscape,
) -> None:
    least, most = landscape.rates
    assert 10**least <= 0.001 < 0.1 < 10**most
    assert regime(descend(landscape, landscape.start, SGD(10**least), AHEAD), LAPS) == "crawls"
    assert regime(descend(landscape, landscape.start, SGD(10**most), AHEAD), LAPS) == "explodes"


def test_half_of_the_way_in_the_laps_shown_is_no_crawling() -> None:
    assert regime(descend(Bowl(), [2], SGD(0.25), AHEAD), 1) == "smooth"  # w halves in each lap
    assert regime(descend(Bowl(), [2], SGD(0.2499), AHEAD), 1) == "crawls"


def test_a_jump_past_the_bottom_in_the_only_lap_shown_does_not_crawl() -> None:
    assert regime(descend(Bowl(), [2], SGD(0.9), AHEAD), 1) == "zig-zag"


@EACH
def test_a_short_way_has_a_name_too(landscape: Landscape) -> None:
    for laps in range(1, 13):
        for power in range(-40, 11):
            for optimizer in (SGD(10 ** (power / 20)), SGD(10 ** (power / 20), momentum=0.5)):
                assert regime(descend(landscape, landscape.start, optimizer, laps), laps)


def test_with_next_to_no_rate_nothing_moves_and_yet_it_does_not_rest() -> None:
    assert regime(descend(Bowl(), [2], SGD(1e-20), AHEAD), LAPS) == "crawls"


def test_one_rate_has_to_serve_two_knobs() -> None:
    way = descend(LongValley(), [3, 1], SGD(0.05), 10)
    np.testing.assert_allclose(way.points[:, 0], 3 * 0.95 ** np.arange(11))
    np.testing.assert_allclose(way.points[:, 1], 0.5 ** np.arange(11))
    assert regime(way, 10) == "crawls"


def test_in_two_valleys_a_big_jump_may_find_the_deeper_one() -> None:
    landscape = TwoValleys()
    gentle = descend(landscape, [3], SGD(0.1), AHEAD)
    leap = descend(landscape, [3], SGD(0.35), AHEAD)
    assert not landscape.is_deep(gentle.points[-1])
    assert landscape.is_deep(leap.points[-1])
    assert regime(descend(landscape, [3], SGD(0.6), AHEAD), LAPS) == "bounces"
    assert regime(descend(landscape, [3], SGD(1.0), AHEAD), LAPS) == "explodes"


def factory(rate: float, laps: int = LAPS) -> str:
    return regime(descend_factory(lemonade_factory(), [2, 1], [1], SGD(rate), laps), LAPS)


def test_the_factorys_regimes() -> None:
    expected = {
        "crawls": (0.0001, 0.001),
        "smooth": (0.002, 0.01, 0.015),
        "zig-zag": (0.02,),
        "shut": (0.022, 0.05, 0.1, 0.2, 0.5, 0.9),
        "bounces": (1.0,),
        "explodes": (1.01, 1.1, 3.0),
    }
    for name, rates in expected.items():
        assert {rate: factory(rate) for rate in rates} == dict.fromkeys(rates, name)


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.12, 0.2])
@pytest.mark.parametrize("make", [SGD, lambda rate: SGD(rate, momentum=0.5), Adam])
def test_a_gate_that_is_shut_stays_shut(make: Callable[[float], bp.Optimizer], rate: float) -> None:
    way = descend_factory(lemonade_factory(), [2, 1], [1], make(rate), laps=200)
    shut = way.mixes <= 0
    assert (shut[1:] >= shut[:-1]).all()
    assert way.lost(0) == ()


def test_who_is_lost_at_which_rate() -> None:
    def lost(rate: float, lap: int) -> tuple[int, ...]:
        return descend_factory(lemonade_factory(), [2, 1], [1], SGD(rate), 10).lost(lap)

    assert [lost(rate, 10) for rate in (0.02, 0.05, 0.1, 0.2)] == [(), (0,), (0,), (0, 1)]
    assert [lost(0.12, lap) for lap in (0, 1, 2)] == [(), (0,), (0, 1)]
