"""What all tests share: Hypothesis tries the same examples in every quick run.

So a run here fails only for what was changed here. ``HYPOTHESIS_PROFILE=default`` goes looking for
new ones, as GitHub's runs do.
"""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
