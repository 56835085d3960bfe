"""Serves an application of this process on a loopback port, so that it can be loaded."""

import importlib.util
import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from lapwing.errors import ConfigurationError, LoadError, MissingExtraError

_HOST: Final = "127.0.0.1"
_START_S: Final = 15.0
_THREADS: Final = 16
_BACKLOG: Final = 2048


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an ASGI or WSGI application while the block runs; gives its base URL.

    ASGI runs in uvicorn, WSGI in waitress, each in a thread of this process. Raises MissingExtraError
    without it, ConfigurationError for what is no application, LoadError where it does not start.
    """
    if not callable(app):
        raise ConfigurationError(
            f"{app!r} is neither an ASGI nor a WSGI application",
            where="app",
            mend="Give the object that a server would be given.",
        )
    server = _asgi(app) if _is_asgi(app) else _wsgi(app)
    with server as url:
        yield url


def _is_asgi(app: Any) -> bool:
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(type(app).__call__)


@contextmanager
def _asgi(app: Callable[..., Any]) -> Iterator[str]:
    _need("uvicorn")
    import uvicorn

    # With the protocol named: asyncio switches Nagle's algorithm off for such sockets only, and an answer in
    # two packets would wait 40 ms for the other side's delayed acknowledgment.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((_HOST, 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, backlog=_BACKLOG)
    server = uvicorn.Server(config)
    # Signals belong to the test run, and only the main thread may take them.
    server.capture_signals = _no_signals
    thread = threading.Thread(target=server.run, args=([listener],), name="lapwing app", daemon=True)
    thread.start()
    waited = 0.0
    pause = threading.Event()
    while not server.started:
        pause.wait(0.01)
        waited += 0.01
        if not thread.is_alive() or waited > _START_S:
            listener.close()
            raise LoadError("the application did not start", where="app", mend="See what it printed.")
    try:
        yield f"http://{_HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_START_S)
        listener.close()


@contextmanager
def _no_signals() -> Iterator[None]:
    yield


@contextmanager
def _wsgi(app: Callable[..., Any]) -> Iterator[str]:
    _need("waitress")
    from waitress.server import create_server

    channels: dict[int, Any] = {}
    server = create_server(
        app, map=channels, host=_HOST, port=0, threads=_THREADS, backlog=_BACKLOG, connection_limit=_BACKLOG
    )
    is_over = threading.Event()

    def serve() -> None:
        # Its own `run` ends only by an exception of a socket that somebody else closed.
        while not is_over.is_set():
            server.asyncore.loop(timeout=0.1, map=channels, count=1, use_poll=server.adj.asyncore_use_poll)
        server.task_dispatcher.shutdown()
        server.close()
        server.asyncore.close_all(channels)

    thread = threading.Thread(target=serve, name="lapwing app", daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.effective_port}"
    finally:
        is_over.set()
        thread.join(_START_S)


def _need(library: str) -> None:
    if importlib.util.find_spec(library) is None:
        raise MissingExtraError(library, extra="load", need="serving an application for a load test")
