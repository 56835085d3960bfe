"""The door to psutil: what the C library's heap holds, and how busy the machine is; unknown without it."""

from typing import Any

from lapwing.model.live import SystemFacts

try:
    import psutil  # type: ignore[import-untyped]
except ImportError:
    psutil = None


def heap_bytes() -> int | None:
    """Bytes that the C library has given out and not got back, pages mapped for one block included.

    What it holds in reserve is given back to the system first. None without psutil 7.2, and where the C
    library does not tell. Python's own small objects are not among them.
    """
    if not hasattr(psutil, "heap_info"):
        return None
    info: Any = psutil.heap_info()
    return int(info.heap_used + info.mmap_used)


def trim_heap() -> None:
    """Give what the C library holds in reserve back to the system."""
    if hasattr(psutil, "heap_trim"):
        psutil.heap_trim()


def system_facts() -> SystemFacts:
    """Processors, memory, load and processes now."""
    if psutil is None:
        return SystemFacts()
    memory = psutil.virtual_memory()
    return SystemFacts(
        cpu_share=psutil.cpu_percent() / 100,
        memory_available_share=memory.available / memory.total,
        load_average=psutil.getloadavg()[0],
        processes=len(psutil.pids()),
    )
