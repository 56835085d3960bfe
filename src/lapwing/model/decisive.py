"""Which regressions make a whole judgment one: the rule that gate, verdict and summary share."""

from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.metric import metric_named


def is_decisive(comparison: Comparison) -> bool:
    """Whether `comparison` alone makes its judgment `regressed`."""
    return comparison.verdict is ChangeVerdict.REGRESSED and metric_named(comparison.metric).decides
