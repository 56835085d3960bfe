"""Tests that are flaky in outcome: they failed and passed on the same code."""

from collections import Counter
from collections.abc import Iterable

from lapwing.model.record import FAILURES, Outcome, TestRecord
from lapwing.model.report import FlakyTest


def flaky_attempts(tests: Iterable[TestRecord]) -> tuple[FlakyTest, ...]:
    """Tests of one run of which an attempt failed and a later one passed, in order of node ids."""
    attempts: dict[str, list[TestRecord]] = {}
    for record in tests:
        attempts.setdefault(record.nodeid, []).append(record)
    found = []
    for nodeid, records in sorted(attempts.items()):
        in_order = sorted(records, key=lambda record: record.attempt)
        failed = sum(record.outcome in FAILURES for record in in_order)
        passed = sum(record.outcome == Outcome.PASSED for record in in_order)
        if failed and in_order[-1].outcome == Outcome.PASSED:
            found.append(FlakyTest(nodeid=nodeid, failed=failed, passed=passed))
    return tuple(found)


def flaky_on_a_commit(results: Iterable[tuple[str, str, str]]) -> tuple[FlakyTest, ...]:
    """Tests that failed in one run and passed in another of the same commit.

    `results` are (node id, commit, outcome), one per run without uncommitted changes. The
    order is that of the number of failures, then of node ids.
    """
    counts: dict[tuple[str, str], Counter[bool]] = {}
    for nodeid, commit, outcome in results:
        if outcome in FAILURES or outcome == Outcome.PASSED:
            counts.setdefault((nodeid, commit), Counter())[outcome == Outcome.PASSED] += 1
    found = [
        FlakyTest(nodeid=nodeid, failed=count[False], passed=count[True], commit=commit)
        for (nodeid, commit), count in counts.items()
        if count[True] and count[False]
    ]
    return tuple(sorted(found, key=lambda test: (-test.failed, test.nodeid, test.commit or "")))
