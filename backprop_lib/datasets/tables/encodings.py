"""In which encoding the bytes of a table are: told where it is certain, and asked where not."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from backprop_lib.engine.arrays import as_text, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import listed

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, which begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN, CHINESE = "cp1252", "gb18030"
POSSIBLE = (WESTERN, CHINESE, "cp949", "euc-jp")  # shown where it cannot be told
LOOKED_AT = 4096  # bytes, or places with letters that are not ASCII
FOREIGN = re.compile(rb"[\x80-\xff]+")
PAIRS = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")  # the Chinese signs of GB 2312
COMMON = range(0xA1, 0xD8)  # leads of its punctuation and of its 3,755 common characters
LETTER = re.compile(rb"[A-Za-z]")


def encoding_of(content: bytes, name: str, asked: str | None) -> str:
    """The encoding of a file's ``content``; ``name`` is the file's, and ``asked`` a learner's wish.

    Raises ValueError where it is no text, or where two encodings make sense of it.

    >>> encoding_of("Größe".encode("cp1252"), "leaves.csv", None)
    'cp1252'
    >>> encoding_of("重量,种类".encode("gb18030"), "leaves.csv", None)
    'gb18030'
    """
    if asked is not None:
        return _asked(content, name, asked)
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _expect(content, encoding, name)
    if b"\0" in content:
        # Of two bytes to a sign, the first or the second is 0 wherever the sign is ASCII.
        first, second = (0 in content[start:LOOKED_AT:2] for start in (0, 1))
        wide = {(True, False): "utf-16-be", (False, True): "utf-16-le"}
        return _expect(content, wide.get((first, second), "ascii"), name)
    if decodes(content, "utf-8"):
        return "utf-8"
    places = [found.span() for found in islice(FOREIGN.finditer(content), LOOKED_AT)]
    votes = {_vote(content, *place) for place in places}
    likely = votes.pop() if len(votes) == 1 else ""
    if likely == CHINESE:
        leads = {lead for place in places for lead in content[slice(*place)][::2]}
        likely = CHINESE if _is_chinese(leads) else ""
    if likely and decodes(content, likely):
        return likely
    raise ValueError(_doubt(content, name))


def decodes(content: bytes, encoding: str) -> bool:
    """Whether these bytes are a text in that encoding; a piece at a time, to save memory."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        for start in range(0, len(content), 2**16):
            decoder.decode(content[start : start + 2**16])
        decoder.decode(b"", final=True)
    except (UnicodeError, LookupError):
        return False
    return True


def _asked(content: bytes, name: str, asked: str) -> str:
    try:
        b"".decode(as_text(asked, "encoding"))  # what is no encoding of texts has no such way
        known = codecs.lookup(asked).name
    except (LookupError, ValueError):
        known = ""
    if not known or not decodes(content, known):
        raise ValueError(
            _(
                "Expected the encoding that {name} is in, but {value} came; try another, such as "
                'encoding="utf-8" or encoding="cp1252".'
            ).format(name=short(name), value=short(asked))
        )
    return "utf-8-sig" if known == "utf-8" else known


def _expect(content: bytes, encoding: str, name: str) -> str:
    if encoding != "ascii" and decodes(content, encoding):  # no ASCII text has zeros
        return encoding
    raise ValueError(
        _(
            "Expected a text file, but {name} is none, or is damaged; save the table again as CSV "
            "(UTF-8)."
        ).format(name=short(name))
    )


def _vote(content: bytes, start: int, end: int) -> str:
    """Which encoding a run of bytes beyond ASCII speaks for, or an empty text.

    Two or more Chinese characters are four bytes or more, in pairs, most of them common ones. In
    Western languages single letters like ä stand among others, in twos at the most.
    """
    run = content[start:end]
    beside = content[max(start - 1, 0) : start] + content[end : end + 1]
    if len(run) <= 2 and LETTER.search(beside):
        return WESTERN
    if len(run) == 1 and not run.decode(WESTERN, "replace").isalpha():
        return WESTERN  # a sign such as € or °
    leads = run[::2]
    if PAIRS.fullmatch(run) and 2 * sum(lead in COMMON for lead in leads) > len(leads):
        return CHINESE
    return ""


def _is_chinese(leads: set[int]) -> bool:
    """Whether pairs that begin with these bytes are no Korean and no Japanese.

    Their encodings have the same pairs: Korean syllables begin with B0 to C8, where only half of
    the Chinese characters are, and Japanese has its kana at A4 and A5.
    """
    return max(leads) > 0xC8 and not leads & {0xA4, 0xA5}


def _doubt(content: bytes, name: str) -> str:
    """The sentence that shows what the first doubtful letters would be in each encoding."""
    places = [found.span() for found in islice(FOREIGN.finditer(content), LOOKED_AT)]
    first, _end = next((one for one in places if not _vote(content, *one)), places[0])
    start = max(content.rfind(sign, 0, first) for sign in (b",", b";", b"\t", b"\n", b"|"))
    piece = re.split(rb"[,;\t\r\n|]", content[start + 1 : start + 40], maxsplit=1)[0]
    readings = [
        f'{short(piece.decode(encoding, "replace"))} (encoding="{encoding}")'
        for encoding in POSSIBLE
        if decodes(content, encoding)
    ]
    if not readings:
        return _(
            "Expected a text file, but {name} is none, or is in an encoding of its own; save the "
            "table again as CSV (UTF-8)."
        ).format(name=short(name))
    return _(
        "Expected a text in UTF-8, but {name} is not. A word there may be {readings}; say "
        "which, or save the table again as CSV (UTF-8)."
    ).format(name=short(name), readings=listed(readings, _("{before} or {after}")))
