"""MongoDB through pymongo: its command listener, which clients made from now on have."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from lapwing.measure.probes.sql.queries import Queries

COMMANDS: Final = "mongo_commands"


class _Registered:
    """A listener in pymongo's global list, with the manners of a patch."""

    def __init__(self, module: ModuleType, listener: Any) -> None:
        self._listeners: list[Any] = module._LISTENERS.command_listeners
        self._listener = listener
        module.register(listener)

    def restore(self) -> None:
        """Listen no more to clients made from now on; those that exist tell us, and we count nothing."""
        if self._listener in self._listeners:
            self._listeners.remove(self._listener)


def instrument(module: ModuleType, queries: Queries, made: Callable[[Any], None]) -> None:
    """Count commands with the time until their answer."""

    class Listener(module.CommandListener):  # type: ignore[misc, name-defined]
        def started(self, event: Any) -> None:
            pass

        def succeeded(self, event: Any) -> None:
            if queries.is_on:
                queries.counters.add(COMMANDS, event.duration_micros * 1000)

        failed = succeeded

    made(_Registered(module, Listener()))
