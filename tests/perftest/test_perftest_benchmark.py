"""Measuring real functions: what a result holds, and what is left as it was."""

import asyncio
import cProfile
import gc
import tracemalloc

import pytest

from lapwing.perftest.benchmark import measure_coroutines, measure_function, measured_block, records_of
from lapwing.perftest.memory_pass import MemoryMethod
from lapwing.perftest.results import result_of
from lapwing.perftest.sampling import Plan

FEW = Plan(iterations=3)


def test_a_function_is_called_as_often_as_asked_and_as_memory_needs():
    calls = []

    measured = measure_function(lambda: calls.append(1), FEW)

    assert len(calls) == 1 + 3 + len(measured.memory.peak_bytes)
    assert measured.memory.method is MemoryMethod.TRACED


def test_without_memory_nothing_is_called_besides():
    calls = []

    measured = measure_function(lambda: calls.append(1), FEW, with_memory=False)

    assert len(calls) == 4
    assert tuple(result_of(measured, "append", {}).memory) == (None, None, None, "none")


def test_the_memory_that_a_call_holds_is_found():
    result = result_of(measure_function(lambda: bytes(3_000_000), FEW), "bytes", {})

    assert result.memory.peak == pytest.approx(3.0, rel=0.05)
    assert result.memory.method == "traced"


def test_memory_that_somebody_else_traces_is_left_alone():
    tracemalloc.start()
    try:
        measured = measure_function(lambda: bytes(10), FEW)
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()

    assert measured.memory.method is not MemoryMethod.TRACED


def test_a_coroutine_function_is_awaited():
    calls = []

    async def work():
        await asyncio.sleep(0)
        calls.append(1)

    measured = asyncio.run(measure_coroutines(work, FEW, with_memory=False))

    assert len(calls) == 4
    assert len(measured.samples.wall_ns) == 3


@pytest.mark.usefixtures("nothing_frozen")
@pytest.mark.parametrize("was_enabled", [True, False])
def test_the_garbage_collector_is_as_before_even_where_the_function_fails(was_enabled):
    gc.collect()
    frozen = gc.get_freeze_count()  # Python 3.12 sets immortal objects aside as it collects
    (gc.enable if was_enabled else gc.disable)()
    try:
        with pytest.raises(ZeroDivisionError):
            measure_function(lambda: 1 / 0, FEW)

        assert gc.isenabled() is was_enabled
        assert gc.get_freeze_count() <= frozen
    finally:
        gc.enable()


def test_the_collector_rests_while_samples_are_taken():
    states = []

    measure_function(lambda: states.append(gc.isenabled()), FEW, with_memory=False)

    assert states == [False] * 4


def profile_inside():
    with cProfile.Profile():
        sum(range(10))


def test_a_profiler_inside_the_function_works_and_is_told():
    measured = measure_function(profile_inside, FEW, with_memory=False)

    assert measured.is_profiled
    assert result_of(measured, "sum", {}).profiled
    assert [each.name for each in records_of(measured, "sum", "a.py::t", {})] == ["sum (profiled)"] * 2
    assert not measure_function(lambda: sum(range(10)), FEW, with_memory=False).is_profiled


def test_a_profiler_around_the_function_is_told():
    with cProfile.Profile() as profiler:
        measured = measure_function(lambda: sum(range(10)), FEW, with_memory=False)

    assert measured.is_profiled
    assert profiler.getstats()


def test_a_block_is_one_sample():
    taken = []

    with measured_block(taken.append):
        sum(range(100))

    (measured,) = taken
    assert (len(measured.samples.wall_ns), measured.samples.loops) == (1, 1)


def test_a_block_that_fails_is_not_taken():
    taken = []

    with pytest.raises(ZeroDivisionError), measured_block(taken.append):
        _ = 1 / 0

    assert taken == []


def test_figures_agree_with_the_samples():
    result = result_of(measure_function(lambda: sum(range(500)), Plan(iterations=40)), "sum", {"n": "500"})
    duration = result.duration

    assert duration.min <= duration.median <= duration.p95 <= duration.p99 <= duration.max
    assert duration.mean == pytest.approx(sum(result.samples) / 40)
    assert duration.interval[0] <= duration.median <= duration.interval[1]
    assert (result.iterations, result.metadata) == (40, {"n": "500"})
    assert result["duration"]["p95"] == duration.p95
    assert result.as_dict()["cpu"]["percent"] == result.cpu.percent


def test_a_figure_that_is_not_there_is_a_key_error():
    result = result_of(measure_function(lambda: None, FEW), "nothing", {})

    with pytest.raises(KeyError, match="durations"):
        result["durations"]
