"""Answers that were made before: given again while nothing has changed, and for a moment after it has.

A run that comes in makes every page old at once, and an old page of a second ago is better than one that
takes a second: it is given while the new one is being made, once for all who ask.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from lapwing.model.value import Value
from lapwing.serve import work
from lapwing.serve.answer import Answer
from lapwing.serve.processes import Processes

_Work = Callable[[str, Mapping[str, str]], Answer]
_Key = tuple[str, str, tuple[tuple[str, str], ...]]

_FRESH_S: Final = 1.0  # so long an answer is not even asked for being old
_OLDEST_S: Final = 600.0  # how long an old answer may be given while a new one is made
_MOST_BYTES: Final = 200_000_000  # of all answers kept
_LARGEST: Final = 20_000_000  # of one of them


class _Kept(Value):
    """An answer, the state of the store that it was made of, and when (in seconds) it was known to hold."""

    answer: Answer
    stamp: str
    held_s: float


class Answers:
    """What the processes answered. `now` gives seconds that never go back."""

    def __init__(self, readers: Processes, makers: Processes, now: Callable[[], float]) -> None:
        self._readers = readers
        self._makers = makers  # of what is given anew, so that nobody who asks waits behind it
        self._now = now
        self._kept: dict[_Key, _Kept] = {}
        self._bytes = 0
        self._making: dict[_Key, asyncio.Task[Answer]] = {}

    async def get(self, ask: _Work, path: str, parameters: Mapping[str, str]) -> Answer:
        """The answer to a question, made or kept. Raises StoreError."""
        key = (ask.__name__, path, tuple(sorted(parameters.items())))
        kept = self._kept.get(key)
        if kept is None:
            return await self._made(key, ask, path, parameters, self._readers)
        if self._now() - kept.held_s < _FRESH_S:
            return kept.answer
        stamp = await self._readers.do(work.stamp, parameters.get("project"))
        if stamp == kept.stamp:
            if key in self._kept:
                self._kept[key] = kept._replace(held_s=self._now())
            return kept.answer
        making = self._made(key, ask, path, parameters, self._makers)
        return await making if self._now() - kept.held_s > _OLDEST_S else kept.answer

    def forget(self) -> None:
        """Keep nothing any longer."""
        self._kept.clear()
        self._bytes = 0

    def _made(
        self, key: _Key, ask: _Work, path: str, parameters: Mapping[str, str], processes: Processes
    ) -> asyncio.Task[Answer]:
        task = self._making.get(key)
        if task is None:
            task = asyncio.ensure_future(self._make(key, ask, path, parameters, processes))
            self._making[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        return task

    def _ended(self, key: _Key, task: asyncio.Task[Answer]) -> None:
        self._making.pop(key, None)
        if not task.cancelled():
            task.exception()  # who waits gets it; who was given the old answer need not know

    async def _make(
        self, key: _Key, ask: _Work, path: str, parameters: Mapping[str, str], processes: Processes
    ) -> Answer:
        # The state is asked for first: a run that comes meanwhile makes the answer old, never too new.
        stamp = await self._readers.do(work.stamp, parameters.get("project"))
        answer = await processes.do(ask, path, dict(parameters))
        self._keep(key, _Kept(answer, stamp, self._now()))
        return answer

    def _keep(self, key: _Key, made: _Kept) -> None:
        before = self._kept.pop(key, None)
        self._bytes -= 0 if before is None else len(before.answer.body)
        if made.answer.status != 200 or len(made.answer.body) > _LARGEST:
            return
        self._kept[key] = made
        self._bytes += len(made.answer.body)
        while self._bytes > _MOST_BYTES:
            oldest = next(iter(self._kept))
            self._bytes -= len(self._kept.pop(oldest).answer.body)
