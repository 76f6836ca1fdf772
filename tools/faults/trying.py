"""Which tests go where, and what they say when a fault is planted there.

Both happen in a child that is forked off a process that has loaded pytest and all that is heavy,
but nothing of the package: a fault is there from the first moment on, as in a file that was saved
so, no file is touched, and a trial costs little more than the tests that are run.
"""

from __future__ import annotations

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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.faults import planting
from tools.faults.running import PACKAGE, Chosen, Compiled, Map, Marker, NoBrowser, run_pytest

# What the tests load anyway: once, and not again in each child.
HEAVY = ["numpy", "IPython.core.formatters", "anywidget", "ipywidgets", "matplotlib.pyplot",
         "hypothesis", "nbformat", "nbclient", "nbval.plugin", "autograd.numpy"]  # fmt: skip


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
            marker = Marker(root)
            setattr(builtins, planting.MARK, marker.mark)
            sys.meta_path.insert(0, Compiled(marker.compiled))
            code = run_pytest(root, marker, NoBrowser(), stop=False)
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
            sys.meta_path.insert(0, Compiled(lambda path: code if path == file else None))
            return run_pytest(root, Chosen(chosen, root, said))

        # A fault may well make a test slower; one that takes ten times as long has hung.
        ended = _forked(work, 2.0 + seconds + 10.0 * sum(map_.seconds[test] for test in chosen))
        by = said.read_text(encoding="utf-8") if said.exists() else ""
    if ended is None:
        return Verdict(True, by or "it never ended", len(chosen), len(known))
    return Verdict(ended != 0, by or f"pytest ended with {ended}", len(chosen), len(known))
