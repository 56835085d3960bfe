"""What the machine does at this moment, from /proc: memory, swap, processors, a tree of processes.

Read by the command that waits for the tests, never by the process that runs them. Where there is no /proc
every value is None.
"""

from pathlib import Path
from typing import Final

from lapwing.model.system_watch import SystemReading

_KIB: Final = 1024
_IDLE: Final = (3, 4)  # idle and waiting for a disk, among the numbers of a processor in /proc/stat


def read_system(*, tree_of: int | None = None, proc: Path = Path("/proc")) -> SystemReading:
    """The machine now; with `tree_of` also the memory of that process and of all below it.

    Summing up a tree reads a file of every process of the machine, and is left out where nobody asks.
    """
    memory = _memory(_text(proc / "meminfo"))
    total, available = memory.get("MemTotal"), memory.get("MemAvailable")
    swap, free = memory.get("SwapTotal"), memory.get("SwapFree")
    busy, every = _ticks(_text(proc / "stat"))
    return SystemReading(
        available_share=available / total if total and available is not None else None,
        swap_used_bytes=swap - free if swap is not None and free is not None else None,
        busy_ticks=busy,
        all_ticks=every,
        tree_bytes=None if tree_of is None else _tree_bytes(tree_of, proc),
    )


def _memory(text: str) -> dict[str, int]:
    """Bytes by name."""
    found = {}
    for line in text.splitlines():
        name, colon, rest = line.partition(":")
        words = rest.split()
        if colon and words and words[0].isdigit():
            found[name] = int(words[0]) * _KIB
    return found


def _ticks(text: str) -> tuple[int | None, int | None]:
    """Busy and all ticks of the first line, which is of all processors together."""
    words = text.partition("\n")[0].split()
    if len(words) < 6 or words[0] != "cpu":
        return None, None
    numbers = [int(word) for word in words[1:9]]  # what follows is counted in them already
    every = sum(numbers)
    return every - sum(numbers[at] for at in _IDLE), every


def _tree_bytes(root: int, proc: Path) -> int | None:
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in proc.iterdir():
        if not folder.name.isdigit():
            continue
        # The name of a program stands in brackets, and may itself hold blanks and brackets.
        words = _text(folder / "stat").rpartition(")")[2].split()
        if len(words) > 21:
            parents[int(folder.name)] = int(words[1])
            pages[int(folder.name)] = int(words[21])
    if root not in parents:
        return None
    children: dict[int, list[int]] = {}
    for process, parent in parents.items():
        children.setdefault(parent, []).append(process)
    waiting, total = [root], 0
    while waiting:
        process = waiting.pop()
        total += pages[process]
        waiting += children.get(process, ())
    return total * _page_bytes()


def _page_bytes() -> int:
    import os

    return os.sysconf("SC_PAGE_SIZE")


def _text(path: Path) -> str:
    """The text of a file, "" where there is none: processes end while they are looked at."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
