"""`lapwing compare`."""

import shutil
import subprocess

import pytest

from lapwing.cli.main import main
from lapwing.model.record import Count
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
    assert "gone, or did not pass: 1 test" in with_history.out


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


@pytest.mark.parametrize("verb", ["check", "compare", "report"])
def test_how_many_tests_are_on_one_side_only_is_told(with_history, make_run, verb):
    run = make_run(6)
    new = run.tests[0]._replace(nodeid="tests/unit/test_new.py::test_n")
    with_history.record(run._replace(tests=(*run.tests[3:], new)))

    with_history.run(verb)

    said = " ".join(with_history.out.split())
    assert (
        "ests: 37 tests compared; 1 new, not in the baseline; 3 of the baseline did not run or pass" in said
    )


def _busy(make_run, number, slept):
    """A run beside other work, of whose test 7 `slept` is counted."""
    tests = [
        each._replace(call_ns=each.call_ns + 20_000_000, run_delay_ns=20_000_000)
        for each in make_run(number).tests
    ]
    tests[7] = tests[7]._replace(
        call_ns=tests[7].call_ns + slept.time_ns, counters={"sleep": slept} if slept.count else {}
    )
    return make_run(number)._replace(tests=tuple(tests))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Count(0), Count(1, 300_000_000), 1),  # a new sleep
        (Count(1, 50_000_000), Count(1, 350_000_000), 1),  # the same sleep, longer
        (Count(0), Count(30, 300_000_000), 0),  # a loop that polls a slow machine
        (Count(3, 30_000_000), Count(33, 330_000_000), 0),
    ],
)
def test_a_sleep_that_a_test_asks_for_is_told_on_a_busy_machine(shop, make_run, name_of, before, after, code):
    shop.record(*(_busy(make_run, number, before) for number in range(7)), _busy(make_run, 7, after))

    assert shop.run("check") == code
    (told,) = [
        each
        for each in shop.json("compare")["comparisons"]
        if each["nodeid"] == name_of(7) and each["metric"] == "wall"
    ]
    assert told["verdict"] == ("regressed" if code else "cannot_tell")
    assert "sleeps 300 ms more" in told["reason"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Count(1, 50_000_000), Count(1, 350_000_000), 1),  # the same sleep, much longer
        (Count(1, 250_000_000), Count(1, 450_000_000), 0),  # not twice as long
        (Count(10, 50_000_000), Count(10, 350_000_000), 0),  # each of them may have overslept
        (Count(1, 50_000_000), Count(5, 450_000_000), 0),  # who knows how often it does
        (Count(0), Count(1, 300_000_000), 0),
    ],
)
def test_of_a_single_run_before_only_a_much_longer_sleep_is_told_on_a_busy_machine(
    shop, make_run, before, after, code
):
    shop.record(_busy(make_run, 6, before), _busy(make_run, 7, after))

    assert shop.run("check") == code


@pytest.mark.parametrize(("critical", "severity"), [("50%", "critical"), ("900%", "warning")])
def test_an_added_sleep_is_as_grave_as_the_tests_own_thresholds_say(
    shop, make_run, name_of, critical, severity
):
    (shop.root / "pyproject.toml").write_text(
        f'[tool.lapwing.thresholds.seven]\ntests = ["{name_of(7)}"]\ncritical = "{critical}"\n'
    )
    shop.record(
        *(_busy(make_run, number, Count(0)) for number in range(7)),
        _busy(make_run, 7, Count(1, 300_000_000)),
    )

    (told,) = [
        each
        for each in shop.json("compare")["comparisons"]
        if each["nodeid"] == name_of(7) and each["metric"] == "wall"
    ]
    assert (told["verdict"], told["severity"]) == ("regressed", severity)


def test_what_a_slower_test_does_more_often_is_named(shop, make_run, name_of):
    def counting(number, processes, **changes):
        run = make_run(number, **changes)
        test = run.tests[7]._replace(counters={"subprocess": Count(processes, 1000)})
        return run._replace(tests=(*run.tests[:7], test, *run.tests[8:]))

    shop.record(*(counting(number, 2) for number in range(7)), counting(7, 5, factors={7: 4.0}))

    document = shop.json("compare")

    reasons = {each["nodeid"]: each["reason"] for each in document["comparisons"] if each["metric"] == "wall"}
    assert reasons[name_of(7)].endswith("likely cause: starts 3 more processes")
    assert not any("likely cause" in reason for name, reason in reasons.items() if name != name_of(7))
    for verb in ("compare", "check"):
        shop.run(verb)
        assert "starts 3 more processes" in shop.out


def test_against_a_baseline_file_the_runs_behind_it_tell_what_was_counted(shop, make_run, name_of):
    def counting(number, processes, **changes):
        run = make_run(number, **changes)
        return run._replace(
            tests=tuple(
                each._replace(counters={"file": Count(processes)} if each.nodeid == name_of(7) else {})
                for each in run.tests
            )
        )

    shop.record(counting(0, 1))
    shop.run("baseline", "update")
    shop.record(counting(1, 9, factors={7: 4.0}))

    shop.run("compare")

    assert "opens 8 more files" in shop.out


def test_a_fixture_and_a_module_that_became_slower_are_shown_and_fail_nothing(shop, make_run):
    def run(number, times):
        made = make_run(number)
        return made._replace(
            fixtures=tuple(each._replace(setup_ns=200_000_000 * times) for each in made.fixtures),
            collection=tuple(each._replace(duration_ns=300_000_000 * times) for each in made.collection),
        )

    shop.record(*(run(number, 1) for number in range(7)), run(7, 9))

    sums = {(each["metric"], each["nodeid"]): each for each in shop.json("compare")["suite"]}
    fixture = sums["fixture_setup", "till (tests/conftest.py)"]
    module = sums["collection", "tests/unit/test_shop.py"]
    assert (fixture["verdict"], fixture["unit"]) == (module["verdict"], module["unit"]) == ("regressed", "ns")
    for verb in ("compare", "report"):
        shop.run(verb)
        assert "till (tests/conftest.py) (fixture set-up)" in shop.out
        assert "tests/unit/test_shop.py (collection)" in shop.out
    assert shop.run("check") == 0


def test_categories_are_compared_as_a_whole(shop, make_run):
    slower = dict.fromkeys(range(1, 17, 2), 2.5)
    shop.record(*(make_run(number) for number in range(7)), make_run(7, factors=slower))

    sums = {
        each["nodeid"]: each for each in shop.json("compare")["suite"] if each["metric"] == "category_wall"
    }

    assert (sums["api"]["verdict"], sums["unit"]["verdict"]) == ("regressed", "unchanged")
    shop.run("compare")
    assert "api (category)" in shop.out


def test_a_test_that_takes_more_memory_is_shown_in_its_unit(shop, make_run, name_of):
    def run(number, peak_bytes):
        made = make_run(number)
        return made._replace(tests=tuple(each._replace(peak_bytes=peak_bytes) for each in made.tests[:35]))

    shop.record(*(run(number, 20_000_000) for number in range(7)), run(7, 90_000_000))

    memory = [each for each in shop.json("compare")["comparisons"] if each["metric"] == "peak_bytes"]
    assert {(each["unit"], each["verdict"]) for each in memory} == {("bytes", "regressed")}
    shop.run("compare")
    (row,) = [line for line in shop.out.splitlines() if f"{name_of(0)} (peak memory)" in line]
    assert "20.0 MB" in row
    assert "90.0 MB" in row
    assert "35 with more memory" in shop.out.splitlines()[0]
    assert shop.run("check") == 1
    assert "FAILED: 35 with more memory" in shop.out
