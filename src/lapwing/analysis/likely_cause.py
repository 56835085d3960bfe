"""What a test does more or less often than before, as far as probes counted it.

Counts have no noise: a test starts as many processes as its code says, on any machine. What moved
beside a duration is therefore named as its likely cause.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.counters import BY_CHANCE
from lapwing.model.cause import LIKELY_CAUSE
from lapwing.model.record import Count
from lapwing.units import NS_PER_MS, format_duration

_SLEEPS: Final = ("sleep", "async_sleep")
_WORDS: Final = {
    "subprocess": ("starts", "process", "processes"),
    "socket": ("opens", "connection", "connections"),
    "dns": ("looks up", "host name", "host names"),
    "file": ("opens", "file", "files"),
    "sql_queries": ("asks", "query", "queries"),
    "sql_n_plus_one": ("has", "N+1", "N+1s"),
    "sql_duplicates": ("has", "duplicate query", "duplicate queries"),
    "http_requests": ("makes", "request", "requests"),
    "cache_hits": ("has", "cache hit", "cache hits"),
    "cache_misses": ("has", "cache miss", "cache misses"),
    "redis_commands": ("sends", "Redis command", "Redis commands"),
    "mongo_commands": ("sends", "MongoDB command", "MongoDB commands"),
}
_NOTHING: Final = Count(0)


def likely_cause(before: Sequence[Mapping[str, Count]], after: Sequence[Mapping[str, Count]]) -> str:
    """What every run of `after` did more (or less) of than every run of `before`, "" for nothing.

    The difference is that of the nearest runs of the two sides: the least that is sure. Sleeps are
    told by their time, over a millisecond.
    """
    if not before or not after:
        return ""
    names = sorted({name for counts in (*before, *after) for name in counts} - BY_CHANCE)
    moved = [text for name in names if (text := _moved(name, before, after))]
    return LIKELY_CAUSE + ", ".join(moved) if moved else ""


def _moved(name: str, before: Sequence[Mapping[str, Count]], after: Sequence[Mapping[str, Count]]) -> str:
    if name in _SLEEPS:
        gap = _gap([_of(run, name).time_ns for run in before], [_of(run, name).time_ns for run in after])
        return f"sleeps {format_duration(abs(gap))} {_more(gap)}" if abs(gap) > NS_PER_MS else ""
    gap = _gap([_of(run, name).count for run in before], [_of(run, name).count for run in after])
    if not gap:
        return ""
    verb, one, several = _WORDS.get(name, ("counts", name, name))
    comparative = _more(gap) if gap > 0 else "fewer"
    return f"{verb} {abs(gap):,} {comparative} {one if abs(gap) == 1 else several}"


def _gap(before: Sequence[int], after: Sequence[int]) -> int:
    """From the nearest of `before` to the nearest of `after`; 0 where the two sides overlap."""
    if min(after) > max(before):
        return min(after) - max(before)
    return min(0, max(after) - min(before))


def _more(gap: int) -> str:
    return "more" if gap > 0 else "less"


def _of(counts: Mapping[str, Count], name: str) -> Count:
    return counts.get(name, _NOTHING)
