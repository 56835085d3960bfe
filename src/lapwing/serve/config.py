"""What one server is started with."""

from pathlib import Path
from typing import Final

from lapwing.model.value import Value

DEFAULT_PORT: Final = 5000
MEGABYTE: Final = 1_000_000


class ServeConfig(Value):
    """Where to listen, what to show, and how much to take."""

    root: Path  # the checkout whose settings hold
    store: str  # URL or path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    allowed_hosts: tuple[str, ...] = ()  # names in the Host header besides those of this machine
    proxies: tuple[str, ...] = ()  # addresses and networks that are believed who asks through them
    session_key: str = ""  # what the printed URL carries; empty: only tokens open the door
    most_body_bytes: int = 32 * MEGABYTE  # of a request, as it is sent
    most_unpacked_bytes: int = 256 * MEGABYTE
    most_held_bytes: int = 256 * MEGABYTE  # of all runs that are being sent, packed
    most_connections: int = 400  # that are no WebSockets; where there are more, some are let go
    most_watching: int = 100  # that see what is running, each over a WebSocket
    watcher_for_s: float = 60.0  # so long whoever watches is not asked again who they are
    most_unread_bytes: int = 256 * MEGABYTE  # of all answers that nobody has read yet
    requests_a_minute: int = 1200  # of one token or session
    failures_a_minute: int = 30  # other wrong tokens from one address
    body_patience_s: float = 30.0  # until a body has to be there
    head_patience_s: float = 15.0  # until a request has to be there, after a connection or an answer
    answer_patience_s: float = 60.0  # until who asked reads on of what was answered
    page_processes: int = 2
    intake_processes: int = 2  # one parses a run while the other writes

    @property
    def shown_store(self) -> str:
        """The store without user and password."""
        scheme, mark, rest = self.store.partition("://")
        return f"{scheme}{mark}{rest.rpartition('@')[2].partition('?')[0]}" if mark else self.store

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("127.0.0.1", "localhost", "::1")
