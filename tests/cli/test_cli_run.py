"""`lapwing run`, and the command as people start it: processes of their own."""

import json
import os
import subprocess
import sys

import pytest

from lapwing.store.open_store import open_store


@pytest.fixture
def project(tmp_path):
    """A project with one test that passes and one that fails."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_two.py").write_text("def test_a(): pass\ndef test_b(): assert 0\n")
    (tmp_path / "pyproject.toml").write_text("[tool.lapwing]\n[tool.pytest.ini_options]\n")
    return tmp_path


@pytest.fixture
def lapwing(project):
    """Runs the command in the project: (*words, **environment) -> the process that has ended."""

    def run(*words, **environ):
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "LAPWING", "PERFORMANCE"))
        }
        return subprocess.run(
            [sys.executable, "-m", "lapwing", *words],
            cwd=project,
            env=inherited | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.mark.parametrize(("selected", "code"), [("test_a", 0), ("test_b", 1), ("test_none", 5)])
def test_the_exit_code_is_pytests(lapwing, selected, code):
    assert lapwing("run", "--", "-k", selected).returncode == code


def test_the_run_is_recorded_and_can_be_asked_for_at_once(lapwing):
    lapwing("run")

    done = lapwing("show", "--format", "json")

    outcomes = {
        each["nodeid"].partition("::")[2]: each["outcome"] for each in json.loads(done.stdout)["tests"]
    }
    assert outcomes == {"test_a": "passed", "test_b": "failed"}


def test_result_files_are_written_on_request(lapwing, project):
    lapwing("run", "--save-results")

    assert (project / "tests" / "performance_results" / "latest_report.json").is_file()


def test_the_store_may_lie_elsewhere(lapwing, project):
    lapwing("run", "--store", "elsewhere.sqlite")

    with open_store(str(project / "elsewhere.sqlite"), create=False) as store:
        assert len(store.runs()) == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--workers", "2"), "--workers: has no effect without --fast"),
        (("--port", "4001"), "--port: has no effect without --dashboard"),
        (("--budget", "5", "--reports", "x.xml", "--", "true"), "--budget: has no effect with --reports"),
        (("--fast", "--reports", "x.xml", "--", "true"), "--fast: has no effect with --reports"),
        (("--budget", "soon"), "--budget: 'soon' is not a duration"),
    ],
)
def test_a_choice_that_nothing_can_be_made_of_is_refused_before_anything_runs(lapwing, words, complaint):
    done = lapwing("run", *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


def test_the_version_is_told(lapwing):
    assert lapwing("--version").stdout.startswith("lapwing ")


WRITES_REPORT = (
    "import pathlib, sys; pathlib.Path('out').mkdir(exist_ok=True);"
    "pathlib.Path('out/new.xml').write_text('<testsuite><testcase name=\"t\" time=\"0.5\"/></testsuite>');"
    "print('the command speaks'); sys.exit(7)"
)


def test_any_commands_reports_become_a_run_and_its_exit_code_is_kept(lapwing, project):
    (project / "out").mkdir()
    (project / "out" / "old.xml").write_text("<testsuite><testcase name='old' time='1'/></testsuite>")

    ended = lapwing("run", "--reports", "out/*.xml", "--", sys.executable, "-c", WRITES_REPORT)

    assert ended.returncode == 7
    assert ended.stdout == "the command speaks\n"
    assert "1 test read from 1 file, stored as run" in ended.stderr
    with open_store(str(project / ".lapwing" / "store.sqlite"), create=False) as store:
        (digest,) = store.runs()
        recorded = store.read_run(digest.run.run_id)
    assert [record.nodeid for record in recorded.tests] == ["t"]
    assert recorded.run.exit_status == 7
    assert recorded.run.command[1] == "-c"
    assert recorded.run.duration_ns > 0


def test_a_command_without_reports_is_told_and_its_exit_code_kept(lapwing):
    ended = lapwing("run", "--reports", "out/*.xml", "--", sys.executable, "-c", "raise SystemExit(3)")

    assert ended.returncode == 3
    assert "the command wrote no report" in ended.stderr


def test_a_command_that_does_not_exist_is_exit_code_2(lapwing):
    ended = lapwing("run", "--reports", "out", "--", "no-such-command-here")

    assert ended.returncode == 2
    assert "no-such-command-here: cannot be started" in ended.stderr


def test_reports_without_a_command_are_exit_code_2(lapwing):
    ended = lapwing("run", "--reports", "out")

    assert ended.returncode == 2
    assert "needs a command" in ended.stderr


def test_stress_tests_run_on_wish_only_and_benchmarks_alone(lapwing, project):
    (project / "tests" / "test_two.py").write_text(
        "import pytest\n@pytest.mark.stress\ndef test_stress(): pass\ndef test_bench(perf): pass\n"
    )

    plain, stress = lapwing("run"), lapwing("run", "--stress-test")
    alone = lapwing("run", "--benchmarks-only")

    assert "1 passed, 1 skipped" in plain.stdout
    assert "2 passed" in stress.stdout
    assert "1 passed, 1 deselected" in alone.stdout
