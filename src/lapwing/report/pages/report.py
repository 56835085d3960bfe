"""The report on one run: verdict, figures, costs, what changed, health, what to do."""

from collections.abc import Sequence

from lapwing.model.comparison import ChangeVerdict
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.report import Report
from lapwing.report.page import Page, Section
from lapwing.report.pages import changes
from lapwing.report.pages.costs import collection_section, fixtures_section, time_section
from lapwing.report.pages.figures import groups_section, slowest_section, summary_section
from lapwing.report.pages.health import health_section
from lapwing.report.pages.history import flaky_section, trend_section
from lapwing.report.pages.imports import import_sections
from lapwing.report.pages.limits import limits_section
from lapwing.report.pages.loads import loads_section
from lapwing.report.pages.measured import measured_section
from lapwing.report.pages.moment import local_minute, written_day
from lapwing.report.pages.recent import flaky_time_section, steps_section
from lapwing.report.pages.recommendations import recommendations_section
from lapwing.report.pages.report_verdict import report_verdict
from lapwing.report.pages.runs import revision_text

_MOST_FIXTURES = 5
_MOST_MODULES = 3
_MOST_GROUPS = 10
_MOST_TREND = 5
_MOST_REASONS = 3


def report_page(report: Report, *, most: int = 10) -> Page:
    """The whole page; lists of tests have at most `most` rows. Every section is always there."""
    said, tone = report_verdict(report)
    return Page(
        title=_title(report),
        verdict=said,
        tone=tone,
        sections=(
            summary_section(report),
            groups_section("By category", "categories", report.by_category, _MOST_GROUPS, report.limits),
            groups_section("By folder", "folders", report.by_folder, _MOST_GROUPS),
            limits_section(report.limits, most),
            slowest_section(report, most),
            time_section(report),
            fixtures_section(report, _MOST_FIXTURES),
            collection_section(report, _MOST_MODULES),
            *(() if report.recorded is None else import_sections(report.recorded.imports, _MOST_MODULES)),
            trend_section(report, _MOST_TREND),
            steps_section(report, most),
            _slower(report, most),
            _faster(report, most),
            _sums(report, most),
            flaky_section(report, most),
            flaky_time_section(report, most),
            measured_section("Measured by performance tests", _benchmarks(report), most),
            loads_section(report.loads),
            health_section(report),
            recommendations_section(report, most),
        ),
    )


def _benchmarks(report: Report) -> Sequence[BenchmarkRecord]:
    return () if report.recorded is None else report.recorded.benchmarks


def _title(report: Report) -> str:
    if report.recorded is None:
        return "Performance report"
    run = report.recorded.run
    parts = [run.run_id[:13] if report.source == "run" else run.run_id]
    if run.started_at_ns:
        when = written_day if report.source == "baseline" else local_minute
        parts.append(when(run.started_at_ns))
    parts.append(revision_text(run.revision))
    wanted = [
        *(f"marker {name}" for name in report.markers),
        *(f"category {name}" for name in report.categories),
    ]
    if wanted:
        parts.append(f"only {', '.join(wanted)}")
    return f"Performance report: {', '.join(part for part in parts if part)}"


def _slower(report: Report, most: int) -> Section:
    """Tests that became slower, else what is worth a look; the worst with all evidence."""
    title, slug = "Slower than the baseline", "regressions"
    judgment = report.comparison
    if judgment is None:
        return Section(title=title, slug=slug, sentences=(_no_comparison(report),))
    machine, *sides = changes.side_sentences(judgment)
    slower = changes.by_verdict(judgment, ChangeVerdict.REGRESSED)
    section = changes.change_section(title, slug, slower, most)
    if section is None:
        unsure = changes.by_verdict(judgment, ChangeVerdict.CANNOT_TELL)
        section = changes.change_section(title, slug, unsure, most)
        if section is None:
            said = _sentence(judgment.reason) if judgment.reason else "No test became slower."
            return Section(title=title, slug=slug, sentences=(said, *map(_sentence, (machine, *sides))))
        said = f"No test surely became slower; worth a look: {section.sentences[0]}."
        return section._replace(sentences=(said, *map(_sentence, (machine, *sides))))
    why = changes.why_lines(slower, None, _MOST_REASONS)
    said = f"{section.sentences[0]}; {machine}."
    return section._replace(
        sentences=(said, *why, *map(_sentence, sides)),
        table=section.table if len(slower) > _MOST_REASONS else None,
    )


def _faster(report: Report, most: int) -> Section:
    """Tests that became faster."""
    title, slug = "Faster than the baseline", "improvements"
    if report.comparison is None:
        return Section(title=title, slug=slug, sentences=(_no_comparison(report),))
    faster = changes.by_verdict(report.comparison, ChangeVerdict.IMPROVED)
    section = changes.change_section(title, slug, faster, most)
    if section is None:
        return Section(title=title, slug=slug, sentences=("No test became faster.",))
    return section._replace(sentences=(_sentence(section.sentences[0]),))


def _sums(report: Report, most: int) -> Section:
    """Suite, folders, categories, fixtures and modules that changed as a whole."""
    title, slug = "Changed as a whole", "sums"
    if report.comparison is None:
        return Section(title=title, slug=slug, sentences=(_no_comparison(report),))
    section = changes.sums_section(report.comparison, most)
    if section is None:
        said = "Neither the suite nor a folder, category, fixture or module changed as a whole."
        return Section(title=title, slug=slug, sentences=(said,))
    return section._replace(title=title, sentences=(_sentence(section.sentences[0]),))


def _no_comparison(report: Report) -> str:
    if report.source == "baseline":
        return "This is a baseline itself: there is nothing to compare it with."
    return "There is no baseline to compare with; make one with: lapwing baseline update"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""
