"""asyncpg: connections and prepared statements.

Its query logger is called later, from the event loop, where nobody can see who asked: the methods
are wrapped instead. Those of a pool's connections lead to the same ones.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.sql.asked import Query, asked_async
from lapwing.measure.probes.sql.queries import Queries

_ONE = ("execute", "fetch", "fetchrow", "fetchval")
_MANY = ("executemany", "fetchmany")


def instrument(module: ModuleType, queries: Queries, made: Callable[[Patch], None]) -> None:
    """Count the queries of all connections, those that exist already included."""
    prepared = module.prepared_stmt.PreparedStatement
    for owner, describe in ((module.connection.Connection, _query), (prepared, _prepared)):
        for name in (*_ONE, *_MANY):
            original = getattr(owner, name, None)
            if original is not None:
                made(Patch(owner, name, asked_async(original, queries, describe, many=name in _MANY)))


def _query(connection: Any, query: Any, *args: Any, **_: Any) -> Query:
    return query, args


def _prepared(statement: Any, *args: Any, **_: Any) -> Query:
    return statement._query, args
