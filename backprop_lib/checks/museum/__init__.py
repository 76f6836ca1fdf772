"""The bug museum: parts of a factory that are broken on purpose, and the factory to try them in.

Nothing here belongs to the engine, and nothing of the engine imports it: it is for lesson 9, for
its checks, and for the tests that hold each exhibit to be wrong in just the way that it claims.
"""

from backprop_lib.checks.museum.exhibits import (
    RATE_FAR_TOO_HIGH,
    early_update,
    forgotten_minus,
    misplaced_slope,
    overwritten_note,
    unreset_gradient,
)
from backprop_lib.checks.museum.workshop import check, gradients, lap, losses

__all__ = [
    "RATE_FAR_TOO_HIGH",
    "check",
    "early_update",
    "forgotten_minus",
    "gradients",
    "lap",
    "losses",
    "misplaced_slope",
    "overwritten_note",
    "unreset_gradient",
]
