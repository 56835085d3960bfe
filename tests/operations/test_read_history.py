"""The history of a test: what became slower with others is not taken for the machine."""

import random

from lapwing.config.load import load_settings
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Revision, Run
from lapwing.operations.read_history import read_history
from lapwing.store.open_store import open_store

MS = 10**6
RUNS = 8


def timed(nodeid: str, took_ns: int) -> TestRecord:
    return TestRecord(
        nodeid=nodeid,
        outcome=Outcome.PASSED,
        start_ns=0,
        setup_ns=0,
        call_ns=took_ns,
        teardown_ns=0,
        setup_cpu_ns=0,
        call_cpu_ns=took_ns,
        teardown_cpu_ns=0,
    )


def suite(number: int) -> RecordedRun:
    """Three hundred tests of many modules; from the fifth run on those of one take 30 times as long."""
    rng = random.Random(number)
    tests = []
    for place in range(300):
        is_of_module = 100 <= place < 130
        name = f"tests/test_{'loader' if is_of_module else place // 10}.py::test_{place}"
        took_ms = 4 if is_of_module else 1 + place % 9
        factor = 30 if is_of_module and number > RUNS // 2 else 1
        tests.append(timed(name, int(took_ms * factor * MS * rng.uniform(0.98, 1.02))))
    run = Run(
        run_id=f"0192f3a1-0000-7000-8000-{number:012d}",
        started_at_ns=number * 3_600 * 10**9,
        duration_ns=sum(each.call_ns for each in tests),
        project="shop",
        revision=Revision(f"{number:040x}", "main", None, False),
        machine=Machine("cpu", 2, 1 << 30, "Linux", "6"),
        exit_status=0,
        is_complete=True,
    )
    return RecordedRun(run=run, tests=tuple(tests))


def test_a_module_that_became_slower_as_a_whole_does_not_speak_for_the_machine(tmp_path):
    settings = load_settings(tmp_path, flags={"project": "shop"}, environ={})
    with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
        for number in range(1, RUNS + 1):
            store.write_run(suite(number))
        history = read_history(settings, store, "tests/test_loader.py::test_105", neighbors=40)

    assert all(0.9 < factor < 1.1 for factor in history.factors)
    assert history.values[-1] > 20 * history.values[0]
    assert len(history.steps) == 1
