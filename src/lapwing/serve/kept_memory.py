"""Memory that a process of the server keeps from one answer to the next."""

import ctypes
import sys
from contextlib import suppress
from typing import Final

_TRIM_THRESHOLD: Final = -1  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
_MMAP_THRESHOLD: Final = -3
_MOST_BYTES: Final = 64_000_000
_LARGEST: Final = 32_000_000  # glibc takes no more


def keep_memory() -> None:
    """Let this process keep up to 64 MB of what it has freed, and blocks of up to 32 MB among it.

    The C library of most Linux systems gives the memory of a large answer back to the system, which hands it
    out page by page for the next: on a virtual machine that is a sixth of the time of such an answer.
    With another C library nothing is changed.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):  # another C library has no such function
        set_option = ctypes.CDLL(None).mallopt
        set_option(_MMAP_THRESHOLD, _LARGEST)
        set_option(_TRIM_THRESHOLD, _MOST_BYTES)
