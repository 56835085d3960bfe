"""A run that someone sent, as `lapwing show --format json` prints it, back into values.

What comes from outside is checked field by field: a record that is not as it has to be is refused
with its place and the reason, and the others stand.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from lapwing.model.budget import Budget, TestBudgets
from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.document_fields import (
    flag,
    flag_or_none,
    list_of,
    number_of,
    number_or_none,
    object_of,
    outcome_of,
    text,
    text_or_none,
    texts,
    texts_by_name,
    whole,
    whole_or_none,
)
from lapwing.model.ids import is_run_id
from lapwing.model.import_cost import ImportCost
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import CollectRecord, FixtureRecord, TestRecord
from lapwing.model.run import CiJob, Machine, RecordedRun, Revision, Run, StoppedTest, WorkerFacts
from lapwing.model.sent_tests import sent_records, sent_test, sent_tests
from lapwing.model.value import Value

_V = TypeVar("_V")

_MOST_REFUSALS: Final = 10_000
"""Of one kind of records; the others are counted. Each is told to who sent it."""


class Refusal(Value):
    """A record that was not taken."""

    place: str  # tests[3]
    reason: str


class ReadRun(Value):
    """A run as far as it could be taken."""

    recorded: RecordedRun
    refused: tuple[Refusal, ...] = ()


def read_run_document(document: Any) -> ReadRun:
    """The run in a parsed document. Raises ValueError, in words for people, where there is none to take."""
    fields = object_of(document, "the document")
    if fields.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"format_version is {fields.get('format_version')!r}, not {FORMAT_VERSION}")
    run = _run(object_of(fields.get("run"), "run"))
    refused: list[Refusal] = []
    tests: Sequence[TestRecord] | None = sent_tests(fields.get("tests"))
    if tests is None:  # one of them has to be named
        tests = _records({"tests": sent_records(fields.get("tests"))}, "tests", sent_test, refused)
    recorded = RecordedRun(
        run=run,
        tests=tests,
        fixtures=_records(fields, "fixtures", _fixture, refused),
        collection=_records(fields, "collection", _collection, refused),
        benchmarks=_records(fields, "benchmarks", _benchmark, refused),
        budgets=_joined(_records(fields, "budgets", _budget, refused)),
        stopped=_records(fields, "stopped", _stopped, refused),
        imports=_records(fields, "imports", _import, refused),
    )
    return ReadRun(recorded, tuple(refused))


def _records(
    fields: Mapping[str, Any], name: str, make: Callable[[Any], _V], refused: list[Refusal]
) -> tuple[_V, ...]:
    made, named, more = [], 0, 0
    for place, each in enumerate(list_of(fields, name, most=None)):
        try:
            made.append(make(each))
        except ValueError as error:
            if named < _MOST_REFUSALS:
                named += 1
                refused.append(Refusal(f"{name}[{place}]", str(error)))
            else:
                more += 1
    if more:
        refused.append(Refusal(name, f"{more:,} more are refused"))
    return tuple(made)


def _run(fields: Mapping[str, Any]) -> Run:
    run_id = text(fields, "run_id", most=200)
    if not is_run_id(run_id):
        raise ValueError("run_id is no UUID")
    revision, machine = object_of(fields.get("revision") or {}, "revision"), fields.get("machine") or {}
    ci = fields.get("ci")
    return Run(
        run_id=run_id,
        started_at_ns=whole(fields, "started_at_ns"),
        duration_ns=whole(fields, "duration_ns"),
        project=text(fields, "project", "", most=200),
        package=text(fields, "package", ""),
        root=text(fields, "root", ""),
        revision=Revision(
            commit=text_or_none(revision, "commit"),
            branch=text_or_none(revision, "branch"),
            base=text_or_none(revision, "base"),
            dirty=flag_or_none(revision, "dirty"),
        ),
        machine=_machine(object_of(machine, "machine")),
        ci=None if ci is None else _ci(object_of(ci, "ci")),
        python=text(fields, "python", ""),
        implementation=text(fields, "implementation", "cpython"),
        packages=texts_by_name(fields, "packages"),
        command=texts(fields, "command"),
        runner=text(fields, "runner", "pytest"),
        workers=whole(fields, "workers", 0),
        distribution=text(fields, "distribution", "no"),
        processes=tuple(_process(object_of(each, "a process")) for each in list_of(fields, "processes")),
        exit_status=whole_or_none(fields, "exit_status"),
        is_complete=flag(fields, "is_complete"),
        why_incomplete=text(fields, "why_incomplete", ""),
        deselected=whole(fields, "deselected", 0),
        load_average=number_or_none(fields, "load_average"),
        startup_ns=whole(fields, "startup_ns", 0),
    )


def _machine(fields: Mapping[str, Any]) -> Machine:
    return Machine(
        cpu_model=text(fields, "cpu_model", ""),
        cores=whole(fields, "cores", 0),
        memory_bytes=whole(fields, "memory_bytes", 0),
        system=text(fields, "system", ""),
        kernel=text(fields, "kernel", ""),
        cpu_limit=number_or_none(fields, "cpu_limit"),
        memory_limit_bytes=whole_or_none(fields, "memory_limit_bytes"),
        hostname=text(fields, "hostname", ""),
    )


def _ci(fields: Mapping[str, Any]) -> CiJob:
    optional = {name: text_or_none(fields, name) for name in ("pipeline", "job", "url", "pull_request")}
    return CiJob(provider=text(fields, "provider"), **optional)


def _process(fields: Mapping[str, Any]) -> WorkerFacts:
    return WorkerFacts(
        name=text(fields, "name"),
        pid=whole(fields, "pid"),
        start_ns=whole(fields, "start_ns", 0),
        warmup_ns=whole_or_none(fields, "warmup_ns"),
        end_ns=whole_or_none(fields, "end_ns"),
        crashed=flag(fields, "crashed"),
        conftests_ns=whole_or_none(fields, "conftests_ns"),
        boot_cpu_ns=whole_or_none(fields, "boot_cpu_ns"),
        end_blocks=whole_or_none(fields, "end_blocks"),
    )


def _fixture(value: Any) -> FixtureRecord:
    fields = object_of(value, "the record")
    return FixtureRecord(
        name=text(fields, "name"),
        scope=text(fields, "scope"),
        location=text(fields, "location", ""),
        requester=text(fields, "requester", ""),
        worker=text(fields, "worker", "main"),
        param=text_or_none(fields, "param"),
        start_ns=whole(fields, "start_ns", 0),
        setup_ns=whole(fields, "setup_ns", 0),
        teardown_ns=whole_or_none(fields, "teardown_ns"),
        failed=flag(fields, "failed"),
    )


def _collection(value: Any) -> CollectRecord:
    fields = object_of(value, "the record")
    return CollectRecord(
        nodeid=text(fields, "nodeid"),
        worker=text(fields, "worker", "main"),
        start_ns=whole(fields, "start_ns", 0),
        duration_ns=whole(fields, "duration_ns", 0),
        cpu_ns=whole(fields, "cpu_ns", 0),
        outcome=outcome_of(fields),
    )


def _benchmark(value: Any) -> BenchmarkRecord:
    fields = object_of(value, "the record")
    samples = list_of(fields, "samples", most=None)
    for sample in samples:
        number_of(sample, "a sample")
    return BenchmarkRecord(
        name=text(fields, "name"),
        nodeid=text(fields, "nodeid"),
        source=text(fields, "source"),
        unit=text(fields, "unit"),
        samples=tuple(map(float, samples)),
        iterations=whole(fields, "iterations", 1),
        warmup=whole(fields, "warmup", 0),
        group=text_or_none(fields, "group"),
        metadata=texts_by_name(fields, "metadata"),
        metric=text(fields, "metric", "wall"),
        higher_is_better=flag(fields, "higher_is_better"),
    )


def _budget(value: Any) -> TestBudgets:
    fields = object_of(value, "the record")
    budget = Budget(text(fields, "metric"), whole(fields, "limit"), text(fields, "origin", ""))
    return TestBudgets(text(fields, "nodeid", ""), (budget,), text(fields, "category", ""))


def _joined(budgets: Sequence[TestBudgets]) -> tuple[TestBudgets, ...]:
    """Limits of one test in one value, as they were recorded."""
    joined: dict[tuple[str, str], TestBudgets] = {}
    for each in budgets:
        key = (each.nodeid, each.category)
        before = joined.get(key)
        joined[key] = each if before is None else before._replace(budgets=before.budgets + each.budgets)
    return tuple(joined.values())


def _stopped(value: Any) -> StoppedTest:
    fields = object_of(value, "the record")
    return StoppedTest(text(fields, "nodeid"), whole(fields, "attempt"), text(fields, "stack", ""))


def _import(value: Any) -> ImportCost:
    fields = object_of(value, "the record")
    times = (whole(fields, "own_ns"), whole(fields, "cumulative_ns"))
    return ImportCost(text(fields, "module"), *times, text(fields, "imported_by", ""))
