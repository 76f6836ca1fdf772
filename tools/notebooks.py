"""Run every lesson from top to bottom in a fresh kernel and save it in one normal form.

The normal form holds nothing that changes from run to run or from machine to machine, so running
this twice gives the same bytes. With ``--check`` nothing is run and nothing is written: each lesson
that is not in that form is named, with what is wrong.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.validator import NotebookValidationError

Notebook = dict[str, Any]
Cell = dict[str, Any]

LESSONS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS_PER_CELL = 120

# The format with cell ids, the oldest that all of today's programs read.
FORMAT = (4, 5)
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
VALID_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# Traces of one run or of one editor. All other metadata (tags, a folded source) is the author's.
PASSING_NOTEBOOK_METADATA = ("interpreter", "orig_nbformat", "signature", "vscode", "widgets")
PASSING_CELL_METADATA = ("ExecuteTime", "execution", "trusted", "vscode")

# What repr() gives an object that has none of its own: another number in each run.
MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


class LessonError(Exception):
    """A lesson that cannot be read, or cannot be run and saved; its text is a whole sentence."""


def read(path: Path) -> Notebook:
    """The notebook in a file, as it is there. Raises `LessonError` if it is none of format 4."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise LessonError(f"{path.name}: this is not JSON, so no notebook: {error}.") from error
    if (
        not isinstance(notebook, dict)
        or notebook.get("nbformat") != FORMAT[0]
        or not isinstance(notebook.get("cells"), list)
    ):
        raise LessonError(f"{path.name}: this is not a notebook of format 4; save it in Jupyter.")
    return notebook


def normal(notebook: Notebook) -> Notebook:
    """A copy of the notebook in normal form. Cells that were never run stay without a number."""
    notebook = copy.deepcopy(notebook)
    notebook["nbformat"], notebook["nbformat_minor"] = FORMAT
    metadata = notebook.setdefault("metadata", {})
    for key in PASSING_NOTEBOOK_METADATA:
        metadata.pop(key, None)
    metadata["kernelspec"] = dict(KERNEL)
    metadata["language_info"] = dict(LANGUAGE)
    _give_ids(notebook["cells"])
    numbers = count(1)
    for cell in notebook["cells"]:
        for key in PASSING_CELL_METADATA:
            cell.setdefault("metadata", {}).pop(key, None)
        if cell["cell_type"] == "code":
            if cell.get("execution_count") is not None:
                cell["execution_count"] = next(numbers)
            cell["outputs"] = list(_normal_outputs(cell))
    return notebook


def text(notebook: Notebook) -> str:
    """The notebook as the text of a file: keys in order, an indent of one, a newline at the end."""
    written: str = nbformat.writes(nbformat.from_dict(notebook))
    return written.rstrip("\n") + "\n"


