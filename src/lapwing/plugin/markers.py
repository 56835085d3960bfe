"""The markers that Lapwing knows, with the limits that hold unless others are set. PYTEST_DONT_REWRITE

Registered when recording is off, too, so that `--strict-markers` passes. `pytest --markers` prints them as
`markers_here.py` tells, which knows the limits of the project.
"""

from __future__ import annotations

from typing import Final

MARKERS: Final = (
    "unit: a test of one part; Lapwing's limit for it is 1 s",
    "slow: a slow test; Lapwing's limit for it is 30 s",
    "integration: a test over several parts; Lapwing's limit for it is 5 s",
    "api: a test of an HTTP API; Lapwing's limit for it is 5 s",
    "e2e: an end-to-end test; Lapwing's limit for it is 10 s",
    "stress: a stress test; Lapwing's limit for it is 10 s",
    "perf_budget(time, **limits): the limits of this test in place of its category's (unit: 1 s)",
    "perf_benchmark(max_avg_time, max_p95, iterations, warmup): a benchmark, with the limits of its results",
)
