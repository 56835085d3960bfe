"""Runs that nobody stored: killed ones are taken in, those still written are left alone."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from lapwing.cli.main import main
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.adopt_runs import adopt_runs
from lapwing.store.open_store import open_store
from lapwing.store.run_files import line
from lapwing.store.run_files.folder import create_run_folder, hold, let_go, write_end
from lapwing.store.run_files.writer import SpoolWriter

SECOND = 1_000_000_000


@pytest.fixture
def spool(tmp_path):
    return tmp_path / ".lapwing" / "spool"


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / ".lapwing" / "store.sqlite"), create=True) as opened:
        yield opened


def left_run(spool, number, *, has_ended=False, has_test=True, pid=None):
    """The folder of a run in which one test had begun."""
    run = Run(run_id=f"0192f3a1-7c11-7d2e-9f00-{number:012x}", started_at_ns=number, duration_ns=0)
    folder = create_run_folder(spool, run)
    writer = SpoolWriter(folder / "main.jsonl")
    writer.write(line.header_line(run.run_id, "main", 1, clock=0, epoch=0, startup=0))
    if has_test:
        writer.write(line.begin_line("tests/a.py::t", 1, 10))
    writer.close()
    if has_ended:
        write_end(folder, run)
    if pid is not None:
        start = folder / "run.json"
        start.write_text(start.read_text().replace(f'"pid": {os.getpid()}', f'"pid": {pid}'))
    return folder


@pytest.fixture(scope="module")
def dead_pid():
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_killed_run_is_stored_as_far_as_it_came_and_its_folder_goes(spool, store):
    folder = left_run(spool, 1)

    adopted = adopt_runs(spool, store)

    assert (adopted.run_ids, adopted.killed, adopted.tests) == ((folder.name,), 1, 1)
    assert not folder.exists()
    assert store.read_run(folder.name).run.why_incomplete == "killed"


def test_a_run_that_ended_and_could_not_be_stored_was_not_killed(spool, store):
    left_run(spool, 1, has_ended=True)

    assert adopt_runs(spool, store).killed == 0


def test_the_oldest_comes_first_and_the_run_that_asks_is_passed_over(spool, store):
    names = [left_run(spool, number).name for number in (3, 1, 2)]

    adopted = adopt_runs(spool, store, except_run=names[0])

    assert adopted.run_ids == (names[1], names[2])


def test_a_run_in_which_no_test_began_leaves_nothing(spool, store):
    folder = left_run(spool, 1, has_test=False)

    assert adopt_runs(spool, store).run_ids == ()

    assert not folder.exists()
    assert store.runs() == []


def test_a_folder_that_holds_no_run_stays_and_is_named(spool, store):
    (spool / "strange").mkdir(parents=True)

    assert adopt_runs(spool, store).unreadable == ("strange",)

    assert (spool / "strange").is_dir()


def test_a_run_of_a_newer_version_stays(spool, store):
    folder = left_run(spool, 1)
    (folder / "run.json").write_text('{"format": 99}')

    assert adopt_runs(spool, store).unreadable == (folder.name,)


@pytest.mark.skipif(sys.platform == "win32", reason="needs locks of POSIX")
class TestStillWritten:
    def test_a_run_whose_maker_lives_is_left_alone_at_once(self, spool, store):
        folder = left_run(spool, 1)
        held = hold(folder)

        adopted = adopt_runs(spool, store, patience_ns=3600 * SECOND)

        let_go(held)
        assert (adopted.run_ids, adopted.still_written) == ((), (folder.name,))

    def test_a_newer_run_that_is_held_is_left_alone(self, spool, store):
        folder = left_run(spool, 1)
        (folder / "run.json").write_text('{"format": 99}')
        held = hold(folder)

        adopted = adopt_runs(spool, store, patience_ns=3600 * SECOND)

        let_go(held)
        assert adopted.still_written == (folder.name,)

    def test_workers_that_outlive_their_dead_maker_are_waited_for(self, spool, store, dead_pid, monkeypatch):
        folder = left_run(spool, 1, pid=dead_pid)
        held = hold(folder)
        monkeypatch.setattr("time.sleep", lambda _: let_go(held))

        adopted = adopt_runs(spool, store, patience_ns=3600 * SECOND)

        assert adopted.run_ids == (folder.name,)

    def test_waiting_has_an_end(self, spool, store, dead_pid):
        folder = left_run(spool, 1, pid=dead_pid)
        held = hold(folder)

        adopted = adopt_runs(spool, store, patience_ns=0)

        let_go(held)
        assert adopted.still_written == (folder.name,)


def test_a_command_takes_killed_runs_in_and_says_so(spool, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAPWING_STORE", raising=False)
    left_run(spool, 1)

    assert main(["runs"]) == 0

    captured = capsys.readouterr()
    assert "took in 1 run never stored before, 1 of them cut short: 1 test" in captured.err
    assert "incomplete (killed)" in captured.out


class TestAStoreThatTakesNothingIn:
    """One older run is in the store, a newer one in the spool, and nothing more can be written."""

    @pytest.fixture
    def lapwing(self, spool, store, tmp_path, monkeypatch):
        store.write_run(RecordedRun(run=Run(run_id="stored-run", started_at_ns=1, duration_ns=2)))
        store.close()
        with closing(sqlite3.connect(store.path)) as connection:
            connection.execute(
                "CREATE TRIGGER no_more BEFORE INSERT ON run BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        left_run(spool, 1)
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("LAPWING_STORE", raising=False)
        return lambda *words: main(words)

    def test_what_is_stored_is_listed_and_the_rest_told(self, lapwing, spool, capsys):
        assert lapwing("runs") == 0

        captured = capsys.readouterr()
        assert "stored-run" in captured.out
        assert "warning" in captured.err
        assert list(spool.iterdir())

    def test_older_runs_can_be_removed_to_make_room(self, lapwing, spool, capsys):
        assert lapwing("prune", "--older-than", "0s", "--yes") == 0

        assert "removed 1 run" in capsys.readouterr().out
        assert list(spool.iterdir())

    @pytest.mark.parametrize("verb", ["show", "check", "compare", "report"])
    def test_an_older_run_is_not_taken_for_the_newest(self, lapwing, verb):
        assert lapwing(verb) == 2
