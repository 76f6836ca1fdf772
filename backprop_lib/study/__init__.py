"""What one can ask of a factory: what a knob does, by which paths, and where training leads."""

from backprop_lib.study.descent import (
    Bowl,
    LongValley,
    TwoValleys,
    descend,
    descend_factory,
    regime,
)
from backprop_lib.study.nudging import Knob, KnobLoss, Nudged, cost, knobs
from backprop_lib.study.paths import Amount, count_paths
from backprop_lib.study.runs import Run

__all__ = [
    "Amount",
    "Bowl",
    "Knob",
    "KnobLoss",
    "LongValley",
    "Nudged",
    "Run",
    "TwoValleys",
    "cost",
    "count_paths",
    "descend",
    "descend_factory",
    "knobs",
    "regime",
]
