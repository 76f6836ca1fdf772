"""Nudging and its explorer: slopes against autograd, costs against counting, what is shown."""

from __future__ import annotations

import itertools
import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from picture_reader import faults, parts, texts
from printed_sums import exact
from references import Case, assert_sentence, autodiff, layers_of, loss_of, refused, snapshot

import backprop_lib as bp
from backprop_lib import checks
from backprop_lib.datasets import lemonade, lemonade_factory
from backprop_lib.i18n import rounded, signed
from backprop_lib.pictures.chart import Chart
from backprop_lib.pictures.gradient import Curve, Off, draw_knob
from backprop_lib.study.nudging import Cost, KnobLoss, Nudged, cost, digits_alike, knobs
from backprop_lib.widgets import GradientExplorer
from backprop_lib.words.gradient import faded
from backprop_lib.words.sums import FAINT

pytestmark = pytest.mark.filterwarnings("error")

WAYS = ("up", "both")


def batch() -> GradientExplorer:
    network = bp.Network.random([2, 3, 2], "tanh", "softmax", seed=4)
    loss = bp.CategoricalCrossEntropy()
    return GradientExplorer(network, [[0.5, -1], [1, 0.3]], [[1, 0], [0, 1]], loss=loss)


def deep() -> GradientExplorer:
    network = bp.Network.random([2, 3, 2, 1], "sigmoid", "sigmoid", seed=6)
    return GradientExplorer(network, [1.0, -2.0], [1.0], loss=bp.BinaryCrossEntropy())


MAKERS: dict[str, Callable[..., GradientExplorer]] = {
    "lemonade": GradientExplorer.lemonade,
    "batch": batch,
    "deep": deep,
}
EACH = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())


def case_of(explorer: GradientExplorer, network: bp.Network) -> Case:
    """The explorer's factory and orders, for the reference."""
    lever = explorer.lever
    kind = {
        bp.MeanSquaredError: "mse",
        bp.BinaryCrossEntropy: "bce",
        bp.CategoricalCrossEntropy: "cce",
    }[type(lever.loss)]
    return Case(layers_of(network), np.array(lever.inputs), np.array(lever.target), kind)


def control(explorer: GradientExplorer, label: str) -> dict[str, Any]:
    (found,) = [one for one in explorer.view["controls"] if one["label"] == label]
    return found


# ---- knobs and nudges ---------------------------------------------------------------------------


def test_every_knob_is_there_once_worker_by_worker() -> None:
    network = bp.Network.random([2, 3, 2], seed=1)
    found = knobs(network)
    assert len(found) == len(set(found)) == 2 * 3 + 3 + 3 * 2 + 2
    assert [(k.layer, k.worker) for k in found] == sorted((k.layer, k.worker) for k in found)
    ana = [knob.of(lemonade_factory().layers[0]) for knob in knobs(lemonade_factory())[:3]]
    assert ana == [1, -1, 0]


@EACH
def test_the_loss_over_a_knob_and_its_gradient_agree_with_autograd(
    make: Callable[[], GradientExplorer],
) -> None:
    explorer = make()
    explorer.nudge = 1e-4
    network = explorer.lever.network
    before = snapshot(network)
    for place, knob in enumerate(knobs(network)):
        explorer.knob = place
        for by in (0.0, 0.27):
            at = explorer.lever.stands_at + by
            explorer.weight = at
            # The same factory, made by hand.
            layers = [[np.array(a) for a in (x.weights, x.biases)] for x in network.layers]
            weights, biases = layers[knob.layer]
            if knob.source is None:
                biases[knob.worker] = at
            else:
                weights[knob.source, knob.worker] = at
            turned = bp.Network(
                [
                    bp.Dense(*arrays, layer.activation)
                    for arrays, layer in zip(layers, network.layers, strict=True)
                ]
            )
            case = case_of(explorer, turned)
            loss = float(loss_of(case.layers, case.x, case.target, case.loss))
            assert explorer.nudged.here == pytest.approx(loss, rel=1e-12)
            found = autodiff(case)[0][knob.layer]
            slope = (
                found["biases"][knob.worker]
                if knob.source is None
                else found["weights"][knob.source, knob.worker]
            )
            assert explorer.gradient == pytest.approx(slope, rel=1e-9, abs=1e-12)
            assert explorer.nudged.both == pytest.approx(slope, rel=1e-5, abs=1e-7)
    assert snapshot(network) == before


