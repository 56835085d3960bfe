"""Answers that somebody was told to ask for again: kept by what was asked, for whoever does."""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Final

from lapwing.serve.answer import Answer

_LASTS_S: Final = 20.0  # a browser asks again within three seconds; whoever has gone away does not
_MOST: Final = 1_000  # whoever asks for hundreds at once takes no page from whoever waits

_Task = asyncio.Task[Answer]


class Promises:
    """What is being made for whom. `now` gives seconds that never go back.

    A promise is of what was asked, not of what that meant: where "latest" is another run each second, whoever
    asks again gets the page that was begun for them.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._given: dict[Hashable, tuple[_Task, float]] = {}
        self._waiting: Counter[_Task] = Counter()

    def give(self, asked: Hashable, task: _Task) -> None:
        """Whoever asks this again gets what `task` answers, be it that there is no such page."""
        self._given.pop(asked, None)
        self._given[asked] = task, self._now()
        while len(self._given) > _MOST:
            del self._given[next(iter(self._given))]
        # An answer may be large: nobody who has gone away keeps it.
        asyncio.get_running_loop().call_later(_LASTS_S, self._drop_old)

    def __contains__(self, asked: Hashable) -> bool:
        self._drop_old()
        return asked in self._given

    def take(self, asked: Hashable) -> _Task | None:
        """What was promised to whoever asks this, which is kept with that; None where nothing was."""
        self._drop_old()
        task, _ = self._given.pop(asked, (None, 0.0))
        return task

    @contextmanager
    def waiting(self, task: _Task) -> Iterator[None]:
        """Somebody waits for the end of `task` in this block."""
        self._waiting[task] += 1
        try:
            yield
        finally:
            self._waiting[task] -= 1
            if not self._waiting[task]:
                del self._waiting[task]

    def is_wanted(self, task: _Task) -> bool:
        """Whether somebody waits for it, or was told of it a moment ago."""
        self._drop_old()
        return task in self._waiting or any(task is each for each, _ in self._given.values())

    def _drop_old(self) -> None:
        now = self._now()
        for asked in [asked for asked, (_, since_s) in self._given.items() if now - since_s >= _LASTS_S]:
            del self._given[asked]
