"""What is given to be measured, and runs nothing when it is called, is refused in place of being measured."""

import asyncio
import contextlib
import functools
from unittest.mock import Mock

import pytest

from lapwing import benchmark_test, database_performance_test, memory_leak_test, performance_test, stress_test
from lapwing.api.perf import Perf
from lapwing.perftest.callee import is_async


def rows():
    yield 1


async def streamed():
    yield 1


async def awaited():
    await asyncio.sleep(0)


class AwaitedObject:
    """Called like an async function."""

    async def __call__(self, *args):
        await asyncio.sleep(0)


class Rows:
    """Called like a generator function."""

    def __call__(self):
        yield 1


@contextlib.contextmanager
def managed():
    yield


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (awaited, True),
        (functools.partial(awaited), True),
        (AwaitedObject(), True),
        (functools.partial(AwaitedObject(), 1), True),
        (AwaitedObject, False),
        (managed, False),
        (len, False),
        (Mock(), False),
    ],
)
def test_what_is_awaited_is_known_before_it_is_called(function, expected):
    assert is_async(function) is expected


MEASURES = [
    benchmark_test,
    memory_leak_test,
    database_performance_test,
    stress_test,
    lambda function: Perf().compare(function, function),
    performance_test(name="decorator"),
]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("function", [rows, functools.partial(rows), Rows(), streamed])
def test_a_generator_function_is_refused(measure, function):
    with pytest.raises(TypeError, match=r"gives a generator, of which nothing has run: .*list\("):
        measure(function)


@pytest.mark.parametrize("measure", MEASURES)
def test_what_cannot_be_called_is_refused(measure):
    with pytest.raises(TypeError, match="42 cannot be called: give the function itself"):
        measure(42)


@pytest.mark.parametrize(
    "measure", [benchmark_test, memory_leak_test, lambda function: Perf().compare(function, function)]
)
@pytest.mark.parametrize(
    ("function", "told"), [(lambda: awaited(), "the coroutine awaited"), (lambda: rows(), "calling rows")]
)
@pytest.mark.filterwarnings("error")
def test_a_function_whose_call_gave_something_unrun_is_refused(measure, function, told):
    with pytest.raises(TypeError, match=told):
        measure(function)


def test_a_call_that_gives_something_unrun_fails_under_stress():
    result = stress_test(lambda: rows(), {"max_load": 1, "step_duration": 1, "ramp_up_seconds": 0})

    (step,) = result.steps
    assert step.failures == step.requests
    assert "calling rows gives a generator" in next(iter(step.errors))


def test_async_functions_are_compared_in_a_loop_of_their_own():
    loops = []

    async def noted():
        loops.append(asyncio.get_running_loop())
        await asyncio.sleep(0)

    compared = Perf().compare(noted, lambda: sum(range(100)), pairs=10)

    assert len(compared.pairs) == 10
    assert len(set(loops)) == 1
    assert len(loops) >= 10 * compared.loops[0]
    assert loops[0].is_closed()


def test_async_functions_are_not_compared_where_a_loop_runs():
    async def test():
        Perf().compare(awaited, awaited)

    with pytest.raises(RuntimeError, match="in a test that is not async"):
        asyncio.run(test())


def test_a_class_of_tests_is_not_decorated_as_one_test():
    with pytest.raises(TypeError, match="TestAll is a class: decorate its methods"):

        @performance_test
        class TestAll:
            pass
