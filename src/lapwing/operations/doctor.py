"""Is everything in order for measuring? Installation, settings, store, baseline, machine."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lapwing.config.root import store_path
from lapwing.config.settings import Settings
from lapwing.environment.packages import installed_versions
from lapwing.errors import ConfigurationError, LapwingError
from lapwing.model.health import HealthFinding
from lapwing.operations.checkup.baseline import check_baseline
from lapwing.operations.checkup.configuration import check_git, check_settings
from lapwing.operations.checkup.installation import (
    check_other_environment,
    check_plugin,
    check_tracing,
    check_versions,
)
from lapwing.operations.checkup.storage import check_place, check_spool, check_store
from lapwing.operations.checkup.surroundings import check_machine
from lapwing.operations.checkup.worktrees import check_worktrees
from lapwing.store.open_store import open_store
from lapwing.store.protocol import Store


def examine(
    root: Path,
    settings: Settings | ConfigurationError,
    open_project_store: Callable[[], Store],
    *,
    environ: Mapping[str, str],
) -> Iterator[HealthFinding]:
    """What is found in the project at `root`, each thing as soon as it is known. Never raises LapwingError.

    `open_project_store` opens the store of the settings and may raise a LapwingError. Under faulty
    settings the store at its usual place is looked at, and what else hangs on settings is left out.
    """
    yield from check_versions(installed_versions())
    yield check_plugin(root, environ)
    yield from check_other_environment(root, environ)
    yield from check_tracing(root, environ)
    yield from check_settings(settings)
    if isinstance(settings, ConfigurationError):
        yield from _usual_store(root)
    else:
        yield from _store_and_baseline(settings, open_project_store)
        yield from check_git(settings)
    yield from check_worktrees(root)
    yield from check_machine()


def _store_and_baseline(settings: Settings, open_it: Callable[[], Store]) -> Iterator[HealthFinding]:
    store = _opened(open_it)
    yield from check_store(store, settings.store, keep_bytes=settings.keep_bytes)
    yield from check_place(settings.store)
    yield from check_spool(settings.root, is_store_open=not isinstance(store, LapwingError))
    yield from check_baseline(settings, None if isinstance(store, LapwingError) else store)


def _usual_store(root: Path) -> Iterator[HealthFinding]:
    url = str(store_path(root))
    store = _opened(lambda: open_store(url, create=False))
    yield from check_store(store, url, keep_bytes=0)
    if not isinstance(store, LapwingError):
        store.close()
    yield from check_place(url)
    yield from check_spool(root, is_store_open=False)


def _opened(open_it: Callable[[], Store]) -> Store | LapwingError:
    try:
        return open_it()
    except LapwingError as error:
        return error
