"""What all tests share: how thorough a run is; see ``thorough.py``."""

import pytest
from hypothesis import settings
from thorough import THOROUGH

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("default" if THOROUGH else "repeatable")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked ``thorough``, unless this run is."""
    if THOROUGH:
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
