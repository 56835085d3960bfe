"""Alerts: what is new, what is open since when, who was told."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.alert import AlertLevel, OpenAlert
from lapwing.model.notified import Delivery, Notified
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.moment import local_minute
from lapwing.units import format_count

_NEW: Final = (Column("level"), Column("what"))
_OPEN: Final = (Column("level"), Column("since"), Column("what"))
_CHANNELS: Final = (
    Column("channel"),
    Column("alerts", is_number=True),
    Column("waiting", is_number=True),
    Column("why"),
)


def alerts_page(notified: Notified, *, most: int) -> Page:
    """What `lapwing notify` says."""
    tone = Tone.PLAIN
    if notified.alerts:
        tone = Tone.GOOD if notified.alerts[0].level is AlertLevel.RECOVERED else Tone.BAD
    said = format_count(len(notified.alerts), "new alert") if notified.alerts else "nothing new to tell"
    sections = []
    if notified.alerts:
        rows = tuple((each.level.value, each.title) for each in notified.alerts[:most])
        sections.append(Section(title="new", slug="new", table=Table(_NEW, rows)))
    sections.append(open_section(notified.open, most=most))
    if notified.deliveries:
        sections.append(delivery_section(notified.deliveries))
    hints = () if notified.deliveries else ("no channel is set: write some into alerts of [tool.lapwing]",)
    return Page(title="notify", verdict=said, tone=tone, sections=tuple(sections), hints=hints)


def open_section(alerts: Sequence[OpenAlert], *, most: int) -> Section:
    """Causes that have not recovered, the newest first."""
    if not alerts:
        return Section(title="open", slug="open", sentences=("nothing",))
    ordered = sorted(alerts, key=lambda each: -each.since_ns)
    rows = tuple((each.level.value, local_minute(each.since_ns), each.title) for each in ordered[:most])
    left = (f"the first {most} of {len(alerts)}",) if len(alerts) > most else ()
    return Section(title="open", slug="open", sentences=left, table=Table(_OPEN, rows))


def delivery_section(deliveries: Sequence[Delivery]) -> Section:
    """What each channel took."""
    rows = tuple((each.channel, str(each.told), str(len(each.waiting)), each.fault) for each in deliveries)
    return Section(title="channels", slug="channels", table=Table(_CHANNELS, rows))
