"""Code that does not end, or wants all the memory there is, is stopped after a while.

In the main thread the system's alarm looks at the clock, and costs nothing. Elsewhere, and in the
browser, where there are no signals, Python's own trace does, step by step: some five times as slow,
and it cannot wake what sleeps, nor stop what catches every error. What neither can stop is one
endless piece of C that asks for no memory, such as ``sum(itertools.count())``.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number

MEGABYTE = 2**20
EVERY = 0.02  # seconds from one look to the next
WAITING = 3.0  # who only waits, or shares a slow machine, gets so many times the seconds


class Endless(BaseException):
    """What stops code that does not end; nothing that catches an ``Exception`` keeps it."""


@dataclass(frozen=True)
class Limits:
    """How long a learner's code may compute, and by how much the memory may grow meanwhile."""

    seconds: float = 5.0
    megabytes: float = 400.0


LIMITS = Limits()


@contextmanager
def watched() -> Iterator[None]:
    """Stop what happens in here with ``Endless`` or MemoryError when it passes ``LIMITS``.

    >>> with watched():
    ...     print(sum(range(10)))
    45
    """
    look = _look(LIMITS)
    with ExitStack() as after:
        after.enter_context(_less_memory(LIMITS))
        after.enter_context(_alarm(look) or _trace(look))
        yield


def _look(limits: Limits) -> Callable[..., None]:
    """What raises ``Endless`` once the time is over, or the memory has grown too much."""
    computed = time.process_time() + limits.seconds
    waited = time.monotonic() + WAITING * limits.seconds
    most = _memory() + limits.megabytes * MEGABYTE

    looking = False

    def look(*_signal: Any) -> None:
        nonlocal looking
        if looking:  # the next alarm came while this one was still at work
            return
        looking = True
        try:
            judge()
        finally:
            looking = False

    def judge() -> None:
        if time.process_time() > computed or time.monotonic() > waited:
            raise Endless(
                _("after {n} seconds it was still at work").format(n=number(limits.seconds))
            )
        if _memory() > most:
            raise Endless(
                _("it had taken {n} megabytes by then").format(n=number(limits.megabytes))
            )

    return look


def _memory() -> float:
    """The bytes in use now; where no system tells, an estimate from Python's own small blocks."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * float(os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError, AttributeError, IndexError):
        return sys.getallocatedblocks() * 64.0


@contextmanager
def _less_memory(limits: Limits) -> Iterator[None]:
    """On Linux the system itself refuses more: so even C code that collects without end stops."""
    try:
        import resource

        with open("/proc/self/statm", "rb") as file:
            mapped = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        before = resource.getrlimit(resource.RLIMIT_AS)
        most = mapped + int(2 * limits.megabytes * MEGABYTE)
        resource.setrlimit(resource.RLIMIT_AS, (_smaller(before[0], most), before[1]))
    except (ImportError, OSError, ValueError, AttributeError):  # not everywhere
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _smaller(limit: int, most: int) -> int:
    return most if limit < 0 else min(limit, most)  # below 0: there was no limit


def _alarm(look: Callable[..., None]) -> Any:
    """A context in which the system looks; None where it cannot: in a thread, in a browser."""
    if sys.platform == "emscripten" or not hasattr(signal, "setitimer"):
        return None
    try:
        before = signal.signal(signal.SIGALRM, look)
    except ValueError:  # not the main thread
        return None
    return _ringing(before)


@contextmanager
def _ringing(before: Any) -> Iterator[None]:
    # Again and again: the first may come inside a bare ``except``, and be lost there.
    left, every = signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left, every)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)


@contextmanager
def _trace(look: Callable[..., None]) -> Iterator[None]:
    """Look at each instruction that Python comes to."""
    next_look = 0.0

    def trace(frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal next_look
        frame.f_trace_opcodes = True  # a loop on one line comes to no other line
        if (now := time.monotonic()) > next_look:
            next_look = now + EVERY
            look()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
