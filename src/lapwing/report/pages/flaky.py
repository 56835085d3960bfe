"""Tests that do not do the same thing twice."""

from lapwing.model.change import Shape
from lapwing.model.stability import FlakyOutcome, FlakyTime, Stability
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.moment import local_day
from lapwing.units import format_count, format_duration, format_share

_OUTCOME_COLUMNS = (
    Column("rate", is_number=True),
    Column("interval", is_number=True),
    Column("failed", is_number=True),
    Column("passed", is_number=True),
    Column("last failed"),
    Column("test"),
)
_TIME_COLUMNS = (
    Column("median", is_number=True),
    Column("worst", is_number=True),
    Column("runs", is_number=True),
    Column("how"),
    Column("test"),
)


def flaky_page(stability: Stability, most: int) -> Page:
    """Flaky in outcome first, then in time; at most `most` rows each."""
    outcomes, times = len(stability.outcomes), len(stability.times)
    runs = format_count(stability.runs, "run")
    said = (
        f"{format_count(outcomes, 'test')} flaky in outcome, {times} in time, over {runs}."
        if outcomes or times
        else f"No test is flaky, in outcome or in time, over {runs}."
    )
    return Page(
        title="flaky tests",
        verdict=said,
        tone=Tone.BAD if outcomes else Tone.UNSURE if times else Tone.GOOD,
        sections=(outcomes_section(stability, most), times_section(stability, most)),
        hints=("'lapwing history NODEID' shows a test over its runs.",) if times else (),
    )


def outcomes_section(stability: Stability, most: int) -> Section:
    """Tests that failed and passed on one state of the code."""
    title, slug = "Flaky in outcome", "flaky"
    if not stability.outcomes:
        return Section(title=title, slug=slug, sentences=("No test failed and passed on the same code.",))
    rows = tuple(_outcome_row(test) for test in stability.outcomes[:most])
    said = (
        f"{len(stability.outcomes)} failed and passed on the same code; rate of failures with its interval, "
        f"over the commits on which the test can pass{_not_shown(len(stability.outcomes), most)}."
    )
    return Section(title=title, slug=slug, sentences=(said,), table=Table(_OUTCOME_COLUMNS, rows))


def times_section(stability: Stability, most: int) -> Section:
    """Tests whose time does not lie around one level."""
    title, slug = "Flaky in time", "flaky-time"
    sentences = []
    if stability.looked_at < stability.tests:
        sentences.append(
            f"Only {stability.looked_at} of {format_count(stability.tests, 'test')} were looked at, "
            "the longest: pip install 'lapwing[analysis]' for all."
        )
    if not stability.times:
        said = (
            "No test has two modes or a heavy tail."
            if stability.tests
            else "No test of 5 ms or more has complete runs to look at."
        )
        return Section(title=title, slug=slug, sentences=(said, *sentences))
    rows = tuple(_time_row(test) for test in stability.times[:most])
    said = (
        f"{len(stability.times)} of {format_count(stability.tests, 'test')}, the most time lost first, "
        f"the machine taken out{_not_shown(len(stability.times), most)}."
    )
    return Section(title=title, slug=slug, sentences=(said, *sentences), table=Table(_TIME_COLUMNS, rows))


def how_text(test: FlakyTime) -> str:
    """`two modes, 18.8 ms or 30.1 ms (38%, interval 27% to 51%)`"""
    low, high = map(format_share, test.interval)
    if test.shape is Shape.BIMODAL and test.modes is not None and test.upper_share is not None:
        below, above = map(format_duration, test.modes)
        return f"two modes, {below} or {above} ({format_share(test.upper_share)}, interval {low} to {high})"
    return f"over 3× its level in {format_share(test.tail_share)} of runs (interval {low} to {high})"


def _outcome_row(test: FlakyOutcome) -> tuple[str, ...]:
    low, high = map(format_share, test.interval)
    return (
        format_share(test.rate),
        f"{low} to {high}",
        str(test.failed),
        str(test.passed),
        local_day(test.last_failed_at_ns),
        test.nodeid,
    )


def _time_row(test: FlakyTime) -> tuple[str, ...]:
    return (
        format_duration(test.median_ns),
        format_duration(test.worst_ns),
        str(test.runs),
        how_text(test),
        test.nodeid,
    )


def _not_shown(count: int, most: int) -> str:
    return f"; the first {most}" if count > most else ""
