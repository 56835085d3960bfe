"""A method of a driver that asks a query, counted where it is the outermost event."""

import functools
from collections.abc import Callable
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.sql.queries import Queries

Query = tuple[object, Any]  # its text, and its parameters
Describe = Callable[..., Query | None]  # of the method's arguments; None: this call asks nothing


def asked(original: Any, queries: Queries, describe: Describe, *, many: bool = False) -> Any:
    """`original`, its query counted with its time."""
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not queries.is_on or inside.get() == queries.serial:
            return original(*args, **kwargs)
        query = _described(describe, args, kwargs)
        if query is None:
            return original(*args, **kwargs)
        token = inside.set(queries.serial)
        started = clock()
        try:
            return original(*args, **kwargs)
        finally:
            spent = clock() - started
            inside.reset(token)
            queries.add(query[0], query[1], spent, many=many)

    return call


def asked_async(original: Any, queries: Queries, describe: Describe, *, many: bool = False) -> Any:
    """The same of a coroutine function."""
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    async def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not queries.is_on or inside.get() == queries.serial:
            return await original(*args, **kwargs)
        query = _described(describe, args, kwargs)
        if query is None:
            return await original(*args, **kwargs)
        token = inside.set(queries.serial)
        started = clock()
        try:
            return await original(*args, **kwargs)
        finally:
            spent = clock() - started
            inside.reset(token)
            queries.add(query[0], query[1], spent, many=many)

    return call


def _described(describe: Describe, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Query | None:
    try:
        return describe(*args, **kwargs)
    except Exception:  # arguments that the driver will refuse, or that are new to us
        return None
