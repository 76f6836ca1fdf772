"""The page's half knows what Python sends, and is one script out of modules that keep apart."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from backprop_lib import FactoryFloor
from backprop_lib.widgets import page
from backprop_lib.widgets.controls import Control
from backprop_lib.widgets.explorer import View
from tools import page_types

MODULES = sorted(path.name for path in page.STATIC.glob("*.js"))


def test_the_schema_says_what_python_says() -> None:
    written = page_types.SCHEMA.read_text(encoding="utf-8")
    assert written == page_types.schema(), "Run: python tools/page_types.py --write"


def test_the_page_is_sent_what_the_schema_says() -> None:
    more = {line.split(":")[0].strip() for line in page_types.MORE}
    sent = set(FactoryFloor.lemonade().view)
    assert sent == {field.name for field in fields(View)} | more


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (str, "string"),
        (list[tuple[str, int]], "Array<[string, number]>"),
        (tuple[float, ...], "Array<number>"),
        (dict[str, bool], "Record<string, boolean>"),
        (tuple[Control, ...], "Array<Control>"),
    ],
)
def test_types_of_python_as_types_of_the_page(kind: object, said: str) -> None:
    assert page_types.as_typescript(kind) == said


def test_a_type_that_the_page_cannot_get_is_no_type() -> None:
    with pytest.raises(KeyError):
        page_types.as_typescript(complex)


def test_the_script_holds_each_module_once_and_after_what_it_needs() -> None:
    assert "import " not in page.SCRIPT
    assert page.SCRIPT.count("\nexport ") == 1
    for name in MODULES:
        text = page.text_of(name)
        own = re.findall(r"^(?:export )?(?:const|function) (\w+)", text, re.M)
        for one in own:
            found = re.findall(rf"^(?:const|function) {one}\b", page.SCRIPT, re.M)
            assert len(found) == 1, f"{name} defines {one}, and so does another module."
        for needed in page.IMPORT.findall(text):
            first = re.search(r"^export (?:const|function) (\w+)", page.text_of(needed), re.M)
            assert first is not None
            assert page.SCRIPT.index(f" {first[1]}") < page.SCRIPT.index(f" {own[0]}")


def test_no_module_is_left_out_and_none_is_long() -> None:
    reached, ahead = set(), ["explorer.js"]
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead += set(page.IMPORT.findall(page.text_of(name))) - reached
    assert sorted(reached) == MODULES
    assert all(len(page.text_of(name).splitlines()) < 200 for name in MODULES)


def test_comments_are_left_out_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "// why\n/** @type {string} */\nconst a = 'http://b'; // kept\n"
        "/**\n * long * and\n * longer\n */\n  /** @param {c} d */\n  function e() {}\n"
    )
    monkeypatch.setattr(page, "text_of", {"a.js": text}.__getitem__)
    assert page.joined("a.js") == "const a = 'http://b'; // kept\n  function e() {}\n"


def test_where_npm_is_missing_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("BACKPROP_REQUIRE_TSC", raising=False)
    assert page_types.check() == 0
    assert capsys.readouterr().err.startswith("SKIPPED: the types of the page's half")
    monkeypatch.setenv("BACKPROP_REQUIRE_TSC", "1")
    assert page_types.check() == 1
    assert "There is no npm" in capsys.readouterr().err


@pytest.mark.thorough
@pytest.mark.skipif(
    not (page_types.TOOLS / "node_modules" / "typescript").is_dir() or not shutil.which("node"),
    reason="`make check-page` has not installed TypeScript here",
)
def test_a_misspelt_key_of_a_control_is_found(tmp_path: Path) -> None:
    shutil.copytree(page.STATIC, tmp_path / "static")
    fields_of = tmp_path / "static" / "fields.js"
    right = fields_of.read_text(encoding="utf-8")
    fields_of.write_text(right.replace("now.verdict", "now.verdikt"), encoding="utf-8")
    config = {"extends": str(page_types.TOOLS / "tsconfig.json"), "include": ["static/*"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    compiler = page_types.TOOLS / "node_modules" / "typescript" / "bin" / "tsc"
    command = ["node", str(compiler), "--project", str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode != 0
    assert re.findall(r"error \w+: .*", found.stdout) == [
        "error TS2551: Property 'verdikt' does not exist on type 'Answers'. Did you mean 'verdict'?"
    ]
