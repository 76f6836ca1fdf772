"""How a drawn digit is read, in words: the answer, the largest note, and all that can be seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backprop_lib.engine.arrays import Array
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import labelled, listed, ngettext, number, signed

SIDE = 8  # pixels


def percent(share: float, told: bool = False) -> str:
    """How large a share is, never said to be all or nothing; ``told`` is for a sentence.

    >>> percent(0.25), percent(0.99999), percent(0.00001, told=True)
    ('25 %', '> 99.9 %', 'less than 0.1 %')
    """
    if share > 0.9995:
        form, share = _("more than {share} %") if told else "> {share} %", 0.999
    elif share < 0.0005:
        form, share = _("less than {share} %") if told else "< {share} %", 0.001
    else:
        form = "{share} %"
    return form.format(share=number(round(100.0 * share, 1)))


def fired_words(fired: Array) -> str:
    """How many of the workers fired."""
    return ngettext(
        "{fired} of {n} worker fired", "{fired} of {n} workers fired", len(fired)
    ).format(fired=np.count_nonzero(fired), n=len(fired))


def told(shares: Array, is_empty: bool) -> str:
    """Which digit is read, and which comes next."""
    if is_empty:
        sentence = _(
            "The sheet is empty. Draw a digit! Even of empty paper the factory says: "
            "it is {answer}, with {share}."
        )
    else:
        sentence = _("It reads {answer}, and is {share} sure. Next comes {other} with {less}.")
    first, second = np.argsort(-shares, kind="stable")[:2].tolist()
    return sentence.format(
        answer=first,
        share=percent(shares[first], told=True),
        other=second,
        less=percent(shares[second], told=True),
    )


def noted(notes: Array, order: int, loss: float) -> str:
    """The loss if ``order`` was meant, and the largest of the notes to the pixels."""
    place = int(np.abs(notes).argmax())
    if notes[place] > 0.0:
        sentence = _(
            "If {order} was meant, the loss is {loss}. The largest note is {note}, in row "
            "{row}, column {column}: a bit more ink there would raise the loss."
        )
    else:
        sentence = _(
            "If {order} was meant, the loss is {loss}. The largest note is {note}, in row "
            "{row}, column {column}: a bit more ink there would lower the loss."
        )
    return sentence.format(
        order=order,
        loss=number(loss),
        note=signed(notes[place], digits=2),
        row=place // SIDE + 1,
        column=place % SIDE + 1,
    )


def formula(share: float, loss: float) -> str:
    """The loss from the share of the digit that was meant."""
    # Of a share that is all but 1, so many digits that its logarithm can be followed.
    return f"Loss = −ln({number(share, digits=12 if loss < 0.001 else 4)}) = {number(loss)}"


def inventory(levels: Sequence[int], fired: Array, shares: Array) -> str:
    """All that the picture shows, in words; ``levels`` are the pixels' ink, from 0 to 16."""
    rows = [
        _("row {n}: {numbers}").format(
            n=row + 1, numbers=" ".join(map(str, levels[SIDE * row : SIDE * (row + 1)]))
        )
        for row in range(SIDE)
    ]
    each = [labelled(str(digit), percent(share)) for digit, share in enumerate(shares)]
    return _(
        "The ink that the factory sees, from 0 to 16: {rows}. {fired}. The shares: {shares}."
    ).format(
        rows=listed(rows, _("{before}; {after}")), fired=fired_words(fired), shares=listed(each)
    )
