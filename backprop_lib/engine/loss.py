"""What every loss is: two formulas, what it can judge, and how it is written with its numbers.

``value`` and ``gradient`` check what they are given, and then ask ``raw_value`` and
``raw_gradient``, the formulas, which check nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_lib.engine.activations import Chances
from backprop_lib.engine.arrays import Array, as_kind, as_rows
from backprop_lib.i18n import gettext as _

if TYPE_CHECKING:  # it is loaded where a sum is written, which the engine does not
    from decimal import Decimal


@dataclass(frozen=True)
class Part:
    """What one number adds to a loss: the ``form`` it stands in, such as ``"({})²"``.

    ``of`` is the number, or two of which the second is taken away. ``counts`` says what the form
    comes to for the number as it is printed, which need not be the whole of it.
    """

    form: str
    of: tuple[float, ...]
    counts: Callable[[Decimal], Decimal]


class Told(NamedTuple):
    """A loss of mistakes in words, in the learner's language, with gaps for its numbers."""

    label: str  # what is counted, as it stands in a list
    one: str  # what becomes of one mistake
    several: str
    curve: str  # what its curve over the product ``n`` looks like, for an ``order``


@dataclass(frozen=True)
class Written:
    """A loss as it is written: in symbols, ``"Σ (o − t)²"``, or part by part, then divided.

    Either may be missing.
    """

    symbols: str
    count: int
    parts: tuple[Part, ...] = ()


class Loss(ABC):
    """A loss of one's own defines the two formulas, ``raw_value`` and ``raw_gradient``.

    Who writes, draws or checks a loss asks it, and not for its name.
    """

    name: str
    form = ""  # how what one mistake o − t counts is written, if each does by itself: "({})²"
    slope_form = ""  # and how steep the loss is there: "2 × ({})"
    gate = ""  # its own one, behind which ``raw_gradient_of_mix`` holds

    def __init_subclass__(cls) -> None:
        if "raw_gradient" in vars(cls) and "raw_gradient_of_mix" not in vars(cls):
            cls.gate = ""  # that of a base no longer fits
        # Training calls the formulas, so an overridden value or gradient would be passed over.
        if {"value", "gradient"} & vars(cls).keys():
            raise TypeError(
                _(
                    "Expected {loss} to define raw_value and raw_gradient, but it redefines value "
                    "or gradient, which check and then call them; rename yours."
                ).format(loss=cls.__name__)
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def value(self, output: npt.ArrayLike, target: npt.ArrayLike) -> float:
        """How wrong ``output`` is; TypeError or ValueError says what does not fit."""
        return self.raw_value(*self._checked(output, target))

    def gradient(self, output: npt.ArrayLike, target: npt.ArrayLike) -> Array:
        """dLoss/d(output), in the shape of ``output``; TypeError or ValueError as in ``value``."""
        gradient = self.raw_gradient(*self._checked(output, target))
        return gradient[0] if np.ndim(output) == 1 else gradient

    def _checked(self, output: npt.ArrayLike, target: npt.ArrayLike) -> tuple[Array, Array]:
        if isinstance(output, Chances):
            outputs = as_rows(np.asarray(output), _("the output"))
            outputs = output if output.ndim == 2 else outputs  # as it came, with its mix
        else:
            outputs = as_rows(output, _("the output"))
        targets = as_rows(target, _("the target"))
        if outputs.shape != targets.shape:
            raise ValueError(
                _(
                    "Expected a target of the output's shape {output}, but shape {target} came; "
                    "give one number for each output of each example."
                ).format(output=outputs.shape, target=targets.shape)
            )
        self.check_outputs(outputs)
        self.check_targets(targets)
        return outputs, targets

    def check_outputs(self, outputs: Array) -> None:  # noqa: B027  most numbers can be judged
        """Refuse outputs that this loss cannot judge, with a ValueError."""

    def check_targets(self, targets: Array) -> None:  # noqa: B027  most numbers can be aimed at
        """Refuse targets that this loss cannot aim at, with a ValueError."""

    def sides(self, outputs: Array, targets: Array) -> Array:
        """On which side of its kinks each output lies, for arrays that are known to fit."""
        return outputs[:0]

    @abstractmethod
    def raw_value(self, outputs: Array, targets: Array) -> float:
        """The value, for arrays that are known to fit."""

    @abstractmethod
    def raw_gradient(self, outputs: Array, targets: Array) -> Array:
        """The gradient, for arrays that are known to fit."""

    def raw_gradient_of_mix(self, outputs: Array, targets: Array) -> Array:
        """dLoss/dz, past the gate, in one step; for outputs of this loss's own gate."""
        raise NotImplementedError

    def forms(self, mistake: float) -> tuple[str, str]:
        """``form`` and ``slope_form`` for this mistake; empty where there are none."""
        return self.form, self.slope_form

    def written(self, outputs: Array, targets: Array) -> Written | None:
        """How the value comes about; None where no more can be said than what it is."""
        return None


class MistakeLoss(Loss):
    """A loss that averages over all N elements what each mistake o − t counts by itself.

    One of one's own needs its formulas only. What else it says of itself is told and drawn.
    """

    measure = ""  # its name as a setting, where that is another
    kinks: tuple[float, ...] = ()  # the mistakes at which it has no one slope

    def counts(self, mistake: Decimal) -> Decimal:
        """What one mistake counts, as exactly as it is printed."""
        from decimal import Decimal

        return Decimal(repr(self.raw_value(np.array([[float(mistake)]]), np.zeros((1, 1)))))

    def told(self) -> Told:
        """What becomes of a mistake, in words that hold for any loss of mistakes."""
        return Told(
            self.name,
            _(
                "The product is {product}, the order said {order}. The mistake is {mistake}, "
                "and what it counts is the loss: {loss}."
            ),
            _(
                "The mistakes are {mistakes}, and they count {counted}. "
                "The average of that is the loss: {loss}."
            ),
            _("The loss over product {n} is drawn as a curve."),
        )

    def sides(self, outputs: Array, targets: Array) -> Array:
        """-1 before each kink, 1 after it and 0 at it, for arrays that are known to fit."""
        sides: Array = np.sign(np.subtract.outer(outputs - targets, np.array(self.kinks)))
        return sides

    def written(self, outputs: Array, targets: Array) -> Written:
        """The average of the parts, if each has a form."""
        pairs = list(zip(outputs.ravel().tolist(), targets.ravel().tolist(), strict=True))
        parts = tuple(Part(self.forms(o - t)[0], (o, t), self.counts) for o, t in pairs)
        told = all(part.form for part in parts)
        symbols = f"Σ {self.form.format('o − t')}" if self.form else ""
        return Written(symbols, outputs.size, parts if told else ())


def as_loss(value: Loss) -> Loss:
    """Return ``value`` if it is a loss; else a TypeError says how to come by one.

    >>> from backprop_lib import MeanSquaredError
    >>> as_loss(MeanSquaredError())
    MeanSquaredError()
    """
    return as_kind(value, Loss, "MeanSquaredError()")
