"""What code asks of databases: how much, how long, and whether row by row."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import Any, Final

from lapwing.api.place import keep, present_settings, running_test
from lapwing.api.tester import awaited_or_run, name_of
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import Unit
from lapwing.model.query import Asked, QueryPattern
from lapwing.perftest.benchmark import SOURCE, Measured, measure_coroutines, measure_function, records_of
from lapwing.perftest.callee import is_async
from lapwing.perftest.limits import PerformanceLimitError, time_limits
from lapwing.perftest.queries import watched_queries
from lapwing.perftest.results import Result, result_of
from lapwing.perftest.sampling import Plan
from lapwing.units import NS_PER_S

ITERATIONS: Final = 50
MAX_AVG_TIME: Final = "50ms"
_METRIC: Final = "queries"


class OnNPlusOne(StrEnum):
    """What to do about rows that are asked for one by one."""

    FAIL = "fail"
    WARN = "warn"
    IGNORE = "ignore"


class Pattern(Result):
    """A query that was asked again and again along one path of calls."""

    sql: str  # values folded into `?`
    count: int
    time: float  # seconds, of all of them together
    path: tuple[str, ...]  # file:line of the project's own code, innermost first


class QueriesResult(Result):
    """What a block asked; complete when it has ended."""

    queries: int = 0
    time: float = 0.0  # seconds, of all queries together
    n_plus_one: tuple[Pattern, ...] = ()  # with different parameters
    duplicates: tuple[Pattern, ...] = ()  # the same query with the same parameters


class QueriesBlock:
    """What `queries` gives: `result` is there when the block has ended."""

    def __init__(self) -> None:
        self._result: QueriesResult | None = None

    @property
    def result(self) -> QueriesResult:
        """What the block asked. Raises RuntimeError inside it."""
        if self._result is None:
            raise RuntimeError("the queries are not counted yet: the block has not ended")
        return self._result


class DatabaseResult(Result):
    """How a function asks databases."""

    name: str
    performance_ok: bool  # no slower than the limit on average, and no N+1 where that was checked
    n_plus_one_detected: bool
    queries: int  # of one call
    query_time: float  # seconds, of the queries of one call
    mean: float  # seconds per call, as the next
    median: float
    p95: float
    p99: float
    iterations: int
    n_plus_one: tuple[Pattern, ...] = ()
    duplicates: tuple[Pattern, ...] = ()


@contextmanager
def queries(
    *,
    max: int | None = None,  # noqa: A002, the word people write
    n_plus_one: str = OnNPlusOne.IGNORE,
) -> Iterator[QueriesBlock]:
    """Watch the queries inside.

    Raises AssertionError at the end where there were more than `max`, or, with `n_plus_one="fail"`, where
    rows were asked for one by one; `"warn"` warns. An error of the block itself comes first. Raises
    ValueError for another word, and for a `max` that is no number of queries.
    """
    __tracebackhide__ = True
    what = _choice(n_plus_one)
    if max is not None and (not isinstance(max, int) or max < 0):
        raise ValueError(f"max is a whole number of at least 0, not {max!r}")
    block = QueriesBlock()

    def take(asked: Asked) -> None:
        block._result = _result(asked)

    with watched_queries(take, _drivers):
        yield block
    told = []
    if max is not None and block.result.queries > max:
        told.append(f"{block.result.queries:,} queries (limit: {max})")
    if what is not OnNPlusOne.IGNORE and block.result.n_plus_one:
        text = "; ".join(map(pattern_text, block.result.n_plus_one))
        if what is OnNPlusOne.FAIL:
            told.append(text)
        else:
            warnings.warn(text, stacklevel=3)
    if told:
        raise PerformanceLimitError("; ".join(told))


def database_performance_test(
    query_fn: Callable[..., Any],
    *args: Any,
    iterations: int = ITERATIONS,
    max_avg_time: str | float = MAX_AVG_TIME,
    check_n_plus_one: bool = True,
    name: str | None = None,
    **kwargs: Any,
) -> Any:
    """Call `query_fn(*args, **kwargs)` once to see what it asks, then measure it; gives a `DatabaseResult`.

    `max_avg_time` is `"50ms"` or a number of milliseconds. Nothing is raised over it: `performance_ok` says
    so. Of a coroutine function the result is awaited where an event loop runs already.
    """
    limits = time_limits(max_avg_time=max_avg_time, origin="database_performance_test")
    bound = partial(query_fn, *args, **kwargs) if args or kwargs else query_fn
    shown = name or name_of(query_fn)
    plan = Plan(iterations=iterations, warmup=0)
    asked: list[Asked] = []

    def told(measured: Measured) -> DatabaseResult:
        return _told(measured, asked[0], shown, limits.average_ns or 0, check_n_plus_one)

    if not is_async(query_fn):
        with watched_queries(asked.append, _drivers):
            bound()
        return told(measure_function(bound, plan, with_memory=False))

    async def measuring() -> DatabaseResult:
        with watched_queries(asked.append, _drivers):
            await bound()
        return told(await measure_coroutines(bound, plan, with_memory=False))

    return awaited_or_run(measuring())


def pattern_text(pattern: Pattern) -> str:
    """A repeated query in one sentence."""
    where = f" at {pattern.path[0]}" if pattern.path else ""
    return f"N+1: {pattern.count} times{where}: {pattern.sql}"


def _told(measured: Measured, asked: Asked, name: str, limit_ns: int, check: bool) -> DatabaseResult:
    count = BenchmarkRecord(
        name=name,
        nodeid=running_test(),
        source=SOURCE,
        unit=Unit.COUNT.value,
        samples=(float(asked.queries),),
        metric=_METRIC,
    )
    keep([*records_of(measured, name, running_test(), {}), count])
    found = _result(asked)
    figures = result_of(measured, name, {})
    duration = figures.duration
    is_fast = duration.mean * NS_PER_S <= limit_ns
    return DatabaseResult(
        name=name,
        performance_ok=is_fast and not (check and found.n_plus_one),
        n_plus_one_detected=check and bool(found.n_plus_one),
        queries=found.queries,
        query_time=found.time,
        mean=duration.mean,
        median=duration.median,
        p95=duration.p95,
        p99=duration.p99,
        iterations=figures.iterations,
        n_plus_one=found.n_plus_one if check else (),
        duplicates=found.duplicates,
    )


def _result(asked: Asked) -> QueriesResult:
    return QueriesResult(
        queries=asked.queries,
        time=asked.duration_ns / NS_PER_S,
        n_plus_one=tuple(_pattern(each) for each in asked.patterns if each.is_n_plus_one),
        duplicates=tuple(_pattern(each) for each in asked.patterns if not each.is_n_plus_one),
    )


def _pattern(pattern: QueryPattern) -> Pattern:
    return Pattern(
        sql=pattern.fingerprint, count=pattern.count, time=pattern.duration_ns / NS_PER_S, path=pattern.path
    )


def _drivers() -> tuple[str, ...]:
    return present_settings().sql_drivers


def _choice(word: str) -> OnNPlusOne:
    try:
        return OnNPlusOne(word)
    except ValueError:
        known = ", ".join(f'"{each}"' for each in OnNPlusOne)
        raise ValueError(f"n_plus_one={word!r} is none of {known}") from None
