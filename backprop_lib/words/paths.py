"""Say in words and sums which paths lead from a knob or an amount to the loss, and their sum.

A sum is written with "=" where its numbers are exact, and with "≈" where one of them is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from backprop_lib.engine.activations import ACTIVATIONS
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.steps import Step
from backprop_lib.i18n import factor, ngettext, number, sentences
from backprop_lib.i18n import gettext as _
from backprop_lib.study.nudging import Knob
from backprop_lib.study.paths import Amount, Link, Path, Start
from backprop_lib.words.bench import Line
from backprop_lib.words.names import Names

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def start_name(names: Names, start: Start) -> str:
    """Where paths start, in words: «Ana, knob for lemons», «lemons», «what Ana ships».

    >>> from backprop_lib.datasets import lemonade, lemonade_factory, lemonade_workers
    >>> names = Names.of(lemonade_factory(), lemonade().input_names, lemonade_workers())
    >>> start_name(names, Knob(0, 0, 1)), start_name(names, Amount(1, 2))
    ('Ana, knob for sugar', 'what Cy ships')
    """
    if isinstance(start, Amount):
        if start.layer == 0:
            return names.inputs[start.place]
        if start.layer == len(names.workers):
            told = _("the product") if len(names.workers[-1]) == 1 else _("product {worker}")
            return told.format(worker=names.workers[-1][start.place])
        return _("what {worker} ships").format(worker=names.workers[start.layer - 1][start.place])
    worker = names.workers[start.layer][start.worker]
    if start.source is None:
        return _("{worker}, pinch").format(worker=worker)
    source = (names.inputs, *names.workers)[start.layer][start.source]
    return _("{worker}, knob for {source}").format(worker=worker, source=source)


def way_name(names: Names, start: Start, way: Path) -> str:
    """The stations of a path: «lemons → Ana → taster → loss»."""
    first = [] if isinstance(start, Knob) else [start_name(names, start)]
    workers = [
        names.workers[floor][worker] for floor, worker in enumerate(way.workers, start.layer)
    ]
    return " → ".join([*first, *workers, _("loss")])


def multiplied(way: Path) -> str:
    """The slopes along a path and their product: 2 × 1 × 2 × 4 = 16."""
    if len(way.slopes) == 1:
        return number(way.product)
    return _sum(way.slopes, "×", way.product)


def added(ways: Sequence[Path]) -> str:
    """The products of paths and their sum: 8 + 1 + 0 = 9."""
    products = [way.product for way in ways]
    return _sum(products, "+", math.fsum(products))


def _sum(parts: Sequence[float], sign: str, result: float) -> str:
    """2 × 1 × 2 = 4, or ≈ where a number is rounded as it is written."""
    exact = all(_is_exact(part) for part in (*parts, result))
    written = [number(parts[0]), *(factor(part) for part in parts[1:])]
    return f"{f' {sign} '.join(written)} {'=' if exact else '≈'} {number(result)}"


def _is_exact(value: float) -> bool:
    return math.isclose(float(f"{value:.4g}"), value, rel_tol=1e-12)


def symbol(link: Link, gates: Sequence[bool]) -> str:
    """The slope of a piece as mathematics writes it; ``gates`` says which floors have one.

    >>> symbol(Link("belt", 1, 0, 0, 2.0), [True, False])
    '∂o/∂a₁'
    """
    if link.kind == "loss":
        return "∂L/∂o"
    shipped = _of_floor("a", link.layer) if link.layer + 1 < len(gates) else "o"
    mix = _of_floor("z", link.layer)
    if link.kind == "gate":
        return f"∂{shipped}/∂{mix}"
    source = {"knob": "w", "pinch": "b"}.get(link.kind) or _amount_symbol(link.layer)
    return f"∂{mix if gates[link.layer] else shipped}/∂{source}"


def _of_floor(letter: str, layer: int) -> str:
    return letter + str(layer + 1).translate(SUBSCRIPTS)


def _amount_symbol(layer: int) -> str:
    return "x" if layer == 0 else _of_floor("a", layer - 1)


def start_symbol(start: Start, depth: int) -> str:
    """What all paths from ``start`` come to: ∂L/∂w, ∂L/∂b, ∂L/∂x, ∂L/∂a₁ or ∂L/∂o."""
    if isinstance(start, Amount):
        return f"∂L/∂{'o' if start.layer == depth else _amount_symbol(start.layer)}"
    return "∂L/∂b" if start.source is None else "∂L/∂w"


def formula(step: Step, start: Start, lit: Sequence[Path]) -> str:
    """The chain rule with its numbers, for the paths that are lit."""
    gates = _gates(step)
    if len(lit) == 1:
        chain = [symbol(link, gates) for link in lit[0].links]
        whole = start_symbol(start, len(gates))
        parts = [whole] if chain == [whole] else [whole, " · ".join(chain)]
        return f"{' = '.join(parts)} = {multiplied(lit[0])}"
    return f"{start_symbol(start, len(gates))} = {added(lit)}"


def _gates(step: Step) -> list[bool]:
    return [ACTIVATIONS[layer.activation].is_gate for layer in step.network.layers]


def sentence(names: Names, start: Start, ways: Sequence[Path], only: int | None) -> str:
    """What the lit paths come to; ``only`` is the place of the one path that is lit, or None."""
    opening = _("Start: {start}.").format(start=start_name(names, start))
    if only is not None:
        alone = _("Path {n} of {count} alone: {product}. The other paths are still to be added.")
        told = alone.format(n=only + 1, count=len(ways), product=multiplied(ways[only]))
        return sentences(opening, told)
    told = ngettext(
        "{count} path leads to the loss: {sum}.",
        "{count} paths lead to the loss, and where they meet they are added: {sum}.",
        len(ways),
    ).format(count=len(ways), sum=multiplied(ways[0]) if len(ways) == 1 else added(ways))
    return sentences(opening, told, meaning(math.fsum(way.product for way in ways)))


def meaning(slope: float) -> str:
    """What a slope says: how the loss moves when the start grows by a tiny bit.

    >>> meaning(-6.0)
    'A tiny bit more here, and the loss goes down by 6 times that bit.'
    """
    if slope > 0:
        told = _("A tiny bit more here, and the loss goes up by {times} times that bit.")
    elif slope < 0:
        told = _("A tiny bit more here, and the loss goes down by {times} times that bit.")
    else:
        told = _("A tiny bit more here, and the loss does not move.")
    return told.format(times=number(abs(slope)))


def lines(
    step: Step, names: Names, start: Start, ways: Sequence[Path], only: int | None, loss: Loss
) -> tuple[Line, ...]:
    """A line for each station of a single path; for several, a line each, and their sum."""
    if len(ways) == 1 or only is not None:
        way = ways[only or 0]
        stations = [_station(step, names, link, loss) for link in way.links]
        if len(stations) > 1:
            stations.append(Line(_("multiplied along the path"), multiplied(way)))
        return tuple(stations)
    each = [Line(way_name(names, start, way), multiplied(way)) for way in ways]
    return (*each, Line(_("added where the paths meet"), added(ways)))


def _station(step: Step, names: Names, link: Link, loss: Loss) -> Line:
    """The slope of one piece: between what, its symbol, and where its number comes from."""
    label = {
        "knob": _("{worker}: mix for each bit of the knob (the delivery)"),
        "pinch": _("{worker}: mix for each bit of the pinch (always 1)"),
        "belt": _("{worker}: mix for each bit of {source} (the knob)"),
        "gate": _("{worker}: shipped for each bit of the mix (the gate)"),
        "loss": _("loss for each bit of the product (from the loss)"),
    }[link.kind]
    worker = "" if link.worker is None else names.workers[link.layer][link.worker]
    source = ""
    if link.kind == "belt":
        assert link.source is not None
        source = start_name(names, Amount(link.layer, link.source))
    text = f"{symbol(link, _gates(step))} = {_reason(step, link, loss)}"
    return Line(label.format(worker=worker, source=source), text)


def _reason(step: Step, link: Link, loss: Loss) -> str:
    """A slope's number, and the sum that it comes from."""
    if link.kind == "loss":
        assert link.source is not None
        made, wanted = step.trace.output[0, link.source], step.target[0, link.source]
        steep = loss.forms(made - wanted)[1]
        if not steep:
            return number(link.slope)
        outputs = len(step.target[0])
        mean = f" ÷ {outputs}" if outputs > 1 else ""
        sum_ = steep.format(f"{number(made)} − {factor(wanted)}")
        return _joined(f"{sum_}{mean}", link.slope)
    if link.kind == "gate":
        work = step.trace.layers[link.layer]
        mix, shipped = (
            float(of[0, link.worker]) for of in (work.pre_activations, work.activations)
        )
        gate = ACTIVATIONS[work.activation]
        is_open = gate.is_open(mix)
        if is_open is not None and is_open == bool(link.slope):
            state = _("{slope}, for it is open") if is_open else _("{slope}, for it is shut")
            return state.format(slope=number(link.slope))
        if gate.slope_form:
            return _joined(gate.slope_form.format(a=number(shipped)), link.slope)
    return number(link.slope)


def _joined(text: str, result: float) -> str:
    return f"{text} {'=' if _is_exact(result) else '≈'} {number(result)}"
