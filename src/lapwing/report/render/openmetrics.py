"""A report as OpenMetrics text, for GitLab's metrics report and for whatever scrapes files.

GitLab compares values as strings: times are rounded to two digits, or every merge request would show one.
https://docs.gitlab.com/ci/testing/metrics_reports/
"""

from collections.abc import Iterator, Sequence

from lapwing.model.record import FAILURES
from lapwing.model.report import Report
from lapwing.report.harmless import harmless
from lapwing.report.notice import Level, Notice
from lapwing.units import NS_PER_S


def render_openmetrics(report: Report, notices: Sequence[Notice]) -> str:
    """The text; ends with the line `# EOF`."""
    return "\n".join(_lines(report, notices)) + "\n"


def _lines(report: Report, notices: Sequence[Notice]) -> Iterator[str]:
    summary = report.summary
    if report.recorded is not None:
        yield from _gauge("lapwing_suite_wall_seconds", "Wall time of the run.")
        yield f"lapwing_suite_wall_seconds {_rounded(report.recorded.run.duration_ns)}"
    yield from _gauge("lapwing_tests_seconds", "Time of all tests together.")
    yield f"lapwing_tests_seconds {_rounded(summary.total_ns)}"
    yield from _gauge("lapwing_tests", "Tests that were recorded.")
    yield f"lapwing_tests {summary.tests}"
    yield from _gauge("lapwing_slow_tests", "Tests over the limit for slow tests.")
    yield f"lapwing_slow_tests {summary.slow_tests}"
    yield from _gauge("lapwing_failed_tests", "Tests that failed.")
    yield f"lapwing_failed_tests {sum(summary.outcomes.get(each.value, 0) for each in FAILURES)}"
    yield from _gauge("lapwing_regressions", "Tests and sums surely slower than the baseline.")
    yield f"lapwing_regressions {sum(each.level != Level.NOTICE for each in notices)}"
    yield from _gauge("lapwing_category_seconds", "Time of all tests of a category together.")
    for group in report.by_category:
        yield f'lapwing_category_seconds{{category="{_label(group.name)}"}} {_rounded(group.total_ns)}'
    yield "# EOF"


def _gauge(name: str, text: str) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    if name.endswith("_seconds"):
        yield f"# UNIT {name} seconds"
    yield f"# HELP {name} {text}"


def _label(text: str) -> str:
    return harmless(text).replace("\\", "\\\\").replace('"', '\\"')


def _rounded(ns: int) -> str:
    """Seconds with two digits that count, never as a power of ten."""
    seconds = ns / NS_PER_S
    return f"{float(f'{seconds:.2g}'):.12f}".rstrip("0").rstrip(".")
