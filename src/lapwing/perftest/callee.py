"""What is given to be called: whether calling it runs it, or gives something that still has to be run.

A generator function does nothing when it is called. Its time would be that of making a generator, and a
leak in it would never be seen.
"""

import asyncio
import functools
import inspect
from collections.abc import Callable
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling `function` gives something to await.

    Raises TypeError for what cannot be called, and for generator functions, which run nothing when called.
    """
    if not callable(function):
        raise TypeError(f"{function!r} cannot be called: give the function itself, not what it gave")
    inner = function.func if isinstance(function, functools.partial) else function
    called = inner if inspect.isroutine(inner) or isinstance(inner, type) else type(inner).__call__
    if inspect.isgeneratorfunction(called) or inspect.isasyncgenfunction(called):
        raise TypeError(_unrun(getattr(inner, "__name__", type(inner).__name__), "generator"))
    return inspect.iscoroutinefunction(called) or inspect.iscoroutinefunction(inspect.unwrap(inner))


def is_loop_running() -> bool:
    """Whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def call_that_runs(function: Callable[[], object]) -> object:
    """Call `function`, which is none that `is_async` knows. Raises TypeError where it gave a coroutine or
    a generator, of which nothing has run yet."""
    given = function()
    if isinstance(given, CoroutineType):
        given.close()
        raise TypeError(_unrun(given.__name__, "coroutine"))
    if isinstance(given, GeneratorType | AsyncGeneratorType):
        raise TypeError(_unrun(given.__name__, "generator"))
    return given


def _unrun(name: str, kind: str) -> str:
    if kind == "coroutine":
        return f"a call gave the coroutine {name}, of which nothing has run: give the async function itself"
    return (
        f"calling {name} gives a generator, of which nothing has run: "
        f"give a function that goes through it, such as lambda: list({name}())"
    )
