"""What each advisor says of a made run, and what it leaves alone."""

from functools import partial

import pytest

from lapwing.advice.advise import advise
from lapwing.advice.facts import Facts, History
from lapwing.advice.what_if import what_if
from lapwing.analysis.suite_times import suite_times
from lapwing.analysis.test_time import waits_for_processes
from lapwing.model.record import CollectRecord, Count, FixtureRecord, TestRecord
from lapwing.model.run import Machine, RecordedRun, Run, WorkerFacts
from lapwing.model.source_facts import FixtureSource, SourceFacts
from lapwing.model.suggestion import Confidence
from lapwing.units import NS_PER_MS

FILE = "tests/test_a.py"


def record(name, ms=10, *, cpu=0, **facts):
    return TestRecord(
        name if "::" in name else f"{FILE}::{name}",
        "passed",
        call_ns=ms * NS_PER_MS,
        call_cpu_ns=cpu * NS_PER_MS,
        **facts,
    )


def ordinary(count=20, ms=10):
    return [record(f"test_{at}", ms) for at in range(count)]


def advice_on(
    tests,
    fixtures=(),
    sources=SourceFacts(),
    history=History(),
    workers=0,
    dist="no",
    startup=50,
    conftests=None,
    boot_cpu_ns=None,
    end_blocks=None,
    collected=20,
    **run_facts,
):
    now, placed, clocks = 100 * NS_PER_MS, [], [100 * NS_PER_MS] * max(1, workers)
    for at, each in enumerate(tests):
        worker = at % max(1, workers)
        now = clocks[worker]
        placed.append(each._replace(start_ns=now, worker=f"gw{worker}" if workers else "main"))
        clocks[worker] = now + (each.duration_ns or 0)
    names = [f"gw{at}" for at in range(workers)]
    loading = None if conftests is None else conftests * NS_PER_MS
    run = Run(
        "0192f3a1-0000-7000-8000-000000000001",
        0,
        max(clocks) + NS_PER_MS,
        machine=Machine(cores=run_facts.pop("cores", 1)),
        processes=tuple(
            WorkerFacts(
                name,
                1,
                warmup_ns=0,
                end_ns=max(clocks),
                conftests_ns=loading,
                boot_cpu_ns=boot_cpu_ns,
                end_blocks=end_blocks,
            )
            for name in ("main", *names)
        ),
        startup_ns=startup * NS_PER_MS,
        workers=workers,
        distribution=dist,
        **run_facts,
    )
    collection = tuple(
        CollectRecord(file, worker=worker, duration_ns=collected * NS_PER_MS)
        for worker in names or ["main"]
        for file in dict.fromkeys(each.nodeid.partition("::")[0] for each in placed)
    )
    recorded = RecordedRun(run, tuple(placed), tuple(fixtures), collection)
    suite = suite_times(recorded)
    facts = Facts(
        recorded=recorded,
        suite=suite,
        now=what_if(suite, workers, dist),
        tried=partial(what_if, suite),
        rescoped=lambda scopes: suite_times(recorded, None, scopes),
        sources=sources,
        history=history,
        processes=waits_for_processes(recorded.tests),
    )
    return advise(facts)


def named(advice, advisor):
    found = [each for each in advice if each.advisor == advisor]
    assert len(found) <= 1
    return found[0] if found else None


def ms(ns):
    return round(ns / NS_PER_MS)


def fixtures_of(tests, name="db", scope="function", took=50, location="tests/conftest.py:3"):
    return [FixtureRecord(name, scope, location, each.nodeid, setup_ns=took * NS_PER_MS) for each in tests]


DB = SourceFacts(fixtures={"tests/conftest.py:3": FixtureSource("db", "tests/conftest.py:3")})


def test_a_fixture_set_up_for_every_test_could_be_shared():
    tests = ordinary(20, ms=60)

    found = named(advice_on(tests, fixtures_of(tests), DB), "wider-fixture")

    assert ms(found.gain_ns) == 19 * 50
    assert found.where == "tests/conftest.py:3"
    assert found.confidence is Confidence.HIGH
    assert "scope='module'" in found.change


