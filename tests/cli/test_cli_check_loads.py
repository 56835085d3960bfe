"""`lapwing check` and limits of load tests that were kept."""

import pytest

from lapwing.cli.main import main
from lapwing.config.load import load_settings
from lapwing.model.load import LoadResult, LoadStep, LoadUnit
from lapwing.model.measurement import BenchmarkRecord
from lapwing.operations.load_store import keep_load

MS = 1_000_000
SECOND = 1000 * MS


def step(load, *, p95=100 * MS, failures=0, rps=50.0, broken=()):
    return LoadStep(
        load=load,
        users=20,
        duration_ns=10 * SECOND,
        offered_rps=load,
        achieved_rps=rps,
        requests=500,
        failures=failures,
        p50_ns=8 * MS,
        p95_ns=p95,
        p99_ns=2 * p95,
        broken=broken,
    )


@pytest.fixture
def keep(with_history):
    """Keeps results in a shop with a history, as `keep_alone` does."""
    return keeping(with_history)


@pytest.fixture
def keep_alone(shop):
    """Keeps results in the shop, which has a limit on p95, failures and rate of what it is asked."""
    return keeping(shop)


def keeping(shop):
    with (shop.root / "pyproject.toml").open("a") as file:
        file.write('[tool.lapwing.load_budgets."GET /*"]\np95 = "150ms"\nfailures = "2%"\nrps = 40\n')

    def kept(*steps, name="GET /items", number=1, **changes):
        fields = {"wanted": 20.0, "started_at_ns": number * SECOND, "duration_ns": 10 * SECOND} | changes
        result = LoadResult(name, name, LoadUnit.RPS, steps=steps, **fields)
        settings = load_settings(shop.root, environ={})
        keep_load(settings, result, environ={})

    return kept


def test_a_load_within_its_limits_passes(keep, with_history):
    keep(step(20.0))

    assert with_history.run("check") == 0


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"p95": 300 * MS}, ("latency p95", "300 ms", "150 ms")),
        ({"failures": 25}, ("failures", "5.0%", "2.0%")),
        ({"rps": 20.0}, ("requests a second, at least", "20", "40")),
    ],
)
def test_a_broken_limit_fails_by_name_value_and_limit(changes, parts, keep, with_history):
    keep(step(20.0, **changes))

    assert with_history.run("check") == 1

    assert "FAILED: 1 under load over its limit" in with_history.out
    row = next(line for line in with_history.out.splitlines() if line.lstrip().startswith("GET /items"))
    for part in (*parts, "critical"):
        assert part in row


def test_only_the_newest_result_of_a_load_test_counts(keep, with_history):
    keep(step(20.0, rps=1.0), number=1)
    keep(step(20.0), number=2)

    assert with_history.run("check") == 0


def test_of_rising_loads_the_highest_that_was_held_is_judged(keep, with_history):
    keep(step(20.0), step(40.0, p95=900 * MS, failures=100, broken=("p95 900 ms over 500 ms",)))

    assert with_history.run("check") == 0


def test_a_broken_limit_of_load_is_let_pass_where_other_things_are_to_fail(keep, with_history):
    keep(step(20.0, rps=1.0))

    assert with_history.run("check", "--fail-on", "regression,budget") == 0
    assert "let pass" in with_history.out


def test_json_names_the_load_test_and_where_its_limit_was_set(keep, with_history):
    keep(step(20.0, rps=20.0))

    (broken,) = with_history.json("check")["broken"]

    assert (broken["guard"], broken["nodeid"], broken["limit"]) == ("load", "GET /items", 40)
    assert broken["origin"] == 'pyproject.toml [tool.lapwing.load_budgets."GET /*"]'


def test_a_limit_without_any_load_is_told_and_fails_nothing(keep, with_history):
    assert with_history.run("check") == 0

    assert "nothing is kept of a load test" in with_history.out


@pytest.mark.parametrize(("p95", "code"), [(100 * MS, 0), (300 * MS, 1)])
def test_without_any_run_kept_loads_are_judged(keep_alone, shop, p95, code):
    keep_alone(step(20.0, p95=p95))

    assert shop.run("check") == code

    assert ("passed: load tests keep their limits" in shop.out) == (not code)
    assert "no run is recorded yet" in shop.out
    assert shop.json("check")["run_id"] is None


@pytest.mark.parametrize(
    "arguments", [("--fail-on", "budget,load"), ("--release-gate",), ("--run", "latest~1")]
)
def test_without_any_run_what_only_a_run_can_tell_cannot_be_judged(keep_alone, shop, capsys, arguments):
    keep_alone(step(20.0))

    assert shop.run("check", *arguments) == 2


def test_a_misspelled_limit_ends_with_2_and_the_nearest_word(with_history, capsys):
    with (with_history.root / "pyproject.toml").open("a") as file:
        file.write('[tool.lapwing.load_budgets."GET /*"]\nfailurs = "1%"\n')

    assert main(["check"]) == 2

    assert "failures" in capsys.readouterr().err


def test_a_load_test_inside_of_a_test_is_judged_by_the_same_limits(keep, shop, make_run):
    measured = BenchmarkRecord(
        name="GET /prices",
        nodeid="tests/test_load.py::test_prices",
        source="lapwing",
        unit="ns",
        samples=(300.0 * MS,),
        metadata={"load": "20 rps"},
        metric="latency p95",
    )
    keep(step(20.0))
    shop.record(make_run(9)._replace(benchmarks=(measured,)))

    (broken,) = shop.json("check", "--fail-on", "load")["broken"]

    assert (broken["nodeid"], broken["what"]) == ("GET /prices", "latency p95")
    assert broken["reason"] == "at 20 rps in tests/test_load.py::test_prices"
