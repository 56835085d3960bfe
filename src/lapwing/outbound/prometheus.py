"""Metrics of a run to a Prometheus Pushgateway.

A job in CI is gone before anybody can scrape it; a Pushgateway keeps what was pushed last. A push takes the
place of what the same group pushed before: https://github.com/prometheus/pushgateway
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from lapwing.errors import ConfigurationError, RemoteError
from lapwing.outbound.http import post_bytes

_PATIENCE_S: Final = 10.0
_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"


def push(gateway: str, job: str, labels: Mapping[str, str], text: str) -> None:
    """Put `text`, in the exposition format, into the group of `job` and `labels` at a gateway's address.

    Raises ConfigurationError for an address that is none, RemoteError where the gateway does not take it.
    """
    parts = urlsplit(gateway)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(
            "this is no address of a gateway", where="--push", mend="Write http://host:9091."
        )
    group = "".join(f"/{name}@base64/{_base64(value)}" for name, value in labels.items())
    url = f"{gateway.rstrip('/')}/metrics/job@base64/{_base64(job)}{group}"
    status, fault = post_bytes(
        url, text.encode(), {"Content-Type": _TEXT}, patience_s=_PATIENCE_S, method="PUT"
    )
    if status is None or status >= 300:
        raise RemoteError(
            f"the metrics were not taken: {fault or f'it answers {status}'}",
            where=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        )


def _base64(value: str) -> str:
    """A label's value as part of a path, whatever it holds; the empty one is written `=`."""
    import base64

    return quote(base64.urlsafe_b64encode(value.encode()).decode().rstrip("=") or "=", safe="=")
