"""Stress of code in this process: a function in threads, a coroutine function in tasks of one event loop.

Latencies are kept one by one, so that percentiles are exact. The model is closed: each thread or task calls
again once its call is over (and its pause).
"""

import asyncio
import random
import threading
import time
from array import array
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from lapwing.model.load import LoadResult, LoadStep, LoadUnit
from lapwing.perftest.callee import call_that_runs, is_async
from lapwing.perftest.load import LoadTick, OnTick
from lapwing.perftest.load_plan import Limits, Shape
from lapwing.perftest.load_search import climb
from lapwing.units import NS_PER_MS, NS_PER_S

_clock = time.perf_counter_ns
_LATE_NS: Final = 10 * NS_PER_MS
_ERRORS: Final = 20
_PATIENCE_S: Final = 30.0


class _Window:
    """What one step measures: calls that begin in it."""

    def __init__(self, shape: Shape) -> None:
        self.begin = _clock() + round(shape.ramp_s * NS_PER_S)
        self.end = self.begin + round(shape.lasts_s * NS_PER_S)
        self.pace_s = shape.pace_s
        self.taken = array("q")
        self.late = array("q")
        self.answered = self.failures = self.hung = 0
        self.errors: Counter[str] = Counter()
        self.lock = threading.Lock()

    def count(self, due: int, began: int, error: BaseException | None) -> None:
        """Count a call that began at `began` and has ended just now."""
        now = _clock()
        with self.lock:
            self.answered += self.begin <= now < self.end
            if not self.begin <= began < self.end:
                return
            self.taken.append(now - began)
            self.late.append(max(0, began - due))
            if error is not None:
                self.failures += 1
                text = f"{type(error).__name__}: {error}"[:200]
                self.errors[text if text in self.errors or len(self.errors) < _ERRORS else "others"] += 1

    def pause(self, began: int) -> tuple[int, float]:
        """When the next call is due, and the seconds until then."""
        now = _clock()
        if not self.pace_s:
            return now, 0.0
        due = max(now, began + round(self.pace_s * random.uniform(0.5, 1.5) * NS_PER_S))
        return due, (due - now) / NS_PER_S


def stress_calls(
    call: Callable[[], Any],
    *,
    name: str,
    shape: Shape,
    limits: Limits,
    loads: Sequence[float],
    on_tick: OnTick = lambda _: None,
) -> LoadResult:
    """Call `call` from so many threads (or tasks, of a coroutine function) at once as `loads` say.

    A call that raises counts as a failure. Ctrl-C ends it after the step. Raises TypeError for what runs
    nothing when it is called.
    """
    unit = LoadUnit.TASKS if is_async(call) else LoadUnit.THREADS
    play = _in_tasks if unit is LoadUnit.TASKS else _in_threads
    began, began_ns = time.monotonic(), time.time_ns()
    is_cut_short = False

    def measure(load: float) -> LoadStep | None:
        nonlocal is_cut_short
        if is_cut_short:
            return None
        window = _Window(shape)
        cpu = time.process_time_ns()
        started = _clock()
        is_cut_short = _while_played(
            play, call, round(load), window, lambda: on_tick(_tick(window, load, unit))
        )
        share = (time.process_time_ns() - cpu) / max(1, _clock() - started)
        return _step(window, load, share) if window.taken or not is_cut_short else None

    found = climb(measure, loads, limits, is_rate_intended=shape.pace_s > 0, are_whole=True)
    broken = found.broken
    return LoadResult(
        name=name,
        target=name,
        unit=unit,
        wanted=loads[-1],
        steps=found.steps,
        breaking_point=None if broken is None else broken.load,
        breaking_point_rps=None
        if broken is None
        else (broken.offered_rps if shape.pace_s else broken.achieved_rps),
        started_at_ns=began_ns,
        duration_ns=round((time.monotonic() - began) * NS_PER_S),
        is_complete=found.is_complete and not is_cut_short,
        notes=("interrupted: these are the figures until then",) if is_cut_short else (),
    )


