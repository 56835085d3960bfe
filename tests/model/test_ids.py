"""Identities of runs and tests."""

import pytest

from lapwing.model.ids import is_run_id, is_run_id_prefix, normalize_node_id, split_node_id

RUN_ID = "01a1fb0b-9f5a-72ae-9846-5d516601ac09"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RUN_ID, True),
        (RUN_ID.upper(), False),
        (RUN_ID[:-1], False),
        (RUN_ID + "0", False),
        (RUN_ID.replace("-72ae", "-42ae"), False),  # a UUID of version 4
        ("", False),
    ],
)
def test_a_whole_run_id_is_known(text, expected):
    assert is_run_id(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("01a1", True), ("01A1", True), ("01a", False), (RUN_ID, True), (RUN_ID + "0", False), ("main", False)],
)
def test_a_beginning_of_a_run_id_has_at_least_four_digits(text, expected):
    assert is_run_id_prefix(text) is expected


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("a.py::t", "a.py::t"),
        ("a.py::t@db", "a.py::t"),
        ("a.py::t[x]@db", "a.py::t[x]"),
        ("a.py::t[x@y]", "a.py::t[x@y]"),
        ("a.py::t[x@y]@db", "a.py::t[x@y]"),
        ("folder@home/a.py::t", "folder@home/a.py::t"),
        ("folder@home/a.py", "folder@home/a.py"),
        ("a.py::T::t@db", "a.py::T::t"),
        ("", ""),
    ],
)
def test_a_group_at_the_end_is_no_part_of_a_name(nodeid, expected):
    assert normalize_node_id(nodeid) == expected


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("a.py::t", ("a.py", (), "t", None)),
        ("b/a.py::T::U::t[1-2]", ("b/a.py", ("T", "U"), "t", "1-2")),
        ("a.py::t[a::b[c]d]", ("a.py", (), "t", "a::b[c]d")),
        ("a.py::t[]", ("a.py", (), "t", "")),
        ("a.py", ("a.py", (), "", None)),
        ("a.txt::name [not] parameters here", ("a.txt", (), "name [not] parameters here", None)),
    ],
)
def test_a_node_id_is_taken_apart(nodeid, expected):
    assert tuple(split_node_id(nodeid)) == expected
