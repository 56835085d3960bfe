"""`--confirm`: suspects run again at the end, and the user's run stays what it was.

The tests compute for a fixed processor time, whatever else the machine does.
"""

import shutil

import pytest

from lapwing.config.root import store_path
from lapwing.model.record import Outcome
from lapwing.operations.confirm_session import PLAN_VARIABLE
from lapwing.store.open_store import open_store

NOISE_MS = 15  # a change that does not count, however busy the machine

SUITE = """
import os, pathlib, time
import pytest

AGAIN = {variable!r} in os.environ
ready = False

def with_library():
    global ready
    work(0 if ready else 28)
    ready = True

def work(milliseconds):
    end = time.process_time() + milliseconds / 1000
    while time.process_time() < end:
        pass

@pytest.mark.parametrize("number", range(9))
def test_first_part(number):
    work(10)

@pytest.mark.parametrize("text", ["a b::c[d]"])
def test_slower(text):
    work(40 if pathlib.Path("slow").exists() else 12)

@pytest.mark.parametrize("number", range(9))
def test_second_part(number):
    if number == 0:
        with_library()
    work(10)

@pytest.mark.parametrize("text", ["x" * 3000])
def test_slower_too(text):
    work(40 if pathlib.Path("slow").exists() else 12)

@pytest.mark.parametrize("number", range(9))
def test_third_part(number):
    work(10)

def test_alarm():
    with_library()
    work(40 if pathlib.Path("slow").exists() and not AGAIN else 12)

@pytest.mark.parametrize("number", range(9))
def test_fourth_part(number):
    work(10)

def test_fails_again():
    work(40 if pathlib.Path("slow").exists() else 12)
    assert not AGAIN

@pytest.mark.parametrize("number", range(9))
def test_last_part(number):
    work(10)
"""

pytestmark = pytest.mark.slow_suite


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Where the project with its history is kept once it has been made."""
    return tmp_path_factory.mktemp("history") / "project"


@pytest.fixture
def suspicious(project, history):
    """A project with a history of six runs, after which some tests are slower."""
    if not history.exists():
        project.pytester.makepyfile(test_suite=SUITE.format(variable=PLAN_VARIABLE))
        project.pytester.makepyprojecttoml(f"[tool.lapwing]\nproject = 'shop'\nmin_change = '{NOISE_MS}ms'\n")
        for _ in range(6):
            assert project.run("-q", alone=True).ret == 0
        shutil.copytree(project.root, history)
    shutil.copytree(history, project.root, dirs_exist_ok=True)
    (project.root / "slow").write_text("")
    return project


def newest(project):
    with open_store(str(store_path(project.root)), create=False) as store:
        digest = store.runs()[0]
        return store.read_run(digest.run.run_id), store.confirm_attempts(digest.run.run_id)


def text_of(result):
    return " ".join(result.stdout.str().split())


def test_a_slowdown_stays_and_a_false_alarm_dies(suspicious):
    result = suspicious.run("--confirm", "3", alone=True)

    text = text_of(result)
    assert "tests that looked slower ran again 3 times" in text
    slower = text.partition(" slowest: ")[2].partition(" slower: ")[2].partition(" machine: ")[0]
    assert "test_suite.py::test_slower[a b::c[d]]" in slower
    assert "test_suite.py::test_alarm" not in slower
    assert result.ret == 0
    result.assert_outcomes(passed=49)


def test_the_attempts_are_evidence_and_no_results_of_the_run(suspicious):
    suspicious.run("--confirm", "3", alone=True)

    recorded, attempts = newest(suspicious)

    assert len(recorded.tests) == 49
    assert {record.attempt for record in recorded.tests} == {1}
    assert {record.attempt for record in attempts} == {0, -1, -2}
    named = [record for record in attempts if record.nodeid.endswith("[a b::c[d]]")]
    assert [record.attempt for record in named] == [0, -1, -2]
    again = [record for record in attempts if record.nodeid.endswith("test_fails_again")]
    assert {record.outcome for record in again} == {Outcome.FAILED}
    assert len(suspicious.all_recorded()) == 7
    assert suspicious.spool() == []


def test_with_workers_as_many_run_again_at_once(suspicious):
    result = suspicious.run("-n", "2", "--confirm", "3", plugins=["xdist"], alone=True)

    _, attempts = newest(suspicious)
    assert result.ret == 0
    assert {record.worker for record in attempts} == {"gw0", "gw1"}
    assert {record.attempt for record in attempts} == {0, -1, -2}


def test_files_and_failures_of_the_users_run_are_its_own(suspicious):
    suite = suspicious.root / "test_suite.py"
    suite.write_text(suite.read_text() + "\n\ndef test_fails():\n    assert 0\n")
    report = suspicious.root / "junit.xml"

    result = suspicious.run("--confirm", "1", f"--junit-xml={report}", alone=True)

    assert result.ret == 1
    result.assert_outcomes(passed=49, failed=1)
    assert 'tests="50"' in report.read_text()
    assert "ran again 1 time " in text_of(result)


def test_nothing_runs_again_where_nothing_looks_slower(suspicious):
    (suspicious.root / "slow").unlink()

    result = suspicious.run("--confirm", "3", alone=True)

    assert "ran again" not in text_of(result)
    assert newest(suspicious)[1] == ()


def test_rounds_end_early_where_no_suspect_is_slow_again(suspicious):
    result = suspicious.run("-k", "part or alarm", "--confirm", "5", alone=True)

    assert "1 test that looked slower ran again" in text_of(result)
    assert 3 <= len({record.attempt for record in newest(suspicious)[1]}) < 5


def test_a_suite_that_cannot_run_again_says_so_and_keeps_its_first_verdict(suspicious):
    (suspicious.root / "conftest.py").write_text(
        f"import os\nassert {PLAN_VARIABLE!r} not in os.environ, 'an error of its own'\n"
    )

    result = suspicious.run("--confirm", "2", alone=True)

    assert result.ret == 0
    assert "the suspects could not be run again" in text_of(result)
    assert "test_suite.py::test_alarm" in text_of(result)


def test_without_tracking_the_option_does_nothing(project):
    project.pytester.makepyfile("def test_it(): pass")

    result = project.run("--confirm", "3", tracked=False)

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*lapwing*")
