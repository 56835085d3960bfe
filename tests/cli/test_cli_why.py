"""`lapwing why`, over runs that pytest really made."""

import subprocess
import sys

import pytest

SUITE = """
import threading, time, pytest

@pytest.fixture
def till():
    time.sleep(0.05)

def test_naps(till):
    time.sleep(0.15)

def test_waits_unseen():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(timeout=0.12)
"""


@pytest.fixture
def recorded_shop(shop):
    (shop.root / "tests" / "test_till.py").write_text(SUITE)
    command = [sys.executable, "-m", "pytest", "-q", "--track-performance", "-p", "no:cacheprovider"]
    subprocess.run(command, cwd=shop.root, check=True, capture_output=True)
    return shop


def named(causes):
    return {cause["name"]: cause for cause in causes}


def test_sleeps_fixtures_and_the_unexplained_are_told_apart(recorded_shop):
    why = recorded_shop.json("why")

    sleeping = named(why["test_time"])["sleeping"]
    assert sleeping["time_ns"] >= 195_000_000  # a clock may tell a sleep a little shorter than asked
    assert sleeping["parts"][0]["name"] == "tests/test_till.py::test_naps"
    till = named(why["phases"])["fixtures"]["parts"][0]
    assert (till["name"], till["count"]) == ("till (tests/test_till.py:4)", 1)
    assert why["unexplained_ns"] >= 50_000_000  # less what the machine made it wait for a processor
    assert why["unexplained_tests"][0]["name"] == "tests/test_till.py::test_waits_unseen"
    assert sum(cause["time_ns"] for cause in why["phases"]) == why["worker_ns"] == why["wall_ns"]


def test_the_page_says_how_much_is_explained_and_what_took_most(recorded_shop):
    assert recorded_shop.run("why") == 0

    assert "of it with a named cause; most of it: " in recorded_shop.out
    assert "Critical path" in recorded_shop.out
    assert "till (tests/test_till.py:4)" in recorded_shop.out


def test_a_run_read_from_reports_is_refused(with_history):
    assert with_history.run("why") == 2

    assert "read from reports" in with_history.err


def test_slow_imports_are_told_with_who_imported_them_first(shop):
    tests = shop.root / "tests"
    (tests / "heavy.py").write_text("import threading\nthreading.Event().wait(0.2)\n")
    (tests / "test_it.py").write_text("import heavy\n\ndef test_it(): pass\n")
    (tests / "conftest.py").write_text("import wave\n")

    costs = shop.json("why", "--imports")

    found = {each["module"]: each for each in costs["imports"]}
    assert costs["collected"]
    assert found["heavy"]["own_ns"] >= 190_000_000
    assert found["heavy"]["imported_by"] == "tests/test_it.py"
    assert found["wave"]["imported_by"] == "tests/conftest.py"
    assert shop.run("why", "--imports", "--most", "3") == 0
    assert "first imported by" in shop.out
