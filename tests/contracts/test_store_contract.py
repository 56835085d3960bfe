"""What every store does. A store joins by a line in STORES."""

import itertools
import json
import string
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lapwing.errors import ConfigurationError, NoDataError
from lapwing.model.accepted import AcceptedStep
from lapwing.model.budget import Budget, TestBudgets
from lapwing.model.codec import sent_run_dict
from lapwing.model.day import DAY_NS, DaySummary
from lapwing.model.import_cost import ImportCost
from lapwing.model.load import LoadResult, LoadStep, LoadUnit, StoredLoad
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.profile import HotSpot, ProfilerName, ProfileSummary
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, Subtest, TestRecord
from lapwing.model.run import CiJob, Machine, RecordedRun, Revision, Run, StoppedTest, WorkerFacts
from lapwing.model.sent_tests import sent_tests
from lapwing.model.series import FailedAttempt, RunSamples
from lapwing.model.state_change import StateChange
from lapwing.store.open_store import open_store
from lapwing.store.protocol import Removal, RunQuery, Store

STORES: dict[str, Callable[[pytest.FixtureRequest], str]] = {
    "sqlite": lambda request: f"sqlite:///{request.getfixturevalue('tmp_path')}/store.sqlite",
    "postgresql": lambda request: request.getfixturevalue("postgresql_url"),
}

# Hypothesis writes many runs into one store, and some of them twice: each has a number of its own.
RUN_NUMBERS = itertools.count()
SHARED_STORE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture(params=STORES.values(), ids=STORES.keys())
def place(request: pytest.FixtureRequest) -> str:
    url: str = request.param(request)
    return url


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with open_store(place, create=True) as opened:
        yield opened


@pytest.fixture
def open_again(place: str) -> Callable[[], Store]:
    """Opens the same store once more, as another process would."""
    return lambda: open_store(place, create=False)


PHASES = ("setup_ns", "teardown_ns", "setup_cpu_ns", "call_cpu_ns", "teardown_cpu_ns", "child_cpu_ns")


def passed(nodeid: str, call_ns: int = 1000, **fields: object) -> TestRecord:
    """A test as most are: stores may keep those otherwise than one of which something was not measured."""
    measured = {**dict.fromkeys(PHASES, 0), **fields}
    return TestRecord(nodeid=nodeid, outcome=Outcome.PASSED, call_ns=call_ns, **measured)


def recorded(run_id: str, *tests: TestRecord, start: int = 0, **fields: object) -> RecordedRun:
    return RecordedRun(run=Run(run_id=run_id, started_at_ns=start, duration_ns=1, **fields), tests=tests)


ANY_TEXT = st.text(st.characters(), max_size=8)
NAMES = st.sampled_from(["a.py::test_a", "a.py::b[\udc80]", "b.py::c\0\n", "é☃😀", "\ud83d\ude00", ""])
INT64 = st.integers(-(2**63), 2**63 - 1)
NATURAL = st.integers(0, 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
MEASURED = st.none() | st.integers(0, 10**15)

TIMES = [
    name
    for name in TestRecord._fields
    if name.endswith("_ns") and name not in ("start_ns", "shared_fixture_ns")
]
SIZES_AND_COUNTS = [
    name for name in TestRecord._fields if name.endswith(("_bytes", "_count", "_switches", "_faults"))
]
TESTS = st.builds(
    TestRecord,
    nodeid=NAMES,
    outcome=st.sampled_from(list(Outcome)),
    attempt=st.integers(1, 5),
    worker=st.sampled_from(["main", "gw0", "gw1"]),
    category=ANY_TEXT,
    start_ns=INT64,
    **dict.fromkeys(TIMES, MEASURED),
    **dict.fromkeys(SIZES_AND_COUNTS, st.none() | INT64),
    shared_fixture_ns=NATURAL,
    leaked_threads=INT64,
    markers=st.lists(ANY_TEXT, max_size=3).map(tuple),
    counters=st.dictionaries(ANY_TEXT, st.builds(Count, NATURAL, NATURAL), max_size=2),
    subtests=st.lists(st.builds(Subtest, ANY_TEXT, st.sampled_from(list(Outcome)), MEASURED), max_size=2).map(
        tuple
    ),
)
FIXTURES = st.builds(
    FixtureRecord,
    name=ANY_TEXT,
    scope=ANY_TEXT,
    location=ANY_TEXT,
    requester=NAMES,
    worker=ANY_TEXT,
    param=st.none() | ANY_TEXT,
    start_ns=INT64,
    setup_ns=NATURAL,
    teardown_ns=st.none() | NATURAL,
    failed=st.booleans(),
)
COLLECTION = st.builds(
    CollectRecord,
    nodeid=NAMES,
    worker=ANY_TEXT,
    start_ns=INT64,
    duration_ns=NATURAL,
    cpu_ns=NATURAL,
    outcome=st.sampled_from(list(Outcome)),
)
BENCHMARKS = st.builds(
    BenchmarkRecord,
    name=ANY_TEXT,
    nodeid=NAMES,
    source=ANY_TEXT,
    unit=ANY_TEXT,
    samples=st.lists(FLOATS, max_size=5).map(tuple),
    iterations=NATURAL,
    warmup=NATURAL,
    group=st.none() | ANY_TEXT,
    metadata=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2),
    metric=ANY_TEXT,
    higher_is_better=st.booleans(),
)
OPTIONAL_TEXT = st.none() | ANY_TEXT
RUNS = st.builds(
    Run,
    run_id=st.builds(lambda: str(next(RUN_NUMBERS))),
    started_at_ns=st.integers(-(2**62), 2**62),
    duration_ns=NATURAL,
    project=ANY_TEXT,
    package=ANY_TEXT,
    root=ANY_TEXT,
    revision=st.builds(Revision, OPTIONAL_TEXT, OPTIONAL_TEXT, OPTIONAL_TEXT, st.none() | st.booleans()),
    machine=st.builds(
        Machine,
        cpu_model=ANY_TEXT,
        cores=NATURAL,
        memory_bytes=NATURAL,
        cpu_limit=st.none() | FLOATS,
        memory_limit_bytes=st.none() | NATURAL,
        hostname=ANY_TEXT,
    ),
    ci=st.none() | st.builds(CiJob, ANY_TEXT, OPTIONAL_TEXT, OPTIONAL_TEXT, OPTIONAL_TEXT, OPTIONAL_TEXT),
    python=st.text(string.digits + ".", max_size=6),
    packages=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3),
    command=st.lists(ANY_TEXT, max_size=3).map(tuple),
    workers=st.integers(0, 64),
    processes=st.lists(
        st.builds(
            WorkerFacts,
            ANY_TEXT,
            NATURAL,
            INT64,
            MEASURED,
            MEASURED,
            st.booleans(),
            MEASURED,
            MEASURED,
            MEASURED,
        ),
        max_size=2,
    ).map(tuple),
    exit_status=st.none() | INT64,
    is_complete=st.booleans(),
    why_incomplete=ANY_TEXT,
    deselected=NATURAL,
    startup_ns=NATURAL,
    load_average=st.none() | FLOATS,
)
TEST_BUDGETS = st.builds(
    TestBudgets,
    st.just("") | NAMES,
    st.lists(st.builds(Budget, ANY_TEXT, INT64, ANY_TEXT), min_size=1, max_size=2).map(tuple),
    ANY_TEXT,
)
RECORDED_RUNS = st.builds(
    RecordedRun,
    run=RUNS,
    tests=st.lists(TESTS, max_size=4).map(tuple),
    fixtures=st.lists(FIXTURES, max_size=3).map(tuple),
    collection=st.lists(COLLECTION, max_size=3).map(tuple),
    benchmarks=st.lists(BENCHMARKS, max_size=2).map(tuple),
    budgets=st.lists(TEST_BUDGETS, max_size=2, unique_by=lambda each: (each.nodeid, each.category)).map(
        tuple
    ),
    stopped=st.lists(st.builds(StoppedTest, NAMES, st.integers(1, 3), ANY_TEXT), max_size=2).map(tuple),
    imports=st.lists(st.builds(ImportCost, NAMES, NATURAL, NATURAL, ANY_TEXT), max_size=2).map(tuple),
)


