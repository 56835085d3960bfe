"""`lapwing budget`: limits beside what runs took of them, and others as a diff of the configuration."""

import tomllib

import pytest

from lapwing.model.budget import Budget, TestBudgets
from lapwing.model.record import Count

SECOND = 1_000_000_000


def configure(shop, text):
    (shop.root / "pyproject.toml").write_text(f'[tool.lapwing]\nbase_branch = "main"\n{text}\n')


def configured(shop):
    return tomllib.loads((shop.root / "pyproject.toml").read_text())["tool"]["lapwing"]


def row_of(name, text):
    return next(line for line in text.splitlines() if line.split()[:1] == [name])


def test_limits_stand_beside_what_was_taken_of_them(with_history):
    configure(with_history, '[tool.lapwing.categories.api]\nbudget = "2s"')

    assert with_history.run("budget") == 0

    assert "all limits kept in the last 6 runs" in with_history.out
    assert "highest is the 95th percentile over the runs" in with_history.out
    row = row_of("api", with_history.out)
    for part in ("2.00 s", "140 ms", "20", "[tool.lapwing.categories.api]"):
        assert part in row
    assert "default" in row_of("unit", with_history.out)


def test_packages_of_a_repository_have_their_own_line_and_are_tightened(with_history):
    configure(with_history, '[tool.lapwing.packages."tests/api"]\nsuite_budget = "1min"')

    with_history.run("budget")
    row = next(line for line in with_history.out.splitlines() if "package tests/api" in line)
    with_history.run("budget", "tighten")

    assert row.split()[2:8] == ["1", "min", "00", "s", "2.40", "s"]
    assert '[tool.lapwing.packages."tests/api"]\n-suite_budget = "1min"' in with_history.out


def test_first_limits_are_proposed_where_only_built_in_ones_hold(with_history):
    configure(with_history, '[tool.lapwing.categories.api]\nbudget = "2s"')

    assert with_history.run("budget", "suggest") == 0

    assert '+[tool.lapwing.categories.unit]\n+budget = "250ms"' in with_history.out
    assert '+suite_budget = "8s"' in with_history.out
    assert "categories.api]\n+budget" not in with_history.out
    assert "--write" in with_history.out


def test_nothing_is_written_unasked(with_history):
    before = (with_history.root / "pyproject.toml").read_text()

    with_history.run("budget", "suggest")

    assert (with_history.root / "pyproject.toml").read_text() == before


def test_what_was_proposed_is_written_and_kept_by_the_next_check(with_history):
    with_history.run("budget", "suggest", "--write")

    assert configured(with_history)["categories"] == {"unit": {"budget": "250ms"}, "api": {"budget": "250ms"}}
    assert with_history.run("check", "--fail-on", "budget,suite") == 0
    with_history.run("budget", "suggest")
    assert "+++" not in with_history.out


def test_a_limit_is_tightened_where_it_stands_with_its_comment(with_history):
    configure(with_history, '[tool.lapwing.categories.unit]\nbudget = "2s"  # agreed in May\nmarkers = ["u"]')

    with_history.run("budget", "tighten", "--write")

    text = (with_history.root / "pyproject.toml").read_text()
    assert 'budget = "250ms"  # agreed in May\nmarkers = ["u"]' in text
    assert "suite_budget" not in text


def test_a_limit_in_the_table_of_budgets_is_tightened_there(with_history):
    configure(with_history, "[tool.lapwing.performance_budgets]\nunit_test = 2000")

    with_history.run("budget", "tighten", "--write")

    assert configured(with_history)["performance_budgets"] == {"unit_test": "250ms"}


def test_a_limit_that_nearly_fits_stays(with_history):
    configure(with_history, '[tool.lapwing.categories.unit]\nbudget = "300ms"')

    with_history.run("budget", "tighten")

    assert "+++" not in with_history.out
    assert "all limits kept" in with_history.out


def test_nothing_is_made_wider(shop, make_run):
    configure(shop, '[tool.lapwing.categories.unit]\nbudget = "60ms"')
    shop.record(*(make_run(number) for number in range(6)))

    shop.run("budget", "tighten")

    assert "+++" not in shop.out
    assert "1 limit not kept in the last 6 runs" in shop.out


