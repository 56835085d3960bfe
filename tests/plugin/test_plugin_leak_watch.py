"""`--leaks`: tests that leave something behind are named, others are not."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is open is read from /proc")

SUITE = """
    import os, subprocess, sys, tempfile, threading
    import pytest

    kept = []

    @pytest.fixture(scope="module")
    def shared():
        with open(os.devnull) as file:
            yield file

    @pytest.fixture
    def own():
        with open(os.devnull) as file:
            yield file

    def test_clean(shared, own, tmp_path):
        with tempfile.TemporaryDirectory() as folder:
            pass

    def test_file():
        kept.append(open(os.devnull))

    def test_thread():
        done = threading.Event()
        kept.append(done)
        threading.Thread(target=done.wait, args=(20,), name="forgotten", daemon=True).start()

    def test_process():
        kept.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)"]))

    def test_folder():
        tempfile.mkdtemp(prefix="forgotten")

    def test_memory():
        kept.append(bytearray(b"x" * 20_000_000))

    def test_after():
        kept[0].close()
        kept[1].set()
        kept[2].kill()
        kept[2].wait()
"""


@pytest.fixture
def temporary(project, monkeypatch):
    folder = project.pytester.mkdir("temporary")
    monkeypatch.setenv("TMPDIR", str(folder))


def test_tests_that_leave_something_are_named_and_counted(project, temporary):
    project.pytester.makepyfile(test_a=SUITE)

    result = project.run("--leaks", alone=True)

    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(
        [
            "lapwing: 5 tests left something behind",
            "  test_a.py::test_file: 1 open file (/dev/null)",
            "  test_a.py::test_thread: 1 thread (forgotten)",
            "  test_a.py::test_process: 1 process (*)",
            "  test_a.py::test_folder: 1 temporary path (*forgotten*)",
            "  test_a.py::test_memory: 2*MB of memory",
        ]
    )
    counted = {name for name, test in project.tests().items() if "leaks" in test.counters}
    assert counted == {"test_file", "test_thread", "test_process", "test_folder"}


def test_workers_of_xdist_tell_the_controller(project, temporary):
    project.pytester.makepyfile(test_a=SUITE)

    result = project.run("--leaks", "-n1", plugins=["xdist"], alone=True)

    result.stdout.fnmatch_lines(
        ["lapwing: * tests left something behind", "  test_a.py::test_file: 1 open file*"]
    )


def test_where_nothing_is_left_one_line_says_so(project):
    project.pytester.makepyfile("def test_a(tmp_path): pass")

    result = project.run("--leaks", tracked=False)

    result.stdout.fnmatch_lines(["lapwing: no test left anything behind"])
