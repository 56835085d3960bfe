"""The clocks are those of the system, whatever a test does to the `time` module."""

import time

from lapwing.measure.clock import CLOCKS


def test_clocks_are_bound_before_a_test_can_patch_them(monkeypatch):
    for name in ("perf_counter_ns", "process_time_ns", "thread_time_ns", "time_ns"):
        monkeypatch.setattr(time, name, lambda: -1)

    assert all(clock() > 0 for clock in CLOCKS)


def test_each_reading_is_a_whole_number_of_nanoseconds():
    assert all(type(clock()) is int for clock in CLOCKS)


def test_the_wall_clock_never_goes_back():
    assert CLOCKS.wall() <= CLOCKS.wall()
