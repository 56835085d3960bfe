"""What recorded runs know of the tests that lint looks at."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Final

from lapwing.analysis.test_history import file_histories
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.test_history import FileHistory
from lapwing.store.protocol import RunQuery, Store

MOST_RUNS: Final = 10
_SLOW: Final = frozenset({"slow", "integration", "e2e", "stress"})


def lint_history(settings: Settings, store: Store, working_folder: Path) -> Mapping[str, FileHistory]:
    """What the newest runs know by file, as lint shows files. Raises NoDataError where there is no run."""
    digests = store.runs(RunQuery(project=settings.project, limit=MOST_RUNS))
    if not digests:
        raise NoDataError("no run is recorded", mend="Record one first: pytest --track-performance")
    runs = [store.read_run(digest.run.run_id) for digest in digests]
    limits = {name: category.limit_ns for name, category in settings.categories.items()}
    found = file_histories(runs, limits, _SLOW)
    return {_shown(file, settings.root, working_folder): known for file, known in found.items()}


def _shown(file: str, root: Path, working_folder: Path) -> str:
    return PurePath(os.path.relpath(root / file, working_folder)).as_posix()