def test_a_fixture_whose_value_tests_change_is_shared_at_a_risk():
    tests = ordinary(20, ms=60)
    sources = DB._replace(changed={"db": ("tests/test_a.py:7",)})

    found = named(advice_on(tests, fixtures_of(tests), sources), "wider-fixture")

    assert found.confidence is Confidence.LOW
    assert "tests/test_a.py:7 changes it" in found.risk


def test_a_fixture_that_hangs_on_one_of_the_test_is_left_alone():
    tests = ordinary(20, ms=60)
    source = FixtureSource("db", "tests/conftest.py:3", depends=("tmp_path",))

    found = advice_on(tests, fixtures_of(tests), SourceFacts(fixtures={source.location: source}))

    assert named(found, "wider-fixture") is None


def test_a_narrow_fixture_that_it_uses_must_become_wider_too():
    tests = ordinary(20, ms=60)
    source = FixtureSource("db", "tests/conftest.py:3", depends=("till",))
    fixtures = [*fixtures_of(tests), *fixtures_of(tests, "till", took=0, location="tests/conftest.py:9")]

    found = named(
        advice_on(tests, fixtures, SourceFacts(fixtures={source.location: source})), "wider-fixture"
    )

    assert "scope='module' (and till, which it uses)" in found.change
    assert found.confidence is Confidence.MEDIUM


def test_what_a_fixture_gains_has_what_those_it_uses_gain_with_it():
    tests = ordinary(20, ms=60)
    source = FixtureSource("db", "tests/conftest.py:3", depends=("till",))
    fixtures = [
        *fixtures_of(tests, took=30),
        *fixtures_of(tests, "till", took=20, location="tests/conftest.py:9"),
    ]

    advice = advice_on(tests, fixtures, SourceFacts(fixtures={source.location: source}))

    gains = {each.title.split()[1]: ms(each.gain_ns) for each in advice if each.advisor == "wider-fixture"}
    assert gains == {"db": 19 * 50, "till": 19 * 20}


@pytest.mark.parametrize(
    "used",
    [
        FixtureRecord("db", "function", "/usr/lib/site-packages/pytest_django/fixtures.py:3", FILE),
        FixtureRecord("tmp_path", "function", "/usr/lib/site-packages/_pytest/tmpdir.py:3", FILE),
    ],
)
def test_a_fixture_that_uses_one_that_cannot_become_wider_is_left_alone(used):
    tests = ordinary(20, ms=60)
    between = FixtureSource("shop", "tests/conftest.py:9", depends=(used.name,))
    source = FixtureSource("user", "tests/conftest.py:3", depends=("shop",))
    fixtures = [
        *fixtures_of(tests, "user"),
        *fixtures_of(tests, "shop", took=0, location="tests/conftest.py:9"),
        used,
    ]
    sources = SourceFacts(fixtures={each.location: each for each in (between, source)})

    assert named(advice_on(tests, fixtures, sources), "wider-fixture") is None


@pytest.mark.parametrize(
    ("facts", "doubt"),
    [
        ({"gives": False}, "it gives tests no value: what it does for each of them may be the point"),
        (
            {"restores": "tests/conftest.py:6"},
            "it puts something back after each test at tests/conftest.py:6",
        ),
    ],
)
def test_a_fixture_that_may_be_meant_for_each_test_is_doubtful(facts, doubt):
    tests = ordinary(20, ms=60)
    source = FixtureSource("db", "tests/conftest.py:3", **facts)

    found = named(
        advice_on(tests, fixtures_of(tests), SourceFacts(fixtures={source.location: source})), "wider-fixture"
    )

    assert found.confidence is Confidence.LOW
    assert doubt in found.evidence


def test_a_wider_asynchronous_fixture_needs_a_wider_loop():
    tests = ordinary(20, ms=60)
    source = FixtureSource("db", "tests/conftest.py:3", is_async=True)

    found = named(
        advice_on(tests, fixtures_of(tests), SourceFacts(fixtures={source.location: source})), "wider-fixture"
    )

    assert "scope='module', with an event loop of that scope" in found.change


