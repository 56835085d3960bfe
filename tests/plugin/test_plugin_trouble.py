"""What Lapwing cannot do is said once, and the tests' result is what it would have been."""

import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from lapwing.config.root import store_path
from lapwing.store.open_store import open_store
from lapwing.store.run_files.writer import SpoolWriter


@pytest.fixture
def suite(project):
    project.pytester.makepyfile("def test_a(): pass\ndef test_b(): assert False")
    return project


def assert_result_untouched(result):
    assert result.ret == 1
    result.assert_outcomes(passed=1, failed=1)
    warnings = [line for line in result.outlines if line.startswith("lapwing: warning:")]
    assert len(warnings) == 1
    return warnings[0]


def test_a_home_that_cannot_be_made(suite):
    suite.root.joinpath(".lapwing").write_text("a file in its place")

    result = suite.run()

    assert ".lapwing" in assert_result_untouched(result)
    result.stdout.fnmatch_lines(["lapwing:*make the folder writable*"])


def test_a_home_that_cannot_be_made_under_workers(suite):
    suite.root.joinpath(".lapwing").write_text("a file in its place")

    result = suite.run("-n1", plugins=["xdist"])

    assert_result_untouched(result)


def test_a_store_replaced_by_garbage_keeps_the_run_for_later(suite):
    suite.root.joinpath(".lapwing").mkdir()
    store_path(suite.root).write_bytes(b"garbage" * 1000)

    result = suite.run()

    assert "store.sqlite" in assert_result_untouched(result)
    assert len(suite.spool()) == 1
    store_path(suite.root).unlink()
    suite.run()
    assert len(suite.all_recorded()) == 2
    assert suite.spool() == []


