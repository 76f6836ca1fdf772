"""A learner's function that does not end, or that is stopped: a sentence, with its line."""

from __future__ import annotations

import itertools
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from backprop_lib.checks import (
    CheckResult,
    check_batches_function,
    check_calmer_rate,
    check_gate_slope,
    check_nudge,
    check_rings,
    check_wired,
    check_worker_function,
    training,
    watch,
)
from backprop_lib.checks.museum import workshop
from backprop_lib.checks.trials import Trial, check_trials, judged_number

pytestmark = pytest.mark.filterwarnings("error")

SECONDS, MEGABYTES = 0.15, 60


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LIMITS", watch.Limits(SECONDS, MEGABYTES))
    # A busy machine may let so short a time pass before the learner's own code has begun.
    monkeypatch.setattr(watch, "WAITING", 20.0)


@pytest.fixture
def without_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a browser, or in another thread."""
    monkeypatch.setattr(watch, "_alarm", lambda look: None)


def empty_loop(x: Any) -> Any:
    while True:
        pass


def on_one_line(x: Any) -> Any:
    while True: pass  # fmt: skip # noqa: E701


def appends(x: Any) -> Any:
    found = []
    while True:
        found.append(x)


def counts_in_a_nested_loop(x: Any) -> Any:
    for n in itertools.count():
        for m in range(3):
            x += n * m


def grows_a_text(x: Any) -> Any:
    text = "x"
    while True:
        text += "x" * 10_000


def doubles_a_list(x: Any) -> Any:
    found = [x]
    while True:
        found *= 2


def forgets_to_count(x: Any) -> Any:
    n = 0
    while n < 10:
        if n == 5:
            continue
        n += 1


def feeds_what_it_eats(x: Any) -> Any:
    found = [x]
    for one in found:
        found.append(one)


def collects_in_a_comprehension(x: Any) -> Any:
    return [n for n in itertools.count() if n >= 0]


def waits_in_numpy(x: Any) -> Any:
    while True:
        np.mean(np.ones((30, 30)) @ np.ones((30, 30)))


def grows_a_table(x: Any) -> Any:
    table = np.ones(10)
    while True:
        table = np.concatenate([table, table])


def calls_itself(x: Any) -> Any:
    return calls_itself(x)


def calls_another(x: Any) -> Any:
    return calls_itself(x) + 1


def gives_a_huge_list(x: Any) -> Any:
    return [x] * 10**10


def catches_errors(x: Any) -> Any:
    while True:
        try:
            x += 1
        except Exception:
            continue


def sleeps(x: Any) -> Any:
    time.sleep(1000)


def catches_all(x: Any) -> Any:
    while True:
        try:  # noqa: SIM105
            x += 1
        except:  # noqa: E722
            pass


def collects_in_c(x: Any) -> Any:
    return list(itertools.count())


ENDLESS: list[Callable[[Any], Any]] = [
    empty_loop, on_one_line, appends, counts_in_a_nested_loop, grows_a_text, doubles_a_list,
    forgets_to_count, feeds_what_it_eats, collects_in_a_comprehension, waits_in_numpy,
    grows_a_table, calls_itself, calls_another, gives_a_huge_list, catches_errors,
]  # fmt: skip
ONLY_WITH_SIGNALS = [sleeps, catches_all, collects_in_c]


def check(function: Callable[[Any], Any]) -> CheckResult:
    return check_trials(function, [Trial({"x": 1.0}, judged_number(2.0))], "{n}")


def assert_ended(function: Callable[[Any], Any]) -> None:
    before = time.monotonic()
    result = check(function)
    assert time.monotonic() - before < 20
    assert (result.ok, result.tried) == (False, True)
    assert "Your function does not end: " in result.message, str(result)
    assert "It was at line " in result.hint, str(result)
    assert len(str(result)) < 500


@pytest.mark.parametrize("function", [*ENDLESS, *ONLY_WITH_SIGNALS])
def test_what_does_not_end_is_told_so(function: Callable[[Any], Any]) -> None:
    assert_ended(function)


@pytest.mark.usefixtures("without_signals")
@pytest.mark.parametrize("function", ENDLESS)
def test_also_where_there_are_no_signals(function: Callable[[Any], Any]) -> None:
    assert_ended(function)


def test_growth_is_stopped_before_it_costs_much() -> None:
    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    before = peak()
    for function in (appends, grows_a_text, doubles_a_list, grows_a_table, collects_in_c):
        check(function)
    assert peak() - before < 3 * MEGABYTES * 2**20


def test_what_goes_on_for_ever_in_what_is_given_back_is_not_followed() -> None:
    def one_by_one(orders: list[int], size: int) -> Iterator[list[int]]:
        while True:
            yield orders[:size]

    def never(orders: list[int], size: int) -> Iterator[list[int]]:
        while True:
            if not orders:
                yield []

    assert not check_batches_function(one_by_one).ok
    assert not check_batches_function(lambda orders, size: itertools.repeat(orders)).ok
    assert not check_batches_function(lambda orders, size: [itertools.count(1)]).ok
    assert not check_batches_function(lambda orders, size: range(10**12)).ok
    assert "does not end" in check_batches_function(never).message


def test_a_lessons_own_function_and_a_slider_are_watched_too() -> None:
    assert "does not end" in check_nudge(3, empty_loop, at=1, nudge=0.1).message

    class Slider:
        value, min, max = 1.0, 0.5, 20.0

    class Place:
        value = ""

    result = check_wired(empty_loop_without, Slider(), Place(), str)
    assert "does not end" in result.message
    assert "does not end" in check_wired(3, Slider(), Place(), empty_loop).message


def empty_loop_without() -> Any:
    while True:
        pass


@pytest.mark.parametrize("kind", [KeyboardInterrupt, MemoryError, GeneratorExit, SystemExit])
def test_who_stops_it_gets_a_sentence_with_the_line(kind: type[BaseException]) -> None:
    def function(x: Any) -> Any:
        raise kind

    result = check(function)
    assert (result.ok, result.tried) == (False, True)
    assert result.hint.endswith("raise kind" if kind is not MemoryError else "make it stop?")


def test_an_interrupt_while_a_loop_runs_is_answered() -> None:
    def interrupted(x: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        while True:
            x += 1

    result = check(interrupted)
    assert "You stopped it before its end." in result.message
    assert "It was at line" in result.hint


@pytest.mark.parametrize(
    ("module", "name", "check_it"),
    [
        (training, "_trained", lambda: check_rings(3, 0.3)),
        (workshop, "losses", lambda: check_calmer_rate(0.1)),
    ],
)
def test_a_training_of_the_checks_own_may_be_interrupted(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, check_it: Callable[[], CheckResult]
) -> None:
    def interrupted(*_given: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, name, interrupted)
    result = check_it()
    assert (result.ok, result.tried) == (False, True)
    assert result.message == "You stopped it before its end."
    assert result.hint


def test_a_right_hand_is_right_though_the_large_factory_was_interrupted() -> None:
    def past_the_gate(note: Any, z: Any) -> Any:
        if note.shape[0] > 10:
            raise KeyboardInterrupt
        return note * (1 - np.tanh(z) ** 2)

    assert check_gate_slope(past_the_gate).ok


def test_an_error_is_told_with_its_line_and_text() -> None:
    def function(x: Any) -> Any:
        hidden = np.ones((1, 2))
        return hidden @ np.ones((3, 1))

    result = check(function)
    line = function.__code__.co_firstlineno + 2
    assert "Your function stopped with ValueError: matmul" in result.message
    assert result.hint == f"Look at line {line}: return hidden @ np.ones((3, 1))"


def test_the_line_is_the_learners_own_though_the_error_lies_deeper() -> None:
    def function(x: Any) -> Any:
        return np.linalg.inv(np.zeros((2, 2)))

    assert "np.linalg.inv" in check(function).hint


def test_a_function_that_takes_other_things_is_told_so() -> None:
    assert "all names in its brackets" in check(lambda: 1).hint  # type: ignore[arg-type,misc]
    assert "Call it yourself" in check(len).hint  # type: ignore[arg-type]


def test_who_ends_in_time_notices_nothing() -> None:
    handler, timer = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    limit, trace = resource.getrlimit(resource.RLIMIT_AS), sys.gettrace()
    assert check(lambda x: 2.0 * x).ok
    assert check_worker_function(lambda d, k, p: max(0, np.dot(d, k) + p)).ok
    assert not check(empty_loop).ok
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == timer
    assert resource.getrlimit(resource.RLIMIT_AS) == limit
    assert sys.gettrace() is trace


@pytest.mark.usefixtures("without_signals")
def test_without_signals_another_trace_comes_back() -> None:
    before = sys.gettrace()
    seen = []

    def mine(frame: Any, event: str, argument: Any) -> Any:
        seen.append(event)

    sys.settrace(mine)
    try:
        assert check(lambda x: 2.0 * x).ok
        assert not check(empty_loop).ok
        assert sys.gettrace() is mine
    finally:
        sys.settrace(before)


def test_where_no_system_tells_the_memory_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_path: Any, **_how: Any) -> Any:
        raise OSError

    monkeypatch.setattr("builtins.open", missing)
    first = watch._memory()
    kept = [[n] for n in range(10_000)]
    assert watch._memory() > first
    assert len(kept) == 10_000
    assert check(lambda x: 2.0 * x).ok


def test_an_alarm_in_the_midst_of_a_look_waits_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = []

    def memory() -> float:
        looks.append(1)
        if len(looks) == 2:
            look()  # as the alarm would, while a file is open in here
        return 0.0

    monkeypatch.setattr(watch, "_memory", memory)
    look = watch._look(watch.Limits(1e6, 1.0))
    look()
    assert len(looks) == 2
