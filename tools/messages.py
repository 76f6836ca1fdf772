"""Keep the catalogues of words in step with the code: extract, update, compile.

    python tools/messages.py              after changing a sentence or a translation
    python tools/messages.py --add pl     begin a new language
    python tools/messages.py --check      change nothing; exit 1 when something is out of step

Every text in a call of gettext, _ or ngettext in backprop_lib is a message. They are collected in
backprop_lib/i18n/locale/backprop_lib.pot, and from there in each language's .po, which a translator
edits; what is translated goes into the .mo that the package reads. The files hold no dates and no
line numbers, so they change only when words do. Babel does the work; only developers need it.
"""

from __future__ import annotations

import argparse
import ast
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": (1,), "gettext": (1,), "ngettext": (1, 2)}  # which arguments are messages
PERCENT = "python-format"  # what Babel takes "97 % of" for; our gaps have names in braces
HEADER = """\
# The words of the Backprop Factory.
# README.md in the folder locale says how to translate them."""
UNSTABLE_HEADERS = (
    '"Project-Id-Version:',
    '"Report-Msgid-Bugs-To:',
    '"POT-Creation-Date:',
    '"PO-Revision-Date:',
    '"Generated-By:',
)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line on the repository at ``root``; return the exit code."""
    parser = argparse.ArgumentParser(description="Keep the catalogues of words in step.")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is due")
    parser.add_argument("--add", metavar="CODE", help="begin a language, such as pl or zh")
    chosen = parser.parse_args(arguments)
    if chosen.add is not None and (problem := add_language(root, chosen.add)):
        print(problem)
        return 1
    due, problems = files_due(root)
    stale = [path for path, content in due.items() if not is_there(path, content)]
    for path in stale:
        name = path.relative_to(root).as_posix()
        if chosen.check:
            problems.append(f"{name} is stale: run python tools/messages.py and commit it.")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(due[path])
            print(f"Wrote {name}.")
    for problem in problems:
        print(problem)
    if not stale and not problems:
        print("The catalogues are in step with the code.")
    return 1 if problems else 0


def files_due(root: Path) -> tuple[dict[Path, bytes], list[str]]:
    """Return what each file of words should hold, and a sentence about each fault in them."""
    template, problems = extract(root), unextractable(root)
    locale = root / "backprop_lib" / "i18n" / "locale"
    due = {locale / "backprop_lib.pot": as_po(template)}
    for path in sorted(locale.glob("*/LC_MESSAGES/backprop_lib.po")):
        code = path.parts[-3]
        with path.open("rb") as file:
            catalog = read_po(file, locale=code)
        # A changed sentence becomes an untranslated one: better English than nearly right.
        catalog.update(template, no_fuzzy_matching=True)
        due[path] = as_po(catalog)
        due[path.with_suffix(".mo")] = as_mo(catalog)
        problems += [
            f"{code}: {fault}" for message in catalog if (fault := fault_of(message, catalog))
        ]
    return due, problems


def is_there(path: Path, content: bytes) -> bool:
    """Tell whether the file at ``path`` holds ``content`` already."""
    return path.exists() and path.read_bytes() == content


def add_language(root: Path, code: str) -> str:
    """Begin a catalogue with the plural rule of the language; return what hinders, or nothing."""
    try:
        language = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return f"Expected the code of a language, such as pl or zh_TW, but {code!r} came."
    path = root / "backprop_lib" / "i18n" / "locale" / code / "LC_MESSAGES" / "backprop_lib.po"
    if path.exists():
        return f"There is a catalogue for {code} already: edit {path.relative_to(root).as_posix()}."
    path.parent.mkdir(parents=True)
    path.write_bytes(as_po(Catalog(locale=language, header_comment=HEADER, fuzzy=False)))
    return ""


def extract(root: Path) -> Catalog:
    """Return the template: every message in the package's code, in the order of its files."""
    template = Catalog(header_comment=HEADER, fuzzy=False)
    for path in sources(root):
        found = extract_from_file(
            "python",
            path,
            keywords=KEYWORDS,
            comment_tags=["Translators:"],
            strip_comment_tags=True,
        )
        location = (path.relative_to(root).as_posix(), 0)  # line 0 is not written
        for _line, message, comments, context in found:
            template.add(message, locations=[location], auto_comments=comments, context=context)
    return template


def unextractable(root: Path) -> list[str]:
    """Return a sentence for each text that is put together before it is translated."""
    problems = []
    for path in sources(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                texts = node.args[: len(KEYWORDS.get(name, ()))]
                if any(isinstance(text, ast.JoinedStr | ast.BinOp | ast.Call) for text in texts):
                    problems.append(
                        f"{path.relative_to(root).as_posix()}, line {node.lineno}: no catalogue "
                        f"can hold this text; write {name}(...) around the whole sentence with "
                        "named gaps, and .format(...) after it."
                    )
    return problems


def sources(root: Path) -> list[Path]:
    """Return the package's Python files in a fixed order."""
    return sorted((root / "backprop_lib").rglob("*.py"))


def as_po(catalog: Catalog) -> bytes:
    """Return the text form of a catalogue, without what changes by itself."""
    for message in catalog:
        message.flags.discard(PERCENT)
    file = BytesIO()
    write_po(file, catalog, width=0)
    lines = file.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(UNSTABLE_HEADERS)).encode("utf-8")


def as_mo(catalog: Catalog) -> bytes:
    """Return the compiled form of a catalogue: what is translated wholly and without fault."""
    compiled = Catalog(
        locale=catalog.locale, creation_date=datetime(1970, 1, 1, tzinfo=UTC), fuzzy=False
    )
    for message in catalog:
        if message.id and all(forms(message.string)) and not fault_of(message, catalog):
            compiled.add(message.id, message.string, flags=message.flags, context=message.context)
    file = BytesIO()
    write_mo(file, compiled)
    return file.getvalue()


def fault_of(message: Message, catalog: Catalog) -> str:
    """Return a sentence when a translation has other gaps or plural forms than it should."""
    if not message.id or not any(forms(message.string)):
        return ""
    message.flags.discard(PERCENT)
    for error in message.check(catalog):
        return f"{message.string!r} for {message.id!r}: {error}."
    wanted = {gap for text in forms(message.id) for gap in gaps(text)}
    for text in filter(None, forms(message.string)):
        found = gaps(text)
        # "one lemon" may leave its number out; a sentence that is not counted keeps every gap.
        if not found <= wanted or (not message.pluralizable and found != wanted):
            return f"Expected the gaps {sorted(wanted)} of {message.id!r}, but {text!r} came."
    return ""


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the plural forms of a message, or its only one."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def gaps(text: str) -> set[str]:
    """Return the names of the gaps in a sentence, such as {"n"} for "{n} lemons"."""
    try:
        return {name for _text, name, _format, _conversion in Formatter().parse(text) if name}
    except ValueError:
        return {"an unfinished brace"}


if __name__ == "__main__":
    raise SystemExit(main())
