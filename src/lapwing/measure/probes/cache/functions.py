"""functools.lru_cache and functools.cache on functions of the project.

They count themselves: nothing is patched, and they are only read. They are found by one look
through all objects (some 25 ms) when a test that wants caches begins and modules have come.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from lapwing.measure.probes.cache.lookups import Lookups


def instrument(module: ModuleType, lookups: Lookups, made: Callable[[Any], None]) -> None:
    """Have them read."""
    lookups.read_functions(module._lru_cache_wrapper)