class TestWriteAndRead:
    @SHARED_STORE
    @given(run=RECORDED_RUNS)
    def test_a_run_comes_back_as_it_was_written(self, store: Store, run: RecordedRun) -> None:
        store.write_run(run)

        assert store.read_run(run.run.run_id) == run

    @SHARED_STORE
    @given(run=RECORDED_RUNS, many=st.lists(TESTS.filter(lambda test: test.nodeid), max_size=3))
    def test_a_run_is_the_same_whether_its_tests_come_as_columns(
        self, store: Store, run: RecordedRun, many: list[TestRecord]
    ) -> None:
        usual = [passed(f"t{number}", number, start_ns=number << 28) for number in range(150)]
        whole = run._replace(
            run=run.run._replace(run_id=f"columns-{next(RUN_NUMBERS)}"),
            tests=(*run.tests, *reversed(usual), *many),
        )
        tests = sent_tests(json.loads(json.dumps(sent_run_dict(whole)["tests"])))
        assert tests is not None

        store.write_run(whole._replace(tests=tests))

        assert store.read_run(whole.run.run_id) == whole._replace(tests=tuple(tests))
        (digest,) = store.runs(RunQuery(id_prefix=whole.run.run_id, limit=1))
        assert digest.tests == len({test.nodeid for test in whole.tests})

    def test_types_of_values_survive(self, store: Store) -> None:
        revision = Revision(dirty=False)
        store.write_run(recorded("run-1", passed("a"), revision=revision, is_complete=True))

        read = store.read_run("run-1")

        assert read.run.revision.dirty is False
        assert read.run.is_complete is True
        assert isinstance(read.tests[0].outcome, Outcome)

    def test_a_run_is_stored_once(self, store: Store) -> None:
        first = store.write_run(recorded("run-1", passed("a")))
        second = store.write_run(recorded("run-1", passed("b")))

        assert (first, second) == (True, False)
        assert store.read_run("run-1").tests == (passed("a"),)

    @SHARED_STORE
    @given(run=RECORDED_RUNS, cuts=st.lists(st.integers(0, 4), max_size=2).map(sorted))
    def test_a_run_written_in_parts_is_the_run_written_whole(
        self, store: Store, run: RecordedRun, cuts: list[int]
    ) -> None:
        tests = sorted(run.tests, key=lambda record: record.nodeid)  # the attempts of one stand together
        groups = [tuple(group) for _, group in itertools.groupby(tests, lambda record: record.nodeid)]
        places = [0, *cuts, len(groups)]
        *parts, last = [
            tuple(itertools.chain.from_iterable(groups[first:end]))
            for first, end in itertools.pairwise(places)
        ]
        whole = run._replace(tests=tuple(itertools.chain(*parts, last)))
        twin = whole._replace(run=whole.run._replace(run_id=str(next(RUN_NUMBERS))))
        store.write_run(twin)

        written = store.write_run_in_parts(run.run, parts, lambda: run._replace(tests=last))

        assert written
        assert store.read_run(run.run.run_id) == whole
        first, second = (
            next(digest for digest in store.runs() if digest.run.run_id == each.run.run_id)
            for each in (whole, twin)
        )
        assert first._replace(run=second.run) == second

    def test_every_test_of_a_run_in_parts_is_found_whatever_the_order_of_the_run_before(
        self, store: Store
    ) -> None:
        tests = [passed(f"t{number}", number) for number in range(300)]
        store.write_run(recorded("run-1", *tests))
        again = recorded("run-2", start=1).run

        store.write_run_in_parts(again, [tests[::2]], lambda: RecordedRun(run=again, tests=tests[1::2]))

        assert [len(store.history(record.nodeid)) for record in tests] == [2] * 300
        assert [store.one_test("run-2", record.nodeid).attempts for record in tests] == [
            (it,) for it in tests
        ]
        (series,) = store.series(["run-2"], [record.nodeid for record in tests])
        assert sorted(series.subjects) == sorted(record.nodeid for record in tests)

    def test_the_facts_at_its_end_are_those_of_a_run_in_parts(self, store: Store) -> None:
        begun = recorded("run-1").run
        ended = begun._replace(duration_ns=7, is_complete=False)

        store.write_run_in_parts(begun, [(passed("a"),)], lambda: RecordedRun(run=ended))

        assert store.read_run("run-1") == RecordedRun(run=ended, tests=(passed("a"),))

    def test_of_a_run_in_parts_that_breaks_off_nothing_is_kept(self, store: Store) -> None:
        def breaks_off() -> Iterator[tuple[TestRecord]]:
            yield (passed("a"),)
            raise NoDataError("the report is gone")

        with pytest.raises(NoDataError, match="the report is gone"):
            store.write_run_in_parts(recorded("run-1").run, breaks_off(), lambda: recorded("run-1"))

        assert store.runs() == []
        assert store.history("a") == []

    def test_of_a_run_in_parts_that_is_there_already_no_part_is_asked_for(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a")))
        asked = iter([(passed("b"),)])

        written = store.write_run_in_parts(recorded("run-1").run, asked, lambda: recorded("run-1"))

        assert not written
        assert list(asked) == [(passed("b"),)]

    def test_runs_that_start_at_the_same_moment_are_both_kept(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), start=5))
        store.write_run(recorded("run-2", passed("b"), start=5))

        assert store.read_run("run-1").tests == (passed("a"),)
        assert store.read_run("run-2").tests == (passed("b"),)
        assert {digest.run.started_at_ns for digest in store.runs()} == {5}

    def test_an_unknown_run_is_named(self, store: Store) -> None:
        with pytest.raises(NoDataError, match="run-9"):
            store.read_run("run-9")


