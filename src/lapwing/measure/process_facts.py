"""What the system tells about this process at one moment, read cheaply enough for every test.

On Linux from files of /proc that stay open (a reading is one `pread`, 10 to 20 times cheaper
than through psutil); elsewhere from `getrusage` alone, or nothing. All values are cumulative
counters or states; the reader takes differences.
"""

import contextlib
import errno
import os
import sys
from _thread import _count as _count_threads  # what `threading` counts, without its lock and lists
from collections.abc import Callable
from functools import partial
from typing import Any, Final

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_HIGH_FD: Final = 200  # above what tests that count or close low descriptors touch
_STATUS_BYTES: Final = 1400  # VmHWM stands in the first 500
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


class ProcessFacts:
    """Open readings of one process. Each method returns None where the system does not tell."""

    __slots__ = (
        "_clear_refs",
        "_delay",
        "_io",
        "_peak_at",
        "_pread",
        "_schedstat",
        "_statm",
        "_status",
        "_switches",
        "_write",
        "usage_children",
        "usage_self",
    )

    def __init__(self) -> None:
        self._pread: Any = getattr(os, "pread", None)
        self._write = os.write
        self._peak_at = 0
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
        pread = self._pread
        try:
            self._write(self._clear_refs, b"5")
            resident = int(pread(self._statm, 64, 0).split(None, 2)[1]) * _PAGE
            _, read, _, written, _ = pread(self._io, 256, 0).split(None, 4)
        except OSError as error:
            self._lost(error)
            return None
        return resident, int(read), int(written)

    def at_end(self) -> tuple[int, int, int, int] | None:
        """End it: resident bytes, their peak since the start, bytes read and written so far.

        The lines `VmHWM:` and `VmRSS:` stand one after another with values padded to eight
        columns, and seldom move: their place is remembered (a search costs as much as the rest).
        """
        if self._io < 0:
            return None
        pread = self._pread
        try:
            _, read, _, written, _ = pread(self._io, 256, 0).split(None, 4)
            text = pread(self._status, _STATUS_BYTES, 0)
        except OSError as error:
            self._lost(error)
            return None
        at = self._peak_at
        if text[at : at + 6] != b"VmHWM:":
            at = self._peak_at = text.find(b"VmHWM:")
        return int(text[at + 26 : at + 34]) << 10, int(text[at + 7 : at + 15]) << 10, int(read), int(written)

    def run_delay(self) -> int | None:
        """Nanoseconds the main thread was runnable and waited for a processor, so far."""
        if self._schedstat < 0:
            return None
        try:
            return int(self._pread(self._schedstat, 64, 0).split(None, 2)[1])
        except OSError as error:
            self._lost(error)
            return None

    def between_tests(self) -> tuple[Any, Any, int | None, int]:
        """Usage of this process and of its children, run delay, number of threads.

        Read at the end of a test, they serve as those of the next one's start. What lies between
        two tests is pytest's reporting; it moves these counters by less than a second reading of
        them would cost every test (3% of an empty one). A thread that was not switched away from
        the processor since the last reading has not waited for one either.
        """
        usage = children = None
        if self.usage_self is not None and self.usage_children is not None:
            usage, children = self.usage_self(), self.usage_children()
            switches = usage[14] + usage[15]
            if switches == self._switches:
                return usage, children, self._delay, _count_threads()
            self._switches = switches
        self._delay = self.run_delay()
        return usage, children, self._delay, _count_threads()

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
