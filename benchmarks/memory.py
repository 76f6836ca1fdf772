"""What memory a lesson needs: its kernel, beside one that has run nothing, and the Jupyter server.

Each lesson is run from top to bottom in a kernel of its own, and its resident memory is read at the
end; so a teacher knows what thirty pupils on one machine need: each has a server and, for each
lesson that is open, a kernel. ``python benchmarks/memory.py``
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import psutil
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from jupyter_process import JupyterProcess  # noqa: E402

LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
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


def server_resident() -> float:
    """Megabytes that a Jupyter server holds once it has given out every lesson."""
    with TemporaryDirectory() as private, JupyterProcess(ROOT, Path(private)) as jupyter:
        for path in LESSONS:
            jupyter.ask(f"api/contents/notebooks/{path.name}")
        return psutil.Process(jupyter.pid).memory_info().rss / MEGABYTE


def main() -> None:
    """Measure, and print a table."""
    print(f"{'the Jupyter server':30}{server_resident():11.0f}\n")
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
