"""A run that someone sent, as `lapwing show --format json` prints it, back into values.

What comes from outside is checked field by field: a record that is not as it has to be is refused
with its place and the reason, and the others stand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from lapwing.model.budget import Budget, TestBudgets
from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.ids import is_run_id
from lapwing.model.import_cost import ImportCost
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, Subtest, TestRecord
from lapwing.model.run import CiJob, Machine, RecordedRun, Revision, Run, StoppedTest, WorkerFacts
from lapwing.model.value import Value

_V = TypeVar("_V")

_OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}
_MOST_CHARACTERS: Final = 100_000  # of one text: a stack is long, a name is not
_MOST_ITEMS: Final = 100_000  # of one list inside a record
_OPTIONAL: Final = tuple(
    name
    for name in TestRecord._fields[TestRecord._fields.index("setup_ns") : TestRecord._fields.index("markers")]
    if name not in ("leaked_threads", "shared_fixture_ns")
)


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
    fields = _object(document, "the document")
    if fields.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"format_version is {fields.get('format_version')!r}, not {FORMAT_VERSION}")
    run = _run(_object(fields.get("run"), "run"))
    refused: list[Refusal] = []
    tests = _records(fields, "tests", _test, refused)
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
    made = []
    for place, each in enumerate(_list(fields, name, most=None)):
        try:
            made.append(make(each))
        except ValueError as error:
            refused.append(Refusal(f"{name}[{place}]", str(error)))
    return tuple(made)


def _run(fields: Mapping[str, Any]) -> Run:
    run_id = _text(fields, "run_id", most=200)
    if not is_run_id(run_id):
        raise ValueError("run_id is no UUID")
    revision, machine = _object(fields.get("revision") or {}, "revision"), fields.get("machine") or {}
    ci = fields.get("ci")
    return Run(
        run_id=run_id,
        started_at_ns=_whole(fields, "started_at_ns"),
        duration_ns=_whole(fields, "duration_ns"),
        project=_text(fields, "project", "", most=200),
        package=_text(fields, "package", ""),
        root=_text(fields, "root", ""),
        revision=Revision(
            commit=_text_or_none(revision, "commit"),
            branch=_text_or_none(revision, "branch"),
            base=_text_or_none(revision, "base"),
            dirty=_flag_or_none(revision, "dirty"),
        ),
        machine=_machine(_object(machine, "machine")),
        ci=None if ci is None else _ci(_object(ci, "ci")),
        python=_text(fields, "python", ""),
        implementation=_text(fields, "implementation", "cpython"),
        packages=_texts_by_name(fields, "packages"),
        command=_texts(fields, "command"),
        runner=_text(fields, "runner", "pytest"),
        workers=_whole(fields, "workers", 0),
        distribution=_text(fields, "distribution", "no"),
        processes=tuple(_process(_object(each, "a process")) for each in _list(fields, "processes")),
        exit_status=_whole_or_none(fields, "exit_status"),
        is_complete=_flag(fields, "is_complete"),
        why_incomplete=_text(fields, "why_incomplete", ""),
        deselected=_whole(fields, "deselected", 0),
        load_average=_number_or_none(fields, "load_average"),
        startup_ns=_whole(fields, "startup_ns", 0),
    )


def _machine(fields: Mapping[str, Any]) -> Machine:
    return Machine(
        cpu_model=_text(fields, "cpu_model", ""),
        cores=_whole(fields, "cores", 0),
        memory_bytes=_whole(fields, "memory_bytes", 0),
        system=_text(fields, "system", ""),
        kernel=_text(fields, "kernel", ""),
        cpu_limit=_number_or_none(fields, "cpu_limit"),
        memory_limit_bytes=_whole_or_none(fields, "memory_limit_bytes"),
        hostname=_text(fields, "hostname", ""),
    )


def _ci(fields: Mapping[str, Any]) -> CiJob:
    optional = {name: _text_or_none(fields, name) for name in ("pipeline", "job", "url", "pull_request")}
    return CiJob(provider=_text(fields, "provider"), **optional)


def _process(fields: Mapping[str, Any]) -> WorkerFacts:
    return WorkerFacts(
        name=_text(fields, "name"),
        pid=_whole(fields, "pid"),
        start_ns=_whole(fields, "start_ns", 0),
        warmup_ns=_whole_or_none(fields, "warmup_ns"),
        end_ns=_whole_or_none(fields, "end_ns"),
        crashed=_flag(fields, "crashed"),
    )


def _test(value: Any) -> TestRecord:
    fields = _object(value, "the record")
    numbers = {name: _whole_or_none(fields, name) for name in _OPTIONAL if fields.get(name) is not None}
    counters = {
        _checked(probe, "a counter"): Count(_whole(count, "count"), _whole(count, "time_ns", 0))
        for probe, count in _object(fields.get("counters") or {}, "counters").items()
        if _object(count, "a counter") is count
    }
    return TestRecord(
        nodeid=_text(fields, "nodeid"),
        outcome=_outcome(fields),
        attempt=_whole(fields, "attempt", 1),
        worker=_text(fields, "worker", "main"),
        category=_text(fields, "category", "unit"),
        start_ns=_whole(fields, "start_ns", 0),
        leaked_threads=_whole(fields, "leaked_threads", 0),
        shared_fixture_ns=_whole(fields, "shared_fixture_ns", 0),
        markers=_texts(fields, "markers"),
        counters=counters,
        subtests=tuple(_subtest(_object(each, "a subtest")) for each in _list(fields, "subtests")),
        **numbers,
    )


def _subtest(fields: Mapping[str, Any]) -> Subtest:
    return Subtest(_text(fields, "name"), _outcome(fields), _whole_or_none(fields, "duration_ns"))


def _fixture(value: Any) -> FixtureRecord:
    fields = _object(value, "the record")
    return FixtureRecord(
        name=_text(fields, "name"),
        scope=_text(fields, "scope"),
        location=_text(fields, "location", ""),
        requester=_text(fields, "requester", ""),
        worker=_text(fields, "worker", "main"),
        param=_text_or_none(fields, "param"),
        start_ns=_whole(fields, "start_ns", 0),
        setup_ns=_whole(fields, "setup_ns", 0),
        teardown_ns=_whole_or_none(fields, "teardown_ns"),
        failed=_flag(fields, "failed"),
    )


def _collection(value: Any) -> CollectRecord:
    fields = _object(value, "the record")
    return CollectRecord(
        nodeid=_text(fields, "nodeid"),
        worker=_text(fields, "worker", "main"),
        start_ns=_whole(fields, "start_ns", 0),
        duration_ns=_whole(fields, "duration_ns", 0),
        cpu_ns=_whole(fields, "cpu_ns", 0),
        outcome=_outcome(fields),
    )


def _benchmark(value: Any) -> BenchmarkRecord:
    fields = _object(value, "the record")
    samples = _list(fields, "samples", most=None)
    for sample in samples:
        _number(sample, "a sample")
    return BenchmarkRecord(
        name=_text(fields, "name"),
        nodeid=_text(fields, "nodeid"),
        source=_text(fields, "source"),
        unit=_text(fields, "unit"),
        samples=tuple(map(float, samples)),
        iterations=_whole(fields, "iterations", 1),
        warmup=_whole(fields, "warmup", 0),
        group=_text_or_none(fields, "group"),
        metadata=_texts_by_name(fields, "metadata"),
        metric=_text(fields, "metric", "wall"),
        higher_is_better=_flag(fields, "higher_is_better"),
    )


def _budget(value: Any) -> TestBudgets:
    fields = _object(value, "the record")
    budget = Budget(_text(fields, "metric"), _whole(fields, "limit"), _text(fields, "origin", ""))
    return TestBudgets(_text(fields, "nodeid", ""), (budget,), _text(fields, "category", ""))


def _joined(budgets: Sequence[TestBudgets]) -> tuple[TestBudgets, ...]:
    """Limits of one test in one value, as they were recorded."""
    joined: dict[tuple[str, str], TestBudgets] = {}
    for each in budgets:
        key = (each.nodeid, each.category)
        before = joined.get(key)
        joined[key] = each if before is None else before._replace(budgets=before.budgets + each.budgets)
    return tuple(joined.values())


def _stopped(value: Any) -> StoppedTest:
    fields = _object(value, "the record")
    return StoppedTest(_text(fields, "nodeid"), _whole(fields, "attempt"), _text(fields, "stack", ""))


def _import(value: Any) -> ImportCost:
    fields = _object(value, "the record")
    times = (_whole(fields, "own_ns"), _whole(fields, "cumulative_ns"))
    return ImportCost(_text(fields, "module"), *times, _text(fields, "imported_by", ""))


def _outcome(fields: Mapping[str, Any]) -> Outcome:
    word = fields.get("outcome")
    if not isinstance(word, str) or word not in _OUTCOMES:
        raise ValueError(f"outcome is none of {', '.join(_OUTCOMES)}")
    return _OUTCOMES[word]


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no object")
    return value


def _list(fields: Mapping[str, Any], name: str, *, most: int | None = _MOST_ITEMS) -> Sequence[Any]:
    value = fields.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")
    if most is not None and len(value) > most:
        raise ValueError(f"{name} has more than {most} items")
    return value


def _checked(value: Any, name: str, most: int = _MOST_CHARACTERS) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")
    if len(value) > most:
        raise ValueError(f"{name} has more than {most} characters")
    return value


def _text(fields: Mapping[str, Any], name: str, default: str | None = None, *, most: int = 10_000) -> str:
    value = fields.get(name, default)
    return _checked(value, name, _MOST_CHARACTERS if name == "stack" else most)


def _text_or_none(fields: Mapping[str, Any], name: str) -> str | None:
    return None if fields.get(name) is None else _text(fields, name)


def _texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(_checked(each, f"an item of {name}") for each in _list(fields, name))


def _texts_by_name(fields: Mapping[str, Any], name: str) -> dict[str, str]:
    return dict(_pairs(_object(fields.get(name) or {}, name), name))


def _pairs(fields: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    for key, value in fields.items():
        yield _checked(key, f"a key of {name}"), _checked(value, f"a value of {name}")


def _whole(fields: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = fields.get(name, default)
    if value.__class__ is not int:
        raise ValueError(f"{name} is no whole number")
    number: int = value
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{name} does not fit into 64 bits")
    return number


def _whole_or_none(fields: Mapping[str, Any], name: str) -> int | None:
    return None if fields.get(name) is None else _whole(fields, name)


def _number(value: Any, name: str) -> float:
    if value.__class__ not in (int, float) or abs(value) > 1e300:
        raise ValueError(f"{name} is no number")
    return float(value)


def _number_or_none(fields: Mapping[str, Any], name: str) -> float | None:
    return None if fields.get(name) is None else _number(fields[name], name)


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    return _flag_or_none(fields, name) or False


def _flag_or_none(fields: Mapping[str, Any], name: str) -> bool | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{name} is neither true nor false")
    return value
