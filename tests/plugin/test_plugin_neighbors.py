"""Together with other plugins of pytest: reruns, deadlines, coverage, hypothesis, benchmarks."""

import pytest

RERUN = """
    import pytest

    tries = []

    @pytest.fixture(scope="module")
    def shared():
        pass

    @pytest.fixture
    def own():
        pass

    def test_second_time_lucky(shared, own):
        tries.append(1)
        assert len(tries) == 2

    def test_never_lucky():
        assert False

    def test_lucky():
        pass
"""
ATTEMPTS = [
    ("test_second_time_lucky", 1, "failed"),
    ("test_second_time_lucky", 2, "passed"),
    ("test_never_lucky", 1, "failed"),
    ("test_never_lucky", 2, "failed"),
    ("test_lucky", 1, "passed"),
]


def assert_attempts(project):
    recorded = project.recorded()
    assert [
        (record.nodeid.partition("::")[2], record.attempt, record.outcome.value) for record in recorded.tests
    ] == ATTEMPTS
    assert all(record.call_ns > 0 and record.teardown_ns > 0 for record in recorded.tests)
    assert len(project.fixtures("shared")) == 1
    assert len(project.fixtures("own")) == 2
    starts = [record.start_ns for record in recorded.tests]
    assert starts == sorted(starts)


def test_each_attempt_of_pytest_rerunfailures_is_a_record(project):
    pytest.importorskip("pytest_rerunfailures")
    project.pytester.makepyfile(RERUN)

    project.run("--reruns=1", plugins=["pytest_rerunfailures"])

    assert_attempts(project)


def test_each_attempt_is_a_record_where_the_tear_down_of_a_superseded_one_goes_untold(project):
    project.pytester.makeconftest(
        """
        from _pytest.runner import runtestprotocol

        def pytest_runtest_protocol(item, nextitem):
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            for attempt in (1, 2):
                reports = runtestprotocol(item, nextitem=nextitem, log=False)
                for report in reports:
                    if report.failed and attempt == 1:
                        report.outcome = "rerun"
                    item.ihook.pytest_runtest_logreport(report=report)
                    if report.outcome == "rerun":
                        break
                else:
                    break
                item._initrequest()
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            return True

        def pytest_report_teststatus(report):
            if report.outcome == "rerun":
                return "rerun", "R", "RERUN"
        """
    )
    project.pytester.makepyfile(RERUN)

    project.run()

    assert_attempts(project)


def test_a_deadline_by_signal_fails_the_test_and_the_run_goes_on(project):
    pytest.importorskip("pytest_timeout")
    project.pytester.makepyfile(
        """
        import time
        import pytest

        @pytest.mark.timeout(0.5, method="signal")
        def test_a():
            time.sleep(10)

        def test_b():
            pass
        """
    )

    project.run(plugins=["pytest_timeout"])

    assert project.outcomes() == {"test_a": "timeout", "test_b": "passed"}
    assert project.tests()["test_a"].counters["sleep"].count == 1
    assert "timeout" in project.tests()["test_a"].markers


def test_a_deadline_by_thread_kills_the_process_and_the_next_run_names_the_test(project):
    pytest.importorskip("pytest_timeout")
    project.pytester.makepyfile(
        test_hangs="""
        import time
        import pytest

        def test_a():
            pass

        @pytest.mark.timeout(0.5, method="thread")
        def test_b():
            time.sleep(10)
        """,
        test_next="def test_c(): pass",
    )

    project.run("test_hangs.py", plugins=["pytest_timeout"], alone=True)
    result = project.run("test_next.py")

    killed, _ = project.all_recorded()
    assert [(record.nodeid.partition("::")[2], record.outcome.value) for record in killed.tests] == [
        ("test_a", "passed"),
        ("test_b", "timeout"),
    ]
    result.stdout.fnmatch_lines(["*took in 1 earlier run*"])


def test_pytest_cov_measures_the_same_coverage(project):
    pytest.importorskip("pytest_cov")
    project.pytester.makepyfile(
        module="def used():\n    return 1\n\ndef unused():\n    return 2\n",
        test_a="import module\ndef test_a(): assert module.used() == 1",
    )

    result = project.run("--cov=module", "--cov-report=term", plugins=["pytest_cov"], alone=True)

    result.stdout.fnmatch_lines(["module.py*4*1*75%"])
    assert project.outcomes() == {"test_a": "passed"}


def test_a_test_of_hypothesis_is_one_record(project):
    project.pytester.makepyfile(
        """
        from hypothesis import given, settings, strategies as st

        @settings(database=None, max_examples=5)
        @given(st.integers())
        def test_a(n):
            pass
        """
    )

    project.run(plugins=["_hypothesis_pytestplugin"])

    assert project.outcomes() == {"test_a": "passed"}


@pytest.mark.parametrize("name", ["benchmark", "pytest_benchmark.plugin"])
def test_results_of_pytest_benchmark_are_taken_in(project, name):
    pytest.importorskip("pytest_benchmark")
    project.pytester.makepyfile(
        """
        import pytest

        def test_a(benchmark):
            benchmark.extra_info["size"] = 10
            benchmark.group = "sums"
            benchmark.pedantic(sum, args=([1, 2],), rounds=7, iterations=3)

        def test_b(benchmark):
            pass
        """
    )

    project.run(
        "-W",
        "ignore",
        "--benchmark-disable-gc",
        "--benchmark-quiet",
        "--benchmark-columns=min",
        plugins=[name],
    )

    (benchmark,) = project.recorded().benchmarks
    assert (benchmark.name, benchmark.source, benchmark.unit) == ("test_a", "pytest-benchmark", "ns")
    assert benchmark.nodeid.endswith("::test_a")
    assert (len(benchmark.samples), benchmark.iterations, benchmark.group) == (7, 3, "sums")
    assert benchmark.metadata == {"size": "10"}
    assert set(project.outcomes()) == {"test_a", "test_b"}
