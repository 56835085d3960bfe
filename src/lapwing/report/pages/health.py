"""What the machine did to a run: load, waiting for a processor, memory, limits, collector."""

from lapwing.model.report import Report, SystemHealth
from lapwing.model.system_watch import SystemWatch
from lapwing.report.page import Section
from lapwing.units import format_duration, format_share, format_size

_HIGH_LOAD = 1.5  # runnable processes per processor when the run began
_HIGH_DELAY = 0.1


def health_section(report: Report) -> Section:
    """One sentence per kind of fact that was measured."""
    system = report.system
    said = [
        sentence
        for sentence in (
            _load(system),
            _delay(system),
            _memory(system),
            _watched(system.watch),
            _limits(system),
            _collector(system),
        )
        if sentence
    ]
    if not said:
        said = ["Nothing was recorded of the machine."]
    return Section(title="System health", slug="system", sentences=tuple(said))


def _load(system: SystemHealth) -> str:
    if system.load_average is None:
        return ""
    processors = system.cpu_limit or system.cores
    if not processors:
        return f"Load average {system.load_average:.2f} as the run began."
    busy = "; the machine was busy" if system.load_average > _HIGH_LOAD * processors else ""
    those = "1 processor" if processors == 1 else f"{processors:g} processors"
    return f"Load average {system.load_average:.2f} on {those} as the run began{busy}."


def _delay(system: SystemHealth) -> str:
    parts = []
    if system.run_delay_ns is not None and system.run_delay_share is not None:
        high = ", which makes times unsteady" if system.run_delay_share >= _HIGH_DELAY else ""
        parts.append(
            f"tests waited {format_duration(system.run_delay_ns)} "
            f"({format_share(system.run_delay_share)}) for a processor{high}"
        )
    if system.involuntary_switches is not None:
        parts.append(f"they were interrupted {system.involuntary_switches:,} times")
    return _sentence(", ".join(parts))


def _memory(system: SystemHealth) -> str:
    if system.peak_bytes is None:
        return ""
    if not system.peak_bytes:
        return "No test made the memory of its process grow."
    grown = format_size(system.peak_bytes)
    return f"The largest growth of memory in one test is {grown}, in {system.peak_nodeid}."


def _watched(watch: SystemWatch | None) -> str:
    """What was seen of the whole machine; "" where nobody watched."""
    if watch is None:
        return ""
    parts = []
    if watch.least_available_share is not None:
        parts.append(f"at least {format_share(watch.least_available_share)} of the memory was left")
    if watch.swap_growth_bytes is not None:
        growth = watch.swap_growth_bytes
        parts.append(f"{format_size(growth)} went to swap" if growth else "nothing went to swap")
    if watch.busiest_ns:
        parts.append(f"processors were busy for {format_duration(watch.busiest_ns)} without a pause")
    if watch.most_tree_bytes is not None:
        parts.append(f"pytest and what it started held up to {format_size(watch.most_tree_bytes)}")
    return _sentence(", ".join(parts))


def _limits(system: SystemHealth) -> str:
    parts = []
    if system.cpu_limit is not None:
        parts.append(f"{system.cpu_limit:g} of {system.cores} processors")
    if system.memory_limit_bytes is not None:
        parts.append(f"{format_size(system.memory_limit_bytes)} of memory")
    if parts:
        return f"The container grants {' and '.join(parts)}."
    if not system.memory_bytes:
        return ""
    return f"No container limit; {system.cores} processors, {format_size(system.memory_bytes)} of memory."


def _collector(system: SystemHealth) -> str:
    if system.gc_ns is None:
        return ""
    share = "" if system.gc_share is None else f" ({format_share(system.gc_share)} of what tests compute)"
    return f"The garbage collector took {format_duration(system.gc_ns)}{share}."


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""
