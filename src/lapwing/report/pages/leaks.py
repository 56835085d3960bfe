"""Tests that leave something behind."""

from lapwing.model.leaks import Leaks
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.moment import local_day
from lapwing.units import format_count

_COLUMNS = (
    Column("left behind", is_number=True),
    Column("in runs", is_number=True),
    Column("since"),
    Column("test"),
)


def leaks_page(leaks: Leaks, most: int) -> Page:
    """At most `most` tests, those that leave most first."""
    count = len(leaks.tests)
    if not count:
        runs = format_count(leaks.runs, "run")
        return Page(
            title="Leaks",
            verdict=f"Nothing is known to be left behind in the newest {runs}.",
            tone=Tone.PLAIN,
            hints=("'pytest --leaks' looks for open files, threads, processes and temporary files.",),
        )
    rows = tuple(
        (str(each.left), f"{each.runs} of {leaks.runs}", local_day(each.since_ns), each.nodeid)
        for each in leaks.tests[:most]
    )
    left_out = f"; {count - most:,} more are not shown" if count > most else ""
    said = f"Open files, threads, processes and temporary files, in all that a test left{left_out}."
    return Page(
        title="Leaks",
        verdict=f"{format_count(count, 'test')} left something behind in run {leaks.run_id[:13]}.",
        tone=Tone.BAD,
        sections=(Section(title="Tests", slug="leaks", sentences=(said,), table=Table(_COLUMNS, rows)),),
        hints=("What each of them left is said by pytest --leaks, at the end of its output.",),
    )
