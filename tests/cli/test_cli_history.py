"""`lapwing history`."""

import pytest

from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.run import Revision


@pytest.fixture
def with_step(shop, make_run):
    """Twenty-four runs; test 7 takes half as long again from run 12 on."""
    shop.record(*(make_run(number, factors={7: 1.5 if number >= 12 else 1.0}) for number in range(24)))
    return shop


def test_a_step_is_told_with_its_size_and_the_commits_around_it(with_step, name_of):
    assert with_step.run("history", name_of(7)) == 0

    text = " ".join(with_step.out.split())
    assert "1 step in 24 runs; the last +50%" in text
    assert f"commits {11:040x}"[:18] in text
    assert f"lapwing accept {name_of(7)} --reason" in text


def test_the_chart_marks_the_step(with_step, name_of):
    with_step.run("history", name_of(7))

    rows = [line for line in with_step.out.splitlines() if line.lstrip().startswith("|") or " ms |" in line]
    assert len(rows) == 11
    # In some rows a value or a level stands over the line of the step.
    assert sum("|" in row.partition("|")[2] for row in rows) >= 8


def test_json_names_runs_steps_and_factors(with_step, name_of):
    document = with_step.json("history", name_of(7))

    (step,) = document["steps"]
    assert document["format_version"] == 1
    assert step["ratio"] == pytest.approx(1.5, abs=0.02)
    assert (step["before_commit"], step["after_commit"]) == (f"{11:040x}", f"{12:040x}")
    assert step["before_run"].endswith("b")
    assert len(document["runs"]) == 24
    assert all(run["machine_factor"] == pytest.approx(1, abs=0.05) for run in document["runs"])


def test_a_part_of_the_name_is_enough_where_only_one_test_has_it(with_step, name_of):
    assert with_step.json("history", "test_39")["nodeid"] == name_of(39)


def test_a_test_that_the_newest_run_left_out_is_found_in_those_before(with_step, make_run, name_of):
    newest = make_run(25)
    with_step.record(newest._replace(tests=newest.tests[:5]))

    assert with_step.json("history", "test_39")["nodeid"] == name_of(39)


def test_a_part_of_several_names_names_them(with_step):
    assert with_step.run("history", "test_shop") == 2

    assert "part of several tests" in with_step.err
    assert "and 32 more" in with_step.err


def test_an_unknown_test_is_said_by_name(with_step):
    assert with_step.run("history", "nobody") == 2

    assert "no recorded test is called 'nobody'" in with_step.err


def test_without_a_change_there_is_no_step(with_step, name_of):
    assert with_step.run("history", name_of(8)) == 0

    assert "No step in 24 runs" in with_step.out


def test_few_runs_say_that_they_are_few(shop, make_run, name_of):
    shop.record(make_run(0), make_run(1))

    assert shop.run("history", name_of(3)) == 0

    assert "too few to tell steps" in shop.out


def test_the_speed_of_the_machine_is_taken_out(shop, make_run, name_of):
    everything = dict.fromkeys(range(40), 1.4)
    shop.record(*(make_run(number, factors=everything if number >= 10 else {}) for number in range(20)))

    document = shop.json("history", name_of(7))

    assert document["steps"] == []
    (step,) = document["machine_steps"]
    assert step["ratio"] == pytest.approx(1.4, abs=0.02)
    shop.run("history", name_of(7))
    assert "slower than in the middle run" in " ".join(shop.out.split())


def test_a_machine_of_one_speed_is_told_as_such(shop, make_run, name_of):
    shop.record(*(make_run(5)._replace(run=make_run(number).run) for number in range(10)))

    shop.run("history", name_of(7))

    assert "as fast in all runs" in shop.out


def test_runs_of_other_branches_are_left_out_unless_asked_for(with_step, make_run, name_of):
    branch = Revision(commit="f" * 40, branch="try", dirty=False)
    with_step.record(make_run(30, factors={7: 9.0}, revision=branch))

    assert len(with_step.json("history", name_of(7))["runs"]) == 24
    assert len(with_step.json("history", name_of(7), "--branch", "try")["runs"]) == 1


def test_runs_are_listed_on_request(with_step, name_of):
    with_step.run("history", name_of(7), "--runs", "3")

    assert "the newest 3 of 24" in with_step.out
    assert "0192f3a1-7c11" in with_step.out


@pytest.mark.parametrize("metric", ["cpu", "peak_bytes"])
def test_other_metrics_are_looked_at_alike(with_step, name_of, metric):
    assert with_step.run("history", name_of(7), "--metric", metric) == 0

    assert ("1 step in 24 runs" in with_step.out) == (metric == "cpu")


def test_names_from_outside_cannot_act_on_the_terminal(shop, make_run):
    hostile = "tests/test_x.py::test_[\x1b[31m\u202e]"
    run = make_run(0)
    shop.record(run._replace(tests=(run.tests[0]._replace(nodeid=hostile), *run.tests[1:])))

    assert shop.run("history", hostile, "--runs", "1") == 0

    assert "\x1b" not in shop.out
    assert "\u202e" not in shop.out


@pytest.fixture
def with_benchmarks(shop, make_run, name_of):
    """Twenty-four runs on a machine that varies; `parse` takes half as long again from run 12 on."""

    def run(number):
        machine = 1.3 if number % 3 == 0 else 1.0
        made = make_run(number, factors=dict.fromkeys(range(40), machine))
        level = 2_000.0 * machine * (1.5 if number >= 12 else 1.0) * (1 + number % 5 / 500)

        def record(name, metric, unit, value, **changes):
            samples = (value * 0.9, value, value * 1.4)
            return BenchmarkRecord(name, name_of(7), "lapwing", unit, samples, metric=metric, **changes)

        return made._replace(
            benchmarks=(
                record("parse", "wall", "ns", level),
                record("print", "wall", "ns", 500.0 * machine),
                record(
                    "rate", "rate", "rows/s", 900.0 / (1.5 if number >= 12 else 1.0), higher_is_better=True
                ),
            )
        )

    shop.record(*map(run, range(24)))
    return shop


@pytest.mark.parametrize("named", ["parse", "(parse)", "test_7 (parse)"])
def test_a_benchmark_has_a_history_of_its_own(with_benchmarks, name_of, named):
    document = with_benchmarks.json("history", named, "--benchmark")

    (step,) = document["steps"]
    assert (document["nodeid"], document["benchmark"], document["unit"]) == (name_of(7), "parse", "ns")
    assert step["ratio"] == pytest.approx(1.5, rel=0.02)
    assert step["before_commit"] == f"{11:040x}"
    assert document["runs"][0]["value"] == pytest.approx(2_000, rel=0.02)


def test_a_benchmark_of_higher_is_better_steps_down(with_benchmarks):
    with_benchmarks.run("history", "rate", "--benchmark", "--metric", "rate")

    assert "the last -33%" in " ".join(with_benchmarks.out.split())
    assert "600 rows/s" in with_benchmarks.out
    assert "lapwing accept" not in with_benchmarks.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("p", "--benchmark"), "part of several benchmarks"),
        (("nothing", "--benchmark"), "no benchmark is called 'nothing'"),
        (("parse", "--benchmark", "--metric", "cpu"), "has no metric 'cpu'"),
        (("test_7", "--metric", "rate"), "tests have no metric 'rate'"),
    ],
)
def test_a_benchmark_that_is_not_there_is_said_with_those_that_are(with_benchmarks, words, said):
    assert with_benchmarks.run("history", *words) == 2

    assert said in with_benchmarks.err
