"""What the system tells about this process at one moment, read cheaply enough for every test.

On Linux from files of /proc that stay open (a reading is one `pread`, 10 to 20 times cheaper
than through psutil); elsewhere from `getrusage` alone, or nothing. All values are cumulative
counters or states; the reader takes differences.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from _thread import _count as _count_threads  # what `threading` counts, without its lock and lists
from collections.abc import Callable
from functools import partial
from operator import itemgetter
from struct import Struct
from typing import Any, Final

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_HIGH_FD: Final = 200  # above what tests that count or close low descriptors touch
# As many bytes as are of use: more would be cut off again, and above 480 be asked of the system.
_STATM_BYTES: Final = 24
_IO_BYTES: Final = 64
_STATUS_BYTES: Final = 470
_WHOLE_STATUS: Final = 1 << 16
_MEMORY: Final = Struct("6sx8s11x8s")  # of `VmHWM:\t   12345 kB\nVmRSS:\t   12345 kB`
_unpack_memory: Final = _MEMORY.unpack_from
_own_usage: Final = itemgetter(14, 15, 6, 7)  # of `getrusage`: both kinds of switches and of page faults
_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def _open_high(path: str, flags: int) -> int:
    """A descriptor for `path` out of the way of low numbers; -1 where it cannot be had."""
    try:
        low = os.open(path, flags | os.O_CLOEXEC)
    except OSError:
        return -1
    return move_high(low)


def move_high(low: int) -> int:
    """`low` moved to a high descriptor number, closed on exec; `low` itself where that fails."""
    try:
        import fcntl

        high = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, _HIGH_FD)
    except (ImportError, OSError):
        return low
    os.close(low)
    return high


Usage = tuple[int, int, int, int]
"""Voluntary and involuntary context switches, minor and major page faults."""


def allocated_blocks() -> int | None:
    """Blocks of memory that Python's allocator has given out; None where it does not tell.

    What the end of a process takes goes with them. To count a million takes 0.1 ms.
    """
    count: Callable[[], int] | None = getattr(sys, "getallocatedblocks", None)
    return (count() or None) if count is not None else None


class ProcessFacts:
    """Open readings of one process. Each method returns None where the system does not tell."""

    __slots__ = (
        "_clear_refs",
        "_delay",
        "_io",
        "_peak_at",
        "_pread",
        "_resident",
        "_schedstat",
        "_statm",
        "_statm_text",
        "_status",
        "_status_bytes",
        "_switches",
        "_write",
        "usage_children",
        "usage_self",
    )

    def __init__(self) -> None:
        self._pread: Any = getattr(os, "pread", None)
        self._write = os.write
        self._peak_at = 0
        self._resident = 0
        self._statm_text = b""
        self._status_bytes = _STATUS_BYTES
        self._switches = -1  # context switches at the last reading of the run delay
        self._delay: int | None = None
        self.usage_self: Callable[[], Any] | None = None
        self.usage_children: Callable[[], Any] | None = None
        if resource is not None:
            getrusage = resource.getrusage
            own, children = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
            self.usage_self = partial(getrusage, own)
            self.usage_children = partial(getrusage, children)
        self._open()

    def _open(self) -> None:
        self._status = self._statm = self._clear_refs = self._io = self._schedstat = -1
        if sys.platform == "linux":
            self._status = _open_high("/proc/self/status", os.O_RDONLY)
            self._statm = _open_high("/proc/self/statm", os.O_RDONLY)
            self._clear_refs = _open_high("/proc/self/clear_refs", os.O_WRONLY)
            self._io = _open_high("/proc/self/io", os.O_RDONLY)
            self._schedstat = _open_high("/proc/self/schedstat", os.O_RDONLY)
            if min(self._status, self._statm, self._clear_refs) < 0:
                self._io = -1  # memory and IO are read together or not at all

    def at_start(self) -> tuple[int, int, int] | None:
        """Begin a measurement: resident bytes, and bytes read and written so far.

        The peak of resident memory starts again from its present value (Linux). Bytes are those
        of system calls, page cache included; they are read last here and first at the end, so
        that our own readings are no IO of the test.
        """
        if self._io < 0:
            return None
        pread, write = self._pread, self._write
        try:
            write(self._clear_refs, b"5")
            text = pread(self._statm, _STATM_BYTES, 0)
            _, read, _, written, _ = pread(self._io, _IO_BYTES, 0).split(None, 4)
        except OSError as error:
            self._lost(error)
            return None
        if text != self._statm_text:  # it seldom differs from that of the test before
            self._statm_text = text
            self._resident = int(text.split(None, 2)[1]) * _PAGE
        return self._resident, int(read), int(written)

    def at_end(self) -> tuple[int, int, int, int] | None:
        """End it: resident bytes, their peak since the start, bytes read and written so far.

        The lines `VmHWM:` and `VmRSS:` stand one after another with values padded to eight
        columns, and seldom move: their place is remembered (a search costs as much as the rest).
        """
        if self._io < 0:
            return None
        pread = self._pread
        try:
            _, read, _, written, _ = pread(self._io, _IO_BYTES, 0).split(None, 4)
            text = pread(self._status, self._status_bytes, 0)
        except OSError as error:
            self._lost(error)
            return None
        name, peak, resident = _unpack_memory(text, self._peak_at)
        if name != b"VmHWM:":
            text, at = self._found_memory(text)
            if at < 0:
                self.close()
                return None
            _, peak, resident = _unpack_memory(text, at)
        highest = int(peak) << 10
        at_last = highest if resident == peak else int(resident) << 10
        return at_last, highest, int(read), int(written)

    def _found_memory(self, text: bytes) -> tuple[bytes, int]:
        """The status, and where it tells of memory: behind a list of groups of any length; -1: nowhere."""
        at = text.find(b"VmHWM:")
        if at < 0 or at + _MEMORY.size > len(text):
            self._status_bytes = _WHOLE_STATUS
            text = self._pread(self._status, _WHOLE_STATUS, 0)
            at = text.find(b"VmHWM:")
        self._peak_at = at
        return text, at

    def run_delay(self) -> int | None:
        """Nanoseconds the main thread was runnable and waited for a processor, so far."""
        if self._schedstat < 0:
            return None
        try:
            return int(self._pread(self._schedstat, 64, 0).split(None, 2)[1])
        except OSError as error:
            self._lost(error)
            return None

    def between_tests(self) -> tuple[float, Usage | None, int | None, int]:
        """Seconds of processor time of ended children, usage of this process, run delay (ns), threads.

        Read at the end of a test, they serve as those of the next one's start. What lies between
        two tests is pytest's reporting; it moves these counters by less than a second reading of
        them would cost every test (3% of an empty one). A thread that was not switched away from
        the processor since the last reading has not waited for one either.
        """
        usage, usage_of_children = self.usage_self, self.usage_children
        if usage is None or usage_of_children is None:
            return 0.0, None, self.run_delay(), _count_threads()
        used = _own_usage(usage())
        children = usage_of_children()
        switches = used[0] + used[1]
        if switches != self._switches:
            self._switches = switches
            self._delay = self.run_delay()
        return children[0] + children[1], used, self._delay, _count_threads()

    def _lost(self, error: OSError) -> None:
        """A reading failed. Descriptors that a test has closed are opened again for the next one.

        What still is open under the old numbers may be someone else's by now and stays.
        """
        if error.errno == errno.EBADF:
            self._open()
        else:
            self.close()

    def close(self) -> None:
        """Give the descriptors back."""
        for fd in (self._status, self._statm, self._clear_refs, self._io, self._schedstat):
            if fd >= 0:
                with contextlib.suppress(OSError):
                    os.close(fd)
        self._status = self._statm = self._clear_refs = self._io = self._schedstat = -1
