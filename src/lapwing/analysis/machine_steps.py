"""The machine itself over runs: when it became slower or faster, and what changed with it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from lapwing.analysis.change_points import series_change
from lapwing.model.history import MachineStep
from lapwing.model.run import Run

_AROUND: Final = 1  # runs by which a step may be told too early or too late


def machine_steps(
    runs: Callable[[], Sequence[Run]], factors: Sequence[float | None]
) -> tuple[MachineStep, ...]:
    """Lasting changes of the machine factor over runs, oldest first, beside their `factors`.

    `runs` gives them; it is asked only where there is a step.
    """
    change = series_change([factor for factor in factors if factor is not None])
    if not change.steps:
        return ()
    known = [(run, factor) for run, factor in zip(runs(), factors, strict=True) if factor is not None]
    return tuple(
        MachineStep(
            before=known[step.at - 1][0],
            after=known[step.at][0],
            ratio=step.after / step.before,
            changes=tuple(
                _differences(
                    known[max(0, step.at - 1 - _AROUND)][0],
                    known[min(len(known) - 1, step.at + _AROUND)][0],
                )
            ),
        )
        for step in change.steps
    )


def _differences(before: Run, after: Run) -> Iterator[str]:
    """What of machine and interpreter is another, in words."""
    pairs = (
        ("processor", before.machine.cpu_model, after.machine.cpu_model),
        ("cores", str(before.machine.cores), str(after.machine.cores)),
        ("processor limit", _limit(before), _limit(after)),
        ("memory", str(before.machine.memory_bytes >> 20), str(after.machine.memory_bytes >> 20)),
        ("host", before.machine.hostname, after.machine.hostname),
        ("kernel", before.machine.kernel, after.machine.kernel),
        (before.implementation, before.python, after.python),
        ("workers", str(before.workers), str(after.workers)),
    )
    for name, was, now in pairs:
        if was != now:
            yield f"{name} {was or 'unknown'} → {now or 'unknown'}"


def _limit(run: Run) -> str:
    limit = run.machine.cpu_limit
    return "none" if limit is None else f"{limit:g}"
