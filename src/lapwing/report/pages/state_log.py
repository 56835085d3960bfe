"""Who changed what on a server."""

from collections.abc import Sequence

from lapwing.model.state_change import StateChange
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.moment import local_minute
from lapwing.units import format_count


def state_log_page(changes: Sequence[StateChange]) -> Page:
    """The newest changes, newest first."""
    rows = tuple(
        (local_minute(each.at_ns), each.actor, each.act, each.project, each.detail, each.subject)
        for each in changes
    )
    columns = tuple(map(Column, ("when", "who", "did", "project", "how", "what")))
    return Page(
        title="Log",
        verdict=f"The newest {format_count(len(rows), 'change')} of states and tokens.",
        sections=(Section(title="", slug="log", table=Table(columns, rows)),),
    )
