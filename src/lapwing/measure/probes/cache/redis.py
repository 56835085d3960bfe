"""Redis: commands, those of pipelines included, and whether what was asked for was there."""

import functools
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.cache.lookups import Lookups
from lapwing.measure.probes.inside import INSIDE
from lapwing.measure.probes.patch import Patch

COMMANDS: Final = "redis_commands"

_ONE: Final = frozenset({"GET", "GETEX", "HGET"})
_MANY: Final = frozenset({"MGET", "HMGET"})


def instrument(module: ModuleType, lookups: Lookups, made: Callable[[Patch], None]) -> None:
    """Count the commands of all clients, those that exist already included."""
    is_async = module.__name__ == "redis.asyncio.client"
    client, pipeline = module.Redis, module.Pipeline
    if is_async:
        made(Patch(client, "execute_command", _command_async(client.execute_command, lookups)))
        made(Patch(pipeline, "execute", _pipeline_async(pipeline.execute, lookups)))
    else:
        made(Patch(client, "execute_command", _command(client.execute_command, lookups)))
        made(Patch(pipeline, "execute", _pipeline(pipeline.execute, lookups)))


def _command(original: Any, lookups: Lookups) -> Any:
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    def execute_command(self: Any, *args: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial:
            return original(self, *args, **options)
        token = inside.set(lookups.serial)
        started = clock()
        answers: list[Any] = []
        try:
            answers.append(original(self, *args, **options))
            return answers[0]
        finally:
            spent = clock() - started
            inside.reset(token)
            _count(lookups, [args], answers, spent)

    return execute_command


def _command_async(original: Any, lookups: Lookups) -> Any:
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    async def execute_command(self: Any, *args: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial:
            return await original(self, *args, **options)
        token = inside.set(lookups.serial)
        started = clock()
        answers: list[Any] = []
        try:
            answers.append(await original(self, *args, **options))
            return answers[0]
        finally:
            spent = clock() - started
            inside.reset(token)
            _count(lookups, [args], answers, spent)

    return execute_command


def _pipeline(original: Any, lookups: Lookups) -> Any:
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    def execute(self: Any, *args: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial:
            return original(self, *args, **options)
        commands = _queued(self)
        token = inside.set(lookups.serial)
        started = clock()
        answers: list[Any] = []
        try:
            answers = original(self, *args, **options)
            return answers
        finally:
            spent = clock() - started
            inside.reset(token)
            _count(lookups, commands, answers, spent)

    return execute


def _pipeline_async(original: Any, lookups: Lookups) -> Any:
    clock, inside = CLOCKS.wall, INSIDE

    @functools.wraps(original)
    async def execute(self: Any, *args: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        if not lookups.is_on or inside.get() == lookups.serial:
            return await original(self, *args, **options)
        commands = _queued(self)
        token = inside.set(lookups.serial)
        started = clock()
        answers: list[Any] = []
        try:
            answers = await original(self, *args, **options)
            return answers
        finally:
            spent = clock() - started
            inside.reset(token)
            _count(lookups, commands, answers, spent)

    return execute


def _queued(pipeline: Any) -> list[Any]:
    return [command[0] for command in pipeline.command_stack]


def _count(lookups: Lookups, commands: list[Any], answers: Iterable[Any], spent: int) -> None:
    """Count `commands`, and what those that ask for values found; a failed one has no answer."""
    if not commands:
        return
    lookups.counters.add(COMMANDS, spent, len(commands))
    hits = misses = 0
    for command, answer in zip(commands, answers, strict=False):
        name = str(command[0]).upper() if command else ""
        if name in _ONE:
            values = [answer]
        elif name in _MANY and isinstance(answer, list):
            values = answer
        else:
            continue
        found = sum(value is not None and not isinstance(value, Exception) for value in values)
        hits += found
        misses += len(values) - found
    lookups.add(hits, misses)
