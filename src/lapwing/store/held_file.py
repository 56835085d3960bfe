"""One process at a time: a file that is held while a block lasts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lapwing.errors import StoreError


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Wait until nobody else holds `path`, which is made where it is missing, and hold it for the block.

    The system lets go of it however the process ends. Where it has no such locks (Windows) nobody waits.
    Raises StoreError where the file cannot be made.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StoreError(
            f"the file cannot be made ({error.strerror})",
            where=str(path),
            mend="Check the rights of its folder.",
        ) from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