def _while_played(
    play: Callable[[Callable[[], Any], int, _Window], None],
    call: Callable[[], Any],
    users: int,
    window: _Window,
    tick: Callable[[], None],
) -> bool:
    """Play in a thread of its own (this one may have an event loop); whether Ctrl-C cut it short."""
    leader = threading.Thread(target=play, args=(call, users, window), name="lapwing stress", daemon=True)
    leader.start()
    is_cut_short = False
    while leader.is_alive():
        try:
            leader.join(1.0)
            tick()
        except KeyboardInterrupt:
            if is_cut_short:
                raise
            is_cut_short = True
            window.end = min(window.end, _clock())
            window.begin = min(window.begin, window.end)
    return is_cut_short


def _in_threads(call: Callable[[], Any], users: int, window: _Window) -> None:
    def use() -> None:
        time.sleep(random.uniform(0.0, window.pace_s))
        due = _clock()
        while (began := _clock()) < window.end:
            error: BaseException | None = None
            try:
                call_that_runs(call)
            except Exception as fault:
                error = fault
            window.count(min(due, began), began, error)
            due, pause = window.pause(began)
            if pause:
                time.sleep(min(pause, max(0, window.end - _clock()) / NS_PER_S))

    threads = [threading.Thread(target=use, name=f"lapwing stress {at}", daemon=True) for at in range(users)]
    for thread in threads:
        thread.start()
    patience = time.monotonic() + (window.end - _clock()) / NS_PER_S + _PATIENCE_S
    for thread in threads:
        thread.join(max(0.1, patience - time.monotonic()))
    window.hung = sum(thread.is_alive() for thread in threads)


def _in_tasks(call: Callable[[], Awaitable[Any]], users: int, window: _Window) -> None:
    async def use() -> None:
        await asyncio.sleep(random.uniform(0.0, window.pace_s))
        due = _clock()
        while (began := _clock()) < window.end:
            error: BaseException | None = None
            try:
                await call()
            except Exception as fault:
                error = fault
            window.count(min(due, began), began, error)
            due, pause = window.pause(began)
            await asyncio.sleep(min(pause, max(0, window.end - _clock()) / NS_PER_S))

    async def everybody() -> None:
        _, waiting = await asyncio.wait(
            [asyncio.create_task(use()) for _ in range(users)],
            timeout=(window.end - _clock()) / NS_PER_S + _PATIENCE_S,
        )
        window.hung = len(waiting)
        for task in waiting:
            task.cancel()

    asyncio.run(everybody())


def _tick(window: _Window, load: float, unit: LoadUnit) -> LoadTick:
    return LoadTick(load, unit, _clock() < window.begin, round(load), failures=window.failures)


def _step(window: _Window, load: float, cpu: float) -> LoadStep:
    with window.lock:
        taken, late = sorted(window.taken), sorted(window.late)
    lasted = max(1, window.end - window.begin)
    p50 = _quantile(taken, 0.5)
    if window.pace_s:
        offered: float | None = load / window.pace_s
    else:
        offered = load * NS_PER_S / p50 if p50 else None
    return LoadStep(
        load=load,
        users=round(load),
        duration_ns=lasted,
        offered_rps=offered,
        achieved_rps=window.answered * NS_PER_S / lasted,
        requests=len(taken) + window.hung,
        failures=window.failures + window.hung,
        unanswered=window.hung,
        late=sum(each >= _LATE_NS for each in late),
        p50_ns=p50,
        p95_ns=_quantile(taken, 0.95),
        p99_ns=_quantile(taken, 0.99),
        max_ns=taken[-1] if taken else None,
        lateness_ns=_quantile(late, 0.99),
        in_flight=round(load),
        generator_cpu=cpu,
        errors=dict(window.errors),
    )


def _quantile(ordered: Sequence[int], q: float) -> int | None:
    """The smallest value that at least the share `q` does not exceed (nearest rank); None of none."""
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * round(q * 1000) // 1000) - 1)]
