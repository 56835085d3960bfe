"""Workers that share processors and set fixtures up: makespans that can be told by hand."""

import pytest

from lapwing.advice.what_if import what_if
from lapwing.model.what_if import SuiteTimes, TimedTest, WideFixture
from lapwing.units import NS_PER_MS

FREE = SuiteTimes(
    tests=(),
    fixtures=(),
    cores=2.0,
    controller_ns=0,
    boot_ns=0,
    collection_ns=0,
    around_ns=0,
    alone_around_ns=0,
    ending_ns=0,
    alone_ending_ns=0,
)


def some_tests(count, ms=1000, cpu_share=0.0, file="tests/test_a.py", fixtures=()):
    return tuple(TimedTest(f"{file}::test_{at}", ms * NS_PER_MS, cpu_share, fixtures) for at in range(count))


def seconds(suite, workers, dist="load"):
    return what_if(suite, workers, dist).makespan_ns / 1e9


def test_sleeping_tests_go_side_by_side_whatever_the_processors():
    suite = FREE._replace(tests=some_tests(8))

    assert seconds(suite, 8) == pytest.approx(1.0, rel=0.01)


def test_subtests_are_told_to_the_controller_one_by_one():
    suite = FREE._replace(cores=1.0, subtest_ns=NS_PER_MS // 10)
    (test,) = some_tests(1, cpu_share=1.0)

    plain, told = (seconds(suite._replace(tests=(test._replace(subtests=each),)), 1) for each in (0, 10_000))

    assert told - plain == pytest.approx(1.0 + 1.8, rel=0.01)  # in the worker, and beside it


def test_each_unit_that_the_controller_hands_out_costs_and_a_test_among_many_does_not():
    suite = FREE._replace(tests=some_tests(1000, 1), unit_ns=NS_PER_MS)

    each, together = (what_if(suite, 1, mode).makespan_ns for mode in ("loadgroup", "loadfile"))

    assert each - together == 999 * NS_PER_MS


def test_subtests_cost_a_single_process_nothing_more():
    (test,) = some_tests(1)
    suite = FREE._replace(tests=(test._replace(subtests=10_000),), subtest_ns=NS_PER_MS)

    assert seconds(suite, 0) == pytest.approx(1.0)


def test_computing_tests_share_the_processors():
    suite = FREE._replace(tests=some_tests(8, cpu_share=1.0))

    assert seconds(suite, 8) == pytest.approx(4.0, rel=0.01)
    assert seconds(suite, 2) == pytest.approx(4.0, rel=0.01)


def test_a_session_fixture_is_set_up_once_per_worker():
    fixture = WideFixture("db", "session", "", 2000 * NS_PER_MS, cpu_share=0.0)
    suite = FREE._replace(tests=some_tests(8, fixtures=(0,)), fixtures=(fixture,))

    assert seconds(suite, 0) == pytest.approx(10.0, rel=0.01)
    assert seconds(suite, 4) == pytest.approx(4.0, rel=0.01)


def test_a_module_fixture_is_set_up_again_after_another_module():
    fixtures = tuple(
        WideFixture("db", "module", f"tests/test_{name}.py", 1000 * NS_PER_MS, cpu_share=0.0) for name in "ab"
    )
    a, b = (some_tests(2, 100, file=f"tests/test_{name}.py", fixtures=(at,)) for at, name in enumerate("ab"))
    kept, mixed = FREE._replace(tests=(*a, *b)), FREE._replace(tests=(a[0], b[0], a[1], b[1]))

    assert seconds(kept._replace(fixtures=fixtures), 0) == pytest.approx(2.4, rel=0.01)
    assert seconds(mixed._replace(fixtures=fixtures), 0) == pytest.approx(4.4, rel=0.01)


def test_workers_start_and_collect_side_by_side_as_far_as_there_are_processors():
    suite = FREE._replace(tests=some_tests(4, 1), boot_ns=400 * NS_PER_MS, collection_ns=600 * NS_PER_MS)

    assert seconds(suite, 2) == pytest.approx(1.0, rel=0.02)
    assert seconds(suite, 4) == pytest.approx(2.0, rel=0.02)


def test_the_floor_is_the_longest_file_where_files_stay_together():
    a, b = some_tests(6, file="tests/test_a.py"), some_tests(2, file="tests/test_b.py")
    suite = FREE._replace(tests=(*a, *b))

    row = what_if(suite, 4, "loadfile")

    assert (row.floor_ns, row.floor) == (6000 * NS_PER_MS, "tests/test_a.py")
    assert row.makespan_ns == pytest.approx(row.floor_ns, rel=0.01)


def test_without_tests_only_the_start_is_left():
    assert seconds(FREE._replace(controller_ns=300 * NS_PER_MS), 3) == 0.3
    assert seconds(FREE._replace(controller_ns=300 * NS_PER_MS), 0) == 0.3


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="each"):
        what_if(FREE, 2, "each")
