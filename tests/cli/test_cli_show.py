"""`lapwing show`."""

import pytest

from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, TestRecord
from lapwing.model.run import StoppedTest


def test_every_part_of_the_newest_run_is_shown(with_history, name_of):
    assert with_history.run("show") == 0

    for part in (
        "40 passed",
        "0192f3a1-7c11-7d2e-9f00-000000000005",
        "tests: 40 by time",
        name_of(39),
        "till",
    ):
        assert part in with_history.out
    assert "10 not shown (--limit)" in with_history.out


def test_tests_come_in_the_order_asked_for(with_history, name_of):
    with_history.run("show", "--sort", "start", "--limit", "1")

    assert name_of(0) in with_history.out
    assert name_of(39) not in with_history.out


@pytest.mark.parametrize("order", ["time", "cpu", "waiting", "memory", "start"])
def test_every_order_shows_every_test(with_history, order):
    assert with_history.run("show", "--sort", order, "--limit", "40") == 0

    assert with_history.out.count("test_shop.py::test_") == 40


@pytest.mark.parametrize(
    ("flags", "count"),
    [
        (("--test", "tests/unit/*"), 20),
        (("--test", "tests/unit/test_shop.py::test_0"), 1),
        (("--marker", "quick"), 10),
        (("--category", "api"), 20),
        (("--category", "api", "--marker", "quick"), 5),
    ],
)
def test_filters_keep_what_fits_all_of_them(with_history, flags, count):
    document = with_history.json("show", *flags)

    assert len(document["tests"]) == count


def test_a_filter_that_fits_nothing_says_so(with_history):
    assert with_history.run("show", "--marker", "nope") == 2

    assert "no test of this run fits" in with_history.err


def test_a_part_of_a_name_that_is_no_pattern_is_answered_with_one(with_history):
    assert with_history.run("show", "--test", "est_") == 2

    assert "'*est_*' finds a part of one" in with_history.err
    assert with_history.run("show", "--test", "*est_*") == 0


def test_an_earlier_run_is_found_by_its_order_and_by_the_beginning_of_its_id(with_history):
    by_order = with_history.json("show", "latest~2")
    by_id = with_history.json("show", "0192f3a1-7c11-7d2e-9f00-000000000003")

    assert by_order == by_id
    assert by_order["run"]["run_id"].endswith("3")


def test_the_beginning_of_several_ids_names_them_all(with_history):
    assert with_history.run("show", "0192f3a1") == 2

    assert "fits several runs" in with_history.err
    assert with_history.err.count("0192f3a1-7c11") == 6


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("latest~9", "recorded: 6 runs"),
        ("latest~" + "9" * 30, "no run is called"),
        ("no-such-thing", "no run is called"),
        ("baseline", "no baseline"),
    ],
)
def test_a_run_that_is_not_there_is_said_by_name(with_history, name, words):
    assert with_history.run("show", name) == 2

    assert words in with_history.err


def test_a_baseline_file_holds_no_records_to_show(with_history):
    with_history.run("baseline", "update")

    assert with_history.run("show", "baseline") == 2

    assert "lapwing baseline show" in with_history.err


def test_failures_attempts_and_benchmarks_are_shown(shop, make_run):
    recorded = make_run(0)
    failed = recorded.tests[0]._replace(outcome=Outcome.FAILED, attempt=2, call_ns=None)
    bench = BenchmarkRecord(
        nodeid=failed.nodeid,
        name="pay",
        source="pytest-benchmark",
        unit="ns",
        samples=(3_000_000, 1_000_000, 2_000_000),
    )
    shop.record(recorded._replace(tests=(failed, *recorded.tests[1:]), benchmarks=(bench,)))

    shop.run("show", "--limit", "40")

    assert "39 passed, 1 failed" in shop.out
    assert "failed #2" in shop.out
    assert "pay" in shop.out


def test_what_the_list_of_fixtures_leaves_out_is_counted(shop, make_run, name_of):
    recorded = make_run(0)
    fixtures = tuple(
        FixtureRecord(f"till_{at}", "function", "tests/conftest.py:3", name_of(0), setup_ns=at)
        for at in range(20)
    )
    shop.record(recorded._replace(fixtures=fixtures))

    shop.run("show")

    assert "fixtures: the first 15 of 20 fixtures, the costliest first" in shop.out


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (
            "/home/me/.venv/lib/python3.12/site-packages/pytest_django/fixtures.py:7",
            "pytest_django/fixtures.py:7",
        ),
        ("/usr/lib/python3/dist-packages/pytest_mock/plugin.py:9", "pytest_mock/plugin.py:9"),
        ("/usr/lib/python3.12/unittest/case.py:5", "unittest/case.py:5"),
        ("tests/conftest.py:3", "tests/conftest.py:3"),
    ],
)
def test_a_fixture_of_an_installed_package_is_placed_in_its_package(shop, make_run, name_of, location, shown):
    fixture = FixtureRecord("db", "session", location, name_of(0), setup_ns=5_000_000)
    shop.record(make_run(0)._replace(fixtures=(fixture,)))

    shop.run("show")

    (row,) = [line for line in shop.out.splitlines() if " db " in line]
    assert row.split()[-1] == shown


