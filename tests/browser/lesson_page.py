"""A notebook that is open in a real browser, in JupyterLab or in Notebook 7."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from jupyter_process import JupyterProcess
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Request, Response
from playwright.sync_api import TimeoutError as PlaywrightTimeout

Ui = Literal["lab", "notebook"]
UIS: tuple[Ui, ...] = ("lab", "notebook")
Theme = Literal["light", "dark"]

ADDRESS: dict[Ui, str] = {"lab": "lab/tree", "notebook": "notebooks"}
PATIENCE = 60_000  # milliseconds; only a broken page waits as long as this

# Jupyter's own errors, which come with any notebook; an entry is all the texts that must be in the
# message. Everything else counts as ours, wherever it was thrown: an error of a widget often comes
# up through Jupyter's code. Warnings are not looked at.
NOISE = (
    # Notebook 7.6 loads a plugin of JupyterLab's that asks for settings which Notebook lacks.
    ("Cannot read properties of undefined (reading 'schema')", "/static/notebook/notebook_core."),
)
# Addresses that no network is asked for: what they name is in the page already.
LOCAL_SCHEMES = ("data:", "blob:", "about:")

SCRIPT = (Path(__file__).parent / "in_page.js").read_text(encoding="utf-8")


class LessonPage:
    """One open notebook. Cells are counted from 0, Markdown cells included.

    `console_errors`, `failed_requests` and `outside_requests` (those that left this machine's
    server) are lists of plain sentences that grow while the page is open.
    """

    def __init__(self, page: Page, jupyter: JupyterProcess, name: str, ui: Ui) -> None:
        self.page = page
        self.jupyter = jupyter
        self.name = name
        self.ui = ui
        self.console_errors: list[str] = []
        self.failed_requests: list[str] = []
        self.outside_requests: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.add_init_script(SCRIPT)
        page.on("console", self._on_console)
        page.on("pageerror", self._on_page_error)
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_request_failed)
        page.on("response", self._on_response)

    def open(self, side_bar: bool) -> None:
        """Go to the notebook, and wait until it is shown and its kernel is idle."""
        address = f"{self.jupyter.url}{ADDRESS[self.ui]}/{self.name}?token={self.jupyter.token}"
        self.page.goto(address + ("&reset" if self.ui == "lab" else ""))
        self.page.wait_for_function("() => window.harness && window.harness.isOpen()")
        if self.ui == "lab":
            self._ask("setSideBar", side_bar)
        self._wait_for("ready")

    # Running

    def run_all(self, timeout: float = PATIENCE) -> list[str]:
        """Run every cell, wait until all is done and shown, and return `errors()`."""
        self._wait_for("runAll", timeout=timeout)
        return self.errors()

    def run_cell(self, index: int, timeout: float = PATIENCE) -> list[str]:
        """Run one cell, wait until it is done and shown, and return `errors()`."""
        self._wait_for("runCell", index, timeout=timeout)
        return self.errors()

    def restart(self, timeout: float = PATIENCE) -> None:
        """Start the kernel afresh and clear every output."""
        self._wait_for("restart", timeout=timeout)

    def restart_kernel(self) -> None:
        """Start the kernel afresh, and leave the page as it is."""
        self._wait_for("restartKernel")

    def shut_down_kernel(self) -> None:
        """Stop the kernel, and leave the page as it is."""
        self._wait_for("shutDownKernel")

    def begin_cell(self, index: int) -> None:
        """Begin with a cell, and do not wait until it is done."""
        self._wait_for("beginCell", index)

    def errors(self) -> list[str]:
        """What went wrong in the outputs: Python errors, and widgets that could not be shown."""
        found: list[str] = self._ask("errors")
        return found

    def python(self, expression: str) -> Any:
        """The value of a Python expression in the kernel, brought here as JSON."""
        code = f"__import__('json').dumps({expression})"
        return json.loads(ast.literal_eval(self._wait_for("python", code)))

    # Cells

    def sources(self) -> list[str]:
        """The text of every cell."""
        return list(self._ask("sources"))

    def set_source(self, index: int, source: str) -> None:
        """Put other text into a cell, as a learner does who fills a gap."""
        self._ask("setSource", index, source)

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """A cell's outputs, as nbformat writes them."""
        return list(self._ask("outputs", index))

    def cell(self, index: int) -> Locator:
        """A whole cell on the page."""
        return self.page.locator(".jp-NotebookPanel .jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """The place on the page where a code cell's outputs are shown."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def is_trusted(self) -> bool:
        """Whether Jupyter trusts every code cell. One that has run here is trusted from then on."""
        return bool(self._ask("isTrusted"))

    # Looking

    def set_theme(self, theme: Theme) -> None:
        """Switch the whole page to the light or the dark theme."""
        self.page.emulate_media(color_scheme=theme)
        self._wait_for("themeIs", theme)

    def set_width(self, width: int) -> None:
        """Make the browser's viewport this many pixels wide."""
        size = self.page.viewport_size
        assert size is not None  # opened() sets one
        self.page.set_viewport_size({"width": width, "height": size["height"]})
        self._wait_for("settled")

    def screenshot(self, path: Path, of: Locator | None = None) -> None:
        """Save a picture of one element, or of all that the window shows."""
        self._wait_for("settled")
        path.parent.mkdir(parents=True, exist_ok=True)
        (of or self.page).screenshot(path=path)

    def screenshot_pages(self, folder: Path, stem: str = "page") -> list[Path]:
        """Save the complete notebook as consecutive pictures, a window's height each."""
        paths: list[Path] = []
        self._ask("scrollTo", 0)
        while True:
            paths.append(folder / f"{stem}-{len(paths) + 1:02}.png")
            self.screenshot(paths[-1], self.page.locator(".jp-NotebookPanel-notebook"))
            if not self._ask("scrollOn"):
                return paths

    def axe(self, element: Locator) -> list[str]:
        """What axe finds wrong inside an element: a sentence for each place, or an empty list."""
        return axe(element)

    # Inside

    def _ask(self, function: str, *arguments: object) -> Any:
        return self.page.evaluate("([f, a]) => window.harness[f](...a)", [function, arguments])

    def _wait_for(self, function: str, *arguments: object, timeout: float = PATIENCE) -> Any:
        """Start one of the page's slow functions and wait for its result, but not for ever."""
        self._ask("begin", function, arguments)
        try:
            self.page.wait_for_function("() => window.harness.task.done", timeout=timeout)
        except PlaywrightTimeout as error:
            raise TimeoutError(
                f"{function} of {self.name} did not end within {timeout / 1000:.1f} s. "
                f"{self._ask('whereAreWe')} Errors so far: {self.errors() + self.console_errors}"
            ) from error
        task = self.page.evaluate("window.harness.task")
        if "failure" in task:
            raise RuntimeError(f"{function} of {self.name} failed: {task['failure']}")
        return task.get("result")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note_error(f"{message.text} ({message.location.get('url', '')})")

    def _on_page_error(self, error: Error) -> None:
        self._note_error(f"{error.message}\n{error.stack or ''}")

    def _note_error(self, text: str) -> None:
        if not any(all(part in text for part in noise) for noise in NOISE):
            self.console_errors.append(text)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.jupyter.url, *LOCAL_SCHEMES)):
            self.outside_requests.append(request.url)

    def _on_request_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # given up by the page itself, when it is left
            self.failed_requests.append(f"{request.failure} {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.failed_requests.append(f"{response.status} {response.url}")


def axe(element: Locator) -> list[str]:
    """What axe finds wrong inside an element: a sentence for each place, or an empty list."""
    if not element.page.evaluate("'axe' in window"):
        element.page.evaluate(AXE_SCRIPT)
    found = element.evaluate("element => axe.run(element)")
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@contextmanager
def opened(
    browser: Browser,
    jupyter: JupyterProcess,
    name: str,
    ui: Ui,
    *,
    theme: Theme = "light",
    width: int = 1400,
    height: int = 1000,
    side_bar: bool = False,
    trusted: bool | None = None,
) -> Iterator[LessonPage]:
    """Open a notebook of the server's folder in a fresh window; close it and its kernel after.

    `trusted` signs the notebook first, or takes its signature back. `side_bar` leaves
    JupyterLab's left side bar open.
    """
    if trusted is not None:
        jupyter.set_trust(name, trusted)
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="en-US"
    )
    try:
        lesson = LessonPage(context.new_page(), jupyter, name, ui)
        lesson.open(side_bar)
        lesson.set_theme(theme)
        yield lesson
    finally:
        context.close()
        jupyter.stop_kernels(name)
