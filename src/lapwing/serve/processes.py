"""The processes that do the work of a server, started anew where one dies."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from lapwing.errors import StoreError
from lapwing.serve.config import ServeConfig
from lapwing.serve.ending import at_work
from lapwing.serve.turns import Turns
from lapwing.serve.work import begin

_T = TypeVar("_T")


class Processes:
    """Some processes, each with a store of its own; `niceness` is added to that of the server.

    With `makes_anew` they compute what is derived of the runs as they are now, and keep it for the others.
    """

    def __init__(
        self, config: ServeConfig, count: int, *, niceness: int = 0, makes_anew: bool = False
    ) -> None:
        self._niceness = niceness
        self._makes_anew = makes_anew
        self._config = config
        self._count = count
        self._is_closed = False
        self._turns = Turns(count + 1)  # one is handed over early, so that none of them waits for its work
        # Forked processes would share connections and locks of the server's threads.
        self._context = multiprocessing.get_context("spawn")
        self._theirs, self._ours = self._context.Pipe(duplex=False)  # they are there as long as it is open
        self._pool = self._made()

    async def do(self, work: Callable[..., _T], *arguments: object) -> _T:
        """`work` done with `arguments` by one of them, as soon as it is the turn of whoever asks.

        Where one was killed, it is tried once more. Raises StoreError where the server ends, and what `work`
        raises.
        """
        async with self._turns.turn():
            return await self._done(work, *arguments)

    async def _done(self, work: Callable[..., _T], *arguments: object) -> _T:
        if self._is_closed:
            raise StoreError("the server is ending")
        pool = self._pool
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(pool, at_work, work, *arguments)
        except BrokenProcessPool:
            if self._is_closed:
                raise StoreError("the server is ending") from None
            if self._pool is pool:
                self._pool = self._made()
            return await loop.run_in_executor(self._pool, at_work, work, *arguments)

    def close(self, *, at_once: bool = False) -> None:
        """End them when what has begun has come to its end; `at_once` where nobody would miss it."""
        self._is_closed = True
        if at_once:
            self._ours.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _made(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._count,
            mp_context=self._context,
            initializer=begin,
            initargs=(self._config, self._niceness, self._makes_anew, self._theirs),
        )
