"""The static figures: pure, the same letters each time, and a text that says the same."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest
from languages import Foreign, english
from matplotlib.figure import Figure

from backprop_lib import i18n
from backprop_lib.pictures.plots import (
    MOST_MARKS,
    STYLES,
    Picture,
    as_picture,
    losses_picture,
    plot_losses,
    plot_rates,
)

pytestmark = pytest.mark.filterwarnings("error")

LOSSES = {"0.01": [4, 0.5911, 0.1068], "0.02": [4, 0.1639, 0.001]}
RATES = ([0.001, 0.01, 0.02, 0.1], [2.7, 0.02, 8e-6, 0.73])


def figure() -> Figure:
    drawn = Figure(figsize=(6, 3), layout="constrained")
    plot_losses(drawn.subplots(), LOSSES)
    return drawn


def svg_of(picture: Picture) -> str:
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', picture._repr_html_())
    assert data
    return base64.b64decode(data[1]).decode()


def test_the_lines_are_the_data() -> None:
    lines = plot_losses(Figure().subplots(), LOSSES)
    assert [line.get_label() for line in lines] == list(LOSSES)
    assert [line.get_ydata().tolist() for line in lines] == list(LOSSES.values())
    assert all(list(line.get_xdata()) == [0, 1, 2] for line in lines)


def test_lines_differ_by_more_than_colour() -> None:
    many = {str(n): [1.0, 0.5] for n in range(len(STYLES))}
    lines = plot_losses(Figure().subplots(), many)
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == len(STYLES)


def test_a_long_line_keeps_its_data_and_has_few_marks() -> None:
    (line,) = plot_losses(Figure().subplots(), {"long": [1.0 / (lap + 1) for lap in range(1000)]})
    assert len(line.get_ydata()) == 1000
    assert 1000 / line.get_markevery() <= MOST_MARKS + 1


def test_there_is_no_half_a_lap_on_the_axis() -> None:
    svg = svg_of(losses_picture({"short": [4, 3, 2]}))
    assert not re.search(r">\d+\.5<", svg)


def test_numbers_between_powers_of_ten_are_plain_too() -> None:
    svg = svg_of(losses_picture({"flat": [0.37, 0.07, 0.035]}))
    assert ">0.04<" in svg
    assert "times" not in svg
    assert "×" not in svg


def test_the_picture_of_losses_says_how_each_goes() -> None:
    picture = losses_picture(LOSSES)
    assert picture.alternative == (
        "The loss lap by lap. 0.01: from 4 to 0.1068. 0.02: from 4 to 0.001."
    )


@pytest.mark.parametrize("losses", [[float("inf")], [float("nan"), 1.0], [0.0, 0.0], [1e300, 4]])
def test_any_losses_make_a_picture(losses: list[float]) -> None:
    assert ET.fromstring(svg_of(losses_picture({"odd": losses}))).tag.endswith("svg")


def test_the_lowest_loss_is_marked() -> None:
    axes = Figure().subplots()
    curve, start, mark = plot_rates(axes, *RATES, start=4)
    assert (list(curve.get_xdata()), list(curve.get_ydata())) == RATES
    assert set(start.get_ydata()) == {4}
    assert (mark.get_text(), mark.xy) == ("lowest at 0.02", (0.02, 8e-6))


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    before = dict(mpl.rcParams)
    as_picture(figure(), "two lines")
    assert dict(mpl.rcParams) == before


def test_a_picture_is_the_same_to_the_letter_each_time() -> None:
    first, second = as_picture(figure(), "two lines"), as_picture(figure(), "two lines")
    assert first._repr_html_() == second._repr_html_()
    svg = svg_of(first)
    assert ET.fromstring(svg).tag.endswith("svg")
    assert "date" not in svg.lower()
    assert mpl.__version__ not in svg
    assert ">laps<" in svg  # letters, not outlines


@pytest.mark.parametrize("last_bits", [2.0**-52, -(2.0**-51), 2.0**-48, 1e-12])
def test_a_picture_does_not_hang_on_the_last_bits_of_a_processor(last_bits: float) -> None:
    def drawn(factor: float) -> str:
        made = Figure(figsize=(4, 3))
        axes = made.add_axes((0.1 * factor, 0.13 * factor, 0.8 * factor, 0.7 * factor))
        axes.plot([0.3, 1.7 * factor, 2.9], [4 * factor, 0.5911, 0.1068])
        axes.set(xlim=(0, 3 * factor), ylim=(0, 4.3 * factor))
        return svg_of(as_picture(made, "a line"))

    assert drawn(1.0) == drawn(1.0 + last_bits)


def test_a_picture_has_a_text() -> None:
    picture = as_picture(figure(), 'lines that "fall" & rise')
    assert 'alt="lines that &quot;fall&quot; &amp; rise"' in picture._repr_html_()
    assert repr(picture) == "Picture(alternative='lines that \"fall\" & rise')"
    with pytest.raises(ValueError, match="says what the picture shows"):
        as_picture(figure(), "  ")


def test_ticks_are_plain_numbers() -> None:
    svg = svg_of(as_picture(figure(), "two lines"))
    assert ">0.01<" in svg
    assert "mathdefault" not in svg


def test_every_word_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n.catalogues, "_translations", Foreign())
    axes = Figure().subplots()
    _curve, _start, mark = plot_rates(axes, *RATES, start=4)
    texts = [axes.get_xlabel(), axes.get_ylabel(), mark.get_text()]
    texts += [text.get_text() for text in axes.get_legend().get_texts()]
    assert [english(text) for text in texts] == [[]] * len(texts)


def test_the_numbers_of_an_axis_are_written_in_one_way() -> None:
    axes = Figure().subplots()
    plot_rates(axes, [0.01, 0.1], [1e-8, 1.0], start=4)
    axes.figure.draw_without_rendering()
    texts = {label.get_text() for label in axes.get_yticklabels()} - {""}
    assert "10⁻⁴" in texts
    assert "0.0001" not in texts
    assert "1" in texts


def test_a_drawn_figure_turns_dark_with_the_page() -> None:
    shown = as_picture(Figure(), "nothing")._repr_html_()
    style, image = shown.split("</style>")
    assert '[data-jp-theme-light="false"] .bpf-drawn{filter:' in style
    assert 'class="bpf-drawn"' in image
