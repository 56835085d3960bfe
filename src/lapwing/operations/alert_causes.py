"""One alert per cause: a sum that is slower because of tests that are told themselves is not told, too."""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.baseline_entries import group_name
from lapwing.model.gate import Breach, Guard
from lapwing.model.metric import Unit

_MOST: Final = 0.8
"""Share of its rise that such tests must make up: the rest is noise of the others."""


def causes_of(breaches: Sequence[Breach], category_of: Mapping[str, str]) -> list[Breach]:
    """`breaches` but for those of suite, folders and categories that follow from slower tests among them.

    `category_of` gives the categories of tests by their node ids.
    """
    slower = [each for each in breaches if _is_slower(each) and "::" in each.subject]
    rises: dict[str, dict[str, float]] = {}  # by sum and test: by whichever clock, it is slower once
    for test in slower:
        nodeid = test.subject
        for name in ("suite", group_name(nodeid), category_of.get(nodeid, "")):
            by_test = rises.setdefault(name, {})
            by_test[nodeid] = max(_rise(test), by_test.get(nodeid, 0.0))
    return [
        each
        for each in breaches
        if not (_is_sum(each) and sum(rises.get(each.subject, {}).values()) >= _MOST * _rise(each))
    ]


def _is_slower(breach: Breach) -> bool:
    return breach.guard is Guard.REGRESSION and breach.unit is Unit.NS and breach.baseline is not None


def _is_sum(breach: Breach) -> bool:
    return _is_slower(breach) and "::" not in breach.subject and breach.origin == "suite_threshold"


def _rise(breach: Breach) -> float:
    assert breach.baseline is not None
    return breach.current - breach.baseline
