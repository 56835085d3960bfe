"""A regression is grouped under the fixture that makes it up."""

from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.model.record import FixtureRecord, Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Revision, Run
from lapwing.operations.project.inbox import find_regressions
from lapwing.store.open_store import open_store

MS = 10**6
DB = "db (tests/conftest.py)"


def shop_run(number: int, *, db_ms: int, call_ms: int = 20) -> RecordedRun:
    """40 tests of 20 ms; the first two ask for the fixture `db`, the third takes `call_ms`."""
    tests, fixtures = [], []
    for place in range(40):
        name = f"tests/test_shop.py::test_{place}"
        jitter = (number * 7 + place * 3) % 5 * MS // 10
        setup = db_ms * MS + jitter if place < 2 else 0
        call = (call_ms if place == 2 else 20) * MS + jitter
        tests.append(
            TestRecord(
                nodeid=name,
                outcome=Outcome.PASSED,
                setup_ns=setup,
                call_ns=call,
                teardown_ns=0,
                setup_cpu_ns=setup,
                call_cpu_ns=call,
                teardown_cpu_ns=0,
                child_cpu_ns=0,
            )
        )
        if place < 2:
            fixtures.append(FixtureRecord("db", "function", "tests/conftest.py:7", name, setup_ns=setup))
    run = Run(
        run_id=f"0192f3a1-0000-7000-8000-{number:012d}",
        started_at_ns=number * 86_400 * 10**9,
        duration_ns=10**9,
        revision=Revision(f"{number:040x}", "main", None, False),
        machine=Machine("cpu", 2, 1 << 30, "Linux", "6"),
        python="3.12.1",
        is_complete=True,
    )
    return RecordedRun(run=run, tests=tuple(tests), fixtures=tuple(fixtures))


def of(project: str, recorded: RecordedRun) -> RecordedRun:
    return recorded._replace(run=recorded.run._replace(project=project))


@pytest.fixture
def regressions(tmp_path: Path):
    """The regressions of one more run after a dozen alike."""

    def found(newest: RecordedRun):
        settings = load_settings(tmp_path, environ={})
        with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
            for number in range(12):
                store.write_run(of(settings.project, shop_run(number, db_ms=10)))
            store.write_run(of(settings.project, newest))
            return {
                item.nodeid.rpartition("_")[2]: item.cause for item in find_regressions(settings, store).items
            }

    return found


def test_tests_whose_fixture_became_slower_are_grouped_under_it(regressions):
    assert regressions(shop_run(12, db_ms=60)) == {"0": f"fixture {DB}", "1": f"fixture {DB}"}


def test_a_test_that_is_slower_by_itself_is_not(regressions):
    causes = regressions(shop_run(12, db_ms=60, call_ms=90))

    assert causes["2"].startswith("up to commit")
    assert causes["0"] == f"fixture {DB}"
