"""A run as traces and metrics in the messages of OTLP: the only door to opentelemetry-proto.

A trace per run: run, worker, test, and below a test its phases and the fixtures set up for it. Names are
those of the semantic conventions for tests, version control and CI/CD where there are any
(https://opentelemetry.io/docs/specs/semconv/registry/attributes/test/), else they begin with `lapwing.`.
Ids come from the run's id, so that a run that is sent twice is the same trace.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

from lapwing._version import __version__
from lapwing.errors import MissingExtraError
from lapwing.model.ids import NodeIdParts, split_node_id
from lapwing.model.record import FAILURES, NEVER_RAN, FixtureRecord, Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.units import NS_PER_S

_BATCH: Final = 1000  # spans in one request
_BOUNDS_S: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_PASSES: Final = (Outcome.PASSED, Outcome.XFAILED, Outcome.FLAKY, Outcome.BENCHMARK)
_RUN_ADDRESS: Final = "cicd.pipeline.run.url.full"
_TELL_THE_JOB: Final = (
    "buildkite",
    "circleci",
    "gitlab",
    "travis",
)  # others tell the address of the pipeline
_OK, _ERROR = 1, 2  # codes of a span's status
_INTERNAL: Final = 1  # kind of a span
_CUMULATIVE: Final = 2  # the temporality that Prometheus understands, too


class Messages:
    """The messages of one run. Raises MissingExtraError without opentelemetry-proto.

    `environ` may hold what OpenTelemetry itself reads: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, and a
    TRACEPARENT under which the run is hung.
    """

    def __init__(self, recorded: RecordedRun, environ: Mapping[str, str]) -> None:
        try:
            from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
            from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
        except ImportError as error:
            raise MissingExtraError("opentelemetry-proto", extra="telemetry", need="telemetry") from error
        self._traces: Any = trace_service_pb2
        self._metrics: Any = metrics_service_pb2
        self._recorded = recorded
        self._begin = recorded.run.started_at_ns
        self._resource = _resource(recorded.run, environ)
        self._trace_id, self._parent = _context(recorded.run, environ)

    def trace_requests(self) -> Iterator[bytes]:
        """Requests for `/v1/traces`, each with at most 1,000 spans."""
        batch: list[dict[str, Any]] = []
        for span in self._spans():
            batch.append(span)
            if len(batch) == _BATCH:
                yield self._trace_request(batch)
                batch = []
        if batch:
            yield self._trace_request(batch)

    def metrics_request(self) -> bytes:
        """The request for `/v1/metrics`."""
        run = self._recorded.run
        end = self._begin + run.duration_ns
        request = self._metrics.ExportMetricsServiceRequest()
        group = request.resource_metrics.add()
        _fill(group.resource.attributes, self._resource)
        scope = group.scope_metrics.add()
        _scope(scope.scope)
        length = scope.metrics.add(
            name="lapwing.run.duration", unit="s", description="Duration of a test run."
        )
        length.gauge.data_points.add(time_unix_nano=end, as_double=run.duration_ns / NS_PER_S)
        count = scope.metrics.add(name="lapwing.test.count", unit="{test}", description="Tests by outcome.")
        count.sum.aggregation_temporality = _CUMULATIVE
        count.sum.is_monotonic = True
        for (outcome, category), number in sorted(_counted(self._recorded.tests).items()):
            point = count.sum.data_points.add(
                start_time_unix_nano=self._begin, time_unix_nano=end, as_int=number
            )
            result = {"test.case.result.status": _status(Outcome(outcome))}
            _fill(point.attributes, {**result, "lapwing.outcome": outcome, "lapwing.category": category})
        times = scope.metrics.add(name="lapwing.test.duration", unit="s", description="Duration of tests.")
        times.histogram.aggregation_temporality = _CUMULATIVE
        for (status, category), values in sorted(_times(self._recorded.tests).items()):
            point = times.histogram.data_points.add(
                start_time_unix_nano=self._begin,
                time_unix_nano=end,
                count=len(values),
                sum=sum(values),
                min=min(values),
                max=max(values),
                explicit_bounds=_BOUNDS_S,
                bucket_counts=_buckets(values),
            )
            _fill(point.attributes, {"test.case.result.status": status, "lapwing.category": category})
        message: bytes = request.SerializeToString()
        return message

    def _trace_request(self, spans: Sequence[dict[str, Any]]) -> bytes:
        request = self._traces.ExportTraceServiceRequest()
        group = request.resource_spans.add()
        _fill(group.resource.attributes, self._resource)
        scope = group.scope_spans.add()
        _scope(scope.scope)
        for each in spans:
            span = scope.spans.add(
                trace_id=self._trace_id,
                span_id=each["id"],
                parent_span_id=each["parent"],
                name=_clean(each["name"]),
                kind=_INTERNAL,
                start_time_unix_nano=max(0, each["begin"]),
                end_time_unix_nano=max(0, each["begin"], each["end"]),
            )
            if each.get("status"):
                span.status.code = each["status"]
            _fill(span.attributes, each["attributes"])
        message: bytes = request.SerializeToString()
        return message

    def _spans(self) -> Iterator[dict[str, Any]]:
        run = self._recorded.run
        root = self._id("run")
        failed = any(record.outcome in FAILURES for record in self._recorded.tests)
        yield {
            "id": root,
            "parent": self._parent,
            "name": f"test run {run.project}".strip(),
            "begin": self._begin - run.startup_ns,
            "end": self._begin + run.duration_ns,
            "status": _ERROR if failed else _OK if run.is_complete else 0,
            "attributes": {
                "test.suite.name": run.project,
                "test.suite.run.status": self._run_status(failed),
                "lapwing.run_id": run.run_id,
                "lapwing.workers": run.workers,
                "lapwing.tests": len(self._recorded.tests),
            },
        }
        yield from self._workers(root)
        known = set(self._ends())
        attempts: dict[tuple[str, str], list[TestRecord]] = {}
        for record in self._recorded.tests:
            attempts.setdefault((record.nodeid, record.worker), []).append(record)
            yield from self._test(
                record, self._id("worker", record.worker) if record.worker in known else root
            )
        for at, fixture in enumerate(self._recorded.fixtures):
            asked = attempts.get((fixture.requester, fixture.worker), ())
            yield self._fixture(fixture, at, self._phase_around(fixture, asked) or root)

    def _workers(self, root: bytes) -> Iterator[dict[str, Any]]:
        starts = {each.name: each.start_ns for each in self._recorded.run.processes}
        for name, end in self._ends().items():
            yield {
                "id": self._id("worker", name),
                "parent": root,
                "name": f"worker {name}",
                "begin": self._begin + starts.get(name, 0),
                "end": self._begin + end,
                "attributes": {"lapwing.worker": name},
            }

    def _ends(self) -> dict[str, int]:
        """Workers and the end of each, as offsets from the run's start."""
        run = self._recorded.run
        return {each.name: run.duration_ns if each.end_ns is None else each.end_ns for each in run.processes}

    def _test(self, record: TestRecord, parent: bytes) -> Iterator[dict[str, Any]]:
        named = split_node_id(record.nodeid)
        own = self._test_id(record)
        begin = self._begin + record.start_ns
        yield {
            "id": own,
            "parent": parent,
            "name": record.nodeid,
            "begin": begin,
            "end": begin + (record.duration_ns or 0),
            "status": _ERROR if record.outcome in FAILURES else _OK if record.outcome in _PASSES else 0,
            "attributes": {
                "test.case.name": record.nodeid,
                "test.case.result.status": _status(record.outcome),
                "test.suite.name": named.file,
                "code.file.path": named.file,
                "code.function.name": _qualified(named),
                "lapwing.outcome": record.outcome.value,
                "lapwing.category": record.category,
                "lapwing.attempt": record.attempt,
                "lapwing.worker": record.worker,
                "lapwing.cpu_time": None if record.cpu_ns is None else record.cpu_ns / NS_PER_S,
                "lapwing.peak_memory": record.peak_bytes,
            },
        }
        phases = (("setup", record.setup_ns), ("call", record.call_ns), ("teardown", record.teardown_ns))
        for name, spent in phases:
            if spent:
                yield {
                    "id": _short_id(own, name),
                    "parent": own,
                    "name": name,
                    "begin": begin,
                    "end": begin + spent,
                    "attributes": {"lapwing.phase": name},
                }
                begin += spent

    def _phase_around(self, fixture: FixtureRecord, attempts: Sequence[TestRecord]) -> bytes:
        """The id of the phase that asked for a fixture: of the last of the test's attempts that had begun by
        then, set-up or call; of the attempt itself where it has none. b"" without one.
        """
        begun = [each for each in attempts if each.start_ns <= fixture.start_ns] or attempts[:1]
        if not begun:
            return b""
        test = max(begun, key=lambda each: each.start_ns)
        in_call = bool(test.call_ns) and fixture.start_ns >= test.start_ns + (test.setup_ns or 0)
        own = self._test_id(test)
        if not in_call and not test.setup_ns:  # a phase of no time has no span
            return own
        return _short_id(own, "call" if in_call else "setup")

    def _fixture(self, fixture: FixtureRecord, at: int, parent: bytes) -> dict[str, Any]:
        """A set-up, below the phase that asked first."""
        begin = self._begin + fixture.start_ns
        return {
            "id": self._id("fixture", str(at)),
            "parent": parent,
            "name": f"fixture {fixture.name}",
            "begin": begin,
            "end": begin + fixture.setup_ns,
            "status": _ERROR if fixture.failed else 0,
            "attributes": {
                "lapwing.fixture.name": fixture.name,
                "lapwing.fixture.scope": fixture.scope,
                "lapwing.fixture.location": fixture.location,
            },
        }

    def _test_id(self, record: TestRecord) -> bytes:
        return self._id("test", record.nodeid, str(record.attempt), record.worker)

    def _run_status(self, failed: bool) -> str:
        tests = self._recorded.tests
        if not self._recorded.run.is_complete:
            return "aborted"
        if failed:
            return "failure"
        return "skipped" if tests and all(each.outcome in NEVER_RAN for each in tests) else "success"

    def _id(self, *words: str) -> bytes:
        return _short_id(self._recorded.run.run_id.encode(), *words)