def test_the_lemonade_numbers_of_the_lesson() -> None:
    explorer = GradientExplorer.lemonade()
    for nudge, up in ((1, 32), (0.1, 17.6), (0.01, 16.16), (0.001, 16.016)):
        explorer.nudge = nudge
        assert explorer.nudged.up == pytest.approx(up)
        assert explorer.nudged.up == pytest.approx(16 + 16 * nudge)
    gradients = [row.gradient for row in GradientExplorer.lemonade(shows="all").rows()]
    assert gradients == [16, 8, 8, 4, 2, 2, 0, 0, 0, 4, 8, 0, 4]
    explorer.weight = 0.9
    assert explorer.gradient == pytest.approx(12.8)


def test_nudging_gets_better_and_then_worse_as_the_nudge_shrinks() -> None:
    """Up: off by h, best near 1e-8. Up and down: off by h², best near 1e-5, and better there."""
    up, both = [], []
    for nudge in (10.0**-n for n in range(1, 16)):
        nudged = Nudged.at(math.exp, 1.0, nudge)
        up.append(abs(nudged.up - math.e))
        both.append(abs(nudged.both - math.e))
    assert np.argmin(up) + 1 in (7, 8, 9)
    assert np.argmin(both) + 1 in (4, 5, 6)
    assert min(both) < min(up) / 10
    assert up[0] / up[1] == pytest.approx(10, rel=0.1)
    assert both[0] / both[1] == pytest.approx(100, rel=0.1)
    assert up[-1] > 1e-2


@pytest.mark.parametrize(
    ("one", "other", "digits"),
    [(16.16, 16, 2), (16.0, 16.0, None), (0.0, 0.0, None), (1, -1, 0), (0, 5, 0), (1e-300, 0, 0)],
)
def test_digits_alike(one: float, other: float, digits: int | None) -> None:
    assert digits_alike(one, other) == digits
    assert digits_alike(other, one) == digits


class Counting:
    """A number that counts every multiplication by another of its kind."""

    times = 0

    def __init__(self, value: float) -> None:
        self.value = value

    def __mul__(self, other: Counting) -> Counting:
        Counting.times += 1
        return Counting(self.value * other.value)

    def __add__(self, other: Counting) -> Counting:
        return Counting(self.value + other.value)


@pytest.mark.parametrize("sizes", [(2, 3, 1), (4, 5, 3, 2)])
def test_the_cost_is_what_plain_loops_count(sizes: tuple[int, ...]) -> None:
    network = bp.Network.random(sizes)
    Counting.times = 0
    deliveries = [Counting(1.0)] * sizes[0]
    worked = []
    for layer in network.layers:
        worked.append(deliveries)
        weights = [[Counting(w) for w in row] for row in layer.weights]
        deliveries = [
            sum((x * row[n] for x, row in zip(deliveries, weights, strict=True)), Counting(0.0))
            for n in range(layer.weights.shape[1])
        ]
    forward = Counting.times
    notes = [Counting(1.0)] * sizes[-1]
    for layer, amounts in zip(reversed(network.layers), reversed(worked), strict=True):
        for amount, note in itertools.product(amounts, notes):
            amount * note  # the gradient of one weight
        notes = [
            sum((Counting(w) * note for w, note in zip(row, notes, strict=True)), Counting(0.0))
            for row in layer.weights
        ]
    counted = cost(network)
    assert counted.by_backpropagation == Counting.times
    assert counted.by_nudging == forward * (len(knobs(network)) + 1)
    assert (counted.passes, counted.passes_both_ways) == (counted.knobs + 1, 2 * counted.knobs)


def test_the_cost_in_words() -> None:
    reader = bp.Network.random([64, 32, 10], hidden="relu", output="softmax")
    assert cost(lemonade_factory()) == Cost(13, 9)
    words = repr(cost(reader))
    for count in ("2,410", "2,411", "5,709,248", "7,104"):
        assert count in words


def test_nudging_takes_many_times_the_work() -> None:
    """The lesson says: hundreds of times, for the digit factory. The benchmark measures it."""
    reader = cost(bp.Network.random([64, 32, 10], hidden="relu", output="softmax"))
    assert 200 < reader.by_nudging / reader.by_backpropagation < 1000


