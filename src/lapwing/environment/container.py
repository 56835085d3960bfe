"""Limits that a container (a control group of Linux, version 2 or 1) puts on this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lapwing.environment.text_files import read_text
from lapwing.model.value import Value


class ContainerLimits(Value):
    """What is granted; None for no limit, or none known."""

    cpus: float | None = None  # processors, such as 1.5
    memory_bytes: int | None = None


# Version 1 writes "no limit" as the largest multiple of a page that fits 63 bits.
_NO_MEMORY_LIMIT: Final = 1 << 60

_LIMITING: Final = frozenset({"", "cpu", "memory"})  # controllers that we read; "" is version 2


def read_limits(system_root: Path = Path("/")) -> ContainerLimits:
    """The tightest limits of the control groups around this process. Never raises.

    `system_root` is the folder that holds `proc` and `sys`. Of nested groups the tightest counts.
    """
    groups = f"{system_root}/sys/fs/cgroup"
    memberships = _memberships(f"{system_root}/proc/self/cgroup")
    cpus: list[float] = []
    sizes: list[int] = []
    for controllers, path in memberships:
        for folder in _group_folders(groups, controllers, path):
            cpus += _cpus_v1(folder) if controllers else _cpus_v2(folder)
            sizes += _integers(f"{folder}/{'memory.limit_in_bytes' if controllers else 'memory.max'}")
    return ContainerLimits(
        cpus=min(cpus, default=None),
        memory_bytes=min((size for size in sizes if size < _NO_MEMORY_LIMIT), default=None),
    )


def _memberships(file: str) -> list[tuple[str, str]]:
    """(controllers, path of the group): controllers are "" for version 2, else `cpu,cpuacct`."""
    rows = [line.split(":", 2) for line in read_text(file).splitlines()]
    return [(row[1], row[2]) for row in rows if len(row) == 3 and _LIMITING & set(row[1].split(","))]


def _group_folders(groups: str, controllers: str, path: str) -> Iterator[str]:
    """The group's folder and those around it, up to the mount.

    A container may see its group as the mount itself while `path` still names it from outside.
    """
    names = [name for name in path.split("/") if name]
    if ".." in names:
        names = []
    mount = f"{groups}/{controllers}" if controllers else groups
    for depth in range(len(names), -1, -1):
        yield "/".join((mount, *names[:depth]))


def _cpus_v2(folder: str) -> list[float]:
    """`cpu.max` is `QUOTA PERIOD` in microseconds, with `max` for no quota."""
    numbers = _integers(f"{folder}/cpu.max")
    return [numbers[0] / numbers[1]] if len(numbers) == 2 and min(numbers) > 0 else []


def _cpus_v1(folder: str) -> list[float]:
    """A quota of -1 is none."""
    quota = _integers(f"{folder}/cpu.cfs_quota_us")
    period = _integers(f"{folder}/cpu.cfs_period_us")
    return [quota[0] / period[0]] if quota and period and quota[0] > 0 and period[0] > 0 else []


def _integers(file: str) -> list[int]:
    try:
        return [int(word) for word in read_text(file).split()]
    except ValueError:  # "max"
        return []
