"""What a run recorded of one test, in parts."""

from lapwing.model.record import Count, FixtureRecord, Outcome, TestRecord
from lapwing.report.pages.one_test import one_test_section

MS = 10**6


def rows(record: TestRecord, *fixtures: FixtureRecord) -> dict[str, tuple[str, ...]]:
    section = one_test_section([record], fixtures, 0)
    assert section is not None
    assert section.table is not None
    return {what: rest for what, *rest in section.table.rows}


def test_each_phase_has_its_wall_and_processor_time_and_a_dash_where_nothing_was_measured():
    record = TestRecord("a", Outcome.PASSED, setup_ns=2 * MS, setup_cpu_ns=MS, call_ns=3 * MS)

    parts = rows(record)

    assert parts["set-up"] == ["2.00 ms", "1.00 ms", ""]
    assert parts["call"] == ["3.00 ms", "–", ""]
    assert parts["tear-down"] == ["–", "–", ""]


def test_fixtures_and_probes_stand_beside_the_phases():
    record = TestRecord("a", Outcome.PASSED, counters={"sql": Count(1200, 4 * MS), "leaks": Count(1, 0)})
    fixture = FixtureRecord("db", "function", "conftest.py:3", "a", setup_ns=5 * MS, teardown_ns=MS)

    parts = rows(record, fixture)

    assert parts["fixture db (function, conftest.py:3)"] == ["6.00 ms", "", ""]
    assert parts["probe sql"] == ["4.00 ms", "", "1,200"]
    assert parts["probe leaks"] == ["", "", "1"]


def test_the_last_of_several_attempts_is_shown_and_said():
    attempts = [TestRecord("a", Outcome.FAILED), TestRecord("a", Outcome.PASSED, attempt=2, worker="gw1")]

    section = one_test_section(attempts, (), 0)

    assert section is not None
    assert "passed on gw1, the last of 2 attempts" in section.sentences[0]


def test_a_test_that_was_not_recorded_has_no_section():
    assert one_test_section((), (), 0) is None
