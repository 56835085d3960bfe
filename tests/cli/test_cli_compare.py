"""`lapwing compare`."""

import shutil
import subprocess

import pytest

from lapwing.cli.main import main
from lapwing.model.run import Machine, Revision
from lapwing.store.data_file import write_data_file


def test_the_newest_run_is_compared_with_the_history(with_history):
    assert with_history.run("compare") == 0

    assert "latest against baseline: nothing changed (40 tests on both sides)" in with_history.out


def test_a_slower_test_is_named_with_what_it_took(with_slower_test, name_of):
    assert with_slower_test.run("compare") == 0

    assert "1 slower" in with_slower_test.out
    (row,) = [line for line in with_slower_test.out.splitlines() if name_of(7) in line and "→" in line]
    for part in ("108 ms", "424 ms", "+294%"):
        assert part in row


def test_json_carries_the_verdict_of_every_test(with_slower_test, name_of):
    document = with_slower_test.json("compare")

    assert document["verdict"] == "regressed"
    regressed = {each["nodeid"] for each in document["comparisons"] if each["verdict"] == "regressed"}
    assert regressed == {name_of(7)}


def test_help_offers_a_baseline_for_a_alone(capsys):
    with pytest.raises(SystemExit):
        main(["compare", "--help"])

    _, _, rest = capsys.readouterr().out.partition("positional arguments:")
    before, _, after = rest.partition("\n  B ")
    assert "baseline," in before
    assert "baseline," not in after


def test_two_named_runs_are_compared(with_slower_test, name_of):
    with_slower_test.run("compare", "latest", "latest~1")

    assert "1 faster" in with_slower_test.out
    assert name_of(7) in with_slower_test.out


def test_markdown_is_for_pull_requests(with_slower_test):
    with_slower_test.run("compare", "--format", "markdown")

    assert with_slower_test.out.startswith("# ")
    assert "| test | before |  | after | change | how sure |" in with_slower_test.out


def test_new_and_gone_tests_are_listed(with_history, make_run):
    recorded = make_run(6)
    with_history.record(
        recorded._replace(
            tests=(*recorded.tests[1:], recorded.tests[0]._replace(nodeid="tests/unit/test_new.py::test_n"))
        )
    )

    with_history.run("compare")

    assert "tests/unit/test_new.py::test_n" in with_history.out
    assert "new: 1 test" in with_history.out
    assert "gone: 1 test" in with_history.out


def test_a_baseline_file_elsewhere_is_a_side_too(with_slower_test, name_of):
    with_slower_test.run("report", "latest", "--create-baseline")
    with_slower_test.run("baseline", "export", "b.json")

    assert with_slower_test.run("compare", "b.json", "latest~1") == 0

    assert name_of(7) in with_slower_test.out


def test_a_data_file_is_a_side_too(with_slower_test, make_run):
    write_data_file(with_slower_test.root / "data.json", make_run(9), slow_threshold_ns=10**10)

    document = with_slower_test.json("compare", "latest~1", "data.json")

    assert document["verdict"] == "unchanged"


def test_without_anything_before_it_there_is_no_baseline(shop, make_run):
    shop.record(make_run(0))

    assert shop.run("compare") == 2

    assert "lapwing baseline update" in shop.err


def test_a_baseline_cannot_be_the_run_that_is_judged(with_history):
    with_history.run("baseline", "update")

    assert with_history.run("compare", "latest", "baseline") == 2

    assert "is a baseline, not a run" in with_history.err


def test_a_run_in_which_nothing_passed_cannot_be_compared(with_history, make_run):
    with_history.record(make_run(6)._replace(tests=()))

    assert with_history.run("compare") == 2

    assert "no test passed" in with_history.err


def test_a_run_of_another_machine_class_shows_hints_and_no_verdict(with_history, make_run):
    slower = make_run(6, factors={7: 4.0}, machine=Machine(cpu_model="other"))
    with_history.record(slower)

    document = with_history.json("compare", "latest~1", "latest")

    assert document["verdict"] == "cannot_tell"
    assert not [each for each in document["comparisons"] if each["verdict"] == "regressed"]


@pytest.fixture
def revision(shop) -> str:
    """The commit of a repository in the shop's folder."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", *identity, *words], check=True, cwd=shop.root)
    done = subprocess.run(["git", "rev-parse", "HEAD"], check=True, cwd=shop.root, capture_output=True)
    return done.stdout.decode().strip()


def test_a_git_revision_means_its_newest_complete_run(shop, make_run, revision):
    at_revision = Revision(commit=revision, branch="main", dirty=False)
    shop.record(make_run(0, revision=at_revision), make_run(1, revision=at_revision), make_run(2))

    document = shop.json("show", "HEAD")

    assert document["run"]["run_id"].endswith("1")


def test_a_git_revision_that_never_ran_is_no_data(shop, make_run, revision):
    shop.record(make_run(0))

    assert shop.run("show", "main") == 2

    assert revision[:10] in shop.err