def _resource(run: Run, environ: Mapping[str, str]) -> dict[str, Any]:
    """Where it happened. What somebody has set for OpenTelemetry wins."""
    ci = run.ci
    own: dict[str, Any] = {
        "service.name": run.project or "tests",
        "telemetry.sdk.name": "lapwing",
        "telemetry.sdk.language": "python",
        "telemetry.sdk.version": __version__,
        "host.name": run.machine.hostname,
        "os.type": run.machine.system.lower(),
        "process.runtime.name": run.implementation,
        "process.runtime.version": run.python,
        "vcs.ref.head.revision": run.revision.commit,
        "vcs.ref.head.name": run.revision.branch,
        "cicd.pipeline.run.id": ci.pipeline if ci else None,
    }
    if ci is not None:
        address = "cicd.pipeline.task.run.url.full" if ci.provider in _TELL_THE_JOB else _RUN_ADDRESS
        own |= {
            "cicd.pipeline.task.name": ci.job,
            "cicd.pipeline.task.type": "test",
            address: ci.url,
            "vcs.change.id": ci.pull_request,
        }
    for pair in environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(","):
        key, equals, value = pair.partition("=")
        if equals and key.strip():
            own[unquote(key.strip())] = unquote(value.strip())
    if environ.get("OTEL_SERVICE_NAME"):
        own["service.name"] = environ["OTEL_SERVICE_NAME"]
    return own


