"""`lapwing accept`, and how the baseline moves with it."""

import pytest

from lapwing.model.measurement import BenchmarkRecord


@pytest.fixture
def slowed(shop, make_run):
    """Fourteen runs; test 7 takes twice as long from run 10 on."""
    shop.record(*(make_run(number, factors={7: 2.0 if number >= 10 else 1.0}) for number in range(14)))
    return shop


def test_an_accepted_step_is_not_reported_any_more(slowed, name_of):
    assert slowed.run("check") == 1

    assert slowed.run("accept", name_of(7), "--reason", "pays by card", "--by", "Ann") == 0

    assert slowed.run("check") == 0


def test_a_slowdown_after_the_accepted_step_is(slowed, make_run, name_of):
    slowed.run("accept", name_of(7))
    slowed.record(make_run(14, factors={7: 8.0}))

    assert slowed.run("check") == 1
    assert name_of(7) in slowed.out


def test_an_open_slowdown_is_reported_until_it_is_accepted(slowed, make_run, name_of):
    for number in range(14, 20):
        slowed.record(make_run(number, factors={7: 2.0}))
        assert slowed.run("check", "--run", "latest") == 1

    slowed.run("accept", name_of(7))
    assert slowed.run("check") == 0


def test_other_tests_keep_their_baseline(slowed, make_run, name_of):
    slowed.run("accept", name_of(7))
    slowed.record(make_run(14, factors={7: 2.0, 20: 4.0}))

    assert slowed.run("check") == 1
    assert name_of(20) in slowed.out
    assert name_of(7) not in slowed.out


def test_reason_name_and_place_are_kept(slowed, name_of):
    slowed.run("accept", name_of(7), "--reason", "pays by card", "--by", "Ann")

    (step,) = slowed.json("accept", "--list")["accepted"]

    assert (step["nodeid"], step["reason"], step["accepted_by"]) == (name_of(7), "pays by card", "Ann")
    assert step["commit"] == f"{10:040x}"
    assert step["ratio"] == pytest.approx(2, abs=0.05)
    slowed.run("history", name_of(7))
    assert "accepted by Ann: pays by card" in " ".join(slowed.out.split())


def test_a_step_too_young_for_the_history_is_accepted_from_the_newest_run(with_slower_test, name_of):
    assert with_slower_test.run("check") == 1

    (step,) = with_slower_test.json("accept", name_of(7))["accepted"]

    assert step["commit"] == f"{7:040x}"
    assert with_slower_test.run("check") == 0


def test_all_that_is_slower_is_accepted_at_once(with_slower_test, name_of):
    document = with_slower_test.json("accept", "--all", "--reason", "new client")

    assert [step["nodeid"] for step in document["accepted"]] == [name_of(7)]


def test_globs_take_those_that_changed_and_name_the_others(slowed):
    assert slowed.run("accept", "tests/api/*") == 0

    assert "Accepted 1 step" in slowed.out
    assert "no step in" in slowed.out


def test_a_test_that_did_not_change_is_refused(slowed, name_of):
    assert slowed.run("accept", name_of(8)) == 2

    assert "no step is found" in slowed.err
    assert slowed.json("accept", "--list")["accepted"] == []


def test_the_first_run_of_the_new_level_can_be_named(slowed, name_of):
    (step,) = slowed.json("accept", name_of(8), "--from", "latest~2")["accepted"]

    assert step["commit"] == f"{11:040x}"


def test_what_was_accepted_can_be_withdrawn(slowed, name_of):
    slowed.run("accept", name_of(7))

    assert slowed.run("accept", name_of(7), "--withdraw") == 0

    assert slowed.run("check") == 1
    assert slowed.run("accept", name_of(7), "--withdraw") == 2


def test_an_entry_of_the_baseline_file_moves_along(shop, make_run, name_of):
    shop.record(*(make_run(number) for number in range(5)))
    shop.run("baseline", "update", "--yes")
    shop.record(make_run(5, factors={7: 3.0}))
    assert shop.run("check") == 1

    assert shop.run("accept", name_of(7)) == 0

    assert "moved 1 test in" in shop.out
    assert shop.run("check") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no test is named"),
        (("nobody",), "no recorded test is called"),
        (("no*body",), "no recorded test fits"),
        (("--all",), "no test is slower"),
    ],
)
def test_nothing_to_accept_says_so(with_history, words, said):
    assert with_history.run("accept", *words) == 2

    assert said in with_history.err


def test_an_improvement_that_lasted_protects_itself(shop, make_run, name_of):
    shop.record(*(make_run(number, factors={7: 1.0 if number < 12 else 0.5}) for number in range(18)))
    shop.record(make_run(18))

    assert shop.run("check") == 1
    assert name_of(7) in shop.out


@pytest.fixture
def make_measured(make_run, name_of):
    """Makes runs whose test 7 measures two benchmarks; `parse` takes `factor` times as long."""

    def made(number, factor=1.0):
        def record(name, level):
            noise = 1 + 0.01 * (number % 3)
            samples = tuple(level * noise * share for share in (0.95, 1.0, 1.02, 1.05, 1.1))
            return BenchmarkRecord(name, name_of(7), "lapwing", "ns", samples, metric="wall")

        benchmarks = (record("parse", 2_000_000.0 * factor), record("print", 500_000.0))
        return make_run(number)._replace(benchmarks=benchmarks)

    return made


@pytest.fixture
def with_slower_benchmark(shop, make_measured):
    """Fourteen runs; the benchmark `parse` takes twice as long from run 10 on, its test as long as ever."""
    shop.record(*(make_measured(number, 2.0 if number >= 10 else 1.0) for number in range(14)))
    return shop


def test_a_slower_benchmark_is_accepted_with_its_test(with_slower_benchmark, name_of):
    assert with_slower_benchmark.run("check") == 1

    (step,) = with_slower_benchmark.json("accept", name_of(7), "--reason", "reads more")["accepted"]

    assert (step["nodeid"], step["commit"]) == (name_of(7), f"{10:040x}")
    assert step["ratio"] == pytest.approx(2, abs=0.05)
    assert with_slower_benchmark.run("check") == 0


def test_a_benchmark_may_be_named_in_place_of_its_test(with_slower_benchmark, name_of):
    (step,) = with_slower_benchmark.json("accept", "parse")["accepted"]

    assert step["nodeid"] == name_of(7)
    assert with_slower_benchmark.run("check") == 0


def test_an_accepted_benchmark_that_grows_again_is_reported(with_slower_benchmark, make_measured):
    with_slower_benchmark.run("accept", "parse")
    with_slower_benchmark.record(*(make_measured(number, 2.0) for number in range(14, 20)))
    with_slower_benchmark.record(make_measured(20, 6.0))

    assert with_slower_benchmark.run("check") == 1
    assert "parse" in with_slower_benchmark.out


def test_the_history_of_a_benchmark_tells_who_accepted_its_step(with_slower_benchmark):
    with_slower_benchmark.run("accept", "parse", "--by", "Ann", "--reason", "reads more")

    with_slower_benchmark.run("history", "parse", "--benchmark")

    assert "accepted by Ann: reads more" in " ".join(with_slower_benchmark.out.split())


def test_a_benchmark_in_the_baseline_file_moves_along(shop, make_measured):
    shop.record(*(make_measured(number) for number in range(5)))
    shop.run("baseline", "update", "--yes")
    shop.record(make_measured(5, 3.0))
    assert shop.run("check") == 1

    assert shop.run("accept", "parse") == 0

    assert "moved 1 test in" in shop.out
    assert shop.run("check") == 0
