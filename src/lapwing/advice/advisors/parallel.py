"""More workers than the run had."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.mark_text import mark_text
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.model.what_if import WhatIfRow, WorkerCosts
from lapwing.units import format_duration

_PER_CORE: Final = 4  # workers that may pay off where tests wait
_MODES: Final = ("load", "loadfile", "worksteal")
_MOST_GROUPS: Final = 5
_WORTH: Final = 0.97  # of what fewer workers take, from which more are not worth it


def advise(facts: Facts) -> Iterator[Proposal]:
    """The fewest workers that come close to the best."""
    # What another mode gains with the workers that there are is not theirs.
    best = _best(facts, facts.now.workers) if facts.now.workers > 1 else facts.now
    for workers in _counts(facts):
        row = _best(facts, workers)
        if row.makespan_ns < _WORTH * best.makespan_ns:
            best = row
    if best.workers == facts.now.workers or best.makespan_ns >= facts.now.makespan_ns:
        return
    is_guess = facts.suite.worker_costs is WorkerCosts.USUAL and not facts.now.workers
    yield Proposal(
        advisor="parallel",
        title=f"{best.workers} workers would take {format_duration(best.makespan_ns)} in place of "
        f"{format_duration(facts.now.makespan_ns)}",
        change=f"Run pytest with -n {best.workers} --dist {best.dist} (pytest-xdist).",
        confidence=Confidence.LOW if is_guess else Confidence.MEDIUM,
        workers=best.workers,
        dist=best.dist,
        span=(0.5, 1.3) if is_guess else (0.7, 1.1),
        evidence=(
            f"{format_duration(facts.now.makespan_ns)} with {facts.now.workers or 'no'} workers, simulated "
            "without waits for a processor",
            f"start-up and collection of a worker: "
            f"{format_duration(facts.suite.boot_ns + facts.suite.collection_ns)}"
            f"{', by usual values' if is_guess else ''}",
            *map(mark_text, facts.shared[:_MOST_GROUPS]),
        ),
        risk="Tests that share files, ports or a database must not meet: give each worker its own, or "
        "mark them "
        "with xdist_group and use --dist loadgroup.",
    )


def _best(facts: Facts, workers: int) -> WhatIfRow:
    rows = [facts.tried(workers, mode) for mode in _MODES]
    return min(rows, key=lambda each: each.makespan_ns)


def _counts(facts: Facts) -> list[int]:
    most = max(2, min(64, len(facts.suite.tests), round(facts.suite.cores * _PER_CORE)))
    counts, count = [], 2
    while count <= most:
        if count > facts.now.workers:
            counts.append(count)
        count *= 2
    return counts
