"""Another mode of distribution over the same workers."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration

_MODES: Final = ("load", "worksteal", "loadscope", "loadfile", "lapwing")
_WORTH: Final = (
    0.97  # of what the present mode takes, from which another is not told: simulations differ by chance
)
_LOOSE: Final = ("load", "worksteal", "lapwing")  # modes that tear files apart


def advise(facts: Facts) -> Iterator[Proposal]:
    """The mode that takes least."""
    now = facts.now
    if now.workers < 2:
        return
    rows = [facts.tried(now.workers, mode) for mode in _MODES if mode != now.dist]
    best = min(rows, key=lambda row: row.makespan_ns)
    if best.makespan_ns > _WORTH * now.makespan_ns:
        return
    unit = f", which cannot be shorter than {now.floor}" if now.floor and now.dist not in _LOOSE else ""
    is_torn = now.dist not in _LOOSE and best.dist in _LOOSE
    yield Proposal(
        advisor="distribution",
        title=f"--dist {best.dist} would take {format_duration(best.makespan_ns)} over {now.workers} "
        f"workers, in place of {format_duration(now.makespan_ns)}",
        change=f"Run with --dist {best.dist}.",
        confidence=Confidence.MEDIUM if is_torn else Confidence.HIGH,
        dist=best.dist,
        span=(0.6, 1.1),
        evidence=(
            f"{format_duration(now.makespan_ns)} with --dist {now.dist}{unit}, simulated",
            *(f"{format_duration(row.makespan_ns)} with --dist {row.dist}" for row in rows),
        ),
        where=now.floor,
        risk="Tests of one file or class run in several workers: each sets up what they share, and must not "
        "hang on their order."
        if is_torn
        else "",
    )
