"""JSON over HTTP through urllib3, the only door to it: pooling, time limits, patience with busy servers.

A request is sent again where that cannot do a thing twice: reading and replacing after any passing fault,
creating only where the server never got the request, or refused it for its rate.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from lapwing._version import __version__
from lapwing.errors import ConfigurationError, MissingExtraError, RemoteError
from lapwing.model.value import Value

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_ATTEMPTS: Final = 4
_LONGEST_WAIT_S: Final = 60.0  # over all attempts; a job that waits longer costs more than a comment is worth
_SECONDARY_S: Final = 60.0  # that GitHub wants at least where it names no time
_CONNECT_S: Final = 10.0
_READ_S: Final = 30.0
_READS: Final = 2  # times as long as one wait for bytes may last, an answer may take as a whole
_LARGEST: Final = 10_000_000  # bytes of an answer
_PART: Final = 1 << 16  # bytes of it that are waited for at once
_SHORT_ANSWER: Final = 65_536  # bytes that are read of an answer nobody looks into
_REDIRECTS: Final = (301, 302, 307, 308)
_PASSING: Final = (500, 502, 503, 504)
_REPEATABLE: Final = ("GET", "PUT", "PATCH")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Answer(Value):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: Any  # parsed JSON; None where there is none

    @property
    def is_rate_limit(self) -> bool:
        """Whether the server asks for fewer requests. GitHub does so with 403, too, and of its secondary
        limits at times in the message alone."""
        if self.status == 403:
            message = self.body.get("message") if isinstance(self.body, dict) else ""
            return (
                "retry-after" in self.headers
                or self.headers.get("x-ratelimit-remaining") == "0"
                or (isinstance(message, str) and "rate limit" in message.lower())
            )
        return self.status == 429


class Http:
    """One API at `base_url`, every request with `headers`. `sleep` and `now` are seconds.

    Raises MissingExtraError without urllib3, ConfigurationError for an address that is not https (or http on
    this machine).
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        read_s: float = _READ_S,
    ) -> None:
        try:
            import urllib3
        except ImportError as error:
            raise MissingExtraError("urllib3", extra="remote", need="a comment") from error
        self._urllib3 = urllib3
        parts = urlsplit(base_url)
        is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not (parts.hostname and (parts.scheme == "https" or is_local)):
            raise ConfigurationError(
                "the address of the API is no https URL", where=f"{parts.scheme}://{parts.hostname or ''}"
            )
        self._base = base_url.rstrip("/")
        self._headers = {"User-Agent": f"lapwing/{__version__}", **headers}
        self._sleep, self._now = sleep, now
        self._whole_s = _READS * read_s
        self._pool = urllib3.PoolManager(
            retries=False, timeout=urllib3.Timeout(connect=_CONNECT_S, read=read_s), maxsize=1
        )

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """The answer to a request, whatever its status, redirects of the same server followed.

        Raises RemoteError where there is none, or none that can be read.
        """
        sent = None if body is None else json.dumps(body).encode()
        return self._answer(method, path, sent, "application/json")

    def hand_over(self, path: str, content: bytes, kind: str, *, attempts: int = _ATTEMPTS) -> Answer:
        """The answer to `content` of a media type, sent by POST to where getting it twice does no harm.

        Raises RemoteError as `ask` does.
        """
        return self._answer("POST", path, content, kind, is_repeatable=True, attempts=attempts)

    def _answer(
        self,
        method: str,
        path: str,
        sent: bytes | None,
        kind: str,
        *,
        is_repeatable: bool = False,
        attempts: int = _ATTEMPTS,
    ) -> Answer:
        url, waited = self._base + path, 0.0
        repeatable = is_repeatable or method in _REPEATABLE
        for attempt in range(1, attempts + 1):
            answer, fault, may_repeat = self._send(method, url, sent, kind)
            if answer is not None and answer.status in _REDIRECTS:
                url = self._redirected(url, answer)
                continue
            if answer is not None and answer.status < 400:
                return answer
            pause = self._pause(answer, attempt, repeatable=repeatable, may_repeat=may_repeat)
            if attempt == attempts or pause is None or waited + pause > _LONGEST_WAIT_S:
                if answer is not None:
                    return answer
                raise RemoteError(f"does not answer: {fault}", where=_shown(url))
            self._sleep(pause)
            waited += pause
        raise RemoteError("redirects too often", where=_shown(url))

    def _send(self, method: str, url: str, sent: bytes | None, kind: str) -> tuple[Answer | None, str, bool]:
        """Answer, or what went wrong and whether the server cannot have got the request."""
        faults = self._urllib3.exceptions
        headers = self._headers | ({"Content-Type": kind} if sent is not None else {})
        try:
            response = self._pool.request(
                method, url, body=sent, headers=headers, redirect=False, preload_content=False
            )
            try:
                content = self._content(response, url)
            finally:
                response.release_conn()
        except (faults.NewConnectionError, faults.ConnectTimeoutError) as error:
            return None, type(error).__name__, True
        except faults.HTTPError as error:
            return None, type(error).__name__, False
        known = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status, headers=known, body=_parsed(content)), "", False

    def _content(self, response: "BaseHTTPResponse", url: str) -> bytes:
        """What is answered. Raises RemoteError where it is too much, or comes in drops without an end."""
        parts, size, end = [], 0, time.monotonic() + self._whole_s
        while part := response.read1(_PART):
            parts.append(part)
            size += len(part)
            if size > _LARGEST:
                response.close()
                raise RemoteError(f"answers more than {_LARGEST} bytes", where=_shown(url))
            if time.monotonic() > end:
                response.close()
                raise RemoteError(f"answers for longer than {self._whole_s:g} s", where=_shown(url))
        return b"".join(parts)

    def _redirected(self, url: str, answer: Answer) -> str:
        """Where to go on. The token goes to no other server than the one it was given for."""
        target = urljoin(url, answer.headers.get("location", ""))
        here, there = urlsplit(url), urlsplit(target)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise RemoteError("redirects to another server, which is not followed", where=_shown(url))
        return target

    def _pause(
        self, answer: Answer | None, attempt: int, *, repeatable: bool, may_repeat: bool
    ) -> float | None:
        """Seconds until the request may be sent again; None where it must not be."""
        if answer is None:
            return 2.0 ** (attempt - 1) if may_repeat or repeatable else None
        if answer.is_rate_limit:
            return self._rate_pause(answer)
        if answer.status in _PASSING and repeatable:
            return 2.0 ** (attempt - 1)
        return None

    def _rate_pause(self, answer: Answer) -> float:
        after = _number(answer.headers.get("retry-after"))
        if after is not None:
            return max(0.0, after)
        reset = _number(answer.headers.get("x-ratelimit-reset") or answer.headers.get("ratelimit-reset"))
        if reset is not None:
            return max(1.0, reset - self._now())
        return _SECONDARY_S if answer.status == 403 else 10.0