# ---- the chart's new axes and line --------------------------------------------------------------


def test_an_axis_across_can_count_in_powers_of_ten() -> None:
    chart = Chart((1e-8, 1.0), (0.0, 1.0), 80.0, 10.0, log_across=True)
    assert chart.place(1e-4, 0.0)[0] == pytest.approx(40.0)
    assert chart.place(1e-12, 0.0)[0] == 0.0
    assert {"10⁻⁸", "1"} <= set(texts(f"<g>{chart.draw()}</g>"))


@pytest.mark.parametrize("slope", [0.0, 0.1, 1.0, -3.0, 1e6, -1e-9])
@pytest.mark.parametrize("point", [(0.5, 0.5), (0.0, 1.0), (2.0, 3.0)])
def test_a_line_through_a_point_stays_inside_and_has_its_slope(
    slope: float, point: tuple[float, float]
) -> None:
    chart = Chart((0.0, 1.0), (0.0, 1.0), 1000.0, 1000.0)
    drawn = chart.through(*point, slope, "line")
    along = [point[1] + slope * (x - point[0]) for x in np.linspace(0, 1, 1001)]
    if any(1e-6 < y < 1 - 1e-6 for y in along):
        assert drawn
    if all(y < -1e-6 or y > 1 + 1e-6 for y in along) and abs(slope) < 1e3:
        assert not drawn
    if drawn:
        ends = [float(part) for part in re.findall(r"[-\d.]+", drawn.split('"')[1])]
        x, y, to_x, to_y = ends
        assert all(-0.01 <= end <= 1000.01 for end in ends)
        if abs(slope) < 10:
            assert -(to_y - y) / (to_x - x) == pytest.approx(slope, abs=0.01)


@pytest.mark.parametrize(("target", "along"), [(1.0, "h 17 "), (9.0, "h -17 ")])
def test_the_arrow_at_the_foot_points_to_where_the_loss_grows(target: float, along: str) -> None:
    explorer = GradientExplorer(lemonade_factory(), [2, 1], [target])
    assert (explorer.lever.gradient(1.0) > 0) == (target < 3.0)  # the product is 3
    (arrow,) = (part for part in parts(explorer.view["picture"]) if "bpf-uphill" in part.kinds)
    assert along in arrow.element.get("d", "")


# ---- settings -----------------------------------------------------------------------------------


def test_settings_are_synced_traits_and_reach_the_page() -> None:
    explorer = GradientExplorer.lemonade()
    names = {"knob", "weight", "nudge", "way", "shows"}
    assert set(explorer.setting_names()) == names
    state = explorer.get_state()
    own = json.loads(json.dumps({key: state[key] for key in (*names, "view")}))
    assert own["view"]["caption"] == explorer.view["caption"]


def test_another_knob_puts_the_last_one_back() -> None:
    explorer = GradientExplorer.lemonade(weight=2.0)
    explorer.knob = "Cy, knob for lemons"
    assert (explorer.knob, explorer.weight, explorer.nudged.here) == (6, -1.0, 4.0)
    explorer.weight = 0.0
    explorer.knob = 0
    assert (explorer.knob, explorer.weight) == (0, 1.0)
    assert "knob" not in explorer.view["optional"]  # a second click on the row keeps it


def test_a_knob_can_be_put_back() -> None:
    explorer = GradientExplorer.lemonade()
    assert control(explorer, "Put the knob back")["off"]
    explorer.weight = 2.0
    back = control(explorer, "Put the knob back")
    assert not back["off"]
    explorer.set_state(dict(back["sets"]))
    assert explorer.weight == 1.0


