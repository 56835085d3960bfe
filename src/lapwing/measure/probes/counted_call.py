"""A built-in function, counted and timed, that behaves like a built-in function.

A Python function in its place would bind as a method where a class keeps the built-in as an
attribute (`nap = time.sleep`), and so change what a test does. This is no descriptor, and
answers for the original: class, name, text, pickle.
"""

from __future__ import annotations

from types import BuiltinFunctionType
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counters import Counters


class CountedCall:
    """Calls `original` and counts it as an event `name` with its time."""

    def __init__(self, original: Any, name: str, counters: Counters) -> None:
        self.__wrapped__ = original
        self.__name__ = original.__name__
        self.__qualname__ = original.__qualname__
        self.__module__ = original.__module__
        self.__doc__ = original.__doc__
        self._count = counters
        self._name = name
        self._clock = CLOCKS.wall

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The original's result."""
        __tracebackhide__ = True  # a failing call is shown at the line of the user
        counters = self._count
        if not counters.is_on:
            return self.__wrapped__(*args, **kwargs)
        clock = self._clock
        started = clock()
        try:
            return self.__wrapped__(*args, **kwargs)
        finally:
            entry = counters.counts[self._name]
            entry[0] += 1
            entry[1] += clock() - started

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What `isinstance` is told."""
        return BuiltinFunctionType

    @property
    def __self__(self) -> Any:
        """The module, as of any built-in function."""
        return self.__wrapped__.__self__

    @property
    def __text_signature__(self) -> Any:
        """For `inspect.signature`."""
        return getattr(self.__wrapped__, "__text_signature__", None)

    def __repr__(self) -> str:
        return repr(self.__wrapped__)

    def __eq__(self, other: object) -> bool:
        return self is other or other == self.__wrapped__

    def __hash__(self) -> int:
        return hash(self.__wrapped__)

    def __reduce__(self) -> str:
        return str(self.__name__)
