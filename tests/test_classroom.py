"""What docs/classroom.md says of the lessons and of this repository is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "classroom.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`make ([\w-]+)`", GUIDE))))
def test_the_commands_exist(command: str) -> None:
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"\*\*([A-Z][\w ]+)\*\* beside|: \*\*([A-Z][\w ]+)\*\*", GUIDE)))
)
def test_the_buttons_of_the_site_are_called_so(name: tuple[str, str]) -> None:
    assert f">{''.join(name)}</button>" in (ROOT / "site" / "card.html").read_text(encoding="utf-8")


def test_the_sums_about_memory_add_up() -> None:
    server = re.search(r"for one pupil .*?\| (\d+) \|", GUIDE)
    largest = re.search(r"the largest \| (\d+) \|", GUIDE)
    assert server
    assert largest
    one = int(server[1]) + int(largest[1])
    assert f"{server[1]} + {largest[1]} = {one} MB" in GUIDE
    assert f"30 pupils take about {round(30 * one / 1000)} GB" in GUIDE
    assert one < int(re.search(r"guarantee: (\d+)M", GUIDE)[1])
