"""Values of the model as JSON."""

import json

from lapwing.model.codec import recorded_run_dict
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, Subtest, TestRecord
from lapwing.model.run import CiJob, Machine, RecordedRun, Revision, Run, WorkerFacts
from lapwing.model.run_codec import run_dict, run_of

RUN = Run(
    run_id="01a1fb0b-9f5a-72ae-9846-5d516601ac09",
    started_at_ns=1,
    duration_ns=2,
    revision=Revision(commit="c0ffee", branch="main", dirty=True),
    machine=Machine(cpu_model="A processor", cores=4, cpu_limit=1.5),
    ci=CiJob(provider="one", pipeline="7"),
    python="3.12.1",
    packages={"pytest": "9.2.0"},
    command=("-k", "lone \udc80"),
    processes=(WorkerFacts(name="gw0", pid=5, warmup_ns=3), WorkerFacts(name="main", pid=4)),
)


def test_a_run_survives_the_way_through_json():
    assert run_of(json.loads(json.dumps(run_dict(RUN)))) == RUN


def test_a_run_without_ci_survives_too():
    run = RUN._replace(ci=None, processes=())

    assert run_of(json.loads(json.dumps(run_dict(run)))) == run


def test_fields_of_a_later_version_are_passed_over():
    assert run_of({**run_dict(RUN), "from_the_future": 1}) == RUN


def test_a_whole_run_is_plain_json_with_the_sums_that_readers_want():
    recorded = RecordedRun(
        run=RUN,
        tests=(
            TestRecord(
                nodeid="a.py::t",
                outcome=Outcome.FAILED,
                setup_ns=1,
                call_ns=10,
                call_cpu_ns=4,
                markers=("slow",),
                counters={"sleep": Count(1, 6)},
                subtests=(Subtest("one", Outcome.FAILED),),
            ),
        ),
        fixtures=(FixtureRecord("db", "session", "a.py:1", "a.py::t"),),
        collection=(CollectRecord("a.py"),),
        benchmarks=(BenchmarkRecord("b", "a.py::t", "lapwing", "ns", (1.0, 2.0)),),
    )

    document = json.loads(json.dumps(recorded_run_dict(recorded)))

    (test,) = document["tests"]
    assert (test["outcome"], test["duration_ns"], test["cpu_ns"], test["waiting_ns"]) == ("failed", 11, 4, 7)
    assert test["counters"] == {"sleep": {"count": 1, "time_ns": 6}}
    assert test["subtests"] == [{"name": "one", "outcome": "failed", "duration_ns": None}]
    assert document["run"]["machine_class"] == RUN.machine_class
    assert document["fixtures"][0]["scope"] == "session"
    assert document["collection"][0]["outcome"] == "passed"
    assert document["benchmarks"][0]["samples"] == [1.0, 2.0]
    assert document["format_version"] == 1
