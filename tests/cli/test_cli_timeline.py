"""`lapwing timeline`."""

import json

import pytest

from lapwing.model.run import WorkerFacts


@pytest.fixture
def with_processes(shop, make_run):
    shop.record(make_run(0, processes=(WorkerFacts(name="main", pid=1, end_ns=5 * 10**9),)))
    return shop


def test_every_test_is_in_the_trace(with_processes, name_of):
    assert with_processes.run("timeline", "--output", "trace.json") == 0

    events = json.loads((with_processes.root / "trace.json").read_text())["traceEvents"]
    tests = [event for event in events if event.get("cat") == "test"]
    assert sorted(event["name"] for event in tests) == sorted(name_of(at) for at in range(40))
    assert all(event["ts"] >= 0 and event["dur"] > 0 for event in tests)


def test_standard_output_gets_nothing_but_the_trace(with_processes):
    assert with_processes.run("timeline", "latest", "--format", "chrome") == 0

    assert json.loads(with_processes.out)["otherData"]["tool"] == "lapwing"


def test_a_run_read_from_reports_has_no_timeline(with_history):
    assert with_history.run("timeline") == 2
    assert "read from reports" in with_history.err
