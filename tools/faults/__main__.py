"""Plant a sample of faults in each room, run the tests that may see them, and print what is caught.

A fault that survives is a test to write, or no fault: then it stands in ``no_faults.toml`` with the
reason. Those are planted as well, are counted apart, and one that a test catches is refused there.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import pickle
import random
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # a process with threads cannot be forked safely
os.environ.setdefault("MPLBACKEND", "agg")

from tools.faults import planting, running, trying  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
# Rooms, and the least share of faults that must be caught there.
ROOMS = {"engine": 0.9, "study": 0.9, "words": 0.8, "pictures": 0.8}
MOST_NO_FAULTS = 0.1  # more of a sample than this is no list of exceptions any more


@dataclass(frozen=True)
class Planted:
    """One fault of a sample, by the file in the package that it is in."""

    module: str
    fault: planting.Fault

    @property
    def name(self) -> str:
        """What the list of no faults knows it by."""
        return f"{self.module} {self.fault.name}"

    @property
    def place(self) -> str:
        """Where to look."""
        return f"{self.module}:{self.fault.line} {self.fault.name}"


def in_room(root: Path, room: str) -> list[Planted]:
    """All faults that can be planted in a room, in the order of its files."""
    folder = root / running.PACKAGE
    return [
        Planted(path.relative_to(folder).as_posix(), fault)
        for path in sorted((folder / room).rglob("*.py"))
        for fault in planting.faults(path.read_text(encoding="utf-8"))
    ]


def sample(found: list[Planted], room: str, count: int, seed: int) -> list[Planted]:
    """So many of the faults of a room, or all, drawn by the seed."""
    drawn = random.Random(f"{room} {seed}").sample(range(len(found)), min(count, len(found)))
    return [found[place] for place in sorted(drawn)]


def known_map(root: Path) -> running.Map:
    """Where each test goes; kept until the package or a test changes."""
    everything = hashlib.sha256()
    for folder in (running.PACKAGE, "tests", "notebooks", "tools"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".ipynb", ".js", ".css"):
                everything.update(path.as_posix().encode() + path.read_bytes())
    kept = root / "build" / "faults" / everything.hexdigest()[:16]
    if not kept.exists():
        print("Running all tests once, to see where each of them goes.", flush=True)
        began = time.monotonic()
        made = trying.mapped(root)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(made))
        took = time.monotonic() - began
        print(f"{len(made.places)} tests passed, in {took:.0f} s.", flush=True)
    loaded = pickle.loads(kept.read_bytes())
    assert isinstance(loaded, running.Map)
    return loaded


@dataclass
class Tally:
    """What came of the faults planted in one room."""

    room: str
    caught: int = 0
    survived: int = 0
    no_faults: int = 0
    complaints: list[str] = field(default_factory=list)

    def count(self, one: Planted, verdict: trying.Verdict, listed: bool) -> str:
        """Count a fault, and tell of it."""
        if listed:
            self.no_faults += 1
            if verdict.caught:
                self.complaints.append(
                    f"{one.name} is said to be no fault, but {verdict.by} catches it."
                )
            return f"no fault {one.place}"
        self.caught += verdict.caught
        self.survived += not verdict.caught
        if verdict.caught:
            return f"caught   {one.place}\n         by {verdict.by}"
        tests = f"{verdict.tried} of {verdict.known} tests tried"
        return f"SURVIVED {one.place}\n         {tests}"

    def row(self) -> str:
        """The line of the table; what is amiss is among the complaints then."""
        planted, least = self.caught + self.survived, ROOMS.get(self.room, 0.0)
        share = self.caught / planted if planted else 1.0
        if share < least:
            self.complaints.append(f"{self.room}: {share:.0%} caught, and {least:.0%} is wanted.")
        if self.no_faults > max(1, MOST_NO_FAULTS * (planted + self.no_faults)):
            self.complaints.append(
                f"{self.room}: {self.no_faults} of {planted + self.no_faults} "
                "are said to be no faults."
            )
        return f"{self.room:10} {self.caught:7} {planted:8} {share:7.0%} {self.no_faults:10}"


def main(arguments: list[str] | None = None) -> int:
    """Print each survivor and a table by room; 1 if something is amiss in one of them."""
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=__doc__)
    parser.add_argument("rooms", nargs="*", default=list(ROOMS), help="of the package")
    parser.add_argument("--count", type=int, default=60, help="faults a room (60)")
    parser.add_argument("--all", action="store_true", help="all faults of the rooms")
    parser.add_argument("--seed", type=int, default=1, help="which faults are drawn (1)")
    parser.add_argument("--only", default="", help="files whose path contains this")
    parser.add_argument("--seconds", type=float, default=20.0, help="of tests for a fault (20)")
    parser.add_argument("--caught", action="store_true", help="tell of those that are caught too")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    trying.load()
    where = known_map(root)
    list_ = root / "tools" / "faults" / "no_faults.toml"
    reasons = tomllib.loads(list_.read_text(encoding="utf-8")) if list_.exists() else {}
    began, rows, complaints = time.monotonic(), [], []
    with contextlib.suppress(KeyboardInterrupt):  # what was tried by then is counted
        for room in given.rooms:
            tally = Tally(room)
            possible = in_room(root, room)
            names = {one.name for one in possible}
            tally.complaints += [
                f"{name} is said to be no fault, and can't be planted any more."
                for name in reasons
                if name.startswith(f"{room}/") and name not in names
            ]
            some = [one for one in possible if given.only in one.module]
            try:
                for one in some if given.all else sample(some, room, given.count, given.seed):
                    verdict = trying.tried(root, where, one.module, one.fault, given.seconds)
                    told = tally.count(one, verdict, one.name in reasons)
                    if given.caught or told.startswith("SURVIVED"):
                        print(told, flush=True)
            finally:
                rows.append(tally.row())
                complaints += tally.complaints
    took = time.monotonic() - began
    print(f"\n{'room':10} {'caught':>7} {'planted':>8} {'share':>7} {'no faults':>10}")
    print(*rows, f"Seed {given.seed}, {took:.0f} s.", *complaints, sep="\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
