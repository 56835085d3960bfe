"""Whose turn it is: whoever waits gets one after the other, however much one of them asks for."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

asking: Final[ContextVar[Hashable]] = ContextVar("asking", default="")
"""For whom this task works: set as soon as that is known."""


class Turns:
    """So many turns at once; where all are taken, the next is of another who waits than the last."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}  # by who asks, the next one first

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn, as long as the block lasts; waits until there is one."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(asking.get())
        try:
            yield
        finally:
            self._give()

    async def _wait(self, holder: Hashable) -> None:
        given = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(holder, deque()).append(given)
        try:
            await given
        except asyncio.CancelledError:
            if given.done() and not given.cancelled():  # it was given in the same moment
                self._give()
            raise

    def _give(self) -> None:
        while self._waiting:
            holder = next(iter(self._waiting))
            queue = self._waiting.pop(holder)
            given = queue.popleft()
            if queue:
                self._waiting[holder] = queue  # behind the others
            if not given.done():  # else whoever waited has gone
                given.set_result(None)
                return
        self._free += 1