def test_a_fixture_of_a_library_is_left_alone():
    tests = ordinary(20, ms=60)

    assert (
        named(advice_on(tests, fixtures_of(tests, location="/usr/lib/plugin.py:3")), "wider-fixture") is None
    )


def test_fixtures_with_one_body_in_several_files_could_be_one():
    tests = [
        record(f"tests/test_{file}.py::test_it", 300, shared_fixture_ns=250 * NS_PER_MS) for file in "abcd"
    ]
    places = [f"tests/test_{file}.py:3" for file in "abcd"]
    fixtures = [
        fixture
        for test, place in zip(tests, places, strict=True)
        for fixture in fixtures_of([test], "catalog", "module", 250, place)
    ]
    sources = SourceFacts(
        fixtures={place: FixtureSource("catalog", place, likeness="same") for place in places}
    )

    found = named(advice_on(tests, fixtures, sources), "duplicate-setup")

    assert ms(found.gain_ns) == 750
    assert found.evidence == tuple(f"the same body at {place}" for place in places)


def of_method(tests, method, kind, scope, took=50):
    name, place = f"_xunit_{method}_fixture_{kind}", "/usr/_pytest/python.py:8"
    return fixtures_of(tests, name, scope, took, place)


def test_a_method_that_sets_up_each_test_could_do_it_once_for_the_class():
    tests = [record(f"{FILE}::TestTill::test_{at}", 60) for at in range(20)]
    source = FixtureSource("TestTill.setup_method", f"{FILE}:4", likeness="same")

    found = named(
        advice_on(
            tests,
            of_method(tests, "setup_method", "TestTill", "function"),
            SourceFacts(setups={f"{FILE}::TestTill::setup_method": source}),
        ),
        "duplicate-setup",
    )

    assert (found.title, found.where) == ("TestTill.setup_method runs 20 times, 1.00 s in sum", f"{FILE}:4")
    assert ms(found.gain_ns) == 19 * 50
    assert "setup_class" in found.change


def test_classes_that_set_up_the_same_could_share_it():
    kinds = [(f"tests/test_{file}.py", f"Test{at}") for file in "ab" for at in range(3)]
    firsts = [
        record(f"{file}::{kind}::test_it", 300, shared_fixture_ns=200 * NS_PER_MS) for file, kind in kinds
    ]
    fixtures = [
        fixture
        for first, (_, kind) in zip(firsts, kinds, strict=True)
        for fixture in of_method([first], "setup_class", kind, "class", 200)
    ]
    setups = {
        f"{file}::{kind}::setup_class": FixtureSource(
            f"{kind}.setup_class", f"{file}:{kind[-1]}", likeness="x"
        )
        for file, kind in kinds
    }

    found = named(advice_on(firsts, fixtures, SourceFacts(setups=setups)), "duplicate-setup")

    assert found.title == "6 methods such as Test0.setup_class do the same: 6 times, 1.20 s in sum"
    assert ms(found.gain_ns) == 5 * 200
    assert "scope 'session'" in found.change


def test_sleeps_are_told_with_their_lines():
    tests = [record("test_naps", 500, counters={"sleep": Count(1, 400 * NS_PER_MS)}), *ordinary()]
    sources = SourceFacts(sleeps={FILE: (f"{FILE}:9",)})

    found = named(advice_on(tests, sources=sources), "sleeping")

    assert (ms(found.gain_ns), found.where) == (400, f"{FILE}:9")


def test_many_short_sleeps_are_polling():
    tests = [record("test_polls", 500, counters={"sleep": Count(40, 400 * NS_PER_MS)}), *ordinary()]

    found = named(advice_on(tests), "sleeping")

    assert found.title.startswith("polling in 1 test: 400 ms in 40 sleeps")
    assert found.confidence is Confidence.MEDIUM


def test_of_a_wait_for_a_program_half_a_pause_is_the_gain():
    counters = {"sleep": Count(4, 400 * NS_PER_MS), "subprocess": Count(1)}
    tests = [*(record(f"test_serves_{at}", 500, counters=counters) for at in range(10)), *ordinary()]

    found = named(advice_on(tests), "sleeping")

    assert found.gain_ns == pytest.approx(10 * 50 * NS_PER_MS, rel=0.05)
    assert any("10 tests of these started a program" in line for line in found.evidence)


