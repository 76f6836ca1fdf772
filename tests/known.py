"""How far a moment of a lap has gone, reckoned from whose turn it is and from nothing else."""

from __future__ import annotations

import backprop_lib as bp
from backprop_lib.engine.steps import MATERIALS


def worked(step: bp.Step, layer: int) -> int:
    """How many workers of a floor have worked: the first so many."""
    done = step.phase != "forward" or (step.layer is not None and layer <= step.layer)
    return _so_far(step, "forward", layer) if done else 0


def noted(step: bp.Step, layer: int) -> int:
    """How many workers of a floor, or how many materials, have their notes: the first so many."""
    backward = step.phase == "backward" and step.layer is not None and layer >= step.layer
    to_materials = layer == MATERIALS and step.phase == "backward" and step.layer == 0
    done = step.phase == "update" or backward or to_materials
    return _so_far(step, "backward", layer) if done else 0


def _so_far(step: bp.Step, phase: str, layer: int) -> int:
    count = step.network.sizes[layer + 1]
    if step.now is None or step.phase != phase:
        return count
    if layer == step.now[0]:
        return step.now[1] + 1
    return 0 if layer == MATERIALS else count
