"""Whatever is given to whatever is public: a result comes back, or a sentence, and nothing else."""

from __future__ import annotations

import inspect
import math
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import doors
import numpy as np
import pytest
from doors import Door
from hostile import HOSTILE
from thorough import THOROUGH

import backprop_lib
from backprop_lib import SGD, Network, train
from backprop_lib.datasets import lemonade_factory, moons, rings, spiral, xor
from backprop_lib.engine.arrays import as_count, as_numbers, as_positive, as_random, as_rows
from backprop_lib.engine.losses import MeanSquaredError
from backprop_lib.study.descent import Bowl, descend, descend_factory
from backprop_lib.study.nudging import Knob
from backprop_lib.study.paths import paths
from backprop_lib.study.runs import Run
from tools.bending import bent_copies

PACKAGE = str(Path(backprop_lib.__file__).parent)
SECONDS = 20  # and no call takes longer, on however slow a machine
QUICK = 1_500
DOORS = doors.doors()
CALLS = [(door, name, kind) for door in DOORS for name in door.asks_for for kind in HOSTILE]


class Endless(BaseException):
    """A call did not end."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what does not end, where the system can."""
    here = threading.current_thread() is threading.main_thread()
    if not here or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_signal: int, _frame: Any) -> None:
        raise Endless

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome(call: Callable[[], Any]) -> str:
    """How a call ends: "" in a result or a sentence, and otherwise what came of it."""
    try:
        with within(SECONDS), warnings.catch_warnings(action="error"):
            result = call()
            if hasattr(result, "__next__"):
                list(islice(result, 3))
        return ""
    except (TypeError, ValueError, OSError) as error:
        said = str(error)
        if len(said) < 500 and said.startswith("Expected ") and said.endswith((".", "?")):
            return ""
        return f"{type(error).__name__}: {said[:200]!r}, {len(said)} letters"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return f"{type(error).__name__}"


def some_calls() -> list[tuple[Door, str, str]]:
    if THOROUGH:
        return CALLS
    chosen = np.random.default_rng(9).choice(len(CALLS), QUICK, replace=False)
    return [CALLS[one] for one in sorted(chosen)]


def test_there_is_much_to_give_and_much_to_give_it_to() -> None:
    assert len(CALLS) > 10_000
    names = {door.name for door in DOORS}
    found = {name: getattr(backprop_lib, name) for name in backprop_lib.__all__}
    # An idea of what others are made of is not made, and a record holds what it is given.
    looks = {
        name
        for name, what in found.items()
        if not inspect.isabstract(what) and not (inspect.isclass(what) and doors.is_record(what))
    }
    assert names >= looks >= {"Dense", "Network", "SGD", "train"}
    assert names >= {"paths", "SGD.update", "Network.random", "Run", "read_table"}


