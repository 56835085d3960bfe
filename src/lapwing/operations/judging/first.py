"""Changes of tests that paid for others on one side only, as the first of a worker or a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from lapwing.config.settings import Settings
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, worst_verdict
from lapwing.model.fixture_subject import fixture_subject
from lapwing.model.metric import COUNTER_PREFIX, CPU, WALL
from lapwing.model.series import RunSamples
from lapwing.operations.judged_side import Side
from lapwing.store.protocol import OneTest, Store

_MOST_TESTS: Final = 50  # whose fixtures are read: every one costs a look into several runs
_MOST_RUNS: Final = 5
_NARROW: Final = "function"
_CHANGED: Final = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)


class ComesFirst:
    """What is known of the order and the fixtures of the runs of both sides."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        before: Side,
        judged: Side,
        early: Sequence[RunSamples],
        late: Sequence[RunSamples],
    ) -> None:
        self._settings, self._store = settings, store
        self._before, self._judged = before, judged
        self._early, self._late = early, late

    def settle(self, judgment: RunComparison) -> RunComparison:
        """`judgment` with what others would have paid for out of its changes, except for tests run again."""
        changed = [each for each in judgment.comparisons if each.verdict in _CHANGED]
        # What ran again ran behind others: its change is its own.
        again = {each.nodeid for each in changed if each.judged_runs > len(self._late)}
        nodeids = list(dict.fromkeys(each.nodeid for each in changed if each.nodeid not in again))
        if not nodeids:
            return judgment
        rises = {
            each.nodeid: each.after - each.before
            for each in judgment.comparisons
            if each.metric == WALL.name and each.nodeid in set(nodeids)
        }
        paid = self._paid_for_others(nodeids[:_MOST_TESTS], rises)
        first = self._first_for_once(nodeids)
        from lapwing.analysis.limits import limits_for
        from lapwing.analysis.ran_first import paid_for_others

        limits = limits_for(self._settings.change_thresholds, self._late)

        def settled(comparison: Comparison) -> Comparison:
            nodeid = comparison.nodeid
            if comparison.metric in (WALL.name, CPU.name) and nodeid in paid:
                thresholds = limits.of(nodeid, WALL)
                told = paid_for_others(comparison, rises[nodeid], paid[nodeid], thresholds)
                if told is not comparison:
                    return told
            return first(comparison)

        return _with(judgment, settled, set(nodeids))

    def settle_counts(self, judgment: RunComparison) -> RunComparison:
        """The same for what probes counted: files that the first import opens, and their like."""
        counted = {
            each.nodeid
            for each in judgment.comparisons
            if each.verdict in _CHANGED and each.metric.startswith(COUNTER_PREFIX)
        }
        if not counted:
            return judgment
        first = self._first_for_once(counted)
        return _with(
            judgment,
            lambda each: first(each) if each.metric.startswith(COUNTER_PREFIX) else each,
            counted,
        )

    def _first_for_once(self, nodeids: Iterable[str]) -> Callable[[Comparison], Comparison]:
        from lapwing.analysis.ran_first import first_for_once, turns

        wanted = set(nodeids)
        before = [turns(run, wanted) for run in self._early]
        after = [turns(run, wanted) for run in self._late]
        return lambda comparison: first_for_once(comparison, before, after)

    def _paid_for_others(self, nodeids: Sequence[str], rises: Mapping[str, float]) -> dict[str, int]:
        """By how much longer (or shorter) each test had fixtures of wider scope in hand, in nanoseconds.

        What such a fixture is new or slower by is left out: that is nobody else's.
        """
        from lapwing.analysis.counted import least_gap
        from lapwing.analysis.ran_first import fixtures_own_ns

        before, judged = self._before.run_ids[:_MOST_RUNS], self._judged.run_ids
        if not before or not judged:
            return {}
        paid: dict[str, int] = {}
        set_ups: dict[bool, Mapping[str, Sequence[int]]] = {}  # of the side that others had set up on
        for nodeid in nodeids:
            early, late = (
                [self._store.one_test(run_id, nodeid) for run_id in side] for side in (before, judged)
            )
            took = [[_shared_ns(each) for each in side if each.attempts] for side in (early, late)]
            gap = least_gap(*took) if all(took) else 0
            if gap and nodeid in rises:
                first, others = (late, before) if gap > 0 else (early, judged)
                if (gap > 0) not in set_ups:
                    set_ups[gap > 0] = self._set_ups(others)
                own = fixtures_own_ns(_set_up_by(first), set_ups[gap > 0])
                paid[nodeid] = max(gap - own, 0) if gap > 0 else min(gap + own, 0)
        return paid

    def _set_ups(self, run_ids: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """By fixture what each set-up in these runs took, in nanoseconds."""
        known: dict[str, list[int]] = {}
        for run in self._store.fixture_samples(list(run_ids)):
            for name, wall_ns in zip(run.subjects, run.wall_ns, strict=True):
                known.setdefault(name, []).append(wall_ns)
        return known


def _set_up_by(tests: Sequence[OneTest]) -> Mapping[str, Sequence[int]]:
    """By fixture of wider scope what each of its set-ups for `tests` took, in nanoseconds."""
    took: dict[str, list[int]] = {}
    for each in tests:
        for fixture in each.fixtures:
            if fixture.scope != _NARROW:
                name = fixture_subject(fixture.name, fixture.location)
                took.setdefault(name, []).append(fixture.setup_ns)
    return took


def _shared_ns(found: OneTest) -> int:
    return found.attempts[-1].shared_fixture_ns


def _with(
    judgment: RunComparison, settled: Callable[[Comparison], Comparison], nodeids: set[str]
) -> RunComparison:
    """`judgment` with its changes of `nodeids` as `settled` tells them, and the verdict that they leave."""
    comparisons = tuple(
        settled(each) if each.verdict in _CHANGED and each.nodeid in nodeids else each
        for each in judgment.comparisons
    )
    if comparisons == judgment.comparisons:
        return judgment
    verdicts = [each.verdict for each in comparisons if not each.metric.startswith(COUNTER_PREFIX)]
    if judgment.reason:  # of the run as a whole: nothing better can be told of it
        verdicts.append(ChangeVerdict.CANNOT_TELL)
    return judgment._replace(comparisons=comparisons, verdict=worst_verdict(verdicts))
