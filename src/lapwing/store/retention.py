"""Which runs have to go: those before a moment, then the oldest until the store is small enough. No SQL."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from lapwing.store.protocol import Removal
from lapwing.units import NS_PER_S, format_size


class StoredRun(NamedTuple):
    """What retention needs to know of a run."""

    key: int
    run_id: str
    started_at_ns: int  # since the epoch
    results: int
    facts: int  # rows of all tables; its share of the store's size goes by them


class Plan(NamedTuple):
    """Keys of the runs that go, and the same for people."""

    keys: tuple[int, ...]
    removals: tuple[Removal, ...]


def plan(
    runs: Sequence[StoredRun], *, used_bytes: int, older_than_ns: int | None, keep_bytes: int | None
) -> Plan:
    """What would go of `runs` (oldest first) in a store of `used_bytes`.

    How much room a run takes is estimated by its share of all rows.
    """
    old = [run for run in runs if older_than_ns is not None and run.started_at_ns < older_than_ns]
    young = [run for run in runs if older_than_ns is None or run.started_at_ns >= older_than_ns]
    surplus: list[StoredRun] = []
    if keep_bytes is not None:
        weight = used_bytes / max(1, sum(run.facts + 1 for run in runs))
        size = sum(run.facts + 1 for run in young) * weight
        for run in young:
            if size <= keep_bytes:
                break
            surplus.append(run)
            size -= (run.facts + 1) * weight
    removals = []
    if old and older_than_ns is not None:
        removals.append(_removal(old, f"started before {_day(older_than_ns)}"))
    if surplus and keep_bytes is not None:
        removals.append(_removal(surplus, f"over {format_size(keep_bytes)}"))
    return Plan(keys=tuple(run.key for run in old + surplus), removals=tuple(removals))


def joined(first: Sequence[Removal], then: Sequence[Removal]) -> list[Removal]:
    """Both as one list, with one entry per reason."""
    joined = {removal.reason: removal for removal in first}
    for removal in then:
        before = joined.get(removal.reason)
        joined[removal.reason] = (
            removal
            if before is None
            else Removal(
                run_ids=before.run_ids + removal.run_ids,
                results=before.results + removal.results,
                reason=removal.reason,
            )
        )
    return list(joined.values())


def _removal(runs: Sequence[StoredRun], reason: str) -> Removal:
    return Removal(
        run_ids=tuple(run.run_id for run in runs), results=sum(run.results for run in runs), reason=reason
    )


def _day(ns: int) -> str:
    return datetime.fromtimestamp(ns // NS_PER_S, UTC).date().isoformat()
