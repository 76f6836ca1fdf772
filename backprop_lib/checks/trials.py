"""Try a learner's function: one small round case first, then others; tell the first slip in full.

Whatever the function does is answered with a sentence: that it gives nothing back, that it stopped
and in which line, that it does not end.
"""

from __future__ import annotations

import copy
import linecache
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from traceback import walk_tb
from typing import Any

import numpy as np

from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    check_number,
    not_tried,
    shortened,
    within,
)
from backprop_lib.checks.watch import Endless, watched
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, number

LONGEST = 90  # letters of a table that is shown in a sentence


@dataclass(frozen=True)
class Trial:
    """One call: what goes in, by the names of the exercise, and who judges what comes back."""

    arguments: Mapping[str, Any]
    judge: Callable[[Any], CheckResult]
    shown: str = ""  # what goes in, in words; without it each argument is written down


def check_trials(function: Any, trials: Iterable[Trial], right: str) -> CheckResult:
    """Try a function in one trial after the other; ``right`` says so for all ``{n}`` of them.

    >>> trials = [Trial({"x": x}, judged_number(2.0 * x)) for x in (3.0, 0.5)]
    >>> check_trials(lambda x: x + 3, trials, "Right {n} times.")
    ✗ Not yet. For x = 0.5: you gave 3.5, and right is 1. It should be smaller.
    >>> check_trials(lambda x: x + x, trials, "Right {n} times.")
    ✓ Right. Right 2 times.
    """
    if (refused := no_function(function)) is not None:
        return refused

    def each() -> CheckResult:
        tried = []
        with watched():
            for trial in trials:
                tried.append(_tried(function, trial))
                if not tried[-1].ok:
                    return tried[-1]
        return CheckResult(True, right.format(n=len(tried)))

    return answered(each, function)


def judged_number(expected: float, mistakes: Mistakes = ()) -> Callable[[Any], CheckResult]:
    """A judge of one number, who says what is right; as ``check_number``."""

    def judge(answer: Any) -> CheckResult:
        result = check_number(answer, expected, mistakes=mistakes)
        value = as_float(answer)
        if result.ok or value is None:
            return result
        message = _("You gave {answer}, and right is {right}.")
        return replace(result, message=message.format(answer=number(value), right=number(expected)))

    return judge


def no_function(answer: Any) -> CheckResult | None:
    """What to say where a function is wanted and none came; None when it is one."""
    if answer is ... or answer is None:
        return not_tried()
    if callable(answer):
        return None
    return CheckResult(
        False,
        _("A function is wanted here, and {answer} is none.").format(answer=shortened(answer)),
        _("Keep the line that begins with def."),
    )


def answered(work: Callable[[], CheckResult], function: Any = None) -> CheckResult:
    """What a check comes to; a sentence too when it is stopped, by the learner or by the watch."""
    try:
        return work()
    except (KeyboardInterrupt, Endless, MemoryError) as error:
        return _stopped(error, function)


def called(function: Callable[..., Any], *arguments: object) -> Any:
    """The function's answer, or a CheckResult that tells what it stumbled over, and where."""
    try:
        answer = function(*arguments)
    except BaseException as error:  # whatever a learner's code raises is told
        return _stopped(error, function)
    if isinstance(answer, CheckResult):
        return CheckResult(
            False, _("Your function gives back a check."), _("Give back the number itself.")
        )
    return answer


def shown(value: Any) -> str:
    """A number, or a table of them, as it is written in a sentence; its shape when it is long.

    >>> shown([[1, -0.5], [2, 3]]), shown(np.zeros((9, 9)))
    ('[[1, −0.5], [2, 3]]', 'a table of the shape (9, 9)')
    """
    if isinstance(value, list | tuple | np.ndarray) and getattr(value, "shape", None) != ():
        text = f"[{', '.join(map(shown, value))}]"
        if len(text) <= LONGEST:
            return text
        if isinstance(value, list) and any(isinstance(part, np.ndarray) for part in value):
            return _("{n} tables").format(n=len(value))
        return _("a table of the shape {shape}").format(shape=np.shape(value))
    return str(value) if isinstance(value, bool) else number(value)


def arguments_told(arguments: Mapping[str, Any]) -> str:
    """What goes into a function, by name.

    >>> arguments_told({"knobs": [1, 2], "pinch": 0})
    'knobs = [1, 2], pinch = 0'
    """
    return listed(f"{name} = {shown(value)}" for name, value in arguments.items())


def _tried(function: Callable[..., Any], trial: Trial) -> CheckResult:
    answer = called(function, *copy.deepcopy(list(trial.arguments.values())))
    if isinstance(answer, CheckResult):
        return answer
    if answer is ...:
        return not_tried()
    if answer is None:
        return CheckResult(
            False,
            _("Your function gives nothing back."),
            _("Does its last line begin with return?"),
        )
    result = trial.judge(answer)
    if result.ok or not result.tried:
        return result
    case = _("For {case}: {said}").format(
        case=trial.shown or arguments_told(trial.arguments),
        said=within(result.message),
    )
    return replace(result, message=case)


def _stopped(error: BaseException, function: Any) -> CheckResult:
    """Why code ended before its end, and the learner's line at which it was."""
    place = _line(error, function)
    at = _("It was at line {n}: {text}").format(n=place[0], text=place[1]) if place else ""
    if isinstance(error, KeyboardInterrupt):
        return CheckResult(False, _("You stopped it before its end."), at or _("Run it again."))
    why = ""
    if isinstance(error, Endless):
        why = str(error)
    elif isinstance(error, RecursionError):
        why = _("it calls itself again and again")
    elif isinstance(error, MemoryError):
        why = _("it wants more memory than there is")
    if why:
        return CheckResult(
            False,
            _("Your function does not end: {why}.").format(why=why),
            _("{at} – what should make it stop?").format(at=at) if at else _("Look at its loops."),
        )
    if place:
        hint = _("Look at line {n}: {text}").format(n=place[0], text=place[1])
    elif isinstance(error, TypeError) and hasattr(function, "__code__"):
        hint = _("Keep the line that begins with def, and all names in its brackets.")
    else:
        hint = _("Call it yourself in a cell of its own, and Python names the line.")
    return CheckResult(
        False,
        _("Your function stopped with {kind}: {error}.").format(
            kind=type(error).__name__, error=shortened(error)
        ),
        hint,
    )


def _line(error: BaseException, function: Any) -> tuple[int, str] | None:
    """Number and text of the learner's line at which an error came up; None without any."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    at: BaseException | None = error
    while file is not None and at is not None:
        lines = [
            line for frame, line in walk_tb(at.__traceback__) if frame.f_code.co_filename == file
        ]
        if lines and (text := linecache.getline(file, lines[-1]).strip()):
            return lines[-1], text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
        at = at.__context__  # the watch may ring once more while another error is on its way
    return None
