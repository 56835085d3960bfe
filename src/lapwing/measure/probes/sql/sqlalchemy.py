"""SQLAlchemy, through the events of all engines: one event per statement, in whatever driver."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.sql.queries import Queries

_MARK = "_lapwing"


class Listener:
    """One listener, with the manners of a patch."""

    def __init__(self, event: Any, target: Any, name: str, function: Any) -> None:
        self._event = event
        self._of = (target, name, function)
        event.listen(*self._of)

    def restore(self) -> None:
        """Listen no more."""
        if self._event.contains(*self._of):
            self._event.remove(*self._of)


def instrument(module: ModuleType, queries: Queries, made: Callable[[Listener], None]) -> None:
    """Count what all engines execute, those that exist already included."""
    clock, inside = CLOCKS.wall, INSIDE

    def before(conn: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        if queries.is_on and context is not None and inside.get() != queries.serial:
            context._lapwing = (inside.set(queries.serial), sql, parameters, many, clock())

    def ended(context: Any) -> None:
        begun = None if context is None else context.__dict__.pop(_MARK, None)
        if begun is None:
            return
        token, sql, parameters, many, started = begun
        spent = clock() - started
        try:
            inside.reset(token)
        except ValueError:  # ended in another context than it began in
            inside.set(0)
        queries.add(sql, parameters, spent, many=many)

    def after(conn: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        ended(context)

    def failed(error: Any) -> None:
        ended(error.execution_context)

    event, engine = module.event, module.engine.Engine
    made(Listener(event, engine, "before_cursor_execute", before))
    made(Listener(event, engine, "after_cursor_execute", after))
    made(Listener(event, engine, "handle_error", failed))
