"""What a report has to say beside the code: each slowdown, and what is worth a look, worst first."""

import re
from collections.abc import Iterator
from typing import Final

from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity
from lapwing.model.decisive import is_decisive
from lapwing.model.metric import COUNTER_PREFIX, Unit
from lapwing.model.report import Report
from lapwing.report.notice import LEVELS, Level, Notice
from lapwing.report.pages.changes import by_verdict, subject_text, why_lines
from lapwing.units import format_change

_OUTSIDE: Final = re.compile(r"^(?:/|\\|[A-Za-z]:|~)|(?:^|/)\.\.(?:/|$)")


def notices(report: Report) -> tuple[Notice, ...]:
    """The notices of a report; none where there is no comparison."""
    return () if report.comparison is None else notices_of(report.comparison)


def notices_of(judgment: RunComparison) -> tuple[Notice, ...]:
    """Regressions of tests and of sums, then what is worth a look, the most time lost first."""
    found = sorted(_found(judgment), key=lambda pair: (LEVELS.index(pair[0].level), -pair[1]))
    return tuple(notice for notice, _ in found)


def file_of(nodeid: str) -> str | None:
    """The file in a node id, if that is a path below the root."""
    path, separator, _ = nodeid.partition("::")
    return path if separator and path and not _OUTSIDE.search(path) else None


def _found(judgment: RunComparison) -> Iterator[tuple[Notice, float]]:
    """Notices, and what each costs in the unit of its metric."""
    factor = judgment.machine_factor
    slower = (*by_verdict(judgment, ChangeVerdict.REGRESSED), *filter(is_decisive, judgment.suite))
    for each in slower:
        level = Level.ERROR if each.severity == Severity.CRITICAL else Level.WARNING
        yield _notice(each, level, "regression", factor), each.after - each.before
    for each in by_verdict(judgment, ChangeVerdict.CANNOT_TELL):
        yield _notice(each, Level.NOTICE, "worth-a-look", factor), each.after - each.before


def _worse(comparison: Comparison) -> str:
    if comparison.unit == Unit.NS:
        return "Slower"
    is_amount = comparison.unit == Unit.BYTES or comparison.metric.startswith(COUNTER_PREFIX)
    return "Grown" if is_amount else "Worse"  # a metric of one's own may be better the higher it is


def _notice(comparison: Comparison, level: Level, kind: str, factor: float | None) -> Notice:
    what = "Worth a look" if kind == "worth-a-look" else _worse(comparison)
    return Notice(
        level=level,
        kind=kind,
        subject=subject_text(comparison),
        title=f"{what}: {format_change(comparison.ratio)}",
        message=why_lines([comparison], factor, 1)[0],
        file=file_of(comparison.nodeid),
    )
