"""What every profiler can do, and the one door that opens the one that is asked for."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from lapwing.errors import MissingExtraError
from lapwing.model.profile import ProfilerName
from lapwing.profiling.call_stacks import CallStacks

_LIBRARIES: Final = {ProfilerName.PYINSTRUMENT: "pyinstrument", ProfilerName.MEMRAY: "memray"}
RAW_ENDINGS: Final = {ProfilerName.MEMRAY: ".memray.bin", ProfilerName.CPROFILE: ".prof"}
"""How files end in a profiler's own form, for those that have one that other tools read."""

PLAN_VARIABLE: Final = "LAPWING_PROFILE_PLAN"
"""Names the file that tells a process which tests to run under which profiler."""


class Profiler(Protocol):
    """Watches this thread (memray: this process) during the parts of one test."""

    interval_ns: int | None  # between samples; None where nothing is sampled

    def begin(self, part: str) -> None:
        """Watch: this part of the test begins."""

    def end(self) -> None:
        """The part has ended."""

    def hand_over(self, stacks: CallStacks) -> None:
        """Watch no more, and put what was seen into `stacks`."""


def files_of_test(folder: Path, number: int, name: ProfilerName) -> tuple[Path, Path]:
    """Where the process leaves the profile of its test of that number, and what the profiler itself wrote."""
    return folder / f"{number}.json", folder / f"{number}{RAW_ENDINGS.get(name, '.raw')}"


def need_profiler(name: ProfilerName) -> None:
    """Raises MissingExtraError where the library of this profiler is not installed."""
    library = _LIBRARIES.get(name)
    if library is not None and find_spec(library) is None:
        raise MissingExtraError(library, extra="profile", need=f"profiling with {library}")


def open_profiler(name: ProfilerName, *, raw: Path, duration_ns: int | None) -> Profiler:
    """A profiler for a test that takes about `duration_ns`, as far as known.

    `raw` is where memray and cProfile write what they saw in their own form. Raises MissingExtraError.
    """
    need_profiler(name)
    if name == ProfilerName.MEMRAY:
        from lapwing.profiling.memray_door import MemrayProfiler

        return MemrayProfiler(raw)
    if name == ProfilerName.CPROFILE:
        from lapwing.profiling.cprofile_door import CallProfiler

        return CallProfiler(raw)
    from lapwing.profiling.pyinstrument_door import SamplingProfiler

    return SamplingProfiler(duration_ns)
