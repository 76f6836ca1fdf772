"""Is an exhibit of the museum mended? What still does what it did was not mended yet."""

from __future__ import annotations

import copy
import dis
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from backprop_lib.checks.result import CheckResult
from backprop_lib.checks.tables import Wanted, alike, as_table, check_tables
from backprop_lib.checks.trials import Trial, check_trials
from backprop_lib.checks.watch import Endless, watched
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import sentences

TRIALS = 20

_IDLE = ("NOP", "PUSH_NULL", "PRECALL", "CALL")
_SAME = {"LOAD_METHOD": "LOAD_ATTR"}


class Case(NamedTuple):
    """What goes in, by name, and what has to come back."""

    arguments: dict[str, Any]
    wanted: Wanted
    shown: str = ""


def mended(
    function: Any,
    broken: Callable[..., Any],
    draw: Callable[[np.random.Generator | None], Case],
    tell: Callable[[Any], str],
    hint: str,
) -> CheckResult:
    """Try a function on a small case, then on random ones; was anything mended?

    ``draw`` makes a case, a small one without random numbers. Of a mended function, ``tell`` says
    what became of the exhibit; ``hint`` serves where it still does the same.
    """
    untouched = _same_code(function, broken)

    def each() -> Iterator[Trial]:
        random = np.random.default_rng(0)
        for n in range(TRIALS):
            case = draw(random if n else None)
            yield Trial(case.arguments, _judge(case, broken, untouched, hint), case.shown)

    right = _("What you mended agrees with the engine on {n} random cases.")
    result = check_trials(function, each(), right)
    if not result.ok:
        return result
    try:
        with watched():
            return replace(result, message=sentences(result.message, tell(function)))
    except (Exception, Endless, KeyboardInterrupt):  # right for one order, not for a whole batch
        return result


def _judge(
    case: Case, broken: Callable[..., Any], untouched: bool, hint: str
) -> Callable[[Any], CheckResult]:
    def judge(answer: Any) -> CheckResult:
        if not _still(answer, broken(*copy.deepcopy(list(case.arguments.values())))):
            return check_tables(answer, case.wanted)
        still = _("It still does just what the exhibit does.")
        if untouched:
            find = _("Find the line that is wrong, mend it, and run the cell again.")
            return CheckResult(False, still, find, tried=False)
        return CheckResult(False, still, hint)

    return judge


def _same_code(function: Any, exhibit: Callable[..., Any]) -> bool:
    """Whether Python would do the very same: nothing was changed but names of types or comments."""
    if not isinstance(function, FunctionType):  # a class or a part of NumPy has no code to read
        return False
    return _steps(function) == _steps(exhibit)


def _steps(function: Any) -> list[tuple[str, Any]]:
    # The three dots of an exercise do nothing, and only move what is jumped to. How NumPy's
    # functions are called depends on whether np was imported in the same file.
    jumps = {*dis.hasjrel, *dis.hasjabs}
    return [
        (_SAME.get(step.opname, step.opname), None if step.opcode in jumps else step.argval)
        for step in dis.get_instructions(function)
        if step.opname not in _IDLE
    ]


def _still(answer: Any, exhibit: Any) -> bool:
    """Whether an answer is the exhibit's own."""
    if not isinstance(exhibit, tuple):
        answer, exhibit = (answer,), (exhibit,)
    if not isinstance(answer, tuple | list) or len(answer) != len(exhibit):
        return False
    tables = [(as_table(one), other) for one, other in zip(answer, exhibit, strict=True)]
    return all(table is not None and alike(table, other) for table, other in tables)
