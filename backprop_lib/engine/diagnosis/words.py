"""A cause in a sentence, with its numbers and with what to try."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import ngettext, number

Numbers = Mapping[str, float]


def told(cause: str, layer: int | None, numbers: Numbers, gate: str = "") -> str:
    """The sentence for a cause; ``layer`` counts from 0, floors from 1, ``gate`` is a name.

    >>> told("softmax of one", 1, {}, "softmax")
    'The softmax of floor 2 has one worker, who always ships 1: give that floor a sigmoid.'
    """
    sentence = SENTENCES.get(cause, _nothing)(numbers)
    # What was counted is written in full.
    gaps = {name: number(value, 12 if value.is_integer() else 4) for name, value in numbers.items()}
    if "orders" in numbers:
        gaps["all_orders"] = ngettext(
            "for its one order", "for all {orders} orders", round(numbers["orders"])
        ).format(orders=gaps["orders"])
    if "share" in numbers:
        gaps["percent"] = number(100.0 * numbers["share"], 3)
    return sentence.format(floor=(layer or 0) + 1, gate=gate, **gaps)


def _nothing(numbers: Numbers) -> str:
    return _("Nothing found that would keep this factory from learning.")


def _softmax_of_one(numbers: Numbers) -> str:
    return _(
        "The {gate} of floor {floor} has one worker, who always ships 1: give that floor a sigmoid."
    )


def _out_of_reach(numbers: Numbers) -> str:
    if "sum" in numbers:
        return _(
            "The {gate} of the last floor ships shares that add up to 1, but targets of one order "
            "add up to {sum}: give the last floor sigmoids."
        )
    if math.isinf(numbers["high"]):
        return _(
            "{outside} of {targets} targets are out of reach: they go down to {least}, and the "
            "last gate ships nothing below {low}. Leave the last floor without a gate."
        )
    return _(
        "{outside} of {targets} targets are out of reach: they go from {least} to {most}, and the "
        "last gate from {low} to {high}. Leave the last floor without a gate, or bring the targets "
        "into its reach."
    )


def _explosion(numbers: Numbers) -> str:
    return _(
        "The amounts of floor {floor} are beyond all bounds: start with smaller knobs, and scale "
        "the inputs."
    )


def _contradiction(numbers: Numbers) -> str:
    return _(
        "{at_odds} of {orders} orders contradict each other: the same inputs, and other targets. "
        "No factory can have a loss below {best}. Give it an input that tells them apart."
    )


def _symmetry(numbers: Numbers) -> str:
    if numbers["zero"]:
        return _(
            "All knobs of floor {floor} are 0: its workers get the same notes, or none, and stay "
            "alike. Start with random knobs."
        )
    return _(
        "All {workers} workers of floor {floor} have the same knobs: they get the same notes and "
        "stay alike, as if there were one. Start with random knobs."
    )


def _shut_product(numbers: Numbers) -> str:
    if numbers["shut"] < numbers["workers"]:
        return _(
            "{shut} of {workers} {gate}s of the last floor are shut {all_orders}, though {wanting} "
            "of {orders} want more than 0: no note passes. Leave the last floor without a gate."
        )
    return _(
        "Every {gate} of the last floor is shut {all_orders}, though {wanting} of {orders} want "
        "more than 0: no note passes. Leave the last floor without a gate."
    )


def _shut_floor(numbers: Numbers) -> str:
    return _(
        "Every {gate} of floor {floor} is shut {all_orders}: no note passes, and its knobs stay as "
        "they are. Start with other knobs and a smaller learning rate; where the inputs are large "
        "(here up to {largest}), scale them."
    )


def _far_inputs(numbers: Numbers) -> str:
    if "gates" not in numbers:
        return _(
            "The inputs are far from 0; scale them. Column {column} goes up to {size} and changes "
            "by about {spread}: a learning rate small enough for its knobs is far too small for "
            "the pinches. dataset.scaled() does it."
        )
    if numbers["at_end"] == numbers["gates"]:
        return _(
            "Every gate of floor {floor} stands at its end {all_orders}: the inputs are far from "
            "0; scale them. They go up to {largest}; dataset.scaled() does it."
        )
    return _(
        "{at_end} of {gates} gates of floor {floor} stand at their ends, counted {all_orders}: the "
        "inputs are far from 0; scale them. They go up to {largest}; dataset.scaled() does it."
    )


def _large_knobs(numbers: Numbers) -> str:
    if numbers["at_end"] == numbers["gates"]:
        return _(
            "Every gate of floor {floor} stands at its end {all_orders}: the knobs are too large, "
            "up to {largest}; start with smaller ones and a smaller learning rate."
        )
    return _(
        "{at_end} of {gates} gates of floor {floor} stand at their ends, counted {all_orders}: the "
        "knobs are too large, up to {largest}; start with smaller ones and a smaller learning rate."
    )


def _large_targets(numbers: Numbers) -> str:
    return _(
        "The targets are far from 0, up to {largest}; scale them. Notes of that size throw the "
        "gates on their way to their ends. dataset.scaled(targets=True) does it."
    )


def _uneven(numbers: Numbers) -> str:
    return _(
        "Column {column} goes up to {size}, and column {small} changes by about {spread}: no "
        "learning rate suits the knobs of both. Scale them; dataset.scaled() does it."
    )


def _tiny_inputs(numbers: Numbers) -> str:
    return _(
        "The inputs are close to 0; scale them. Column {small} changes by about {spread}, so its "
        "knobs get next to no gradient. dataset.scaled() does it."
    )


def _no_bend(numbers: Numbers) -> str:
    return _(
        "With no gate between its floors this factory can only part orders by a straight line, and "
        "the best straight line leaves {percent} % of the squared mistake. Put a floor with gates "
        "in."
    )


def _same_targets(numbers: Numbers) -> str:
    return _(
        "All {orders} orders want the same, so there is nothing to tell apart: all it can learn is "
        "to say that always."
    )


def _fading(numbers: Numbers) -> str:
    return _(
        "The notes fade on their way back: of the largest on floor {floors}, {percent} % come to "
        "floor 1. Try fewer floors, or relus."
    )


SENTENCES: dict[str, Callable[[Numbers], str]] = {
    "softmax of one": _softmax_of_one,
    "targets out of reach": _out_of_reach,
    "beyond all bounds": _explosion,
    "contradictory orders": _contradiction,
    "symmetric start": _symmetry,
    "last floor shut": _shut_product,
    "floor shut": _shut_floor,
    "inputs far from 0": _far_inputs,
    "knobs too large": _large_knobs,
    "targets far from 0": _large_targets,
    "uneven columns": _uneven,
    "inputs close to 0": _tiny_inputs,
    "no bend": _no_bend,
    "same targets": _same_targets,
    "fading notes": _fading,
}
