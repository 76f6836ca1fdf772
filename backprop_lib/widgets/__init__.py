"""The explorers: widgets that show the engine's steps and take the learner's hands."""

from backprop_lib.widgets.chain_rule_explorer import ChainRuleExplorer
from backprop_lib.widgets.descent_explorer import LearningRateExplorer
from backprop_lib.widgets.digit_pad import DigitPad
from backprop_lib.widgets.digit_reader import DigitReader
from backprop_lib.widgets.factory_floor import FactoryFloor
from backprop_lib.widgets.gradient_explorer import GradientExplorer
from backprop_lib.widgets.loss_explorer import LossExplorer
from backprop_lib.widgets.neuron_explorer import NeuronExplorer
from backprop_lib.widgets.question import Question
from backprop_lib.widgets.training_playground import TrainingPlayground

__all__ = [
    "ChainRuleExplorer",
    "DigitPad",
    "DigitReader",
    "FactoryFloor",
    "GradientExplorer",
    "LearningRateExplorer",
    "LossExplorer",
    "NeuronExplorer",
    "Question",
    "TrainingPlayground",
]