def test_time_asleep_counts_at_most_as_long_as_the_test_took():
    tests = [record("test_naps", 500, counters={"async_sleep": Count(9, 9000 * NS_PER_MS)}), *ordinary()]

    assert ms(named(advice_on(tests), "sleeping").gain_ns) == 500


@pytest.mark.parametrize(
    ("counter", "advisor"),
    [
        ("http_requests", "network"),
        ("dns", "network"),
        ("sql_n_plus_one", "repeated-queries"),
    ],
)
def test_what_probes_saw_is_told_by_its_advisor(counter, advisor):
    tests = [record("test_it", 500, counters={counter: Count(3, 300 * NS_PER_MS)}), *ordinary()]

    assert ms(named(advice_on(tests), advisor).gain_ns) == 300


def test_a_program_that_a_test_reads_from_counts_until_it_has_written():
    counters = {"subprocess": Count(1, 2 * NS_PER_MS), "sleep": Count(1, 90 * NS_PER_MS)}
    tests = [record("test_it", 500, cpu=10, counters=counters), *ordinary()]
    sources = SourceFacts(tests={f"{FILE}::test_it": f"{FILE}:7"})

    found = named(advice_on(tests, sources=sources), "subprocesses")

    assert (ms(found.gain_ns), found.where) == (400, f"{FILE}:7")
    assert found.title == "programs started 1 time in 1 test: 400 ms of waiting for them"


def test_programs_that_were_forked_only_are_not_counted_as_none():
    tests = [record("test_it", 500, counters={"subprocess": Count(0, 300 * NS_PER_MS)}), *ordinary()]

    found = named(advice_on(tests), "subprocesses")

    assert found.title == "processes started or forked in 1 test: 500 ms of waiting for them"


def test_of_rounds_that_ask_a_database_only_queries_and_computing_are_a_gain():
    counters = {"sql_n_plus_one": Count(1, 400 * NS_PER_MS), "sql_queries": Count(50, 60 * NS_PER_MS)}
    tests = [record("test_it", 500, cpu=100, counters=counters), *ordinary()]

    assert ms(named(advice_on(tests), "repeated-queries").gain_ns) == 160


def test_a_unit_test_that_asks_a_database_is_in_the_wrong_category():
    tests = [record("test_it", 5, counters={"sql_queries": Count(3, NS_PER_MS)}), *ordinary()]

    found = named(advice_on(tests), "wrong-category")

    assert found.title == "called unit tests, though they ask a database: 1 test"
    assert found.gain_ns == 0
    assert (
        named(advice_on([each._replace(category="integration") for each in tests]), "wrong-category") is None
    )


def test_slow_start_up_is_told_with_the_imports_of_conftest_files():
    sources = SourceFacts(imports={"tests/conftest.py": ("tests/conftest.py:2 pandas",)})

    found = named(advice_on(ordinary(), sources=sources, startup=1150), "heavy-imports")

    assert ms(found.gain_ns) == 1000
    assert (found.where, found.evidence) == (
        "tests/conftest.py:2",
        ("imported at tests/conftest.py:2 pandas",),
    )


@pytest.mark.parametrize(
    ("users", "other_file", "is_told"),
    [
        ((), "json", True),
        (("tests/conftest.py:3",), "json", False),  # of a fixture that was set up
        (("tests/conftest.py:9",), "json", True),  # of one that no test of the run asked for
        (("",), "json", False),
        ((), "pandas", False),  # the file would pay for it
        ((), "pandas.api", False),
    ],
)
def test_what_tests_of_the_run_need_costs_the_same_wherever_it_is_imported(users, other_file, is_told):
    line = "tests/conftest.py:2 pandas"
    sources = SourceFacts(
        imports={"tests/conftest.py": (line,), FILE: (f"{FILE}:1 {other_file}",)}, users={line: users}
    )
    tests = ordinary()

    advice = advice_on(tests, fixtures_of(tests[:1]), sources, startup=1150, conftests=1000)

    assert bool(named(advice, "heavy-imports")) == is_told


