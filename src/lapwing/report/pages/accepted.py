"""Steps that were accepted."""

from collections.abc import Sequence

from lapwing.model.accepted import AcceptedStep
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.moment import local_day
from lapwing.units import format_change, format_count

_COMMIT_SHOWN = 10
_MOST_NAMED = 5


def accepted_page(steps: Sequence[AcceptedStep]) -> Page:
    """All of them, one row each."""
    if not steps:
        return Page(title="accepted steps", verdict="No step was accepted.")
    count = format_count(len(steps), "accepted step")
    return Page(title="accepted steps", verdict=f"{count}, oldest first.", sections=(_table(steps),))


def newly_accepted_page(
    steps: Sequence[AcceptedStep], without_step: Sequence[str], *, file: str, moved: int
) -> Page:
    """What was accepted just now; `file` is the baseline file in which `moved` tests moved along."""
    sentences = []
    if file:
        sentences.append(f"moved {format_count(moved, 'test')} in {file}; commit it with the change")
    if without_step:
        more = f" and {len(without_step) - _MOST_NAMED} more" if len(without_step) > _MOST_NAMED else ""
        sentences.append(f"no step in {', '.join(without_step[:_MOST_NAMED])}{more}: left as before")
    sections = [_table(steps)]
    if sentences:
        sections.append(Section(title="", slug="notes", sentences=tuple(sentences)))
    return Page(
        title="accepted",
        verdict=f"Accepted {format_count(len(steps), 'step')}: the baseline of these tests begins there.",
        tone=Tone.GOOD,
        sections=tuple(sections),
    )


def _table(steps: Sequence[AcceptedStep]) -> Section:
    columns = (
        Column("since"),
        Column("step", is_number=True),
        Column("commit"),
        Column("by"),
        Column("reason"),
        Column("test"),
    )
    rows = tuple(
        (
            local_day(step.from_ns),
            "" if step.ratio is None else format_change(step.ratio),
            (step.commit or "")[:_COMMIT_SHOWN],
            step.accepted_by,
            step.reason,
            step.nodeid,
        )
        for step in steps
    )
    return Section(title="", slug="accepted", table=Table(columns, rows))
