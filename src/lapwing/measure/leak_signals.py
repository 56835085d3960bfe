"""What grows where something leaks: blocks, heap, resident memory, open files, threads."""

import gc
import os
import sys
from _thread import _count as count_threads
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from lapwing.measure.psutil_facts import heap_bytes, trim_heap

_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_DESCRIPTORS: Final = "/proc/self/fd"


class Signal(StrEnum):
    """One thing that may grow."""

    BLOCKS = "blocks"  # that Python has allocated
    HEAP = "heap"  # bytes of the C library
    RESIDENT = "resident"  # bytes of the process in memory
    FILES = "files"  # open descriptors, sockets and pipes among them
    THREADS = "threads"  # that Python knows


def resident_bytes() -> int | None:
    """Bytes of this process in memory; None where the system does not tell."""
    try:
        # Not `open`, which probes count.
        fd = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except (AttributeError, OSError):
        return None
    try:
        return int(os.read(fd, 64).split(None, 2)[1]) * _PAGE
    finally:
        os.close(fd)


def open_files() -> int | None:
    """Open descriptors of this process; None where the system does not tell."""
    try:
        return len(os.listdir(_DESCRIPTORS)) - 1  # noqa: PTH208, the listing itself is open
    except OSError:
        return None


READERS: Final[Mapping[Signal, Callable[[], int | None]]] = {
    Signal.BLOCKS: sys.getallocatedblocks,
    Signal.HEAP: heap_bytes,
    Signal.RESIDENT: resident_bytes,
    Signal.FILES: open_files,
    Signal.THREADS: count_threads,
}
"""How each signal is read. Blocks first: reading the others makes some."""


def settle() -> None:
    """Let go of what nobody holds: cycles, and the reserve of the C library."""
    gc.collect()
    trim_heap()
