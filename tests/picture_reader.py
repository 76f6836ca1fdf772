"""Reads a picture as the page lays it out: its parts, their room, and what is wrong with them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import numpy as np

from backprop_lib.pictures import svg

CSS = re.sub(r"/\*.*?\*/", "", svg.stylesheet("picture.css"), flags=re.S)
RULES = [
    (selector.strip(), body)
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS)
    for selector in selectors.split(",")
]
FONT_SIZES = {
    selector.split()[-1]: float(found[1])
    for selector, body in RULES
    if (found := re.search(r"font-size:\s*([\d.]+)px", body))
}
# How wide digits and most letters are, how wide the narrow ones, and how far text reaches above and
# below its line, as shares of the font size.
WIDE, NARROW, UP, DOWN = 0.62, 0.4, 0.75, 0.2
NARROW_LETTERS = set("filrtjI .,:;'!|()")


def drawn_with(declaration: str, *classes: str) -> bool:
    """Whether the style sheet gives things of these classes such a declaration, as they rest."""
    fitting = [
        body
        for selector, body in RULES
        if (own := selector.removeprefix(".bpf-picture ")) and " " not in own and ":" not in own
        if set(re.findall(r"\.([\w-]+)", own)) <= set(classes)
    ]
    return any(re.search(rf"(^|[;\s]){declaration}", body) for body in fitting)


class Part(NamedTuple):
    """An element of a picture: where it is drawn, and in which groups."""

    element: ET.Element
    x: float
    y: float
    scale: float
    parents: tuple[ET.Element, ...]

    @property
    def kinds(self) -> list[str]:
        return self.element.get("class", "").split()

    @property
    def name(self) -> str:
        return self.element.tag.rpartition("}")[2]

    @property
    def text(self) -> str:
        return self.element.text or ""


MOVE = re.compile(r"(?:translate\(([^ ]+) ([^ )]+)\))? ?(?:scale\(([^)]+)\))?")


UPRIGHT = re.compile(r"translate\(([^ ]+) ([^ )]+)\) rotate\(-90\)")  # the name of an axis


def parts(picture: str) -> list[Part]:
    """Every element of a picture, in order, with where it is."""
    found: list[Part] = []

    def walk(element: ET.Element, x: float, y: float, scale: float, above: tuple[Any, ...]) -> None:
        move = MOVE.fullmatch(element.get("transform", ""))
        if move:
            x, y = x + scale * float(move[1] or 0), y + scale * float(move[2] or 0)
            scale *= float(move[3] or 1)
        found.append(Part(element, x, y, scale, above))
        for child in element:
            walk(child, x, y, scale, (*above, element))

    walk(ET.fromstring(picture), 0.0, 0.0, 1.0, ())
    return found


def texts(picture: str, *kinds: str, without: str = "") -> list[str]:
    """All the words of a picture, or those of some classes and not of another."""
    return [
        part.text
        for part in parts(picture)
        if part.name == "text" and set(kinds) <= set(part.kinds) and without not in part.kinds
    ]


def count(picture: str, kind: str) -> int:
    return sum(kind in part.kinds for part in parts(picture))


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    what: str
    group: ET.Element


def meeting(ones: list[Box], others: list[Box], grace: float = 1.5) -> list[tuple[Box, Box]]:
    """The pairs that share more than a hair's breadth of room."""
    if not ones or not others:
        return []
    a, b = (np.array([box[:4] for box in boxes]) for boxes in (ones, others))
    low = np.maximum(a[:, np.newaxis, :2], b[np.newaxis, :, :2])
    high = np.minimum(a[:, np.newaxis, 2:], b[np.newaxis, :, 2:])
    pairs = np.argwhere((high - low > grace).all(axis=2))
    return [(ones[n], others[m]) for n, m in pairs]


def width_of(letter: str) -> float:
    """About how wide a letter is, as a share of the font size; an East Asian one fills a square."""
    if east_asian_width(letter) in "WF":
        return 1.0
    return NARROW if letter in NARROW_LETTERS else WIDE


def text_boxes(drawn: list[Part]) -> list[Box]:
    """About how much room each text takes."""
    boxes = []
    for part in drawn:
        if part.name != "text" or not part.text:
            continue
        assert not any("rotate" in above.get("transform", "") for above in part.parents)
        size = FONT_SIZES["text"]
        for kind, own in FONT_SIZES.items():
            size = own if kind.removeprefix(".") in part.kinds else size
        size *= part.scale
        wide = size * sum(map(width_of, part.text))
        if upright := UPRIGHT.fullmatch(part.element.get("transform", "")):
            assert "bpf-middle" in part.kinds
            x, y = part.x + float(upright[1]), part.y + float(upright[2])
            box = x - UP * size, y - wide / 2, x + DOWN * size, y + wide / 2
            boxes.append(Box(*box, part.text, part.parents[-1]))
            continue
        left = part.x + part.scale * float(part.element.get("x", 0))
        left -= wide / 2 if "bpf-middle" in part.kinds else wide if "bpf-end" in part.kinds else 0
        line = part.y + part.scale * float(part.element.get("y", 0))
        top, bottom = line - UP * size, line + DOWN * size
        boxes.append(Box(left, top, left + wide, bottom, part.text, part.parents[-1]))
    return boxes


THINGS = {"bpf-crate", "bpf-order", "bpf-unknown", "bpf-slip"}


def thing_boxes(drawn: list[Part]) -> list[Box]:
    """The crates, with their empty places, and the notes, each with its arrow."""
    boxes = []
    for part in drawn:
        travels = any("bpf-traveller" in above.get("class", "") for above in part.parents)
        if part.name == "rect" and THINGS & set(part.kinds):
            left, top, wide, high = (
                float(part.element.get(key, 0)) for key in ("x", "y", "width", "height")
            )
            box = (part.x + left, part.y + top, part.x + left + wide, part.y + top + high)
        elif part.name == "path" and "bpf-slip" in part.kinds:
            across = [float(x) for x in re.findall(r"[HL] ([-\d.]+)", part.element.get("d", ""))]
            box = (part.x - 9, part.y - 10, part.x + max(across), part.y + 10)
        else:
            continue
        # In the summary's rows a crate is a bar beside the words.
        if not travels and "data-value" not in part.parents[-1].attrib:
            boxes.append(Box(*box, part.kinds[0], part.parents[-1]))
    return boxes


def faults(picture: str) -> set[str]:
    """What overlaps, what is cut off at the edge, and what is wider than its crate or note."""
    drawn = parts(picture)
    *_corner, width, height = map(float, drawn[0].element.get("viewBox", "").split())
    words, things = text_boxes(drawn), thing_boxes(drawn)
    found = {
        f"{box.what} is cut off"
        for box in words + things
        if min(box.left, box.top) < -0.5 or box.right > width + 0.5 or box.bottom > height + 0.5
    }
    for boxes in (words, things):
        for one, other in meeting(boxes, boxes):
            if one is not other:
                found.add(" on ".join(sorted((one.what, other.what))))
    for word, thing in meeting(words, things):
        if word.group is not thing.group:
            found.add(f"{word.what} on a {thing.what}")
        elif word.right - word.left > thing.right - thing.left + 3:
            found.add(f"{word.what} is wider than its {thing.what}")
    return found


def card_of(picture: str, layer: int, worker: int) -> str:
    """One worker's part of the picture."""
    for part in parts(picture):
        if part.element.get("data-value") == f"[{layer},{worker}]":
            return ET.tostring(part.element, encoding="unicode")
    raise AssertionError(f"no worker {layer}, {worker}")


class Page(HTMLParser):
    """The tags of a piece of HTML, its words, and its pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.words += data