class TestTestNames:
    def test_every_test_of_the_run_is_named_once_whatever_came_of_it(self, store: Store) -> None:
        measured = dict.fromkeys(
            ("setup_ns", "teardown_ns", "setup_cpu_ns", "call_cpu_ns", "teardown_cpu_ns", "child_cpu_ns"), 3
        )
        tests = (
            *(passed(f"t{at}", **measured) for at in range(1_200)),
            passed("twice", **measured),
            passed("twice", **measured),
            TestRecord(nodeid="failed", outcome=Outcome.FAILED),
            TestRecord(nodeid="skipped\udc80", outcome=Outcome.SKIPPED, attempt=1),
            passed("skipped\udc80", attempt=2),
        )
        store.write_run(recorded("run-1", *tests, start=1))
        store.write_run(recorded("run-2", passed("other"), start=2))
        store.add_confirm_attempts("run-1", [passed("confirmed", attempt=0)])

        named = sorted(store.test_names("run-1"))

        assert named == sorted({test.nodeid for test in tests})

    def test_other_methods_may_be_called_between_two_names(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), passed("b"), start=1))

        between = [store.one_test("run-1", name).attempts for name in store.test_names("run-1")]

        assert sorted(between) == [(passed("a"),), (passed("b"),)]

    def test_an_unknown_run_is_named_at_once(self, store: Store) -> None:
        with pytest.raises(NoDataError, match="run-9"):
            store.test_names("run-9")


class TestOneTest:
    def test_it_is_what_the_whole_run_has_of_it(self, store: Store) -> None:
        usual = dict.fromkeys(
            ("setup_ns", "teardown_ns", "setup_cpu_ns", "call_cpu_ns", "teardown_cpu_ns", "child_cpu_ns"), 3
        )
        failed = TestRecord(nodeid="b", outcome=Outcome.FAILED, counters={"sql": Count(2, 5)})
        tests = (passed("a", **usual, markers=("slow",)), failed, passed("b", attempt=2), passed("c"))
        fixtures = (
            FixtureRecord("db", "function", "conftest.py:1", requester="b", setup_ns=7),
            FixtureRecord("db", "function", "conftest.py:1", requester="c", setup_ns=8),
        )
        store.write_run(RecordedRun(Run("run-1", started_at_ns=0, duration_ns=1), tests, fixtures))

        assert store.one_test("run-1", "a") == ((tests[0],), ())
        assert store.one_test("run-1", "b") == (tests[1:3], fixtures[:1])

    def test_of_a_test_that_did_not_run_there_is_nothing(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), start=1))
        store.write_run(recorded("run-2", passed("b"), start=2))

        assert store.one_test("run-1", "b") == store.one_test("run-1", "never seen") == ((), ())
        with pytest.raises(NoDataError):
            store.one_test("run-3", "a")


class TestRuns:
    def test_newest_first_whatever_the_order_written(self, store: Store) -> None:
        for start in (2, 3, 1):
            store.write_run(recorded(f"run-{start}", start=start))

        assert [digest.run.run_id for digest in store.runs()] == ["run-3", "run-2", "run-1"]

    def test_a_digest_counts_last_attempts_and_sums_all_phases(self, store: Store) -> None:
        tests = (
            TestRecord(nodeid="a", outcome=Outcome.FAILED, setup_ns=1, call_ns=2, teardown_ns=4),
            passed("a", 8, attempt=2),
            passed("b", 16),
            TestRecord(nodeid="c", outcome=Outcome.SKIPPED),
        )
        store.write_run(recorded("run-1", *tests))

        (digest,) = store.runs()

        assert (digest.tests, digest.worker_ns) == (3, 31)
        assert dict(digest.outcomes) == {"passed": 2, "skipped": 1}

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (RunQuery(), "cba"),
            (RunQuery(project="one"), "ba"),
            (RunQuery(package="core"), "c"),
            (RunQuery(branch="main"), "ca"),
            (RunQuery(commit="f00"), "b"),
            (RunQuery(machine_class=Run("", 0, 0, workers=2).machine_class), "b"),
            (RunQuery(is_complete=True), "ca"),
            (RunQuery(is_complete=False), "b"),
            (RunQuery(id_prefix="b-r"), "b"),
            (RunQuery(id_prefix="%"), ""),
            (RunQuery(id_prefix="\ud800"), ""),
            (RunQuery(before_ns=20), "a"),
            (RunQuery(since_ns=20), "cb"),
            (RunQuery(limit=2), "cb"),
            (RunQuery(project="'; DROP TABLE run; --"), ""),
            (RunQuery(branch="main", project="one", limit=1), "a"),
        ],
    )
    def test_a_query_chooses(self, store: Store, query: RunQuery, expected: str) -> None:
        main = Revision(branch="main")
        store.write_run(recorded("a-run", start=10, project="one", revision=main, is_complete=True))
        store.write_run(recorded("b-run", start=20, project="one", revision=Revision("f00"), workers=2))
        store.write_run(
            recorded("c-run", start=30, project="two", package="core", revision=main, is_complete=True)
        )

        found = store.runs(query)

        assert "".join(digest.run.run_id[0] for digest in found) == expected


