"""What a Locust worker does for Lapwing: users that follow a schedule, and exact counts of what came of it.

It runs inside Locust's own processes, and is sent as a locustfile to the workers of an existing cluster:
therefore it is one file, and uses nothing of Lapwing. Times are seconds of `time.perf_counter` here,
microseconds in counts.

An arrival is what the open model intends: a moment at which a request is to leave, whatever became of the
ones before. A user that is free takes it; where none is, it waits in the backlog and is late. Its latency
counts from that moment. In the closed model a user asks again once it has its answer (and its pause).
"""

import base64
import math
import random
import time
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any, Final

import gevent
from gevent.event import AsyncResult
from locust import FastHttpUser, events, task
from locust.runners import MasterRunner

PLAN: Final = "lapwing_plan"
STEP: Final = "lapwing_step"
STOP: Final = "lapwing_stop"
TICK: Final = "lapwing_tick"
DONE: Final = "lapwing_done"

TICK_S: Final = 1.0
LATE_US: Final = 10_000
"""From here on a request counts as late: ten times what a timer of the event loop is off."""

_MASTER_SILENT_S: Final = 10.0
_ERRORS: Final = 20  # kinds kept
_clock = time.perf_counter


def counted_as(us: int) -> int:
    """The lower edge of the HdrHistogram bucket (three digits, unit 1) that holds `us`."""
    if us < 2048:
        return us
    shift = us.bit_length() - 11
    return us >> shift << shift


def arrival_times(rate: float, *, ramp_s: float, first: float, is_fixed: bool) -> Iterator[float]:
    """Seconds from the start at which requests are due, without end.

    The rate grows evenly from 0 to `rate` per second over `ramp_s`. Fixed arrivals are evenly spread,
    `first` (0 to 1) of a distance after the start; others are a Poisson process.
    """
    ramped = rate * ramp_s / 2
    amount = first if is_fixed else random.expovariate(1.0)
    while True:
        if amount < ramped:
            yield math.sqrt(2 * amount * ramp_s / rate)
        else:
            yield ramp_s + (amount - ramped) / rate
        amount += 1.0 if is_fixed else random.expovariate(1.0)


