"""CPU time and wall time as measured beside what is judged: a rise of wall time alone is waiting."""

import math
from collections.abc import Sequence
from typing import Final

from lapwing.analysis.gates import CHANGED, FEWEST_RUNS, Judged
from lapwing.analysis.quickest import Quickest
from lapwing.analysis.scheduling import Scheduling
from lapwing.model.comparison import ChangeVerdict, Comparison, worst_verdict
from lapwing.model.thresholds import ChangeThresholds
from lapwing.units import format_duration

_ALIKE: Final = 0.5
"""CPU time agrees from this share of the threshold (ln) on, …"""

_SHARE: Final = 1 / 3
"""… if its rise makes up this share of that of wall time."""


_ENOUGH_RUNS: Final = 5
"""Runs of which the quickest has hardly been disturbed, unless the machine was busy all the time."""

_TIMES_CPU: Final = 2.0
"""So many times its CPU time must a test wait longer for other work to be no excuse: with one process beside
each of its own on every processor, what threads and children compute takes twice as long."""

_FELT: Final = 0.05
"""Share of its wall time that a test must compute longer by, where wall time itself does not show it."""

_CLEAR_WAIT_FLOORS: Final = 25.0
"""Absolute floors a longer wait must pass where so few runs of a side do not show how it varies."""

_AS_BEFORE: Final = "half of the suite changed at once, and it took as long before, as measured"


def with_cpu(
    judged: Judged,
    rise_ns: float,
    cpu_change: float | None,
    cpu_rise_ns: float,
    scheduling: Scheduling,
    thresholds: ChangeThresholds,
    *,
    more_switches: bool,
    baseline_runs: int,
    quickest: Quickest,
    cpu_after_ns: float,
) -> Judged:
    """The verdict on wall time, which rose by `rise_ns`, seen beside the change of CPU time.

    `cpu_change` is ln(after / before), None if not measured, and `cpu_rise_ns` the same in time. A rise
    that CPU time shares stands, on a loaded machine only if CPU time is over the threshold, too; and so
    does any where CPU time is unknown, unless the machine was busy. A rise of wall time alone stands as
    waiting (I/O, sleep, lock) only if the machine was not busy. Where no wait for a processor was measured,
    more involuntary switches of that test (`more_switches`) count as load.

    Of five or more judged runs even the `quickest` must be slower, by half of the threshold: other work adds
    now more, now less to a wait. On a busy machine fewer runs are `cannot_tell`, and so are more, unless the
    quickest waits longer by twice what the test computes (`cpu_after_ns`): other work keeps threads and
    children from what they compute, not from sleeping.

    Of one or two `baseline_runs`, or where it was seen in a single judged run, a wait must be over 25
    absolute floors (50 ms by default) longer, too: threads and sockets wait by tens of milliseconds more or
    less, and now and then one of them does so in a test that never did.

    Asking for a share of the rise, not only for a ratio, cut false alarms of loaded runs fourfold: other
    work slows a test's own computing a little, too.
    """
    if judged.verdict is not ChangeVerdict.REGRESSED:
        return judged
    if cpu_change is None:
        if not scheduling.is_busy:
            return judged
        reason = "its CPU time is not known, on a machine that was busy"
        return Judged(ChangeVerdict.CANNOT_TELL, worth_a_look=True, reason=reason)
    alike = 1.0 if scheduling.is_loaded else _ALIKE
    if _shares(cpu_change, cpu_rise_ns, rise_ns, alike * math.log1p(thresholds.warning)):
        return judged
    is_always = quickest.runs >= _ENOUGH_RUNS and quickest.change > _ALIKE * math.log1p(thresholds.warning)
    if is_always and quickest.rise > _TIMES_CPU * cpu_after_ns:
        return judged._replace(reason=f"even the quickest of {quickest.runs} runs waits longer")
    if quickest.runs >= _ENOUGH_RUNS and not is_always:
        return Judged(
            ChangeVerdict.CANNOT_TELL,
            worth_a_look=True,
            reason="it waits longer and hardly computes longer, but not in every run",
        )
    if scheduling.is_busy or (more_switches and not scheduling.has_wait):
        return Judged(
            ChangeVerdict.CANNOT_TELL,
            worth_a_look=True,
            reason="it waits longer and hardly computes longer, on a machine that was busy",
        )
    is_seldom_seen = baseline_runs <= FEWEST_RUNS or quickest.runs == 1
    if is_seldom_seen and rise_ns < _CLEAR_WAIT_FLOORS * thresholds.min_change_ns:
        few = "so few baseline runs do not show how long it waits by itself"
        return Judged(
            ChangeVerdict.CANNOT_TELL,
            worth_a_look=True,
            reason="it waits longer, but "
            + (few if baseline_runs <= FEWEST_RUNS else "so far in a single run"),
        )
    waits = "it waits longer (I/O, sleep, lock) and hardly computes longer"
    return judged._replace(reason=f"{waits}; {judged.reason}" if judged.reason else waits)


