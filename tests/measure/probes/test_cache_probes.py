"""Lookups in caches: found or not, in each library's own way."""

import functools
import gc
from pathlib import Path

import cachetools
import django
import django.conf
import pytest


@functools.lru_cache
def doubled(number):
    return 2 * number


def test_caches_of_own_functions_are_read_by_test(counted):
    doubled.cache_clear()

    assert counted(lambda: [doubled(1), doubled(1), doubled(2)]) == {"cache_hits": 1, "cache_misses": 2}
    assert counted(lambda: [doubled(1)]) == {"cache_hits": 1}
    assert counted(lambda: None) == {}


class Till:
    @functools.lru_cache  # noqa: B019, it lives as long as the tests
    def sum_of(self, number):
        return 2 * number


@pytest.mark.parametrize("is_frozen", [True, False])
def test_a_cache_that_somebody_set_aside_from_the_collector_is_read(counted, is_frozen):
    gc.unfreeze()
    if is_frozen:
        gc.freeze()
    doubled.cache_clear()
    Till.sum_of.cache_clear()

    try:
        assert counted(lambda: [doubled(7), Till().sum_of(1)]) == {"cache_misses": 2}
    finally:
        gc.freeze()


def test_a_cache_that_is_cleared_in_a_test_counts_from_there(counted):
    doubled.cache_clear()
    doubled(1)
    doubled(1)

    def act():
        doubled.cache_clear()
        doubled(1)

    assert counted(act) == {"cache_misses": 1}


class Computing(cachetools.LRUCache):
    def __missing__(self, key):
        self[key] = key
        return key


@pytest.mark.parametrize(
    "cache",
    [
        cachetools.Cache(9),
        cachetools.FIFOCache(9),
        cachetools.LRUCache(9),
        cachetools.LFUCache(9),
        cachetools.RRCache(9),
        cachetools.TTLCache(9, 60),
        Computing(9),
    ],
    ids=lambda cache: type(cache).__name__,
)
def test_lookups_in_cachetools_count(counted, cache):
    def act():
        assert cache.get("a") is None
        cache["a"] = 1
        assert cache["a"] == 1
        assert cache.get("a") == 1
        if not isinstance(cache, Computing):
            with pytest.raises(KeyError):
                cache["b"]
        else:
            assert cache["b"] == "b"

    assert counted(act) == {"cache_hits": 2, "cache_misses": 2}


def test_a_function_cached_by_cachetools_counts(counted):
    cached = cachetools.cached(cachetools.LRUCache(9))(lambda number: number)

    assert counted(lambda: [cached(1), cached(1), cached(1)]) == {"cache_hits": 2, "cache_misses": 1}


@pytest.fixture(scope="module")
def django_caches(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    backend = "django.core.cache.backends"
    if not django.conf.settings.configured:
        django.conf.settings.configure()
    from django.core.cache import CacheHandler

    return CacheHandler(
        {
            "locmem": {"BACKEND": f"{backend}.locmem.LocMemCache"},
            "file": {"BACKEND": f"{backend}.filebased.FileBasedCache", "LOCATION": str(Path(folder))},
        }
    )


@pytest.mark.parametrize("name", ["locmem", "file"])
def test_lookups_in_a_cache_of_django_count(counted, django_caches, name):
    cache = django_caches[name]

    def act():
        assert cache.get("a", "default") == "default"
        cache.set("a", None)
        assert cache.get("a", "default") is None
        assert cache.get_many(["a", "b"]) == {"a": None}
        assert cache.get_or_set("a", 1) is None

    counts = counted(act)

    assert counts == {"cache_hits": 3, "cache_misses": 2}


def test_removed_everything_is_as_it_was(libraries):
    from django.core.cache.backends.locmem import LocMemCache

    during = [cachetools.LRUCache.__getitem__, cachetools.Cache.get, LocMemCache.get]

    libraries.remove()

    after = [cachetools.LRUCache.__getitem__, cachetools.Cache.get, LocMemCache.get]
    assert after == [each.__wrapped__ for each in during]
