"""What memory a kernel needs with a lesson open, beside a kernel that has run nothing.

Each lesson is run from top to bottom in a kernel of its own, and its resident memory is read at the
end; so a teacher knows what thirty pupils on one server need. ``python benchmarks/memory.py``
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

LESSONS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
MEGABYTE = 1e6


def resident(cells: nbformat.NotebookNode) -> float:
    """Megabytes that a kernel holds once it has run these cells."""
    asking = new_code_cell("import os\nprint(os.getpid())")
    cells.cells.append(asking)
    client = NotebookClient(cells, kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    with client.setup_kernel():
        for place, cell in enumerate(cells.cells):
            client.execute_cell(cell, place)
        return psutil.Process(int(asking.outputs[0].text)).memory_info().rss / MEGABYTE


def main() -> None:
    """Measure, and print a table."""
    bare = resident(new_notebook())
    print("kernel                          megabytes   more than bare")
    print(f"{'bare':30}{bare:11.0f}")
    with_numpy = resident(new_notebook(cells=[new_code_cell("import numpy")]))
    print(f"{'numpy imported':30}{with_numpy:11.0f}{with_numpy - bare:17.0f}")
    for path in LESSONS:
        found = resident(nbformat.read(path, as_version=4))
        print(f"{path.stem:30}{found:11.0f}{found - bare:17.0f}", flush=True)


if __name__ == "__main__":
    main()
