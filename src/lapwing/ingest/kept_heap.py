"""Memory that the allocator keeps between two pieces of a report, rather than giving it back each time."""

from functools import lru_cache
from typing import Final

_BLOCK: Final = 8 << 20


@lru_cache(maxsize=1)
def keep_heap() -> None:
    """Have the C library keep some freed megabytes, once for the process.

    glibc gives back what is free at the end of the heap from 128 KiB on, and a piece of a report with what
    is made of it is more: of a thousand reports each had its 60 pages mapped anew, 5% of the time. Where a
    block as large as this one is freed, glibc takes it that such blocks come and go, and keeps twice as much
    (mallopt(3), "dynamic mmap threshold"). Nothing is written to it, so that it takes no memory.
    """
    bytes(_BLOCK)
