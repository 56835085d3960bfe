"""Pitfalls of the hooks that are not about fixtures, workers or hostile tests."""

import pytest

SECOND = 1_000_000_000


def test_time_waited_and_time_computed_are_told_apart_children_included(project):
    project.pytester.makepyfile(
        """
        import subprocess, sys, time

        def test_waits():
            time.sleep(0.05)

        def test_has_a_child_compute():
            subprocess.run([sys.executable, "-S", "-c", "sum(range(10**6))"], check=True)
        """
    )

    project.run()

    waits, child = project.tests()["test_waits"], project.tests()["test_has_a_child_compute"]
    assert waits.call_cpu_ns < waits.call_ns / 2
    assert waits.child_cpu_ns == 0
    assert waits.waiting_ns > 0
    assert child.child_cpu_ns > child.thread_cpu_ns
    assert child.cpu_ns > child.child_cpu_ns


def test_time_of_the_garbage_collector_is_told_with_the_test_that_paid_it(project):
    project.pytester.makepyfile(
        """
        import gc

        def test_pays():
            gc.collect()
            gc.collect()

        def test_does_not():
            pass
        """
    )

    project.run()

    pays, other = project.tests()["test_pays"], project.tests()["test_does_not"]
    assert pays.gc_count >= 2
    assert 0 < pays.gc_ns <= pays.duration_ns
    assert other.gc_count <= 1


@pytest.mark.skipif("sys.platform != 'linux'")
def test_a_short_peak_of_memory_is_seen_and_does_not_stay_with_the_next_test(project):
    project.pytester.makepyfile(
        """
        kept = []

        def test_peak():
            bytearray(500_000_000)

        def test_keeps():
            kept.append(b"x" * 300_000_000)

        def test_empty():
            pass
        """
    )

    project.run()

    # A machine short of memory takes back pages of libraries meanwhile, up to some tens of megabytes.
    tests = project.tests()
    assert tests["test_peak"].peak_bytes == pytest.approx(500e6, rel=0.15)
    assert abs(tests["test_peak"].delta_bytes) < 75e6
    assert tests["test_keeps"].delta_bytes == pytest.approx(300e6, rel=0.25)
    assert tests["test_empty"].peak_bytes < 75e6


@pytest.mark.skipif("not hasattr(os, 'fork')")
def test_tests_that_each_run_in_a_forked_child_keep_the_times_their_reports_tell(project):
    project.pytester.makeconftest(
        """
        import os
        import pickle
        import pytest
        from _pytest.runner import runtestprotocol

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item, nextitem):
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            source, sink = os.pipe()
            child = os.fork()
            if child == 0:
                reports = runtestprotocol(item, nextitem=nextitem, log=False)
                told = [(report.when, report.outcome, report.duration) for report in reports]
                os.write(sink, pickle.dumps(told))
                os._exit(0)
            os.close(sink)
            with open(source, "rb") as pipe:
                told = pickle.loads(pipe.read())
            os.waitpid(child, 0)
            for when, outcome, duration in told:
                report = pytest.TestReport(item.nodeid, item.location, {}, outcome, None, when,
                                           duration=duration)
                item.ihook.pytest_runtest_logreport(report=report)
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            return True
        """
    )
    project.pytester.makepyfile(
        """
        import time
        import pytest

        @pytest.fixture
        def own():
            yield

        def test_a(own):
            time.sleep(0.04)

        def test_b(own):
            assert False
        """
    )

    result = project.run(alone=True)

    assert result.ret == 1
    assert project.outcomes() == {"test_a": "passed", "test_b": "failed"}
    assert project.tests()["test_a"].call_ns >= 40_000_000
    assert project.recorded().run.is_complete
    result.stdout.no_fnmatch_line("*lapwing: warning*")


