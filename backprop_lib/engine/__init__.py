"""The engine: a factory of workers, one order through it, and what its training is made of.

From the bottom up: ``arrays`` and ``frozen`` hold numbers that nobody changes, ``activations`` and
``losses`` are the formulas, ``network`` sends an order forward and its note back (``refusals`` says
what does not fit it), ``optimizers`` turn the knobs, ``steps`` tells one lap a step at a time and
``moments`` a worker at a time, ``laps`` goes it without a record, and ``training`` goes many.
``gradient_check`` nudges and compares; ``diagnosis`` says why a factory does not learn.
"""

from backprop_lib.engine.diagnosis import Diagnosis, diagnose
from backprop_lib.engine.gradient_check import GradientReport, check_gradients
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.losses import (
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    MeanAbsoluteError,
    MeanSquaredError,
)
from backprop_lib.engine.network import (
    Dense,
    Gradients,
    LayerGradients,
    LayerTrace,
    Network,
    Trace,
)
from backprop_lib.engine.optimizers import SGD, Adam, Optimizer
from backprop_lib.engine.steps import Step, opening, steps
from backprop_lib.engine.training import Record, train

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
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Network",
    "Optimizer",
    "Record",
    "Step",
    "Trace",
    "check_gradients",
    "diagnose",
    "opening",
    "steps",
    "train",
]
