"""What follows from the numbers of a record."""

import pytest

from lapwing.model.record import Outcome, TestRecord


def record(**fields):
    return TestRecord(nodeid="a.py::t", outcome=Outcome.PASSED, **fields)


@pytest.mark.parametrize(
    ("fields", "duration"),
    [
        ({}, None),
        ({"call_ns": 0}, 0),
        ({"setup_ns": 1, "call_ns": 2, "teardown_ns": 4}, 7),
        ({"setup_ns": 1, "teardown_ns": 4}, 5),
    ],
)
def test_duration_is_the_sum_of_the_phases_that_were_measured(fields, duration):
    assert record(**fields).duration_ns == duration


@pytest.mark.parametrize(
    ("fields", "cpu"),
    [
        ({"child_cpu_ns": 5}, None),
        ({"call_cpu_ns": 2}, 2),
        ({"setup_cpu_ns": 1, "call_cpu_ns": 2, "teardown_cpu_ns": 4, "child_cpu_ns": 8}, 15),
    ],
)
def test_processor_time_includes_children_where_it_was_measured_at_all(fields, cpu):
    assert record(**fields).cpu_ns == cpu


@pytest.mark.parametrize(
    ("fields", "waiting"),
    [
        ({"call_ns": 10}, None),
        ({"call_cpu_ns": 10}, None),
        ({"call_ns": 10, "call_cpu_ns": 4}, 6),
        ({"call_ns": 10, "call_cpu_ns": 40}, 0),  # several threads computed
    ],
)
def test_waiting_is_what_was_not_computed_and_never_negative(fields, waiting):
    assert record(**fields).waiting_ns == waiting


def test_the_class_is_not_taken_for_tests():
    assert TestRecord.__test__ is False
