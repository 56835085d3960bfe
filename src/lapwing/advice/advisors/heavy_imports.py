"""Imports that every process of a run pays for before its first test."""

import sys
from collections.abc import Iterable, Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import NS_PER_MS, format_count, format_duration, format_share

_LEAST_NS: Final = 200 * NS_PER_MS
_USUAL_NS: Final = 20 * NS_PER_MS  # of conftest files that import nothing heavy
_USUAL_START_NS: Final = 150 * NS_PER_MS  # the same with plugins
_LEAST_SHARE: Final = 0.3  # of collection, from which one module is an exception
_CONFTEST: Final = "conftest.py"
_MOST_NAMED: Final = 8
_LIGHT: Final = sys.stdlib_module_names | {"pytest", "_pytest", "pluggy"}


def advise(facts: Facts) -> Iterator[Proposal]:
    """Import where it is used, or what is lighter."""
    yield from _of_start(facts)
    yield from _of_modules(facts)


def _of_start(facts: Facts) -> Iterator[Proposal]:
    conftests = facts.conftests_ns
    is_known = conftests is not None
    spent = facts.suite.controller_ns if conftests is None else conftests
    saved = spent - (_USUAL_NS if is_known else _USUAL_START_NS)
    if saved < _LEAST_NS:
        return
    heavy = _imports_of_conftests(facts)
    imports = [line for line in heavy if not _is_needed(line, facts)]
    if heavy and not imports:  # tests of this run need them all, wherever they are imported
        return
    if not is_known:
        what = "conftest files and plugins take"
    elif imports:
        what = "conftest files take"
    else:  # such as pytest-django, which imports all of Django's applications then
        what = "conftest files, and what plugins set up with them, take"
    unsure = Confidence.MEDIUM if imports or is_known else Confidence.LOW
    if len(imports) < len(heavy):  # how much of it the others take is not known
        unsure = Confidence.LOW
    yield Proposal(
        advisor="heavy-imports",
        title=f"{what} {format_duration(spent)} in every process before collection begins, "
        f"{format_share(spent / max(1, facts.now.makespan_ns))} of the run",
        change="Import heavy modules in the fixtures and tests that use them; 'lapwing why --imports' names "
        "them.",
        confidence=Confidence.HIGH if is_known and imports and imports == heavy else unsure,
        suite=facts.started_sooner(saved),
        span=(0.5 if is_known and imports == heavy else 0.0, 1.05),
        evidence=tuple(f"imported at {line}" for line in imports[:_MOST_NAMED]),
        where=imports[0].split()[0] if imports else "",
    )


def _imports_of_conftests(facts: Facts) -> list[str]:
    """Where conftest files import what is neither Python's own nor pytest: each "file:line module"."""
    return [
        line
        for file, lines in facts.sources.imports.items()
        if file.endswith(_CONFTEST)
        for line in lines
        if _is_heavy(line)
    ]


def _is_heavy(line: str) -> bool:
    """Whether "file:line module" names what is neither Python's own nor pytest."""
    return line.split()[-1].partition(".")[0] not in _LIGHT


def _is_needed(line: str, facts: Facts, *, in_module: bool = True) -> bool:
    """Whether tests of the run need what is imported at "file:line module", wherever that is.

    Fixtures do if they were set up; what else of the file uses it is taken to run, unless not `in_module`.
    Another file that imports the same would pay for it.
    """
    file, _, module = line.partition(" ")
    users = facts.sources.users.get(line, ())
    set_up = {fixture.location for fixture in facts.recorded.fixtures}
    if any(place in set_up or (in_module and not place) for place in users):
        return True
    own = file.rpartition(":")[0]
    others = (lines for other, lines in facts.sources.imports.items() if other != own)
    return not module.startswith(".") and any(_is_brought(line, lines) for lines in others)


def _is_brought(line: str, others: Iterable[str]) -> bool:
    """Whether one of other imports brings the same module, as that of a part does its package."""
    module = line.partition(" ")[2]
    return any(
        each == module or each.startswith(f"{module}.") for each in (at.partition(" ")[2] for at in others)
    )


def _of_modules(facts: Facts) -> Iterator[Proposal]:
    spent: dict[str, list[int]] = {}
    for record in facts.recorded.collection:
        spent.setdefault(record.nodeid, []).append(record.duration_ns)
    total = sum(max(times) for times in spent.values())
    deselected, ran = facts.recorded.run.deselected, len(facts.suite.tests)
    left_out = (
        (f"{format_count(deselected, 'test')} of the suite collected and deselected, {ran:,} run",)
        if deselected > ran
        else ()
    )
    earlier = [
        line for file, lines in facts.sources.imports.items() if file.endswith(_CONFTEST) for line in lines
    ]
    for nodeid, times in spent.items():
        before, own = len(earlier), facts.sources.imports.get(nodeid, ())
        earlier.extend(own)
        mean = sum(times) // len(times)
        if mean < _LEAST_NS or mean < _LEAST_SHARE * total:
            continue
        heavy = [line for line in own if _is_heavy(line) and not _is_brought(line, earlier[:before])]
        imports = [line for line in heavy if not _is_needed(line, facts, in_module=not left_out)]
        if heavy and not imports:  # its tests need them all, or another module would pay for them
            continue
        yield Proposal(
            advisor="heavy-imports",
            title=f"{nodeid} takes {format_duration(mean)} to import and collect, "
            f"{format_share(mean / max(1, total))} of collection",
            change="Import heavy modules in the tests that use them, make data in fixtures and not at "
            "import, "
            "and keep expensive calls out of parametrize.",
            confidence=Confidence.MEDIUM,
            suite=facts.suite._replace(collection_ns=max(0, facts.suite.collection_ns - mean)),
            span=(0.5, 1.0),
            evidence=(*left_out, *(f"imported at {line}" for line in imports[:_MOST_NAMED])),
            where=imports[0].split()[0] if imports else nodeid,
        )
