"""Open connections: how long one may keep the server waiting, and which one goes where there are too many.

A connection costs whoever opens it nothing. One that asks for nothing, sends half of a request or does not
read its answer stays while there is room, and gives way to others where there is none: first those that ask
for nothing, of whoever holds the most of them.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from lapwing.serve.households import household

_Size = Callable[["PatientProtocol"], int]


class Connections:
    """The connections that are no WebSockets, in the order in which they last came to ask for nothing."""

    def __init__(self, most: int, most_unread_bytes: int) -> None:
        self._most: Final = most
        self._most_unread_bytes: Final = most_unread_bytes
        self._open: dict[PatientProtocol, None] = {}

    def add(self, connection: "PatientProtocol") -> None:
        """One came, or has its answer. Where there are too many, or too much is not read, some go."""
        self.remove(connection)
        self._open[connection] = None
        while len(self._open) > self._most:
            idle = [each for each in self._open if each.is_idle and each is not connection]
            leaving = _of_the_greediest(idle, lambda _: 1) or self._over_its_share()
            if leaving is None:
                break
            self._end(leaving)
        if connection.unread_bytes:
            self._bound_unread()

    def remove(self, connection: "PatientProtocol") -> None:
        """One has gone, or has become a WebSocket."""
        self._open.pop(connection, None)

    def _over_its_share(self) -> "PatientProtocol | None":
        """One that the server waits for, of somebody who has more of all connections than would be fair."""
        holders = Counter(each.holder for each in self._open)
        fair = self._most / (len(holders) + 1)
        waited_for = [each for each in self._open if each.is_waited_for and holders[each.holder] > fair]
        return _of_the_greediest(waited_for, lambda _: 1)

    def _bound_unread(self) -> None:
        """Let go of answers that nobody reads where they are more than the server wants to hold."""
        while sum(each.unread_bytes for each in self._open) > self._most_unread_bytes:
            unread = [each for each in self._open if each.unread_bytes]
            leaving = _of_the_greediest(unread, lambda each: each.unread_bytes)
            assert leaving is not None
            self._end(leaving)

    def _end(self, connection: "PatientProtocol") -> None:
        self.remove(connection)
        connection.transport.abort()  # what is left to send would keep it


def _of_the_greediest(connections: Iterable["PatientProtocol"], size: _Size) -> "PatientProtocol | None":
    """The first of `connections` that is of the holder who has most of them by `size`; None of none."""
    of_holder: Counter[Hashable] = Counter()
    first: dict[Hashable, PatientProtocol] = {}
    for each in connections:
        of_holder[each.holder] += size(each)
        first.setdefault(each.holder, each)
    return first[max(of_holder, key=of_holder.__getitem__)] if first else None


class PatientProtocol(H11Protocol):  # type: ignore[misc]
    """Lets go of who does not ask, whether anything was answered before or not.

    uvicorn waits for ever for the first request, for the rest of a head that has begun, and for the rest of a
    body that was refused. `connections` and `head_patience_s` are set before the first connection is made.
    """

    connections_open: ClassVar[Connections]
    head_patience_s: ClassVar[float]

    _patience: asyncio.TimerHandle | None = None

    @property
    def holder(self) -> Hashable:
        """Who has it: by the token of the last request, and its address."""
        if self.scope is None:
            return "", household(self.client[0]) if self.client else ""
        client = self.scope["client"]  # where a proxy is trusted, that which it tells of
        return self.scope["state"].get("visitor", ""), household(client[0]) if client else ""

    @property
    def unread_bytes(self) -> int:
        """What was answered and could not be sent yet."""
        return int(self.transport.get_write_buffer_size())

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked, and all that was answered is on its way."""
        return (self.cycle is None or self.cycle.response_complete) and not self.unread_bytes

    @property
    def is_waited_for(self) -> bool:
        """Whether it is the other side that has to send, or to read, before anything happens."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def connection_made(self, transport: Any) -> None:
        """Somebody connects."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """They go."""
        self._no_longer_wait()
        self.connections_open.remove(self)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """From here on it is another protocol's."""
        self._no_longer_wait()
        self.connections_open.remove(self)
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """An answer was given; a request that came behind it may begin here."""
        answered = self.cycle
        super().on_response_complete()
        if self.cycle is answered:
            self._wait()

    def _wait(self) -> None:
        self._no_longer_wait()
        self._patience = self.loop.call_later(self.head_patience_s, self._let_go, self.cycle)
        self.connections_open.add(self)

    def _no_longer_wait(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _let_go(self, answered: Any) -> None:
        if self.cycle is answered and not self.transport.is_closing():
            self.transport.close()
