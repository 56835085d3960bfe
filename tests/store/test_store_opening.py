"""Opening, sharing, refusing and mending the embedded store."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lapwing.errors import ConfigurationError, NoDataError, StoreError, StoreLockedError
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.store import sqlite_connection
from lapwing.store.migrations import STEPS, Step, migrate
from lapwing.store.open_store import open_store
from lapwing.store.sqlite import SqliteStore


def recorded(run_id: str, start: int = 0, tests: int = 1) -> RecordedRun:
    records = tuple(TestRecord(nodeid=f"t{n}", outcome=Outcome.PASSED, call_ns=1) for n in range(tests))
    return RecordedRun(run=Run(run_id=run_id, started_at_ns=start, duration_ns=1), tests=records)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with one run."""
    path = tmp_path / "store.sqlite"
    with open_store(str(path), create=True) as store:
        store.write_run(recorded("run-1"))
    return path


class TestNames:
    def test_a_path_and_a_url_name_the_same_store(self, path: Path) -> None:
        with open_store(f"sqlite:///{path}", create=False) as store:
            assert len(store.runs()) == 1

    def test_a_relative_url_starts_here(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(path.parent)

        with open_store("sqlite:///store.sqlite", create=False) as store:
            assert len(store.runs()) == 1

    def test_a_path_may_hold_what_means_something_in_a_url(self, tmp_path: Path) -> None:
        path = tmp_path / "100% of a?b#c é" / "store.sqlite"

        with open_store(str(path), create=True) as store:
            store.write_run(recorded("run-1"))

        assert path.is_file()

    @pytest.mark.parametrize("url", ["oracle://me:secret@host/db", "sqlite://host/x", "mysql://x"])
    def test_another_scheme_is_refused_with_what_is_known_and_without_the_password(self, url: str) -> None:
        with pytest.raises(ConfigurationError) as caught:
            open_store(url, create=True)

        assert "sqlite:///" in caught.value.mend
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("url", ["", " ", "sqlite:///"])
    def test_no_path_is_refused(self, url: str) -> None:
        with pytest.raises(ConfigurationError):
            open_store(url, create=True)


class TestNewStores:
    def test_without_create_a_missing_store_is_no_data(self, tmp_path: Path) -> None:
        with pytest.raises(NoDataError, match="no store here"):
            open_store(str(tmp_path / "none.sqlite"), create=False)

        assert not list(tmp_path.iterdir())

    def test_folders_are_made(self, tmp_path: Path) -> None:
        with open_store(str(tmp_path / "a" / "b" / "store.sqlite"), create=True) as store:
            assert store.runs() == []

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(StoreError, match="cannot be reached"):
            open_store(str(tmp_path / "file" / "sub" / "store.sqlite"), create=True)

    def test_it_writes_ahead_and_can_give_room_back(self, path: Path) -> None:
        connection = sqlite3.connect(path)

        pragmas = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "auto_vacuum")
        ]

        connection.close()
        assert pragmas == ["wal", 2]

    def test_where_writing_ahead_is_impossible_another_journal_serves(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class NetworkFolder(sqlite3.Connection):
            def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
                if "= WAL" in sql:
                    raise sqlite3.OperationalError("locking protocol")
                return super().execute(sql, *values)

        plain_connect = sqlite3.connect
        monkeypatch.setattr(
            sqlite_connection.sqlite3,
            "connect",
            lambda *given, **named: plain_connect(*given, **named, factory=NetworkFolder),
        )

        with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
            store.write_run(recorded("run-1"))
            assert len(store.runs()) == 1

    def test_processes_that_make_the_same_store_at_once_all_store_their_run(self, tmp_path: Path) -> None:
        path = tmp_path / "store.sqlite"
        script = (
            "import sys; from lapwing.store.open_store import open_store;"
            "from lapwing.model.run import Run, RecordedRun;"
            "sys.stdin.readline();"
            "store = open_store(sys.argv[1], create=True, busy_timeout_s=60);"
            "store.write_run(RecordedRun(run=Run(run_id=sys.argv[2], started_at_ns=1, duration_ns=1)));"
            "store.close()"
        )
        children = [
            subprocess.Popen(
                [sys.executable, "-c", script, str(path), f"run-{number}"], stdin=subprocess.PIPE, text=True
            )
            for number in range(4)
        ]

        for child in children:
            child.stdin.write("go\n")
            child.stdin.flush()
        codes = [child.wait() for child in children]

        for child in children:
            child.stdin.close()
        assert codes == [0, 0, 0, 0]
        with open_store(str(path), create=False) as store:
            assert len(store.runs()) == 4


class TestVersions:
    def test_a_newer_store_is_refused_by_name(self, path: Path) -> None:
        connection = sqlite3.connect(path)
        with connection:
            connection.execute("INSERT INTO migration VALUES (?, 'roll_ups', 0)", (len(STEPS) + 1,))
        connection.close()

        with pytest.raises(
            StoreError, match=rf"version {len(STEPS) + 1} \(step 'roll_ups'\).* up to {len(STEPS)}"
        ) as caught:
            open_store(str(path), create=True)

        assert "pip install --upgrade lapwing" in caught.value.mend

    def test_a_database_of_another_program_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "other.sqlite"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE recipe (name)")
        connection.close()

        with pytest.raises(StoreError, match="another program"):
            open_store(str(path), create=True)

        connection = sqlite3.connect(path)
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipe",)]
        connection.close()

    def test_a_missing_step_is_applied_with_its_record(self, path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        steps = (*STEPS, Step("notes", "A table.", "CREATE TABLE note (x);\nCREATE TABLE more (y);\n"))

        migrate(connection, where="here", steps=steps)

        rows = connection.execute("SELECT version, name FROM migration").fetchall()
        assert rows[len(STEPS) :] == [(len(STEPS) + 1, "notes")]
        assert connection.execute("SELECT count(*) FROM note, more").fetchone() == (0,)
        connection.close()

    def test_a_step_that_fails_leaves_nothing_behind(self, path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        steps = (*STEPS, Step("broken", "", "CREATE TABLE note (x);\nCREATE TABLE run (y);\n"))

        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, where="here", steps=steps)

        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'note'").fetchone()
        assert tables == (0,)
        assert connection.execute("SELECT count(*) FROM migration").fetchone() == (len(STEPS),)
        connection.close()


class TestReadOnly:
    @pytest.fixture
    def read_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As in a checkout that may not be written (these tests may run as root, who may)."""
        monkeypatch.setattr(os, "access", lambda path, mode, **named: not mode & os.W_OK)

    @pytest.mark.usefixtures("read_only")
    def test_runs_are_read(self, path: Path) -> None:
        with open_store(str(path), create=False) as store:
            assert store.read_run("run-1") == recorded("run-1")

    @pytest.mark.usefixtures("read_only")
    def test_writing_says_what_to_do(self, path: Path) -> None:
        with (
            open_store(str(path), create=True) as store,
            pytest.raises(StoreError, match="cannot be opened or written") as caught,
        ):
            store.write_run(recorded("run-2"))

        assert "rights" in caught.value.mend

    @pytest.mark.usefixtures("read_only")
    def test_where_not_even_the_files_beside_can_be_made_it_is_read_as_it_stands(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plain_connect = sqlite3.connect

        def connect(name: str, **named: object) -> sqlite3.Connection:
            if "immutable" not in name:
                raise sqlite3.OperationalError("unable to open database file")
            return plain_connect(name, **named)

        monkeypatch.setattr(sqlite_connection.sqlite3, "connect", connect)

        with open_store(str(path), create=False) as store:
            assert len(store.runs()) == 1

    @pytest.mark.usefixtures("read_only")
    def test_an_empty_file_cannot_be_made_a_store(self, tmp_path: Path) -> None:
        (tmp_path / "empty.sqlite").touch()

        with pytest.raises(StoreError, match="lacks step 'first_tables'"):
            open_store(str(tmp_path / "empty.sqlite"), create=True)


class TestFaults:
    def test_a_store_that_another_process_writes_is_locked(self, path: Path) -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with (
            open_store(str(path), create=False, busy_timeout_s=0.0) as store,
            pytest.raises(StoreLockedError, match="another process") as caught,
        ):
            store.write_run(recorded("run-2"))

        other.close()
        assert caught.value.where == str(path)
        assert caught.value.mend

    def test_a_store_that_another_process_writes_can_be_read(self, path: Path) -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with open_store(str(path), create=False, busy_timeout_s=0.0) as store:
            assert len(store.runs()) == 1

        other.close()

    def test_what_is_no_database_says_how_to_start_anew(self, tmp_path: Path) -> None:
        path = tmp_path / "store.sqlite"
        path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)

        with pytest.raises(StoreError, match="not a store") as caught:
            open_store(str(path), create=True)

        assert f"mv {path} {path}.broken\n" in caught.value.mend
        assert "spool" in caught.value.mend

    def test_a_damaged_page_says_how_to_start_anew(self, tmp_path: Path) -> None:
        path = tmp_path / "store.sqlite"
        with open_store(str(path), create=True) as store:
            store.write_run(recorded("run-1", tests=2000))
        whole = path.read_bytes()
        path.write_bytes(whole[: 4096 * 30] + b"\xff" * (len(whole) - 4096 * 30))

        with (
            pytest.raises(StoreError, match="damaged"),
            open_store(str(path), create=False) as store,
        ):
            store.read_run("run-1")

    def test_a_full_disk_leaves_the_store_as_it_was(self, path: Path) -> None:
        with SqliteStore(path, create=False) as store:
            (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
            store._connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()

            with pytest.raises(StoreError, match="disk is full") as caught:
                store.write_run(recorded("run-2", tests=2000))

            assert "spool" in caught.value.mend
            assert [digest.run.run_id for digest in store.runs()] == ["run-1"]

    def test_a_number_past_64_bits_is_said_and_nothing_is_stored(self, path: Path) -> None:
        broken = TestRecord(nodeid="a", outcome=Outcome.PASSED, peak_bytes=2**63)
        run = recorded("run-2")._replace(tests=(broken,))

        with open_store(str(path), create=False) as store:
            with pytest.raises(StoreError, match="64 bits"):
                store.write_run(run)

            assert len(store.runs()) == 1

    def test_a_closed_store_says_so(self, path: Path) -> None:
        store = open_store(str(path), create=False)
        store.close()

        with pytest.raises(StoreError, match="closed"):
            store.runs()


class TestRoom:
    def test_pruning_gives_room_back_and_keeps_references_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "store.sqlite"
        with SqliteStore(path, create=True) as store:
            for start in range(8):
                store.write_run(recorded(f"run-{start}", start, tests=1000))
        before = path.stat().st_size

        with SqliteStore(path, create=False) as store:
            store.prune(older_than_ns=7, keep_bytes=None, dry_run=False)

            assert store._connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert store._connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert path.stat().st_size < before / 2

    def test_names_that_nothing_refers_to_go_with_the_last_run(self, path: Path) -> None:
        failed = TestRecord(nodeid="never passed", outcome=Outcome.FAILED)
        with SqliteStore(path, create=False) as store:
            store.write_run(recorded("run-2")._replace(tests=(failed,)))

            store.prune(older_than_ns=1, keep_bytes=None, dry_run=False)

            tests = store._connection.execute("SELECT nodeid FROM test").fetchall()
        assert tests == [("t0",)]  # its days are kept

    def test_a_rename_is_recorded_and_keeps_references_whole(self, path: Path) -> None:
        with SqliteStore(path, create=False) as store:
            store.write_run(recorded("run-2", tests=2))

            store.rename("t1", "t0")

            alias = store._connection.execute("SELECT old_nodeid, new_nodeid FROM test_alias").fetchall()
            assert store._connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert alias == [("t1", "t0")]


def test_the_protocol_is_imported_without_a_database() -> None:
    script = "import sys, lapwing.store.protocol, lapwing.store.open_store; print('sqlite3' in sys.modules)"

    # Coverage, where it measures children, keeps its figures in a database of its own.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
