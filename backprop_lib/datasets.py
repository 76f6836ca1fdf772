"""Small sets of examples to run a factory on, with a name for every number.

``lemonade`` is the worked example of the course and ``two_products`` that of another teacher;
``xor``, ``moons``, ``rings`` and ``spiral`` are made here by a formula and a seed, and ``digits``
are real handwriting. Names and units are in the language that is in use when a data set is asked for.
"""

from __future__ import annotations

import math
import numbers as number_types
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_lib.arrays import Array, as_count, as_numbers, as_positive, as_random
from backprop_lib.i18n import gettext as _
from backprop_lib.network import Dense, Network

Labels = npt.NDArray[np.int_]

DIGITS = os.path.join(os.path.dirname(__file__), "data", "digits.npz")


class Split(NamedTuple):
    """Two data sets out of one: examples to train on, and others held out for the exam."""

    train: Dataset
    test: Dataset


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Dataset:
    """Examples with their targets, a row each, and what every column means.

    ``inputs`` is (examples, inputs) and ``targets`` (examples, outputs); both are copied to
    float64 and locked. There is one name for each input and each target, one unit for each input
    or none at all, and ``source`` says in a sentence where the numbers come from. Raises TypeError
    or ValueError when these are not finite numbers or do not fit each other.

    >>> weather = Dataset("weather", [[20.5], [8.0]], [[0], [1]], ["warmth"], ["rain"], ["°C"])
    >>> weather, len(weather)
    (Dataset(weather: 2 examples, 1 → 1), 2)
    """

    name: str
    inputs: Array
    targets: Array
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    input_units: tuple[str, ...]
    source: str

    def __init__(
        self,
        name: str,
        inputs: object,
        targets: object,
        input_names: Iterable[str],
        target_names: Iterable[str],
        input_units: Iterable[str] = (),
        source: str = "",
    ) -> None:
        own_inputs = _table(inputs, _("the inputs"))
        own_targets = _table(targets, _("the targets"))
        if len(own_inputs) != len(own_targets):
            raise ValueError(
                _(
                    "Expected a row of targets for each row of inputs, but {inputs} rows of inputs "
                    "and {targets} rows of targets came; give both the same number of rows."
                ).format(inputs=len(own_inputs), targets=len(own_targets))
            )
        columns, outputs = own_inputs.shape[1], own_targets.shape[1]
        units = _labels(input_units, _("the input units"), columns, or_none=True)
        fill = object.__setattr__
        fill(self, "name", name)
        fill(self, "inputs", own_inputs)
        fill(self, "targets", own_targets)
        fill(self, "input_names", _labels(input_names, _("the input names"), columns))
        fill(self, "target_names", _labels(target_names, _("the target names"), outputs))
        fill(self, "input_units", units)
        fill(self, "source", source)

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        columns, outputs = self.inputs.shape[1], self.targets.shape[1]
        return f"Dataset({self.name}: {len(self)} examples, {columns} → {outputs})"

    def split(self, every: int = 5) -> Split:
        """Hold out every fifth example: those with index % every == every - 1.

        A plain rule and no dice, so that everybody holds out the same ones. Raises TypeError or
        ValueError when ``every`` is not a whole number from 2 to the number of examples.

        >>> train, test = moons(examples=200).split()
        >>> len(train), len(test)
        (160, 40)
        """
        step = as_count(every, _("the step from one held-out example to the next"), least=2)
        if step > len(self):
            raise ValueError(
                _(
                    "Expected at least {step} examples, to hold one of them out, but the data set "
                    "{name} has {examples}; try a larger one."
                ).format(step=step, name=self.name, examples=len(self))
            )
        held_out = np.arange(len(self)) % step == step - 1
        return Split(
            train=replace(self, inputs=self.inputs[~held_out], targets=self.targets[~held_out]),
            test=replace(self, inputs=self.inputs[held_out], targets=self.targets[held_out]),
        )


def lemonade() -> Dataset:
    """One order for lemonade: from 2 lemons and 1 spoon of sugar, sourness 1.

    >>> lemonade().inputs, lemonade().targets
    (array([[2., 1.]]), array([[1.]]))
    """
    return Dataset(
        name=_("lemonade"),
        inputs=[[2, 1]],
        targets=[[1]],
        input_names=(_("lemons"), _("sugar")),
        target_names=(_("sourness"),),
        input_units=(_("pieces"), _("spoons")),
        source=_("Made up for this course, small enough for mental arithmetic."),
    )


