"""The thresholds of one subject: the general ones, or what rules of the settings make of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from lapwing.model.metric import (
    CATEGORY_WALL,
    COLLECTION,
    FIXTURE_SETUP,
    GROUP_WALL,
    SUITE_WALL,
    Metric,
)
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds, ThresholdRule

_SUMS: Final = frozenset(
    metric.name for metric in (SUITE_WALL, GROUP_WALL, CATEGORY_WALL, FIXTURE_SETUP, COLLECTION)
)


class Limits:
    """Thresholds by subject and metric; of several rules that fit, a later one wins."""

    def __init__(self, thresholds: ChangeThresholds, category_of: Mapping[str, str]) -> None:
        self._general, self._category_of = thresholds, category_of

    def of(self, subject: str, metric: Metric) -> ChangeThresholds:
        """What holds for one metric of `subject`: a test, or what sums are made of."""
        limits = self._general
        for rule in limits.rules:
            if self._fits(rule, subject, metric):
                limits = _with(limits, rule, is_sum=metric.name in _SUMS)
        return limits

    def by_subject(self, metric: Metric) -> Callable[[str], ChangeThresholds]:
        """`of` for one metric, as cheap as can be where there are no rules."""
        if not self._general.rules:
            general = self._general
            return lambda _: general
        return lambda subject: self.of(subject, metric)

    def loosest(self) -> ChangeThresholds:
        """Thresholds under which nobody's lie: what is under these need not be looked at."""
        general = self._general
        shares = [each.warning for each in general.rules if each.warning is not None]
        floors = [each.min_change_ns for each in general.rules if each.min_change_ns is not None]
        return general._replace(
            warning=min([general.warning, *shares]), min_change_ns=min([general.min_change_ns, *floors])
        )

    def _fits(self, rule: ThresholdRule, subject: str, metric: Metric) -> bool:
        if rule.metrics:
            if metric.name not in rule.metrics:
                return False
        elif metric.name in _SUMS:
            return False
        if rule.categories and self._category_of.get(subject) not in rule.categories:
            return False
        return not rule.tests or any(_compiled(pattern).fullmatch(subject) for pattern in rule.tests)


def limits_for(thresholds: ChangeThresholds, judged: Sequence[RunSamples]) -> Limits:
    """The limits of the tests of `judged`, which know their categories."""
    if not thresholds.rules:
        return Limits(thresholds, {})
    return Limits(
        thresholds,
        {
            subject: category
            for run in judged
            for subject, category in zip(run.subjects, run.categories, strict=bool(run.categories))
        },
    )


def _with(limits: ChangeThresholds, rule: ThresholdRule, *, is_sum: bool) -> ChangeThresholds:
    names = ("suite_warning", "suite_critical") if is_sum else ("warning", "critical")
    changes = dict(
        zip((*names, "min_change_ns"), (rule.warning, rule.critical, rule.min_change_ns), strict=True)
    )
    return limits._replace(**{name: value for name, value in changes.items() if value is not None})


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """`*` fits any text; what fits a folder, file, class or test with parameters fits all in it."""
    text = re.escape(pattern.rstrip("/")).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(rf"(?s:{text}(?:(?:/|::|\[).*)?)")