class TestSamples:
    def test_attempts_that_confirm_a_run_are_kept_beside_its_results(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a", 1), passed("b", 2)))
        again = (passed("a", 3, attempt=0, worker="gw0"), passed("a", 4, attempt=-1, worker="gw1"))

        store.add_confirm_attempts("run-1", again[:1])
        store.add_confirm_attempts("run-1", again[1:])

        assert store.confirm_attempts("run-1") == again
        assert store.read_run("run-1").tests == (passed("a", 1), passed("b", 2))
        assert store.samples(["run-1"])[0].wall_ns == (1, 2)
        assert [point.wall_ns for point in store.history("a")] == [1]

    def test_a_run_that_is_not_there_has_no_attempts(self, store: Store) -> None:
        with pytest.raises(NoDataError):
            store.confirm_attempts("nowhere")
        with pytest.raises(NoDataError):
            store.add_confirm_attempts("nowhere", [])

    def test_only_last_attempts_that_passed_and_were_measured(self, store: Store) -> None:
        tests = (
            passed("again", 1),
            passed("broken in the end", 1),
            passed("again", 2, attempt=2),
            TestRecord(nodeid="broken in the end", outcome=Outcome.FAILED, attempt=2, call_ns=1),
            TestRecord(nodeid="skipped", outcome=Outcome.SKIPPED, call_ns=1),
            TestRecord(nodeid="unmeasured", outcome=Outcome.PASSED),
        )
        store.write_run(recorded("run-1", *tests))

        (samples,) = store.samples(["run-1"])

        assert (samples.subjects, samples.wall_ns) == (("again",), (2,))

    def test_an_attempt_counts_by_its_number_not_by_its_place(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a", 2, attempt=2), passed("a", 1, attempt=1)))

        assert store.samples(["run-1"])[0].wall_ns == (2,)

    def test_tests_stand_in_order_of_execution_worker_by_worker(self, store: Store) -> None:
        tests = [
            passed(name, worker=worker) for name, worker in zip("fbdace", ["gw1", "gw0"] * 3, strict=True)
        ]
        store.write_run(recorded("run-1", *tests))

        (samples,) = store.samples(["run-1"])

        by_worker = {
            worker: [s for s, w in zip(samples.subjects, samples.workers, strict=True) if w == worker]
            for worker in samples.workers
        }
        assert by_worker == {"gw0": ["b", "a", "e"], "gw1": ["f", "d", "c"]}
        assert list(samples.workers) == sorted(samples.workers, key=samples.workers.index)

    def test_columns_hold_what_was_measured(self, store: Store) -> None:
        test = TestRecord(
            nodeid="a\udc80",
            outcome=Outcome.PASSED,
            category="api\0",
            setup_ns=1,
            call_ns=10,
            teardown_ns=100,
            setup_cpu_ns=2,
            call_cpu_ns=20,
            child_cpu_ns=300,
            peak_bytes=2**63 - 1,
            delta_bytes=-5,
            involuntary_switches=7,
            gc_ns=40,
        )
        store.write_run(recorded("run-1", test, workers=3))

        (samples,) = store.samples(["run-1"])

        assert samples == RunSamples(
            run_id="run-1",
            subjects=("a\udc80",),
            workers=("main",),
            wall_ns=(111,),
            cpu_ns=(322,),
            peak_bytes=(2**63 - 1,),
            delta_bytes=(-5,),
            involuntary_switches=(7,),
            run_delay_ns=(None,),
            machine_class=Run("", 0, 0, workers=3).machine_class,
            categories=("api\0",),
            gc_ns=(40,),
        )

    def test_runs_come_in_the_order_asked_for(self, store: Store) -> None:
        for name in "ab":
            store.write_run(recorded(name, passed(name)))

        assert [samples.subjects for samples in store.samples(["b", "a", "b"])] == [("b",), ("a",), ("b",)]

    def test_a_run_without_tests_gives_empty_columns(self, store: Store) -> None:
        store.write_run(recorded("run-1"))

        (samples,) = store.samples(["run-1"])

        assert (samples.subjects, samples.wall_ns, samples.cpu_ns) == ((), (), ())

    @pytest.mark.parametrize("method", ["samples", "fixture_samples", "collection_samples"])
    def test_an_unknown_run_is_named(self, store: Store, method: str) -> None:
        with pytest.raises(NoDataError, match="run-9"):
            getattr(store, method)(["run-9"])

    def test_set_up_time_is_summed_by_fixture_wherever_its_line_has_moved(self, store: Store) -> None:
        fixtures = (
            FixtureRecord("db", "session", "tests/conftest.py:10", "a", "gw0", setup_ns=1),
            FixtureRecord("db", "session", "tests/conftest.py:10", "b", "gw1", setup_ns=2),
            FixtureRecord("db", "session", "tests/conftest.py:10", "c", "gw1", setup_ns=8, failed=True),
            FixtureRecord("user", "function", "plugin", "a", setup_ns=4),
        )
        store.write_run(recorded("run-1")._replace(fixtures=fixtures))

        (samples,) = store.fixture_samples(["run-1"])

        assert samples.subjects == ("db (tests/conftest.py)", "user (plugin)")
        assert samples.wall_ns == (3, 4)

    def test_collection_counts_for_the_slowest_worker(self, store: Store) -> None:
        collection = (
            CollectRecord("a.py", "gw0", duration_ns=1, cpu_ns=1),
            CollectRecord("a.py", "gw1", duration_ns=3, cpu_ns=2),
            CollectRecord("b.py", "gw0", duration_ns=5, outcome=Outcome.ERROR),
        )
        store.write_run(recorded("run-1")._replace(collection=collection))

        (samples,) = store.collection_samples(["run-1"])

        assert (samples.subjects, samples.workers) == (("a.py",), ("gw1",))
        assert (samples.wall_ns, samples.cpu_ns) == ((3,), (2,))


class TestHistory:
    def test_newest_first_with_the_last_attempt_of_each_run(self, store: Store) -> None:
        for start in (2, 1, 3):
            tests = (passed("a", 1), passed("a", start * 10, attempt=2), passed("b", 7))
            store.write_run(recorded(f"run-{start}", *tests, start=start))

        points = store.history("a")

        assert [(point.run_id, point.wall_ns, point.attempt) for point in points] == [
            ("run-3", 30, 2),
            ("run-2", 20, 2),
            ("run-1", 10, 2),
        ]

    def test_no_more_than_asked_for(self, store: Store) -> None:
        for start in range(5):
            store.write_run(recorded(f"run-{start}", passed("a"), start=start))

        assert [point.run_id for point in store.history("a", limit=2)] == ["run-4", "run-3"]

    def test_few_runs_that_have_it_are_found_among_many_that_do_not(self, store: Store) -> None:
        store.write_run(recorded("first", passed("a"), passed("b"), start=1))
        for start in range(2, 12):
            store.write_run(recorded(f"run-{start}", passed("b"), start=start))
        store.write_run(recorded("last", passed("a"), start=12))

        assert [point.run_id for point in store.history("a", limit=2)] == ["last", "first"]

    def test_a_point_says_where_it_is_from(self, store: Store) -> None:
        test = TestRecord(nodeid="a", outcome=Outcome.FAILED, call_cpu_ns=3, peak_bytes=4, delta_bytes=5)
        revision = Revision(commit="f00", branch="main")
        run = recorded("run-1", test, start=9, revision=revision, is_complete=True)
        store.write_run(run)

        (point,) = store.history("a")

        assert point == ("run-1", 9, "f00", "main", True, "failed", 1, None, 3, 4, 5, run.run.machine_class)

    def test_a_project_keeps_to_itself(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), project="one", start=1))
        store.write_run(recorded("run-2", passed("a"), project="two", start=2))

        assert [point.run_id for point in store.history("a", project="one")] == ["run-1"]
        assert [point.run_id for point in store.history("a")] == ["run-2", "run-1"]
        assert store.history("a", project="three") == []

    def test_an_unknown_test_has_none(self, store: Store) -> None:
        assert store.history("never seen") == []

    def test_history_of_one_branch_has_its_runs_and_those_of_no_known_branch(self, store):
        for number, branch in enumerate(["main", "try", None, "main"]):
            revision = Revision(commit="f" * 40, branch=branch, dirty=False)
            store.write_run(recorded(f"run-{number}", passed("a"), start=number, revision=revision))

        assert [point.run_id for point in store.history("a", branch="main")] == ["run-3", "run-2", "run-0"]
        assert [point.run_id for point in store.history("a", branch="main", limit=2)] == ["run-3", "run-2"]


