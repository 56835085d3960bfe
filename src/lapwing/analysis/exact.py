"""Comparisons of what no machine stretches: the values themselves, without chance or interval."""

from lapwing.analysis.gates import Judged
from lapwing.model.comparison import Comparison


def exact_comparison(
    nodeid: str,
    metric: str,
    unit: str,
    *,
    before: float,
    after: float,
    ratio: float,
    runs: tuple[int, int],
    judged: Judged,
) -> Comparison:
    """`judged` as the comparison of a test; `runs` are those of the baseline and the judged ones."""
    return Comparison(
        nodeid=nodeid,
        metric=metric,
        unit=unit,
        before=before,
        after=after,
        ratio=ratio,
        interval=None,
        p=None,
        q=None,
        verdict=judged.verdict,
        severity=judged.severity,
        baseline_runs=runs[0],
        judged_runs=runs[1],
        worth_a_look=judged.worth_a_look,
        reason=judged.reason,
    )