class Users:
    """All users of this process: what they are to do now, and counts of what came of it."""

    def __init__(self, runner: Any) -> None:
        self.runner = runner
        self.call: dict[str, Any] = {}
        self.pending: dict[Any, float] = {}  # greenlet of a user -> when its request was to leave
        self.idle: list[AsyncResult] = []  # users without work, the last to become free at the end
        self.backlog: deque[float] = deque()
        self.is_open = False
        self.pace_s = 0.0
        self.begin = self.end = math.inf  # of what is measured
        self.until = -math.inf  # no request that is due later is sent, also when the measuring is over
        self.heard = _clock()
        self._step = 0
        self._due = 0
        self._forget()
        self._cpu = (time.process_time(), _clock())
        self._share = 0.0

    def _forget(self) -> None:
        self.latency: Counter[int] = Counter()
        self.lateness: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.measured = self.answered = self.failed = 0

    # --- what users call

    def wait(self) -> float:
        """Wait for this user's next request; the seconds that remain to be slept."""
        me = gevent.getcurrent()
        if self.is_open:
            self.pending.pop(me, None)
            self.pending[me] = self._take()
            return 0.0
        now = _clock()
        began = getattr(me, "lapwing_began", now)
        # Even spread around the pace: users in lock-step would break a server too early.
        pause = max(0.0, began + self.pace_s * random.uniform(0.5, 1.5) - now) if self.pace_s else 0.0
        self.pending[me] = me.lapwing_began = now + pause
        return pause

    def first_wait(self) -> None:
        """Wait for a user's first request."""
        if self.is_open:
            self.wait()
        else:
            me = gevent.getcurrent()
            gevent.sleep(random.uniform(0.0, self.pace_s))
            self.pending[me] = me.lapwing_began = _clock()

    def _take(self) -> float:
        if self.backlog:
            return self.backlog.popleft()
        waiter = AsyncResult()
        self.idle.append(waiter)
        try:
            due: float = waiter.get()
        except BaseException:
            if waiter in self.idle:
                self.idle.remove(waiter)
            raise
        return due

    def on_request(
        self, response_time: float | None, exception: object = None, start_time: float | None = None, **_: Any
    ) -> None:
        """Count one answer."""
        now = _clock()
        took = (response_time or 0.0) / 1000
        started = now - (took if start_time is None else time.time() - start_time)
        intended = self.pending.pop(gevent.getcurrent(), None)
        if (intended is not None or not self.is_open) and self.begin <= now < self.end:
            self.answered += 1
        if intended is None:
            intended = started  # a later request of the same journey
        if self.begin <= intended < self.end:
            self._count(started - intended + took, started - intended, exception)

    def _count(self, latency: float, lateness: float, exception: object) -> None:
        self.measured += 1
        self.latency[counted_as(int(latency * 1e6))] += 1
        self.lateness[counted_as(max(0, int(lateness * 1e6)))] += 1
        if exception is not None:
            self.failed += 1
            text = str(exception)[:200] or type(exception).__name__
            self.errors[text if text in self.errors or len(self.errors) < _ERRORS else "others"] += 1

    # --- what the master says

    def on_plan(self, msg: Any, environment: Any, **_: Any) -> None:
        """Learn what to ask, and which model is played."""
        plan = msg.data
        self.heard = _clock()
        self.is_open = plan["is_open"]
        self.call = dict(plan["call"] or {})
        if "data_base64" in self.call:
            self.call["data"] = base64.b64decode(self.call.pop("data_base64"))
        for user_class in environment.user_classes:
            user_class.network_timeout = user_class.connection_timeout = plan["timeout_s"]
            if self.is_open or user_class is EndpointUser:
                self._follow(user_class)

    def _follow(self, user_class: Any) -> None:
        """Let users of this class wait for their turn."""
        before = user_class.on_start
        if getattr(before, "is_of_lapwing", False):
            return

        def on_start(user: Any) -> None:
            before(user)
            self.first_wait()

        on_start.is_of_lapwing = True  # type: ignore[attr-defined]
        user_class.on_start = on_start
        user_class.wait_time = lambda _: self.wait()

    def on_step(self, msg: Any, **_: Any) -> None:
        """Begin a step; it ends by this process's own clock."""
        step = msg.data
        self._step = step["step"]
        self._forget()
        self._due = 0
        self.backlog.clear()
        self.pace_s = step["pace_s"]
        self.begin = _clock() + step["ramp_s"]
        self.end = self.until = self.begin + step["lasts_s"]
        if self.is_open:
            gevent.spawn(self._dispatch, step)
        gevent.spawn(self._finish, step)

    def on_stop(self, **_: Any) -> None:
        """End the step now."""
        self.end = self.until = min(self.end, _clock())
        self.begin = min(self.begin, self.end)

    def _dispatch(self, step: dict[str, Any]) -> None:
        start = self.begin - step["ramp_s"]
        times = arrival_times(
            step["rate"], ramp_s=step["ramp_s"], first=step["first"], is_fixed=step["is_fixed"]
        )
        for at in times:
            due = start + at
            pause = due - _clock()
            if pause > 0:
                gevent.sleep(min(pause, max(0.0, self.until - _clock())))
            if due >= self.until or self._step != step["step"]:
                return
            self._due += due >= self.begin
            if self.idle:
                self.idle.pop().set(due)
            else:
                self.backlog.append(due)

    def _finish(self, step: dict[str, Any]) -> None:
        """Tell what was counted each second, and at the end what was never sent or answered."""
        next_tick = _clock() + TICK_S
        while (now := _clock()) < self.end:
            gevent.sleep(max(0.0, min(next_tick - now, self.end - now, TICK_S)))
            if _clock() >= next_tick:
                next_tick += TICK_S
                self._tell(TICK)
        unsent = sum(due >= self.begin for due in self.backlog)
        self.backlog.clear()
        patience = self.end + step["drain_s"]
        while (left := self._unanswered()) and _clock() < patience:
            gevent.sleep(0.02)
        now = _clock()
        for intended in left:
            self._count(now - intended, 0.0, f"no answer within {step['drain_s']:g} s after the end")
        lasted = self.end - self.begin
        self.begin = self.end = math.inf
        self._tell(DONE, due=self._due, unsent=unsent, unanswered=len(left), lasted_s=lasted)

    def _unanswered(self) -> list[float]:
        return [each for each in self.pending.values() if self.begin <= each < self.end]

    def _tell(self, kind: str, **more: Any) -> None:
        now = _clock()
        told = {
            "step": self._step,
            "latency": list(self.latency.items()),
            "lateness": list(self.lateness.items()),
            "errors": list(self.errors.items()),
            "measured": self.measured,
            "answered": self.answered,
            "failed": self.failed,
            "users": self.runner.user_count,
            "in_flight": sum(each <= now for each in self.pending.values()),
            "backlog": len(self.backlog),
            "cpu": self._cpu_share(now),
            **more,
        }
        self._forget()
        self.runner.send_message(kind, told)

    def _cpu_share(self, now: float) -> float:
        """The share of one processor used since the last tick, or before it where that was just now."""
        used, since = self._cpu
        cpu = time.process_time()
        if now - since >= TICK_S / 2:
            self._cpu = (cpu, now)
            self._share = (cpu - used) / (now - since)
        return self._share

    def watch_master(self) -> None:
        """End this worker where its master is gone: Locust itself would wait for a minute."""
        while True:
            gevent.sleep(1.0)
            heard = getattr(self.runner, "last_heartbeat_timestamp", None)
            if heard is not None and time.time() - heard > _MASTER_SILENT_S:
                self.runner.quit()
                return


class EndpointUser(FastHttpUser):
    """Asks one endpoint again and again."""

    host = "http://127.0.0.1"

    def on_start(self) -> None:
        """Nothing yet: the plan says how to wait."""

    def wait_time(self) -> float:
        """Likewise."""
        return 0.0

    @task
    def ask(self) -> None:
        """One request."""
        self.client.request(**self.environment.lapwing.call)


def attach(environment: Any, runner: Any) -> Users:
    """Let the users of `environment` do what the master says."""
    users = environment.lapwing = Users(runner)
    environment.events.request.add_listener(users.on_request)
    runner.register_message(PLAN, users.on_plan)
    runner.register_message(STEP, users.on_step)
    runner.register_message(STOP, users.on_stop)
    return users


@events.init.add_listener
def _attach_worker(environment: Any, runner: Any, **_: Any) -> None:
    if not isinstance(runner, MasterRunner):
        gevent.spawn(attach(environment, runner).watch_master)