def test_a_module_whose_tests_need_what_it_imports_is_left_alone_unless_they_were_left_out():
    line = f"{FILE}:3 pandas"
    sources = SourceFacts(imports={FILE: (line,)}, users={line: ("",)})

    assert named(advice_on(ordinary(5), sources=sources, collected=900), "heavy-imports") is None
    left_out = advice_on(ordinary(5), sources=sources, collected=900, deselected=3000)
    assert named(left_out, "heavy-imports").where == f"{FILE}:3"


def test_a_slow_module_whose_imports_came_before_is_told_without_them():
    line = f"{FILE}:3 pandas"
    sources = SourceFacts(
        imports={"tests/conftest.py": ("tests/conftest.py:2 pandas",), FILE: (line,)}, users={line: ("",)}
    )

    found = named(advice_on(ordinary(5), sources=sources, collected=900), "heavy-imports")

    assert (found.where, found.evidence) == (FILE, ())


def test_a_module_that_is_slow_to_collect_names_what_is_heavy_and_what_is_left_out():
    sources = SourceFacts(imports={FILE: (f"{FILE}:1 __future__", f"{FILE}:2 gc", f"{FILE}:3 pandas")})

    found = named(advice_on(ordinary(5), sources=sources, collected=900, deselected=3000), "heavy-imports")

    assert found.where == f"{FILE}:3"
    assert found.evidence == (
        "3,000 tests of the suite collected and deselected, 5 run",
        f"imported at {FILE}:3 pandas",
    )


def test_a_slow_start_up_whose_conftest_files_import_nothing_heavy_is_told_of_plugins_too():
    found = named(advice_on(ordinary(), startup=1150, conftests=420), "heavy-imports")

    assert found.title.startswith("conftest files, and what plugins set up with them, take 420 ms ")
    assert (found.where, found.confidence) == ("", Confidence.MEDIUM)


def test_of_a_slow_start_up_conftest_files_are_told_what_they_took_themselves():
    sources = SourceFacts(imports={"conftest.py": ("conftest.py:1 json", "conftest.py:2 pandas.api")})

    found = named(advice_on(ordinary(), sources=sources, startup=1150, conftests=420), "heavy-imports")

    assert ms(found.gain_ns) == 400
    assert found.evidence == ("imported at conftest.py:2 pandas.api",)
    assert named(advice_on(ordinary(), startup=1150, conftests=100), "heavy-imports") is None


def test_of_a_slow_start_up_plugins_are_told_the_rest():
    packages = {"hypothesis": "6.1", "pytest-cov": "7.0", "attrs": "26.1"}

    found = named(advice_on(ordinary(), startup=1150, conftests=20, packages=packages), "heavy-plugins")

    assert ms(found.gain_ns) == 500
    assert found.confidence is Confidence.LOW
    assert found.evidence == ("installed: hypothesis, pytest-cov",)
    assert named(advice_on(ordinary(), startup=300, packages=packages, conftests=0), "heavy-plugins") is None


def test_every_combination_of_parameters_need_not_run():
    tests = [record(f"test_it[{a}-{b}-{c}]", 20) for a in range(6) for b in range(5) for c in range(4)]

    found = named(advice_on(tests), "parameter-explosion")

    assert "6 × 5 × 4 = 120 combinations" in found.title
    assert ms(found.gain_ns) == 90 * 20


def test_combinations_are_found_where_a_value_has_a_dash_in_its_name():
    names = ("utf-8", "utf-16-le", "ascii")
    tests = [record(f"test_it[{a}-{name}-{c}]", 20) for a in range(4) for name in names for c in "xyz"]

    found = named(advice_on(tests), "parameter-explosion")

    assert "4 × 3 × 3 = 36 combinations" in found.title


def test_parameters_that_are_no_full_product_are_left_alone():
    tests = [record(f"test_it[{at}-{at * at}]", 20) for at in range(40)]

    assert named(advice_on(tests), "parameter-explosion") is None


