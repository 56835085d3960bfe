"""The newest runs that several CI jobs left, each with the name of its job.

What stands in the files may come from a fork: data files are checked against their schema as everywhere,
and none is read that is larger than a suite makes it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError, UnreadableFileError
from lapwing.model.report import Report
from lapwing.operations.find_run import find_run
from lapwing.operations.make_report import ReportWish, make_report
from lapwing.store.open_store import open_store
from lapwing.store.protocol import Store

_STORE: Final = "store.sqlite"
_PREFIX: Final = "test-results-"
_LARGEST: Final = 200_000_000  # bytes of a file in place of a run; 500,000 tests are fewer


def reports_of(settings: Settings, store: Store | None, names: Sequence[str]) -> list[tuple[str, Report]]:
    """A report for each of `names`: a run, a file, or a folder of jobs' folders with a store in each.

    Raises NoDataError where there is nothing, UnreadableFileError for a file that is too large.
    """
    reports: list[tuple[str, Report]] = []
    wish = ReportWish(slow_ns=settings.slow_test_ns)
    for name in names:
        path = Path(name)
        if path.is_dir():
            reports += _of_folder(settings, path, wish)
            continue
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise UnreadableFileError(f"is larger than {_LARGEST} bytes", where=name)
        title = path.parent.name.removeprefix(_PREFIX) if path.is_file() else name
        reports.append((title, make_report(settings, store, find_run(settings, store, name), wish)))
    return reports


def _of_folder(settings: Settings, folder: Path, wish: ReportWish) -> list[tuple[str, Report]]:
    files = sorted({*folder.glob(_STORE), *folder.glob(f"*/{_STORE}")})
    if not files:
        raise NoDataError(
            f"no {_STORE} lies in this folder or in one of its folders",
            where=str(folder),
            mend="Download the artifacts test-results-* into it.",
        )
    found = []
    for file in files:
        with open_store(str(file), create=False) as store:
            run = find_run(settings, store, "latest")
            name = file.parent.name.removeprefix(_PREFIX)
            found.append((name, make_report(settings, store, run, wish)))
    return found
