"""Sending a run to an OpenTelemetry collector over OTLP/HTTP, with little patience.

A collector that is down, that takes a connection and says nothing, or whose name nobody can look up must not
hold up whoever waits for the tests: sending runs in a thread that is left behind once nothing moved for
`PATIENCE_S`, and the first fault ends it. A collector that answers is given all the time it needs.
"""

import gzip
import threading
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final
from urllib.parse import unquote, urlsplit

from lapwing.errors import ConfigurationError
from lapwing.model.value import Value
from lapwing.outbound.http import post_bytes

DEFAULT_ENDPOINT: Final = "http://localhost:4318"
PATIENCE_S: Final = 1.2  # with the imports a run is held up for less than two seconds

_PROTOBUF: Final = "application/x-protobuf"


class Target(Value):
    """Where telemetry goes."""

    traces: str  # URL
    metrics: str
    headers: Mapping[str, str]

    @property
    def shown(self) -> str:
        """The address without what may be secret."""
        parts = urlsplit(self.traces)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or ''}{port}"


class Sent(Value):
    """What a collector took."""

    requests: int
    fault: str = ""  # why not all


def target_of(endpoint: str, environ: Mapping[str, str]) -> Target:
    """The target at `endpoint`, "" for what OpenTelemetry's own variables say. Raises ConfigurationError."""
    base = endpoint or environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "") or DEFAULT_ENDPOINT
    traces = environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "") if not endpoint else ""
    metrics = environ.get("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "") if not endpoint else ""
    target = Target(
        traces=traces or f"{base.rstrip('/')}/v1/traces",
        metrics=metrics or f"{base.rstrip('/')}/v1/metrics",
        headers=_headers(environ.get("OTEL_EXPORTER_OTLP_HEADERS", "")),
    )
    for url in (target.traces, target.metrics):
        if not _is_http(url):
            raise ConfigurationError(
                "the address of the collector is no URL",
                where="--otel",
                mend=f"Write it with its scheme, such as {DEFAULT_ENDPOINT}.",
            )
    return target


def send(
    traces: Iterator[bytes], metrics: Iterator[bytes], target: Target, *, patience_s: float = PATIENCE_S
) -> Sent:
    """Send all requests; returns at the latest `patience_s` after the last one that was answered."""
    sending = _Sending(traces, metrics, target, patience_s)
    thread = threading.Thread(target=sending.run, name="lapwing-otlp", daemon=True)
    thread.start()
    while thread.is_alive():
        done = sending.answered
        thread.join(patience_s)
        if thread.is_alive() and sending.answered == done:
            return Sent(done, f"no answer within {patience_s:g} s")
    return Sent(sending.answered, sending.fault)


class _Sending:
    """The work of the thread, and how far it is."""

    def __init__(
        self, traces: Iterator[bytes], metrics: Iterator[bytes], target: Target, patience_s: float
    ) -> None:
        self.answered = 0
        self.fault = ""
        # Made one by one: of a large run the first request alone shows that nobody listens.
        self._requests = chain(
            ((target.traces, body) for body in traces), ((target.metrics, body) for body in metrics)
        )
        self._headers = target.headers
        self._patience_s = patience_s

    def run(self) -> None:
        """Send one after another; the first fault ends it."""
        try:
            self._send_all()
        except Exception as error:  # nobody would see it in a thread
            self.fault = f"{type(error).__name__}: {error}"

    def _send_all(self) -> None:
        for url, body in self._requests:
            headers = {**self._headers, "Content-Type": _PROTOBUF, "Content-Encoding": "gzip"}
            status, fault = post_bytes(url, gzip.compress(body, 1), headers, patience_s=self._patience_s)
            if status is None or status >= 300:
                self.fault = fault or f"it answers {status}"
                return
            self.answered += 1


def _headers(text: str) -> dict[str, str]:
    """`a=1,b=2` as OpenTelemetry writes headers in its variable, values percent-encoded."""
    pairs = (pair.partition("=") for pair in text.split(","))
    return {key.strip(): unquote(value.strip()) for key, equals, value in pairs if equals and key.strip()}


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
