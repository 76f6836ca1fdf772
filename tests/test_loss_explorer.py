"""The loss explorer: its numbers, its picture, its settings, and the checks of lesson 2."""

from __future__ import annotations

import inspect
import json
import math
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_reader import count, drawn_with, faults, parts, text_boxes, texts
from printed_sums import assert_comes_out

import backprop_lib as bp
from backprop_lib import LossExplorer, checks
from backprop_lib.checks import check_loss, check_loss_function, check_products, check_slope
from backprop_lib.engine import losses
from backprop_lib.engine.losses import MeanAbsoluteError, MeanSquaredError
from backprop_lib.i18n import number, signed
from backprop_lib.pictures import svg
from backprop_lib.pictures.loss import REACH, TILE, WIDE, draw_loss
from backprop_lib.words.loss import Judged

LESSON = Path(__file__).resolve().parent.parent / "notebooks" / "02_loss.ipynb"

# ---- the reference: nothing of the package's -----------------------------------------------------


def counted(mistake: float, measure: str) -> float:
    return mistake * mistake if measure == "squared" else abs(mistake)


def mean_loss(products: list[float], targets: list[float], measure: str) -> float:
    pairs = zip(products, targets, strict=True)
    return math.fsum(counted(o - t, measure) for o, t in pairs) / len(products)


def nudged_slope(products: list[float], targets: list[float], measure: str, place: int) -> float:
    high, low = list(products), list(products)
    high[place] += 1e-6
    low[place] -= 1e-6
    return (mean_loss(high, targets, measure) - mean_loss(low, targets, measure)) / 2e-6


