"""The front page, and what lies between two visits: a learner's work, a network that is gone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import new_context
from playwright.sync_api import Browser, BrowserContext, Page, expect
from site_page import SCHOOL, SitePage, opened_here
from static_site import StaticSite

LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
LESSON = LESSONS[0].name
WIDER_THAN_THE_WINDOW = "() => document.documentElement.scrollWidth > window.innerWidth"


def note(page: Page) -> str:
    return page.locator("#python").get_by_role("status").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1400])
def test_the_front_page_shows_every_lesson(
    browser: Browser, site: StaticSite, theme: str, width: int
) -> None:
    context = new_context(browser, color_scheme=theme, viewport={"width": width, "height": 900})
    try:
        front = SitePage(context, site, "")
        front.page.goto(site.url)
        cards = front.page.get_by_role("listitem")
        expect(cards).to_have_count(len(LESSONS))
        for card, path in zip(cards.all(), LESSONS, strict=True):
            first = "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"])
            assert card.get_by_role("heading").inner_text() == first.splitlines()[0].strip("# ")
            minutes = re.search(r"\d+ minutes", first)
            assert minutes
            assert minutes[0] in card.inner_text()
            card.scroll_into_view_if_needed()
            assert card.locator("img").evaluate("async i => (await i.decode(), i.naturalWidth > 0)")
        assert not front.page.evaluate(WIDER_THAN_THE_WINDOW)
        assert front.axe(front.page.locator("html")) == []
        assert front.console_errors == front.failed_requests == []
    finally:
        context.close()


def test_the_front_page_tells_how_far_python_is(newcomer: BrowserContext, site: StaticSite) -> None:
    page = newcomer.new_page()
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.said = [];
          const status = document.querySelector("#python [role=status]");
          new MutationObserver(() => said.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
        })"""
    )
    page.goto(site.url)
    expect(page.get_by_text("Python is loaded.")).to_be_visible()
    *told, last = page.evaluate("said")
    steps = [re.fullmatch(r"Python is loading: (\d+) of (\d+) MB\.", words) for words in told]
    assert all(steps)
    done = [int(step[1]) for step in steps if step]
    whole = {int(step[2]) for step in steps if step}
    assert done == sorted(done)
    assert len(done) > 5
    assert whole == {done[-1]}
    assert last == "Python is loaded. A lesson now opens within seconds."


def test_a_lesson_is_opened_with_the_keyboard_alone(
    newcomer: BrowserContext, site: StaticSite
) -> None:
    lesson = SitePage(newcomer, site, LESSON)
    lesson.page.goto(site.url)
    lesson.page.keyboard.press("Tab")
    expect(lesson.page.get_by_role("link", name="Open").first).to_be_focused()
    lesson.page.keyboard.press("Enter")
    lesson.page.wait_for_url(f"**/notebooks/index.html?path={LESSON}")
    lesson.page.wait_for_function("() => document.querySelector('#python').innerText")
    assert note(lesson.page).startswith("Python is")
    lesson.wait()
    expect(lesson.page.locator("#python")).to_be_hidden()
    lesson.page.get_by_role("link", name="01 Forward").last.press("Enter")
    lesson.page.wait_for_url("**/notebooks/index.html?path=01_forward.ipynb")
    lesson.wait()
    lesson.page.get_by_role("link", name="All lessons").click()
    lesson.page.wait_for_url(f"{site.url}index.html")
    # Looking at a lesson is no change of it.
    expect(lesson.page.get_by_text("Python is loaded.")).to_be_visible()
    expect(lesson.page.get_by_role("button")).to_have_count(0)


def test_what_a_learner_changes_stays_until_it_is_started_afresh(
    newcomer: BrowserContext, site: StaticSite, tmp_path: Path
) -> None:
    mine = "6 * 7  # mine"
    with opened_here(newcomer, site, LESSON) as lesson:
        code = next(index for index, source in enumerate(lesson.sources()) if source == "2 * 3 + 1")
        lesson.set_source(code, mine)
        floor = next(i for i, source in enumerate(lesson.sources()) if "FactoryFloor.le" in source)
        for index in range(floor + 1):
            assert lesson.run_cell(index) == []
        # Nobody presses anything: it is saved every few seconds.
        lesson.page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")
        lesson.page.reload()
        lesson.wait()
        assert lesson.sources()[code] == mine
        assert lesson.outputs(code)[0]["data"]["text/plain"] == "42"
        # The explorer's Python is gone: its picture is shown, and no error in its place.
        expect(lesson.output(floor).locator("img")).to_be_visible()
        expect(lesson.output(floor)).not_to_contain_text("Error")

    page = newcomer.new_page()
    page.goto(site.url)
    own = page.get_by_role("button", name="Download my copy of Welcome")
    afresh = page.get_by_role("button", name=re.compile("Start Welcome .* afresh"))
    with page.expect_download() as downloading:
        own.click()
    downloading.value.save_as(tmp_path / LESSON)
    assert downloading.value.suggested_filename == LESSON
    cells = json.loads((tmp_path / LESSON).read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[code]["source"]) == mine

    afresh.click()
    page.get_by_role("button", name="Keep my copy").click()
    expect(own).to_be_visible()
    afresh.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Start afresh").click()
    expect(own).to_be_hidden()
    expect(page.get_by_role("link", name="Open Welcome")).to_be_focused()
    page.close()
    with opened_here(newcomer, site, LESSON) as lesson:
        assert lesson.sources()[code] == "2 * 3 + 1"


def test_a_cell_that_is_run_too_early_waits_for_python(
    newcomer: BrowserContext, site: StaticSite
) -> None:
    lesson = SitePage(newcomer, site, LESSON)
    lesson.page.goto(f"{site.url}notebooks/index.html?path={LESSON}")
    code = lesson.page.locator(".jp-CodeCell").first
    code.locator(".cm-content").click()
    lesson.page.keyboard.press("Control+a")
    lesson.page.keyboard.type("6 * 7")
    lesson.page.keyboard.press("Shift+Enter")
    expect(code.locator(".jp-OutputArea-output")).to_contain_text("42")


def test_once_loaded_it_works_without_a_network(newcomer: BrowserContext, site: StaticSite) -> None:
    with opened_here(newcomer, site, LESSON) as lesson:
        expect(lesson.page.locator("#python")).to_be_hidden()
        lesson.page.evaluate(
            """async () => {
              const files = await (await fetch("../python-files.json")).json();
              for (const [path, , hash] of [...files.first, ...files.later])
                while (!(await caches.match(new URL(`../${path}?${hash}`, location))))
                  await new Promise((done) => setTimeout(done, 100));
            }"""
        )
    newcomer.set_offline(True)
    with opened_here(newcomer, site, "05_update.ipynb") as lesson:  # another one, with matplotlib
        assert lesson.run_all() == []
    page = newcomer.new_page()
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_it_works_where_a_browser_keeps_nothing(newcomer: BrowserContext, site: StaticSite) -> None:
    """A teacher's machine that serves the site to the room: http, and not the learner's own."""
    lesson = SitePage(newcomer, site, LESSON)
    school = site.url.replace("127.0.0.1", SCHOOL)
    lesson.page.goto(f"{school}notebooks/index.html?path={LESSON}")
    lesson.wait()
    assert lesson.page.evaluate("[isSecureContext, 'serviceWorker' in navigator]") == [False, False]
    assert lesson.run_all() == []
