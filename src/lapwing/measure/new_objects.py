"""Work in which the garbage collector leaves alone what was there before."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def only_new_objects() -> Iterator[None]:
    """Inside, a collection walks through what is made from now on alone.

    Measured in a process with 6,000 tests: a search for leaks took 25 s without this, 0.5 s with it.
    """
    gc.collect()
    is_ours = gc.get_freeze_count() == 0  # else somebody has done so for good
    if is_ours:
        gc.freeze()
    try:
        yield
    finally:
        if is_ours:
            gc.unfreeze()