def run(notebook: Notebook, folder: Path, name: str) -> Notebook:
    """The notebook with the outputs of a run in a fresh kernel, in normal form.

    The kernel works in `folder`. Raises `LessonError`, which calls the notebook `name`, when a cell
    stops with an error, takes too long, writes to stderr or shows a memory address.
    """
    notebook = normal(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
            cell["outputs"] = []
    node = nbformat.reads(text(notebook), as_version=FORMAT[0])
    running = 0

    def note(cell: Cell, cell_index: int) -> None:
        nonlocal running
        running = cell_index

    client = NotebookClient(
        node,
        timeout=SECONDS_PER_CELL,
        kernel_name=KERNEL["name"],
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        on_cell_execute=note,
    )
    try:
        nbformat.validate(node)
        client.execute()
    except NotebookValidationError as error:
        raise LessonError(f"{name}: this is not a valid notebook: {error.message}.") from error
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        where = f"{name}: {_place(node.cells, running)}"
        if isinstance(error, CellExecutionError):
            raise LessonError(f"{where} stopped with {error.ename}: {error.evalue}") from error
        if isinstance(error, CellTimeoutError):
            raise LessonError(f"{where} took more than {SECONDS_PER_CELL} seconds.") from error
        raise LessonError(f"{where} ended the kernel, which died.") from error
    executed = normal(node)
    for complaint in _output_complaints(executed):
        raise LessonError(f"{name}: {complaint}.")
    return executed


def complaints(path: Path) -> list[str]:
    """What keeps a file from being a lesson that was run and saved here, a phrase each."""
    found = path.read_bytes().decode("utf-8")
    notebook = read(path)
    wanted = normal(notebook)
    numbers = [cell["execution_count"] for cell in _cells_to_run(notebook)]
    phrases = []
    if None in numbers:
        phrases.append(f"{numbers.count(None)} of its {len(numbers)} code cells were not run")
    elif numbers != list(range(1, len(numbers) + 1)):
        phrases.append("its code cells were not run in order, from the first to the last")
    ids = [cell.get("id") for cell in notebook["cells"]]
    if ids != [cell["id"] for cell in wanted["cells"]]:
        phrases.append("cell ids are missing, invalid or there twice")
    if _metadata(notebook) != _metadata(wanted):
        phrases.append("its metadata tell of one run, one editor or one Python version")
    if any(WIDGET_VIEW in output.get("data", {}) for output in _outputs(notebook)):
        phrases.append("an output holds a view of a live widget, which nobody else can show")
    phrases.extend(_output_complaints(notebook))
    if not phrases and found != text(wanted):
        phrases.append("its text is laid out in another way")
    return phrases


def main(arguments: Sequence[str] | None = None) -> int:
    """Run or check the lessons; the exit status is 1 when one of them needs a hand."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="only say which are not in order")
    parser.add_argument(
        "lessons", nargs="*", type=Path, help="notebooks (default: all in notebooks/)"
    )
    options = parser.parse_args(arguments)
    paths = options.lessons or sorted(LESSONS.glob("*.ipynb"))
    if not paths:
        print(f"There is no notebook in the folder {LESSONS.name}/.", file=sys.stderr)
        return 1
    handle = _check if options.check else _run_and_save
    failed = 0
    for path in paths:
        try:
            print(handle(path), flush=True)
        except (LessonError, OSError) as error:
            print(error, file=sys.stderr, flush=True)
            failed += 1
    return 1 if failed else 0


def _check(path: Path) -> str:
    phrases = complaints(path)
    if phrases:
        raise LessonError(f"{path.name}: {'; '.join(phrases)}. Run `make notebooks`.")
    return f"{path.name}: in order."


def _run_and_save(path: Path) -> str:
    before = path.read_bytes()
    after = text(run(read(path), path.resolve().parent, path.name)).encode("utf-8")
    if after == before:
        return f"{path.name}: ran, and is the same as before."
    path.write_bytes(after)
    return f"{path.name}: ran, and was saved."


def _give_ids(cells: list[Cell]) -> None:
    """Keep every valid id where it comes first; make the others from the cell's content."""
    taken: set[str] = set()
    nameless = []
    for cell in cells:
        found = cell.get("id")
        if isinstance(found, str) and VALID_ID.fullmatch(found) and found not in taken:
            taken.add(found)
        else:
            nameless.append(cell)
    for cell in nameless:
        content = cell["cell_type"] + "\n" + _joined(cell["source"])
        for attempt in count():
            digest = hashlib.sha256(f"{attempt}\n{content}".encode())
            if (made := digest.hexdigest()[:8]) not in taken:
                break
        cell["id"] = made
        taken.add(made)


def _normal_outputs(cell: Cell) -> Iterator[dict[str, Any]]:
    """A cell's outputs: one stream where a run happened to cut it, and no view of a live widget."""
    previous: dict[str, Any] | None = None
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream":
            output["text"] = _joined(output["text"])
            if previous and previous.get("name") == output["name"]:
                previous["text"] += output["text"]
                continue
        if output["output_type"] == "execute_result":
            output["execution_count"] = cell.get("execution_count")
        if "data" in output:
            output["data"].pop(WIDGET_VIEW, None)
            output.get("metadata", {}).pop(WIDGET_VIEW, None)
            if not output["data"]:
                continue
        previous = output
        yield output


def _output_complaints(notebook: Notebook) -> Iterator[str]:
    """What must not be in any output, with the cell in which it is."""
    for index, cell in enumerate(notebook["cells"]):
        where = _place(notebook["cells"], index)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            said = _joined(output.get("text", "")) or _joined(data.get("text/plain", ""))
            if output.get("name") == "stderr":
                yield f"{where} wrote to stderr: {said.strip()!r}"
            elif MEMORY_ADDRESS.search(said):
                yield f"{where} shows a memory address, new in each run: {said.strip()!r}"


def _cells_to_run(notebook: Notebook) -> list[Cell]:
    """The code cells with something in them: a kernel does not count empty ones."""
    cells = notebook["cells"]
    return [c for c in cells if c["cell_type"] == "code" and _joined(c["source"]).strip()]


def _outputs(notebook: Notebook) -> Iterator[dict[str, Any]]:
    for cell in notebook["cells"]:
        yield from cell.get("outputs", [])


def _metadata(notebook: Notebook) -> list[dict[str, Any]]:
    return [notebook.get("metadata", {}), *(cell.get("metadata", {}) for cell in notebook["cells"])]


def _place(cells: list[Cell], index: int) -> str:
    """A cell as a person finds it: its position in the notebook and its id."""
    return f"cell {index + 1} of {len(cells)} (id {cells[index].get('id')})"


def _joined(lines: str | list[str]) -> str:
    """A text that a notebook file may hold whole or as a list of lines."""
    return lines if isinstance(lines, str) else "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
