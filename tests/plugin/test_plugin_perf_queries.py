"""Queries and monitoring inside tests: what is seen with and without tracking, what fails."""

import pytest

CONFTEST = """
    import sqlite3
    import pytest

    @pytest.fixture
    def database():
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT)")
        connection.executemany("INSERT INTO author VALUES (?, ?)", [(n, str(n)) for n in range(1, 11)])
        yield connection
        connection.close()
"""
ROW_BY_ROW = """
    def read_all(database):
        return [
            database.execute("SELECT name FROM author WHERE id = ?", (n,)).fetchone()
            for n in range(1, 6)
        ]
"""


def test_rows_asked_for_one_by_one_fail_the_block_with_query_and_line(project):
    project.pytester.makeconftest(CONFTEST)
    project.pytester.makepyfile(
        test_a=ROW_BY_ROW
        + """
    def test_it(database, perf):
        with perf.queries(max=4, n_plus_one="fail"):
            read_all(database)
    """
    )

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*5 queries (limit: 4); N+1: 5 times at *test_a.py:3: SELECT name FROM author WHERE id = [?]*"]
    )


@pytest.mark.parametrize("category", ["unit", "integration"])
def test_a_block_is_counted_by_itself_and_in_its_test(project, category):
    project.pytester.makeconftest(CONFTEST)
    project.pytester.makepyfile(
        test_a=ROW_BY_ROW
        + f"""
    import pytest

    @pytest.mark.{category}
    def test_it(database, perf):
        with perf.queries() as block:
            read_all(database)
        assert block.result.queries == 5
        (pattern,) = block.result.n_plus_one
        assert (pattern.count, block.result.duplicates) == (5, ())
        with perf.queries(max=0) as nothing:
            pass
        assert nothing.result.queries == 0
    """
    )

    project.run("-W", "ignore::pytest.PytestUnknownMarkWarning").assert_outcomes(passed=1)

    counters = project.tests()["test_it"].counters
    asked = 5 + 2 * (category == "integration")  # the fixture's own, where the category has the probe
    assert counters["sql_queries"].count == asked
    assert counters["sql_n_plus_one"].count == 1


def test_without_tracking_connections_made_inside_are_seen(project):
    project.pytester.makepyfile(
        """
        import sqlite3
        import pytest

        def test_it(perf):
            with pytest.raises(AssertionError, match="2 queries .limit: 1."), perf.queries(max=1):
                connection = sqlite3.connect(":memory:")
                connection.execute("SELECT 1")
                connection.execute("SELECT 2")
            connection.close()
            again = sqlite3.connect(":memory:")
            assert type(again) is sqlite3.Connection
            again.close()
        """
    )

    project.run(tracked=False).assert_outcomes(passed=1)


@pytest.mark.parametrize("tracked", [True, False])
def test_a_driver_that_the_settings_name_is_seen(project, tracked):
    project.pytester.makepyprojecttoml('[tool.lapwing]\nsql_drivers = ["otherdb"]\n')
    project.pytester.makepyfile(otherdb="from _sqlite3 import connect")
    project.pytester.makepyfile(
        """
        import otherdb
        import pytest

        @pytest.mark.integration
        def test_it(perf):
            with perf.queries(max=1) as block:
                connection = otherdb.connect(":memory:")
                connection.cursor().execute("SELECT 1")
            connection.close()
            assert block.result.queries == 1
        """
    )

    project.run(tracked=tracked).assert_outcomes(passed=1)


def test_an_error_of_the_block_comes_first(project):
    project.pytester.makepyfile(
        """
        import contextlib, sqlite3
        import pytest

        def test_it(perf):
            with pytest.raises(ZeroDivisionError), perf.queries(max=0):
                with contextlib.closing(sqlite3.connect(":memory:")) as connection:
                    connection.execute("SELECT 1")
                    1 / 0
            with pytest.raises(ValueError, match="none of"), perf.queries(n_plus_one="no"):
                pass
            with pytest.raises(RuntimeError, match="has not ended"), perf.queries() as block:
                block.result
        """
    )

    project.run().assert_outcomes(passed=1)


def test_a_warning_is_given_on_wish(project):
    project.pytester.makeconftest(CONFTEST)
    project.pytester.makepyfile(
        ROW_BY_ROW
        + """
    import pytest

    def test_it(database, perf):
        with pytest.warns(UserWarning, match="5 times"), perf.queries(n_plus_one="warn"):
            read_all(database)
    """
    )

    project.run().assert_outcomes(passed=1)


def test_a_function_that_asks_is_measured(project):
    project.pytester.makeconftest(CONFTEST)
    project.pytester.makepyfile(
        ROW_BY_ROW
        + """
    from lapwing import database_performance_test

    def all_at_once(database):
        return database.execute("SELECT name FROM author").fetchall()

    def test_it(database):
        bad = database_performance_test(read_all, database, iterations=5, max_avg_time="10s")
        assert (bad.performance_ok, bad.n_plus_one_detected, bad.queries) == (False, True, 5)
        assert bad.iterations == 5 and bad.mean > 0 and bad.p95 >= bad.median
        let = database_performance_test(read_all, database, check_n_plus_one=False, max_avg_time="10s")
        assert (let.performance_ok, let.n_plus_one_detected) == (True, False)
        good = database_performance_test(all_at_once, database, iterations=5, max_avg_time="10s")
        assert (good.performance_ok, good.queries) == (True, 1)
        slow = database_performance_test(all_at_once, database, iterations=5, max_avg_time="1ns")
        assert not slow.performance_ok
    """
    )

    project.run().assert_outcomes(passed=1)

    metrics = {(each.name, each.metric) for each in project.recorded().benchmarks}
    assert {("read_all", "wall"), ("read_all", "cpu"), ("read_all", "queries")} <= metrics