def _context(run: Run, environ: Mapping[str, str]) -> tuple[bytes, bytes]:
    """Trace id and parent: those of TRACEPARENT (W3C Trace Context), else an id made of the run's."""
    own = hashlib.sha256(run.run_id.encode()).digest()[:16]
    parts = environ.get("TRACEPARENT", "").strip().split("-")
    try:
        if len(parts) >= 4 and (len(parts[1]), len(parts[2])) == (32, 16):
            trace, parent = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
            if any(trace) and any(parent):
                return trace, parent
    except ValueError:
        pass
    return own, b""


def _fill(target: Any, attributes: Mapping[str, Any]) -> None:
    """Add attributes; those without a value are left out."""
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        held = target.add(key=key).value
        if isinstance(value, bool):
            held.bool_value = value
        elif isinstance(value, int):
            held.int_value = value
        elif isinstance(value, float):
            held.double_value = value
        else:
            held.string_value = _clean(str(value))


def _clean(text: str) -> str:
    """`text` as protobuf can hold it: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _scope(scope: Any) -> None:
    scope.name, scope.version = "lapwing", __version__


def _short_id(start: bytes, *words: str) -> bytes:
    text = "\x1f".join(words).encode("utf-8", "backslashreplace")
    return hashlib.sha256(start + b"\x1f" + text).digest()[:8]


def _status(outcome: Outcome) -> str:
    if outcome in _PASSES:
        return "pass"
    return "fail" if outcome in FAILURES or outcome is Outcome.XPASSED else outcome.value


def _qualified(named: NodeIdParts) -> str:
    """The function with its module and classes, as the conventions ask for; "" where the id names none."""
    module = named.file.removesuffix(".py").replace("/", ".")
    return ".".join((module, *named.classes, named.function)) if named.function else ""


def _counted(tests: Iterable[TestRecord]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for record in tests:
        key = (record.outcome.value, record.category)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _times(tests: Iterable[TestRecord]) -> dict[tuple[str, str], list[float]]:
    times: dict[tuple[str, str], list[float]] = {}
    for record in tests:
        if record.duration_ns is not None:
            key = (_status(record.outcome), record.category)
            times.setdefault(key, []).append(record.duration_ns / NS_PER_S)
    return times


def _buckets(values: Iterable[float]) -> list[int]:
    """How many values lie up to each bound and above the one before, and how many beyond the last."""
    counts = [0] * (len(_BOUNDS_S) + 1)
    for value in values:
        counts[next((at for at, bound in enumerate(_BOUNDS_S) if value <= bound), len(_BOUNDS_S))] += 1
    return counts
