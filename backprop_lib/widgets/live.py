"""An explorer whose picture goes on by itself, until it is paused, over, or watched by nobody.

The work is done by an asyncio task on the kernel's own loop, a frame at a time, with a rest between
frames in which whatever the learner did comes in. A page says which frame it has drawn; a page that
falls behind is waited for, and one that is gone ends the task.
"""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import suppress
from typing import Any, ClassVar
from weakref import WeakSet

import traitlets

from backprop_lib.i18n import gettext as _
from backprop_lib.widgets.explorer import Explorer
from backprop_lib.widgets.settings import YesNo
from backprop_lib.widgets.threads import LOCK, in_main_thread

FRAME = 1 / 30  # seconds from a frame to the next, where the page keeps up
TOLD = 4  # a page says at every so many frames that it has drawn them
AHEAD = 6  # frames that may be on their way to the page at a time
CALM = 15  # of so many frames one is shown to who asks for little motion
MOST_PAGES = 16  # that are remembered, each by so many letters at most
LONGEST_NAME = 40
PATIENCE = 5.0  # seconds without a word from any page, and nobody is watching


class Playing(YesNo):
    """Whether it goes on by itself."""

    def check(self, explorer: Any, value: Any) -> bool:
        """Return ``value``; ValueError where nothing can go on."""
        if super().check(explorer, value):
            explorer.expect_to_play()
        return bool(value)


class Live(Explorer):
    """An explorer with ``playing``; subclasses say what a frame's work is, and what it shows."""

    live = traitlets.Int(TOLD).tag(sync=True)  # asks the page to tell that it is there
    playing = Playing(False)
    everyone: ClassVar[WeakSet[Live]] = WeakSet()
    home: ClassVar[asyncio.AbstractEventLoop | None] = None

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._pages: dict[str, None] = {}  # the latest last; a page that breaks off says nothing
        self._sent = self._drawn_last = 0  # the numbers of frames
        self._heard = 0.0  # when a page last spoke
        self._calm = False  # whether it asked for little motion
        super().__init__()
        self._home()  # a cell is where the kernel's own loop can be seen
        self.on_msg(self._hear)
        self.observe(self._switched, names="playing")
        for other in tuple(Live.everyone):  # of a cell that was run again, for example
            other.pause()
        Live.everyone.add(self)

    def advance(self) -> None:
        """Do the work of a frame; set ``playing`` to False when that was the last."""
        raise NotImplementedError

    def frame(self) -> dict[str, Any]:
        """The parts of the picture that have changed: see ``pictures.playground.moving``."""
        raise NotImplementedError

    def act(self, name: str) -> None:
        """Do what a button of the page asks for."""

    def expect_to_play(self) -> None:
        """Raise ValueError where nothing can go on by itself."""
        if self._home() is None:
            raise ValueError(
                _(
                    "Expected a running notebook to play in, but this is plain Python; "
                    "try train(10), which does it at once."
                )
            )

    def pause(self) -> None:
        """Stop after the frame that is being made, if it plays."""
        if self.playing:
            self.playing = False

    def close(self) -> None:
        """Stop, and leave the page."""
        self.pause()
        super().close()

    # ---- the page ------------------------------------------------------------------------------

    def _hear(self, _widget: object, content: Any, _buffers: object) -> None:
        """What a page says: that it is there or gone, what it has drawn, what was pressed."""
        if not isinstance(content, dict):
            return
        self._heard = time.monotonic()
        with LOCK:
            self._understand(content)

    def _understand(self, content: dict[str, Any]) -> None:
        page, drawn, act = content.get("page"), content.get("drawn"), content.get("act")
        if isinstance(page, str) and len(page) <= LONGEST_NAME:
            self._pages.pop(page, None)
            if content.get("open"):
                self._pages[page] = None
                if len(self._pages) > MOST_PAGES:
                    del self._pages[next(iter(self._pages))]
                self._calm = content.get("calm") is True
            elif not self._pages:
                self.pause()
        if isinstance(drawn, int):
            self._drawn_last = max(self._drawn_last, min(drawn, self._sent))
        if isinstance(act, str):
            self.act(act)

    # ---- the task ------------------------------------------------------------------------------

    def _switched(self, change: Any) -> None:
        if not self.playing:
            return
        self._heard = time.monotonic()
        home = self._home()
        assert home is not None  # expect_to_play has seen it
        if _running() is home:
            self._set_off()
        else:
            home.call_soon_threadsafe(self._set_off)

    def _home(self) -> asyncio.AbstractEventLoop | None:
        """The kernel's own loop, on which cells run and interrupts arrive."""
        here = _running()
        if here is not None and in_main_thread():
            Live.home = here
        home = Live.home
        return home if home is not None and home.is_running() else here

    def _set_off(self) -> None:
        if self.playing and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def _go_on(self) -> None:
        interrupts, turn = _Interrupts(), 0
        try:
            while self.playing:
                due = time.monotonic() + FRAME
                interrupts.watch()
                turn += 1
                with LOCK:
                    self.advance()
                    if not self.playing:
                        break
                    if not self._calm or turn % CALM == 0:
                        self._sent += 1
                        self.send({"frame": self._sent, "parts": self.frame()})
                # Whatever came from the page in the meantime has its turn now.
                await asyncio.sleep(max(0.001, due - time.monotonic()))
                await self._until_drawn()
        except KeyboardInterrupt:
            pass  # it hit our own work and not a cell's: pause, and leave the kernel alive
        except Exception as error:  # nobody waits for this task, so nobody else would be told
            self.playing = False
            self.message = f"{type(error).__name__}: {error}"
            self.show()
        finally:
            interrupts.leave()
            self._task = None
            self.pause()

    async def _until_drawn(self) -> None:
        """Wait for the page where it is behind, but not for ever."""
        while self.playing and self._sent - self._drawn_last >= AHEAD:
            if time.monotonic() - self._heard > PATIENCE:
                self.playing = False
            await asyncio.sleep(0.004)


def _running() -> asyncio.AbstractEventLoop | None:
    """The loop that runs here, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class _Interrupts:
    """Takes the kernel's interrupt while training runs and no cell does, and pauses everything.

    Between cells ipykernel ignores an interrupt (SIG_IGN), so that it would not reach a task. Where
    another handler is in place, such as a cell's or a script's, that one is left alone.
    """

    def __init__(self) -> None:
        self._mine = False

    def watch(self) -> None:
        """Listen, now that no cell runs."""
        if self._mine or signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            return
        loop = asyncio.get_running_loop()

        def interrupted(*_signal: object) -> None:
            loop.call_soon_threadsafe(_pause_all)

        self._handler = interrupted
        with suppress(ValueError):  # not the main thread
            signal.signal(signal.SIGINT, interrupted)
            self._mine = True

    def leave(self) -> None:
        """Ignore interrupts again, as before."""
        if self._mine and signal.getsignal(signal.SIGINT) is self._handler:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def _pause_all() -> None:
    for one in tuple(Live.everyone):
        one.pause()
