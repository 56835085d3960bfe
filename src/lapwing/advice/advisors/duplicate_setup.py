"""Fixtures that are written, and set up, in several places although they do the same."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.merged import merged
from lapwing.advice.proposal import Proposal
from lapwing.model.record import FixtureRecord
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration

_LEAST_SHARE: Final = 0.01


def advise(facts: Facts) -> Iterator[Proposal]:
    """One definition for all, shared by the session."""
    alike: dict[str, list[FixtureRecord]] = {}
    for fixture in facts.recorded.fixtures:
        source = facts.sources.fixtures.get(fixture.location)
        if source is not None and source.likeness:
            alike.setdefault(source.likeness, []).append(fixture)
    for records in alike.values():
        places = list(dict.fromkeys(each.location for each in records))
        total = sum(each.setup_ns + (each.teardown_ns or 0) for each in records)
        if len(places) < 2 or total < _LEAST_SHARE * facts.work_ns:
            continue
        names = list(dict.fromkeys(each.name for each in records))
        changed = [place for name in names for place in facts.sources.changed.get(name, ())]
        yield Proposal(
            advisor="duplicate-setup",
            title=f"{len(places)} fixtures do the same ({', '.join(names[:3])}): set up {len(records)} "
            f"times, "
            f"{format_duration(total)} in sum",
            change="Define it once in the conftest.py above them, with scope='session'.",
            confidence=Confidence.LOW if changed else Confidence.HIGH,
            suite=merged(facts.rescoped(dict.fromkeys(names, "session")), names),
            span=(0.8, 1.05),
            evidence=(
                *(f"the same body at {place}" for place in places[:5]),
                *(f"its value is changed at {place}" for place in changed[:3]),
            ),
            where=places[0],
            risk="Tests of several files share one value per worker: what one of them changes, others see.",
        )
