"""Together with pytest-xdist: workers record, the controller gathers, nothing is told twice."""

import pytest

TEN = """
    import pytest

    @pytest.mark.parametrize("n", range(10))
    def test_n(n):
        pass

    def test_one_more():
        pass
"""
ALL_TEN = {f"test_n[{n}]": "passed" for n in range(10)}


@pytest.mark.parametrize("distribution", ["load", "loadscope", "worksteal"])
def test_each_test_is_recorded_once_by_the_worker_that_ran_it(project, distribution):
    project.pytester.makepyfile(TEN)

    result = project.run("-n2", "--dist", distribution, "-k", "not more", plugins=["xdist"])

    result.assert_outcomes(passed=10, deselected=0)
    assert project.outcomes() == ALL_TEN
    recorded = project.recorded()
    assert {record.worker for record in recorded.tests} <= {"gw0", "gw1"}
    assert (recorded.run.workers, recorded.run.distribution) == (2, distribution)
    assert {facts.name for facts in recorded.run.processes} == {"main", "gw0", "gw1"}
    assert (recorded.run.is_complete, recorded.run.deselected) == (True, 1)
    assert project.spool() == []


def test_a_session_fixture_and_collection_are_told_per_worker(project):
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def whole(worker_id):
            yield

        @pytest.mark.parametrize("n", range(4))
        def test_n(whole, n):
            pass
        """
    )

    project.run("-n2", plugins=["xdist"])

    recorded = project.recorded()
    assert sorted(record.worker for record in project.fixtures("whole")) == ["gw0", "gw1"]
    modules = [record for record in recorded.collection if record.nodeid.endswith(".py")]
    assert sorted(record.worker for record in modules) == ["gw0", "gw1"]
    warmups = {facts.name: facts.warmup_ns for facts in recorded.run.processes}
    assert warmups["main"] is None
    assert all(warmups[worker] is not None and warmups[worker] > 0 for worker in ("gw0", "gw1"))


def test_stopping_after_a_failure_is_no_interruption_by_the_user(project):
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("n", range(20))
        def test_n(n):
            assert n != 1
        """
    )

    result = project.run("-n2", "-x", plugins=["xdist"])

    assert result.ret == 2
    run = project.recorded().run
    assert (run.exit_status, run.is_complete, run.why_incomplete) == (2, False, "stopped after failures")
    assert project.outcomes()["test_n[1]"] == "failed"
    assert "unfinished" not in project.outcomes().values()
    assert "crashed" not in project.outcomes().values()


def test_a_crashed_worker_leaves_its_finished_tests_and_names_the_one_that_was_running(project):
    project.pytester.makepyfile(
        """
        import os
        import pytest

        @pytest.fixture(scope="session")
        def whole():
            pass

        @pytest.mark.parametrize("n", range(8))
        def test_n(whole, n):
            if n == 2:
                os._exit(7)
        """
    )

    result = project.run("-n2", plugins=["xdist"])

    assert result.ret == 1
    outcomes = project.outcomes()
    assert outcomes.pop("test_n[2]") == "crashed"
    assert outcomes == {f"test_n[{n}]": "passed" for n in range(8) if n != 2}
    crashed = project.tests()["test_n[2]"]
    assert crashed.duration_ns is None
    recorded = project.recorded()
    by_name = {facts.name: facts for facts in recorded.run.processes}
    assert by_name[crashed.worker].crashed
    assert by_name[crashed.worker].end_ns is None
    assert [name for name, facts in by_name.items() if facts.crashed] == [crashed.worker]
    assert "gw2" in by_name
    assert (recorded.run.is_complete, recorded.run.why_incomplete) == (False, "a worker crashed")


def test_a_crash_that_may_not_be_followed_by_a_new_worker_ends_with_what_was_recorded(project):
    project.pytester.makepyfile(
        """
        import os
        def test_a(): pass
        def test_b(): os._exit(7)
        """
    )

    result = project.run("-n1", "--max-worker-restart=0", plugins=["xdist"])

    assert result.ret != 0
    assert project.outcomes() == {"test_a": "passed", "test_b": "crashed"}
    assert not project.recorded().run.is_complete


