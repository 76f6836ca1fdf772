"""The tool that plants faults: which it finds, that it plants just one, and what it counts."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tools.faults import planting
from tools.faults.__main__ import in_room, sample

ROOT = Path(__file__).resolve().parent.parent


def changes(source: str) -> list[str]:
    return [f"{fault.before} → {fault.after}" for fault in planting.faults(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x < y", "x < y → x <= y"),
        ("x is None", "x is None → x is not None"),
        ("x in y", "x in y → x not in y"),
        ("x + y", "x + y → x - y"),
        ("x / y", "x / y → x * y"),
        ("x and y", "x and y → x or y"),
        ("not x", "not x → x"),
        ("-x", "-x → x"),
        ("x if y else z", "x if y else z → z if y else x"),
        ("min(x)", "min(x) → max(x)"),
        ("x.any()", "x.any() → x.all()"),
        ("abs(x)", "abs(x) → x"),
        ("f(x, y)", "f(x, y) → f(y, x)"),
        ("f(a=x, b=y)", "f(a=x, b=y) → f(a=y, b=x)"),
        ("[x for x in y if x]", "x → not x"),
        ("7", "7 → 8"),
        ("0.0", "0.0 → 1.0"),
        ("2.5", "2.5 → 5.0"),
        ("1e-9", "1e-09 → 1e-06"),
        ("True", "True → False"),
        ("'relu'", "'relu' → 'relu_'"),
        ("'<g class=\"lit\">'", "'<g class=\"lit\">' → '<g class=\"no-lit\">'"),
    ],
)
def test_each_kind_of_slip_is_found(source: str, expected: str) -> None:
    assert changes(f"a = {source}") == [expected]


def test_a_statement_may_be_forgotten_and_a_condition_turned_round() -> None:
    assert changes("f(x)") == ["f(x) → (left out)"]
    assert changes("if x: raise ValueError(y + z)") == [
        "x → not x",
        "raise ValueError(y + z) → (left out)",
    ]
    assert changes("x += y") == ["x += y → (left out)", "x += y → x -= y"]
    assert changes("for x in y: break") == ["break → continue"]


@pytest.mark.parametrize(
    "source",
    [
        '"""One plus 1."""',
        "from math import pi",
        "assert x < 1",
        "x: Literal['a', 'b']",
        "def f(x: int | None = y) -> list[int]: ...",
        "a = _('Expected {x}.', y)",
        "a = f'{x:.3f} apples'",
        "zip(x, strict=True).y = z",
        "a = min(x, y).z(strict=True)",
        "__all__ = ['a']",
        "if TYPE_CHECKING: x = 1",
    ],
)
def test_what_is_read_by_people_and_type_checkers_alone_stays(source: str) -> None:
    assert [change for change in changes(source) if not change.startswith("min")] == []


MODULE = '''
"""A module."""
LIMIT = 3


class Gate:
    """A gate."""

    def open(self, mix: float) -> bool:
        if mix > 0 and mix < LIMIT or mix == 7:
            self.note(mix, 1)
        return mix > 0
'''


def test_each_fault_changes_just_what_it_says() -> None:
    sound = ast.unparse(ast.parse(MODULE)).splitlines()
    found = planting.faults(MODULE)
    assert len({fault.name for fault in found}) == len(found) > 10
    for fault in found:
        lines = ast.unparse(planting.planted(MODULE, fault.number)).splitlines()
        changed = [(a, b) for a, b in zip(sound, lines, strict=True) if a != b]
        assert len(changed) == 1, fault
    assert found[0].inside == "(module)"
    assert {fault.inside for fault in found[1:]} == {"Gate.open"}
    again = [
        fault.name for fault in found if (fault.before, fault.after) == ("mix > 0", "mix >= 0")
    ]
    assert again == ["Gate.open: mix > 0 → mix >= 0", "Gate.open: mix > 0 → mix >= 0 #2"]
    with pytest.raises(IndexError, match="below"):
        planting.planted(MODULE, len(found))


def test_a_marked_module_tells_the_blocks_in_which_its_faults_are() -> None:
    went: list[int] = []
    names = {planting.MARK: went.append}
    exec(compile(planting.marked(MODULE), "marked", "exec"), names)
    assert went == []
    gate = names["Gate"]()  # type: ignore[operator]
    gate.note = lambda *_values: None
    assert not gate.open(0)
    outside = set(went)
    assert gate.open(2)
    blocks = {fault.after: fault.block for fault in planting.faults(MODULE)}
    assert {blocks["mix >= 0"]} == outside
    assert {blocks["self.note(1, mix)"]} == set(went) - outside
    assert blocks["4"] == 0


FILES = {
    "pyproject.toml": "",
    "backprop_lib/__init__.py": "",
    "backprop_lib/engine/__init__.py": "",
    "backprop_lib/engine/sums.py": """
def twice(x):
    return x + x


def never(x):
    return x - 1


def once():
    while True:
        break
    return 1
""",
    "tests/test_sums.py": """
from backprop_lib.engine.sums import once, twice


def test_twice():
    assert twice(3) == 6


def test_once():
    assert once() == 1
""",
    "tools/faults/no_faults.toml": """
"engine/sums.py never: x - 1 → x + 1" = "nobody asks"
"engine/sums.py twice: x + x → x - x" = "it is the same"
"engine/sums.py gone: 1 → 2" = "it was there once"
""",
}


@pytest.mark.thorough  # it starts pytest eight times
def test_it_counts_what_is_caught_and_tells_what_survives(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "tools.faults", "engine", "--all", "--caught"]
    command += ["--seconds", "1", "--root", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, done.stderr
    found = [line.strip() for line in done.stdout.splitlines()]
    assert "\n".join(found).startswith(
        "Running all tests once, to see where each of them goes.\n2 tests passed"
    )
    assert found[2:12] == [
        "no fault engine/sums.py:3 twice: x + x → x - x",
        "no fault engine/sums.py:7 never: x - 1 → x + 1",
        "SURVIVED engine/sums.py:7 never: 1 → 2",
        "0 of 0 tests tried",
        "SURVIVED engine/sums.py:11 once: True → False",
        "2 of 2 tests tried",
        "caught   engine/sums.py:12 once: break → continue",
        "by it never ended",
        "caught   engine/sums.py:13 once: 1 → 2",
        "by tests/test_sums.py::test_once",
    ]
    assert found[14].split() == ["engine", "2", "4", "50%", "2"]
    assert found[16:] == [
        "engine/sums.py gone: 1 → 2 is said to be no fault, and can't be planted any more.",
        "engine/sums.py twice: x + x → x - x is said to be no fault, but "
        "tests/test_sums.py::test_twice catches it.",
        "engine: 50% caught, and 90% is wanted.",
        "engine: 2 of 6 are said to be no faults.",
    ]
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in FILES} == FILES


def test_a_sample_hangs_on_the_seed_alone() -> None:
    found = in_room(ROOT, "words")
    assert len(found) > 500
    one = sample(found, "words", 20, seed=1)
    assert one == sample(found, "words", 20, seed=1)
    assert one != sample(found, "words", 20, seed=2)
    assert len({drawn.name for drawn in one}) == 20
    assert sample(found, "words", 10**6, seed=1) == found
