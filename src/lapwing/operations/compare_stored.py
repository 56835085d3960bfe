"""What changed between two stored runs of a project? In a request no name means a file."""

from lapwing.config.settings import Settings
from lapwing.operations.compare_named import Compared, compare_named
from lapwing.operations.find_run import BASELINE
from lapwing.operations.find_stored_run import find_stored_run
from lapwing.store.protocol import Store


def compare_stored(settings: Settings, store: Store, before: str, after: str) -> Compared:
    """`after` against `before`, each as `find_stored_run` knows it; `before` may be `baseline`.

    Raises NoDataError for a side that does not exist or holds no passed test, AmbiguousRunError.
    """
    project = settings.project
    first = before if before == BASELINE else find_stored_run(store, project, before).run_id
    compared = compare_named(settings, store, first, find_stored_run(store, project, after).run_id)
    return compared._replace(before=before, after=after)
