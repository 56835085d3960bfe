"""Tests that meddle with the process: descriptors, children, its end, its folder, its limits."""

import os
import re
import subprocess
import sys

import pytest

# To be put after a test in an indented text.
AFTER = """
        def test_after():
            pass
"""


def test_closing_all_descriptors_loses_nothing(project):
    project.pytester.makepyfile(
        f"""
        import os

        def test_it():
            os.closerange(3, 4096)
        {AFTER}
        """
    )

    arguments = ("--capture=sys", "-p", "no:faulthandler", "-p", "no:logging")
    result = project.run(*arguments, alone=True)

    project.assert_undisturbed(result)
    assert project.tests()["test_after"].read_bytes is not None


def test_a_child_that_leaves_by_os_exit_changes_nothing(project):
    project.pytester.makepyfile(
        f"""
        import os

        def test_it():
            child = os.fork()
            if child == 0:
                os._exit(3)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        {AFTER}
        """
    )

    result = project.run(alone=True)

    project.assert_undisturbed(result)


def test_a_child_that_runs_on_through_the_session_records_nothing(project):
    project.pytester.makepyfile(
        """
        import os
        import pytest

        @pytest.fixture(scope="session")
        def whole():
            yield

        def test_it(whole):
            child = os.fork()
            if child:
                os.waitpid(child, 0)

        def test_after(whole):
            pass
        """
    )

    result = project.run(alone=True)

    assert result.ret == 0
    assert project.outcomes() == {"test_it": "passed", "test_after": "passed"}
    assert project.recorded().run.is_complete
    said = [line for line in result.outlines if line.strip("= ").partition(":")[0] == "lapwing"]
    assert len(said) == 1
    assert len(project.fixtures("whole")) == 1
    assert project.spool() == []


def test_a_forked_pool_of_processes_changes_nothing(project):
    project.pytester.makepyfile(
        f"""
        import multiprocessing
        import time

        def test_it():
            with multiprocessing.get_context("fork").Pool(1) as pool:
                assert pool.map(abs, [-1, -2]) == [1, 2]
                assert pool.apply(time.sleep, (0,)) is None
        {AFTER}
        """
    )

    result = project.run(alone=True)

    project.assert_undisturbed(result)


def test_os_exit_in_a_test_leaves_a_run_that_the_next_one_takes_in(project):
    killed = project.pytester.makepyfile(
        test_killed="""
        import os

        def test_before():
            pass

        def test_it():
            os._exit(0)

        def test_never():
            pass
        """
    )
    project.pytester.makepyfile(test_next="def test_next(): pass")

    project.run(str(killed), alone=True)
    waiting = project.spool()
    result = project.run("test_next.py")

    assert len(waiting) == 1
    assert project.spool() == []
    first, second = project.all_recorded()
    assert {record.nodeid.partition("::")[2]: record.outcome.value for record in first.tests} == {
        "test_before": "passed",
        "test_it": "unfinished",
    }
    assert (first.run.is_complete, first.run.why_incomplete) == (False, "killed")
    assert second.run.is_complete
    result.stdout.fnmatch_lines(["*took in 1 earlier run*"])


@pytest.mark.parametrize(
    "body",
    [
        "os.chdir('/')",
        "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')",
    ],
)
def test_a_changed_or_deleted_working_folder_changes_nothing(project, body):
    project.pytester.makepyfile(
        f"""
        import os, sys

        def test_it():
            {body}
        {AFTER}
        """
    )

    result = project.run(alone=True)

    project.assert_undisturbed(result)


@pytest.mark.parametrize(
    "limit", ["RLIMIT_NOFILE, (20, 20)", "RLIMIT_FSIZE, (0, hard)"], ids=["descriptors", "file size"]
)
def test_a_limit_that_a_test_sets_and_lifts_changes_nothing(project, limit):
    pytest.importorskip("resource")
    project.pytester.makepyfile(
        f"""
        import resource
        import pytest

        @pytest.fixture
        def met_here_first():
            pass

        def test_it(request):
            name, (soft, hard) = resource.{limit.partition(",")[0]}, resource.getrlimit(
                resource.{limit.partition(",")[0]})
            resource.setrlimit(resource.{limit.replace("(20, 20)", "(20, hard)")})
            try:
                request.getfixturevalue("met_here_first")
            finally:
                resource.setrlimit(name, (soft, hard))
        {AFTER}
        """
    )

    result = project.run(alone=True)

    project.assert_undisturbed(result)


@pytest.fixture
def full_disk(project, monkeypatch):
    """Writes tests of whose process files cannot grow over so many bytes."""
    pytest.importorskip("resource")
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)  # coverage could not write its file

    def write(most_bytes: int, tests: int) -> None:
        project.pytester.makepyfile(
            f"""
            import resource
            import pytest

            @pytest.mark.parametrize("number", range({tests}))
            def test_it(number):
                hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
                resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, hard))
            """
        )

    return write


def test_a_limit_that_stays_never_changes_an_outcome(project, full_disk):
    full_disk(0, 2)
    # Pipes have no size, so that the run can still be read.
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--capture=no"]
    command += ["-p", "lapwing.plugin", "--track-performance"]

    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False, timeout=50)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    place = re.escape(str(project.root / ".lapwing" / "spool"))
    assert re.search(rf"lapwing: warning: recording stopped: File too large \({place}/[^)]+\);", done.stdout)


def test_one_process_without_room_for_its_lines_and_the_store_is_told_of_once(project, full_disk):
    full_disk(20_480, 90)

    result = project.run(alone=True)

    result.assert_outcomes(passed=90)
    told = "\n".join(result.outlines)
    assert told.count("lapwing: warning:") == 1
    assert "the next lapwing command takes it in" in told


def test_workers_without_room_are_told_of_once(project, full_disk):
    full_disk(0, 8)

    result = project.run("-n2", plugins=["xdist"])

    result.assert_outcomes(passed=8)
    warnings = [each for each in result.outlines if each.startswith("lapwing: warning: recording stopped")]
    assert len(warnings) == 1


def test_a_leaked_thread_is_counted_and_its_time_is_not_the_tests_own_thread(project):
    project.pytester.makepyfile(
        """
        import threading

        def test_it():
            test_it.stop = threading.Event()
            test_it.thread = threading.Thread(target=test_it.stop.wait, daemon=True)
            test_it.thread.start()

        def test_after():
            test_it.stop.set()
            test_it.thread.join()
        """
    )

    result = project.run()

    project.assert_undisturbed(result)
    tests = project.tests()
    assert (tests["test_it"].leaked_threads, tests["test_after"].leaked_threads) == (1, -1)


def test_a_removed_home_folder_is_told_and_the_result_kept(project):
    project.pytester.makepyfile(
        """
        import shutil

        def test_it(request):
            shutil.rmtree(request.config.rootpath / ".lapwing")
        """
    )

    result = project.run()

    assert result.ret == 0
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*lapwing: warning: recording stopped*"])
