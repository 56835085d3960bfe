"""What everybody asks for is made before anybody does: for the projects that are looked at, as runs come."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from lapwing.errors import LapwingError
from lapwing.serve import work
from lapwing.serve.answers import Answers
from lapwing.serve.processes import Processes

_LOOK_EVERY_S: Final = 2.0
_ANEW_AFTER_S: Final = 3_600.0  # "four weeks" and "muted until" move with the clock
_WANTED_FOR_S: Final = 6 * 3_600.0
_MOST_PROJECTS: Final = 50


class Readiness:
    """Projects that were asked for lately, and the state they were made ready for."""

    def __init__(self, answers: Answers, makers: Processes, now: Callable[[], float]) -> None:
        self._answers = answers
        self._makers = makers
        self._now = now
        self._wanted: dict[str, float] = {}  # when asked for, the latest last
        self._ready: dict[str, tuple[str, float]] = {}

    def want(self, project: str) -> None:
        """Somebody looks at this project."""
        self._wanted.pop(project, None)
        self._wanted[project] = self._now()
        while len(self._wanted) > _MOST_PROJECTS:
            del self._wanted[next(iter(self._wanted))]

    async def keep_up(self, first: str) -> None:
        """Make ready what is not, until cancelled, beginning with the project `first`."""
        self.want(first)
        while True:
            began = self._now()
            for project in list(self._wanted):
                if began - self._wanted[project] > _WANTED_FOR_S and project != first:
                    del self._wanted[project]
                    continue
                try:
                    await self._make_ready(project)
                except LapwingError:
                    continue  # whoever asks is told; the next look may find the store well
                except Exception:
                    # A fault of ours in one page must not end the making of all others.
                    logging.getLogger(__name__).exception("pages of %s could not be made ready", project)
            # No more than half of the time of one process, however fast runs come.
            await asyncio.sleep(max(_LOOK_EVERY_S, self._now() - began))

    async def _make_ready(self, project: str) -> None:
        stamp = await self._makers.do(work.stamp, project, "/inbox")
        known, made_s = self._ready.get(project, ("", 0.0))
        if stamp == known and self._now() - made_s < _ANEW_AFTER_S:
            return
        await self._answers.renew(project)
        self._ready[project] = stamp, self._now()
