"""What would make a run faster: a section per suggestion, the largest expected gain first."""

from lapwing.model.suggestion import Advice, Suggestion
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.figures import not_shown
from lapwing.units import format_count, format_duration, format_share

_EVIDENCE = (Column("evidence"),)


def advise_page(advice: Advice, most: int) -> Page:
    """At most `most` suggestions."""
    found = advice.suggestions
    wall = format_duration(advice.wall_ns)
    how = f"with {format_count(advice.workers, 'worker')}" if advice.workers else "in one process"
    said = "Nothing was found that gains 1% of it."
    if found and found[0].gain_ns:
        said = f"First: {found[0].title}; about {format_duration(found[0].gain_ns)} to gain."
    verdict = f"The run took {wall} {how}. {said}"
    return Page(
        title=f"advice on run {advice.run_id}",
        verdict=verdict,
        sections=tuple(_section(at, each, advice) for at, each in enumerate(found[:most], 1)),
        hints=(
            *not_shown(len(found), most),
            "Gains are of wall time and do not add up: run 'lapwing advise' again after a change.",
        ),
    )


def _section(number: int, suggestion: Suggestion, advice: Advice) -> Section:
    said = [suggestion.change]
    if suggestion.gain_ns:
        share = format_share(suggestion.gain_ns / max(1, advice.wall_ns))
        said.insert(
            0,
            f"Gains about {format_duration(suggestion.gain_ns)} ({share} of the run; between "
            f"{format_duration(suggestion.low_ns)} and {format_duration(suggestion.high_ns)}); confidence "
            f"{suggestion.confidence.value}.",
        )
    if suggestion.where:
        said.append(f"Where: {suggestion.where}")
    if suggestion.risk:
        said.append(f"Risk: {suggestion.risk}")
    rows = tuple((line,) for line in suggestion.evidence)
    return Section(
        title=f"{number}. {suggestion.title}",
        slug=suggestion.advisor,
        sentences=tuple(said),
        table=Table(_EVIDENCE, rows, shows_titles=False) if rows else None,
    )
