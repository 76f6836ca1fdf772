"""The controls of an explorer: of each kind what Python sends of it, and the function to make it.

This is the one description for both sides: tools/page_types.py writes ``static/schema.d.ts`` from
it, so the page (``static/``) knows these kinds and keys, and no others. A control is plain data,
ready for JSON, with all its words in the learner's language. What it moves is a setting, named by
``trait``, or some of them, by ``sets``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from backprop_lib.i18n import gettext as _

Verdict = Literal["", "right", "wrong"]


class Slider(TypedDict):
    """A setting that is a number, or with ``place`` one number of a list."""

    kind: Literal["slider"]
    trait: str
    label: str
    text: str  # the value in plain words
    min: float
    max: float
    step: float
    scale: NotRequired[Literal["log"]]  # then min, max and step are powers of ten
    place: NotRequired[int]
    over_picture: NotRequired[bool]  # lies over the timeline


class Button(TypedDict):
    """Sets settings, or with ``act`` asks for a deed and sets nothing."""

    kind: Literal["button"]
    label: str
    sets: dict[str, Any]
    off: bool  # visible and reachable, but idle
    act: NotRequired[str]
    main: NotRequired[bool]  # stands out among the others


class Play(TypedDict):
    """Takes a whole number one further, again and again, to the ``last``."""

    kind: Literal["play"]
    trait: str
    last: int
    label: str
    pause: str  # its label while it plays
    speed: str  # the label of the speeds
    speeds: list[tuple[str, int]]  # each in words, and the milliseconds that it waits


class Choice(TypedDict):
    """A drop-down list; the value that is chosen is set as it stands here, a number as a number."""

    kind: Literal["choice"]
    trait: str
    label: str
    options: list[tuple[Any, str]]  # each value, and what it is called


class Answers(TypedDict):
    """A question with its answers: the setting is the place of the one that is chosen."""

    kind: Literal["question"]
    trait: str
    label: str
    options: list[str]
    verdict: Verdict  # on the answer that is chosen


class Progress(TypedDict):
    """A bar that shows how far a setting has come."""

    kind: Literal["progress"]
    trait: str
    label: str
    text: str
    max: int
    value: int


class Copy(TypedDict):
    """A line of text to take along."""

    kind: Literal["copy"]
    label: str
    text: str
    button: str
    done: str  # what the button says for a while when it has been pressed


class Pad(TypedDict):
    """A sheet to draw on: the setting is a list of strokes, see ``datasets.strokes``."""

    kind: Literal["pad"]
    trait: str
    label: str
    first: bool  # the controls stand before the picture, which shows what is made in them
    hint: str
    down: str  # where the pen is, with the gaps {x} and {y}
    up: str
    most_points: int
    most_strokes: int


Control = Slider | Button | Play | Choice | Answers | Progress | Copy | Pad


def slider(
    trait: str,
    label: str,
    text: str,
    low: float,
    high: float,
    step: float,
    *,
    log: bool = False,
    place: int | None = None,
    over_picture: bool = False,
) -> Slider:
    """A slider from ``low`` to ``high``; with ``log`` these and ``step`` are powers of ten."""
    made: Slider = {
        "kind": "slider", "trait": trait, "label": label, "text": text,
        "min": low, "max": high, "step": step,
    }  # fmt: skip
    if log:
        made["scale"] = "log"
    if place is not None:
        made["place"] = place
    if over_picture:
        made["over_picture"] = True
    return made


def button(label: str, sets: dict[str, Any], off: bool = False, main: bool = False) -> Button:
    """A button that sets settings, all of them in one move."""
    made: Button = {"kind": "button", "label": label, "sets": sets, "off": off}
    return {**made, "main": True} if main else made


def deed(label: str, act: str, off: bool = False) -> Button:
    """A button that asks for what ``Live.act`` knows by the name of ``act``."""
    return {"kind": "button", "label": label, "sets": {}, "off": off, "act": act}


def play(trait: str, last: int, waits: tuple[int, int, int], label: str = "") -> Play:
    """A button that plays a setting to its ``last``, slowly, less so or fast (milliseconds)."""
    speeds = zip((_("slow"), _("middle"), _("fast")), waits, strict=True)
    return {
        "kind": "play", "trait": trait, "last": last, "label": label or _("Play"),
        "pause": _("Pause"), "speed": _("Speed"), "speeds": list(speeds),
    }  # fmt: skip


def choice(trait: str, label: str, options: Mapping[Any, str]) -> Choice:
    """A list to choose one value from, and what each is called."""
    return {"kind": "choice", "trait": trait, "label": label, "options": list(options.items())}


def answers(trait: str, label: str, options: Sequence[str], verdict: Verdict) -> Answers:
    """A question; its verdict is empty while nothing is chosen."""
    return {
        "kind": "question", "trait": trait, "label": label, "options": list(options),
        "verdict": verdict,
    }  # fmt: skip


def progress(trait: str, label: str, text: str, value: int, most: int) -> Progress:
    """A bar that is full at ``most``."""
    return {
        "kind": "progress", "trait": trait, "label": label, "text": text, "max": most,
        "value": value,
    }  # fmt: skip


def copy(label: str, text: str) -> Copy:
    """A line with a button that takes it to the clipboard."""
    return {"kind": "copy", "label": label, "text": text, "button": _("Copy"), "done": _("Copied")}


def pad(trait: str, label: str, most_points: int, most_strokes: int) -> Pad:
    """A sheet that takes so many strokes, and so many points in all of them."""
    return {
        "kind": "pad", "trait": trait, "label": label, "first": True,
        "hint": _(
            "Draw with the mouse, a finger or a pen. Or with keys: arrows move the pen, the space "
            "bar puts it down and lifts it, and Home brings it to the middle."
        ),
        "down": _("pen down at {x} across, {y} down"),
        "up": _("pen lifted at {x} across, {y} down"),
        "most_points": most_points, "most_strokes": most_strokes,
    }  # fmt: skip
