"""A fixture that most tests share became slower: not the machine."""

import pytest

from lapwing.model.record import FixtureRecord

MS = 1_000_000
SETUP = 60 * MS


@pytest.fixture
def busy(make_run):
    """Run `number` beside other work, with set-ups and calls that take so many times as long."""

    def made(number, *, set_ups=1.0, calls=1.0):
        run = make_run(number)
        took = round(SETUP * set_ups * (1 + number % 3 / 100))
        tests = tuple(
            each._replace(
                setup_ns=took + 15 * MS,
                setup_cpu_ns=took,
                call_ns=round(each.call_ns * calls) + 15 * MS,
                call_cpu_ns=round(each.call_cpu_ns * calls),
                run_delay_ns=30 * MS,
            )
            for each in run.tests
        )
        fixtures = tuple(
            FixtureRecord("tenant", "function", "tests/conftest.py:3", each.nodeid, setup_ns=each.setup_ns)
            for each in tests
        )
        return run._replace(tests=tests, fixtures=fixtures)

    return made


def told(shop):
    """The comparison as a whole, and that of the fixture."""
    document = shop.json("compare")
    (fixture,) = [each for each in document["suite"] if each["metric"] == "fixture_setup"]
    return document, fixture


def test_the_fixture_is_named_and_not_the_machine(shop, busy):
    shop.record(*(busy(number) for number in range(7)), busy(7, set_ups=5.0))

    document, fixture = told(shop)

    assert fixture["verdict"] == "regressed"
    assert "with the set-up of tenant (tests/conftest.py)" in document["reason"]
    assert "set-ups compute longer than calls of the same tests have it" in document["reason"]


@pytest.mark.parametrize("times", [3.0, 5.0])  # with the wait that stays the same: busy, and not so
def test_a_slow_machine_stretches_calls_too_and_no_fixture_is_named(shop, busy, times):
    shop.record(*(busy(number) for number in range(7)), busy(7, set_ups=times, calls=times))

    document, fixture = told(shop)

    assert fixture["verdict"] == "cannot_tell"
    assert document["reason"].startswith("cannot tell code from machine: half of the suite changed at once")


def test_the_summary_after_a_run_names_it_too(shop, busy):
    shop.record(*(busy(number) for number in range(7)), busy(7, set_ups=5.0))

    assert shop.run("report") == 0

    assert "with the set-up of tenant" in " ".join(shop.out.split())


@pytest.fixture
def with_a_new_fixture(busy):
    """Run `number`; in run 7 set-ups compute five times as long, for a fixture that is `new`."""

    def made(number, *, old_ms=1.0, new=True):
        run = busy(number, set_ups=5.0 if number == 7 else 1.0)
        fixtures = [
            FixtureRecord("till", "function", "tests/conftest.py:3", each.nodeid, setup_ns=round(old_ms * MS))
            for each in run.tests
        ]
        if number == 7 and new:
            fixtures += [
                FixtureRecord("prepare", "function", "tests/conftest.py:9", each.nodeid, setup_ns=4 * SETUP)
                for each in run.tests
            ]
        return run._replace(fixtures=tuple(fixtures))

    return made


def test_a_fixture_that_is_new_is_named_and_none_that_grew_a_little(shop, with_a_new_fixture):
    shop.record(*(with_a_new_fixture(number) for number in range(7)), with_a_new_fixture(7, old_ms=7.0))

    document = shop.json("compare")

    assert "with the set-up of prepare (tests/conftest.py) (new: 9.60 s)" in document["reason"]
    assert not [
        each
        for each in document["suite"]
        if each["metric"] == "fixture_setup" and each["verdict"] == "regressed"
    ]


def test_a_fixture_that_grew_by_far_less_than_set_ups_is_not_named(shop, with_a_new_fixture):
    shop.record(
        *(with_a_new_fixture(number) for number in range(7)), with_a_new_fixture(7, old_ms=7.0, new=False)
    )

    document = shop.json("compare")

    assert document["reason"].startswith("cannot tell code from machine: half of the suite changed at once")
    assert "lapwing confirm runs old and new code in turns" in document["reason"]


def test_a_fixture_that_is_renamed_is_not_new(shop, busy):
    def named(number, name, set_ups=1.0):
        run = busy(number, set_ups=set_ups)
        return run._replace(fixtures=tuple(each._replace(name=name) for each in run.fixtures))

    shop.record(*(named(number, "tenant") for number in range(7)), named(7, "shop", 1.0))

    assert "shop" not in shop.json("compare")["reason"]
