"""A comparison for each test: what was judged of one metric, and what people see of it."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.analysis.baseline_side import BaselineSide
from lapwing.analysis.changes import Changes
from lapwing.analysis.columns import SHORTEST_NS
from lapwing.analysis.gates import CHANGED, UNCHANGED, Judged, is_large, judge_change
from lapwing.analysis.limits import Limits
from lapwing.analysis.scheduling import Scheduling
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.metric import Metric
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.units import format_duration

NOT_ITS_OWN: Final = "garbage collection or no free processor"
_AT_ODDS: Final = math.log(1.1)


class Shown(Value):
    """Medians by row as measured, waits and garbage collection included, in nanoseconds."""

    before: Sequence[float]
    after: Sequence[float]

    def change(self, row: int, judged: Changes) -> float:
        """ln(after / before), the machine taken out as of what was judged."""
        return self._told(row) + judged.changes[row] - judged.shifts[row]

    def is_at_odds(self, row: int, judged: Changes) -> bool:
        """Whether these times tell another change than that which was judged."""
        return abs(self._told(row) - judged.shifts[row]) > _AT_ODDS

    def _told(self, row: int) -> float:
        return math.log(self.after[row] / self.before[row])

    def lost(self, row: int, judged: Changes, thresholds: ChangeThresholds) -> str:
        """What of the time after the change was not judged, as text; "" if it is little."""
        lost = self.after[row] - judged.after[row]
        least = max(thresholds.min_change_ns, thresholds.warning * judged.after[row])
        return format_duration(lost) if lost > 0 and lost > least else ""


def measured_wall(subjects: Sequence[str], side: BaselineSide, arithmetic: Arithmetic) -> list[float]:
    """Medians of wall time as measured on one side, in nanoseconds, for each of `subjects`."""
    if side.file is None and all(run.subjects == subjects for run in side.runs):
        every = range(len(subjects))
        columns = [(every, run.wall_ns) for run in side.runs]
        medians = arithmetic.medians(arithmetic.sorted_rows(columns, len(every)))
        return [float(max(value, SHORTEST_NS)) for value in medians]
    measured = side.wall_medians(dict.fromkeys(subjects))
    return [float(max(measured[subject], SHORTEST_NS)) for subject in subjects]


def comparisons_of(
    changes: Changes,
    metric: Metric,
    shown: Shown | None,
    beside: Callable[[int, Judged, ChangeThresholds], Judged],
    limits: Limits,
    scheduling: Scheduling,
) -> list[Comparison]:
    """A comparison per row; `shown` is what people see where it is not what was judged.

    `beside` weighs the other clock: row and verdict in, verdict out.
    """
    made = []
    absorbed = changes.absorbed
    own = limits.by_subject(metric)
    name, unit = metric.name, metric.unit
    afters = changes.after if shown is None else shown.after
    rows = zip(
        changes.subjects, changes.changes, afters, changes.baseline_counts, changes.judged_counts, strict=True
    )
    for row, (subject, change, after, baseline_count, judged_count) in enumerate(rows):
        evidence = changes.evidence.get(row)
        lost = 0.0 if absorbed is None else absorbed[row]
        verdict = UNCHANGED
        thresholds = own(subject)
        if evidence is not None or lost > 0:
            verdict = judge_change(
                change,
                changes.after[row],
                evidence,
                thresholds,
                is_small_suite=changes.is_small_suite,
                is_within_measured=changes.is_within_measured(row),
                absorbed=lost,
                heavy_load=scheduling.is_heavily_loaded,
            )
        alone, verdict = verdict, beside(row, verdict, thresholds)
        is_denied = alone.verdict in CHANGED and verdict.verdict is ChangeVerdict.UNCHANGED
        if is_denied and shown is not None:
            # The other clocks have not seen it: what they show is what there is to see.
            change, evidence = shown.change(row, changes), None
        elif verdict.worth_a_look and not is_large(
            change, changes.after[row], thresholds, thresholds.warning
        ):
            # It is worth a look for its burst: with that taken out there is nothing to see.
            change, evidence = change + lost, None
        ratio = math.exp(change)
        is_told = verdict.verdict is not ChangeVerdict.UNCHANGED or verdict.worth_a_look
        if shown is None or is_denied:
            before = after / ratio
        elif is_told and shown.is_at_odds(row, changes):
            # Before and after as measured would belie the change: what was judged is shown.
            spent = shown.lost(row, changes, thresholds)
            after = changes.after[row]
            before = after / ratio
            if spent:
                left_out = f"{spent} of {NOT_ITS_OWN} left out"
                verdict = verdict._replace(
                    reason=f"{verdict.reason}; {left_out}" if verdict.reason else left_out
                )
        else:
            before = shown.before[row] * math.exp(changes.shifts[row] - change)
        interval = p = q = noise_floor = None
        if evidence is not None:
            interval = math.exp(change - evidence.margin), math.exp(change + evidence.margin)
            p, q, noise_floor = evidence.p, evidence.q, math.exp(evidence.least)
        made.append(
            # In the order of its fields: by keyword it takes half as long again, ten thousand times.
            Comparison(
                subject,
                name,
                unit,
                before,
                after,
                ratio,
                interval,
                p,
                q,
                verdict.verdict,
                verdict.severity,
                noise_floor,
                baseline_count,
                judged_count,
                verdict.worth_a_look,
                verdict.reason,
            )
        )
    return made
