"""Which stored run does a request mean? Names of files and git revisions mean nothing here."""

import re
from typing import Final

from lapwing.errors import AmbiguousRunError, NoDataError
from lapwing.model.ids import runs_back
from lapwing.model.run import Run
from lapwing.store.protocol import RunQuery, Store

_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def find_stored_run(store: Store, project: str, name: str) -> Run:
    """The run of `project` called `name`: the beginning of an id, `latest`, `latest~N`, a commit or a branch.

    Of a commit or a branch its newest complete run. Raises NoDataError, AmbiguousRunError.
    """
    back = runs_back(name)
    if back is not None:
        digests = store.runs(RunQuery(project=project, limit=back + 1))
        if len(digests) > back:
            return digests[back].run
        if not digests:
            raise NoDataError("no run is recorded yet", mend="Record one with: pytest --track-performance")
    elif name:
        query = RunQuery(project=project, limit=2)
        found = store.runs(query._replace(id_prefix=name))
        exact = [digest for digest in found if digest.run.run_id == name]
        if len(found) == 1 or exact:
            return (exact or found)[0].run
        if found:
            raise AmbiguousRunError(f"{name} is the beginning of several runs", mend="Write more of it.")
        complete = query._replace(is_complete=True, limit=1)
        if _COMMIT.fullmatch(name):
            found = store.runs(complete._replace(commit=name))
        found = found or store.runs(complete._replace(branch=name))
        if found:
            return found[0].run
    raise NoDataError(f"there is no run {name!r} in this project", mend="The page of runs lists them.")
