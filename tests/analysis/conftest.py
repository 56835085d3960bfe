"""A made suite whose runs are repeatable: every draw comes from a seed."""

import random
from collections.abc import Mapping, Sequence

import pytest

from lapwing.model.series import RunSamples

MS = 1_000_000


def made_run(
    durations_ms: Sequence[float],
    *,
    seed: int,
    slower: Mapping[int, float] | None = None,
    waiting: Mapping[int, float] | None = None,
    noise: float = 0.05,
    factor: float = 1.0,
    has_cpu: bool = True,
    delays_ms: Mapping[int, float] | None = None,
) -> RunSamples:
    """A run of tests `t0`, `t1`, … with log-normal noise about their durations.

    `slower` multiplies wall and CPU time of a test, `waiting` adds milliseconds to its wall time only,
    `delays_ms` adds milliseconds of wait for a processor; given at all, that wait counts as measured.
    """
    rng = random.Random(seed)
    count = len(durations_ms)
    computed = [
        round(duration * MS * (slower or {}).get(at, 1.0) * factor * rng.lognormvariate(0, noise))
        for at, duration in enumerate(durations_ms)
    ]
    delays = [round((delays_ms or {}).get(at, 0.0) * MS) for at in range(count)]
    return RunSamples(
        run_id=f"run{seed}",
        subjects=tuple(f"tests/test_{at // 10}.py::t{at}" for at in range(count)),
        workers=("main",) * count,
        wall_ns=tuple(
            own + round((waiting or {}).get(at, 0.0) * MS) + delays[at] for at, own in enumerate(computed)
        ),
        cpu_ns=tuple(computed) if has_cpu else (None,) * count,
        run_delay_ns=() if delays_ms is None else tuple(delays),
    )


def made_durations(count: int, seed: int = 7) -> list[float]:
    """Durations in milliseconds, log-normal about 5; t7 takes 100 and t8 takes 30."""
    rng = random.Random(seed)
    durations = [5 * rng.lognormvariate(0, 1.3) for _ in range(count)]
    for at, duration in ((7, 100.0), (8, 30.0)):
        if count > at:
            durations[at] = duration
    return durations


class Suite:
    """A suite of which runs are made with rising seeds."""

    def __init__(self, durations_ms: Sequence[float]) -> None:
        self.durations_ms = durations_ms
        self._seed = 0

    def runs(self, count: int, **changes: object) -> list[RunSamples]:
        made = []
        for _ in range(count):
            self._seed += 1
            made.append(made_run(self.durations_ms, seed=self._seed, **changes))  # type: ignore[arg-type]
        return made


class LongAlone:
    """36 tests of 60 µs that vary by a third, and one of 100 ms that does not."""

    nodeid = "tests/test_long.py::test_long"

    def __init__(self) -> None:
        self._short, self._long = Suite([0.06] * 36), Suite([100.0])

    def runs(self, count: int, *, slower: float = 1.0, factor: float = 1.0) -> list[RunSamples]:
        short = self._short.runs(count, noise=0.3, factor=factor)
        long = self._long.runs(count, noise=0.03, factor=slower * factor)
        return [
            run._replace(
                subjects=(*run.subjects, self.nodeid),
                workers=(*run.workers, "main"),
                wall_ns=run.wall_ns + beside.wall_ns,
                cpu_ns=run.cpu_ns + beside.cpu_ns,
            )
            for run, beside in zip(short, long, strict=True)
        ]


@pytest.fixture
def long_alone() -> LongAlone:
    return LongAlone()


@pytest.fixture
def suite() -> Suite:
    """150 tests."""
    return Suite(made_durations(150))


@pytest.fixture
def tiny_suite() -> Suite:
    """Three tests of 100, 20 and 1 ms."""
    return Suite([100.0, 20.0, 1.0])
