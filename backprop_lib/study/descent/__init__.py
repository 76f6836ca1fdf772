"""The way down: what an optimizer makes of a loss, lap by lap, and what its learning rate does.

``landscapes.py`` has losses over one knob or two, ``ways.py`` goes down them and down a factory's
loss, and ``regimes.py`` names what becomes of it. Their words, pictures and explorer have the same
name, descent, in the other rooms.
"""

from backprop_lib.study.descent.landscapes import (
    LANDSCAPES,
    Bowl,
    Landscape,
    LongValley,
    TwoValleys,
)
from backprop_lib.study.descent.regimes import regime, times_turned_back
from backprop_lib.study.descent.ways import Descent, FactoryDescent, descend, descend_factory

__all__ = [
    "LANDSCAPES",
    "Bowl",
    "Descent",
    "FactoryDescent",
    "Landscape",
    "LongValley",
    "TwoValleys",
    "descend",
    "descend_factory",
    "regime",
    "times_turned_back",
]
