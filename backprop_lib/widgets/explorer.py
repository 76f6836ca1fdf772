"""What all explorers share: settings that a learner moves, and a view that Python draws.

An explorer is three small things. Its settings are synced traits: ``widget.learning_rate = 0.3``,
``observe`` and ``jslink`` work as with any ipywidget. Whenever a setting changes, ``draw`` makes a
new ``View`` of it: the picture as SVG, the caption, and a list of controls, all in the learner's
language. The page's half (``page.py``) shows the view, and hands what the learner does back as
settings.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import anywidget
import traitlets

from backprop_lib.pictures.svg import image
from backprop_lib.widgets.controls import Control
from backprop_lib.widgets.page import SCRIPT, STYLE
from backprop_lib.widgets.threads import LOCK
from backprop_lib.words import Line
from backprop_lib.words.silence import unanswered
from backprop_lib.words.sums import FAINT

T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """All that the page shows of an explorer.

    ``moment`` names what the picture shows; when it changes, what is new in the picture moves.
    ``controls`` are made by the functions of ``controls.py``.
    """

    title: str
    picture: str = ""
    moment: str = ""
    timeline: str = ""
    caption: str = ""
    formula: str = ""
    description: str = ""
    lines_title: str = ""
    lines: tuple[Line, ...] = ()
    controls: tuple[Control, ...] = ()


class Setting(traitlets.TraitType[T, Any]):
    """A synced trait that never takes nonsense.

    ``check`` gets (widget, value) and returns the value to keep, or raises a TypeError or
    ValueError whose sentence the widget then shows, while it keeps the last good value. Where a
    setting is ``optional``, it may also be None, and the page can let go of what is chosen.
    """

    name: str

    def __init__(
        self, check: Callable[[Any, Any], T], default: Any = None, optional: bool = False
    ) -> None:
        super().__init__(default_value=default)
        self.optional = optional
        self.check = check
        # No echo of each move: Jupyter would hold the new picture back until that has arrived.
        self.tag(sync=True, echo_update=False)

    def validate(self, obj: Explorer, value: Any) -> Any:
        """Return the value to keep; raises what ``check`` raises."""
        kept = obj._trait_values.get(self.name)
        if not obj.started or obj.goes_back:
            return value
        # The value there is, and not its like: [0.0, True] equals [0, 1].
        return kept if _is(value, kept) else self.checked(obj, value)

    def checked(self, obj: Explorer, value: Any) -> T | None:
        """The value as it is kept; raises what the check raises."""
        return None if value is None and self.optional else self.check(obj, value)

    def set(self, obj: Any, value: Any) -> None:
        """Take the value with all that follows from it, or keep the last good one and say why."""
        if not obj.started:
            super().set(obj, value)
            return
        with obj.move(self.name):
            kept = obj._trait_values.get(self.name)
            super().set(obj, value)
            if not obj.goes_back and obj._trait_values[self.name] != kept:
                obj.settle(self.name)


def _is(value: object, kept: object) -> bool:
    """Whether a setting holds this value already; the page sends some moves twice."""
    try:
        return type(value) is type(kept) and bool(value == kept)
    except Exception:  # any object may come, and its comparison may raise anything
        return False


def _marked_up(text: str) -> str:
    """A text as HTML, what is faint in it faint."""
    parts = html.escape(text).split(FAINT)
    return "".join(
        f'<span style="opacity:0.6">{part}</span>' if place % 2 else part
        for place, part in enumerate(parts)
    )


class Explorer(anywidget.AnyWidget):
    """The base of all explorers: subclasses have settings, and a ``draw`` that makes a View."""

    _esm = SCRIPT
    _css = STYLE
    view = traitlets.Dict().tag(sync=True)
    unanswered = traitlets.Dict().tag(sync=True)  # what the page says when we are gone
    follows: ClassVar[tuple[str, ...]] = ()  # attributes that settings bring about
    started = False
    goes_back = False  # whether values are being put back, which needs no check
    message = ""  # why the last move was refused
    _moving = False

    def start(self, **settings: Any) -> None:
        """Check and set the first settings, then draw; a bad one raises what its check raises."""
        for name, value in settings.items():
            self.set_trait(name, self.traits()[name].checked(self, value))
            self.settle(name)
        self.started = True
        self.show()

    @classmethod
    def setting_names(cls) -> list[str]:
        """The names of what a learner can move, each after those that say what it may be."""
        return [
            name
            for kind in cls.__mro__
            for name, trait in vars(kind).items()
            if isinstance(trait, Setting)
        ]

    def settle(self, setting: str) -> None:
        """Do at once what follows from another value of a setting, before the next is checked."""

    def fit(self) -> None:
        """Do what follows from a whole move, before it is drawn."""

    def draw(self) -> View:
        """Make the view of the settings as they are."""
        raise NotImplementedError(f"{type(self).__name__} has to say how it is drawn.")

    def show(self) -> None:
        """Draw again, for example after another language was set."""
        self.unanswered = unanswered()
        self._present(self.draw())

    def _present(self, view: View) -> None:
        lines = [(line.label, line.text) for line in view.lines]
        controls = list(view.controls)
        optional = [name for name in self.setting_names() if self.traits()[name].optional]
        told = {"lines": lines, "controls": controls, "optional": optional}
        self.view = {**vars(view), **told, "message": self.message}
        self._drawn = view

    def refuse(self, sentence: str, *settings: str) -> None:
        """Show why a move was not taken, and give the page back the values that hold."""
        self.message = sentence
        self.view = {**self.view, "message": sentence}
        for name in settings:
            self.send_state(name)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a move from the page wholly, or, where a part of it is refused, not at all."""
        names = [name for name in self.setting_names() if name in sync_data]
        ordered = {name: sync_data[name] for name in names} | sync_data
        if not names or not self.started:
            super().set_state(ordered)
            return
        # Locked until the move is over and told: what is sent back to the page would undo what the
        # learner has moved meanwhile. (The base class would unlock too early.)
        with self._lock_property(**sync_data), self.move(*names):
            for name in filter(self.keys.__contains__, ordered):
                from_json = self.trait_metadata(name, "from_json", self._trait_from_json)
                self.set_trait(name, from_json(ordered[name], self))

    @contextmanager
    def move(self, *settings: str) -> Iterator[None]:
        """Take changes of these settings as one, drawn once: all of them, or none and why not."""
        with LOCK:
            if self._moving:  # a part of a larger move
                yield
                return
            put_back, before = self.remember(), self._values()
            self._moving = True
            try:
                with self.hold_trait_notifications():  # nobody hears of a move that is not taken
                    try:
                        yield
                        if self._values() != before:
                            self.fit()
                            self.message = ""
                            self._present(self.draw())
                    except BaseException as error:
                        put_back()
                        self._explain(error, settings)
            finally:
                self._moving = False

    def _explain(self, error: BaseException, settings: tuple[str, ...]) -> None:
        """Say on the page why a move was not taken; raise what is no refusal but a fault."""
        known = isinstance(error, TypeError | ValueError | ArithmeticError)
        why = str(error) if known else f"{type(error).__name__}: {error}"
        self.refuse(why if isinstance(error, Exception) else self.message, *settings)
        if not known:
            raise error

    def remember(self) -> Callable[[], None]:
        """Return what puts back all that a move may change."""
        names = (*self.setting_names(), "view", *self.follows, "message", "_drawn")
        values = {name: getattr(self, name) for name in names}

        def put_back() -> None:
            self.goes_back = True
            try:
                for name, value in values.items():
                    setattr(self, name, value)
            finally:
                self.goes_back = False

        return put_back

    def notify_change(self, change: Any) -> None:
        """Tell of what has changed, and not of what went back within a move."""
        if change["type"] != "change" or change["old"] != change["new"]:
            super().notify_change(change)

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.setting_names())

    def __repr__(self) -> str:
        words = [self._drawn.title, self.message or self._drawn.caption]
        return " ".join(" | ".join(part for part in words if part).split())

    def fallback(self) -> str:
        """HTML that shows the same without a running kernel, trusted or not."""
        view = self._drawn
        parts = []
        if view.picture:
            parts.append(image(view.picture, view.description or view.caption))
        parts += [f"<p>{_marked_up(words)}</p>" for words in (view.caption, view.formula) if words]
        return "\n".join(parts)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle or ({}, {})
        return {**data, "text/plain": repr(self), "text/html": self.fallback()}, metadata
