"""The threads that Jupyter starts, and we never do: a page's words may come beside a running cell.

From the second word on, JupyterLab sends them to what ipykernel calls a subshell: a thread of its
own, in which no interrupt arrives, and which does not wait for cells.
"""

from __future__ import annotations

import threading

# One at a time moves an explorer. One lock for all of them, since they may be linked.
LOCK = threading.RLock()


def in_main_thread() -> bool:
    """Whether this is where cells run, and where an interrupt strikes."""
    return threading.current_thread() is threading.main_thread()
