"""Single orders that were worked out by hand, each with its factory and who works there."""

from __future__ import annotations

from backprop_lib.datasets.dataset import Dataset
from backprop_lib.engine.network import Dense, Network
from backprop_lib.i18n import gettext as _


def lemonade() -> Dataset:
    """One order for lemonade: from 2 lemons and 1 spoon of sugar, sourness 1.

    >>> lemonade().inputs, lemonade().targets
    (array([[2., 1.]]), array([[1.]]))
    """
    return Dataset(
        name=_("lemonade"),
        inputs=[[2, 1]],
        targets=[[1]],
        input_names=(_("lemons"), _("sugar")),
        target_names=(_("sourness"),),
        input_units=(_("pieces"), _("spoons")),
        source=_("Made up for this course, small enough for mental arithmetic."),
    )


def lemonade_factory() -> Network:
    """The factory that makes it: Ana, Bo and Cy behind ReLU gates, then the taster without one.

    >>> lemonade_factory().forward(lemonade().inputs).output
    array([[3.]])
    """
    return Network(
        [
            Dense([[1.0, 0.5, -1.0], [-1.0, 1.0, 1.0]], [0, 0, 0], "relu"),
            Dense([[2.0], [0.5], [1.0]], [0], "identity"),
        ]
    )


def lemonade_workers() -> tuple[tuple[str, ...], ...]:
    """Who works there, floor by floor.

    >>> lemonade_workers()
    (('Ana', 'Bo', 'Cy'), ('taster',))
    """
    return ((_("Ana"), _("Bo"), _("Cy")), (_("taster"),))


def two_products() -> Dataset:
    """One order for two products, from Mazur's worked example of backpropagation.

    >>> two_products().inputs, two_products().targets
    (array([[0.05, 0.1 ]]), array([[0.01, 0.99]]))
    """
    return Dataset(
        name=_("two products"),
        inputs=[[0.05, 0.10]],
        targets=[[0.01, 0.99]],
        input_names=("i1", "i2"),
        target_names=("o1", "o2"),
        source=_("Matt Mazur, A Step by Step Backpropagation Example, 2015."),
    )


def two_products_factory() -> Network:
    """Mazur's factory: h1 and h2, then o1 and o2, all behind sigmoid gates.

    >>> two_products_factory().forward(two_products().inputs).output.round(4)
    array([[0.7514, 0.7729]])
    """
    return Network(
        [
            Dense([[0.15, 0.25], [0.20, 0.30]], [0.35, 0.35], "sigmoid"),
            Dense([[0.40, 0.50], [0.45, 0.55]], [0.60, 0.60], "sigmoid"),
        ]
    )


def two_products_workers() -> tuple[tuple[str, ...], ...]:
    """Who works there, floor by floor, as Mazur calls them.

    >>> two_products_workers()
    (('h1', 'h2'), ('o1', 'o2'))
    """
    return (("h1", "h2"), ("o1", "o2"))
