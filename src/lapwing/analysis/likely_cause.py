"""What a test does more or less often than before, as far as probes counted it.

Counts have no noise: a test starts as many processes as its code says, on any machine. What moved
beside a duration is therefore named as its likely cause.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.counted import SLEEPS, count_of, least_gap
from lapwing.analysis.counters import BY_CHANCE, MORE_IS_BETTER
from lapwing.model.cause import LIKELY_CAUSE
from lapwing.model.record import Count
from lapwing.units import NS_PER_MS, format_duration

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


def likely_cause(
    before: Sequence[Mapping[str, Count]], after: Sequence[Mapping[str, Count]], *, is_longer: bool
) -> str:
    """What every run of `after` did more of than every run of `before`, "" for nothing.

    Of a test that `is_longer`; of one that is shorter what it did less of. The difference is that of the
    nearest runs of the two sides: the least that is sure. Sleeps are told by their time, over a millisecond.
    """
    if not before or not after:
        return ""
    names = sorted({name for counts in (*before, *after) for name in counts} - BY_CHANCE)
    moved = [text for name in names if (text := _moved(name, before, after, is_longer))]
    return LIKELY_CAUSE + ", ".join(moved) if moved else ""


def _moved(
    name: str, before: Sequence[Mapping[str, Count]], after: Sequence[Mapping[str, Count]], is_longer: bool
) -> str:
    early = [count_of(run, name) for run in before]
    late = [count_of(run, name) for run in after]
    if name in SLEEPS:
        gap = least_gap([each.time_ns for each in early], [each.time_ns for each in late])
        is_cause = abs(gap) > NS_PER_MS and (gap > 0) is is_longer
        return f"sleeps {format_duration(abs(gap))} {_more(gap)}" if is_cause else ""
    gap = least_gap([each.count for each in early], [each.count for each in late])
    if not gap or ((gap > 0) is not (name in MORE_IS_BETTER)) is not is_longer:
        return ""
    verb, one, several = _WORDS.get(name, ("counts", name, name))
    comparative = _more(gap) if gap > 0 else "fewer"
    return f"{verb} {abs(gap):,} {comparative} {one if abs(gap) == 1 else several}"


def _more(gap: int) -> str:
    return "more" if gap > 0 else "less"