def test_a_store_that_is_locked_keeps_the_run_for_later(suite, monkeypatch):
    suite.run()
    monkeypatch.setattr("lapwing.operations.finish_run.open_store", partial(open_store, busy_timeout_s=0.01))
    holder = sqlite3.connect(store_path(suite.root), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    result = suite.run()

    holder.close()
    assert_result_untouched(result)
    result.stdout.fnmatch_lines(["*the next lapwing command takes it in*"])
    assert len(suite.spool()) == 1
    suite.run()
    assert [each.run.is_complete for each in suite.all_recorded()] == [True, True, True]
    assert suite.spool() == []


def test_settings_with_a_fault_are_told_and_the_run_is_recorded_with_the_rest(suite):
    suite.pytester.makepyprojecttoml('[tool.lapwing]\nmin_chnge = "2ms"\nproject = "abc"')

    result = suite.run()

    said = assert_result_untouched(result)
    assert "min_chnge: there is no such option" in said
    result.stdout.fnmatch_lines(["*Did you mean 'min_change'?*"])
    run = suite.recorded().run
    assert run.project == "abc"
    assert run.is_complete


def test_a_broken_pyproject_is_told_and_nothing_is_recorded(suite):
    suite.pytester.makepyprojecttoml("[tool.lapwing\ntrack = true")
    suite.pytester.makeini("[pytest]")

    result = suite.pytester.runpytest_inprocess(
        "-c", "tox.ini", "-p", "lapwing.plugin", "--track-performance", "-p", "no:cacheprovider"
    )

    assert "pyproject.toml" in assert_result_untouched(result)


def fill_the_disk_at(monkeypatch, is_last):
    """Let the disk be full from the first line for which `is_last` holds."""
    original = SpoolWriter.write_only

    def write(self, line):
        if is_last(line):
            raise OSError(28, "No space left on device")
        original(self, line)

    monkeypatch.setattr(SpoolWriter, "write_only", write)


def test_a_disk_that_is_full_at_the_end_keeps_the_run_for_later(suite, monkeypatch):
    with monkeypatch.context() as patch:
        fill_the_disk_at(patch, lambda line: line.startswith(b'["e"'))
        result = suite.run()

    assert "No space left on device" in assert_result_untouched(result)
    suite.run()
    assert [(each.run.is_complete, len(each.tests)) for each in suite.all_recorded()] == [
        (False, 2),
        (True, 2),
    ]


@pytest.mark.parametrize("kind", [b'["b"', b'["t"'], ids=["begin", "end"])
def test_a_disk_that_fills_up_ends_the_recording_only(suite, monkeypatch, kind):
    first_has_passed = []

    def is_of_the_second_test(line):
        if not line.startswith(kind):
            return False
        first_has_passed.append(line)
        return len(first_has_passed) > 1

    fill_the_disk_at(monkeypatch, is_of_the_second_test)

    result = suite.run()

    assert "No space left on device" in assert_result_untouched(result)
    assert suite.recorded().run.is_complete is False
    assert suite.outcomes()["test_a"] == "passed"


def test_a_fault_of_ours_in_a_worker_reaches_the_user(suite):
    suite.pytester.makeconftest(
        """
        def pytest_runtest_setup(item):
            if item.name == "test_b":
                from lapwing.record.recorder import Recorder

                def broken(*args):
                    raise RuntimeError("broken inside")

                Recorder.ended = broken
        """
    )

    result = suite.run("-n1", plugins=["xdist"])

    assert "broken inside" in assert_result_untouched(result)
    run = suite.recorded().run
    assert (run.is_complete, run.why_incomplete) == (False, "recording was cut short")


def test_a_missing_store_folder_is_made(suite):
    suite.pytester.makepyprojecttoml('[tool.lapwing]\nstore = "elsewhere/deep/store.sqlite"')

    result = suite.run()

    assert result.ret == 1
    result.stdout.no_fnmatch_line("*warning*")
    with open_store(str(suite.root / "elsewhere/deep/store.sqlite"), create=False) as store:
        assert len(store.runs()) == 1


def test_a_data_file_that_cannot_be_written_is_told_and_the_run_is_stored(suite):
    suite.pytester.makepyprojecttoml('[tool.lapwing]\ndata_file = "test_folder/x.json"')
    suite.root.joinpath("test_folder").write_text("a file in its place")

    result = suite.run()

    assert "test_folder" in assert_result_untouched(result)
    assert len(suite.all_recorded()) == 1


def test_a_fault_of_ours_at_the_end_keeps_the_run_for_later(suite, monkeypatch):
    def broken(*_, **__):
        raise ModuleNotFoundError("No module named 'pkgutil'")

    with monkeypatch.context() as patch:
        patch.setattr("lapwing.operations.finish_run.gather", broken)
        result = suite.run()

    assert "No module named 'pkgutil'" in assert_result_untouched(result)
    suite.run()
    assert [each.run.is_complete for each in suite.all_recorded()] == [True, True]


def test_an_internal_error_of_another_plugin_ends_with_what_was_recorded(suite):
    suite.pytester.makeconftest(
        """
        def pytest_runtest_logfinish(nodeid):
            if nodeid.endswith("test_a"):
                raise RuntimeError("theirs")
        """
    )

    result = suite.run()

    assert result.ret == 3
    run = suite.recorded().run
    assert suite.outcomes() == {"test_a": "passed"}
    assert (run.is_complete, run.why_incomplete) == (False, "internal error")


@pytest.mark.parametrize("where", ["test", "between"])
@pytest.mark.parametrize("code", [0, 5, None])
def test_pytest_exit_leaves_an_incomplete_run_whatever_the_exit_status(project, where, code):
    project.pytester.makepyfile(
        f"""
        import pytest

        def test_a():
            pass

        def test_b():
            if {where!r} == "test":
                pytest.exit("enough", returncode={code})

        def test_c():
            pass
        """
    )
    project.pytester.makeconftest(
        f"""
        import pytest

        def pytest_runtest_logfinish(nodeid):
            if {where!r} == "between" and nodeid.endswith("test_b"):
                pytest.exit("enough", returncode={code})
        """
    )

    result = project.run()

    assert result.ret == (2 if code is None else code)
    assert not project.recorded().run.is_complete
    assert project.outcomes() == {
        "test_a": "passed",
        "test_b": "unfinished" if where == "test" else "passed",
    }


def test_maxfail_leaves_an_incomplete_run(project):
    project.pytester.makepyfile("def test_a(): assert 0\ndef test_b(): assert 0\ndef test_c(): pass")

    project.run("--maxfail=2")

    run = project.recorded().run
    assert (run.is_complete, run.why_incomplete) == (False, "stopped after failures")


def test_two_runs_at_once_in_one_checkout_are_both_stored(project):
    project.pytester.makepyfile(
        """
        import os
        from pathlib import Path

        def test_a():
            # Each run waits until the other one has come as far.
            mine, other = os.environ["MINE"], os.environ["OTHER"]
            Path(mine).touch()
            for _ in range(100_000):
                if Path(other).exists():
                    return
                os.sched_yield()
        """
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "lapwing.plugin", "--track-performance"]

    def begin(mine: str, other: str) -> subprocess.Popen[bytes]:
        import os

        return subprocess.Popen(
            command,
            cwd=project.root,
            env={**os.environ, "MINE": mine, "OTHER": other},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    runs = [begin("one", "two"), begin("two", "one")]
    outputs = [run.communicate(timeout=50)[0] for run in runs]

    assert [run.returncode for run in runs] == [0, 0], outputs
    assert [each.run.is_complete for each in project.all_recorded()] == [True, True]
    assert project.spool() == []
    assert not any(b"warning" in output for output in outputs)


def test_pytester_runs_inside_a_tracked_test_are_theirs(project, monkeypatch):
    project.pytester.makeconftest('pytest_plugins = ["pytester"]')
    project.pytester.makepyfile(
        """
        import time

        def test_outer(pytester):
            pytester.makepyfile("import time\\ndef test_inner(): time.sleep(0)")
            result = pytester.runpytest_inprocess("-p", "lapwing.plugin", "--track-performance")
            result.assert_outcomes(passed=1)
            time.sleep(0)

        def test_after():
            time.sleep(0)
        """
    )

    result = project.run()

    result.assert_outcomes(passed=2)
    assert project.outcomes() == {"test_outer": "passed", "test_after": "passed"}
    assert project.tests()["test_after"].counters["sleep"].count == 1
    assert project.recorded().run.is_complete


def test_nothing_of_ours_stays_in_the_process_after_the_run(suite):
    import gc
    import socket
    import time

    before = (time.sleep, subprocess.Popen.__init__, socket.socket.connect, len(gc.callbacks))
    descriptors = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0

    suite.run()

    assert (time.sleep, subprocess.Popen.__init__, socket.socket.connect, len(gc.callbacks)) == before
    if descriptors:
        assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
