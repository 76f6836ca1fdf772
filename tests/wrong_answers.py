"""What learners write by mistake in each exercise, and the words that should help them then.

An answer stands in place of the statements of the exercise that hold its three dots. Its words are
a part of the message or the hint that the check gives. Whatever is not a slip of the pen but
nonsense (text, nothing, an object that raises) is tried in every exercise without being listed.
"""

from __future__ import annotations

A_FUNCTION = "def worker(deliveries, knobs, pinch):\n"
ITS_MIX = "sum(d * k for d, k in zip(deliveries, knobs))"

# (notebook, exercise) -> [(answer, words), ...]
WRONG_ANSWERS: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("00_welcome", "product"): [
        ("product = 1", "That is what the customer ordered."),
        ("product = 4", "It should be smaller."),  # the loss
        ("product = -3", "Look at the sign."),
        ("product = '3'", "without quotes"),
    ],
    ("00_welcome", "second-loss"): [
        ("second_loss = 4", "That was the loss of the lap before."),
        ("second_loss = 1.769", "That is the product."),
        ("second_loss = 1", "That is what the customer ordered."),
        ("second_loss = 0.1068", "It should be larger."),  # of the lap after
        ("second_loss = -0.5911", "Look at the sign."),
        ("second_loss = '0.5911'", "without quotes"),
    ],
    ("01_forward", "bo-ships"): [
        ("bo_ships = (2 + 0.5) + (1 + 1)", "multiplied by its knob, not added"),
        ("bo_ships = 2 * 1 + 1 * 0.5", "which knob belongs to which delivery"),
        ("bo_ships = 2 * 0.5", "It should be larger."),  # the lemons alone
        ("bo_ships = -2", "Look at the sign."),
        ("bo_ships = 'two'", "without quotes"),
    ],
    ("01_forward", "floor-ships"): [
        ("ana_ships, bo_ships, cy_ships = -2, 3.5, 2", "the mix before the gate"),
        ("ana_ships, bo_ships, cy_ships = 4, 3.5, 2", "Look at the signs of the knobs."),
        ("ana_ships, bo_ships, cy_ships = 0, 2.5, 2", "which knob belongs to which delivery"),
        ("ana_ships, bo_ships, cy_ships = 0, 5.5, 2", "Bo: it is not 5.5. Each delivery is multi"),
        ("ana_ships, bo_ships, cy_ships = 0, 3.5, -2", "Cy: it is not −2. The size is right."),
        ("ana_ships, bo_ships, cy_ships = 0, 'much', 2", "Bo: a number is wanted"),
    ],
    ("01_forward", "product"): [
        ("product = 0 + 3.5 + 2", "still has to be multiplied by its knob"),
        ("product = (0 + 2) + (3.5 + 0.5) + (2 + 1)", "multiplied by its knob, not added"),
        ("product = -2 * 2 + 3.5 * 0.5 + 2 * 1", "a gate is shut"),
        ("product = 0 * 1 + 3.5 * 0.5 + 2 * 2", "which knob belongs to which delivery"),
        ("product = -3.75", "Look at the sign."),
    ],
    ("01_forward", "own-worker-knobs"): [
        ("knobs = [1, 1]\npinch = 0", "More is wanted."),
        ("knobs = [3, 1]\npinch = 0", "Less is wanted."),
        ("knobs = [-3, 1]\npinch = 0", "the gate is shut"),
        ("knobs = [5]\npinch = 0", "2 knobs are wanted, and 1 came."),
        ("knobs = ['2', 1]\npinch = 0", "have to be numbers"),
    ],
    ("01_forward", "worker-function"): [
        (f"{A_FUNCTION}    return {ITS_MIX} + pinch", "The gate is missing"),
        (f"{A_FUNCTION}    return max(0, {ITS_MIX})", "The pinch is missing."),
        (f"{A_FUNCTION}    return max(0, {ITS_MIX}) + pinch", "before the gate, not after it"),
        (f"{A_FUNCTION}    return max(0, deliveries * knobs + pinch)", "stopped with TypeError"),
        (f"{A_FUNCTION}    return 'a lot'", "a number is wanted here"),
        (f"{A_FUNCTION}    max(0, {ITS_MIX} + pinch)", "return"),  # nothing comes back
        ("worker = 3", "begins with def"),
    ],
}