NONSENSE: list[Any] = [
    *[("knob", one) for one in (-1, 13, "Dora", 1.5, True, [0], "13", object(), b"0", 10**400, {})],
    *[("weight", one) for one in (9.0, -0.6, "much", math.nan, math.inf, None, [1.0], {}, 1j)],
    *[("nudge", one) for one in (0.0, -0.1, 2.0, 1e-16, math.nan, "tiny", None, [0.1], True)],
    *[("way", one) for one in ("down", None, 1, ["up"])],
    *[("shows", one) for one in ("two", None, 2, {"one"})],
]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_keeps_the_last_good_state_and_says_why(name: str, value: Any) -> None:
    explorer = GradientExplorer.lemonade(nudge=0.01)
    before = explorer.get_state()
    setattr(explorer, name, value)
    after = explorer.get_state()
    assert explorer.message == explorer.view["message"] != ""
    assert_sentence(explorer.message)
    del before["view"], after["view"]
    assert before == after
    explorer.nudge = 0.1
    assert explorer.view["message"] == ""


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"knob": "Dora"}, "Dora"),
        ({"nudge": 0}, "0"),
        ({"weight": 99}, "99"),
        ({"way": "left"}, "left"),
        ({"shows": "none"}, "none"),
    ],
)
def test_nonsense_at_the_start_is_refused(settings: dict[str, Any], word: str) -> None:
    with pytest.raises((TypeError, ValueError), match=word):
        GradientExplorer.lemonade(**settings)


def test_a_factory_that_is_too_large_or_does_not_fit_is_refused() -> None:
    with refused("40", "50"):
        GradientExplorer(bp.Network.random([9, 5]), np.ones(9), np.ones(5), knob=0)
    with refused():
        GradientExplorer(lemonade_factory(), [1, 2, 3], [1])
    with refused("names"):
        GradientExplorer(lemonade_factory(), [1, 2], [1], input_names=["lemons"])


# ---- what is shown ------------------------------------------------------------------------------


def states() -> list[Any]:
    found = []
    for name, make in MAKERS.items():
        last = len(make().knob_names()) - 1
        for knob, way, nudge, by in itertools.product((0, last), WAYS, (1.0, 1e-15), (-1.5, 0.3)):
            found.append(
                pytest.param(make, knob, way, nudge, by, id=f"{name} {knob} {way} {nudge} {by}")
            )
    return found


@pytest.mark.parametrize(("make", "knob", "way", "nudge", "by"), states())
def test_nothing_overlaps_and_the_picture_shows_the_engines_numbers(
    make: Callable[[], GradientExplorer], knob: int, way: str, nudge: float, by: float
) -> None:
    explorer = make()
    explorer.knob, explorer.way, explorer.nudge = knob, way, nudge
    explorer.weight += by
    picture = explorer.view["picture"]
    assert faults(picture) == set()
    words = texts(picture)
    assert f"backpropagation: slope {signed(explorer.gradient, 6)}" in words
    slope = signed(explorer.nudged.slope(way), 6)
    assert any(text.startswith("nudged up") and text.endswith(f"slope {slope}") for text in words)
    (dot,) = [part for part in parts(picture) if part.kinds == ["bpf-dot"]]
    low, high = explorer.curve(knob).reach
    share = (explorer.weight - low) / (high - low)
    assert float(dot.element.get("cx", "")) == pytest.approx(380 * share, abs=0.1)


@pytest.mark.parametrize("way", WAYS)
@EACH
def test_all_knobs_side_by_side(make: Callable[[], GradientExplorer], way: str) -> None:
    explorer = make()
    explorer.shows, explorer.way, explorer.nudge = "all", way, 1e-3
    picture = explorer.view["picture"]
    assert faults(picture) == set()
    rows = explorer.rows()
    lever = explorer.lever
    expected = autodiff(case_of(explorer, lever.network))[0]
    for knob, row in zip(knobs(lever.network), rows, strict=True):
        found = expected[knob.layer]
        slope = (
            found["biases"][knob.worker]
            if knob.source is None
            else found["weights"][knob.source, knob.worker]
        )
        assert row.gradient == pytest.approx(slope, rel=1e-9, abs=1e-12)
        assert row.nudged == pytest.approx(slope, rel=0.05, abs=0.01)
    buttons = [part.element for part in parts(picture) if part.element.get("role") == "button"]
    assert [button.get("data-value") for button in buttons] == [str(n) for n in range(len(rows))]
    assert [button.get("aria-pressed") for button in buttons].count("true") == 1
    for button, row, name in zip(buttons, rows, explorer.knob_names(), strict=True):
        shown = texts(ET.tostring(button, encoding="unicode"), "bpf-number")
        assert shown[:2] == [signed(row.nudged, 6), signed(row.gradient, 6)]
        assert (button.get("aria-label") or "").startswith(name)
    passes = len(rows) + 1 if way == "up" else 2 * len(rows)
    assert f"by nudging: {passes} passes forward" in texts(picture)
    assert f"{passes} passes forward" in explorer.view["caption"]
    (marks,) = [part.element.get("d", "") for part in parts(picture) if "bpf-pass" in part.kinds][
        :1
    ]
    assert marks.count("M") == passes


