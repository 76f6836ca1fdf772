"""Names that no picture could show are cleaned at the door: pictures stay XML, pages stay JSON."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET

import pytest

from backprop_lib.datasets import Dataset, lemonade_factory
from backprop_lib.i18n import clean
from backprop_lib.pictures.plots import losses_picture
from backprop_lib.widgets import FactoryFloor, NeuronExplorer

NAMES = {
    "nul": ("le\x00mons", "lemons"),
    "bell": ("\x07lemons", "lemons"),
    "escape": ("\x1b[31mlemons", "[31mlemons"),
    "delete": ("lemons\x7f", "lemons"),
    "line break": ("soft\nice", "soft ice"),
    "tab": ("soft\tice", "soft ice"),
    "next line": ("soft\x85ice", "soft ice"),
    "line separator": ("soft\u2028ice", "soft ice"),
    "lone high surrogate": ("lemons\ud83c", "lemons\ufffd"),
    "lone low surrogate": ("\udf4blemons", "\ufffdlemons"),
    "no character": ("lemons\uffff", "lemons\ufffd"),
    "private use": ("lemons\ue000", "lemons\ufffd"),
    "right to left": ("\u202elemons", "lemons"),
    "zero width": ("le\u200bmons", "lemons"),
    "byte order mark": ("\ufefflemons", "lemons"),
}
AS_THEY_ARE = ["柠檬", "лимон", "🍋", "👩\u200d🍳", "می\u200cخواهم", "x < y & 'z'", "ça va"]

hostile = pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)


@hostile
def test_a_name_is_cleaned(name: str, shown: str) -> None:
    assert clean(name) == shown
    assert clean(shown) == shown


@pytest.mark.parametrize("name", AS_THEY_ARE)
def test_a_sound_name_stays(name: str) -> None:
    assert clean(name) == name


@hostile
def test_a_data_set_has_clean_names(name: str, shown: str) -> None:
    data = Dataset(name, [[1, 2]], [[3]], [name, "y"], [name], [name, ""], source=name)
    assert {data.name, data.input_names[0], data.target_names[0]} == {shown}
    assert (data.input_units[0], data.source) == (shown, shown)


@hostile
def test_explorers_draw_any_name(name: str, shown: str) -> None:
    floor = FactoryFloor(
        lemonade_factory(), [2, 1], [1],
        input_names=[name, "sugar"], worker_names=[[name, "Bo", "Cy"], ["taster"]],
    )  # fmt: skip
    for explorer in (floor, NeuronExplorer([2, 1], names=[name, "sugar"])):
        assert explorer.view["picture"]
        ET.fromstring(explorer.view["picture"])
        assert json.dumps(explorer.view, ensure_ascii=False).encode()
        assert explorer.fallback().encode()
        assert shown[:3] in explorer.view["picture"] + str(explorer.view["controls"])


@pytest.mark.parametrize("name", [name for name, _shown in NAMES.values()] + AS_THEY_ARE)
def test_plots_draw_any_name(name: str) -> None:
    html = losses_picture({name: [4, 0.6, 0.1]})._repr_html_()
    found = re.search(r"base64,([^\"]+)", html)
    assert found
    assert clean(name) in "".join(ET.fromstring(base64.b64decode(found[1])).itertext())
