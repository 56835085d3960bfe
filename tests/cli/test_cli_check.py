"""`lapwing check`: what fails, by name, and with which exit code."""

import json
import subprocess

import pytest

from lapwing.model.record import Count
from lapwing.model.run import Revision


def test_nothing_slower_passes(with_history):
    assert with_history.run("check") == 0

    assert "passed: nothing slower" in with_history.out


def test_a_slower_test_fails_with_baseline_current_increase_and_limit(with_slower_test, name_of):
    assert with_slower_test.run("check") == 1

    assert "FAILED: 1 slower than the baseline" in with_slower_test.out
    row = next(line for line in with_slower_test.out.splitlines() if name_of(7) in line)
    for part in ("108 ms", "424 ms", "+294%", "+20%", "critical"):
        assert part in row
    assert "lapwing baseline update" in with_slower_test.out


def test_json_lists_what_is_broken_worst_first(shop, make_run, name_of):
    shop.record(*(make_run(number) for number in range(7)), make_run(7, factors={3: 2.0, 8: 4.0}))

    document = shop.json("check")

    assert [each["nodeid"] for each in document["broken"]][:2] == [name_of(8), name_of(3)]


def test_a_warning_is_let_pass_on_request(shop, make_run):
    shop.record(*(make_run(number) for number in range(7)), make_run(7, factors={7: 1.35}))

    assert shop.run("check") == 1
    assert shop.run("check", "--severity", "critical") == 0


def test_an_earlier_run_can_be_judged(with_slower_test):
    assert with_slower_test.run("check", "--run", "latest~1") == 0


def test_the_whole_suite_slower_at_once_cannot_be_told_from_the_machine_and_passes(shop, make_run):
    shop.record(
        *(make_run(number) for number in range(7)), make_run(7, factors=dict.fromkeys(range(40), 1.6))
    )

    assert shop.run("check") == 0

    assert shop.out.startswith("cannot tell code from machine: ")


def test_a_slower_test_fails_against_the_baseline_file_too(shop, make_run, name_of):
    shop.record(make_run(0))
    shop.run("baseline", "update")
    shop.record(make_run(1, factors={7: 4.0}))

    assert shop.run("check") == 1

    assert name_of(7) in shop.out
    assert "with fewer than 5 runs the suite's usual noise stands in" in shop.out


def test_of_a_baseline_file_from_elsewhere_it_says_from_where(shop, make_run):
    shop.record(make_run(0))
    shop.run("baseline", "update")
    shop.record(make_run(1, workers=2))

    shop.run("check")

    said = " ".join(shop.out.split())
    assert "cannot tell: the baseline comes from another class of machine" in said
    assert "made on " in said
    assert "2 workers)" in said


def test_the_limit_of_a_sum_is_that_of_sums(shop, make_run, name_of):
    (shop.root / "pyproject.toml").write_text('[tool.lapwing]\nbase_branch = "main"\nsuite_threshold = 10\n')
    slower = dict.fromkeys(range(0, 16, 2), 1.9)
    shop.record(*(make_run(number) for number in range(7)), make_run(7, factors=slower))

    assert shop.run("check") == 1

    rows = {line.split()[0]: line for line in shop.out.splitlines() if line.strip()}
    assert "+10%" in rows["tests/unit"]
    assert "+20%" in rows[name_of(8)]


def test_a_limit_set_by_hand_is_shown_as_it_was_set(shop, make_run, name_of):
    shop.record(make_run(0))
    shop.run("baseline", "update")
    file = shop.root / "tests" / ".performance_baseline.json"
    document = json.loads(file.read_text())
    document["tests"][name_of(7)]["threshold"] = 0.15
    file.write_text(json.dumps(document))
    shop.record(make_run(1, factors={7: 4.0}))

    assert shop.run("check") == 1

    row = next(line for line in shop.out.splitlines() if name_of(7) in line)
    assert "150 ms by hand" in row


