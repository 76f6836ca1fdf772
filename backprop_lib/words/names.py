"""What the parts of a factory are called, and how amounts are listed with and without names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from backprop_lib.engine.arrays import Array, short
from backprop_lib.engine.network import Network, as_network
from backprop_lib.i18n import clean, listed, number
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import labelled as with_colon

MOST_LISTED = 4
ALMOST_SURE = 0.99  # the share of a softmax that hardly leaves any for the others
NEXT_TO_NOTHING = 1e-4  # below it a number would need a power of ten

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
        counts = as_network(network).sizes
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
        floors = tuple(tuple(map(clean, floor)) for floor in workers)
        return cls(tuple(map(clean, inputs)), floors)


def _refuse_no_text(inputs: object, workers: object) -> None:
    floors = [inputs, *workers] if isinstance(workers, list | tuple) else [inputs, workers]
    for names in floors:
        if not (isinstance(names, list | tuple) and all(isinstance(one, str) for one in names)):
            raise TypeError(
                _('Expected names as lists of texts, but {names} came; try ["Ana", "Bo"].').format(
                    names=short(names)
                )
            )


def _floor_letter(floor: int) -> str:
    return chr(ord("A") + floor) if floor < 26 else f"{floor + 1}-"


def labelled(name: str, text: str) -> str:
    """A name and what is told of it, kept apart where the name ends in a digit.

    >>> labelled("Ana", "0.5"), labelled("pixel 7", "0.5")
    ('Ana 0.5', 'pixel 7: 0.5')
    """
    if name[-1:].isdigit():
        return with_colon(name, text)
    return _("{name} {amount}").format(name=name, amount=text)


def named_amounts(names: Sequence[str], amounts: Array, write: Write = number) -> str:
    """Name each amount: «Ana 1, Bo 2, Cy 0», shortened where there are many.

    >>> named_amounts(["Ana", "pixel 7"], np.array([0.5, 2]))
    'Ana 0.5, pixel 7: 2'
    """
    parts = [
        labelled(name, write(amount))
        for name, amount in zip(names[: 2 * MOST_LISTED], amounts, strict=False)
    ]
    if len(amounts) > len(parts):
        parts.append("…")
    return listed(parts)


def plain_number(value: float) -> str:
    """A number in digits, as long as it is not next to nothing.

    >>> plain_number(0.5911), plain_number(1e-20)
    ('0.5911', '≈ 0')
    """
    return "≈ 0" if 0.0 < abs(value) < NEXT_TO_NOTHING else number(value)


def named_shares(names: Sequence[str], shares: Array) -> str:
    """The shares of a softmax by name or, where there are many or tiny ones, whom they speak for.

    >>> named_shares(["yes", "no"], np.array([0.75, 0.25]))
    'yes 0.75, no 0.25'
    >>> print(answer(["3", "4"], np.array([1e-13, 1])))
    almost surely 4
    """
    return answer(names, shares) if is_clear(shares) else named_amounts(names, shares)


def is_clear(shares: Array) -> bool:
    """Whether whom the shares speak for says more than a list of them all."""
    return len(shares) > MOST_LISTED or (len(shares) > 1 and bool(shares.min() < NEXT_TO_NOTHING))


def answer(names: Sequence[str], shares: Array) -> str:
    """Whom shares speak for, and how surely.

    >>> answer(["3", "4", "5"], np.array([0.3, 0.6, 0.1]))
    'most of all 4: 0.6, then 3: 0.3'
    """
    best, second = np.argsort(-shares, kind="stable")[:2]
    if shares[best] >= ALMOST_SURE:
        return _("almost surely {name}").format(name=names[best])
    return _("most of all {name}: {share}, then {other}: {less}").format(
        name=names[best],
        share=number(shares[best]),
        other=names[second],
        less=number(shares[second]),
    )


def vector(amounts: Array, write: Write = number) -> str:
    """Write numbers as (1, 2, 0), and one number without brackets."""
    if len(amounts) == 1:
        return write(amounts[0])
    parts = [write(amount) for amount in amounts[: 2 * MOST_LISTED]]
    if len(amounts) > len(parts):
        parts.append("…")
    # Translators: what stands between numbers in brackets, such as (1, 2, 0)
    return f"({_(', ').join(parts)})"
