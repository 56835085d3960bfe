"""Alerts that last, as a part of pages that people look at."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.alert import OpenAlert
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.moment import local_minute

_COLUMNS: Final = (Column("level"), Column("since"), Column("what"))
_MOST: Final = 20


def alerts_section(alerts: Sequence[OpenAlert]) -> Section:
    """The first of `alerts`, in their order."""
    title, slug = "Alerts", "alerts"
    if not alerts:
        return Section(title=title, slug=slug, sentences=("None is open.",))
    rows = tuple((each.level.value, local_minute(each.since_ns), each.title) for each in alerts[:_MOST])
    said = f"The first {_MOST} of {len(alerts)}." if len(alerts) > _MOST else f"{len(alerts)} open."
    return Section(title=title, slug=slug, sentences=(said,), table=Table(_COLUMNS, rows))
