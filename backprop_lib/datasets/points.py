"""Points of two kinds or more, made by a formula and a seed: the classics to train on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from backprop_lib.datasets.dataset import Dataset
from backprop_lib.engine.arrays import Array, as_count, as_number, as_positive, as_random, short
from backprop_lib.i18n import gettext as _

Labels = npt.NDArray[np.int_]

MOST_NOISE = 1_000_000  # where the points themselves lie near 1
MOST_TURNS, MOST_CLASSES = 1_000, 100


def xor(examples: int = 4, noise: float = 0.0, seed: int | np.random.Generator = 0) -> Dataset:
    """Exclusive or: 1 where one input is 1 and the other 0; no straight line parts these four.

    With more than 4 ``examples`` the four come again and again, and ``noise`` is the standard
    deviation of what is added to each coordinate, from ``seed``. Raises TypeError or ValueError for
    fewer than 4 examples, negative noise, or what is not a number.

    >>> xor().targets.ravel()
    array([0., 1., 1., 0.])
    """
    examples = as_count(examples, _("the number of examples"), least=4)
    spread, random = _as_noise(noise), as_random(seed)
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])[np.arange(examples) % 4]
    return Dataset(
        name=_("XOR"),
        inputs=corners + spread * random.standard_normal(corners.shape),
        targets=np.logical_xor(*corners.T).astype(float).reshape(-1, 1),
        input_names=(_("first switch"), _("second switch")),
        target_names=(_("just one is on"),),
        source=_("The truth table of exclusive or."),
    )


def moons(examples: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Dataset:
    """Two half circles that reach into each other; targets (examples, 1) are 0 and 1.

    With angles t evenly from 0 to π, moon 0 is (cos t, sin t) and moon 1 is
    (1 - cos t, 1/2 - sin t): the formula of scikit-learn's make_moons. ``noise`` is the standard
    deviation of what is added to each coordinate. Both moons have equally many examples (with an
    odd number, moon 0 has one more), in an order mixed by ``seed``. Raises TypeError or ValueError
    for fewer than 2 examples, negative noise, or what is not a number.

    >>> moons(examples=200, noise=0.1, seed=0)
    Dataset(moons: 200 examples, 2 → 1)
    """
    examples = as_count(examples, _("the number of examples"), least=2)
    spread, random = _as_noise(noise), as_random(seed)
    shares = _shares(examples, 2)
    first, second = (np.linspace(0.0, np.pi, share) for share in shares)
    moon = np.column_stack([np.cos(first), np.sin(first)])
    other = np.column_stack([1.0 - np.cos(second), 0.5 - np.sin(second)])
    points = np.concatenate([moon, other])
    inputs, labels = _with_noise_and_mixed(points, np.repeat([0, 1], shares), spread, random)
    return Dataset(
        name=_("moons"),
        inputs=inputs,
        targets=labels.reshape(-1, 1),
        input_names=("x", "y"),
        target_names=(_("second moon"),),
        source=_("Computed: two half circles, with noise from a seed."),
    )


def rings(examples: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Dataset:
    """A ring around a ring; targets (examples, 1) are 0 for the outer and 1 for the inner one.

    The outer ring has radius 1, the inner one 0.4, both with angles evenly around. ``noise`` is the
    standard deviation of what is added to each coordinate. Both have equally many examples (with an
    odd number, the outer one has one more), in an order mixed by ``seed``. Raises TypeError or
    ValueError for fewer than 2 examples, negative noise, or what is not a number.

    >>> float(rings(noise=0.0).inputs.max())
    1.0
    """
    examples = as_count(examples, _("the number of examples"), least=2)
    spread, random = _as_noise(noise), as_random(seed)
    shares = _shares(examples, 2)
    angles = np.concatenate([2.0 * np.pi * np.arange(share) / share for share in shares])
    radii = np.repeat([1.0, 0.4], shares)
    points = np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
    inputs, labels = _with_noise_and_mixed(points, np.repeat([0, 1], shares), spread, random)
    return Dataset(
        name=_("two rings"),
        inputs=inputs,
        targets=labels.reshape(-1, 1),
        input_names=("x", "y"),
        target_names=(_("inner ring"),),
        source=_("Computed: two circles, with noise from a seed."),
    )


def spiral(
    examples: int = 200,
    noise: float = 0.02,
    turns: float = 1.0,
    classes: int = 2,
    seed: int | np.random.Generator = 0,
) -> Dataset:
    """Arms that wind around each other from the middle to radius 1.

    Arm k (from 0) of ``classes`` has radii r evenly from nearly 0 up to 1 and angles
    2π (turns · r + k / classes): an Archimedean spiral. ``noise`` is the standard deviation of what
    is added to each coordinate. The arms have equally many examples (the first ones one more, where
    it does not come out even), in an order mixed by ``seed``. With 2 classes the targets are
    (examples, 1), 0 and 1; with more they are one-hot, (examples, classes). Raises TypeError or
    ValueError for fewer than 2 classes, fewer examples than classes, turns that are not positive,
    negative noise, or what is not a number.

    >>> spiral(examples=300, classes=3).targets.sum(axis=0)
    array([100., 100., 100.])
    """
    classes = as_count(classes, _("the number of classes"), least=2, most=MOST_CLASSES)
    examples = as_count(examples, _("the number of examples"), least=classes)
    windings = as_positive(turns, _("the number of turns"), most=MOST_TURNS)
    spread, random = _as_noise(noise), as_random(seed)
    shares = _shares(examples, classes)
    arms = np.repeat(np.arange(classes), shares)
    # From 1/n, not 0: at the very middle all the arms would meet in one point.
    radii = np.concatenate([np.arange(1, share + 1) / share for share in shares])
    angles = 2.0 * np.pi * (windings * radii + arms / classes)
    points = np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
    inputs, labels = _with_noise_and_mixed(points, arms, spread, random)
    if classes == 2:
        targets, names = labels.reshape(-1, 1), [_("second arm")]
    else:
        targets = (labels[:, np.newaxis] == np.arange(classes)).astype(int)
        names = [_("arm {number}").format(number=arm) for arm in range(1, classes + 1)]
    return Dataset(
        name=_("spiral"),
        inputs=inputs,
        targets=targets,
        input_names=("x", "y"),
        target_names=names,
        source=_("Computed: arms of an Archimedean spiral, with noise from a seed."),
    )


def _as_noise(value: object) -> float:
    """Return ``value`` as a standard deviation: a finite number, 0 or more."""
    spread = as_number(value, _("the noise"), finite=False)
    if not 0.0 <= spread <= MOST_NOISE:
        raise ValueError(
            _(
                "Expected finite noise of 0 or more, but {value} came; try 0.1, and {most} at most."
            ).format(value=short(value), most=MOST_NOISE)
        )
    return spread


def _shares(examples: int, classes: int) -> list[int]:
    """Share examples out among classes as evenly as can be, the first ones getting what is left.

    >>> _shares(200, 3)
    [67, 67, 66]
    """
    return [(examples + classes - 1 - index) // classes for index in range(classes)]


def _with_noise_and_mixed(
    points: Array, labels: Labels, spread: float, random: np.random.Generator
) -> tuple[Array, Labels]:
    """Shake the points (examples, 2) with normal noise, and deal them out in a mixed order."""
    shaken = points + spread * random.standard_normal(points.shape)
    order = random.permutation(len(points))
    return shaken[order], labels[order]
