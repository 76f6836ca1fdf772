"""A landscape of one's own: its class is written, and all that shows or names it is right."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from languages import Foreign, english
from picture_reader import faults, parts

from backprop_lib import SGD, LearningRateExplorer, i18n
from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _
from backprop_lib.pictures.descent.landscapes import landscape_chart
from backprop_lib.study.descent import LANDSCAPES, Landscape, LongValley, descend, regime

pytestmark = pytest.mark.filterwarnings("error")
SKEW = np.array([[2.0, 1.5], [1.5, 3.0]])
NAMES = ("round", "skew", "hollows", "w")


@pytest.fixture(autouse=True)
def own() -> Iterator[dict[str, Landscape]]:
    """Landscapes that exist as long as a test runs."""
    before = dict(LANDSCAPES)

    class Round(Landscape, name="round"):
        """L = 2 (w1^2 + w2^2), whose contours are told to be circles."""

        start, window, rates = (1.0, 1.0), ((-2.0, 2.0), (-2.0, 2.0)), (-4.0, 0.0)

        def title(self) -> str:
            return _("a round bowl")

        def value(self, points: Array) -> Array:
            return 2.0 * np.square(points).sum(axis=-1)

        def gradient(self, points: Array) -> Array:
            return 4.0 * points

        def half_axes(self, level: float) -> Array:
            return np.full(2, np.sqrt(level / 2.0))

    class Skew(Landscape, name="skew"):
        """L = (w - 1) A (w - 1) / 2 for an A that mixes both knobs, away from the middle."""

        start, window, starts = (3.0, 1.0), ((0.0, 5.0), (-1.0, 3.0)), ((0.0, 4.0), (-1.0, 3.0))

        def title(self) -> str:
            return _("a skew bowl")

        def value(self, points: Array) -> Array:
            return np.einsum("...i,ij,...j->...", points - 1.0, SKEW, points - 1.0) / 2.0

        def gradient(self, points: Array) -> Array:
            return (points - 1.0) @ SKEW

        def bottom(self, point: Array) -> Array:
            return np.ones(2)

    class Hollows(Landscape, name="hollows"):
        """L = (w1^2 - 1)^2 + w2^2: two hollows, and a saddle between them."""

        start, window = (0.5, 1.0), ((-2.0, 2.0), (-1.5, 1.5))

        def title(self) -> str:
            return _("two hollows")

        def value(self, points: Array) -> Array:
            return np.square(np.square(points[..., 0]) - 1.0) + np.square(points[..., 1])

        def gradient(self, points: Array) -> Array:
            one, other = points[..., 0], points[..., 1]
            return np.stack([4.0 * one * (one * one - 1.0), 2.0 * other], axis=-1)

        def bottom(self, point: Array) -> Array:
            return np.array([np.copysign(1.0, point[0]), 0.0])

        def told(self, point: Array) -> str:
            return _("It is on the left.") if point[0] < 0.0 else _("It is on the right.")

    class W(Landscape, name="w"):
        """L = (w^2 - 1)^2: two bottoms, like a W."""

        start, window = (1.5,), ((-2.0, 2.0), (-0.5, 6.0))
        starts = ((-2.0, 2.0),)

        def title(self) -> str:
            return _("a W")

        def value(self, points: Array) -> Array:
            return np.square(np.square(points[..., 0]) - 1.0)

        def gradient(self, points: Array) -> Array:
            return 4.0 * points * (np.square(points) - 1.0)

        def bottom(self, point: Array) -> Array:
            return np.copysign(1.0, point)

    yield {name: one for name, one in LANDSCAPES.items() if name not in before}
    LANDSCAPES.clear()
    LANDSCAPES.update(before)


def test_they_are_offered_because_they_exist(own: dict[str, Landscape]) -> None:
    assert tuple(own) == NAMES
    (places,) = (one for one in LearningRateExplorer().view["controls"] if one["kind"] == "choice"
                 and one["trait"] == "landscape")  # fmt: skip
    assert dict(places["options"]).items() >= {name: own[name].title() for name in own}.items()
    assert list(dict(places["options"]))[:3] == ["bowl", "two valleys", "long valley"]


def contour_points(landscape: Landscape) -> Iterator[tuple[float, np.ndarray]]:
    """Each contour's loss, and points (n, 2) in pixels of what is drawn for it."""
    (name,) = (name for name, one in LANDSCAPES.items() if one is landscape)
    picture = LearningRateExplorer(landscape=name).view["picture"]
    drawn = [part.element for part in parts(picture) if "bpf-contour" in part.kinds]
    for level, line in zip(landscape.levels().tolist(), drawn, strict=True):
        if line.tag.endswith("ellipse"):
            cx, cy, rx, ry = (float(line.get(key, "")) for key in ("cx", "cy", "rx", "ry"))
            turn = np.linspace(0.0, 2.0 * np.pi, 100)
            yield level, np.stack([cx + rx * np.cos(turn), cy + ry * np.sin(turn)], axis=1)
        else:
            ends = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", line.get("d", ""))
            yield level, np.array(ends, dtype=float)


def off_the_level(landscape: Landscape, value: Landscape) -> float:
    """How many pixels the farthest drawn point lies beside the contour that ``value`` has there."""
    chart, farthest = landscape_chart(landscape), 0.0
    spans = np.array([chart.across, chart.up[::-1]])
    unit = np.ptp(spans, axis=1) / (chart.width, chart.height)
    for level, pixels in contour_points(landscape):
        points = spans[:, 0] + pixels / (chart.width, chart.height) * (spans[:, 1] - spans[:, 0])
        steepness = np.linalg.norm(value.gradient(points) * unit, axis=1)
        off = np.abs(value.value(points) - level) / np.maximum(steepness, 1e-3)
        farthest = max(farthest, float(off.max()))
    return farthest


