"""Advice on coverage, held against the newest run of the suite without it."""

import pytest

from lapwing.config.load import load_settings
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.advise import advice_of
from lapwing.store.open_store import open_store
from lapwing.units import NS_PER_MS


def run_of(number, cpu_ms, *command):
    run = Run(
        f"0192f3a1-0000-7000-8000-00000000000{number}",
        number,
        3000 * NS_PER_MS,
        project="shop",
        command=command,
        is_complete=True,
        startup_ns=NS_PER_MS,
    )
    tests = [
        TestRecord(
            f"test_a.py::test_{at}",
            Outcome.PASSED,
            call_ns=cpu_ms * NS_PER_MS,
            call_cpu_ns=cpu_ms * NS_PER_MS,
        )
        for at in range(10)
    ]
    return RecordedRun(run, tuple(tests))


@pytest.mark.parametrize(
    ("configured", "plain", "covered"),
    [
        ("", (), ("--cov=shop",)),
        ("", (), ("--cov", "shop")),
        ("[pytest]\naddopts = --cov=shop\n", ("--no-cov",), ()),
    ],
)
def test_a_run_without_coverage_tells_what_it_costs(tmp_path, configured, plain, covered):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    (tmp_path / "pytest.ini").write_text(configured)
    settings = load_settings(tmp_path, environ={})
    with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
        for recorded in (run_of(1, 100, *plain), run_of(2, 250, *covered)):
            store.write_run(recorded)

        advice = advice_of(settings, store, run_of(2, 250, *covered))

    found = next(each for each in advice.suggestions if each.advisor == "coverage")
    assert round(found.gain_ns / NS_PER_MS) == 10 * 150
    assert "against the newest run without coverage" in found.evidence
