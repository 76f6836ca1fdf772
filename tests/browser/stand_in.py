"""A page without Jupyter that shows explorers of this very process, in milliseconds.

The page's half is the same text that Jupyter gets, and its moves go the same way through ipywidgets
into Python and back; only kernel and notebook are left out. A test asks for `stand_in`:

    def test_it_steps(stand_in: StandIn) -> None:
        floor = FactoryFloor.lemonade()
        shown = stand_in.show(floor)
        shown.get_by_role("button", name="Next").click()
        expect(shown.get_by_role("status")).to_contain_text("Floor 1 works")
        assert floor.position == 1

Python is read without waiting once the page shows its answer, or after `settled()`. What Python
sets, it sets in the test: `floor.position = 3`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from comm.base_comm import BaseComm
from greenlet import getcurrent
from lesson_page import PATIENCE, Theme
from playwright.sync_api import ConsoleMessage, Error, Locator, Page

from backprop_lib.widgets.explorer import Explorer

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# Grounds as in JupyterLab's two themes, so that contrast is judged as there.
PAGE = """<!doctype html><html lang="en"><title>Stand-in</title><style>
body { margin: 8px; background: #ffffff; }
@media (prefers-color-scheme: dark) { body { background: #111111; } }
</style><body></body></html>"""
WIDTH, HEIGHT = 1400, 1000


class Comm(BaseComm):  # type: ignore[misc]
    """The way between one explorer and the page; ipywidgets takes it for a kernel's."""

    def __init__(self, page: StandIn, explorer: Explorer) -> None:
        super().__init__(target_name="stand-in", primary=False)
        self.page, self.explorer = page, explorer
        explorer.comm = self
        self.name: str = explorer.model_id

    def publish_msg(self, msg_type: str, data: Any = None, **_more: Any) -> None:
        if msg_type == "comm_msg":
            self.page.tell(self.name, data)


class StandIn:
    """The page. `console_errors` and `outside_requests` are sentences that grow with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console_errors: list[str] = []
        self.outside_requests: list[str] = []
        self._comms: dict[str, Comm] = {}
        self._told: list[tuple[str, Any]] = []
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("request", lambda request: self._on_request(request.url))
        page.expose_function("tellPython", self._hear)
        page.set_content(PAGE)
        page.evaluate(SCRIPT)

    def show(self, explorer: Explorer, kernel: bool = False) -> Locator:
        """The explorer on the page, below those that are there.

        With `kernel` its page sees one of Jupyter's, idle until a test calls `kernel_is`.
        """
        comm = Comm(self, explorer)
        self._comms[comm.name] = comm
        call = "([name, state, kernel]) => standIn.show(name, state, kernel)"
        self.page.evaluate(call, [comm.name, explorer.get_state(), kernel])
        self.settled()
        return self.page.locator(f"[id='{comm.name}'] > .bpf")

    def hide(self, explorer: Explorer) -> None:
        """Take an explorer away, as when its cell runs again."""
        self.page.evaluate("name => standIn.hide(name)", explorer.model_id)
        self.settled()
        del self._comms[explorer.model_id]

    def hide_all(self) -> None:
        """Take all explorers away."""
        for comm in list(self._comms.values()):
            self.hide(comm.explorer)

    def settled(self) -> None:
        """Wait until Python has answered all that the page has asked for, and it is shown."""
        self._flush()
        self.page.evaluate("standIn.settled()")
        self._flush()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until Python is as a test wants it, after what takes its time on the page."""
        end = time.monotonic() + PATIENCE / 1000
        while not condition():
            assert time.monotonic() < end, "Python never became what was waited for."
            self.page.wait_for_timeout(5)  # in which Python hears; the pause between two looks
            self._flush()

    def hold(self, explorer: Explorer, held: bool = True) -> None:
        """Keep Python from hearing what the page sends, or let it hear again."""
        self.page.evaluate(
            "([name, held]) => standIn.model(name).hold(held)", [explorer.model_id, held]
        )

    def kernel_is(self, status: str, cause: str = "execute_request") -> None:
        """Let Jupyter say that its kernel is "busy", "idle", "restarting" or "dead", and why."""
        self.page.evaluate("([status, cause]) => standIn.kernel.is(status, cause)", [status, cause])

    @property
    def timers(self) -> list[int]:
        """The waits of the timers that go on, in milliseconds."""
        waits: list[int] = self.page.evaluate("standIn.timers()")
        return waits

    def wait_long(self) -> int:
        """Let all that the page has put off for seconds come now; returns how much that was."""
        due: int = self.page.evaluate("standIn.pass()")
        return due

    def runs(self, *waits: int) -> None:
        """Wait until just these timers go on."""
        self.until(lambda: self.timers == list(waits))

    def reset(self) -> None:
        """Make the window what it was at first, with a kernel that nothing has happened to."""
        self.page.evaluate("standIn.newKernel()")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        self.page.emulate_media(color_scheme="light", reduced_motion="no-preference")

    def set_theme(self, theme: Theme) -> None:
        """Let the reader's machine ask for light or dark colours."""
        self.page.emulate_media(color_scheme=theme)

    def set_width(self, width: int) -> None:
        """Make the window so many pixels wide."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    # Between Python and the page

    def tell(self, name: str, message: Any) -> None:
        """What an explorer sends: the answer to a move goes with it, all else at once."""
        self._told.append((name, message))
        if getcurrent().parent is None:  # where Playwright may be asked
            self._flush()

    def _flush(self) -> None:
        while self._told:
            told, self._told = self._told, []
            self.page.evaluate("messages => standIn.hear(messages)", told)

    def _hear(self, name: str, message: Any) -> list[Any]:
        """A message of the page's; returns what its explorer answers."""
        comm = self._comms.get(name)
        if comm is None:  # it has been hidden meanwhile
            return []
        comm.handle_msg({"content": {"data": message}, "buffers": []})
        answers = [said for who, said in self._told if who == name]
        self._told = [told for told in self._told if told[0] != name]
        return answers

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.console_errors.append(f"{error.message}\n{error.stack or ''}")

    def _on_request(self, url: str) -> None:
        if not url.startswith(("data:", "blob:", "about:")):
            self.outside_requests.append(url)
