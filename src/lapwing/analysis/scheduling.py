"""What a run's times hold that is not the tests' own: waits for a processor, garbage collection.

A test that waits for a processor grows in wall time and not in CPU time. On real suites, with
nothing changed, judging wall time less that wait instead of wall time itself cut false alarms from
0.2 to 0.01 per 1,000 tests on a quiet machine and from 4.0 to 0.13 on a loaded one. A full garbage
collection strikes whichever test runs when it is due, after a change elsewhere another one.
"""

from collections.abc import Sequence
from typing import Final

from lapwing.analysis.columns import Raw
from lapwing.model.computed_pause import computed_pause
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.stats.median import median

LOADED_SHARE: Final = 0.05
"""Share of a run's test time spent waiting for a processor, over the baseline's, that makes it loaded."""

LOADED_GAP: Final = 1.05
"""Machine factor of wall over that of CPU that makes a run loaded, where no wait was measured."""

HEAVY: Final = 5.0
"""So many times either makes it heavily loaded: by default a quarter of the time was spent waiting."""


class Scheduling(Value):
    """Evidence about the judged runs."""

    has_wait: bool  # the wait for a processor was measured on both sides and is taken out of wall time
    is_loaded: bool  # other work kept the processors busier while the judged runs ran than before
    is_heavily_loaded: bool  # so much that computing itself is stretched, of some tests more than of others
    is_busy: bool  # other work kept them busy while the judged runs ran, as before or not
    was_busy: bool  # other work kept them busy while the baseline ran


def wall(run: RunSamples) -> Raw:
    """Wall time as measured, in nanoseconds."""
    return run.wall_ns


def measured_cpu(run: RunSamples) -> Raw:
    """CPU time of process and children as measured, in nanoseconds; empty where the run has none."""
    return run.cpu_ns


def cpu(run: RunSamples) -> Raw:
    """CPU time of process and children less garbage collection, in nanoseconds; empty where unknown."""
    return _without_gc(run, run.cpu_ns)


def quiet_wall(run: RunSamples) -> Raw:
    """Wall time less the wait for a processor and less garbage collection, in nanoseconds.

    Less the wait it is never under the CPU time. A test without a measured wait or collection keeps its
    wall time.
    """
    return _without_gc(run, _without_wait(run))


def with_gc_everywhere(*sides: Sequence[RunSamples]) -> tuple[Sequence[RunSamples], ...]:
    """The sides, without their times of garbage collection if some run did not measure them.

    Taken out of one side alone they would look like a change.
    """
    if all(any(pause is not None for pause in run.gc_ns) for side in sides for run in side):
        return sides
    return tuple([run._replace(gc_ns=()) for run in side] for side in sides)


def _without_gc(run: RunSamples, values: Raw) -> Raw:
    if not any(run.gc_ns) or len(values) != len(run.gc_ns):
        return values
    return [
        max(value - pause, 0) if pause and value is not None else value
        for value, pause in zip(values, _computed_pauses(run), strict=True)
    ]


def _computed_pauses(run: RunSamples) -> Raw:
    """Garbage collection less its part of the wait for a processor, which is taken out by itself.

    Taken out whole, on a loaded machine it left nothing of some tests.
    """
    if not any(run.run_delay_ns):
        return run.gc_ns
    has_cpu = len(run.cpu_ns) == len(run.gc_ns)
    pauses: list[float | None] = list(run.gc_ns)
    for place, (pause, wait) in enumerate(zip(run.gc_ns, run.run_delay_ns, strict=True)):
        if pause and wait:
            own = run.cpu_ns[place] if has_cpu else None
            pauses[place] = computed_pause(pause, wait_ns=wait, cpu_ns=own, wall_ns=run.wall_ns[place])
    return pauses


def _without_wait(run: RunSamples) -> Raw:
    if not any(run.run_delay_ns):
        return run.wall_ns
    known = run.cpu_ns if len(run.cpu_ns) == len(run.wall_ns) else (None,) * len(run.wall_ns)
    return [
        max(spent - wait, min(own or 0, spent)) if wait else spent
        for spent, wait, own in zip(run.wall_ns, run.run_delay_ns, known, strict=True)
    ]


def has_wait(runs: Sequence[RunSamples]) -> bool:
    """Whether every run measured the wait for a processor of at least one test."""
    return all(any(wait is not None for wait in run.run_delay_ns) for run in runs)


def wait_share(runs: Sequence[RunSamples]) -> float:
    """Median over `runs` of the share of test time spent waiting for a processor; 0 without runs."""
    shares = [sum(wait for wait in run.run_delay_ns if wait) / max(sum(run.wall_ns), 1) for run in runs]
    return median(shares) or 0.0


def scheduling_of(
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    wall_factor: float | None,
    cpu_factor: float | None,
) -> Scheduling:
    """Whether the judged runs were loaded, and busy at all.

    By the wait for a processor where all runs measured it, else by how far the machine factor of
    wall time is over that of CPU time; without either, a run counts as not loaded.
    """
    if has_wait([*baseline, *judged]):
        share = wait_share(judged)
        before = wait_share(baseline)
        more = share - before
        return Scheduling(
            has_wait=True,
            is_loaded=more > LOADED_SHARE,
            is_heavily_loaded=more > HEAVY * LOADED_SHARE,
            is_busy=share > LOADED_SHARE,
            was_busy=before > LOADED_SHARE,
        )
    gap = 1.0 if wall_factor is None or cpu_factor is None else wall_factor / cpu_factor
    return Scheduling(
        has_wait=False,
        is_loaded=gap > LOADED_GAP,
        is_heavily_loaded=gap - 1 > HEAVY * (LOADED_GAP - 1),
        is_busy=gap > LOADED_GAP,
        was_busy=gap < 1 / LOADED_GAP,
    )


class Switches:
    """Involuntary context switches of single tests, read only when asked for."""

    def __init__(self, baseline: Sequence[RunSamples], judged: Sequence[RunSamples]) -> None:
        self._baseline, self._judged = baseline, judged

    def grew(self, subject: str) -> bool:
        """Whether the median judged run interrupted the test more often than the median baseline run."""
        before = median(_switches(self._baseline, subject))
        after = median(_switches(self._judged, subject))
        return before is not None and after is not None and after > before


def _switches(runs: Sequence[RunSamples], subject: str) -> list[int]:
    found = []
    for run in runs:
        if run.involuntary_switches and subject in run.subjects:
            value = run.involuntary_switches[run.subjects.index(subject)]
            if value is not None:
                found.append(value)
    return found
