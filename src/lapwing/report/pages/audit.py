"""The audit of reports: who is over a limit, limit beside value, the worst first."""

from collections.abc import Iterable, Sequence
from typing import Final

from lapwing.model.audit import Audit, AuditedTest
from lapwing.model.read_test import ReadFile
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.ingest import last_line
from lapwing.units import NS_PER_S, format_count, format_duration, format_share

_MOST: Final = 100
_MOST_NAMES: Final = 20
_MOST_EMPTY: Final = 5
"""Files without tests that are named: a folder of other things must not push the failures off the screen."""


def audit_page(audit: Audit, *, is_terminal: bool) -> Page:
    """Failures, warnings, the summary, the slowest tests, and what could not be judged."""
    sections = [
        *_tests(_failures_title(audit), "failures", audit.failures, audit.more_failures),
        *_tests(
            f"WARNINGS (>{format_share(audit.warn_at)} of threshold)",
            "warnings",
            audit.warnings,
            audit.more_warnings,
        ),
        Section(title="Summary", slug="summary", sentences=(summary_text(audit),)),
        *_slowest(audit.slowest),
        *_limits(audit),
        *_doubts(audit),
    ]
    return Page(
        title="audit",
        verdict="TEST PERFORMANCE AUDIT",
        tone=Tone.BAD if audit.is_broken else Tone.GOOD,
        sections=tuple(sections),
        hints=(*_hints(audit), last_line(audit.files, is_terminal=is_terminal)),
    )


def summary_text(audit: Audit) -> str:
    """`2 failures, 1 warning`."""
    failures = len(audit.failures) + audit.more_failures
    warnings = len(audit.warnings) + audit.more_warnings
    return f"{format_count(failures, 'failure')}, {format_count(warnings, 'warning')}"


def slow_test_line(test: AuditedTest) -> str:
    """`name: 12.3s`."""
    return f"{test.name}: {seconds_text(test.duration_ns)}"


def seconds_text(ns: int, beside_ns: int | None = None) -> str:
    """Seconds as `2.3s`: more digits where one is off by over 5%, or would read like `beside_ns`."""
    digits = 1
    while digits < 9 and (_is_off(ns, digits) or (beside_ns != ns and _alike(ns, beside_ns, digits))):
        digits += 1
    return f"{ns / NS_PER_S:.{digits}f}s"


def _is_off(ns: int, digits: int) -> bool:
    return abs(round(ns / NS_PER_S, digits) * NS_PER_S - ns) > ns / 20


def _alike(ns: int, other_ns: int | None, digits: int) -> bool:
    return other_ns is not None and f"{ns / NS_PER_S:.{digits}f}" == f"{other_ns / NS_PER_S:.{digits}f}"


def _failures_title(audit: Audit) -> str:
    if audit.threshold_ns is None:
        return "FAILURES (exceeded threshold)"
    return f"Slow tests detected (>{audit.threshold_ns / NS_PER_S:g}s)"


def _tests(title: str, slug: str, tests: Sequence[AuditedTest], more: int) -> Iterable[Section]:
    if not tests:
        return
    rows = tuple((_line(test),) for test in tests[:_MOST])
    unseen = more + len(tests) - len(rows)
    table = Table(columns=(Column(""),), rows=rows, shows_titles=False)
    yield Section(title=title, slug=slug, table=table)
    if unseen:
        yield Section(title="", slug=f"more-{slug}", sentences=(f"  and {unseen:,} more",))


def _line(test: AuditedTest) -> str:
    limit = test.budget.limit
    took = seconds_text(test.duration_ns, limit)
    return f"{test.name}: {took} (limit: {seconds_text(limit)}) [{test.category}]"


def _slowest(tests: Sequence[AuditedTest]) -> Iterable[Section]:
    if tests:
        rows = tuple((seconds_text(test.duration_ns), test.name) for test in tests)
        columns = (Column("time", is_number=True), Column("test"))
        table = Table(columns=columns, rows=rows, shows_titles=False)
        yield Section(title="Slowest tests", slug="slowest", table=table)


def _limits(audit: Audit) -> Iterable[Section]:
    """Where the limits of what is named above were set."""
    seen = (*audit.failures, *audit.warnings)
    limits = dict.fromkeys((test.category, test.budget) for test in seen)
    if limits and audit.threshold_ns is None:
        parts = [
            f"{category} {seconds_text(budget.limit)} ({budget.origin})"
            for category, budget in sorted(limits)[:_MOST_NAMES]
        ]
        yield Section(title="Limits", slug="limits", sentences=(", ".join(parts),))


def _doubts(audit: Audit) -> Iterable[Section]:
    sentences = [
        f"{format_count(tests, 'test')} [{category}]: the clock of the report has steps of "
        f"{format_duration(step)}, more than the limit"
        for category, step, tests in audit.coarse
    ]
    if audit.untimed:
        sentences.append(f"{format_count(audit.untimed, 'test')} without a time")
    if sentences:
        yield Section(title="Cannot be judged", slug="cannot-judge", sentences=("", *sentences))
    for each in audit.vanished:
        shown = tuple((name,) for name in each.names[:_MOST_NAMES])
        more = len(each.names) - len(shown)
        count = format_count(len(each.names), "test") if each.names else ""
        said = " ".join(filter(None, (count, f"({each.compared_with})", f"{more} not shown" if more else "")))
        table = Table(columns=(Column(""),), rows=shown, shows_titles=False) if shown else None
        yield Section(title="Missing", slug="missing", sentences=(said,), table=table)
    others = [file for file in audit.files if not (file.tests and file.is_report) and not file.lost_tests]
    lost = [file for file in audit.files if file.lost_tests]
    if lost:
        yield _file_section("Broke off, tests may be missing", "lost", lost, _MOST_NAMES)
    if others:
        yield _file_section("Held no test", "no-test", others, _MOST_EMPTY)


def _file_section(title: str, slug: str, files: Sequence[ReadFile], most: int) -> Section:
    """The first `most` files, each with the first of what was met in it."""
    shown = tuple((": ".join((file.path, *file.problems[:1])),) for file in files[:most])
    more = len(files) - len(shown)
    said = format_count(len(files), "file") + (f", {more} not shown" if more else "")
    table = Table(columns=(Column(""),), rows=shown, shows_titles=False)
    return Section(title=title, slug=slug, sentences=(said,), table=table)


def _hints(audit: Audit) -> tuple[str, ...]:
    if audit.failures and audit.threshold_ns is None:
        return (
            "Make them faster, or set another limit: [tool.lapwing.categories.NAME] budget, "
            "or --category NAME=GLOB for another category.",
        )
    return ()
