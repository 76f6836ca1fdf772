"""How smoothly the playground trains in a real browser, and how soon its controls answer meanwhile.

For each factory, one after the other in the same page of JupyterLab: frames a second while it
trains, the bytes of a frame on the wire, the milliseconds that Python takes for one (training and
drawing apart), and those from moving a control until the page shows its answer, while training goes
on. ``python benchmarks/playground.py`` wants a machine with nothing else to do.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser"), str(ROOT / "benchmarks")]

from chromium import HOW_TO_GET_ONE, find_chromium, launched  # noqa: E402
from jupyter_process import JupyterProcess  # noqa: E402
from lesson_page import LessonPage, opened  # noqa: E402
from playwright.sync_api import Locator  # noqa: E402
from slider import Wire  # noqa: E402

SECONDS = 5
MOVES = 20
FRAMES_GOAL, ANSWER_GOAL = 20.0, 100.0  # frames a second, and milliseconds

FACTORIES = {
    "XOR, 2-4-1": "TrainingPlayground('xor', learning_rate=0.1, speed='middle')",
    "moons, 2-4-1": "TrainingPlayground('moons', speed='middle')",
    "moons, 2-8-8-1, fast": (
        "TrainingPlayground('moons', floors=3, workers=8, learning_rate=0.05, speed='fast')"
    ),
    "spiral, 2-8-8-8-1, fast": (
        "TrainingPlayground('spiral', floors=4, workers=8, optimizer='adam',"
        " learning_rate=0.01, speed='fast')"
    ),
}

# How often the picture changes: the times, in milliseconds, at which the big image was another.
WATCH = """
(stage, seconds) => new Promise((done) => {
  const times = [];
  const observer = new MutationObserver(() => times.push(performance.now()));
  const big = stage.querySelector("[data-part=border]");
  observer.observe(big, { childList: true });
  setTimeout(() => {
    observer.disconnect();
    done(times);
  }, 1000 * seconds);
})
"""
# How long the page shows nothing of a move: from the slider's event to its new value in words.
MOVE = """
(slider, place) => new Promise((done, fail) => {
  const words = slider.closest(".bpf-field").querySelector(".bpf-value");
  const start = performance.now();
  const observer = new MutationObserver(() => {
    observer.disconnect();
    done(performance.now() - start);
  });
  observer.observe(words, { childList: true, subtree: true, characterData: true });
  setTimeout(() => fail(new Error("The value stayed the same.")), 10000);
  slider.value = place;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})
"""
PRESS = """
(button) => new Promise((done, fail) => {
  const before = button.textContent, start = performance.now();
  const observer = new MutationObserver(() => {
    if (button.textContent === before) return;
    observer.disconnect();
    done(performance.now() - start);
  });
  observer.observe(button, { childList: true, subtree: true, characterData: true });
  setTimeout(() => fail(new Error("The button stayed the same.")), 10000);
  button.click();
})
"""
COST = """
(lambda time, p: [min(time.timeit(p.advance, number=1) for _ in range(15)) * 1000,
 min(time.timeit(p.frame, number=2) for _ in range(9)) * 500])(
 __import__("timeit"), playground)
"""


def measure(lesson: LessonPage, wire: Wire, cell: int) -> dict[str, float]:
    """What one playground comes to."""
    lesson.run_cell(cell)
    output = lesson.output(cell)
    press(output, "Play")
    stage = output.locator(".bpf-stage")
    stage.evaluate(WATCH, 1)  # warm up
    before = wire.bytes
    times = stage.evaluate(WATCH, SECONDS)
    carried = (wire.bytes - before) / max(1, len(times))
    gaps = [later - sooner for sooner, later in pairwise(times)]
    slider = output.get_by_role("slider", name="Batch size")
    answers = []
    for n in range(MOVES):
        answers.append(slider.evaluate(MOVE, 10 + n))
        lesson.page.wait_for_timeout(50 + 7 * n % 40)
    clicks = [press(output, "Pause" if n % 2 == 0 else "Play") for n in range(11)]
    train, draw = lesson.python(" ".join(COST.split()))
    return {
        "frames": len(times) / SECONDS,
        "slowest": statistics.quantiles(gaps, n=20)[-1] if len(gaps) > 1 else float("inf"),
        "bytes": carried,
        "train": train,
        "draw": draw,
        "answer": statistics.median(answers),
        "slow": statistics.quantiles(answers + clicks, n=20)[-1],
        "click": statistics.median(clicks),
    }


def press(output: Locator, name: str) -> float:
    """Press a button whose name changes by it; how long that takes."""
    taken: float = output.get_by_role("button", name=name, exact=True).evaluate(PRESS)
    return taken


def main() -> None:
    """Measure, and print a table."""
    chromium = find_chromium() or sys.exit(HOW_TO_GET_ONE)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0  # Windows has none
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        root, private = Path(folder, "root"), Path(folder, "private")
        root.mkdir()
        private.mkdir()
        cells = [
            new_code_cell(
                f"from backprop_lib import TrainingPlayground\nplayground = {code}\nplayground"
            )
            for code in FACTORIES.values()
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(new_notebook(cells=cells, metadata=kernel), root / "playground.ipynb")
        with (
            JupyterProcess(root, private, {"PYTHONPATH": str(ROOT)}) as jupyter,
            launched(chromium) as browser,
            opened(browser, jupyter, "playground.ipynb", "lab", width=1400, height=1000) as lesson,
        ):
            wire = Wire(lesson)
            lesson.page.reload()
            lesson.open(side_bar=False)
            for cell, name in enumerate(FACTORIES):
                found[name] = measure(lesson, wire, cell)
            assert not lesson.console_errors, lesson.console_errors
    print("                          frames/s  95 % gap   bytes a  training  drawing  answer to a"
          "  to a    95 %")  # fmt: skip
    print("                                          ms     frame        ms       ms    slider, ms"
          " click")  # fmt: skip
    for name, one in found.items():
        print(
            f"{name:25}{one['frames']:9.1f}{one['slowest']:10.0f}{one['bytes']:10,.0f}"
            f"{one['train']:10.1f}{one['draw']:9.1f}{one['answer']:13.0f}{one['click']:7.0f}"
            f"{one['slow']:8.0f}"
        )
    frames = min(one["frames"] for one in found.values())
    slow = max(one["slow"] for one in found.values())
    met = frames >= FRAMES_GOAL and slow <= ANSWER_GOAL
    print(
        f"The goals are {FRAMES_GOAL:.0f} frames a second and an answer in {ANSWER_GOAL:.0f} ms: "
        + ("met." if met else "missed.")
    )
    if load > 1:
        print(f"But the machine was busy already (load {load:.1f}), so all of this is too slow.")


if __name__ == "__main__":
    main()