def with_less_waiting(
    judged: Judged,
    fall_ns: float,
    cpu_change: float | None,
    cpu_fall_ns: float,
    scheduling: Scheduling,
    thresholds: ChangeThresholds,
    *,
    baseline_runs: int,
    surely_ns: float,
    cpu_after_ns: float,
) -> Judged:
    """The verdict on wall time, which fell by `fall_ns`, seen beside the change of CPU time.

    `cpu_change` is ln(after / before), None if not measured, and `cpu_fall_ns` the same in time. A fall that
    CPU time shares stands. A fall of wall time alone does not where the machine was busy while the baseline
    ran, unless of five or more runs even the quickest waited longer (by `surely_ns`) by twice what the test
    computes (`cpu_after_ns`). Where fewer than five runs are all that says how long it waits, it must be over
    25 absolute floors (50 ms by default): before, it polled a process, a socket or a thread once more.
    """
    if judged.verdict is not ChangeVerdict.IMPROVED:
        return judged
    if cpu_change is not None and _shares(
        -cpu_change, cpu_fall_ns, fall_ns, _ALIKE * math.log1p(thresholds.warning)
    ):
        return judged
    is_few = baseline_runs < _ENOUGH_RUNS
    if scheduling.was_busy and (is_few or surely_ns <= _TIMES_CPU * cpu_after_ns):
        why = "it waits less, and other work kept the machine busy before"
    elif is_few and fall_ns < _CLEAR_WAIT_FLOORS * thresholds.min_change_ns:
        why = "it waits less, and so few baseline runs do not show how long it waits by itself"
    else:
        return judged
    return Judged(ChangeVerdict.UNCHANGED, reason=why)


def _shares(cpu_change: float, cpu_ns: float, wall_ns: float, enough: float) -> bool:
    """Whether CPU time changed with wall time, by `enough` (ln); all above 0 in its direction."""
    return cpu_change >= enough and cpu_ns >= _SHARE * wall_ns


def with_wall(
    judged: Judged, cpu_rise_ns: float, wall_change: float | None, wall_after_ns: float, warning: float
) -> Judged:
    """The verdict on CPU time, which rose by `cpu_rise_ns`, seen beside the change of wall time.

    `wall_change` is ln(after / before), None if unknown. A test that waits for most of its time computes a
    few milliseconds longer where a library is warmed up in it, or its clients come at another moment. Nobody
    waits longer for that: under a twentieth of `wall_after_ns`, with wall time less than half of `warning`
    slower, it is unchanged.
    """
    if judged.verdict is not ChangeVerdict.REGRESSED and not judged.worth_a_look:
        return judged
    if wall_change is None or wall_change >= _ALIKE * math.log1p(warning):
        return judged
    if cpu_rise_ns >= _FELT * wall_after_ns:
        return judged
    more = f"{format_duration(cpu_rise_ns)} more computing of {format_duration(wall_after_ns)}"
    return Judged(ChangeVerdict.UNCHANGED, reason=f"{more}, and it takes no longer")


def with_measured(
    judged: Judged,
    rise_ns: float,
    measured_change: float | None,
    cpu_change: float | None,
    cpu_rise_ns: float,
    warning: float,
) -> Judged:
    """The verdict on wall time less waits, which rose by `rise_ns`, seen beside wall time as measured.

    `measured_change` and `cpu_change` are ln(after / before), the machine taken out, None if not known, and
    `cpu_rise_ns` that of CPU time; a fall is below 0. The wait for a processor is read once a test and holds
    that of pytest's own work between two of them: where that is much, it takes out what a test slept. So a
    change counts only where wall time as measured or CPU time has it, too.
    """
    if judged.verdict not in CHANGED or measured_change is None:
        return judged
    sign = 1 if judged.verdict is ChangeVerdict.REGRESSED else -1
    enough = _ALIKE * math.log1p(warning)
    if sign * measured_change >= enough:
        return judged
    if cpu_change is not None and _shares(sign * cpu_change, sign * cpu_rise_ns, sign * rise_ns, enough):
        return judged
    more = "longer" if sign > 0 else "less"
    return Judged(
        ChangeVerdict.UNCHANGED, reason=f"it takes and computes no {more}, but for waits for a processor"
    )


def with_shift(judged: Judged, shift: float, warning: float) -> Judged:
    """The verdict on a test of a suite of which half changed at once, seen beside its own `shift`.

    `shift` is ln(after / before) as measured, the machine left in. What was taken out of such a suite may as
    well be code that most tests share: a fixture that is gone makes short tests quicker, and no long one
    slower. So a change counts only where the test has at least half of `warning` of it as measured.
    """
    if judged.verdict not in CHANGED:
        return judged
    is_slower = judged.verdict is ChangeVerdict.REGRESSED
    if (shift if is_slower else -shift) >= _ALIKE * math.log1p(warning):
        return judged
    return Judged(ChangeVerdict.CANNOT_TELL, worth_a_look=is_slower, reason=_AS_BEFORE)


def test_verdict(comparisons: Sequence[Comparison]) -> ChangeVerdict:
    """The verdict on a test from all comparisons of it: the worst.

    The comparisons of wall time are made with those of CPU time in view, so that the worst never
    contradicts what both clocks say together.
    """
    return worst_verdict([comparison.verdict for comparison in comparisons])


test_verdict.__test__ = False  # type: ignore[attr-defined]
