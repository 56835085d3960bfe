"""Which tests should stay in one worker."""

from lapwing.analysis.shared_uses import shared_uses
from lapwing.model.record import Count, Outcome, TestRecord
from lapwing.model.tests_together import SharedUse


def record(name, *counters, markers=()):
    return TestRecord(
        f"tests/test_a.py::{name}",
        Outcome.PASSED,
        markers=markers,
        counters={counter: Count(1) for counter in counters},
    )


def names(use):
    return [name.rpartition("::")[2] for name in use.tests]


def test_tests_that_bind_one_port_are_a_group():
    (use,) = shared_uses([record("b", "port:8080"), record("alone"), record("a", "port:8080", "sleep")])

    assert use == SharedUse("port-8080", ("port:8080",), ("tests/test_a.py::b", "tests/test_a.py::a"))


def test_who_shares_with_each_of_two_joins_them():
    (use,) = shared_uses(
        [record("a", "port:1"), record("b", "port:1", "writes:out.json"), record("c", "writes:out.json")]
    )

    assert names(use) == ["a", "b", "c"]
    assert use.shared == ("port:1", "writes:out.json")


def test_what_one_function_uses_alone_is_shared_by_nobody():
    assert shared_uses([record("a[1]", "port:1"), record("a[2]", "port:1"), record("b", "port:2")]) == ()


def test_a_group_that_is_marked_already_is_left_out():
    marked = ("xdist_group", "xdist_group=till")

    assert shared_uses([record(name, "port:1", markers=marked) for name in "ab"]) == ()
    assert len(shared_uses([record("a", "port:1", markers=marked), record("b", "port:1")])) == 1


def test_counts_are_no_names():
    assert shared_uses([record("a", "sleep", "file"), record("b", "sleep", "file")]) == ()


def test_a_file_gives_a_name_that_can_stand_in_a_mark():
    (use,) = shared_uses([record(name, 'writes:data/my "out".json') for name in "ab"])

    assert use.group == "data-my-out-json"
