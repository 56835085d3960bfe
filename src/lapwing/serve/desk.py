"""What answers work with, in a process that makes them: settings, the store, and what was read already."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from lapwing.config.choices import BaselineSource
from lapwing.config.load import load_settings
from lapwing.config.root import spool_path
from lapwing.config.settings import Settings
from lapwing.model.test_board import TestBoard
from lapwing.operations.read_test_board import read_test_board
from lapwing.serve.config import ServeConfig
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery, Store

_T = TypeVar("_T")

_MOST_KEPT: Final = 200
_LOCK_PATIENCE_S: Final = 30.0


class ServerDesk:
    """Settings and store of one server. To be used by the thread that made it."""

    def __init__(self, config: ServeConfig) -> None:
        self.config = config
        self.settings = load_settings(config.root, flags={"store": config.store}, environ={})
        self.spool = spool_path(config.root)
        self._store: Store | None = None
        self._kept: dict[tuple[object, ...], Any] = {}

    @property
    def store(self) -> Store:
        """The store, opened when first asked for, and anew after it was lost. Raises StoreError."""
        if self._store is None:
            self._store = open_store(self.config.store, create=True, busy_timeout_s=_LOCK_PATIENCE_S)
        return self._store

    def let_go(self) -> None:
        """Open the store anew at the next question: its connection may be lost."""
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def project(self, wanted: str | None) -> str:
        """The project asked for; by default that of the checkout, or the first that has runs."""
        if wanted is not None:
            return wanted
        projects = self.store.projects()
        return self.settings.project if self.settings.project in projects or not projects else projects[0]

    def settings_of(self, project: str) -> Settings:
        """Settings for a project. Only the checkout's own has its baseline file."""
        if project == self.settings.project:
            return self.settings
        return self.settings._replace(project=project, baseline=BaselineSource.HISTORY)

    def stamp(self, project: str) -> str:
        """What changes whenever a run comes or goes, or somebody changes a state."""
        newest = self.store.runs(RunQuery(project=project, limit=1))
        changes = self.store.state_changes(limit=1)
        run_id = newest[0].run.run_id if newest else ""
        return f"{self.store.run_count()} {changes[0].at_ns if changes else 0} {run_id}"

    def board(self, project: str) -> TestBoard:
        """How the project's tests stand."""
        key = ("board", project, self.stamp(project))
        return self.kept(key, lambda: read_test_board(self.store, project))

    def kept(self, key: tuple[object, ...], make: Callable[[], _T]) -> _T:
        """What was made for `key` before, or `make()`; the oldest are forgotten."""
        if key not in self._kept:
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = make()
        made: _T = self._kept[key]
        return made
