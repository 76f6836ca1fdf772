"""What a data set is: examples with their targets, and what every number of them means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_lib.datasets.parting import held_out, kinds_of
from backprop_lib.engine.arrays import (
    Array,
    as_count,
    as_kind,
    as_list,
    as_numbers,
    as_rows,
    as_share,
    as_text,
    short,
)
from backprop_lib.engine.frozen import Frozen, hands_out
from backprop_lib.engine.scaling import Scale
from backprop_lib.i18n import clean, listed, sentences
from backprop_lib.i18n import gettext as _


class Split(NamedTuple):
    """Two data sets out of one: examples to train on, and others held out for the exam."""

    train: Dataset
    test: Dataset

    def scaled(self, targets: bool = False) -> Split:
        """Both parts scaled, by the scale of the part to train on: the exam stays unseen.

        >>> from backprop_lib.datasets import moons
        >>> train, test = moons().split().scaled()
        >>> abs(float(train.inputs.mean())) < 1e-9, abs(float(test.inputs.mean())) < 1e-9
        (True, False)
        """
        train = self.train.scaled(targets)
        return Split(train, self.test.scaled(targets, like=train))


@hands_out("inputs", "targets")
@dataclass(frozen=True, eq=False, init=False, repr=False)
class Dataset(Frozen):
    """Examples with their targets, a row each, and what every column means.

    ``inputs`` is (examples, inputs) and ``targets`` (examples, outputs); both are copied to
    float64 and locked. There is one name for each input and each target, one unit for each input
    or none at all, and ``source`` says in a sentence where the numbers come from. The two scales
    are what ``scaled`` remembers. Raises TypeError or ValueError when these are not finite numbers
    or do not fit each other.

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
    input_scale: Scale | None  # how the inputs were scaled; None where they were not
    target_scale: Scale | None

    def __init__(
        self,
        name: str,
        inputs: object,
        targets: object,
        input_names: Iterable[str],
        target_names: Iterable[str],
        input_units: Iterable[str] = (),
        source: str = "",
        input_scale: Scale | None = None,
        target_scale: Scale | None = None,
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
        fill(self, "name", as_text(name, _("the name")))
        fill(self, "inputs", own_inputs)
        fill(self, "targets", own_targets)
        fill(self, "input_names", _labels(input_names, _("the input names"), columns))
        fill(self, "target_names", _labels(target_names, _("the target names"), outputs))
        fill(self, "input_units", units)
        fill(self, "source", as_text(source, _("the source")))
        fill(self, "input_scale", _scale(input_scale, columns))
        fill(self, "target_scale", _scale(target_scale, outputs))

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        columns, outputs = self.inputs.shape[1], self.targets.shape[1]
        scaled = "" if self.input_scale is None else ", scaled"
        return f"Dataset({self.name}: {len(self)} examples, {columns} → {outputs}{scaled})"

    def split(self, every: int = 5) -> Split:
        """Hold out every fifth example: those with index % every == every - 1.

        A plain rule and no dice, so that everybody holds out the same ones. Where it would leave
        a kind out, equally many are held out in all, but some of each kind (see ``held_out`` in
        ``parting``); a part that lacks a kind all the same says so in its ``source``. Raises
        TypeError or ValueError when ``every`` is not a whole number from 2 to the number of
        examples.

        >>> from backprop_lib.datasets import moons
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
                ).format(step=step, name=self.name[:60], examples=len(self))
            )
        train, test = self.parted(1.0 / step)
        assert test is not None
        return Split(train, test)

    def parted(self, share: float) -> tuple[Dataset, Dataset | None]:
        """The examples to train on, and a ``share`` that is held out; None in place of no example.

        The share is a number from 0 up to 1, and the rule that of ``parting.held_out``. A part that
        lacks a kind says so in its ``source``. Raises TypeError or ValueError for another share.
        """
        out = held_out(self.targets, as_share(share, _("the share that is held out")))
        return (self._part(~out), self._part(out)) if out.any() else (self, None)

    def _part(self, rows: npt.NDArray[np.bool_]) -> Dataset:
        source, kinds = self.source, kinds_of(self.targets)
        if kinds is not None:
            _all, firsts = np.unique(kinds, return_index=True)
            lacking = [self._kind(n) for n in firsts if kinds[n] not in kinds[rows]]
            if lacking:
                told = _("This part has no example of the kind {kinds}.")
                source = sentences(source, told.format(kinds=short(listed(lacking))))
        return replace(self, inputs=self.inputs[rows], targets=self.targets[rows], source=source)

    def _kind(self, example: int) -> str:
        """What kind an example is, by the names of the targets."""
        row = self.targets[example]
        if len(row) > 1 and row.sum() == 1.0:
            return self.target_names[int(row.argmax())]
        named = zip(self.target_names, row, strict=True)
        return listed(
            _("{name} {amount}").format(name=name, amount=int(value)).strip()
            for name, value in named
        )

    def scaled(self, targets: bool = False, like: Dataset | None = None) -> Dataset:
        """The same examples with each input column at mean 0 and spread 1, and how that was done.

        The spread is the standard deviation; a column that never changes becomes 0. With
        ``targets`` those are scaled, too. ``like`` is another data set with the same columns that
        was scaled before: then this one is scaled just as that one was. Units are spreads from then
        on. Raises ValueError for a ``like`` that does not fit.

        >>> people = Dataset("people", [[160, 5], [180, 5]], [[0], [1]], ["height", "age"], ["ok"])
        >>> people.scaled().inputs, people.scaled().scale([190, 5])
        (array([[-1.,  0.],
               [ 1.,  0.]]), array([2., 0.]))
        """
        as_kind(targets, bool, "targets=True")
        if like is None:
            inputs, aims = Scale.of(self.inputs), Scale.of(self.targets) if targets else None
        else:
            inputs, aims = self._as_in(as_dataset(like))
        return replace(
            self,
            inputs=inputs.apply(self.inputs),
            targets=self.targets if aims is None else aims.apply(self.targets),
            input_units=(_("spreads"),) * self.inputs.shape[1],
            input_scale=inputs.after(self.input_scale),
            target_scale=self.target_scale if aims is None else aims.after(self.target_scale),
        )

    def scale(self, x: npt.ArrayLike) -> Array:
        """Scale new inputs, (inputs,) or (examples, inputs), as those of this data set were.

        Raises TypeError or ValueError for what does not fit, and where nothing was scaled.
        """
        if self.input_scale is None:
            raise ValueError(
                _(
                    "Expected a data set that was scaled, but {name} was not; try "
                    "data = data.scaled() first."
                ).format(name=short(self.name))
            )
        rows = as_rows(x, _("the inputs"), width=self.inputs.shape[1])
        return self.input_scale.apply(rows).reshape(np.shape(x))

    def unscale(self, output: npt.ArrayLike) -> Array:
        """Bring products, (outputs,) or (examples, outputs), back to the targets' own units.

        Where the targets were not scaled, nothing changes. Raises TypeError or ValueError for what
        does not fit.

        >>> prices = Dataset("prices", [[1], [2]], [[300], [500]], ["rooms"], ["price"])
        >>> prices.scaled(targets=True).unscale([[-1], [1]]).tolist()
        [[300.0], [500.0]]
        """
        rows = as_rows(output, _("the products"), width=self.targets.shape[1])
        undone = rows if self.target_scale is None else self.target_scale.undo(rows)
        return undone.reshape(np.shape(output))

    def _as_in(self, like: Dataset) -> tuple[Scale, Scale | None]:
        """The scales of another data set, if they fit this one."""
        shapes = [(data.inputs.shape[1], data.targets.shape[1]) for data in (self, like)]
        if like.input_scale is None or shapes[0] != shapes[1]:
            raise ValueError(
                _(
                    "Expected a scaled data set with the same columns, but {like} came; "
                    "try test.scaled(like=train.scaled())."
                ).format(like=short(like))
            )
        return like.input_scale, like.target_scale


def _scale(value: Scale | None, columns: int) -> Scale | None:
    if value is not None and as_kind(value, Scale, "data.scaled()").mean.shape != (columns,):
        raise ValueError(
            _(
                "Expected a scale for {columns} columns, but one for {found} came; "
                "try data.scaled()."
            ).format(columns=columns, found=value.mean.size)
        )
    return value


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
    is_list = isinstance(value, Iterable) and not isinstance(value, str | bytes)
    own = tuple(as_list(value, name)) if is_list else None
    if own is None or not all(isinstance(label, str) for label in own):
        raise TypeError(
            _('Expected {name} as a list of texts, but {value} came; try ["x", "y"].').format(
                name=name, value=short(value)
            )
        )
    if len(own) != count and not (or_none and not own):
        raise ValueError(
            _(
                "Expected {count} texts for {name}, but {found} came: {value}; "
                "give one for each column."
            ).format(count=count, name=name, found=len(own), value=short(own))
        )
    return tuple(map(clean, own))


def as_dataset(value: Dataset) -> Dataset:
    """Return ``value`` if it is a data set; else a TypeError says how to come by one."""
    return as_kind(value, Dataset, "datasets.moons()")
