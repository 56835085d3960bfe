"""The baseline file as a whole: its age, a copy elsewhere, one from elsewhere."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.baseline import BaselineFile
from lapwing.model.run import Run
from lapwing.model.value import Value
from lapwing.store.baseline_file import read_baseline_file, write_baseline_file
from lapwing.store.protocol import RunQuery, Store

_EXPECTED = (
    "Expected is a baseline file, as 'lapwing baseline export' writes it; "
    "'lapwing report FILE --create-baseline' makes one of a data file."
)

OLD_AFTER_DAYS: Final = 90
"""Age at which a baseline is called old."""

_MANY_MISSING: Final = 0.1  # share of the newest run's tests


class BaselineState(Value):
    """How well a baseline file still fits its suite."""

    age_days: int | None  # None where its date cannot be read
    is_old: bool
    newest: Run | None  # the newest complete run, which it should cover; None without any
    tests: int  # that passed in that run
    missing: tuple[str, ...]  # those of them that the baseline does not know
    misses_many: bool


def baseline_state(settings: Settings, store: Store | None, baseline: BaselineFile) -> BaselineState:
    """`baseline` beside the calendar and the newest complete run of `store`. Raises StoreError."""
    digests = (
        store.runs(RunQuery(project=settings.project, is_complete=True, limit=1)) if store is not None else []
    )
    newest = digests[0].run if digests else None
    subjects = store.samples([newest.run_id])[0].subjects if store is not None and newest else ()
    missing = tuple(nodeid for nodeid in subjects if nodeid not in baseline.tests)
    age = baseline_age_days(baseline)
    return BaselineState(
        age_days=age,
        is_old=age is not None and age > OLD_AFTER_DAYS,
        newest=newest,
        tests=len(subjects),
        missing=missing,
        misses_many=len(missing) > _MANY_MISSING * len(subjects),
    )


def baseline_age_days(baseline: BaselineFile) -> int | None:
    """Days since the baseline was made; None where its date cannot be read."""
    try:
        made = date.fromisoformat(baseline.date[:10])
    except ValueError:
        return None
    return (datetime.now(UTC).date() - made).days


def export_baseline(settings: Settings) -> str:
    """The text of the baseline file. Raises NoDataError where there is none."""
    try:
        return settings.baseline_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoDataError(
            "there is no baseline file",
            where=str(settings.baseline_file),
            mend="Run 'lapwing baseline update' to create initial baseline.",
        ) from None


def import_baseline(settings: Settings, path: str) -> tuple[BaselineFile, Path]:
    """Put the baseline at `path` in the place of the project's; returns it and where it was found.

    In a folder (downloaded artifacts) the file with the newest date is taken. Raises NoDataError
    where there is none, UnreadableFileError for a broken one.
    """
    place = Path(path)
    candidates = sorted(place.rglob(settings.baseline_file.name)) if place.is_dir() else [place]
    found = [
        (baseline, each)
        for each in candidates
        if each.is_file() and (baseline := read_baseline_file(each, expected=_EXPECTED)) is not None
    ]
    if not found:
        raise NoDataError(
            "no baseline file is there",
            where=path,
            mend=f"Name a file, or a folder that holds a {settings.baseline_file.name}.",
        )
    baseline, source = max(found, key=lambda each: each[0].date)
    settings.baseline_file.parent.mkdir(parents=True, exist_ok=True)
    write_baseline_file(settings.baseline_file, baseline, thresholds=settings.change_thresholds)
    return baseline, source
