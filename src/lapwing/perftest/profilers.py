"""Whether a profiler watched while something was measured: such times are not the code's own."""

import functools
import sys
from types import TracebackType
from typing import Any, Final

from lapwing.measure.probes.patch import Patch

_STARTS: Final = (
    ("cProfile", "Profile", "enable"),
    ("profile", "Profile", "runcall"),
    ("pyinstrument.profiler", "Profiler", "start"),
)
"""Module, class and method by which a profiler begins."""

_PROFILER_TOOL: Final = 2  # sys.monitoring.PROFILER_ID, from Python 3.12


class ProfilerWatch:
    """While entered, notes any profiler that was on, began, or was first imported."""

    def __init__(self) -> None:
        self.has_seen = False
        self._patches: list[Patch] = []
        self._absent: list[str] = []

    def __enter__(self) -> "ProfilerWatch":
        self.has_seen = is_profiling()
        for module_name, class_name, method in _STARTS:
            owner = getattr(sys.modules.get(module_name), class_name, None)
            if owner is None:
                self._absent.append(module_name)
            else:
                self._patches.append(Patch(owner, method, self._noting(getattr(owner, method))))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._patches:
            self._patches.pop().restore()
        self.has_seen = self.has_seen or is_profiling() or any(name in sys.modules for name in self._absent)

    def _noting(self, original: Any) -> Any:
        @functools.wraps(original)
        def begin(*args: Any, **kwargs: Any) -> Any:
            self.has_seen = True
            return original(*args, **kwargs)

        return begin


def is_profiling() -> bool:
    """Whether a profiler is on in this thread."""
    if sys.getprofile() is not None:
        return True
    monitoring = getattr(sys, "monitoring", None)
    return monitoring is not None and monitoring.get_tool(_PROFILER_TOOL) is not None
