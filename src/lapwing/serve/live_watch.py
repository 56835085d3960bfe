"""What is going on now, made once for all who watch the same project."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

_FRESH_S: Final = 0.9  # a little less than the pause between two looks of a watcher
_MOST_PROJECTS: Final = 100


class LiveWatch:
    """Contents of the live page by project. `look` makes one; `now` gives seconds that never go back."""

    def __init__(self, look: Callable[[str | None], Awaitable[str]], now: Callable[[], float]) -> None:
        self._look = look
        self._now = now
        self._kept: dict[str | None, tuple[float, asyncio.Task[str]]] = {}

    async def content(self, project: str | None) -> str:
        """The content of a moment ago, or a new one. Raises what `look` raises."""
        began, task = self._kept.get(project, (0.0, None))
        if task is None or (task.done() and self._now() - began >= _FRESH_S):
            task = asyncio.ensure_future(self._look(project))
            task.add_done_callback(_heard)
            self._kept.pop(project, None)
            self._kept[project] = self._now(), task
            while len(self._kept) > _MOST_PROJECTS:
                del self._kept[next(iter(self._kept))]
        # A watcher that goes takes nothing from the others.
        return await asyncio.shield(task)


def _heard(task: asyncio.Task[str]) -> None:
    """Who still watches gets the error; without anybody it would be complained of when it is forgotten."""
    if not task.cancelled():
        task.exception()
