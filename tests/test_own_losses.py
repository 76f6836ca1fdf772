"""A loss of one's own: all that tells, draws or checks it is right."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import printed_sums
import pytest
from own_things import (
    EACH_LOSS,
    LOSSES_BY_HAND,
    TARGET,
    Huber,
    Tilted,
    WrittenHuber,
    X,
    add,
    factory,
    options,
)
from printed_sums import assert_comes_out

import backprop_lib as bp
from backprop_lib.engine.loss import Loss, MistakeLoss
from backprop_lib.engine.losses import LOSSES
from backprop_lib.study.nudging import Knob
from backprop_lib.study.paths import paths
from backprop_lib.widgets import (
    FactoryFloor,
    GradientExplorer,
    LossExplorer,
)
from backprop_lib.words import Names, caption
from backprop_lib.words import paths as words


@pytest.fixture(autouse=True)
def _added(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch)


def loss_step(network: bp.Network, x: list[float], target: list[float], loss: Loss) -> bp.Step:
    return next(step for step in bp.steps(network, x, target, loss) if step.phase == "loss")


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        (Huber(), "∂L/∂o = 1"),
        (WrittenHuber(), "∂L/∂o = sign(3 − 1) = 1"),
        (bp.MeanSquaredError(), "∂L/∂o = 2 × (3 − 1) = 4"),
    ],
)
def test_a_paths_last_slope_is_the_losss_own(loss: Loss, told: str) -> None:
    network = bp.Network([bp.Dense([[1.0]], [0.0])])
    last = bp.steps(network, [3.0], [1.0], loss)[-1]
    found = paths(network, [3.0], [1.0], Knob(0, 0, 0), loss)
    lines = words.lines(last, Names.of(network), Knob(0, 0, 0), found, None, loss)
    assert lines[1].text == told


@EACH_LOSS
@pytest.mark.parametrize("product", [3.0, 1.5, 0.25, 1.0])
def test_the_captions_loss_is_true(loss: Loss, product: float) -> None:
    network = bp.Network([bp.Dense([[1.0, 0.5]], [0.0, 1.0])])
    step = loss_step(network, [product], [1.0, 1.0], loss)
    formula = caption(step, Names.of(network), loss).formula
    expected = LOSSES_BY_HAND[loss.name](step.trace.output, step.target)
    assert step.loss == pytest.approx(expected, rel=1e-12)
    assert printed_sums.agree(formula.rsplit(" = ", 1)[1], float(expected))
    if loss.forms(1.0)[0]:
        assert " − 1" in formula or "1 − 1" in formula
        assert_comes_out(formula.removeprefix("Loss = "))
    else:
        assert re.fullmatch(rf"Loss = {printed_sums.NUMBER}", formula)


def test_huber_is_no_longer_a_square_of_3_minus_1() -> None:
    network = bp.Network([bp.Dense([[1.0]], [0.0])])
    formulas = []
    for loss in (Huber(), WrittenHuber(), bp.MeanSquaredError()):
        step = loss_step(network, [3.0], [1.0], loss)
        formulas.append(caption(step, Names.of(network), loss).formula)
    assert formulas == ["Loss = 1.5", "Loss = |3 − 1| − 0.5 = 1.5", "Loss = (3 − 1)² = 4"]


@pytest.mark.parametrize(
    ("gate", "mix", "loss", "told"),
    [
        ("leaky", 0.0, bp.MeanSquaredError(), "Just here a gate or the loss has a kink."),
        ("capped", 0.0, bp.MeanSquaredError(), "Just here a gate opens or shuts."),
        ("capped", 6.0, bp.MeanSquaredError(), "Just here a gate or the loss has a kink."),
        ("softplus", 0.0, bp.MeanSquaredError(), "Turned up a little"),
        ("identity", 5.0, Tilted(), "Just here a gate or the loss has a kink."),
        ("identity", 5.0, Huber(), "Just here, a tiny turn does nothing to the loss."),
    ],
)
def test_a_corner_is_told_as_what_it_is(gate: str, mix: float, loss: Loss, told: str) -> None:
    network = bp.Network([bp.Dense([[1.0]], [mix - 1.0], gate), bp.Dense([[1.0]], [0.0])])
    explorer = GradientExplorer(network, [1.0], [5.0], loss=loss)
    assert told in explorer.view["caption"]
    corner = [line for line in explorer.view["lines"] if line[0] == "a corner?"]
    assert len(corner) == ("Just here a" in told)
    for _label, text in corner:
        assert ("opens or shuts" in text) == ("opens or shuts" in told)


@EACH_LOSS
def test_floor_and_gradient_explorer_take_the_loss(loss: Loss) -> None:
    floor = FactoryFloor(factory("softplus"), X[0], TARGET[0], loss=loss)
    floor.position = 3
    expected = LOSSES_BY_HAND[loss.name](factory("softplus").forward(X[0]).output, TARGET[:1])
    assert printed_sums.agree(
        re.findall(printed_sums.NUMBER, floor.view["formula"])[-1], float(expected)
    )
    explorer = GradientExplorer(factory("softplus"), X[0], TARGET[0], loss=loss)
    assert explorer.message == ""
    ET.fromstring(explorer.view["picture"])


@pytest.mark.parametrize("mistake", [-4.0, -2.5, -1.0, -0.3, 0.0, 0.2, 1.0, 1.7, 4.0])
@pytest.mark.parametrize("name", ["Huber loss", "written Huber", "tilted loss"])
@pytest.mark.parametrize("others", [[], [0.5], [0.0, -3.0]])
def test_the_loss_explorer_tells_the_truth(name: str, mistake: float, others: list[float]) -> None:
    explorer = LossExplorer([1.0], [1.0])
    assert {"squared", "absolute", name} <= set(options(explorer, "measure"))
    assert "log cosh" not in options(explorer, "measure")
    explorer = LossExplorer([1.0 + one for one in (mistake, *others)], [1.0] * (1 + len(others)))
    explorer.measure = name
    assert explorer.message == ""
    view = explorer.view
    made, wanted = np.array([explorer.products]), np.array([explorer.targets])
    value = float(LOSSES_BY_HAND[name](made, wanted))
    loss, slope = view["formula"].split(",  ")
    assert printed_sums.agree(loss.rsplit(" = ", 1)[1], value)
    assert f"the loss: {loss.rsplit(' = ', 1)[1]}." in view["caption"]
    if name != "Huber loss":
        assert_comes_out(loss.removeprefix("Loss = "))
    by_hand = LOSSES_BY_HAND[name]
    up, down = (float(by_hand(made + np.eye(1, made.size) * way, wanted)) for way in (1e-7, -1e-7))
    at_kink = name == "tilted loss" and not mistake
    if at_kink:
        assert "The curve has a corner here, and no one slope; −" in view["caption"]
    else:
        printed = printed_sums.exact(slope.rsplit(" = ", 1)[1].replace("+", ""))
        assert float(printed) == pytest.approx((up - down) / 2e-7, abs=1e-3)
        assert ("bottom of the curve" in view["caption"]) == (not mistake)
        assert ("the loss goes up" in view["caption"]) == (mistake > 0.0)
        assert ("the loss goes down" in view["caption"]) == (mistake < 0.0)
    assert ("bpf-tangent" in view["picture"]) == (not at_kink)


@pytest.mark.parametrize("name", ["Huber loss", "written Huber", "tilted loss"])
@pytest.mark.parametrize("mistakes", [[4.0], [-4.0], [4.0, 0.3], [-4.0, -4.0, 4.0], [0.3, 0.9]])
def test_what_a_mistake_counts_is_drawn_as_its_area(name: str, mistakes: list[float]) -> None:
    explorer = LossExplorer([1.0 + one for one in mistakes], [1.0] * len(mistakes), name)
    picture = explorer.view["picture"]
    per_tile = float(re.findall(r"each tile: (\d+)", picture)[0])
    unit = 40.0 if len(mistakes) == 1 else 17.0
    areas = [
        float(rect.get("width", "")) * float(rect.get("height", "")) / unit**2 * per_tile
        for rect in ET.fromstring(picture).iter()
        if "bpf-loss-area" in rect.get("class", "")
    ]
    each = [float(LOSSES_BY_HAND[name](np.array([[1.0 + m]]), np.array([[1.0]]))) for m in mistakes]
    wanted = each if len(each) == 1 else [*each, sum(each) / len(each)]
    assert areas == pytest.approx(wanted, rel=0.01, abs=1e-3)


def test_a_steep_loss_keeps_to_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fourth(MistakeLoss):
        name = "fourth power"

        def raw_value(self, outputs: Any, targets: Any) -> float:
            return float(((outputs - targets) ** 4).mean())

        def raw_gradient(self, outputs: Any, targets: Any) -> Any:
            return 4.0 * (outputs - targets) ** 3 / outputs.size

    monkeypatch.setitem(LOSSES, "fourth power", Fourth())
    for products in ([5.0], [5.0, -3.0, 1.5]):
        picture = LossExplorer(products, [1.0] * len(products), "fourth power").view["picture"]
        assert "each tile: 16" in picture
        for rect in ET.fromstring(picture).iter():
            if "bpf-loss-area" in rect.get("class", ""):
                unit = 40.0 if len(products) == 1 else 17.0
                assert float(rect.get("height", "")) <= 4.0 * unit + 0.01
                assert float(rect.get("width", "")) <= 4.0 * unit + 0.01


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (0.5, "∂Loss/∂o = (1.5 − 1) = +0.5"),
        (-0.5, "∂Loss/∂o = (0.5 − 1) = −0.5"),
        (3.0, "∂Loss/∂o = sign(4 − 1) = +1"),
    ],
)
def test_a_slope_is_written_as_it_is_at_this_mistake(mistake: float, told: str) -> None:
    explorer = LossExplorer([1.0 + mistake], [1.0], "written Huber")
    assert explorer.view["formula"].endswith(told)


def test_a_plateau_is_no_bottom_and_what_has_no_form_is_not_written_with_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Capped(MistakeLoss):
        name = "capped square"

        def raw_value(self, outputs: Any, targets: Any) -> float:
            return float(np.minimum((outputs - targets) ** 2, 1.0).mean())

        def raw_gradient(self, outputs: Any, targets: Any) -> Any:
            mistakes = outputs - targets
            return np.where(np.abs(mistakes) < 1.0, 2.0 * mistakes, 0.0) / outputs.size

        def forms(self, mistake: float) -> tuple[str, str]:
            return ("({})²", "2 × ({})") if abs(mistake) < 1.0 else ("", "")

    monkeypatch.setitem(LOSSES, "capped square", Capped())
    for products, caption_, formula in (
        (
            [1.0],
            "This is the bottom of the curve",
            "Loss = (1 − 1)² = 0,  ∂Loss/∂o = 2 × (1 − 1) = 0",
        ),
        ([4.0], "The curve is flat here: the slope is 0.", "Loss = 1,  ∂Loss/∂o = 0"),
        ([4.0, 1.5], "The curve is flat here", "Loss = 0.625,  ∂Loss/∂o₁ = 0"),
    ):
        view = LossExplorer(products, [1.0] * len(products), "capped square").view
        assert caption_ in view["caption"]
        assert view["formula"] == formula


@pytest.mark.parametrize(
    ("name", "mistake", "told"),
    [
        ("squared", 0.5, "counted as 0.5² = 0.25."),
        ("squared", -0.5, "counted as (−0.5)² = 0.25."),
        ("absolute", 0.5, "counted as |0.5| = 0.5."),
        ("written Huber", 0.5, "counted as 0.5² × 0.5 = 0.125."),
        ("written Huber", -3.0, "counted as |−3| − 0.5 = 2.5."),
        ("Huber loss", -3.0, "counted as 2.5."),
        ("tilted loss", 2.0, "counted as 3 × 2 = 6."),
        ("tilted loss", -2.0, "counted as −1 × (−2) = 2."),
    ],
)
def test_the_description_counts_each_mistake_in_its_own_form(
    name: str, mistake: float, told: str
) -> None:
    assert told in LossExplorer([1.0 + mistake], [1.0], name).view["description"]
