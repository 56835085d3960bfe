"""The `perf` fixture, and tests that are benchmarks as a whole."""

from typing import Any, Final

import pytest

from lapwing.api.decorators import performance_test
from lapwing.api.perf import Perf
from lapwing.perftest.limits import TimeLimits, limits_of_mark, tighter

MARK: Final = "perf_benchmark"
FIXTURE: Final = "perf"


def make_perf(item: pytest.Item) -> Perf:
    """For the test `item`, with the limits of its marks. Raises pytest.UsageError for a wrong mark."""
    return Perf(limits_of(item))


def limits_of(item: pytest.Item) -> TimeLimits:
    """The limits of the marks of `item`, the tighter of several. Raises pytest.UsageError."""
    limits = TimeLimits()
    for mark in item.iter_markers(MARK):
        origin = f"@{MARK} of {item.nodeid}"
        try:
            if mark.args:
                raise TypeError(f"{origin}: {mark.args[0]!r} has no name, such as max_avg_time")
            limits = tighter(limits, limits_of_mark(mark.kwargs, origin))
        except Exception as error:
            raise pytest.UsageError(str(error)) from error
    return limits


def measure_as_a_whole(item: pytest.Item) -> None:
    """Make the marked test `item` a benchmark of itself, unless it measures by the fixture.

    Raises pytest.UsageError for a wrong mark.
    """
    if not isinstance(item, pytest.Function) or FIXTURE in item.fixturenames:
        return
    limits_of(item)
    arguments: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers(MARK))):
        arguments |= mark.kwargs
    item.obj = performance_test(item.obj, name=item.name, **arguments)
