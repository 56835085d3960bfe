"""Which runs a page is asked of, and when one that was made of them holds no more."""

import pytest

from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun, WorkerFacts
from lapwing.serve.config import ServeConfig
from lapwing.serve.desk import ServerDesk
from lapwing.serve.run_pages import asked_runs
from lapwing.store.open_store import open_store

MIDDLE = 50


@pytest.fixture
def run_of_few(make_run):
    """A run of two tests that began on a day."""

    def make(number: int, *, day: float, branch: str = "feature", workers: int = 0) -> RecordedRun:
        recorded = make_run(number, project="shop", days_ago=100 - day)
        revision = recorded.run.revision._replace(branch=branch)
        processes = recorded.run.processes
        if workers:
            processes = (*processes, WorkerFacts("gw0", 2, 0, 10**8, 10**9))
        run = recorded.run._replace(revision=revision, workers=workers, processes=processes)
        return recorded._replace(run=run, tests=recorded.tests[:2], benchmarks=())

    return make


@pytest.fixture
def desk(tmp_path, run_of_few):
    """A desk of a project whose last run of the main branch lies sixty runs back."""
    config = ServeConfig(root=tmp_path, store=str(tmp_path / ".lapwing" / "store.sqlite"))
    made = ServerDesk(config)
    made.store.write_run(run_of_few(1, day=1, branch="main"))
    for number in range(2, 62):
        made.store.write_run(run_of_few(number, day=number))
    yield made
    made.let_go()


def stamps(desk: ServerDesk, run_id: str) -> dict[str, str]:
    found = {}
    for path in ("/run", "/what-if", "/compare"):
        asked = asked_runs(desk, path, {"project": "shop", "id": run_id, "b": run_id})
        assert asked is not None
        found[path] = asked.stamp
    return found


def changed(desk: ServerDesk, run_id: str, change) -> set[str]:
    """Pages of a run that do not hold after a change."""
    before = stamps(desk, run_id)
    change()
    after = stamps(desk, run_id)
    return {path for path in before if before[path] != after[path]}


def test_a_page_holds_until_a_run_before_its_own_comes_late_or_goes(desk, run_of_few):
    own = run_of_few(MIDDLE, day=MIDDLE).run.run_id
    all_of_them = {"/run", "/what-if", "/compare"}

    after = changed(desk, own, lambda: desk.store.write_run(run_of_few(70, day=70)))
    late = changed(desk, own, lambda: desk.store.write_run(run_of_few(71, day=1.5, branch="main")))
    oldest = run_of_few(1, day=1.2).run.started_at_ns
    gone = changed(desk, own, lambda: desk.store.prune(older_than_ns=oldest, keep_bytes=None, dry_run=False))

    assert after == set()
    assert late == gone == all_of_them


def test_a_page_holds_until_its_run_is_confirmed(desk, run_of_few):
    own = run_of_few(MIDDLE, day=MIDDLE)
    again: TestRecord = own.tests[0]._replace(attempt=0)

    assert "/run" in changed(
        desk, own.run.run_id, lambda: desk.store.add_confirm_attempts(own.run.run_id, [again])
    )


def test_what_other_workers_change_is_told_anew_when_a_run_in_workers_has_come(desk, run_of_few):
    own = run_of_few(MIDDLE, day=MIDDLE).run.run_id

    assert changed(desk, own, lambda: desk.store.write_run(run_of_few(70, day=70, workers=2))) == {"/what-if"}


def test_pages_name_a_project_that_came_later(desk, make_run, run_of_few):
    own = run_of_few(MIDDLE, day=MIDDLE).run.run_id

    assert "/run" in changed(desk, own, lambda: desk.store.write_run(make_run(1, project="other")))


def test_a_run_that_comes_meanwhile_is_not_in_one_half_of_what_is_asked(
    desk, run_of_few, monkeypatch, tmp_path
):
    before = asked_runs(desk, "/run", {"project": "shop", "id": "latest"})
    tell = desk.stamp

    def told_as_a_run_comes(project: str) -> str:
        state = tell(project)
        with open_store(str(tmp_path / ".lapwing" / "store.sqlite"), create=False) as other:
            other.write_run(run_of_few(71, day=1.5, branch="main"))
        return state

    monkeypatch.setattr(desk, "stamp", told_as_a_run_comes)

    assert asked_runs(desk, "/run", {"project": "shop", "id": "latest"}) == before
    assert stamps(desk, before.parameters["id"])["/run"] != before.stamp


def test_what_a_page_does_not_read_makes_no_other_page(desk, run_of_few):
    own = run_of_few(MIDDLE, day=MIDDLE).run.run_id

    asked = asked_runs(desk, "/run", {"project": "shop", "id": own, "a": "x", "n": "1"})

    assert asked is not None
    assert asked.parameters == {"project": "shop", "id": own}


@pytest.mark.parametrize(
    "name",
    ["", "0192aaaa", "latest~99", "latest~x", "baseline", "\0", "\ud800", "../x", "'; --", "x" * 9_000],
)
def test_a_name_that_no_run_has_means_none(desk, name):
    assert asked_runs(desk, "/run", {"project": "shop", "id": name}) is None
    assert asked_runs(desk, "/what-if", {"project": "shop", "id": name}) is None


def test_a_run_of_few_tests_beside_large_ones_takes_as_long_to_judge(desk, run_of_few):
    few = run_of_few(70, day=70)
    many = tuple(few.tests[0]._replace(nodeid=f"test_a.py::test[{at}]") for at in range(2_000))
    desk.store.write_run(few)
    own = {"project": "shop", "id": few.run.run_id, "a": few.run.run_id, "b": few.run.run_id}

    before = [asked.is_slow for path in ("/run", "/compare") if (asked := asked_runs(desk, path, own))]
    desk.store.write_run(run_of_few(71, day=71)._replace(tests=many))
    after = [asked.is_slow for path in ("/run", "/compare") if (asked := asked_runs(desk, path, own))]

    assert (before, after) == ([False, False], [True, False])