@pytest.mark.parametrize("name", ["long valley", "round", "skew", "hollows"])
def test_each_contour_lies_on_one_level(name: str) -> None:
    landscape = LANDSCAPES[name]
    assert off_the_level(landscape, landscape) < 0.5
    assert off_the_level(landscape, LANDSCAPES["skew" if name != "skew" else "round"]) > 5.0


@pytest.mark.parametrize("name", ["skew", "hollows"])
def test_traced_contours_fill_the_picture_and_do_not_leave_it(name: str) -> None:
    chart = landscape_chart(LANDSCAPES[name])
    every = np.concatenate([pixels for _level, pixels in contour_points(LANDSCAPES[name])])
    assert every.min() >= 0.0
    assert (every <= (chart.width, chart.height)).all()
    assert (np.ptp(every, axis=0) > 0.9 * np.array([chart.width, chart.height])).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_from_above_shows_the_window_with_right_angles(name: str) -> None:
    chart, window = landscape_chart(LANDSCAPES[name]), LANDSCAPES[name].window
    for shown, wanted in zip((chart.across, chart.up), window, strict=True):
        assert shown[0] <= wanted[0] < wanted[1] <= shown[1]
    if LANDSCAPES[name].knobs == 2:
        across, up = (shown[1] - shown[0] for shown in (chart.across, chart.up))
        assert across / chart.width == pytest.approx(up / chart.height)
    else:
        assert (chart.across, chart.up) == window


@pytest.mark.parametrize("name", NAMES)
def test_the_explorer_shows_and_tells_what_a_plain_loop_finds(name: str) -> None:
    landscape = LANDSCAPES[name]
    point = np.array(landscape.start)
    explorer = LearningRateExplorer(learning_rate=0.05, landscape=name, laps=4)
    view, walked = explorer.view, [point]
    for _lap in range(4):
        walked.append(walked[-1] - 0.05 * landscape.gradient(walked[-1]))
    loss = i18n.number(landscape.value(walked[-1]))
    turned = re.findall(r"([\d.]+) − 0\.05 × ", view["formula"])
    assert f"After 4 laps the loss is {loss}." in view["caption"]
    for knob, at, old in zip(landscape.knob_names, walked[-1], walked[-2], strict=True):
        digits = 4 if landscape.knobs == 1 else 3
        assert f"{knob} = {i18n.number(at, digits)}" in view["picture"]
        assert any(float(one) == pytest.approx(old, rel=1e-3) for one in turned), knob
    for at in walked:
        said = ", ".join(map(i18n.number, at))
        assert (f"({said})" if landscape.knobs == 2 else said) in view["description"]
    assert faults(view["picture"]) == set()


@pytest.mark.parametrize("name", NAMES)
def test_its_sliders_go_as_far_as_it_says(name: str) -> None:
    landscape, explorer = LANDSCAPES[name], LearningRateExplorer(landscape=name)
    sliders = [one for one in explorer.view["controls"] if one["kind"] == "slider"]
    starts = [(one["min"], one["max"]) for one in sliders if one["trait"] == "start_at"]
    assert starts == list(landscape.starts[: landscape.knobs])
    (rate,) = (one for one in sliders if one["trait"] == "learning_rate")
    assert (rate["min"], rate["max"]) == landscape.rates
    explorer.start_at = [most for _least, most in starts]
    assert explorer.view["message"] == ""
    explorer.start_at = [most + 0.1 for _least, most in starts]
    low, high = map(i18n.number, starts[0])
    assert explorer.view["message"].startswith(f"Expected the start from {low} to {high}, but ")
    assert explorer.start_at == [most for _least, most in starts]


def test_its_own_sentence_is_in_the_caption() -> None:
    assert "It is on the right." in LearningRateExplorer(landscape="hollows").view["caption"]
    explorer = LearningRateExplorer(landscape="hollows", start_at=[-1, 1])
    assert "It is on the left." in explorer.view["caption"]


def test_its_words_are_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    explorers = [LearningRateExplorer(landscape=name) for name in NAMES]
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    for explorer in explorers:
        explorer.show()
        texts = [part.text for part in parts(explorer.view["picture"])]
        texts += [explorer.view["caption"], explorer.view["description"]]
        texts += [words for one in explorer.view["controls"] if one.get("trait") == "landscape"
                  for _name, words in one["options"]]  # fmt: skip
        assert [english(text) for text in texts if english(text)] == []


@pytest.mark.parametrize(
    ("name", "curvature"), [("round", 4.0), ("skew", float(np.linalg.eigvalsh(SKEW)[-1]))]
)
def test_its_regimes_follow_from_its_steepest_curvature(name: str, curvature: float) -> None:
    landscape, limit = LANDSCAPES[name], 2.0 / curvature

    def found(share: float) -> str:
        return regime(descend(landscape, landscape.start, SGD(share * limit), 60), 10)

    assert [found(share) for share in (0.9, 1.0, 1.1)] == ["zig-zag", "bounces", "explodes"]
    rests = descend(landscape, landscape.bottom(np.array(landscape.start)), SGD(0.1), 10)
    assert regime(rests, 10) == "rests"


def test_a_landscape_without_a_name_is_offered_to_nobody() -> None:
    class Unnamed(LongValley):
        pass

    assert Unnamed().knobs == 2
    assert all(type(one) is not Unnamed for one in LANDSCAPES.values())
