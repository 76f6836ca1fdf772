"""A lesson of the site in a real browser, asked in the same way as one in Jupyter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chromium import ARGUMENTS
from lesson_page import LessonPage
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from static_site import Outside, StaticSite

PATIENCE = 120_000  # milliseconds, until Python is ready, on a machine with much to do
# A name of this machine that browsers do not trust as they trust 127.0.0.1.
SCHOOL = "school.test"

ASK = """async (code) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const asked = kernel.requestExecute({ code, store_history: false });
  const said = [];
  asked.onIOPub = ({ content }) => said.push(content.text ?? content.evalue ?? "");
  await asked.done;
  return said.join("");
}"""


@contextmanager
def browser_without_internet(executable: str, outside: Outside) -> Iterator[Browser]:
    """A browser to which everything but this machine is `outside`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[*ARGUMENTS, f"--host-resolver-rules=MAP {SCHOOL} 127.0.0.1"],
            proxy={"server": outside.address, "bypass": f"127.0.0.1,{SCHOOL}"},
        )
        try:
            yield browser
        finally:
            browser.close()


class SitePage(LessonPage):
    """One open lesson of the site; see `LessonPage`."""

    jupyter: StaticSite

    def __init__(self, context: BrowserContext, site: StaticSite, name: str) -> None:
        super().__init__(context.new_page(), site, name, "notebook")
        self.page.set_default_timeout(PATIENCE)

    def open(self, side_bar: bool = False) -> None:
        """Go to the lesson, and wait until Python is ready."""
        self.page.goto(f"{self.jupyter.url}notebooks/index.html?path={self.name}")
        self.wait()

    def wait(self) -> None:
        """Wait until the lesson is shown and Python is ready."""
        self.page.wait_for_function("() => window.harness && window.harness.isOpen()")
        self._wait_for("ready", timeout=PATIENCE)

    def python(self, expression: str) -> Any:
        """The value of a Python expression; this kernel does not know Jupyter's own way to ask."""
        code = f"print(__import__('json').dumps({expression}))"
        return json.loads(self.page.evaluate(ASK, code))

    def is_code(self, index: int) -> bool:
        """Whether a cell holds code."""
        return bool(self.cell(index).evaluate("cell => cell.matches('.jp-CodeCell')"))


@contextmanager
def opened_here(context: BrowserContext, site: StaticSite, name: str) -> Iterator[SitePage]:
    """Open a lesson in a new tab and close it at the end."""
    lesson = SitePage(context, site, name)
    try:
        lesson.open()
        yield lesson
    finally:
        lesson.page.close()
