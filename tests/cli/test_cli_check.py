"""`lapwing check`: what fails, by name, and with which exit code."""


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

    assert "not judged" in shop.out


def test_a_slower_test_fails_against_the_baseline_file_too(shop, make_run, name_of):
    shop.record(make_run(0))
    shop.run("baseline", "update")
    shop.record(make_run(1, factors={7: 4.0}))

    assert shop.run("check") == 1

    assert name_of(7) in shop.out
    assert "with fewer than 5 runs the suite's usual noise stands in" in shop.out


def test_without_a_baseline_it_cannot_judge(shop, make_run):
    shop.record(make_run(0))

    assert shop.run("check") == 2

    assert "there is no baseline" in shop.err
