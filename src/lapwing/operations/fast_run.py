"""How is the suite run fastest here? Workers and distribution that recorded times favor."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from lapwing.advice.what_if import ALONE, what_if
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, MissingExtraError
from lapwing.model.value import Value
from lapwing.model.what_if import SuiteTimes, WhatIfRow
from lapwing.operations.longest_first import known_times
from lapwing.operations.what_if import MOST_WORKERS
from lapwing.units import format_duration

AUTO: Final = "auto"

_MODES: Final = ("loadgroup", "load", "worksteal", "loadfile", "lapwing")
_GROUPED: Final = ("loadgroup", "lapwing")  # modes that keep an xdist_group together
_USUAL: Final = "loadgroup"
_PER_CORE: Final = 4
_WORTH: Final = 0.97
_SLOWEST: Final = 10


class FastRun(Value):
    """How to run, and why, in words."""

    arguments: tuple[str, ...]  # for pytest
    reason: str


def fast_run(settings: Settings, workers: str = AUTO) -> FastRun:
    """The arguments of pytest that make the suite take least, with the ten slowest tests at the end.

    `workers` is a number, or `auto`: then as few as come within 3% of the best. Without a recorded run, a
    worker per processor. Raises ConfigurationError for anything else, MissingExtraError without pytest-xdist.
    """
    if workers != AUTO and not (workers.isascii() and workers.isdigit() and int(workers) <= MOST_WORKERS):
        raise ConfigurationError(
            f"{workers!r} workers", where="--workers", mend=f"Write auto, or a number up to {MOST_WORKERS}."
        )
    if find_spec("xdist") is None:
        raise MissingExtraError("pytest-xdist", extra="parallel", need="--fast")
    known = known_times(settings)
    if known is None or not known.tests:
        count = workers if workers != AUTO else "auto"
        return _answer(count, _USUAL, "no run is recorded yet, so nothing favors another way")
    rows = [
        what_if(known, count, mode)
        for count in (_counts(known) if workers == AUTO else (int(workers),))
        for mode in (_modes(known) if count else (ALONE,))
    ]
    best = _fewest(rows)
    took = format_duration(best.makespan_ns)
    if not best.workers:
        return FastRun(_told(), f"one process is as fast as workers: about {took}")
    return _answer(str(best.workers), best.dist, f"about {took} by recorded times")


def _counts(known: SuiteTimes) -> Sequence[int]:
    """One process, one worker per processor, and powers of two up to four per processor."""
    most = max(2, round(known.cores * _PER_CORE))
    counts = {0, max(2, round(known.cores)), *(1 << power for power in range(1, most.bit_length()))}
    return sorted(count for count in counts if count <= most)


def _modes(known: SuiteTimes) -> Sequence[str]:
    return _GROUPED if any(test.group for test in known.tests) else _MODES


def _fewest(rows: Sequence[WhatIfRow]) -> WhatIfRow:
    """The fewest workers within 3% of the shortest run, and of these the first mode that is as short."""
    shortest = min(row.makespan_ns for row in rows)
    near = [row for row in rows if row.makespan_ns * _WORTH <= shortest]
    workers = min(row.workers for row in near)
    return min((row for row in near if row.workers == workers), key=lambda row: row.makespan_ns)


def _answer(workers: str, dist: str, reason: str) -> FastRun:
    return FastRun(("-n", workers, "--dist", dist, *_told()), f"-n {workers} --dist {dist}: {reason}")


def _told() -> tuple[str, ...]:
    return (f"--durations={_SLOWEST}",)
