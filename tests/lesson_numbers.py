"""Find the numbers and the sums in the prose of a lesson, and read them as they are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from lesson_exercises import parts
from lesson_pattern import CODE_AND_FORMULAS, FENCE
from lessons import Cell, Lesson, Run

import backprop_lib as bp

NUMBER = re.compile(
    r"(?P<about>(?:about|nearly|almost|roughly|≈)\s+)?"
    r"(?P<written>(?P<sign>(?<![\w.)\]])[−-])?(?<![A-Za-z_0-9.])"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?"
    r"(?:\s*×\s*10(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?)(?![A-Za-z_0-9])"
    r"(?P<unit>\s*(?:%|minutes?\b|seconds?\b))?"
)
PLAIN_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
EXACT = 1e-9


@dataclass(frozen=True)
class Number:
    """A number as it is written, and how far from it the true one may be.

    "0.5911" and "about 0.6" are taken for rounded, "0.5" and "21" are not: a short number is true
    to the last digit, or is said to be about so much.
    """

    written: str
    value: float
    half_a_digit: float
    within: float
    small_talk: bool

    def is_among(self, known: np.ndarray) -> bool:
        return bool((np.abs(known - self.value) <= self.within + EXACT).any())


def numbers(text: str) -> Iterator[Number]:
    """All numbers in a text; a count up to 20, a time, a year and 100 % are small talk."""
    for match in NUMBER.finditer(text):
        whole, decimals = match["digits"].replace(",", ""), match["decimals"] or ""
        power = 10.0 ** int((match["power"] or "0").translate(PLAIN_DIGITS))
        value = float(f"{whole}.{decimals or 0}") * power
        half = 0.5 * 10 ** -len(decimals) * power
        long = len(decimals) > 2 or len((whole + decimals).lstrip("0")) > 2
        rounded = match["about"] or match["power"] or (decimals and long)
        unit = (match["unit"] or "").strip()
        talk = not (decimals or match["sign"] or match["power"]) and (
            value <= 20
            or unit.startswith(("minute", "second"))
            or (unit == "%" and value == 100)
            or (1900 <= value <= 2100 and "," not in match["digits"])
        )
        value = -value if match["sign"] else value
        yield Number(match["written"], value, half, half if rounded else 0.0, talk)


def prose(lesson: Lesson, ran: Run) -> Iterator[tuple[str, str]]:
    """What is told in words: the cell's id and a text, without blocks of code and addresses.

    Of a question, the prompt, the right answers and all reasons; of other code its sentences.
    """
    for cell in lesson.cells:
        if cell.kind == "markdown":
            text = re.sub(r"\]\([^)]*\)", "]", FENCE.sub("", cell.source))
            yield cell.id, re.sub(r"<[^>]*>", " ", text)
        elif isinstance(asked := ran.last(cell.id).value, bp.Question):
            yield cell.id, asked.prompt
            for text, right, why in asked.answers:
                yield cell.id, why
                if right:
                    yield cell.id, text
        else:
            yield from ((cell.id, text) for text in sentences(cell))


def sentences(cell: Cell) -> Iterator[str]:
    """The texts in a cell's code that are more than one word."""
    for part in parts(cell, ast.Constant):
        if isinstance(part.value, str) and " " in part.value.strip():
            yield part.value


# A chain of sums: "2 × 3 + 1 = 6 + 1 = 7".
CHAIN = re.compile(r"[-+−×·*/÷()\d.²³ ]+(?:[=≈][-+−×·*/÷()\d.²³ ]+)+")
END_OF_PART = re.compile(r"\n|[.,:;?!](?=\s|$)|\|")
AS_IN_PYTHON = str.maketrans({"−": "-", "×": "*", "·": "*", "÷": "/", "²": "**2", "³": "**3"})
ARITHMETIC = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop)


def sums(text: str) -> tuple[list[float], list[str]]:
    """What the sums in a text come to ("2 × 3 + 1 = 7"), and those that do not come to it.

    Left alone: a side in which a name takes part, a chain in brackets, code, and formulas between
    dollar signs.
    """
    right, wrong = [], []
    for part in END_OF_PART.split(CODE_AND_FORMULAS.sub("x", text).replace("**", "")):
        for chain in CHAIN.finditer(part):
            after = part[chain.end() :]
            sides = re.split("[=≈]", chain[0])
            if chain.start() and (chain[0][0] != " " or re.match(r" +[-+−] ", chain[0])):
                sides[0] = ""  # f(2) = ..., or w − 0.01 × 8 = ...
            if re.match(r"[\w(\[]" if chain[0][-1] != " " else "%", after):
                sides[-1] = ""  # ... = 3w, or ... = 97 %
            for one, other in pairwise(map(str.strip, sides)):
                left, result = _worth(one), _worth(other)
                if left is None or result is None:
                    continue
                within = max(_half_a_digit(one), _half_a_digit(other))
                if abs(left - result) <= within + EXACT:
                    right += [left, result]
                else:
                    wrong.append(f"{one} = {other}")
    return right, wrong


def _worth(side: str) -> float | None:
    """The number that a piece of arithmetic comes to; None for what is none."""
    try:
        tree = ast.parse(side.translate(AS_IN_PYTHON), mode="eval")
        if all(isinstance(node, ARITHMETIC) for node in ast.walk(tree)):
            return float(eval(compile(tree, "<sum>", "eval")))
    except (SyntaxError, ArithmeticError, ValueError):
        pass
    return None


def _half_a_digit(side: str) -> float:
    found = list(numbers(side))
    alone = len(found) == 1 and found[0].written == side
    return found[0].half_a_digit if alone and "." in side else 0.0
