"""Starting a server: an address that is free and safe, a key, and the end in order."""

import errno
import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn

from lapwing.config.root import HOME
from lapwing.errors import ConfigurationError, StoreError
from lapwing.operations.tokens import tokens
from lapwing.serve.app import make_app
from lapwing.serve.config import ServeConfig
from lapwing.serve.connections import Connections, PatientProtocol
from lapwing.serve.kept_memory import keep_memory
from lapwing.store.open_store import open_store

_KEY_FILE: Final = "serve-key"
_TRIED: Final = 50  # ports after the one asked for
_BEING_CLOSED: Final = 100  # connections that were let go and are still counted


def bind(config: ServeConfig) -> socket.socket:
    """A listening socket at the address of `config`. Raises ConfigurationError for one that is taken."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        listening = _bound(family, config.host, config.port)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Answers that nobody reads would be held for ever. What is accepted takes this over.
            patience_ms = round(config.answer_patience_s * 1_000)
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience_ms)
        return listening
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = _next_free(family, config.host, config.port)
            raise ConfigurationError(
                f"port {config.port} is taken",
                where=f"{config.host}:{config.port}",
                mend=f"Port {free} is free: --port {free}" if free else "Choose another with --port.",
            ) from error
        raise ConfigurationError(
            f"cannot listen there ({error.strerror})",
            where=f"{config.host}:{config.port}",
            mend="Choose an address of this machine and a port over 1023.",
        ) from error


def open_door(config: ServeConfig) -> ServeConfig:
    """The configuration with the key that lets this machine in.

    A server that others reach has none: its URL would be in somebody's log. Raises ConfigurationError
    for one while there is no token, StoreError.
    """
    if config.is_local:
        return config._replace(session_key=session_key(config.root / HOME))
    with open_store(config.store, create=True) as store:
        if tokens(store):
            return config
    raise ConfigurationError(
        "an address that others reach needs tokens, and there is none",
        where=f"--host {config.host}",
        mend="Make one first: lapwing token create NAME --scope admin",
    )


def session_key(home: Path) -> str:
    """The key of the printed URL; kept in `home`, so that a browser stays signed in over a restart.

    Raises StoreError where it can be neither read nor written.
    """
    file = home / _KEY_FILE
    try:
        kept = file.read_text(encoding="ascii").strip()
        if len(kept) >= 32:
            return kept
    except (OSError, ValueError):
        pass
    key = secrets.token_urlsafe(32)
    try:
        home.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(key + "\n")
    except OSError as error:
        raise StoreError(
            f"the key cannot be kept ({error.strerror})",
            where=str(file),
            mend="Check the rights of its folder.",
        ) from error
    return key


def serve(config: ServeConfig, listening: socket.socket, on_ready: Callable[[], object]) -> None:
    """Answer requests until interrupted; `on_ready` is called once they are."""

    class Connection(PatientProtocol):
        connections_open = Connections(config.most_connections, config.most_unread_bytes)
        head_patience_s = config.head_patience_s

    class ReadyServer(uvicorn.Server):  # type: ignore[misc]
        """Says when it listens."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            on_ready()

    keep_memory()
    server = ReadyServer(
        uvicorn.Config(
            make_app(config),
            http=Connection,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=bool(config.proxies),
            forwarded_allow_ips=list(config.proxies),
            limit_concurrency=config.most_connections + config.most_watching + _BEING_CLOSED,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=10,
            h11_max_incomplete_event_size=32_768,
            ws_max_size=4_096,
        )
    )
    server.run(sockets=[listening])


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    # With its protocol named asyncio switches Nagle off: an answer in two pieces would wait 40 ms.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(256)
    except OSError:
        made.close()
        raise
    return made


def _next_free(family: socket.AddressFamily, host: str, port: int) -> int | None:
    for other in range(port + 1, min(65_536, port + 1 + _TRIED)):
        try:
            _bound(family, host, other).close()
        except OSError:
            continue
        return other
    return None