class TestRename:
    @pytest.mark.parametrize(
        ("old", "new", "before", "after"),
        [
            ("a.py::x", "a.py::y", "a.py::x", "a.py::y"),
            ("a.py::x", "a.py::y", "a.py::x[1]", "a.py::y[1]"),
            ("a.py::x", "a.py::y", "a.py::xx", None),
            ("a.py", "b.py", "a.py::C::x", "b.py::C::x"),
            ("a.py", "b.py", "a.pyc::x", None),
            ("old", "new", "old/a.py::x", "new/a.py::x"),
            ("old/", "new/deep/", "old/a.py::x", "new/deep/a.py::x"),
            ("old/", "new/", "older/a.py::x", None),
            ("a.py::C::", "a.py::D::", "a.py::C::x", "a.py::D::x"),
            ("a.py::x[", "a.py::y[", "a.py::x[1::2]", "a.py::y[1::2]"),
            ("a.py::x[1]", "a.py::x[2]", "a.py::x[1]", "a.py::x[2]"),
            ("a.py::x[1", "a.py::x[2", "a.py::x[1/2]", None),  # marks mean nothing among parameters
            ("a.py::\udc80", "a.py::\0", "a.py::\udc80", "a.py::\0"),
        ],
    )
    def test_the_history_goes_with_the_name(
        self, store: Store, old: str, new: str, before: str, after: str | None
    ) -> None:
        store.write_run(recorded("run-1", passed(before)))

        count = store.rename(old, new)

        assert count == (0 if after is None else 1)
        assert len(store.history(after or before)) == 1
        assert store.read_run("run-1").tests[0].nodeid == (after or before)

    def test_where_the_new_name_has_runs_both_histories_become_one(self, store: Store) -> None:
        store.write_run(
            RecordedRun(
                run=Run(run_id="run-1", started_at_ns=1, duration_ns=0),
                tests=(passed("old", setup_ns=None),),
                fixtures=(FixtureRecord("db", "session", "conftest.py:1", requester="old"),),
                benchmarks=(BenchmarkRecord("bench", "old", "lapwing", "ns", (1.0,)),),
                budgets=(TestBudgets("old", (Budget("time", 1),)),),
                stopped=(StoppedTest("old", 1, "a stack"),),
            )
        )
        store.write_run(recorded("run-2", passed("new"), start=2))

        count = store.rename("old", "new")

        assert count == 1
        assert [point.run_id for point in store.history("new")] == ["run-2", "run-1"]
        assert store.history("old") == []
        read = store.read_run("run-1")
        assert (read.fixtures[0].requester, read.benchmarks[0].nodeid) == ("new", "new")
        assert (read.budgets[0].nodeid, read.stopped[0].nodeid) == ("new", "new")

    @pytest.mark.parametrize("unmeasured", [{}, {"setup_ns": None}], ids=["usual", "unmeasured"])
    def test_in_a_run_that_has_both_the_new_name_counts(
        self, store: Store, unmeasured: dict[str, None]
    ) -> None:
        store.write_run(recorded("run-1", passed("new", 1), passed("old", 2, **unmeasured)))

        store.rename("old", "new")

        assert [point.wall_ns for point in store.history("new")] == [1]
        assert store.samples(["run-1"])[0].wall_ns == (1,)

    def test_runs_that_have_both_names_are_counted(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("d/new", 1), passed("e/new", 2)))
        store.write_run(recorded("run-2", passed("d/new"), start=2))
        store.write_run(recorded("run-3", passed("e/new"), start=3))

        assert store.shared_runs("d/", "e/") == 1
        assert store.shared_runs("d/", "f/") == 0
        assert store.shared_runs("d/new", "d/new") == 0
        assert store.shared_runs("d/", "e/", project="another") == 0

    @pytest.mark.parametrize(("old", "new"), [("a/", "a/a/"), ("a/a/", "a/")])
    def test_names_that_move_into_each_others_places_stay_apart(
        self, store: Store, old: str, new: str
    ) -> None:
        names = ["a/a/x.py::t", "a/a/a/x.py::t", "a/a/a/a/x.py::t"]
        store.write_run(recorded("run-1", *(passed(name, place) for place, name in enumerate(names))))

        count = store.rename(old, new)

        assert count == 3
        renamed = [test.nodeid for test in store.read_run("run-1").tests]
        assert renamed == [new + name.removeprefix(old) for name in names]

    def test_modules_and_fixtures_of_a_folder_go_with_it(self, store: Store) -> None:
        for name in ("old", "new"):
            store.write_run(
                RecordedRun(
                    run=Run(run_id=name, started_at_ns=0, duration_ns=0),
                    fixtures=(FixtureRecord("db", "session", f"{name}/conftest.py:1", requester=""),),
                    collection=(CollectRecord(f"{name}/a.py"),),
                )
            )

        store.rename("old/", "new/")

        assert store.read_run("old")[2:4] == store.read_run("new")[2:4]

    def test_other_projects_are_left_alone(self, store: Store) -> None:
        for project in ("one", "two"):
            store.write_run(recorded(project, passed("a"), project=project))

        count = store.rename("a", "b", project="one")

        assert count == 1
        assert len(store.history("a", project="two")) == 1

    def test_a_later_run_under_the_old_name_is_a_new_test(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("old"), start=1))
        store.rename("old", "new")
        store.write_run(recorded("run-2", passed("old"), start=2))

        assert [point.run_id for point in store.history("old")] == ["run-2"]
        assert [point.run_id for point in store.history("new")] == ["run-1"]

    def test_the_same_name_and_an_unknown_name_change_nothing(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a")))

        assert (store.rename("a", "a"), store.rename("b", "c"), store.rename("", "x")) == (0, 0, 0)

    @pytest.mark.parametrize(("old", "new"), [("a/", "b"), ("a.py", "b/"), ("x[", "y"), ("a::", "a/")])
    def test_names_that_do_not_end_alike_are_refused(self, store: Store, old: str, new: str) -> None:
        with pytest.raises(ConfigurationError, match="end alike"):
            store.rename(old, new)


class TestPrune:
    def test_runs_before_a_moment_go(self, store: Store) -> None:
        for start in (1, 2, 3):
            store.write_run(recorded(f"run-{start}", passed("a"), passed(f"only {start}"), start=start))

        removals = store.prune(older_than_ns=3, keep_bytes=None, dry_run=False)

        assert removals == [Removal(("run-1", "run-2"), 4, "started before 1970-01-01")]
        assert [digest.run.run_id for digest in store.runs()] == ["run-3"]
        assert [point.run_id for point in store.history("a")] == ["run-3"]
        assert len(store.read_run("run-3").tests) == 2

    def test_a_dry_run_tells_and_leaves(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), start=1))

        removals = store.prune(older_than_ns=2, keep_bytes=None, dry_run=True)

        assert [removal.run_ids for removal in removals] == [("run-1",)]
        assert len(store.runs()) == 1

    def test_the_oldest_go_until_the_store_is_small_enough(self, store: Store) -> None:
        for start in range(10):
            tests = (passed(f"test number {number} of a suite", setup_ns=None) for number in range(400))
            store.write_run(recorded(f"run-{start}", *tests, start=start))

        planned = store.prune(older_than_ns=None, keep_bytes=300_000, dry_run=True)
        removed = store.prune(older_than_ns=None, keep_bytes=300_000, dry_run=False)

        left = [digest.run.run_id for digest in store.runs()]
        assert planned[0].reason == removed[0].reason == "over 300 kB"
        assert removed[0].run_ids[: len(planned[0].run_ids)] == planned[0].run_ids
        assert 0 < len(left) < 10
        assert left == [f"run-{start}" for start in range(9, 9 - len(left), -1)]
        assert store.prune(older_than_ns=None, keep_bytes=300_000, dry_run=True) == []

    def test_nothing_to_remove_is_an_empty_list(self, store: Store) -> None:
        store.write_run(recorded("run-1", start=5))

        assert store.prune(older_than_ns=5, keep_bytes=10**9, dry_run=False) == []

    def test_a_removed_run_may_be_written_again(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a")))
        store.prune(older_than_ns=1, keep_bytes=None, dry_run=False)

        assert store.write_run(recorded("run-1", passed("a")))
        assert store.read_run("run-1").tests == (passed("a"),)


class TestDays:
    @pytest.mark.parametrize("unmeasured", [{}, {"setup_ns": None}], ids=["usual", "unmeasured"])
    def test_of_removed_runs_their_sums_by_day_stay(self, store: Store, unmeasured: dict[str, None]) -> None:
        for number, (day, took) in enumerate([(3, 10), (3, 30), (4, 50), (9, 70)]):
            failed = TestRecord(nodeid="b", outcome=Outcome.FAILED, call_ns=1)
            start = day * DAY_NS + number
            tests = (passed("a", took, **unmeasured), failed)
            store.write_run(recorded(f"run-{number}", *tests, start=start, project="p"))

        before = store.days("a", project="p")
        store.prune(older_than_ns=9 * DAY_NS, keep_bytes=None, dry_run=False)

        assert before == []
        assert store.days("a", project="p") == [DaySummary(3, 2, 40, 10, 30), DaySummary(4, 1, 50, 50, 50)]
        assert store.days("b", project="p") == store.days("a", project="other") == []

    def test_a_day_that_is_removed_in_two_goes_is_one_day(self, store: Store) -> None:
        for number, took in enumerate([10, 30]):
            store.write_run(recorded(f"run-{number}", passed("a", took), start=number, project="p"))
            store.prune(older_than_ns=number + 1, keep_bytes=None, dry_run=False)

        assert store.days("a", project="p") == [DaySummary(0, 2, 40, 10, 30)]

    def test_of_the_suite_complete_runs_count(self, store: Store) -> None:
        for number, is_complete in enumerate([True, False, True]):
            run = Run(
                run_id=f"run-{number}",
                started_at_ns=number,
                duration_ns=100 + number,
                project="p",
                is_complete=is_complete,
            )
            store.write_run(RecordedRun(run=run, tests=(passed("a"),)))

        store.prune(older_than_ns=5, keep_bytes=None, dry_run=False)

        assert store.suite_days(project="p") == [DaySummary(0, 2, 202, 100, 102)]
        assert store.suite_days(project="other") == []

    def test_they_go_along_with_a_name_also_into_another_history(self, store: Store) -> None:
        for number, name in enumerate(["old", "new"]):
            store.write_run(recorded(f"run-{number}", passed(name, 10 + number), start=number, project="p"))
        store.prune(older_than_ns=5, keep_bytes=None, dry_run=False)

        store.rename("old", "new", project="p")

        assert store.days("new", project="p") == [DaySummary(0, 2, 21, 10, 11)]

    def test_a_run_that_is_read_in_again_is_not_among_the_removed_while_it_is_there(
        self, store: Store
    ) -> None:
        runs = [
            recorded(f"run-{number}", passed("a", 10 * number), start=number, project="p", is_complete=True)
            for number in (1, 2)
        ]
        for run in runs:
            store.write_run(run)
        store.prune(older_than_ns=3, keep_bytes=None, dry_run=False)

        store.write_run(runs[0])

        assert store.days("a", project="p") == [DaySummary(0, 1, 20, 10, 20)]
        assert store.suite_days(project="p") == [DaySummary(0, 1, 1, 1, 1)]
        store.write_run(runs[1])
        assert store.days("a", project="p") == store.suite_days(project="p") == []
        store.prune(older_than_ns=3, keep_bytes=None, dry_run=False)
        assert store.days("a", project="p") == [DaySummary(0, 2, 30, 10, 20)]

    def test_a_run_that_is_read_in_again_and_removed_again_counts_once(self, store: Store) -> None:
        for _ in range(2):
            store.write_run(recorded("run-1", passed("a", 10), start=1, project="p", is_complete=True))
            store.prune(older_than_ns=2, keep_bytes=None, dry_run=False)

        assert store.days("a", project="p") == [DaySummary(0, 1, 10, 10, 10)]
        assert [day.runs for day in store.suite_days(project="p")] == [1]


class TestSeries:
    def test_only_the_tests_asked_for_as_samples_would_have_them(self, store: Store) -> None:
        for number in (1, 2):
            tests = (passed("a", number), passed("b", 10 * number, peak_bytes=7), passed("c", 100))
            store.write_run(recorded(f"run-{number}", *tests, start=number, python="3.12.1"))

        (first, second) = store.series(["run-2", "run-1"], ["b", "a", "nobody"])

        assert (first.run_id, second.run_id) == ("run-2", "run-1")
        assert sorted(zip(first.subjects, first.wall_ns, strict=True)) == [("a", 2), ("b", 20)]
        assert first.peak_bytes[first.subjects.index("b")] == 7
        assert first.machine_class == store.samples(["run-2"])[0].machine_class

    def test_failures_earlier_attempts_and_missing_runs_are_left_out(self, store: Store) -> None:
        failed = TestRecord(nodeid="a", outcome=Outcome.FAILED, call_ns=1)
        store.write_run(recorded("run-1", failed, passed("b", 1), passed("b", 5, attempt=2)))

        (samples,) = store.series(["run-1", "run-9"], ["a", "b"])

        assert (samples.subjects, samples.wall_ns) == (("b",), (5,))

    def test_a_project_has_its_own_tests(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a", 1), project="one"))
        store.write_run(recorded("run-2", passed("a", 2), project="two", start=1))

        one, two = store.series(["run-1", "run-2"], ["a"], project="two")

        assert (one.wall_ns, two.wall_ns) == ((), (2,))

    def test_names_that_text_cannot_hold_are_found(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a[\udc80\0]", 3)))

        (samples,) = store.series(["run-1"], ["a[\udc80\0]"])

        assert samples.subjects == ("a[\udc80\0]",)


class TestAlike:
    def test_those_that_took_about_as_long_whether_or_not_everything_was_measured(self, store: Store) -> None:
        unmeasured = {"setup_ns": None}
        tests = [
            passed(f"t{power}", 10**power, **(unmeasured if power % 2 else {})) for power in range(3, 11)
        ]
        store.write_run(recorded("run-1", *tests))

        assert set(store.alike("run-1", 10**7, most=3)) == {"t6", "t7", "t8"}
        assert set(store.alike("run-1", 0, most=2)) == {"t3", "t4"}

    def test_only_what_passed_in_the_end(self, store: Store) -> None:
        failed = TestRecord(nodeid="a", outcome=Outcome.FAILED, call_ns=1000)
        store.write_run(recorded("run-1", failed, passed("b", 5), passed("b", 1000, attempt=2)))

        assert store.alike("run-1", 1000, most=5) == ["b"]

    def test_a_run_without_tests_has_none_and_a_missing_run_is_an_error(self, store: Store) -> None:
        store.write_run(recorded("run-1"))

        assert store.alike("run-1", 1000, most=5) == []
        with pytest.raises(NoDataError):
            store.alike("run-2", 1000, most=5)


class TestFailedAttempts:
    def test_every_attempt_that_failed_is_told_with_its_place(self, store: Store) -> None:
        tests = (
            TestRecord(nodeid="a", outcome=Outcome.FAILED),
            passed("a", 1, attempt=2),
            TestRecord(nodeid="b", outcome=Outcome.TIMEOUT),
            TestRecord(nodeid="c", outcome=Outcome.SKIPPED),
            TestRecord(nodeid="d", outcome=Outcome.XFAILED),
        )
        store.write_run(recorded("run-1", *tests))
        store.write_run(recorded("run-2", passed("a")))

        assert store.failed_attempts(["run-1", "run-2", "run-9"]) == [
            FailedAttempt("run-1", "a", "failed", 1, False),
            FailedAttempt("run-1", "b", "timeout", 1, True),
        ]


class TestLoads:
    STEP = LoadStep(
        load=20,
        users=20,
        duration_ns=60_000_000_000,
        offered_rps=101.5,
        achieved_rps=99.25,
        requests=5955,
        failures=2,
        p95_ns=12_345_678,
        errors={"'; DROP TABLE run; -- \ud83d": 2},
        broken=("p95 12.3 ms > 10.0 ms",),
        histogram="HISTFAAAAB",
    )
    RESULT = LoadResult(
        name="GET /\ud83d\0",
        target="GET http://127.0.0.1/",
        unit=LoadUnit.USERS,
        wanted=20,
        steps=(STEP,),
        breaking_point=20,
        started_at_ns=10,
        duration_ns=61_000_000_000,
        notes=("interrupted",),
    )
    STORED = StoredLoad(RESULT, "one", commit="f00", branch="main", machine_class="a machine")

    def test_results_come_back_whole_and_newest_first(self, store: Store) -> None:
        later = self.STORED._replace(result=self.RESULT._replace(started_at_ns=20))
        store.write_load(later)
        store.write_load(self.STORED)

        assert store.loads(project="one") == [later, self.STORED]
        assert store.loads(project="one", limit=1) == [later]

    def test_one_name_of_one_project_is_found(self, store: Store) -> None:
        other = self.STORED._replace(result=self.RESULT._replace(name="GET /other"), commit=None)
        store.write_load(self.STORED)
        store.write_load(other)
        store.write_load(self.STORED._replace(project="two"))

        assert store.loads(project="one", name="GET /other") == [other]
        assert store.loads(project="three") == []

    def test_old_results_go_with_old_runs(self, store: Store) -> None:
        later = self.STORED._replace(result=self.RESULT._replace(started_at_ns=20))
        store.write_load(self.STORED)
        store.write_load(later)

        store.prune(older_than_ns=15, keep_bytes=None, dry_run=True)
        before = len(store.loads(project="one"))
        store.prune(older_than_ns=15, keep_bytes=None, dry_run=False)

        assert before == 2
        assert store.loads(project="one") == [later]


class TestProfiles:
    SUMMARY = ProfileSummary(
        nodeid="a",
        profiler=ProfilerName.MEMRAY,
        outcome="passed",
        total=2**40,
        own_share=0.5,
        own=(HotSpot("pay\ud83d", "shop\0.py", 3, 2**39, "'; DROP TABLE run; --"),),
        libraries=(HotSpot("dumps", "json/__init__.py", 183, 7),),
        started_at_ns=10,
        commit="f00",
        run_id="run-1",
        files=(".lapwing/profiles/a.html",),
    )

    def test_they_come_back_whole_and_newest_first(self, store: Store) -> None:
        later = self.SUMMARY._replace(started_at_ns=20, commit=None)
        store.write_profiles([later, self.SUMMARY], project="one")

        assert store.profiles("a", project="one") == [later, self.SUMMARY]
        assert store.profiles("a", limit=1) == [later]
        assert store.profiles("a", project="two") == []

    def test_they_move_with_a_test_that_is_renamed(self, store: Store) -> None:
        for name in ("a", "b"):
            store.write_run(recorded(f"run-{name}", passed(name), project="one"))
        store.write_profiles([self.SUMMARY], project="one")

        store.rename("a", "b", project="one")

        assert store.profiles("b", project="one") == [self.SUMMARY._replace(nodeid="b")]

    def test_old_ones_go_with_old_runs(self, store: Store) -> None:
        later = self.SUMMARY._replace(started_at_ns=20)
        store.write_run(recorded("run-1", passed("a"), start=30, project="one"))
        store.write_profiles([self.SUMMARY, later], project="one")

        store.prune(older_than_ns=15, keep_bytes=None, dry_run=False)

        assert store.profiles("a", project="one") == [later]


class TestAcceptedSteps:
    STEP = AcceptedStep(
        nodeid="a",
        run_id="run-2",
        from_ns=20,
        commit="f00",
        ratio=1.5,
        reason="'; DROP TABLE run; -- \ud83d",
        accepted_by="Ann\0",
        accepted_at_ns=99,
    )

    def test_steps_come_back_in_the_order_accepted(self, store: Store) -> None:
        other = AcceptedStep(nodeid="b", run_id="run-1", from_ns=10)

        store.accept([self.STEP, other], project="one")
        store.accept([self.STEP._replace(from_ns=30)], project="one")

        assert store.accepted(project="one") == [self.STEP, other, self.STEP._replace(from_ns=30)]
        assert store.accepted(project="two") == []
        assert len(store.accepted()) == 3

    def test_withdrawn_steps_are_gone(self, store: Store) -> None:
        store.accept([self.STEP, self.STEP._replace(nodeid="b")], project="one")

        assert store.withdraw(["a", "nobody"], project="one") == 1

        assert [step.nodeid for step in store.accepted()] == ["b"]

    def test_a_renamed_test_keeps_its_steps(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), project="one"))
        store.accept([self.STEP], project="one")

        store.rename("a", "z")

        assert store.accepted() == [self.STEP._replace(nodeid="z")]

    def test_two_histories_made_one_keep_the_steps_of_both(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), passed("z"), project="one"))
        store.accept([self.STEP, self.STEP._replace(nodeid="z")], project="one")

        store.rename("a", "z")

        assert [step.nodeid for step in store.accepted()] == ["z", "z"]

    def test_the_steps_of_a_test_go_with_its_last_run(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), project="one", start=1))
        store.write_run(recorded("run-2", passed("b"), project="one", start=5))
        store.accept([self.STEP, self.STEP._replace(nodeid="b")], project="one")

        store.prune(older_than_ns=3, keep_bytes=None, dry_run=False)

        assert [step.nodeid for step in store.accepted()] == ["b"]


