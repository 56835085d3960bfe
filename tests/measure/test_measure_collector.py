"""Pauses of the garbage collector."""

import gc
import sys
from types import SimpleNamespace

import pytest

from lapwing.measure.collector import CollectorTimer


@pytest.fixture
def timer():
    moments = iter(range(0, 10_000, 10))
    made = CollectorTimer(lambda: next(moments) + 1)
    yield made
    made.remove()


def test_pauses_are_summed(timer):
    for phase in ("start", "stop", "start", "stop"):
        timer(phase, {})

    assert (timer.pauses, timer.pause_ns) == (2, 20)


def test_an_end_without_a_beginning_is_no_pause(timer):
    timer("stop", {})

    assert (timer.pauses, timer.pause_ns) == (0, 0)


def test_installed_it_hears_the_collector_and_removed_it_does_not(timer):
    timer.install()
    gc.collect()
    heard = timer.pauses

    timer.remove()
    gc.collect()

    assert heard >= 1
    assert timer.pauses == heard


def test_removing_is_harmless_where_a_test_has_emptied_the_callbacks(timer, monkeypatch):
    timer.install()
    monkeypatch.setattr(gc, "callbacks", [])

    timer.remove()
    monkeypatch.undo()


def test_what_the_interpreter_could_not_tell_us_is_told_nobody(monkeypatch):
    told = []
    monkeypatch.setattr("sys.unraisablehook", told.append)
    timer = CollectorTimer()
    timer.install()
    other = SimpleNamespace(object=object())

    sys.unraisablehook(SimpleNamespace(object=timer))
    sys.unraisablehook(other)
    timer.remove()

    assert told == [other]
    assert sys.unraisablehook == told.append


def test_a_hook_that_a_test_has_set_since_stays(monkeypatch):
    timer = CollectorTimer()
    timer.install()
    monkeypatch.setattr("sys.unraisablehook", print)

    timer.remove()

    assert sys.unraisablehook is print
