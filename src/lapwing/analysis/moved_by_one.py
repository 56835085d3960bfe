"""Sums that one test alone moved: they say no more than that test does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from lapwing.analysis.gates import CHANGED
from lapwing.analysis.limits import Limits
from lapwing.analysis.untold import untold
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.metric import WALL, metric_named

_MOST_OF_IT: Final = 0.5  # of the change of a sum, from which a test is what moved it


def as_their_tests(
    sums: Sequence[Comparison],
    tests: Sequence[Comparison],
    group_of: Mapping[str, Callable[[str], str | None]],
    limits: Limits,
) -> tuple[Comparison, ...]:
    """`sums` without those called for one test that by itself is not called.

    A test among hundreds must be surer than one sum of three to be no chance: a category that holds one test
    would be told where the test is not. `tests` are the comparisons of tests; `group_of` has, by the metric
    of a sum, how its group is found from a test. A sum stays called where its other tests are over its
    threshold without that one, and where the change of that one is under its own threshold, which is
    larger than that of sums.
    """
    walls = [each for each in tests if each.metric == WALL.name and each.ratio > 0]

    def settled(each: Comparison) -> Comparison:
        if each.verdict not in CHANGED or each.metric not in group_of:
            return each
        of = group_of[each.metric]
        one = _mover([test for test in walls if of(test.nodeid) == each.nodeid], each, limits)
        if one is None:
            return each
        word = "slower" if each.verdict is ChangeVerdict.REGRESSED else "faster"
        return untold(each, f"only {one.nodeid} moved, and by itself it is not called {word}")

    return tuple(map(settled, sums))


def _mover(members: Sequence[Comparison], whole: Comparison, limits: Limits) -> Comparison | None:
    """The one of `members` that makes up the change of `whole` without being called, if there is one."""
    sign = 1 if whole.verdict is ChangeVerdict.REGRESSED else -1
    rises = [sign * (each.after - each.after / each.ratio) for each in members]
    if not members or max(rises) < _MOST_OF_IT * sum(rises):
        return None
    one = members[rises.index(max(rises))]
    own = limits.of(one.nodeid, WALL)
    if one.verdict is whole.verdict or not _is_over(one.ratio, sign, own.warning):
        return None
    rest = [each for each in members if each is not one]
    before = sum([each.after / each.ratio for each in rest])
    of_sums = limits.of(whole.nodeid, metric_named(whole.metric))
    if before and _is_over(sum([each.after for each in rest]) / before, sign, of_sums.suite_warning):
        return None
    return one


def _is_over(ratio: float, sign: int, threshold: float) -> bool:
    return ratio**sign > 1 + threshold
