"""Telemetry against a receiver made of opentelemetry-proto: what arrives, and what nobody waits for."""

import gzip
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lapwing.errors import ConfigurationError
from lapwing.model.record import FixtureRecord, Outcome, TestRecord
from lapwing.model.run import CiJob, Machine, RecordedRun, Revision, Run, WorkerFacts
from lapwing.outbound.otlp import Target, send, target_of

trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
metrics_service = pytest.importorskip("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2")
messages = pytest.importorskip("lapwing.outbound.otlp_messages")

MS = 1_000_000
START = 1_790_000_000_000_000_000


class Collector(ThreadingHTTPServer):
    """Takes OTLP over HTTP as a collector does, and keeps it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.traces: list[Any] = []
        self.metrics: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.answer = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def spans(self) -> list[Any]:
        return [
            span
            for request in self.traces
            for group in request.resource_spans
            for scope in group.scope_spans
            for span in scope.spans
        ]


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Content-Type"] == "application/x-protobuf"
        self.server.headers.append(dict(self.headers))
        if self.path == "/v1/traces":
            self.server.traces.append(trace_service.ExportTraceServiceRequest.FromString(body))
        elif self.path == "/v1/metrics":
            self.server.metrics.append(metrics_service.ExportMetricsServiceRequest.FromString(body))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector(serving: Any) -> Collector:
    server: Collector = serving(Collector())
    return server


@pytest.fixture
def recorded() -> RecordedRun:
    """Two tests on two workers, one failed; a fixture set up for the first."""
    return RecordedRun(
        run=Run(
            run_id="0192f3a1-7c11-7d2e-9f00-0123456789ab",
            started_at_ns=START,
            duration_ns=2_000 * MS,
            project="shop",
            revision=Revision(commit="c0ffee", branch="main"),
            machine=Machine(system="Linux", hostname="box"),
            ci=CiJob(provider="github", pipeline="77", job="unit"),
            python="3.12.1",
            workers=2,
            processes=(
                WorkerFacts(name="gw0", pid=1, start_ns=5 * MS, end_ns=1_900 * MS),
                WorkerFacts(name="gw1", pid=2, start_ns=6 * MS),
            ),
            is_complete=True,
        ),
        tests=(
            TestRecord(
                nodeid="tests/test_cart.py::TestCart::test_total[a]",
                outcome=Outcome.PASSED,
                worker="gw0",
                start_ns=100 * MS,
                setup_ns=10 * MS,
                call_ns=90 * MS,
                call_cpu_ns=50 * MS,
            ),
            TestRecord(
                nodeid="tests/test_web.py::test_fails",
                outcome=Outcome.FAILED,
                worker="gw1",
                category="api",
                start_ns=200 * MS,
                call_ns=400 * MS,
            ),
        ),
        fixtures=(
            FixtureRecord(
                "db",
                "session",
                "tests/conftest.py:3",
                "tests/test_cart.py::TestCart::test_total[a]",
                worker="gw0",
                start_ns=101 * MS,
                setup_ns=8 * MS,
            ),
        ),
    )


def exported(recorded: RecordedRun, collector: Collector, **environ: str) -> None:
    made = messages.Messages(recorded, environ)
    sent = send(made.trace_requests(), iter((made.metrics_request(),)), target_of(collector.url, environ))
    assert sent.fault == ""


def attributes(holder: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in holder.attributes}


def test_a_run_is_one_trace_of_run_workers_tests_phases_and_fixtures(
    recorded: RecordedRun, collector: Collector
) -> None:
    exported(recorded, collector)

    spans = {span.span_id: span for span in collector.spans}
    assert len({span.trace_id for span in collector.spans}) == 1
    parents = sorted(
        (span.name, getattr(spans.get(span.parent_span_id), "name", "")) for span in spans.values()
    )
    test, web = "tests/test_cart.py::TestCart::test_total[a]", "tests/test_web.py::test_fails"
    assert parents == sorted(
        [
            ("test run shop", ""),
            ("worker gw0", "test run shop"),
            ("worker gw1", "test run shop"),
            (test, "worker gw0"),
            ("setup", test),
            ("call", test),
            ("fixture db", "setup"),
            (web, "worker gw1"),
            ("call", web),
        ]
    )


def test_a_test_has_its_own_times_and_the_names_of_the_conventions(
    recorded: RecordedRun, collector: Collector
) -> None:
    exported(recorded, collector)

    test = next(span for span in collector.spans if "test_total" in span.name)
    assert test.start_time_unix_nano == START + 100 * MS
    assert test.end_time_unix_nano == START + 200 * MS
    found = attributes(test)
    assert found["test.case.name"] == "tests/test_cart.py::TestCart::test_total[a]"
    assert found["test.case.result.status"] == "pass"
    assert found["test.suite.name"] == found["code.file.path"] == "tests/test_cart.py"
    assert found["code.function.name"] == "tests.test_cart.TestCart.test_total"
    assert found["lapwing.cpu_time"] == 0.05


def test_parameters_are_no_part_of_the_functions_name(recorded: RecordedRun, collector: Collector) -> None:
    odd = recorded.tests[0]._replace(nodeid="tests/test_web.py::test_get[/a::b[c]]")
    exported(recorded._replace(tests=(odd,), fixtures=()), collector)

    test = next(span for span in collector.spans if span.name == odd.nodeid)
    assert attributes(test)["code.function.name"] == "tests.test_web.test_get"


def test_a_fixture_hangs_below_the_attempt_and_the_phase_that_asked_for_it(
    recorded: RecordedRun, collector: Collector
) -> None:
    again = recorded.tests[0]._replace(attempt=2, start_ns=500 * MS)
    second = recorded.fixtures[0]._replace(start_ns=501 * MS)
    in_call = second._replace(name="late", start_ns=550 * MS)
    exported(
        recorded._replace(tests=(*recorded.tests, again), fixtures=(*recorded.fixtures, second, in_call)),
        collector,
    )

    spans = {span.span_id: span for span in collector.spans}
    found = {}
    for span in collector.spans:
        if span.name.startswith("fixture "):
            phase = spans[span.parent_span_id]
            attempt = attributes(spans[phase.parent_span_id])["lapwing.attempt"]
            found[span.name, span.start_time_unix_nano] = (phase.name, attempt)
    assert list(found.values()) == [("setup", 1), ("setup", 2), ("call", 2)]


def test_a_run_of_skipped_tests_alone_is_skipped(recorded: RecordedRun, collector: Collector) -> None:
    skipped = [each._replace(outcome=Outcome.SKIPPED) for each in recorded.tests]
    exported(recorded._replace(tests=tuple(skipped)), collector)

    run = next(span for span in collector.spans if span.name == "test run shop")
    assert attributes(run)["test.suite.run.status"] == "skipped"


@pytest.mark.parametrize(
    ("provider", "key"),
    [("github", "cicd.pipeline.run.url.full"), ("gitlab", "cicd.pipeline.task.run.url.full")],
)
def test_the_address_is_that_of_what_the_provider_tells(
    recorded: RecordedRun, collector: Collector, provider: str, key: str
) -> None:
    job = CiJob(provider=provider, pipeline="77", job="unit", url="https://ci.example/77")
    exported(recorded._replace(run=recorded.run._replace(ci=job)), collector)

    found = attributes(collector.traces[0].resource_spans[0].resource)
    assert [name for name, value in found.items() if value == "https://ci.example/77"] == [key]


def test_a_failure_is_an_error_of_its_span_and_of_the_run(
    recorded: RecordedRun, collector: Collector
) -> None:
    exported(recorded, collector)

    wrong = {span.name for span in collector.spans if span.status.code == 2}
    assert wrong == {"tests/test_web.py::test_fails", "test run shop"}
    run = next(span for span in collector.spans if span.name == "test run shop")
    assert attributes(run)["test.suite.run.status"] == "failure"


def test_the_resource_says_where_it_ran(recorded: RecordedRun, collector: Collector) -> None:
    exported(recorded, collector)

    found = attributes(collector.traces[0].resource_spans[0].resource)
    assert found["service.name"] == "shop"
    assert found["vcs.ref.head.revision"] == "c0ffee"
    assert found["cicd.pipeline.run.id"] == "77"
    assert found["cicd.pipeline.task.type"] == "test"
    assert found["os.type"] == "linux"


def test_what_is_set_for_opentelemetry_wins(recorded: RecordedRun, collector: Collector) -> None:
    exported(
        recorded,
        collector,
        OTEL_SERVICE_NAME="checkout",
        OTEL_RESOURCE_ATTRIBUTES="team=a%20b,host.name=other",
        OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20x",
        TRACEPARENT=f"00-{'ab' * 16}-{'cd' * 8}-01",
    )

    found = attributes(collector.traces[0].resource_spans[0].resource)
    assert (found["service.name"], found["team"], found["host.name"]) == ("checkout", "a b", "other")
    assert collector.headers[0]["authorization"] == "Bearer x"
    run = next(span for span in collector.spans if span.name == "test run shop")
    assert (run.trace_id.hex(), run.parent_span_id.hex()) == ("ab" * 16, "cd" * 8)


@pytest.mark.parametrize("wrong", ["", "00-zz-1-01", f"00-{'0' * 32}-{'0' * 16}-01"])
def test_a_wrong_parent_is_none(recorded: RecordedRun, collector: Collector, wrong: str) -> None:
    exported(recorded, collector, TRACEPARENT=wrong)

    assert next(span for span in collector.spans if span.name == "test run shop").parent_span_id == b""


def test_the_same_run_sent_twice_is_the_same_trace(recorded: RecordedRun, collector: Collector) -> None:
    exported(recorded, collector)
    first = [(span.trace_id, span.span_id) for span in collector.spans]
    exported(recorded, collector)

    assert [(span.trace_id, span.span_id) for span in collector.spans] == first * 2


def test_metrics_count_tests_and_their_times(recorded: RecordedRun, collector: Collector) -> None:
    exported(recorded, collector)

    metrics = collector.metrics[0].resource_metrics[0].scope_metrics[0].metrics
    by_name = {metric.name: metric for metric in metrics}
    assert by_name["lapwing.run.duration"].gauge.data_points[0].as_double == 2.0
    counts = {
        attributes(point)["lapwing.outcome"]: point.as_int
        for point in by_name["lapwing.test.count"].sum.data_points
    }
    assert counts == {"passed": 1, "failed": 1}
    times = {
        attributes(point)["test.case.result.status"]: point
        for point in by_name["lapwing.test.duration"].histogram.data_points
    }
    assert (times["fail"].count, times["fail"].sum) == (1, 0.4)
    assert sum(times["fail"].bucket_counts) == 1
    assert len(times["fail"].bucket_counts) == len(times["fail"].explicit_bounds) + 1


def test_a_large_run_goes_in_several_requests(recorded: RecordedRun, collector: Collector) -> None:
    many = recorded._replace(
        tests=tuple(recorded.tests[1]._replace(nodeid=f"tests/test_a.py::test_{at}") for at in range(1200))
    )

    exported(many, collector)

    assert len(collector.traces) == 3
    assert len({span.span_id for span in collector.spans}) == len(collector.spans) == 2 * 1200 + 4


def test_a_name_that_is_no_unicode_is_sent_all_the_same(recorded: RecordedRun, collector: Collector) -> None:
    odd = recorded._replace(tests=(recorded.tests[1]._replace(nodeid="tests/a.py::t[\ud800]"),))

    exported(odd, collector)

    assert any(span.name == "tests/a.py::t[?]" for span in collector.spans)


def test_a_collector_that_refuses_is_told(recorded: RecordedRun, collector: Collector) -> None:
    collector.answer = 503
    made = messages.Messages(recorded, {})

    sent = send(made.trace_requests(), iter(()), target_of(collector.url, {}))

    assert (sent.requests, sent.fault) == (0, "it answers 503")


def test_a_collector_that_is_down_is_told_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    sent = send(iter((b"x",)), iter(()), target_of(f"http://127.0.0.1:{port}", {}))

    assert sent.fault == "nothing listens there"


def test_a_collector_that_takes_the_connection_and_is_silent_is_left_alone() -> None:
    """Nothing is waited for that never moves; the bound is far over any noise of the machine."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        target = target_of(f"http://127.0.0.1:{silent.getsockname()[1]}", {})

        begin = time.monotonic()
        sent = send(iter((b"x",)), iter((b"y",)), target, patience_s=0.2)

    assert sent.requests == 0
    assert sent.fault
    assert time.monotonic() - begin < 20


def test_without_an_endpoint_opentelemetrys_own_variables_count() -> None:
    target = target_of("", {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://o.example/base/"})

    assert target == Target("https://o.example/base/v1/traces", "https://o.example/base/v1/metrics", {})


def test_an_endpoint_for_traces_alone_is_taken_as_it_stands() -> None:
    target = target_of("", {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://t.example/x"})

    assert (target.traces, target.metrics) == ("http://t.example/x", "http://localhost:4318/v1/metrics")


@pytest.mark.parametrize("wrong", ["localhost:4318", "ftp://x", "http://", "http://x:99999999"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="no URL"):
        target_of(wrong, {})
