"""The machine while tests run: what /proc says, and what of it were the extremes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.measure.system_reading import read_system
from lapwing.measure.system_watching import Extremes, Watching
from lapwing.model.system_watch import SystemReading

SECOND = 1_000_000_000
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")

MEMINFO = """\
MemTotal:       16000000 kB
MemFree:          500000 kB
MemAvailable:    4000000 kB
SwapTotal:       2000000 kB
SwapFree:        1500000 kB
"""


def made_proc(folder: Path, processes: dict[int, tuple[int, int]]) -> Path:
    """A /proc with these processes: parent and resident pages by id."""
    (folder / "meminfo").write_text(MEMINFO)
    (folder / "stat").write_text("cpu  100 20 30 800 50 5 5 0 10 0\ncpu0 1 2 3\n")
    for process, (parent, pages) in processes.items():
        place = folder / str(process)
        place.mkdir()
        fields = ["S", str(parent), *["0"] * 19, str(pages), "0"]
        (place / "stat").write_text(f"{process} (a (b) c) {' '.join(fields)}\n")
    return folder


def test_memory_swap_and_processors_are_read(tmp_path: Path) -> None:
    found = read_system(proc=made_proc(tmp_path, {}))

    assert found.available_share == 0.25
    assert found.swap_used_bytes == 500_000 * 1024
    assert (found.busy_ticks, found.all_ticks) == (160, 1010)
    assert found.tree_bytes is None


def test_a_tree_is_a_process_and_all_below_it(tmp_path: Path) -> None:
    proc = made_proc(tmp_path, {10: (1, 5), 11: (10, 7), 12: (11, 9), 20: (1, 1000)})

    found = read_system(tree_of=10, proc=proc)

    assert found.tree_bytes == 21 * os.sysconf("SC_PAGE_SIZE")


def test_without_proc_nothing_is_known(tmp_path: Path) -> None:
    assert read_system(proc=tmp_path / "none") == SystemReading()


@on_linux
def test_a_real_tree_holds_its_child() -> None:
    child = subprocess.Popen([sys.executable, "-c", "print(1, flush=True); input()"], stdin=-1, stdout=-1)
    try:
        assert child.stdout is not None
        child.stdout.readline()
        alone = read_system(tree_of=child.pid).tree_bytes or 0
        both = read_system(tree_of=os.getpid()).tree_bytes or 0
    finally:
        child.communicate(b"\n")

    assert 0 < alone < both


def after(*readings: SystemReading, busy_share: float = 0.95) -> Extremes:
    extremes = Extremes(busy_share)
    for at, reading in enumerate(readings):
        extremes.take(reading, at * SECOND)
    return extremes


def busy(*shares: float) -> list[SystemReading]:
    """Readings of a machine whose processors were busy to these shares in each second."""
    ticks = [0.0]
    for share in shares:
        ticks.append(ticks[-1] + 100 * share)
    return [SystemReading(busy_ticks=round(each), all_ticks=100 * at) for at, each in enumerate(ticks)]


def test_a_pause_ends_a_busy_stretch() -> None:
    watch = after(*busy(1, 1, 1, 0.5, 1, 1)).watch

    assert watch is not None
    assert watch.busiest_ns == 3 * SECOND


def test_swap_counts_from_where_it_was_in_the_beginning() -> None:
    watch = after(*(SystemReading(swap_used_bytes=used) for used in (500, 400, 900, 450))).watch

    assert watch is not None
    assert watch.swap_growth_bytes == 400


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=20))
def test_the_least_memory_is_the_least_of_all_readings(shares: list[float]) -> None:
    watch = after(*(SystemReading(available_share=share) for share in shares)).watch

    assert watch is not None
    assert watch.least_available_share == min(shares)


def test_a_reading_that_fails_ends_the_watch_and_nothing_else() -> None:
    def broken() -> SystemReading:
        raise OSError("gone")

    with Watching(broken, 0.95) as watching:
        pass

    assert watching.watch is None


@on_linux
def test_a_short_block_is_read_at_its_begin_and_at_its_end() -> None:
    with Watching(read_system, 0.95) as watching:
        pass

    assert watching.watch is not None
    assert watching.watch.ended_at_ns >= watching.watch.began_at_ns > 0
