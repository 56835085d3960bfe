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
    resident_at_start, _, _ = facts.at_start()

    resident, peak, _, _ = facts.at_end()

    with open("/proc/self/status", encoding="ascii") as file:
        status = dict(line.split(":", 1) for line in file)
    assert resident == pytest.approx(int(status["VmRSS"].split()[0]) * 1024, rel=0.02)
    assert peak == pytest.approx(int(status["VmHWM"].split()[0]) * 1024, rel=0.02)
    assert resident_at_start == pytest.approx(resident, rel=0.02)


@linux_only
def test_the_peak_is_that_since_the_start(facts):
    bytearray(600_000_000)
    resident_at_start, _, _ = facts.at_start()

    bytearray(300_000_000)

    # A machine short of memory takes back pages of libraries meanwhile, up to some tens of megabytes.
    _, peak, _, _ = facts.at_end()
    assert peak - resident_at_start == pytest.approx(300_000_000, rel=0.25)


@linux_only
def test_bytes_read_and_written_are_counted(facts, tmp_path):
    _, read, written = facts.at_start()

    (tmp_path / "x").write_bytes(b"x" * 10_000)
    (tmp_path / "x").read_bytes()

    _, _, later_read, later_written = facts.at_end()
    assert 10_000 <= later_written - written < 10_100
    assert 10_000 <= later_read - read < 10_500


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

    assert facts.at_start() is None

    assert facts.at_start() is not None
    assert facts.at_end() is not None
    assert facts.run_delay() is not None


@linux_only
def test_closed_descriptors_are_given_back_and_tell_nothing(facts):
    before = len(os.listdir("/proc/self/fd"))

    facts.close()
    facts.close()

    assert len(os.listdir("/proc/self/fd")) == before - 5
    assert facts.at_start() is facts.at_end() is facts.run_delay() is None


def test_on_another_system_there_is_nothing_but_usage(monkeypatch):
    monkeypatch.setattr("lapwing.measure.process_facts.sys.platform", "darwin")

    facts = ProcessFacts()

    assert facts.at_start() is facts.at_end() is facts.run_delay() is None
    facts.close()


def test_a_descriptor_that_cannot_be_moved_stays_where_it_is(monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_):
        raise OSError("no more")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    low = os.open(os.devnull, os.O_RDONLY)

    assert move_high(low) == low
    os.close(low)
