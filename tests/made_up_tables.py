"""Tables made up by dice, as people and programs write them, with what each of them says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

KINDS = ("oak", "elm", "yes", "no", "TRUE", "FALSE", "male", "female", "very good", "橡树", "Öl")
GAPS = ("", "NA", "N/A", "?", "-", "#NV", "null", "None", "–", "nan")
# A cell that is no number, and the advice that is right for it.
SLIPS = {
    **dict.fromkeys(("2024-01-31", "31.12.2023", "1/2/99", "12:30"), "a date or a time is no"),
    **dict.fromkeys(("two", "many", "x7", "½", "1.2.3", "1e999", "∞"), "with digits and a point"),
    **{"9 cm": "write 9, and the unit", "12kg": "write 12, and the unit"},
    **{"(5)": "write -5 if", "7-": "write -7 if"},
    **dict.fromkeys(("NA", "?", "-", "#NV", "null"), "fill it, or leave the row out"),
}
# Between columns, the decimal sign, and between thousands: as a country or a program has them.
# Points between thousands never go with commas between columns: there a lone point is decimal.
STYLES = (
    (",", ".", ""), (",", ".", "'"), (",", ".", " "), (",", ".", ","), (",", ",", ""),
    (";", ",", ""), (";", ",", "."), (";", ",", " "), (";", ",", "\u00a0"),
    (";", ".", ","), (";", ".", "’"), ("\t", ",", "."), ("\t", ".", ""), ("|", ",", "\u202f"),
    ("，", ".", ""),
)  # fmt: skip
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@dataclass
class MadeUp:
    """A table's content, and its numbers and names, or the words of its refusal.

    ``open_cells`` are what is said of those cells that may be read as two numbers: where there are
    any, the table may also be refused for one of them.
    """

    content: bytes
    target: str
    options: dict[str, Any]
    inputs: list[list[float]] = field(default_factory=list)
    targets: list[list[float]] = field(default_factory=list)
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    open_cells: tuple[str, ...] = ()


def written(value: float, decimal: str, group: str, minus: str) -> str:
    """A number as a country writes it."""
    whole, _, after = f"{abs(value):.4f}".rstrip("0").partition(".")
    if group and len(whole) > 3:
        parts = [whole[max(end - 3, 0) : end] for end in range(len(whole), 0, -3)]
        whole = group.join(reversed(parts))
    return (minus if value < 0 else "") + whole + (decimal + after if after else "")


def may_be_two(text: str) -> bool:
    """Whether a text is one to three digits, one sign, and three digits: 1,234 or 1.234."""
    digits = text.lstrip("-−")
    parts = digits.replace(",", ".").split(".")
    return (
        len(parts) == 2
        and all(part.isdecimal() for part in parts)
        and len(parts[1]) == 3
        and len(parts[0]) <= 3
        and parts[0][0] != "0"
    )


@st.composite
def made_up_tables(draw: st.DrawFn) -> MadeUp:
    """A table of numbers and kinds in some style, as it is or with one slip in it."""
    delimiter, decimal, group = draw(st.sampled_from(STYLES))
    minus = draw(st.sampled_from("-−"))
    count = draw(st.integers(3, 8))
    columns = draw(_columns(count))
    names = draw(st.permutations(list(columns)))
    target = draw(st.sampled_from(names))
    cells = {
        name: [one if isinstance(one, str) else written(one, decimal, group, minus) for one in all_]
        for name, all_ in columns.items()
    }
    blank = draw(st.integers(0, 2))  # rows above the names
    first = blank + 2  # the number of the first row of numbers
    open_cells = [
        (row, name)
        for name in names
        for row in range(count)
        if not isinstance(columns[name][row], str) and may_be_two(cells[name][row])
    ]
    if draw(st.booleans()) and delimiter != "，":
        for name, column in columns.items():
            if not isinstance(column[0], str):
                cells[name] = [cell.translate(WIDE) for cell in cells[name]]

    slip = draw(st.sampled_from(["", "", "", "cell", "gap", "no names", "decimal"]))
    amounts = [name for name in names if not isinstance(columns[name][0], str)]
    row, name = draw(st.integers(0, count - 1)), draw(st.sampled_from(amounts))
    options: dict[str, Any] = {}
    refusal: tuple[str, ...] = ()
    kept = list(range(count))
    if slip == "decimal":
        options["decimal"], open_cells = decimal, []
    elif slip == "cell":
        cell = cells[name][row] = draw(st.sampled_from(sorted(SLIPS)))
        refusal = (f"row {first + row}, column {name!r}, but {cell!r} came", SLIPS[cell])
    elif slip == "gap":
        cells[name][row] = draw(st.sampled_from(GAPS))
        options["skip_gaps"] = True
        kept.remove(row)
        assume(all(len({columns[one][n] for n in kept}) > 1 for one in names if one not in amounts))
    elif slip == "no names":
        refusal = (f"a name for each column in row {blank + 1}, but", "say header=False")

    inputs, input_names = _as_read([one for one in names if one != target], columns, kept, False)
    targets, target_names = _as_read([target], columns, kept, True)
    head = [] if slip == "no names" else [draw(_head(names))]
    rows = [[cells[one][row] for one in names] for row in range(count)]
    return MadeUp(
        draw(_content(delimiter, blank, head, rows)),
        target, options, inputs, targets, input_names, target_names, refusal,
        tuple(
            f"in row {first + row}, column {name!r}, but {cells[name][row]!r} may be"
            for row, name in open_cells
        ),
    )  # fmt: skip


@st.composite
def _columns(draw: st.DrawFn, count: int) -> dict[str, list[Any]]:
    """Two columns or more, at least one of them of amounts."""
    number = st.builds(
        lambda n, by: n / by, st.integers(-(10**7), 10**7), st.sampled_from([1, 10, 100, 1000])
    )
    columns: dict[str, list[Any]] = {}
    for place in range(draw(st.integers(1, 3))):
        columns[f"amount {place}"] = draw(st.lists(number, min_size=count, max_size=count))
    for place in range(draw(st.integers(1 if len(columns) == 1 else 0, 2))):
        two = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=3, unique=True))
        more = st.lists(st.sampled_from(two), min_size=count - 2, max_size=count - 2)
        columns[f"kind {place}"] = [*two[:2], *draw(more)]
    return columns


@st.composite
def _head(draw: st.DrawFn, names: list[str]) -> list[str]:
    """The names, in some tables with a line break in each."""
    broken = draw(st.booleans())
    return [name.replace(" ", "\n") if broken else name for name in names]


@st.composite
def _content(
    draw: st.DrawFn, delimiter: str, blank: int, head: list[list[str]], rows: list[list[str]]
) -> bytes:
    """The bytes of a file, in some encoding, with empty rows and columns around."""
    tail = delimiter * draw(st.integers(0, 2))
    lines = [draw(st.sampled_from(["", delimiter * 2]))] * blank
    for cells in (*head, *rows):
        quoted = [f'"{cell}"' if {delimiter, "\n"} & set(cell) else cell for cell in cells]
        lines.append(delimiter.join(quoted) + tail)
    lines += [tail] * draw(st.integers(0, 2))
    if draw(st.booleans()):
        lines.insert(0, f"sep={delimiter}")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
    return (end.join(lines) + end).encode(encoding)


def _as_read(
    names: list[str], columns: dict[str, list[Any]], kept: list[int], alone: bool
) -> tuple[list[list[float]], tuple[str, ...]]:
    """What columns are to be read as: rows of numbers, and their names."""
    made: list[list[float]] = [[] for _row in kept]
    found: list[str] = []
    for name in names:
        values = [columns[name][row] for row in kept]
        kinds = sorted(set(values), key=lambda one: (str(one).casefold(), one))
        if not isinstance(values[0], str):
            found.append(name)
        else:
            found += kinds if alone else [f"{name}: {kind}" for kind in kinds]
        for row, value in zip(made, values, strict=True):
            row += [float(value == kind) for kind in kinds] if value in KINDS else [value]
    return made, tuple(found)
