"""Every test of a run with its figures, the longest first."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import TestRecord
from lapwing.model.report import Report
from lapwing.report.chart import Scale
from lapwing.report.page import Section
from lapwing.report.pages.figures import tests_text
from lapwing.report.test_list import NumberColumn, TestList, WordColumn

_NUMBERS: Final[tuple[tuple[str, Scale, Callable[[TestRecord], int | None]], ...]] = (
    ("total", Scale.DURATION, lambda record: record.duration_ns),
    ("set-up", Scale.DURATION, lambda record: record.setup_ns),
    ("call", Scale.DURATION, lambda record: record.call_ns),
    ("tear-down", Scale.DURATION, lambda record: record.teardown_ns),
    ("CPU", Scale.DURATION, lambda record: record.cpu_ns),
    ("memory", Scale.SIZE, lambda record: record.peak_bytes),
)


def every_test_section(report: Report) -> Section:
    """All tests that the report is on. A figure that no test has is left out."""
    title, slug = "All tests", "tests"
    records = [] if report.recorded is None else last_attempts(report.recorded.tests)
    if not records:
        return Section(title=title, slug=slug, sentences=("No test was recorded.",))
    records = sorted(records, key=lambda record: (-(record.duration_ns or 0), record.nodeid))
    return Section(
        title=title,
        slug=slug,
        sentences=(f"{tests_text(len(records))}, the longest first.",),
        tests=list_of(records),
    )


def list_of(records: Sequence[TestRecord]) -> TestList:
    """The tests in the order given."""
    columns = (
        NumberColumn(title, scale, tuple(map(value_of, records))) for title, scale, value_of in _NUMBERS
    )
    numbers = tuple(column for column in columns if any(value is not None for value in column.values))
    words = (
        WordColumn("outcome", tuple(record.outcome.value for record in records)),
        WordColumn("category", tuple(record.category for record in records)),
        WordColumn("worker", tuple(record.worker for record in records)),
    )
    return TestList(tuple(record.nodeid for record in records), numbers, words)
