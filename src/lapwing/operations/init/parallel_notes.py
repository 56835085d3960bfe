"""How the suite can run in parallel, and which tests must then stay together."""

import re
from typing import Final

from lapwing.advice.mark_text import mark_text
from lapwing.analysis.shared_uses import shared_uses
from lapwing.config.settings import Settings
from lapwing.environment.pytest_config import find_pytest_config
from lapwing.errors import LapwingError
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery

_WORKERS: Final = re.compile(r"-n(\d+|auto|logical)?|--(numprocesses|dist)(=.*)?")
_MOST_GROUPS: Final = 10


def parallel_notes(settings: Settings) -> list[str]:
    """What to write; nothing where pytest is told of workers already.

    Which tests share a port, a file or a database is known from the newest complete run.
    """
    if any(map(_WORKERS.fullmatch, find_pytest_config(settings.root).options)):
        return []
    offer = "To run in parallel: pip install 'lapwing[parallel]', then pytest -n auto --dist loadgroup"
    try:
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            digests = store.runs(RunQuery(project=settings.project, is_complete=True, limit=1))
            uses = shared_uses(store.read_run(digests[0].run.run_id).tests) if digests else None
    except LapwingError:
        uses = None
    if uses is None:
        return [f"{offer}. After a tracked run this command names the tests that must stay together."]
    if not uses:
        return [f"{offer}. In the newest run no tests shared a port, a file or a database."]
    return [f"{offer}, and keep together what must not meet:", *map(mark_text, uses[:_MOST_GROUPS])]
