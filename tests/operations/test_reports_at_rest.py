import io
import itertools
from xml.sax.saxutils import quoteattr

from hypothesis import given
from hypothesis import strategies as st

from lapwing.ingest.content import Content
from lapwing.ingest.detect import detect
from lapwing.ingest.reader import ReportFacts
from lapwing.ingest.repeats import Entry, entries
from lapwing.ingest.to_run import NamedTest, named_tests
from lapwing.operations.read_reports import Report
from lapwing.operations.reports_at_rest import ReportsAtRest

SUITES = ("pytest", "jest tests", "other")  # tools repeat names for different reasons
INSIDES = {
    "passed": "",
    "failed": "<failure>no</failure>",
    "error": "<error>no</error>",
    "skipped": "<skipped/>",
}
CASES = st.lists(st.tuples(st.sampled_from(["a", "b", "c", ""]), st.sampled_from(list(INSIDES))), max_size=8)
REPORTS = st.lists(st.tuples(CASES, st.sampled_from(SUITES)), max_size=4)


def junit(cases: list[tuple[str, str]], suite: str = "pytest") -> bytes:
    inside = "".join(
        f'<testcase name={quoteattr(name)} classname="c" time="{at / 8}">{INSIDES[outcome]}</testcase>'
        for at, (name, outcome) in enumerate(cases, 1)
    )
    return f'<testsuites><testsuite name="{suite}">{inside}</testsuite></testsuites>'.encode()


def at_rest(*contents: bytes) -> ReportsAtRest:
    return ReportsAtRest(Report(f"{at}.xml", io.BytesIO(data)) for at, data in enumerate(contents))


def read_in_memory(data: bytes) -> list[NamedTest]:
    """The tests of one report, by what has all of its entries at once."""
    content = Content(io.BytesIO(data))
    reader = detect(content.head)
    assert reader is not None
    items = list(entries(reader.read(content, "x.xml"), window=None))
    tool = next((item.tool for item in items if isinstance(item, ReportFacts) and item.tool), "")
    return named_tests([item for item in items if isinstance(item, Entry)], tool)


@given(REPORTS)
def test_each_test_is_what_its_report_says_on_the_whole(read):
    contents = [junit(*report) for report in read]

    with at_rest(*contents) as rested:
        tests = list(rested.each())
        counts = [file.tests for file in rested.files]

    wanted = [read_in_memory(data) for data in contents]
    assert tests == list(itertools.chain(*wanted))
    assert counts == list(map(len, wanted))


@given(REPORTS)
def test_tests_of_one_name_come_together_and_in_order(read):
    with at_rest(*(junit(*report) for report in read)) as rested:
        tests = list(rested.each())
        together = list(rested.by_name())

    names = dict.fromkeys(named.nodeid for named in tests)
    assert [[*whole] for whole in together] == [
        [named for named in tests if named.nodeid == name] for name in names
    ]


def test_a_number_that_a_test_is_called_by_is_left_to_it():
    cases = [("a", "passed"), ("a", "passed"), ("a #2", "passed")]

    with at_rest(junit(cases, "s")) as rested:
        assert [named.nodeid for named in rested.each()] == ["s::c::a", "s::c::a #3", "s::c::a #2"]