def test_a_gain_of_few_runs_is_not_lasting(shop, make_run):
    configure(shop, '[tool.lapwing.categories.unit]\nbudget = "2s"')
    shop.record(*(make_run(number) for number in range(3)))

    shop.run("budget", "tighten")

    assert "3 whole runs of 5 that tell a lasting gain" in shop.out
    assert "+++" not in shop.out


def test_a_gain_that_began_within_the_runs_looked_at_is_not_lasting(shop, make_run):
    configure(shop, '[tool.lapwing.categories.unit]\nbudget = "2s"')
    slow = [make_run(number, factors={0: 12.0}) for number in range(6)]
    shop.record(*slow, *(make_run(number) for number in range(6, 10)))

    shop.run("budget", "tighten")
    assert "+++" not in shop.out

    shop.record(*(make_run(number) for number in range(10, 17)))
    shop.run("budget", "tighten")
    assert '+budget = "250ms"' in shop.out


def test_runs_of_a_part_and_of_other_branches_do_not_count(with_history, make_run):
    part = make_run(20)
    other = make_run(21, factors={0: 50.0})
    branch = other.run._replace(revision=other.run.revision._replace(branch="attempt"))
    with_history.record(part._replace(tests=part.tests[:3]), other._replace(run=branch))

    document = with_history.json("budget", "show")

    assert len(document["run_ids"]) == 6
    assert next(each for each in document["limits"] if each["name"] == "unit")["tests"] == 20


def test_a_limit_of_a_counter_is_tightened_to_what_is_needed(shop, make_run):
    configure(shop, "[tool.lapwing.categories.api]\nsql_queries = 40")
    runs = []
    for number in range(6):
        recorded = make_run(number)
        tests = tuple(
            each._replace(counters={"sql": Count(7, 1)}) if each.category == "api" else each
            for each in recorded.tests
        )
        runs.append(recorded._replace(tests=tests))
    shop.record(*runs)

    shop.run("budget", "tighten", "--write")

    assert configured(shop)["categories"]["api"] == {"sql_queries": 7}


def test_a_limit_in_the_environment_is_left_to_a_person(with_history, monkeypatch):
    monkeypatch.setenv("UNIT_TEST_THRESHOLD", "5")

    with_history.run("budget", "tighten")

    assert "unit: 250ms would do; it is set by environment UNIT_TEST_THRESHOLD" in with_history.out
    assert "+++" not in with_history.out


def test_limits_on_tests_are_shown_and_left_to_a_person(shop, make_run, name_of):
    mark = TestBudgets(name_of(0), (Budget("time", 9 * SECOND, "@perf_budget at tests/test_shop.py:3"),))
    shop.record(*(make_run(number)._replace(budgets=(mark,)) for number in range(6)))

    shop.run("budget", "tighten")

    assert "@perf_budget at tests/test_shop.py:3" in shop.out
    assert "1 limit on tests can only be changed where they stand" in shop.out
    assert "+++" not in shop.out


def test_a_table_written_inline_is_left_to_a_person(with_history):
    configure(with_history, 'categories = { unit = { budget = "2s" } }')

    assert with_history.run("budget", "tighten", "--write") == 0

    assert "[tool.lapwing.categories.unit]" in with_history.out
    assert "by hand" in with_history.out
    assert configured(with_history)["categories"]["unit"]["budget"] == "2s"


def test_json_has_limits_and_the_diff(with_history):
    document = with_history.json("budget", "suggest")

    assert document["format_version"] == 1
    unit = next(each for each in document["limits"] if each["name"] == "unit")
    assert unit["proposed"] == 250_000_000
    assert unit["unit"] == "ns"
    assert document["diff"].startswith("--- a/pyproject.toml")


def test_without_a_run_there_is_nothing_to_tell_from(shop):
    assert shop.run("budget", "suggest") == 2

    assert "no" in shop.err


@pytest.mark.parametrize("word", ["fifty", "-3"])
def test_a_headroom_that_is_none_is_refused(shop, word):
    with pytest.raises(SystemExit) as ended:
        shop.run("budget", "tighten", f"--headroom={word}")

    assert ended.value.code == 2
