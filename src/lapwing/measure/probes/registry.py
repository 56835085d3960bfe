"""The probes there are, by name. Each is imported when it is first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from lapwing.measure.probes.counters import Counters

if TYPE_CHECKING:
    from lapwing.measure.probes.probe import Probe

PROBES: Final = {
    "sleep": ("lapwing.measure.probes.sleep", "SleepProbe"),
    "subprocess": ("lapwing.measure.probes.subprocess", "SubprocessProbe"),
    "socket": ("lapwing.measure.probes.socket", "SocketProbe"),
    "file": ("lapwing.measure.probes.file", "FileProbe"),
    "thread": ("lapwing.measure.probes.threads", "ThreadsProbe"),
}
"""Where each probe lives: module and class."""


def make_probes(names: Collection[str], counters: Counters) -> list[Probe]:
    """The probes called `names`, not yet installed; names that no probe has are passed over."""
    return [
        getattr(importlib.import_module(PROBES[name][0]), PROBES[name][1])(counters)
        for name in PROBES
        if name in names
    ]