@pytest.mark.parametrize(("limit_s", "code"), [(0.9, 1), (5.0, 0)])
def test_a_limit_of_a_folder_set_by_hand_in_the_baseline_file_is_judged(shop, make_run, limit_s, code):
    shop.record(make_run(0))
    shop.run("baseline", "update")
    file = shop.root / "tests" / ".performance_baseline.json"
    document = json.loads(file.read_text())
    document["suite_metrics"]["tests/unit"]["threshold"] = limit_s
    file.write_text(json.dumps(document))
    shop.record(make_run(1))

    assert shop.run("check") == code

    assert ("900 ms by hand" in shop.out) is bool(code)


def test_only_slower_tests_are_worth_a_look_and_the_reason_is_told(shop, make_run, name_of):
    shop.record(make_run(0), make_run(1), make_run(2, factors={3: 1.42, 8: 0.7}))

    shop.run("check")

    (row,) = [line for line in shop.out.splitlines() if "→" in line]
    assert name_of(3) in row
    assert "fewer than 5 baseline runs are too few" in row
    assert "passed: nothing surely slower" in shop.out


def test_without_a_baseline_budgets_are_judged_and_regressions_cannot_be_told(shop, make_run):
    shop.record(make_run(0))

    assert shop.run("check") == 0

    assert "passed: 40 tests within budget; regressions cannot be told without a baseline" in shop.out
    assert "to create initial baseline" in shop.out


def test_without_a_baseline_a_gate_for_regressions_cannot_judge(shop, make_run):
    shop.record(make_run(0))

    assert shop.run("check", "--fail-on", "regression") == 2

    assert "there is no baseline" in shop.err


def configure(shop, text):
    (shop.root / "pyproject.toml").write_text(f'[tool.lapwing]\nbase_branch = "main"\n{text}\n')


def test_a_gate_with_a_wrong_setting_refuses_and_leaves_nothing_out(with_history):
    configure(with_history, 'suite_threshold = "much"')

    assert with_history.run("check") == 2

    assert "suite_threshold: 'much' is not a percentage" in with_history.err
    assert "left out" not in with_history.err


def row_of(name, text):
    return next(line for line in text.splitlines() if name in line)


def test_a_test_over_its_budget_fails_with_limit_category_and_who_set_it(with_history, name_of):
    configure(with_history, '[tool.lapwing.categories.api]\nbudget = "139ms"')

    assert with_history.run("check") == 1

    assert "FAILED: 1 over budget" in with_history.out
    for part in ("140 ms", "139 ms", "api", "pyproject.toml [tool.lapwing.categories.api]"):
        assert part in row_of(name_of(39), with_history.out)
    assert "perf_budget" in with_history.out


def test_tests_of_another_runner_are_not_told_to_take_a_mark_of_pytest(shop, make_run):
    configure(shop, '[tool.lapwing.categories.api]\nbudget = "50ms"')
    shop.record(make_run(0, runner="gradle"))

    assert shop.run("check") == 1

    assert "[tool.lapwing.categories.NAME] budget" in shop.out
    assert "pytest.mark" not in shop.out


def test_a_budget_nearly_used_up_is_named_and_fails_nothing(with_history, name_of, monkeypatch):
    monkeypatch.setenv("API_TEST_THRESHOLD", "0.15")
    monkeypatch.setenv("WARN_THRESHOLD_PERCENT", "90")

    assert with_history.run("check") == 0

    near = with_history.out.partition("nearly over budget")[2]
    row = row_of(name_of(39), near)
    assert "93%" in row
    assert "environment API_TEST_THRESHOLD" in row
    assert name_of(33) not in near


def test_only_what_is_asked_for_fails_and_the_rest_is_said(with_slower_test, name_of, monkeypatch):
    monkeypatch.setenv("UNIT_TEST_THRESHOLD", "0.01")

    assert with_slower_test.run("check", "--fail-on", "regression") == 1

    failing, _, tolerated = with_slower_test.out.partition("let pass, as asked")
    assert name_of(7) in failing
    assert name_of(0) + " " not in failing
    assert name_of(0) + " " in tolerated


