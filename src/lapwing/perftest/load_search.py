"""Up the stairs until a load is not held, then halving the last interval. Others play the steps."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.model.load import LoadStep
from lapwing.model.value import Value
from lapwing.perftest.load_plan import Limits
from lapwing.units import format_duration, format_share

RESOLUTION: Final = 0.05
"""Halving ends where the interval is this share of the load that was not held."""

_MOST_HALVINGS: Final = 6
_TIMES_LIGHTEST: Final = 5
_LEAST_P95_NS: Final = 100_000_000


class Found(Value):
    """The steps played, and the least load that was not held."""

    steps: tuple[LoadStep, ...]
    broken: LoadStep | None
    is_complete: bool


def judged(step: LoadStep, limits: Limits, *, is_rate_intended: bool) -> LoadStep:
    """`step` with the limits it did not keep. A step without answers holds nothing."""
    broken = []
    if limits.p95_ns is not None and step.p95_ns is not None and step.p95_ns > limits.p95_ns:
        broken.append(f"p95 {format_duration(step.p95_ns)} > {format_duration(limits.p95_ns)}")
    if step.failure_share > limits.failures:
        broken.append(f"failures {format_share(step.failure_share)} > {format_share(limits.failures)}")
    if is_rate_intended and step.offered_rps and step.achieved_rps < limits.achieved * step.offered_rps:
        share = step.achieved_rps / step.offered_rps
        broken.append(f"achieved {format_share(share)} of offered < {format_share(limits.achieved)}")
    if step.requests == 0:
        broken.append("nothing was due: measure longer" if step.offered_rps == 0 else "nothing was answered")
    return step._replace(broken=tuple(broken))


def load_limits(limits: Limits, lightest: LoadStep) -> Limits:
    """`limits` with one for p95 where none was given: five times the lightest load's, at least 100 ms."""
    if limits.p95_ns is not None or lightest.p95_ns is None:
        return limits
    return limits._replace(p95_ns=max(_LEAST_P95_NS, _TIMES_LIGHTEST * lightest.p95_ns))


def climb(
    measure: Callable[[float], LoadStep | None],
    loads: Sequence[float],
    limits: Limits,
    *,
    is_rate_intended: bool,
    are_whole: bool,
    least: float = 0.0,
) -> Found:
    """Play `loads` (rising) until one is not held, then halve the interval below it.

    A single load is only played: it is a question about that load.

    `measure` gives None where a step was cut short: the search ends there. `are_whole` allows whole loads
    only, such as users. No load under `least` is played in search of one that is held.
    """
    steps: list[LoadStep] = []
    held = 0.0
    broken: LoadStep | None = None

    def play(load: float) -> LoadStep | None:
        nonlocal limits
        step = measure(load)
        if step is None:
            return None
        if not steps:
            limits = load_limits(limits, step)
        steps.append(judged(step, limits, is_rate_intended=is_rate_intended))
        return steps[-1]

    for load in loads:
        step = play(load)
        if step is None:
            return Found(tuple(steps), broken, is_complete=False)
        if not step.is_held:
            broken = step
            break
        held = load
    for _ in range(_MOST_HALVINGS if len(loads) > 1 else 0):
        if broken is None or broken.load - held <= max(RESOLUTION * broken.load, 1.0 if are_whole else 0.0):
            break
        middle = (broken.load + held) / 2
        if middle < least:
            break
        step = play(float(round(middle)) if are_whole else middle)
        if step is None:
            return Found(tuple(steps), broken, is_complete=False)
        if step.is_held:
            held = step.load
        else:
            broken = step
    return Found(tuple(steps), broken, is_complete=True)


def stairs(first: float, highest: float, distance: float) -> tuple[float, ...]:
    """Loads from `first` in steps of `distance`; the last one is `highest`."""
    count = int((highest - first) / distance + 1e-9)
    loads = [first + at * distance for at in range(count + 1)]
    return tuple(loads) if loads[-1] >= highest - 1e-9 else (*loads, highest)
