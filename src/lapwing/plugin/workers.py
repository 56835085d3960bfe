"""Together with pytest-xdist: the controller tells its workers where to write, they tell faults.

Registered only in a controller; the hooks are those of pytest-xdist, which may not be there.
"""

from typing import Any

import pytest

INPUT_KEY = "lapwing"
OUTPUT_KEY = "lapwing_notices"


class ControllerHooks:
    """Hands the run's place to each worker and takes its notices back."""

    def __init__(self, place: dict[str, Any], notices: list[str]) -> None:
        self._place = place
        self._notices = notices
        self.workers: set[str] = set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker is about to be started."""
        node.workerinput[INPUT_KEY] = self._place
        self.workers.add(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker has ended; called twice for a worker that was interrupted."""
        output = getattr(node, "workeroutput", None) or {}
        for notice in output.get(OUTPUT_KEY, ()):
            if notice not in self._notices:
                self._notices.append(notice)
