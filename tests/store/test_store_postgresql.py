"""Opening a PostgreSQL store, several writers at once, and its partitions."""

import threading

import psycopg
import pytest

from lapwing.errors import MissingExtraError, NoDataError, StoreError
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.store.open_store import open_store
from lapwing.store.postgresql_partitions import WEEK_NS


def recorded(run_id: str, start: int = 0, tests: int = 1) -> RecordedRun:
    records = tuple(TestRecord(nodeid=f"t{n}", outcome=Outcome.PASSED, call_ns=1) for n in range(tests))
    return RecordedRun(run=Run(run_id=run_id, started_at_ns=start, duration_ns=1), tests=records)


def weeks(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename LIKE %s",
            ("result_week_%",),
        )
        return sorted(name for (name,) in rows)


class TestOpening:
    def test_without_create_a_database_without_tables_is_no_data(self, postgresql_url: str) -> None:
        with pytest.raises(NoDataError, match="no store here"):
            open_store(postgresql_url, create=False)

    def test_what_was_written_is_there_when_opened_again(self, postgresql_url: str) -> None:
        with open_store(postgresql_url, create=True) as store:
            store.write_run(recorded("run-1"))

        with open_store(postgresql_url, create=False) as store:
            assert store.run_count() == 1

    def test_a_server_that_is_not_there_is_named_without_the_password(self) -> None:
        url = "postgresql://me:secret@127.0.0.1:1/lapwing"

        with pytest.raises(StoreError, match="cannot be reached") as caught:
            open_store(url, create=True, origin="LAPWING_STORE")

        assert "secret" not in str(caught.value)
        assert caught.value.where == "postgresql://127.0.0.1:1/lapwing"
        assert "LAPWING_STORE" in caught.value.mend

    def test_without_the_library_the_install_line_is_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "lapwing.store.postgresql", None)

        with pytest.raises(MissingExtraError, match=r"lapwing\[postgresql\]"):
            open_store("postgresql://127.0.0.1/x", create=True)

    def test_a_newer_store_is_refused(self, postgresql_url: str) -> None:
        open_store(postgresql_url, create=True).close()
        with psycopg.connect(postgresql_url) as connection:
            connection.execute("INSERT INTO migration VALUES (99, 'from the future', 0)")

        with pytest.raises(StoreError, match="from the future"):
            open_store(postgresql_url, create=True)

    def test_tables_of_another_program_are_left_alone(self, postgresql_url: str) -> None:
        with psycopg.connect(postgresql_url) as connection:
            connection.execute("CREATE TABLE run (mine text)")

        with pytest.raises(StoreError):
            open_store(postgresql_url, create=True)

        with psycopg.connect(postgresql_url) as connection:
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema"
            ).fetchall()
        assert names == [("run",)]

    def test_a_lost_connection_is_said(self, postgresql_url: str) -> None:
        with open_store(postgresql_url, create=True) as store:
            with psycopg.connect(postgresql_url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'lapwing' AND query NOT LIKE '%pg_stat_activity%'"
                )

            with pytest.raises(StoreError, match="cannot be reached"):
                store.runs()


