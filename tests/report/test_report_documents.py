"""The report as JSON: every section as data, numbers in nanoseconds and bytes."""

import json
from collections.abc import Callable

from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity
from lapwing.model.report import Report
from lapwing.operations.make_report import ReportWish, empty_report
from lapwing.report.documents import report_dict

KEYS = [
    "format_version",
    "verdict",
    "source",
    "run",
    "filters",
    "slow_threshold_ns",
    "summary",
    "by_category",
    "by_folder",
    "limits",
    "slowest",
    "time",
    "trend",
    "comparison",
    "flaky",
    "steps",
    "flaky_times",
    "measured",
    "loads",
    "system",
    "recommendations",
    "advice",
]


def test_every_section_is_there_as_data(report_of: Callable[..., Report]) -> None:
    document = json.loads(json.dumps(report_dict(report_of())))

    assert list(document) == KEYS
    assert document["format_version"] == 1
    assert document["summary"]["outcomes"] == {"passed": 2, "failed": 1, "skipped": 1}
    assert document["slowest"][0]["duration_ns"] == 3_020_000_000
    assert document["slowest"][0]["is_slow"] is True
    assert document["time"]["fixtures"][0]["setups"] == 3
    assert document["time"]["collection"][0]["duration_ns"] == 60_000_000
    assert document["system"]["peak_bytes"] == 2_000_000
    assert document["recommendations"][0]["kind"] == "sleep"


def test_without_data_the_keys_are_the_same() -> None:
    document = json.loads(json.dumps(report_dict(empty_report(ReportWish(slow_ns=1)))))

    assert list(document) == KEYS
    assert document["run"] is None
    assert document["comparison"] is None
    assert document["verdict"]["verdict"] is None
    assert document["summary"]["mean_ns"] is None


def test_changes_are_named_with_their_sentence(report_of: Callable[..., Report]) -> None:
    slower = Comparison(
        nodeid="tests/a.py::t",
        metric="wall",
        unit="ns",
        before=100e6,
        after=200e6,
        ratio=2.0,
        interval=None,
        p=None,
        q=None,
        verdict=ChangeVerdict.REGRESSED,
        severity=Severity.CRITICAL,
    )
    judgment = RunComparison(ChangeVerdict.REGRESSED, (slower,), machine_factor=1.0)

    document = report_dict(report_of(comparison=judgment))

    assert document["verdict"]["verdict"] == "regressed"
    (change,) = document["comparison"]["regressions"]
    assert change["nodeid"] == "tests/a.py::t"
    assert "+100%" in change["sentence"]
    assert document["comparison"]["improvements"] == []
