"""How much of a pause of the garbage collector was its own, on a machine that others use as well."""

from __future__ import annotations


def computed_pause(pause_ns: int, *, wait_ns: int | None, cpu_ns: int | None, wall_ns: int) -> int:
    """A pause measured by the wall clock, in nanoseconds, less its part of the wait for a processor.

    A collection computes throughout: it waits as large a share of its time as the test does of all the time
    that it could compute. `wait_ns`, `cpu_ns` (of process and children) and `wall_ns` are of the test.
    """
    if not wait_ns:
        return pause_ns
    computed = max(wall_ns - wait_ns, 0) if cpu_ns is None else cpu_ns
    return round(pause_ns * computed / (computed + wait_ns))
