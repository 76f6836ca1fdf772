"""The explorers: widgets that show the engine's steps and take the learner's hands."""

from backprop_lib.widgets.digit_reader import DigitReader
from backprop_lib.widgets.factory_floor import FactoryFloor
from backprop_lib.widgets.neuron_explorer import NeuronExplorer
from backprop_lib.widgets.question import Question

__all__ = ["DigitReader", "FactoryFloor", "NeuronExplorer", "Question"]
