"""Stress of functions in this process."""

import asyncio
import threading
import time

import pytest

from lapwing import stress_test
from lapwing.errors import ConfigurationError
from lapwing.model.load import LoadUnit

ONE_STEP = {"initial_load": 3, "max_load": 3, "step_duration": 1, "ramp_up_seconds": 0}


def test_a_function_is_called_from_so_many_threads_at_once():
    most, inside, lock = [0], [0], threading.Lock()

    def work():
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.002)
        with lock:
            inside[0] -= 1

    result = stress_test(work, ONE_STEP)

    assert most == [3]
    assert result.unit is LoadUnit.THREADS
    assert result.performance_summary.can_handle_load
    assert result.steps[0].p50_s >= 0.002


def test_a_coroutine_function_is_called_from_tasks_even_below_a_running_loop():
    async def work():
        await asyncio.sleep(0.002)

    async def test():
        return stress_test(work, ONE_STEP)

    result = asyncio.run(test())

    assert result.unit is LoadUnit.TASKS
    assert result.steps[0].requests > 3


def test_calls_that_raise_are_failures_and_break_the_load():
    def work():
        time.sleep(0.001)
        raise ValueError("no more stock")

    result = stress_test(work, ONE_STEP)

    step = result.steps[0]
    assert step.failures == step.requests > 0
    assert list(step.errors) == ["ValueError: no more stock"]
    assert not result.performance_summary.can_handle_load
    assert result.breaking_point == 3


def test_paced_users_offer_their_rate():
    result = stress_test(lambda: None, {**ONE_STEP, "requests_per_user": 50})

    assert result.steps[0].offered_rps == 150


def test_one_lock_for_all_is_found_as_the_breaking_point():
    """Each call holds the lock for 20 ms, so that 50 a second is all there is; eight users want 20 each."""
    lock = threading.Lock()

    def work():
        with lock:
            time.sleep(0.02)

    config = {"initial_load": 1, "max_load": 8, "step_size": 7, "step_duration": 1, "ramp_up_seconds": 0}
    result = stress_test(work, {**config, "requests_per_user": 20, "max_p95": "10s", "min_achieved": 55})

    assert not result.performance_summary.can_handle_load
    assert result.breaking_point in (2, 3, 4, 5, 6, 7, 8)


def test_a_rate_of_arrivals_is_refused_for_a_callable():
    with pytest.raises(ConfigurationError, match="not at a rate"):
        stress_test(lambda: None, {"load_unit": "rps"})
