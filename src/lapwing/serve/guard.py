"""What every request passes first: a known Host, and answers that browsers may not misuse."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The address of a page may hold the key of the session or the name of a test: nobody else is told it.
    # With "no-referrer" browsers send forms of our own pages without their origin, which changes must name.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_FOREIGN: Final = "This name is not one of the server's own. Allow it with --allow-host NAME."
_OF_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    """Refuses a Host that is not ours, which a name of a foreign site turned to this machine would have."""

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        self._app = app
        self._allowed = {*_OF_THIS_MACHINE, *(host.lower() for host in allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self._allowed:
            await _refuse(scope, send, 421, _FOREIGN)
            return
        if "content-length" in headers and "transfer-encoding" in headers:
            # Where a proxy goes by the one and we by the other, the rest of a body is somebody's request.
            await _refuse(scope, send, 400, "Say the length of a body in one way.")
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_guarded)


def host_name(host: str) -> str:
    """The name in a Host header, without the port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def is_same_origin(origin: str, host: str) -> bool:
    """Whether an Origin header names the server that was asked under `host`."""
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


async def _refuse(scope: Scope, send: Send, status: int, said: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    body = f"{said}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
