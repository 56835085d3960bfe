"""Keep this run's report as files: one per run, the newest one, and the trends."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lapwing.analysis.baseline_entries import group_name
from lapwing.analysis.trends import group_trends, subject_trends
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.comparison import RunComparison
from lapwing.model.run import RecordedRun, Run
from lapwing.model.series import RunSamples, samples_of
from lapwing.model.trend import SubjectTrend, Trend
from lapwing.operations.judge_limits import judge_limits
from lapwing.operations.make_report import ReportWish, comparable_runs, report_on, trend_to
from lapwing.report.documents import FORMAT_VERSION, report_dict, subject_trend_dict
from lapwing.store.atomic_file import replace_file
from lapwing.store.open_store import open_store
from lapwing.units import NS_PER_S


def save_results(
    settings: Settings, recorded: RecordedRun, comparison: RunComparison | None = None
) -> list[Path]:
    """Write `performance_<time>.json`, `latest_report.json` and `trends.json` to `results_dir`.

    Trends reach over the stored runs that can be compared with this one; where the store cannot
    be read they are of this run alone. Returns the files in that order. Raises StoreError.
    """
    trend, runs = _history(settings, recorded)
    report = report_on(
        recorded,
        ReportWish(slow_ns=settings.slow_test_ns),
        source="run",
        comparison=comparison,
        trend=trend,
        judged=judge_limits(settings, recorded),
    )
    document = report_dict(report)
    folder = settings.results_dir
    paths = [_free_name(folder, recorded.run), folder / "latest_report.json", folder / "trends.json"]
    for path, value in zip(paths, (document, document, _trends(runs)), strict=True):
        replace_file(path, (json.dumps(value, indent=1), "\n"))
    return paths


def _history(settings: Settings, recorded: RecordedRun) -> tuple[Trend | None, list[RunSamples]]:
    """The suite's trend, and the samples of the runs behind it, oldest first, this one the last."""
    this = samples_of(recorded)
    tests = len({record.nodeid for record in recorded.tests})
    try:
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            earlier = [digest.run.run_id for digest in comparable_runs(store, recorded.run, tests)]
            earlier = [run_id for run_id in earlier if run_id != recorded.run.run_id]
            return trend_to(store, recorded), [*store.samples(earlier), this]
    except LapwingError:
        return None, [this]


def _free_name(folder: Path, run: Run) -> Path:
    """A name for the start of `run` that no file has yet: two runs may begin in one second."""
    moment = datetime.fromtimestamp(run.started_at_ns // NS_PER_S).astimezone()
    stem = f"performance_{moment:%Y-%m-%dT%H-%M-%S}"
    path, number = folder / f"{stem}.json", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.json"
    return path


def _trends(runs: Sequence[RunSamples]) -> dict[str, Any]:
    suite = group_trends(runs, lambda samples, row: "suite")
    return {
        "format_version": FORMAT_VERSION,
        "runs": [samples.run_id for samples in runs],
        "suite": subject_trend_dict(suite["suite"]) if suite else None,
        "categories": _documents(group_trends(runs, _category)),
        "folders": _documents(group_trends(runs, _folder)),
        "tests": _documents(subject_trends(runs)),
    }


def _documents(trends: Mapping[str, SubjectTrend]) -> dict[str, Any]:
    return {name: subject_trend_dict(trend) for name, trend in trends.items()}


def _category(samples: RunSamples, row: int) -> str:
    return samples.categories[row] if samples.categories else "unit"


def _folder(samples: RunSamples, row: int) -> str:
    return group_name(samples.subjects[row])
