"""What an audit has to say beside the code: who is over a limit, who is missing, who nearly is over."""

import re
from collections.abc import Iterator
from typing import Final

from lapwing.model.audit import Audit, AuditedTest
from lapwing.report.notice import Level, Notice
from lapwing.report.pages.audit import seconds_text
from lapwing.report.pages.notices import file_of
from lapwing.units import format_count, format_share

_FILE: Final = re.compile(r"/|\.(?:py|[cm]?[jt]sx?|rb|php|exs?|dart|robot|feature)\Z")


def audit_notices(audit: Audit) -> tuple[Notice, ...]:
    """The notices, worst first."""
    return tuple(_found(audit))


def _found(audit: Audit) -> Iterator[Notice]:
    for test in audit.failures:
        yield _notice(test, Level.ERROR, "budget", "Over budget")
    if audit.more_failures:
        yield _of_many(
            Level.ERROR, "budget", f"{format_count(audit.more_failures, 'more test')} over a limit"
        )
    for each in audit.vanished:
        count = f"{format_count(len(each.names), 'test')} missing: " if each.names else ""
        level = Level.ERROR if each.is_failure else Level.WARNING
        yield _of_many(level, "missing", f"{count}{each.compared_with}")
    for file in audit.files:
        if file.lost_tests:
            why = ": ".join((file.path, *file.problems[:1]))
            yield _of_many(Level.ERROR, "broke-off", f"{why}, tests may be missing")
    near = f"{format_share(audit.warn_at)} of a budget"
    for test in audit.warnings:
        yield _notice(test, Level.WARNING, "near-budget", f"Over {near}")


def _notice(test: AuditedTest, level: Level, kind: str, title: str) -> Notice:
    took, limit = seconds_text(test.duration_ns, test.budget.limit), seconds_text(test.budget.limit)
    file = file_of(test.name)
    return Notice(
        level=level,
        kind=kind,
        subject=test.name,
        title=title,
        message=f"{test.name}: {took} (limit: {limit}) [{test.category}], set by {test.budget.origin}",
        file=file if file is not None and _FILE.search(file) else None,
    )


def _of_many(level: Level, kind: str, message: str) -> Notice:
    return Notice(level=level, kind=kind, subject=kind, title="Audit of test reports", message=message)
