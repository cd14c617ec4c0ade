# SPDX-License-Identifier: MIT
"""Where the random numbers of a test begin, as in tests/seed.hpp: in the same place each time, so that a change is what makes it
fail. MLSCRIBE_TEST_SEED=<number> in the environment begins elsewhere."""
import os


def seed(usual):
    """For an engine; told for when something fails."""
    begun = int(os.environ.get("MLSCRIBE_TEST_SEED", usual))
    print(f"MLSCRIBE_TEST_SEED={begun}")
    return begun
