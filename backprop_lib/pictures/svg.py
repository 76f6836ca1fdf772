"""Write SVG as text: tags, numbers of pixels, and a picture that stands on its own."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from html import escape
from json import JSONEncoder
from pathlib import Path
from unicodedata import east_asian_width

Point = tuple[float, float]

STATIC = Path(__file__).parent / "static"
_as_json = JSONEncoder(separators=(",", ":")).encode


def tag(name: str, *children: str, **attributes: object) -> str:
    """One element. ``class_`` means class, ``stroke_width`` stroke-width; None is left out.

    Children are markup; attribute values are escaped.

    >>> tag("circle", cx=1.5, cy=2.0, class_="dot")
    '<circle cx="1.5" cy="2" class="dot"/>'
    """
    written = _attributes(**attributes)
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


# From one move to the next, most elements stay where they are. Typed, since 1 == 1.0 == True.
@lru_cache(maxsize=4096, typed=True)
def _attributes(**attributes: object) -> str:
    return "".join(
        f' {_name(key)}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _attribute(value: object) -> str:
    if isinstance(value, float):
        # A hundredth of a pixel is finer than any screen, and "+ 0.0" turns -0 into 0.
        # A numpy float would multiply by 100 to be rounded, and leave float64 where it is huge.
        return f"{round(float(value), 2) + 0.0:.10g}"
    return str(value) if isinstance(value, int) else _escaped(str(value))


@lru_cache(maxsize=2048)  # the same classes stand in every picture
def _escaped(text: str) -> str:
    return escape(text, quote=True)


def words(x: float, y: float, text: str, **attributes: object) -> str:
    """Text with its baseline at (x, y); ``text`` is escaped."""
    return tag("text", escape(text), x=float(x), y=float(y), **attributes)


def group(*children: str, at: Point | None = None, **attributes: object) -> str:
    """Elements that belong together, moved to ``at``."""
    moved = None if at is None else f"translate({_attribute(at[0])} {_attribute(at[1])})"
    return tag("g", *children, transform=moved, **attributes)


def pressable(
    *children: str,
    trait: str,
    value: object,
    label: str,
    pressed: bool,
    at: Point | None = None,
    tabbed: bool = True,
) -> str:
    """Elements that are a button: pressed, they set ``trait`` to ``value``, which JSON can write.

    ``label`` is their name for those who do not see them. One that is not ``tabbed`` to is reached
    with the arrow keys.

    >>> drawn = pressable(trait="chosen", value=[0, 1], label="Bo", pressed=False)
    >>> 'data-trait="chosen" data-value="[0,1]"' in drawn
    True
    """
    return group(
        *children,
        at=at,
        class_="bpf-pressable",
        role="button",
        tabindex=0 if tabbed else -1,
        aria_pressed="true" if pressed else "false",
        aria_label=label,
        data_trait=trait,
        data_value=_as_json(value),
        data_lm_suppress_shortcuts="true",
    )


def path(commands: Iterable[object], **attributes: object) -> str:
    """A path of letters and numbers: path(["M", 0, 0, "L", 5, 5])."""
    return tag("path", d=_way(tuple(commands)), **attributes)


@lru_cache(maxsize=4096)
def _way(commands: tuple[object, ...]) -> str:
    return " ".join(part if isinstance(part, str) else _attribute(part) for part in commands)


class Picture(str):
    """A picture as SVG text that knows its ``parts`` by name: one after the other they are it.

    Who keeps many moments of a picture needs to keep only once what is in several of them.
    """

    parts: Mapping[str, str]

    def __new__(cls, parts: Mapping[str, str]) -> Picture:
        """Join the parts in their order."""
        made = super().__new__(cls, "".join(parts.values()))
        made.parts = parts
        return made

    def __getnewargs__(self) -> tuple[Mapping[str, str]]:  # type: ignore[override]  # for copies
        return (self.parts,)


def picture(width: float, height: float, *children: str, title: str = "", **named: str) -> Picture:
    """The whole picture of its parts, in a view box of that many pixels.

    A part has the same name in every moment of a picture; ``children`` are named by their place.
    Colours and type come from ``static/picture.css``, which a page that shows it has to have; see
    ``standalone`` for a page that has not.

    >>> drawn = picture(20, 10, dot=tag("circle", r=5), title="A dot")
    >>> list(drawn.parts), drawn.parts["dot"], drawn == "".join(drawn.parts.values())
    (['open', 'dot', 'close'], '<circle r="5"/>', True)
    """
    written = _attributes(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_attribute(float(width))} {_attribute(float(height))}",
        class_="bpf-picture",
        role="group",
        aria_label=title,
        # The widest it is shown, and the narrowest at which its type can still be read.
        style=f"max-width:{width * 1.25:.0f}px;min-width:{width * 0.72:.0f}px",
    )
    parts = {str(place): child for place, child in enumerate(children)} | named
    return Picture({"open": f"<svg{written}>", **parts, "close": "</svg>"})


@cache
def stylesheet(name: str) -> str:
    """The colours and lines of the pictures, ``picture.css``, or what ``dark.css`` changes."""
    return (STATIC / name).read_text(encoding="utf-8")


def standalone(svg: str) -> str:
    """The same picture with its colours inside, on paper of its own, for use as an image file."""
    start = svg.index(">") + 1
    style = tag("style", stylesheet("picture.css"))
    paper = tag("rect", width="100%", height="100%", class_="bpf-paper")
    return svg[:start] + style + paper + svg[start:]


def image(svg: str, alternative: str) -> str:
    """An HTML image of the picture, which needs no style sheet, no script and no trust."""
    data = base64.b64encode(standalone(svg).encode()).decode()
    return tag(
        "img",
        src=f"data:image/svg+xml;base64,{data}",
        alt=alternative,
        style="max-width:100%",
    )


def breadth(text: str) -> int:
    """How wide a text is, in letters; one of East Asian width counts as two (Unicode, UAX #11).

    >>> breadth("taster"), breadth("品尝师")
    (6, 6)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def clipped(text: str, most: int) -> str:
    """A text of at most such a breadth, with an ellipsis at its end where some of it is lost.

    >>> clipped("length", 6), clipped("lengthwise", 6), clipped("柠檬水工厂", 6)
    ('length', 'lengt…', '柠檬…')
    """
    if breadth(text) <= most:
        return text
    while breadth(text) >= most:
        text = text[:-1]
    return f"{text}…"
