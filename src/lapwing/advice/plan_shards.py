"""A plan of shards for a list of tests."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from lapwing.advice.least_makespan import least_makespan
from lapwing.advice.shards import longest_first, stable_split
from lapwing.model.shards import KnownTimes, Shard, ShardPlan, TestToPlace, Unit
from lapwing.units import NS_PER_MS

_ALIKE_NS: Final = 10 * NS_PER_MS  # of every test, where no time is known at all


def plan_shards(
    tests: Sequence[TestToPlace], known: KnownTimes, shards: int, *, is_stable: bool = False
) -> ShardPlan:
    """`tests` in `shards` parts of about the same time, groups kept together.

    A test without a known time counts as the median (the upper one of two) of its category, failing that
    of all tests. A name that is given twice goes into one shard, and counts once. Raises ValueError for
    less than one shard.
    """
    if shards < 1:
        raise ValueError(f"{shards} shards")
    medians = _medians(known)
    members: dict[tuple[str, str], list[TestToPlace]] = {}
    for test in {test.nodeid: test for test in tests}.values():
        key = ("group", test.group) if test.group else ("test", test.nodeid)
        members.setdefault(key, []).append(test)
    units = [
        Unit(
            name=f"{kind} {name}",
            tests=tuple(test.nodeid for test in within),
            time_ns=sum(_time(test, known, medians) for test in within),
        )
        for (kind, name), within in members.items()
    ]
    placed = (stable_split if is_stable else longest_first)(units, shards)
    shard_of = {nodeid: shard for unit, shard in zip(units, placed, strict=True) for nodeid in unit.tests}
    contents: list[list[str]] = [[] for _ in range(shards)]
    loads = [0] * shards
    for unit, shard in zip(units, placed, strict=True):
        loads[shard] += unit.time_ns
    for nodeid in dict.fromkeys(test.nodeid for test in tests):
        contents[shard_of[nodeid]].append(nodeid)
    return ShardPlan(
        shards=tuple(
            Shard(at + 1, tuple(names), loads[at], sum(name not in known.tests for name in names))
            for at, names in enumerate(contents)
        ),
        lower_bound_ns=least_makespan([unit.time_ns for unit in units], shards),
        times=known.source,
        is_stable=is_stable,
        digest=_digest(contents),
    )


def _medians(known: KnownTimes) -> dict[str, int]:
    """The median time by category, and of all tests under ""."""
    times: dict[str, list[int]] = {}
    for nodeid, time_ns in known.tests.items():
        times.setdefault("", []).append(time_ns)
        category = known.categories.get(nodeid)
        if category:
            times.setdefault(category, []).append(time_ns)
    return {category: sorted(values)[len(values) // 2] for category, values in times.items()}


def _time(test: TestToPlace, known: KnownTimes, medians: dict[str, int]) -> int:
    found = known.tests.get(test.nodeid)
    if found is None:
        found = medians.get(test.category, medians.get("", _ALIKE_NS))
    return found


def _digest(contents: Sequence[Sequence[str]]) -> str:
    """Eight characters that differ where the plan does, whatever the order of tests within a shard."""
    text = "\n\n".join("\n".join(sorted(names)) for names in contents)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
