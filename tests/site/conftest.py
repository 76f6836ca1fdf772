"""What the tests of the site share. They want the site in build/site: `make site-test` builds it.

A plain `pytest` leaves this folder out, because building takes a network; `pytest tests/site`
runs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "browser"))

from chromium import chromium_or_skip
from playwright.sync_api import Browser, BrowserContext, expect
from site_page import PATIENCE, browser_without_internet
from static_site import HOW_TO_GET_ONE, SITE, Outside, StaticSite

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def site() -> Iterator[StaticSite]:
    if not SITE.is_dir():
        if os.environ.get("BACKPROP_REQUIRE_SITE") == "1":
            pytest.fail(HOW_TO_GET_ONE, pytrace=False)
        pytest.skip(HOW_TO_GET_ONE)
    with StaticSite() as site:
        yield site


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    """What was asked of the internet; nothing, at the end of every test."""
    with Outside() as outside:
        yield outside


@pytest.fixture(scope="module")
def browser(site: StaticSite, outside: Outside) -> Iterator[Browser]:
    with browser_without_internet(chromium_or_skip(), outside) as browser:
        yield browser


@pytest.fixture(autouse=True)
def no_request_leaves_the_site(outside: Outside) -> Iterator[None]:
    yield
    assert sorted(set(outside.asked)) == []


def new_context(browser: Browser, **options: object) -> BrowserContext:
    """A browser that was never here before."""
    size = {"width": 1300, "height": 900}
    return browser.new_context(**{"viewport": size, "locale": "en-US", **options})


@pytest.fixture(scope="module")
def learner(browser: Browser) -> Iterator[BrowserContext]:
    """One learner, who comes back to this browser in every test of a module."""
    context = new_context(browser)
    yield context
    context.close()


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[BrowserContext]:
    """A learner who was never here before."""
    context = new_context(browser)
    yield context
    context.close()
