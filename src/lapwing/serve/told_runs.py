"""Runs that go on elsewhere, as far as their machines tell of them."""

from collections.abc import Callable
from typing import Final

from lapwing.model.live import LiveRun
from lapwing.serve.giving_way import who_gives_way

_FOR_S: Final = 15.0  # a run is forgotten after so long without news


class ToldRuns:
    """At most `most` of them. `now` gives seconds that never go back."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._most = most
        self._now = now
        self._told: dict[tuple[str, str], tuple[float, LiveRun]] = {}  # project, id -> when, the latest last

    def tell(self, run: LiveRun) -> None:
        """How far a run is. Where there are too many, one goes of the project that has far more than others.

        Else it is left out.
        """
        self._forget_silent()
        key = run.project, run.run_id
        if self._told.pop(key, None) is None and len(self._told) >= self._most:
            greediest = who_gives_way((project for project, _ in self._told), run.project)
            if greediest is None:
                return
            del self._told[next(each for each in self._told if each[0] == greediest)]
        self._told[key] = self._now(), run

    def of(self, project: str) -> tuple[LiveRun, ...]:
        """Those of a project that were told of lately."""
        self._forget_silent()
        return tuple(run for _, run in self._told.values() if run.project == project)

    def end(self, run_id: str, project: str | None) -> None:
        """A run has ended, in this project or in any."""
        for key in [key for key in self._told if key[1] == run_id and project in (None, key[0])]:
            del self._told[key]

    def _forget_silent(self) -> None:
        now = self._now()
        self._told = {key: told for key, told in self._told.items() if now - told[0] < _FOR_S}
