"""Which counters are watched, by the probes that a category names."""

from collections.abc import Collection
from typing import Final

ALWAYS: Final = frozenset(
    {"sleep", "async_sleep", "loop_wait", "subprocess", "socket", "dns", "thread", "thread_wait", "file"}
)
"""Counted in every test."""

BY_PROBE: Final = {
    "sql": frozenset({"sql_queries", "sql_n_plus_one", "sql_duplicates", "mongo_commands"}),
    "http": frozenset({"http_requests"}),
    "network": frozenset({"http_requests"}),
    "cache": frozenset({"cache_hits", "cache_misses", "redis_commands"}),
}
"""Counted where the probes of a test's category name the probe."""


def watched_with(probes: Collection[str]) -> frozenset[str]:
    """The counters that are watched in tests whose category has `probes`."""
    return ALWAYS.union(*(names for probe, names in BY_PROBE.items() if probe in probes))


def probe_of(counter: str) -> str:
    """The probe that has to be asked for `counter`; "" for one that needs none, and for an unknown one."""
    return next((probe for probe, names in BY_PROBE.items() if counter in names), "")
