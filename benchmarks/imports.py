"""What ``import backprop_lib`` costs beside ``import numpy``, in processor time."""

from __future__ import annotations

import os
import subprocess
import sys

RUNS = 15
CODE = """
import time
start = time.process_time()
import numpy
middle = time.process_time()
import backprop_lib
print(middle - start, time.process_time() - middle)
"""


def main() -> None:
    """Print the table; compiled files are made by a first run, as an installation makes them."""
    environment = {key: value for key, value in os.environ.items() if "BYTECODE" not in key}
    runs = []
    for _run in range(RUNS + 1):
        done = subprocess.run(
            [sys.executable, "-c", CODE],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append([1000 * float(seconds) for seconds in done.stdout.split()])
    numpy_cost, own_cost = (min(costs) for costs in zip(*runs[1:], strict=True))
    print("import                  ms of processor time")
    print(f"numpy                   {numpy_cost:6.1f}")
    print(f"backprop_lib on top     {own_cost:6.1f}   (aim: at most 15)")
    print(f"ratio                   {own_cost / numpy_cost:6.2f}")


if __name__ == "__main__":
    main()
