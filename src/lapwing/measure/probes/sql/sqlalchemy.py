"""SQLAlchemy, where a dialect hands a statement to its driver: one event per statement, in whatever driver.

Every engine has a dialect, and every dialect does so in one of three methods. The events of engines would
tell the same, but an engine with a listener asks for listeners at every other step, too: half as much again.
"""

import functools
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.sql.queries import Queries

_METHODS: Final = ("do_execute", "do_executemany", "do_execute_no_params")
_FRAMES: Final = 4  # of SQLAlchemy's own around each of them, however it was called: nobody's in the project


def instrument(module: ModuleType, queries: Queries, made: Callable[[Patch], None]) -> None:
    """Count what all engines execute, those that exist already included."""
    base = module.engine.default.DefaultDialect
    known: set[type] = set()

    def meet(kind: type) -> None:
        for owner in kind.__mro__:
            if owner not in known and issubclass(owner, base):
                known.add(owner)
                for name in _METHODS:
                    if name in vars(owner):
                        made(Patch(owner, name, _counted(vars(owner)[name], queries)))

    for kind in _kinds(base):
        meet(kind)

    # A dialect of a driver is imported with the first engine that uses it.
    original = module.engine.Engine.__init__

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        meet(type(self.dialect))

    made(Patch(module.engine.Engine, "__init__", init))


def _kinds(base: Any) -> Iterator[type]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds(kind)


def _counted(original: Any, queries: Queries) -> Any:
    clock, inside, many = CLOCKS.wall, INSIDE, original.__name__ == "do_executemany"

    @functools.wraps(original)
    def execute(self: Any, cursor: Any, statement: Any, *rest: Any) -> Any:
        __tracebackhide__ = True
        if not queries.is_on or inside.get() == queries.serial:
            return original(self, cursor, statement, *rest)
        token = inside.set(queries.serial)
        started = clock()
        try:
            return original(self, cursor, statement, *rest)
        finally:
            spent = clock() - started
            try:
                inside.reset(token)
            except ValueError:  # ended in another context than it began in
                inside.set(0)
            # What is left are the parameters, where there are any, and the context.
            parameters = rest[0] if len(rest) > 1 else ()
            queries.add(statement, parameters, spent, many, _FRAMES)

    return execute
