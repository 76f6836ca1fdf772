"""Small sets of examples to run a factory on, with a name for every number.

``lemonade`` is the worked example of the course and ``two_products`` that of another teacher;
``xor``, ``moons``, ``rings`` and ``spiral`` are made here by a formula and a seed, and ``digits``
are real handwriting. Names and units are in the language that is in use when a data set is asked
for.
"""

from backprop_lib.datasets.dataset import Dataset, Split
from backprop_lib.datasets.handwriting import DIGITS, digits
from backprop_lib.datasets.orders import (
    lemonade,
    lemonade_factory,
    lemonade_workers,
    two_products,
    two_products_factory,
    two_products_workers,
)
from backprop_lib.datasets.points import moons, rings, spiral, xor

__all__ = [
    "DIGITS",
    "Dataset",
    "Split",
    "digits",
    "lemonade",
    "lemonade_factory",
    "lemonade_workers",
    "moons",
    "rings",
    "spiral",
    "two_products",
    "two_products_factory",
    "two_products_workers",
    "xor",
]
