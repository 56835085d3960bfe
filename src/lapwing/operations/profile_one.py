"""Where does the time of this test go, line by line?"""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from lapwing.config.settings import Settings
from lapwing.environment.git import read_revision
from lapwing.errors import NoDataError
from lapwing.model.profile import ProfilerName, ProfileSummary
from lapwing.model.record import NEVER_RAN
from lapwing.operations.find_test import find_test
from lapwing.operations.keep_profile import keep_profile
from lapwing.operations.profile_tests import ProfileCall, command_of, profile_tests
from lapwing.store.protocol import Store


def profile_one(
    settings: Settings,
    store: Store,
    name: str,
    profiler: ProfilerName,
    *,
    python: str,
    arguments: Sequence[str] = (),
    into: Path | None = None,
    environ: Mapping[str, str],
) -> ProfileSummary:
    """Run the test called `name` under the profiler, write its files, keep its summary.

    A test that was never recorded is named by its whole node id. Raises MissingExtraError, NoDataError where
    it did not run, StoreError.
    """
    nodeid = name
    if "::" not in name or not (settings.root / name.partition("::")[0]).is_file():
        nodeid = find_test(store, name, project=settings.project)
    points = store.history(nodeid, project=settings.project, limit=1)
    usual_ns = points[0].wall_ns if points else None
    # Coverage would be most of what the profiler sees.
    uncovered = ("--no-cov",) if find_spec("pytest_cov") is not None else ()
    call = ProfileCall(
        profiler,
        {nodeid: usual_ns},
        command_of(settings, python, (*arguments, *uncovered)),
        settings.root,
    )
    (profiled, *_) = profile_tests(call, environ=environ)
    if not profiled.profile.stacks or profiled.profile.outcome in NEVER_RAN:
        raise NoDataError(
            f"{profiler.value} saw nothing of {nodeid}: it {_ended(profiled.profile.outcome)}",
            mend="A test that is too short to be sampled can be counted, call by call: --cprofile.",
        )
    summary = keep_profile(settings, profiled, commit=read_revision(settings.root).commit, into=into)
    store.write_profiles([summary], project=settings.project)
    return summary


def _ended(outcome: str) -> str:
    return {"": "did not end", "error": "ended in an error", "skipped": "was skipped"}.get(outcome, outcome)
