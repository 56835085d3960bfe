"""Work in which the garbage collector leaves alone what was there before."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SET_ASIDE: Final = 2_000
"""Objects from which somebody has frozen them for good.

Python 3.12 itself counts its immortal ones, some hundreds, after a collection; an empty process has 5,000.
"""


def are_objects_set_aside() -> bool:
    """Whether somebody has taken many objects out of the collector's sight (`gc.freeze`)."""
    return gc.get_freeze_count() >= _SET_ASIDE


@contextmanager
def only_new_objects() -> Iterator[None]:
    """Inside, a collection walks through what is made from now on alone.

    Measured in a process with 6,000 tests: a search for leaks took 25 s without this, 0.5 s with it.
    """
    gc.collect()
    is_ours = not are_objects_set_aside()
    if is_ours:
        gc.freeze()
    try:
        yield
    finally:
        if is_ours:
            gc.unfreeze()