def test_the_suite_has_a_budget_of_its_own(with_history):
    configure(with_history, 'suite_budget = "4s"')

    assert with_history.run("check") == 1

    assert "FAILED: the suite over its budget" in with_history.out
    row = next(line for line in with_history.out.splitlines() if line.split()[:1] == ["suite"])
    assert row.split()[1:5] == ["5.00", "s", "4.00", "s"]


def test_a_package_in_a_run_of_the_whole_repository_is_judged_by_its_own_budget(with_history):
    configure(
        with_history,
        '[tool.lapwing.packages."tests/api"]\nsuite_budget = "2s"\n'
        '[tool.lapwing.packages."tests/unit"]\nsuite_budget = "1min"\n'
        '[tool.lapwing.packages."elsewhere"]\nsuite_budget = "1ms"',
    )

    assert with_history.run("check") == 1

    assert "FAILED: 1 over the budget of a package" in with_history.out
    row = next(line for line in with_history.out.splitlines() if line.split()[:1] == ["tests/api"])
    assert row.split()[1:5] == ["2.40", "s", "2.00", "s"]
    assert 'packages."tests/api"]' in row
    assert "the times of its 20 tests together" in with_history.out
    assert with_history.run("check", "--fail-on", "budget") == 0


def test_a_reason_that_many_share_is_said_once(with_history, monkeypatch):
    monkeypatch.setenv("API_TEST_THRESHOLD", "0.001")
    configure(with_history, 'budget_basis = "normalized"')

    assert with_history.run("check") == 1

    why = with_history.out.partition("how sure")[2].partition("machine:")[0]
    assert "and 19 others: measured" in " ".join(why.split())


def test_more_slow_tests_than_in_the_baseline_fail_and_newcomers_are_named(shop, make_run, name_of):
    configure(shop, "slow_test_threshold_seconds = 0.2")
    shop.record(*(make_run(number) for number in range(7)), make_run(7, factors={7: 4.0}))

    assert shop.run("check", "--fail-on", "slow-tests") == 1
    assert f"new over 200 ms: {name_of(7)}" in shop.out

    configure(shop, "slow_test_threshold_seconds = 0.2\nslow_test_allowance = 1")
    assert shop.run("check", "--fail-on", "slow-tests") == 0


def test_a_wrong_setting_is_no_passed_gate(with_history):
    configure(with_history, 'suite_bugdet = "4s"')

    assert with_history.run("check") == 2

    assert "suite_budget" in with_history.err


def test_a_word_that_guards_nothing_is_refused(with_history):
    with pytest.raises(SystemExit) as ended:
        with_history.run("check", "--fail-on", "budgets")

    assert ended.value.code == 2