def post_bytes(
    url: str, body: bytes, headers: Mapping[str, str], *, patience_s: float, method: str = "POST"
) -> tuple[int | None, str]:
    """Status of one request that is sent once and to no other place; or None, and why there was none.

    `patience_s` is for the connection and for each wait for the answer. Any http address is taken:
    collectors stand in networks of one's own. Raises MissingExtraError without urllib3.
    """
    try:
        import urllib3
    except ImportError as error:
        raise MissingExtraError("urllib3", extra="remote", need="sending to a collector") from error
    try:
        with urllib3.PoolManager(
            retries=False, timeout=urllib3.Timeout(connect=patience_s, read=patience_s)
        ) as pool:
            named = {"User-Agent": f"lapwing/{__version__}", **headers}
            answer = pool.request(
                method, url, body=body, headers=named, redirect=False, preload_content=False
            )
            answer.read(_SHORT_ANSWER)
            answer.release_conn()
            return int(answer.status), ""
    except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
        return None, _reason(error)


def _reason(error: Exception) -> str:
    """Why a request got no answer, in few words."""
    known = {
        "NewConnectionError": "nothing listens there",
        "ConnectTimeoutError": "it cannot be reached",
        "NameResolutionError": "nobody knows its name",
        "ReadTimeoutError": "it takes the connection and does not answer",
    }
    name = type(error).__name__
    return known.get(name, name)


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() else None


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content) if content.strip() else None
    except (ValueError, RecursionError):
        return None


def _shown(url: str) -> str:
    """The address without what may be secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
