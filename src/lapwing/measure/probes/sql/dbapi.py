"""Any other driver of PEP 249 that the settings name: connections made by its `connect` count their queries.

Where the driver's classes can be changed, their methods are wrapped once. Classes of C cannot: their
connections and cursors are answered for by stand-ins, which are what the driver's own code does not take for
its objects where it looks at the C type.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.sql.asked import Query, asked
from lapwing.measure.probes.sql.queries import Queries

_IS_CHANGEABLE: Final = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_IS_IMMUTABLE: Final = 1 << 8
_ASKING: Final = {"execute": False, "executemany": True, "callproc": False}
_BY_THE_LANGUAGE: Final = (
    "__enter__",
    "__exit__",
    "__iter__",
    "__next__",
    "__len__",
    "__getitem__",
    "__call__",
)


def instrument(module: ModuleType, queries: Queries, made: Callable[[Patch], None]) -> None:
    """Count the queries of connections made from now on."""
    changes = _Changes(queries, made)
    original = module.connect

    @functools.wraps(original)
    def connect(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return changes.connection(original(*args, **kwargs))

    made(Patch(module, "connect", connect))


class _Changes:
    """What has been changed of one driver."""

    def __init__(self, queries: Queries, made: Callable[[Patch], None]) -> None:
        self._queries = queries
        self._made = made
        self._changed: set[tuple[type, str]] = set()

    def connection(self, connection: Any) -> Any:
        """`connection`, so that its cursors count; or a stand-in of it."""
        kind = type(connection)
        if not _can_change(kind):
            return _stand_in(connection, self._queries, self.cursor)
        if self._first(kind, "cursor"):
            original = kind.cursor

            @functools.wraps(original)
            def cursor(*args: Any, **kwargs: Any) -> Any:
                __tracebackhide__ = True
                return self.cursor(original(*args, **kwargs))

            self._made(Patch(kind, "cursor", cursor))
        self._wrap_asking(kind)
        return connection

    def cursor(self, cursor: Any) -> Any:
        """`cursor`, so that its queries count; or a stand-in of it."""
        kind = type(cursor)
        if not _can_change(kind):
            return _stand_in(cursor, self._queries, None)
        self._wrap_asking(kind)
        return cursor

    def _wrap_asking(self, kind: type) -> None:
        for name, many in _ASKING.items():
            if hasattr(kind, name) and self._first(kind, name):
                wrapped = asked(getattr(kind, name), self._queries, _DESCRIBE[name], many=many)
                self._made(Patch(kind, name, wrapped))

    def _first(self, kind: type, name: str) -> bool:
        is_first = (kind, name) not in self._changed
        self._changed.add((kind, name))
        return is_first


def _can_change(kind: type) -> bool:
    return bool(kind.__flags__ & _IS_CHANGEABLE) and not kind.__flags__ & _IS_IMMUTABLE


def _query(_: Any, operation: Any, *rest: Any, **named: Any) -> Query:
    return operation, rest[0] if rest else next(iter(named.values()), ())


def _procedure(_: Any, name: Any, *rest: Any, **named: Any) -> Query:
    return f"CALL {name}", rest[0] if rest else next(iter(named.values()), ())


_DESCRIBE: Final = {"execute": _query, "executemany": _query, "callproc": _procedure}


class _StandIn:
    """Answers for `_original`, to which everything goes but what is counted."""

    __slots__ = ("_original", "_own")

    def __init__(self, original: Any, own: dict[str, Any]) -> None:
        object.__setattr__(self, "_original", original)
        object.__setattr__(self, "_own", own)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What `isinstance` is told."""
        return type(self._original)

    def __getattr__(self, name: str) -> Any:
        own = self._own.get(name)
        return getattr(self._original, name) if own is None else own

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._original, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._original, name)

    def __repr__(self) -> str:
        return repr(self._original)

    def __eq__(self, other: object) -> bool:
        return self is other or bool(self._original == other)

    def __hash__(self) -> int:
        return hash(self._original)


_CLASSES: Final[dict[type, type[_StandIn]]] = {}


def _class_for(kind: type) -> type[_StandIn]:
    """A class of stand-ins that the language may ask for what it may ask of `kind`."""

    def forwarding(name: str) -> Callable[..., Any]:
        def call(self: Any, *args: Any) -> Any:
            __tracebackhide__ = True
            answer = getattr(self._original, name)(*args)
            return self if answer is self._original else answer

        return call

    known = _CLASSES.get(kind)
    if known is not None:
        return known
    asked_of_it = {name: forwarding(name) for name in _BY_THE_LANGUAGE if hasattr(kind, name)}
    made = _CLASSES[kind] = type(kind.__name__, (_StandIn,), {"__slots__": (), **asked_of_it})
    return made


def _stand_in(original: Any, queries: Queries, cursor: Callable[[Any], Any] | None) -> Any:
    """A stand-in of a connection (with `cursor`, by which its cursors count) or of a cursor."""
    own: dict[str, Any] = {}
    stand_in = _class_for(type(original))(original, own)

    def answering(method: Any) -> Any:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            answer = method(*args, **kwargs)
            return stand_in if answer is original else answer

        return call

    for name, many in _ASKING.items():
        method = getattr(original, name, None)
        if method is not None:
            describe = functools.partial(_DESCRIBE[name], None)
            own[name] = answering(asked(method, queries, describe, many=many))
    if cursor is not None:

        @functools.wraps(original.cursor)
        def make(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return cursor(original.cursor(*args, **kwargs))

        own["cursor"] = make
    return stand_in
