"""Reading a spool file as far as it was written."""

import pytest

from lapwing.store.run_files import line
from lapwing.store.run_files.reader import read_process

HEADER = line.header_line("run", "gw3", 42, clock=1_000, epoch=50_000, startup=7, conftests=3)


def write(tmp_path, *lines):
    path = tmp_path / "gw3.jsonl"
    path.write_bytes(b"".join(lines))
    return path


def test_the_header_tells_the_process_and_ties_its_clock_to_the_epoch(tmp_path):
    path = write(tmp_path, HEADER, line.collector_line("a.py", 1_500, 3, 2, "passed"), line.end_line(1_900))

    spool = read_process(path, origin_ns=49_000)

    assert (spool.run_id, spool.worker, spool.pid) == ("run", "gw3", 42)
    assert (spool.startup_ns, spool.conftests_ns) == (7, 3)
    assert (spool.start_ns, spool.collection[0].start_ns, spool.end_ns) == (1_000, 1_500, 1_900)


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (line.end_line(1_900, 300, 40), (300, 40)),
        (line.end_line(1_900), (None, None)),
        (b'["e",1900]\n', (None, None)),  # as files of an earlier version have it
        (b'["e",1900,"x",[]]\n', (None, None)),
    ],
)
def test_the_end_tells_how_the_process_began_and_what_it_held(tmp_path, ending, told):
    spool = read_process(write(tmp_path, HEADER, ending), origin_ns=49_000)

    assert (spool.boot_cpu_ns, spool.end_blocks) == told
    assert spool.end_ns == 1_900


def test_a_process_without_its_last_line_did_not_end(tmp_path):
    assert read_process(write(tmp_path, HEADER)).end_ns is None


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\n",
        b"{}\n",
        b'["h"]\n',
        b'["h",1]\n',
        b'["h",1,"run"]\n',
        b'["h",1,"run","gw3",null,"x","y",[]]\n',
        HEADER[:-1],
    ],
)
def test_without_a_whole_header_there_is_nothing(tmp_path, header):
    assert read_process(write(tmp_path, header)) is None


def test_a_newer_format_is_refused_by_name(tmp_path):
    with pytest.raises(ValueError, match="format 99, this version reads 1"):
        read_process(write(tmp_path, b'["h",99,"whatever","comes"]\n'))


def test_deselected_tests_and_an_interruption_are_told(tmp_path):
    spool = read_process(
        write(tmp_path, HEADER, line.deselected_line(2), line.deselected_line(3), line.interrupted_line())
    )

    assert (spool.deselected, spool.was_interrupted) == (5, True)


def test_a_tear_down_whose_set_up_was_lost_is_passed_over(tmp_path):
    spool = read_process(write(tmp_path, HEADER, line.late_fixtures_line("a", [], ["[7,100]"])))

    assert (spool.fixtures, spool.broken_lines) == ([], 0)


def test_lines_of_a_later_version_are_passed_over(tmp_path):
    assert read_process(write(tmp_path, HEADER, b'["?",1,2,3]\n')).broken_lines == 0