def test_what_is_good_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that fails for its other arguments would say nothing of the hostile one."""
    monkeypatch.chdir(tmp_path)
    refused = []
    for door in DOORS:
        try:
            door.open()(**door.good())
        except Exception as error:
            refused.append(f"{door.name}: {error}")
    assert len(refused) < 0.08 * len(DOORS), refused


def test_every_call_ends_in_a_result_or_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    otherwise = []
    for door, name, kind in some_calls():
        if name in doors.LENT and kind in doors.RAISING:
            continue
        function, given = door.open(), door.good() | {name: HOSTILE[kind]()}
        if told := outcome(lambda function=function, given=given: function(**given)):
            otherwise.append(f"{door.name}({name}={kind}): {told}")
    assert otherwise == []


# ---- the cases from which this began ------------------------------------------------------------

MASKED = np.ma.masked_array([[1.0, 99.0]], mask=[[False, True]])


@pytest.mark.parametrize("call", [
    lambda: paths(lemonade_factory(), [2, 1], [1], Knob(0, 0, 0), loss="x"),
    lambda: bent_copies([]),
    lambda: SGD(momentum=np.zeros(2)),
    lambda: SGD(np.longdouble("1e4000")),
    lambda: as_numbers(np.array(["1e4000"], dtype=np.longdouble), "the inputs"),
    lambda: as_numbers([10**400], "the inputs"),
    lambda: as_positive(10**400, "the learning rate"),
    lambda: as_count(HOSTILE["unshown"](), "the laps"),
    lambda: as_random(HOSTILE["unshown"]()),
    lambda: as_rows(HOSTILE["within itself"](), "the inputs"),
    lambda: as_random(HOSTILE["nested deeply"]()),
    lambda: Network([HOSTILE["nested deeply"]()]),
], ids=range(12))  # fmt: skip
def test_what_was_no_sentence_is_one(call: Callable[[], Any]) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^Expected .*\.$") as told:
        call()
    assert len(str(told.value)) < 500


@pytest.mark.parametrize("kind", ["nested 40", "nested deeply", "matrix", "ragged", "[1, 2]", "-1"])
def test_dice_of_another_kind_do_not_crash_python(kind: str) -> None:
    with pytest.raises((TypeError, ValueError), match="Expected a"):
        Run(xor(), None, Network.random([2, 2, 1]), SGD(0.1), 4, seed=HOSTILE[kind]())


@pytest.mark.parametrize("value", [
    MASKED, MASKED[0], [MASKED[0]], [MASKED[0], MASKED[0]], (MASKED[0],), [np.ma.masked, 1.0],
    [[1.0, np.ma.masked], [2.0, 3.0]],
])  # fmt: skip
def test_hidden_numbers_are_not_taken(value: Any) -> None:
    with pytest.raises(ValueError, match="Expected the inputs without gaps, but a masked array"):
        as_rows(value, "the inputs")


def test_a_masked_array_that_hides_nothing_is_as_good_as_any() -> None:
    assert as_numbers(np.ma.masked_array([1.0, 2.0]), "the inputs").tolist() == [1.0, 2.0]


def test_what_explodes_at_once_is_said_without_a_warning() -> None:
    with warnings.catch_warnings(action="error"):
        way = descend(Bowl(), [1e200], SGD(0.1), 3)
    assert way.exploded and way.laps == 0


@pytest.mark.parametrize("much", [10**9, 10**18, 10**400], ids=["10⁹", "10¹⁸", "10⁴⁰⁰"])
@pytest.mark.parametrize("call", [
    lambda much: moons(much),
    lambda much: rings(much),
    lambda much: xor(much),
    lambda much: spiral(much),
    lambda much: spiral(classes=much, examples=much),
    lambda much: bent_copies(doors.squares(), copies=much),
    lambda much: descend(Bowl(), [2], SGD(0.1), laps=much),
    lambda much: descend_factory(lemonade_factory(), [2, 1], [1], SGD(0.01), laps=much),
    lambda much: Network.random([2, much, 1]),
    lambda much: backprop_lib.checks.museum.losses(lemonade_factory(), [2, 1], [1], 0.01, much),
], ids=range(10))  # fmt: skip
def test_too_much_is_refused_at_once(call: Callable[[int], Any], much: int) -> None:
    start = time.perf_counter()
    with pytest.raises(ValueError, match=r"Expected .* at most ") as told:
        call(much)
    assert len(str(told.value)) < 500
    assert time.perf_counter() - start < 5.0


def test_a_factory_too_large_for_any_memory_is_not_begun() -> None:
    for sizes in ([10**5, 10**5], [2, 10**4, 10**4, 1]):
        with pytest.raises(ValueError, match=r"Expected at most 33554432 weights, but .* came"):
            Network.random(sizes)
    with pytest.raises(ValueError, match="Expected at most 10000 in the list of the sizes"):
        Network.random([1] * 20_000)


def test_training_may_be_asked_for_more_than_anybody_waits_for() -> None:
    records = train(lemonade_factory(), [2, 1], [1], MeanSquaredError(), SGD(0.01), 10**9)
    assert [record.epoch for record in islice(records, 3)] == [0, 1, 2]


def test_a_positive_number_may_be_as_large_as_the_most_and_no_larger() -> None:
    assert as_positive(2, "the rate", most=2.0) == 2.0
    for value in (2.0000001, 3, 1e300):
        with pytest.raises(ValueError, match=r"Expected the rate of at most 2"):
            as_positive(value, "the rate", most=2.0)
    for value in (0.0, -1e-300, math.inf, math.nan):
        with pytest.raises(ValueError, match="the rate"):
            as_positive(value, "the rate", most=2.0)
