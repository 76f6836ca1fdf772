"""Check an exercise's answer: not tried yet, not yet with a hint, or right and why."""

from backprop_lib.checks.forward import (
    check_floor,
    check_lap_loss,
    check_product,
    check_wish,
    check_worker,
    check_worker_function,
)
from backprop_lib.checks.result import CheckResult, check_number

__all__ = [
    "CheckResult",
    "check_floor",
    "check_lap_loss",
    "check_number",
    "check_product",
    "check_wish",
    "check_worker",
    "check_worker_function",
]
