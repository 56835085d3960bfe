"""psycopg 3, synchronous and asynchronous. It has no hook: the cursors' methods are wrapped."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.sql.asked import Query, asked, asked_async
from lapwing.measure.probes.sql.queries import Queries


def instrument(module: ModuleType, queries: Queries, made: Callable[[Patch], None]) -> None:
    """Count the queries of all cursors, those that exist already included."""
    for names, wrap in (
        (("Cursor", "ServerCursor"), asked),
        (("AsyncCursor", "AsyncServerCursor"), asked_async),
    ):
        for name in names:
            cursor = getattr(module, name)
            made(Patch(cursor, "execute", wrap(cursor.execute, queries, _query)))
            made(Patch(cursor, "executemany", wrap(cursor.executemany, queries, _query, many=True)))


def _query(cursor: Any, query: Any, params: Any = (), *_: Any, **__: Any) -> Query:
    return query.as_string(cursor) if hasattr(query, "as_string") else query, params
