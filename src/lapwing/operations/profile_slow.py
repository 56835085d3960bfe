"""Where does the time of the slowest tests of this run go? They run again under a profiler, after its end."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lapwing.analysis.slowest import slowest_tests
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.last_attempt import last_attempts
from lapwing.model.profile import ProfilerName, ProfileSummary
from lapwing.model.record import NEVER_RAN
from lapwing.model.value import Value
from lapwing.operations.finish_run import FinishedRun
from lapwing.operations.keep_profile import keep_profile
from lapwing.operations.profile_tests import CHILD, ProfileCall, profile_tests
from lapwing.report.pages.profile import profile_line
from lapwing.store.open_store import open_store
from lapwing.units import format_count

_MOST_REGRESSED: Final = 20


class SlowProfiles(Value):
    """How many, and how the session's pytest is started again."""

    count: int
    command: tuple[str, ...]
    folder: Path


def profile_slow(
    settings: Settings, finished: FinishedRun, wish: SlowProfiles, *, environ: Mapping[str, str]
) -> FinishedRun:
    """`finished` with a note for each of its slowest tests, and each regressed one, that was profiled.

    They run in a process of their own, so that nothing of the user's run changes, and tests that are not
    chosen cost nothing. An interrupt ends it. What cannot be done is told among the faults.
    """
    durations = chosen_tests(finished, wish.count)
    if not durations:
        return finished
    call = ProfileCall(ProfilerName.PYINSTRUMENT, durations, (*wish.command, *CHILD), wish.folder)
    run = finished.recorded.run
    try:
        kept = [
            keep_profile(settings, each, commit=run.revision.commit, run_id=run.run_id)
            for each in profile_tests(call, environ=environ)
            if each.profile.stacks
        ]
        with open_store(settings.store, create=True, origin=settings.store_origin) as store:
            store.write_profiles(kept, project=settings.project)
    except (LapwingError, OSError, KeyboardInterrupt) as error:
        why = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
        return finished._replace(faults=(*finished.faults, f"the slow tests are not profiled: {why}"))
    return finished._replace(notes=(*finished.notes, *_notes(kept, len(durations))))


def chosen_tests(finished: FinishedRun, count: int) -> dict[str, int | None]:
    """The `count` slowest tests that ran, and every test that became slower, with their durations."""
    ran = [
        record
        for record in slowest_tests(finished.recorded)
        if record.outcome not in NEVER_RAN and record.call_ns is not None
    ]
    chosen: dict[str, int | None] = {record.nodeid: record.duration_ns for record in ran[: max(0, count)]}
    if finished.comparison is not None and count > 0:
        durations = {record.nodeid: record.duration_ns for record in last_attempts(finished.recorded.tests)}
        regressed = dict.fromkeys(
            each.nodeid
            for each in finished.comparison.comparisons
            if each.verdict is ChangeVerdict.REGRESSED and each.nodeid in durations
        )
        for nodeid in list(regressed)[:_MOST_REGRESSED]:
            chosen.setdefault(nodeid, durations[nodeid])
    return chosen


def _notes(kept: list[ProfileSummary], wanted: int) -> list[str]:
    missing = wanted - len(kept)
    left = f"; of {format_count(missing, 'test')} nothing was seen" if missing else ""
    head = f"profiled {format_count(len(kept), 'slow or slower test')}{left}"
    return [head, *(f"{each.nodeid}: {profile_line(each)}; {each.files[0]}" for each in kept)]
