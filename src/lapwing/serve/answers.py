"""Answers that were made before: given again while nothing has changed, and for a moment after it has.

A run that comes in makes every page old at once, and an old page of a second ago is better than one that
takes a second: it is given while the new one is being made, once for all who ask. The pages that everybody
asks for are made as soon as runs have come, before anybody asks.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from lapwing.errors import StoreError
from lapwing.measure.clock import CLOCKS
from lapwing.model.value import Value
from lapwing.serve import work
from lapwing.serve.answer import Answer
from lapwing.serve.answer_store import FRONT, OLDEST_NS, is_front
from lapwing.serve.frame import told_old
from lapwing.serve.pages import STATEFUL
from lapwing.serve.processes import Processes
from lapwing.serve.promises import Promises
from lapwing.serve.run_pages import KEPT, ONE_RUN, names_runs
from lapwing.units import NS_PER_S

_Key = tuple[str, str, tuple[tuple[str, str], ...]]

_FRESH_S: Final = 1.0  # so long an answer is not even asked for being old
_OLDEST_S: Final = {"page": OLDEST_NS / NS_PER_S, "api": 60.0}
"""So long an old answer may be given while a new one is made, which may take minutes on a busy machine."""

_OF_NOW_S: Final = 5.0
"""The same for who wants it of now: a program that has pushed a run and goes by what it is told next."""

_AT_ONCE_S: Final = 0.05  # so long a page may take that nobody is told to wait for
_MEANWHILE_S: Final = 2.0  # so long whoever was told to asks before being told again
_SLOW: Final = ("/comparisons", "/findings")  # of the API, where they are made of ten thousand tests
_MOST_BYTES: Final = 200_000_000  # of all answers kept
_LARGEST: Final = 20_000_000  # of one of them
_QUESTIONS: Final = {"page": work.page, "api": work.api}


class _Kept(Value):
    """An answer, the state of the store that it was made of, and when (in seconds) it was known to hold."""

    answer: Answer
    stamp: str
    held_s: float


def _key(question: str, path: str, parameters: Mapping[str, str]) -> _Key:
    return question, path, tuple(sorted(parameters.items()))


class Answers:
    """What the processes answered. `now` gives seconds that never go back."""

    def __init__(self, readers: Processes, makers: Processes, now: Callable[[], float]) -> None:
        self._readers = readers
        self._makers = makers  # of what is given anew, so that nobody who asks waits behind it
        self._now = now
        self._kept: dict[_Key, _Kept] = {}
        self._bytes = 0
        self._making: dict[tuple[_Key, bool], asyncio.Task[Answer]] = {}  # and whether somebody waits for it
        self._slowly = asyncio.Semaphore(1)  # of two processes one is left for what is quick
        self._promises = Promises(now)
        self._changed: set[str] = set()  # projects whose answers in the store somebody has just made old

    async def get(
        self,
        question: str,
        path: str,
        parameters: Mapping[str, str],
        *,
        at_once: bool = False,
        of_now: bool = False,
    ) -> Answer:
        """The answer to a question, `page` or `api`, made or kept; `parameters` name the project.

        With `at_once` a page that takes long to make is answered by one that says so, with status 202, until
        it is there. With `of_now` an answer of the API is some seconds old at most. Raises StoreError.
        """
        if names_runs(question, path, parameters):
            return await self._of_runs(path, parameters, at_once=at_once)
        key, asked_s = _key(question, path, parameters), self._now()
        oldest_s = _OF_NOW_S if of_now else _OLDEST_S[question]
        kept = self._kept.get(key) or await self._from_store(key, parameters)
        if kept is None:
            return await self._first(key, parameters, asked_s, oldest_s, at_once=at_once)
        if asked_s - kept.held_s < _FRESH_S:
            return kept.answer
        stamp = await self._readers.do(work.stamp, parameters["project"], path)
        if stamp == kept.stamp:
            if self._kept.get(key) is kept:  # and not one that was made meanwhile
                self._kept[key] = kept._replace(held_s=asked_s)
            return kept.answer
        if asked_s - kept.held_s > oldest_s:
            return await self._first(key, parameters, asked_s, oldest_s, at_once=at_once)
        self._made(key, parameters, is_awaited=False)
        return kept.answer._replace(body=told_old(kept.answer.body)) if question == "page" else kept.answer

    async def renew(self, project: str) -> None:
        """Make the answers that everybody asks for, where they are not of now. Raises StoreError."""
        for question, path in FRONT:
            parameters = {"project": project}
            key = _key(question, path, parameters)
            kept = self._kept.get(key)
            stamp = await self._makers.do(work.stamp, project, path)
            if kept is None or kept.stamp != stamp:
                kept = await self._from_store(key, parameters)
            if kept is None or kept.stamp != stamp:
                await self._made(key, parameters, is_awaited=False)
        self._changed.discard(project)

    def forget(self, project: str) -> None:
        """Give no older answer about states of the project: who changed something sees it changed."""
        self._changed.add(project)
        for key in [key for key in self._kept if key[1] in STATEFUL and ("project", project) in key[2]]:
            self._bytes -= len(self._kept.pop(key).answer.body)

    async def _of_runs(self, path: str, parameters: Mapping[str, str], *, at_once: bool) -> Answer:
        """The page of certain runs, or the one that says why there is none."""
        # First, for the page of the newest run holds as long as the state that is asked for after it.
        front = await self._front(path, parameters["project"]) if path in ONE_RUN else None
        asked = await self._readers.do(work.asked_of, path, dict(parameters))
        by = _key("page", path, parameters)
        if asked is None:  # nor is anything given that was made before: the run may have been removed
            return await self._awaited(by, parameters)
        if front is not None and front.stamp == asked.newest_of:
            return front.answer
        key = _key("page", path, asked.parameters)
        kept = self._kept.get(key)
        if kept is None or kept.stamp != asked.stamp:
            if not asked.is_slow:
                return await self._awaited(key, asked.parameters)
            if by not in self._promises and (key, True) not in self._making:
                found = await self._readers.do(work.kept_of, path, asked)
                if found is not None:
                    self._keep(key, _Kept(found, found.stamp, self._now()))
                    return found
            kept = self._kept.get(key)  # it may have been made while the store was asked
        if kept is not None and kept.stamp == asked.stamp:
            self._promises.take(by)
            return kept.answer
        return await self._slow(by, key, asked.parameters, at_once=at_once)

    async def _front(self, path: str, project: str) -> _Kept | None:
        """The page of the newest run, made before anybody asked."""
        front = {"project": project}
        key = _key("page", path, front)
        return self._kept.get(key) or await self._from_store(key, front)

    async def _first(
        self, key: _Key, parameters: Mapping[str, str], asked_s: float, oldest_s: float, *, at_once: bool
    ) -> Answer:
        """An answer of which nothing is kept that could be given."""
        question, path, _ = key
        if question == "api":
            return await self._of_now(key, parameters, asked_s - oldest_s)
        if at_once and is_front(question, path, parameters):
            newest = await self._readers.do(work.asked_of, "/run", {**parameters, "id": "latest"})
            if newest is not None and newest.is_slow:
                return await self._slow(key, key, parameters, at_once=True)
        return await self._awaited(key, parameters)

    async def _of_now(self, key: _Key, parameters: Mapping[str, str], least_s: float) -> Answer:
        """An answer that knows what was there shortly before it was asked for."""
        is_slow, is_made_for_others = key[1] in _SLOW, (key, True) in self._making
        answer = await self._awaited(key, parameters, is_slow=is_slow)
        kept = self._kept.get(key)
        if is_made_for_others and (kept is None or kept.held_s < least_s):
            # What was under way had begun too long before; what is begun now has not.
            return await self._awaited(key, parameters, is_slow=is_slow)
        return answer

    async def _awaited(self, key: _Key, parameters: Mapping[str, str], *, is_slow: bool = False) -> Answer:
        task = self._made(key, parameters, is_awaited=True, is_slow=is_slow)
        with self._promises.waiting(task):
            return await task

    async def _slow(self, by: _Key, key: _Key, parameters: Mapping[str, str], *, at_once: bool) -> Answer:
        """An answer that takes seconds, asked for `by` what means the same as `key`: one at a time, so that
        others get theirs meanwhile."""
        promised = self._promises.take(by)
        task = promised or self._made(key, parameters, is_awaited=True, is_slow=True)
        with self._promises.waiting(task):
            if at_once:
                await asyncio.wait({task}, timeout=_AT_ONCE_S if promised is None else _MEANWHILE_S)
                if not task.done():
                    told = await self._readers.do(work.waiting, key[1], dict(parameters))
                    self._promises.give(by, task)
                    return told
            return await task

    async def _from_store(self, key: _Key, parameters: Mapping[str, str]) -> _Kept | None:
        question, path, _ = key
        is_told_old = path in STATEFUL and parameters["project"] in self._changed
        if is_told_old or not is_front(question, path, parameters):
            return None
        found = await self._readers.do(work.kept, question, path, dict(parameters))
        if found is None:
            return None
        answer, age_s = found
        return self._keep(key, _Kept(answer, answer.stamp, self._now() - max(_FRESH_S, age_s)))

    def _made(
        self, key: _Key, parameters: Mapping[str, str], *, is_awaited: bool, is_slow: bool = False
    ) -> asyncio.Task[Answer]:
        # What somebody waits for is not left to a process of low priority, though that has begun with it.
        making = (key, is_awaited)
        task = self._making.get(making)
        if task is None:
            processes = self._readers if is_awaited else self._makers
            task = asyncio.ensure_future(
                self._make_slow(key, parameters) if is_slow else self._make(key, parameters, processes)
            )
            self._making[making] = task
            task.add_done_callback(lambda done: self._ended(making, done))
        return task

    def _ended(self, making: tuple[_Key, bool], task: asyncio.Task[Answer]) -> None:
        if self._making.get(making) is task:
            del self._making[making]
        if not task.cancelled():
            task.exception()  # who waits gets it; who was given the old answer need not know

    async def _make(self, key: _Key, parameters: Mapping[str, str], processes: Processes) -> Answer:
        question, path, _ = key
        began_s, began_ns = self._now(), CLOCKS.epoch()  # what comes while it is made is not in it
        answer = await processes.do(_QUESTIONS[question], path, dict(parameters))
        newer = self._kept.get(key)
        if newer is not None and newer.held_s > began_s and newer.stamp != answer.stamp:
            return newer.answer  # made for somebody who could not wait for this one
        kept = self._keep(key, _Kept(answer, answer.stamp, began_s))
        if kept is not None and is_front(question, path, parameters):
            self._store(work.keep, question, path, dict(parameters), answer, began_ns)
        return answer

    async def _make_slow(self, key: _Key, parameters: Mapping[str, str]) -> Answer:
        async with self._slowly:
            task = asyncio.current_task()
            if task is not None and not self._promises.is_wanted(task):
                # Whoever clicked through many pages has gone on, and others wait for theirs.
                del self._making[key, True]
                raise asyncio.CancelledError
            answer = await self._make(key, parameters, self._readers)
        question, path, _ = key
        if key in self._kept and names_runs(question, path, parameters) and parameters.keys() <= KEPT:
            self._store(work.keep_of, path, dict(parameters), answer)
        return answer

    def _store(self, keep: Callable[..., None], *arguments: object) -> None:
        storing = asyncio.ensure_future(self._makers.do(keep, *arguments))
        storing.add_done_callback(_forgive)

    def _keep(self, key: _Key, made: _Kept) -> _Kept | None:
        before = self._kept.pop(key, None)
        self._bytes -= 0 if before is None else len(before.answer.body)
        if made.answer.status != 200 or len(made.answer.body) > _LARGEST:
            return None
        self._kept[key] = made
        self._bytes += len(made.answer.body)
        while self._bytes > _MOST_BYTES:
            oldest = next(iter(self._kept))
            self._bytes -= len(self._kept.pop(oldest).answer.body)
        return made


def _forgive(task: asyncio.Future[None]) -> None:
    """What cannot be kept in the store is made again after a restart."""
    if not task.cancelled() and not isinstance(task.exception(), StoreError | None):
        task.result()
