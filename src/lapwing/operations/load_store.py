"""Results of load and stress tests: kept, and the one before found."""

from collections.abc import Mapping

from lapwing.config.settings import Settings
from lapwing.model.load import LoadResult, StoredLoad
from lapwing.model.run import Run
from lapwing.record.run_facts import begin_run
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery, Store

_LOOKED_AT = 50
_READ = 200
_TOLD = 10


def keep_load(settings: Settings, result: LoadResult, *, environ: Mapping[str, str]) -> StoredLoad | None:
    """Keep `result` in the store of the project.

    Returns the newest earlier one of the same name and unit that ran to its end on the same class of
    machine, None where there is none. Raises StoreError.
    """
    facts = begin_run(settings, command=(), workers=result.workers, distribution="no", environ=environ)
    stored = StoredLoad(
        result=result,
        project=settings.project,
        commit=facts.revision.commit,
        branch=facts.revision.branch,
        machine_class=facts.machine_class,
    )
    with open_store(settings.store, create=True, origin=settings.store_origin) as store:
        earlier = store.loads(project=settings.project, name=result.name, limit=_LOOKED_AT)
        store.write_load(stored)
    return next((each for each in earlier if _is_like(each, stored)), None)


def kept_loads(settings: Settings, store: Store, name: str | None) -> list[StoredLoad]:
    """What is kept of the project, of one `name` or all, newest first. Raises StoreError."""
    return store.loads(project=settings.project, name=name, limit=_LOOKED_AT)


def loads_as_of(store: Store, run: Run, *, most: int | None = _TOLD) -> tuple[StoredLoad, ...]:
    """The newest of each load test: of the newest run whatever came since, of others as of their end.

    At most `most`, the newest first. Raises StoreError.
    """
    newest = store.runs(RunQuery(project=run.project, limit=1))
    is_newest = not newest or newest[0].run.run_id == run.run_id
    until = None if is_newest else run.started_at_ns + run.duration_ns
    return newest_loads(store, run.project, until_ns=until)[:most]


def newest_loads(store: Store, project: str, *, until_ns: int | None = None) -> tuple[StoredLoad, ...]:
    """The newest of each load test that had begun by `until_ns` (None: of all), the newest first.

    Raises StoreError.
    """
    found: dict[str, StoredLoad] = {}
    for each in store.loads(project=project, limit=_READ):
        if until_ns is None or each.result.started_at_ns <= until_ns:
            found.setdefault(each.result.name, each)
    return tuple(found.values())


def _is_like(earlier: StoredLoad, stored: StoredLoad) -> bool:
    return (
        earlier.result.unit is stored.result.unit
        and earlier.result.is_complete
        and earlier.machine_class == stored.machine_class
    )
