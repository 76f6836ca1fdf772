"""What a reader of an explorer finds on its page, found by role and by name."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

MOMENTS = [
    "An order comes in",
    "Forward: floor 1 works",
    "Forward: floor 2 works",
    "Loss: the product meets the order",
    "Backward: notes reach floor 2",
    "Backward: notes reach floor 1",
    "Update: the knobs are turned",
]

# What reaches over the right edge of an explorer, but for what can be scrolled.
TOO_WIDE = """root => {
  const edge = root.getBoundingClientRect().right + 1;
  return [...root.querySelectorAll(":scope > :not(.bpf-stage, .bpf-timeline) *")]
    .filter((one) => one.getBoundingClientRect().right > edge)
    .map((one) => one.className);
}"""


def button(explorer: Locator, name: str) -> Locator:
    return explorer.get_by_role("button", name=name, exact=True)


def slider(explorer: Locator, name: str) -> Locator:
    return explorer.get_by_role("slider", name=name, exact=True)


def worker(explorer: Locator, name: str) -> Locator:
    """A worker in the picture, whatever its name goes on to say about its state."""
    return explorer.get_by_role("button", name=re.compile(f"^{name}, floor"))


def stands_at(floor: Locator, position: int) -> None:
    """Wait until a lemonade floor shows this moment, all over."""
    text = f"{position} of 6: {MOMENTS[position]}"
    expect(slider(floor, "Step")).to_have_attribute("aria-valuetext", text)
    expect(slider(floor, "Step")).to_have_value(str(position))
    expect(floor.locator(".bpf-band-words")).to_have_text(MOMENTS[position])
