"""Readings of this process, and what becomes of them when a test closes our descriptors."""

import os
import sys

import pytest

from lapwing.measure.process_facts import ProcessFacts, move_high

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="these facts are told by Linux only")


@pytest.fixture
def facts():
    opened = ProcessFacts()
    yield opened
    opened.close()


def descriptors(facts):
    return [facts._status, facts._statm, facts._clear_refs, facts._io, facts._schedstat]


@linux_only
def test_memory_agrees_with_what_the_system_says_elsewhere(facts):
    with open("/proc/self/status", encoding="ascii") as file:
        status = dict(line.split(":", 1) for line in file)

    resident, peak = facts.memory()

    assert resident == pytest.approx(int(status["VmRSS"].split()[0]) * 1024, rel=0.02)
    assert peak == pytest.approx(int(status["VmHWM"].split()[0]) * 1024, rel=0.02)
    assert facts.resident() == pytest.approx(resident, rel=0.02)


@linux_only
def test_a_reset_peak_starts_again_from_the_present(facts):
    bytearray(60_000_000)
    before = facts.memory()[1]

    facts.reset_peak()

    resident, peak = facts.memory()
    assert peak < before - 40_000_000
    assert peak == pytest.approx(resident, rel=0.02)


@linux_only
def test_bytes_read_and_written_are_counted(facts, tmp_path):
    read, written = facts.io_bytes()

    (tmp_path / "x").write_bytes(b"x" * 10_000)
    (tmp_path / "x").read_bytes()

    later_read, later_written = facts.io_bytes()
    assert later_written - written >= 10_000
    assert later_read - read >= 10_000


@linux_only
def test_waiting_for_a_processor_is_a_growing_number(facts):
    first = facts.run_delay()

    assert 0 <= first <= facts.run_delay()


@linux_only
def test_descriptors_stand_high_and_are_not_inherited(facts):
    assert all(fd >= 200 for fd in descriptors(facts))
    assert not any(os.get_inheritable(fd) for fd in descriptors(facts))


@linux_only
def test_after_a_test_closed_our_descriptors_one_reading_is_lost(facts):
    for fd in descriptors(facts):
        os.close(fd)

    facts.reset_peak()
    assert facts.resident() is None

    assert facts.resident() > 0
    assert facts.memory() is not None
    assert facts.io_bytes() is not None
    assert facts.run_delay() is not None
    facts.reset_peak()


@linux_only
def test_closed_descriptors_are_given_back_and_tell_nothing(facts):
    before = len(os.listdir("/proc/self/fd"))

    facts.close()
    facts.close()

    assert len(os.listdir("/proc/self/fd")) == before - 5
    assert facts.memory() is facts.resident() is facts.io_bytes() is facts.run_delay() is None
    facts.reset_peak()


def test_on_another_system_there_is_nothing_but_usage(monkeypatch):
    monkeypatch.setattr("lapwing.measure.process_facts.sys.platform", "darwin")

    facts = ProcessFacts()

    assert facts.memory() is facts.resident() is facts.io_bytes() is facts.run_delay() is None
    facts.reset_peak()
    facts.close()


def test_a_descriptor_that_cannot_be_moved_stays_where_it_is(monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_):
        raise OSError("no more")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    low = os.open(os.devnull, os.O_RDONLY)

    assert move_high(low) == low
    os.close(low)