def test_skips_errors_and_expected_failures_have_the_phases_they_ran(project, fake_clock):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture
        def skips():
            advance(1)
            pytest.skip()

        @pytest.fixture
        def fails():
            advance(2)
            raise RuntimeError

        def test_skipped(skips): pass
        def test_error(fails): pass

        @pytest.mark.xfail
        def test_expected():
            advance(3)
            assert False
        """
    )

    project.run()

    tests = project.tests()
    skipped, error, expected = tests["test_skipped"], tests["test_error"], tests["test_expected"]
    assert (skipped.outcome.value, skipped.setup_ns, skipped.call_ns) == ("skipped", SECOND, 0)
    assert (error.outcome.value, error.setup_ns, error.call_ns) == ("error", 2 * SECOND, 0)
    assert (expected.outcome.value, expected.call_ns) == ("xfailed", 3 * SECOND)


def test_import_of_a_module_is_collection_and_import_of_a_conftest_is_start_up(project, fake_clock):
    project.pytester.makeconftest("from fake_clock import advance; advance(5)")
    project.pytester.makepyfile(
        test_one="from fake_clock import advance; advance(2)\ndef test_a(): pass",
        test_two="from fake_clock import advance; advance(3)\ndef test_b(): pass",
    )
    project.pytester.mkdir("package")
    project.pytester.path.joinpath("package", "conftest.py").write_text(
        "from fake_clock import advance; advance(7)"
    )
    project.pytester.path.joinpath("package", "test_three.py").write_text("def test_c(): pass")

    project.run()

    recorded = project.recorded()
    times = {record.nodeid: record.duration_ns for record in recorded.collection}
    assert times["test_one.py"] == 2 * SECOND
    assert times["test_two.py"] == 3 * SECOND
    assert times["package"] == 7 * SECOND
    assert recorded.run.startup_ns > 4 * SECOND  # the first moment is noted by the real clock


def test_tests_run_by_another_plugins_protocol_are_recorded(project):
    project.pytester.makeconftest(
        """
        import pytest
        from _pytest.runner import runtestprotocol

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item, nextitem):
            runtestprotocol(item, nextitem=nextitem)
            return True
        """
    )
    project.pytester.makepyfile("def test_a(): pass\ndef test_b(): pass")

    project.run()

    assert project.outcomes() == {"test_a": "passed", "test_b": "passed"}


def test_a_plugin_that_reorders_tests_is_followed(project):
    project.pytester.makeconftest("def pytest_collection_modifyitems(items): items.reverse()")
    project.pytester.makepyfile("def test_a(): pass\ndef test_b(): pass")

    project.run()

    assert list(project.outcomes()) == ["test_b", "test_a"]


def test_sleeps_children_sockets_and_files_are_counted_with_the_test_that_made_them(project):
    project.pytester.makepyfile(
        """
        import asyncio, os, socket, subprocess, sys, time
        import pytest

        def test_sleep():
            time.sleep(0.001)
            time.sleep(0)

        def test_async_sleep():
            async def main():
                await asyncio.sleep(0.001)
                await asyncio.sleep(0)
            asyncio.run(main())

        def test_child():
            subprocess.run([sys.executable, "-S", "-c", ""], check=True)

        @pytest.fixture
        def listener():
            with socket.create_server(("127.0.0.1", 0)) as server:
                yield server

        def test_socket(listener):
            with socket.create_connection(listener.getsockname()):
                pass

        def test_file():
            open(__file__).close()
            open(__file__).close()

        def test_nothing():
            pass
        """
    )

    project.run()

    tests = project.tests()
    counts = {
        name: {kind: value.count for kind, value in record.counters.items()} for name, record in tests.items()
    }
    assert counts["test_sleep"] == {"sleep": 2}
    assert counts["test_async_sleep"]["async_sleep"] == 1
    assert counts["test_child"]["subprocess"] == 1
    assert counts["test_socket"]["socket"] == 1
    assert counts["test_socket"]["dns"] == 1
    assert counts["test_file"] == {"file": 2}
    assert counts["test_nothing"] == {}
    assert tests["test_sleep"].counters["sleep"].time_ns >= 1_000_000
    assert 0 < tests["test_child"].counters["subprocess"].time_ns <= tests["test_child"].call_ns


def test_what_collection_took_is_not_the_first_tests(project):
    project.pytester.makepyfile("""
        import subprocess, sys

        subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)

        def test_it(): pass
        def test_after(): pass
    """)

    project.run()

    tests = project.tests()
    assert tests["test_it"].child_cpu_ns < 50_000_000
