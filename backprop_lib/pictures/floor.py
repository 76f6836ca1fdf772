"""The factory floor: one Step of a small network as a picture, each worker with all its numbers.

Materials stand at the left, then each floor as a light column of workers, then the product beside
the order. Belts run from left to right into the dials, notes from right to left into the headers of
the cards, on dashed lanes of their own. Larger networks are drawn by ``summary.py``.
"""

from __future__ import annotations

from backprop_lib.engine.moments import notes_to, work_of
from backprop_lib.engine.steps import MATERIALS, Step, Turn
from backprop_lib.i18n import gettext as _
from backprop_lib.pictures import things
from backprop_lib.pictures.cards import draw_card
from backprop_lib.pictures.layout import HEAD, MARGIN, PRODUCT_WIDTH, fits
from backprop_lib.pictures.scene import Scene
from backprop_lib.pictures.svg import Picture, group, path, picture, tag, words
from backprop_lib.pictures.ways import draw_belts, draw_lanes, draw_loads
from backprop_lib.words import Names

__all__ = ["HEAD", "MARGIN", "draw_floor", "fits", "phase_band", "phase_title"]


def draw_floor(
    step: Step, names: Names, example: int = 0, chosen: tuple[int, int] | None = None
) -> Picture:
    """The SVG of ``step``; ``chosen`` is the (layer, worker) whose card is marked.

    The ways of the chosen worker stand out, or of the one whose turn it is.
    """
    scene = Scene(step, names, example, chosen)
    layers = range(len(step.network.layers))
    parts = {"columns": _columns(scene)}
    for layer in layers:
        parts[f"lanes {layer}"] = draw_lanes(scene, layer)
        parts[f"belts {layer}"] = draw_belts(scene, layer)
    parts |= {f"loads {layer}": draw_loads(scene, layer) for layer in layers}
    parts |= {"product": _product(scene), "materials": _materials(scene)}
    for layer in layers:
        for worker in range(step.network.sizes[layer + 1]):
            parts[f"card {layer} {worker}"] = draw_card(scene, layer, worker)
    parts["band"] = phase_band(step, scene.layout.width, names)
    return picture(scene.layout.width, scene.layout.height, title=_("Factory floor"), **parts)


def _active_layers(step: Step) -> set[int]:
    """The floors on which something changes in this step; notes may reach the materials alone."""
    if step.phase == "update":
        return set(range(len(step.network.layers)))
    if step.now is not None:
        return {step.now[0]}
    return set() if step.layer is None else {step.layer}


def _columns(scene: Scene) -> str:
    step, layout = scene.step, scene.layout
    parts = []
    for number_, places in enumerate(layout.columns):
        left, wide = places[0].left - 9, places[0].width + 18
        active = number_ - 1 in _active_layers(step)
        if number_ or active:
            parts.append(
                tag(
                    "rect",
                    x=left,
                    y=HEAD - 22,
                    width=wide,
                    height=layout.height - HEAD + 22 - MARGIN / 2,
                    rx=8,
                    class_=f"bpf-column bpf-active-{step.phase}" if active else "bpf-column",
                )
            )
        title = _("Floor {n}").format(n=number_) if number_ else _("Materials")
        parts.append(words(left + wide / 2, HEAD - 6, title, class_="bpf-title bpf-middle"))
    left = layout.width - MARGIN - PRODUCT_WIDTH
    parts.append(words(left + 34, HEAD - 6, _("Product"), class_="bpf-title bpf-middle"))
    parts.append(words(left + 102, HEAD - 6, _("Order"), class_="bpf-title bpf-middle"))
    return group(*parts)


def _materials(scene: Scene) -> str:
    parts = []
    layout, sizes = scene.layout, scene.layout.sizes
    width = 78.0 if sizes.row else 54.0
    amounts = scene.step.inputs[scene.example].tolist()
    notes = notes_to(scene.step, MATERIALS)[scene.example].tolist()
    for number_, (place, name, amount) in enumerate(
        zip(layout.columns[0], scene.names.inputs, amounts, strict=True)
    ):
        middle = place.ship[0] - width / 2
        parts.append(
            things.fitted(
                (middle, place.top + 8), name, sizes.material, 13.5, class_="bpf-name bpf-middle"
            )
        )
        parts.append(
            things.crate((middle, place.ship[1]), amount, width, 24, decimals=sizes.decimals)
        )
        if number_ < len(notes):
            at = (place.note_in[0] - 52, place.note_in[1])
            parts.append(things.note(at, notes[number_], 46, sizes.decimals))
    return group(*parts)


def _product(scene: Scene) -> str:
    step, layout, example = scene.step, scene.layout, scene.example
    sizes, last = layout.sizes, layout.columns[-1]
    left = layout.width - MARGIN - PRODUCT_WIDTH
    depth = len(step.network.layers)
    shipping = step.phase == "forward" and step.layer == depth - 1
    thin = "" if sizes.row else " bpf-thin"
    crate_height = 26 if sizes.row else 22
    parts = []
    for output, place in enumerate(last):
        y = place.ship[1]
        own = scene.emphasis((depth - 1, output))
        lit = " bpf-lit" if shipping and scene.at_work(depth - 1, output) else ""
        work = work_of(step, depth - 1, output)
        made = None if work is None else work.activations[example].item()
        wanted = float(step.target[example, output])
        parts += [
            path(["M", *place.ship, "H", left + 6], class_=f"bpf-belt{lit}{thin}{own}"),
            things.crate((left + 34, y), made, 58, crate_height, decimals=sizes.decimals),
            things.crate(
                (left + 102, y), wanted, 58, crate_height, kind="order", decimals=sizes.decimals
            ),
        ]
        if step.output_gradient is not None and step.phase != "update":
            at = (left + 14, place.note_in[1])
            value = float(step.output_gradient[example, output])
            parts.append(things.note(at, value, 50, sizes.decimals))
            lane = ["M", at[0] - 8, at[1], "H", place.note_in[0]]
            parts.append(path(lane, class_=f"bpf-lane{own}"))
    at = (left + 6, layout.height - MARGIN - 20)
    parts.append(things.meter(at, step.loss, _("loss"), PRODUCT_WIDTH - 6))
    return group(*parts)


PHASE_MARKS = {"forward": "→", "loss": "=", "backward": "←", "update": "↻"}


def phase_title(step: Step, names: Names | None = None) -> str:
    """The phase in a few words, for the band above the floor.

    >>> from backprop_lib import Network, opening
    >>> phase_title(opening(Network.random([2, 1]), [2, 1], [1]))
    'An order comes in'
    """
    if step.now is not None:
        return _turn_title(step, step.now, names or Names.of(step.network))
    floor = 0 if step.layer is None else step.layer + 1
    if step.phase == "forward" and step.layer is None:
        return _("An order comes in")
    return {
        "forward": _("Forward: floor {n} works"),
        "loss": _("Loss: the product meets the order"),
        "backward": _("Backward: notes reach floor {n}"),
        "update": _("Update: the knobs are turned"),
    }[step.phase].format(n=floor)


def _turn_title(step: Step, turn: Turn, names: Names) -> str:
    layer, place = turn
    if layer == MATERIALS:
        return _("Backward: notes meet at {material}").format(material=names.inputs[place])
    title = _("Forward: {worker} works")
    if step.phase == "backward":
        title = _("Backward: a note reaches {worker}")
    return title.format(worker=names.workers[layer][place])


def phase_band(step: Step, width: float, names: Names | None = None) -> str:
    """The band at the top that says the phase at a glance: its words, its colour and its arrow."""
    return things.band(width, step.phase, phase_title(step, names), PHASE_MARKS[step.phase])
