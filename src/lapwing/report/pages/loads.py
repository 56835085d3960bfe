"""Load and stress tests that were kept, one row each."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.load import StoredLoad
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.load import load_text
from lapwing.report.pages.moment import local_minute
from lapwing.units import NS_PER_S, format_count, format_duration, format_share

_TITLE: Final = "Load and stress tests"
_SLUG: Final = "loads"
_COLUMNS: Final = (
    Column("when"),
    Column("commit"),
    Column("wanted", is_number=True),
    Column("held", is_number=True),
    Column("breaks at", is_number=True),
    Column("requests", is_number=True),
    Column("succeeded", is_number=True),
    Column("p95", is_number=True),
    Column("verdict"),
    Column("name"),
)


def loads_page(loads: Sequence[StoredLoad]) -> Page:
    """What is kept, for `lapwing load --list`."""
    if not loads:
        return Page(title=_TITLE, verdict="no load or stress test is kept")
    said = f"{format_count(len(loads), 'load or stress test')}, the newest first"
    return Page(title=_TITLE, verdict=said, sections=(loads_section(loads)._replace(title=""),))


def loads_section(loads: Sequence[StoredLoad]) -> Section:
    """`loads` in their order; a sentence where there are none."""
    if not loads:
        return Section(title=_TITLE, slug=_SLUG, sentences=("None was played.",))
    return Section(title=_TITLE, slug=_SLUG, table=Table(_COLUMNS, tuple(map(_row, loads))))


def _row(stored: StoredLoad) -> tuple[str, ...]:
    result = stored.result
    summary = result.performance_summary
    held, point = summary.highest_held, result.breaking_point
    verdict = "holds" if summary.can_handle_load else "does not hold"
    return (
        local_minute(result.started_at_ns),
        (stored.commit or "")[:10],
        load_text(result.wanted, result.unit),
        "nothing" if held is None else load_text(held, result.unit),
        "" if point is None else load_text(point, result.unit),
        str(summary.total_requests),
        "" if summary.success_rate is None else format_share(summary.success_rate),
        "" if summary.p95_s is None else format_duration(round(summary.p95_s * NS_PER_S)),
        verdict if result.is_complete else "not played to its end",
        result.name,
    )