def test_a_row_that_is_chosen_stays_in_the_picture_of_all() -> None:
    explorer = GradientExplorer.lemonade(shows="all")
    explorer.set_state({"knob": 4})
    pressed = [
        part.element.get("data-value")
        for part in parts(explorer.view["picture"])
        if part.element.get("aria-pressed") == "true"
    ]
    assert (explorer.shows, pressed) == ("all", ["4"])


def test_the_caption_and_the_lines_hold_the_sums() -> None:
    explorer = GradientExplorer.lemonade(nudge=0.01)
    assert explorer.view["caption"] == (
        "Ana, knob for lemons: at 1 the loss is 4. Nudged up by 0.01 it is 4.1616: a slope of "
        "16.16. Backpropagation says 16. Turned up a little, the knob makes the loss larger."
    )
    assert explorer.view["formula"] == "(L(w + h) − L(w)) / h = (4.1616 − 4) / 0.01 = 16.16"
    assert dict(explorer.view["lines"]) == {
        "nudged up": "(4.1616 − 4) / 0.01 = 16.16",
        "nudged up and down": "(4.1616 − 3.8416) / 0.02 = 16",
        "backpropagation": "2 × 8 = 16",
        "difference": "0.16 nudged up, 1.4 × 10⁻¹⁴ nudged up and down",
        "the slope says": "4 + 0.01 × 16 = 4.16; truly it is 4.1616",
    }


def test_a_slope_by_nudging_comes_out_as_printed() -> None:
    explorer = GradientExplorer.lemonade()
    for weight, power, way in product((1.0, 0.83, 1.7), range(16), ("up", "both")):
        explorer.set_state({"weight": weight, "nudge": 10.0**-power, "way": way})
        for text in (explorer.view["formula"], *dict(explorer.view["lines"]).values()):
            for one, other, size, slope in QUOTIENT.findall(text.replace("\u2063", "")):
                quotient = (exact(one) - exact(other)) / exact(size.strip("()"))
                assert rounded(quotient, 8) == exact(slope), text


QUOTIENT = re.compile(r"\(([\d.]+) − ([\d.]+)\) / (\S+|\(.*?\)) = (−?[\d.]+)$")


def test_the_digits_that_no_computer_keeps_are_faint() -> None:
    explorer = GradientExplorer.lemonade(nudge=1e-12)
    assert explorer.view["formula"].endswith(
        "(4.000000000016001\u2063422\u2063 − 4) / (1 × 10⁻¹²) = 16.001\u2063422\u2063"
    )
    assert "faint" in dict(explorer.view["lines"])["the last digits"]
    assert "it is 4.000000000016001422: a slope of 16.0014" in explorer.view["caption"]
    assert '16.001<span style="opacity:0.6">422</span>' in explorer.fallback()
    explorer.nudge = 0.01
    assert "the last digits" not in dict(explorer.view["lines"])
    assert "\u2063" not in explorer.view["formula"]


def test_a_nudge_that_is_not_off_at_all_has_a_row_of_its_own() -> None:
    picture = GradientExplorer.lemonade(knob="Cy, knob for lemons", nudge=0.01).view["picture"]
    ends = [part for part in parts(picture) if "bpf-end" in part.kinds and part.x > 450]
    heights = {part.text: part.y + float(part.element.get("y", "")) for part in ends}
    (ring,) = [part for part in parts(picture) if "bpf-ring" in part.kinds]
    centre = ring.y + float(ring.element.get("cy", ""))
    assert abs(heights["0"] - 4 - centre) < 1
    assert heights["0"] > heights["10⁻¹⁶"] + 10
    assert "10⁻⁴" in heights and "0.0001" not in heights


