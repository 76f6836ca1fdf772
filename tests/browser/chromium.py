"""Find the machine's own Chromium, and start it through Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO_GET_ONE = (
    "The browser tests need Chromium, and none was found. Install it (Debian and Ubuntu: "
    "'sudo apt-get install chromium'; macOS: 'brew install --cask chromium'), or set the "
    "variable CHROMIUM to the path of a Chromium or Chrome that you have."
)


def find_chromium() -> str | None:
    """The path of a Chromium: the variable CHROMIUM first, then the usual names on PATH."""
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    return None


def chromium_or_skip() -> str:
    """The path of Chromium. Without one: a skip, or a failure if BACKPROP_REQUIRE_BROWSER is 1."""
    if path := find_chromium():
        return path
    if os.environ.get("BACKPROP_REQUIRE_BROWSER") == "1":
        pytest.fail(HOW_TO_GET_ONE, pytrace=False)
    pytest.skip(HOW_TO_GET_ONE)


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    """A running browser, closed at the end.

    While it runs, Playwright keeps an asyncio loop running in this thread, and `asyncio.run`
    refuses to work beside it. So close it before tests of another kind begin.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
