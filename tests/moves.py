"""How many random moves each explorer has to bear in its test.

A quick run takes 2,000; ``RANDOM_MOVES=10000`` takes what is promised, as GitHub's runs do.
"""

import os

MOVES = int(os.environ.get("RANDOM_MOVES", "2000"))
