"""What happens in the child that runs the tests: the package is compiled otherwise, and watched."""

from __future__ import annotations

import ast
import importlib
import os
import sys
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from tools.faults import planting

PACKAGE = "backprop_lib"
NOT_RUN = {"browser", "site"}  # folders of tests that need more than this process
PLAIN = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=line",
         "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # fmt: skip  # hypothesis is loaded
COMPARED = ("text/plain", "text/html", "image/svg+xml")  # as nbval does
Place = tuple[str, int]  # a module's file within the package, and a block in it


@dataclass
class Map:
    """What each test costs, in seconds of the processor, and in which blocks it was."""

    seconds: dict[str, float] = field(default_factory=dict)
    places: dict[str, frozenset[Place]] = field(default_factory=dict)
    imported: frozenset[Place] = frozenset()  # what ran before any test did

    def tests(self, module: str, block: int) -> list[str]:
        """Those that go through a block, cheap ones about that module first, and then others.

        The others are of the same test modules, as what went through a block may have been kept for
        them. A module's own constants are seen by whatever goes through that module.
        """
        spread = block == 0 or (module, block) in self.imported
        direct, inside = [], {}
        for test, places in self.places.items():
            inside[test] = sum(name == module for name, _block in places)
            if (module, block) in places or (spread and inside[test]):
                direct.append(test)
        files = {file_of(test) for test in direct} | {f"{PACKAGE}/{module}"}
        known = set(direct)
        near = [test for test in self.places if file_of(test) in files and test not in known]

        def price(test: str) -> float:
            return self.seconds[test] * len(self.places[test]) / max(1, inside[test])

        return sorted(direct, key=price) + sorted(near, key=price)


def file_of(test: str) -> str:
    """The file that a test stands in."""
    return test.partition("::")[0]


class Compiled(MetaPathFinder):
    """Finds the package's modules as Python does, and has them compiled by somebody else."""

    def __init__(self, compiled: Callable[[Path], CodeType | None]) -> None:
        self.compiled = compiled

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python's own finder, but with other code."""
        if name.partition(".")[0] != PACKAGE:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.origin is None or spec.loader is None:
            return spec
        code = self.compiled(Path(spec.origin))
        if code is not None:
            spec.loader = _Given(name, spec.origin, code)
        return spec


