"""Check an exercise's answer: not tried yet, not yet with a hint, or right and why."""

from backprop_lib.checks.assembly import OwnFactory, assemble
from backprop_lib.checks.backward import (
    check_knob_gradients,
    check_material_notes,
    check_notes,
)
from backprop_lib.checks.backward_worker import check_backward_worker
from backprop_lib.checks.build import (
    check_own_backward,
    check_own_forward,
    check_own_loss,
    check_own_update,
)
from backprop_lib.checks.cases import network_of
from backprop_lib.checks.chain_rule import (
    check_machines,
    check_meeting,
    check_path,
    check_paths_function,
)
from backprop_lib.checks.digits import (
    check_best_round,
    check_share_function,
    check_softmax_notes,
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
from backprop_lib.checks.museum.verdicts import (
    check_added_notes,
    check_calmer_rate,
    check_first_note,
    check_gate_slope,
    check_late_update,
    check_reset,
)
from backprop_lib.checks.result import CheckResult, check_number
from backprop_lib.checks.training import check_batches_function, check_laps, check_rings
from backprop_lib.checks.update import check_rate, check_turned, check_update_function
from backprop_lib.checks.wiring import check_wired

__all__ = ["CheckResult", "OwnFactory", "assemble", "network_of"]
__all__ += [name for name in globals() if name.startswith("check_")]
