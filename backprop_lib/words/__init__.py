"""Say what a Step shows: its sentence, its formula with the numbers in it, and its whole picture.

Sentences are whole and go through gettext with named gaps; names of workers and materials are the
factory's own. With several orders in a batch, ``example`` picks the one that is told; gradients of
knobs are sums over all of them. ``by_worker`` splits a lap so that it is told worker by worker.
"""

from backprop_lib.words.bench import Line, gate_state, product, workbench
from backprop_lib.words.loss import loss_formula
from backprop_lib.words.names import MOST_LISTED, Names, Write, named_amounts, vector
from backprop_lib.words.sentences import Caption, caption

__all__ = [
    "MOST_LISTED",
    "Caption",
    "Line",
    "Names",
    "Write",
    "caption",
    "gate_state",
    "loss_formula",
    "named_amounts",
    "product",
    "vector",
    "workbench",
]
