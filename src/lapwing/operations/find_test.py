"""Which test is meant? A node id as people write it becomes the id of a recorded test."""

from collections.abc import Iterator
from typing import Final

from lapwing.errors import NoDataError
from lapwing.store.protocol import RunQuery, Store

_MOST_NAMED: Final = 8
_MOST_RUNS: Final = 20


def find_test(store: Store, text: str, *, project: str | None) -> str:
    """The recorded test called `text`, else the only one that ends with it or has it in it.

    Looked for in the newest complete run, then in those before it, of which some may be of other parts of
    the suite. Raises NoDataError where there is none, or several; then it names some.
    """
    if store.history(text, project=project, limit=1):
        return text
    fitting: list[str] = []
    for subjects in _newest_runs(store, project):
        fitting = [nodeid for nodeid in subjects if text in nodeid]
        if fitting:
            break
    whole = [nodeid for nodeid in fitting if nodeid.endswith((f"/{text}", f"::{text}"))]
    if len(whole) == 1:
        return whole[0]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        named = ", ".join(fitting[:_MOST_NAMED])
        more = f" and {len(fitting) - _MOST_NAMED} more" if len(fitting) > _MOST_NAMED else ""
        raise NoDataError(f"{text!r} is part of several tests: {named}{more}", mend="Write more of the name.")
    raise NoDataError(
        f"no recorded test is called {text!r}", mend="'lapwing show' lists the tests of the newest run."
    )


def recorded_tests(store: Store, *, project: str | None) -> tuple[str, ...]:
    """The tests that passed in the newest complete run, or where there is none in the newest."""
    return next(_newest_runs(store, project), ())


def _newest_runs(store: Store, project: str | None) -> Iterator[tuple[str, ...]]:
    """The tests of the newest complete runs, newest first, or where there is none of the newest run."""
    for query in (
        RunQuery(project=project, is_complete=True, limit=_MOST_RUNS),
        RunQuery(project=project, limit=1),
    ):
        digests = store.runs(query)
        for digest in digests:
            yield store.samples([digest.run.run_id])[0].subjects
        if digests:
            return
