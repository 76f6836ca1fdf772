"""An explorer's way to a page in Jupyter: an ipywidget that sends the view and takes moves."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import anywidget

from backprop_lib.widgets.explorer import Explorer, NoPage
from backprop_lib.widgets.page import SCRIPT, STYLE

E = TypeVar("E", bound=type[Explorer])


class Jupyter(anywidget.AnyWidget, NoPage):
    """What makes an ipywidget of an explorer: ``in_jupyter`` joins it to its class."""

    _esm = SCRIPT
    _css = STYLE

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a move from the page wholly, or, where a part of it is refused, not at all."""
        explorer = cast(Explorer, self)
        moved = set(sync_data) & set(explorer.setting_names())
        rest = {name: value for name, value in sync_data.items() if name not in moved}
        if rest:
            super().set_state(rest)
        # Locked until the move is over and told: what is sent back to the page would undo what the
        # learner has moved meanwhile. (The base class would unlock too early.)
        with self._lock_property(**sync_data):
            explorer.take({name: sync_data[name] for name in moved})

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        text = {"text/plain": repr(self), "text/html": cast(Explorer, self).fallback()}
        return {**data, **text}, metadata


def in_jupyter(explorer: E) -> E:
    """The explorer as an ipywidget of the same name; its first base is the one without a page."""
    named = {name: getattr(explorer, name) for name in ("__doc__", "__module__", "__qualname__")}
    return cast(E, type(explorer.__name__, (explorer, Jupyter), named))
