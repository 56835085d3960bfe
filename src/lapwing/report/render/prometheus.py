"""Figures of a run in Prometheus's text format, for its textfile collector and for a Pushgateway.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator, Mapping, Sequence

from lapwing.model.report import Report
from lapwing.report.harmless import harmless
from lapwing.report.notice import Level, Notice
from lapwing.units import NS_PER_S


def render_prometheus(report: Report, notices: Sequence[Notice], labels: Mapping[str, str]) -> str:
    """The text; every sample has `labels`."""
    return "".join(f"{line}\n" for line in _lines(report, notices, labels))


def _lines(report: Report, notices: Sequence[Notice], labels: Mapping[str, str]) -> Iterator[str]:
    run = report.recorded.run if report.recorded else None
    if run is not None:
        yield from _gauge("lapwing_run_timestamp_seconds", "When the run began.")
        yield _sample("lapwing_run_timestamp_seconds", labels, run.started_at_ns / NS_PER_S)
        yield from _gauge("lapwing_run_duration_seconds", "Wall time of the run.")
        yield _sample("lapwing_run_duration_seconds", labels, run.duration_ns / NS_PER_S)
        yield from _gauge("lapwing_run_complete", "1 if every selected test ran to its end.")
        yield _sample("lapwing_run_complete", labels, int(run.is_complete))
    yield from _gauge("lapwing_tests", "Tests by outcome.")
    for outcome, count in report.summary.outcomes.items():
        yield _sample("lapwing_tests", {**labels, "outcome": outcome}, count)
    yield from _gauge("lapwing_slow_tests", "Tests over the limit for slow tests.")
    yield _sample("lapwing_slow_tests", labels, report.summary.slow_tests)
    yield from _gauge("lapwing_regressions", "Tests and sums surely slower than the baseline.")
    yield _sample("lapwing_regressions", labels, sum(each.level != Level.NOTICE for each in notices))
    yield from _gauge("lapwing_category_seconds", "Time of all tests of a category together.")
    for group in report.by_category:
        yield _sample(
            "lapwing_category_seconds", {**labels, "category": group.name}, group.total_ns / NS_PER_S
        )
    figures = (("50", report.summary.median_ns), ("95", report.summary.p95_ns), ("99", report.summary.p99_ns))
    yield from _gauge("lapwing_test_duration_seconds", "Percentiles of the durations of tests.")
    for percent, value in figures:
        if value is not None:  # the label `quantile` belongs to summaries, which this is not
            yield _sample(
                "lapwing_test_duration_seconds", {**labels, "percentile": percent}, value / NS_PER_S
            )


def _gauge(name: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    shown = ",".join(f'{key}="{_label(text)}"' for key, text in labels.items())
    return f"{name}{{{shown}}} {value!r}"


def _label(text: str) -> str:
    return harmless(text).replace("\\", "\\\\").replace('"', '\\"')
