"""The Backprop Factory: a small neural network that shows every number it computes.

The rooms in the order in which the data flows: ``engine`` (the numbers), ``datasets`` (what goes in
and what is kept), ``study`` (what one can ask of a factory), ``words`` and ``pictures`` (what a
learner reads and sees of a state), ``checks`` (what they are told of their own work), ``widgets``
(what they take hold of). ``i18n`` turns all of it into their language. A room imports only from
those before it.

Importing the package loads NumPy and the engine; the other rooms come when they are asked for.
"""

from __future__ import annotations

import importlib
from typing import Any

from backprop_lib import engine
from backprop_lib.engine import *  # noqa: F403
from backprop_lib.i18n import set_language

__version__ = "0.1.0"

__all__ = ["set_language"]
__all__ += engine.__all__


def __getattr__(name: str) -> Any:
    """Load a room or an explorer when it is first asked for: ``backprop_lib.FactoryFloor``."""
    if name in ("checks", "datasets", "pictures", "study", "widgets", "words"):
        return importlib.import_module(f"backprop_lib.{name}")
    if name[:1].isupper():
        widgets = importlib.import_module("backprop_lib.widgets")
        if name in widgets.__all__:
            return getattr(widgets, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
