"""Plain cases by the column say what they would say one by one."""

import io

from hypothesis import given
from hypothesis import strategies as st

from lapwing.ingest.identity import identities, identity
from lapwing.ingest.plain_tests import PlainTests, each_test
from lapwing.ingest.readers.junit import JUnitReader
from lapwing.ingest.repeats import Entry, Plain, entries, notable
from lapwing.model.read_test import ReadTest

NAMES = st.sampled_from(["a", "b[x]", "c ", " d", "", "é", "k.e", "f[1]@group", "g 0x1234567", "&lt;"])
TIMES = st.sampled_from(["0.5", "0.000", "-0.0", "1,250.5", "nan", "1e-3", "", "12345678", "7"])
MORE = st.sampled_from(
    [
        "",
        'file="a.py"',
        'file="b.exs:12"',
        'file="a.py" line="3"',
        'line="x" file="c.rb"',
        'lineno="007" assertions="2"',
        'status="skipped"',
        'timestamp="2026-11-20T18:31:33Z"',
    ]
)
CASES = st.lists(st.tuples(NAMES, st.sampled_from(["k", "l"]), TIMES, st.booleans(), MORE), max_size=12)


def report(cases: list[tuple[str, str, str, bool, str]], inside: str = "") -> bytes:
    parts = [
        f'<testcase name="{name}" classname="{classname}" {more} time="{time}">'
        f"{'<failure/>' if fails else inside}</testcase>"
        for name, classname, time, fails, more in cases
    ]
    return f'<testsuite name="s"><testcase name="first"/>{"".join(parts)}</testsuite>'.encode()


def read(data: bytes) -> list[ReadTest]:
    return [
        item for item in each_test(JUnitReader().read(io.BytesIO(data), "x")) if isinstance(item, ReadTest)
    ]


@given(CASES)
def test_a_case_says_the_same_alone_and_among_others(cases):
    """A child that means nothing sends each case the long way."""
    assert read(report(cases)) == read(report(cases, inside="<system-out/>"))


@given(CASES, st.sampled_from(["pytest", "node", ""]))
def test_cases_by_the_column_are_called_as_they_are_alone(cases, tool):
    columns = [
        item for item in JUnitReader().read(io.BytesIO(report(cases)), "x") if isinstance(item, PlainTests)
    ]

    for tests in columns:
        assert identities(tests, tool) == [identity(test, tool) for test in each_test([tests])]


@given(CASES, CASES, st.integers(0, 10**9))
def test_counting_by_the_suite_comes_to_the_same_tests(cases, later, over_ns):
    """Where a second suite repeats names of the first, too."""
    items = list(JUnitReader().read(io.BytesIO(report(cases) + report(later)), "x"))
    single = [entry for entry in entries(items) if isinstance(entry, Entry)]
    count, shown = 0, []
    for item in notable(items, lambda: over_ns):
        if isinstance(item, Plain):
            count += item.count
            shown += item.slow
        elif isinstance(item, Entry):
            count += 1
            shown.append(item)

    assert count == len(single)
    assert in_any_order(shown, over_ns) == in_any_order(single, over_ns)


def in_any_order(entries: list[Entry], over_ns: int) -> list[Entry]:
    """Those that took longer: what comes together holds each name once, in no order."""
    slow = [entry for entry in entries if (entry.test.duration_ns or 0) > over_ns]
    return sorted(slow, key=lambda entry: (entry.key, entry.number))


def test_most_cases_of_a_large_report_are_read_by_the_column():
    cases = [(f"t{at}", "c", "0.25", at % 50 == 49, "") for at in range(1000)]

    assert read_by_column(cases) == 1000


def test_cases_that_tell_their_place_are_read_by_the_column_too():
    cases = [(f"t{at}", "c", "0.25", False, f'file="tests/a.py" line="{at}"') for at in range(1000)]

    assert read_by_column(cases) == 1000


def test_cases_of_several_forms_are_read_by_the_column_form_by_form():
    more = ["", 'file="tests/a.py"', 'status="run"']
    cases = [(f"t{at}", "c", "0.25", False, more[at // 300 % 3]) for at in range(900)]

    assert read_by_column(cases) == 600


def read_by_column(cases: list[tuple[str, str, str, bool, str]]) -> int:
    items = JUnitReader().read(io.BytesIO(report(cases)), "x")
    return sum(item.count for item in items if isinstance(item, PlainTests))
