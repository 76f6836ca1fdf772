"""Read the sums that are shown to a learner, and work them out with the numbers as printed."""

from __future__ import annotations

import math
import re
from decimal import Decimal, localcontext
from typing import Any

NUMBER = r"[+−]?(?:∞|\d+(?:\.\d+)?)(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
FEWEST = 4  # digits that a rounded number is written with, or more


def numbers(text: str) -> list[str]:
    """Every number in a text, as it is written; an index such as A1 is none."""
    return re.findall(rf"(?<![\w.])(?:{NUMBER})(?!\w)", text)


def exact(text: str) -> Decimal:
    """What a written number says."""
    mantissa, _times, power = text.partition(" × 10")
    plain = mantissa.translate(PLAIN).replace("∞", "inf")
    return Decimal(plain) * Decimal(10) ** int(power.translate(PLAIN) or 0)


def half_a_digit(text: str) -> Decimal:
    """How far a number may be from what is written: half of its last digit, zeros left out."""
    size = abs(exact(text))
    if not size:
        return Decimal(0)
    digits = max(FEWEST, len(size.normalize().as_tuple().digits))
    return Decimal(10) ** (size.adjusted() - digits + 1) / 2


def through(rising: Any) -> Any:
    return lambda amount: Decimal(repr(float(rising(float(amount)))))


FUNCTIONS = {
    "relu": lambda z: max(z, Decimal(0)),
    "sigmoid": lambda z: 1 / (1 + (-z).exp()),
    "tanh": through(math.tanh),
    "log": lambda share: share.ln(),
}
OPERATORS = {"²": "**2", "×": "*", "−": "-", "log ": "log*"}
TOKEN = re.compile(rf"({NUMBER.removeprefix('[+−]?')})|²|×|−|log ")


def worked_out(expression: str) -> Decimal:
    """What a written expression comes to, with the numbers as they are written."""
    expression = re.sub(r"\|([^|]*)\|", r"abs(\1)", expression)
    python = TOKEN.sub(
        lambda found: f"exact({found[0]!r})" if found[1] else OPERATORS[found[0]], expression
    )
    python = re.sub(r"log\*(exact\('.*?'\))", r"log(\1)", python)
    names = {"__builtins__": {}, "exact": exact, "abs": abs, **FUNCTIONS}
    with localcontext() as context:
        context.prec = 40
        return Decimal(eval(python, names))


def assert_comes_out(equation: str) -> None:
    """What is printed left of the equals sign comes to what is printed right of it.

    With "≈" it does so but for what twelve digits do not show.
    """
    if " ≈ " in equation:
        left, right = equation.rsplit(" ≈ ", 1)
        assert abs(worked_out(left) / exact(right) - 1) < Decimal("1e-10"), equation
        assert worked_out(left) != exact(right), equation
        return
    left, right = equation.rsplit(" = ", 1)
    assert abs(worked_out(left) - exact(right)) <= half_a_digit(right), equation


def agree(written: str, value: float) -> bool:
    """Whether a number stands there, with four digits or as many more as a sum needs."""
    return abs(Decimal(repr(float(value))) - exact(written)) <= half_a_digit(written)


def assert_numbers(written: list[str], *values: float) -> None:
    """These numbers stand there in this order, and no others."""
    assert len(written) == len(values), (written, values)
    assert all(map(agree, written, values)), (written, values)
