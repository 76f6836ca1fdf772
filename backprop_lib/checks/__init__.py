"""Check an exercise's answer: not tried yet, not yet with a hint, or right and why."""

from backprop_lib.checks.backward import (
    check_backward_worker,
    check_knob_gradients,
    check_material_notes,
    check_notes,
)
from backprop_lib.checks.chain_rule import (
    check_machines,
    check_meeting,
    check_path,
    check_paths_function,
)
from backprop_lib.checks.forward import (
    check_floor,
    check_lap_loss,
    check_product,
    check_wish,
    check_worker,
    check_worker_function,
)
from backprop_lib.checks.gradient import check_gate, check_nudge, check_slope_function
from backprop_lib.checks.loss import check_loss, check_loss_function, check_products, check_slope
from backprop_lib.checks.result import CheckResult, check_number
from backprop_lib.checks.update import check_rate, check_turned, check_update_function

__all__ = [
    "CheckResult",
    "check_backward_worker",
    "check_floor",
    "check_gate",
    "check_knob_gradients",
    "check_lap_loss",
    "check_loss",
    "check_loss_function",
    "check_machines",
    "check_material_notes",
    "check_meeting",
    "check_notes",
    "check_nudge",
    "check_number",
    "check_path",
    "check_paths_function",
    "check_product",
    "check_products",
    "check_rate",
    "check_slope",
    "check_slope_function",
    "check_turned",
    "check_update_function",
    "check_wish",
    "check_worker",
    "check_worker_function",
]
