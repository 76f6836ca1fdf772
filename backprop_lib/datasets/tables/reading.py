"""Read a table of one's own: from a file to a data set, with numbers, kinds and names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from backprop_lib.datasets import Dataset
from backprop_lib.datasets.tables.cells import OTHER
from backprop_lib.datasets.tables.columns import Column
from backprop_lib.datasets.tables.encodings import encoding_of
from backprop_lib.datasets.tables.rows import Text, with_delimiter
from backprop_lib.datasets.tables.table import Table
from backprop_lib.datasets.whole_files import as_file, told
from backprop_lib.engine.arrays import as_kind, short
from backprop_lib.i18n import gettext as _

LARGEST = 2**24  # bytes


def read_table(
    path: str | os.PathLike[str],
    targets: str | Sequence[str],
    *,
    leave_out: str | Sequence[str] = (),
    kinds: str | Sequence[str] = (),
    skip_gaps: bool = False,
    decimal: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
) -> Dataset:
    r"""Read a table that a spreadsheet or another program wrote; ``targets`` are to be foretold.

    The first row holds a name for each column, with its unit in brackets where it has one:
    ``length (cm)``. All columns but the targets and those to ``leave_out`` are inputs, in their
    order. A column of words is one-hot: it becomes a column for each kind, in the order of their
    names, which is 1 where that kind stands and 0 elsewhere. As inputs they are called
    ``colour: red``; a single target is called just as its kinds are.

    >>> import tempfile
    >>> def read(text, targets, **options):
    ...     with tempfile.TemporaryDirectory() as folder:
    ...         path = Path(folder, "leaves.csv")
    ...         _length = path.write_text(text)
    ...         return read_table(path, targets, **options)
    >>> leaves = read("length (cm),width (cm),kind\n9,5,oak\n7,6.5,elm\n", targets="kind")
    >>> leaves, leaves.input_names, leaves.input_units
    (Dataset(leaves: 2 examples, 2 → 2), ('length', 'width'), ('cm', 'cm'))
    >>> leaves.target_names, leaves.targets.tolist()
    (('elm', 'oak'), [[0.0, 1.0], [1.0, 0.0]])

    Columns may be parted by commas, semicolons, tabs or ``|``. Numbers are read as they are written
    in many countries: 1.5, 1,5, 1 234,5 and 1'234.5. A sign such as % or € becomes the unit, so
    that 12 % is 12. Where two readings make sense, the table is refused, and you say which:
    ``decimal`` is "." or ",", ``delimiter`` stands between columns, ``encoding`` is that of the
    file, and ``header`` says whether the first row holds names; without them columns are called
    "column 1" and so on. ``kinds`` names columns whose cells are names even if they look like
    numbers. A cell without a value (empty, NA, ?, -) is told; ``skip_gaps`` leaves such rows out.

    >>> read("cost;rooms\n1.234,5;2\n900,0;NA\n1.300;3\n", "cost", skip_gaps=True).targets.tolist()
    [[1234.5], [1300.0]]
    >>> read('cost,rooms\n"1,234",2\n', "cost", decimal=",").targets.item()
    1.234

    Raises FileNotFoundError, TypeError for arguments of another kind, or a ValueError that says
    which row (as a spreadsheet counts) and which column it is about, what came, and what to do.
    """
    source = as_file(path)
    as_kind(skip_gaps, bool, "skip_gaps=True")
    if decimal is not None and not (isinstance(decimal, str) and decimal in OTHER):
        raise ValueError(
            _('Expected decimal="." or decimal=",", but {value} came.').format(value=short(decimal))
        )
    content = _content(source)
    text = Text(content, encoding_of(content, source.name, encoding), source.name)
    text = with_delimiter(text, delimiter)
    table = Table(text, targets, leave_out, kinds, skip_gaps, header)
    table.look_over(decimal)
    inputs, answers = table.numbers(decimal)
    single = len(table.targets) == 1
    return Dataset(
        name=source.stem,
        inputs=inputs,
        targets=answers,
        input_names=[name for one in table.inputs for name in one.names()],
        target_names=[name for one in table.targets for name in one.names(single)],
        input_units=_units(table.inputs),
        source=table.source,
    )


def _content(source: Path) -> bytes:
    if source.stat().st_size > LARGEST:
        raise ValueError(
            _("Expected a small table, but {name} has more than {most} million bytes.").format(
                name=short(source.name), most=LARGEST // 2**20
            )
        )
    with told(source):
        return source.read_bytes()


def _units(columns: list[Column]) -> list[str]:
    units = [
        unit for one in columns for unit in ([""] * len(one.words) if one.has_words else [one.unit])
    ]
    return units if any(units) else []
