"""The newest runs that several CI jobs left, each with the name of its job.

What stands in the files may come from a fork: data files are checked against their schema as everywhere,
and none is read that is larger than a suite makes it.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError, UnreadableFileError
from lapwing.model.comparison import Severity
from lapwing.model.gate import GateAnswer, Guard
from lapwing.model.report import Report
from lapwing.operations.check_run import check_run
from lapwing.operations.find_run import LATEST, find_run
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
    wish = ReportWish(slow_ns=settings.slow_test_ns)
    return [
        (title, make_report(settings, of_job, find_run(settings, of_job, name), wish))
        for title, of_job, name in _jobs(store, names)
    ]


def gates_of(
    settings: Settings,
    store: Store | None,
    names: Sequence[str],
    *,
    fail_on: Collection[Guard] | None = None,
    severity: Severity = Severity.WARNING,
) -> list[GateAnswer | None]:
    """What the gate says of each of them; None where there is nothing to judge. Raises as `reports_of`."""
    return [_gate(settings, of_job, name, fail_on, severity) for _, of_job, name in _jobs(store, names)]


def _gate(
    settings: Settings,
    store: Store | None,
    name: str,
    fail_on: Collection[Guard] | None,
    severity: Severity,
) -> GateAnswer | None:
    with ExitStack() as stack:
        if store is None:  # a file is judged by the baseline file alone
            folder = stack.enter_context(TemporaryDirectory(prefix="lapwing-"))
            store = stack.enter_context(open_store(str(Path(folder) / _STORE), create=True))
        try:
            return check_run(settings, store, name, fail_on=fail_on, severity=severity)
        except NoDataError:
            return None


def _jobs(store: Store | None, names: Sequence[str]) -> Iterator[tuple[str, Store | None, str]]:
    """The title of each job, the store that its run is in, and what the run is called there."""
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from _in_folder(path)
            continue
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise UnreadableFileError(f"is larger than {_LARGEST} bytes", where=name)
        yield path.parent.name.removeprefix(_PREFIX) if path.is_file() else name, store, name


def _in_folder(folder: Path) -> Iterator[tuple[str, Store | None, str]]:
    files = sorted({*folder.glob(_STORE), *folder.glob(f"*/{_STORE}")})
    if not files:
        raise NoDataError(
            f"no {_STORE} lies in this folder or in one of its folders",
            where=str(folder),
            mend="Download the artifacts test-results-* into it.",
        )
    for file in files:
        with open_store(str(file), create=False) as store:
            yield file.parent.name.removeprefix(_PREFIX), store, LATEST