class TestCounters:
    def test_those_of_the_last_attempt_of_the_tests_that_are_asked_for(self, store: Store) -> None:
        store.write_run(
            recorded(
                "run-1",
                passed("a")._replace(counters={"sleep": Count(1, 5)}),
                passed("a")._replace(attempt=2, counters={"sleep": Count(2, 9), "file": Count(4)}),
                passed("b"),
                passed("c")._replace(counters={"file": Count(1)}),
            )
        )

        assert store.counters("run-1", ["a", "b", "nobody"]) == {
            "a": {"sleep": Count(2, 9), "file": Count(4)},
            "b": {},
        }

    def test_those_of_all_tests_that_have_any(self, store: Store) -> None:
        store.write_run(
            recorded(
                "run-1",
                passed("a\udcff")._replace(counters={"sleep": Count(1, 5)}),
                passed("a\udcff")._replace(attempt=2, counters={"file": Count(4)}),
                passed("b"),
                passed("c")._replace(counters={"file": Count(1)}),
            )
        )

        assert store.counters("run-1") == {"a\udcff": {"file": Count(4)}, "c": {"file": Count(1)}}

    def test_of_more_tests_than_fit_into_one_statement(self, store: Store) -> None:
        names = [f"t{number}" for number in range(1200)]
        store.write_run(recorded("run-1", *(passed(name) for name in names)))

        assert store.counters("run-1", names).keys() == set(names)

    def test_a_run_that_is_not_there_is_an_error(self, store: Store) -> None:
        with pytest.raises(NoDataError):
            store.counters("run-9", ["a"])


