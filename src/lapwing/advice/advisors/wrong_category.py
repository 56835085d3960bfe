"""Unit tests that do what unit tests do not."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_count

_OUTSIDE: Final = {
    "sql_queries": "ask a database",
    "mongo_commands": "ask a database",
    "redis_commands": "ask a cache server",
    "http_requests": "send requests",
    "dns": "look names up",
    "subprocess": "start processes",
}


def advise(facts: Facts) -> Iterator[Proposal]:
    """The category that fits, so that limits and probes fit, too."""
    found: dict[str, set[str]] = {}
    for record in facts.recorded.tests:
        if record.category == "unit":
            for name in record.counters.keys() & _OUTSIDE.keys():
                found.setdefault(_OUTSIDE[name], set()).add(record.nodeid)
    if not found:
        return
    tests = sorted(set().union(*found.values()))
    yield Proposal(
        advisor="wrong-category",
        title=f"called unit tests, though they {' and '.join(sorted(found))}: "
        f"{format_count(len(tests), 'test')}",
        change="Mark them (integration, api), or move them into a folder of that name: their limits and "
        "probes "
        "follow.",
        confidence=Confidence.HIGH,
        evidence=tuple(tests[:5]),
        where=facts.place_of(tests[0]),
        is_gainful=False,
    )
