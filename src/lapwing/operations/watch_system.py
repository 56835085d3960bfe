"""Watch the machine while a suite runs, and say what was too much."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from lapwing.config.root import home_path
from lapwing.config.settings import Settings
from lapwing.errors import StoreError
from lapwing.measure.system_reading import read_system
from lapwing.measure.system_watching import Watching
from lapwing.model.alert import AlertLevel, CauseKind, Condition
from lapwing.model.run import Run
from lapwing.model.system_watch import SystemReading, SystemWatch
from lapwing.store.system_file import FILE_NAME, read_system_watch, write_system_watch
from lapwing.units import format_duration, format_share, format_size

_RECOVERY: Final = 0.8
"""Share of a limit below which it is clearly kept again."""


def watching(settings: Settings, process: int) -> Watching:
    """A watch over the machine and, where it has a limit, over the tree of `process`."""
    tree_of = process if settings.process_tree_bytes else None
    read: Callable[[], SystemReading] = lambda: read_system(tree_of=tree_of)  # noqa: E731
    return Watching(read, settings.system_cpu_limit)


def keep_watch(settings: Settings, watch: SystemWatch | None) -> None:
    """Keep what was seen for `lapwing notify`. Where it cannot be kept, nothing is told of the machine."""
    if watch is not None and home_path(settings.root).is_dir():
        with suppress(StoreError):
            write_system_watch(_path(settings.root), watch)


def watch_of(settings: Settings, run: Run) -> SystemWatch | None:
    """What was seen while this run was made; None for a run that `lapwing run` did not watch."""
    watch = read_system_watch(_path(settings.root))
    if watch is None or not watch.began_at_ns <= run.started_at_ns <= watch.ended_at_ns:
        return None
    return watch


def system_conditions(settings: Settings, run: Run) -> Iterator[Condition]:
    """What was too much while this run was made; nothing for a run that `lapwing run` did not watch."""
    watch = watch_of(settings, run)
    if watch is None:
        return
    if watch.least_available_share is not None and settings.system_memory_limit:
        limit, least = settings.system_memory_limit, watch.least_available_share
        yield _condition(
            "memory",
            is_over=least < limit,
            is_clear=least > min(1.0, limit / _RECOVERY),
            title=f"Little memory: {format_share(least)} left",
            body=f"At one moment {format_share(least)} of the memory was left, under {format_share(limit)}.",
        )
    if watch.swap_growth_bytes is not None:
        growth = watch.swap_growth_bytes
        yield _condition(
            "swap",
            is_over=growth > settings.system_swap_bytes,
            is_clear=growth <= _RECOVERY * settings.system_swap_bytes,
            title=f"Swapping: {format_size(growth)} more",
            body=f"{format_size(growth)} went to swap while the tests ran: their times are not worth much.",
        )
    if settings.system_cpu_ns:
        longest = watch.busiest_ns
        yield _condition(
            "processors",
            is_over=longest >= settings.system_cpu_ns,
            is_clear=longest < _RECOVERY * settings.system_cpu_ns,
            title=f"Processors busy for {format_duration(longest)}",
            body=f"For {format_duration(longest)} they were busy to over "
            f"{format_share(settings.system_cpu_limit)}.",
        )
    if watch.most_tree_bytes is not None and settings.process_tree_bytes:
        most = watch.most_tree_bytes
        yield _condition(
            "process tree",
            is_over=most > settings.process_tree_bytes,
            is_clear=most < _RECOVERY * settings.process_tree_bytes,
            title=f"The tests took {format_size(most)}",
            body=f"All processes together held {format_size(most)} "
            f"(limit: {format_size(settings.process_tree_bytes)}).",
        )


def _condition(subject: str, *, is_over: bool, is_clear: bool, title: str, body: str) -> Condition:
    level = AlertLevel.WARNING if is_over else None
    return Condition(CauseKind.SYSTEM, subject, "", level, not is_over and is_clear, title, body)


def _path(root: Path) -> Path:
    return home_path(root) / FILE_NAME