def cases() -> list[tuple[list[float], list[float], str, int]]:
    random = np.random.default_rng(2)
    found = []
    for n in range(30):
        orders = 1 + n % 3
        targets = random.uniform(-10, 10, orders).round(1)
        products = (
            (targets + random.uniform(-REACH, REACH, orders))
            .round(1)
            .clip(targets - REACH, targets + REACH)
        )
        measure = ("squared", "absolute")[n // 3 % 2]
        found.append((products.tolist(), targets.tolist(), measure, n % orders))
    return found


CASES = cases()


def drawn(explorer: LossExplorer) -> Any:
    return explorer._drawn


# ---- the absolute loss --------------------------------------------------------------------------


@pytest.mark.parametrize(("products", "targets", "measure", "place"), CASES)
def test_the_losses_agree_with_plain_arithmetic_and_with_nudging(
    products: list[float], targets: list[float], measure: str, place: int
) -> None:
    loss = LossExplorer(products, targets, measure).loss
    assert math.isclose(loss.value(products, targets), mean_loss(products, targets, measure))
    slope = loss.gradient(products, targets)[place]
    assert abs(slope - nudged_slope(products, targets, measure, place)) < 1e-6


def test_the_absolute_loss_has_no_slope_of_its_own_at_the_tip() -> None:
    loss = MeanAbsoluteError()
    assert loss.value([1, 2], [1, 4]) == 1.0
    assert loss.gradient([1, 2], [1, 4]).tolist() == [0.0, -0.5]
    assert math.isinf(loss.value([1e308], [-1e308]))


def test_the_caption_of_a_step_tells_the_absolute_loss() -> None:
    factory, order = bp.datasets.lemonade_factory(), bp.datasets.lemonade()
    floor = bp.FactoryFloor(factory, order.inputs, order.targets, loss=MeanAbsoluteError())
    floor.position = 3
    assert floor.view["formula"] == "Loss = |3 − 1| = 2"


# ---- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("products", "targets", "measure", "place"), CASES)
def test_sentence_formula_picture_and_description_tell_the_reference_numbers(
    products: list[float], targets: list[float], measure: str, place: int
) -> None:
    explorer = LossExplorer(products, targets, measure, place)
    view = drawn(explorer)
    loss = number(mean_loss(products, targets, measure))
    slope = signed(round(nudged_slope(products, targets, measure, place), 6))
    assert f": {loss}." in view.caption
    assert slope in view.caption
    sums, steep = view.formula.split(",  ")
    assert sums.endswith(f"= {loss}")
    if measure == "squared":
        assert_comes_out(sums.removeprefix("Loss = "))
    assert steep.endswith(f"= {slope}")
    assert f"loss {loss}, slope {slope}" in view.description
    for order, product in zip(targets, products, strict=True):
        assert f"said {number(order)}, the product is {number(product)}:" in view.description
    shown = texts(view.picture, "bpf-on-crate"), texts(view.picture, "bpf-on-order")
    for values, found in zip((products, targets), shown, strict=True):
        for value, text in zip(values, found, strict=True):
            # A crate has two decimals' room, less with each further digit.
            assert abs(float(text.replace("−", "-")) - value) < 0.06
    if len(products) > 1:
        assert texts(view.picture, "bpf-strong")[-1] == f"= {loss}"


def test_the_lemonade_factory_is_the_first_thing_seen() -> None:
    view = drawn(LossExplorer())
    assert view.caption.startswith("The product is 3, the order said 1. The mistake is +2,")
    assert view.formula == "Loss = (3 − 1)² = 4,  ∂Loss/∂o = 2 × (3 − 1) = +4"
    assert texts(view.picture, "bpf-strong") == ["= 4"]
    assert texts(view.picture, "bpf-note") == ["+4"]


def test_several_lemonade_orders_are_made_by_the_factory() -> None:
    explorer = LossExplorer.lemonade([[2, 1], [4, 4], [4, 2]], [1, 5, 5])
    assert explorer.products == [3.0, 3.0, 6.0]
    assert drawn(explorer).formula.startswith("Loss = ((3 − 1)² + (3 − 5)² + (6 − 5)²) / 3 = 3,")


def test_plus_and_minus_cancel_to_a_plain_zero() -> None:
    explorer = LossExplorer([3.1, 2.9], [1, 5])
    (line,) = drawn(explorer).lines
    assert line.text == "2.1 + (−2.1) = 0"
    explorer.products = [1.3, 4.7]
    assert drawn(explorer).lines[0].text == "0.3 + (−0.3) = 0"
    assert drawn(LossExplorer()).lines == ()


def test_at_the_aim_the_slope_is_none_or_none_alone() -> None:
    explorer = LossExplorer([1])
    assert "bottom of the curve: the slope is 0" in drawn(explorer).caption
    assert count(drawn(explorer).picture, "bpf-tangent") == 1
    explorer.measure = "absolute"
    assert "tip of the curve" in drawn(explorer).caption
    assert count(drawn(explorer).picture, "bpf-tangent") == 0


# ---- the picture --------------------------------------------------------------------------------


def areas(picture: str) -> list[float]:
    return [
        float(part.element.get("width", 0)) * float(part.element.get("height", 0))
        for part in parts(picture)
        if "bpf-loss-area" in part.kinds
    ]


@pytest.mark.parametrize(("products", "targets", "measure", "place"), CASES)
def test_the_drawn_areas_are_the_losses(
    products: list[float], targets: list[float], measure: str, place: int
) -> None:
    loss = LossExplorer(products, targets, measure).loss
    unit = WIDE / (2 * REACH) if len(products) == 1 else TILE
    expected = [
        counted(o - t, measure) * unit**2 for o, t in zip(products, targets, strict=True) if o != t
    ]
    if len(products) > 1:
        expected.append(mean_loss(products, targets, measure) * unit**2)
    found = areas(draw_loss(Judged(products, targets, loss, place)))
    # Widths and heights are written to a hundredth of a pixel.
    assert np.allclose(found, expected, atol=1.5)


@pytest.mark.parametrize(("products", "targets", "measure", "place"), CASES)
def test_the_curve_the_dot_and_the_tangent_fit_each_other(
    products: list[float], targets: list[float], measure: str, place: int
) -> None:
    explorer = LossExplorer(products, targets, measure, place)
    drawing = parts(drawn(explorer).picture)
    width, height = 222.0, 205.0
    left, high = targets[place] - REACH, counted(REACH, measure)

    def place_of(x: float) -> tuple[float, float]:
        there = list(products)
        there[place] = x
        level = mean_loss(there, targets, measure)
        return (x - left) / (2 * REACH) * width, height * (1 - level / high)

    (curve,) = (part for part in drawing if "bpf-curve" in part.kinds)
    points = re.findall(r"[ML] ([-\d.]+) ([-\d.]+)", curve.element.get("d", ""))
    assert len(points) == 41
    for across, up in points:
        assert abs(place_of(left + float(across) / width * 2 * REACH)[1] - float(up)) < 0.6
    (dot,) = (part for part in drawing if part.name == "circle" and part.element.get("r") == "6")
    at = place_of(products[place])
    assert np.allclose((float(dot.element.get("cx")), float(dot.element.get("cy"))), at, atol=0.02)
    tangents = [part for part in drawing if "bpf-tangent" in part.kinds]
    for tangent in tangents:
        ends = re.findall(r"([-\d.]+) ([-\d.]+)", tangent.element.get("d", ""))
        (x1, y1), (x2, y2) = [(float(x), float(y)) for x, y in ends]
        assert -0.01 <= min(x1, x2) <= max(x1, x2) <= width + 0.01
        assert -0.01 <= min(y1, y2) <= max(y1, y2) <= height + 0.01
        assert min(x1, x2) - 0.02 <= at[0] <= max(x1, x2) + 0.02
        slope = nudged_slope(products, targets, measure, place)
        rise = slope * (height / high) / (width / (2 * REACH))
        assert abs((y1 - y2) - rise * (x2 - x1)) < 0.2


@pytest.mark.parametrize(("products", "targets", "measure", "place"), CASES)
def test_nothing_overlaps_or_is_cut_off(
    products: list[float], targets: list[float], measure: str, place: int
) -> None:
    picture = drawn(LossExplorer(products, targets, measure, place)).picture
    assert faults(picture) == set()
    assert ET.fromstring(picture).get("aria-label")
    # No words on the squares, either.
    for part in parts(picture):
        if "bpf-loss-area" in part.kinds:
            right = part.x + float(part.element.get("width", 0))
            low = part.y + float(part.element.get("height", 0))
            for box in text_boxes(parts(picture)):
                apart = box.left > right or box.right < part.x or box.top > low
                assert apart or box.bottom < part.y + 1, box.what


@pytest.mark.parametrize("products", [[-3], [5], [1], [1.01], [0.95]])
@pytest.mark.parametrize("measure", ["squared", "absolute"])
def test_the_ends_of_the_line_and_small_mistakes_are_drawn_too(
    products: list[float], measure: str
) -> None:
    assert faults(drawn(LossExplorer(products, [1], measure)).picture) == set()


def test_every_class_is_in_the_style_sheet_and_nothing_is_told_by_colour_alone() -> None:
    style = svg.stylesheet("picture.css")
    for products, targets, measure, place in CASES[:6]:
        for part in parts(drawn(LossExplorer(products, targets, measure, place)).picture):
            for kind in set(part.kinds) - {"bpf-on-order"}:  # plain ink
                assert f".{kind}" in style, kind
    assert drawn_with("stroke-dasharray", "bpf-loss-area", "bpf-average")
    assert drawn_with("stroke-dasharray", "bpf-order")


def test_rows_are_named_buttons() -> None:
    picture = drawn(LossExplorer([3, 3], [1, 5], chosen=1)).picture
    rows = [part.element for part in parts(picture) if part.element.get("role") == "button"]
    assert [json.loads(row.get("data-value", "")) for row in rows] == [0, 1]
    assert [row.get("aria-pressed") for row in rows] == ["false", "true"]
    assert [row.get("aria-label") for row in rows] == [
        "order 1: product 3, order 1, mistake +2",
        "order 2: product 3, order 5, mistake −2",
    ]
    assert all(row.get("data-lm-suppress-shortcuts") == "true" for row in rows)
    assert "role" not in {key for part in parts(drawn(LossExplorer()).picture)[1:]
                          for key in part.element.attrib}  # fmt: skip


# ---- settings -----------------------------------------------------------------------------------


def test_other_targets_keep_the_products_as_near_as_they_have_to_be() -> None:
    explorer = LossExplorer([3, 3], [1, 5], chosen=1)
    explorer.targets = [1]
    assert (explorer.products, explorer.chosen) == ([3.0], 0)
    explorer.targets = [9, 5, 1]
    assert explorer.products == [5.0, 3.0, 3.0]
    explorer.set_state({"chosen": 2, "targets": [0]})  # of which there is no third
    assert (explorer.targets, explorer.chosen) == ([9.0, 5.0, 1.0], 0)
    assert "Expected an order from 0 to 0" in explorer.message
    explorer.set_state({"chosen": 0, "targets": [0]})
    assert (explorer.targets, explorer.products, explorer.chosen) == ([0.0], [4.0], 0)
    assert explorer.view["message"] == ""


def test_there_is_always_a_curve_so_a_second_click_does_not_let_go_of_it() -> None:
    assert "chosen" not in LossExplorer().view["optional"]


NONSENSE: list[Any] = [
    "3", b"3", math.nan, math.inf, -1, 99, 1e400, 10**400, 1.5, 1j, [], [1], [1] * 4, [[1, 2]],
    [[1], [2, 3]], ["a", "b"], [None, 1], [math.nan, 1.0], [1.0, math.inf], [99, 0], [-11, 0],
    {"a": 1}, {1, 2}, np.zeros((4, 4)), [0] * 3000, len, LossExplorer, object(), ..., "cubic",
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(NONSENSE)))
def test_nonsense_leaves_all_as_it_was_and_is_answered_in_a_sentence(place: int) -> None:
    explorer = LossExplorer([3, 3], [1, 5], chosen=1)
    before = dict(explorer.view)
    for name in explorer.setting_names():
        if name == "targets" and repr(NONSENSE[place]) == "[1]":
            continue  # one order is fine
        setattr(explorer, name, NONSENSE[place])
        message = explorer.view["message"]
        assert re.match(r"Expected .* came", message, re.S), (name, message)
        assert message.endswith(".")
        assert len(message) < 300
        assert {**explorer.view, "message": ""} == before, name
        assert (explorer.products, explorer.targets, explorer.measure, explorer.chosen) == (
            [3.0, 3.0], [1.0, 5.0], "squared", 1
        )  # fmt: skip