def test_one_slow_parameter_among_many_is_told():
    tests = [record(f"test_it[{at}]", 900 if at == 7 else 20) for at in range(20)]

    found = named(advice_on(tests), "parameter-outlier")

    assert ms(found.gain_ns) == 880
    assert "test_it[7]" in found.evidence[0]


def test_a_test_longer_than_a_workers_share_should_be_split():
    tests = [record("test_all", 3000), *ordinary(20, ms=50)]

    found = named(advice_on(tests, workers=4, dist="load", cores=4), "long-test")

    assert 2000 < ms(found.gain_ns) < 2700


def test_a_serial_run_of_waiting_tests_gains_from_workers():
    found = named(advice_on(ordinary(40, ms=500)), "parallel")

    assert found.gain_ns > 10_000 * NS_PER_MS
    assert "-n 4" in found.change


def test_workers_are_proposed_surer_where_the_process_told_how_it_began():
    told = named(advice_on(ordinary(40, ms=500), boot_cpu_ns=250 * NS_PER_MS, end_blocks=300_000), "parallel")
    untold = named(advice_on(ordinary(40, ms=500)), "parallel")

    assert (told.confidence, untold.confidence) == ("medium", "low")
    assert untold.high_ns - untold.low_ns > told.high_ns - told.low_ns
    assert any("by usual values" in each for each in untold.evidence)


def test_a_short_run_gains_nothing_from_workers():
    assert named(advice_on(ordinary(20, ms=10)), "parallel") is None


def test_a_mode_that_keeps_a_long_file_together_is_held_against_others():
    tests = [record(f"tests/test_{'a' if at < 20 else at}.py::test_{at}", 200) for at in range(26)]

    found = named(advice_on(tests, workers=4, dist="loadfile", cores=4), "distribution")

    assert found.gain_ns > 2000 * NS_PER_MS
    assert "cannot be shorter than tests/test_a.py" in found.evidence[0]
    assert found.risk


@pytest.mark.parametrize(("extra", "is_told"), [(8, False), (20, True)])
def test_a_mode_that_takes_hardly_less_is_not_told(extra, is_told):
    tests = [
        record(f"tests/test_{file}.py::test_{at}", 100 if file else 100 + extra)
        for at in range(20)
        for file in range(8)
    ]

    advice = advice_on(tests, workers=4, dist="loadfile", cores=4)

    assert bool(named(advice, "distribution")) == is_told


def test_what_another_mode_gains_is_not_said_to_be_the_gain_of_more_workers():
    tests = [record(f"tests/test_big.py::test_{at}", 100, cpu=100) for at in range(40)]

    advice = advice_on(tests, workers=4, dist="loadfile", cores=4)

    assert advice[0].advisor == "distribution"
    assert named(advice, "parallel") is None


def test_a_costly_test_that_never_failed_is_a_candidate_for_the_night():
    tests = [record("test_all", 1000), *ordinary()]
    quiet = History(passed={f"{FILE}::test_all": 12})

    found = named(advice_on(tests, history=quiet), "never-fails")

    assert (ms(found.gain_ns), found.confidence) == (1000, Confidence.LOW)
    assert found.title == "1 test never failed in 12 runs and takes 1.00 s"
    failing = quiet._replace(failed=frozenset([f"{FILE}::test_all"]))
    assert "test_all" not in str(named(advice_on(tests, history=failing), "never-fails"))
    new = History(passed={f"{FILE}::test_all": 3})
    assert named(advice_on(tests, history=new), "never-fails") is None


def test_a_busy_garbage_collector_is_told():
    tests = [record(f"test_{at}", 100, cpu=100, gc_ns=30 * NS_PER_MS, gc_count=2) for at in range(10)]

    found = named(advice_on(tests), "garbage-collector")

    assert ms(found.gain_ns) == 150  # half of it is looking at modules
    assert "30%" in found.title


def test_a_garbage_collector_is_not_told_where_nothing_is_left_of_the_tests_without_fixtures_and_waits():
    of_fixture = {"setup_ns": 260 * NS_PER_MS, "shared_fixture_ns": 260 * NS_PER_MS}
    waited = {"run_delay_ns": 160 * NS_PER_MS, "gc_ns": 9 * NS_PER_MS, "gc_count": 38}
    tests = [record("test_it", 120, cpu=60, setup_cpu_ns=160 * NS_PER_MS, **of_fixture, **waited)]

    assert named(advice_on(tests), "garbage-collector") is None


