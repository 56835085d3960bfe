"""What is to be loaded and how, read from what test authors and commands write."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from lapwing.errors import ConfigurationError
from lapwing.model.value import Value

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_METHOD: Final = re.compile(r"[A-Za-z]+\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@-]*\Z")
_BREAKS: Final = re.compile(r"[\r\n\0]")
_MOST_IDLE_USERS: Final = 2000
_FEWEST_IDLE_USERS: Final = 20
SSH: Final = "ssh -o BatchMode=yes {host} locust -f - --worker --master-host {master} --master-port {port}"
"""How a worker is started on another machine. It gets its locustfile from here."""


class Endpoint(Value):
    """One request that is made again and again."""

    base_url: str  # http://host:port
    path: str
    method: str = "GET"
    headers: Mapping[str, str] = {}
    body: str | bytes | None = None

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.base_url}{self.path}"


class Where(Value):
    """On which processes the load is made."""

    processes: int = 1  # on this machine
    workers: tuple[str, ...] = ()  # other machines, one worker each time one is named
    expect_workers: int = 0  # that somebody else starts
    bind: str = ""  # address for workers to connect to; "" this machine's loopback, or all where others come
    port: int = 0  # 0: any
    master: str = ""  # by which name workers reach this machine; "": found out
    worker_command: str = SSH
    worker_wait_s: float = 60.0


class Shape(Value):
    """How a step is played, whatever its load."""

    is_open: bool
    lasts_s: float
    ramp_s: float
    is_fixed: bool = False  # arrivals evenly spread, not a Poisson process
    pace_s: float = 0.0  # between two requests of one user in the closed model; 0: none
    users: int | None = None  # of the open model; None: enough for answers that take two seconds
    drain_s: float = 5.0  # patience for answers after the end
    timeout_s: float = 30.0  # of one request

    def users_at(self, load: float) -> int:
        """How many users a step of `load` has."""
        if not self.is_open:
            return max(1, round(load))
        return self.users or min(_MOST_IDLE_USERS, max(_FEWEST_IDLE_USERS, round(load * 2)))


class Limits(Value):
    """When a load counts as not held."""

    p95_ns: int | None = None  # None: see `load_limits`
    failures: float = 0.02  # share of the requests
    achieved: float = 0.9  # share of the offered rate, where a rate was intended


def read_endpoint(
    written: Mapping[str, Any], *, base_url: str = "", where: str = "load endpoint"
) -> Endpoint:
    """The endpoint that `written` describes: method, path, headers, body, base_url.

    `base_url` is taken where none is written; `path` may be a whole address. Raises ConfigurationError.
    """
    unknown = sorted(set(written) - {"method", "path", "headers", "body", "base_url", "app"})
    if unknown:
        raise _fault(
            f"unknown key {unknown[0]!r}", where, "Keys: method, path, headers, body, base_url, app."
        )
    path = str(written.get("path", "/"))
    base = str(written.get("base_url") or base_url)
    if _ADDRESS.match(path):
        parts = urlsplit(path)
        base, path = (
            f"{parts.scheme}://{parts.netloc}",
            path[len(f"{parts.scheme}://{parts.netloc}") :] or "/",
        )
    if not base:
        raise _fault(
            "no base_url",
            where,
            "Give a whole address, base_url or app; or base_url in [tool.lapwing.load].",
        )
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname or _BREAKS.search(base):
        raise _fault(f"{base!r} is not an http address", where, "Write it as http://127.0.0.1:8000.")
    method = str(written.get("method", "GET"))
    if not _METHOD.match(method):
        raise _fault(f"{method!r} is not a method", where, "Write GET, POST, PUT, ...")
    if not path.startswith("/") or _BREAKS.search(path) or " " in path:
        raise _fault(
            f"path {path!r} does not start with / or holds blanks", where, "Quote it as in an address."
        )
    headers = _headers(written.get("headers"), where)
    body, is_json = _body(written.get("body"))
    if is_json and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/json"
    return Endpoint(base.rstrip("/"), path, method.upper(), headers, body)


def _headers(written: Any, where: str) -> dict[str, str]:
    """Headers as a dict; repeated ones joined as RFC 9110 (5.3) has it, cookies by `; `."""
    if written is None:
        return {}
    pairs: Iterable[Any] = written.items() if isinstance(written, Mapping) else written
    headers: dict[str, str] = {}
    try:
        for name, value in pairs:
            known = next((each for each in headers if each.lower() == str(name).lower()), str(name))
            glue = "; " if known.lower() == "cookie" else ", "
            headers[known] = f"{headers[known]}{glue}{value}" if known in headers else str(value)
    except (TypeError, ValueError):
        raise _fault(
            "headers are neither a dict nor pairs", where, 'Write {"Accept": "text/html"}.'
        ) from None
    for name, value in headers.items():
        if _BREAKS.search(name + value) or not name or ":" in name:
            raise _fault(f"header {name!r} is not one", where, "Names and values are single lines.")
    return headers


def _body(written: Any) -> tuple[str | bytes | None, bool]:
    """The body, and whether it was made JSON."""
    if written is None or isinstance(written, str | bytes):
        return written, False
    return json.dumps(written), True


def read_workers(names: Iterable[str], *, where: str) -> tuple[str, ...]:
    """Names of machines. Raises ConfigurationError for what a shell or ssh could take for something else."""
    found = tuple(name.strip() for name in names if name.strip())
    for name in found:
        if not _HOST.match(name):
            raise _fault(f"{name!r} is not the name of a machine", where, "Write host or user@host.")
    return found


def child_plan(
    endpoint: Endpoint | None, locustfile: str, host: str, shape: Shape, where: Where
) -> dict[str, Any]:
    """The plan as the child reads it."""
    call = None
    if endpoint is not None:
        call = {
            "method": endpoint.method,
            "url": endpoint.path,
            "name": endpoint.path,
            "headers": dict(endpoint.headers),
            "allow_redirects": False,  # another host may stand behind it
        }
        if isinstance(endpoint.body, bytes):
            call["data_base64"] = base64.b64encode(endpoint.body).decode("ascii")
        elif endpoint.body is not None:
            call["data"] = endpoint.body
    are_others = bool(where.workers or where.expect_workers)
    return {
        "locustfile": locustfile,
        "host": endpoint.base_url if endpoint is not None else host,
        "call": call,
        "is_open": shape.is_open,
        "timeout_s": shape.timeout_s,
        "processes": where.processes,
        "workers": list(where.workers),
        "expect_workers": where.expect_workers,
        "bind": where.bind or ("*" if are_others else "127.0.0.1"),
        "port": where.port,
        "master": where.master,
        "worker_command": where.worker_command,
        "worker_wait_s": where.worker_wait_s,
    }


def _fault(what: str, where: str, mend: str) -> ConfigurationError:
    return ConfigurationError(what, where=where, mend=mend)