def test_a_corner_is_told_only_where_the_nudge_meets_it() -> None:
    explorer = GradientExplorer.lemonade(knob="Cy, knob for lemons", nudge=0.01)

    def corner() -> bool:
        return "a corner?" in dict(explorer.view["lines"])

    assert not corner()
    explorer.weight = -0.495
    assert not corner()  # the gate is open here, and opens further
    explorer.way = "both"
    assert corner()
    explorer.weight = -0.5
    # Left of it the slope is 0, right of it 8: nudging both ways makes the middle of it.
    assert explorer.gradient == 0
    assert explorer.nudged.both == pytest.approx(4, abs=0.1)
    assert "may have a corner" in explorer.view["caption"]
    explorer.weight = -0.51
    assert "does nothing" in explorer.view["caption"]


def test_its_saved_form_is_a_picture_with_its_words() -> None:
    explorer = GradientExplorer.lemonade(nudge=0.01)
    data, _metadata = explorer._repr_mimebundle_()
    assert 'alt="A chart of the loss' in data["text/html"]
    assert data["text/plain"].startswith("Gradient explorer | Ana, knob for lemons")


# ---- checks -------------------------------------------------------------------------------------


def loss_with(knob: float) -> float:
    order = lemonade()
    ana = knobs(lemonade_factory())[0]
    return KnobLoss(lemonade_factory(), order.inputs, order.targets, bp.MeanSquaredError(), ana)(
        knob
    )


@pytest.mark.parametrize("answer", [None, ..., "x", object(), [], 10**400, math.nan, 1j, print])
def test_no_check_raises_or_says_right_to_nonsense(answer: Any) -> None:
    assert not checks.check_nudge(answer, loss_with, 1, 0.01).ok
    assert not checks.check_nudge(16.16, answer, 1, 0.01).ok
    assert not checks.check_gate(answer, lemonade_factory(), [2, 1]).ok
    assert not checks.check_slope_function(answer).ok
    assert not checks.check_slope_function(lambda f, w, h: answer).ok


def test_the_check_of_a_gate_knows_every_worker() -> None:
    for worker, knob, shut_at in ((0, 0, 0.5), (1, 0, -0.5), (2, 0, -0.5), (1, 1, -1.0)):
        place = {"worker": worker, "source": knob}
        assert checks.check_gate(shut_at, lemonade_factory(), [2, 1], **place).ok
        result = checks.check_gate(shut_at - 0.2, lemonade_factory(), [2, 1], **place)
        assert "Turn the knob up." in result.hint
    result = checks.check_gate(0.5, lemonade_factory(), [-2, 1])  # −2 × knob − 1 = 0 at −0.5
    assert "shut" in result.hint
    assert "Turn the knob down." in result.hint


SLOPES: list[Callable[..., float]] = [
    lambda f, w, h: (f(w + h) - f(w)) / h,
    lambda f, w, h: (f(w) - f(w - h)) / h,
    lambda f, w, h: (f(w + h) - f(w - h)) / (2 * h),
]


@pytest.mark.parametrize("slope", SLOPES)
def test_every_sound_way_to_nudge_is_right(slope: Callable[..., float]) -> None:
    assert checks.check_slope_function(slope).ok


@pytest.mark.parametrize(
    ("decimals", "solid"),
    [(3, "12.345"), (2, "12.34"), (1, "12.3"), (0, "12."), (-1, "12."), (-9, "12.")],
)
def test_just_the_decimals_that_the_computer_keeps_are_not_faint(decimals: int, solid: str) -> None:
    faint = "12.345".removeprefix(solid)
    assert faded("12.345", decimals) == solid + (f"{FAINT}{faint}{FAINT}" if faint else "")


@pytest.mark.parametrize("way", ["up", "both"])
def test_a_nudged_slope_is_as_far_off_below_as_above(way: str) -> None:
    nudged = Nudged.at(lambda w: 3.0 * w, 1.0, 0.25)
    curve = Curve(np.linspace(0.0, 2.0, 5), 3.0 * np.linspace(0.0, 2.0, 5))
    off = Off([0.25], [0.5], [0.5])
    rings = []
    for gradient in (2.5, 3.5):
        picture = draw_knob("Ana", curve, nudged, gradient, way, off)
        (ring,) = [part for part in parts(picture) if "bpf-ring" in part.kinds]
        rings.append((ring.element.get("cx"), ring.element.get("cy")))
    assert rings[0] == rings[1]
