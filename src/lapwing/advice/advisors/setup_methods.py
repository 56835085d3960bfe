"""Methods and functions that set up again and again, such as `setup_method` and `setUpClass`.

What `setUp` of unittest takes is part of the test's call, and is not known.
"""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.merged import merged
from lapwing.advice.proposal import Proposal
from lapwing.model.ids import split_node_id
from lapwing.model.record import FixtureRecord
from lapwing.model.source_facts import FixtureSource, SourceFacts
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration

_OF_MODULES: Final = "_xunit_setup_module_fixture_"
_METHODS: Final = {
    "_xunit_setup_method_fixture_": ("setup_method",),
    "_xunit_setup_function_fixture_": ("setup_function",),
    "_xunit_setup_class_fixture_": ("setup_class",),
    "_unittest_setUpClass_fixture_": ("setUpClass",),
    _OF_MODULES: ("setUpModule", "setup_module"),
}
"""By the beginning of the names that pytest gives the fixtures that it makes of them."""

_REPEATED: Final = 3
_LEAST_SHARE: Final = 0.01


def advise(facts: Facts) -> Iterator[Proposal]:
    """Once for all that share it."""
    alike: dict[str, list[tuple[FixtureRecord, FixtureSource]]] = {}
    for fixture in facts.recorded.fixtures:
        source = _method_of(fixture, facts.sources)
        if source is not None and source.likeness:
            alike.setdefault(source.likeness, []).append((fixture, source))
    for group in alike.values():
        records = [record for record, _ in group]
        total = sum(each.setup_ns + (each.teardown_ns or 0) for each in records)
        if len(records) < _REPEATED or total < _LEAST_SHARE * facts.work_ns:
            continue
        places = list(dict.fromkeys(source.location for _, source in group))
        methods = list(dict.fromkeys(source.name for _, source in group))
        names = {each.name for each in records}
        wider = _wider(records)
        what = (
            f"{methods[0]} runs"
            if len(places) == 1
            else f"{len(places)} methods such as {methods[0]} do the same:"
        )
        yield Proposal(
            advisor="duplicate-setup",
            title=f"{what} {len(records)} times, {format_duration(total)} in sum",
            change="Do it once for the class, in setup_class or setUpClass."
            if wider == "class"
            else f"Make one fixture of scope {wider!r} of it, which the classes use.",
            confidence=Confidence.MEDIUM if all(source.gives for _, source in group) else Confidence.LOW,
            suite=merged(facts.rescoped(dict.fromkeys(names, wider)), names),
            span=(0.8, 1.05),
            evidence=(
                f"{format_duration(total / len(records))} each time",
                *(f"the same body at {place}" for place in places[:5] if len(places) > 1),
                *("it sets nothing for tests" for _ in range(not group[0][1].gives)),
            ),
            where=places[0],
            risk=f"Tests share what it makes per {wider} and worker: what one of them changes, others see.",
        )


def _method_of(fixture: FixtureRecord, sources: SourceFacts) -> FixtureSource | None:
    """The definition of the method or function that pytest made the fixture of."""
    for beginning, methods in _METHODS.items():
        if fixture.name.startswith(beginning):
            parts = split_node_id(fixture.requester)
            owner = (parts.file,) if beginning == _OF_MODULES else (parts.file, *parts.classes)
            known = (sources.setups.get("::".join((*owner, method))) for method in methods)
            return next((source for source in known if source is not None), None)
    return None


def _wider(records: list[FixtureRecord]) -> str:
    users = [split_node_id(each.requester) for each in records]
    if len({each.file for each in users}) > 1:
        return "session"
    is_each = all(each.scope == "function" for each in records)
    return (
        "class" if is_each and len({each.classes for each in users}) == 1 and users[0].classes else "module"
    )