class _Given(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        return self.code


class Marker:
    """Notes through which blocks each test goes, with what its fixtures went through for it."""

    def __init__(self, root: Path) -> None:
        self.root = root / PACKAGE
        self.here: set[Place] = set()
        self.map = Map()
        self.of_fixture: dict[int, set[Place]] = {}
        self.seconds_of_fixture: dict[int, float] = {}
        self.shared = 0.0  # seconds of this test that went into what others use as well
        self.failed: set[str] = set()

    def compiled(self, path: Path) -> CodeType:
        """A module's code, with marks in it."""
        module = path.relative_to(self.root).as_posix()
        tree = planting.marked(path.read_text(encoding="utf-8"))
        mark = f"{planting.MARK} = __import__('builtins').{planting.MARK}({module!r})"
        at = 0  # after the docstring and what comes from the future
        while at < len(tree.body) and (
            planting.is_text(tree.body[at])
            or getattr(tree.body[at], "module", None) == "__future__"
        ):
            at += 1
        tree.body[at:at] = ast.parse(mark).body
        return compile(tree, str(path), "exec", dont_inherit=True)

    def mark(self, module: str) -> Callable[[int], None]:
        """What a module calls to say that it is being imported, and then for each block."""
        self.here.add((module, 0))
        return lambda block: self.here.add((module, block))

    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Run the lessons too."""
        items += stored_lessons(session, self.root.parent)

    def pytest_collection_finish(self) -> None:
        """What ran by now ran when something was imported."""
        self.map.imported = frozenset(self.here)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Note where a fixture goes, and what it costs if others use it as well."""
        before = set(self.here)
        self.here.clear()
        began = time.process_time()
        try:
            return (yield)
        finally:
            self.of_fixture[id(fixturedef)] = set(self.here)
            self.here |= before
            if fixturedef.scope != "function":
                took = time.process_time() - began
                self.seconds_of_fixture[id(fixturedef)] = took
                self.shared += took

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note a test as if it had to make all by itself that its fixtures give it."""
        self.here.clear()
        self.shared, began = 0.0, time.process_time()
        result = yield
        seconds = time.process_time() - began - self.shared
        given = getattr(item, "_fixtureinfo", None)
        for fixtures in given.name2fixturedefs.values() if given else ():
            self.here.update(*(self.of_fixture.get(id(one), ()) for one in fixtures))
            seconds += sum(self.seconds_of_fixture.get(id(one), 0.0) for one in fixtures)
        self.map.seconds[item.nodeid] = seconds
        self.map.places[item.nodeid] = frozenset(self.here)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails without a fault can't tell one."""
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def done(self) -> Map:
        """The map of all tests that passed."""
        for test in self.failed:
            self.map.places.pop(test, None)
        return self.map


class Chosen:
    """Runs these tests in this order, and says which one failed."""

    def __init__(self, tests: Iterable[str], root: Path, said: Path) -> None:
        self.order = {test: place for place, test in enumerate(tests)}
        self.files = {root / file_of(test) for test in self.order}
        self.root, self.said = root, said

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Read no other file."""
        other = collection_path.suffix == ".py" and collection_path not in self.files
        return True if other else None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Only these, in this order."""
        items += stored_lessons(session, self.root)
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order),
            key=lambda item: self.order[item.nodeid],
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that can't be imported any more has caught the fault too."""
        if report.failed:
            self.said.write_text(f"{report.nodeid}, which can't be read", encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say which one failed."""
        if report.failed:
            self.said.write_text(report.nodeid, encoding="utf-8")


class NoBrowser:
    """Reads no folder of tests that starts a browser."""

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out what needs more than this process."""
        return True if collection_path.name in NOT_RUN else None


class StoredLesson(pytest.Item):
    """A lesson whose cells show what is stored of them, as nbval has it, but without a kernel."""

    def runtest(self) -> None:
        """Run it from top to bottom."""
        lessons = importlib.import_module("lessons")
        lesson = lessons.read(self.path)
        run = lessons.run(lesson)
        for cell in lesson.code:
            shown = run.last(cell.id)
            stored = [one["data"] for one in cell.outputs if "data" in one]
            printed = [text for one in cell.outputs for text in one.get("text", ())]
            assert "".join(printed) == shown.printed, cell.id
            assert [_compared(one) for one in stored] == [
                _compared(one) for one in shown.bundles if "image" not in one
            ], cell.id


def _compared(bundle: Mapping[str, str | list[str]]) -> dict[str, str]:
    return {kind: "".join(text) for kind, text in bundle.items() if kind in COMPARED}


def stored_lessons(session: pytest.Session, root: Path) -> list[pytest.Item]:
    """The lessons in ``notebooks``, where the tests have a module that runs them."""
    if not (root / "tests" / "lessons.py").exists():
        return []
    return [
        StoredLesson.from_parent(
            session, name=path.stem, path=path, nodeid=f"notebooks/{path.name}"
        )
        for path in sorted((root / "notebooks").glob("*.ipynb"))
    ]


def run_pytest(root: Path, *plugins: object, stop: bool = True) -> int:
    """Run the tests of a tree, and return what pytest ends with."""
    os.chdir(root)
    sys.path.insert(0, str(root))
    folders = [str(root / name) for name in ("tests", PACKAGE) if (root / name).is_dir()]
    options = [one for one in PLAIN if stop or one != "-x"]
    return int(pytest.main([*options, "--rootdir", str(root), *folders], plugins=[*plugins]))