@pytest.fixture
def git(shop):
    """The command, in a repository around the shop that has no commit yet."""

    def run(*words):
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(
            ["git", *who, *words], cwd=shop.root, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    return run


def test_a_run_of_other_code_than_what_is_checked_out_is_told(shop, git, make_run):
    git("commit", "-q", "--allow-empty", "-m", "one")
    first = git("rev-parse", "HEAD")
    shop.record(make_run(1, revision=Revision(commit=first, branch="main", dirty=False)))

    assert shop.run("check") == 0
    assert "is checked out" not in shop.out
    git("commit", "-q", "--allow-empty", "-m", "two")
    assert shop.run("check") == 0

    assert f"judged is a run of {first[:10]}, and " in " ".join(shop.out.split())


def test_the_release_gate_compares_with_the_run_of_the_last_release_tag(shop, git, make_run, name_of):
    git("commit", "-q", "--allow-empty", "-m", "one")
    git("tag", "v1.0")
    released = git("rev-parse", "HEAD")
    git("commit", "-q", "--allow-empty", "-m", "two")
    git("tag", "v1.1")
    at_release = Revision(commit=released, branch="main", dirty=False)
    # Slow ever since: against the last runs nothing is new.
    later = (make_run(number, factors={7: 4.0}) for number in range(1, 8))
    shop.record(make_run(0, revision=at_release), *later)

    assert shop.run("check") == 0
    assert shop.run("check", "--release-gate") == 1

    assert name_of(7) in shop.out
    assert "release gate: since v1.0" in shop.out
    assert "cannot tell: release gate" not in shop.out


def with_count(run, count):
    """`run`, whose first test has this many patterns of repeated queries."""
    first, *rest = run.tests
    counted = first._replace(counters={"n_plus_one": Count(count)})
    return run._replace(tests=(counted, *rest))


@pytest.mark.parametrize(("count", "code"), [(2, 0), (3, 1)])
def test_what_the_baseline_file_counted_is_known_where_its_runs_are_not(shop, make_run, count, code):
    shop.record(with_count(make_run(0), 2))
    assert shop.run("baseline", "update") == 0
    (shop.root / ".lapwing" / "store.sqlite").unlink()
    shop.record(with_count(make_run(9), count))

    assert shop.run("check", "--fail-on", "n+1") == code
    assert "n+1: the baseline file" not in shop.out


def test_a_baseline_file_that_tells_no_counts_calls_none_new(shop, make_run):
    shop.record(with_count(make_run(0), 2))
    assert shop.run("baseline", "update") == 0
    file = shop.root / "tests" / ".performance_baseline.json"
    document = json.loads(file.read_text())
    del document["counted"]
    for entry in document["tests"].values():
        entry.pop("counts", None)
    file.write_text(json.dumps(document))

    assert shop.run("check", "--fail-on", "n+1") == 0  # its runs are here
    (shop.root / ".lapwing" / "store.sqlite").unlink()
    shop.record(with_count(make_run(9), 3))

    assert shop.run("check", "--fail-on", "n+1") == 0
    assert "n+1: the baseline file does not tell" in " ".join(shop.out.split())


def test_new_patterns_of_repeated_queries_join_by_the_name_of_their_counter(shop, make_run, name_of):
    shop.record(*(with_count(make_run(number), 1) for number in range(7)), with_count(make_run(7), 3))

    assert shop.run("check") == 1
    assert "FAILED: 1 with new N+1 queries" in shop.out
    assert "ask for all rows at once" in shop.out
    assert shop.run("check", "--run", "latest~1") == 0


def test_json_tells_the_breach_and_the_limits_that_are_near(with_history, name_of, monkeypatch):
    monkeypatch.setenv("API_TEST_THRESHOLD", "139ms")

    document = with_history.json("check")

    (broken,) = document["broken"]
    assert broken["nodeid"] == name_of(39)
    assert broken["guard"] == "budget"
    assert broken["limit"] == 139_000_000
    assert broken["category"] == "api"
    assert document["passed"] is False
    assert document["near"][0]["nodeid"] == name_of(37)


@pytest.mark.parametrize(("hits", "code"), [(7, 1), (8, 0)])
def test_a_hit_ratio_is_judged_by_what_was_looked_up(shop, make_run, name_of, hits, code):
    configure(shop, '[tool.lapwing.categories.api]\ncache_hit_ratio = "80%"')
    recorded = make_run(0)
    tests = list(recorded.tests)
    tests[1] = tests[1]._replace(counters={"cache_hits": Count(hits), "cache_misses": Count(10 - hits)})
    shop.record(recorded._replace(tests=tuple(tests)))

    assert shop.run("check", "--fail-on", "budget") == code

    if code:
        row = row_of(name_of(1), shop.out)
        for part in ("cache miss share", "30%", "20%", "api"):
            assert part in row
    assert "cache_miss_share: not measured in 19 tests" in shop.out
