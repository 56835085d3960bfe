import pytest

from lapwing.ingest.head import Head
from lapwing.ingest.readers.tap import TapReader


def test_names_times_and_directives_of_each_dialect_are_read(read_with):
    reading = read_with(
        TapReader(),
        "TAP version 13\n1..8\n"
        "ok 1 - plain\n"
        "ok 2 - vitest # time=12.5ms\n"
        "ok 3 bats in 50ms\n"
        "ok 4 - block\n  ---\n  duration_ms: 7.5\n  ...\n"
        "not ok 5 - seconds # time=2s\n"
        "not ok 6 - later # TODO not yet\n"
        "not ok 7 bats skips # SKIP no\n"
        "ok 8 - a \\# b \\\\ c # d\n",
    )

    assert reading.rows == [
        ("plain", "passed", None),
        ("vitest", "passed", 12.5),
        ("bats", "passed", 50.0),
        ("block", "passed", 7.5),
        ("seconds", "failed", 2000.0),
        ("later", "todo", None),
        ("bats skips", "skipped", None),
        ("a # b \\ c # d", "passed", None),
    ]
    assert reading.problems == []


def test_the_digits_written_are_the_step_of_the_clock(read_with):
    reading = read_with(
        TapReader(),
        "TAP version 13\n1..4\nok 1 - vitest # time=12.50ms\nok 2 bats in 50ms\n"
        "ok 3 - block\n  ---\n  duration_ms: 7.123456\n  ...\nok 4 - seconds # time=2s\n",
    )

    assert [test.resolution_ns for test in reading.tests] == [10_000, 1_000_000, 1, 1_000_000_000]


def test_subtests_before_their_sum_belong_to_it(read_with):
    reading = read_with(
        TapReader(),
        "TAP version 14\n"
        "# Subtest: outer\n"
        "    # Subtest: inner\n"
        "        ok 1 - deep\n"
        "        1..1\n"
        "    ok 1 - inner\n"
        "    ok 2 - leaf\n"
        "    1..2\n"
        "ok 1 - outer\n"
        "ok 2 - alone\n"
        "1..2\n",
    )

    assert [(test.name, test.suite_path, test.is_parent) for test in reading.tests] == [
        ("deep", ("outer", "inner"), False),
        ("inner", ("outer",), True),
        ("leaf", ("outer",), False),
        ("outer", (), True),
        ("alone", (), False),
    ]


def test_a_title_inside_of_its_subtests_names_them(read_with):
    reading = read_with(
        TapReader(), "TAP version 14\n    # Subtest: outer\n    ok 1 - a\n    1..1\nok 1 - outer\n"
    )

    assert [test.suite_path for test in reading.tests] == [("outer",), ()]


def test_in_tap_12_indented_lines_are_no_tests(read_with):
    reading = read_with(TapReader(), "    ok 1 - inner\n    1..1\nok 1 - sum\n1..1\n")

    assert reading.rows == [("sum", "passed", None)]


def test_a_brace_opens_a_block_only_where_lines_inside_follow(read_with):
    reading = read_with(
        TapReader(),
        "TAP version 13\nok 1 - parses {\nok 2 - suite # time=3ms {\n    ok 1 - in\n}\nok 3 - out\n",
    )

    assert [(test.name, test.suite_path, test.is_parent) for test in reading.tests] == [
        ("parses {", (), False),
        ("suite", (), True),
        ("in", ("suite",), False),
        ("out", (), False),
    ]


def test_what_did_not_run_is_told(read_with):
    reading = read_with(TapReader(), "1..3\nok 1 - a\nBail out! no database\n")

    assert [problem.text for problem in reading.problems] == [
        "the run was given up: no database",
        "3 tests were planned and 1 ran",
    ]
    assert all(problem.loses_tests for problem in reading.problems)


def test_files_that_prove_names_part_the_tests(read_with):
    reading = read_with(
        TapReader(),
        "[18:34:48] t/a.t .. \nok 1 - x\n1..1\nok       71 ms ( 0.00 usr)\n"
        "[18:34:49] t/b.t .. \n1..1\nok 1 - x\n",
    )

    assert [(test.file, test.name) for test in reading.tests] == [("t/a.t", "x"), ("t/b.t", "x")]


@pytest.mark.parametrize(
    ("content", "is_tap"),
    [
        ("TAP version 14\n", True),
        ("1..0 # SKIP no network\n", True),
        ("# comment\n1..1\nok 1\n", True),
        ("ok 1 - a\nok 2 - b\n1..2\n", True),
        ("ok, let us begin\nnot ok at all\n", False),
        ("1..5 of the pages\n", False),
        ("ok 1\n", False),
    ],
)
def test_tap_is_known_by_its_first_lines(content, is_tap):
    assert TapReader().recognizes(Head(content.encode())) is is_tap
