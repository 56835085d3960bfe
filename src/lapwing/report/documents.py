"""A report as plain dictionaries of JSON: the same facts as the pages, with numbers in ns and bytes.

A stable contract with its own version; described in `docs/reference/json.md`.
"""

from typing import Any, Final

from lapwing.model.codec import benchmark_dict, run_comparison_dict
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.gate_codec import judged_budget_dict
from lapwing.model.load_codec import stored_load_dict
from lapwing.model.record import TestRecord
from lapwing.model.report import GroupSummary, Recommendation, Report, SystemHealth
from lapwing.model.run_codec import run_dict
from lapwing.model.trend import Slope, SubjectTrend, Trend
from lapwing.report.advice_documents import suggestion_dict
from lapwing.report.history_documents import dated_step_dict, flaky_time_dict
from lapwing.report.pages.changes import by_verdict, why_lines
from lapwing.report.pages.recommendations import recommendation_sentence
from lapwing.report.pages.report_verdict import report_verdict

FORMAT_VERSION: Final = 1


def report_dict(report: Report) -> dict[str, Any]:
    """The report as `lapwing report --format json` prints it."""
    recorded = report.recorded
    said, tone = report_verdict(report)
    return {
        "format_version": FORMAT_VERSION,
        "verdict": {
            "verdict": report.comparison.verdict.value if report.comparison else None,
            "tone": tone.value,
            "sentence": said,
        },
        "source": report.source,
        "run": None
        if recorded is None
        else {**run_dict(recorded.run), "machine_class": recorded.run.machine_class},
        "filters": {"markers": list(report.markers), "categories": list(report.categories)},
        "slow_threshold_ns": report.slow_ns,
        "summary": _group(report.summary),
        "by_category": [_group(group) for group in report.by_category],
        "by_folder": [_group(group) for group in report.by_folder],
        "limits": {
            "tests": dict(report.limits.tests),
            "within": dict(report.limits.within),
            "broken": [judged_budget_dict(each) for each in report.limits.broken],
        },
        "slowest": [_test(record, report.slow_ns) for record in report.slowest],
        "time": {
            **report.time._asdict(),
            "fixtures": [{**cost._asdict(), "total_ns": cost.total_ns} for cost in report.fixtures],
            "collection": [cost._asdict() for cost in report.modules],
        },
        "trend": _trend(report.trend),
        "comparison": _comparison(report.comparison),
        "flaky": [test._asdict() for test in report.flaky],
        "steps": [dated_step_dict(each) for each in report.steps],
        "flaky_times": [flaky_time_dict(test) for test in report.flaky_times],
        "measured": [] if recorded is None else [benchmark_dict(each) for each in recorded.benchmarks],
        "loads": [stored_load_dict(each) for each in report.loads],
        "system": _system(report.system),
        "recommendations": [_recommendation(each) for each in report.recommendations],
        "advice": [suggestion_dict(each) for each in report.advice],
    }


def _system(system: SystemHealth) -> dict[str, Any]:
    return {**system._asdict(), "watch": None if system.watch is None else system.watch._asdict()}


def subject_trend_dict(trend: SubjectTrend) -> dict[str, Any]:
    """One subject of `trends.json`."""
    return {
        "n": trend.runs,
        "slope": _slope(trend.slope),
        "p50": trend.p50,
        "p95": trend.p95,
        "p99": trend.p99,
        "last": list(trend.last),
    }


def _group(group: GroupSummary) -> dict[str, Any]:
    return {**group._asdict(), "outcomes": dict(group.outcomes)}


def _test(record: TestRecord, slow_ns: int) -> dict[str, Any]:
    duration_ns = record.duration_ns or 0
    return {
        "nodeid": record.nodeid,
        "outcome": record.outcome.value,
        "category": record.category,
        "worker": record.worker,
        "is_slow": duration_ns > slow_ns,
        "duration_ns": duration_ns,
        "setup_ns": record.setup_ns,
        "call_ns": record.call_ns,
        "teardown_ns": record.teardown_ns,
        "shared_fixture_ns": record.shared_fixture_ns,
        "cpu_ns": record.cpu_ns,
        "waiting_ns": record.waiting_ns,
        "peak_bytes": record.peak_bytes,
    }


def _trend(trend: Trend | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    return {
        "runs": [point._asdict() for point in trend.points],
        "slope": _slope(trend.slope),
        "unlike": trend.unlike,
        "why_unlike": trend.why_unlike,
    }


def _slope(slope: Slope | None) -> dict[str, Any] | None:
    return None if slope is None else slope._asdict()


def _comparison(judgment: RunComparison | None) -> dict[str, Any] | None:
    if judgment is None:
        return None
    fields = run_comparison_dict(judgment)
    del fields["format_version"]
    for key, verdict in (
        ("regressions", ChangeVerdict.REGRESSED),
        ("improvements", ChangeVerdict.IMPROVED),
        ("worth_a_look", ChangeVerdict.CANNOT_TELL),
    ):
        fields[key] = [_change(each, judgment) for each in by_verdict(judgment, verdict)]
    return fields


def _change(comparison: Comparison, judgment: RunComparison) -> dict[str, Any]:
    return {
        "nodeid": comparison.nodeid,
        "metric": comparison.metric,
        "sentence": why_lines([comparison], judgment.machine_factor, 1)[0],
    }


def _recommendation(each: Recommendation) -> dict[str, Any]:
    return {
        **each._asdict(),
        "kind": each.kind.value,
        "subjects": list(each.subjects),
        "subject_costs_ns": list(each.subject_costs_ns),
        "sentence": recommendation_sentence(each),
    }
