"""Real functions that leak and real ones that do not."""

import asyncio
import ctypes
import functools
import gc
import os
import sys
import threading
import time

import pytest

import lapwing
from lapwing.perftest.leaks import search_function

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the C library's heap is read on Linux")


def test_python_memory_that_is_kept_is_found_with_bytes_and_place():
    kept = []

    def leak():
        kept.append(bytes(100))

    result = lapwing.memory_leak_test(leak)

    assert (result.leak_detected, result.signal) == (True, "blocks")
    assert 100 < result.bytes_per_call < 220
    assert result.interval[0] <= result.bytes_per_call <= result.interval[1]
    assert result.place == f"{__file__}:{leak.__code__.co_firstlineno + 1}"
    assert any("memory blocks of Python grew" in each for each in result.evidence)


@linux_only
def test_memory_of_c_code_that_is_kept_is_found():
    pytest.importorskip("psutil")
    malloc = ctypes.CDLL(None).malloc
    malloc.argtypes, malloc.restype = [ctypes.c_size_t], ctypes.c_void_p

    result = lapwing.memory_leak_test(lambda: malloc(100) and None)

    assert (result.leak_detected, result.signal) == (True, "heap")
    assert 100 <= result.bytes_per_call < 150


@linux_only
def test_the_line_that_calls_c_code_that_leaks_is_named_where_memray_is_there():
    pytest.importorskip("psutil")
    pytest.importorskip("memray")
    allocate = ctypes.pythonapi.PyMem_RawMalloc  # calls malloc as an extension does, which memray sees
    allocate.argtypes, allocate.restype = [ctypes.c_size_t], ctypes.c_void_p

    def leak():
        allocate(100)

    result = lapwing.memory_leak_test(leak)

    assert result.place == f"{__file__}:{leak.__code__.co_firstlineno + 1}"
    assert any(f"below {result.place}" in each for each in result.evidence)


@linux_only
def test_under_memray_itself_a_leak_of_c_code_is_found_without_a_line(tmp_path):
    pytest.importorskip("psutil")
    memray = pytest.importorskip("memray")
    malloc = ctypes.CDLL(None).malloc
    malloc.argtypes, malloc.restype = [ctypes.c_size_t], ctypes.c_void_p

    with memray.Tracker(tmp_path / "followed.bin"):
        result = lapwing.memory_leak_test(lambda: malloc(100) and None)

    assert (result.signal, result.place) == ("heap", "")


def test_files_that_stay_open_are_found():
    opened = []
    try:
        result = lapwing.memory_leak_test(
            lambda: opened.append(os.open(os.devnull, os.O_RDONLY)), iterations=20
        )
    finally:
        for each in opened:
            os.close(each)

    assert (result.leak_detected, result.signal, result.per_call) == (True, "files", 1.0)


def test_what_a_cache_keeps_until_it_is_full_is_no_leak():
    numbers = iter(range(10**9))
    cached = functools.lru_cache(maxsize=256)(lambda number: bytes(200))

    result = lapwing.memory_leak_test(lambda: cached(next(numbers)))

    assert (result.leak_detected, result.signal, result.bytes_per_call) == (False, None, 0.0)


def test_cycles_that_are_collected_are_no_leak():
    def cycle():
        one = []
        one.append(one)

    assert not lapwing.memory_leak_test(cycle).leak_detected


@pytest.fixture
def untraced_threads():
    """A tool for coverage keeps something of each thread that it traces."""
    tool = threading.gettrace()
    threading.settrace(None)
    yield
    threading.settrace(tool)


@pytest.mark.usefixtures("untraced_threads")
def test_threads_that_end_are_no_leak():
    def start():
        thread = threading.Thread(target=time.sleep, args=(0,))
        thread.start()
        thread.join()

    assert not lapwing.memory_leak_test(start, iterations=20).leak_detected


def test_coroutine_functions_are_awaited_with_and_without_a_loop():
    kept = []

    async def leak():
        kept.append(bytes(100))

    async def inside():
        return await lapwing.memory_leak_test(leak)

    assert lapwing.memory_leak_test(leak).leak_detected
    assert asyncio.run(inside()).leak_detected


def test_an_error_of_the_function_comes_through():
    with pytest.raises(ZeroDivisionError):
        lapwing.memory_leak_test(lambda: 1 / 0)


@pytest.mark.parametrize("wrong", [0, "9", 2.5])
def test_what_is_no_number_of_calls_is_refused(wrong):
    with pytest.raises(ValueError, match=f"iterations is a whole number of at least 1, not {wrong!r}"):
        lapwing.memory_leak_test(len, iterations=wrong)


@pytest.mark.usefixtures("nothing_frozen")
def test_what_a_search_sets_aside_from_the_collector_is_given_back():
    gc.collect()
    frozen = gc.get_freeze_count()  # Python 3.12 sets immortal objects aside as it collects

    search_function(lambda: None, 20)

    assert gc.get_freeze_count() <= frozen
