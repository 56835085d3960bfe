"""Fixtures that are set up for every test and could be shared."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.record import FixtureRecord
from lapwing.model.source_facts import FixtureSource
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration

_REPEATED: Final = 3  # set-ups from which sharing is worth a word
_LEAST_SHARE: Final = 0.01  # of the time of all tests
_PER_TEST: Final = frozenset(
    ("monkeypatch", "tmp_path", "tmpdir", "capsys", "capfd", "caplog", "recwarn", "mocker", "request")
)
"""Fixtures of one test only, which a wider one cannot use."""

_NARROW: Final = ("function", "class", "module")
_WIDTHS: Final = {"class": 1, "module": 2, "package": 3, "session": 4}


def advise(facts: Facts) -> Iterator[Proposal]:
    """A wider scope, unless the fixture hangs on something of one test."""
    found: dict[tuple[str, str, str], list[FixtureRecord]] = {}
    for fixture in facts.recorded.fixtures:
        if fixture.scope in _NARROW and _is_own(fixture.location):
            found.setdefault((fixture.name, fixture.scope, fixture.location), []).append(fixture)
    by_name: dict[str, FixtureRecord] = {}
    for fixture in facts.recorded.fixtures:
        if fixture.name not in by_name or not _is_own(fixture.location):
            by_name[fixture.name] = fixture  # one of a library is used by what overrides it
    for (name, scope, location), records in found.items():
        total = sum(each.setup_ns + (each.teardown_ns or 0) for each in records)
        if len(records) < _REPEATED or total < _LEAST_SHARE * facts.work_ns:
            continue
        modules = {each.requester.partition("::")[0] for each in records}
        wider = "session" if len(modules) > 1 or scope == "module" else "module"
        source = facts.sources.fixtures.get(location)
        narrow = _narrower(source, wider, by_name, facts.sources.fixtures)
        if narrow is None:
            continue
        changed = facts.sources.changed.get(name, ())
        doubts = tuple(_doubts(source))
        yield Proposal(
            advisor="wider-fixture",
            title=f"fixture {name} is set up {len(records)} times, {format_duration(total)} in sum",
            change=f"Give it scope={wider!r}"
            + (f" (and {', '.join(narrow)}, which it uses)" if narrow else "")
            + (", with an event loop of that scope" if source is not None and source.is_async else "")
            + ", and put back after each test what tests change.",
            confidence=_confidence(source is not None and not narrow, bool(changed or doubts)),
            suite=facts.rescoped(dict.fromkeys((name, *narrow), wider)),
            span=(0.8, 1.05),
            evidence=(
                f"{format_duration(total / len(records))} for each of {len(records)} values of scope "
                f"{scope}, in "
                f"{len(modules)} of the test files",
                *(f"its value is changed at {place}" for place in changed[:3]),
                *doubts,
            ),
            where=location,
            risk=f"Tests share one value per {wider} and worker: what one of them changes, others see."
            + (f" {changed[0]} changes it." if changed else ""),
        )


def _narrower(
    source: FixtureSource | None,
    wider: str,
    recorded: Mapping[str, FixtureRecord],
    sources: Mapping[str, FixtureSource],
) -> list[str] | None:
    """Fixtures that a fixture uses, directly or not, and that must become as wide: pytest refuses a wide one
    that uses a narrow one. None where one of them cannot: of each test, or of a library.
    """
    narrow: set[str] = set()
    todo = [] if source is None else list(source.depends)
    while todo:
        name = todo.pop()
        if name in _PER_TEST:
            return None
        used = recorded.get(name)
        if used is None or name in narrow or _WIDTHS.get(used.scope, 0) >= _WIDTHS[wider]:
            continue
        if not _is_own(used.location):
            return None
        narrow.add(name)
        below = sources.get(used.location)
        todo.extend(() if below is None else below.depends)
    return sorted(narrow)


def _doubts(source: FixtureSource | None) -> Iterator[str]:
    """Why it may be meant for each test."""
    if source is not None and not source.gives:
        yield "it gives tests no value: what it does for each of them may be the point"
    if source is not None and source.restores:
        yield f"it puts something back after each test at {source.restores}"


def _confidence(was_read: bool, is_doubtful: bool) -> Confidence:
    if is_doubtful:
        return Confidence.LOW
    return Confidence.HIGH if was_read else Confidence.MEDIUM


def _is_own(location: str) -> bool:
    """Whether the fixture is defined in the project, so that its scope can be changed there."""
    return bool(location) and not PurePath(location).is_absolute() and "site-packages" not in location
