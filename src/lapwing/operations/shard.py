"""Which tests belong into which shard? One answer for pytest and for every other runner."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lapwing.advice.plan_shards import plan_shards
from lapwing.config.categories import category_of
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, NoDataError, UnreadableFileError
from lapwing.model.last_attempt import last_attempts
from lapwing.model.shards import KnownTimes, ShardPlan, TestToPlace
from lapwing.model.xdist_group import group_of
from lapwing.operations.recorded_times import recorded_times
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery, Store

MOST_SHARDS: Final = 10_000


def shard_of_session(
    settings: Settings, tests: Sequence[TestToPlace], shards: int, *, is_stable: bool, times: Path | None
) -> ShardPlan:
    """The plan for the tests that a session of pytest has collected.

    Without a store the baseline file's times serve. Raises LapwingError for a file or store that is broken.
    """
    known = KnownTimes()
    try:
        if times is None:
            with open_store(settings.store, create=False, origin=settings.store_origin) as store:
                known = recorded_times(settings, store)
        else:
            known = recorded_times(settings, None, times)
    except NoDataError:
        known = recorded_times(settings, None)
    return plan_shards(tests, known, shards, is_stable=is_stable)


def shard_recorded(
    settings: Settings,
    store: Store | None,
    shards: int,
    *,
    is_stable: bool = False,
    names: Sequence[str] | None = None,
    times: Path | None = None,
) -> ShardPlan:
    """The plan for `names`, or for the tests of the newest complete run.

    A run knows that a test belongs to a group of pytest-xdist, not to which: all of these stay together.
    Raises NoDataError where neither names nor a run are there, ConfigurationError for too many shards.
    """
    if shards > MOST_SHARDS:
        raise ConfigurationError(
            f"{shards} shards are too many", where="--shards", mend=f"At most {MOST_SHARDS:,}."
        )
    known = recorded_times(settings, store, times)
    if names is None:
        tests = _recorded_tests(settings, store)
    else:
        tests = [TestToPlace(name, known.categories.get(name) or _category(settings, name)) for name in names]
    return plan_shards(tests, known, shards, is_stable=is_stable)


def read_names(path: Path) -> list[str]:
    """Names of tests, one a line. Raises UnreadableFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "cannot be read as text in UTF-8", where=str(path), mend="Name a file with one test a line."
        ) from error
    return [line for line in text.splitlines() if line.strip()]


def _recorded_tests(settings: Settings, store: Store | None) -> list[TestToPlace]:
    digests = (
        [] if store is None else store.runs(RunQuery(project=settings.project, is_complete=True, limit=1))
    )
    if store is None or not digests:
        raise NoDataError(
            "no complete run is recorded, so no test is known",
            mend="Record one with: pytest --track-performance; or name the tests with --tests FILE",
        )
    return [
        TestToPlace(record.nodeid, record.category, group_of(record.markers))
        for record in last_attempts(store.read_run(digests[0].run.run_id).tests)
    ]


def _category(settings: Settings, name: str) -> str:
    return category_of(name.partition("::")[0], (), settings.categories)
