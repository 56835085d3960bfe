"""The inbox of regressions, by what may have caused them."""

from lapwing.model.inbox import Inbox, InboxItem, ItemState
from lapwing.model.owners import Owners
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.moment import local_day, local_minute
from lapwing.units import format_change, format_count, format_duration

_COLUMNS = (
    Column("before", is_number=True),
    Column("now", is_number=True),
    Column("change", is_number=True),
    Column("severity"),
    Column("state"),
    Column("who and when"),
    Column("owner"),
    Column("test"),
    Column("why"),
)
_SETTLED = (ItemState.ACCEPTED, ItemState.MUTED, ItemState.NOISE, ItemState.ENVIRONMENT)


def inbox_page(inbox: Inbox, owners: Owners = Owners()) -> Page:
    """Open items by cause, then those that somebody has settled, then those that the data has."""
    open_items = [item for item in inbox.items if item.note.state not in _SETTLED]
    settled = [item for item in inbox.items if item.note.state in _SETTLED]
    causes = dict.fromkeys(item.cause for item in open_items)
    sections = [
        _section(cause, [item for item in open_items if item.cause == cause], f"cause-{number}", owners)
        for number, cause in enumerate(causes, 1)
    ]
    if settled:
        sections.append(_section("settled", settled, "settled", owners))
    if inbox.fixed:
        rows = tuple(
            (note.state.value, note.actor, local_day(note.at_ns), note.nodeid) for note in inbox.fixed
        )
        columns = (Column("state"), Column("who"), Column("since"), Column("test"))
        said = "The newest run no longer shows them."
        sections.append(Section(title="Fixed", slug="fixed", sentences=(said,), table=Table(columns, rows)))
    count = len(open_items)
    return Page(
        title="Inbox",
        verdict=f"{format_count(count, 'regression')} open." if count else "Nothing wants a decision.",
        tone=Tone.BAD if count else Tone.GOOD,
        sections=tuple(sections),
    )


def _section(cause: str, items: list[InboxItem], slug: str, owners: Owners) -> Section:
    lost = sum(item.after_ns - item.before_ns for item in items)
    said = f"{format_count(len(items), 'test')}, {format_duration(lost)} more per run."
    title = cause[:1].upper() + cause[1:]
    rows = tuple(_row(item, owners) for item in items)
    return Section(title=title, slug=slug, sentences=(said,), table=Table(_COLUMNS, rows))


def _row(item: InboxItem, owners: Owners) -> tuple[str, ...]:
    note = item.note
    state = note.state.value
    if note.state == ItemState.MUTED:
        state += f" until {local_day(note.until_ns)}"
    return (
        format_duration(item.before_ns),
        format_duration(item.after_ns),
        format_change(item.ratio),
        item.severity,
        state,
        f"{note.actor}, {local_minute(note.at_ns)}" if note.at_ns else "",
        " ".join(owners.of(item.nodeid)),
        item.nodeid,
        item.reason,
    )
