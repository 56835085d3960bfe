"""What the doctor found, the worst first."""

from collections.abc import Sequence
from typing import Any, Final

from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.health import HealthFinding, HealthLevel
from lapwing.report.page import Page, Section, Tone

_WORST_FIRST: Final = (HealthLevel.PROBLEM, HealthLevel.NOTE)


def doctor_page(findings: Sequence[HealthFinding]) -> Page:
    """A section per problem and note: what it is, what it means, how to mend it; then what is in order."""
    matters = [each for level in _WORST_FIRST for each in findings if each.level is level]
    fine = tuple(each.what for each in findings if each.level is HealthLevel.OK)
    return Page(
        title="doctor",
        verdict=_verdict(findings),
        tone=Tone.BAD if _count(findings, HealthLevel.PROBLEM) else Tone.GOOD,
        sections=(*map(_section, matters), Section(title=str(HealthLevel.OK), slug="ok", sentences=fine)),
    )


def doctor_dict(findings: Sequence[HealthFinding]) -> dict[str, Any]:
    """The findings as JSON, in the order of the examination."""
    return {
        "format_version": FORMAT_VERSION,
        "verdict": _verdict(findings),
        "problems": _count(findings, HealthLevel.PROBLEM),
        "notes": _count(findings, HealthLevel.NOTE),
        "findings": [{**each._asdict(), "level": str(each.level)} for each in findings],
    }


def _section(finding: HealthFinding) -> Section:
    mend = f"To mend: {finding.mend}" if finding.mend else ""
    sentences = tuple(each for each in (finding.what, finding.meaning, mend) if each)
    return Section(title=str(finding.level), slug=finding.slug, sentences=sentences)


def _verdict(findings: Sequence[HealthFinding]) -> str:
    problems, notes = (_count(findings, level) for level in (HealthLevel.PROBLEM, HealthLevel.NOTE))
    said = _counted(problems, "problem") if problems else "no problem"
    return f"{said}, {_counted(notes, 'note')}" if notes else said


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _count(findings: Sequence[HealthFinding], level: HealthLevel) -> int:
    return sum(each.level is level for each in findings)
