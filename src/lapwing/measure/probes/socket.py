"""Sockets: connections made and names looked up, and the time that blocking calls took.

`connect` counts as an event of `socket`, `getaddrinfo` of `dns`; receiving, sending and
accepting add their time to `socket`. Non-blocking sockets (asyncio) count and take no time. Time inside
of a query or request that counts itself is that one's. A port that is bound by its number is noted by name.
"""

from __future__ import annotations

import functools
import socket
import sys
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.shared import SharedNames

NAME = "socket"
DNS_NAME = "dns"

# Loaded with the first library that counts queries or requests; no socket is inside of one before that.
_INSIDE = "lapwing.measure.probes.inside"
_CALLS = (("connect", 1), ("connect_ex", 1), ("accept", 0), ("recv", 0), ("recv_into", 0), ("sendall", 0))


class SocketProbe:
    """Counts what sockets do while installed."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._shared = SharedNames(counters)
        self._patches: list[Patch] = []

    def install(self) -> None:
        """Begin to count."""
        for name, events in _CALLS:
            timed = self._timed(getattr(socket.socket, name), NAME, events)
            self._patches.append(Patch(socket.socket, name, timed))
        self._patches.append(Patch(socket.socket, "bind", self._noted(socket.socket.bind)))
        self._patches.append(Patch(socket, "getaddrinfo", self._timed(socket.getaddrinfo, DNS_NAME, 1)))

    def remove(self) -> None:
        """Put everything back."""
        while self._patches:
            self._patches.pop().restore()

    def _noted(self, original: Any) -> Any:
        counters, shared = self._counters, self._shared

        @functools.wraps(original)
        def bind(sock: Any, address: Any) -> Any:
            __tracebackhide__ = True
            result = original(sock, address)
            if counters.is_on:
                shared.port(address)
            return result

        return bind

    def _timed(self, original: Any, name: str, events: int) -> Any:
        counters, clock, modules = self._counters, CLOCKS.wall, sys.modules
        is_method = name == NAME

        @functools.wraps(original)
        def timed(*args: Any, **kwargs: Any) -> Any:
            if not counters.is_on:
                return original(*args, **kwargs)
            __tracebackhide__ = True
            started = clock()
            try:
                return original(*args, **kwargs)
            finally:
                spent = clock() - started
                inside = modules.get(_INSIDE)
                is_inside = inside is not None and inside.INSIDE.get() == counters.serial
                if is_inside or (is_method and args[0].gettimeout() == 0):
                    spent = 0
                if events or spent:
                    entry = counters.counts[name]
                    entry[0] += events
                    entry[1] += spent

        return timed
