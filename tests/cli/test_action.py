"""The steps of the action for GitHub, run as GitHub runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import ruamel.yaml

pytestmark = [pytest.mark.integration, pytest.mark.skipif(os.name == "nt", reason="the steps are for bash")]

ACTION = Path(__file__).parents[2] / "action.yml"
STEPS = {step["name"]: step for step in ruamel.yaml.YAML(typ="safe").load(ACTION)["runs"]["steps"]}


@pytest.fixture
def job(tmp_path):
    """Runs a step in `folder` and gives its exit code; `outputs` and `summary` are what steps leave."""

    class Job:
        outputs = tmp_path / "outputs"
        summary = tmp_path / "summary"

        def run(self, name, folder, **inputs):
            environ = {
                **os.environ,
                "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
                "GITHUB_OUTPUT": str(self.outputs),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "RUN": "latest",
                "STORE": "",
                "SEVERITY": "warning",
                **inputs,
            }
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]]
            done = subprocess.run(
                command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60
            )
            self.said = done.stdout
            return done.returncode

    return Job()


def test_a_slower_test_fails_the_step_and_is_the_verdict(with_slower_test, job, name_of):
    assert job.run("Check", with_slower_test.root) == 1

    assert job.outputs.read_text() == "verdict=failed\n"
    assert any(line.startswith("::error") and name_of(7) in line for line in job.said.splitlines())


def test_nothing_slower_passes(with_history, job):
    assert job.run("Check", with_history.root) == 0

    assert job.outputs.read_text() == "verdict=passed\n"


def test_severity_none_only_reports(with_slower_test, job):
    assert job.run("Check", with_slower_test.root, SEVERITY="none") == 0

    assert job.outputs.read_text() == "verdict=failed\n"


def test_what_cannot_be_judged_is_unknown_and_fails(tmp_path, job):
    assert job.run("Check", tmp_path) == 2

    assert job.outputs.read_text() == "verdict=unknown\n"


def test_the_report_goes_to_the_summary_of_the_job_and_the_store_may_be_named(with_history, job, tmp_path):
    store = with_history.root / ".lapwing" / "store.sqlite"

    assert job.run("Report", tmp_path, STORE=str(store)) == 0

    assert "Performance report" in job.summary.read_text()
