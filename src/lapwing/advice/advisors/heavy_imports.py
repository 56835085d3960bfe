"""Imports that every process of a run pays for before its first test."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import NS_PER_MS, format_duration, format_share

_LEAST_NS: Final = 200 * NS_PER_MS
_USUAL_START_NS: Final = 150 * NS_PER_MS  # of conftest files and plugins that import nothing heavy
_LEAST_SHARE: Final = 0.3  # of collection, from which one module is an exception
_CONFTEST: Final = "conftest.py"


def advise(facts: Facts) -> Iterator[Proposal]:
    """Import where it is used, or what is lighter."""
    yield from _of_start(facts)
    yield from _of_modules(facts)


def _of_start(facts: Facts) -> Iterator[Proposal]:
    spent = facts.suite.controller_ns
    if spent - _USUAL_START_NS < _LEAST_NS:
        return
    saved = spent - _USUAL_START_NS
    imports = [
        line for file, lines in facts.sources.imports.items() if file.endswith(_CONFTEST) for line in lines
    ]
    yield Proposal(
        advisor="heavy-imports",
        title=f"conftest files and plugins take {format_duration(spent)} in every process before collection "
        f"begins, {format_share(spent / max(1, facts.now.makespan_ns))} of the run",
        change="Import heavy modules in the fixtures and tests that use them; 'lapwing why --imports' names "
        "them.",
        confidence=Confidence.HIGH if imports else Confidence.MEDIUM,
        suite=facts.suite._replace(
            controller_ns=facts.suite.controller_ns - saved, boot_ns=max(0, facts.suite.boot_ns - saved)
        ),
        span=(0.5, 1.05),
        evidence=tuple(f"imported at {line}" for line in imports[:8]),
        where=imports[0].split()[0] if imports else _CONFTEST,
    )


def _of_modules(facts: Facts) -> Iterator[Proposal]:
    spent: dict[str, list[int]] = {}
    for record in facts.recorded.collection:
        spent.setdefault(record.nodeid, []).append(record.duration_ns)
    total = sum(max(times) for times in spent.values())
    for nodeid, times in spent.items():
        mean = sum(times) // len(times)
        if mean < _LEAST_NS or mean < _LEAST_SHARE * total:
            continue
        imports = facts.sources.imports.get(nodeid, ())
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
            evidence=tuple(f"imported at {line}" for line in imports[:8]),
            where=imports[0].split()[0] if imports else nodeid,
        )
