"""A baseline file as runs, for sums: medians and spreads know nothing of what tests did together."""

import math
from collections.abc import Sequence
from typing import Final

from lapwing.analysis.baseline_entries import group_name
from lapwing.analysis.gates import severity_of
from lapwing.model.baseline import BaselineFile
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.metric import GROUP_WALL
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.stats.median import median
from lapwing.stats.student_t import t_quantile
from lapwing.units import format_duration

_MOST_RUNS: Final = 10


def sides_of_file(
    file: BaselineFile, judged: Sequence[RunSamples]
) -> tuple[list[RunSamples], list[RunSamples]]:
    """Runs such as may stand behind `file`, and the judged runs measured alike.

    As many as its tests have runs, ten at most, each with its tests at the same quantile of their spreads
    (Blom's normal scores): that all were slow together is the widest that their sum can vary. Times are those
    without waits and garbage collection if the file has them of every test, else as measured on both
    sides. No run where the file has no test.
    """
    entries = list(file.tests.values())
    if not entries:
        return [], list(judged)
    is_quiet = all(each.quiet_ns is not None for each in entries)
    centers = [(each.quiet_ns if is_quiet else None) or max(each.duration_ns, 1) for each in entries]
    count = min(max(each.runs for each in entries), _MOST_RUNS)
    subjects = tuple(each.nodeid for each in entries)
    runs = []
    for at in range(count):
        score = t_quantile((at + 1 - 0.375) / (count + 0.25), math.inf) if count > 1 else 0.0
        runs.append(
            RunSamples(
                run_id=str(at),
                subjects=subjects,
                workers=("",) * len(subjects),
                wall_ns=tuple(
                    round(center * math.exp(score * (each.spread or 0.0)))
                    for center, each in zip(centers, entries, strict=True)
                ),
                cpu_ns=tuple(each.cpu_ns for each in entries),
                gc_ns=(0,) * len(subjects) if is_quiet else (),
            )
        )
    return runs, list(judged) if is_quiet else [run._replace(run_delay_ns=(), gc_ns=()) for run in judged]


def with_group_limits(
    sums: Sequence[Comparison], file: BaselineFile, judged: Sequence[RunSamples], thresholds: ChangeThresholds
) -> tuple[Comparison, ...]:
    """`sums` in which a group whose threshold was edited by hand is judged by that, as measured."""
    return tuple(
        _limited(each, file, judged, thresholds) if each.metric == GROUP_WALL.name else each for each in sums
    )


def _limited(
    comparison: Comparison, file: BaselineFile, judged: Sequence[RunSamples], thresholds: ChangeThresholds
) -> Comparison:
    entry = file.groups.get(comparison.nodeid)
    if entry is None or not entry.threshold_is_manual:
        return comparison
    taken = median([_group_ns(run, entry.name) for run in judged]) or 0.0
    limit = f"its own limit of {format_duration(entry.threshold_ns)}, set by hand in the baseline file"
    if taken <= entry.threshold_ns:
        if comparison.verdict not in (ChangeVerdict.REGRESSED, ChangeVerdict.CANNOT_TELL):
            return comparison
        return comparison._replace(
            verdict=ChangeVerdict.UNCHANGED,
            severity=Severity.NONE,
            worth_a_look=False,
            reason=f"slower, but within {limit}",
        )
    return comparison._replace(
        verdict=ChangeVerdict.REGRESSED,
        severity=severity_of(taken / max(entry.duration_ns, 1), thresholds.suite_critical),
        worth_a_look=False,
        reason=f"over {limit}",
    )


def _group_ns(run: RunSamples, name: str) -> int:
    pairs = zip(run.subjects, run.wall_ns, strict=True)
    return sum(spent for subject, spent in pairs if group_name(subject) == name)
