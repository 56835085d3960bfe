"""Load and stress tests, for test authors."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lapwing.api.place import is_in_pytest, keep, present_settings, running_test
from lapwing.model.load import LoadResult, LoadUnit
from lapwing.model.load_metrics import ACHIEVED, HIGHEST_HELD, LATENCY_P50, LATENCY_P95
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import Unit
from lapwing.operations.load import load_endpoint, stress_endpoint, stress_function
from lapwing.perftest.benchmark import SOURCE


def load_test_endpoint(endpoint: Mapping[str, Any], config: Mapping[str, Any] | None = None) -> LoadResult:
    """Load an HTTP endpoint at one level, and give what it held.

    `endpoint` has `method` ("GET"), `path` ("/"), `headers` (a dict or pairs), `body` (text, bytes, or
    what JSON can hold), and `base_url` or `app`: an ASGI or WSGI application, which is served on a
    loopback port meanwhile. Without both `[tool.lapwing.load] base_url` counts.

    `config` has `concurrent_users` (20), `duration_seconds` (60), `ramp_up_seconds` (10, not measured);
    `arrival_rate` (requests a second) for an open model, in which latency counts from the moment a request
    was to leave; `requests_per_user` (a second) to pace users; `max_p95` (a number is milliseconds),
    `max_failures` ("2%"); `processes`, `workers` for more than one generator. All keys are listed in the
    documentation.

    `.steps[0]` has rates, percentiles and failures; `.performance_summary.can_handle_load` the answer.
    Raises ConfigurationError, MissingExtraError without the extra `load`, and LoadError where a worker was
    lost: then there is no result to trust.
    """
    return _kept(load_endpoint(present_settings(), endpoint, config or {}))


def stress_test(
    target: Callable[[], Any] | Mapping[str, Any], config: Mapping[str, Any] | None = None
) -> LoadResult:
    """Raise the load on `target` until it is not held, and find the breaking point.

    `target` is an endpoint as in `load_test_endpoint`, or a callable: a function is called from threads of
    this process, a coroutine function from tasks of one event loop.

    `config` has `initial_load` (1), `max_load` (50), `step_size` (5), `step_duration` (10 s); `load_unit`
    is "users", or "rps" for an open model of an endpoint; and the keys of `load_test_endpoint` besides. A
    load is not held when p95 is over `max_p95` (without it: five times that of the lightest load, at least
    100 ms), failures are over 2%, or less than 90% of an intended rate was achieved. Then the interval
    below is halved. Raises like `load_test_endpoint`.
    """
    if isinstance(target, Mapping):
        return _kept(stress_endpoint(present_settings(), target, config or {}))
    return _kept(stress_function(target, config or {}))


def _kept(result: LoadResult) -> LoadResult:
    """The result, kept: in a tracked test as metrics of that test, outside of tests whole.

    Raises KeyboardInterrupt where it was interrupted.
    """
    if not result.is_complete:
        raise KeyboardInterrupt  # it ended the generator only; the test run is to end, too
    if is_in_pytest():
        keep(list(_metrics(result, running_test())))
    else:
        from lapwing.operations.load_store import keep_load

        keep_load(present_settings(), result, environ=os.environ)
    return result


def _metrics(result: LoadResult, nodeid: str) -> Iterator[BenchmarkRecord]:
    """What later runs are compared by: latencies of one level, or the highest load that was held."""

    def metric(name: str, value: float, unit: str, *, higher_is_better: bool = False) -> BenchmarkRecord:
        return BenchmarkRecord(
            name=result.name,
            nodeid=nodeid,
            source=SOURCE,
            unit=unit,
            samples=(value,),
            metadata={"load": f"{result.wanted:g} {result.unit.value}"},
            metric=name,
            higher_is_better=higher_is_better,
        )

    if len(result.steps) > 1:
        held = result.performance_summary.highest_held_rps
        if held is not None:
            yield metric(HIGHEST_HELD, held, "per second", higher_is_better=True)
        return
    for step in result.steps:
        if step.p50_ns is not None and step.p95_ns is not None:
            yield metric(LATENCY_P50, step.p50_ns, Unit.NS)
            yield metric(LATENCY_P95, step.p95_ns, Unit.NS)
        if result.unit is not LoadUnit.RPS:
            yield metric(ACHIEVED, step.achieved_rps, "per second", higher_is_better=True)
