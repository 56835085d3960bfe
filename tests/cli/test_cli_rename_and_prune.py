"""`lapwing rename` and `lapwing prune`: what changes the history, and asks before it removes."""

import shutil

import pytest

from lapwing.store.open_store import open_store


@pytest.fixture
def run_ids(with_history):
    return lambda: [run["run_id"][-1] for run in with_history.json("runs")["runs"]]


def test_a_renamed_test_keeps_its_history(with_history, name_of):
    assert with_history.run("rename", name_of(0), "tests/unit/test_shop.py::test_first") == 0

    assert with_history.out == "renamed 1 test\n"
    names = {each["nodeid"] for each in with_history.json("show")["tests"]}
    assert "tests/unit/test_shop.py::test_first" in names
    assert name_of(0) not in names


def test_the_baseline_file_is_renamed_with_the_history(with_history, name_of):
    with_history.run("baseline", "update")

    assert with_history.run("rename", name_of(0), "tests/unit/test_shop.py::test_first") == 0

    assert "renamed 1 test in" in with_history.out
    names = {each["nodeid"] for each in with_history.json("baseline", "show")["tests"]}
    assert "tests/unit/test_shop.py::test_first" in names
    assert name_of(0) not in names
    assert len(names) == 40


def test_a_folder_that_moves_takes_its_sum_in_the_baseline_along(with_history):
    with_history.run("baseline", "update")

    with_history.run("rename", "tests/unit/", "tests/fast/")

    groups = {each["name"] for each in with_history.json("baseline", "show")["groups"]}
    assert groups == {"tests/api", "tests/fast"}


def test_without_a_store_the_baseline_file_is_renamed(with_history, name_of):
    with_history.run("baseline", "update")
    shutil.rmtree(with_history.root / ".lapwing")

    assert with_history.run("rename", name_of(0), "tests/unit/test_shop.py::test_first") == 0


def test_a_folder_is_renamed_with_all_below_it(with_history):
    with_history.run("rename", "tests/unit/", "tests/fast/")

    assert with_history.out == "renamed 20 tests\n"


def test_a_test_is_not_left_without_a_name(with_history, name_of):
    assert with_history.run("rename", name_of(0), "") == 2

    assert "the new name is empty" in with_history.err
    assert name_of(0) in {each["nodeid"] for each in with_history.json("show")["tests"]}


def test_a_name_that_stays_is_told_as_such(with_history, name_of):
    assert with_history.run("rename", name_of(0), name_of(0)) == 2

    assert "the new name is that of now" in with_history.err


def test_two_tests_of_the_same_runs_are_not_made_one_unasked(with_history, name_of):
    assert with_history.run("rename", name_of(0), name_of(2)) == 2

    assert f"6 runs hold both {name_of(0)!r} and {name_of(2)!r}" in with_history.err
    assert "--merge" in with_history.err
    assert len(with_history.json("show")["tests"]) == 40


def test_two_tests_of_the_same_runs_are_made_one_on_request(with_history, name_of):
    assert with_history.run("rename", name_of(0), name_of(2), "--merge") == 0

    names = {each["nodeid"] for each in with_history.json("show")["tests"]}
    assert name_of(0) not in names


def test_a_name_that_has_taken_over_gets_the_runs_before_it(shop, make_run, name_of):
    before, after = make_run(0), make_run(1)
    renamed = after.tests[0]._replace(nodeid="tests/unit/test_shop.py::test_first")
    shop.record(before, after._replace(tests=(renamed, *after.tests[1:])))

    assert shop.run("rename", name_of(0), renamed.nodeid) == 0

    assert renamed.nodeid in {each["nodeid"] for each in shop.json("show", "latest~1")["tests"]}


def test_a_name_nobody_has_is_said(with_history):
    assert with_history.run("rename", "tests/nope.py::", "tests/other.py::") == 2

    assert "no recorded test is called" in with_history.err


def test_only_what_would_go_is_told_in_a_dry_run(with_history, run_ids):
    assert with_history.run("prune", "--keep-size", "1KB", "--dry-run") == 0

    assert "nothing was removed" in with_history.out
    assert "6 runs with 240 results (over 1" in with_history.out
    assert len(run_ids()) == 6


def test_without_a_yes_nothing_is_removed(with_history, run_ids, monkeypatch):
    monkeypatch.setattr("os.isatty", lambda descriptor: False)

    assert with_history.run("prune", "--keep-size", "1KB") == 2

    assert "6 runs with 240 results" in with_history.out
    assert "--yes" in with_history.err
    assert len(run_ids()) == 6


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 6)])
def test_a_person_is_asked_on_the_terminal(with_history, monkeypatch, answer, left):
    monkeypatch.setattr("os.isatty", lambda descriptor: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)

    code = with_history.run("prune", "--keep-size", "1KB")

    assert code == (0 if answer == "y" else 2)
    assert "6 runs with 240 results" in with_history.out
    with open_store(str(with_history.root / ".lapwing" / "store.sqlite"), create=False) as store:
        assert len(store.runs()) == left


def test_with_yes_the_runs_go(with_history):
    assert with_history.run("prune", "--keep-size", "1KB", "--yes") == 0

    assert "removed 6 runs" in with_history.out
    assert with_history.run("runs") == 2


def test_runs_within_the_limits_stay(with_history):
    assert with_history.run("prune", "--older-than", "36500d", "--yes") == 0

    assert with_history.out == "nothing to remove\n"


def test_without_a_limit_of_days_nothing_is_too_old(shop, make_run):
    shop.record(make_run(0, started_at_ns=1))

    shop.run("prune", "--dry-run")

    assert "started before" in shop.out
    (shop.root / "pyproject.toml").write_text("[tool.lapwing]\nkeep_days = 0\n")
    shop.run("prune", "--dry-run")
    assert shop.out == "nothing to remove\n"


def test_an_age_that_is_none_is_refused(with_history):
    assert with_history.run("prune", "--older-than", "long") == 2

    assert "--older-than" in with_history.err


def test_nothing_is_removed_by_a_default_that_stands_in_for_a_wrong_setting(with_history):
    (with_history.root / "pyproject.toml").write_text("[tool.lapwing]\nkeep_dayz = 0\n")

    assert with_history.run("prune", "--yes") == 2

    assert "keep_dayz" in with_history.err
    assert len(with_history.json("runs")["runs"]) == 6