class TestEntries:
    def test_the_newest_document_of_a_name_is_kept(self, store: Store) -> None:
        store.put_entry("token", "a\0", '{"n": 1}')
        store.put_entry("token", "a\0", "\udc80'; --")
        store.put_entry("inbox", "a\0", "other")

        assert store.entry("token", "a\0") == "\udc80'; --"
        assert store.entries("token") == {"a\0": "\udc80'; --"}
        assert store.entry("token", "b") is None

    def test_a_dropped_entry_is_gone(self, store: Store) -> None:
        store.put_entry("token", "a", "{}")

        assert (store.drop_entry("token", "a"), store.drop_entry("token", "a")) == (True, False)
        assert store.entries("token") == {}

    def test_the_log_tells_the_newest_first(self, store: Store) -> None:
        changes = [
            StateChange(at, "ann\0", "inbox.accept", f"test {at}", "one", "\udc80") for at in (1, 2, 3)
        ]
        for change in changes:
            store.add_state_change(change)

        assert store.state_changes(limit=2) == [changes[2], changes[1]]

    def test_projects_are_those_that_have_runs(self, store: Store) -> None:
        for name in ("two", "one", ""):
            store.write_run(recorded(f"run-{name}", passed("a"), project=name, start=5))
        store.accept([TestAcceptedSteps.STEP], project="no runs")

        assert store.projects() == ["", "one", "two"]


