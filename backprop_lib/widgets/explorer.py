"""What all explorers are: settings that a learner moves, and a view that is drawn of them.

An explorer is two small things. Its settings are traits: ``widget.learning_rate = 0.3``, ``link``
and ``observe`` work as with any ipywidget. When a setting changes, ``draw`` makes a new ``View`` of
it: the picture as SVG, the caption, and a list of controls, all in the learner's language. Equal
settings make an equal View, however they came about. How a view comes to a page, and a move back,
is none of it: ``jupyter.py`` is one way.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar

import traitlets

from backprop_lib.pictures.svg import image
from backprop_lib.widgets.controls import Control
from backprop_lib.widgets.settings import Setting
from backprop_lib.widgets.threads import LOCK
from backprop_lib.words import Line
from backprop_lib.words.silence import unanswered
from backprop_lib.words.sums import FAINT


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


def _marked_up(text: str) -> str:
    """A text as HTML, what is faint in it faint."""
    parts = html.escape(text).split(FAINT)
    return "".join(
        f'<span style="opacity:0.6">{part}</span>' if place % 2 else part
        for place, part in enumerate(parts)
    )


class NoPage(traitlets.HasTraits):
    """What an explorer asks of its way to a page. Here there is none, so nobody is told."""

    model_id: str | None = None  # by which a page finds it

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send the page a word beside the traits."""

    def send_state(self, key: Any = None) -> None:
        """Give the page the values of these traits as they are."""

    def on_msg(self, callback: Callable[..., Any], remove: bool = False) -> None:
        """Have a word of the page heard."""

    def close(self) -> None:
        """Leave the page."""


class Explorer(NoPage):
    """The base of all explorers: subclasses have settings, and a ``draw`` that makes a View."""

    view = traitlets.Dict().tag(sync=True)
    unanswered = traitlets.Dict().tag(sync=True)  # what the page says when we are gone
    follows: ClassVar[tuple[str, ...]] = ()  # attributes that settings bring about, as "run.lap"
    started = False
    goes_back = False  # whether values are being put back, which needs no check
    stands_fast: tuple[str, ...] = ()  # settings of this move, which nothing else may change
    message = ""  # why the last move was refused
    _moving = False

    def start(self, **settings: Any) -> None:
        """Check and set the first settings, then draw; a bad one raises what its check raises."""
        before = self._values()
        for name, setting in self._declared().items():
            if name in settings:
                self.set_trait(name, setting.checked(self, settings[name]))
        self._settle(dict.fromkeys(before), tuple(settings))
        self.started = True
        self.show()

    @classmethod
    def setting_names(cls) -> list[str]:
        """The names of what a learner can move, each after those that say what it may be."""
        return list(cls._declared())

    @classmethod
    def _declared(cls) -> dict[str, Setting[Any]]:
        own = (pair for kind in cls.__mro__ for pair in vars(kind).items())
        return {name: trait for name, trait in own if isinstance(trait, Setting)}

    def settle(self, changed: Mapping[str, Any]) -> None:
        """Do what follows from a move, before it is drawn.

        ``changed`` holds what each changed setting was before; at the start, every setting and
        None. What the move itself has set stands fast against what is set here.
        """

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
        optional = [name for name, setting in self._declared().items() if setting.optional]
        told = {"lines": lines, "controls": controls, "optional": optional}
        self.view = {**vars(view), **told, "message": self.message}
        self._drawn = view

    def refuse(self, sentence: str, *settings: str) -> None:
        """Show why a move was not taken, and give the page back the values that hold."""
        self.message = sentence
        self.view = {**self.view, "message": sentence}
        for name in settings:
            self.send_state(name)

    def take(self, settings: Mapping[str, Any]) -> None:
        """Set several settings in one move, in whatever order they come."""
        names = tuple(filter(settings.__contains__, self.setting_names()))
        with self.move(*names):
            for name in names:
                self.set_trait(name, settings[name])

    @contextmanager
    def move(self, *settings: str) -> Iterator[None]:
        """Take changes of these settings as one, drawn once: all of them, or none and why not."""
        with LOCK:
            if self._moving:  # a part of a larger move, or what follows from one
                yield
                return
            put_back, before = self._remember(), self._values()
            self._moving = True
            try:
                with self.hold_trait_notifications():  # nobody hears of a move that is not taken
                    try:
                        yield
                        if changed := self._changed(before):
                            self._settle(changed, settings)
                            self.message = ""
                            self._present(self.draw())
                    except BaseException as error:
                        put_back()
                        self._explain(error, settings)
            finally:
                self._moving = False

    def _settle(self, changed: Mapping[str, Any], settings: tuple[str, ...]) -> None:
        """Do what follows from these changes, and what follows from that, until nothing does."""
        self.stands_fast = settings
        try:
            while changed:
                before = self._values()
                self.settle(changed)
                changed = self._changed(before)
        finally:
            self.stands_fast = ()
        for name in settings:  # what fitted before may not fit what has followed
            self._declared()[name].checked(self, getattr(self, name))

    def _explain(self, error: BaseException, settings: tuple[str, ...]) -> None:
        """Say on the page why a move was not taken; raise what is no refusal but a fault."""
        known = isinstance(error, TypeError | ValueError | ArithmeticError)
        why = str(error) if known else f"{type(error).__name__}: {error}"
        self.refuse(why if isinstance(error, Exception) else self.message, *settings)
        if not known:
            raise error

    def _remember(self) -> Callable[[], None]:
        """Return what puts back all that a move may change."""
        names = (*self.setting_names(), "view", *self.follows, "message", "_drawn")
        values = {name: attrgetter(name)(self) for name in names}

        def put_back() -> None:
            self.goes_back = True
            try:
                for name, value in values.items():
                    owner, _dot, own = name.rpartition(".")
                    setattr(attrgetter(owner)(self) if owner else self, own, value)
            finally:
                self.goes_back = False

        return put_back

    def notify_change(self, change: Any) -> None:
        """Tell of what has changed, and not of what went back within a move."""
        if change["type"] != "change" or change["old"] != change["new"]:
            super().notify_change(change)

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.setting_names()}

    def _changed(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """What each setting was that is another one now."""
        return {name: old for name, old in before.items() if getattr(self, name) != old}

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