def test_none_is_refused_where_there_has_to_be_something() -> None:
    explorer = LossExplorer()
    for name in ("products", "targets", "measure"):
        setattr(explorer, name, None)
        assert re.match(r"Expected .* came", explorer.view["message"]), name
    assert drawn(explorer).formula.startswith("Loss = (3 − 1)² = 4")


@pytest.mark.parametrize(
    "wrong",
    [
        dict(products=[9], targets=[1]),
        dict(products=[3, 3], targets=[1]),
        dict(targets=[1, 2, 3, 4]),
        dict(targets="1"),
        dict(measure="cubic"),
        dict(chosen=1),
    ],
)
def test_a_bad_first_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError), match=r"Expected .* came"):
        LossExplorer(**wrong)


def test_each_slider_reaches_as_far_as_the_picture() -> None:
    explorer = LossExplorer([3, 3], [1, 5])
    sliders = [control for control in drawn(explorer).controls if control["kind"] == "slider"]
    assert [(one["min"], one["max"]) for one in sliders] == [(-3, 5), (1, 9)]
    for one in sliders:
        for end in ("min", "max"):
            products = list(explorer.products)
            products[one["place"]] = one[end]
            explorer.products = products
            assert (explorer.products, explorer.view["message"]) == (products, "")


# ---- checks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("products", "targets", "measure", "place"), CASES[::5])
def test_the_checks_want_the_reference_numbers(
    products: list[float], targets: list[float], measure: str, place: int
) -> None:
    loss = mean_loss(products, targets, "squared")
    slope = nudged_slope(products, targets, "squared", place)
    assert check_loss(loss, products, targets).ok
    assert check_loss(round(loss, 4), products, targets).ok
    assert check_slope(round(slope, 5), products, targets, place).ok
    for wrong in (loss + 0.01, -loss - 1, "4", [loss, loss], math.nan):
        assert not check_loss(wrong, products, targets).ok
        assert not check_slope(slope + 0.01, products, targets, place).ok


