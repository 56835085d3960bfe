"""Tests that come first in their worker, or set up what others share, on one side only."""

import pytest

from lapwing.config.load import load_settings
from lapwing.model.record import Count, FixtureRecord
from lapwing.operations.update_baseline import update_from_store
from lapwing.store.open_store import open_store

MS = 1_000_000
SLOW = 7


@pytest.fixture
def run_of(make_run):
    """Run `number` with the slow test at `place` in the order of tests, taking `factor` times as long."""

    def made(number, *, place=SLOW, factor=1.0, **changes):
        run = make_run(number, factors={SLOW: factor})
        tests = list(run.tests)
        slow = tests.pop(SLOW)
        tests.insert(place, slow._replace(**changes))
        return run._replace(
            tests=tuple(each._replace(start_ns=at * MS) for at, each in enumerate(tests)),
        )

    return made


@pytest.fixture(params=["history", "file"])
def beside(shop, request):
    """Record runs, and the last beside those before it, or beside a baseline file of them."""

    def record(*runs):
        shop.record(*runs[:-1])
        if request.param == "file":
            settings = load_settings(shop.root, flags={}, environ={})
            with open_store(settings.store, create=False) as store:
                update_from_store(settings, store, [run.run for run in reversed(runs[:-1])])
        shop.record(runs[-1])

    return record


@pytest.fixture
def told(shop, name_of):
    """What `lapwing compare` tells of one metric of the slow test."""

    def tell(metric="wall"):
        (found,) = [
            each
            for each in shop.json("compare")["comparisons"]
            if (each["nodeid"], each["metric"]) == (name_of(SLOW), metric)
        ]
        return found

    return tell


def test_a_slower_test_that_came_first_this_time_alone_is_worth_a_look(shop, beside, run_of, told):
    beside(*(run_of(number) for number in range(6)), run_of(6, place=0, factor=4.0))

    found = told()

    assert (found["verdict"], found["worth_a_look"]) == ("cannot_tell", True)
    assert found["reason"].startswith("it ran first in its worker this time, and never in the baseline")
    assert shop.run("check") == 0


@pytest.mark.parametrize("runs", [1, 6])
def test_the_first_of_a_file_in_its_worker_pays_too(beside, run_of, told, runs):
    beside(*(run_of(number) for number in range(runs)), run_of(runs, place=1, factor=4.0))

    assert told()["reason"].startswith("it ran first of its file in its worker this time")


@pytest.mark.parametrize("places", [(7, 7, 7, 0, 7, 7, 0), (0, 0, 0, 0, 0, 0, 0), (3, 4, 5, 6, 7, 8, 9)])
def test_a_test_that_came_no_earlier_than_in_some_run_before_is_slower(beside, run_of, told, places):
    *before, now = places
    beside(
        *(run_of(number, place=place) for number, place in enumerate(before)),
        run_of(6, place=now, factor=4.0),
    )

    assert told()["verdict"] == "regressed"


def test_a_test_that_came_first_in_the_baseline_alone_is_no_faster_for_sure(beside, run_of, told):
    beside(*(run_of(number, place=0, factor=4.0) for number in range(6)), run_of(6))

    found = told()

    assert (found["verdict"], found["worth_a_look"]) == ("cannot_tell", False)
    assert found["reason"].startswith("it ran first in its worker in the baseline, and not this time")


def test_what_ran_again_behind_others_is_called_whoever_came_first(shop, beside, run_of, told):
    late = run_of(6, place=0, factor=4.0)
    beside(*(run_of(number) for number in range(6)), late)
    with open_store(str(shop.root / ".lapwing" / "store.sqlite"), create=False) as store:
        again = [late.tests[0]._replace(attempt=-at) for at in range(5)]
        store.add_confirm_attempts(late.run.run_id, again)

    assert told()["verdict"] == "regressed"


def test_files_that_the_first_one_opens_are_no_sure_change(beside, run_of, told):
    beside(
        *(run_of(number, counters={"file": Count(2)}) for number in range(6)),
        run_of(6, place=0, counters={"file": Count(200)}),
    )

    assert told("counter:file")["verdict"] == "cannot_tell"


@pytest.mark.parametrize(
    ("before_ms", "now_ms", "verdict"),
    [
        (300, 300, "unchanged"),  # another test had it set up before
        (0, 300, "regressed"),  # it is new
        (30, 300, "regressed"),  # it is slower
    ],
)
def test_a_fixture_that_another_test_had_set_up_before_is_not_its_own(
    beside, run_of, told, name_of, before_ms, now_ms, verdict
):
    def with_fixture(run, requester, took_ms):
        fixture = FixtureRecord("db", "session", "tests/conftest.py:9", requester, setup_ns=took_ms * MS)
        tests = [
            each._replace(setup_ns=took_ms * MS, shared_fixture_ns=took_ms * MS)
            if each.nodeid == requester
            else each
            for each in run.tests
        ]
        return run._replace(tests=tuple(tests), fixtures=(*run.fixtures, fixture))

    before = [run_of(number) for number in range(6)]
    if before_ms:
        before = [with_fixture(run, name_of(9), before_ms) for run in before]
    beside(*before, with_fixture(run_of(6), name_of(SLOW), now_ms))

    found = told()

    assert found["verdict"] == verdict
    if verdict == "unchanged":
        assert "300 ms of it are of fixtures shared by several" in found["reason"]
