"""What the parts of a factory are called, and how amounts are listed with and without names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backprop_lib.arrays import Array, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import number
from backprop_lib.network import Network

MOST_LISTED = 4

Write = Callable[[float], str]  # how an amount is written


@dataclass(frozen=True)
class Names:
    """What the parts of a factory are called: its materials, the workers of each floor."""

    inputs: tuple[str, ...]
    workers: tuple[tuple[str, ...], ...]

    @classmethod
    def of(
        cls,
        network: Network,
        inputs: Sequence[str] | None = None,
        workers: Sequence[Sequence[str]] | None = None,
    ) -> Names:
        """The names given, and plain ones where none are: material 1, workers A1, A2, B1...

        Raises TypeError for names that are no texts, and ValueError when there are not as many of
        them as materials or workers.

        >>> Names.of(Network.random([2, 3, 1])).workers
        (('A1', 'A2', 'A3'), ('B1',))
        """
        counts = network.sizes
        if inputs is None:
            inputs = [_("material {n}").format(n=n + 1) for n in range(counts[0])]
        if workers is None:
            workers = [
                [f"{_floor_letter(floor)}{n + 1}" for n in range(count)]
                for floor, count in enumerate(counts[1:])
            ]
        _refuse_no_text(inputs, workers)
        named = (len(inputs), *(len(floor) for floor in workers))
        if named != counts:
            raise ValueError(
                _(
                    "Expected names for {expected} materials and workers, but {named} came; "
                    "give one name to each."
                ).format(expected=list(counts), named=list(named))
            )
        return cls(tuple(inputs), tuple(tuple(floor) for floor in workers))


def _refuse_no_text(inputs: object, workers: object) -> None:
    floors = [inputs, *workers] if isinstance(workers, list | tuple) else [inputs, workers]
    for names in floors:
        listed = isinstance(names, list | tuple) and all(isinstance(one, str) for one in names)
        if not listed:
            raise TypeError(
                _('Expected names as lists of texts, but {names} came; try ["Ana", "Bo"].').format(
                    names=short(names)
                )
            )


def _floor_letter(floor: int) -> str:
    return chr(ord("A") + floor) if floor < 26 else f"{floor + 1}-"


def named_amounts(names: Sequence[str], amounts: Array, write: Write = number) -> str:
    """Name each amount: «Ana 1, Bo 2, Cy 0», shortened where there are many."""
    parts = [
        f"{name} {write(amount)}"
        for name, amount in zip(names[: 2 * MOST_LISTED], amounts, strict=False)
    ]
    if len(amounts) > len(parts):
        parts.append("…")
    return ", ".join(parts)


def vector(amounts: Array, write: Write = number) -> str:
    """Write numbers as (1, 2, 0), and one number without brackets."""
    if len(amounts) == 1:
        return write(amounts[0])
    parts = [write(amount) for amount in amounts[: 2 * MOST_LISTED]]
    if len(amounts) > len(parts):
        parts.append("…")
    return f"({', '.join(parts)})"
