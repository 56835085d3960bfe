"""sqlite3 of the standard library: connections made by `connect` get cursors that count.

Its classes cannot be patched; a connection is therefore of a subclass of the one that was asked
for. The time is that of `execute`: rows are often only found when they are fetched.
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.shared import SharedNames
from lapwing.measure.probes.sql.queries import Queries

_FACTORY_AT = 5  # its place among the arguments of `connect`


def instrument(module: ModuleType, queries: Queries, made: Callable[[Patch], None]) -> None:
    """Count the queries of connections made from now on."""
    original = module.connect
    own = module.Connection
    shared = SharedNames(queries.counters)
    counted_cursor = functools.cache(functools.partial(_counted_cursor, queries))

    @functools.cache
    def counted_connection(base: Any) -> Any:
        return _counted_connection(queries, base, module.Cursor, counted_cursor)

    @functools.wraps(original)
    def connect(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if queries.counters.is_on:  # in tests of any category: what is shared must not meet
            shared.connected(args[0] if args else kwargs.get("database", ""))
        factory = kwargs.get("factory", own)
        is_known = (
            len(args) <= _FACTORY_AT
            and isinstance(factory, type)
            and issubclass(factory, own)
            and getattr(factory, "cursor", None) is own.cursor
        )
        # aiosqlite connects in a thread of its own, where nobody can see who asks.
        if is_known and not sys._getframe(1).f_globals.get("__name__", "").startswith("aiosqlite"):
            kwargs["factory"] = counted_connection(factory)
        return original(*args, **kwargs)

    made(Patch(module, "connect", connect))
    made(Patch(sys.modules["sqlite3.dbapi2"], "connect", connect))


def _like(made: Any, base: Any) -> Any:
    made.__name__, made.__qualname__, made.__module__ = base.__name__, base.__qualname__, base.__module__
    return made


def _counted_connection(queries: Queries, base: Any, own_cursor: Any, cursors: Callable[[Any], Any]) -> Any:
    usual, make = cursors(own_cursor), base.cursor

    class Connection(base):  # type: ignore[misc]
        __slots__ = ()  # no attributes of its own where the base has none

        def cursor(self, factory: Any = own_cursor) -> Any:
            __tracebackhide__ = True
            if factory is own_cursor:
                return make(self, usual)
            if isinstance(factory, type) and issubclass(factory, own_cursor):
                factory = cursors(factory)
            return make(self, factory)

        # These make a cursor inside, without asking `cursor`.
        execute = _counted(queries, base.execute, many=False)
        executemany = _counted(queries, base.executemany, many=True)
        executescript = _counted(queries, base.executescript, many=True)

    return _like(Connection, base)


def _counted_cursor(queries: Queries, base: Any) -> Any:
    class Cursor(base):  # type: ignore[misc]
        __slots__ = ()

        execute = _counted(queries, base.execute, many=False)
        executemany = _counted(queries, base.executemany, many=True)
        executescript = _counted(queries, base.executescript, many=True)

    return _like(Cursor, base)


def _counted(queries: Queries, original: Any, *, many: bool) -> Any:
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    def execute(self: Any, sql: Any, *rest: Any) -> Any:
        __tracebackhide__ = True
        if not queries.is_on or inside.get() == queries.serial:
            return original(self, sql, *rest)
        token = inside.set(queries.serial)
        started = clock()
        try:
            return original(self, sql, *rest)
        finally:
            spent = clock() - started
            inside.reset(token)
            queries.add(sql, () if many or not rest else rest[0], spent, many=many)

    return execute
