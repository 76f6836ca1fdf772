"""Which tests go where, and what they say when a fault is planted there.

Both happen in a child that is forked off a process that has loaded pytest and all that is heavy,
but nothing of the package: a fault is there from the first moment on, as in a file that was saved
so, no file is touched, and a trial costs little more than the tests that are run.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from tools.faults import planting

PACKAGE = "backprop_lib"
# What the tests load anyway: once, and not again in each child.
HEAVY = ["numpy", "IPython.core.formatters", "anywidget", "ipywidgets", "matplotlib.pyplot",
         "hypothesis", "nbformat", "nbclient", "nbval.plugin", "autograd.numpy"]  # fmt: skip
NOT_RUN = {"browser", "site"}  # folders of tests that need more than this process
PLAIN = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=line",
         "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # fmt: skip  # hypothesis is loaded
Place = tuple[str, int]  # a module's file within the package, and a block in it


@dataclass
class Map:
    """What each test costs, in seconds of the processor, and in which blocks it was."""

    seconds: dict[str, float] = field(default_factory=dict)
    places: dict[str, frozenset[Place]] = field(default_factory=dict)
    imported: frozenset[Place] = frozenset()  # what ran before any test did

    def tests(self, module: str, block: int) -> list[str]:
        """Those that go through a block, the cheapest first, and then others that may see it.

        Others of the same test modules come after them, as what went through a block may have been
        kept for them. A module's own constants are seen by whatever is in that module.
        """
        spread = block == 0 or (module, block) in self.imported
        direct = [
            test
            for test, places in self.places.items()
            if ((module, block) in places or (spread and any(m == module for m, _ in places)))
        ]
        files = {_file(test) for test in direct} | {f"{PACKAGE}/{module}"}
        known = set(direct)
        near = [test for test in self.places if _file(test) in files and test not in known]
        return sorted(direct, key=self.seconds.__getitem__) + sorted(
            near, key=self.seconds.__getitem__
        )


@dataclass(frozen=True)
class Verdict:
    """What came of one fault."""

    caught: bool
    by: str  # the test that failed, or what else happened
    tried: int
    known: int  # so many tests might have caught it


def load() -> None:
    """Import what is heavy, but nothing of the package."""
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    assert PACKAGE not in sys.modules


def _file(test: str) -> str:
    return test.partition("::")[0]


# ---- in the child -----------------------------------------------------------------------------


class _Compiled(MetaPathFinder):
    """Finds the package's modules as Python does, and has them compiled by somebody else."""

    def __init__(self, compiled: Callable[[Path], CodeType | None]) -> None:
        self.compiled = compiled

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
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


class _Marker:
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
        self.here.add((module, 0))
        return lambda block: self.here.add((module, block))

    def pytest_collection_finish(self) -> None:
        self.map.imported = frozenset(self.here)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
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
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def done(self) -> Map:
        for test in self.failed:
            self.map.places.pop(test, None)
        return self.map


class _Chosen:
    """Runs these tests in this order, and says which one failed."""

    def __init__(self, tests: Iterable[str], root: Path, said: Path) -> None:
        self.order = {test: place for place, test in enumerate(tests)}
        self.files = {root / _file(test) for test in self.order}
        self.said = said

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        other = collection_path.suffix == ".py" and collection_path not in self.files
        return True if other else None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order),
            key=lambda item: self.order[item.nodeid],
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.said.write_text(f"{report.nodeid}, which can't be read", encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.said.write_text(report.nodeid, encoding="utf-8")


class _NoBrowser:
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return True if collection_path.name in NOT_RUN else None


def _pytest(root: Path, *plugins: object, stop: bool = True) -> int:
    os.chdir(root)
    sys.path.insert(0, str(root))
    folders = [str(root / name) for name in ("tests", PACKAGE) if (root / name).is_dir()]
    options = [one for one in PLAIN if stop or one != "-x"]
    return int(pytest.main([*options, "--rootdir", str(root), *folders], plugins=[*plugins]))


# ---- in the parent ----------------------------------------------------------------------------


def _forked(work: Callable[[], int], seconds: float, output: Path | None = None) -> int | None:
    """What ``work`` returns in a child, at most 255; None if it took too long or died."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            os.setsid()
            hole = os.open(output or os.devnull, os.O_WRONLY | os.O_CREAT)
            os.dup2(hole, 1), os.dup2(hole, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 3))
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    until = time.monotonic() + 20.0 * seconds  # a child may sleep, or wait for the processor
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.01)


def mapped(root: Path, seconds: float = 3600.0) -> Map:
    """Run all tests once without a fault, and note where each of them goes."""
    with tempfile.TemporaryDirectory() as folder:
        kept, output = Path(folder, "map"), Path(folder, "output")

        def work() -> int:
            marker = _Marker(root)
            setattr(builtins, planting.MARK, marker.mark)
            sys.meta_path.insert(0, _Compiled(marker.compiled))
            code = _pytest(root, marker, _NoBrowser(), stop=False)
            kept.write_bytes(pickle.dumps(marker.done()))
            return code

        code = _forked(work, seconds, output)
        if not kept.exists():
            raise RuntimeError(f"The tests ended with {code}: {output.read_text()[-2000:]}")
        made = pickle.loads(kept.read_bytes())
    assert isinstance(made, Map)
    return made


def tried(root: Path, map_: Map, module: str, fault: planting.Fault, seconds: float) -> Verdict:
    """Plant a fault, and run the tests that may see it, as long as they take so many seconds."""
    known = map_.tests(module, fault.block)
    chosen, left = [], seconds
    for test in known:
        left -= map_.seconds[test]
        if left >= 0.0:
            chosen.append(test)
    if not chosen:
        return Verdict(False, "no test goes there", 0, len(known))
    file = root / PACKAGE / module
    tree = planting.planted(file.read_text(encoding="utf-8"), fault.number)
    code = compile(tree, str(file), "exec", dont_inherit=True)
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")

        def work() -> int:
            sys.meta_path.insert(0, _Compiled(lambda path: code if path == file else None))
            return _pytest(root, _Chosen(chosen, root, said))

        # A fault may well make a test slower; one that takes ten times as long has hung.
        ended = _forked(work, 2.0 + seconds + 10.0 * sum(map_.seconds[test] for test in chosen))
        by = said.read_text(encoding="utf-8") if said.exists() else ""
    if ended is None:
        return Verdict(True, by or "it never ended", len(chosen), len(known))
    return Verdict(ended != 0, by or f"pytest ended with {ended}", len(chosen), len(known))