def lemonade_factory() -> Network:
    """The factory that makes it: Ana, Bo and Cy behind ReLU gates, then the taster without one.

    >>> lemonade_factory().forward(lemonade().inputs).output
    array([[3.]])
    """
    return Network(
        [
            Dense([[1.0, 0.5, -1.0], [-1.0, 1.0, 1.0]], [0, 0, 0], "relu"),
            Dense([[2.0], [0.5], [1.0]], [0], "identity"),
        ]
    )


def lemonade_workers() -> tuple[tuple[str, ...], ...]:
    """Who works there, floor by floor.

    >>> lemonade_workers()
    (('Ana', 'Bo', 'Cy'), ('taster',))
    """
    return ((_("Ana"), _("Bo"), _("Cy")), (_("taster"),))


def two_products() -> Dataset:
    """One order for two products, from Mazur's worked example of backpropagation.

    >>> two_products().inputs, two_products().targets
    (array([[0.05, 0.1 ]]), array([[0.01, 0.99]]))
    """
    return Dataset(
        name=_("two products"),
        inputs=[[0.05, 0.10]],
        targets=[[0.01, 0.99]],
        input_names=("i1", "i2"),
        target_names=("o1", "o2"),
        source=_("Matt Mazur, A Step by Step Backpropagation Example, 2015."),
    )


def two_products_factory() -> Network:
    """Mazur's factory: h1 and h2, then o1 and o2, all behind sigmoid gates.

    >>> two_products_factory().forward(two_products().inputs).output.round(4)
    array([[0.7514, 0.7729]])
    """
    return Network(
        [
            Dense([[0.15, 0.25], [0.20, 0.30]], [0.35, 0.35], "sigmoid"),
            Dense([[0.40, 0.50], [0.45, 0.55]], [0.60, 0.60], "sigmoid"),
        ]
    )


def two_products_workers() -> tuple[tuple[str, ...], ...]:
    """Who works there, floor by floor, as Mazur calls them.

    >>> two_products_workers()
    (('h1', 'h2'), ('o1', 'o2'))
    """
    return (("h1", "h2"), ("o1", "o2"))


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
    classes = as_count(classes, _("the number of classes"), least=2)
    examples = as_count(examples, _("the number of examples"), least=classes)
    windings = as_positive(turns, _("the number of turns"))
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


def _table(value: object, name: str) -> Array:
    """Return a locked copy of a table (examples, columns); ``name`` says in errors what it is."""
    table = as_numbers(value, name)
    if table.ndim != 2:
        raise ValueError(
            _(
                "Expected {name} as a table with a row for each example, but an array of shape "
                "{shape} came; for a single column try values.reshape(-1, 1)."
            ).format(name=name, shape=table.shape)
        )
    return table


def _labels(
    value: Iterable[str], name: str, count: int, *, or_none: bool = False
) -> tuple[str, ...]:
    """Return ``count`` texts (or none, where that is allowed); ``name`` says what they are."""
    # A text is itself a row of letters: "xy" would pass for two names.
    own = None if isinstance(value, str) or not isinstance(value, Iterable) else tuple(value)
    if own is None or not all(isinstance(label, str) for label in own):
        raise TypeError(
            _('Expected {name} as a list of texts, but {value!r} came; try ["x", "y"].').format(
                name=name, value=value
            )
        )
    if len(own) != count and not (or_none and not own):
        raise ValueError(
            _(
                "Expected {count} texts for {name}, but {found} came: {value!r}; "
                "give one for each column."
            ).format(count=count, name=name, found=len(own), value=own)
        )
    return own


def _as_noise(value: object) -> float:
    """Return ``value`` as a standard deviation: a finite number, 0 or more."""
    if not isinstance(value, number_types.Real) or isinstance(value, bool):
        raise TypeError(
            _("Expected a number for the noise, but {value!r} came; try 0.1.").format(value=value)
        )
    spread = float(value)
    if not (math.isfinite(spread) and spread >= 0.0):
        raise ValueError(
            _("Expected finite noise of 0 or more, but {value} came; try 0.1.").format(value=value)
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
