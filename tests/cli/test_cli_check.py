"""`lapwing check`: what fails, by name, and with which exit code."""

import json


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

    assert "cannot tell: " in shop.out


def test_a_slower_test_fails_against_the_baseline_file_too(shop, make_run, name_of):
    shop.record(make_run(0))
    shop.run("baseline", "update")
    shop.record(make_run(1, factors={7: 4.0}))

    assert shop.run("check") == 1

    assert name_of(7) in shop.out
    assert "with fewer than 5 runs the suite's usual noise stands in" in shop.out


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


def test_only_slower_tests_are_worth_a_look_and_the_reason_is_told(shop, make_run, name_of):
    shop.record(make_run(0), make_run(1), make_run(2, factors={3: 1.42, 8: 0.7}))

    shop.run("check")

    (row,) = [line for line in shop.out.splitlines() if "→" in line]
    assert name_of(3) in row
    assert "fewer than 5 baseline runs are too few" in row
    assert "passed: nothing surely slower" in shop.out


def test_without_a_baseline_it_cannot_judge(shop, make_run):
    shop.record(make_run(0))

    assert shop.run("check") == 2

    assert "there is no baseline" in shop.err
