import pytest

from lapwing.ingest.identity import LONGEST, identity
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome


def named(tool: str = "", **fields) -> str:
    return identity(ReadTest(status=Outcome.PASSED, **fields), tool)


@pytest.mark.parametrize(
    ("fields", "nodeid"),
    [
        (
            {"classname": "tests.test_a", "name": "test_x", "file": "tests/test_a.py"},
            "tests/test_a.py::test_x",
        ),
        ({"classname": "tests.test_a", "name": "test_x"}, "tests/test_a.py::test_x"),
        (
            {"classname": "tests.test_a.TestB.TestC", "name": "t[x::y]"},
            "tests/test_a.py::TestB::TestC::t[x::y]",
        ),
        (
            {"classname": "pre.fix.tests.test_a.UT", "name": "t", "file": "tests/test_a.py"},
            "tests/test_a.py::UT::t",
        ),
        ({"classname": "test_a", "name": "t[1]@group"}, "test_a.py::t[1]"),
        ({"classname": "", "name": "tests.test_broken"}, "tests.test_broken"),
    ],
)
def test_pytests_tests_get_the_node_id_that_pytest_prints(fields, nodeid):
    assert named("pytest", **fields) == nodeid


@pytest.mark.parametrize(
    ("fields", "nodeid"),
    [
        ({"suite_path": ("TestAcme-20251114214921",), "classname": "TestAcme", "name": "t"}, "TestAcme::t"),
        ({"suite_path": ("s 2026-11-20T18:22:37.1Z",), "name": "t"}, "s::t"),
        ({"classname": "P", "name": "Param/(1, 0x55f6a31b60ed)"}, "P::Param/(1, 0x…)"),
        ({"name": "\x1b[31mred\x1b[0m [31mraw"}, "red raw"),
        (
            {"suite_path": ("rspec",), "classname": "a_spec", "name": "t", "file": "./a_spec.rb"},
            "a_spec.rb::t",
        ),
        ({"file": "test/a_test.exs:13", "classname": "A", "name": "t"}, "test/a_test.exs::A::t"),
        ({"file": "/home/me/a.cpp", "classname": "S", "name": "t"}, "S::t"),
        ({"file": "C:\\src\\a.cs", "classname": "S", "name": "t"}, "S::t"),
        ({"file": "/home/me/a.test.js", "name": "t"}, "a.test.js::t"),
        ({"package": "chromium", "suite_path": ("a.spec.ts",), "name": "t"}, "chromium::a.spec.ts::t"),
        ({"suite_path": ("foo/bar_test",), "name": "foo/bar_test"}, "foo/bar_test"),
        (
            {"suite_path": ("T.dll", "N", "N.C"), "classname": "N.C", "name": "N.C.works(1)"},
            "T.dll::N.C.works(1)",
        ),
    ],
)
def test_what_changes_from_run_to_run_is_taken_out(fields, nodeid):
    assert named(**fields) == nodeid


def test_nodes_names_are_unescaped_once_more():
    assert named("node", classname="test", name="says &quot;q&quot;") == 'says "q"'


def test_long_names_are_cut_and_still_told_apart():
    first, second = named(name="x" * 5000 + "1"), named(name="x" * 5000 + "2")

    assert len(first) == len(second) == LONGEST
    assert first != second
