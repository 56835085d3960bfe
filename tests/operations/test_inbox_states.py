"""What somebody says of a regression, and how long it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, NoDataError
from lapwing.measure.clock import CLOCKS
from lapwing.model.inbox import InboxItem, ItemState, Regressions
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.project.inbox import read_inbox, set_state
from lapwing.store.open_store import open_store
from lapwing.store.protocol import Store

MS = 10**6
DAY_NS = 86_400 * 10**9
GREW = "tests/test_shop.py::test_pay"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, environ={})


@pytest.fixture
def store(tmp_path: Path, settings: Settings) -> Iterator[Store]:
    with open_store(str(tmp_path / "store.sqlite"), create=True) as opened:
        run = Run(run_id="run-1", started_at_ns=0, duration_ns=1, project=settings.project)
        test = TestRecord(GREW, Outcome.PASSED, setup_ns=0, call_ns=30 * MS, teardown_ns=0)
        opened.write_run(RecordedRun(run=run, tests=(test,)))
        yield opened


def regressed_to(after_ns: float) -> Regressions:
    item = InboxItem(GREW, 10.0 * MS, after_ns, after_ns / (10 * MS), "warning", "a commit", "slower")
    return Regressions("run-1", (item,))


def state(store: Store, settings: Settings, after_ns: float) -> ItemState:
    return read_inbox(settings.project, store, regressed_to(after_ns)).items[0].note.state


@pytest.mark.parametrize("said", ["accepted", "noise", "environment"])
def test_what_was_settled_is_new_where_the_test_grows_further(said, store, settings):
    set_state(settings, store, GREW, said, actor="kim", took_ns=20 * MS)

    assert state(store, settings, 23 * MS) == said
    assert state(store, settings, 25 * MS) == ItemState.NEW


def test_without_an_item_the_newest_run_tells_what_was_settled(store, settings):
    set_state(settings, store, GREW, "noise", actor="kim")

    assert state(store, settings, 35 * MS) == ItemState.NOISE
    assert state(store, settings, 40 * MS) == ItemState.NEW


def test_who_investigates_does_so_whatever_the_test_takes(store, settings):
    set_state(settings, store, GREW, "investigating", actor="kim", took_ns=20 * MS)

    assert state(store, settings, 90 * MS) == ItemState.INVESTIGATING


@pytest.mark.parametrize("until_ns", [0, -1])
def test_a_mute_has_an_end_to_come(until_ns, store, settings):
    with pytest.raises(ConfigurationError, match="until when"):
        set_state(settings, store, GREW, "muted", actor="kim", until_ns=until_ns and CLOCKS.epoch() - DAY_NS)
    assert state(store, settings, 20 * MS) == ItemState.NEW
    assert store.state_changes(limit=9) == []

    set_state(settings, store, GREW, "muted", actor="kim", until_ns=CLOCKS.epoch() + DAY_NS)

    assert state(store, settings, 90 * MS) == ItemState.MUTED


def test_of_a_test_without_runs_nothing_is_said(store, settings):
    with pytest.raises(NoDataError, match="no run of"):
        set_state(settings, store, "tests/test_shop.py::test_gone", "noise", actor="kim")

    assert store.entries(f"inbox {settings.project}") == {}
