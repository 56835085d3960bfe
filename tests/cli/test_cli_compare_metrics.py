"""`lapwing compare --format json`: every metric has a comparison of its own."""

import pytest

from lapwing.analysis.baseline_entries import baseline_entries
from lapwing.model.record import Count
from lapwing.model.series import samples_of
from lapwing.model.thresholds import ChangeThresholds
from lapwing.store.baseline_file import write_baseline_file
from lapwing.store.data_file import write_data_file

MB = 1_000_000
MS = 1_000_000


@pytest.fixture
def compared(shop, make_run):
    """Runs whose test records `before` changes, and one that `after` does: comparisons by metric and name."""

    def compared(before, after):
        def run(number, change):
            made = make_run(number)
            return made._replace(tests=tuple(change(at, each) for at, each in enumerate(made.tests)))

        shop.record(*(run(number, before) for number in range(7)), run(7, after))
        document = shop.json("compare")
        return {
            (each["metric"], each["nodeid"]): each for each in document["comparisons"] + document["suite"]
        }

    return compared


def as_it_is(at, record):
    return record


def slower(at, record):
    return (
        record._replace(call_ns=3 * record.call_ns, call_cpu_ns=3 * record.call_cpu_ns) if at == 7 else record
    )


def test_wall_and_cpu_time_of_a_test(compared, name_of):
    found = compared(as_it_is, slower)

    for metric in ("wall", "cpu"):
        one = found[metric, name_of(7)]
        assert (one["unit"], one["verdict"], one["severity"]) == ("ns", "regressed", "critical")
        assert one["after"] == pytest.approx(3 * one["before"], rel=0.05)
        assert one["interval"][0] < one["ratio"] < one["interval"][1]
        assert found[metric, name_of(8)]["verdict"] == "unchanged"


