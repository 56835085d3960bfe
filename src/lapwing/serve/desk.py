"""What answers work with, in a process that makes them: settings, the store, and what was read already."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from lapwing._version import __version__
from lapwing.config.choices import BaselineSource
from lapwing.config.load import load_settings
from lapwing.config.root import spool_path
from lapwing.config.settings import Settings
from lapwing.measure.clock import CLOCKS
from lapwing.model.inbox import Inbox
from lapwing.model.overview import NewestFacts
from lapwing.model.owners import Owners
from lapwing.model.test_board import TestBoard, TestStanding
from lapwing.operations.project.board import read_test_board
from lapwing.operations.project.inbox import find_regressions, read_inbox
from lapwing.operations.project.overview import newest_facts
from lapwing.operations.project.owners import read_owners
from lapwing.operations.query_tests import parse_query
from lapwing.serve.answer_store import OLDEST_NS
from lapwing.serve.config import ServeConfig
from lapwing.serve.derived import BOARD, NEWEST, REGRESSIONS, Derived, Kept, put, take
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import NS_PER_S

_MOST_KEPT: Final = 60
_LOCK_PATIENCE_S: Final = 30.0
_OF_NOW_NS: Final = 3 * NS_PER_S
_LOOK_EVERY_NS: Final = NS_PER_S // 2  # whether the process in the background has made something anew


class ServerDesk:
    """Settings and store of one server. To be used by the thread that made it.

    A desk that `makes_anew` computes what is derived of the runs as they are now, and keeps it for the
    others, who take what there is.
    """

    def __init__(self, config: ServeConfig, *, makes_anew: bool = False) -> None:
        self.config = config
        self.settings = load_settings(config.root, flags={"store": config.store}, environ={})
        self.spool = spool_path(config.root)
        # Servers of one store have their checkouts in several places.
        said = repr(self.settings).replace(str(self.settings.root), "")
        self.maker = f"{__version__} {hashlib.blake2b(said.encode(), digest_size=8).hexdigest()}"
        self._makes_anew = makes_anew
        self._oldest_ns = OLDEST_NS  # that what is derived may be although runs have come since
        self._store: Store | None = None
        self._kept: dict[tuple[str, str], tuple[int, Kept]] = {}  # project, kind -> when looked at, what

    @property
    def store(self) -> Store:
        """The store, opened when first asked for, and anew after it was lost. Raises StoreError."""
        if self._store is None:
            self._store = open_store(self.config.store, create=True, busy_timeout_s=_LOCK_PATIENCE_S)
        return self._store

    @property
    def is_open(self) -> bool:
        """Whether the store was asked before, over a connection that may be gone by now."""
        return self._store is not None

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

    @contextmanager
    def of_now(self) -> Iterator[None]:
        """In the block what is derived of the runs knows all that had come some seconds before."""
        self._oldest_ns = _OF_NOW_NS
        try:
            yield
        finally:
            self._oldest_ns = OLDEST_NS

    def has_runs(self, project: str) -> bool:
        """Whether there is such a project. Of one that somebody made up nothing is kept in the store."""
        return bool(self.store.runs(RunQuery(project=project, limit=1)))

    def settings_of(self, project: str) -> Settings:
        """Settings for a project. Only the checkout's own has its baseline file."""
        if project == self.settings.project:
            return self.settings
        return self.settings._replace(project=project, baseline=BaselineSource.HISTORY)

    def stamp(self, project: str) -> str:
        """What changes whenever a run comes or goes, a step is accepted, tests are renamed, or the baseline
        file is written."""
        return f"{self.store.stamp(project=project)} {self._baseline_stamp(project)}"

    def said_stamp(self, project: str) -> str:
        """The same without what changes with runs."""
        return f"{self.store.stamp(project=project, of_runs=False)} {self._baseline_stamp(project)}"

    def state_stamp(self) -> str:
        """What changes whenever somebody says something of a regression."""
        changes = self.store.state_changes(limit=1)
        return str(changes[0].at_ns if changes else 0)

    def _baseline_stamp(self, project: str) -> int:
        if project != self.settings.project:
            return 0
        try:
            return self.settings.baseline_file.stat().st_mtime_ns
        except OSError:
            return 0

    def board(self, project: str) -> Kept:
        """How the project's tests stand: a TestBoard, and of which runs."""
        return self._derived(project, BOARD, lambda: read_test_board(self.store, project))

    def standings(self, project: str) -> TestBoard:
        """The same, for whom the runs do not matter."""
        board: TestBoard = self.board(project).value
        return board

    def inbox(self, project: str) -> tuple[Inbox, str]:
        """The project's regressions with what was said of them a moment ago, and of which runs they are."""
        kept = self._derived(
            project, REGRESSIONS, lambda: find_regressions(self.settings_of(project), self.store)
        )
        return read_inbox(project, self.store, kept.value), kept.stamp

    def newest(self, project: str) -> NewestFacts:
        """What the newest run tells beside its counts."""
        facts: NewestFacts = self._derived(
            project, NEWEST, lambda: newest_facts(self.settings_of(project), self.store)
        ).value
        return facts

    def owners(self, project: str) -> Owners:
        """Who looks after the tests of a project: only the checkout of its own tells."""
        return read_owners(self.config.root) if project == self.settings.project else Owners()

    def query(self, project: str, text: str) -> Callable[[TestStanding], bool]:
        """Whether a test of the project is meant by `text`. Raises ConfigurationError for a wrong word."""

        def regressed() -> set[str]:
            return {item.nodeid for item in self.inbox(project)[0].items}

        return parse_query(text, self.owners(project), regressed)

    def _derived(self, project: str, kind: Derived, make: Callable[[], Any]) -> Kept:
        key, now = (project, kind.name), CLOCKS.wall()
        looked_ns, known = self._kept.get(key, (0, None))
        began_ns, oldest_ns = CLOCKS.epoch(), 0 if self._makes_anew else self._oldest_ns
        # The state is asked for first: what comes meanwhile makes it old, never too new.
        stamp = self.stamp(project) if oldest_ns < OLDEST_NS else ""
        if known is not None and (known.stamp == stamp or (not stamp and now - looked_ns < _LOOK_EVERY_NS)):
            return known
        found = take(self.store, project, kind, maker=self.maker, known=known)
        if found is None or began_ns - found.made_at_ns > oldest_ns:
            stamp = stamp or self.stamp(project)  # nobody may have made anything anew since last week
            if found is None or found.stamp != stamp:
                found = Kept(make(), stamp, began_ns)
                if self.has_runs(project):
                    put(self.store, project, kind, found, maker=self.maker)
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = now, found
        return found
