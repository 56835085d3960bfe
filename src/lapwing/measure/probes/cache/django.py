"""Django's caches: `get` and `get_many` of the backends that it brings.

A value that is None is found. What a backend asks below (a database, Redis) is part of the lookup.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.cache.lookups import Lookups
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.patch import Patch

_CLASSES: Final = ("LocMemCache", "FileBasedCache", "DatabaseCache", "RedisCache", "BaseMemcachedCache")
_MISSING: Final = object()


def instrument(module: ModuleType, lookups: Lookups, made: Callable[[Patch], None]) -> None:
    """Count lookups of all caches, those that exist already included."""
    for name in _CLASSES:
        owner = vars(module).get(name)
        if owner is not None:
            made(Patch(owner, "get", _get(owner.get, lookups)))
            if "get_many" in vars(owner):
                made(Patch(owner, "get_many", _get_many(owner.get_many, lookups)))


def _get(original: Any, lookups: Lookups) -> Any:
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    def get(self: Any, key: Any, default: Any = None, version: Any = None) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial:
            return original(self, key, default, version)
        token = inside.set(lookups.serial)
        started = clock()
        try:
            value = original(self, key, _MISSING, version)
        finally:
            spent = clock() - started
            inside.reset(token)
        lookups.add(value is not _MISSING, value is _MISSING, spent)
        return default if value is _MISSING else value

    return get


def _get_many(original: Any, lookups: Lookups) -> Any:
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    def get_many(self: Any, keys: Any, version: Any = None) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial:
            return original(self, keys, version)
        keys = list(keys)
        token = inside.set(lookups.serial)
        started = clock()
        try:
            found = original(self, keys, version)
        finally:
            spent = clock() - started
            inside.reset(token)
        lookups.add(len(found), len(keys) - len(found), spent)
        return found

    return get_many
