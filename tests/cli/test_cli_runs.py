"""`lapwing runs`."""

from lapwing.model.run import Revision


def test_the_newest_run_comes_first(with_history):
    assert with_history.run("runs") == 0

    assert "6 runs, newest first" in with_history.out
    commits = [line for line in with_history.out.splitlines() if "main 000000000" in line]
    assert len(commits) == 6


def test_json_has_one_entry_per_run_with_its_counts(with_history):
    document = with_history.json("runs")

    assert document["format_version"] == 1
    assert [run["run_id"][-1] for run in document["runs"]] == list("543210")
    assert {run["tests"] for run in document["runs"]} == {40}
    assert document["runs"][0]["outcomes"] == {"passed": 40}


def test_a_limit_keeps_the_newest(with_history):
    document = with_history.json("runs", "--limit", "2")

    assert [run["run_id"][-1] for run in document["runs"]] == ["5", "4"]


def test_a_branch_can_be_asked_for(with_history, make_run):
    with_history.record(make_run(6, revision=Revision(commit="a" * 40, branch="topic", dirty=True)))

    document = with_history.json("runs", "--branch", "topic")
    with_history.run("runs", "--branch", "topic")

    assert len(document["runs"]) == 1
    assert "topic aaaaaaaaa+" in with_history.out


def test_what_an_incomplete_run_lacks_is_said(shop, make_run):
    shop.record(make_run(0, is_complete=False, why_incomplete="killed", workers=2))

    shop.run("runs")

    assert "incomplete (killed), 2 workers" in shop.out


def test_without_a_store_there_is_no_data(shop):
    assert shop.run("runs") == 2

    assert shop.out == ""
    assert "--track-performance" in shop.err


def test_a_branch_without_runs_is_no_data(with_history):
    assert with_history.run("runs", "--branch", "nope") == 2

    assert "no run of branch 'nope'" in with_history.err


def test_packages_are_shown_where_there_are_any(shop, make_run):
    shop.record(make_run(0))
    shop.run("runs")
    assert "package" not in shop.out

    shop.record(make_run(1, package="packages/cart"))
    shop.run("runs")
    assert "packages/cart" in shop.out
