"""Load tests inside of tracked tests: their figures are kept with the test."""

import json
import sys

import pytest

from lapwing.cli.main import main
from lapwing.store.open_store import open_store

pytestmark = pytest.mark.slow_suite

SUITE = """
import time

def test_stress(perf):
    config = {"initial_load": 2, "max_load": 2, "step_duration": 1, "ramp_up_seconds": 0, "name": "nap"}
    assert perf.stress_test(lambda: time.sleep(0.001), config).performance_summary.can_handle_load
"""


def metrics_of(pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    """What the newest run kept of benchmarks, by metric."""
    capsys.readouterr()
    assert main(["show", "--root", str(pytester.path), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    return {each["metric"]: each for each in document["benchmarks"]}


def test_latency_and_rate_are_kept_with_the_test(pytester, capsys):
    pytester.makepyfile(test_shop=SUITE)

    assert pytester.runpytest_subprocess("--track-performance").ret == 0

    kept = metrics_of(pytester, capsys)
    assert {"latency p50", "latency p95", "achieved"} <= set(kept)
    assert kept["latency p95"]["nodeid"] == "test_shop.py::test_stress"
    assert kept["latency p95"]["samples"][0] >= 1_000_000
    assert kept["achieved"]["higher_is_better"]


def test_an_untracked_test_keeps_nothing(pytester):
    pytester.makepyfile(test_shop=SUITE)

    assert pytester.runpytest_subprocess().ret == 0

    assert not (pytester.path / ".lapwing").exists()


def test_a_script_keeps_the_whole_result(pytester, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    pytester.makepyprojecttoml('[tool.lapwing]\nproject = "shop"\n')
    script = pytester.makepyfile(
        script="""
        import lapwing, time
        lapwing.stress_test(
            lambda: time.sleep(0.001),
            {"initial_load": 2, "max_load": 2, "step_duration": 1, "ramp_up_seconds": 0, "name": "nap"},
        )
        """
    )

    assert pytester.runpython(script).ret == 0

    with open_store(str(pytester.path / ".lapwing" / "store.sqlite"), create=False) as store:
        assert [each.result.name for each in store.loads(project="shop")] == ["nap"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no signal of this kind")
def test_ctrl_c_during_a_load_test_ends_the_test_run(pytester):
    pytester.makepyfile(
        test_shop="""
        import os, signal, threading, time

        def test_stress(perf):
            signal.signal(signal.SIGINT, signal.default_int_handler)
            threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
            perf.stress_test(lambda: time.sleep(0.001), {"step_duration": 60})

        def test_after():
            pass
        """
    )

    result = pytester.runpytest_subprocess()

    assert result.ret == 2
    result.stdout.fnmatch_lines(["*KeyboardInterrupt*"])
