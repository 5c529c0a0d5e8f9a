"""What a process has loaded to work at all stays: the garbage collector need not look at it again and again.

A full collection looks at every object there is, some tenths of a second in a whole house, and nobody is
answered meanwhile.
"""

import gc

FIRST_LOOK = 10_000
"""New objects before the collector looks at the young ones: a request makes some thousands."""


def settle() -> None:
    """Call once, when everything is loaded: from now on only what comes later is looked at."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(FIRST_LOOK, *gc.get_threshold()[1:])