class TestSnapshot:
    def test_what_others_write_meanwhile_is_seen_afterwards(
        self, store: Store, open_again: Callable[[], Store]
    ) -> None:
        store.write_run(recorded("run-1", passed("a"), start=1))

        with store.snapshot():
            before = [point.run_id for point in store.history("a")]
            with open_again() as other:
                other.write_run(recorded("run-2", passed("a"), start=2))
                other.rename("a", "b")
            with store.snapshot():  # that one, still
                (samples,) = store.series([*before, "run-2"], ["a", "b"])
            assert store.run_count() == 1

        assert (before, samples.subjects) == (["run-1"], ("a",))
        assert [point.run_id for point in store.history("b")] == ["run-2", "run-1"]

    def test_what_is_found_out_in_one_does_not_outlive_it(
        self, store: Store, open_again: Callable[[], Store]
    ) -> None:
        store.write_run(recorded("run-1", passed("a"), start=1, project="shop"))

        def seen() -> tuple[object, ...]:
            with store.snapshot():
                series = store.series(["run-1"], ["a", "b"], project="shop")
                return store.alike("run-1", 1000, most=1), [each.subjects for each in series]

        first = seen()
        with open_again() as other:
            other.rename("a", "b", project="shop")
        second = seen()
        with open_again() as other:
            other.prune(older_than_ns=2, keep_bytes=None, dry_run=False)

        assert first == (["a"], [("a",)])
        assert second == (["b"], [("b",)])
        with store.snapshot(), pytest.raises(NoDataError):
            store.one_test("run-1", "b")

    def test_an_error_inside_is_told_as_it_is_and_ends_it(self, store: Store) -> None:
        with pytest.raises(NoDataError), store.snapshot():
            store.read_run("nobody")
        with pytest.raises(OSError, match="of somebody else"), store.snapshot():
            raise OSError("of somebody else")

        assert store.write_run(recorded("run-1", passed("a")))


class TestStamp:
    def test_it_changes_with_the_runs_of_the_project(self, store: Store) -> None:
        stamps = [store.stamp(project="shop")]
        for change in (
            lambda: store.write_run(recorded("run-1", passed("a"), start=1, project="shop")),
            lambda: store.write_run(recorded("run-2", passed("a"), start=2, project="shop")),
            lambda: store.write_run(recorded("old", passed("a"), start=0, project="shop")),
            lambda: store.prune(older_than_ns=2, keep_bytes=None, dry_run=False),
        ):
            change()
            stamps.append(store.stamp(project="shop"))

        assert len(set(stamps)) == len(stamps)
        assert store.stamp(project="shop") == stamps[-1]

    def test_of_another_project_only_the_first_run_and_the_last_count(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), start=1, project="shop"))
        alone = store.stamp(project="shop")
        store.write_run(recorded("run-2", passed("a"), start=2, project="other"))
        with_other = store.stamp(project="shop")
        store.write_run(recorded("run-3", passed("a"), start=3, project="other"))

        assert alone != with_other == store.stamp(project="shop")

    def test_a_step_accepted_in_the_place_of_another_changes_it(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), passed("b"), project="shop"))
        first, second = (
            AcceptedStep(nodeid=name, run_id="run-1", from_ns=0, accepted_at_ns=at)
            for at, name in enumerate("ab", start=1)
        )
        stamps = {store.stamp(project="shop")}
        store.accept([first], project="shop")
        stamps.add(store.stamp(project="shop"))
        store.withdraw(["a"], project="shop")
        store.accept([second], project="shop")
        stamps.add(store.stamp(project="shop"))

        assert len(stamps) == 3

    def test_the_newest_run_changes_it_when_it_is_confirmed(self, store: Store) -> None:
        store.write_run(recorded("run-1", passed("a"), start=1, project="shop"))
        stamps = [store.stamp(project="shop"), store.stamp(project="shop", of_runs=False)]
        store.add_confirm_attempts("run-1", [passed("a")._replace(attempt=0)])

        assert store.stamp(project="shop") != stamps[0]
        assert store.stamp(project="shop", of_runs=False) == stamps[1]

    def test_up_to_a_moment_it_changes_with_the_last_runs_before(self, store: Store) -> None:
        for number in range(3, 8):
            store.write_run(recorded(f"run-{number}", passed("a"), start=number, project="shop"))

        def stamp() -> str:
            return store.stamp_until(5, project="shop")

        stamps = [stamp()]
        for change in (
            lambda: store.write_run(recorded("late", passed("a"), start=2, project="shop")),
            lambda: store.prune(older_than_ns=3, keep_bytes=None, dry_run=False),
            lambda: store.add_confirm_attempts("run-5", [passed("a")._replace(attempt=0)]),
        ):
            change()
            stamps.append(stamp())
        store.write_run(recorded("run-8", passed("a"), start=8, project="shop"))
        store.write_run(recorded("theirs", passed("a"), start=4, project="other"))
        store.add_confirm_attempts("run-7", [passed("a")._replace(attempt=0)])

        assert stamps[0] == stamps[2]
        assert len(set(stamps)) == 3
        assert stamp() == stamps[-1]

    def test_what_is_said_of_tests_changes_it_and_runs_do_not_where_they_are_left_out(
        self, store: Store
    ) -> None:
        store.write_run(recorded("run-1", passed("a.py::a"), project="shop", start=1))
        said = store.stamp(project="shop", of_runs=False)
        store.write_run(recorded("run-2", passed("a.py::a"), project="shop", start=2))
        store.write_run(recorded("run-3", passed("b.py::a"), project="other", start=3))
        store.rename("b.py::a", "b.py::c", project="other")

        assert store.stamp(project="shop", of_runs=False) == said
        whole = store.stamp(project="shop")
        store.rename("a.py::a", "a.py::b", project="shop")
        assert store.stamp(project="shop", of_runs=False) != said
        assert store.stamp(project="shop") != whole
