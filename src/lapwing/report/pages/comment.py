"""What a comment beside a change says: the verdict of every job, what changed, and nothing else."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.report import Report
from lapwing.report.page import Page, Section, Tone
from lapwing.report.pages import changes
from lapwing.report.pages.limits import limits_section
from lapwing.report.pages.report_verdict import changed_verdict, report_verdict

_MOST: Final = 20
_WORST: Final = (Tone.BAD, Tone.UNSURE, Tone.PLAIN, Tone.GOOD)


def comment_page(reports: Sequence[tuple[str, Report]]) -> Page:
    """The page on one or more reports, each with the name of its job ("" where there is one only)."""
    told = [(name, *report_verdict(report)) for name, report in reports]
    tone = min((each[2] for each in told), key=_WORST.index, default=Tone.UNSURE)
    if len(told) == 1:
        verdict = told[0][1]
    else:
        worse = [name for name, report in reports if changed_verdict(report)[1] is Tone.BAD]
        over = [name for name, report in reports if report.limits.broken]
        verdict = f"Nothing {'surely ' if tone is Tone.UNSURE else ''}slower in {len(told)} jobs."
        if worse:
            verdict = f"{len(worse)} of {len(told)} jobs slower: {', '.join(worse)}."
        if over:
            verdict = f"{verdict[:-1]}; tests over a limit in {', '.join(over)}."
    sections = tuple(
        section
        for (name, said, _), (_, report) in zip(told, reports, strict=True)
        for section in _sections(name if len(told) > 1 else "", said, report)
    )
    return Page(title="Test performance", verdict=verdict, tone=tone, sections=sections)


def has_news(reports: Sequence[tuple[str, Report]]) -> bool:
    """Whether something changed for the worse or the better, or is worth a look."""
    return any(
        changes.by_verdict(report.comparison, verdict)
        for _, report in reports
        if report.comparison is not None
        for _, _, verdict in changes.SECTIONS
    ) or any(changed_verdict(report)[1] is Tone.BAD for _, report in reports)


def _sections(name: str, said: str, report: Report) -> list[Section]:
    prefix = f"{name}: " if name else ""
    sections = [Section(title=name, slug="job", sentences=(said,))] if name else []
    if report.limits.broken:
        sections.append(limits_section(report.limits, _MOST, title=f"{prefix}over a limit"))
    judgment = report.comparison
    if judgment is None:
        return sections
    for title, slug, verdict in changes.SECTIONS:
        found = changes.by_verdict(judgment, verdict)
        section = changes.change_section(f"{prefix}{title}", slug, found, _MOST)
        if section is not None:
            sections.append(section)
    sums = changes.sums_section(judgment, _MOST)
    if sums is not None:
        sections.append(sums._replace(title=f"{prefix}{sums.title}"))
    sections.append(Section(title="", slug="machine", sentences=changes.side_sentences(judgment)))
    return sections
