"""A table of one's own for the training playground: checked, shaken, and written as code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeGuard

import numpy as np

from backprop_lib.datasets import Dataset
from backprop_lib.engine.arrays import Array, short
from backprop_lib.i18n import gettext as _

Table = tuple[object, object] | tuple[object, object, object, object]


def _as_columns(value: object) -> object:
    """A plain list of numbers as a table of one column; anything else as it is."""
    if _is_list(value) and len(value) and np.ndim(value[0]) == 0:
        return [[one] for one in value]
    return value


def _width(table: object) -> int:
    """How many columns a table has, more or less; what is wrong with it the data set says."""
    first = table[0] if _is_list(table) and len(table) else []
    return len(first) if _is_list(first) else 1


def _is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...] | Array]:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def as_table(data: object) -> tuple[Dataset, tuple[str, str]]:
    """Two columns of inputs, one of targets, 0 or 1, and what these two kinds are called.

    Targets may also be one-hot, a column for each of two kinds. Raises TypeError or ValueError for
    anything else.
    """
    table = data if isinstance(data, Dataset) else _own_dataset(data)
    kinds = ("", table.target_names[0])
    ones = np.isin(table.targets, (0.0, 1.0)).all()
    if ones and table.targets.shape[1] == 2 and (table.targets.sum(axis=1) == 1.0).all():
        kinds = (table.target_names[0], table.target_names[1])
        table = replace(
            table, targets=table.targets[:, 1:], target_names=kinds[1:], target_scale=None
        )
    if table.inputs.shape[1] != 2 or table.targets.shape[1] != 1:
        raise ValueError(
            _(
                "Expected two columns of inputs and one of targets, or one for each of two kinds, "
                "but {inputs} and {targets} came; leave the others out."
            ).format(inputs=table.inputs.shape[1], targets=table.targets.shape[1])
        )
    if not ones:
        raise ValueError(
            _("Expected targets of 0 or 1, but {value} came; write 1 for one kind, 0 else.").format(
                value=table.targets[~np.isin(table.targets, (0.0, 1.0))][0]
            )
        )
    units = table.input_units or ("", "")
    names = tuple(
        _("{label} ({more})").format(label=name, more=unit) if unit else name
        for name, unit in zip(table.input_names, units, strict=True)
    )
    return replace(table, input_names=names, input_units=()), kinds


def _own_dataset(data: object) -> Dataset:
    """A data set from (inputs, targets), or (inputs, targets, names, kinds)."""
    if not isinstance(data, list | tuple) or len(data) not in (2, 4):
        raise TypeError(
            _(
                "Expected the name of data or a table of your own, but {value} came; "
                "try 'moons', or (inputs, targets)."
            ).format(value=short(data))
        )
    inputs, targets = (_as_columns(one) for one in data[:2])
    names: Any = [_("material {n}").format(n=n + 1) for n in range(_width(inputs))]
    kinds: Any = [""] * _width(targets)
    if len(data) == 4:
        names, kinds = data[2:]
    return Dataset(_("own table"), inputs, targets, names, kinds)


def as_code(table: Dataset, kinds: tuple[str, str]) -> str:
    """A table as a piece of code that needs nothing else, with the names that it has.

    >>> as_code(*as_table(([[1, 5], [2, 6]], [0, 1], ["length", "width"], ["oak"])))
    "([[1.0, 5.0], [2.0, 6.0]], [0.0, 1.0], ['length', 'width'], ['oak'])"
    """
    targets = table.targets.ravel()
    given = targets.tolist()
    if kinds[0]:
        given = np.column_stack([1.0 - targets, targets]).tolist()
    named = [name for name in kinds if name]
    plain = [_("material {n}").format(n=n + 1) for n in range(2)]
    parts = [repr(table.inputs.tolist()), repr(given)]
    if named or list(table.input_names) != plain:
        parts += [repr(list(table.input_names)), repr(named or [""])]
    return f"({', '.join(parts)})"


def shaken(table: Dataset, noise: float, seed: int) -> Dataset:
    """The table with noise added to its inputs, from a seed."""
    shake = np.random.default_rng(seed).standard_normal(table.inputs.shape)
    return replace(table, inputs=table.inputs + noise * shake)