def test_an_interrupt_in_a_worker_is_gathered_once(project):
    project.pytester.makepyfile(
        """
        def test_a():
            pass

        def test_b():
            raise KeyboardInterrupt
        """
    )

    result = project.run("-n1", plugins=["xdist"], alone=True)

    assert result.ret == 2
    assert project.outcomes() == {"test_a": "passed", "test_b": "unfinished"}
    assert not project.recorded().run.is_complete


@pytest.mark.skipif("not hasattr(os, 'getppid') or sys.platform == 'win32'")
def test_a_killed_controller_leaves_what_its_workers_had_written(project):
    project.pytester.makepyfile(
        test_killed="""
        import os
        import signal

        def test_a():
            pass

        def test_b():
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        """,
        test_next="def test_c(): pass",
    )

    project.run("-n1", "test_killed.py", plugins=["xdist"], alone=True)
    assert len(project.spool()) == 1
    result = project.run("test_next.py")

    killed, _ = project.all_recorded()
    assert {record.nodeid.partition("::")[2]: record.outcome.value for record in killed.tests} == {
        "test_a": "passed",
        "test_b": "unfinished",
    }
    assert (killed.run.is_complete, killed.run.why_incomplete) == (False, "killed")
    result.stdout.fnmatch_lines(["*took in 1 earlier run* (1 killed)*"])


def test_maxprocesses_is_the_number_of_workers(project):
    project.pytester.makepyfile(TEN)

    project.run("-n3", "--maxprocesses=1", "-k", "not more", plugins=["xdist"])

    assert project.outcomes() == ALL_TEN
    assert project.recorded().run.workers == 1


@pytest.mark.parametrize("arguments", [["-n0"], ["-p", "no:xdist"], []], ids=["n0", "blocked", "idle"])
def test_without_workers_the_one_process_does_both(project, arguments):
    project.pytester.makepyfile(TEN)

    project.run(*arguments, "-k", "not more", plugins=["xdist"] if "no:xdist" not in arguments else [])

    assert project.outcomes() == ALL_TEN
    run = project.recorded().run
    assert (run.workers, run.distribution, [facts.name for facts in run.processes]) == (0, "no", ["main"])


def test_xdist_loaded_by_its_module_is_met_too(project):
    project.pytester.makepyfile(TEN)

    project.run("-n1", "-k", "not more", plugins=["xdist.plugin"])

    assert project.outcomes() == ALL_TEN
    assert project.recorded().run.workers == 1


def test_nothing_of_ours_travels_on_reports(project):
    project.pytester.makeconftest(
        """
        import pytest

        class Reports:
            @pytest.hookimpl(trylast=True)
            def pytest_runtest_logreport(self, report):
                assert not [name for name in vars(report) if "lapwing" in name]
                assert report.user_properties == []

        def pytest_configure(config):
            config.pluginmanager.register(Reports())
        """
    )
    project.pytester.makepyfile("def test_a(): pass")

    result = project.run("-n1", plugins=["xdist"])

    assert result.ret == 0
    assert project.outcomes() == {"test_a": "passed"}


def test_output_of_tests_comes_through(project):
    project.pytester.makepyfile(
        """
        def test_a():
            print("a word")
            assert False

        def test_b():
            pass
        """
    )

    result = project.run("-n1", "--dist=loadgroup", plugins=["xdist"])

    assert result.ret == 1
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Captured stdout call*", "a word"])
    assert project.outcomes() == {"test_a": "failed", "test_b": "passed"}


def test_the_names_of_groups_are_recorded(project):
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.mark.xdist_group("till")
        def test_opens():
            pass

        @pytest.mark.xdist_group(name="door")
        def test_closes():
            pass

        def test_alone():
            pass
        """
    )

    project.run("-n2", "--dist", "loadgroup", plugins=["xdist"])

    markers = {record.nodeid.rpartition("::")[2]: record.markers for record in project.recorded().tests}
    assert markers["test_opens"] == ("xdist_group", "xdist_group=till")
    assert markers["test_closes"] == ("xdist_group", "xdist_group=door")
    assert markers["test_alone"] == ()
