"""The line of time under the floor: the whole lap with a dot for each step and a mark on now."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from backprop_lib.engine.steps import Step
from backprop_lib.i18n import gettext as _
from backprop_lib.pictures.svg import Picture, picture, tag, words

WIDTH, HEIGHT = 720.0, 46.0
# The dots run from this share of the width to the same share before its end; the page lays its
# slider over them.
INSET = 0.06


def draw_timeline(moments: Sequence[Step], position: int) -> Picture:
    """The SVG of a lap, of which ``moments[position]`` is now.

    In a lap that goes worker by worker, the dot that ends a floor's step is larger.
    """
    first, last = WIDTH * INSET, WIDTH * (1.0 - INSET)
    pitch = (last - first) / max(1, len(moments) - 1)
    y = 31.0
    largest = min(5.0, 0.42 * pitch)
    parts = {"line": tag("line", x1=first, x2=last, y1=y, y2=y, class_="bpf-time")}
    for phase, part in groupby(range(len(moments)), key=lambda n: _phase(moments[n])):
        places = list(part)
        middle = first + pitch * (places[0] + places[-1]) / 2
        kind = "bpf-small bpf-middle"
        if position in places:
            kind += " bpf-strong bpf-now"
        parts[phase] = words(middle, 13.0, _name(phase), class_=kind)
        for n in places:
            x = first + pitch * n
            done = "bpf-done" if n <= position else "bpf-open"
            radius = largest if _ends_step(moments, n) else 0.65 * largest
            kind = f"bpf-step-{phase} {done}"
            parts[phase] += tag("circle", cx=x, cy=y, r=radius, class_=kind)
    x = first + pitch * position
    parts["mark"] = tag("circle", cx=x, cy=y, r=largest + 4.0, class_="bpf-mark")
    return picture(WIDTH, HEIGHT, title=_("The lap"), **parts)


def _ends_step(moments: Sequence[Step], n: int) -> bool:
    return n + 1 == len(moments) or (moments[n].phase, moments[n].layer) != (
        moments[n + 1].phase,
        moments[n + 1].layer,
    )


def _phase(moment: Step) -> str:
    return "order" if moment.phase == "forward" and moment.layer is None else moment.phase


def _name(phase: str) -> str:
    return {
        "order": _("order"),
        "forward": _("forward"),
        "loss": _("loss"),
        "backward": _("backward"),
        "update": _("update"),
    }[phase]
