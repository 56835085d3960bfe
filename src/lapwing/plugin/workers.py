"""Together with pytest-xdist: the controller tells its workers where to write, they tell faults.

Registered only in a controller; the hooks are those of pytest-xdist, which may not be there.
"""

from typing import Any

import pytest


class ControllerHooks:
    """Hands the run's place to each worker and takes its notices back."""

    def __init__(self, place_key: str, place: dict[str, Any], notices_key: str, notices: list[str]) -> None:
        """`place` goes to each worker under `place_key`; what stands under `notices_key` comes back."""
        self._place_key = place_key
        self._place = place
        self._notices_key = notices_key
        self._notices = notices
        self.workers: set[str] = set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker is about to be started."""
        node.workerinput[self._place_key] = self._place
        self.workers.add(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker has ended; called twice for a worker that was interrupted."""
        output = getattr(node, "workeroutput", None) or {}
        for notice in output.get(self._notices_key, ()):
            if notice not in self._notices:
                self._notices.append(notice)
