"""Draw the README's picture of the floor afresh: the lemonade factory as the notes come back."""

from __future__ import annotations

import sys
from pathlib import Path

from backprop_lib import FactoryFloor
from backprop_lib.pictures.svg import standalone

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "floor.svg"


def draw() -> str:
    """The picture as SVG text, one element a line so that a change can be read."""
    floor = FactoryFloor.lemonade(position=5)
    return standalone(floor.view["picture"]).replace("><", ">\n<") + "\n"


def main() -> int:
    """Write the picture; with ``--check`` only say whether the one there is up to date."""
    if "--check" in sys.argv[1:]:
        fresh = PICTURE.exists() and PICTURE.read_text(encoding="utf-8") == draw()
        if not fresh:
            print("docs/floor.svg is not what the package draws now; run make notebooks.")
        return 0 if fresh else 1
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
