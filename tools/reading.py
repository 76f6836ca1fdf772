"""Say how hard a lesson's story is to read: its Flesch-Kincaid grade, and its hardest paragraphs.

The story is what stands in Markdown outside of headings, tables, code, formulas and the folded
`<details>`. A list's items are read as sentences. Anything in code or a formula counts as one short
word, and so does a number.

    python tools/reading.py notebooks/01_forward.ipynb
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

LESSONS = Path(__file__).resolve().parent.parent / "notebooks"
HARDEST = 5  # paragraphs to print of each lesson

# No story, and what stands in its place so that the words around it do not grow together.
NO_STORY = [
    (re.compile(r"<details>.*?</details>", re.S), "\n\n"),
    (re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.S | re.M), "\n\n"),
    (re.compile(r"\$\$.*?\$\$", re.S), "\n\n"),
    (re.compile(r"^\s*(#|\||!\[|-{3,}\s*$).*$", re.M), "\n"),
    (re.compile(r"`[^`\n]*`|\$[^$\n]*\$"), " it "),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"[*_]"), ""),
]
LIST_ITEM = re.compile(r"^\s*(?:[-+]|\d+\.)\s+", re.M)
SENTENCE_END = re.compile(r"[.!?…]+[\"”’)]*(?:\s+|$)")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")

# Vowels that stand together and are spoken apart: "idea", "science", "going", "layer", "gradient".
APART = re.compile(
    r"(?<=[^cgst])ia(?!r)|ie(?=t|nc)|(?<=d)ie(?=nt)|io(?=t\b|le)|iu(?=[ms])|eo(?!n\b|u)|eu(?=m)"
    r"|^rea(?=ct)|^(?:re|pre)(?=[iuo])|ea(?=tive|te\b|ted)|ua(?=l)|uo(?=us)|oe(?=m)|[ao]y(?=er)"
    r"|[aeiouy](?=ing)"
)
VOWELS = re.compile(r"[aeiouy]+")
# An e that is written and not spoken: "make", "makes", "moved", "careful", "something", "notebook".
SILENT = re.compile(
    r"(?<=[^aeiouy])e(?:s|d|ly|ment|ful|less|where|thing)?$"
    r"|^(?:base|every|fore|like|note|side|some|there|time|where)(?=\w)"
)
SPOKEN = re.compile(r"(?:[^aeioulrwy]l|[^aeiou]r)e[sd]?$|(?:[cgszx]|ch|sh)es$|[td]ed$")
IRREGULAR = {
    "area": 3, "areas": 3, "being": 2, "beyond": 2, "create": 2, "element": 3, "elements": 3,
    "idea": 3, "ideas": 3, "people": 2, "real": 1, "really": 2, "recipe": 3, "recipes": 3,
    "science": 2, "something": 2, "sometimes": 2, "somewhere": 2, "unique": 2, "whole": 1,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each lesson's grade, and its hardest paragraphs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument(
        "lessons", nargs="*", type=Path, help="notebooks (default: all in notebooks/)"
    )
    options = parser.parse_args(arguments)
    for path in options.lessons or sorted(LESSONS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        told = story("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        print(f"{path.name}: grade {grade(told):.1f}")
        for paragraph in hardest(told)[:HARDEST]:
            print(f"    {grade([paragraph]):4.1f}  {paragraph}")
    return 0


def story(markdown: Iterable[str]) -> list[str]:
    """The paragraphs and list items that tell the story, as plain text."""
    told = []
    for source in markdown:
        for pattern, instead in NO_STORY:
            source = pattern.sub(instead, source)
        for paragraph in re.split(r"\n\s*\n", LIST_ITEM.sub("\n\n", source)):
            if WORD.search(paragraph):
                told.append(" ".join(paragraph.split()))
    return told


def grade(paragraphs: Iterable[str]) -> float:
    """The school year in which all this reads well, as Flesch and Kincaid estimate it.

    0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al. 1975, report 8-75 of the
    Naval Technical Training Command). Without a word, -15.59.
    """
    sentences = words = sounds = 0
    for paragraph in paragraphs:
        for sentence in SENTENCE_END.split(paragraph):
            found = WORD.findall(sentence)
            sentences += bool(found)
            words += len(found)
            sounds += sum(map(syllables, found))
    return 0.39 * words / max(sentences, 1) + 11.8 * sounds / max(words, 1) - 15.59


def hardest(paragraphs: Iterable[str]) -> list[str]:
    """The same paragraphs, those of the highest grade first."""
    return sorted(paragraphs, key=lambda paragraph: grade([paragraph]), reverse=True)


def syllables(word: str) -> int:
    """About how many syllables an English word has; a number counts as one.

    >>> [syllables(word) for word in ("knob", "make", "little", "loses", "taster", "lemonade")]
    [1, 1, 2, 2, 2, 3]
    """
    word = re.sub(r"['’](?:s|re|ve|ll|d|t|m)$", "", word.lower())
    if word in IRREGULAR:
        return IRREGULAR[word]
    count = len(VOWELS.findall(word)) + len(APART.findall(word))
    if SILENT.search(word) and not SPOKEN.search(word):
        count -= 1
    return max(count, 1)


if __name__ == "__main__":
    raise SystemExit(main())