def test_a_garbage_collector_that_waits_for_a_processor_is_not_taken_for_busy():
    """On a machine that others use for four fifths, each pause is five times as long."""
    tests = [
        record(f"test_{at}", 100, cpu=20, run_delay_ns=80 * NS_PER_MS, gc_ns=3 * NS_PER_MS, gc_count=2)
        for at in range(10)
    ]

    assert named(advice_on(tests), "garbage-collector") is None


def test_a_finalizer_that_waits_is_not_the_garbage_collector():
    tests = [record("test_it", 1000, cpu=20, gc_ns=600 * NS_PER_MS, gc_count=1), *ordinary()]

    assert named(advice_on(tests), "garbage-collector") is None


def test_coverage_is_held_against_a_run_without_it():
    tests = [record(f"test_{at}", 100, cpu=100) for at in range(10)]
    sources = SourceFacts(coverage="pytest.ini:2")
    known = History(without_coverage={test.nodeid: 40 * NS_PER_MS for test in tests})

    found = named(advice_on(tests, sources=sources, history=known), "coverage")

    assert (ms(found.gain_ns), found.confidence, found.where) == (600, Confidence.HIGH, "pytest.ini:2")
    assert named(advice_on(tests, sources=sources), "coverage").confidence is Confidence.LOW
    assert named(advice_on(tests, sources=sources, command=("--no-cov",)), "coverage") is None
    assert named(advice_on(tests, command=("-q", "--cov=shop")), "coverage") is not None


@pytest.mark.parametrize(
    "command", [("-o", "addopts="), ("-oaddopts=-q",), ("--override-ini=addopts=",), ("-p", "no:cov")]
)
def test_coverage_that_the_command_switches_off_is_not_told(command):
    tests = [record(f"test_{at}", 100, cpu=100) for at in range(10)]

    advice = advice_on(tests, sources=SourceFacts(coverage="pytest.ini:2"), command=command)

    assert named(advice, "coverage") is None


def test_the_largest_expected_gain_comes_first_and_small_ones_are_left_out():
    tests = [
        record("test_naps", 900, counters={"sleep": Count(1, 800 * NS_PER_MS)}),
        record("test_starts", 400, counters={"subprocess": Count(1, 300 * NS_PER_MS)}),
        record("test_looks_up", 100, counters={"dns": Count(1, 4 * NS_PER_MS)}),
    ]

    advisors = [each.advisor for each in advice_on(tests)]

    assert advisors.index("sleeping") < advisors.index("subprocesses") < advisors.index("wrong-category")
    assert "network" not in advisors


def test_the_interval_holds_the_gain():
    tests = [record("test_naps", 900, counters={"sleep": Count(1, 800 * NS_PER_MS)}), *ordinary()]

    for each in advice_on(tests):
        assert each.low_ns <= each.gain_ns <= each.high_ns


@pytest.mark.parametrize(
    ("workers", "sleepers", "times"),
    [
        (2, (3, 7), (80, 1500, 1500, 80, 1500, 200, 20, 1500, 40)),
        (3, (2, 5), (200, 20, 60, 40, 200, 1500, 700, 20, 1500)),
        (4, (1,), (20, 60, 20, 200, 80, 20, 200, 80, 80, 20, 700, 700)),
    ],
)
def test_no_more_is_promised_than_is_taken_out_of_the_tests(workers, sleepers, times):
    # With these the last long tests fall to other workers, by luck, as soon as anything is shorter.
    slept = {"sleep": Count(1, 60 * NS_PER_MS)}
    tests = [
        record(f"test_{at}", took, **({"counters": slept} if at in sleepers and took >= 60 else {}))
        for at, took in enumerate(times)
    ]

    advice = named(advice_on(tests, workers=workers, dist="load"), "sleeping")

    assert advice is None or advice.gain_ns <= 60 * NS_PER_MS * len(sleepers)
