"""Runs with more results than are written down at once."""

import json

import pytest

from lapwing.model.codec import recorded_run_dict
from lapwing.model.columned_tests import ColumnedTests
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.run_text import recorded_run_json


def recorded(count: int) -> RecordedRun:
    tests = tuple(TestRecord(f"test_a.py::test_{n}", Outcome.PASSED, call_ns=n) for n in range(count))
    return RecordedRun(Run("0192f3a1-0000-7000-8000-000000000001", 1, 2, "p"), tests)


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1_250])
def test_all_results_of_a_run_are_written_in_their_order(count):
    run = recorded(count)

    assert json.loads(recorded_run_json(run)) == json.loads(json.dumps(recorded_run_dict(run)))


def test_results_kept_as_columns_are_made_once():
    tests = ColumnedTests(list(zip(*recorded(3).tests, strict=True)))

    assert tests[1] == recorded(3).tests[1]
    assert list(map(id, tests)) == list(map(id, tests))
    assert tests[1] is list(tests)[1]
