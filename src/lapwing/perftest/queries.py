"""What a piece of code asks of databases: through the recording's own probes, or probes of its own."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Final

from lapwing.measure.present_recording import present_recording
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.sql.queries import Queries
from lapwing.model.query import Asked

_KIND = "sql"

OPEN: Final[list[Queries]] = []
"""What counts queries outside of a recorded test. Whoever else wants to know them looks there, too: of two
probes on one connection of sqlite3 the second would count alone."""


@contextmanager
def watched_queries(
    take: Callable[[Asked], None], drivers: Callable[[], Collection[str]] = tuple
) -> Iterator[None]:
    """Watch the queries inside, and hand what was asked to `take` at the end, however that comes.

    Connections of sqlite3, and of the modules that `drivers` gives, are seen if they were made inside, or in
    a recorded run.
    """
    with _queries(drivers) as queries:
        window = queries.open_window()
        try:
            yield
        finally:
            take(queries.close_window(window))


@contextmanager
def _queries(drivers: Callable[[], Collection[str]]) -> Iterator[Queries]:
    recording = present_recording()
    if recording is not None and recording.running_test() is not None:
        part: Queries | None = recording.part(_KIND)
        if part is not None:
            yield part
            return
    if OPEN:
        yield OPEN[-1]
        return
    counters = Counters()
    probe = LibraryProbe({_KIND}, counters, drivers())
    probe.install()
    counters.begin()
    queries: Queries = probe.part(_KIND)
    OPEN.append(queries)
    try:
        yield queries
    finally:
        OPEN.remove(queries)
        counters.end()
        probe.remove()
