"""Huge, tiny and constant numbers: finite ones break no picture and no explorer."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop_lib.pictures import svg, things
from backprop_lib.pictures.answers import Field
from backprop_lib.pictures.chart import Chart, decades, share_of, ticks
from backprop_lib.pictures.descent.trail import trail
from backprop_lib.widgets.descent_explorer import LearningRateExplorer

SIZES = (5e-324, 1e-308, 1e-200, 1e-160, 1e-16, 1.0, 1e16, 1e300, 1e307, 1.7e308)
VALUES = (0.0, *SIZES, *(-size for size in SIZES))
PAIRS = [(low, high) for low, high in itertools.combinations_with_replacement(VALUES, 2)]


def assert_sound(picture: str) -> None:
    """Well-formed, and no attribute holds what is no number."""
    for element in ET.fromstring(f"<svg>{picture}</svg>").iter():
        for name, value in element.attrib.items():
            assert not re.search(r"(?<![a-z])(inf|nan)(?![a-z])", value), (name, value)


@pytest.mark.parametrize("landscape", ["bowl", "two valleys"])
@pytest.mark.parametrize("method", ["plain", "momentum", "adam"])
def test_a_start_as_near_to_0_as_floats_go_is_drawn(landscape: str, method: str) -> None:
    for start in (value for value in VALUES if abs(value) <= 1.0):
        for rate in (0.1, 1.1, 10.0):
            explorer = LearningRateExplorer(rate, landscape, [start], method=method)
            assert_sound(explorer.draw().picture)


def test_a_field_holds_its_points_however_huge_tiny_or_alike() -> None:
    for low, high in PAIRS:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            field = Field.around(np.array([[low, 1.0], [high, 2.0]]))
            assert np.isfinite(field.grid).all()
        assert field.across[0] < field.across[1]
        for x in (low, high):
            share, _down = field.place(x, 1.0)
            assert 0.0 <= share <= 1.0
        if low == high and abs(low) < 1e308:
            assert share == pytest.approx(0.5, abs=0.01)


def test_a_field_has_its_usual_room() -> None:
    field = Field.around(np.array([[0.0, 3.0], [2.0, 3.0]]))
    assert field == Field((-0.3, 2.3), (2.5, 3.5))
    assert field.grid[0].tolist() == [-0.3, 3.5]


def test_a_chart_of_any_reach_is_drawn() -> None:
    for low, high in PAIRS:
        axis = (min(low, high), max(low, high))
        chart = Chart(axis, axis, 200.0, 100.0)
        points = [(low, high), (0.0, 0.0), (high, low)]
        assert_sound(chart.draw(chart.line(*points), trail(chart, points, arrows=True)))
        assert len(ticks(*axis)) <= 7


def test_shares_of_an_axis_against_exact_fractions() -> None:
    from fractions import Fraction

    for low, high in PAIRS:
        if abs(high - low) <= 1e-300:
            continue
        exact = (Fraction(high) / 2 - Fraction(low)) / (Fraction(high) - Fraction(low))
        assert share_of(high / 2, (low, high)) == pytest.approx(float(exact), rel=1e-12, abs=1e-12)


def test_decades_lie_around_any_numbers_above_0() -> None:
    for low, high in itertools.combinations_with_replacement(SIZES, 2):
        first, last = decades(low, high)
        assert 0.0 < first < last < math.inf
        chart = Chart((0.0, 1.0), (first, last), 200.0, 100.0, log=True)
        assert_sound(chart.draw(trail(chart, [(0.0, low), (1.0, high)])))


@pytest.mark.parametrize("value", VALUES)
def test_things_on_the_floor_hold_any_number(value: float) -> None:
    for kind in (float, np.float64):
        assert_sound(things.crate((0.0, 0.0), kind(value)))
        assert_sound(things.note((0.0, 0.0), kind(value)))
        assert_sound(things.dial((0.0, 0.0), 9.0, kind(value), old=kind(-value)))
        assert_sound(things.meter((0.0, 0.0), kind(abs(value)), "loss", 200))
        assert_sound(svg.tag("rect", width=kind(value)))
