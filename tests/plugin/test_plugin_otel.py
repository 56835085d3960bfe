"""`--otel`: a run is sent as it ends; whatever the collector does, outcomes and exit code stay the same."""

import gzip
import os
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

TESTS = "def test_one(): pass\ndef test_two(): pass\n"


class Collector(ThreadingHTTPServer):
    """The names of the spans that came in."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.names: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/traces":
            request = trace_service.ExportTraceServiceRequest.FromString(body)
            for group in request.resource_spans:
                self.server.names += [span.name for scope in group.scope_spans for span in scope.spans]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector(serving: Any, monkeypatch: pytest.MonkeyPatch) -> Collector:
    server: Collector = serving(Collector())
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    return server


def test_the_flag_alone_records_and_sends(project: Any, collector: Collector) -> None:
    project.pytester.makepyfile(TESTS)

    result = project.run("--otel", tracked=False)

    assert result.ret == 0
    assert {name for name in collector.names if "::" in name} == {
        f"{name}.py::{test}"
        for name in ["test_the_flag_alone_records_and_sends"]
        for test in ("test_one", "test_two")
    }
    result.stdout.fnmatch_lines(["*sent the trace and metrics of this run to http://127.0.0.1:*"])


def test_the_setting_sends_every_tracked_run(project: Any, collector: Collector) -> None:
    project.pytester.makepyfile(TESTS)
    project.pytester.makepyprojecttoml("[tool.lapwing]\notel = true\n")

    project.run()

    assert len([name for name in collector.names if "::" in name]) == 2


def test_without_it_nothing_is_sent(project: Any, collector: Collector) -> None:
    project.pytester.makepyfile(TESTS)

    project.run()

    assert collector.names == []


@pytest.mark.slow_suite
def test_of_several_workers_only_the_controller_sends(project: Any, collector: Collector) -> None:
    project.pytester.makepyfile(TESTS)

    result = project.run("--otel", "-n", "2", plugins=["xdist.plugin"], alone=True)

    assert result.ret == 0
    assert sorted(name for name in collector.names if name.startswith("worker")) == [
        "worker gw0",
        "worker gw1",
        "worker main",
    ]
    assert len([name for name in collector.names if "::test_" in name]) == 2


def test_a_collector_that_is_down_is_said_and_changes_no_outcome(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free.getsockname()[1]}")
    project.pytester.makepyfile(TESTS)

    result = project.run("--otel")

    assert result.ret == 0
    result.assert_outcomes(passed=2)
    assert len(project.recorded().tests) == 2
    result.stdout.fnmatch_lines(["*the trace of this run was not taken: nothing listens there*"])


def test_a_wrong_address_is_said_and_changes_no_outcome(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")
    project.pytester.makepyfile(TESTS)

    result = project.run("--otel")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*the address of the collector is no URL*"])


@pytest.mark.slow_suite
def test_a_silent_collector_holds_the_exit_up_for_two_seconds_at_most(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long the sending was waited for; on a machine with a load a multiple of that."""
    project.pytester.makepyfile(TESTS)
    project.pytester.makeconftest(
        """
        import time
        import lapwing.operations.export_otel as export

        sent = export.send

        def timed(*arguments):
            begin = time.monotonic()
            found = sent(*arguments)
            print(f"held up {time.monotonic() - begin:.1f}")
            return found

        export.send = timed
        """
    )
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")

        result = project.run("--otel", "-s", alone=True)

    assert result.ret == 0
    held = next(line.rpartition(" ")[2] for line in result.outlines if "held up" in line)
    assert float(held) < 2 * (1 + os.getloadavg()[0])