class TestManyWriters:
    def test_a_run_that_many_push_at_once_is_stored_once(self, postgresql_url: str) -> None:
        open_store(postgresql_url, create=True).close()
        written: list[bool] = []

        def push() -> None:
            with open_store(postgresql_url, create=True) as store:
                written.append(store.write_run(recorded("run-1", tests=200)))

        threads = [threading.Thread(target=push) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(written) == [False] * 5 + [True]
        with open_store(postgresql_url, create=False) as store:
            assert len(store.read_run("run-1").tests) == 200

    def test_new_names_in_opposite_order_do_not_wait_in_a_circle(self, postgresql_url: str) -> None:
        open_store(postgresql_url, create=True).close()
        faults: list[Exception] = []

        def push(number: int) -> None:
            run = recorded(f"run-{number}", start=7, tests=2000)
            try:
                with open_store(postgresql_url, create=True) as store:
                    store.write_run(run._replace(tests=run.tests[:: 1 if number % 2 else -1]))
            except StoreError as error:
                faults.append(error)

        threads = [threading.Thread(target=push, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert faults == []
        with open_store(postgresql_url, create=False) as store:
            assert {digest.tests for digest in store.runs()} == {2000}
            assert store.run_count() == 4

    def test_stores_opened_at_once_make_their_tables_once(self, postgresql_url: str) -> None:
        faults: list[Exception] = []

        def open_it() -> None:
            try:
                open_store(postgresql_url, create=True).close()
            except StoreError as error:
                faults.append(error)

        threads = [threading.Thread(target=open_it) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert faults == []


class TestNamesThatAnotherProcessChanges:
    """A connection that writes keeps the numbers of names that it met."""

    def test_a_renamed_test_keeps_its_history_and_its_old_name_begins_a_new_one(
        self, postgresql_url: str
    ) -> None:
        with (
            open_store(postgresql_url, create=True) as writer,
            open_store(postgresql_url, create=True) as other,
        ):
            writer.write_run(recorded("run-1", start=1, tests=3))
            writer.write_run(recorded("run-2", start=2, tests=3))
            other.rename("t0", "renamed")
            writer.write_run(recorded("run-3", start=3, tests=3))

            assert [point.run_id for point in other.history("renamed")] == ["run-2", "run-1"]
            assert [point.run_id for point in other.history("t0")] == ["run-3"]
            assert [point.run_id for point in other.history("t1")] == ["run-3", "run-2", "run-1"]

    def test_names_that_were_removed_are_made_anew(self, postgresql_url: str) -> None:
        with (
            open_store(postgresql_url, create=True) as writer,
            open_store(postgresql_url, create=True) as other,
        ):
            # Of tests that failed no sums by day are kept, which would need their names.
            failed = tuple(each._replace(outcome=Outcome.FAILED) for each in recorded("", tests=3).tests)
            writer.write_run(recorded("run-1", start=1)._replace(tests=failed))
            other.prune(older_than_ns=WEEK_NS, keep_bytes=None, dry_run=False)
            writer.write_run(recorded("run-2", start=WEEK_NS, tests=3))

            assert writer.read_run("run-2") == recorded("run-2", start=WEEK_NS, tests=3)

    def test_names_of_a_run_that_failed_are_made_by_the_next(self, postgresql_url: str) -> None:
        broken = recorded("run-1", tests=3)
        broken = broken._replace(tests=(*broken.tests[:2], broken.tests[2]._replace(call_ns=2**70)))
        with open_store(postgresql_url, create=True) as writer:
            with pytest.raises(StoreError, match="64 bits"):
                writer.write_run(broken)
            writer.write_run(recorded("run-2", tests=4))

            assert writer.read_run("run-2") == recorded("run-2", tests=4)


class TestPartitions:
    def test_each_week_has_its_own_and_loses_it_whole(self, postgresql_url: str) -> None:
        with open_store(postgresql_url, create=True) as store:
            for week in (0, 1, 1, 3):
                store.write_run(recorded(f"run-{week}-{store.run_count()}", start=week * WEEK_NS + 5))
            before = weeks(postgresql_url)

            store.prune(older_than_ns=2 * WEEK_NS, keep_bytes=None, dry_run=False)

        assert before == ["result_week_0", "result_week_1", "result_week_3"]
        assert weeks(postgresql_url) == ["result_week_3"]

    @pytest.mark.parametrize("start", [-(2**63), 2**63 - 2])
    def test_the_ends_of_time_have_a_partition(self, postgresql_url: str, start: int) -> None:
        with open_store(postgresql_url, create=True) as store:
            store.write_run(recorded("run-1", start=start))

            assert len(store.read_run("run-1").tests) == 1


def test_a_name_longer_than_an_index_takes_is_kept(postgresql_url: str) -> None:
    nodeid = "tests/test_a.py::test_a[" + "xyz\\\t\n" * 10_000 + "]"
    test = TestRecord(nodeid=nodeid, outcome=Outcome.PASSED, call_ns=1)

    with open_store(postgresql_url, create=True) as store:
        store.write_run(recorded("run-1")._replace(tests=(test,)))

        assert store.read_run("run-1").tests == (test,)
        assert len(store.history(nodeid)) == 1
