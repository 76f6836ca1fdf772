"""Say what a Step shows: its sentence, its formula with the numbers in it, and its whole picture.

Sentences are whole and go through gettext with named gaps; names of workers and materials are the
factory's own. With several orders in a batch, ``example`` picks the one that is told; gradients of
knobs are sums over all of them. ``by_worker`` splits a lap so that it is told worker by worker.
"""

from backprop_lib.captions.bench import Line, gate_state, product, workbench
from backprop_lib.captions.moments import (
    MATERIALS,
    Moment,
    Station,
    by_worker,
    noted,
    place_in,
    station,
    worked,
)
from backprop_lib.captions.names import MOST_LISTED, Names, Write, named_amounts, vector
from backprop_lib.captions.sentences import Caption, caption, loss_formula

__all__ = [
    "MATERIALS",
    "MOST_LISTED",
    "Caption",
    "Line",
    "Moment",
    "Names",
    "Station",
    "Write",
    "by_worker",
    "caption",
    "gate_state",
    "loss_formula",
    "named_amounts",
    "noted",
    "place_in",
    "product",
    "station",
    "vector",
    "workbench",
    "worked",
]
