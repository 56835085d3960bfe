"""What would make this run faster?"""

from collections import Counter
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import Final

from lapwing.advice.advise import advise
from lapwing.advice.facts import Facts, History
from lapwing.advice.what_if import MODES, what_if
from lapwing.analysis.shared_uses import shared_uses
from lapwing.analysis.suite_times import suite_times
from lapwing.analysis.test_time import waits_for_processes
from lapwing.analysis.worker_spans import first_moment
from lapwing.config.settings import Settings
from lapwing.lint.source_facts import source_facts
from lapwing.model.run import RecordedRun, Run
from lapwing.model.source_facts import SourceFacts
from lapwing.model.suggestion import Advice
from lapwing.model.what_if import SuiteTimes
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import own_records_of
from lapwing.operations.what_if import parallel_run
from lapwing.store.protocol import RunQuery, Store

_RUNS: Final = 50  # that are looked at for failures
_LONG: Final = 50  # tests: more cannot each take the share of a suite that is worth an advice
_LARGEST: Final = 2_000_000  # bytes of a test file that is still read
_CONFIGURATION: Final = ("pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")


def advise_on(settings: Settings, store: Store | None, name: str) -> Advice:
    """What would make the run called `name` faster, the largest expected gain first.

    Reads the test files as they are now. Raises NoDataError where there is no such run, and for one that was
    read from reports.
    """
    recorded = own_records_of(store, find_run(settings, store, name))
    return advice_of(settings, store, recorded)


def advice_of(settings: Settings, store: Store | None, recorded: RecordedRun) -> Advice:
    """The same for a run that Lapwing recorded and that is at hand."""
    run = recorded.run
    parallel = parallel_run(settings, store, recorded)

    def rescoped(scopes: Mapping[str, str]) -> SuiteTimes:
        return suite_times(recorded, parallel, scopes)

    suite = rescoped({})
    sources = _sources(settings.root, recorded)
    dist = run.distribution if run.distribution in MODES else MODES[0]
    tried = cache(partial(what_if, suite))
    facts = Facts(
        recorded=recorded,
        suite=suite,
        now=tried(run.workers, dist),
        tried=tried,
        rescoped=rescoped,
        sources=sources,
        history=_history(settings, store, recorded, sources.coverage),
        processes=waits_for_processes(recorded.tests),
        shared=shared_uses(recorded.tests),
    )
    return Advice(
        run_id=run.run_id,
        wall_ns=run.duration_ns - first_moment(recorded),
        workers=run.workers,
        dist=run.distribution,
        suggestions=advise(facts),
    )


def _sources(root: Path, recorded: RecordedRun) -> SourceFacts:
    """What the files of the run's tests and fixtures say now."""
    modules = {record.nodeid.partition("::")[0] for record in recorded.tests}
    paths = modules | {fixture.location.rpartition(":")[0] for fixture in recorded.fixtures}
    for module in modules:
        paths |= {(parent / "conftest.py").as_posix() for parent in PurePosixPath(module).parents}
    read = {path: _read(root, path) for path in sorted(paths)}
    texts = {path: text for path, text in read.items() if text is not None}
    return source_facts(texts, coverage=_coverage(root))


def _read(root: Path, path: str) -> str | None:
    """The text of a file below the root, None for any other."""
    if not path.endswith(".py") or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        return None
    try:
        file = root / path
        if file.stat().st_size > _LARGEST:
            return None
        return file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None


def _coverage(root: Path) -> str:
    """Where a configuration file of pytest asks for coverage, as file:line."""
    for name in _CONFIGURATION:
        try:
            lines = (root / name).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        for number, line in enumerate(lines, 1):
            if "--cov=" in line or "--cov " in line or line.rstrip(" \"']").endswith("--cov"):
                return f"{name}:{number}"
    return ""


def _history(settings: Settings, store: Store | None, recorded: RecordedRun, configured: str) -> History:
    if store is None:
        return History()
    long = sorted(recorded.tests, key=lambda record: -(record.duration_ns or 0))[:_LONG]
    query = RunQuery(project=settings.project, is_complete=True, limit=_RUNS)
    runs = [digest.run for digest in store.runs(query)]
    ids = [each.run_id for each in runs]
    passed = Counter(
        nodeid
        for samples in store.series(ids, {record.nodeid for record in long}, project=settings.project)
        for nodeid in samples.subjects
    )
    return History(
        passed=passed,
        failed=frozenset(attempt.nodeid for attempt in store.failed_attempts(ids)),
        without_coverage=_without_coverage(store, runs, recorded.run, configured),
    )


def _without_coverage(store: Store, runs: list[Run], run: Run, configured: str) -> Mapping[str, int]:
    """CPU time of tests in the newest run without coverage, which `configured` switches on for all others."""
    plain = next((each for each in runs if _is_plain(each, configured) and each.python == run.python), None)
    if plain is None:
        return {}
    return {
        nodeid: cpu
        for samples in store.samples([plain.run_id])
        for nodeid, cpu in zip(samples.subjects, samples.cpu_ns, strict=False)
        if cpu is not None
    }


def _is_plain(run: Run, configured: str) -> bool:
    asks = any(word == "--cov" or word.startswith("--cov=") for word in run.command)
    return "--no-cov" in run.command or not (configured or asks)
