"""What an update did, as the numbers say: which knobs moved, how far, and which stayed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from backprop_lib.engine.optimizers import SGD
from backprop_lib.engine.steps import Step
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed, ngettext, number, sentences
from backprop_lib.study.nudging import Knob, knobs
from backprop_lib.words.bench import update_sum
from backprop_lib.words.names import MOST_LISTED, Names
from backprop_lib.words.paths import start_name
from backprop_lib.words.sums import MOST, digits_to_tell


def tell_update(step: Step, names: Names) -> tuple[str, str]:
    """The sentences of an update, and how the first knob of all was turned as a formula.

    >>> from backprop_lib import SGD, Dense, Network, steps
    >>> network = Network([Dense([[1], [2]], [0])])
    >>> update = steps(network, [2, 0], [1], optimizer=SGD(0.1))[-1]
    >>> print(tell_update(update, Names.of(network, ["lemons", "sugar"], [["Ana"]]))[0])
    2 of 3 knobs and pinches are turned against their gradients, with learning rate 0.1; most of \
all Ana, knob for lemons: from 1 to 0.6. The other one stays, for its gradient is 0: Ana, knob for \
sugar. The next lap starts with the new knobs.
    """
    assert step.updated is not None and step.optimizer is not None
    found = step.gradients[0]
    assert found is not None
    # With a memory a knob may even be turned along its gradient, and without a gradient too.
    plain = isinstance(step.optimizer, SGD) and not step.optimizer.momentum
    old, new = step.network.layers[0].weights, step.updated.layers[0].weights
    formula = update_sum(old[0, 0], found.weights[0, 0], new[0, 0], step.optimizer.learning_rate)
    rule = _("w = w − η · ∂Loss/∂w,  for {worker}: {sum}") if plain else _("{worker}: {sum}")
    return _sentences(step, names, plain), rule.format(worker=names.workers[0][0], sum=formula)


def _sentences(step: Step, names: Names, plain: bool) -> str:
    assert step.updated is not None and step.optimizer is not None
    rate = number(step.optimizer.learning_rate)
    every = knobs(step.network)
    turns = [(knob, _stood(step, knob), _stands(step, knob)) for knob in every]
    moved = [turn for turn in turns if turn[1] != turn[2]]
    if not moved:
        return _not_turned(step, every, rate)
    if plain:
        told = ngettext(
            "{moved} of {all} knobs and pinches is turned against its gradient, with learning "
            "rate {rate}: {knob}, from {old} to {new}.",
            "{moved} of {all} knobs and pinches are turned against their gradients, with learning "
            "rate {rate}; most of all {knob}: from {old} to {new}.",
            len(moved),
        )
    else:
        told = ngettext(
            "{moved} of {all} knobs and pinches is turned as the optimizer makes it of the "
            "gradients, with learning rate {rate}: {knob}, from {old} to {new}.",
            "{moved} of {all} knobs and pinches are turned as the optimizer makes it of the "
            "gradients, with learning rate {rate}; most of all {knob}: from {old} to {new}.",
            len(moved),
        )
    knob, old, new = max(moved, key=_size_of_turn)
    digits = min(MOST, digits_to_tell(old, new))
    parts = [
        told.format(
            moved=len(moved),
            all=len(every),
            rate=rate,
            knob=start_name(names, knob),
            old=number(old, digits),
            new=number(new, digits),
        )
    ]
    stayed = [knob for knob, old, new in turns if old == new]
    if stayed:
        parts.append(_stayed(step, names, stayed, plain))
    return sentences(*parts, _("The next lap starts with the new knobs."))


def _stood(step: Step, knob: Knob) -> float:
    return knob.of(step.network.layers[knob.layer])


def _stands(step: Step, knob: Knob) -> float:
    assert step.updated is not None
    return knob.of(step.updated.layers[knob.layer])


def _gradient(step: Step, knob: Knob) -> float:
    found = step.gradients[knob.layer]
    assert found is not None
    return knob.of(found)


def _size_of_turn(turn: tuple[Knob, float, float]) -> float:
    size = abs(turn[2] - turn[1])
    return size if size == size else float("inf")  # not a number: nothing is farther


def _not_turned(step: Step, every: Sequence[Knob], rate: str) -> str:
    if any(_gradient(step, knob) for knob in every):
        return _(
            "With learning rate {rate} no turn is large enough to move a knob. The next lap starts "
            "with the same knobs."
        ).format(rate=rate)
    return _(
        "Every gradient is {zero}, so no knob is turned. The next lap starts with the same knobs."
    ).format(zero=number(0))


def _stayed(step: Step, names: Names, stayed: Sequence[Knob], plain: bool) -> str:
    """Who stayed: by name, where few did; and why, where it is the gradient."""
    by_gradient = plain and not any(_gradient(step, knob) for knob in stayed)
    each = _by_worker(step, names, stayed)
    if len(each) > MOST_LISTED:
        told = _("The other {n} stay.")
        if by_gradient:
            told = _("The other {n} stay, for their gradients are {zero}.")
    elif by_gradient:
        told = ngettext(
            "The other one stays, for its gradient is {zero}: {which}.",
            "The other {n} stay, for their gradients are {zero}: {which}.",
            len(stayed),
        )
    else:
        told = ngettext(
            "The other one stays: {which}.", "The other {n} stay: {which}.", len(stayed)
        )
    which = listed(each, _("{before}; {after}"))
    return told.format(n=len(stayed), zero=number(0), which=which)


def _by_worker(step: Step, names: Names, some: Sequence[Knob]) -> list[str]:
    """These knobs by name; of a worker whose knobs are all among them, only the worker's."""
    each = []
    for (layer, worker), own in groupby(some, key=lambda knob: (knob.layer, knob.worker)):
        group = list(own)
        if len(group) == len(step.network.layers[layer].weights) + 1:
            each.append(_("all of {worker}").format(worker=names.workers[layer][worker]))
        else:
            each += [start_name(names, knob) for knob in group]
    return each
