"""Plays a load or stress test of an endpoint or a locustfile with Locust, and gives its figures."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from lapwing.errors import LoadError
from lapwing.model.load import LoadResult, LoadStep, LoadUnit
from lapwing.model.value import Value
from lapwing.perftest.load_child import LoadChild, Record
from lapwing.perftest.load_plan import Endpoint, Limits, Shape, Where, child_plan
from lapwing.perftest.load_search import Found, climb
from lapwing.units import NS_PER_S, format_share

_NS_PER_US: Final = 1000
_BUSY_CPU: Final = 0.8
_TELLING: Final = 20  # of fewer requests a 95th percentile is that of the slowest

OnTick = Callable[["LoadTick"], None]


class LoadTick(Value):
    """How far a test is, once a second."""

    load: float
    unit: LoadUnit
    is_ramp: bool
    users: int
    answered_rps: float = 0.0  # in the last second, as those below
    failures: int = 0
    p95_ns: int | None = None
    in_flight: int = 0


class Job(Value):
    """What is to be played."""

    name: str
    shape: Shape
    limits: Limits
    loads: Sequence[float]  # rising
    endpoint: Endpoint | None = None
    locustfile: str = ""
    host: str = ""  # for users of the locustfile that name none
    where: Where = Where()

    @property
    def unit(self) -> LoadUnit:
        """What the loads count."""
        return LoadUnit.RPS if self.shape.is_open else LoadUnit.USERS

    @property
    def target(self) -> str:
        """What is asked, in words."""
        if self.endpoint is not None:
            return f"{self.endpoint.method} {self.endpoint.url}"
        return f"{self.locustfile} on {self.host}" if self.host else self.locustfile


def play_load(job: Job, on_tick: OnTick = lambda _: None) -> LoadResult:
    """Play the loads of `job` until one is not held.

    Ctrl-C ends it and gives what was measured so far. Raises MissingExtraError without Locust, and
    LoadError, which carries the result so far, where a worker was lost.
    """
    plan = child_plan(job.endpoint, job.locustfile, job.host, job.shape, job.where)
    began, began_ns = time.monotonic(), time.time_ns()
    played: list[LoadStep] = []
    is_cut_short = False

    def result(found: Found | None, workers: int) -> LoadResult:
        steps = found.steps if found is not None else tuple(played)
        broken = found.broken if found is not None else None
        return LoadResult(
            name=job.name,
            target=job.target,
            unit=job.unit,
            wanted=job.loads[-1],
            steps=steps,
            breaking_point=None if broken is None else broken.load,
            breaking_point_rps=None if broken is None else _rate(broken, job.shape),
            started_at_ns=began_ns,
            duration_ns=round((time.monotonic() - began) * NS_PER_S),
            workers=workers,
            is_complete=found is not None and found.is_complete and not is_cut_short,
            notes=_notes(steps, is_cut_short),
        )

    workers = 0
    with LoadChild(plan) as child:
        try:
            workers = child.wait_until_ready()

            def measure(load: float) -> LoadStep | None:
                nonlocal is_cut_short
                if is_cut_short:
                    return None
                figures = child.play(
                    _command(job.shape, load), lambda record: on_tick(_tick(record, load, job))
                )
                is_cut_short = bool(figures["is_cut_short"])
                step = _step(figures, job, load)
                if is_cut_short and not step.requests:
                    return None
                played.append(step)
                return step

            found = climb(
                measure,
                job.loads,
                job.limits,
                is_rate_intended=job.shape.is_open or job.shape.pace_s > 0,
                are_whole=not job.shape.is_open,
                least=_TELLING / job.shape.lasts_s if job.shape.is_open else 0.0,
            )
        except LoadError as error:
            if isinstance(error.figures, dict) and error.figures["measured"]:
                played.append(_step(error.figures, job, job.loads[min(len(played), len(job.loads) - 1)]))
            error.result = result(None, workers)
            raise
        except KeyboardInterrupt:
            is_cut_short = True
            found = Found(tuple(played), None, is_complete=False)
    return result(found, workers)


def _command(shape: Shape, load: float) -> Record:
    return {
        "users": shape.users_at(load),
        "rate": load if shape.is_open else 0.0,
        "is_fixed": shape.is_fixed,
        "pace_s": shape.pace_s,
        "ramp_s": shape.ramp_s,
        "lasts_s": shape.lasts_s,
        "drain_s": shape.drain_s,
    }


def _tick(record: Record, load: float, job: Job) -> LoadTick:
    tick = LoadTick(load, job.unit, record["phase"] == "ramp", record["users"])
    if tick.is_ramp:
        return tick
    return tick._replace(
        answered_rps=float(record["answered"]),
        failures=record["failed"],
        p95_ns=_ns(record["p95_us"]),
        in_flight=record["in_flight"],
    )


def _step(figures: Record, job: Job, load: float) -> LoadStep:
    lasted = figures["lasted_s"]
    users = figures["users"]
    p50 = _ns(figures["p50_us"])
    if job.shape.is_open:
        offered: float | None = figures["due"] / lasted if lasted else None
    elif job.shape.pace_s:
        offered = users / job.shape.pace_s
    elif job.locustfile:
        offered = None  # users of a locustfile wait between their tasks as it says
    else:
        # What these users would have asked, had every answer taken as long as the median.
        offered = users * NS_PER_S / p50 if p50 else None
    return LoadStep(
        load=load,
        users=users,
        duration_ns=round(lasted * NS_PER_S),
        offered_rps=offered,
        achieved_rps=figures["answered"] / lasted if lasted else 0.0,
        requests=figures["measured"],
        failures=figures["failed"],
        unsent=figures["unsent"],
        unanswered=figures["unanswered"],
        late=figures["late"],
        p50_ns=p50,
        p95_ns=_ns(figures["p95_us"]),
        p99_ns=_ns(figures["p99_us"]),
        max_ns=_ns(figures["max_us"]),
        lateness_ns=_ns(figures["lateness_us"]),
        in_flight=figures["in_flight"],
        generator_cpu=figures["cpu"],
        errors=dict(figures["errors"]),
        histogram=figures["histogram"],
    )


def _rate(broken: LoadStep, shape: Shape) -> float | None:
    """Requests a second of the load that was not held."""
    if shape.is_open:
        return broken.load
    return broken.offered_rps if shape.pace_s else broken.achieved_rps


def _notes(steps: Sequence[LoadStep], is_cut_short: bool) -> tuple[str, ...]:
    notes = []
    if is_cut_short:
        notes.append("interrupted: these are the figures until then")
    unsent = sum(step.unsent for step in steps)
    if unsent:
        notes.append(f"{unsent:,} requests were due and could not be sent: every user waited for an answer")
    busiest = max((step.generator_cpu or 0.0 for step in steps), default=0.0)
    if busiest > _BUSY_CPU:
        notes.append(
            f"the generator used {format_share(busiest)} of a processor: it may be what was slow. "
            "Give it more --processes or --workers"
        )
    return tuple(notes)


def _ns(us: int | None) -> int | None:
    return None if us is None else us * _NS_PER_US
