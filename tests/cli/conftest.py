"""A shop whose runs are in a store, seen through the command line in this process."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lapwing.cli.main import main
from lapwing.model.record import CollectRecord, FixtureRecord, Outcome, TestRecord
from lapwing.model.run import RecordedRun, Revision, Run
from lapwing.store.open_store import open_store

MS = 1_000_000
SECOND = 1_000 * MS
START = 1_790_000_000 * SECOND
TESTS = 40


def name_of_test(at: int) -> str:
    """The node id of test number `at`."""
    return f"tests/{'api' if at % 2 else 'unit'}/test_shop.py::test_{at}"


def shop_run(number: int, *, factors: Mapping[int, float] | None = None, **changes: Any) -> RecordedRun:
    """Run `number`: 40 tests of about 100 ms, test N made slower by `factors[N]`, a day after the last.

    `changes` are fields of the run.
    """
    facts = {
        "run_id": f"0192f3a1-7c11-7d2e-9f00-{number:012x}",
        "started_at_ns": START + number * 86_400 * SECOND,
        "duration_ns": 5 * SECOND,
        "project": "shop",
        "revision": Revision(commit=f"{number:040x}", branch="main", dirty=False),
        "is_complete": True,
    } | changes
    tests = []
    for at in range(TESTS):
        jitter = 1 + ((at * 7 + number * 13) % 5 - 2) / 200
        took = round((100 + at) * MS * jitter * (factors or {}).get(at, 1.0))
        tests.append(
            TestRecord(
                nodeid=name_of_test(at),
                outcome=Outcome.PASSED,
                call_ns=took,
                call_cpu_ns=took,
                markers=("quick",) if at < 10 else (),
                category="api" if at % 2 else "unit",
            )
        )
    return RecordedRun(
        run=Run(**facts),
        tests=tuple(tests),
        fixtures=(FixtureRecord("till", "function", "tests/conftest.py:3", name_of_test(0), setup_ns=MS),),
        collection=(CollectRecord(nodeid="tests/unit/test_shop.py", duration_ns=60 * MS),),
    )


class Shop:
    """The project as working folder."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.out = self.err = ""
        self._capsys = capsys

    def record(self, *runs: RecordedRun) -> None:
        """Put runs into the store."""
        with open_store(str(self.root / ".lapwing" / "store.sqlite"), create=True) as store:
            for each in runs:
                store.write_run(each)

    def run(self, *words: str) -> int:
        """Run `lapwing` with these words; returns the exit code, `out` and `err` hold what was said."""
        self._capsys.readouterr()
        code = main(words)
        self.out, self.err = self._capsys.readouterr()
        return code

    def json(self, *words: str) -> Any:
        """The document that `lapwing` with these words and `--format json` prints."""
        self.run(*words, "--format", "json")
        return json.loads(self.out)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    root = tmp_path / "shop"
    (root / ".lapwing").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "pyproject.toml").write_text('[tool.lapwing]\nbase_branch = "main"\n')
    monkeypatch.chdir(root)
    for name in ("LAPWING_STORE", "PERFORMANCE_MONITORING", "UPDATE_PERFORMANCE_BASELINE"):
        monkeypatch.delenv(name, raising=False)
    return Shop(root, capsys)


@pytest.fixture
def with_history(shop: Shop) -> Shop:
    """The shop with six runs; in the newest one nothing changed."""
    shop.record(*(shop_run(number) for number in range(6)))
    return shop


@pytest.fixture
def with_slower_test(shop: Shop) -> Shop:
    """The shop with eight runs; in the newest one test 7 takes four times as long."""
    shop.record(*(shop_run(number) for number in range(7)), shop_run(7, factors={7: 4.0}))
    return shop


@pytest.fixture
def make_run() -> Any:
    """`shop_run`, for tests that record runs of their own."""
    return shop_run


@pytest.fixture
def name_of() -> Any:
    """`name_of_test`."""
    return name_of_test
