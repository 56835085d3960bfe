"""Fixtures that are set up for every test and could be shared."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.record import FixtureRecord
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration

_REPEATED: Final = 3  # set-ups from which sharing is worth a word
_LEAST_SHARE: Final = 0.01  # of the time of all tests
_PER_TEST: Final = frozenset(
    ("monkeypatch", "tmp_path", "tmpdir", "capsys", "capfd", "caplog", "recwarn", "mocker", "request")
)
"""Fixtures of one test only, which a wider one cannot use."""

_NARROW: Final = ("function", "class", "module")


def advise(facts: Facts) -> Iterator[Proposal]:
    """A wider scope, unless the fixture hangs on something of one test."""
    found: dict[tuple[str, str, str], list[FixtureRecord]] = {}
    for fixture in facts.recorded.fixtures:
        if fixture.scope in _NARROW and _is_own(fixture.location):
            found.setdefault((fixture.name, fixture.scope, fixture.location), []).append(fixture)
    for (name, scope, location), records in found.items():
        total = sum(each.setup_ns + (each.teardown_ns or 0) for each in records)
        if len(records) < _REPEATED or total < _LEAST_SHARE * facts.work_ns:
            continue
        source = facts.sources.fixtures.get(location)
        depends = set(source.depends) if source is not None else set()
        if depends & _PER_TEST:
            continue
        # pytest refuses a wide fixture that uses a narrow one: those must become wider, too.
        narrow = sorted(
            depends & {fixture.name for fixture in facts.recorded.fixtures if fixture.scope in _NARROW}
        )
        modules = {each.requester.partition("::")[0] for each in records}
        wider = "session" if len(modules) > 1 or scope == "module" else "module"
        changed = facts.sources.changed.get(name, ())
        yield Proposal(
            advisor="wider-fixture",
            title=f"fixture {name} is set up {len(records)} times, {format_duration(total)} in sum",
            change=f"Give it scope={wider!r}"
            + (f" (and {', '.join(narrow)}, which it uses)" if narrow else "")
            + ", and put back after each test what tests change.",
            confidence=_confidence(source is not None and not narrow, bool(changed)),
            suite=facts.rescoped({name: wider}),
            span=(0.8, 1.05),
            evidence=(
                f"{format_duration(total / len(records))} for each of {len(records)} values of scope "
                f"{scope}, in "
                f"{len(modules)} of the test files",
                *(f"its value is changed at {place}" for place in changed[:3]),
            ),
            where=location,
            risk=f"Tests share one value per {wider} and worker: what one of them changes, others see."
            + (f" {changed[0]} changes it." if changed else ""),
        )


def _confidence(was_read: bool, is_changed: bool) -> Confidence:
    if is_changed:
        return Confidence.LOW
    return Confidence.HIGH if was_read else Confidence.MEDIUM


def _is_own(location: str) -> bool:
    """Whether the fixture is defined in the project, so that its scope can be changed there."""
    return bool(location) and not PurePath(location).is_absolute() and "site-packages" not in location
