"""How a benchmark goes: calibration, warm-up, rounds. Pure: it asks for timings and does arithmetic.

`sampling` is a generator. It yields how many calls to time next, and is sent what they took; a driver
that calls a function and one that awaits a coroutine share it, and a test drives it by hand.
"""

from collections.abc import Generator
from typing import Final

from lapwing.model.value import Value

LEAST_SAMPLE_NS: Final = 5_000_000
"""A shorter sample is more of timers and interrupts than of code."""

ROUNDS: Final = 30
MOST_NS: Final = 3_000_000_000
FEWEST_ROUNDS: Final = 5
_MOST_LOOPS: Final = 1 << 30


class Plan(Value):
    """What is asked for."""

    iterations: int | None = None  # single calls to measure, one per sample; None: calibrated
    warmup: int | None = None  # samples thrown away before; None: one, calibration counts as one
    rounds: int = ROUNDS  # samples, where they are calibrated
    most_ns: int = MOST_NS  # after which no new sample begins, but for the first few


class Timing(Value):
    """What some calls took together."""

    wall_ns: int
    cpu_ns: int


class Samples(Value):
    """What was measured, per call."""

    loops: int  # calls per sample
    warmup: int  # samples thrown away, those of calibration among them
    wall_ns: tuple[float, ...]
    cpu_ns: tuple[float, ...]
    overhead_ns: int  # of reading the clocks, taken out of each sample


def sampling(plan: Plan, overhead: Timing) -> Generator[int, Timing, Samples]:
    """Ask for timings as `plan` says, `overhead` being what reading the clocks adds to each.

    Where iterations are not fixed, the calls per sample grow until a sample takes at least
    `LEAST_SAMPLE_NS`: tenfold while it is under a tenth, then to 1.2 times what is missing. Raises
    ValueError for a plan without a sample.
    """
    _check(plan)
    loops, thrown, spent = 1, 0, 0
    if plan.iterations is None:
        while True:
            first = yield loops
            thrown, spent = thrown + 1, spent + first.wall_ns
            if first.wall_ns >= LEAST_SAMPLE_NS or loops >= _MOST_LOOPS:
                break
            loops = _more_loops(loops, first.wall_ns)
    wanted = (1 if plan.iterations is not None else 0) if plan.warmup is None else plan.warmup
    for _ in range(wanted):
        timing = yield loops
        thrown, spent = thrown + 1, spent + timing.wall_ns
    walls: list[float] = []
    cpus: list[float] = []
    rounds = plan.rounds if plan.iterations is None else plan.iterations
    while len(walls) < rounds:
        if plan.iterations is None and spent > plan.most_ns and len(walls) >= FEWEST_ROUNDS:
            break
        timing = yield loops
        spent += timing.wall_ns
        walls.append(max(0, timing.wall_ns - overhead.wall_ns) / loops)
        cpus.append(max(0, timing.cpu_ns - overhead.cpu_ns) / loops)
    return Samples(loops, thrown, tuple(walls), tuple(cpus), overhead.wall_ns)


def _check(plan: Plan) -> None:
    for name, value, least in (
        ("iterations", plan.iterations, 1),
        ("warmup", plan.warmup, 0),
        ("rounds", plan.rounds, 1),
    ):
        if value is not None and (not isinstance(value, int) or value < least):
            raise ValueError(f"{name} is a whole number of at least {least}, not {value!r}")


def _more_loops(loops: int, took_ns: int) -> int:
    if took_ns * 10 <= LEAST_SAMPLE_NS:
        return loops * 10
    return max(loops + 1, round(loops * 1.2 * LEAST_SAMPLE_NS / took_ns))
