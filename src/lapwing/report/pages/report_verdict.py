"""The first line of a report: what changed, else how the suite stands."""

from lapwing.model.report import Report
from lapwing.report.page import Tone
from lapwing.report.pages.figures import tests_text
from lapwing.report.pages.limits import over_text
from lapwing.report.pages.verdict import told
from lapwing.units import format_duration

NOTHING_RECORDED = "No run is recorded yet: there is nothing to report."


def report_verdict(report: Report) -> tuple[str, Tone]:
    """One sentence, and how it is meant; a broken limit is meant badly, whatever changed."""
    said, tone = changed_verdict(report)
    over = over_text(report.limits)
    return (f"{said[:-1]}; {over}.", Tone.BAD) if over else (said, tone)


def changed_verdict(report: Report) -> tuple[str, Tone]:
    """The same about what changed alone."""
    if report.recorded is None:
        return NOTHING_RECORDED, Tone.UNSURE
    if not report.summary.tests:
        return f"No test {_with(report)}was recorded in this run.", Tone.UNSURE
    if report.source == "baseline":
        total = format_duration(report.summary.total_ns)
        verb = "takes" if report.summary.tests == 1 else "take"
        return f"A baseline of {tests_text(report.summary.tests)} that {verb} {total}.", Tone.PLAIN
    said, tone, _ = told(report.recorded, report.comparison)
    return f"{said[0].upper()}{said[1:]}.", Tone(tone)


def _with(report: Report) -> str:
    wanted = [
        *(f"marker {name}" for name in report.markers),
        *(f"category {name}" for name in report.categories),
    ]
    return f"with {' and '.join(wanted)} " if wanted else ""
