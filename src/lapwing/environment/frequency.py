"""What on this machine makes times vary: for people who want to know why measurements are noisy."""

import os
import time
from pathlib import Path
from typing import Final

from lapwing.environment.container import read_limits
from lapwing.environment.text_files import read_text
from lapwing.model.value import Value

_COARSE_CLOCK_S: Final = 1e-6
_BUSY_SHARE: Final = 0.5  # load per processor from which others visibly stretch our tests
_GOVERNORS_OF_FULL_SPEED: Final = frozenset({"performance", "userspace"})


class Disturbance(Value):
    """One thing that disturbs measurements, in sentences for people."""

    what: str
    why_it_matters: str
    mend: str


def read_disturbances(system_root: Path = Path("/")) -> list[Disturbance]:
    """What disturbs measurements here, as far as it can be seen. Never raises.

    `system_root` is the folder that holds `proc` and `sys`, on Linux; elsewhere only the clock
    and the load are looked at.
    """
    cpus = system_root / "sys/devices/system/cpu"
    found = (
        _load(system_root),
        _governor(cpus),
        _turbo(cpus),
        _heat(cpus),
        _container_throttling(system_root),
        coarse_clock(time.get_clock_info("perf_counter").resolution),
    )
    return [each for each in found if each is not None]


def coarse_clock(resolution_s: float) -> Disturbance | None:
    """The disturbance of a clock with steps of `resolution_s` seconds, None if they are small."""
    if resolution_s <= _COARSE_CLOCK_S:
        return None
    return Disturbance(
        what=f"The clock moves in steps of {resolution_s * 1e6:.0f} µs.",
        why_it_matters="Shorter times read as zero or as one step.",
        mend="Judge short tests by benchmarks that repeat them.",
    )


def _load(system_root: Path) -> Disturbance | None:
    words = _read(system_root / "proc/loadavg").split()
    try:
        load = float(words[0]) if words else os.getloadavg()[0]
        runnable = int(words[3].split("/")[0]) - 1 if len(words) > 3 else None  # without ourselves
    except (AttributeError, OSError, ValueError):
        return None
    cores = os.cpu_count() or 1
    if load <= _BUSY_SHARE * cores and (runnable is None or runnable < cores):
        return None
    now = f", {runnable} other processes or threads want to run now" if runnable else ""
    return Disturbance(
        what=f"The machine is busy: load {load:.1f} on {cores} processors{now}.",
        why_it_matters="Tests wait for a processor, and share its caches, whatever their own code does.",
        mend="Close what runs beside the tests, or judge by processor time.",
    )


def _governor(cpus: Path) -> Disturbance | None:
    governors = {_read(file) for file in _glob(cpus, "cpu[0-9]*/cpufreq/scaling_governor")}
    slow = sorted(governors - _GOVERNORS_OF_FULL_SPEED - {""})
    if not slow:
        return None
    return Disturbance(
        what=f"The frequency governor is {', '.join(slow)}.",
        why_it_matters="The processor speeds up only after a while of work, so short tests run slower.",
        mend="For measurements: sudo cpupower frequency-set --governor performance",
    )


def _turbo(cpus: Path) -> Disturbance | None:
    if _read(cpus / "intel_pstate/no_turbo") == "0":
        mend = "For measurements: echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
    elif _read(cpus / "cpufreq/boost") == "1":
        mend = "For measurements: echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"
    else:
        return None
    return Disturbance(
        what="The processor may exceed its nominal frequency (turbo, boost).",
        why_it_matters="How far depends on heat and on what the other processors do.",
        mend=mend,
    )


def _heat(cpus: Path) -> Disturbance | None:
    files = _glob(cpus, "cpu[0-9]*/thermal_throttle/core_throttle_count")
    events = sum(int(count) for count in map(_read, files) if count.isdigit())
    if not events:
        return None
    return Disturbance(
        what=f"The processor was slowed down {events} times because of heat since it was started.",
        why_it_matters="A hot machine runs the same code slower.",
        mend="Look at cooling and power settings; let the machine cool down between runs.",
    )


def _container_throttling(system_root: Path) -> Disturbance | None:
    stopped = _stopped_periods(system_root)
    if not stopped:
        return None
    limit = read_limits(system_root).cpus
    granted = "" if limit is None else f" at {limit:g} processors"
    return Disturbance(
        what=f"The container was stopped {stopped} times{granted} because its processor time was used up.",
        why_it_matters="Whatever test runs then pauses for up to 100 ms.",
        mend="Start fewer workers than processors granted, or raise the container's limit.",
    )


def _stopped_periods(system_root: Path) -> int:
    groups = system_root / "sys/fs/cgroup"
    for file in (groups / "cpu.stat", groups / "cpu/cpu.stat", groups / "cpu,cpuacct/cpu.stat"):
        for line in _read(file).splitlines():
            key, _, value = line.partition(" ")
            if key == "nr_throttled" and value.isdigit():
                return int(value)
    return 0


def _glob(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _read(file: Path) -> str:
    return read_text(file).strip()
