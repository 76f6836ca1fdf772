"""What a factory is drawn from: a moment of a lap, the order that is shown, and who is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from backprop_lib.engine.steps import Step, Turn
from backprop_lib.pictures.layout import Layout, lay_out
from backprop_lib.words import Names


@dataclass(frozen=True)
class Scene:
    """A moment, the names in it, one order of the batch, and the (layer, worker) that is chosen."""

    step: Step
    names: Names
    example: int = 0
    chosen: Turn | None = None

    @cached_property
    def layout(self) -> Layout:
        """Where all stands when each worker is drawn."""
        return lay_out(self.step.network.sizes, self.names)

    @property
    def focus(self) -> Turn | None:
        """Whose ways stand out: the chosen worker's, or those of whose turn it is."""
        return self.chosen or self.step.now

    def emphasis(self, *ends: Turn) -> str:
        """The class of a way between these ends: nothing in focus, its own, or another's."""
        if self.focus is None:
            return ""
        return " bpf-own" if self.focus in ends else " bpf-faint"

    def at_work(self, layer: int, worker: int) -> bool:
        """Whether it is this worker's turn, or that of all."""
        return self.step.now in (None, (layer, worker))
