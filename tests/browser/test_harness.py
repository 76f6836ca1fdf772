"""The browser harness sees what it has to see, shown on a small notebook with a small widget."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import nbformat
import pytest
from chromium import chromium_or_skip
from jupyter_process import JupyterProcess
from lesson_page import LessonPage
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect

pytestmark = pytest.mark.thorough
Open = Callable[..., AbstractContextManager[LessonPage]]

WIDGET = '''
import anywidget, traitlets

class Doubler(anywidget.AnyWidget):
    value = traitlets.Int(3).tag(sync=True)
    twice = traitlets.Int(6).tag(sync=True)
    _css = ".doubler { color: var(--jp-content-font-color1); }"
    _esm = """
    export default { render({ model, el }) {
      el.classList.add("doubler");
      el.innerHTML = '<label>Value <input type="range" min="0" max="10"></label> <output></output>'
        + '<button>Break</button>';
      const [slider, output] = [el.querySelector("input"), el.querySelector("output")];
      slider.dataset.lmSuppressShortcuts = "true";
      slider.value = model.get("value");
      slider.oninput = () => { model.set("value", slider.valueAsNumber); model.save_changes(); };
      const show = () => (output.textContent = `twice is ${model.get("twice")}`);
      model.on("change:twice", show);
      show();
      el.querySelector("button").onclick = () => { throw new Error("planted in the widget"); };
    } };
    """

doubler = Doubler()
doubler.observe(lambda change: setattr(doubler, "twice", 2 * change["new"]), "value")
doubler
'''
TITLE, SLIDER, FAR_DOWN, FAILS, NOT_REACHED = 0, 1, 12, 13, 14

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40"/></svg>'
DATA = base64.b64encode(SVG.encode()).decode()
IMAGE = f'<img alt="a box" src="data:image/svg+xml;base64,{DATA}">'
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture(scope="module")
def dummy(jupyter: JupyterProcess) -> str:
    cells = [
        new_markdown_cell("# A dummy lesson"),
        new_code_cell(WIDGET.strip()),
        *[new_markdown_cell("A long story.\n\n" * 20) for _ in range(10)],
        new_code_cell("print('far down')"),
        new_code_cell("1 / 0"),
        new_code_cell("print('not reached')"),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), jupyter.root / "dummy.ipynb")
    return "dummy.ipynb"


@pytest.fixture(scope="module")
def lesson(open_notebook: Open, dummy: str) -> Iterator[LessonPage]:
    with open_notebook(dummy) as lesson:
        lesson.run_all()
        yield lesson


@pytest.fixture(scope="module")
def saved(jupyter: JupyterProcess) -> str:
    """A notebook with outputs that were saved by an earlier run."""
    picture = new_output("execute_result", {"text/html": IMAGE, "text/plain": "a box"})
    drawing = new_output("display_data", {"image/svg+xml": SVG, "text/plain": "a drawing"})
    lost = new_output(
        "display_data",
        {
            "application/vnd.jupyter.widget-view+json": {"model_id": "gone"},
            "text/plain": "the text instead",
        },
    )
    cells = [new_code_cell("...", outputs=[output]) for output in (picture, drawing, lost)]
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), jupyter.root / "saved.ipynb")
    return "saved.ipynb"


def test_the_slider_reaches_python_and_comes_back(lesson: LessonPage) -> None:
    slider = lesson.output(SLIDER).get_by_role("slider", name="Value")
    before = lesson.python("doubler.value")
    slider.press("ArrowRight")
    expect(lesson.output(SLIDER).locator("output")).to_have_text(f"twice is {2 * before + 2}")
    assert lesson.python("doubler.value") == before + 1


def test_an_error_in_a_cell_is_seen_and_the_run_ends_there(lesson: LessonPage) -> None:
    assert lesson.errors() == [f"cell {FAILS}: ZeroDivisionError: division by zero"]
    assert lesson.outputs(NOT_REACHED) == []


def test_cells_outside_the_viewport_are_in_the_page(lesson: LessonPage) -> None:
    assert lesson.outputs(FAR_DOWN)[0]["text"] == "far down\n"
    expect(lesson.output(FAR_DOWN)).to_have_text("far down")
    expect(lesson.cell(TITLE)).to_contain_text("A dummy lesson")


def test_a_cell_can_be_changed_and_run_alone(lesson: LessonPage) -> None:
    lesson.set_source(NOT_REACHED, "doubler.value = 0")
    lesson.run_cell(NOT_REACHED)
    assert lesson.sources()[NOT_REACHED] == "doubler.value = 0"
    expect(lesson.output(SLIDER).locator("output")).to_have_text("twice is 0")


def test_a_python_expression_that_fails_says_why(lesson: LessonPage) -> None:
    with pytest.raises(RuntimeError, match=r"NameError.*no_such_name"):
        lesson.python("no_such_name")


def test_nothing_is_reported_of_jupyter_itself(lesson: LessonPage) -> None:
    reports = lesson.console_errors + lesson.failed_requests + lesson.outside_requests
    assert [report for report in reports if "planted" not in report] == []


def test_console_errors_are_seen(lesson: LessonPage) -> None:
    with lesson.page.expect_event("pageerror"):
        lesson.output(SLIDER).get_by_role("button", name="Break").click()
    with lesson.page.expect_event("console"):
        lesson.page.evaluate("console.error('planted in the console')")
    seen = "\n".join(lesson.console_errors)
    assert "planted in the widget" in seen
    assert "planted in the console" in seen


def test_requests_that_fail_or_leave_the_machine_are_seen(lesson: LessonPage) -> None:
    with lesson.page.expect_event("response", lambda response: "planted" in response.url):
        lesson.page.evaluate("fetch('/planted')")
    assert lesson.failed_requests[-1].startswith("404")
    nowhere = "http://planted.invalid/"
    with lesson.page.expect_event("requestfailed"):
        lesson.page.evaluate("address => fetch(address).catch(() => {})", nowhere)
    assert lesson.outside_requests == [nowhere]
    assert lesson.failed_requests[-1].endswith(nowhere)


def test_axe_looks_inside_one_element(lesson: LessonPage) -> None:
    lesson.run_cell(SLIDER)
    output = lesson.output(SLIDER)
    assert lesson.axe(output) == []
    output.locator("label").evaluate("label => label.replaceWith(label.querySelector('input'))")
    assert [violation.split()[0] for violation in lesson.axe(output)] == ["label"]
    lesson.run_cell(SLIDER)


def test_a_widget_that_cannot_be_drawn_is_seen(open_notebook: Open, dummy: str) -> None:
    with open_notebook(dummy) as lesson:
        lesson.page.evaluate("harness.widgetPatience = 1_000")
        lesson.set_source(SLIDER, WIDGET.replace("el.classList", "no_such_name"))
        assert lesson.run_cell(SLIDER) == [f"cell {SLIDER}: a widget that shows nothing"]
        assert "no_such_name" in " ".join(lesson.console_errors)
        lesson.restart()
        assert lesson.errors() == []


def test_a_cell_that_does_not_end_is_named(
    open_notebook: Open, dummy: str, jupyter: JupyterProcess
) -> None:
    with open_notebook(dummy) as lesson:
        lesson.set_source(FAILS, "while True: pass")
        with pytest.raises(TimeoutError, match=rf"cells not done: \[{FAILS}\]"):
            lesson.run_cell(FAILS, timeout=2_000)
        kernels = len(jupyter.ask("api/kernels"))
    assert len(jupyter.ask("api/kernels")) == kernels - 1, "a kernel ends with its page"


def test_theme_width_and_pages(open_notebook: Open, dummy: str, tmp_path: Path) -> None:
    colour = "getComputedStyle(document.body).getPropertyValue('--jp-layout-color0').trim()"
    with open_notebook(dummy, theme="dark", width=700, side_bar=True) as lesson:
        dark = lesson.page.evaluate(colour)
        lesson.set_theme("light")
        assert lesson.page.evaluate(colour) != dark
        assert lesson.page.evaluate("innerWidth") == 700
        lesson.set_width(1400)
        assert lesson.page.evaluate("innerWidth") == 1400
        pages = lesson.screenshot_pages(tmp_path)
        assert len(pages) > 2
        assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)


def test_the_side_bar_is_folded_unless_asked_for(
    open_notebook: Open, dummy: str, lesson: LessonPage, ui: str
) -> None:
    files = "#jp-left-stack .jp-FileBrowser"
    expect(lesson.page.locator(files)).to_be_visible(visible=False)
    if ui == "lab":
        with open_notebook(dummy, side_bar=True) as other:
            expect(other.page.locator(files)).to_be_visible()


@pytest.mark.parametrize("trusted", [True, False])
def test_saved_outputs_without_running(open_notebook: Open, saved: str, trusted: bool) -> None:
    """HTML with an image is shown in either case, SVG only where it is trusted.

    The view of a widget that is gone is an error where it is trusted; else its text is shown.
    """
    with open_notebook(saved, trusted=trusted) as lesson:
        assert lesson.is_trusted() is trusted
        image = lesson.output(0).get_by_role("img", name="a box")
        assert image.evaluate("image => image.naturalWidth") == 40
        drawing = lesson.output(1).locator(".jp-OutputArea-output svg, .jp-OutputArea-output img")
        expect(drawing).to_have_count(1 if trusted else 0)
        view = lesson.output(2).locator(".jp-OutputArea-output")
        if trusted:
            assert lesson.errors() == ["cell 2: Error displaying widget: model not found"]
        else:
            expect(view).to_have_text("the text instead")


def test_the_checkout_is_not_what_is_served(jupyter: JupyterProcess) -> None:
    checkout = Path(__file__).parents[2]
    assert not jupyter.root.resolve().is_relative_to(checkout.resolve())


def test_without_chromium_there_is_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("BACKPROP_REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Install it"):
        chromium_or_skip()
    monkeypatch.setenv("BACKPROP_REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="Install it"):
        chromium_or_skip()