def test_cpu_time_that_fell_beside_equal_wall_time(compared, name_of):
    found = compared(
        as_it_is, lambda at, each: each._replace(call_cpu_ns=each.call_cpu_ns // 3) if at == 7 else each
    )

    assert found["cpu", name_of(7)]["verdict"] == "improved"
    assert found["wall", name_of(7)]["verdict"] == "unchanged"


@pytest.mark.parametrize("metric", ["peak_bytes", "delta_bytes"])
def test_memory_of_a_test(compared, name_of, metric):
    found = compared(
        lambda _, each: each._replace(**{metric: 20 * MB}),
        lambda at, each: each._replace(**{metric: (90 if at == 7 else 20) * MB}),
    )

    one = found[metric, name_of(7)]
    assert (one["unit"], one["verdict"], one["before"], one["after"]) == (
        "bytes",
        "regressed",
        20 * MB,
        90 * MB,
    )
    assert found[metric, name_of(8)]["verdict"] == "unchanged"


def test_memory_that_was_none_before_has_no_ratio(compared, name_of):
    found = compared(
        lambda _, each: each._replace(delta_bytes=0), lambda _, each: each._replace(delta_bytes=90 * MB)
    )

    one = found["delta_bytes", name_of(7)]
    assert (one["verdict"], one["ratio"]) == ("regressed", None)


def test_suite_folder_and_category(compared):
    def slow_api(at, record):
        times = 9 if at in range(1, 17, 2) else 1
        return record._replace(call_ns=times * record.call_ns, call_cpu_ns=times * record.call_cpu_ns)

    found = compared(as_it_is, slow_api)

    assert found["suite_wall", "suite"]["verdict"] == "regressed"
    assert found["group_wall", "tests/api"]["verdict"] == "regressed"
    assert found["group_wall", "tests/unit"]["verdict"] == "unchanged"
    assert found["category_wall", "api"]["verdict"] == "regressed"


def test_fixture_set_up_and_collection(shop, make_run):
    def run(number, times):
        made = make_run(number)
        return made._replace(
            fixtures=tuple(each._replace(setup_ns=200 * MS * times) for each in made.fixtures),
            collection=tuple(each._replace(duration_ns=300 * MS * times) for each in made.collection),
        )

    shop.record(*(run(number, 1) for number in range(7)), run(7, 5))

    sums = {each["metric"]: each for each in shop.json("compare")["suite"]}
    assert sums["fixture_setup"]["verdict"] == sums["collection"]["verdict"] == "regressed"


def test_fixture_set_up_and_collection_on_a_machine_that_others_keep_busy(shop, make_run):
    def run(number, times):
        made = make_run(number)
        return made._replace(
            tests=tuple(each._replace(run_delay_ns=each.call_ns * (times - 1) // 10) for each in made.tests),
            fixtures=tuple(each._replace(setup_ns=200 * MS * times) for each in made.fixtures),
            collection=tuple(each._replace(duration_ns=300 * MS * times) for each in made.collection),
        )

    shop.record(*(run(number, 1) for number in range(7)), run(7, 5))

    sums = {each["metric"]: each for each in shop.json("compare")["suite"]}
    for metric in ("fixture_setup", "collection"):
        assert (sums[metric]["verdict"], sums[metric]["worth_a_look"]) == ("cannot_tell", True)
        assert "kept the processors busy" in sums[metric]["reason"]


def counting(name, counts, rest=2):
    """Test 7 has the next of `counts`, every other test `rest`."""
    left = iter(counts)
    return lambda at, each: each._replace(counters={name: Count(next(left) if at == 7 else rest)})


def test_a_count_that_rose_is_regressed_and_decides_nothing(compared, shop, name_of):
    found = compared(counting("sql_queries", [2] * 7), counting("sql_queries", [40]))

    one = found["counter:sql_queries", name_of(7)]
    assert (one["unit"], one["before"], one["after"], one["ratio"]) == ("count", 2, 40, 20)
    assert (one["verdict"], one["severity"], one["baseline_runs"]) == ("regressed", "critical", 5)
    assert [metric for metric, _ in found if metric.startswith("counter:")] == ["counter:sql_queries"]
    assert shop.json("compare")["verdict"] == "unchanged"
    assert shop.run("check") == 0
    shop.run("compare")
    assert "1 doing more" in shop.out.splitlines()[0]
    assert f"{name_of(7)} (counter:sql_queries)" in shop.out


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict"),
    [
        ("file", [9] * 7, 2, "improved"),
        ("file", [10] * 7, 11, "unchanged"),  # within the threshold
        ("file", [2, 9, 2, 2, 9, 2, 9], 8, "unchanged"),  # the baseline has shown more
        ("sleep", [9, 8, 6, 6, 7, 7, 8], 1, "unchanged"),  # a loop that polls
        ("sleep", [9, 8, 6, 6, 7, 7, 8], 40, "regressed"),
        ("file", [0] * 7, 3, "regressed"),  # other tests show that the probe was on
        ("cache_hits", [9] * 7, 2, "regressed"),
        ("cache_hits", [2] * 7, 9, "improved"),
    ],
)
def test_what_is_said_of_counts(compared, name_of, name, before, after, verdict):
    found = compared(counting(name, before), counting(name, [after]))

    assert found[f"counter:{name}", name_of(7)]["verdict"] == verdict


def test_a_count_of_one_baseline_run_may_be_another_each_time(shop, make_run, name_of):
    def run(number, count):
        made = make_run(number)
        change = counting("sleep", [count])
        return made._replace(tests=tuple(change(at, each) for at, each in enumerate(made.tests)))

    shop.record(run(0, 5), run(1, 50))

    (one,) = [each for each in shop.json("compare")["comparisons"] if each["metric"] == "counter:sleep"]
    assert (one["nodeid"], one["verdict"]) == (name_of(7), "cannot_tell")


def test_what_nobody_counted_before_may_have_been_off(compared):
    found = compared(as_it_is, counting("http_requests", [3]))

    assert not [metric for metric, _ in found if metric.startswith("counter:")]


def test_a_counter_has_thresholds_of_its_own(compared, shop, name_of):
    (shop.root / "pyproject.toml").write_text(
        '[tool.lapwing]\n[tool.lapwing.thresholds.files]\nmetrics = ["counter:file"]\nwarning = "400%"\n'
    )

    found = compared(counting("file", [2] * 7), counting("file", [8]))

    assert found["counter:file", name_of(7)]["verdict"] == "unchanged"


def test_a_data_file_is_compared_by_its_counts_too(compared, shop, make_run, name_of):
    compared(counting("file", [2] * 7), counting("file", [8]))
    later = make_run(9)
    more = tuple(each._replace(counters={"file": Count(8)}) for each in later.tests)
    write_data_file(shop.root / "new.json", later._replace(tests=more), slow_threshold_ns=10**10)

    document = shop.json("compare", "latest~1", "new.json")

    assert f"counter:file {name_of(7)}" in [
        f"{one['metric']} {one['nodeid']}" for one in document["comparisons"]
    ]


def test_memory_is_judged_from_the_baseline_file_alone(shop, make_run, name_of):
    def run(number, megabytes):
        made = make_run(number)
        return made._replace(
            tests=tuple(
                each._replace(peak_bytes=(megabytes if at == 7 else 20) * MB)
                for at, each in enumerate(made.tests)
            )
        )

    runs = [samples_of(run(number, 20)) for number in range(5)]
    file = baseline_entries(runs, ChangeThresholds(), date="2026-11-01")
    write_baseline_file(shop.root / "tests" / ".performance_baseline.json", file)
    shop.record(run(9, 90))

    found = {(each["metric"], each["nodeid"]): each for each in shop.json("compare")["comparisons"]}

    one = found["peak_bytes", name_of(7)]
    assert (one["verdict"], one["before"], one["after"]) == ("regressed", 20 * MB, 90 * MB)
    assert found["peak_bytes", name_of(8)]["verdict"] == "unchanged"
    assert shop.run("check") == 1
    entry = next(each for each in shop.json("baseline", "show")["tests"] if each["nodeid"] == name_of(7))
    assert entry["peak"] == {"median": 20 * MB, "low": 20 * MB, "high": 20 * MB}
    assert entry["delta"] is None
