"""What the training playground says: where it stands, how well it does, and what the colour is."""

from __future__ import annotations

from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import ngettext, number, sentences
from backprop_lib.study.runs import Run


def place_told(run: Run) -> str:
    """How far a run has come, for the band over the picture."""
    rounds = ngettext("{n} round done", "{n} rounds done", run.epoch).format(n=run.epoch)
    if not run.taken:
        return rounds
    return _("{rounds}, {taken} of {orders} orders of the next").format(
        rounds=rounds, taken=run.taken, orders=len(run.train)
    )


def standing(run: Run) -> str:
    """Where a run stands, in a sentence with its losses, and why it does not learn if so."""
    score = run.score()
    if not run.lap:
        start = _("No knob has been turned yet. The loss is {loss} on {orders} orders.").format(
            loss=number(score.loss, 3), orders=len(run.train)
        )
        return sentences(start, parts_told(run))
    told = _("{place}. The loss is {loss}, and {percent} % of the orders are right.").format(
        place=place_told(run), loss=number(score.loss, 3), percent=number(100 * score.right, 3)
    )
    if run.held_out:
        score = run.score(held_out=True)
        held = _("On the held-out orders: {loss}, and {percent} %.").format(
            loss=number(score.loss, 3), percent=number(100 * score.right, 3)
        )
        told = sentences(told, held)
    return sentences(told, parts_told(run), str(run.diagnosis() or ""))


def parts_told(run: Run) -> str:
    """That one of the parts has orders of one kind only, if so; else nothing."""
    if run.held_out is None:
        return ""
    trained, tested = (set(part.targets.ravel().tolist()) for part in (run.train, run.held_out))
    if len(trained | tested) == 1 or trained == tested:
        return ""
    if len(trained) == 1:
        return _("There are orders of only one kind to train on: add more of the other.")
    return _("The held-out orders are all of one kind, so that their percent says little.")


def exploded_told(run: Run, rate: float) -> str:
    """That the numbers have grown beyond all bounds, and what to try."""
    told = _(
        "The numbers grew beyond all bounds: the loss passed {most}. "
        "The learning rate {rate} is too big for this factory. "
        "You see it as it was a little before. Try a smaller rate, and start again."
    ).format(most=number(run.most), rate=number(rate))
    return sentences(told, str(run.diagnosis() or ""))


def ended_told(epochs: int) -> str:
    """That the most rounds are done."""
    return _("It stops by itself after {n} rounds.").format(n=epochs)


def training_told() -> str:
    """What is said while it trains; the numbers run in the picture."""
    return _("It is training. Press Pause to look closer.")


def floor_told() -> str:
    """That the floor has been opened, and where, and that it is a copy."""
    return _(
        "Below stands a copy of this factory, with the batch that comes next. "
        "What you do there trains the copy alone."
    )


def colour_told(worker: str | None) -> str:
    """What the colour of the big picture is, and what it is not."""
    if worker is None:
        return _("The colour is not an input: it is what the factory would answer at each place.")
    return _("The colour is not an input: it is what {worker} would ship at each place.").format(
        worker=worker
    )


def title_told(worker: str | None) -> str:
    """The title of the big picture."""
    if worker is None:
        return _("What the factory answers")
    return _("What {worker} ships").format(worker=worker)


def worker_told(name: str, layer: int) -> str:
    """A worker's button, for those who hear it."""
    return _("{worker} on floor {n}: show what it ships").format(worker=name, n=layer + 1)


def kinds_told(kinds: tuple[str, str]) -> tuple[str, str]:
    """The two kinds of orders, for the legend; what has no name is just a number."""
    zero = _("order 0: {target}").format(target=kinds[0]) if kinds[0] else _("order 0")
    return zero, _("order 1: {target}").format(target=kinds[1]) if kinds[1] else _("order 1")


def scale_told(is_answer: bool) -> tuple[str, str]:
    """What the two ends of the colours mean."""
    return (_("answer 0"), _("answer 1")) if is_answer else (_("less"), _("more"))
