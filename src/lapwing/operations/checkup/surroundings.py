"""Does this machine measure well?"""

import time
from collections.abc import Iterator
from pathlib import Path

from lapwing.environment.frequency import read_disturbances
from lapwing.environment.machine import read_machine
from lapwing.model.health import HealthFinding, HealthLevel
from lapwing.units import NS_PER_S, format_duration, format_size


def check_machine(system_root: Path = Path("/")) -> Iterator[HealthFinding]:
    """The machine, what a container grants of it, its clock, and what disturbs measurements."""
    machine = read_machine(system_root)
    yield HealthFinding(
        slug="machine",
        level=HealthLevel.OK,
        what=f"{machine.cores} processors ({machine.cpu_model or 'model unknown'}), "
        f"{format_size(machine.memory_bytes)} of memory",
    )
    granted = [
        text
        for text, is_tight in (
            (
                f"{machine.cpu_limit:g} processors" if machine.cpu_limit is not None else "",
                machine.cpu_limit is not None and machine.cpu_limit < machine.cores,
            ),
            (
                format_size(machine.memory_limit_bytes) if machine.memory_limit_bytes is not None else "",
                machine.memory_limit_bytes is not None
                and machine.memory_limit_bytes < (machine.memory_bytes or machine.memory_limit_bytes + 1),
            ),
        )
        if is_tight
    ]
    if granted:
        yield HealthFinding(
            slug="container",
            level=HealthLevel.NOTE,
            what=f"a container grants {' and '.join(granted)}",
            meaning="Runs under other limits belong to another machine class and compare less surely.",
        )
    resolution = time.get_clock_info("perf_counter").resolution
    yield HealthFinding(
        slug="clock",
        level=HealthLevel.OK,
        what=f"the clock moves in steps of {format_duration(resolution * NS_PER_S)}",
    )
    disturbances = read_disturbances(system_root)
    for each in disturbances:
        yield HealthFinding(
            slug="disturbance",
            level=HealthLevel.NOTE,
            what=each.what.rstrip("."),
            meaning=each.why_it_matters,
            mend=each.mend,
        )
    if not disturbances:
        yield HealthFinding(
            slug="disturbance", level=HealthLevel.OK, what="nothing is seen that disturbs measurements"
        )
