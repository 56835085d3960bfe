"""aiosqlite: it asks sqlite3 in a thread of its own; counted is what is handed to that thread."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.sql.asked import Query, asked_async
from lapwing.measure.probes.sql.queries import Queries

_ONE: Final = ("execute", "_execute_insert", "_execute_fetchall")
_MANY: Final = ("executemany", "executescript")


def instrument(module: ModuleType, queries: Queries, made: Callable[[Patch], None]) -> None:
    """Count the queries of all connections, those that exist already included."""
    owner = module.core.Connection
    one = asked_async(owner._execute, queries, _one)
    made(Patch(owner, "_execute", asked_async(one, queries, _many, many=True)))


def _one(connection: Any, function: Any, sql: object = None, parameters: Any = (), *_: Any) -> Query | None:
    return (sql, parameters) if function.__name__ in _ONE else None


def _many(connection: Any, function: Any, sql: object = None, *_: Any) -> Query | None:
    return (sql, ()) if function.__name__ in _MANY else None
