"""Runs the steps of a load test with Locust, here or over its workers. In the child process only.

Workers count; what they tell is put together here, latencies in an HdrHistogram of three digits.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import gevent
import locust
from gevent.event import Event
from hdrh.histogram import HdrHistogram
from locust.env import Environment

from lapwing.perftest import locust_worker
from lapwing.perftest.locust_processes import Processes
from lapwing.perftest.locust_users import user_classes
from lapwing.perftest.locust_worker import DONE, LATE_US, PLAN, STEP, STOP, TICK

_HIGHEST_US: Final = 24 * 3600 * 1_000_000
_DIGITS: Final = 3
_LOOK_S: Final = 0.1
_WORKER_SILENT_S: Final = 6.0  # Locust needs 3 to 4 s to call a worker missing
_FASTEST_SPAWN: Final = 100.0  # users a second and worker; Locust warns above


class WorkerLostError(Exception):
    """A worker ended or fell silent."""


def histogram() -> HdrHistogram:
    """An empty histogram of microseconds."""
    return HdrHistogram(1, _HIGHEST_US, _DIGITS)


class StepCounts:
    """What all workers told about one step."""

    def __init__(self) -> None:
        self.latency = histogram()
        self.lateness = histogram()
        self.errors: Counter[str] = Counter()
        self.sums: Counter[str] = Counter()
        self.cpu = 0.0
        self.in_flight = 0
        self.last: dict[str, dict[str, Any]] = {}  # by worker
        self.second: Counter[str] = Counter()  # since the parent was last told
        self.done: dict[str, dict[str, Any]] = {}

    def add(self, worker: str, told: dict[str, Any], second: HdrHistogram) -> None:
        """Add what `worker` told; the latencies to `second`, too."""
        for us, count in told["latency"]:
            self.latency.record_value(min(max(us, 1), _HIGHEST_US), count)
            second.record_value(min(max(us, 1), _HIGHEST_US), count)
        for us, count in told["lateness"]:
            self.lateness.record_value(min(max(us, 1), _HIGHEST_US), count)
            self.sums["late"] += count if us >= LATE_US else 0
        for text, count in told["errors"]:
            self.errors[text] += count
        for name in ("measured", "answered", "failed"):
            self.sums[name] += told[name]
            self.second[name] += told[name]
        self.cpu = max(self.cpu, told["cpu"])
        self.last[worker] = told
        self.in_flight = max(self.in_flight, sum(each["in_flight"] for each in self.last.values()))


class LoadMaster:
    """Plays steps as it is told, and tells what came of them."""

    def __init__(self, plan: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
        self._plan = plan
        self._tell = tell
        self._commands: list[dict[str, Any]] = []
        self._has_command = Event()
        self._counts = StepCounts()
        self._second = histogram()
        self._step = 0
        self._is_stopped = False
        self._heard: dict[str, float] = {}
        self._environment = Environment(
            user_classes=user_classes(plan["locustfile"]),
            events=locust.events,
            host=plan["host"] or None,
            parsed_locustfiles=[locust_worker.__file__, *filter(None, [plan["locustfile"]])],
        )
        self._processes = Processes(plan)
        self._runner = self._make_runner()

    def _make_runner(self) -> Any:
        environment, plan = self._environment, self._plan
        if self._processes.expected == 0:
            runner = environment.create_local_runner()
        else:
            runner = environment.create_master_runner(plan["bind"], plan["port"])
        environment.events.init.fire(environment=environment, runner=runner, web_ui=None)
        runner.register_message(TICK, self._on_tick)
        runner.register_message(DONE, self._on_done)
        return runner

    # --- from the workers

    def _on_tick(self, msg: Any, **_: Any) -> None:
        worker = msg.node_id
        self._heard[worker] = time.monotonic()
        if msg.data["step"] == self._step:
            self._counts.add(worker, msg.data, self._second)

    def _on_done(self, msg: Any, **_: Any) -> None:
        self._on_tick(msg)
        if msg.data["step"] == self._step:
            self._counts.done[msg.node_id] = msg.data
            for name in ("due", "unsent", "unanswered"):
                self._counts.sums[name] += msg.data[name]

    # --- from the parent

    def on_command(self, command: dict[str, Any]) -> None:
        """Take a command; `stop` ends the step that is running at once."""
        if command["do"] == "stop":
            self._is_stopped = True
            self._runner.send_message(STOP, {})
        else:
            self._commands.append(command)
            self._has_command.set()

    def run(self) -> None:
        """Wait for workers, then play steps until told to quit."""
        try:
            self._wait_for_workers()
            self._tell({"kind": "ready", "workers": self._processes.expected})
            self._runner.send_message(
                PLAN, {key: self._plan[key] for key in ("is_open", "call", "timeout_s")}
            )
            while (command := self._next_command())["do"] == "step":
                self._play(command)
        except WorkerLostError as error:
            self._tell({"kind": "fault", "what": str(error), "step": self._figures()})

    def close(self) -> None:
        """End users and workers."""
        self._runner.quit()
        self._processes.close()

    def _next_command(self) -> dict[str, Any]:
        while not self._commands:
            self._has_command.clear()
            self._has_command.wait(timeout=1.0)
            self._look_at_workers()
        return self._commands.pop(0)

    # --- one step

    def _play(self, step: dict[str, Any]) -> None:
        self._step += 1
        self._counts, self._second = StepCounts(), histogram()
        self._is_stopped = False
        self._raise_users(step)
        workers = max(1, self._processes.expected)
        for at, worker in enumerate(self._workers()):
            share = {
                "step": self._step,
                "rate": step["rate"] / workers,
                "first": (at + 1) / workers,
                "is_fixed": step["is_fixed"],
                "pace_s": step["pace_s"],
                "ramp_s": step["ramp_s"] if self._plan["is_open"] else 0.0,
                "lasts_s": step["lasts_s"],
                "drain_s": step["drain_s"],
            }
            if worker is None:
                self._runner.send_message(STEP, share)
            else:
                self._runner.send_message(STEP, share, client_id=worker)
        if self._is_stopped:
            self._runner.send_message(STOP, {})
        self._follow(workers)
        self._tell({"kind": "step", **self._figures()})

    def _raise_users(self, step: dict[str, Any]) -> None:
        """Bring the users up; in the closed model that is the ramp, and it is not measured."""
        users = step["users"]
        if self._runner.user_count == users:
            return
        workers = max(1, self._processes.expected)
        ramp_s = 0.0 if self._plan["is_open"] else step["ramp_s"]
        added = abs(users - self._runner.user_count)
        # Users of the open model ask nothing before their turn comes: they may all come at once.
        fastest = float(added) if self._plan["is_open"] else _FASTEST_SPAWN * workers
        rate = min(fastest, max(0.01, added / ramp_s)) if ramp_s else fastest
        gevent.spawn(self._runner.start, users, rate)
        began, next_tick = time.monotonic(), time.monotonic() + 1.0
        while self._runner.user_count != users or time.monotonic() - began < ramp_s:
            if self._is_stopped:
                return
            gevent.sleep(_LOOK_S)
            self._look_at_workers()
            if time.monotonic() >= next_tick:
                next_tick += 1.0
                self._tell(
                    {"kind": "tick", "phase": "ramp", "users": self._runner.user_count, "step": self._step}
                )

    def _follow(self, workers: int) -> None:
        """Pass ticks on until every worker is done."""
        next_tick = time.monotonic() + 1.0
        while len(self._counts.done) < workers:
            gevent.sleep(_LOOK_S)
            self._look_at_workers(talking=True)
            if time.monotonic() >= next_tick:
                next_tick += 1.0
                self._tell({"kind": "tick", "phase": "step", "step": self._step, **self._now()})
                self._second = histogram()
                self._counts.second.clear()

    def _now(self) -> dict[str, Any]:
        """The last second in figures."""
        last = self._counts.last.values()
        return {
            "users": self._runner.user_count,
            "answered": self._counts.second["answered"],
            "failed": self._counts.second["failed"],
            "p95_us": _quantile(self._second, 95),
            "in_flight": sum(each["in_flight"] for each in last),
            "cpu": max((each["cpu"] for each in last), default=0.0),
        }

    def _figures(self) -> dict[str, Any]:
        """The step in figures."""
        counts = self._counts
        lasted = [each["lasted_s"] for each in counts.done.values()]
        return {
            "users": self._runner.user_count,
            **{
                name: counts.sums[name]
                for name in ("measured", "answered", "failed", "due", "unsent", "unanswered", "late")
            },
            "lasted_s": max(lasted, default=0.0),
            "p50_us": _quantile(counts.latency, 50),
            "p95_us": _quantile(counts.latency, 95),
            "p99_us": _quantile(counts.latency, 99),
            "max_us": _quantile(counts.latency, 100),
            "lateness_us": _quantile(counts.lateness, 99),
            "cpu": counts.cpu,
            "in_flight": counts.in_flight,
            "errors": counts.errors.most_common(20),
            "histogram": counts.latency.encode().decode("ascii"),
        }

    # --- workers

    def _workers(self) -> Sequence[str | None]:
        """Ids of the workers that share the load; one None where users live in this process."""
        if self._processes.expected == 0:
            return (None,)
        clients = self._runner.clients
        return [each.id for each in (*clients.ready, *clients.spawning, *clients.running)]

    def _wait_for_workers(self) -> None:
        if self._processes.expected == 0:
            return
        self._processes.start(self._runner.server.port)
        until = time.monotonic() + self._plan["worker_wait_s"]
        while len(self._workers()) < self._processes.expected:
            ended = self._processes.ended()
            if ended or time.monotonic() > until:
                there, wanted = len(self._workers()), self._processes.expected
                raise WorkerLostError(ended or f"{there} of {wanted} workers came")
            gevent.sleep(_LOOK_S)

    def _look_at_workers(self, *, talking: bool = False) -> None:
        """Raises WorkerLostError where one is gone: Locust itself would go on with fewer users."""
        expected = self._processes.expected
        if expected == 0:
            return
        ended = self._processes.ended()
        there = self._workers()
        if ended or len(there) < expected:
            raise WorkerLostError(ended or f"{len(there)} of {expected} workers are left")
        if talking:
            now = time.monotonic()
            for worker in there:
                if worker in self._counts.done:
                    self._heard[str(worker)] = now
                elif now - self._heard.setdefault(str(worker), now) > _WORKER_SILENT_S:
                    raise WorkerLostError(f"worker {worker} has said nothing for {_WORKER_SILENT_S:g} s")


def _quantile(counts: HdrHistogram, percent: float) -> int | None:
    """Microseconds; None of nothing."""
    if counts.get_total_count() == 0:
        return None
    return int(counts.get_value_at_percentile(percent))
