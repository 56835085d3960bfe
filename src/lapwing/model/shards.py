"""Shards: parts of a suite that run apart from each other, on machines of their own."""

from collections.abc import Mapping

from lapwing.model.value import Value


class TestToPlace(Value):
    """A test that has to go into a shard."""

    nodeid: str
    category: str = ""
    group: str = ""  # tests with the same one stay together; "": none


TestToPlace.__test__ = False  # type: ignore[attr-defined]


class Unit(Value):
    """Tests that stay together, and the time that they take in ns."""

    name: str  # of the group, or of its only test
    tests: tuple[str, ...]
    time_ns: int


class KnownTimes(Value):
    """How long tests took, by median over recorded runs, in ns."""

    tests: Mapping[str, int] = {}
    categories: Mapping[str, str] = {}  # test -> category, where it is known
    source: str = ""  # where from, in words; "" where nothing is known


class Shard(Value):
    """One part of the suite."""

    number: int  # from 1
    tests: tuple[str, ...]  # in the order given
    time_ns: int  # expected
    unknown: int = 0  # tests whose time is a guess


class ShardPlan(Value):
    """A suite split."""

    shards: tuple[Shard, ...]
    lower_bound_ns: int  # no split into so many shards has a shorter longest one
    times: str  # where the times come from; "" where none are known and tests count alike
    is_stable: bool = False
    digest: str = ""  # of the plan: shards that run apart must agree on it

    @property
    def makespan_ns(self) -> int:
        """Expected time of the longest shard."""
        return max((shard.time_ns for shard in self.shards), default=0)

    @property
    def tests(self) -> int:
        """How many tests all shards have together."""
        return sum(len(shard.tests) for shard in self.shards)
