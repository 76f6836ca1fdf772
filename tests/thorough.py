"""A thorough run, ``BACKPROP_THOROUGH=1 make test``, and what a quick one does less of.

A quick run moves each look of an explorer 120 times and not 5,000, repeats Hypothesis' examples
instead of looking for new ones, takes each page test to one of the two UIs, in turns, draws a fifth
of the digits with the mouse, and leaves the tests of the browser harness and of planting
faults out. GitHub's runs are thorough.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

One = TypeVar("One")

THOROUGH = os.environ.get("BACKPROP_THOROUGH") == "1"
MOVES = 5_000 if THOROUGH else 120


def in_turns(choices: Sequence[One], turn: int) -> Sequence[One]:
    """All of them in a thorough run; otherwise one, by turns."""
    return choices if THOROUGH else [choices[turn % len(choices)]]
