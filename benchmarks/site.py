"""How long a newcomer to the site waits for the first explorer that works, and what travels for it.

From the first request for a lesson until its first explorer has answered a click, in a Chromium to
which everything but this machine is closed; then the same again, in the same browser. The server is
plain: it compresses nothing, so its bytes are those of the files. Wants a built site (`make site`)
and a machine with nothing else to do.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "site"), str(ROOT / "tests" / "browser")]

from chromium import HOW_TO_GET_ONE, find_chromium  # noqa: E402
from playwright.sync_api import BrowserContext, expect  # noqa: E402
from site_page import SitePage, browser_without_internet  # noqa: E402
from static_site import HOW_TO_GET_ONE as NO_SITE  # noqa: E402
from static_site import SITE, Outside, StaticSite  # noqa: E402

RUNS = 3
LESSON = "01_forward.ipynb"
# Each row: what is measured, and the aims for its seconds and megabytes.
ROWS = {
    "first visit": (12.0, 40.0),
    "first visit, Python fetched on the front page": (12.0, 40.0),
    "second visit": (8.0, 40.0),
}
# Runs the code cells down to the first one with some code in it.
RUN_TO = """async (code) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  for (const [index, { model }] of notebook.widgets.entries()) {
    if (model.type !== "code") continue;
    notebook.activeCellIndex = index;
    await jupyterapp.commands.execute("notebook:run-cell");
    if (model.sharedModel.getSource().includes(code)) return;
  }
}"""


def visit(context: BrowserContext, site: StaticSite) -> tuple[float, float]:
    """Seconds and megabytes until the first explorer of the lesson has answered."""
    site.bytes_sent = 0
    lesson = SitePage(context, site, LESSON)
    start = time.perf_counter()
    lesson.page.goto(f"{site.url}notebooks/index.html?path={LESSON}")
    lesson.page.wait_for_selector("#python[data-state=ready]")
    lesson.page.evaluate(RUN_TO, "NeuronExplorer(")
    explorer = lesson.page.get_by_role("group", name="One worker").first
    knob = explorer.get_by_role("slider").first
    before = explorer.get_by_role("status").inner_text()
    knob.press("ArrowRight")
    expect(explorer.get_by_role("status")).not_to_have_text(before)
    seconds = time.perf_counter() - start
    sent = site.bytes_sent / 1e6
    expect(lesson.page.locator("#python")).to_be_hidden()
    lesson.page.wait_for_timeout(3000)  # it fetches what the other lessons need
    lesson.page.close()
    return seconds, sent


def main() -> int:
    """Print the table."""
    chromium = find_chromium()
    if not chromium or not SITE.is_dir():
        print(NO_SITE if chromium else HOW_TO_GET_ONE)
        return 0
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ROWS}
    for _run in range(RUNS):
        with Outside() as outside, StaticSite() as site:
            with browser_without_internet(chromium, outside) as browser:
                context = browser.new_context()
                found["first visit"].append(visit(context, site))
                found["second visit"].append(visit(context, site))
            with browser_without_internet(chromium, outside) as browser:
                context = browser.new_context()
                page = context.new_page()
                page.goto(site.url)
                expect(page.get_by_text("Python is loaded.")).to_be_visible(timeout=60_000)
                page.close()
                found["first visit, Python fetched on the front page"].append(visit(context, site))
    whole = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"{'until the first explorer works':<47}  seconds    aim     MB    aim")
    for name, (goal, most) in ROWS.items():
        seconds, sent = (statistics.median(each) for each in zip(*found[name], strict=True))
        print(f"{name:<47}  {seconds:7.1f}  {goal:5.0f}  {sent:5.1f}  {most:5.0f}")
    print(f"{'the whole site on disk':<47}  {'':7}  {'':5}  {whole / 1e6:5.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
