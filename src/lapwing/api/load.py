"""Load and stress tests, for test authors."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lapwing.config.load import load_settings
from lapwing.config.root import find_root
from lapwing.config.settings import Settings
from lapwing.model.load import LoadResult
from lapwing.operations.load import load_endpoint, stress_endpoint, stress_function


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
    return load_endpoint(_settings(), endpoint, config or {})


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
        return stress_endpoint(_settings(), target, config or {})
    return stress_function(target, config or {})


def _settings() -> Settings:
    return load_settings(find_root(Path.cwd()), environ=os.environ)
