"""Together with pytest-xdist: the controller tells its workers where to write, they tell faults.

Registered only in a controller; the hooks are those of pytest-xdist, which may not be there.
"""

from collections.abc import Mapping
from typing import Any

import pytest


class ControllerHooks:
    """Hands the run's place to each worker and takes its notices back."""

    def __init__(self, place_key: str, place: dict[str, Any], told: Mapping[str, list[str]]) -> None:
        """`place` goes to each worker under `place_key`; what stands under the keys of `told` comes back."""
        self._place_key = place_key
        self._place = place
        self._told = told
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
        for key, known in self._told.items():
            known += [text for text in output.get(key, ()) if text not in known]
