"""Pauses of the garbage collector."""

import gc
import signal
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
        timer.callback(phase, {})

    assert timer.sums[0] == (20, 2)


def test_an_end_without_a_beginning_is_no_pause(timer):
    with pytest.raises(IndexError):  # which nobody hears of: the hook knows whose it is
        timer.callback("stop", {})

    for phase in ("start", "stop"):
        timer.callback(phase, {})
    assert timer.sums[0] == (10, 1)


def test_installed_it_hears_the_collector_and_removed_it_does_not(timer):
    timer.install()
    gc.collect()
    heard = timer.sums[0]

    timer.remove()
    gc.collect()

    assert heard[1] >= 1
    assert timer.sums[0] == heard


class _StopError(Exception):
    pass


@pytest.fixture
def alarm():
    """Sends a signal in a millisecond, whose handler raises."""
    if not hasattr(signal, "setitimer"):
        pytest.skip("needs timers that send a signal")

    def stop(*_):
        raise _StopError

    listeners = gc.callbacks[:]
    gc.callbacks.clear()  # Hypothesis listens, too, in Python
    before = signal.signal(signal.SIGALRM, stop)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, 0.001)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    gc.callbacks[:] = listeners


def test_a_signal_during_a_collection_reaches_the_test(alarm):
    many = [[] for _ in range(500_000)]  # takes longer to look through than the signal to come
    timer = CollectorTimer()
    timer.install()

    def collect():
        alarm()
        gc.collect()

    try:
        with pytest.raises(_StopError):
            collect()
    finally:
        timer.remove()
    assert many


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

    sys.unraisablehook(SimpleNamespace(object=timer.callback))
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
