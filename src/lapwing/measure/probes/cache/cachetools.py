"""cachetools: each class has its own way to look up, and each is wrapped."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from lapwing.measure.probes.cache.lookups import Lookups
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.patch import Patch


def instrument(module: ModuleType, lookups: Lookups, made: Callable[[Patch], None]) -> None:
    """Count lookups of all caches, those that exist already included."""
    classes: list[Any] = [each for each in vars(module).values() if isinstance(each, type)]
    for owner in classes:
        if issubclass(owner, module.Cache):
            if "__getitem__" in vars(owner):
                made(Patch(owner, "__getitem__", _item(owner.__getitem__, lookups)))
            if "get" in vars(owner):
                made(Patch(owner, "get", _get(owner.get, lookups)))


def _item(original: Any, lookups: Lookups) -> Any:
    inside = INSIDE

    @functools.wraps(original)
    def getitem(self: Any, key: Any, *rest: Any) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial:
            return original(self, key, *rest)
        is_there = key in self
        token = inside.set(lookups.serial)
        try:
            return original(self, key, *rest)
        finally:
            inside.reset(token)
            lookups.add(is_there, not is_there)

    return getitem


def _get(original: Any, lookups: Lookups) -> Any:
    inside = INSIDE

    @functools.wraps(original)
    def get(self: Any, key: Any, *rest: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial or key in self:
            return original(self, key, *rest, **kwargs)  # what is there is looked up, and counted there
        token = inside.set(lookups.serial)
        try:
            return original(self, key, *rest, **kwargs)
        finally:
            inside.reset(token)
            lookups.add(0, 1)

    return get
