"""The exercises of a lesson: solutions, the answers that learners give by mistake, and nonsense."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from lessons import Cell, Lesson, Run, Shown

from backprop_lib.checks import CheckResult

Node = TypeVar("Node", bound=ast.AST)

FOLDED = re.compile(r"<details>\s*<summary>Show the solution</summary>\n\n(.*)</details>\s*", re.S)
PYTHON = re.compile(r"^```python\n(.*?)\n```$", re.S | re.M)


class Fault(Exception):
    """A solution that cannot be used; its text is a complaint."""


def parsed(source: str) -> ast.Module:
    """The source's tree; an empty one when it is no Python, which running it tells better."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def has_gap(statement: ast.stmt) -> bool:
    return any(isinstance(n, ast.Constant) and n.value is ... for n in ast.walk(statement))


def solution(lesson: Lesson, exercise: Cell) -> str:
    """The source that takes an exercise's place. Raises `Fault`."""
    place = lesson.cells.index(exercise) + 1
    after = lesson.cells[place] if place < len(lesson.cells) else None
    if after is None or after.id != f"{exercise.id}-solution" or after.kind != "markdown":
        raise Fault(f"{exercise.id} is not followed by a text cell {exercise.id}-solution")
    folded = FOLDED.fullmatch(after.source)
    if not folded:
        raise Fault(f"{after.id} is not folded into <details> under 'Show the solution'")
    blocks = PYTHON.findall(folded[1])
    if len(blocks) != 1:
        raise Fault(f"{after.id} has {len(blocks)} blocks of Python, and one is wanted")
    try:
        solved = ast.parse(blocks[0]).body
    except SyntaxError as error:
        raise Fault(f"{after.id} is no Python: {error}") from error
    asked = parsed(exercise.source).body
    if not any(map(has_gap, asked)):
        raise Fault(f"{exercise.id} has no gap ...")
    if any(map(has_gap, solved)):
        raise Fault(f"{after.id} still has a gap")
    for part in asked:
        if not has_gap(part) and ast.dump(part) not in map(ast.dump, solved):
            raise Fault(f"{after.id} does not keep the line: {ast.unparse(part)}")
    return blocks[0]


def solutions(lesson: Lesson) -> tuple[dict[str, str], list[str]]:
    """Each exercise's solution by the exercise's id, and what is wrong with the others."""
    good, found = {}, []
    for cell in lesson.exercises:
        try:
            good[cell.id] = solution(lesson, cell)
        except Fault as fault:
            found.append(str(fault))
    return good, found


def solved_complaints(ran: Run, solved: Iterable[str]) -> list[str]:
    """The checks of the exercises that were solved say right, and all cells run."""
    found = ran.complaints
    for name in solved:
        result = ran.last(name).value
        if not (isinstance(result, CheckResult) and result.ok):
            found.append(f"{name}-solution is not right: {result}")
    return found


def felt_later(lesson: Lesson, exercise: Cell) -> bool:
    """Whether a later cell uses a name to which this exercise gives a value."""
    given = {
        *(part.id for part in parts(exercise, ast.Name) if isinstance(part.ctx, ast.Store)),
        *(part.name for part in parts(exercise, ast.FunctionDef)),
    }
    later = lesson.code[lesson.code.index(exercise) + 1 :]
    return any(
        part.id in given and isinstance(part.ctx, ast.Load)
        for cell in later
        for part in parts(cell, ast.Name)
    )


def parts(cell: Cell, kind: type[Node]) -> Iterator[Node]:
    return (part for part in ast.walk(parsed(cell.source)) if isinstance(part, kind))


# ---- wrong answers ----------------------------------------------------------------------------

WrongAnswers = Sequence[tuple[str, str]]  # what is written in the gap's place, words of the answer

# What nobody should write, and somebody will.
GARBAGE = (
    "None", "'three'", "''", "b''", "object()", "1j", "10**400", "float('nan')", "float('inf')",
    "-float('inf')", "[[], [[]]]", "{'a': 1}", "print", "lambda: 1 / 0", "range(3)", "ValueError",
    "[...]", "__import__('numpy').zeros((2, 0))", "type('Odd', (), {'__float__': lambda s: 1 / 0,"
    " '__repr__': lambda s: 1 / 0, '__eq__': lambda s, o: 1 / 0, '__len__': lambda s: -1})()",
)  # fmt: skip


def with_answer(source: str, answer: str) -> str:
    """The exercise with an answer in place of the statements that hold its gaps."""
    lines, placed = [], False
    for part in parsed(source).body:
        if not has_gap(part):
            lines.append(ast.get_source_segment(source, part) or "")
        elif not placed:
            lines.append(answer)
            placed = True
    return "\n".join(lines)


def with_garbage(source: str, garbage: str) -> str:
    """The exercise with the same expression in place of each of its three dots."""

    class Fill(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.parse(garbage, mode="eval").body if node.value is ... else node

    return ast.unparse(Fill().visit(parsed(source)))


def wrong_answer_complaints(
    exercise: Cell, answers: WrongAnswers, shown: Sequence[Shown]
) -> list[str]:
    """At least two, each tried and not right, and told apart by hints that say what they should."""
    if len(answers) < 2:
        return [f"{exercise.id} has {len(answers)} wrong answers, and two or more are wanted"]
    found = []
    results = []
    for (answer, words), one in zip(answers, shown, strict=False):  # none when a run ended early
        result = one.value
        where = f"{exercise.id} with {answer!r}"
        if one.complaints:
            found += [f"{where} {said}" for said in one.complaints]
        elif not isinstance(result, CheckResult):
            found.append(f"{where} does not end in a check")
        elif result.ok or not result.tried:
            found.append(f"{where} is wrong, and its check says: {result}")
        elif words not in f"{result.message} {result.hint}":
            found.append(f"{where} should hear {words!r}, and hears: {result}")
        elif not result.hint:
            found.append(f"{where} gets no hint: {result}")
        else:
            results.append((answer, words, result.hint))
    found += [
        f"{exercise.id}: {one!r} and {other!r} are other mistakes, and get the same hint: {hint}"
        for (one, words, hint), (other, others, same) in combinations(results, 2)
        if hint == same and words != others
    ]
    return found


def garbage_complaints(exercise: Cell, shown: Sequence[Shown]) -> list[str]:
    """A check answers whatever was written, and never calls it right."""
    found = []
    for garbage, one in zip(GARBAGE, shown, strict=False):  # none when a run ended early
        where = f"{exercise.id} with {garbage}"
        found += [f"{where} {said}" for said in one.complaints]
        if isinstance(one.value, CheckResult):
            if one.value.ok:
                found.append(f"{where} gets: {one.value}")
        elif not one.error:
            found.append(f"{where} does not end in a check")
    return found
