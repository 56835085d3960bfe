"""Limits that a test sets on what it measures, and what is raised where one is broken."""

from collections.abc import Mapping
from typing import Final

from lapwing.model.value import Value
from lapwing.units import format_duration, parse_duration


class PerformanceLimitError(AssertionError):
    """Something measured is over the limit that the test set: the test fails."""


class TimeLimits(Value):
    """The most nanoseconds per call; None for no limit."""

    average_ns: int | None = None
    p95_ns: int | None = None
    origin: str = ""  # who set them, for messages


_NAMES: Final = ("max_avg_time", "budget", "max_p95")
PLAN_NAMES: Final = ("iterations", "warmup")
"""Arguments of a mark that say how to measure, and are no limits."""


def time_limits(
    *,
    max_avg_time: str | float | None = None,
    max_p95: str | float | None = None,
    budget: str | float | None = None,
    origin: str = "",
) -> TimeLimits:
    """The limits as people write them: `"100ms"`, or a number of milliseconds. `budget` is another word
    for `max_avg_time`; of both the tighter holds. Raises ConfigurationError for what cannot be read."""
    averages = [_ns(each, origin) for each in (max_avg_time, budget) if each is not None]
    return TimeLimits(
        average_ns=min(averages, default=None),
        p95_ns=None if max_p95 is None else _ns(max_p95, origin),
        origin=origin,
    )


def limits_of_mark(arguments: Mapping[str, object], origin: str) -> TimeLimits:
    """The limits in the arguments of a mark. Raises TypeError for a name that is no limit."""
    unknown = [name for name in arguments if name not in (*_NAMES, *PLAN_NAMES)]
    if unknown:
        known = ", ".join((*_NAMES, *PLAN_NAMES))
        raise TypeError(f"{origin}: {', '.join(unknown)} is not known; there are {known}")
    limits = {name: value for name, value in arguments.items() if name in _NAMES}
    return time_limits(**limits, origin=origin)  # type: ignore[arg-type]


def tighter(first: TimeLimits, second: TimeLimits) -> TimeLimits:
    """Of each limit the smaller."""

    def least(a: int | None, b: int | None) -> int | None:
        return min((each for each in (a, b) if each is not None), default=None)

    return TimeLimits(
        least(first.average_ns, second.average_ns),
        least(first.p95_ns, second.p95_ns),
        first.origin or second.origin,
    )


def check_times(name: str, limits: TimeLimits, *, mean_ns: float, p95_ns: float, iterations: int) -> None:
    """Raise PerformanceLimitError where `name` is over one of `limits`, with value, limit and iterations."""
    __tracebackhide__ = True
    broken = []
    if limits.average_ns is not None and mean_ns > limits.average_ns:
        broken.append(f"{format_duration(mean_ns)} on average (limit: {format_duration(limits.average_ns)})")
    if limits.p95_ns is not None and p95_ns > limits.p95_ns:
        broken.append(
            f"{format_duration(p95_ns)} at the 95th percentile (limit: {format_duration(limits.p95_ns)})"
        )
    if broken:
        calls = "1 iteration" if iterations == 1 else f"{iterations:,} iterations"
        raise PerformanceLimitError(f"{name} takes {' and '.join(broken)}, over {calls}")


def _ns(written: str | float, origin: str) -> int:
    return parse_duration(written, bare_unit="ms", where=origin)
