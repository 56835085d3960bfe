"""Stacks estimated from what cProfile knows."""

import cProfile
import math
from types import SimpleNamespace

import pytest

from lapwing.profiling.cprofile_door import estimated_stacks


def work(count):
    return sum(math.sqrt(number) for number in range(count))


def even(depth):
    return work(50) if depth == 0 else odd(depth - 1)


def odd(depth):
    return even(depth - 1)


def first():
    return work(4000)


def second():
    return work(1000)


def seen(function, *, is_machinery=lambda frame: False):
    profiler = cProfile.Profile()
    profiler.runcall(function)
    stats = profiler.getstats()
    return list(estimated_stacks(stats, is_machinery)), sum(entry.inlinetime for entry in stats)


def entry(name, own, total, *calls):
    """What cProfile tells of a function, its calls as (name, own, total)."""
    inner = [
        SimpleNamespace(code=code, inlinetime=own_s, totaltime=total_s) for code, own_s, total_s in calls
    ]
    return SimpleNamespace(code=name, inlinetime=own, totaltime=total, calls=inner)


SHARED = (
    entry("main", 1, 16, ("first", 1, 11), ("second", 1, 4)),
    entry("first", 1, 11, ("work", 6, 10)),
    entry("second", 1, 4, ("work", 2, 3)),
    entry("work", 8, 13, ("sleep", 5, 5)),
    entry("sleep", 5, 5),
)


def test_a_shared_function_is_divided_among_its_callers_by_what_they_waited():
    found = {tuple(frame.function for frame in frames): cost for frames, cost in estimated_stacks(SHARED)}

    assert found["main", "first", "work", "sleep"] == pytest.approx(5 * 10 / 13)
    assert found["main", "second", "work", "sleep"] == pytest.approx(5 * 3 / 13)
    assert sum(found.values()) == pytest.approx(16)


def test_all_time_of_real_code_is_in_the_stacks():
    stacks, whole = seen(lambda: (first(), second()))

    assert sum(seconds for _, seconds in stacks) == pytest.approx(whole, rel=0.01)


def test_recursion_ends():
    stacks, _ = seen(lambda: even(8))

    assert sum(seconds for _, seconds in stacks) > 0
    assert max(len(frames) for frames, _ in stacks) < 12


def test_machinery_is_in_no_stack_and_its_own_time_in_the_empty_one():
    found = dict(estimated_stacks(SHARED, lambda frame: frame.function in ("main", "second")))

    names = {tuple(frame.function for frame in frames): cost for frames, cost in found.items()}
    assert names[()] == 2
    assert set(names) == {
        (),
        ("first",),
        ("first", "work"),
        ("first", "work", "sleep"),
        ("work",),
        ("work", "sleep"),
    }
    assert sum(names.values()) == pytest.approx(16)
