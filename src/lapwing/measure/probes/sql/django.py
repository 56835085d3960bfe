"""Django's databases: a wrapper around the execution of each connection, which Django offers."""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any
from weakref import WeakSet

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.sql.queries import Queries


class _Wrappers:
    """Our wrapper in the lists of all connections, with the manners of a patch."""

    def __init__(self, wrapper: Any) -> None:
        self._wrapper = wrapper
        self._connections: WeakSet[Any] = WeakSet()

    def add(self, connection: Any) -> None:
        """Put it first, below those that tests push and pop."""
        connection.execute_wrappers.insert(0, self._wrapper)
        self._connections.add(connection)

    def restore(self) -> None:
        """Take it out of all lists."""
        for connection in tuple(self._connections):
            if self._wrapper in connection.execute_wrappers:
                connection.execute_wrappers.remove(self._wrapper)


def instrument(module: ModuleType, queries: Queries, made: Callable[[Any], None]) -> None:
    """Count the queries of connections made from now on, and of those this thread has."""
    clock, inside = CLOCKS.wall, INSIDE

    def ask(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        __tracebackhide__ = True
        if not queries.is_on or inside.get() == queries.serial:
            return execute(sql, params, many, context)
        token = inside.set(queries.serial)
        started = clock()
        try:
            return execute(sql, params, many, context)
        finally:
            spent = clock() - started
            inside.reset(token)
            queries.add(sql, params, spent, many=many)

    wrappers = _Wrappers(ask)
    made(wrappers)
    owner = module.BaseDatabaseWrapper
    original = owner.__init__

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        wrappers.add(self)

    made(Patch(owner, "__init__", init))
    databases = sys.modules.get("django.db")
    if databases is not None and hasattr(databases, "connections"):
        for connection in databases.connections.all(initialized_only=True):
            wrappers.add(connection)