@pytest.mark.parametrize("answers", [[-2, 4], (4, -2), [np.float64(4), np.float64(-2)]])
def test_both_products_count_in_any_order(answers: Any) -> None:
    result = check_products(answers, 9, 1)
    assert result.ok
    assert str(result) == "✓ Right. (−2 − 1)² = 9, (4 − 1)² = 9."


def test_a_function_that_is_right_is_right() -> None:
    def mse(outputs: list[float], targets: list[float]) -> Any:
        return np.mean((np.array(outputs) - np.array(targets)) ** 2)

    assert check_loss_function(mse).ok
    assert not check_loss_function(mse.__name__).ok


@pytest.mark.parametrize("answer", [*NONSENSE[2:], None])
def test_no_check_raises_or_says_right_to_nonsense(answer: Any) -> None:
    for result in (
        check_loss(answer, [0.5], [1]),
        check_loss(answer, [3, 3, 6], [1, 5, 5]),
        check_products(answer, 9, 1),
        check_products([answer, answer], 9, 1),
        check_slope(answer, [0.25], [1]),
        check_loss_function(answer),
        check_loss_function(lambda outputs, targets: answer),
    ):
        assert isinstance(result, checks.CheckResult)
        assert not result.ok
        assert result.message


# ---- the lesson ---------------------------------------------------------------------------------


def test_the_code_behind_the_curtain_is_the_code_of_the_losses() -> None:
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    (curtain,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "curtain")
    source = inspect.getsource(losses)
    lines = [
        line.strip()
        for block in re.findall(r"```python\n(.*?)```", curtain, re.S)
        for line in block.splitlines()
        if line.strip()
    ]
    assert len(lines) == 12
    assert [line for line in lines if line not in source] == []


def test_a_number_is_written_as_an_engine_number() -> None:
    # What the story tells of the two gates past which notes go.
    worker = bp.Network([bp.Dense([[1]], [0], "sigmoid")])
    p = 1 / (1 + math.exp(6))
    squared, crossed = (
        bp.steps(worker, [-6], [1], loss)[2].gradients[0].pre_activations.item()
        for loss in (MeanSquaredError(), bp.BinaryCrossEntropy())
    )
    assert math.isclose(squared, 2 * (p - 1) * p * (1 - p), rel_tol=1e-9)
    assert math.isclose(crossed, p - 1, rel_tol=1e-9)
