"""What the browser tests share: a Chromium, a page without Jupyter, and notebooks in both UIs.

What needs no Jupyter asks for `stand_in` (see stand_in.py): it is up in a second.

A test module about one explorer in a notebook has a `SOURCE`, the cell that shows it, and asks for
`lesson`: that cell, run. One that needs another notebook asks for `open_notebook`:

    @pytest.fixture(scope="module")
    def lesson(open_notebook):
        with open_notebook("01_forward.ipynb") as lesson:
            assert lesson.run_all() == []
            yield lesson

JupyterLab and Notebook 7 show the same widgets by the same code, so a quick run takes each module
to one of the two, in turns, and a thorough one (see `thorough.py`) takes all to both. A module
that sets `BOTH_UIS = True` always sees both: in a quick run its tests take turns.

The kernels see the environment that pytest runs in: `backprop_lib` has to be installed in it, or
be found through PYTHONPATH.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import nbformat
import pytest
from chromium import chromium_or_skip, launched
from jupyter_process import JupyterProcess
from lesson_page import PATIENCE, UIS, LessonPage, Ui, opened
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, expect
from stand_in import StandIn
from thorough import in_turns

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

expect.set_options(timeout=PATIENCE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Say in which UIs a test that asks for `ui`, itself or through another fixture, is run."""
    own = any("ui" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "ui" not in metafunc.fixturenames or own:
        return
    if getattr(metafunc.module, "BOTH_UIS", False):
        turn = list(vars(metafunc.module)).index(metafunc.function.__name__)
    else:
        modules = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
        turn = modules.index(metafunc.module.__name__)
    metafunc.parametrize("ui", in_turns(UIS, turn), indirect=True, scope="module")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `pytest -m "not browser"` leaves them out."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    return chromium_or_skip()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser a module, and not a session: see `launched`."""
    with launched(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def ui(request: pytest.FixtureRequest) -> Ui:
    ui: Ui = request.param
    return ui


@pytest.fixture(scope="session")
def server_of(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Ui], JupyterProcess]]:
    """A Jupyter server for each UI, started when it is first asked for.

    Any Jupyter server could show both. But it remembers static files by their name alone: once
    JupyterLab has got a font, Notebook's font of the same name is refused (jupyter_server 2.21).
    """
    with ExitStack() as stack:
        servers: dict[Ui, JupyterProcess] = {}

        def server_of(ui: Ui) -> JupyterProcess:
            if ui not in servers:
                folder = tmp_path_factory.mktemp(ui)
                root, private = folder / "notebooks", folder / "private"
                private.mkdir()
                if NOTEBOOKS.is_dir():
                    shutil.copytree(NOTEBOOKS, root)
                root.mkdir(exist_ok=True)
                servers[ui] = stack.enter_context(JupyterProcess(root, private))
            return servers[ui]

        yield server_of


@pytest.fixture(scope="module")
def jupyter(ui: Ui, server_of: Callable[[Ui], JupyterProcess]) -> JupyterProcess:
    """The server of this UI. `jupyter.root` is a copy of notebooks/: write in it as you like."""
    return server_of(ui)


@pytest.fixture(scope="module")
def open_notebook(
    browser: Browser, jupyter: JupyterProcess, ui: Ui
) -> Callable[..., AbstractContextManager[LessonPage]]:
    """`with open_notebook("name.ipynb", theme="dark", width=700) as lesson:`; see `opened`."""
    return partial(opened, browser, jupyter, ui=ui)


@pytest.fixture(scope="module")
def lesson(
    request: pytest.FixtureRequest,
    open_notebook: Callable[..., AbstractContextManager[LessonPage]],
    jupyter: JupyterProcess,
) -> Iterator[LessonPage]:
    """A notebook of one cell, the module's `SOURCE`, that has run."""
    name = f"{request.module.__name__}.ipynb"
    cells = [new_code_cell(request.module.SOURCE.strip())]
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), jupyter.root / name)
    with open_notebook(name) as lesson:
        assert lesson.run_all() == []
        yield lesson


@pytest.fixture(scope="module")
def stand_in_page(browser: Browser) -> Iterator[StandIn]:
    """One page without Jupyter, that all tests of a module share."""
    context = browser.new_context(locale="en-US")
    try:
        yield StandIn(context.new_page())
    finally:
        context.close()


@pytest.fixture
def stand_in(stand_in_page: StandIn) -> Iterator[StandIn]:
    """That page, empty; whatever was shown on it has to leave it without an error or a trace."""
    stand_in_page.reset()
    yield stand_in_page
    stand_in_page.hide_all()
    assert stand_in_page.console_errors == []
    assert stand_in_page.outside_requests == []
    assert stand_in_page.timers == []
