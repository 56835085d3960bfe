"""`--dist lapwing`: a scheduler of pytest-xdist that starts the longest tests first.

Imported only where that is asked for. It is the scheduler of `--dist loadscope` with units and an order of
ours: tests that share a fixture of a class, module or package, or a group, stay together in one worker.
"""

import os
from collections import deque
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from lapwing.config.load import load_settings
from lapwing.errors import LapwingError
from lapwing.model.what_if import SuiteTimes
from lapwing.operations.longest_first import known_times, longest_first

_MIN_PENDING: Final = 2  # tests that a worker of pytest-xdist must hold to run one


class LongestFirstScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out the longest unit, then the shortest to wait behind it, as `LongestFirst` of advice does."""

    def __init__(self, config: pytest.Config, log: Any, known: SuiteTimes | None) -> None:
        super().__init__(config, log)
        self._known = known
        self._unit_of: dict[str, str] = {}
        self._order: deque[str] = deque()
        self._had_long: dict[Any, bool] = {}

    def schedule(self) -> None:
        """Know the units before the first are handed out."""
        if self.collection is None and self.registered_collections:
            units = longest_first(self._known, next(iter(self.registered_collections.values())))
            names = [f"unit {rank}" for rank in range(len(units))]
            self._unit_of = {nodeid: name for name, unit in zip(names, units, strict=True) for nodeid in unit}
            self._order.extend(names)
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self._unit_of[nodeid]

    def _assign_work_unit(self, node: Any) -> None:
        self._had_long[node] = not self._had_long.get(node, False)
        while self._order:
            name = self._order.popleft() if self._had_long[node] else self._order.pop()
            if name in self.workqueue:
                self.workqueue.move_to_end(name, last=False)
                break
        super()._assign_work_unit(node)

    def _reschedule(self, node: Any) -> None:
        # A worker in place of one that crashed must hold two tests, too, or it waits forever.
        if node.shutting_down:
            return
        while self.workqueue and self._pending_of(self.assigned_work[node]) < _MIN_PENDING:
            self._assign_work_unit(node)
        if not self.workqueue:
            node.shutdown()

    def remove_node(self, node: Any) -> str | None:
        """Give back what a worker has not run, less the test in which it died: that would kill the next.

        Returns that test, None where the worker had nothing left.
        """
        units = self.assigned_work.pop(node)
        crashed: str | None = None
        for unit in units.values():
            for nodeid, is_done in unit.items():
                if not is_done and crashed is None:
                    crashed = nodeid
                    unit[nodeid] = True
        self.workqueue.update({name: unit for name, unit in units.items() if not all(unit.values())})
        for other in self.nodes:
            self._reschedule(other)
        return crashed


class LongestFirst:
    """Registered where `--dist lapwing` is asked for."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> LongestFirstScheduling:
        """Our scheduler. Raises UsageError for a store that is broken."""
        try:
            known = known_times(load_settings(config.rootpath, environ=os.environ))
        except LapwingError as error:
            raise pytest.UsageError(f"--dist lapwing: {error}") from error
        return LongestFirstScheduling(config, log, known)
