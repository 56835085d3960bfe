"""Where does the time of these tests go? They run under a profiler, in a process of their own."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.profile import Profile, ProfilerName
from lapwing.model.profile_codec import profile_of
from lapwing.model.value import Value
from lapwing.operations.child_process import run_process
from lapwing.operations.kept_apart import kept_apart
from lapwing.profiling.profiler import PLAN_VARIABLE, files_of_test, need_profiler
from lapwing.units import NS_PER_S

_LEAST_PATIENCE_S: Final = 300.0
_SLOWDOWN: Final = 50  # most that a profiler is expected to slow a test
_LAST_LINES: Final = 4


class ProfileCall(Value):
    """How a pytest is started that runs these tests."""

    profiler: ProfilerName
    durations: Mapping[str, int | None]  # node id -> its usual time in nanoseconds, where known
    command: tuple[str, ...]
    folder: Path  # to start it in


class Profiled(Value):
    """One test's profile, and what its profiler wrote in its own form."""

    profile: Profile
    raw: bytes | None = None


def profile_tests(call: ProfileCall, *, environ: Mapping[str, str]) -> list[Profiled]:
    """The profiles of the tests that ran, in order.

    Raises MissingExtraError without the profiler's library, and NoDataError, with pytest's last words,
    where none of the tests ran.
    """
    need_profiler(call.profiler)
    with tempfile.TemporaryDirectory(prefix="lapwing-profile-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        plan, output = folder / "plan.json", folder / "output.txt"
        content = {
            "profiler": call.profiler.value,
            "durations": dict(call.durations),
            "folder": name,
        }
        plan.write_text(json.dumps(content), encoding="ascii")
        inside = {
            **environ,
            PLAN_VARIABLE: str(plan),
            "PERFORMANCE_MONITORING": "0",
            "COVERAGE_FILE": str(folder / "coverage"),
        }
        with output.open("wb") as stream:
            ended = run_process(
                (*call.command, *kept_apart(call.command, folder)),
                call.folder,
                inside,
                stream,
                _patience_s(call.durations),
            )
        found = _read(folder, call.profiler, len(call.durations))
        if not found:
            lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            said = "\n  ".join(lines[-_LAST_LINES:])
            raise NoDataError(
                f"no test ran under {call.profiler.value}: {ended}\n  {said}",
                mend="Name a test as 'lapwing show' lists it.",
            )
        return found


def command_of(settings: Settings, python: str, arguments: Sequence[str]) -> tuple[str, ...]:
    """The project's own pytest, started by `python`, with what makes it run tests under a profiler."""
    return (python, "-m", "pytest", *arguments, *CHILD, "--rootdir", str(settings.root))


CHILD: Final = ("-p", "lapwing.plugin.profile_child", "-q")


def _patience_s(durations: Mapping[str, int | None]) -> float:
    known = sum(duration or 0 for duration in durations.values())
    return max(_LEAST_PATIENCE_S, _SLOWDOWN * known / NS_PER_S)


def _read(folder: Path, profiler: ProfilerName, most: int) -> list[Profiled]:
    found = []
    for number in range(most):
        file, raw = files_of_test(folder, number, profiler)
        if not file.exists():
            break
        profile = profile_of(json.loads(file.read_bytes()))
        found.append(Profiled(profile, raw.read_bytes() if raw.exists() else None))
    return found
