"""The clocks. Bound at import, so that tests that freeze or patch `time` do not disturb us.

freezegun replaces module attributes that are the real functions of `time`; what it cannot see
is a default argument. Users take a clock from `CLOCKS` when they are made and keep it in a
slot or a local variable, never in a module of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from lapwing.model.value import Value

Clock = Callable[[], int]


class Clocks(Value):
    """One reading function per clock, each in integer nanoseconds."""

    wall: Clock  # monotonic, the highest resolution there is
    process_cpu: Clock  # user + system of this process, all threads
    thread_cpu: Clock  # user + system of the calling thread
    epoch: Clock  # since 1970 in UTC; may jump


CLOCKS = Clocks(
    wall=time.perf_counter_ns,
    process_cpu=time.process_time_ns,
    thread_cpu=time.thread_time_ns,
    epoch=time.time_ns,
)
