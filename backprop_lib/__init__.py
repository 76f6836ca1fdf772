"""The Backprop Factory's engine: a small neural network that shows every number it computes.

Importing the package loads NumPy and nothing heavier. Widgets, plots and pictures come from their
own modules, such as ``backprop_lib.widgets``, when they are asked for.
"""

from __future__ import annotations

import importlib
from typing import Any

from backprop_lib.diagnosis import Diagnosis, diagnose
from backprop_lib.gradient_check import GradientReport, check_gradients
from backprop_lib.i18n import set_language
from backprop_lib.losses import BinaryCrossEntropy, CategoricalCrossEntropy, Loss, MeanSquaredError
from backprop_lib.network import Dense, Gradients, LayerGradients, LayerTrace, Network, Trace
from backprop_lib.optimizers import SGD, Adam, Optimizer
from backprop_lib.steps import Step, opening, steps
from backprop_lib.training import Record, train

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Adam",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "Dense",
    "Diagnosis",
    "GradientReport",
    "Gradients",
    "LayerGradients",
    "LayerTrace",
    "Loss",
    "MeanSquaredError",
    "Network",
    "Optimizer",
    "Record",
    "Step",
    "Trace",
    "check_gradients",
    "diagnose",
    "opening",
    "set_language",
    "steps",
    "train",
]


def __getattr__(name: str) -> Any:
    """Load a module or an explorer when it is first asked for: ``backprop_lib.FactoryFloor``."""
    if name in ("captions", "checks", "datasets", "pictures", "plots", "widgets"):
        return importlib.import_module(f"backprop_lib.{name}")
    if name[:1].isupper():
        widgets = importlib.import_module("backprop_lib.widgets")
        if name in widgets.__all__:
            return getattr(widgets, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
