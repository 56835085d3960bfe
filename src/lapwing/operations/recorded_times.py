"""How long do tests take? From recorded runs, a file of durations, or the baseline file."""

import json
from pathlib import Path
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import BrokenFileError, NoDataError, UnreadableFileError
from lapwing.model.ids import normalize_node_id
from lapwing.model.shards import KnownTimes
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import NS_PER_S

_RUNS: Final = 20  # that are looked at; a run may hold a part of the suite only
_VALUES: Final = 5  # of each test, the newest


def recorded_times(settings: Settings, store: Store | None, file: Path | None = None) -> KnownTimes:
    """The time of each test: from `file` where one is named, else the median over its last five complete
    runs, else from the baseline file. Nothing is known where there is none of them.

    Raises UnreadableFileError or BrokenFileError for a file that is not one of durations.
    """
    if file is not None:
        return read_durations(file)
    found = _from_store(settings, store) if store is not None else KnownTimes()
    return found if found.tests else _from_baseline(settings)


def read_durations(path: Path) -> KnownTimes:
    """A file of pytest-split: an object of node ids and seconds, or the list of pairs of its old versions."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read: {error.strerror}", where=str(path), mend="Name a file of durations."
        ) from error
    except (ValueError, RecursionError) as error:
        raise _broken(path) from error
    try:
        pairs = dict(content if isinstance(content, list) else content.items())
        times = {str(normalize_node_id(str(name))): _nanoseconds(value) for name, value in pairs.items()}
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise _broken(path) from error
    return KnownTimes(tests=times, source=path.name)


def _nanoseconds(seconds: float) -> int:
    if isinstance(seconds, bool) or not 0 <= seconds < 10**9:
        raise ValueError(seconds)
    return round(seconds * NS_PER_S)


def _broken(path: Path) -> BrokenFileError:
    return BrokenFileError(
        "is not a file of durations: an object of node ids and seconds",
        where=str(path),
        mend="Write one with: lapwing durations --format pytest-split",
    )


def _from_store(settings: Settings, store: Store) -> KnownTimes:
    digests = store.runs(RunQuery(project=settings.project, is_complete=True, limit=_RUNS))
    values: dict[str, list[int]] = {}
    categories: dict[str, str] = {}
    for samples in store.samples([digest.run.run_id for digest in digests]):
        for nodeid, time_ns in zip(samples.subjects, samples.wall_ns, strict=True):
            found = values.setdefault(nodeid, [])
            if len(found) < _VALUES:
                found.append(time_ns)
        for nodeid, category in zip(samples.subjects, samples.categories, strict=False):
            categories.setdefault(nodeid, category)
    return KnownTimes(
        tests={nodeid: sorted(found)[len(found) // 2] for nodeid, found in values.items()},
        categories=categories,
        source=("the last run" if len(digests) == 1 else f"the last {len(digests)} runs") if values else "",
    )


def _from_baseline(settings: Settings) -> KnownTimes:
    from lapwing.store.baseline_file import read_baseline_file

    try:
        file = read_baseline_file(settings.baseline_file, thresholds=settings.change_thresholds)
    except NoDataError:
        file = None
    if file is None or not file.tests:
        return KnownTimes()
    return KnownTimes(
        tests={nodeid: entry.duration_ns for nodeid, entry in file.tests.items()},
        source=settings.baseline_file.name,
    )
