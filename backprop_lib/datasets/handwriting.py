"""Real handwritten digits, from a file that comes with the package."""

from __future__ import annotations

import os
from functools import cache

import numpy as np

from backprop_lib.datasets.dataset import Dataset, Split
from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _

DIGITS = os.path.join(os.path.dirname(__file__), "data", "digits.npz")


def digits() -> Split:
    """Real handwritten digits: 1,438 images to train on and 359 held out (every fifth).

    An image is a row of 64 inputs, 8 × 8 pixels from top left, each the share of its square that is
    covered with ink, 0 to 1; ``inputs[i].reshape(8, 8)`` is the picture. Targets are one-hot,
    (images, 10). Both parts are by the same 13 people, so the exam says how well a factory reads
    these hands, not those of strangers. Source: E. Alpaydin and C. Kaynak, Optical Recognition of
    Handwritten Digits, UCI Machine Learning Repository, 1998, DOI 10.24432/C50P49, CC BY 4.0.

    >>> train, test = digits()
    >>> train
    Dataset(digits: 1438 examples, 64 → 10)
    >>> int(test.targets[0].argmax())
    4
    """
    inputs, targets = _digit_arrays()
    places = [(row, column) for row in range(1, 9) for column in range(1, 9)]
    return Dataset(
        name=_("digits"),
        inputs=inputs,
        targets=targets,
        input_names=[_("row {row}, column {column}").format(row=r, column=c) for r, c in places],
        target_names=tuple("0123456789"),
        input_units=(_("ink, 0 to 1"),) * 64,
        source=_(
            "Handwritten by 13 people; E. Alpaydin and C. Kaynak, Optical Recognition of "
            "Handwritten Digits, UCI Machine Learning Repository, 1998 (CC BY 4.0)."
        ),
    ).split()


@cache
def _digit_arrays() -> tuple[Array, Array]:
    """Read the images once: inputs (1797, 64) from 0 to 1, and one-hot targets (1797, 10)."""
    with np.load(DIGITS, allow_pickle=False) as file:
        return file["pixels"] / 16.0, np.eye(10)[file["labels"]]
