"""The machine that runs the tests, as far as it decides how fast they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from lapwing.environment.container import read_limits
from lapwing.environment.text_files import read_text
from lapwing.model.run import Machine

_NAMES = ("model name", "cpu model", "cpu")
_TELLING = frozenset((*_NAMES, "cpu implementer", "cpu part"))
_BEGINNING_BYTES = 4096  # the first processor of many; the whole file is long on large machines


def read_machine(system_root: Path = Path("/")) -> Machine:
    """The facts of this machine; what is not known is empty or 0. Never raises.

    `system_root` is the folder that holds `proc` and `sys`, on Linux.
    """
    system, hostname, kernel, processor = _names()
    limits = read_limits(system_root)
    return Machine(
        cpu_model=cpu_model_in(read_text(f"{system_root}/proc/cpuinfo", most_bytes=_BEGINNING_BYTES))
        or _cpu_model_elsewhere()
        or processor,
        cores=_usable_cores(),
        memory_bytes=memory_in(read_text(f"{system_root}/proc/meminfo", most_bytes=_BEGINNING_BYTES))
        or _memory_elsewhere(),
        system=system,
        kernel=kernel,
        cpu_limit=limits.cpus,
        memory_limit_bytes=limits.memory_bytes,
        hostname=hostname,
    )


def cpu_model_in(cpuinfo: str) -> str:
    """The processor's name in the text of /proc/cpuinfo, "" if there is none.

    ARM gives numbers instead of a name: `implementer 0x41 part 0xd0c`.
    """
    facts: dict[str, str] = {}
    for line in cpuinfo.partition("\n\n")[0].splitlines():  # of one processor
        key, _, value = line.partition(":")
        key = key.strip().lower()
        if key in _TELLING:
            facts.setdefault(key, value.strip())
    for key in _NAMES:
        if facts.get(key):
            return " ".join(facts[key].split())
    numbers = ((key, facts.get(f"cpu {key}")) for key in ("implementer", "part"))
    return " ".join(f"{key} {value}" for key, value in numbers if value)


def memory_in(meminfo: str) -> int:
    """Bytes of memory in the text of /proc/meminfo, 0 if it does not say."""
    for line in meminfo.splitlines():
        key, _, value = line.partition(":")
        words = value.split()
        if key == "MemTotal" and words and words[0].isdigit():
            return int(words[0]) * 1024
    return 0


def _names() -> tuple[str, str, str, str]:
    """System, host name, kernel release, kind of processor."""
    if hasattr(os, "uname"):
        names = os.uname()
        return names.sysname, names.nodename, names.release, names.machine
    import platform

    uname = platform.uname()
    return uname.system, uname.node, uname.version, uname.processor or uname.machine


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        try:
            return len(os.sched_getaffinity(0))
        except OSError:
            pass
    return os.cpu_count() or 0


def _cpu_model_elsewhere() -> str:
    if sys.platform != "darwin":
        return ""
    import subprocess

    command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=2, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode("utf-8", "replace").strip()


def _memory_elsewhere() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0