def test_sqlalchemy_asks_once_per_statement_inside_an_async_function(project):
    pytest.importorskip("sqlalchemy")
    pytest.importorskip("aiosqlite")
    project.pytester.makepyfile(
        """
        import asyncio
        from sqlalchemy import text
        from sqlalchemy.ext.asyncio import create_async_engine
        from lapwing import database_performance_test

        async def ask(connection):
            await connection.execute(text("SELECT 1"))
            await connection.execute(text("SELECT 2"))

        async def asked():
            engine = create_async_engine("sqlite+aiosqlite://")
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 0"))
                result = await database_performance_test(ask, connection, iterations=2, max_avg_time="60s")
            await engine.dispose()
            return result

        def test_it():
            result = asyncio.run(asked())
            assert (result.queries, result.performance_ok, result.iterations) == (2, True, 2)
        """
    )

    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("tracked", [True, False])
def test_a_part_of_a_test_is_monitored_and_judged_by_its_type(project, tracked):
    project.pytester.makepyfile(
        """
        import time
        import pytest
        from lapwing import set_performance_budget, start_test_monitoring, stop_test_monitoring

        def test_it(tmp_path):
            ref = start_test_monitoring("import", "api_test")
            time.sleep(0.002)
            with open(tmp_path / "a", "w"):
                pass
            metrics = stop_test_monitoring(ref)
            assert (metrics.name, metrics.test_type, metrics.budget) == ("import", "api", 5.0)
            assert metrics.within_budget and metrics.duration >= 0.001
            assert metrics.counters["sleep"].count == 1 and metrics.counters["sleep"].time > 0.001
            assert metrics.counters["file"].count == 1
            with pytest.raises(RuntimeError, match="stopped already"):
                stop_test_monitoring(ref)
            set_performance_budget("api", "1us")
            ref = start_test_monitoring("again", "api")
            time.sleep(0.001)
            assert not stop_test_monitoring(ref).within_budget

        def test_unknown():
            with pytest.raises(Exception, match="'nothing' is no category"):
                start_test_monitoring("a", "nothing")
        """
    )

    project.run(tracked=tracked).assert_outcomes(passed=2)

    if tracked:
        assert {each.name for each in project.recorded().benchmarks} == {"import", "again"}


@pytest.mark.parametrize("tracked", [True, False])
@pytest.mark.parametrize("category", ["unit", "integration"])
def test_monitoring_counts_queries_and_caches_in_tests_of_any_category(project, tracked, category):
    project.pytester.makepyfile(
        f"""
        import functools, sqlite3
        import pytest
        from lapwing import start_test_monitoring, stop_test_monitoring

        @functools.lru_cache
        def doubled(number):
            return 2 * number

        def work(connection):
            for number in range(4):
                connection.execute("SELECT ?", (doubled(number // 2) + number,))

        {"@pytest.mark.integration" if category == "integration" else ""}
        def test_it(perf):
            doubled(9), doubled(9)
            ref = start_test_monitoring("import")
            connection = sqlite3.connect(":memory:")
            work(connection)
            counted = {{name: each.count for name, each in stop_test_monitoring(ref).counters.items()}}
            connection.execute("SELECT 1")
            connection.close()
            counted.pop("file", None)
            assert counted == {{"sql_queries": 4, "sql_n_plus_one": 1, "cache_hits": 2, "cache_misses": 2}}
        """
    )

    # Alone where nothing is recorded: else the recording of these tests would count what is asked here.
    project.run(tracked=tracked, alone=not tracked).assert_outcomes(passed=1)

    if tracked:
        (test,) = project.recorded().tests
        assert test.counters["sql_queries"].count == (5 if category == "integration" else 4)
        assert test.counters["cache_hits"].count == (3 if category == "integration" else 2)


def test_a_monitor_that_ends_in_another_test_counts_that_one(project):
    project.pytester.makepyfile(
        """
        import time
        import pytest
        from lapwing import start_test_monitoring, stop_test_monitoring

        @pytest.fixture(scope="module")
        def ref():
            return start_test_monitoring("both")

        def test_one(ref):
            for _ in range(3):
                time.sleep(0.0001)

        def test_two(ref):
            time.sleep(0.0001)
            assert stop_test_monitoring(ref).counters["sleep"].count == 1
        """
    )

    project.run().assert_outcomes(passed=2)


@pytest.mark.parametrize("wrong", ["'many'", "-1", "1.5"])
def test_a_limit_that_is_no_number_of_queries_is_refused(project, wrong):
    project.pytester.makepyfile(
        f"""
        import pytest

        def test_it(perf):
            with pytest.raises(ValueError, match="max is a whole number of at least 0"):
                with perf.queries(max={wrong}):
                    raise AssertionError("never reached")
        """
    )

    project.run(tracked=False).assert_outcomes(passed=1)


def test_the_fixture_has_the_public_functions_as_methods(project):
    project.pytester.makepyfile(
        """
        import lapwing
        import pytest

        def test_it(perf):
            functions = [name for name in lapwing.__all__ if name[0].islower()]
            assert [name for name in functions if getattr(perf, name) is not getattr(lapwing, name)] == []
            with pytest.raises(AttributeError, match="perf has no 'nothing'"):
                perf.nothing
        """
    )

    project.run(tracked=False).assert_outcomes(passed=1)
