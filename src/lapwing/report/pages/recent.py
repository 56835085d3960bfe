"""What the runs up to a report's say of its longest tests: steps, and flakiness in time."""

from lapwing.model.report import Report
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.flaky import how_text
from lapwing.report.pages.moment import local_day
from lapwing.units import format_change, format_count, format_duration

_COMMIT_SHOWN = 10
_FEWEST = 6  # runs under which no step can be told
_STEP_COLUMNS = (
    Column("since"),
    Column("step", is_number=True),
    Column("from", is_number=True),
    Column("to", is_number=True),
    Column("commits"),
    Column("test"),
)
_TIME_COLUMNS = (
    Column("median", is_number=True),
    Column("worst", is_number=True),
    Column("how"),
    Column("test"),
)


def steps_section(report: Report, most: int) -> Section:
    """Lasting changes in the last runs, the newest first."""
    title, slug = "Steps in history", "steps"
    if report.history_runs < _FEWEST:
        said = f"There is too little history: a step needs {_FEWEST} runs that can be laid beside each other."
        return Section(title=title, slug=slug, sentences=(said,))
    seen = (
        f"in {format_count(report.history_runs, 'run')} of the {format_count(report.history_tests, 'test')}"
    )
    if not report.steps:
        return Section(title=title, slug=slug, sentences=(f"No lasting step {seen} that take longest.",))
    rows = tuple(
        (
            local_day(each.started_at_ns),
            "" if each.step.ratio is None else format_change(each.step.ratio),
            format_duration(each.step.before),
            format_duration(each.step.after),
            f"{(each.before_commit or '?')[:_COMMIT_SHOWN]}..{(each.after_commit or '?')[:_COMMIT_SHOWN]}",
            each.nodeid,
        )
        for each in report.steps[:most]
    )
    said = f"{len(report.steps)} {seen} that take longest, the newest first."
    return Section(title=title, slug=slug, sentences=(said,), table=Table(_STEP_COLUMNS, rows))


def flaky_time_section(report: Report, most: int) -> Section:
    """Tests with two modes or a heavy tail in the last runs."""
    title, slug = "Flaky in time", "flaky-time"
    if not report.flaky_times:
        said = "No test has two modes or a heavy tail." if report.history_runs else "There is no history yet."
        return Section(title=title, slug=slug, sentences=(said,))
    rows = tuple(
        (format_duration(test.median_ns), format_duration(test.worst_ns), how_text(test), test.nodeid)
        for test in report.flaky_times[:most]
    )
    said = f"{len(report.flaky_times)} of the {format_count(report.history_tests, 'test')} that take longest."
    return Section(title=title, slug=slug, sentences=(said,), table=Table(_TIME_COLUMNS, rows))