def test_a_module_that_every_worker_collected_is_shown_once_as_the_slowest_took(shop, make_run):
    collection = tuple(
        CollectRecord("tests/test_a.py", worker=f"gw{at}", duration_ns=(at + 1) * 10_000_000)
        for at in range(3)
    )
    shop.record(make_run(0)._replace(collection=collection))

    shop.run("show")

    (row,) = [line for line in shop.out.splitlines() if line.endswith("tests/test_a.py")]
    assert row.split()[0] == "30.0"
    assert "1 module in 60.0 ms of 3 workers together; times of the slowest of them" in shop.out


def test_what_probes_counted_is_summed_with_the_ratio_of_caches(shop, make_run):
    recorded = make_run(0)
    counters = {"sql_queries": Count(600, 9_000_000), "cache_hits": Count(3), "cache_misses": Count(1)}
    first, second, *rest = (each._replace(counters={}) for each in recorded.tests)
    tests = (first._replace(counters=counters), second._replace(counters={"sql_queries": Count(800)}), *rest)
    shop.record(recorded._replace(tests=tests))

    shop.run("show")

    (line,) = (line for line in shop.out.splitlines() if "sql_queries" in line)
    assert line.split() == ["sql_queries", "1,400", "9.00", "ms", "2", first.nodeid]
    assert "caches had 75% of what was looked up" in shop.out


def test_requests_are_told_with_their_time_and_rate(shop, make_run):
    recorded = make_run(0)
    first, *rest = (each._replace(counters={}) for each in recorded.tests)
    seconds = first.duration_ns / 1e9
    asking = first._replace(counters={"http_requests": Count(200, 600_000_000)})
    shop.record(recorded._replace(tests=(asking, *rest)))

    shop.run("show")

    said = " ".join(shop.out.split())
    assert "answers to 200 requests took 3.00 ms on average" in said
    assert f"{200 / seconds:.3g} a second in the tests that send them" in said


def test_nothing_is_said_of_probes_that_counted_nothing(shop, make_run):
    recorded = make_run(0)
    shop.record(recorded._replace(tests=tuple(each._replace(counters={}) for each in recorded.tests)))

    shop.run("show")

    assert "counted" not in shop.out


STACK = """\
  File "/venv/lib/python3.11/site-packages/_pytest/python.py", line 187, in pytest_pyfunc_call
    result = testfunction(**testargs)
  File "/home/me/shop/tests/test_a.py", line 6, in test_waits
    client.get("/\x1b[31m")
  File "/venv/lib/python3.11/site-packages/shop/client.py", line 40, in get
    return self._ask(path)
           ^^^^^^^^^^^^^^^
  File "/venv/lib/python3.11/site-packages/lapwing/measure/probes/counted_call.py", line 37, in __call__
    return self.__wrapped__(*args, **kwargs)
  File "/usr/lib/python3.11/socket.py", line 706, in readinto
    return self._sock.recv_into(b)
  File "/venv/lib/python3.11/site-packages/pytest_timeout.py", line 317, in handler
    timeout_sigalrm(item, settings)
"""


def test_of_a_test_that_was_stopped_it_tells_the_calls_that_it_was_in(shop, make_run):
    name = "tests/test_a.py::test_waits"
    timeout = TestRecord(nodeid=name, outcome=Outcome.TIMEOUT, call_ns=10**9)
    shop.record(make_run(0)._replace(tests=(timeout,), stopped=(StoppedTest(name, 1, STACK),)))

    shop.run("show")

    told = shop.out.partition("at its deadline: 1 test")[2].splitlines()[1:5]
    assert told == [
        f"  {name}",
        '    tests/test_a.py:6 in test_waits: client.get("/\\x1b[31m")',
        "    shop/client.py:40 in get: return self._ask(path)",
        "    socket.py:706 in readinto: return self._sock.recv_into(b)",
    ]


def test_of_a_deep_stack_the_innermost_calls_are_told(shop, make_run):
    name = "tests/test_a.py::test_deep"
    frames = [f'  File "/x/tests/test_a.py", line {at}, in down\n    down()\n' for at in range(1, 100)]
    timeout = TestRecord(nodeid=name, outcome=Outcome.TIMEOUT, call_ns=10**9)
    shop.record(make_run(0)._replace(tests=(timeout,), stopped=(StoppedTest(name, 1, "".join(frames)),)))

    shop.run("show")

    assert "… 93 calls" in shop.out
    assert "test_a.py:99 in down" in shop.out
    assert "test_a.py:93 in down" not in shop.out


def test_of_a_process_that_was_ended_it_tells_the_calls_of_the_thread_of_the_test(shop, make_run):
    name = "tests/test_a.py::test_hangs"
    stack = (
        "Timeout (0:00:03)!\nThread 0x01 (most recent call first):\n"
        '  File "/x/execnet/gateway_base.py", line 534 in read\n\n'
        "Thread 0x02 (most recent call first):\n"
        '  File "/x/shop/count.py", line 9 in count\n'
        '  File "/x/tests/test_a.py", line 4 in test_hangs\n'
        '  File "/x/site-packages/_pytest/python.py", line 187 in pytest_pyfunc_call\n'
    )
    timeout = TestRecord(nodeid=name, outcome=Outcome.TIMEOUT, call_ns=10**9)
    shop.record(make_run(0)._replace(tests=(timeout,), stopped=(StoppedTest(name, 1, stack),)))

    shop.run("show")

    told = shop.out.partition("at its deadline: 1 test")[2].splitlines()[1:4]
    assert told == [
        f"  {name}",
        "    tests/test_a.py:4 in test_hangs",
        "    /x/shop/count.py:9 in count",
    ]
