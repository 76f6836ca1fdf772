"""The checks of lesson 7: laps and rounds counted, a factory for the rings, orders in batches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from backprop_lib.checks.result import (
    CheckResult,
    Mistakes,
    as_float,
    check_each,
    check_number,
    no_number,
    not_tried,
    shortened,
)
from backprop_lib.checks.trials import Trial, answered, check_trials
from backprop_lib.datasets import rings
from backprop_lib.engine.network import Network
from backprop_lib.engine.optimizers import SGD
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import ngettext, number, sentences
from backprop_lib.study.runs import Run, hold_out

MOST_WORKERS = 8
HELD_OUT, BATCH, ROUNDS = 0.2, 16, 100
WANTED = 0.95  # of the held-out orders


def check_laps(answers: Any, orders: int, batch_size: int, epochs: int) -> CheckResult:
    """Check two counts: the laps in one round, and those in ``epochs`` rounds.

    >>> check_laps([3, 90], orders=160, batch_size=60, epochs=30)
    ✓ Right. 3 laps a round, and 30 × 3 = 90.
    >>> check_laps([2, 60], orders=160, batch_size=60, epochs=30)
    ✗ Not yet. One round: it is not 2. The orders that are left over make a lap too.
    """
    laps = math.ceil(orders / batch_size)
    names = (_("One round"), _("{n} rounds").format(n=epochs))

    def check(answer: Any, place: int) -> CheckResult:
        if place == 0:
            return check_number(answer, laps, mistakes=_mistakes_in_a_round(orders, batch_size))
        return check_number(
            answer, laps * epochs, mistakes=_mistakes_in_all(orders, batch_size, epochs, laps)
        )

    why = _("{laps} laps a round, and {epochs} × {laps} = {all}.").format(
        laps=laps, epochs=epochs, all=laps * epochs
    )
    return check_each(answers, names, check, why)


def _mistakes_in_a_round(orders: int, batch_size: int) -> Mistakes:
    return [
        (orders // batch_size, _("The orders that are left over make a lap too.")),
        *(
            (laps, _("There is no part of a lap: the last one is just smaller."))
            # As it is, or rounded as one would.
            for laps in (orders / batch_size, *(round(orders / batch_size, n) for n in (1, 2)))
        ),
        (orders, _("That many laps there would be with one order in each.")),
        (batch_size, _("That is how many orders are in a lap.")),
        (1, _("One lap takes only one batch, not all the orders.")),
    ]


def _mistakes_in_all(orders: int, batch_size: int, epochs: int, laps: int) -> Mistakes:
    return [
        (orders * epochs, _("That is how often an order goes through. How often is one lap?")),
        (laps, _("That is one round. Each of the others has as many laps.")),
        (epochs, _("That is the number of rounds. Each has several laps.")),
        (orders // batch_size * epochs, _("Count the last, smaller lap of each round too.")),
        (math.ceil(orders * epochs / batch_size), _("Each round has a smaller lap at its end.")),
        (laps + epochs, _("Each round has so many laps: multiply, do not add.")),
    ]


def check_rings(workers: Any, learning_rate: Any) -> CheckResult:
    """Check a factory for the two rings: it is trained here for 100 rounds, then it is tested.

    >>> check_rings(2, 0.3)
    ✗ Not yet. 75 % of the held-out orders are right. Two lines make a strip, and its ends are open.
    """
    if workers is ... or workers is None or learning_rate is ... or learning_rate is None:
        return not_tried()
    count, rate = as_float(workers), as_float(learning_rate)
    if count is None or rate is None:
        return no_number(workers if count is None else learning_rate)
    if count != int(count) or not 1 <= count <= MOST_WORKERS:
        return CheckResult(
            False,
            _("{count} workers cannot stand on a floor here.").format(count=number(count)),
            _("Take a whole number from 1 to {most}.").format(most=MOST_WORKERS),
        )
    if rate <= 0.0:
        return CheckResult(
            False,
            _("With a rate of 0 or less no knob is turned downhill."),
            _("Take a number above zero."),
        )
    return answered(lambda: _tested(int(count), rate))


def _tested(count: int, rate: float) -> CheckResult:
    run = _trained(count, rate)
    if run.exploded:
        return CheckResult(
            False,
            _("The numbers grew beyond all bounds in round {n}.").format(n=run.epoch + 1),
            _("The learning rate is too big: try a smaller one."),
        )
    right = run.score(held_out=True).right
    told = _("{percent} % of the held-out orders are right.").format(percent=number(100 * right, 3))
    if right < WANTED:
        return CheckResult(False, told, _hint_for_rings(count, rate))
    team = ngettext("{n} worker is enough.", "{n} workers are enough.", count)
    fewer = _("Can fewer do it, too?") if count > 3 else _("Fewer cannot close a shape.")
    return CheckResult(True, sentences(told, team.format(n=count)), fewer)


def _trained(workers: int, rate: float) -> Run:
    train, held_out = hold_out(rings(), HELD_OUT)
    network = Network.random([2, workers, 1], "tanh", seed=0)
    run = Run(train, held_out, network, SGD(rate), BATCH, seed=0)
    while run.epoch < ROUNDS and not run.exploded:
        run.step()
    return run


def _hint_for_rings(workers: int, rate: float) -> str:
    if workers == 1:
        return _("One worker draws one line. No line parts a ring from what is inside.")
    if workers == 2:
        return _("Two lines make a strip, and its ends are open.")
    if rate < 0.1:
        return _("After {n} rounds it is still on its way: try a larger rate.").format(n=ROUNDS)
    if rate > 0.3:
        return _("Its knobs jump to and fro: try a smaller rate.")
    return _("Try another rate.")


def check_batches_function(function: Any, trials: int = 20, seed: int = 0) -> CheckResult:
    """Check a function (orders, size) -> list of batches: all orders in turn, the rest at the end.

    It is tried on lists of many lengths.
    """

    def each() -> Iterator[Trial]:
        random = np.random.default_rng(seed)
        # First what leaves a rest, then what comes out even, then a batch larger than all.
        cases = [(5, 2), (6, 3), (2, 5)]
        cases += [(int(random.integers(1, 12)), int(random.integers(1, 6))) for _trial in cases]
        for length, size in [*cases, *((n + 1, 4) for n in range(trials - len(cases)))]:
            yield _batches_trial(list(range(1, length + 1)), size)

    return check_trials(function, each(), _("Your function made the right batches of {n} lists."))


def _batches_trial(orders: list[int], size: int) -> Trial:
    wanted = [orders[start : start + size] for start in range(0, len(orders), size)]
    case = _("the orders {orders} and batches of {size}").format(orders=orders, size=size)
    return Trial(
        {"orders": orders, "size": size},
        lambda answer: _check_batches(answer, orders, size, wanted),
        case,
    )


def _check_batches(
    answer: Any, orders: list[int], size: int, wanted: list[list[int]]
) -> CheckResult:
    most = len(orders) + 2  # what is made one by one may go on for ever
    try:
        given = [[_as_order(one) for one in islice(batch, most)] for batch in islice(answer, most)]
    except Exception:  # whatever came is no list of lists of orders
        return CheckResult(
            False,
            _("{answer} came.").format(answer=shortened(answer)),
            _("Give back a list of batches, and each batch is a list of orders."),
        )
    if given == wanted:
        return CheckResult(True, "")
    return CheckResult(
        False,
        _("You gave {answer}, and right is {right}.").format(
            answer=shortened(given), right=shortened(wanted)
        ),
        _hint_for_batches(given, orders, size),
    )


def _as_order(one: Any) -> float:
    """An order as the number that it is, whole where it can be; ValueError where it is none."""
    value = as_float(one)
    if value is None:
        raise ValueError
    return int(value) if value.is_integer() else value


def _hint_for_batches(given: list[list[float]], orders: list[int], size: int) -> str:
    whole = len(orders) // size
    dealt = [one for batch in given for one in batch]
    if given == [orders[size * n : size * (n + 1)] for n in range(whole)]:
        return _("The orders that are left over are missing: the last batch is smaller.")
    if given == [orders[:size]]:
        return _("Only the first batch came: give them back when the loop is done.")
    if [] in given:
        return _("One batch is empty: begin a batch only where an order is left.")
    if len(set(dealt)) < len(dealt):
        return _("Some orders are there twice: begin each batch where the last one ended.")
    if dealt == orders:
        return _("Each batch but the last has as many orders as the size says.")
    return _("Each order is in one batch, in the same order as before: orders[start:start + size].")
