"""`lapwing advise`, over a run that pytest really made and the files it ran."""

import os
import subprocess
import sys

import pytest

SUITE = """
import threading, time, pytest

@pytest.fixture
def till():
    threading.Event().wait(0.2)
    return {"coins": 3}

@pytest.mark.parametrize("number", range(8))
def test_counts(till, number):
    assert till["coins"] == 3

def test_naps():
    time.sleep(0.9)
"""


@pytest.fixture(scope="module")
def suite_run(tmp_path_factory):
    """The suite after a tracked run; the same for all tests, which only read."""
    root = tmp_path_factory.mktemp("advised")
    (root / "pyproject.toml").write_text("[tool.lapwing]\n")
    (root / "tests").mkdir()
    (root / "tests" / "test_till.py").write_text(SUITE)
    # Other plugins would take their time to load, on a busy machine more than the fixture.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "lapwing.plugin", "--track-performance"]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(command, cwd=root, env=alone, check=True, capture_output=True)
    return root


@pytest.fixture
def advised(shop, suite_run):
    def ask(*words):
        return shop.run("advise", "--root", str(suite_run), *words)

    shop.ask = ask
    return shop


def test_the_largest_gains_come_first_with_place_change_and_risk(advised, suite_run):
    advice = advised.json("advise", "--root", str(suite_run))

    assert advice["format_version"] == 1
    first, second = advice["suggestions"][:2]
    assert (first["advisor"], first["where"]) == ("wider-fixture", "tests/test_till.py:4")
    assert first["gain_s"] == pytest.approx(7 * 0.2, rel=0.3)
    low, high = first["gain_interval_s"]
    assert low <= first["gain_s"] <= high
    assert (second["advisor"], second["where"]) == ("sleeping", "tests/test_till.py:14")
    assert {"confidence", "evidence", "risk", "title", "change"} <= second.keys()


def test_the_page_says_what_to_change_and_how_sure_it_is(advised):
    assert advised.ask() == 0

    assert "First: fixture till is set up 8 times" in advised.out
    assert "Give it scope='module'" in advised.out
    assert "confidence high" in advised.out


def test_an_issue_is_written_as_markdown(advised, tmp_path):
    assert advised.ask("--write-issue", str(tmp_path / "issue.md"), "--most", "1") == 0

    text = (tmp_path / "issue.md").read_text()
    assert text.startswith("# advice on run ")
    assert "1\\. fixture till is set up 8 times" in text or "1. fixture till is set up 8 times" in text
    assert advised.out == ""


def test_a_run_read_from_reports_is_refused(with_history):
    assert with_history.run("advise") == 2

    assert "read from reports" in with_history.err


def test_a_report_names_what_gains_most(advised, suite_run):
    report = advised.json("report", "--root", str(suite_run))

    assert report["advice"][0]["advisor"] == "wider-fixture"
    assert len(report["advice"]) <= 3
    advised.run("report", "--root", str(suite_run))
    assert "What gains most, simulated" in advised.out
