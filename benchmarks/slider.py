"""How long a slider's move takes to reach the picture, ours beside ``interact`` with matplotlib.

All are measured in the same page of JupyterLab, one after the other: milliseconds from the
input event on the slider to the new picture in the page, and the bytes that went over the wire for
it, there and back. ``python benchmarks/slider.py`` wants a machine with nothing else to do.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from chromium import HOW_TO_GET_ONE, find_chromium, launched  # noqa: E402
from jupyter_process import JupyterProcess  # noqa: E402
from lesson_page import LessonPage, opened  # noqa: E402
from playwright.sync_api import Locator, WebSocket  # noqa: E402

MOVES = 60
GOAL = 20.0  # milliseconds, the median of ours

# Each explorer: its code, the name of a slider, and where the moves begin and how far each goes.
EXPLORERS = {
    "FactoryFloor": ("FactoryFloor.lemonade(position=6)", "Learning rate", (-3.0, 0.05)),
    "NeuronExplorer": ("NeuronExplorer()", "knob for lemons", (-2.0, 0.1)),
    "LossExplorer": ("LossExplorer()", "product", (-2.0, 0.1)),
    "GradientExplorer": ("GradientExplorer.lemonade()", "Turn the knob", (0.0, 0.05)),
    "LearningRateExplorer": ("LearningRateExplorer()", "Learning rate", (-2.0, 0.05)),
    "LearningRateExplorer, valley": (
        "LearningRateExplorer(landscape='long valley')", "Learning rate", (-2.5, 0.05),
    ),
}  # fmt: skip
# What a lesson would do without our explorers: the same lap, its knobs and their turned values.
INTERACT = """
import matplotlib.pyplot as plt
from ipywidgets import FloatLogSlider, interact
from backprop_lib import SGD, MeanSquaredError, steps
from backprop_lib.datasets import lemonade, lemonade_factory

order, factory = lemonade(), lemonade_factory()

@interact(rate=FloatLogSlider(0.01, min=-4, max=0, step=0.05))
def show(rate):
    lap = steps(factory, order.inputs, order.targets, MeanSquaredError(), SGD(rate))
    figure, axes = plt.subplots(figsize=(7.8, 4.6))
    for floor, (old, new) in enumerate(zip(factory.layers, lap[-1].updated.layers)):
        for (source, worker), knob in zip(
            [(s, w) for s in range(old.weights.shape[0]) for w in range(old.weights.shape[1])],
            new.weights.flat,
        ):
            axes.plot([floor, floor + 1], [source, worker], color="tan")
            axes.text(floor + 0.7, worker + 0.2 * source, f"{knob:.4f}")
    axes.set(title=f"Update with learning rate {rate:.3g}", xlim=(-0.2, 2.4))
    plt.show()
"""

# One move: tell the slider, and wait for the picture to be another one.
MOVE = """
async (slider, [kind, place, selector]) => {
  const area = slider.closest(".jp-OutputArea-output");
  const picture = () => {
    const found = area.querySelector(selector);
    return found ? found.getAttribute("src") ?? found.innerHTML : null;
  };
  const before = picture();
  await new Promise((done) => setTimeout(done, 40)); // the last move's own messages have come
  await new Promise(requestAnimationFrame);
  return new Promise((done, fail) => {
    const observer = new MutationObserver(() => {
      const now = picture();
      if (now === null || now === before) return;
      done(performance.now() - start);
      observer.disconnect();
    });
    observer.observe(area, { childList: true, subtree: true, attributes: true });
    setTimeout(() => fail(new Error("The picture stayed the same.")), 10000);
    const start = performance.now();
    if (kind === "input") {
      slider.value = place;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    } else slider.dispatchEvent(new KeyboardEvent("keydown", { key: place, bubbles: true }));
  });
}
"""


class Wire:
    """Counts what the page's web sockets carry."""

    def __init__(self, lesson: LessonPage) -> None:
        self.bytes = 0
        lesson.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._count)
        socket.on("framereceived", self._count)

    def _count(self, frame: Any) -> None:
        self.bytes += len(frame if isinstance(frame, bytes) else frame.encode())


def measure(
    lesson: LessonPage, wire: Wire, slider: Locator, kind: str, places: list[object], picture: str
) -> tuple[float, float, float]:
    """The median and the 90th percentile of the milliseconds a move, and the bytes a move."""
    for place in places[:5]:  # warm up
        slider.evaluate(MOVE, [kind, place, picture])
    before = wire.bytes
    taken = [slider.evaluate(MOVE, [kind, place, picture]) for place in places[5:]]
    lesson.python("0")  # every message of the last move has come
    carried = (wire.bytes - before) / len(taken)
    return statistics.median(taken), statistics.quantiles(taken, n=10)[-1], carried


def run(lesson: LessonPage, wire: Wire) -> dict[str, tuple[float, float, float]]:
    """What was measured, by name."""
    errors = lesson.run_all()
    assert not errors, errors
    there_and_back = [n % 40 for n in range(MOVES + 5)]
    keys = ["ArrowRight" if n < 20 or n >= 53 else "ArrowLeft" for n in range(MOVES + 5)]
    found = {}
    # A page and a kernel that have just started are slow at first, and whoever is measured first
    # would bear it: so all are moved a little beforehand.
    for moves in (10, MOVES):
        for cell, (name, (_code, label, (first, pitch))) in enumerate(EXPLORERS.items()):
            slider = lesson.output(cell).get_by_role("slider", name=label).first
            places: list[object] = [first + pitch * n for n in there_and_back[: moves + 5]]
            found[name] = measure(lesson, wire, slider, "input", places, ".bpf-stage svg")
    theirs = lesson.output(len(EXPLORERS)).locator(".noUi-handle")
    image = ".jp-OutputArea-output img"
    found["interact with matplotlib"] = measure(lesson, wire, theirs, "key", list(keys), image)
    return found


def main() -> None:
    """Measure, and print a table."""
    chromium = find_chromium() or sys.exit(HOW_TO_GET_ONE)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0  # Windows has none
    with tempfile.TemporaryDirectory() as folder:
        root, private = Path(folder, "root"), Path(folder, "private")
        root.mkdir()
        private.mkdir()
        ours = [
            f"from backprop_lib.widgets import *\n{code}" for code, *_slider in EXPLORERS.values()
        ]
        cells = [new_code_cell(source.strip()) for source in (*ours, INTERACT)]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(new_notebook(cells=cells, metadata=kernel), root / "slider.ipynb")
        with (
            JupyterProcess(root, private, {"PYTHONPATH": str(ROOT)}) as jupyter,
            launched(chromium) as browser,
            opened(browser, jupyter, "slider.ipynb", "lab", width=1400, height=1600) as lesson,
        ):
            wire = Wire(lesson)
            lesson.page.reload()
            lesson.open(side_bar=False)
            found = run(lesson, wire)
    theirs = found["interact with matplotlib"]
    print(f"{MOVES} moves each              median ms   90 % ms   bytes a move   times faster")
    for name, (median, slow, carried) in found.items():
        ratio = "" if median == theirs[0] else f"{theirs[0] / median:13.1f}"
        print(f"{name:30}{median:9.1f}{slow:10.1f}{carried:15,.0f}{ratio}")
    slowest = max(median for median, *_rest in found.values() if median != theirs[0])
    print(f"The goal is {GOAL:.0f} ms at the median: " + ("met." if slowest <= GOAL else "missed."))
    if load > 1:
        print(f"But the machine was busy already (load {load:.1f}), so all of this is too slow.")


if __name__ == "__main__":
    main()
