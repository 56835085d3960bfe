"""The result files of a run."""

import json
from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.save_results import save_results
from lapwing.store.open_store import open_store

SECOND = 1_000_000_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, flags={}, environ={})


def recorded(settings: Settings, number: int, call_ns: int) -> RecordedRun:
    return RecordedRun(
        run=Run(
            run_id=f"0192f3a1-7c11-7d2e-9f00-{number:012x}",
            started_at_ns=(1_790_000_000 + number) * SECOND,
            duration_ns=SECOND,
            project=settings.project,
            is_complete=True,
        ),
        tests=(TestRecord(nodeid="tests/a.py::t", outcome=Outcome.PASSED, call_ns=call_ns),),
    )


def test_three_files_are_written_each_with_its_version(settings: Settings) -> None:
    paths = save_results(settings, recorded(settings, 0, SECOND))

    dated, latest, trends = paths
    assert dated.name.startswith("performance_20")
    assert dated.name.count("-") == 4
    assert (latest.name, trends.name) == ("latest_report.json", "trends.json")
    assert {path.parent for path in paths} == {settings.results_dir}
    assert [json.loads(path.read_text())["format_version"] for path in paths] == [1, 1, 1]
    assert dated.read_text() == latest.read_text()


def test_two_runs_of_one_second_are_both_kept(settings: Settings) -> None:
    first = save_results(settings, recorded(settings, 0, SECOND))[0]
    second = save_results(settings, recorded(settings, 0, SECOND))[0]

    assert first != second
    assert second.name == f"{first.stem}-2.json"


def test_trends_reach_over_the_stored_runs(settings: Settings) -> None:
    runs = [recorded(settings, number, (number + 1) * SECOND) for number in range(3)]
    with open_store(settings.store, create=True) as store:
        for each in runs:
            store.write_run(each)

    document = json.loads(save_results(settings, runs[-1])[2].read_text())

    assert len(document["runs"]) == 3
    test = document["tests"]["tests/a.py::t"]
    assert (test["n"], test["slope"]["per_run"], test["p50"]) == (3, SECOND, 2 * SECOND)
    assert test["last"] == [SECOND, 2 * SECOND, 3 * SECOND]
    assert document["suite"]["last"] == test["last"]
    assert list(document["folders"]) == ["tests"]
    assert list(document["categories"]) == ["unit"]


def test_without_a_store_trends_are_of_this_run_alone(settings: Settings) -> None:
    document = json.loads(save_results(settings, recorded(settings, 0, SECOND))[2].read_text())

    assert document["tests"]["tests/a.py::t"]["n"] == 1
    assert document["tests"]["tests/a.py::t"]["slope"] is None
