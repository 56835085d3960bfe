"""`lapwing runs --pipeline`: the jobs of one CI pipeline together."""

import pytest

from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import CiJob

SECOND = 1_000_000_000


@pytest.fixture
def pipeline(shop, make_run):
    """Two pipelines; the newer one with a long job of two workers, a short one, and one that ran twice."""

    def job(number, name, seconds, pipeline="20", python="3.12.1"):
        run = make_run(number)
        facts = run.run._replace(
            ci=CiJob(provider="github", pipeline=pipeline, job=name),
            duration_ns=seconds * SECOND,
            python=python,
        )
        return run._replace(run=facts)

    long = job(4, "integration", 100)
    tests = [
        TestRecord(nodeid=name, outcome=Outcome.PASSED, worker=worker, start_ns=start, call_ns=took * SECOND)
        for name, worker, start, took in (
            ("t.py::early", "gw0", 0, 90),
            ("t.py::big", "gw1", 0, 50),
            ("t.py::middle", "gw1", 50 * SECOND, 30),
            ("t.py::last", "gw1", 80 * SECOND, 15),
        )
    ]
    shop.record(
        job(0, "unit", 999, pipeline="19"),
        job(1, "unit", 500),  # ran again as number 2
        job(2, "unit", 40),
        job(3, "unit", 30, python="3.13.1"),
        long._replace(tests=tuple(tests)),
    )
    return shop


def test_machine_minutes_and_the_longest_job_come_first(pipeline):
    assert pipeline.run("runs", "--pipeline") == 0

    assert pipeline.out.startswith(
        "3 jobs, 2.8 machine minutes; the longest is integration with 1 min 40 s\n"
    )


def test_jobs_of_one_name_are_told_apart_and_the_newest_attempt_counts(pipeline):
    document = pipeline.json("runs", "--pipeline", "20")

    assert [(job["name"], job["duration_ns"] // SECOND) for job in document["jobs"]] == [
        ("integration", 100),
        ("unit, Python 3.12.1", 40),
        ("unit, Python 3.13.1", 30),
    ]
    assert document["machine_ns"] == 170 * SECOND


def test_what_makes_it_the_longest_are_the_slowest_tests_of_the_worker_that_ended_last(pipeline):
    document = pipeline.json("runs", "--pipeline")

    # 60 s more than the next job: the slowest two of gw1 take that; gw0 ended before.
    assert [test["nodeid"] for test in document["longest_tests"]] == ["t.py::big", "t.py::middle"]


def test_an_older_pipeline_is_found_by_its_id(pipeline):
    assert [job["name"] for job in pipeline.json("runs", "--pipeline", "19")["jobs"]] == ["unit"]


def test_one_that_is_not_there_is_said(pipeline):
    assert pipeline.run("runs", "--pipeline", "7") == 2
    assert "no recorded run is of pipeline '7'" in pipeline.err


def test_without_any_it_is_said(with_history):
    assert with_history.run("runs", "--pipeline") == 2
    assert "no recorded run is of a CI pipeline" in with_history.err
