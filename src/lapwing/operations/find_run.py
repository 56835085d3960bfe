"""Which run is meant? RUN as people write it becomes a recorded run, a file or a baseline."""

from pathlib import Path
from typing import Final

from lapwing.config.settings import Settings
from lapwing.environment.git import resolve_revision
from lapwing.errors import AmbiguousRunError, NoDataError
from lapwing.model.baseline import BaselineFile
from lapwing.model.ids import is_run_id_prefix, runs_back
from lapwing.model.run import RecordedRun, Run
from lapwing.model.value import Value
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import format_count

BASELINE: Final = "baseline"
LATEST: Final = "latest"
_EXPECTED: Final = "A file in place of a run is a data file or a baseline file as Lapwing writes them."


class FoundRun(Value):
    """What a name stands for: one of `run` (in the store), `recorded` (a file) or `baseline`."""

    name: str
    run: Run | None = None
    recorded: RecordedRun | None = None
    baseline: BaselineFile | None = None


def find_run(
    settings: Settings, store: Store | None, name: str, *, must_be_complete: bool = False
) -> FoundRun:
    """The run called `name`.

    Tried in this order: beginning of a run id, `latest`, `latest~N`, `baseline`, an existing
    file, a git revision (its newest complete run). Raises NoDataError where nothing fits,
    AmbiguousRunError with the candidates where several do. Without a store only `baseline` and
    files are found.
    """
    if store is None:
        return _outside_store(settings, name)
    found = _by_id(settings, store, name) or _by_order(settings, store, name, must_be_complete)
    if found is not None:
        return FoundRun(name=name, run=found)
    if name == BASELINE:
        return _baseline(settings)
    path = Path(name)
    if path.is_file():
        return _file(settings, path)
    commit = resolve_revision(settings.root, name)
    if commit is not None:
        digests = store.runs(RunQuery(project=settings.project, commit=commit, is_complete=True, limit=1))
        if digests:
            return FoundRun(name=name, run=digests[0].run)
        raise NoDataError(
            f"no complete run of {name} ({commit[:10]}) is recorded",
            mend="Check it out and run: pytest --track-performance",
        )
    raise NoDataError(
        f"no run is called {name[:80]!r}",
        mend="'lapwing runs' lists them; latest, latest~1, a file or a git revision serve, too.",
    )


def _outside_store(settings: Settings, name: str) -> FoundRun:
    if name == BASELINE:
        return _baseline(settings)
    if Path(name).is_file():
        return _file(settings, Path(name))
    raise NoDataError("no run is recorded yet", mend="Record one with: pytest --track-performance")


def _by_id(settings: Settings, store: Store, name: str) -> Run | None:
    if not is_run_id_prefix(name):
        return None
    digests = store.runs(RunQuery(id_prefix=name.lower(), limit=10))
    if len(digests) > 1:
        candidates = ", ".join(digest.run.run_id for digest in digests)
        raise AmbiguousRunError(f"{name!r} fits several runs: {candidates}", mend="Write more of the id.")
    return digests[0].run if digests else None


def _by_order(settings: Settings, store: Store, name: str, must_be_complete: bool) -> Run | None:
    back = runs_back(name)
    if back is None:
        return None
    complete = True if must_be_complete else None
    query = RunQuery(project=settings.project, is_complete=complete, limit=back + 1)
    digests = store.runs(query) or store.runs(query._replace(project=None))
    if not digests:
        raise NoDataError("no run is recorded yet", mend="Record one with: pytest --track-performance")
    if len(digests) <= back:
        raise NoDataError(
            f"{name} does not exist: recorded: {format_count(len(digests), 'run')}",
            mend="'lapwing runs' lists them.",
        )
    return digests[back].run


def _baseline(settings: Settings) -> FoundRun:
    from lapwing.store.baseline_file import read_baseline_file

    file = read_baseline_file(settings.baseline_file, thresholds=settings.change_thresholds)
    if file is None:
        raise NoDataError(
            "there is no baseline file",
            where=str(settings.baseline_file),
            mend="Run 'lapwing baseline update' to create initial baseline.",
        )
    return FoundRun(name=BASELINE, baseline=file)


def _file(settings: Settings, path: Path) -> FoundRun:
    """A data file or a baseline file, told apart by what it holds."""
    from lapwing.store.baseline_file import read_baseline_file
    from lapwing.store.data_file import read_data_file

    content = path.read_bytes()
    is_own = path.absolute() in (settings.baseline_file, settings.data_file)
    expected = "" if is_own else _EXPECTED
    if b'"baseline_date"' in content[:65536]:
        return FoundRun(name=str(path), baseline=read_baseline_file(path, expected=expected))
    return FoundRun(name=str(path), recorded=read_data_file(path, expected=expected))
