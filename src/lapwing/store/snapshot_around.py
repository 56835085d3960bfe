"""One state of a store around a block that also does other things than reading it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager


@contextmanager
def snapshot_around(
    snapshot: AbstractContextManager[None], complaints: Callable[[], AbstractContextManager[None]]
) -> Iterator[None]:
    """`snapshot` around the block; only what its beginning and its end raise goes through `complaints`.

    What the block itself raises is not the store's: its own methods have said what they complain of.
    """
    with complaints():
        snapshot.__enter__()
    try:
        yield
    except BaseException:
        with complaints():
            snapshot.__exit__(*sys.exc_info())
        raise
    with complaints():
        snapshot.__exit__(None, None, None)
