"""Results that are written together, and the counts that a list of runs shows of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from lapwing.model.columned_tests import column_of
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value

_PHASES: Final = ("setup_ns", "call_ns", "teardown_ns")


class ResultPart(Value):
    """Results that follow one another in a run, with all attempts of each test among them."""

    tests: Sequence[TestRecord]
    names: dict[str, None]  # in the order recorded
    first_ordinal: int  # place of the first of them in the run
    last: Collection[int]  # ordinals of last attempts


def result_part(tests: Sequence[TestRecord], first_ordinal: int) -> ResultPart:
    """`tests`, of which the first stands at place `first_ordinal` of the run."""
    # A dictionary, not a set: names that are new get their numbers in the order recorded, so that
    # neighbors in a run are neighbors in every index.
    names = dict.fromkeys(column_of(tests, "nodeid"))
    last: Collection[int] = range(first_ordinal, first_ordinal + len(tests))
    if len(names) < len(tests):
        from lapwing.model.last_attempt import last_places

        last = {first_ordinal + place for place in last_places(tests)}
    return ResultPart(tests, names, first_ordinal, last)


def named_tests(recorded: RecordedRun, part: ResultPart) -> dict[str, None]:
    """All tests that the facts of a run name, those of `part`, its results, first."""
    asked = [record.requester for record in recorded.fixtures if record.requester]
    measured = [record.nodeid for record in recorded.benchmarks]
    limited = [record.nodeid for record in recorded.budgets if record.nodeid]
    stopped = [record.nodeid for record in recorded.stopped]
    others = [*asked, *measured, *limited, *stopped]
    return dict.fromkeys([*part.names, *others]) if others else part.names


def named_workers(recorded: RecordedRun) -> list[str]:
    """All workers that the facts of a run name, sorted."""
    tests, fixtures, collection = recorded.tests, recorded.fixtures, recorded.collection
    found = set(column_of(tests, "worker"))
    return sorted(found.union([each.worker for each in fixtures], [each.worker for each in collection]))


class RunCounts:
    """Counts over the parts of a run that were written so far."""

    def __init__(self) -> None:
        self.tests = 0  # distinct ones
        self.results = 0  # attempts
        self.worker_ns = 0  # sum of all phases of all attempts
        self.outcomes: Counter[Outcome] = Counter()  # of last attempts

    def add(self, part: ResultPart) -> None:
        """Count `part`."""
        tests, first = part.tests, part.first_ordinal
        self.tests += len(part.last)
        self.results += len(tests)
        self.worker_ns += sum(sum(filter(None, column_of(tests, phase))) for phase in _PHASES)
        if len(part.last) == len(tests):
            self.outcomes.update(column_of(tests, "outcome"))
        else:
            self.outcomes.update([tests[ordinal - first][1] for ordinal in part.last])
