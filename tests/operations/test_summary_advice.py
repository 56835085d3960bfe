"""What the end of a run says about what would have saved most of it."""

import pytest

from lapwing.config.load import load_settings
from lapwing.model.record import CollectRecord, Count, Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Run, WorkerFacts
from lapwing.operations.summary_advice import advice_lines
from lapwing.store.open_store import open_store
from lapwing.units import NS_PER_S


@pytest.fixture
def lines(tmp_path):
    """The lines for tests of so many seconds each, one after another, that sleep so long."""
    with open_store(str(tmp_path / ".lapwing" / "store.sqlite"), create=True):
        settings = load_settings(tmp_path, environ={})

    def of(*seconds, sleeping=0.0):
        whole = round(sum(seconds) * NS_PER_S)
        start, tests = 0, []
        for at, each in enumerate(seconds):
            took = round(each * NS_PER_S)
            tests.append(
                TestRecord(
                    f"tests/test_a.py::test_{at}",
                    Outcome.PASSED,
                    start_ns=start,
                    call_ns=took,
                    call_cpu_ns=round(took * (1 - sleeping)),
                    counters={"sleep": Count(1, round(took * sleeping))} if sleeping else {},
                )
            )
            start += took
        run = Run(
            "0192f3a1-0000-7000-8000-000000000001",
            0,
            whole,
            machine=Machine(cores=1),
            processes=(WorkerFacts("main", 1, warmup_ns=0, end_ns=whole),),
            is_complete=True,
        )
        return advice_lines(
            settings, RecordedRun(run, tuple(tests), collection=(CollectRecord("tests/test_a.py"),))
        )

    return of


def test_the_largest_gain_is_told_with_its_share_and_where_to_read_more(lines):
    found = lines(*[1.0] * 20, sleeping=0.9)

    assert 1 <= len(found) <= 2
    assert any("sleep" in line for line in found)
    assert found[0].startswith("could take about ")
    assert "%) less: " in found[0]
    assert found[-1].endswith("; more: lapwing advise")


def test_where_nothing_gains_much_nothing_is_said(lines):
    assert lines(0.2) == ()


def test_a_store_that_is_not_there_is_no_fault(tmp_path):
    settings = load_settings(tmp_path, environ={})
    run = RecordedRun(Run("0192f3a1-0000-7000-8000-000000000001", 0, 20 * NS_PER_S))

    assert advice_lines(settings, run) == ()
